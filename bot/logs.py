"""What the operator reads: one line an event, with its values behind it; of an error where it was, not what was said."""

import logging
import sqlite3
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import cast

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import CatalogError, SendError, SetupError

ALWAYS_THERE = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
PLAIN = (SetupError, CatalogError, SendError, SQLAlchemyError, sqlite3.Error)
"""Errors whose words are of tables, files and platforms. Any other may quote what it stumbled over: somebody's words."""
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Line(logging.Formatter):
    """The sentence, then every value of `extra` as name=value."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        values = (f"{name}={value!r}" for name, value in vars(record).items() if name not in ALWAYS_THERE)
        return " ".join([super().formatMessage(record), *values])

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - the library's name
        return "".join(_where(ei[1])).rstrip() if ei[1] is not None else ""


def _where(fault: BaseException) -> Iterator[str]:
    """Where it was raised, and before it what it came from."""
    before = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if before is not None:
        yield from _where(before)
        yield "and then\n"
    beside = cast("BaseExceptionGroup[BaseException]", fault).exceptions if _is_group(fault) else ()
    for one in beside:
        yield from _where(one)
        yield "and beside it\n"
    yield from traceback.format_tb(fault.__traceback__)
    yield f"{type(fault).__qualname__}: {_says(fault)}".removesuffix(": ") + "\n"


def _is_group(fault: BaseException) -> bool:
    return isinstance(fault, BaseExceptionGroup)


def _says(fault: BaseException) -> str:
    if isinstance(fault, OSError):
        return fault.strerror or ""
    return str(fault) if isinstance(fault, PLAIN) else ""


def to_stderr(level: int) -> None:
    """From now on write what happens, from this level up."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
