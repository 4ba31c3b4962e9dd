"""Grids: the tree from the district down to the household lead; a subtree is a prefix of codes."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Index, bindparam, exists, func, select, text
from sqlmodel import Field, SQLModel

from storage.among import among
from storage.columns import Moment, table
from storage.session import Session
from storage.shelves import Shelf


class Grid(SQLModel, table=True):
    """网格: a node of the tree. Codes change with the year, so no row refers to one by its code."""

    __table_args__ = (
        Index(
            "grid_code_now",
            "code",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("grid_parent", "parent_id"),
    )
    id: int = Field(primary_key=True)
    code: str
    name: str
    level: str
    """The level's name in the community's own words: 区, 街道, 社区, 网格, 微网格."""
    depth: int
    """0 is the root."""
    parent_id: int | None = Field(default=None, foreign_key="grid.id")
    kind: str = "residential"
    """residential 基础网格 or dedicated 专属网格."""
    households: int = 0
    people: int = 0
    aliases: str = ""
    """Estates and streets by which people name it, separated by 、."""
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


grid = table(Grid)
LIVE = grid.c.ended_at.is_(None)
BY_ID = select(grid).where(grid.c.id == bindparam("id"))
BY_IDS = select(grid).where(among(grid.c.id, "ids"))
OF_ID = Shelf[int, Grid]()
CALLED, ALL = Shelf[str, dict[str, list[tuple[str, int]]]](), "all"
BY_CODE = select(grid).where(grid.c.code == bindparam("code"), LIVE)


def get(session: Session, id: int) -> Grid:
    """The grid with this id, ended or not."""
    kept = session.shelf(OF_ID)
    if id not in kept:
        kept[id] = session.all(Grid, BY_ID, {"id": id})[0]
    return kept[id]


def by_ids(session: Session, ids: Collection[int]) -> dict[int, Grid]:
    """The grids with these ids, by id."""
    kept = session.shelf(OF_ID)
    if unknown := [wanted for wanted in ids if wanted not in kept]:
        kept.update({row.id: row for row in session.all(Grid, BY_IDS, {"ids": unknown})})
    return {wanted: kept[wanted] for wanted in ids if wanted in kept}


def with_all_above(session: Session, ids: Collection[int]) -> dict[int, Grid]:
    """These grids and everything above them, by id: one statement a level the first time, none later."""
    found = by_ids(session, ids)
    level = found
    while level := by_ids(session, {row.parent_id for row in level.values() if row.parent_id is not None} - set(found)):
        found |= level
    return found


def called(session: Session) -> dict[str, list[tuple[str, int]]]:
    """(name, id) of every living grid by what people call it, names and aliases, under the first two characters."""
    kept = session.shelf(CALLED)
    if ALL not in kept:
        found: dict[str, list[tuple[str, int]]] = {}
        for row in everything(session):
            for name in {row.name, *row.aliases.split("、")}:
                if len(name) > 1:
                    found.setdefault(name[:2], []).append((name, row.id))
        kept[ALL] = found
    return kept[ALL]


def by_code(session: Session, code: str) -> Grid | None:
    """The living grid with this code."""
    return session.first(Grid, BY_CODE, {"code": code})


def lineage(session: Session, lowest: Grid) -> list[Grid]:
    """This grid and all above it, nearest first."""
    found = [lowest]
    while (above := found[-1].parent_id) is not None:
        found.append(get(session, above))
    return found


def everything(session: Session) -> list[Grid]:
    """Every living grid in the order of codes."""
    return session.all(Grid, select(grid).where(LIVE).order_by(grid.c.code))


def within(code: str | BindParameter[str]) -> ColumnElement[bool]:
    """The condition "in the subtree of this code": a range of the index, never a scan."""
    return (grid.c.code >= code) & (grid.c.code < code + ":")  # ":" follows "9"


def root(session: Session) -> Grid | None:
    """The top of the tree."""
    return session.first(Grid, select(grid).where(LIVE).order_by(grid.c.depth, grid.c.code).limit(1))


def count(session: Session) -> int:
    """How many living grids there are."""
    return session.one(int, select(func.count()).select_from(grid).where(LIVE))


def count_lowest(session: Session, code: str) -> int:
    """How many living grids of the subtree have none below them."""
    lower = grid.alias("lower")
    has_lower = exists().where(lower.c.parent_id == grid.c.id, lower.c.ended_at.is_(None))
    return session.one(int, select(func.count()).select_from(grid).where(within(code), LIVE, ~has_lower))


def lowest(session: Session, code: str) -> list[Grid]:
    """The living grids of the subtree that have none below them, in the order of the codes."""
    lower = grid.alias("lower")
    has_lower = exists().where(lower.c.parent_id == grid.c.id, lower.c.ended_at.is_(None))
    return session.all(Grid, select(grid).where(within(code), LIVE, ~has_lower).order_by(grid.c.code))


def count_households(session: Session, code: str) -> int:
    """How many households the lowest grids of the subtree say they have."""
    lower = grid.alias("lower")
    has_lower = exists().where(lower.c.parent_id == grid.c.id, lower.c.ended_at.is_(None))
    many = func.coalesce(func.sum(grid.c.households), 0)
    return session.one(int, select(many).where(within(code), LIVE, ~has_lower))
