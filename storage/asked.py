"""What the bot asked somebody and is waiting for: one question per person and conversation."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import delete, select
from sqlalchemy.engine import result_tuple
from sqlmodel import Field, SQLModel

from storage.among import among
from storage.columns import Moment, table
from storage.session import Session


class Asked(SQLModel, table=True):
    """A question that waits; the next digit, tap or sentence of that person there answers it."""

    key: str = Field(primary_key=True)
    """line|sender: the conversation and who was asked in it."""
    options: str = ""
    """What each digit means: a press, a tab and its label, one a line."""
    takes: str = ""
    """The press that a free sentence completes ("finish 1029"), or nothing."""
    held: str = ""
    """The words the question is about, kept only while it waits."""
    about: int | None = None
    until: datetime = Field(sa_type=Moment)


asked = table(Asked)
WAITING = select(asked).where(among(asked.c.key, "keys"))


_COLUMNS = tuple(column.name for column in asked.c)
_row = result_tuple(_COLUMNS)


def key_of(line: str, sender: str) -> str:
    """The key of what `sender` was asked in the conversation `line`."""
    return f"{line}|{sender}"


def last_key(line: str) -> str:
    """The key under which a group keeps, as `held`, whom it has heard asked last with nobody else speaking since."""
    return key_of(line, "")


def waiting(session: Session, keys: Collection[str], now: datetime) -> dict[str, Asked]:
    """The questions that still wait, by key."""
    rows = session.all(Asked, WAITING, {"keys": list(keys)}) if keys else []
    return {row.key: row for row in rows if row.until > now}


def ask(
    session: Session,
    key: str,
    *,
    options: Collection[str],
    takes: str,
    held: str,
    about: int | None,
    now: datetime,
    lasts: timedelta,
) -> Asked:
    """The question that waits from now on; an older one in the same conversation is forgotten."""
    row: dict[str, object] = {
        "key": key,
        "options": "\n".join(options),
        "takes": takes,
        "held": held,
        "about": about,
        "until": now + lasts,
    }
    session.keep_later(asked, key, row)
    return cast("Asked", _row([row[name] for name in _COLUMNS]))


def forget(session: Session, key: str) -> None:
    """The question is answered."""
    session.keep_later(asked, key, None)


def lapse(session: Session, now: datetime) -> int:
    """Drop what nobody answered in time, with the words that were held."""
    return session.run(delete(asked).where(asked.c.until <= now))
