"""The kit for the day the channels fail: who rings whom, who serves, every door in walking order; and paper read back in."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from bot.catalog import Catalog
from bot.errors import SetupError
from bot.message import Reply
from bot.router import Router
from bot.turn import Scene
from handlers.people.faults import Fault, Faults, FaultTexts
from handlers.people.layout import Layout
from handlers.people.line import Line, Value
from handlers.slots import rules as slot_rules
from storage import census, grids, journal, kit, slots, timers
from storage.database import Database
from storage.grids import Grid
from storage.kit import Door, Member, Paper
from storage.session import Session
from storage.timers import Timer

router = Router()

TIMER = "kit"
AT_ONCE = 500
"""Answers that are entered in one transaction, so that no message waits for them."""
SHEET = "doors"
FIRST_ROW = 2
"""What is wrong above it is wrong with the whole file."""
Numbering = Callable[[Collection[int]], Mapping[int, int]]


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is printed."""

    title: str
    made: str
    secret: str
    steps: tuple[str, ...]
    contents: str
    sheet: str
    page: str
    tree: str
    upward: str
    calls: str
    then: str
    reached: str
    nobody: str
    roster: str
    roster_heads: tuple[str, ...]
    deputy: str
    doors: str
    door_heads: tuple[str, ...]
    building: str
    other_building: str
    unit: str
    asked_by: str
    no_doors: str
    night: str
    day: str
    war: str
    peace: str
    unsafe: str
    """What somebody needs of whom is only said that they are not safe."""


class Fetching(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a kit is asked for by word, and how long a link to it lasts."""

    words: tuple[str, ...]
    beside: tuple[str, ...]
    longest: int
    links: int
    link_hours: int


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """kit.toml."""

    hour: str
    again_minutes: int
    keep_days: int
    keep_words_days: int
    stale_days: int
    depth: int
    blank_rows: int
    ring: tuple[str, ...]
    above: tuple[str, ...]
    fetching: Fetching
    text: Texts


@dataclass(frozen=True, slots=True)
class Phone:
    """Somebody to ring."""

    where: str
    role: str
    name: str
    phone: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """Whom somebody rings, and who is rung when nobody answers."""

    first: Phone
    then: tuple[Phone, ...]


@dataclass(frozen=True, slots=True)
class Ring:
    """One caller with everybody to be rung."""

    caller: Phone
    then: tuple[Phone, ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who serves in one place."""

    where: str
    people: tuple[Phone, ...]


@dataclass(frozen=True, slots=True)
class DoorList:
    """One micro-grid's numbered sheet."""

    number: int
    where: str
    doors: tuple[Door, ...]
    blank: int
    """Empty lines at its end."""


@dataclass(frozen=True, slots=True)
class Kit:
    """Everything that is printed for one community."""

    code: str
    name: str
    made: str
    upward: tuple[Phone, ...]
    rings: tuple[Ring, ...]
    rosters: tuple[Roster, ...]
    doors: tuple[DoorList, ...]


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a file of paper answers."""

    faults: Sequence[Fault]
    fresh: Sequence[Paper]
    same: int
    """Doors of which the same had been entered before."""
    censuses: frozenset[int] = frozenset()
    """The censuses that the answers count for."""


def rules(catalog: Catalog) -> Rules:
    """What a community may set about its kit."""
    return catalog.read("kit.toml", Rules)


def keep_printing(session: Session, catalog: Catalog, now: datetime, zone: ZoneInfo) -> None:
    """See to it that the next kit is printed at its hour; called when the program starts."""
    if not timers.armed(session, TIMER, 0):
        timers.arm(session, TIMER, 0, _next_hour(rules(catalog), now, zone))


@router.timer(TIMER)
def due(scene: Scene, _: Sequence[Timer]) -> list[Reply]:
    """Ask for today's kit, forget what nobody needs any more, and look again tomorrow at the hour."""
    rows, zone = rules(scene.catalog), scene.settings.zone
    kit.want(scene.session, scene.now.astimezone(zone).date().isoformat(), scene.now)
    kit.forget(scene.session, scene.now - timedelta(days=rows.keep_words_days))
    slots.forget(scene.session, scene.now - timedelta(days=slot_rules.rules(scene.catalog).keep_days))
    timers.arm(scene.session, TIMER, 0, _next_hour(rows, scene.now, zone))
    return []


def _next_hour(rows: Rules, now: datetime, zone: ZoneInfo) -> datetime:
    today = datetime.combine(now.astimezone(zone).date(), time.fromisoformat(rows.hour), tzinfo=zone)
    return today if today > now else today + timedelta(days=1)


def kits(
    database: Database, catalog: Catalog, code: str, now: datetime, zone: ZoneInfo, number: Numbering
) -> Iterator[Kit]:
    """The kit of every community below this code, read in slices: nobody who speaks waits for it."""
    rows = rules(catalog)
    with database.reading() as session:
        top = grids.by_code(session, code) if code else grids.root(session)
        if top is None:
            raise SetupError(f"There is no grid with the code {code}; see: xiaoge org export")
        found = kit.communities(session, top.code, rows.depth) or [top]
    for community in found:
        yield _gathered(database, catalog, community, now, zone, number)


def _gathered(
    database: Database, catalog: Catalog, community: Grid, now: datetime, zone: ZoneInfo, number: Numbering
) -> Kit:
    rows = rules(catalog)
    roles = {role.code: role.name for role in catalog.roles.values()}
    with database.reading() as session:
        below = kit.below(session, community.code)
        above = grids.lineage(session, community)[1:]
        serving = kit.members(session, community.code, [grid.id for grid in above], now)
    doors: dict[int, list[Door]] = {}
    for grid in below:
        with database.reading() as session:
            doors[grid.id] = kit.doors(session, grid.id)
    parents = {grid.parent_id for grid in below}
    listed = [
        grid for grid in below if doors[grid.id] or (grid.id not in parents and not doors.get(grid.parent_id or 0))
    ]
    sheets = number([grid.id for grid in listed])
    people = _People(rows, roles, {grid.id: grid for grid in (*below, *above)}, serving)
    return Kit(
        code=community.code,
        name=community.name,
        made=rows.text.made.format(at=f"{now.astimezone(zone):%Y-%m-%d %H:%M}"),
        upward=people.upward(above),
        rings=people.rings(below, above),
        rosters=people.rosters([*below, *above]),
        doors=tuple(
            DoorList(
                sheets[grid.id],
                grid.name,
                tuple(doors[grid.id]),
                rows.blank_rows if doors[grid.id] else max(rows.blank_rows, grid.households),
            )
            for grid in listed
        ),
    )


@dataclass(frozen=True, slots=True)
class _People:
    """Who serves around a community, as they are printed."""

    rows: Rules
    roles: Mapping[str, str]
    grids: Mapping[int, Grid]
    serving: Sequence[Member]

    def upward(self, above: Sequence[Grid]) -> tuple[Phone, ...]:
        """Those to whom the community reports, the nearest first."""
        return tuple(self._phone(one) for grid in above for one in self._chain(grid.id, self.rows.above))

    def rings(self, below: Sequence[Grid], above: Sequence[Grid]) -> tuple[Ring, ...]:
        """Who rings whom, from the top down; where nobody sits, the level above rings through."""
        chains = {grid.id: self._chain(grid.id, self.rows.ring) for grid in below}
        start = next((found for grid in above if (found := self._chain(grid.id, self.rows.above))), list[Member]())
        calls: dict[int, list[Sequence[Member]]] = {}
        callers: dict[int, Sequence[Member]] = {}
        for grid in below:
            chain = chains[grid.id]
            over = self._over(grid, chains) or start
            if chain and over and over[0].person_id != chain[0].person_id:
                callers.setdefault(over[0].person_id, over)
                calls.setdefault(over[0].person_id, []).append(chain)
        return tuple(
            Ring(self._phone(over[0]), tuple(self._phone(one) for one in over[1:]), self._calls(calls[person]))
            for person, over in callers.items()
        )

    def _over(self, grid: Grid, chains: Mapping[int, Sequence[Member]]) -> Sequence[Member]:
        above = grid.parent_id
        while above is not None and above in chains:
            if chains[above]:
                return chains[above]
            above = self.grids[above].parent_id
        return ()

    def _calls(self, chains: Sequence[Sequence[Member]]) -> tuple[Call, ...]:
        """One line a person, also where they sit in several grids."""
        by_person: dict[int, list[Sequence[Member]]] = {}
        for chain in chains:
            by_person.setdefault(chain[0].person_id, []).append(chain)
        return tuple(self._call(theirs) for theirs in by_person.values())

    def _call(self, chains: Sequence[Sequence[Member]]) -> Call:
        first = self._phone(chains[0][0])
        where = "、".join(self.grids[chain[0].grid_id or 0].name for chain in chains)
        then = {one.person_id: one for chain in chains for one in chain[1:]}
        return Call(Phone(where, first.role, first.name, first.phone), tuple(map(self._phone, then.values())))

    def rosters(self, places: Sequence[Grid]) -> tuple[Roster, ...]:
        """Everybody, place by place, then the departments."""
        found = [Roster(grid.name, tuple(map(self._phone, self._seated(grid.id)))) for grid in places]
        units: dict[str, list[Phone]] = {}
        for one in self.serving:
            if one.unit:
                units.setdefault(one.unit, []).append(self._phone(one))
        found += [Roster(name, tuple(people)) for name, people in units.items()]
        return tuple(roster for roster in found if roster.people)

    def _seated(self, grid_id: int) -> list[Member]:
        rank = {role: at for at, role in enumerate((*self.rows.above, *self.rows.ring))}
        seated = [one for one in self.serving if one.grid_id == grid_id]
        return sorted(seated, key=lambda one: (rank.get(one.role, len(rank)), one.role, one.seat))

    def _chain(self, grid_id: int, roles: Sequence[str]) -> list[Member]:
        """Who is rung for one grid, one after another, each person once."""
        seated = [one for one in self.serving if one.grid_id == grid_id and one.role in roles]
        seated.sort(key=lambda one: (roles.index(one.role), one.seat))
        return list({one.person_id: one for one in reversed(seated)}.values())[::-1]

    def _phone(self, one: Member) -> Phone:
        text = self.rows.text
        notes = [text.deputy.format(seat=one.seat)] if one.seat > 1 else []
        notes += {"day": [text.day], "night": [text.night]}.get(one.shift, [])
        notes += {"war": [text.war], "peace": [text.peace]}.get(one.mode, [])
        grid = self.grids.get(one.grid_id) if one.grid_id is not None else None
        where = grid.name if grid else one.unit
        return Phone(where, self.roles.get(one.role, one.role), one.name, one.phone, " ".join(notes))


def shape(catalog: Catalog) -> Layout:
    """What a workbook of paper answers may hold."""
    return catalog.read("paper.toml", Layout)


def lines_of(lists: Sequence[DoorList]) -> Iterator[dict[str, Value]]:
    """Every door of these sheets as a row in which the answers are blank."""
    for one in lists:
        for door in one.doors:
            yield {"sheet": one.number, "building": door.building, "unit": door.unit, "room": door.room}


def enter_file(database: Database, source: Path, catalog: Catalog, now: datetime) -> Entered:
    """Enter what the file says of each door, exactly once; what cannot be is named with its row, the rest counts."""
    from handlers.people import workbook  # loads what reads workbooks, only where one is

    faults = Faults(catalog.read("faults.toml", FaultTexts).text)
    lines = workbook.read(_workbook_of(source, shape(catalog)), catalog, faults, shape(catalog)).get(SHEET, [])
    lines = [line for line in lines if _says_something(line)]
    if any(fault.severity == "fault" and fault.row < FIRST_ROW for fault in faults.found):
        return Entered(tuple(faults.found), (), 0)
    broken = {(fault.sheet, fault.row) for fault in faults.found if fault.severity == "fault"}
    fresh: list[Paper] = []
    censuses: set[int] = set()
    same = 0
    for at in range(0, len(lines), AT_ONCE):
        with database.transaction() as session:
            some = [line for line in lines[at : at + AT_ONCE] if (line.sheet, line.row) not in broken]
            wanted, again = _checked(session, some, faults)
            new = kit.enter(session, wanted, now)
            fresh += new
            same += len(again)
            censuses |= count(session, [*new, *again], now, unsafe=rules(catalog).text.unsafe)
            for sheet in sorted({one.sheet for one in new}):
                many = sum(one.sheet == sheet for one in new)
                journal.note(session, now, "paper_entered", why=f"sheet {sheet}", detail=str(many))
    return Entered(tuple(faults.found), fresh, same, frozenset(censuses))


def count(
    session: Session, papers: Sequence[Paper], now: datetime, *, by: int | None = None, unsafe: str = ""
) -> set[int]:
    """Let what came on paper count for the censuses that are running there, once each; their numbers."""
    sheets = kit.sheets(session, {one.sheet for one in papers})
    places = grids.by_ids(session, {sheet.grid_id for sheet in sheets.values()})
    by_census: dict[int, dict[int, tuple[int, Paper]]] = {}
    for one in papers:
        grid_id = sheets[one.sheet].grid_id
        running = census.running_at(session, places[grid_id].code)
        if running is not None:
            by_census.setdefault(running.number, {})[one.household_id] = (grid_id, one)
    for number, theirs in by_census.items():
        doors = [census.Door(household, grid_id, "", "", "") for household, (grid_id, _) in theirs.items()]
        said = census.answers_of(session, number, doors)
        on_paper = {household for household, rows in said.items() if any(row.how == census.PAPER for row in rows)}
        new = [one for household, (_, one) in theirs.items() if household not in on_paper]
        new = [replace(one, needs=unsafe) if one.safe is False and not one.needs else one for one in new]
        if new:
            census.enter_answers(session, number, new, by, now)
    return set(by_census)


def _checked(session: Session, lines: Sequence[Line], faults: Faults) -> tuple[list[Paper], list[Paper]]:
    """The rows that are new, and those that say what was entered before."""
    sheets = kit.sheets(session, {line.number("sheet") for line in lines})
    known = kit.answers(session, list(sheets))
    doors = {
        number: {(door.building, door.unit, door.room): door.id for door in kit.doors(session, sheet.grid_id)}
        for number, sheet in sheets.items()
    }
    wanted: dict[tuple[int, int], tuple[Paper, int]] = {}
    same: list[Paper] = []
    for line in lines:
        number = line.number("sheet")
        if number not in sheets:
            faults.add("paper/sheet", line.at("sheet"), number=number)
            continue
        place = (line.text("building"), line.text("unit"), line.text("room"))
        household = doors[number].get(place)
        if household is None:
            faults.add("paper/door", line.at("room"), door="-".join(filter(None, place)), number=number)
            continue
        said = _paper(line, number, household)
        before = known.get((number, household))
        earlier = wanted.get((number, household))
        if before is not None and _saying(before) == _saying(said):
            same.append(said)
        elif before is not None:
            faults.add("paper/conflict", line.at("room"), door="-".join(filter(None, place)), number=number)
        elif earlier is not None and _saying(earlier[0]) == _saying(said):
            same.append(said)
        elif earlier is not None:
            faults.add("paper/twice", line.at("room"), door="-".join(filter(None, place)), other=earlier[1])
        else:
            wanted[number, household] = (said, line.row)
    return [paper for paper, _ in wanted.values()], same


def _says_something(line: Line) -> bool:
    return any(line.values.get(column) not in (None, "") for column in ("people", "safe", "needs", "note"))


def _paper(line: Line, number: int, household: int) -> Paper:
    people = line.values.get("people")
    safe = line.text("safe")
    return Paper(
        sheet=number,
        household_id=household,
        people=people if isinstance(people, int) else None,
        safe=None if not safe else safe == "yes",
        needs=line.text("needs"),
        note=line.text("note"),
    )


def _saying(said: Paper | kit.PaperAnswer) -> tuple[int | None, bool | None, str, str]:
    return said.people, said.safe, said.needs, said.note


def _workbook_of(source: Path, layout: Layout) -> Path | bytes:
    """The file; one of plain commas becomes a workbook first, row by row."""
    if source.suffix.lower() != ".csv":
        return source
    try:
        raw = source.read_bytes()
    except OSError:
        return source  # the reader of workbooks says what is wrong
    try:
        words = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = raw.decode("gb18030", errors="replace")
    from handlers.people import workbook  # loads what reads workbooks, only where one is

    return workbook.of_commas(words, next(part.name for part in layout.sheet if part.code == SHEET))
