"""The channel: how words leave for Telegram."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramMigrateToChat
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from aiohttp import web

from bot import settings
from bot.ability import Ability
from bot.channels.base import Ears, Finding, Further, at_once
from bot.channels.fitting import fitted
from bot.channels.telegram import checking, listening, words
from bot.channels.telegram.failing import NO_TOPIC, NOT_CHANGED, REFUSED, Failures, concerns
from bot.channels.telegram.hearing import HELLO, IN_A_NAME, Hearing
from bot.channels.telegram.signing import LONGEST_PRESS, Presses
from bot.errors import SendError
from bot.message import Delivery
from bot.pace import Limit, Pace

NAME = "telegram"
ABLE = Ability(buttons=20, press_bytes=LONGEST_PRESS, edits=True, quotes=True, longest=4096 // 2, speaks_first=False)
"""4096 characters, of which one that UTF-16 writes as a pair counts as two."""
PACE = Pace(app=(Limit(25, 1.0, burst=3),), group=(Limit(20, 60.0, burst=5),), private=(Limit(1, 1.2),))
"""Its documents say: 30 a second in all, 20 a minute in a group, one a second in a chat. Less than that in a second: on
their way, by connections of their own, words that left evenly arrive in heaps."""
BUTTONS_IN_A_ROW = 3
LONG_LABEL = 6
CALL_S = 15.0
"""Less than the sender waits: so it is known what failed."""
LAST_FLIGHTS_S = 5.0
ITSELF_S = 0.05


class _Message(msgspec.Struct, frozen=True):
    message_id: int


class _Answer(msgspec.Struct, frozen=True):
    """An answer of which the library could not read the rest."""

    ok: bool
    result: _Message | bool


class Telegram:
    """One bot on Telegram."""

    name = NAME
    pace = PACE
    able = ABLE
    edits = True

    def __init__(self, of: settings.Telegram, hint: str, own_words: Path) -> None:
        self.words = words.load(own_words)
        self._settings = of
        self._hint = hint
        self._token = of.token.get_secret_value()
        self._bot: Bot | None = None
        self._ears: Ears | None = None
        self._failures = Failures()
        self.patience_s = CALL_S
        self.refused = False
        """The token was not accepted when it was last used."""
        self.twice = False
        """Somebody else asks for the same updates."""
        self.reads_all: bool | None = None
        """Whether it hears what is said in groups; None until that is known."""
        self._calls = 0
        """On their way now."""
        self.presses = Presses(self._token)
        self.hearing = Hearing(NAME, self._token.partition(":")[0], self.presses, self.words)
        self.hearing.name = of.name.removeprefix("@")

    @property
    def invite(self) -> str:
        """The link by which people begin a private chat; empty until the bot's name is known."""
        return f"https://t.me/{self.hearing.name}?start={HELLO}" if self.hearing.name else ""

    @property
    def bot(self) -> Bot:
        """The client; made within the loop that it lives in."""
        if self._bot is None:
            server = TelegramAPIServer.from_base(self._settings.api)
            self._bot = Bot(self._token, session=AiohttpSession(api=server, timeout=self.patience_s))
        return self._bot

    def trouble(self) -> tuple[str, Mapping[str, object]] | None:
        """What an operator has to mend."""
        if self.refused:
            return "channels/telegram_token", {}
        if self.twice:
            return "channels/telegram_twice", {}
        return ("channels/telegram_privacy", {}) if self.reads_all is False else None

    async def check(self) -> Sequence[Finding]:
        """How it is set up on Telegram's side."""
        try:
            return await checking.check(self.bot, self._settings, self.words)
        finally:
            if self._ears is None:  # asked by a command: nobody else needs the client
                await self.close()

    def parts(self, delivery: Delivery) -> int:
        """How many messages it is."""
        return len(fitted(delivery, ABLE, self._hint))

    async def send(self, delivery: Delivery, further: Further = at_once) -> str:
        """Say it, in several messages where it is too long; the id of the last."""
        if delivery.address.target.startswith(IN_A_NAME):
            raise SendError("who speaks as a group or a channel has no private chat", later=True)
        pieces = fitted(delivery, ABLE, self._hint)
        said = 0
        for n, piece in enumerate(pieces):
            if n:
                await further()
            said = await self._say(piece, None if n else piece.quote)
        return str(said)

    async def edit(self, platform_id: str, delivery: Delivery) -> str:
        """Say it in place of that message; where it is too long for one, or that one is gone, the error is final."""
        pieces = fitted(delivery, ABLE, self._hint)
        if len(pieces) > 1 or not platform_id.isdecimal():
            raise SendError("too long for one message", final=True)
        target, only = delivery.address.target, pieces[0]
        async with self._calling(target):
            try:
                await self.bot.edit_message_text(
                    only.text, chat_id=target, message_id=int(platform_id), reply_markup=self._keyboard(only)
                )
            except AiogramError as fault:
                if not concerns(fault, NOT_CHANGED) and _done_all_the_same(fault) is None:
                    raise
        return platform_id

    def routes(self, ears: Ears) -> Sequence[web.RouteDef]:
        """The web hook, where a secret is set."""
        self._ears = ears
        return listening.routes(self, self._settings, ears)

    async def run(self, ears: Ears) -> None:
        """Long polling, where no secret is set; the client lives until this ends and the last calls have landed."""
        self._ears = ears
        try:
            await listening.run(self, self._settings, ears)
        finally:
            for _ in range(int(LAST_FLIGHTS_S / ITSELF_S)):
                if not self._calls:
                    break
                await asyncio.sleep(ITSELF_S)
            await self.close()

    async def close(self) -> None:
        """Nothing more is asked."""
        if self._bot is not None:
            await self._bot.session.close()
            self._bot = None

    async def _say(self, delivery: Delivery, quote: str | None) -> int:
        target = delivery.address.target
        answers, _, topic = (quote or "").partition(" ")
        said = 0
        async with self._calling(target):
            try:
                said = await self._send(delivery, answers, topic)
            except AiogramError as fault:
                if not topic or not concerns(fault, *NO_TOPIC):
                    raise
                said = await self._send(delivery, "", "")
        return said

    async def _send(self, delivery: Delivery, answers: str, topic: str) -> int:
        try:
            message = await self.bot.send_message(
                delivery.address.target,
                delivery.text,
                message_thread_id=int(topic) if topic else None,
                reply_markup=self._keyboard(delivery),
                reply_parameters=ReplyParameters(message_id=int(answers), allow_sending_without_reply=True)
                if answers
                else None,
            )
        except ClientDecodeError as fault:
            if isinstance(done := _done_all_the_same(fault), _Message):
                return done.message_id
            raise
        return message.message_id

    @asynccontextmanager
    async def _calling(self, target: str) -> AsyncGenerator[None]:
        """A call about this target: its failure becomes a SendError, and a group that has moved is known as moved."""
        self._calls += 1
        try:
            yield
            self.refused = False
        except TelegramMigrateToChat as fault:
            if self._ears is not None:
                await self._ears.moved(NAME, target, str(fault.migrate_to_chat_id))
            raise SendError("the group has another id now") from fault
        except (AiogramError, OSError) as fault:
            self.refused = isinstance(fault, REFUSED)
            raise self._failures.told(fault, target) from fault
        finally:
            self._calls -= 1

    def _keyboard(self, delivery: Delivery) -> InlineKeyboardMarkup | None:
        if not delivery.buttons:
            return None
        buttons = [
            InlineKeyboardButton(text=label, callback_data=self.presses.signed(press, delivery.address.target))
            for label, press in delivery.buttons
        ]
        row = 1 if any(len(button.text) > LONG_LABEL for button in buttons) else BUTTONS_IN_A_ROW
        return InlineKeyboardMarkup(inline_keyboard=[buttons[at : at + row] for at in range(0, len(buttons), row)])


def _done_all_the_same(fault: AiogramError) -> _Message | bool | None:
    """What an answer says that the library could not read whole: said is said, and is not to be said again."""
    if not isinstance(fault, ClientDecodeError):
        return None
    try:
        answer = msgspec.convert(fault.data, _Answer)
    except msgspec.ValidationError:
        return None
    return answer.result if answer.ok else None
