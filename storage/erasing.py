"""Erasing: what is left of an account when its owner wants to be forgotten; counts stay, and nobody is in them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, Update, func, not_, or_, select, update
from sqlalchemy.sql.dml import Delete

from storage import codes, consent, forms
from storage.asked import asked
from storage.census import census_answer
from storage.favours import favour
from storage.forms import filing
from storage.journal import entry
from storage.matters import LIVING, Matter, addition, follower, matter
from storage.musters import board, surge
from storage.notices import receipt
from storage.outbox import outgoing
from storage.people import ERASED, Account, account
from storage.session import Session
from storage.stumbles import stumble
from storage.tags import tag
from storage.windows import window
from storage.wishes import OPEN, claim, resource, service, wish

GONE = ERASED
COUNTED_ON = ("answered", "agreed")
"""States of a favour in which one neighbour counts on the other."""
NO_WORD = {"text": "", "behalf": "", "result": "", "floor": None, "room": None}
SAID = ("add", "correct", "follow", "urge", "reopen", "let_go", "fulfil", "partly")
"""Acts whose reasons are words of whoever asked or helped."""
WORDLESS = ("route", "ring", "rate", "hold_wanted", "spent")
"""Acts on a matter whose reasons are the program's own words: figures are computed from them."""
DEALT_WITH = {
    "addition": ("account_id",),
    "census_answer": ("account_id",),
    "claim": ("account_id",),
    "consent": ("account_id",),
    "favour": ("account_id", "helper_id"),
    "filing": ("account_id",),
    "follower": ("account_id",),
    "home": ("account_id",),
    "journal": ("account_id",),
    "matter": ("account_id",),
    "mode_order": ("account_id", "second_id"),
    "notice": ("account_id", "approved_by", "released_by"),
    "paper_answer": ("account_id",),
    "receipt": ("account_id",),
    "resource": ("account_id",),
    "slot_queue": ("account_id",),
    "surge": ("account_id",),
    "tag": ("account_id",),
}
"""Every column that names an account: a new table must say here that it is thought of; a test compares."""


@dataclass(frozen=True, slots=True)
class Held:
    """How much is kept about an account, by kind."""

    reported: int
    living: int
    followed: int
    filed: int
    offered: int
    promised: int
    """Wishes and favours of others that wait for this account."""


def held(session: Session, account_id: int) -> Held:
    """What somebody who asks for their own information is told."""
    session.write(matter)
    session.write(wish)
    mine = matter.c.account_id == account_id
    of_forms = (filing.c.account_id == account_id) & filing.c.state.in_((forms.DRAFT, forms.KEPT))
    claims = (claim.c.account_id == account_id) & (claim.c.state == OPEN)
    favours = or_(favour.c.account_id == account_id, favour.c.helper_id == account_id)
    return Held(
        reported=_many(session, select(func.count()).select_from(matter).where(mine)),
        living=_many(session, select(func.count()).select_from(matter).where(mine, LIVING)),
        followed=_many(session, select(func.count()).select_from(follower).where(follower.c.account_id == account_id)),
        filed=_many(session, select(func.count()).select_from(filing).where(of_forms)),
        offered=_many(
            session,
            select(func.count())
            .select_from(resource)
            .where(resource.c.account_id == account_id, resource.c.state == "offered"),
        ),
        promised=_many(session, select(func.count()).select_from(claim).where(claims))
        + _many(session, select(func.count()).select_from(favour).where(favours, favour.c.state.in_(COUNTED_ON))),
    )


def living_of(session: Session, account_id: int) -> list[Matter]:
    """What this account asked for and has not got yet, the oldest first."""
    session.write(matter)
    return session.all(
        Matter, select(matter).where(matter.c.account_id == account_id, LIVING).order_by(matter.c.number)
    )


def erase(session: Session, whose: Account, now: datetime) -> None:
    """Forget the account; its ended matters stay as counts without a word, a door or a name."""
    session.flush()
    mine = select(matter.c.id).where(matter.c.account_id == whose.id)
    for statement in (*_of_matters(whose.id, mine), *_of_neighbours(whose.id, mine), *_said_to(whose, mine)):
        session.run(statement)
    forms.forget(session, whose.id, now)
    codes.forget_home(session, whose.id)
    consent.forget(session, whose.id)
    nobody = {"external": f"{GONE} {whose.id}", "name": "", "person_id": None}
    session.run(update(account).where(account.c.id == whose.id).values(**nobody))
    session.forget_notes()


def _of_matters(account_id: int, mine: Select[int]) -> Collection[Update | Delete]:
    """What was asked for, and what was added to others' matters."""
    followed = select(follower.c.matter_id).where(follower.c.account_id == account_id)
    by_them = entry.c.matter_id.is_(None) | entry.c.act.in_(SAID)
    theirs = (entry.c.account_id == account_id) & by_them
    worded = entry.c.matter_id.in_(mine) & entry.c.act.not_in(WORDLESS)
    return (
        update(matter).where(matter.c.account_id == account_id, not_(LIVING)).values(**NO_WORD),
        update(matter).where(matter.c.id.in_(followed), LIVING).values(followers=matter.c.followers - 1),
        follower.delete().where(follower.c.account_id == account_id),
        addition.delete().where(or_(addition.c.account_id == account_id, addition.c.matter_id.in_(mine))),
        update(entry).where(or_(theirs, worded)).values(why="", detail=""),
    )


def _of_neighbours(account_id: int, mine: Select[int]) -> Collection[Update | Delete]:
    """Wishes, what was promised and offered, and favours."""
    taken = select(claim.c.matter_id).where(claim.c.account_id == account_id)
    return (
        update(wish).where(wish.c.matter_id.in_(mine)).values(public="", consent="", contact=""),
        update(service).where(service.c.matter_id.in_(taken)).values(provider=""),
        update(service).where(service.c.matter_id.in_(mine)).values(title="", for_whom=""),
        update(claim).where(or_(claim.c.account_id == account_id, claim.c.matter_id.in_(mine))).values(deed=""),
        update(resource).where(resource.c.account_id == account_id).values(text="", holder="", state="ended"),
        update(favour).where(favour.c.account_id == account_id).values(text="", state="ended"),
        update(receipt).where(receipt.c.account_id == account_id).values(answer=""),
        update(surge).where(surge.c.account_id == account_id).values(why=""),
        tag.delete().where(tag.c.account_id == account_id),
        update(census_answer).where(census_answer.c.account_id == account_id).values(words=""),
    )


def _said_to(whose: Account, mine: Select[int]) -> Collection[Update | Delete]:
    """What the bot told the account, what it still waits to hear, and what it said to others about its matters."""
    to_them = (outgoing.c.channel == whose.channel) & (outgoing.c.target == whose.external) & outgoing.c.private
    about = outgoing.c.about.in_(select(matter.c.number).where(matter.c.id.in_(mine)))
    sent = outgoing.c.state != "waiting"
    theirs = asked.c.key.startswith(f"{whose.channel}/", autoescape=True)
    stumbled = stumble.c.incoming.contains(f'"sender":"{whose.external}"', autoescape=True)
    return (
        update(outgoing).where(sent, to_them).values(text="", buttons="", about=None, target=f"{GONE} {whose.id}"),
        update(outgoing).where(sent, about).values(text="", buttons=""),
        asked.delete().where(theirs, asked.c.key.endswith(f"|{whose.external}", autoescape=True)),
        asked.delete().where(theirs, asked.c.key.endswith("|", autoescape=True), asked.c.held == whose.external),
        stumble.delete().where(stumbled),
        board.delete().where(board.c.channel == whose.channel, board.c.target == whose.external),
        window.delete().where(window.c.channel == whose.channel, window.c.target == whose.external),
    )


def _many(session: Session, statement: Select[int]) -> int:
    return session.one(int, statement)
