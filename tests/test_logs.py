"""What the operator reads when something happened, and what nobody reads: what people said, and secrets."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.errors import SendError, SetupError
from storage.database import Database
from storage.stumbles import stumble
from storage.tokens import token

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
SAID, TOKEN = "3栋501我老公打我，手机13912345678", "token-1-of-a-platform"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """All that is written at the lowest level, as the program writes it."""
    root, kept = logging.getLogger(), StringIO()
    monkeypatch.setattr(root, "handlers", [])
    before = root.level
    logs.to_stderr(logging.DEBUG)
    root.handlers[0].setStream(kept)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    yield kept
    root.setLevel(before)


def test_a_line_carries_its_values(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    logs.to_stderr(logging.INFO)

    logging.getLogger("bot.sender").warning("a target is gone", extra={"channel": "telegram", "waiting": 3})

    assert capsys.readouterr().err.endswith("WARNING bot.sender: a target is gone channel='telegram' waiting=3\n")


def fail(fault: BaseException) -> None:
    try:
        try:
            int(SAID)
        except ValueError:
            raise fault  # noqa: B904 - what it came from is written too
    except BaseException:
        logging.getLogger("bot").exception("it hit a bug")


@pytest.mark.parametrize(
    "fault", [KeyError(SAID), ValueError(SAID), ExceptionGroup("both", [KeyError(SAID), TypeError(SAID)])]
)
def test_an_error_is_written_with_its_place_and_without_what_it_stumbled_over(
    written: StringIO, fault: Exception
) -> None:
    fail(fault)

    assert type(fault).__name__ in written.getvalue()
    assert "ValueError" in written.getvalue()
    assert "test_logs.py" in written.getvalue()
    assert "13912345678" not in written.getvalue()
    assert SAID not in written.getvalue()


@pytest.mark.parametrize("fault", [SetupError("Port 80 is taken"), SendError("chat not found"), OSError(2, "No such")])
def test_an_error_that_says_what_to_do_keeps_its_words(written: StringIO, fault: Exception) -> None:
    fail(fault)

    assert str(fault).split("] ")[-1] in written.getvalue()


def test_a_refused_row_is_told_to_nobody(
    database: Database, written: StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither by our lines nor by any other formatter: the error itself holds nothing of it."""
    twice = {"number": 1, "at": NOW, "error": "KeyError", "incoming": SAID}
    rows = [
        (stumble, [twice]),  # its number is taken: PostgreSQL would tell the key
        (stumble, [{**twice, "number": 2, "error": None}]),  # a hole in it: PostgreSQL would tell the whole row
        (token, [{"key": TOKEN, "words": TOKEN, "until": None, "fetched_by": "", "fetched_until": NOW}]),
    ]
    caplog.set_level(logging.DEBUG)
    with database.transaction() as session:
        session.run(insert(stumble), twice)
        session.run(insert(token), {"key": "k", "words": TOKEN, "until": NOW, "fetched_by": "", "fetched_until": NOW})
        session.connection.execute(text("SELECT words FROM token")).all()
    for table, values in rows:
        with pytest.raises(SQLAlchemyError, match="onstraint") as refused, database.transaction() as session:
            session.run(insert(table), values)
        logging.getLogger("bot").error("a batch could not be committed", exc_info=refused.value)
    for found in (written.getvalue(), caplog.text):
        assert "a batch could not be committed" in found
        assert "onstraint" in found
        assert SAID not in found
        assert TOKEN not in found
