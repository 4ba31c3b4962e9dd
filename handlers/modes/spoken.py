"""锦绣社区转入战时状态，到明天中午12点，区指3号令; 现在是战时吗: orders and questions of peace and war in a sentence."""

import re

import msgspec

from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.mobilizing import order_words
from handlers.modes import standing, switching
from handlers.notices import reading
from handlers.people import authority

router = Router()

FILE, AT_WAR = "modes_spoken.toml", "战时"
LONGEST_PLACE = 12
"""Characters before the verb: with more of them it is told of, not ordered."""
LET_GO = ("notice_change ", "war_exact", "report", "add ")
"""Questions of the bot's that such a sentence does not answer."""
SILENT = " \t，,。.！!？?~～啊呀哦哈"


class Asks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people ask whether it is war."""

    longest: int
    ends: tuple[str, ...]
    words: tuple[str, ...]
    whole: tuple[str, ...]
    """Without the word itself."""


class Sayings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """modes_spoken.toml."""

    verbs: tuple[str, ...]
    states: tuple[str, ...]
    polite: tuple[str, ...]
    drill: str
    longest: int
    asks: Asks


@router.guard
def in_a_sentence(turn: Turn) -> Handler | None:
    """An order's preview, or how it stands; cheap for whoever speaks of nothing like it."""
    said, waiting = turn.utterance, turn.asked
    if turn.incoming.happening != "text" or said.command is not None or said.intent == "emergency":
        return None
    if waiting is not None and waiting.takes and not waiting.takes.startswith(LET_GO):
        return None
    rows = turn.catalog.read(FILE, Sayings)
    if _asks(turn, rows.asks):
        return standing.status
    return _orders(turn, rows) if AT_WAR in said.text and len(said.text) <= rows.longest else None


def _asks(turn: Turn, rows: Asks) -> bool:
    text = turn.utterance.text
    if len(text) > rows.longest or (turn.in_group and not turn.posts):
        return False
    bare = text.strip(SILENT)
    if AT_WAR not in bare:
        return bool(turn.posts) and bare in rows.whole
    return (
        bare in rows.whole
        or text.endswith(("?", "？"))
        or bare.endswith(rows.ends)
        or any(word in bare for word in rows.words)
    )


def _orders(turn: Turn, rows: Sayings) -> Handler | None:
    """The order with what the sentence says of it; a neighbour who says so is told how it stands."""
    verb = re.search(rf"(?:{'|'.join(rows.verbs)}){AT_WAR}(?:{'|'.join(rows.states)})?", turn.utterance.text)
    if verb is None:
        return None
    before = _without(turn.utterance.text[: verb.start()], rows.polite)
    after = turn.utterance.text[verb.end() :].lstrip("了")
    drill = rows.drill in turn.utterance.text
    pieces = [piece for piece in order_words.BETWEEN.split(f"{before} {after}".replace(rows.drill, " ")) if piece]
    if not authority.seated(turn, turn.posts, switching.SWITCH):
        return None if turn.in_group or len(before) > LONGEST_PLACE else standing.who_may
    place = _place(turn, pieces[0]) if pieces else None
    if place is None and before:
        return None  # it is told of, not ordered
    code = [place] if place else []
    turn.order = Order("war", (), " ".join((*code, *pieces[len(code) :])))
    return switching.order_drill if drill else switching.order_war


def _place(turn: Turn, words: str) -> str | None:
    """The place as an order names it: 全区 by its code, a name that fits several as it was said; None for no place."""
    own = [grid for _, grid in authority.seated(turn, turn.posts, switching.SWITCH)]
    heard = reading.whom(turn, words, own)
    if heard.unknown or heard.audience is not None or not heard.grids:
        return None
    return heard.grids[0].code if len(heard.grids) == 1 else words


def _without(words: str, known: tuple[str, ...]) -> str:
    words = words.strip(SILENT)
    while found := max((word for word in known if words.startswith(word)), key=len, default=""):
        words = words[len(found) :].strip(SILENT)
    return words
