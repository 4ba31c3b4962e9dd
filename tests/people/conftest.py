"""The catalog that ships, for the tests of the organization."""

from pathlib import Path

import pytest

from bot.catalog import Catalog

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@pytest.fixture
def catalog() -> Catalog:
    """The catalog as it ships."""
    return Catalog(TEMPLATES / "catalog")
