"""The organization goes in and out as a workbook: checked wholly, imported wholly or not at all, exported as it came."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.catalog import Catalog
from handlers.people import checks, workbook
from handlers.people.faults import Fault, Faults, FaultTexts
from handlers.people.layout import layout
from handlers.people.line import Value
from storage import organization
from storage.database import Database
from storage.organization import Progress, Tally
from storage.plan import Plan

CHINA = ZoneInfo("Asia/Shanghai")
MOMENT = timedelta(microseconds=1)
OTHERS_LEAN_ON = ("grids", "posts", "units")
"""Sheets that the rules compare all others with: half of one would make every row of the others look wrong."""
INCOMPLETE = ("sheet/missing", "sheet/damaged", "sheet/too_many_rows", "column/missing")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a workbook says, and everything that is wrong with it; there is a plan only where nothing is a fault."""

    plan: Plan | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, by noun: grids, people, units, posts, accounts, chats, households."""

    tallies: Mapping[str, Tally]

    @property
    def nothing_changed(self) -> bool:
        """The organization stood already as the workbook says."""
        return all(tally == Tally() for tally in self.tallies.values())


def check_file(source: Path | bytes, catalog: Catalog, zone: ZoneInfo = CHINA) -> Checked:
    """Read a workbook and name all its faults at once; `zone` is where its dates are days."""
    faults = Faults(catalog.read("faults.toml", FaultTexts).text)
    lines = workbook.read(source, catalog, faults)
    if not lines:
        return Checked(None, tuple(faults.found))
    shape = layout(catalog)
    leaned_on = {sheet.name for sheet in shape.sheet if sheet.code in OTHERS_LEAN_ON}
    plan: Plan | None = None
    if not any(fault.code in INCOMPLETE and fault.sheet in leaned_on for fault in faults.found):
        plan = checks.plan(lines, catalog, shape, faults, zone)
    order = {sheet.name: at for at, sheet in enumerate(shape.sheet)}
    found = sorted(faults.found, key=lambda fault: (order.get(fault.sheet, -1), fault.row))
    return Checked(None if faults.any else plan, tuple(found))


WEIGHTY = ("grids", "people", "posts", "chats")
LARGE_SHARE, A_FEW = 0.25, 10


class EndsTooMuch(Exception):
    """The plan would end a large part of what stands; nothing was changed. It holds the counts."""

    def __init__(self, ended: int, standing: int) -> None:
        super().__init__(f"{ended} of {standing}")
        self.ended = ended
        self.standing = standing


def import_plan(db: Database, plan: Plan, now: datetime, progress: Progress, *, sure: bool = True) -> ImportResult:
    """Make the organization what the plan says, in one transaction: all of it or nothing.

    Unless one is `sure`, EndsTooMuch is raised where more than a quarter of grids, people, posts and groups would end.
    """
    with db.transaction() as session:
        organization.lock(session)
        standing = organization.standing_count(session)
        result = ImportResult(
            {
                "grids": organization.write_grids(session, plan.grids, now, progress),
                "people": organization.write_people(session, plan.people, now, progress),
                "units": organization.write_units(session, plan.units, now, progress),
                "posts": organization.write_posts(session, plan.posts, now, progress),
                "accounts": organization.write_accounts(session, plan.people, now, progress),
                "chats": organization.write_chats(session, plan.chats, now, progress),
                "households": organization.write_households(session, plan.households, now, progress),
            }
        )
        ended = sum(result.tallies[noun].ended for noun in WEIGHTY)
        if not sure and ended > LARGE_SHARE * standing and ended > A_FEW:
            raise EndsTooMuch(ended, standing)
        session.take_stock()
        return result


def export(db: Database, path: Path, catalog: Catalog, now: datetime, zone: ZoneInfo = CHINA) -> None:
    """Write the organization as it stands into a workbook that imports without a change."""
    with db.reading() as session:
        plan = organization.standing(session, now)
    save(plan, path, catalog, zone)


def save(plan: Plan, path: Path, catalog: Catalog, zone: ZoneInfo = CHINA) -> None:
    """Write a plan as a workbook."""
    first_words = {
        name: {code: words[0] for code, words in table.items()} for name, table in layout(catalog).choices.items()
    }
    rows = {
        "grids": _grid_rows(plan, first_words),
        "posts": _post_rows(plan, first_words, {role.code: role.name for role in catalog.roles.values()}, zone),
        "chats": _chat_rows(plan, first_words),
        "units": _unit_rows(plan),
        "households": _household_rows(plan),
    }
    workbook.write(path, catalog, rows)


Words = Mapping[str, Mapping[str, str]]
Row = Mapping[str, Value]


def _grid_rows(plan: Plan, words: Words) -> Iterator[Row]:
    for grid in sorted(plan.grids, key=lambda grid: grid.code):
        yield {
            "code": grid.code,
            "name": grid.name,
            "level": grid.level,
            "parent": grid.parent,
            "kind": words["grid_kind"].get(grid.kind, grid.kind),
            "households": grid.households,
            "people": grid.people,
            "aliases": grid.aliases,
        }


def _post_rows(plan: Plan, words: Words, roles: Mapping[str, str], zone: ZoneInfo) -> Iterator[Row]:
    people = {person.key: person for person in plan.people}
    told = set[str]()
    for post in plan.posts:
        person = people[post.person]
        accounts = (
            "" if post.person in told else " ".join(f"{channel}:{external}" for channel, external in person.accounts)
        )
        told.add(post.person)
        yield {
            "key": person.key,
            "name": person.name,
            "phone": person.phone,
            "role": roles.get(post.role, post.role),
            "grid": post.grid,
            "unit": post.unit,
            "seat": post.seat,
            "mode": None if post.mode == "both" else words["mode"].get(post.mode, post.mode),
            "shift": None if post.shift == "all" else words["shift"].get(post.shift, post.shift),
            "since": None if post.since is None else post.since.astimezone(zone).date(),
            "until": None if post.until is None else (post.until - MOMENT).astimezone(zone).date(),
            "accounts": accounts,
        }


def _chat_rows(plan: Plan, words: Words) -> Iterator[Row]:
    for chat in plan.chats:
        yield {
            "channel": chat.channel,
            "external": chat.external,
            "name": chat.name,
            "grid": chat.grid,
            "audience": words["audience"].get(chat.audience, chat.audience),
        }


def _unit_rows(plan: Plan) -> Iterator[Row]:
    for unit in plan.units:
        yield {"code": unit.code, "name": unit.name, "kind": unit.kind, "grid": unit.grid}


def _household_rows(plan: Plan) -> Iterator[Row]:
    for door in plan.households:
        yield {
            "grid": door.grid,
            "building": door.building,
            "unit": door.unit,
            "room": door.room,
            "people": door.people,
        }
