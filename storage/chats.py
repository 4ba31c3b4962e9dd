"""Chats: the groups the bot sits in, each bound to exactly one grid for one audience."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, bindparam, func, select, text, update
from sqlmodel import Field, SQLModel

from storage import formerly
from storage.among import among
from storage.columns import Moment, table
from storage.grids import grid, within
from storage.identity import rows_of
from storage.session import Session
from storage.shelves import Shelf

BOUND_NOW = text("grid_id IS NOT NULL AND gone_at IS NULL")


class Chat(SQLModel, table=True):
    """群: a group on a channel."""

    __table_args__ = (
        UniqueConstraint("channel", "external", name="chat_identity"),
        Index(
            "chat_grid_audience",
            "grid_id",
            "audience",
            unique=True,
            sqlite_where=BOUND_NOW,
            postgresql_where=BOUND_NOW,
        ),
    )
    id: int = Field(primary_key=True)
    channel: str
    external: str
    """The platform's id."""
    name: str = ""
    grid_id: int | None = Field(default=None, foreign_key="grid.id")
    audience: str = "residents"
    """residents 居民群 or staff 工作群."""
    joined_at: datetime = Field(sa_type=Moment)
    hinted_at: datetime | None = Field(default=None, sa_type=Moment)
    """When an unbound group was told how to be bound: once is enough."""
    gone_at: datetime | None = Field(default=None, sa_type=Moment)


chat = table(Chat)
BY_IDENTITY = select(chat).where(chat.c.channel == bindparam("channel"), among(chat.c.external, "names"))
BY_ID = select(chat).where(chat.c.id == bindparam("id"))
BOUND = select(chat).where(
    chat.c.grid_id.is_not(None), chat.c.audience == bindparam("audience"), chat.c.gone_at.is_(None)
)
BOUND_WITHIN = (
    BOUND.join(grid, grid.c.id == chat.c.grid_id)
    .where(within(bindparam("code", type_=String)))
    .order_by(grid.c.code, chat.c.id)
)
WITHIN = Shelf[tuple[str, str], "list[Chat]"]()
OF_AUDIENCE = Shelf[str, dict[int, "Chat"]]()
"""By grid: the one group of each."""


def by_identity(session: Session, identities: Collection[tuple[str, str]]) -> dict[tuple[str, str], Chat]:
    """The chats with these (channel, external) identities."""
    return rows_of(session, Chat, BY_IDENTITY, identities)


def get(session: Session, id: int) -> Chat:
    """The chat with this id."""
    return session.all(Chat, BY_ID, {"id": id})[0]


def join(session: Session, *, channel: str, external: str, name: str, now: datetime) -> Chat:
    """The chat the bot was added to, unbound: its former grid may have another group by now.

    A former id of a group begins no other one.
    """
    external = formerly.newest(session, channel, external)
    values = {"channel": channel, "external": external, "name": name, "joined_at": now}
    if not session.run(session.insert_unless_there(chat), values):
        session.run(
            update(chat).where(chat.c.channel == channel, chat.c.external == external, chat.c.gone_at.is_not(None)),
            {"gone_at": None, "joined_at": now, "grid_id": None, "hinted_at": None},
        )
        session.organization_changed()
    return by_identity(session, [(channel, external)])[channel, external]


def leave(session: Session, chat_id: int, now: datetime) -> None:
    """The bot is no longer in it: its grid is free for another group."""
    session.run(update(chat).where(chat.c.id == chat_id).values(gone_at=now))
    session.organization_changed()


def hint(session: Session, chat_id: int, now: datetime) -> None:
    """Remember that the one hint was given."""
    session.run(update(chat).where(chat.c.id == chat_id).values(hinted_at=now))


def bind(session: Session, chat_id: int, grid_id: int | None, audience: str) -> None:
    """Bind the chat to a grid, or to none."""
    session.run(update(chat).where(chat.c.id == chat_id).values(grid_id=grid_id, audience=audience))
    session.organization_changed()


def _by_grid(session: Session, audience: str) -> dict[int, Chat]:
    kept = session.shelf(OF_AUDIENCE)
    if audience not in kept:
        kept[audience] = {row.grid_id or 0: row for row in session.all(Chat, BOUND, {"audience": audience})}
    return kept[audience]


def bound_within(session: Session, code: str, audience: str) -> list[Chat]:
    """The living chats for one audience that are bound to grids of the subtree, in the order of the grids' codes."""
    kept = session.shelf(WITHIN)
    if (code, audience) not in kept:
        kept[code, audience] = session.all(Chat, BOUND_WITHIN, {"code": code, "audience": audience})
    return kept[code, audience]


def bound_to(session: Session, grids: Collection[int], audience: str) -> list[Chat]:
    """The living chats of these grids for one audience."""
    found = _by_grid(session, audience)
    return [found[grid] for grid in grids if grid in found]


def unbound_count(session: Session) -> int:
    """How many living chats belong to no grid yet."""
    unbound = chat.c.grid_id.is_(None) & chat.c.gone_at.is_(None)
    return session.one(int, select(func.count()).select_from(chat).where(unbound))
