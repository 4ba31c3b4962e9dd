"""Identities: (channel, the platform's id), asked for channel by channel, so that every database uses its index."""

from collections.abc import Collection, Iterable
from typing import Protocol, TypeVar

from sqlalchemy import Executable

from storage.session import Session

Identity = tuple[str, str]


class Identified(Protocol):
    """A row that stands for an identity."""

    channel: str
    external: str


Row = TypeVar("Row", bound=Identified)


def rows_of(
    session: Session, model: type[Row], statement: Executable, identities: Collection[Identity]
) -> dict[Identity, Row]:
    """The rows of these identities; `statement` asks for `channel` and `names`."""
    return {
        (row.channel, row.external): row
        for channel, names in by_channel(identities).items()
        for row in session.all(model, statement, {"channel": channel, "names": names})
    }


def by_channel(identities: Iterable[Identity]) -> dict[str, list[str]]:
    """The ids of each channel."""
    names: dict[str, list[str]] = {}
    for channel, name in identities:
        names.setdefault(channel, []).append(name)
    return names
