"""Tags: what makes somebody one of those a notice is for; said by the community, or by a form that they filed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Index, UniqueConstraint, exists, literal, or_, select
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.forms import KEPT, filing
from storage.people import account
from storage.session import Session


class Tag(SQLModel, table=True):
    """标签: one account has it."""

    __table_args__ = (UniqueConstraint("account_id", "code", name="tag_once"), Index("tag_code", "code"))
    id: int = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    code: str
    """As notices.toml names it."""
    since: datetime = Field(sa_type=Moment)


tag = table(Tag)


@dataclass(frozen=True, slots=True)
class Tagged:
    """Those with one of these tags, or who keep one of these forms filed; everybody, when both are empty."""

    codes: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.codes or self.forms)

    def holds(self, account_id: ColumnElement[int]) -> ColumnElement[bool]:
        """The condition "is one of them"."""
        by_hand = exists().where(tag.c.account_id == account_id, tag.c.code.in_(self.codes))
        by_form = exists().where(
            filing.c.account_id == account_id, filing.c.state == KEPT, filing.c.form.in_(self.forms)
        )
        return or_(by_hand, by_form)


EVERYBODY = Tagged()


def put(session: Session, identities: Collection[tuple[str, str]], code: str, now: datetime) -> int:
    """Give the accounts with these (channel, external) identities the tag; how many it is new for."""
    new = 0
    for channel, external in identities:
        whose = select(account.c.id, literal(code), literal(now, Moment)).where(
            account.c.channel == channel, account.c.external == external
        )
        adding = session.insert_unless_there(tag).from_select(("account_id", "code", "since"), whose)
        new += session.run(adding)
    return new
