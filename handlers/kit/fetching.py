"""应急包, 我要电话树: where the newest printed kit is, for those who lead there; behind a pass, in private only."""

from datetime import datetime, timedelta

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.kit import paper
from handlers.notices import reading
from handlers.people import authority, passes
from storage import grids, journal, kit
from storage.grids import Grid

router = Router()

DEED, PAGE = "mobilize", "kit"


@router.guard_where("alone", "posted")
def asks_for_the_kit(turn: Turn) -> Handler | None:
    """Its answer, when a post says nothing but such words, perhaps with a place; cheap for everybody else."""
    said = turn.utterance
    if turn.incoming.happening != "text" or said.intent == "emergency":
        return None
    rows = paper.rules(turn.catalog).fetching
    if said.command is not None or len(said.text) > rows.longest or not any(word in said.text for word in rows.words):
        return None
    if turn.asked is not None and turn.asked.takes:
        return None
    place = reading.named(turn, said.text)
    named = (said.text[place[0] : place[1]],) if place else ()
    if not phrases.only(said.text, rows.words, (*rows.beside, *named)):
        return None
    return lambda turn: where(turn, place[2] if place else set())


def where(turn: Turn, named: set[int]) -> list[Reply]:
    """A link for each community that the speaker leads, or whom to ask."""
    rows = paper.rules(turn.catalog)
    tops = [grid for _, grid in authority.seated(turn, turn.posts, DEED)]
    printed, _ = kit.newest(turn.session)
    found = _communities(turn, tops, named)
    values = {
        "may": bool(tops),
        "printed": printed,
        "hour": rows.hour,
        "hours": rows.fetching.link_hours,
        "links": [(grid.name, _link(turn, grid)) for grid in found[: rows.fetching.links]] if printed else [],
        "more": max(0, len(found) - rows.fetching.links),
        "elsewhere": bool(tops) and not found,
    }
    if values["links"]:
        journal.note(turn.session, turn.now, "kit_link", grid_id=found[0].id, account_id=turn.speaker().id)
    return [Reply("kit/where", values)]


def _communities(turn: Turn, tops: list[Grid], named: set[int]) -> list[Grid]:
    """The places for which a kit is printed, below the speaker's and about the one that was named."""
    depth = paper.rules(turn.catalog).depth
    said = list(grids.by_ids(turn.session, named).values())
    return [
        grid
        for grid in grids.everything(turn.session)
        if grid.depth == depth
        and any(grid.code.startswith(top.code) for top in tops)
        and (not said or any(grid.code.startswith(one.code) or one.code.startswith(grid.code) for one in said))
    ]


def _link(turn: Turn, grid: Grid) -> str:
    secret = passes.secret_of(turn.session, turn.settings)
    lasts = timedelta(hours=paper.rules(turn.catalog).fetching.link_hours)
    return f"{turn.settings.site}/kit?k={passes.signed(PAGE, grid.code, turn.now, lasts, secret)}"


def code_opened(key: str, now: datetime, secret: str) -> str | None:
    """The code of the community whose kit this pass opens; None when it opens nothing."""
    return passes.opens(PAGE, key, now, secret)
