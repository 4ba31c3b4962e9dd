"""A row of the organization workbook as typed values, without the library that reads the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.people.faults import Where

Value = str | int | date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row that says something: values by the code of their column; a value that was faulty is as if left blank."""

    sheet: str
    row: int
    values: Mapping[str, Value]
    places: Mapping[str, str]

    def text(self, column: str) -> str:
        """The words in a column, or none."""
        value = self.values.get(column)
        return value if isinstance(value, str) else ""

    def number(self, column: str) -> int:
        """The number in a column, 0 when blank."""
        value = self.values.get(column)
        return value if isinstance(value, int) else 0

    def day(self, column: str) -> date | None:
        """The date in a column."""
        value = self.values.get(column)
        return value if isinstance(value, date) else None

    def at(self, column: str) -> Where:
        """Where the cell is, for a fault."""
        return Where(self.sheet, self.row, self.places.get(column, ""))
