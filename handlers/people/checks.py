"""The rules of an organization: lines of a workbook become a plan, and everything that contradicts is named."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.catalog import Catalog
from handlers.people.faults import Faults, Where
from handlers.people.layout import Layout
from handlers.people.line import Line
from storage.plan import (
    Plan,
    PlannedChat,
    PlannedGrid,
    PlannedHousehold,
    PlannedPerson,
    PlannedPost,
    PlannedUnit,
)

DIGITS = re.compile(r"[0-9]+")
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,22}")
ACCOUNT = re.compile(r"([a-z]+)\s*[::]\s*(\S+)")
BETWEEN_ACCOUNTS = re.compile(r"[\s,,、;;]+")
RESIDENT = "resident"
DAY = timedelta(days=1)

Lines = Mapping[str, Sequence[Line]]


@dataclass(slots=True)
class Tree:
    """The sheet of grids: every grid by its code, with its parent and its depth."""

    lines: dict[str, Line] = field(default_factory=dict[str, Line])
    parents: dict[str, str] = field(default_factory=dict[str, str])
    depths: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def leaves(self) -> set[str]:
        """The grids with nothing below."""
        return self.lines.keys() - set(self.parents.values())


def plan(lines: Lines, catalog: Catalog, shape: Layout, faults: Faults, zone: ZoneInfo) -> Plan:
    """The organization the lines describe; it can be trusted when `faults` has gathered none."""
    tree = _tree(lines.get("grids", ()), shape, faults)
    units = _units(lines.get("units", ()), tree, shape, faults)
    people, posts = _people(lines.get("posts", ()), tree, units, shape, faults, zone)
    _leaders(tree, posts, catalog, shape, faults)
    _officers(lines.get("units", ()), posts, faults)
    return Plan(
        grids=tuple(_grids(tree)),
        people=people,
        units=tuple(units.values()),
        posts=posts,
        chats=tuple(_chats(lines.get("chats", ()), tree, shape, faults)),
        households=tuple(_households(lines.get("households", ()), tree, catalog, faults)),
    )


def _tree(lines: Iterable[Line], shape: Layout, faults: Faults) -> Tree:
    tree = Tree()
    for line in lines:
        code = line.text("code")
        if not code:
            continue
        if not DIGITS.fullmatch(code):
            faults.add("grid/digits", line.at("code"), code=code)
        if code in tree.lines:
            faults.add("grid/twice", line.at("code"), code=code, other=tree.lines[code].row)
        else:
            tree.lines[code] = line
    if not tree.lines:
        faults.add("grid/none", Where(next(sheet.name for sheet in shape.sheet if sheet.code == "grids")))
    _check_parents(tree, faults)
    _measure_depths(tree, faults)
    _check_levels(tree, shape, faults)
    leaves = tree.leaves
    for code in leaves:
        line = tree.lines[code]
        if line.number("households") > shape.most_households:
            said = {"households": line.number("households"), "most": shape.most_households}
            faults.warn("grid/over_size", line.at("households"), name=line.text("name"), **said)
    return tree


def _check_parents(tree: Tree, faults: Faults) -> None:
    """Name second roots, orphans, and codes that are not their parent's with something behind."""
    lengths = sorted({len(code) for code in tree.lines}, reverse=True)
    root: Line | None = None
    for code, line in tree.lines.items():
        parent = line.text("parent")
        if "parent" not in line.values:
            if root is not None:
                faults.add("grid/two_roots", line.at("parent"), code=code, other=root.row)
            root = root or line
        elif parent and parent not in tree.lines:
            faults.add("grid/orphan", line.at("parent"), parent=parent)
        elif parent:
            tree.parents[code] = parent
            nearest = next((code[:n] for n in lengths if n < len(code) and code[:n] in tree.lines), parent)
            if not code.startswith(parent) or code == parent:
                faults.add("grid/prefix", line.at("code"), code=code, parent=parent)
            elif nearest != parent:
                faults.add("grid/nearest", line.at("parent"), code=code, nearest=nearest, parent=parent)
    if root is None and tree.lines:
        faults.add("grid/no_root", next(iter(tree.lines.values())).at("parent"))


def _measure_depths(tree: Tree, faults: Faults) -> None:
    """Count the ancestors of every grid; a circle is named once and cut."""
    for start in tree.lines:
        path, seen = [start], {start}
        while path[-1] not in tree.depths:
            parent = tree.parents.get(path[-1])
            if parent is None:
                tree.depths[path[-1]] = 0
            elif parent in seen:
                circle = path[path.index(parent) :]
                shown = " → ".join([*circle, circle[0]])
                faults.add("grid/cycle", tree.lines[path[-1]].at("parent"), path=shown)
                tree.depths[path[-1]] = 0
            else:
                path.append(parent)
                seen.add(parent)
        for above, code in zip(reversed(path), reversed(path[:-1]), strict=False):
            tree.depths[code] = tree.depths[above] + 1


def _check_levels(tree: Tree, shape: Layout, faults: Faults) -> None:
    for code, depth in tree.depths.items():
        if depth >= shape.most_levels:
            where = tree.lines[code].at("level")
            faults.add("grid/levels", where, code=code, levels=depth + 1, most=shape.most_levels)
    levels = max(tree.depths.values(), default=-1) + 1
    if 0 < levels < shape.fewest_levels:
        deepest = max(tree.depths, key=lambda code: tree.depths[code])
        faults.add("grid/few_levels", tree.lines[deepest].at("level"), levels=levels, least=shape.fewest_levels)


def _grids(tree: Tree) -> Iterable[PlannedGrid]:
    for code in sorted(tree.lines, key=lambda code: (tree.depths[code], code)):
        line = tree.lines[code]
        yield PlannedGrid(
            code=code,
            name=line.text("name"),
            level=line.text("level"),
            depth=tree.depths[code],
            parent=tree.parents.get(code),
            kind=line.text("kind"),
            households=line.number("households"),
            people=line.number("people"),
            aliases=line.text("aliases"),
        )


def _units(lines: Iterable[Line], tree: Tree, shape: Layout, faults: Faults) -> dict[str, PlannedUnit]:
    units: dict[str, PlannedUnit] = {}
    rows: dict[str, int] = {}
    for line in lines:
        code, kind, grid = line.text("code"), line.text("kind"), line.text("grid")
        if kind and kind not in shape.unit_kinds:
            faults.add("unit/kind", line.at("kind"), value=kind, choices="、".join(shape.unit_kinds))
        _check_grid("unit/unknown_grid", line, tree, faults)
        if code in units:
            faults.add("unit/twice", line.at("code"), code=code, other=rows[code])
        elif code:
            units[code] = PlannedUnit(code, line.text("name"), kind, grid)
            rows[code] = line.row
    return units


def _people(
    lines: Iterable[Line],
    tree: Tree,
    units: Mapping[str, PlannedUnit],
    shape: Layout,
    faults: Faults,
    zone: ZoneInfo,
) -> tuple[tuple[PlannedPerson, ...], tuple[PlannedPost, ...]]:
    """Rows of one number are one person; each row is one post."""
    rows: dict[str, list[Line]] = {}
    for line in lines:
        if line.text("key"):
            rows.setdefault(line.text("key"), []).append(line)
    named: dict[str, list[str]] = {}
    for unit in units.values():
        named.setdefault(unit.name, []).append(unit.code)
    people, posts = list[PlannedPerson](), list[PlannedPost]()
    owners: dict[str, str] = {}
    for key, mine in rows.items():
        held: dict[object, int] = {}
        home: str | None = None
        for line in mine:
            post = _post(line, tree, units, named, faults, zone)
            seat = (post.grid, post.unit, post.role, post.mode, post.shift)
            if seat in held:
                faults.add("post/twice", line.at("role"), other=held[seat])
            held.setdefault(seat, line.row)
            posts.append(post)
            if post.role == RESIDENT:
                home = home or post.grid
        name, phone = _agreed("name", mine, faults), _agreed("phone", mine, faults)
        if not name and "name" not in mine[0].values:
            faults.add("person/no_name", mine[0].at("name"), key=key)
        if phone and not PHONE.fullmatch(phone):
            faults.add("person/phone", mine[0].at("phone"), value=phone)
        people.append(PlannedPerson(key, name, phone, _accounts(key, mine, owners, shape, faults), home))
    return tuple(people), tuple(posts)


def _agreed(column: str, lines: Sequence[Line], faults: Faults) -> str:
    """What all rows of a person say, blanks aside."""
    said, first = "", lines[0]
    for line in lines:
        words = line.text(column)
        if words and said and words != said:
            where = line.at(column)
            header = where.column.partition(" ")[2]
            faults.add("person/disagrees", where, key=line.text("key"), column=header, other=first.row)
        elif words and not said:
            said, first = words, line
    return said


def _accounts(
    key: str, lines: Iterable[Line], owners: dict[str, str], shape: Layout, faults: Faults
) -> tuple[tuple[str, str], ...]:
    accounts: dict[tuple[str, str], None] = {}
    for line in lines:
        for words in filter(None, BETWEEN_ACCOUNTS.split(line.text("accounts"))):
            parts = ACCOUNT.fullmatch(words)
            if parts is None or parts[1] not in shape.channels:
                faults.add("account/form", line.at("accounts"), value=words, choices="、".join(shape.channels))
                continue
            account = f"{parts[1]}:{parts[2]}"
            if owners.setdefault(account, key) != key:
                faults.add("account/twice", line.at("accounts"), account=account, other=owners[account])
            accounts[parts[1], parts[2]] = None
    return tuple(accounts)


def _post(
    line: Line,
    tree: Tree,
    units: Mapping[str, PlannedUnit],
    named: Mapping[str, Sequence[str]],
    faults: Faults,
    zone: ZoneInfo,
) -> PlannedPost:
    grid, written, role = line.text("grid"), line.text("unit"), line.text("role")
    if ("grid" in line.values) == ("unit" in line.values):
        faults.add("post/where", line.at("grid"))
    elif grid and grid not in tree.lines:
        faults.add("post/unknown_grid", line.at("grid"), grid=grid)
    elif written and role == RESIDENT:
        faults.add("post/resident_in_unit", line.at("unit"))
    since, until = line.day("since"), line.day("until")
    if since and until and since > until:
        faults.add("post/term", line.at("since"), since=since, until=until)
    return PlannedPost(
        person=line.text("key"),
        grid=grid or None,
        unit=_unit_meant(line, units, named, faults) if written else None,
        role=role,
        seat=line.number("seat"),
        mode=line.text("mode"),
        shift=line.text("shift"),
        since=None if since is None else datetime.combine(since, time(), zone),
        until=None if until is None else datetime.combine(until + DAY, time(), zone),
    )


def _unit_meant(
    line: Line, units: Mapping[str, PlannedUnit], named: Mapping[str, Sequence[str]], faults: Faults
) -> str | None:
    """The unit with the code or the name that is written."""
    written = line.text("unit")
    if written in units:
        return written
    codes = named.get(written, ())
    if len(codes) == 1:
        return codes[0]
    faults.add("post/which_unit" if codes else "post/unknown_unit", line.at("unit"), unit=written)
    return None


def _leaders(tree: Tree, posts: Iterable[PlannedPost], catalog: Catalog, shape: Layout, faults: Faults) -> None:
    """Every grid wants somebody first in charge, and somebody else to stand in."""
    leading = {
        role.code
        for role in catalog.roles.values()
        if role.code not in shape.never_leaders and set(shape.leader_deeds) <= set(role.deeds)
    }
    at_leaves = leading | set(shape.leaf_leaders)
    leaves = tree.leaves
    leaders: dict[str, set[str]] = {}
    led = set[str]()
    for post in posts:
        if post.grid and post.role in (at_leaves if post.grid in leaves else leading):
            leaders.setdefault(post.grid, set()).add(post.person)
            if post.seat == 1:
                led.add(post.grid)
    for code, line in tree.lines.items():
        if code not in led:
            faults.warn("grid/no_leader", line.at("code"), code=code, name=line.text("name"))
        elif len(leaders[code]) == 1:
            faults.warn("grid/no_deputy", line.at("code"), code=code, name=line.text("name"))


def _officers(lines: Iterable[Line], posts: Iterable[PlannedPost], faults: Faults) -> None:
    """Every department wants somebody who takes what it is sent."""
    staffed = {post.unit for post in posts}
    for line in lines:
        if line.text("code") and line.text("code") not in staffed:
            faults.warn("unit/nobody", line.at("code"), code=line.text("code"), name=line.text("name"))


def _chats(lines: Iterable[Line], tree: Tree, shape: Layout, faults: Faults) -> Iterable[PlannedChat]:
    identities: dict[tuple[str, str], int] = {}
    seats: dict[tuple[str, str], int] = {}
    for line in lines:
        channel, external = line.text("channel"), line.text("external")
        grid, audience = line.text("grid"), line.text("audience")
        if channel and channel not in shape.channels:
            faults.add("chat/channel", line.at("channel"), value=channel, choices="、".join(shape.channels))
        _check_grid("chat/unknown_grid", line, tree, faults)
        if channel and external:
            other = identities.setdefault((channel, external), line.row)
            if other != line.row:
                faults.add("chat/twice", line.at("external"), other=other)
        if grid and audience:
            other = seats.setdefault((grid, audience), line.row)
            if other != line.row:
                shown = shape.choices["audience"][audience][0]
                faults.add("chat/second", line.at("grid"), grid=grid, audience=shown, other=other)
        yield PlannedChat(channel, external, line.text("name"), grid, audience)


def _households(lines: Iterable[Line], tree: Tree, catalog: Catalog, faults: Faults) -> Iterable[PlannedHousehold]:
    doors: dict[object, int] = {}
    buildings = _ending(catalog.places.building_suffix)
    units = _ending(catalog.places.unit_suffix)
    for line in lines:
        _check_grid("household/unknown_grid", line, tree, faults)
        door = PlannedHousehold(
            grid=line.text("grid"),
            building=buildings.sub("", line.text("building")),
            unit=units.sub("", line.text("unit")),
            room=line.text("room"),
            people=line.number("people"),
        )
        if not (door.grid and door.building and door.room):
            continue
        other = doors.setdefault((door.grid, door.building, door.unit, door.room), line.row)
        if other != line.row:
            faults.add("household/twice", line.at("room"), other=other)
        yield door


def _ending(suffixes: Iterable[str]) -> re.Pattern[str]:
    """Finds a suffix behind something: "3栋" is building 3, a lone "栋" stays."""
    longest_first = sorted(suffixes, key=len, reverse=True)
    return re.compile(rf"(?<=.)(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})$")


def _check_grid(code: str, line: Line, tree: Tree, faults: Faults) -> None:
    grid = line.text("grid")
    if grid and grid not in tree.lines:
        faults.add(code, line.at("grid"), grid=grid)
