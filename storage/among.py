"""Whether a column is one of many values, told in one parameter: the statement's words stay the same for any number."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, UserDefinedType


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The condition that `column` is one of the numbers or words that the parameter `name` brings as a list.

    For what is asked in every transaction: a parameter for each value would be spelled anew each time. A word with a
    zero character, which PostgreSQL cannot keep at all, SQLite finds nowhere; ids from outside have none.
    """
    return _Among(column, bindparam(name, type_=_Many()))


class _Many(UserDefinedType[list[Any]]):
    """A list as a driver takes it: PostgreSQL knows arrays, SQLite reads JSON."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        return list if dialect.name == "postgresql" else _as_json


class _Among(FunctionElement[Any]):
    type = NullType()
    """Called a Boolean, SQLite would be asked whether it is 1, and use no index."""
    inherit_cache = True


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: Any, **kw: Any) -> str:
    column, many = element.clauses
    return f"{compiler.process(column, **kw)} IN (SELECT value FROM json_each({compiler.process(many, **kw)}))"  # noqa: S608 - SQLAlchemy spells both


@compiles(_Among, "postgresql")
def _any_of_an_array(element: _Among, compiler: Any, **kw: Any) -> str:
    column, many = element.clauses
    return f"{compiler.process(column, **kw)} = ANY({compiler.process(many, **kw)})"


def _as_json(values: list[Any]) -> str:
    return msgspec.json.encode(values).decode()
