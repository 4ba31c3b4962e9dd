"""How it stands: 进度, 我的事到哪了, and why it went to whom it went."""

from datetime import datetime

from bot.errors import UserMistake
from bot.message import Reply
from bot.router import Router
from bot.turn import Order, Turn
from bot.understanding.utterance import Place
from handlers.matters import cards, finding, rules
from handlers.people import authority
from handlers.wishes import wall
from storage import grids, journal, wishes
from storage.matters import ENDED, Matter

router = Router()

SHOWN = 5
BEFORE_DOING = ("信息收集", "案件建立")


@router.order("progress")
@router.intent("progress")
def progress(turn: Turn) -> list[Reply]:
    """One honest sentence on one matter, or a line on each of mine."""
    matter = finding.named(turn) if turn.order else _spoken_of(turn)
    if matter is not None:
        return _standing(turn, matter)
    asked = finding.of_speaker(turn)
    living = [one for one in asked if one.state not in ENDED] or asked[:1]
    if not living:
        if turn.in_group and turn.order is None:
            return []  # neighbours asking one another how things go
        raise UserMistake("reports/none_yet")
    if len(living) == 1:
        return _standing(turn, living[0])
    states = {one.number: rules.lifecycle(turn.catalog, one.kind).states[one.state].name for one in living}
    more = max(0, len(living) - SHOWN)
    return [Reply("desk/mine", {"matters": living[:SHOWN], "more": more, "states": states})]


def _spoken_of(turn: Turn) -> Matter | None:
    """The speaker's own matter whose number stands in a free question: "1002有人应了没得？"."""
    numbers = turn.utterance.numbers
    return next((one for one in finding.of_speaker(turn) if one.number in numbers), None) if numbers else None


def _standing(turn: Turn, matter: Matter) -> list[Reply]:
    """How it stands, a wish in a wish's own words."""
    if matter.kind != wishes.KIND:
        return [_one(turn, matter)]
    turn.order = Order("wish_progress", (matter.number,), answers=bool(turn.order and turn.order.answers))
    return wall.progress(turn)


@router.order("route")
def why_theirs(turn: Turn) -> list[Reply]:
    """Why it went to whom it went."""
    matter = finding.named(turn) or finding.own(turn)
    owner = cards.owner(turn, matter)
    return [Reply("desk/why", {"matter": matter, "owner": owner, "private": not turn.in_group}, about=matter.number)]


def _phases(turn: Turn, matter: Matter) -> list[tuple[str, datetime]]:
    """The phases it is through, in the order of their times; doing it again takes the later ones back."""
    stamps: dict[str, datetime] = {}
    for entry in journal.of_matter(turn.session, matter.id):
        if entry.act == "reopen":
            stamps = {phase: at for phase, at in stamps.items() if phase in BEFORE_DOING}
        if entry.phase:
            stamps.pop(entry.phase, None)
            stamps[entry.phase] = entry.at
    return list(stamps.items())


def _place(turn: Turn, matter: Matter) -> Place:
    """Where it is; whoever only follows what happened in another home hears the building."""
    at_home = matter.room or matter.floor
    follows = authority.is_follower(turn, matter) and not authority.is_reporter(turn, matter)
    if at_home and follows and authority.acting_post(turn, matter, "see") is None:
        return Place(building=matter.building)
    return Place(matter.building, matter.unit, matter.floor, matter.room, matter.spot)


def _one(turn: Turn, matter: Matter) -> Reply:
    """With its phases and their times in private; in a group only how it stands."""
    state = rules.lifecycle(turn.catalog, matter.kind).states[matter.state]
    owner = cards.owner(turn, matter)
    values: dict[str, object] = {
        "matter": matter,
        "state": state.name,
        "owner": owner,
        "late": matter.deadline is not None and matter.deadline < turn.now and matter.state not in ENDED,
        "now": turn.now,
        "phases": [],
        "mine": authority.is_reporter(turn, matter),
        "place": _place(turn, matter),
    }
    if turn.in_group:
        return Reply("desk/progress_group", values, about=matter.number)
    values["phases"] = _phases(turn, matter)
    values["grid"] = grids.get(turn.session, matter.grid_id)
    return Reply("desk/progress", values, about=matter.number)
