"""Column kinds that mean the same on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite, which knows no zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """Refuse a naive moment: it would be somebody's local time by mistake."""
        return _to_utc if dialect.name == "postgresql" else _to_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Give every moment back as aware UTC."""
        return _in_utc if dialect.name == "postgresql" else _from_text


def _to_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone was about to be stored")
    return value.astimezone(UTC)


@lru_cache(maxsize=64)
def _to_text(value: datetime | None) -> str | None:
    """As SQLAlchemy keeps a DateTime in SQLite; the rows of one transaction tell the same few moments."""
    moment = _to_utc(value)
    return moment and moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _in_utc(value: datetime | None) -> datetime | None:
    return value and value.astimezone(UTC)


def _from_text(value: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{value}+00:00") if value else None  # five times as fast as replacing the zone


def table(model: type[SQLModel]) -> Table:
    """The Core table behind a SQLModel class: hot paths speak Core."""
    found: Any = model.metadata.tables[str(model.__tablename__)]  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
    return found
