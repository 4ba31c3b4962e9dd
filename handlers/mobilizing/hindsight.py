"""What happened, minute by minute: of everybody called and every household asked, per hop and level, without names."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import msgspec

from bot.catalog import Catalog
from bot.errors import CatalogError
from bot.turn import Scene
from handlers.mobilizing import plans
from storage import census, grids, musters, replay
from storage.census import CENSUS, Completeness, Part
from storage.grids import Grid
from storage.musters import Tally
from storage.notices import GOING, Notice
from storage.replay import Called, Doing

FILE = "after_action.toml"
NEVER = math.inf
AFTER = ":"
"""Follows every digit: the end of a subtree's range of codes."""
MINUTE = 60.0
POINTS = 240
"""Moments at which a curve is looked at."""
LONGEST = 24 * 60
"""Minutes after which a notice is no longer told minute by minute."""


class Lasts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A length of time, by its largest part."""

    seconds: str
    minutes: str
    hours: str
    days: str


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """after_action.toml."""

    marks: tuple[int, ...]
    goal: float
    leads: tuple[str, ...]
    link_hours: int
    slowest: int
    stuck: int
    listed: int
    branches: int
    earlier: int
    why: dict[str, str]
    sheets: dict[str, str]
    heads: dict[str, tuple[str, ...]]
    rows: dict[str, str]
    kinds: dict[str, str]
    doings: dict[str, str]
    lasts: Lasts


class Answer(NamedTuple):
    """One post that was called, and when, in seconds since the release; NEVER where it has not happened."""

    grid_id: int
    code: str
    role: str
    called: float
    acknowledged: float
    underway: float
    arrived: float
    declined: float
    handed: bool
    unreached: bool
    expected: float = NEVER
    """When somebody under way said to be there."""
    helps: str = ""
    """The code of the grid to which they were sent; they count where they were called, as before."""


@dataclass(frozen=True, slots=True)
class Course:
    """All of one notice, looked up once; everything that is shown of it is cut from here."""

    notice: Notice
    top: Grid
    now: datetime
    """The moment until which it is told: the end, or now."""
    marks: tuple[int, ...]
    answers: Sequence[Answer]
    """In the order of the grids' codes."""
    codes: Sequence[str]
    """Of the answers."""
    homes: Mapping[int, Completeness]
    """Of a census: how far each grid has come."""
    grids: Mapping[int, Grid]
    empty: Sequence[Grid]
    """Grids in which the plan needs somebody and nobody could be called."""
    doings: Sequence[Doing]

    @property
    def began(self) -> datetime:
        """When it was released."""
        return self.notice.released_at or self.now

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return max(0.0, (self.now - self.began).total_seconds())

    @property
    def going(self) -> bool:
        """Whether it is still on its way."""
        return self.notice.state == GOING

    @property
    def asks_homes(self) -> bool:
        """Whether it counts households and not people."""
        return self.notice.kind == CENSUS

    @property
    def gathers(self) -> bool:
        """Whether people come to a place: then being on site is counted."""
        return self.notice.kind in musters.KINDS

    def below(self, code: str) -> Sequence[Answer]:
        """Those called in the subtree; all of them are `answers` itself."""
        if code == self.top.code:
            return self.answers
        return self.answers[bisect_left(self.codes, code) : bisect_left(self.codes, code + AFTER)]

    def guests(self, code: str) -> Tally:
        """How far those have come who were sent here from elsewhere: they are none of ours and not in our figures."""
        return tally(
            (one for one in self.answers if one.helps.startswith(code) and not one.code.startswith(code)), self.seconds
        )

    def lent(self, code: str) -> int:
        """How many of ours were sent elsewhere."""
        return sum(bool(one.helps) and not one.helps.startswith(code) for one in self.below(code))

    def homes_below(self, code: str) -> Completeness:
        """How far a census has come in the subtree."""
        return sum(
            (done for grid_id, done in self.homes.items() if self.grids[grid_id].code.startswith(code)), Completeness()
        )


@dataclass(frozen=True, slots=True)
class Hop:
    """One grid in which somebody was called, or should have been."""

    grid: Grid
    tally: Tally
    handed: int
    unreached: int
    first: float
    """Seconds until the first of them answered."""
    heard: float
    """Until all had answered."""
    gathered: float
    """Until all who are expected were on site."""
    why: str
    """A key of [why] in after_action.toml; empty where nothing was slow."""
    roles: tuple[str, ...] = ()
    """Of those who are wanting."""
    missing: int = 0
    """Of a census: households of which nothing is known."""
    answered: int = 0
    """Of a census: doors that answered where no table tells how many there are."""

    @property
    def stuck(self) -> bool:
        """Whether somebody is still wanting there."""
        return self.why in STUCK

    @property
    def weight(self) -> tuple[bool, int, int, float]:
        """The slower, the larger."""
        nobody = self.tally.acknowledged == 0
        wanting = self.tally.expected - self.tally.arrived
        slowest = self.gathered if self.gathered < NEVER else self.heard if self.heard < NEVER else 0.0
        return (nobody and self.why in STUCK, self.tally.silent + self.missing, wanting, slowest)


@dataclass(frozen=True, slots=True)
class AtMark:
    """How far it had come at one mark; None where that is still to come, or it ended before."""

    minute: int
    tally: Tally | None
    doings: Mapping[str, int] = field(default_factory=dict[str, int])
    """What the clock did then, by act; told of the whole only."""


@dataclass(frozen=True, slots=True)
class Level:
    """All who were called at one depth of the tree."""

    name: str
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Branch:
    """One grid right below the top, with all below it."""

    grid: Grid
    tally: Tally
    homes: Completeness
    stuck: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """How many there were at each of some moments."""

    seconds: tuple[float, ...]
    expected: tuple[int, ...]
    acknowledged: tuple[int, ...]
    arrived: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """Seconds until the first, and until nearly all; NEVER where that has not happened."""

    first: float
    goal: float


STUCK = ("nobody", "unreached", "silent", "declined", "absent", "missing", "no_table")
"""What still wants somebody to do something; the rest was only slow."""


def terms(catalog: Catalog) -> Terms:
    """How a notice is looked back upon."""
    return catalog.read(FILE, Terms)


def in_words(says: Lasts, seconds: float | None) -> str:
    """How long, as people say it: to the second within an hour, to the minute from then on; nothing for never."""
    if seconds is None or seconds == NEVER:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    form = says.days if days else says.hours if hours else says.minutes if minutes else says.seconds
    return form.format(days=days, hours=hours, minutes=minutes, seconds=rest)


def course(scene: Scene, notice: Notice, *, only_answers: bool = False) -> Course:
    """Look up all that happened until it ended, or until now; of an earlier one perhaps only the answers."""
    session, number = scene.session, notice.number
    top = grids.get(session, notice.grid_id)
    began = notice.released_at or scene.now
    plan = _plan(scene, notice)
    found = {one.id: one for one in replay.tree(session, top.code)} | {top.id: top}
    rows = replay.called(session, number) if notice.kind != CENSUS else []
    unknown = {one.grid_id for one in rows} - set(found)
    found |= grids.by_ids(session, unknown)
    moved = replay.before_moving(session, number)
    lost = replay.unreached(session, number) if rows and not only_answers else set[int]()
    since = began.timestamp()
    home = replay.lent(session, number) if rows else {}
    found |= grids.by_ids(session, set(home.values()) - set(found))
    answers = [_answer(one, since, found, moved, lost, home) for one in rows]
    if home:
        answers.sort(key=attrgetter("code"))
    return Course(
        notice=notice,
        top=top,
        now=notice.ended_at or notice.stopped_at or scene.now,
        marks=tuple(mark.minute for mark in plan.marks) if plan else terms(scene.catalog).marks,
        answers=answers,
        codes=[one.code for one in answers],
        homes=_homes(scene, notice, top, found),
        grids=found,
        empty=_empty(scene, notice, plan, found.values(), rows) if plan and not only_answers else (),
        doings=replay.doings(session, number) if not only_answers else (),
    )


def _plan(scene: Scene, notice: Notice) -> plans.Plan | None:
    """The plan as it is written today; None where there is none any more."""
    if not notice.plan or notice.kind not in musters.KINDS:
        return None
    try:
        return plans.read(scene.catalog, notice.plan)
    except CatalogError:
        return None


def _answer(
    one: Called,
    began: float,
    found: Mapping[int, Grid],
    moved: Mapping[tuple[int, str], float],
    lost: set[int],
    home: Mapping[int, int],
) -> Answer:
    account, at, role, called, acknowledged, underway, arrived, declined, expected, stand_in = one
    if moved:
        called = min(called, moved.get((account, "acknowledged"), called))
        acknowledged = moved.get((account, "acknowledged"), acknowledged)
        underway = moved.get((account, "underway"), underway)
        arrived = moved.get((account, "arrived"), arrived)
    grid_id = home.get(account, at)
    return Answer(
        grid_id,
        found[grid_id].code,
        role,
        _since(began, called),
        _since(began, acknowledged),
        _since(began, underway),
        _since(began, arrived),
        _since(began, declined),
        stand_in is not None,
        account in lost,
        _since(began, expected),
        found[at].code if at != grid_id else "",
    )


def _since(began: float, moment: float | None) -> float:
    """Seconds, as fine as both databases tell them."""
    return NEVER if moment is None else max(0.0, round(moment - began, 3))


def _homes(scene: Scene, notice: Notice, top: Grid, found: Mapping[int, Grid]) -> Mapping[int, Completeness]:
    if notice.kind != CENSUS:
        return {}
    each = census.by_grid(scene.session, notice.number, Part(top.code))
    return {grid_id: done for grid_id, done in each.items() if grid_id in found}


def _empty(
    scene: Scene, notice: Notice, plan: plans.Plan, subtree: Iterable[Grid], rows: Sequence[Called]
) -> list[Grid]:
    """The grids of the levels that the plan cannot do without in which nobody was called, there or elsewhere."""
    levels = plans.terms(scene.catalog).levels
    began = notice.released_at or scene.now
    top = grids.get(scene.session, notice.grid_id)
    every, empty = list(subtree), dict[int, Grid]()
    for call in plan.calls:
        if not call.needed:
            continue
        held = {one.grid_id for one in rows if one.role in call.roles}
        wanting = [
            one
            for one in every
            if one.level in levels[call.level] and one.id not in held and one.code.startswith(top.code)
        ]
        if wanting:
            held |= replay.covered(scene.session, notice.number, call.roles, began)
        empty |= {one.id: one for one in wanting if one.id not in held}
    return sorted(empty.values(), key=attrgetter("code"))


def tally(answers: Iterable[Answer], seconds: float) -> Tally:
    """How far they had come so many seconds after the release."""
    expected = silent = acknowledged = underway = arrived = declined = 0
    for one in answers:
        if one.called > seconds:
            continue
        if one.declined <= seconds:
            declined += 1
            continue
        expected += 1
        if one.arrived <= seconds:
            arrived += 1
            acknowledged += 1
        elif one.acknowledged <= seconds:
            acknowledged += 1
            underway += one.underway <= seconds
        else:
            silent += 1
    return Tally(expected, silent, acknowledged, underway, arrived, declined)


def curve(answers: Sequence[Answer], seconds: float, points: int = POINTS) -> Curve:
    """How many were expected, had acknowledged and were on site, at even steps from the release on."""
    said = [(min(one.acknowledged, one.arrived), one.arrived, one.declined) for one in answers]
    called = sorted(one.called for one in answers)
    left = sorted(one.declined for one in answers)
    acknowledged = sorted(first for first, _, no in said if first < no)
    there = sorted(at for _, at, no in said if at < no)
    took_back = sorted(no for first, _, no in said if first < no < NEVER)
    went = sorted(no for _, at, no in said if at < no < NEVER)
    moments = tuple(seconds * at / points for at in range(points + 1))

    def many(come: Sequence[float], gone: Sequence[float]) -> tuple[int, ...]:
        return tuple(bisect_right(come, at) - bisect_right(gone, at) for at in moments)

    return Curve(moments, many(called, left), many(acknowledged, took_back), many(there, went))


def homes_curve(scene: Scene, of: Course, code: str, seconds: float) -> Curve:
    """Of a census: how many households were accounted for, minute by minute."""
    wanted = of.homes_below(code).expected
    moments, many, so_far = [0.0], [0], 0
    for minute, answered in replay.by_minute(scene.session, of.notice.number, code, listed=wanted > 0):
        so_far += answered
        at = min(seconds, max(0.0, (minute - of.began).total_seconds() + MINUTE))
        moments.append(at)
        many.append(so_far)
    if moments[-1] < seconds:
        moments.append(seconds)
        many.append(so_far)
    return Curve(tuple(moments), (wanted,) * len(moments), tuple(many), (0,) * len(moments))


def reached(answers: Sequence[Answer], goal: float, step: Callable[[Answer], float]) -> Reached:
    """When the first and when the wanted share of those expected at last had taken a step."""
    expected = [one for one in answers if one.declined == NEVER]
    taken = sorted(step(one) for one in expected)
    if not taken:
        return Reached(NEVER, NEVER)
    first = next((at for at in taken if at > 0), taken[0])  # whoever gave the order knew at once
    return Reached(first, taken[math.ceil(goal * len(taken)) - 1])


def all_hops(of: Course) -> list[Hop]:
    """Every hop there was, in the order of codes."""
    if of.asks_homes:
        return _hops_of_homes(of)
    found = [_hop(of, of.grids[grid_id], list(some)) for grid_id, some in groupby(of.answers, attrgetter("grid_id"))]
    held = {hop.grid.id for hop in found}
    nobody = Tally()
    found += [
        Hop(one, nobody, 0, 0, NEVER, NEVER, NEVER, "nobody", missing=1) for one in of.empty if one.id not in held
    ]
    return sorted(found, key=lambda hop: hop.grid.code)


def slowest(hops: Sequence[Hop], code: str) -> list[Hop]:
    """Those of the subtree in which anything was slow, the slowest first."""
    low, high = (bisect_left(hops, end, key=lambda hop: hop.grid.code) for end in (code, code + AFTER))
    return sorted((hop for hop in hops[low:high] if hop.why), key=attrgetter("weight"), reverse=True)


def _hop(of: Course, grid: Grid, some: Sequence[Answer]) -> Hop:
    now = tally(some, of.seconds)
    heard = gathered = 0.0
    first, handed, unreached, wanting = NEVER, 0, 0, list[str]()
    for one in some:
        at = min(one.acknowledged, one.arrived)
        said = min(at, one.declined)
        first, heard, handed = min(first, said), max(heard, said), handed + one.handed
        if one.declined > of.seconds:
            gathered = max(gathered, one.arrived)
            if at > of.seconds:
                unreached += one.unreached
                wanting.append(one.role)
    if not of.gathers or not now.expected:
        gathered = NEVER
    why = _why(of, now, heard, gathered, handed=handed, unreached=unreached)
    if why == "absent":
        wanting = [one.role for one in some if one.arrived > of.seconds and one.declined > of.seconds]
    roles = tuple(role for role in dict.fromkeys(wanting) if role)
    return Hop(grid, now, handed, unreached, first, heard, gathered, why, roles)


def _why(of: Course, now: Tally, heard: float, gathered: float, *, handed: int, unreached: int) -> str:
    """Why a hop was slow, the gravest reason first; nothing where it was not."""
    if now.silent:
        return "unreached" if unreached == now.silent else "silent"
    if not now.expected:
        return "handed" if handed else "declined"
    if of.gathers and now.arrived < now.expected and (of.going or of.seconds >= of.marks[-1] * MINUTE):
        return "absent"
    if handed:
        return "handed"
    if heard > of.marks[0] * MINUTE:
        return "late"
    if of.gathers and NEVER > gathered > of.marks[-1] * MINUTE:
        return "coming_late"
    return ""


def _hops_of_homes(of: Course) -> list[Hop]:
    found = [
        Hop(
            of.grids[grid_id],
            Tally(),
            0,
            0,
            NEVER,
            NEVER,
            NEVER,
            "missing" if done.missing else "no_table" if done.bare else "",
            missing=done.missing,
            answered=done.heard if done.bare else 0,
        )
        for grid_id, done in of.homes.items()
        if done.expected or done.bare
    ]
    return sorted(found, key=lambda hop: hop.grid.code)


def at_marks(of: Course, answers: Sequence[Answer]) -> tuple[AtMark, ...]:
    """How far it had come at each mark of the plan, and what was done until then."""
    found: list[AtMark] = []
    for minute in of.marks:
        passed = minute * MINUTE <= of.seconds
        done = _done_at(of, minute) if answers is of.answers else {}
        found.append(AtMark(minute, tally(answers, minute * MINUTE) if passed else None, done))
    return tuple(found)


def home_marks(of: Course, homes: Curve) -> tuple[AtMark, ...]:
    """Of a census: how many households were accounted for at each mark."""
    found: list[AtMark] = []
    for minute in of.marks:
        at = bisect_right(homes.seconds, minute * MINUTE) - 1
        passed = minute * MINUTE <= of.seconds
        wanted, answered = homes.expected[at], homes.acknowledged[at]
        found.append(AtMark(minute, Tally(wanted, wanted - answered, answered) if passed else None))
    return tuple(found)


def _done_at(of: Course, minute: int) -> dict[str, int]:
    """What the clock did at a mark, by act."""
    begins, ends = minute * MINUTE, (minute + 1) * MINUTE
    done: dict[str, int] = {}
    for one in of.doings:
        if one.act in ("remind", "ring") and begins <= (one.at - of.began).total_seconds() < ends:
            done[one.act] = done.get(one.act, 0) + one.many
    return done


def levels(of: Course, code: str) -> list[Level]:
    """Every depth of the subtree in which somebody was called, the highest first."""
    by_depth: dict[int, list[Answer]] = {}
    for one in of.below(code):
        by_depth.setdefault(of.grids[one.grid_id].depth, []).append(one)
    return [Level(of.grids[some[0].grid_id].level, some) for _, some in sorted(by_depth.items())]


def branches(of: Course, top: Grid, slow: Sequence[Hop]) -> list[Branch]:
    """Each grid right below, how far it has come, and its stuck hops, the slowest first; in the order of codes."""
    children = sorted((one for one in of.grids.values() if one.parent_id == top.id), key=attrgetter("code"))
    long = len(children[0].code) if children else 0
    by_code = {one.code: one for one in children}
    ragged = any(len(one.code) != long for one in children)

    def child(code: str) -> str | None:
        if ragged:
            return next((one for one in by_code if code.startswith(one)), None)
        return code[:long] if code[:long] in by_code else None

    answers: dict[str, list[Answer]] = {}
    for one in of.below(top.code) if children else ():
        if (at := child(one.code)) is not None:
            answers.setdefault(at, []).append(one)
    homes: dict[str, Completeness] = {}
    for grid_id, done in of.homes.items() if children else ():
        if (at := child(of.grids[grid_id].code)) is not None:
            homes[at] = homes.get(at, Completeness()) + done
    stuck: dict[str, list[Hop]] = {}
    for hop in slow:
        if hop.stuck and (at := child(hop.grid.code)) is not None:
            stuck.setdefault(at, []).append(hop)
    return [
        Branch(
            by_code[code],
            tally(answers.get(code, ()), of.seconds),
            homes.get(code, Completeness()),
            tuple(stuck.get(code, ())),
        )
        for code in by_code
        if code in answers or code in homes or code in stuck
    ]


def lineage(of: Course, grid: Grid, top: Grid) -> list[Grid]:
    """The grids between the top and this one, the highest first; neither of them."""
    found: list[Grid] = []
    above = of.grids.get(grid.parent_id) if grid.parent_id is not None else None
    while above is not None and above.id != top.id and above.code.startswith(top.code):
        found.append(above)
        above = of.grids.get(above.parent_id) if above.parent_id is not None else None
    return found[::-1]


def pending(of: Course, answers: Iterable[Answer]) -> list[datetime]:
    """When those under way said to be there."""
    return [
        of.began + timedelta(seconds=one.expected)
        for one in answers
        if one.expected < NEVER and one.arrived > of.seconds and one.declined > of.seconds
    ]


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier one of the same plan and place, at the same marks."""

    notice: Notice
    expected: int
    marks: tuple[AtMark, ...]
    lasted: int
    """Seconds."""
    tally: Tally
    """At its end."""


def before(scene: Scene, of: Course) -> list[Course]:
    """The last ones of the same kind, plan and grid, the newest first."""
    if of.asks_homes or not of.notice.plan:
        return []
    found = replay.earlier(scene.session, of.notice, terms(scene.catalog).earlier)
    return [course(scene, one, only_answers=True) for one in found]


def compared(of: Course, former: Sequence[Course], code: str) -> list[Past]:
    """The same subtree at the same marks, then; None at a mark that it did not last to."""
    found: list[Past] = []
    for one in former:
        answers = one.below(code)
        if answers:
            marks = tuple(
                AtMark(minute, tally(answers, minute * MINUTE) if minute * MINUTE <= one.seconds else None)
                for minute in of.marks
            )
            at_end = tally(answers, one.seconds)
            found.append(Past(one.notice, at_end.expected, marks, round(one.seconds), at_end))
    return found
