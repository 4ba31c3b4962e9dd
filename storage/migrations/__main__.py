"""Writes the next migration: what the tables need that the migrations do not do yet."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.script import ScriptDirectory

from storage import schema
from storage.database import Database


def write_next(says: str) -> None:
    """Compare the tables with an upgraded empty database and write the difference down."""
    config = schema.configuration()
    many = len(list(ScriptDirectory.from_config(config).walk_revisions()))
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
        schema.upgrade(database)
        with database.engine.begin() as connection:
            config.attributes.update(connection=connection, changes_tables=many > 0)
            command.revision(config, says, autogenerate=True, rev_id=f"{many + 1:04}")
        database.close()
    for written in schema.MIGRATIONS.glob(f"versions/{many + 1:04}_*.py"):
        lines = written.read_text().splitlines(keepends=True)
        written.write_text("".join(line for line in lines if not line.lstrip().startswith("# ###")))


if __name__ == "__main__":
    write_next(" ".join(sys.argv[1:]).strip() or "the tables change")
