"""What changes only when the organization does, kept in memory until its edition changes."""

from typing import Generic, TypeVar

from sqlalchemy import select
from sqlmodel import Field, SQLModel

from storage.columns import table

Key = TypeVar("Key")
Thing = TypeVar("Thing")
ONLY = 1


class Edition(SQLModel, table=True):
    """The one row that says how often the organization has changed."""

    id: int = Field(primary_key=True)
    changes: int


edition = table(Edition)
CHANGES = select(edition.c.changes).where(edition.c.id == ONLY)


class Shelf(Generic[Key, Thing]):
    """Names one kind of thing that is kept, by key."""


Shelves = dict[object, dict[object, object]]


class Library:
    """The shelves of one process: those of the newest edition that it has met."""

    def __init__(self) -> None:
        self._standing: tuple[int, Shelves] = (-1, {})

    def of(self, changes: int) -> Shelves:
        """The shelves of this edition; empty ones when it is another than the last time."""
        standing, shelves = self._standing
        if standing != changes:
            shelves = {}
            self._standing = (changes, shelves)
        return shelves
