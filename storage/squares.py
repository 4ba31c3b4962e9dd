"""Squares that platforms draw for us, each asked for once: to join a grid's customer group, to follow an official account."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.session import Session


class JoinWay(SQLModel, table=True):
    """The square by which neighbours join the group of a grid; the row stands before the platform is asked for it."""

    __tablename__ = "customer_join"  # pyright: ignore[reportAssignmentType]
    grid_id: int = Field(primary_key=True, foreign_key="grid.id")
    begun_at: datetime = Field(sa_type=Moment)
    config: str = ""
    """The platform's name of it; while it is empty nobody knows whether the platform made it."""
    picture: bytes = b""
    """The square as the platform draws it."""


class CodeSquare(SQLModel, table=True):
    """What the printed square of a place code holds, as an official account gave it once and for all."""

    __tablename__ = "code_square"  # pyright: ignore[reportAssignmentType]
    code_id: int = Field(primary_key=True, foreign_key="place_code.id")
    account: str = Field(primary_key=True)
    url: str


customer_join, code_square = table(JoinWay), table(CodeSquare)


def join_ways(session: Session, grid_ids: Collection[int]) -> dict[int, JoinWay]:
    """The squares of these grids, by grid."""
    rows = session.all(JoinWay, select(customer_join).where(customer_join.c.grid_id.in_(list(grid_ids))))
    return {row.grid_id: row for row in rows}


def begin_join(session: Session, grid_id: int, now: datetime) -> bool:
    """The platform is about to be asked; False where it was before."""
    row = {"grid_id": grid_id, "begun_at": now, "config": "", "picture": b""}
    return bool(session.run(session.insert_unless_there(customer_join), row))


def forget_join(session: Session, grid_id: int) -> None:
    """The platform made none, or it is to be asked once more: only where nothing is known of one."""
    session.run(customer_join.delete().where(customer_join.c.grid_id == grid_id, customer_join.c.config == ""))


def keep_join(session: Session, grid_id: int, *, config: str = "", picture: bytes = b"") -> None:
    """What the platform answered."""
    said: dict[str, object] = {"config": config} if config else {"picture": picture}
    session.run(update(customer_join).where(customer_join.c.grid_id == grid_id).values(**said))


def of_codes(session: Session, account: str, codes: Collection[int]) -> dict[int, str]:
    """The addresses that an account gave for these place codes, by code."""
    wanted = (code_square.c.account == account, code_square.c.code_id.in_(list(codes)))
    return {row.code_id: row.url for row in session.all(CodeSquare, select(code_square).where(*wanted))}


def keep_square(session: Session, account: str, code_id: int, url: str) -> None:
    """This is what the square of the code holds from now on."""
    session.run(session.insert_unless_there(code_square), {"code_id": code_id, "account": account, "url": url})
