"""The register of doors that a census keeps in mind is the table of households, in the order in which one walks."""

from sqlalchemy import select

from storage import census, grids
from storage.census import WALKING
from storage.database import Database
from storage.grids import LIVE, grid, within
from storage.people import household
from tests.stage import settled_on


def test_each_grid_knows_its_doors_in_walking_order(database: Database) -> None:
    settled_on(database)
    home = household.c
    with database.reading() as session:
        codes = session.connection.execute(select(grid.c.code).where(LIVE)).scalars().all()
        doors = select(home.id, home.grid_id, home.building, home.unit, home.room).join(grid, grid.c.id == home.grid_id)
        for code in codes:
            found = grids.by_code(session, code)
            listed = doors.where(within(code), home.ended_at.is_(None), LIVE).order_by(*WALKING)
            assert found is not None
            told = [(one.id, one.grid_id, one.building, one.unit, one.room) for one in census.register(session, found)]
            assert told == [tuple(row) for row in session.connection.execute(listed)], code
