"""The channel: how words leave for WeCom, and how calls of the platform come in."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import msgspec
from aiohttp import web

from bot import settings
from bot.ability import Ability
from bot.channels.base import Ears, Further, at_once
from bot.channels.fitting import fitted, parted
from bot.channels.sealed import Seal, body_of, hook, parts_of
from bot.channels.wecom import cards, looking
from bot.channels.wecom.api import Answer, Api
from bot.channels.wecom.customers import Customers
from bot.channels.wecom.failures import Refused, Unanswered
from bot.channels.wecom.groups import Groups
from bot.channels.wecom.hearing import read
from bot.channels.wecom.memory import Memory, Tries, Try
from bot.errors import CatalogError, SendError
from bot.message import Address, Delivery
from bot.pace import Limit, Pace

NAME = "wecom"
PATH = "/hooks/wecom"
ABLE = Ability(
    buttons=cards.BUTTONS, press_bytes=cards.KEY_BYTES, edits=True, quotes=False, longest=2048, counted="bytes"
)
PACE = Pace(
    app=(Limit(10_000, 60.0, burst=100), Limit(150_000, 3600.0, burst=5_000)),
    private=(Limit(28, 60.0, burst=8), Limit(990, 3600.0, burst=60)),
    group=(Limit(20, 60.0, burst=3),),
)
"""As its documents say: calls of one kind 10,000 a minute and 150,000 an hour; a member 30 a minute and 1,000 an hour
(what is more is dropped in silence: hence a little less); a group's robot 20 a minute."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the channel itself says."""

    below: str
    """On the greyed button of a card whose news follows below it."""
    in_group: str
    """Below words with buttons in a group, where nobody can be heard."""
    hello: str
    """The first words in a group that the app has made."""


class WeCom:
    """One app in one corp."""

    name = NAME
    pace = PACE
    able = ABLE
    edits = True
    path = PATH

    def __init__(self, of: settings.WeCom, hint: str, words: Path) -> None:
        self._of = of
        self._hint = hint
        self._words = _words(words)
        self._seal = Seal(of.token.get_secret_value(), of.aes_key.get_secret_value(), of.corp)
        self._api = Api(of)
        self._run = token_hex(4)
        """Names of cards are unique in the app, and the same at every try of this run."""
        self._clicked: Memory[str, str] = Memory()
        """Codes that came with taps, by the card: each changes it once."""
        self._tries = Tries()
        robots = {code: key.get_secret_value() for code, key in of.robots.items()}
        self.customers = Customers(self._api, NAME)
        """Groups of neighbours in WeChat, where only their owners can let words go."""
        self._groups = Groups(self._api, NAME, robots, of.groups, self._words.hello)

    @property
    def api(self) -> str:
        """Where the platform is."""
        return self._of.api

    async def probe(self) -> str:
        """Fetch a token and look at the app."""
        try:
            await self._api.probe()
        except SendError as failure:
            if not self._api.trouble:
                self.customers.refused(failure)
            return failure.says
        finally:
            await self._api.close()
        return ""

    async def closer(self) -> Sequence[tuple[str, Mapping[str, object]]]:
        """Whether each group robot's key is one, and the app may make groups of the staff."""
        try:
            return await looking.closer(self._api, self._of)
        finally:
            await self._api.close()

    def question(self, words: str) -> Mapping[str, str]:
        """What the platform asks of our address."""
        return self._seal.question(words)

    def trouble(self) -> tuple[str, Mapping[str, object]] | None:
        """What keeps the app from speaking, or a group from being as it is to be, as /health says it."""
        ours = (
            self._api.trouble,
            self.customers.trouble,
            self.customers.uncancelled,
            self._groups.trouble,
            self._seal.trouble,
        )
        return next(filter(None, ours), None)

    def parts(self, delivery: Delivery) -> int:
        """How many messages are still to leave."""
        return max(1, len(self._messages(delivery)) - self._tries.begun(delivery).said)

    async def send(self, delivery: Delivery, further: Further = at_once) -> str:
        """Say it, in several messages where it is too long; for a card its name and the code that changes it once."""
        came = self._tries.begun(delivery)
        for n, message in enumerate(self._messages(delivery)[came.said :]):
            if n:
                await further()
            self._tries.ended(delivery, replace(came, in_doubt=True))
            try:
                answer = await self._say(delivery.address, message, in_doubt=came.in_doubt)
            except SendError as failure:
                in_doubt = came.in_doubt or isinstance(failure, Unanswered)
                self._tries.ended(delivery, replace(came, in_doubt=in_doubt))
                raise
            named = f"{self._task(delivery)} {answer.response_code}".strip()
            came = Try(came.said + 1, named if message["msgtype"] == "template_card" else answer.msgid)
        self._tries.ended(delivery, None)
        return came.name

    async def _say(self, address: Address, message: Mapping[str, object], *, in_doubt: bool) -> Answer:
        if not address.private:
            return await self._groups.say(address.target, message)
        to = _member(address.target)
        check = self._tries.check(to, message, in_doubt=in_doubt)
        answer = await self._api.call("message/send", {"touser": to, "agentid": self._of.agent, **check, **message})
        _reached(answer, to)
        self._tries.heard(to, message)
        return answer

    async def edit(self, platform_id: str, delivery: Delivery) -> str:
        """Change the card, once for each code; where the words fit no card, its buttons are greyed and they follow."""
        task, _, kept = platform_id.partition(" ")
        code = self._clicked.get(_card(task)) or kept
        if not (code and delivery.address.private):
            raise SendError("nothing to change it by", final=True)
        fits, named = cards.fits(delivery), f"{_card(task)}@{delivery.id}"
        change: Mapping[str, object] = (
            {"template_card": cards.card(delivery.text, delivery.buttons, named)}
            if fits
            else {"button": {"replace_name": self._words.below}}
        )
        to = _member(delivery.address.target)
        try:
            await self._api.call(
                "message/update_template_card",
                {"userids": [to], "agentid": self._of.agent, "response_code": code, **change},
            )
        except Refused as refusal:
            if refusal.everyone:
                raise
            self._spent(task, code)
            raise SendError(refusal.says, final=True) from refusal
        left = "" if code == kept else kept
        self._spent(task, code)
        if not fits:
            raise SendError("the words follow below the card", final=True)
        return f"{named} {left}".strip()

    def hears(self, clicked: tuple[str, str] | None) -> None:
        """A card was tapped: (its task, the code by which it can be changed once)."""
        if clicked is not None:
            self._clicked.keep(_card(clicked[0]), clicked[1])

    def editable(self, platform_id: str) -> bool:
        """Whether that message can be changed, this once."""
        task, _, kept = platform_id.partition(" ")
        return bool(kept or self._clicked.get(_card(task)))

    def routes(self, ears: Ears) -> Sequence[web.RouteDef]:
        """Where the platform proves the address, and calls."""
        self._api.ears = ears

        async def proved(request: web.Request) -> web.StreamResponse:
            sealed = request.query.get("echostr", "").replace(" ", "+")  # a plus that came as it is
            return web.Response(text=self._seal.opened(request.query, sealed))

        async def called(request: web.Request) -> web.StreamResponse:
            """200 once everything it says is durable."""
            sealed = parts_of(await body_of(request)).get("Encrypt", "")
            heard = read(NAME, self._seal.opened(request.query, sealed), ears.now())
            self.hears(heard.clicked)
            if heard.group and self._of.customers:
                self.customers.changed(heard.group)
            if heard.happened is not None:
                await ears.heard(heard.happened)
            return web.Response()

        return hook(PATH, NAME, proved, called)

    async def run(self, ears: Ears) -> None:
        """It is called; there are groups to keep in step, and a connection to close at the end."""
        self._api.ears = ears
        try:
            async with asyncio.TaskGroup() as kept:
                kept.create_task(self._groups.keep(ears))
                if self._of.customers:
                    kept.create_task(self.customers.keep(ears.customers))
                await asyncio.Event().wait()
        finally:
            await self._api.close()

    def asking(self, ears: Ears) -> Customers:
        """Its customer groups, while the program itself does not run; `close` ends it."""
        self._api.ears = ears
        return self.customers

    async def close(self) -> None:
        """Nothing more is asked."""
        await self._api.close()

    def _messages(self, delivery: Delivery) -> list[Mapping[str, object]]:
        """Texts, and the card that ends them."""
        if not delivery.address.private:
            words = f"{delivery.text}\n{self._words.in_group}" if delivery.buttons else delivery.text
            return [_text(piece) for piece in parted(words, ABLE)]
        if cards.fits(delivery):
            return [self._as_card(delivery, delivery.text)]
        pieces = fitted(delivery, ABLE, self._hint)
        said = [_text(piece.text) for piece in pieces]
        last = pieces[-1]
        if last.buttons:
            said.append(self._as_card(last, cards.head(delivery.text)))
        return said

    def _as_card(self, delivery: Delivery, text: str) -> Mapping[str, object]:
        return {"msgtype": "template_card", "template_card": cards.card(text, delivery.buttons, self._task(delivery))}

    def _task(self, delivery: Delivery) -> str:
        return f"x{delivery.id}-{self._run}"

    def _spent(self, task: str, code: str) -> None:
        if self._clicked.get(_card(task)) == code:
            self._clicked.forget(_card(task))


def _text(words: str) -> Mapping[str, object]:
    return {"msgtype": "text", "text": {"content": words}}


def _member(target: str) -> str:
    """The one person it is for; never everybody, nor several."""
    if not target or target.startswith("@") or "|" in target:
        raise SendError("no member's id", gone=True)
    return target


def _reached(answer: Answer, member: str) -> None:
    """The platform says 0 also where it told nobody."""
    for those in (answer.invaliduser, answer.unlicenseduser):
        names = those.split("|") if isinstance(those, str) else those
        if any(name.lower() == member.lower() for name in names):
            raise Refused(81013)


def _card(task: str) -> str:
    """A card's name, which stays the same through its changes."""
    return task.partition("@")[0]


def _words(path: Path) -> Words:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Words)
    except (OSError, msgspec.DecodeError) as fault:
        raise CatalogError(f"{path}: {fault}") from fault
