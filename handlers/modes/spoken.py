"""锦绣社区转入战时状态，到明天中午12点，区指3号令; 现在是战时吗: orders and questions of peace and war in a sentence."""

import re
from dataclasses import replace
from functools import lru_cache

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.mobilizing import order_words
from handlers.modes import grounds, standing, switching
from handlers.modes.grounds import Asks, Sayings, sayings
from handlers.notices import reading
from handlers.people import authority
from storage import grids, modes
from storage.grids import Grid

router = Router()

AT_WAR, IN_PEACE = "战时", "平时"
NUMBER = re.compile(r"(?:第|编号)?\s*(\d{3,6})\s*号?")
ASKING = ("?", "？", "吗", "么", "没", "没有")
LONGEST_PLACE = 12
"""Characters before the verb: with more of them it is told of, not ordered."""
LET_GO = ("notice_change ", "war", "report", "add ")
"""Questions of the bot's that such a sentence does not answer, or answers all at once."""
OF_WAR = ("war ", "war_authority ")
"""Questions that any words answer."""
FAULTS = ("fault:", "urgent:", "trouble:")
SILENT = " \t，,。.！!？?~～啊呀哦哈"


@router.guard
def in_a_sentence(turn: Turn) -> Handler | None:
    """An order's preview, or how it stands; cheap for whoever speaks of nothing like it."""
    said, waiting = turn.utterance, turn.asked
    if turn.incoming.happening != "text" or said.command is not None or said.intent == "emergency":
        return None
    if waiting is not None and waiting.takes and not waiting.takes.startswith(LET_GO):
        return None
    rows = sayings(turn.catalog)
    if _asks(turn, rows.asks):
        return standing.status
    if turn.posts and (AT_WAR in said.text or IN_PEACE in said.text) and (ends := _ends(turn, rows)):
        return ends
    if AT_WAR not in said.text or len(said.text) > rows.longest:
        return None
    if (heard := _orders(turn, rows)) is not None:
        return heard
    _no_matter(turn, rows)
    return None


def _ends(turn: Turn, rows: Sayings) -> Handler | None:
    """战时可以解除了, 战时再延长6小时: what would end is shown, or a second person asked, as by the command's own words."""
    text, known = turn.utterance.text, rows.endings
    seats = authority.seated(turn, turn.posts, switching.SWITCH)
    if len(text) > known.longest or not seats or text.endswith(ASKING):
        return None
    found = NUMBER.search(text)
    words = NUMBER.sub("", text, count=1) if found else text
    words, named = _without_places(turn, words, [grid for _, grid in seats])
    numbers = (int(found[1]),) if found else standing.of_place(turn, named)
    sure = found is not None and words.endswith(standing.CONFIRM)
    words = words.removesuffix(standing.CONFIRM) if sure else words
    if phrases.only(words, known.words, known.beside):
        turn.order = Order("war_end", numbers, standing.CONFIRM if sure else "")
        return standing.end
    longer = max((one for one in known.longer if one in text), key=len, default="")
    until = text.partition(longer)[2].strip(SILENT) if longer else ""
    before = words.partition(longer)[0].strip(SILENT) if longer else "-"
    if before and not phrases.only(before, known.beside):
        return None
    until = NUMBER.sub("", until, count=1).strip(SILENT) if found and found.start() > text.find(longer) else until
    if until and order_words.moment(until, turn.now, turn.settings.zone) is None:
        return None
    turn.order = Order("war_extend", numbers, until)
    return standing.extend


def _without_places(turn: Turn, words: str, own: list[Grid]) -> tuple[str, list[Grid]]:
    """The words without the names of places that are at war or the speaker's own, and those places."""
    ids = {one.grid_id for one in modes.standing(turn.session)}
    known = {grid.id: grid for grid in (*own, *grids.by_ids(turn.session, ids).values())}
    named = [grid for grid in known.values() if grid.name in words]
    for grid in named:
        words = words.replace(grid.name, "")
    return words, named


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
    text = turn.utterance.text
    verb = _verb(rows).search(text)
    if verb is None:
        return None
    clause = max((cut.end() for cut in order_words.BETWEEN.finditer(text, 0, verb.start())), default=0)
    before = _without(text[clause : verb.start()], rows.polite)
    if not authority.seated(turn, turn.posts, switching.SWITCH):
        told = turn.in_group or len(_without(text[: verb.start()], rows.polite)) > LONGEST_PLACE
        return None if told else standing.who_may
    first = _pieces(text[:clause], rows)
    after = _pieces(text[verb.end() :].lstrip("了"), rows)
    rest = [*first, *after]
    if before:
        beside = [one for one in first if _place(turn, one)]
        place = _place(turn, "和".join((*beside, before)))
        first, rest = ([one for one in some if one not in beside] for some in (first, rest))
    else:
        named = next((one for one in (*first, *after[:1]) if _place(turn, one)), None)
        place = _place(turn, named) if named else None
        rest = [one for one in rest if one != named]
        first = [one for one in first if one != named]
    if (before and place is None) or not all(_belongs(turn, one) for one in first):
        return _perhaps(turn, rows, before, [*first, *rest])
    turn.order = Order("war", (), " ".join((*([place] if place else []), *rest)))
    return switching.order_drill if rows.drill in text else switching.order_war


def _perhaps(turn: Turn, rows: Sayings, before: str, pieces: list[str]) -> Handler | None:
    """Asked back where it sounds like an order and says more than is understood; None where it is only told of."""
    if any(sign in turn.utterance.text for sign in rows.told):
        return None
    named = any(grid.name in before for _, grid in authority.seated(turn, turn.posts, switching.SWITCH))
    if not named and not before.endswith(rows.begins) and not any(_place(turn, one) for one in pieces):
        return None
    if turn.in_group and not any(_belongs(turn, one) for one in pieces):
        return None
    begins = before.endswith(rows.begins)
    return lambda _turn: [Reply("modes/perhaps_order", {"begins": begins})]


def _no_matter(turn: Turn, rows: Sayings) -> None:
    """Whether it is ordered or told of, that a place goes to war is nobody's report."""
    said = turn.utterance
    if said.intent not in ("report", "wish") or any(why.startswith(FAULTS) for why in said.why):
        return
    if turn.posts or _verb(rows).search(said.text):
        turn.utterance = replace(said, intent="chat", category=None, parts=())


@lru_cache(maxsize=4)
def _verb(rows: Sayings) -> re.Pattern[str]:
    """转入战时, 进入了战时状态."""
    either = (sorted(words, key=len, reverse=True) for words in (rows.verbs, rows.states))
    verbs, states = map("|".join, either)
    return re.compile(rf"(?:{verbs})了?{AT_WAR}(?:{states})?")


def _pieces(words: str, rows: Sayings) -> list[str]:
    """What stands between pauses, without politeness."""
    found = order_words.BETWEEN.split(words.replace(rows.drill, " "))
    return [piece for one in found if (piece := _without(one, rows.polite))]


def _belongs(turn: Turn, piece: str) -> bool:
    """Whether it says of an order until when it holds or on what ground."""
    until = order_words.moment(piece, turn.now, turn.settings.zone)
    return until is not None or grounds.is_ground(turn.catalog, piece)


@router.guard_where("asked")
def no_answer(turn: Turn) -> Handler | None:
    """Asked which place or on whose order, somebody plainly reports a fault: that goes first."""
    said = turn.utterance
    if turn.asked is None or not turn.asked.takes.startswith(OF_WAR) or said.intent != "report":
        return None
    if any(why.startswith(FAULTS[:2]) for why in said.why) and not grounds.is_ground(turn.catalog, said.text):
        turn.asked = None
    return None


def _place(turn: Turn, words: str) -> str | None:
    """The place as an order names it: 全区 by its code, a name that fits several as it was said; None for no place."""
    own = [grid for _, grid in authority.seated(turn, turn.posts, switching.SWITCH)]
    heard = reading.whom(turn, words, own)
    if heard.unknown or heard.audience is not None or not heard.grids:
        return None
    return heard.grids[0].code if len(heard.grids) == 1 else words


def _without(words: str, known: tuple[str, ...]) -> str:
    """The words without any of these at their beginning or end."""
    words = words.strip(SILENT)
    while found := max((word for word in known if words.startswith(word)), key=len, default=""):
        words = words[len(found) :].strip(SILENT)
    while found := max((word for word in known if words.endswith(word)), key=len, default=""):
        words = words[: -len(found)].strip(SILENT)
    return words
