"""The program and the platform side by side."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from bot.app import App
from bot.channels.official import NAME
from bot.message import Lane
from bot.settings import Official, Settings
from storage import outbox
from storage.database import Database
from tests.channels.conversation import Shown, running, until
from tests.channels.official.standin import APP, SECRET, WeChat
from tests.channels.otherseal import AES_KEY, TOKEN

HINT = "（回数字就行）"


def settings(
    database: Database, api: str, *, sealed: bool = True, templates: Mapping[str, str] | None = None
) -> Settings:
    """An account's settings, as an operator writes them."""
    return Settings(
        database_url=database.url.render_as_string(hide_password=False),
        official=Official(
            app=APP,
            secret=SecretStr(SECRET),
            token=SecretStr(TOKEN),
            aes_key=SecretStr(AES_KEY if sealed else ""),
            templates=dict(templates or {}),
            api=api,
        ),
    )


@asynccontextmanager
async def together(
    database: Database, wechat: WeChat, *, templates: Mapping[str, str] | None = None
) -> AsyncGenerator[App]:
    """The program on this database, called by this platform."""
    async with running(settings(database, wechat.api, sealed=wechat.sealed, templates=templates)) as (app, address):
        wechat.program = address
        yield app


def play(wechat: WeChat, database: Database, scene: Callable[[App], object], **more: Mapping[str, str]) -> None:
    """One scene of both, from beginning to end."""

    async def whole() -> None:
        async with wechat.open(), together(database, wechat, **more) as app:
            done = scene(app)
            if asyncio.iscoroutine(done):
                await done

    asyncio.run(whole())


def promise(app: App, name: str, text: str, *, lane: Lane = Lane.DUTY, buttons: str = "") -> None:
    """The program has something to tell this follower."""
    row: dict[str, object] = {
        "channel": NAME, "target": name, "private": True, "lane": int(lane), "text": text, "buttons": buttons,
        "due_at": app.clock.now(),
    }  # fmt: skip
    with app.database.transaction() as session:
        outbox.post(session, [row])
    for sender in app.senders:
        sender.wake()


def choices(text: str) -> tuple[str, ...]:
    """The labels of the numbered choices at the end of a message."""
    if not text.endswith(HINT):
        return ()
    labels: list[str] = []
    parts = text.removesuffix(HINT).strip().replace("　", "\n").split("\n")
    for part in reversed(parts):
        number, blank, label = part.partition(" ")
        if not (number.isdecimal() and blank):
            break
        labels.insert(0, label)
        if number == "1":
            break
    return tuple(labels)


@dataclass(frozen=True, slots=True)
class Phone:
    """A follower's phone, as the conversation wants it."""

    wechat: WeChat
    name: str

    async def opens(self) -> None:
        """Follow the account."""
        await self.wechat.does(self.name, "subscribe")

    async def says(self, words: str, *, aloud: bool = False) -> None:
        """There is no group: all is said in private."""
        await self.wechat.says(self.name, words)

    async def sees(self, words: str) -> Shown:
        """The newest message with these words."""

        def look() -> Shown | None:
            for n, text in reversed(list(enumerate(self.wechat.heard_by(self.name)))):
                if words in text:
                    return Shown(str(n), text, choices(text))
            return None

        return await until(look, f"{self.name} sees {words}; saw {self.wechat.heard_by(self.name)}")

    async def taps(self, shown: Shown, label: str) -> None:
        """Send its number."""
        await self.wechat.says(self.name, str(shown.labels.index(label) + 1))
