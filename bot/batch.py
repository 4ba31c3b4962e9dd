"""One transaction's work: who speaks, what is meant, who answers, what is promised."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from sqlalchemy.exc import DBAPIError

from bot import orders, spoken_past
from bot.ability import EVERYTHING, Ability
from bot.catalog import Catalog
from bot.clock import Clock
from bot.errors import UserMistake
from bot.message import Address, Ask, Incoming, Many, Reply
from bot.orders import LABEL
from bot.pace import Pace
from bot.render import Renderer
from bot.router import Handler, Routes, Ticker
from bot.settings import Settings
from bot.turn import Heard, Scene, Turn
from bot.understanding import Reader
from bot.understanding.utterance import Utterance
from storage import (
    asked,
    bodies,
    chats,
    formerly,
    grids,
    inbox,
    lastsaid,
    matters,
    numbers,
    outbox,
    people,
    posts,
    reach,
    stumbles,
    timers,
)
from storage.chats import Chat
from storage.grids import Grid
from storage.session import Session

log = logging.getLogger(__name__)

AN_HOUR = timedelta(hours=1)
TIMERS_AT_ONCE = 200
ANSWERED_WITHIN = timedelta(seconds=4)
"""So long, words that go out in the answer to the platform's call are left to it; then they are said as any others."""
STUMBLED_TIMER_AGAIN = timedelta(minutes=10)
SOMEBODYS = "?"
"""The id of a quoted message that is not ours."""
NOTHING_SAID = Utterance("chat", 0.0, "")


class Meter(Protocol):
    """Counts what happens, for /metrics."""

    def handled(self, intent: str) -> None:
        """One message had its effect."""
        ...

    def committed(self, messages: int, seconds: float) -> None:
        """One batch is durable."""
        ...

    def stumbled(self) -> None:
        """Something hit a bug."""
        ...


@dataclass(frozen=True, slots=True)
class Kit:
    """What every batch works with."""

    routes: Routes
    reader: Reader
    renderer: Renderer
    catalog: Catalog
    settings: Settings
    clock: Clock
    meter: Meter
    paces: Mapping[str, Pace] = field(default_factory=dict[str, Pace])
    """How fast each channel lets words leave."""
    abilities: Mapping[str, Ability] = field(default_factory=dict[str, Ability])
    """What each channel can do; one that is not named can do everything."""
    invites: Mapping[str, str] = field(default_factory=dict[str, str])
    """The link by which a neighbour begins a private chat, on each channel where the bot may not begin it."""


class Batch:
    """The messages of one transaction; what each of them needs is fetched for all in one statement each."""

    def __init__(self, kit: Kit, session: Session, messages: Sequence[Incoming]) -> None:
        self.kit = kit
        self.session = session
        self.posted = 0
        """How many words the senders may take at once because of this batch."""
        self.now = now = kit.clock.now()
        """All that one transaction does is done at one moment: it is true at once or not at all."""
        messages = [self._here(one) for one in messages]
        self.seen = inbox.seen(session, {(one.channel, one.key) for one in messages})
        self.gone = reach.gone_among(session, {(one.channel, one.address.target) for one in messages})
        self.accounts = people.by_identity(session, {(one.channel, one.sender) for one in messages})
        self.chats = chats.by_identity(session, {(one.channel, one.chat) for one in messages if one.chat is not None})
        questions = {asked.key_of(one.line, one.sender) for one in messages}
        questions |= {asked.last_key(one.line) for one in messages if one.chat is not None}
        self.asked = asked.waiting(session, questions, now)
        held = {account.person_id for account in self.accounts.values() if account.person_id is not None}
        self.posts = posts.of_people(session, held, now)
        groups, speakers = ({row.id for row in rows.values()} for rows in (self.chats, self.accounts))
        matters.look_up_newest(session, groups, speakers, now - AN_HOUR)
        belongs = {row.grid_id for row in self.chats.values()} | {row.grid_id for row in self.accounts.values()}
        self.grids = grids.with_all_above(session, {grid_id for grid_id in belongs if grid_id is not None})
        posts.look_up_seats(session, self.grids)
        self._heard: dict[tuple[str, bool], Utterance] = {}
        """What was read already, by its words and whether they were said in private."""
        self._unreadable: dict[tuple[str, bool], Exception] = {}
        """At which words the reader itself hit a bug: whoever said them is answered so, and nobody else."""
        if len(messages) > 1:
            self._look_ahead([one for one in messages if (one.channel, one.key) not in self.seen], now)

    def _look_ahead(self, messages: Sequence[Incoming], now: datetime) -> None:
        """What the answers will ask for is looked up for all at once."""
        heard = [self._hear(one) for one in messages if one.happening == "text"]
        scene = Scene(self.session, now, self.kit.catalog, self.kit.settings, paces=self.kit.paces)
        for ahead in self.kit.routes.aheads:
            ahead(scene, heard)

    def _hear(self, incoming: Incoming) -> Heard:
        channel, chat = incoming.channel, incoming.chat
        home = self.accounts.get((channel, incoming.sender)) if chat is None else self.chats.get((channel, chat))
        return Heard(self._read(incoming.text, private=chat is None), home.grid_id if home else None)

    def _read(self, text: str, *, private: bool) -> Utterance:
        """What the words mean; the same words are read once."""
        if (read := self._heard.get((text, private))) is None:
            try:
                read = self.kit.reader.read(text, private=private)
            except Exception as fault:  # noqa: BLE001 - raised where its message is answered
                read, self._unreadable[text, private] = NOTHING_SAID, fault
            self._heard[text, private] = read
        return read

    def handle(self, incoming: Incoming) -> None:
        """Give one message its effect; a repeated one has none."""
        identity = (incoming.channel, incoming.key)
        if identity in self.seen:
            return
        said_at, incoming = incoming.chat, self._here(incoming)
        if incoming.chat != said_at and incoming.happening in ("joined", "left"):
            self._done(identity)  # the old id's own end: the bot is in the group still
            return
        able = self.kit.abilities.get(incoming.channel, EVERYTHING)
        if incoming.quoted:
            incoming = self._quoting(incoming)
        if incoming.chat is None and incoming.happening == "left":
            reach.mark_gone(self.session, incoming.channel, incoming.sender, "left", self.now)
            self.gone.add((incoming.channel, incoming.sender))
        else:
            self._there(incoming, able)
        if incoming.happening == "back":
            self.posted += 1  # what waited for this may leave; nobody asked for more
            self._done(identity)
            return
        if incoming.text.isdecimal() and incoming.quote is None and len(incoming.text) == 1:
            incoming = self._tapped(incoming, able)
        turn = self._turn(incoming)
        if incoming.chat is not None:
            self._among_neighbours(turn)
        try:
            replies = self._answer(turn)
        except UserMistake as mistake:
            replies = [Reply(mistake.template, mistake.values)]
        except DBAPIError:
            raise  # the transaction itself is in doubt: each message alone then
        except Exception as fault:  # noqa: BLE001 - the border: apologised for, logged once, kept
            replies = [self._stumble(incoming, fault)]
        self._say(replies, incoming)
        self._done(identity)
        self.kit.meter.handled(turn.utterance.intent)

    def _done(self, identity: tuple[str, str]) -> None:
        self.seen.add(identity)
        inbox.remember(self.session, [identity], self.now)

    def _here(self, incoming: Incoming) -> Incoming:
        """What comes late of a group's former id was said in the group it is now; messages have other numbers there."""
        group = (incoming.channel, incoming.chat or "")
        new = formerly.now_called(self.session, [group]).get(group) if incoming.chat is not None else None
        if new is None:
            return incoming
        return replace(incoming, chat=new, quote=incoming.quote and SOMEBODYS, message="")

    def _there(self, incoming: Incoming, able: Ability) -> None:
        """Whoever speaks can be reached, and hears what waited for that: in the answer to the call, where that can be."""
        if (incoming.channel, incoming.address.target) in self.gone:
            reach.back_again(self.session, incoming.channel, incoming.address.target)
        # a group that is answered in the call may have words waiting for one, as a private chat has
        if self._shy(incoming.channel) if incoming.chat is None else able.answers_in_call:
            due_at = self.now + ANSWERED_WITHIN if able.answers_in_call else self.now
            reach.open_chat(self.session, incoming.channel, incoming.address.target, self.now, due_at=due_at)

    def _quoting(self, incoming: Incoming) -> Incoming:
        """With the id of the message of ours whose words were quoted; somebody else's, with nothing said, are what is said."""
        ours = outbox.named(self.session, incoming.channel, incoming.address.target, incoming.quoted)
        said = incoming.text if ours or incoming.text.strip() else incoming.quoted
        return replace(incoming, quote=ours or SOMEBODYS, text=said)

    def _among_neighbours(self, turn: Turn) -> None:
        """Whoever speaks between a question and its answer takes the bare yes; the question waits on all the same."""
        key = asked.last_key(turn.incoming.line)
        last = self.asked.get(key)
        if spoken_past.for_neighbours(turn, last):
            turn.asked = None
        if spoken_past.others_speak(turn, last):
            self._forget(key)

    def _tapped(self, incoming: Incoming, able: Ability) -> Incoming:
        """Where buttons are numbered choices, a digit is the tap on one of the last message's."""
        if incoming.happening != "text" or able is EVERYTHING:
            return incoming
        buttons = lastsaid.buttons(self.session, incoming.address)
        at = int(incoming.text) - 1
        if not able.numbers(buttons) or not 0 <= at < len(buttons):
            return incoming
        return replace(incoming, happening="press", text=buttons[at][1])

    def tick(self) -> int:
        """Do what has become due; the number of timers it was."""
        due = timers.take_due(self.session, self.now, TIMERS_AT_ONCE)
        by_kind: dict[str, list[timers.Timer]] = {}
        for timer in due:
            by_kind.setdefault(timer.kind, []).append(timer)
        scene = Scene(self.session, self.now, self.kit.catalog, self.kit.settings, paces=self.kit.paces)
        for kind, rows in by_kind.items():
            self._ticked(scene, self.kit.routes.tickers[kind], rows)
        return len(due)

    def _ticked(self, scene: Scene, ticker: Ticker, rows: Sequence[timers.Timer]) -> None:
        """All of them in one word; if one of them stumbles, each for itself, and that one again later."""
        try:
            with self.session.savepoint():
                replies = ticker(scene, rows)
                self._say(replies, None)
        except DBAPIError:
            raise
        except Exception as fault:
            if len(rows) > 1:
                for row in rows:
                    self._ticked(scene, ticker, [row])
                return
            log.exception("a timer hit a bug", extra={"timer": rows[0].key, "error": type(fault).__name__})
            self.kit.meter.stumbled()
            timers.arm(self.session, rows[0].kind, rows[0].about, scene.now + STUMBLED_TIMER_AGAIN)

    def _turn(self, incoming: Incoming) -> Turn:
        kit = self.kit
        account = self.accounts.get((incoming.channel, incoming.sender))
        chat = self._chat(incoming.channel, incoming.chat) if incoming.chat is not None else None
        home = chat if incoming.chat is not None else account
        quoted = None
        if incoming.quote:
            quoted = outbox.about(self.session, incoming.channel, incoming.address.target, incoming.quote)
        spoken = incoming.happening == "text"
        return Turn(
            session=self.session,
            now=self.now,
            catalog=kit.catalog,
            settings=kit.settings,
            incoming=incoming,
            utterance=self._read(incoming.text, private=incoming.chat is None) if spoken else NOTHING_SAID,
            account=account,
            posts=self.posts.get(account.person_id, []) if account and account.person_id else [],
            chat=chat,
            grid=self._grid(home.grid_id) if home and home.grid_id is not None else None,
            asked=self.asked.get(asked.key_of(incoming.line, incoming.sender)),
            quoted=quoted,
            reader=kit.reader,
            paces=kit.paces,
        )

    def _chat(self, channel: str, external: str) -> Chat | None:
        """The group; one that is not known may have got this id in this very transaction."""
        identity = (channel, external)
        if identity not in self.chats:
            self.chats |= chats.by_identity(self.session, [identity])
        return self.chats.get(identity)

    def _grid(self, grid_id: int) -> Grid:
        if grid_id not in self.grids:
            self.grids[grid_id] = grids.get(self.session, grid_id)
        return self.grids[grid_id]

    def _answer(self, turn: Turn) -> list[Reply]:
        if fault := self._unreadable.get((turn.incoming.text, turn.incoming.chat is None)):
            raise fault
        handlers = [self._handler(turn), *(afterword(turn) for afterword in self.kit.routes.afterwords)]
        replies: list[Reply] = []
        for handler in handlers:
            if handler is not None:
                with self.session.savepoint():
                    replies += handler(turn)
                self._learn(turn)
        return replies

    def _handler(self, turn: Turn) -> Handler | None:
        for guard in self.kit.routes.guards(turn):
            if handler := guard(turn):
                return handler
        return self.kit.routes.find(turn)

    def _learn(self, turn: Turn) -> None:
        """What the turn changed holds for the messages after it."""
        incoming = turn.incoming
        if turn.account:
            self.accounts[incoming.channel, incoming.sender] = turn.account
        else:
            self.accounts.pop((incoming.channel, incoming.sender), None)  # it was erased
        if turn.chat and incoming.chat is not None:
            self.chats[incoming.channel, incoming.chat] = turn.chat
        if turn.asked and turn.order and turn.order.answers:
            self._forget(turn.asked.key)
            if (last := self.asked.get(key := asked.last_key(incoming.line))) and last.held == incoming.sender:
                self._forget(key)
            if takes := orders.beneath(turn.asked, turn.order):
                self._wait(turn.asked.key, (), Ask(takes=takes), turn.asked.about, turn.asked.until - turn.now)

    def _forget(self, key: str) -> None:
        """This question is answered, or is nobody's any more."""
        asked.forget(self.session, key)
        self.asked.pop(key, None)

    def _stumble(self, incoming: Incoming, fault: Exception) -> Reply:
        number = numbers.give(self.session, "stumble")
        kept = msgspec.json.encode(incoming).decode()
        stumbles.keep(self.session, number, self.now, type(fault).__name__, kept)
        log.error("a message hit a bug", exc_info=fault, extra={"number": number, "channel": incoming.channel})
        self.kit.meter.stumbled()
        return Reply("desk/stumbled", {"number": number})

    def _say(self, replies: Iterable[Reply], incoming: Incoming | None) -> None:
        """Promise the replies in this transaction."""
        now = self.now
        by_call = incoming and self.kit.abilities.get(incoming.channel, EVERYTHING).answers_in_call
        rows: list[dict[str, object]] = []
        for reply in replies:
            address = reply.to or (incoming.address if incoming else None)
            if address is None:
                raise ValueError(f"a clock's reply goes to nobody: {reply.template}")
            buttons = self.kit.renderer.buttons(reply)
            if isinstance(address, Many):
                words = self.kit.renderer.text(reply.template, reply.values, private=address.private, now=now)
                kept = msgspec.json.encode(buttons).decode() if buttons else ""
                bodies.word(self.session, address.body_id, words, kept)
                continue
            rows.append(
                {
                    "channel": address.channel,
                    "target": address.target,
                    "private": address.private,
                    "lane": int(reply.lane),
                    "text": self.kit.renderer.text(reply.template, reply.values, private=address.private, now=now),
                    "buttons": msgspec.json.encode(buttons).decode() if buttons else "",
                    "about": reply.about,
                    "due_at": now + ANSWERED_WITHIN if incoming and by_call and address == incoming.address else now,
                    "edits": reply.edits,
                    "afresh": reply.afresh,
                    "quote": incoming.message or None if incoming and address == incoming.address else None,
                }
            )
            if reply.ask:
                self._ask(reply, address, incoming, buttons)
        parked = self._park(rows, now)
        outbox.post(self.session, [row for row in rows if row not in parked])
        self.posted += sum(row["due_at"] == now for row in rows)
        link = self.kit.invites.get(incoming.channel) if incoming and incoming.chat is not None else None
        if link and incoming and any(row["target"] == incoming.sender for row in parked):
            self._say([Reply("joining/open_private", {"link": link})], incoming)

    def _shy(self, channel: str) -> bool:
        """Whether the bot may begin no private chat there."""
        return channel in self.kit.invites or not self.kit.abilities.get(channel, EVERYTHING).speaks_first

    def _park(self, rows: Sequence[dict[str, object]], now: datetime) -> list[dict[str, object]]:
        """Those of them for private chats that the bot may not begin; they wait until somebody opens the chat."""
        private = [row for row in rows if row["private"] and self._shy(str(row["channel"]))]
        if not private:
            return []
        targets = {(str(row["channel"]), str(row["target"])) for row in private}
        opened = reach.opened_among(self.session, targets)
        parked = [row for row in private if (row["channel"], row["target"]) not in opened]
        outbox.park(self.session, parked, now)
        return parked

    def _ask(
        self, reply: Reply, address: Address, incoming: Incoming | None, buttons: Sequence[tuple[str, str]]
    ) -> None:
        if reply.ask is None or (not address.private and incoming is None):
            return
        key = asked.key_of(address.line, address.target if address.private else incoming.sender if incoming else "")
        ask, lasts = reply.ask, timedelta(seconds=reply.ask.lasts_s)
        if not ask.takes and (waiting := self.asked.get(key)) and (takes := orders.beneath(waiting)):
            ask, lasts = replace(ask, takes=takes), max(lasts, waiting.until - self.now)
        self._wait(key, buttons, ask, reply.about, lasts)
        if incoming and not address.private:
            self._wait(asked.last_key(address.line), (), Ask(held=incoming.sender), None, lasts)

    def _wait(
        self, key: str, buttons: Sequence[tuple[str, str]], ask: Ask, about: int | None, lasts: timedelta
    ) -> None:
        self.asked[key] = asked.ask(
            self.session,
            key,
            options=[f"{press}{LABEL}{label}" for label, press in buttons],
            takes=ask.takes,
            held=ask.held,
            about=about,
            now=self.now,
            lasts=lasts,
        )
