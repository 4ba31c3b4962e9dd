"""复盘: minute by minute against the plan's marks, and why the slowest hop was slow; asked for, or sent at the end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter

from bot.errors import UserMistake
from bot.message import Address, Lane, Reply
from bot.router import Router
from bot.turn import Scene, Turn
from handlers.mobilizing import hindsight
from handlers.mobilizing.hindsight import NEVER, Course, Hop, Reached, terms
from handlers.notices import whose
from handlers.people import authority, passes
from storage import grids, journal, musters, notices, people, replay, timers
from storage.census import CENSUS, Completeness
from storage.grids import Grid
from storage.notices import Notice
from storage.timers import Timer

router = Router()

ORDER = "after_action"
ENDED = "after_action"
"""The timer at which those in charge are told how it went."""
KINDS = (*musters.KINDS, CENSUS)
"""What is told of by itself, and found without its number."""


@router.order(ORDER)
def look_back(turn: Turn) -> list[Reply]:
    """复盘 1041: how it went in the speaker's part of the tree, or how it goes, with a pass to its board."""
    if turn.in_group:
        if not turn.posts:
            return []  # a word like any other among neighbours
        raise UserMistake("after/in_private")
    notice = _meant(turn)
    part = whose.part_of(turn, notice) if notice and notice.released_at else None
    if notice is None or part is None:
        raise UserMistake("after/unknown")
    of = hindsight.course(turn, notice)
    hops, former = hindsight.all_hops(of), hindsight.before(turn, of)
    journal.note(
        turn.session, turn.now, "after_action", matter_id=notice.number, grid_id=part.id, account_id=turn.speaker().id
    )
    return [Reply("after/report", told(turn, of, hops, former, part), about=notice.number)]


def _meant(turn: Turn) -> Notice | None:
    """The one that was named or quoted, else the newest muster or census of the speaker's places."""
    number = turn.order.number if turn.order and turn.order.number else turn.quoted
    if number is not None:
        return notices.find(turn.session, number)
    tops = [grid.code for _, grid in authority.seated(turn, turn.posts, "see")]
    found = [one for code in tops if (one := replay.newest(turn.session, code, KINDS))]
    return max(found, key=attrgetter("number"), default=None)


def ended(scene: Scene, number: int) -> None:
    """It is over: those in charge hear how it went, once this is committed."""
    timers.arm(scene.session, ENDED, number, scene.now)


@router.timer(ENDED)
def tell(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Each hears of the own part: whoever ordered it of all, the leads of their streets and communities."""
    replies: list[Reply] = []
    for timer in due:
        notice = notices.find(scene.session, timer.about)
        if notice is None or notice.released_at is None:
            continue
        of = hindsight.course(scene, notice)
        hops, former = hindsight.all_hops(of), hindsight.before(scene, of)
        shown: dict[int, dict[str, object]] = {}
        for to, grid_id in _concerned(scene, of).items():
            if grid_id not in shown:
                shown[grid_id] = told(scene, of, hops, former, grids.get(scene.session, grid_id))
            replies.append(Reply("after/report", shown[grid_id], to=to, lane=Lane.DUTY, about=notice.number))
    return replies


def _concerned(scene: Scene, of: Course) -> dict[Address, int]:
    """Who is told, and of which grid: the highest of theirs."""
    notice = of.notice
    accounts = dict.fromkeys(one for one in (notice.released_by, notice.account_id, notice.approved_by) if one)
    found: dict[Address, int] = {}
    for account in (people.get_account(scene.session, one) for one in accounts):
        found[Address(account.channel, account.external, private=True)] = of.top.id
    for seat in replay.leading(scene.session, of.top.code, terms(scene.catalog).leads, scene.now):
        code = of.grids[seat.grid_id].code if seat.grid_id in of.grids else ""
        if code and (of.below(code) or of.homes_below(code) != Completeness()):
            found.setdefault(Address(seat.channel, seat.external, private=True), seat.grid_id)
    return found


def told(scene: Scene, of: Course, hops: Sequence[Hop], former: Sequence[Course], part: Grid) -> dict[str, object]:
    """What the message says of one subtree."""
    rows, answers = terms(scene.catalog), of.below(part.code)
    slow = hindsight.slowest(hops, part.code)
    return {
        "notice": of.notice,
        "kind": rows.kinds[of.notice.kind],
        "part": part,
        "going": of.going,
        "began": of.began,
        "ended": of.now,
        "lasts": partial(hindsight.in_words, rows.lasts),
        "seconds": round(of.seconds),
        "homes": of.homes_below(part.code) if of.asks_homes else None,
        "gathers": of.gathers,
        "tally": hindsight.tally(answers, of.seconds),
        "guests": of.guests(part.code),
        "lent": of.lent(part.code),
        "marks": [] if of.asks_homes else hindsight.at_marks(of, answers),
        "levels": [
            (level.name, hindsight.tally(level.answers, of.seconds)) for level in hindsight.levels(of, part.code)
        ],
        "first": _seconds(hindsight.reached(answers, rows.goal, attrgetter("acknowledged"))),
        "there": _seconds(hindsight.reached(answers, rows.goal, attrgetter("arrived"))),
        "goal": rows.goal,
        "slow": [_shown(hop, rows.why) for hop in slow[: rows.slowest]],
        "more": max(0, len(slow) - rows.slowest),
        "past": hindsight.compared(of, former, part.code),
        "link": link(scene, of.notice.number, part),
        "hours": rows.link_hours,
    }


def _seconds(found: Reached) -> dict[str, int | None]:
    """Whole seconds; None for what has not happened."""
    return {"first": whole(found.first), "goal": whole(found.goal)}


def whole(seconds: float) -> int | None:
    """Whole seconds; None for never."""
    return None if seconds == NEVER else round(seconds)


def _shown(hop: Hop, why: dict[str, str]) -> dict[str, object]:
    return {
        "grid": hop.grid,
        "why": why[hop.why],
        "kind": hop.why,
        "silent": hop.tally.silent,
        "absent": hop.tally.expected - hop.tally.arrived,
        "missing": hop.missing,
        "answered": hop.answered,
        "heard": whole(hop.heard),
        "gathered": whole(hop.gathered),
        "roles": hop.roles,
    }


def page(number: int) -> str:
    """What a pass to the board of this notice opens."""
    return f"board {number}"


def link(scene: Scene, number: int, part: Grid) -> str:
    """The board's address for whoever may see this part of the tree, good for some hours."""
    secret = passes.secret_of(scene.session, scene.settings)
    lasts = timedelta(hours=terms(scene.catalog).link_hours)
    key = passes.signed(page(number), str(part.id), scene.now, lasts, secret)
    return f"{scene.settings.site}/board/{number}?k={key}"


def part_opened(number: int, key: str, now: datetime, secret: str) -> int | None:
    """The grid whose part this pass shows now; None when it opens nothing. No statement: whoever watches asks often."""
    part = passes.opens(page(number), key, now, secret)
    return int(part) if part and part.isdecimal() else None
