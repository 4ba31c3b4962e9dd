"""The fictional demo district: plain CSV files under templates/demo, one a sheet, become its workbook."""

import csv
from collections.abc import Iterator
from pathlib import Path

from bot.catalog import Catalog
from handlers.people import workbook
from handlers.people.layout import ColumnLayout, SheetLayout, layout
from handlers.people.line import Value


def write(folder: Path, path: Path, catalog: Catalog) -> None:
    """Write the CSV files of `folder` as a workbook; files and columns have the names of its sheets and columns."""
    sheets = layout(catalog).sheet
    workbook.write(path, catalog, {sheet.code: _rows(folder, sheet) for sheet in sheets})


def _rows(folder: Path, sheet: SheetLayout) -> Iterator[dict[str, Value]]:
    with (folder / f"{sheet.name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {column.code: _value(column, row[column.name]) for column in sheet.column}


def _value(column: ColumnLayout, words: str) -> Value:
    return int(words) if words and column.kind == "number" else words
