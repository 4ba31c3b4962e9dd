"""What is held already, so that nobody is asked for it again: name, phone, door, the last filing."""

from dataclasses import dataclass

import msgspec

from bot.turn import Turn
from handlers.forms import addresses, lint, rules
from handlers.forms.rules import Form
from storage import codes, forms, people
from storage.forms import KEPT, Filing


@dataclass(frozen=True, slots=True)
class Door:
    """A household's door, in its grid."""

    grid_id: int | None
    building: str
    unit: str
    room: str

    @property
    def value(self) -> str:
        """As it stands among the answers."""
        return f"{self.building}-{self.unit}-{self.room}"


def is_of(filing: Filing, door: Door) -> bool:
    """Whether the filing is of this door; a unit or an estate that one of them leaves open is no difference."""
    open_unit = not (filing.unit and door.unit)
    same_estate = None in (filing.grid_id, door.grid_id) or filing.grid_id == door.grid_id
    if not door.building and not filing.building:
        return addresses.same_house(filing.room, door.room) and same_estate
    same = (filing.building, filing.room) == (door.building, door.room) and (open_unit or filing.unit == door.unit)
    return same and same_estate


def answers_of(filing: Filing) -> dict[str, str]:
    """What was answered, by question."""
    return msgspec.json.decode(filing.answers, type=dict[str, str])


def door(turn: Turn) -> Door | None:
    """Where the speaker lives: by the code that was scanned, else by the last filing that named it."""
    account = turn.speaker()
    home = codes.home_of(turn.session, account.id)
    if home is not None and home.room:
        return Door(home.grid_id, home.building, home.unit, home.room)
    last = last_door(turn, account.id)
    return Door(last.grid_id, last.building, last.unit, last.room) if last else None


def last_door(turn: Turn, account_id: int) -> Filing | None:
    """The newest kept filing in which the account named a door as its own: not that of a parent, or of a tenant."""
    kept = forms.of_account(turn.session, account_id, KEPT)
    return next((filing for filing in kept if filing.room and _is_ones_own(turn, filing)), None)


def _is_ones_own(turn: Turn, filing: Filing) -> bool:
    form = lint.offered(turn.catalog).get(filing.form)
    doors = [one for one in form.questions if one.kind == "household"] if form else []
    return all(rules.is_ones_own(one, answers_of(filing)) for one in doors)


def prefill(turn: Turn, form: Form, lives: Door | None) -> dict[str, str]:
    """The answers of this form that are held already."""
    wanted = {question.known for question in form.questions} - {""}
    if not wanted:
        return {}
    account = turn.speaker()
    person = people.get(turn.session, account.person_id) if account.person_id is not None else None
    kept = forms.of_account(turn.session, account.id, KEPT) if wanted & {"phone", "last"} else []
    held = {
        "name": person.name if person else "",
        "door": lives.value if lives else "",
        "phone": _phone(turn, kept) or (person.phone if person else ""),
    }
    last = next(
        (answers_of(filing) for filing in kept if lint.offered(turn.catalog).get(filing.form) is form), dict[str, str]()
    )
    found: dict[str, str] = {}
    for question in form.questions:
        value = last.get(question.id, "") if question.known == "last" else held.get(question.known, "")
        if value:
            found[question.id] = value
    return found


def _phone(turn: Turn, kept: list[Filing]) -> str:
    """The speaker's own phone, as the newest filing has it."""
    offered = lint.offered(turn.catalog)
    for filing in kept:
        form = offered.get(filing.form)
        own = [question.id for question in form.questions if question.known == "phone"] if form else []
        answers = answers_of(filing) if own else {}
        if value := next((answers[of] for of in own if answers.get(of)), ""):
            return value
    return ""
