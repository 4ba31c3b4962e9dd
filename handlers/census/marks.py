"""The clock of a census: at its marks each leader hears who is missing, in door order; at its end, what it came to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.message import Address, Button, Lane, Reply
from bot.router import Router
from bot.turn import Scene
from handlers.census import needs as census_needs
from handlers.census.reading import grammar
from handlers.census.rules import Mark, rules
from handlers.mobilizing import after_action
from handlers.notices import release, whose
from handlers.people import duty
from storage import census, chats, grids, journal, notices, people, posts, timers
from storage.census import LOOK, CensusRun, Completeness, Door, Part, Voice
from storage.chats import Chat
from storage.grids import Grid
from storage.notices import GOING, Notice
from storage.posts import Seat
from storage.timers import Timer

router = Router()

FORGET = "census_forget"
AT_ONCE = 40
"""Grids that one transaction speaks to."""
OVER = 1_000_000
"""The mark of a census that is over: everybody hears the end of it."""
DIFFER = 5
"""Contradictions that the result shows."""
END = Mark(minutes=0, groups=True, leaders=True)


@dataclass(frozen=True, slots=True)
class Stair:
    """The missing doors of one stairwell, in the order in which one walks."""

    building: str
    unit: str
    rooms: tuple[str, ...]


@router.timer(LOOK)
def look(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Say what is to be said now, piece by piece, and look again."""
    return [reply for timer in due for reply in _look(scene, timer.about)]


def _look(scene: Scene, number: int) -> list[Reply]:
    run, notice = census.run_of(scene.session, number), notices.find(scene.session, number)
    if run is None or notice is None or run.began_at is None or run.ends_at is None:
        return []
    over = run.mark >= OVER
    if notice.state != GOING and not over:
        return []  # stopped by hand: nothing more of it is said
    replies = _from_paper(scene, notice) if run.paper else []
    if not over and scene.now >= run.ends_at:
        return [*replies, *finish(scene, notice, by=None)]
    table = rules(scene.catalog)
    passed = [at for at, mark in enumerate(table.mark) if run.began_at + timedelta(minutes=mark.minutes) <= scene.now]
    at = OVER if over else max(run.mark, passed[-1]) if passed and passed[-1] >= run.mark else None
    if at is None:
        _look_again(scene, run, run.mark)
        return replies
    mark = END if over else table.mark[at]
    upto = run.upto if at == run.mark or over else ""
    said, last = _piece(scene, notice, mark, upto)
    if last:
        census.change(scene.session, number, mark=at, upto=last)
        timers.arm(scene.session, LOOK, number, scene.now)
    elif over:
        timers.arm(scene.session, FORGET, number, scene.now + timedelta(days=table.keep_words_days))
    else:
        _note(
            scene, notice, "census_mark", census.completeness(scene.session, number, whose.grid_of(scene, notice).code)
        )
        census.change(scene.session, number, mark=at + 1, upto="")
        _look_again(scene, run, at + 1)
    return [*replies, *said]


def _look_again(scene: Scene, run: CensusRun, mark: int) -> None:
    """At the next mark, or at the end."""
    marks = rules(scene.catalog).mark
    due = run.ends_at
    if mark < len(marks) and run.began_at is not None:
        due = run.began_at + timedelta(minutes=marks[mark].minutes)
    if due is not None:
        timers.arm(scene.session, LOOK, run.notice, due)


def _piece(scene: Scene, notice: Notice, mark: Mark, after: str) -> tuple[list[Reply], str]:
    """What the next grids and their leaders hear, and the code of the last of them; empty when none is left."""
    top = whose.grid_of(scene, notice)
    piece = census.next_grids(scene.session, top.code, after, AT_ONCE)
    if not piece:
        return [], ""
    part = Part(top.code, tuple(one.id for one in piece))
    done = census.by_grid(scene.session, notice.number, part)
    replies: list[Reply] = []
    if mark.groups:
        since = None if mark is END else _last_said(scene, notice.number, mark)
        news = census.heard_since(scene.session, notice.number, part, since) if since else None
        replies += _to_groups(scene, notice, piece, done, over=mark is END, news=news)
    if mark.leaders:
        replies += _to_leaders(scene, notice, piece, done, part, over=mark is END)
    return replies, piece[-1].code


def _last_said(scene: Scene, number: int, mark: Mark) -> datetime | None:
    """When the groups last heard how many have answered; None before the first time."""
    run = census.run_of(scene.session, number)
    before = [one.minutes for one in rules(scene.catalog).mark if one.groups and one.minutes < mark.minutes]
    return run.began_at + timedelta(minutes=before[-1]) if run and run.began_at and before else None


def _to_groups(
    scene: Scene,
    notice: Notice,
    piece: Sequence[Grid],
    done: Mapping[int, Completeness],
    *,
    over: bool,
    news: Collection[str] | None = None,
) -> list[Reply]:
    """One line in each group that has answered, with something new since it last heard one; and a thank-you."""
    groups = {chat.grid_id: chat for chat in chats.bound_to(scene.session, [one.id for one in piece], "residents")}
    replies: list[Reply] = []
    for one in piece:
        chat = groups.get(one.id)
        if chat is None or (news is not None and not any(code.startswith(one.code) for code in news)):
            continue
        here = done.get(one.id, Completeness())
        if one.id not in census.expected(scene.session):
            here = census.completeness(scene.session, notice.number, one.code)
        if here.answered + here.unlisted + here.unplaced:
            replies.append(_to_group(notice, chat, here, over=over))
    return replies


def _to_group(notice: Notice, chat: Chat, done: Completeness, *, over: bool) -> Reply:
    values = {"notice": notice, "count": done.answered + done.unlisted, "more": done.unplaced}
    template = "census/group_over" if over else "census/group"
    return Reply(template, values, to=Address(chat.channel, chat.external), lane=Lane.DUTY, about=notice.number)


def _to_leaders(
    scene: Scene,
    notice: Notice,
    piece: Sequence[Grid],
    done: Mapping[int, Completeness],
    part: Part,
    *,
    over: bool,
) -> list[Reply]:
    """Who is missing, to whoever leads each grid; nothing where nobody is."""
    session = scene.session
    missing = _by_grid(census.missing(session, notice.number, part, AT_ONCE * census.REGISTER_MOST))
    tried = census.tried(session, notice.number, part)
    differ: dict[int, list[list[Voice]]] = {}
    for voices in census.conflicts(session, notice.number, part, AT_ONCE * 10):
        differ.setdefault(voices[0].grid_id, []).append(voices)
    posts.look_up_seats(session, grids.with_all_above(session, [one.id for one in piece]))
    replies: list[Reply] = []
    unlisted: dict[Address, list[tuple[Grid, Completeness]]] = {}
    for one in piece:
        here = done.get(one.id, Completeness())
        if here.bare and (seat := leader(scene, one)) is not None:
            unlisted.setdefault(duty.address(seat), []).append((one, here))
        doors, voices = missing.get(one.id, []), differ.get(one.id, [])
        seat = leader(scene, one) if doors or voices else None
        if seat is not None:
            replies.append(
                missing_list(scene, notice, one, here, doors, tried, voices, over=over, to=duty.address(seat))
            )
    return replies + [_unlisted(notice, to, places, over=over) for to, places in unlisted.items()]


def _unlisted(notice: Notice, to: Address, places: Sequence[tuple[Grid, Completeness]], *, over: bool) -> Reply:
    """Where no table tells who is missing, whoever leads hears what has answered, and what would help."""
    done = sum((each for _, each in places), Completeness())
    values = {"notice": notice, "places": places, "done": done, "over": over}
    return Reply("census/missing_bare", values, to=to, lane=Lane.DUTY, about=notice.number)


def leader(scene: Scene, grid: Grid) -> Seat | None:
    """Who answers for a grid's doors: the first who may handle there, else the nearest above."""
    able = duty.able(scene.catalog, duty.over(scene, grid).seats, "handle")
    on_duty = duty.over(scene, grid)
    return min(able, key=lambda seat: (on_duty.level_of(seat), seat.seat, seat.id), default=None)


def missing_list(
    scene: Scene,
    notice: Notice,
    grid: Grid,
    done: Completeness,
    doors: Sequence[Door],
    tried: set[int],
    voices: Sequence[Sequence[Voice]],
    *,
    over: bool = False,
    to: Address | None = None,
    start: int = 0,
) -> Reply:
    """Who is missing in one grid from the door at `start` on, by stairwells, and what contradicts itself there."""
    most = rules(scene.catalog).whole_list_most
    values: dict[str, object] = {
        "notice": notice,
        "grid": grid,
        "done": done,
        "stairs": stairs(doors[start : start + most]),
        "start": start,
        "more": max(0, len(doors) - start - most),
        "tried": [door for door in doors if door.id in tried],
        "differ": voices,
        "over": over,
    }
    rest = Button("census_rest", f"census_rest {notice.number} {grid.id}")
    again = Button("census_missing", f"census_missing {notice.number} {grid.id}")
    further = Button("census_further", f"census_missing {notice.number} {grid.id} {start + most}")
    buttons = () if over or not doors else (rest, again)
    if doors[start + most :]:
        buttons = (further, *buttons)
    return Reply("census/missing", values, to=to, buttons=buttons, lane=Lane.DUTY, about=notice.number)


def stairs(doors: Sequence[Door]) -> list[Stair]:
    """The doors in their order, those of one stairwell together."""
    found: dict[tuple[str, str], list[str]] = {}
    for door in doors:
        found.setdefault((door.building, door.unit), []).append(door.room)
    return [Stair(building, unit, tuple(rooms)) for (building, unit), rooms in found.items()]


def _by_grid(doors: Sequence[Door]) -> dict[int, list[Door]]:
    found: dict[int, list[Door]] = {}
    for door in doors:
        found.setdefault(door.grid_id, []).append(door)
    return found


def finish(scene: Scene, notice: Notice, *, by: int | None) -> list[Reply]:
    """It is over: whoever asked hears what it came to; groups and leaders follow, piece by piece."""
    ended = {"state": notices.ENDED, "ended_at": scene.now, "ended_why": "by_hand" if by else "until"}
    if not notices.change(scene.session, notice.number, only_if=(GOING,), **ended):
        return []
    release.silence(scene, notice)
    census.change(scene.session, notice.number, mark=OVER, upto="")
    timers.arm(scene.session, LOOK, notice.number, scene.now)
    top = whose.grid_of(scene, notice)
    done = census.completeness(scene.session, notice.number, top.code)
    _note(scene, notice, "census_end", done, by=by)
    after_action.ended(scene, notice.number)
    author = people.get_account(scene.session, notice.account_id)
    to = Address(author.channel, author.external, private=True)
    values: dict[str, object] = {
        "notice": notice,
        "grid": top,
        "done": done,
        "now": scene.now,
        "needs": census_needs.counted(scene, notice.number, top),
    }
    differ = census.conflicts(scene.session, notice.number, Part(top.code), DIFFER)  # doors are said in private only
    told = [Reply("census/over", {**values, "differ": differ}, to=to, lane=Lane.DUTY, about=notice.number)]
    return told if by is None or by == notice.account_id else [Reply("census/over", values, about=notice.number), *told]


def _note(scene: Scene, notice: Notice, act: str, done: Completeness, by: int | None = None) -> None:
    """How far it had come then: after-action figures are read from the journal."""
    journal.note(
        scene.session, scene.now, act, matter_id=notice.number, grid_id=notice.grid_id, account_id=by,
        why=f"{done.answered}/{done.expected}",
        detail=f"need {done.need} away {done.away} conflicts {done.conflicts} unlisted {done.unlisted} bare {done.bare}",
    )  # fmt: skip


def _from_paper(scene: Scene, notice: Notice) -> list[Reply]:
    """Needs that were written on paper become matters too."""
    rows = census.on_paper_in_need(scene.session, notice.number)
    replies: list[Reply] = []
    for row in rows:
        found = grammar(scene.catalog).needs_in(row.words) or (census_needs.OTHER,)
        census.looked_through(scene.session, row, found)
        replies += census_needs.from_paper(scene, notice, row, found)
    census.change(scene.session, notice.number, paper=0)
    return replies


@router.timer(FORGET)
def forget(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """The words of the answers are no longer needed."""
    for timer in due:
        census.forget_words(scene.session, timer.about)
    return []
