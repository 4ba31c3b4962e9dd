"""Plans as data (templates/plans/*.toml): who is called in which order, what each is told, what happens when."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from bot.catalog import Catalog
from bot.errors import CatalogError
from handlers.notices.audience import Audience
from handlers.people.faults import Fault
from storage.plan import Plan as Organization
from storage.plan import PlannedGrid, PlannedPerson

FILE = "mobilizing.toml"
CODE = re.compile(r"[a-z][a-z_]{0,15}")
LONGEST_DOES = 60
DRILL = "演练"
Deed = Literal["remind", "deputy", "above", "report"]


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One group of those who are called: the first in the file first."""

    roles: tuple[str, ...]
    does: str
    """What they are told to do, in one short sentence."""
    level: str
    """Where at least one of them is seated: a key of [levels]."""
    needed: bool = True
    """Whether a grid of that level without one of them is missing somebody."""


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happens so many minutes after the order."""

    minute: int
    does: Deed
    """Remind those who are missing; ring their deputies; ring the level above; report to who ordered it."""


class Groups(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What groups are told; nothing where it is empty."""

    staff: str = ""
    residents: str = ""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """预案. What is missing here is named by lint, and the plan is not offered."""

    title: str = ""
    calls: tuple[Call, ...] = msgspec.field(name="call", default=())
    marks: tuple[Mark, ...] = msgspec.field(name="mark", default=())
    ends: str = ""
    """What ends it, in a sentence."""
    goal: str = ""
    words: tuple[str, ...] = ()
    """Words by which people mean this plan."""
    signs: tuple[str, ...] = ()
    """Words by which people say that it has come to this."""
    dangers: tuple[str, ...] = ()
    """Codes of danger/kinds.toml against which it is made."""
    kind: Literal["mobilization", "rollcall"] = "mobilization"
    forms: tuple[str, ...] = ()
    """Forms that tell who needs a hand: names of files below templates/forms. Whoever has come and may read one is told
    to look into it; neighbours are asked for theirs once it is over, and never in a drill."""
    groups: Groups = Groups()
    rank: int = 100
    """The smaller, the earlier on the card."""

    @property
    def roles(self) -> tuple[str, ...]:
        """Everybody who is called."""
        return tuple(role for call in self.calls for role in call.roles)

    @property
    def spare(self) -> tuple[str, ...]:
        """Those who can be sent elsewhere first: no place is theirs alone."""
        return tuple(
            role for call in self.calls if not call.needed and call.level != "household" for role in call.roles
        )

    @property
    def audience(self) -> Audience:
        """Whom it reaches."""
        return Audience(
            staff=True,
            roles=self.roles,
            staff_groups=bool(self.groups.staff),
            residents_groups=bool(self.groups.residents),
        )

    def does(self, role: str) -> str:
        """What this role is told to do."""
        return next((call.does for call in self.calls if role in call.roles), "")


class Hand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands before and after the name of whoever goes instead."""

    before: tuple[str, ...]
    for_me: tuple[str, ...]
    gives: tuple[str, ...]
    """What stands before the name of whoever has it since: 交班给."""
    after: tuple[str, ...]


class Reinforce(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people ask for more people."""

    words: tuple[str, ...]
    with_number: tuple[str, ...]
    """Those that ask only with how many behind them."""
    asking: tuple[str, ...]
    """Those that make a question of it."""


class Free(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people say it without the word of the command in front."""

    deeds: tuple[str, ...]
    beside: tuple[str, ...]
    calls: tuple[str, ...]
    """Those of the deeds that people say in the middle of a danger."""
    longest: int


class Narrow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people want fewer to be called."""

    only: tuple[str, ...]
    beside: tuple[str, ...]
    longest: int


class Off(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people leave a preview."""

    drops: tuple[str, ...]
    beside: tuple[str, ...]
    back: tuple[str, ...]
    longest: int


class WhileGoing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What those in charge say of the one that runs."""

    asks: tuple[str, ...]
    ends: tuple[str, ...]
    without: tuple[str, ...]
    longest: int


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """mobilizing.toml."""

    boards: tuple[str, ...]
    second: tuple[Literal["whole", "war"], ...]
    draft_minutes: int
    second_minutes: int
    asked_at_once: int
    fresh_s: float
    share: float
    pace_from: int
    slowest: int
    named: int
    most_surge: int
    told_minutes: int
    over: str
    choices: int
    says: dict[Literal["acknowledged", "underway", "arrived", "declined"], tuple[str, ...]]
    weak: tuple[str, ...]
    not_own: tuple[str, ...]
    excuses: tuple[str, ...]
    slips: tuple[str, ...]
    """What comes before them was a slip."""
    refuses: tuple[str, ...]
    refuses_beside: tuple[str, ...]
    drafts: tuple[str, ...]
    """Questions about something half written, which wait while somebody answers for themselves."""
    for_others: tuple[str, ...]
    not_there: tuple[str, ...]
    undo: tuple[str, ...]
    """How people take back what they said last of themselves."""
    undo_beside: tuple[str, ...]
    undo_minutes: int
    where: tuple[str, ...]
    where_beside: tuple[str, ...]
    reinforce: Reinforce
    hand: Hand
    free: Free
    narrow: Narrow
    off: Off
    while_going: WhileGoing
    levels: dict[str, tuple[str, ...]]
    faults: dict[str, str]


class Form(msgspec.Struct, frozen=True):
    """What a plan needs to know of a form."""

    title: str
    staff: tuple[str, ...] = ()
    """Who may read it."""


def terms(catalog: Catalog) -> Terms:
    """How any plan is carried out."""
    return catalog.read(FILE, Terms)


def written(catalog: Catalog) -> list[str]:
    """The code of every plan of templates/plans, faulty ones too."""
    return sorted(path.stem for path in (catalog.folder.parent / "plans").glob("*.toml"))


def read(catalog: Catalog, code: str) -> Plan:
    """The plan of this code; CatalogError names what cannot be read in it."""
    return catalog.read(f"../plans/{code}.toml", Plan)


@lru_cache(maxsize=4)
def offered(catalog: Catalog) -> Mapping[str, Plan]:
    """The plans that may be carried out, by code, in the order in which they are shown."""
    refused = {code for code, _ in faults(catalog)}
    plans = {code: read(catalog, code) for code in written(catalog) if code not in refused}
    return dict(sorted(plans.items(), key=lambda one: (one[1].rank, one[0])))


def named(catalog: Catalog, words: str) -> str | None:
    """The code of the plan that these words name, the longest word first."""
    meant = [(word, code) for code, plan in offered(catalog).items() for word in (plan.title, *plan.words, *plan.signs)]
    found = [pair for pair in meant if pair[0] in words]
    return max(found, key=lambda pair: len(pair[0]))[1] if found else None


def against(catalog: Catalog, danger: str | None) -> str | None:
    """The code of the plan that is made against this danger."""
    return next((code for code, plan in offered(catalog).items() if danger in plan.dangers), None)


@lru_cache(maxsize=32)
def forms(catalog: Catalog, plan: str) -> tuple[Form, ...]:
    """The forms of this plan."""
    folder = catalog.folder.parent / "forms"
    named = read(catalog, plan).forms
    return tuple(msgspec.toml.decode((folder / f"{form}.toml").read_bytes(), type=Form) for form in named)


@lru_cache(maxsize=4)
def faults(catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """(plan, what is wrong and what to do), of all plans."""
    says = terms(catalog).faults
    found: list[tuple[str, str]] = []
    for code in written(catalog):
        try:
            plan = read(catalog, code)
        except CatalogError as fault:
            found.append((code, str(fault)))
            continue
        known = "、".join(terms(catalog).levels)
        found += [(code, says[fault].format(value=value, known=known)) for fault, value in _of(code, plan, catalog)]
    return tuple(found)


def listed(catalog: Catalog) -> list[Fault]:
    """The same as lines of `xiaoge org check`."""
    where = terms(catalog).faults["where"]
    return [Fault("fault", where.format(plan=plan), 0, "", "plan", text) for plan, text in faults(catalog)]


def _of(code: str, plan: Plan, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """(fault, value)."""
    if not CODE.fullmatch(code):
        yield "code", code
    if not plan.title.strip():
        yield "no_title", code
    if not plan.ends.strip():
        yield "no_ends", code
    if not plan.calls:
        yield "no_calls", code
    for form in plan.forms:
        if not (catalog.folder.parent / "forms" / f"{form}.toml").is_file():
            yield "no_form", form
    minutes = [mark.minute for mark in plan.marks]
    if not minutes:
        yield "no_marks", code
    if minutes != sorted(set(minutes)) or any(minute <= 0 for minute in minutes):
        yield "marks_order", "、".join(str(minute) for minute in minutes)
    for said in (plan.title, plan.goal, plan.groups.staff, plan.groups.residents):
        if DRILL in said:
            yield "drill_word", said
    yield from _of_calls(plan.calls, catalog)


def _of_calls(calls: Sequence[Call], catalog: Catalog) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for call in calls:
        names = "、".join(call.roles)
        if not call.does.strip():
            yield "no_does", names
        if len(call.does) > LONGEST_DOES:
            yield "long_does", call.does
        if call.level not in terms(catalog).levels:
            yield "no_level", call.level
        for role in call.roles:
            if role not in catalog.roles or role == "resident":
                yield "no_role", role
            if role in seen:
                yield "role_twice", role
            seen.add(role)


def missing_posts(catalog: Catalog, organization: Organization) -> list[Fault]:
    """The seats that a plan needs and nobody holds, or somebody who cannot be rung: one warning a grid."""
    says, rows = terms(catalog).faults, list[Fault]()
    people = {person.key: person for person in organization.people}
    seated: dict[tuple[str, str], list[PlannedPerson]] = defaultdict(list)
    for post in organization.posts:
        if post.grid is not None:
            seated[post.grid, post.role].append(people[post.person])
    for grid in organization.grids:
        for roles, wanting in _wanted(catalog, grid.level).items():
            held = [person for role in roles for person in seated[grid.code, role]]
            if any(person.accounts for person in held):
                continue
            values = {
                "grid": grid.name,
                "role": catalog.roles[roles[0]].name,
                "plans": "、".join(wanting),
                "name": held[0].name if held else "",
            }
            rows.append(_warning(says, says["no_account" if held else "no_post"].format(**values)))
    return rows + [_warning(says, text) for text in _without_group(catalog, organization)]


def _without_group(catalog: Catalog, organization: Organization) -> Iterator[str]:
    """Communities whose staff share no group, though a plan wants to speak in it."""
    speaking = [plan.title for plan in offered(catalog).values() if plan.groups.staff]
    groups = [chat.grid for chat in organization.chats if chat.audience == "staff"]
    for grid in _of_level(catalog, organization.grids, "community"):
        if speaking and not any(code.startswith(grid.code) for code in groups):
            yield terms(catalog).faults["no_group"].format(grid=grid.name, plans="、".join(speaking))


def _of_level(catalog: Catalog, grids: Iterable[PlannedGrid], level: str) -> list[PlannedGrid]:
    return [grid for grid in grids if grid.level in terms(catalog).levels[level]]


def _wanted(catalog: Catalog, level: str) -> dict[tuple[str, ...], list[str]]:
    """The roles of which a grid of this level needs one, with the plans that need it."""
    return {roles: list(titles) for roles, titles in _needs(catalog).get(level, {}).items()}


@lru_cache(maxsize=4)
def _needs(catalog: Catalog) -> Mapping[str, Mapping[tuple[str, ...], Collection[str]]]:
    """By the level's word: roles and the titles of the plans that need one of them."""
    levels = terms(catalog).levels
    found: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for plan in offered(catalog).values():
        for call in plan.calls:
            for word in levels[call.level] if call.needed else ():
                found.setdefault(word, {}).setdefault(call.roles, []).append(plan.title)
    return found


def needs(catalog: Catalog, code: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(words of the level, roles) of the seats that this plan cannot do without."""
    levels = terms(catalog).levels
    return [(levels[call.level], call.roles) for call in offered(catalog)[code].calls if call.needed]


def _warning(says: Mapping[str, str], text: str) -> Fault:
    return Fault("warning", says["workbook"], 0, "", "plan", text)
