"""The channel: how words leave for WeChat outside of an answer: as a customer-service message, by a template, or later."""

import asyncio
import logging
import re
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot import settings
from bot.ability import Ability
from bot.channels.base import Ears, Further, at_once
from bot.channels.fitting import fitted
from bot.channels.official import listening, words
from bot.channels.official.asking import BUSY, DAYS_SHARE, SAY, Platform, Refused
from bot.channels.sealed import Seal
from bot.errors import SendError, SetupError
from bot.message import Delivery, Lane
from bot.pace import Limit, Pace

log = logging.getLogger(__name__)

NAME = "wechat"
"""As the workbook calls it, by which people's accounts are known."""
LONGEST_BYTES = 2048
ABLE = Ability(longest=LONGEST_BYTES, counted="bytes", speaks_first=False, answers_in_call=True)
PACE = Pace(app=(Limit(50, 1.0, burst=10),))
"""No rate is published, only 500,000 customer-service messages a day: no broadcast of ours comes near."""
TEMPLATE, SUBSCRIPTION = "/cgi-bin/message/template/send", "/cgi-bin/message/subscribe/bizsend"
MENU, SQUARE = "/cgi-bin/menu/create", "/cgi-bin/qrcode/create"
KEPT = {Lane.NOTICE: 2, Lane.DIGEST: 2}
"""Of the few words in a window so many are kept for what concerns the reader alone."""
SCENE_LETTERS = 64
BEGUN_AT_ONCE = 1000
KNOCK_RESTS_S = 3600.0
"""Somebody who was told that words wait is not told so again for a while."""
FAREWELL_S = 5.0
ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-�\U00010000-\U0010ffff]")
"""What no XML may hold."""
LINK = re.compile(r"<(?=/?a\b)", re.IGNORECASE)
"""WeChat would show a link of somebody's making under the account's name."""


class Official:
    """One account."""

    name = NAME
    pace = PACE
    able = ABLE
    path = listening.PATH

    def __init__(self, of: settings.Official, hint: str, path: Path, zone: ZoneInfo) -> None:
        self.words = words.load(path)
        self.hint = hint
        aes_key = of.aes_key.get_secret_value()
        self.seal = Seal(of.token.get_secret_value(), aes_key, of.app)
        self.is_sealed = bool(aes_key)
        self._zone = zone
        self._templates = _templates(of, self.words)
        self._platform = Platform(of)
        self._ears: Ears | None = None
        self._flights = 0
        self._landed = asyncio.Event()
        self._landed.set()
        self._begun: OrderedDict[int, int] = OrderedDict()
        """Of long messages that broke off: how many of their pieces were said."""
        self._knocked: OrderedDict[str, float] = OrderedDict()

    def routes(self, ears: Ears) -> Sequence[web.RouteDef]:
        """Where the platform calls."""
        self._ears = ears
        return listening.routes(self, ears)

    @property
    def api(self) -> str:
        """Where the platform is."""
        return self._platform.api

    async def probe(self) -> str:
        """Whether the account, its secret and this machine's address are accepted, and it may speak of its own accord."""
        try:
            await self._platform.probe()
        except SendError as failure:
            return failure.says
        finally:
            await self._platform.close()
        return ""

    def question(self, words: str) -> Mapping[str, str]:
        """What the platform asks of our address; in either mode the words are not sealed."""
        return self.seal.question(words, sealed=False)

    def trouble(self) -> tuple[str, Mapping[str, object]] | None:
        """What an operator has to mend, as the platform said it last."""
        return self._platform.trouble or self.seal.trouble

    async def run(self, ears: Ears) -> None:
        """There is nothing to ask for; at the end the line to the platform is let go, after the last words on it."""
        self._ears = ears
        try:
            await asyncio.Event().wait()
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_S):
                    await self._landed.wait()
            await self._platform.close()

    def parts(self, delivery: Delivery) -> int:
        """How many customer-service messages are still to leave."""
        return max(1, len(fitted(delivery, ABLE, self.hint)) - self._begun.get(delivery.id, 0))

    async def send(self, delivery: Delivery, further: Further = at_once) -> str:
        """Say it while its reader's window is open; else knock, and leave it for their next word."""
        ears = self._heard_by()
        async with self._flight():
            if await self._said(ears, delivery, further):
                return f"kf {delivery.id}"
            if await self._told_by_template(ears, delivery):
                return f"template {delivery.id}"
            if await self._spoke_meanwhile(ears, delivery):
                raise SendError("its reader has just spoken")
        raise SendError("waits for its reader's next word", later=True)

    async def close(self) -> None:
        """Nothing more is asked."""
        await self._platform.close()

    async def put_menu(self, ears: Ears) -> None:
        """Let the account's menu be the one in templates/channels/official.toml. Raises SendError."""
        await self._platform.ask(ears, MENU, words.menu(self.words.menu))

    async def square(self, ears: Ears, code: str) -> str:
        """What a printed square holds, for good, so that scanning it follows the account and says this code.

        At most 100,000 of them for an account. Raises SendError.
        """
        if not 0 < len(code) <= SCENE_LETTERS:
            raise ValueError(f"a scene has 1 to {SCENE_LETTERS} letters")
        scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": code}}}
        return (await self._platform.ask(ears, SQUARE, scene)).url

    def answer(self, deliveries: Sequence[Delivery]) -> str:
        """All of them in one text, in the order in which they were taken."""
        texts = [piece.text for one in deliveries for piece in fitted(one, ABLE, self.hint)]
        return clean("\n\n".join(texts))

    async def _said(self, ears: Ears, delivery: Delivery, further: Further) -> bool:
        """Whether all of it was said as customer-service messages."""
        pieces, before = fitted(delivery, ABLE, self.hint), self._begun.get(delivery.id, 0)
        for n, piece in enumerate(pieces[before:], before + 1):
            if n > before + 1:
                await further()
            if not await self._say(ears, piece):
                return False
            if len(pieces) > 1 and delivery.id:
                self._begun[delivery.id] = n
                while len(self._begun) > BEGUN_AT_ONCE:
                    self._begun.popitem(last=False)
        self._begun.pop(delivery.id, None)
        return True

    async def _say(self, ears: Ears, piece: Delivery) -> bool:
        """Whether there was room in a window for it; what the platform says of that is the truth."""
        target = piece.address.target
        try:
            window = await ears.spent(NAME, target, kept=KEPT.get(piece.lane, 0))
        except SQLAlchemyError:
            if piece.lane is not Lane.EMERGENCY:
                raise
            window = ""  # advice in danger is tried all the same
        if window is None:
            return False
        message = {"touser": target, "msgtype": "text", "text": {"content": clean(piece.text)}}
        try:
            await self._platform.ask(ears, SAY, message)
        except Refused as refusal:
            if refusal.shut:
                await ears.closed(NAME, target)
                return False
            await self._give_back(ears, target, window)
            raise
        except SendError:
            await self._give_back(ears, target, window)
            raise
        return True

    async def _give_back(self, ears: Ears, target: str, window: str) -> None:
        if window:
            await ears.given_back(NAME, target, window)

    async def _spoke_meanwhile(self, ears: Ears, delivery: Delivery) -> bool:
        """Whether a window was opened while we looked for another way."""
        target = delivery.address.target
        window = await ears.spent(NAME, target, kept=KEPT.get(delivery.lane, 0))
        await self._give_back(ears, target, window or "")
        return window is not None

    async def _told_by_template(self, ears: Ears, delivery: Delivery) -> bool:
        """Whether a template message holds all of it; where it does not, it only tells that words wait."""
        name = delivery.lane.name.lower()
        if name not in self._templates:
            return False
        number, template = self._templates[name]
        target, now_s = delivery.address.target, time.monotonic()
        data, whole = template.filled(clean(delivery.text), ears.now().astimezone(self._zone))
        whole = whole and not delivery.buttons
        if not whole and delivery.lane is not Lane.EMERGENCY and now_s < self._knocked.get(target, 0.0):
            return False
        message: dict[str, object] = {"touser": target, "template_id": number, "data": data}
        if template.way == "template":
            message |= {"client_msg_id": f"xiaoge-{delivery.id}"} | ({"url": template.url} if template.url else {})
        elif template.page:
            message["page"] = template.page
        try:
            await self._platform.ask(ears, TEMPLATE if template.way == "template" else SUBSCRIPTION, message)
        except Refused as refusal:
            if refusal.gone or refusal.code == BUSY or (refusal.everyone and refusal.code != DAYS_SHARE):
                raise
            log.warning("a template message was refused", extra={"lane": name, "code": refusal.code})
            return False
        if not whole:
            self._knocked[target] = now_s + KNOCK_RESTS_S
            self._knocked.move_to_end(target)
            while len(self._knocked) > BEGUN_AT_ONCE:
                self._knocked.popitem(last=False)
        return whole

    def _heard_by(self) -> Ears:
        if self._ears is None:
            raise SendError("the channel is not open yet")
        return self._ears

    @asynccontextmanager
    async def _flight(self) -> AsyncGenerator[None]:
        self._flights += 1
        self._landed.clear()
        try:
            yield
        finally:
            self._flights -= 1
            if not self._flights:
                self._landed.set()


def clean(text: str) -> str:
    """The words, without what would make the message unreadable, or a link of somebody's under the account's name."""
    return LINK.sub("[", ILLEGAL.sub("", text))


def _templates(of: settings.Official, found: words.Words) -> dict[str, tuple[str, words.Template]]:
    """The platform's template id, and what its fields say, by lane."""
    lanes: dict[str, words.Template] = {str(lane): template for lane, template in found.lanes.items()}
    if unknown := sorted(set(of.templates) - set(lanes)):
        raise SetupError(
            f"official.templates names {', '.join(unknown)}; templates/channels/official.toml has {', '.join(lanes)}"
        )
    return {lane: (number, lanes[lane]) for lane, number in of.templates.items() if number}
