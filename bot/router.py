"""Who answers: tables from orders, intents and clocks to the handlers that registered for them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.errors import SetupError
from bot.message import Reply
from bot.turn import Order, Scene, Turn
from storage.timers import Timer

Handler = Callable[[Turn], list[Reply]]
Guard = Callable[[Turn], Handler | None]
Ticker = Callable[[Scene, Sequence[Timer]], list[Reply]]
Found = TypeVar("Found", bound=Callable[..., object])

DIGITS_ON_A_CARD = ("accept", "arrive", "finish", "transfer", "assist")
"""What 1 to 5 mean when a card is quoted: 1接单 2到场 3办结 4转办 5求助."""


FOR_STAFF = frozenset(
    ("accept", "arrive", "finish", "return", "transfer", "assist", "hold", "supervise", "approve", "refuse", "list")
)
"""Orders that only somebody with a post can mean."""


class Router:
    """One module's answers. Registering happens where the handler stands; nothing else happens at import."""

    def __init__(self) -> None:
        self.guards: list[Guard] = []
        self.orders: dict[str, Handler] = {}
        self.intents: dict[str, Handler] = {}
        self.happenings: dict[str, Handler] = {}
        self.tickers: dict[str, Ticker] = {}

    def guard(self, guard: Guard) -> Guard:
        """Asked before anything else who answers instead; None lets the message pass. It must be quick."""
        self.guards.append(guard)
        return guard

    def order(self, *codes: str) -> Callable[[Handler], Handler]:
        """Carries out these orders: codes of commands.toml, and first words of presses."""
        return self._register(self.orders, codes)

    def intent(self, *intents: str) -> Callable[[Handler], Handler]:
        """Answers free words of this intent."""
        return self._register(self.intents, intents)

    def happening(self, *kinds: str) -> Callable[[Handler], Handler]:
        """Answers what is no words: a photo, a place, a scan, being added, being removed."""
        return self._register(self.happenings, kinds)

    def timer(self, *kinds: str) -> Callable[[Ticker], Ticker]:
        """Looks again at what became due: all due timers of the kind at once, so that it can speak in one word."""
        return self._register(self.tickers, kinds)

    @staticmethod
    def _register(table: dict[str, Found], keys: Iterable[str]) -> Callable[[Found], Found]:
        def register(found: Found) -> Found:
            table.update(dict.fromkeys(keys, found))
            return found

        return register


class Routes:
    """All routers as one table; two handlers for the same thing are a mistake said at start-up."""

    def __init__(self, routers: Iterable[Router]) -> None:
        self.guards: list[Guard] = []
        self.orders: dict[str, Handler] = {}
        self.intents: dict[str, Handler] = {}
        self.happenings: dict[str, Handler] = {}
        self.tickers: dict[str, Ticker] = {}
        for router in routers:
            self.guards += router.guards
            _merge(self.orders, router.orders)
            _merge(self.intents, router.intents)
            _merge(self.happenings, router.happenings)
            _merge(self.tickers, router.tickers)

    def find(self, turn: Turn) -> Handler | None:
        """The handler for this turn, with `turn.order` set where it is an order; None means silence.

        Emergency words come first, whatever else waits. Then the answer to what was asked, then orders,
        then free words.
        """
        if turn.incoming.happening == "press":
            order = parse_press(turn.incoming.text)
            waited_for = turn.asked is not None and turn.incoming.text in turn.asked.options.split("\n")
            return self._ordered(turn, replace(order, answers=waited_for))
        if turn.incoming.happening != "text":
            return self.happenings.get(turn.incoming.happening)
        said = turn.utterance
        if said.intent == "emergency":
            return self.intents.get("emergency")
        if order := self._answer(turn) or self._spoken(turn):
            return self._ordered(turn, order)
        if said.intent == "chat" and turn.in_group and not said.addressed:
            return None  # neighbours among themselves
        return self.intents.get(said.intent)

    def _ordered(self, turn: Turn, order: Order) -> Handler | None:
        turn.order = order
        return self.orders.get(order.code)

    def _answer(self, turn: Turn) -> Order | None:
        """The order that answers what the bot waits for here."""
        said, asked = turn.utterance, turn.asked
        on_card = turn.posts and turn.quoted is not None and (not asked or asked.about != turn.quoted)
        if said.digit is not None and turn.quoted is not None and on_card:
            return Order(DIGITS_ON_A_CARD[said.digit - 1], (turn.quoted,)) if said.digit <= 5 else None
        if said.digit is not None:
            options = asked.options.split("\n") if asked and asked.options else []
            if said.digit <= len(options):
                return replace(parse_press(options[said.digit - 1]), answers=True)
            to_hand = not options and turn.posts and not turn.in_group and said.digit <= len(DIGITS_ON_A_CARD)
            return Order(DIGITS_ON_A_CARD[said.digit - 1]) if to_hand else None
        if asked and asked.takes and said.command is None:
            taken = parse_press(asked.takes)
            return Order(taken.code, taken.numbers, said.text, answers=True)
        return None

    @staticmethod
    def _spoken(turn: Turn) -> Order | None:
        said = turn.utterance
        if said.command is None or (said.intent == "chat" and turn.quoted is None and turn.asked is None):
            return None  # everyday words are an order only where the bot has just spoken
        if said.command in FOR_STAFF and turn.in_group and not turn.posts and not said.numbers:
            return None  # a neighbour's word among neighbours
        numbers = said.numbers or ((turn.quoted,) if turn.quoted is not None else ())
        return Order(said.command, numbers, said.argument)


def parse_press(press: str) -> Order:
    """ "finish 1029 换了灯管" as an order."""
    code, _, rest = press.strip().partition(" ")
    head, _, tail = rest.strip().partition(" ")
    if head.isascii() and head.isdecimal() and len(head) < 10:
        return Order(code, (int(head),), tail.strip())
    return Order(code, (), rest.strip())


def _merge(into: dict[str, Found], more: dict[str, Found]) -> None:
    for key, handler in more.items():
        if key in into:
            raise SetupError(f"two handlers answer {key!r}: {into[key].__name__} and {handler.__name__}")
        into[key] = handler
