"""Tokens: what platforms give us to speak with; of all processes one fetches, the others wait for it."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.session import Session

FETCHED_WITHIN = timedelta(seconds=15)
"""Whoever said they would fetch one and did not has died."""


class Token(SQLModel, table=True):
    """One platform's token; nobody reads it but the channel."""

    key: str = Field(primary_key=True)
    """The channel and whose token it is."""
    words: str = ""
    until: datetime = Field(sa_type=Moment)
    fetched_by: str = ""
    fetched_until: datetime = Field(sa_type=Moment)
    """Until then one process fetches a new one."""


token = table(Token)
OF_KEY = select(token).where(token.c.key == bindparam("key"))


def held(session: Session, key: str, *, refused: str, by: str, now: datetime) -> Token | None:
    """The token that serves, other than the one that was refused; None where somebody else fetches one just now.

    An empty one is the order to fetch it and `keep` it.
    """
    nothing = {"key": key, "words": "", "until": now, "fetched_by": "", "fetched_until": now}
    session.run(session.insert_unless_there(token), nothing)
    found = session.all(Token, OF_KEY.with_for_update() if session.is_postgres else OF_KEY, {"key": key})[0]
    if found.words and found.words != refused and found.until > now:
        return found
    if found.fetched_by not in ("", by) and found.fetched_until > now:
        return None
    fetching = {"fetched_by": by, "fetched_until": now + FETCHED_WITHIN}
    session.run(update(token).where(token.c.key == key).values(**fetching))
    return Token(key=key, words="", until=now, fetched_by=by, fetched_until=now + FETCHED_WITHIN)


def keep(session: Session, key: str, words: str, until: datetime) -> None:
    """This one serves until then; empty words only end the fetching, which failed."""
    session.run(update(token).where(token.c.key == key).values(words=words, until=until, fetched_by=""))
