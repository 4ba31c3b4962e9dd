"""Consent: what an account has said yes or no to, purpose by purpose."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.session import Session


class Consent(SQLModel, table=True):
    """同意: the last word of an account on one purpose of consent.toml."""

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    purpose: str = Field(primary_key=True)
    version: int
    """Of the words that were agreed to: after a change they are asked again."""
    given: bool
    """False: refused or withdrawn."""
    at: datetime = Field(sa_type=Moment)


consent = table(Consent)
OF_ACCOUNT = select(consent).where(consent.c.account_id == bindparam("account_id")).order_by(consent.c.purpose)


def of_account(session: Session, account_id: int) -> dict[str, Consent]:
    """The last word of this account on each purpose."""
    return {row.purpose: row for row in session.all(Consent, OF_ACCOUNT, {"account_id": account_id})}


def say(session: Session, account_id: int, purpose: str, version: int, now: datetime, *, given: bool) -> None:
    """Let this be the account's last word on the purpose."""
    row = {"account_id": account_id, "purpose": purpose, "version": version, "given": given, "at": now}
    if session.run(session.insert_unless_there(consent), row):
        return
    mine = (consent.c.account_id == account_id) & (consent.c.purpose == purpose)
    session.run(update(consent).where(mine).values(version=version, given=given, at=now))


def forget(session: Session, account_id: int) -> None:
    """Nothing of it is kept."""
    session.run(consent.delete().where(consent.c.account_id == account_id))
