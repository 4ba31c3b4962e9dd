"""How answers are read back: in the words of forms.toml, hidden where the reader may not read them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from bot.catalog import Catalog
from handlers.forms import reading, rules, weekdays
from handlers.forms.rules import Form, Question


@dataclass(frozen=True, slots=True)
class Line:
    """One answer as it is read back."""

    label: str
    value: str
    known: bool = False
    """It was held already."""


def lines(
    catalog: Catalog,
    form: Form,
    answers: Mapping[str, str],
    known: frozenset[str] = frozenset(),
    roles: Collection[str] | None = None,
    *,
    today: date,
) -> list[Line]:
    """Every question that was asked with its answer; what none of these roles may read is hidden."""
    return [
        Line(question.label, for_roles(catalog, question, answers[question.id], roles, today), question.id in known)
        for question in rules.asked_of(form, answers)
        if question.id in answers
    ]


def for_roles(catalog: Catalog, question: Question, value: str, roles: Collection[str] | None, today: date) -> str:
    """The answer in words, or the sign that it is hidden; None is whoever gave it."""
    open_to_all = roles is None or not value or not question.guarded
    if open_to_all or any(may_read(catalog, question, role) for role in roles or ()):
        return plainly(catalog, question, value, today)
    return rules.words(catalog).shown["hidden"]


def may_read(catalog: Catalog, question: Question, role: str) -> bool:
    """Whether this role reads a guarded answer: as the form says, else sensitive ones as roles.toml says."""
    if question.readers:
        return role in question.readers
    found = catalog.roles.get(role)
    return found is not None and "read" in found.deeds


def plainly(catalog: Catalog, question: Question, value: str, today: date) -> str:
    """The answer in words."""
    shown = rules.words(catalog).shown
    if not value:
        return shown["skipped"]
    if value == reading.FOR_GOOD:
        return shown["for_good"]
    if question.kind == "household":
        return door(catalog, *value.split("-", 2))
    if question.kind in ("date", "period"):
        start, end = reading.day_of(value), reading.day_of(value, last=True)
        if question.kind == "date":
            return _day(shown, start, today)
        last = shown["open_end"] if reading.is_half(value) else _day(shown, end, start)
        return shown["period"].format(start=_day(shown, start, today), end=last)
    if question.kind == "choice":
        option = question.choices.get(value)
        if question.weekdays and option is None and value.isdecimal():
            return shown["weekdays"].format(days=weekdays.shown(value))
        return option.label if option else value
    if question.kind == "yesno":
        return shown[value]
    return shown["photo"] if question.kind == "photo" else value


def _day(shown: Mapping[str, str], day: date, today: date) -> str:
    """With its year where it is another than this one."""
    kind = "date" if day.year == today.year else "date_with_year"
    return shown[kind].format(year=day.year, month=day.month, day=day.day)


def door(catalog: Catalog, building: str, unit: str, room: str) -> str:
    """A door in words: 3栋2单元501室."""
    shown = rules.words(catalog).shown
    house = shown["building" if building.isdecimal() else "building_letter"].format(value=building) if building else ""
    entrance = shown["unit"].format(value=unit) if unit else ""
    inside = room if not room.isdecimal() else shown["room"].format(value=room)
    return house + entrance + inside
