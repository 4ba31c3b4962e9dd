"""Who answers: tables from orders, intents and clocks to the handlers that registered for them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeVar, get_args

from bot import orders
from bot.catalog import Catalog
from bot.errors import SetupError
from bot.message import Reply
from bot.turn import Heard, Scene, Turn
from storage.timers import Timer

Handler = Callable[[Turn], list[Reply]]
Guard = Callable[[Turn], Handler | None]
Ticker = Callable[[Scene, Sequence[Timer]], list[Reply]]
Making = Callable[[Catalog], object]
Made = TypeVar("Made", bound=Making)
LookAhead = Callable[[Scene, Sequence[Heard]], None]
Found = TypeVar("Found", bound=Callable[..., object])
Where = Literal["alone", "posted", "asked", "quoting"]
"""Said to the bot alone, by somebody who holds a post, while the bot waits for an answer, on words of ours quoted."""


class Router:
    """One module's answers. Registering happens where the handler stands; nothing else happens at import."""

    def __init__(self) -> None:
        self.guards: list[tuple[Guard, frozenset[Where]]] = []
        self.afterwords: list[Guard] = []
        self.aheads: list[LookAhead] = []
        self.makings: list[Making] = []
        self.orders: dict[str, Handler] = {}
        self.intents: dict[str, Handler] = {}
        self.happenings: dict[str, Handler] = {}
        self.tickers: dict[str, Ticker] = {}

    def at_start(self, making: Made) -> Made:
        """Makes of the catalog what takes long to make (a large pattern), so that nobody's message waits for it."""
        self.makings.append(making)
        return making

    def ahead(self, ahead: LookAhead) -> LookAhead:
        """Before a batch is answered, looks up for all its messages at once what their answers will ask for."""
        self.aheads.append(ahead)
        return ahead

    def guard(self, guard: Guard) -> Guard:
        """Asked before anything else who answers instead; None lets the message pass, perhaps with its order set."""
        return self.guard_where()(guard)

    def guard_where(self, *where: Where) -> Callable[[Guard], Guard]:
        """A guard that is asked only where all of this holds: of most talk between neighbours most need not be asked.

        What a guard before it takes away (an answer waited for no longer) it must still look for itself.
        """

        def register(guard: Guard) -> Guard:
            self.guards.append((guard, frozenset(where)))
            return guard

        return register

    def afterword(self, afterword: Guard) -> Guard:
        """Asked after everything else who has something to add; it must be quick to say None."""
        self.afterwords.append(afterword)
        return afterword

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
        self._guards: list[tuple[Guard, frozenset[Where]]] = []
        self._asked: dict[tuple[bool, bool, bool, bool], tuple[Guard, ...]] = {}
        self.afterwords: list[Guard] = []
        self.aheads: list[LookAhead] = []
        self.makings: list[Making] = []
        self.orders: dict[str, Handler] = {}
        self.intents: dict[str, Handler] = {}
        self.happenings: dict[str, Handler] = {}
        self.tickers: dict[str, Ticker] = {}
        for router in routers:
            self._guards += router.guards
            self.afterwords += router.afterwords
            self.aheads += router.aheads
            self.makings += router.makings
            _merge(self.orders, router.orders)
            _merge(self.intents, router.intents)
            _merge(self.happenings, router.happenings)
            _merge(self.tickers, router.tickers)

    def guards(self, turn: Turn) -> Sequence[Guard]:
        """Those that are to be asked about this turn, in their order."""
        here = (not turn.in_group, bool(turn.posts), turn.asked is not None, turn.quoted is not None)
        if (found := self._asked.get(here)) is None:
            holds = {where for where, so in zip(get_args(Where), here, strict=True) if so}
            found = self._asked[here] = tuple(guard for guard, where in self._guards if where <= holds)
        return found

    def find(self, turn: Turn) -> Handler | None:
        """The handler for this turn, with `turn.order` set where it is an order; None means silence.

        Emergency words come first, whatever else waits. Then the answer to what was asked, then orders,
        then free words.
        """
        if turn.incoming.happening not in ("text", "press"):
            return self.happenings.get(turn.incoming.happening)
        said = turn.utterance
        if said.intent == "emergency":
            return self.intents.get("emergency")
        turn.order = turn.order or orders.meant(turn)
        if turn.order is not None:
            return self.orders.get(turn.order.code)
        if said.intent == "chat" and turn.in_group and not said.addressed:
            return None  # neighbours among themselves
        return self.intents.get(said.intent)


def _merge(into: dict[str, Found], more: dict[str, Found]) -> None:
    for key, handler in more.items():
        if key in into:
            raise SetupError(f"two handlers answer {key!r}: {into[key].__name__} and {handler.__name__}")
        into[key] = handler
