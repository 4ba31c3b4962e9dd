"""Favours 邻里互助: borrow, lend, a lift, company; small things between neighbours that end by themselves."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Index, bindparam, insert, or_, select, update
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.grids import grid, within
from storage.session import Session


class Favour(SQLModel, table=True):
    """互助: one neighbour asks for or offers a small thing, another one answers, and both agree before they meet."""

    __table_args__ = (
        Index("favour_number", "number", unique=True),
        Index("favour_grid", "grid_id", "state"),
        Index("favour_account", "account_id"),
    )
    id: int = Field(primary_key=True)
    number: int
    kind: str
    """borrow, lend, lift, company ... as wishes.toml names them."""
    offers: bool = False
    """It gives rather than asks."""
    text: str
    """As others see it."""
    account_id: int = Field(foreign_key="account.id")
    grid_id: int = Field(foreign_key="grid.id")
    state: str
    """draft, open, answered (somebody would), agreed, linked (both know of each other, at `until`), done
    (whoever wanted it says so), ended."""
    helper_id: int | None = Field(default=None, foreign_key="account.id")
    """Who answered."""
    since: datetime = Field(sa_type=Moment)
    until: datetime = Field(sa_type=Moment)


favour = table(Favour)
MET = ("linked", "done")
"""Both know of each other."""
BY_NUMBER = select(favour).where(favour.c.number == bindparam("number"))


def add(session: Session, row: Mapping[str, object]) -> None:
    """A draft: nobody else sees it yet."""
    session.run(insert(favour), row)


def by_number(session: Session, number: int) -> Favour | None:
    """The favour with this number."""
    return session.first(Favour, BY_NUMBER, {"number": number})


def advance(session: Session, number: int, states: Collection[str], values: Mapping[str, object]) -> Favour | None:
    """The favour after the change; None when somebody was faster."""
    changing = update(favour).where(favour.c.number == number, favour.c.state.in_(states)).values(**values)
    return session.first(Favour, changing.returning(favour))


def of_account(session: Session, account_id: int, states: Collection[str]) -> list[Favour]:
    """What this neighbour has posted and stands so, the newest first."""
    mine = (favour.c.account_id == account_id) & favour.c.state.in_(states)
    return session.all(Favour, select(favour).where(mine).order_by(favour.c.number.desc()))


def to_decide(session: Session, account_id: int) -> list[Favour]:
    """The favours for which this neighbour's yes or no is waited for, the newest first."""
    asked = (favour.c.account_id == account_id) & (favour.c.state == "answered")
    helping = (favour.c.helper_id == account_id) & (favour.c.state == "agreed")
    return session.all(Favour, select(favour).where(or_(asked, helping)).order_by(favour.c.number.desc()))


def linked_so_far(session: Session, post: Favour) -> list[Favour]:
    """Whom this post has been linked with before: a row each."""
    alike = (favour.c.account_id == post.account_id) & (favour.c.since == post.since) & (favour.c.text == post.text)
    return session.all(Favour, select(favour).where(alike, favour.c.state.in_(MET)))


def given_by(session: Session, account_id: int) -> list[Favour]:
    """The favours this neighbour has done: answered what was asked, or offered what was taken; the newest first."""
    helped = (favour.c.helper_id == account_id) & favour.c.offers.is_(False)
    offered = (favour.c.account_id == account_id) & favour.c.offers.is_(True)
    done = select(favour).where(favour.c.state.in_(MET), or_(helped, offered))
    return session.all(Favour, done.order_by(favour.c.until.desc()))


def received_by(session: Session, account_id: int, since: datetime) -> list[Favour]:
    """What this neighbour wanted and has been linked for since then, and has not said to be done; the newest first."""
    asked = (favour.c.account_id == account_id) & favour.c.offers.is_(False)
    taken = (favour.c.helper_id == account_id) & favour.c.offers.is_(True)
    linked = (favour.c.state == "linked") & (favour.c.until >= since)
    return session.all(Favour, select(favour).where(linked, or_(asked, taken)).order_by(favour.c.number.desc()))


def open_within(session: Session, code: str, limit: int = 100) -> list[Favour]:
    """What is asked for and offered in the subtree, the newest first."""
    statement = (
        select(favour)
        .join(grid, grid.c.id == favour.c.grid_id)
        .where(favour.c.state.in_(("open", "answered")), within(code))
        .order_by(favour.c.number.desc())
        .limit(limit)
    )
    return session.all(Favour, statement)
