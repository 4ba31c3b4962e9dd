"""The catalog as it ships, and a reader of it."""

from pathlib import Path

import pytest

from bot.catalog import Catalog
from bot.understanding import Reader


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog(Path(__file__).parents[2] / "templates" / "catalog")


@pytest.fixture(scope="session")
def reader(catalog: Catalog) -> Reader:
    return Reader(catalog)
