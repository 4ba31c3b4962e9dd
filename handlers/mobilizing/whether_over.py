"""演练结束了吗, 结束没有: whether what people were called out for still runs, or when it ended."""

from datetime import datetime, timedelta

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.mobilizing import neighbours, plans
from handlers.mobilizing.neighbours import FILE, YIELDS, Asked, Over
from handlers.people import modes
from storage import census, grids, musters, notices
from storage.grids import Grid
from storage.notices import Notice

router = Router()

A_DAY = timedelta(days=1)
CENSUS = "摸排"


@router.guard
def asks_whether_it_is_over(turn: Turn) -> Handler | None:
    """The answer, from what was really released here; quick to say None."""
    said = turn.utterance
    if turn.incoming.happening != "text" or said.command is not None or said.intent == "emergency" or said.numbers:
        return None
    if turn.quoted is not None or (turn.asked and turn.asked.takes and not turn.asked.takes.startswith(YIELDS)):
        return None
    rows = turn.catalog.read(FILE, Asked)
    if len(said.text) > rows.longest or not _asks(said.text, rows.over):
        return None
    found = _meant(turn, rows.over)
    if found is None:
        return _census(turn, rows) if CENSUS in said.text else _war(turn, rows)
    return lambda turn: _told(turn, found, rows)


def _asks(text: str, over: Over) -> bool:
    if not phrases.has(text, over.done) or not phrases.has(text, over.asking):
        return False
    words = text.replace("?", "，").replace("？", "，")
    return phrases.only(words, over.done, (*over.named, *over.asking, *over.beside))


def _meant(turn: Turn, over: Over) -> Notice | None:
    """The one that runs, else the one that ended last today where something is named; a drill where one is named."""
    text, here = turn.utterance.text, _here(turn)
    if here is None:
        return None
    drill, plan = any(word in text for word in over.drill), plans.named(turn.catalog, text)
    every = [
        one
        for one in musters.going(turn.session).values()
        if _touches(turn, one, here) and (plan is None or one.plan == plan)
    ]
    going = [one for one in every if one.drill or not drill]
    if going:
        return max(going, key=lambda one: (one.drill == drill, one.number))
    if not any(word in text for word in over.named):
        return None
    since = turn.now - A_DAY
    ended = [
        one
        for one, _, _ in notices.released_over(turn.session, here.code, since)
        if one.kind in musters.KINDS
        and (one.drill or not drill)
        and _ended(one) is not None
        and (plan is None or one.plan == plan)
    ]
    zone = turn.settings.zone
    today = [
        one for one in ended if (at := _ended(one)) and at.astimezone(zone).date() == turn.now.astimezone(zone).date()
    ]
    return max(today, key=lambda one: _ended(one) or since, default=None)


def _census(turn: Turn, rows: Asked) -> Handler | None:
    """摸排结束了吗, asked by a neighbour: whether one still takes answers here, or when the last of today ended."""
    if turn.grid is None or not neighbours.is_neighbour(turn):
        return None
    going = census.running_at(turn.session, turn.grid.code)
    since = turn.now - A_DAY
    ended = [
        at
        for one, _, _ in notices.released_over(turn.session, turn.grid.code, since)
        if one.kind == "census" and (at := _ended(one)) is not None
    ]
    if going is None and not ended:
        return None
    values = {"going": going, "ended": max(ended, default=None)}

    def told(turn: Turn) -> list[Reply]:
        return [] if neighbours.told_lately(turn, rows) else [Reply("census/whether_over", values)]

    return told


def _war(turn: Turn, rows: Asked) -> Handler | None:
    """解除了吗, asked of a place at war by a neighbour: until when it holds."""
    text, over = turn.utterance.text, rows.over
    if not neighbours.is_neighbour(turn) or turn.grid is None:
        return None
    if any(word in text for word in over.named if word not in over.war):
        return None
    until = modes.war_until(turn, turn.grid)
    if until is None:
        return None

    def told(turn: Turn) -> list[Reply]:
        return [] if neighbours.told_lately(turn, rows) else [Reply("modes/not_over", {"until": until})]

    return told


def _here(turn: Turn) -> Grid | None:
    """The group's place, the speaker's own, or the one of a post."""
    seats = [post.grid_id for post in turn.posts if post.grid_id is not None]
    return turn.grid or (grids.get(turn.session, seats[0]) if seats else None)


def _touches(turn: Turn, notice: Notice, here: Grid) -> bool:
    code = grids.get(turn.session, notice.grid_id).code
    return here.code.startswith(code) or (bool(turn.posts) and code.startswith(here.code))


def _ended(notice: Notice) -> datetime | None:
    return notice.ended_at or notice.stopped_at


def _told(turn: Turn, notice: Notice, rows: Asked) -> list[Reply]:
    if neighbours.told_lately(turn, rows):
        return []
    plan = plans.read(turn.catalog, notice.plan)
    said_so = bool(plan.groups.residents or turn.posts)
    values = {
        "drill": notice.drill,
        "plan": plan,
        "since": notice.released_at,
        "ended": _ended(notice),
        "said_so": said_so,
    }
    return [Reply("mobilizing/whether_over", values, about=notice.number)]


def tells_neighbours(turn: Turn, notice: Notice, asks: str = "what") -> Handler | None:
    """What neighbours are told who ask of an order in words of their own: its words for them, and none of those for
    whoever is called; None for any other notice, and for whoever holds a post."""
    if notice.kind not in musters.KINDS or turn.posts or not neighbours.is_neighbour(turn):
        return None
    rows = turn.catalog.read(FILE, Asked)
    if _ended(notice) is not None:
        return lambda turn: _told(turn, notice, rows)
    return lambda turn: neighbours.answer(turn, notice, asks, rows)
