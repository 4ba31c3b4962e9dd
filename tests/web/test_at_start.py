"""What is made of the tables before the first message: a fault in them is told at the start, and nobody's message waits."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from bot.app import App
from bot.errors import CatalogError
from bot.settings import PROJECT, Settings
from handlers.mobilizing import cannot_move

TABLE = "catalog/danger/fetched.toml"


def app(folder: Path, change: Callable[[str], str]) -> App:
    """A demo with one table changed."""
    templates = folder / "templates"
    copytree(PROJECT / "templates", templates)
    table = templates / TABLE
    table.write_text(change(table.read_text("utf-8")), "utf-8")
    settings = Settings(database_url=f"sqlite:///{folder / 'x.db'}", phones=folder / "phones", templates=templates)
    return App(settings, demo=True)


def test_a_fault_in_a_table_is_told_at_the_start_and_not_at_a_neighbours_message(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="fetched"):
        app(tmp_path, lambda words: words.replace("\nlongest = ", "\nlongset = ", 1)).prepare()


def test_a_large_pattern_is_made_before_anybody_speaks(tmp_path: Path) -> None:
    made = app(tmp_path, lambda words: words)
    made.prepare()
    before = cannot_move._signs.cache_info().misses  # pyright: ignore[reportPrivateUsage]

    cannot_move._signs(made.kit.catalog)  # pyright: ignore[reportPrivateUsage]

    assert cannot_move._signs.cache_info().misses == before  # pyright: ignore[reportPrivateUsage]
