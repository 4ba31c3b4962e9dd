"""The channel: how words leave for an aibot's readers, in the answer to a call, on the line, or once by an address."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import msgspec
from aiohttp import web

from bot import settings
from bot.ability import Ability
from bot.channels.aibot import calling, checking, wording
from bot.channels.aibot.addresses import Addresses
from bot.channels.aibot.answering import Said
from bot.channels.aibot.hearing import Heard, Hearing
from bot.channels.aibot.line import Line
from bot.channels.aibot.wording import Body
from bot.channels.base import Ears, Finding, Further, at_once
from bot.channels.fitting import fitted, numbered, parted
from bot.channels.sealed import Seal
from bot.channels.wecom import cards
from bot.channels.wecom.failures import Refused
from bot.channels.wecom.memory import Memory, Tries, Try
from bot.errors import CatalogError, SendError
from bot.message import Delivery, Incoming
from bot.pace import Limit, Pace

NAME = "aibot"
ABLE = Ability(
    buttons=cards.BUTTONS,
    press_bytes=cards.KEY_BYTES,
    quotes=True,
    longest=wording.LONGEST_BYTES - 480,
    counted="bytes",
    speaks_first=False,
    answers_in_call=True,
)
"""A little less than its documents' 20,480 bytes: what markdown would misread is set apart by blanks. Only where it was
talked to may it speak, on the line at any time, else in the answer to a call or once in the hour after it."""
PACE = Pace(
    private=(Limit(28, 60.0, burst=8), Limit(990, 3600.0, burst=60)),
    group=(Limit(28, 60.0, burst=8), Limit(990, 3600.0, burst=60)),
)
"""30 a minute and 1,000 an hour for each chat."""
REPLY_LASTS = timedelta(minutes=58)
"""An hour, and a little less: so long one later word may be said by a call's own address."""
BUSY, BUSY_S = 45009, 60.0


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the channel itself says."""

    called: str
    """What people call the bot."""
    link: str
    """Where a card leads that nobody can tap any more."""
    in_group: str
    """Ends numbered choices in a group, where only what mentions the bot is heard."""
    checks: Mapping[str, checking.Row]


class Aibot:
    """One bot."""

    name = NAME
    pace = PACE
    able = ABLE
    path = calling.PATH

    def __init__(self, of: settings.Aibot, hint: str, words: Path, address: str) -> None:
        self.words = _words(words)
        self.hearing = Hearing(NAME, of.name, self.words.called)
        token, aes_key = of.token.get_secret_value(), of.aes_key.get_secret_value()
        self.seal = Seal(token, aes_key, "") if token else None
        self.line = Line(of) if of.bot else None
        self._of = of
        self._hint = hint
        self._address = address
        self._link = address if address.startswith("https://") else self.words.link
        self._addresses = Addresses()
        self._ears: Ears | None = None
        self._run = token_hex(4)
        """Names of cards are unique for the bot, and the same at every try of this run."""
        self._tries = Tries()
        self._numbered: Memory[str, tuple[tuple[str, str], ...]] = Memory()
        """By conversation, the buttons of its last words, where they were said as numbers for want of a card."""

    def question(self, words: str) -> Mapping[str, str] | None:
        """What the platform asks of our address, where it calls there."""
        return self.seal.question(words) if self.seal is not None else None

    def trouble(self) -> tuple[str, Mapping[str, object]] | None:
        """What keeps the line, or calls, from working, as /health says it."""
        return (self.line.trouble if self.line else None) or (self.seal.trouble if self.seal else None)

    async def check(self) -> Sequence[Finding]:
        """How it is set up; the line is not taken from a program that holds it."""
        return await checking.look(self._of, self.words.checks, self._address, calling.PATH)

    def routes(self, ears: Ears) -> Sequence[web.RouteDef]:
        """Where the platform proves the address, and calls; nowhere without a callback's key."""
        self._ears = ears
        return calling.routes(self, self.seal, ears) if self.seal is not None else []

    async def run(self, ears: Ears) -> None:
        """Hold the line, where there is one; at the end let go of what is open, after the last words on it."""
        self._ears = ears
        try:
            if self.line is not None:
                await self.line.run(self, ears)
            await asyncio.Event().wait()
        finally:
            await self._addresses.close()

    async def reply(self, heard: Heard, ears: Ears) -> Said:
        """Once everything it says is durable: the answer."""
        if not heard.happened:
            return Said()
        *before, last = map(self.meant, heard.happened)
        for one in before:
            await ears.heard(one)
        target = last.address.target
        if heard.reply_url and self.line is None:
            url = heard.reply_url
            await ears.granted(NAME, target, url, most=1, until=last.at + REPLY_LASTS, call=url)
        words = await ears.answered(last, ABLE.longest - len(self._hint.encode()) - 1, told=True)
        return self._answer(heard, last, words) if words else Said()

    def meant(self, incoming: Incoming) -> Incoming:
        """A digit is the tap on one of the last words' choices, where those were said as numbers for want of a card."""
        if incoming.happening != "text" or incoming.quoted:
            return incoming
        digit = incoming.text.removeprefix(f"@{self.words.called}").strip()
        buttons = self._numbered.get(incoming.line) or ()
        if len(digit) != 1 or not digit.isascii() or not digit.isdecimal() or not 1 <= int(digit) <= len(buttons):
            return incoming
        return replace(incoming, happening="press", text=buttons[int(digit) - 1][1])

    def parts(self, delivery: Delivery) -> int:
        """How many messages are still to leave."""
        return max(1, len(self._messages(delivery)[0]) - self._tries.begun(delivery).said)

    async def send(self, delivery: Delivery, further: Further = at_once) -> str:
        """Say it on the line; without one by the address of a call that is not spent, else it waits for the next call."""
        messages, numbers = self._messages(delivery)
        if numbers:
            self._numbered.keep(delivery.address.line, numbers)
        else:
            self._numbered.forget(delivery.address.line)
        came = self._tries.begun(delivery)
        for n, message in enumerate(messages[came.said :]):
            if n:
                await further()
            self._tries.ended(delivery, came)
            await (self._on_line(self.line, delivery, message) if self.line else self._by_address(delivery, message))
            came = Try(came.said + 1)
        self._tries.ended(delivery, None)
        return f"said {delivery.id}"

    async def _on_line(self, line: Line, delivery: Delivery, message: Body) -> None:
        try:
            await line.push(delivery.address, message)
        except Refused as refusal:
            if refusal.code != BUSY:
                raise
            raise SendError(refusal.says, retry_after_s=BUSY_S) from refusal  # this chat's limit, nobody else's

    async def _by_address(self, delivery: Delivery, message: Body) -> None:
        if self._ears is None:
            raise SendError("the channel is not open yet", everyone=True)
        await self._addresses.say(self._ears, NAME, delivery, message)

    def _messages(self, delivery: Delivery) -> tuple[list[Body], tuple[tuple[str, str], ...]]:
        """Texts, and the card that ends them; where there can be none, numbered choices, and what they stand for."""
        name, by_card = f"x{delivery.id}-{self._run}", self.line is not None or delivery.address.private
        if by_card and wording.fits(delivery):
            return [wording.template(delivery.text, delivery.buttons, name)], ()
        pieces = fitted(delivery, ABLE, self._hint)
        said, last = [wording.markdown(piece.text) for piece in pieces], pieces[-1].buttons
        if not last:
            return said, ()
        if self.line is not None:
            return [*said, wording.template(cards.head(delivery.text, wording.SIZE), last, name)], ()
        hint = self._hint if delivery.address.private else self.words.in_group
        choices = parted(f"{delivery.text}\n{numbered(last, hint)}", ABLE)
        return [wording.markdown(piece) for piece in choices], last

    def _answer(self, heard: Heard, incoming: Incoming, deliveries: Sequence[Delivery]) -> Said:
        """All of them in one answer, in the order in which they were taken; a card for what can be tapped ends it."""
        self._numbered.forget(incoming.line)
        pieces = [piece for one in deliveries for piece in fitted(one, ABLE, self._hint)]
        words, buttons = "\n\n".join(piece.text for piece in pieces), pieces[-1].buttons
        whole = replace(pieces[-1], text=words)
        if heard.kind == "click":
            shown = wording.cut(words)
            whose = incoming.sender if incoming.chat is not None else ""
            body = wording.update(shown, buttons, heard.task, whose=whose, link=self._link)
            return Said(body, whole=shown == words)
        if wording.fits(whole):
            return Said(wording.template(words, buttons, wording.task(incoming.key)), whole=True)
        if heard.kind == "welcome":
            if buttons:
                self._numbered.keep(incoming.line, buttons)
            return Said(wording.welcome(f"{words}\n{numbered(buttons, self._hint)}" if buttons else words), whole=True)
        if not buttons:
            return Said(wording.stream(incoming.key, words), whole=True)
        if self.line is None:
            return Said(wording.stream_and_card(incoming.key, words, buttons), whole=True)
        card = wording.template(cards.head(words, wording.SIZE), buttons, wording.task(incoming.key))
        return Said(wording.stream(incoming.key, words), whole=True, card=card)


def _words(path: Path) -> Words:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Words)
    except (OSError, msgspec.DecodeError) as fault:
        raise CatalogError(f"{path}: {fault}") from fault
