"""Staff look at filings: their own subtree and no more, each answer as their post may read it, every reading journalled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import UserMistake
from bot.message import LITERAL, Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.forms import addresses, drafts, known, lint, reading, rules, showing, starting, titles
from handlers.forms.filling import in_private
from handlers.forms.rules import Form
from handlers.people import authority
from storage import forms, grids, journal
from storage.forms import KEPT, Filing

router = Router()

A_PAGE = 10
A_NAME = 16
"""Characters of a form's name with what makes a list of it."""
CHOICES = 3
SEVERAL = 2
STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the speaker sees filings of one form: in these subtrees, with the role held over each."""

    form: Form
    over: tuple[tuple[str, str], ...]
    """(code of the subtree, role)."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The subtrees."""
        return tuple(sorted({code for code, _ in self.over}))

    def roles_at(self, code: str) -> frozenset[str]:
        """The roles held over the grid with this code."""
        return frozenset(role for above, role in self.over if code.startswith(above))


@dataclass(frozen=True, slots=True)
class Side:
    """What one filing says to a question."""

    value: str
    numbers: tuple[int, ...]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One question, with every answer that the household gave."""

    label: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One form of one household: all its filings side by side."""

    title: str
    where: str
    grid: str
    numbers: tuple[int, ...]
    rows: tuple[Row, ...]


@router.order("form_look")
@in_private
def look(turn: Turn) -> list[Reply]:
    """查报备: how many there are; of a form, of a door, or by its number."""
    reach = _reach(turn)
    number = turn.order.number if turn.order else None
    if number is not None:
        return [_one(turn, reach, number)]
    if door := reading.address(drafts.said(turn, turn.words), rules.words(turn.catalog)):
        return [_household(turn, reach, *door)]
    if not turn.words:
        return [_tally(turn, reach)]
    code = _named(turn, reach)
    return [_listed(turn, reach, code, 0) if code else _somebodys(turn, reach, turn.words)]


def _named(turn: Turn, reach: Mapping[str, Reach]) -> str | None:
    """The form that is named, of those that the speaker may look at; of another one it is said who may."""
    code = starting.meant({code: one.form for code, one in reach.items()}, turn.words) if turn.words else None
    other = starting.meant(lint.offered(turn.catalog), turn.words) if turn.words and code is None else None
    if other is not None:
        form = lint.offered(turn.catalog)[other]
        staff = [turn.catalog.roles[role].name for role in form.staff]
        raise UserMistake("forms/not_your_form", title=form.title, staff=staff)
    return code


@router.guard_where("posted")
def list_by_its_name(turn: Turn) -> Handler | None:
    """返乡来访名单, 养犬台账: said by staff, the list of that form."""
    said = turn.utterance
    if said.command is not None or turn.order is not None or turn.asked:
        return None
    if turn.in_group and (turn.chat is None or turn.chat.audience != STAFF):
        return None
    text = said.text.rstrip("。！!~ ")
    if len(text) > A_NAME or not text.endswith(rules.words(turn.catalog).lists):
        return None
    if starting.meant(lint.offered(turn.catalog), text) and titles.titled(turn.catalog, text) is None:
        turn.order = Order("form_look", (), text)
    return None


@router.order("form_export")
@in_private
def export(turn: Turn) -> list[Reply]:
    """How the sheet is made, for whoever may look at what would stand in it."""
    reach = _reach(turn)
    number = turn.order.number if turn.order else None
    if number is not None:
        row, form, _ = _seen(turn, reach, number)
        return [Reply("forms/not_one_alone", {"number": row.number, "title": form.title})]
    code = _named(turn, reach) or next(iter(reach))
    values = {"title": reach[code].form.title, "grid": reach[code].codes[0]}
    return [Reply("forms/how_to_export", values)]


@router.order("form_list")
@in_private
def turn_page(turn: Turn) -> list[Reply]:
    """One form's filings from here on: "form_list 10 return"."""
    reach, start = _reach(turn), (turn.order.number or 0) if turn.order else 0
    if turn.words not in reach:
        raise UserMistake("forms/not_for_you")
    return [_listed(turn, reach, turn.words, start)]


@router.order("form_open")
@in_private
def opened(turn: Turn) -> list[Reply]:
    """One filing was tapped."""
    return [_one(turn, _reach(turn), (turn.order.number if turn.order else None) or 0)]


def _reach(turn: Turn) -> dict[str, Reach]:
    """Every form the speaker may look at, by code; UserMistake where there is none."""
    held = authority.seated(turn, turn.posts, "see")
    found: dict[str, Reach] = {}
    for code, form in lint.offered(turn.catalog).items():
        over = tuple((grid.code, post.role) for post, grid in held if post.role in form.staff)
        if over:
            found[code] = Reach(form, over)
    if not found:
        raise UserMistake("forms/not_for_you")
    return found


def _tally(turn: Turn, reach: Mapping[str, Reach]) -> Reply:
    """How many of each, over the speaker's subtree."""
    by_codes: dict[tuple[str, ...], list[str]] = {}
    for code, one in reach.items():
        by_codes.setdefault(one.codes, []).append(code)
    counts = [tally for codes, of in by_codes.items() for tally in forms.tally(turn.session, codes, of)]
    counts.sort(key=lambda tally: -tally.many)
    titles = {code: one.form.title for code, one in reach.items()}
    buttons = tuple(Button(f"{LITERAL}{titles[one.form]}", f"form_list 0 {one.form}") for one in counts[:CHOICES])
    values = {"counts": counts, "titles": titles, "all": sum(one.many for one in counts)}
    return Reply("forms/tally", values, buttons=buttons, ask=Ask() if buttons else None)


def _listed(turn: Turn, reach: Mapping[str, Reach], code: str, start: int) -> Reply:
    """One line a filing, in walking order."""
    found = forms.below(turn.session, reach[code].codes, code, start, A_PAGE + 1)
    shown = found[:A_PAGE]
    for row in shown:
        _read(turn, row, "list")
    lines = [
        (row.number, showing.door(turn.catalog, row.building, row.unit, row.room), row.kept_until) for row in shown
    ]
    more = len(found) > A_PAGE
    buttons = (Button("form_more", f"form_list {start + A_PAGE} {code}"),) if more else ()
    values = {"form": reach[code].form, "lines": lines, "start": start, "more": more}
    return Reply("forms/list", values, buttons=buttons, ask=Ask() if buttons else None)


def _somebodys(turn: Turn, reach: Mapping[str, Reach], name: str) -> Reply:
    """The filings of whoever is called so, or who are named in an answer that the speaker may read."""
    every = sorted({code for one in reach.values() for code in one.codes})
    found = forms.of_name(turn.session, every, list(reach), name) if len(name) <= A_NAME else []
    own = forms.by_people_called(turn.session, {row.account_id for row in found}, name)
    over = grids.by_ids(turn.session, {row.grid_id for row in found if row.grid_id is not None})
    theirs: list[Filing] = []
    for row in found:
        roles = reach[row.form].roles_at(over[row.grid_id].code) if row.grid_id in over else frozenset[str]()
        if roles and (row.account_id in own or _names(turn, reach[row.form].form, row, name, roles)):
            theirs.append(row)
    several = forms.many_called(turn.session, every, name)
    if len(theirs) == 1 and several < SEVERAL and theirs[0].account_id in own:
        return _one(turn, reach, theirs[0].number)
    lines: list[tuple[int, str, str, datetime | None]] = []
    for row in theirs:
        _read(turn, row, "list")
        where = showing.door(turn.catalog, row.building, row.unit, row.room)
        lines.append((row.number, reach[row.form].form.title, where, row.kept_until))
    shown = lines[:A_PAGE]
    several = several if several >= SEVERAL else 0
    values = {"name": name, "lines": shown, "more": len(lines) - len(shown), "several": several}
    return Reply("forms/of_name", values)


def _names(turn: Turn, form: Form, row: Filing, name: str, roles: frozenset[str]) -> bool:
    today = drafts.local(turn).date()
    shown = showing.lines(turn.catalog, form, known.answers_of(row), roles=roles, today=today)
    return any(name in line.value for line in shown)


def _seen(turn: Turn, reach: Mapping[str, Reach], number: int) -> tuple[Filing, Form, frozenset[str]]:
    """The kept filing of this number with the roles that the speaker holds over it; UserMistake where there are none."""
    row = forms.by_number(turn.session, number)
    over = reach.get(row.form) if row and row.state == KEPT else None
    grid = grids.get(turn.session, row.grid_id) if row and row.grid_id else None
    roles = over.roles_at(grid.code) if over and grid else frozenset[str]()
    if row is None or over is None or not roles:
        raise UserMistake("forms/unknown", number=number)
    return row, over.form, roles


def _one(turn: Turn, reach: Mapping[str, Reach], number: int) -> Reply:
    row, form, roles = _seen(turn, reach, number)
    grid = grids.get(turn.session, row.grid_id) if row.grid_id else None
    _read(turn, row, "one")
    values = {
        "number": row.number,
        "form": form,
        "grid": grid,
        "until": row.kept_until,
        "lines": showing.lines(turn.catalog, form, known.answers_of(row), roles=roles, today=drafts.local(turn).date()),
    }
    return Reply("forms/one_for_staff", values, about=None)


def _household(turn: Turn, reach: Mapping[str, Reach], building: str, unit: str, room: str) -> Reply:
    """Everything kept about one door; what its filings say differently stands side by side."""
    every = sorted({code for one in reach.values() for code in one.codes})
    found = forms.at_door(
        turn.session, every, list(reach), building, unit, room if building else addresses.tail_of(room)
    )
    if not building:
        found = [row for row in found if addresses.same_house(row.room, room)]
    doors = grids.by_ids(turn.session, {row.grid_id for row in found if row.grid_id is not None})
    grouped: dict[tuple[int, str, str], list[Filing]] = {}
    for row in found:
        if row.grid_id in doors and reach[row.form].roles_at(doors[row.grid_id].code):
            grouped.setdefault((row.grid_id, row.unit, row.form), []).append(row)
            _read(turn, row, "door")
    blocks = [
        _block(turn, reach[form], rows, doors[grid_id].code, doors[grid_id].name)
        for (grid_id, _, form), rows in grouped.items()
    ]
    where = showing.door(turn.catalog, building, unit, room)
    return Reply("forms/household", {"blocks": blocks, "where": where})


def _block(turn: Turn, reach: Reach, filings: Sequence[Filing], code: str, grid: str) -> Block:
    roles = reach.roles_at(code)
    answers = [(filing, known.answers_of(filing)) for filing in filings]
    rows: list[Row] = []
    for question in reach.form.questions:
        if question.kind == "household":
            continue
        said = [(filing, given[question.id]) for filing, given in answers if given.get(question.id)]
        said = [(filing, value) for filing, value in said if rules.applies(question, known.answers_of(filing))]
        if said:
            rows.append(Row(question.label, tuple(_sides(turn, question, said, roles))))
    first = filings[0]
    where = showing.door(turn.catalog, first.building, first.unit, first.room)
    return Block(reach.form.title, where, grid, tuple(filing.number for filing in filings), tuple(rows))


def _sides(
    turn: Turn, question: rules.Question, said: Sequence[tuple[Filing, str]], roles: frozenset[str]
) -> Iterable[Side]:
    """One side for each different answer, with the filings that give it; the newest last."""
    by_value: dict[str, list[Filing]] = {}
    for filing, value in said:
        by_value.setdefault(value, []).append(filing)
    for value, filings in by_value.items():
        shown = showing.for_roles(turn.catalog, question, value, roles, drafts.local(turn).date())
        yield Side(shown, tuple(filing.number for filing in filings), filings[-1].kept_at)


def _read(turn: Turn, row: Filing, how: str) -> None:
    """Who read which filing, and how much of it."""
    detail = f"{row.form} {row.number}"
    account = turn.speaker()
    journal.note(
        turn.session, turn.now, "form_read", grid_id=row.grid_id, account_id=account.id, why=how, detail=detail
    )
