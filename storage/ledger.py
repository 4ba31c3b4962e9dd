"""The ledger 台账: every matter with its grid's code and its owner's name, read as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.grids import grid
from storage.matters import matter
from storage.people import person
from storage.posts import post
from storage.session import Session

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One matter as it stands."""

    number: int
    kind: str
    category: str
    urgency: str
    state: str
    grid_code: str
    building: str | None
    unit: str | None
    floor: str | None
    room: str | None
    spot: str | None
    text: str
    opened_at: datetime
    owner: str | None
    """The name of whoever has to act next."""
    deadline: datetime | None
    closed_at: datetime | None
    rating: str
    followers: int


LINES = (
    select(
        matter.c.number,
        matter.c.kind,
        matter.c.category,
        matter.c.urgency,
        matter.c.state,
        grid.c.code,
        matter.c.building,
        matter.c.unit,
        matter.c.floor,
        matter.c.room,
        matter.c.spot,
        matter.c.text,
        matter.c.opened_at,
        person.c.name,
        matter.c.deadline,
        matter.c.closed_at,
        matter.c.rating,
        matter.c.followers,
    )
    .join_from(matter, grid, grid.c.id == matter.c.grid_id)
    .outerjoin(post, post.c.id == matter.c.owner_id)
    .outerjoin(person, person.c.id == post.c.person_id)
    .order_by(matter.c.number)
)


def lines(session: Session) -> Iterator[Line]:
    """All matters by number, some thousand in memory at most."""
    session.write(matter)
    rows = session.connection.execution_options(yield_per=AT_ONCE).execute(LINES)
    for row in rows:
        yield Line(*row)
