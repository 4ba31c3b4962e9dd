"""Turns a reply into the words and buttons that go out; what people read comes from templates/says."""

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateNotFound

from bot.catalog import Catalog
from bot.errors import CatalogError
from bot.message import EITHER, LITERAL, Reply

TOO_LONG = 2000
"""Characters after which a text is cut: every platform takes this much."""
PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")
SAID_AT: ContextVar[datetime | None] = ContextVar("said_at", default=None)
"""The moment at which a text is said: a day of another year is told with its year."""
STEPS = (("天", 86400), ("小时", 3600), ("分钟", 60))


class Renderer:
    """Templates, filters and button labels of one community."""

    def __init__(self, folder: Path, catalog: Catalog, zone: ZoneInfo) -> None:
        self.zone = zone
        self.catalog = catalog
        self._templates: dict[tuple[str, bool], Template] = {}
        self._environments = {private: self._environment(folder / "says", private=private) for private in (True, False)}
        try:
            self.labels = msgspec.toml.decode((folder / "says" / "buttons.toml").read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError) as fault:
            raise CatalogError(f"{folder / 'says' / 'buttons.toml'}: {fault}") from fault

    def _environment(self, folder: Path, *, private: bool) -> Environment:
        """What templates are read with; in a group a door is never more than the building, the unit and the spot."""
        environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=False,  # noqa: S701 - chat text, not HTML: a page escapes what it shows
            undefined=StrictUndefined,
        )
        environment.filters.update(
            at=self._at,
            day=self._day,
            clock=self._clock,
            span=span,
            door=door if private else public_place,
            spot=public_place,
            words=words,
            brief=brief if private else public_place,
            category=self._category,
            role=self._role,
        )
        return environment

    def text(self, template: str, values: Mapping[str, object], *, private: bool, now: datetime | None = None) -> str:
        """The words; in a group without phone and ID numbers, whoever put them there.

        Of several templates, parted by "|", the first that there is: a place may word things in its own way.
        """
        found = self._templates.get((template, private))
        if found is None:
            try:
                names = [f"{name}.txt" for name in template.split(EITHER)]
                found = self._environments[private].select_template(names)
                # every text looks them up and copies them: a plain dictionary is three times as fast as a chained one
                found.globals = dict(found.globals)
                self._templates[template, private] = found
            except TemplateNotFound:
                raise CatalogError(f"templates/says/{template.rpartition(EITHER)[2]}.txt is missing") from None
        moment = SAID_AT.set(now)
        try:
            said = found.render(values).strip()
        finally:
            SAID_AT.reset(moment)
        if not private:
            said = IDENTITY.sub(r"\1********\2", PHONE.sub(r"\1****\2", said))
        return said if len(said) <= TOO_LONG else said[: TOO_LONG - 1] + "…"

    def buttons(self, reply: Reply) -> list[tuple[str, str]]:
        """(label, press) for each button."""
        return [(self.label(button.label), button.press) for button in reply.buttons]

    def label(self, key: str) -> str:
        """What stands on a button."""
        if key.startswith(LITERAL):
            return key[len(LITERAL) :]
        try:
            return self.labels[key]
        except KeyError:
            raise CatalogError(f"templates/says/buttons.toml has no label {key!r}") from None

    def _at(self, moment: datetime | None) -> str:
        if moment is None:
            return ""
        local = moment.astimezone(self.zone)
        return f"{local.month}月{local.day}日{local:%H:%M}"

    def _day(self, moment: datetime) -> str:
        """With its year where it is another than the one in which it is said."""
        local, now = moment.astimezone(self.zone), SAID_AT.get()
        other = now is not None and now.astimezone(self.zone).year != local.year
        return f"{f'{local.year}年' if other else ''}{local.month}月{local.day}日"

    def _clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%H:%M}"

    def _category(self, code: str) -> str:
        found = self.catalog.categories.get(code)
        return found.name if found else code

    def _role(self, code: str) -> str:
        found = self.catalog.roles.get(code)
        return found.name if found else code


def span(seconds: float) -> str:
    """A length of time in words: "3小时20分钟", to the two largest steps."""
    left, steps = max(0, int(seconds)), list[str]()
    for name, size in STEPS:
        many, left = divmod(left, size)
        if many:
            steps.append(f"{many}{name}")
    return "".join(steps[:2]) or "1分钟"


def brief(matter: object) -> str:
    """What is the matter, with the door unless the words name the building themselves."""
    text, building = str(getattr(matter, "text", "")), getattr(matter, "building", None)
    return text if building and str(building) in text else words((door(matter), text))


def words(parts: Iterable[object]) -> str:
    """The parts that are not empty, with a blank between."""
    return " ".join(str(part) for part in parts if part)


def public_place(where: object) -> str:
    """Where it is, as far as a group may hear it: never the floor and door."""
    building, unit, spot = (getattr(where, part, None) for part in ("building", "unit", "spot"))
    named = f"{building}栋" if building and building.isdecimal() else f"{building}座" if building else ""
    return named + (f"{unit}单元" if unit else "") + (spot or "")


def door(where: object) -> str:
    """Where it is, to the door: for the reporter and for whoever goes there."""
    floor, room = getattr(where, "floor", None), getattr(where, "room", None)
    inside = f"{room}室" if room else f"{floor}楼" if floor else ""
    return public_place(where) + inside
