"""What an organization workbook may hold: workbook.toml, its sheets, columns, words and limits."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from bot.catalog import Catalog


class ColumnLayout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column: what the program calls it, what people do, and what may stand in it."""

    code: str
    name: str
    hint: str
    kind: Literal["text", "code", "number", "date", "choice", "role"] = "text"
    needed: bool = False
    default: str = ""
    choices: str = ""
    least: int = 0
    width: int = 14


class SheetLayout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sheet and its columns."""

    code: str
    name: str
    column: tuple[ColumnLayout, ...]


class Guide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first sheet, for the one who fills the workbook."""

    sheet: str
    lines: tuple[str, ...]


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """workbook.toml."""

    fewest_levels: int
    most_levels: int
    most_households: int
    most_rows: int
    most_letters: int
    leader_deeds: tuple[str, ...]
    leaf_leaders: tuple[str, ...]
    never_leaders: tuple[str, ...]
    channels: tuple[str, ...]
    unit_kinds: tuple[str, ...]
    guide: Guide
    choices: dict[str, dict[str, tuple[str, ...]]]
    sheet: tuple[SheetLayout, ...]

    def words(self, column: ColumnLayout, roles: Mapping[str, str]) -> dict[str, str]:
        """What may be written in a column of choices, and the code it means."""
        if column.kind == "role":
            return {name: code for code, name in roles.items()} | {code: code for code in roles}
        table = self.choices.get(column.choices, {})
        return {word: code for code, words in table.items() for word in (*words, code)}


def layout(catalog: Catalog) -> Layout:
    """What the community's workbook may hold."""
    return catalog.read("workbook.toml", Layout)
