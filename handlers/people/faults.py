"""What is wrong with a workbook, in the words of templates/catalog/faults.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import msgspec

Severity = Literal["fault", "warning"]


@dataclass(frozen=True, slots=True)
class Where:
    """A cell; row 0 is the whole sheet, an empty sheet the whole file."""

    sheet: str = ""
    row: int = 0
    column: str = ""
    """Its letter and its header: "D 上级编码"."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend (fault) or to think about (warning), and how."""

    severity: Severity
    sheet: str
    row: int
    column: str
    code: str
    text: str


class FaultTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """faults.toml."""

    text: dict[str, str]


@dataclass(slots=True)
class Faults:
    """Gathers everything that is wrong, so that one look at the list is enough."""

    texts: Mapping[str, str]
    found: list[Fault] = field(default_factory=list[Fault])

    def add(self, code: str, where: Where, /, **values: object) -> None:
        """Something that must be mended before the import."""
        self._note("fault", code, where, values)

    def warn(self, code: str, where: Where, /, **values: object) -> None:
        """Something that may stay as it is."""
        self._note("warning", code, where, values)

    @property
    def any(self) -> bool:
        """Whether the import must wait."""
        return any(fault.severity == "fault" for fault in self.found)

    def _note(self, severity: Severity, code: str, where: Where, values: Mapping[str, object]) -> None:
        shown = {name: _short(value) for name, value in values.items()}
        text = self.texts[code].format_map(shown)
        self.found.append(Fault(severity, where.sheet, where.row, where.column, code, text))


def _short(value: object) -> str:
    words = str(value)
    return words if len(words) <= 300 else words[:300] + "…"
