"""Moving: a group that got another id on its platform stays the group it was, with all that was promised to it."""

from datetime import datetime

from sqlalchemy import exists, func, select, update

from storage import chats, formerly
from storage.asked import asked
from storage.chats import Chat, chat
from storage.matters import matter
from storage.musters import board
from storage.outbox import gone, held, outgoing
from storage.session import Session

TWIN = outgoing.alias("twin")
BEFORE = chat.alias("before")


def move(session: Session, channel: str, old: str, new: str, now: datetime) -> bool:
    """Give the group `old` the id `new` everywhere; False where there is no such group any more: it was moved before.

    What was promised to the old id since then goes to the new one too. Where the bot was greeted under one of the two
    ids before it heard of the move, one of two groups ends: never the one that is bound for one that is not. The same
    news again, however late, changes no group.
    """
    session.flush()
    session.one_at_a_time(f"groups move on {channel}")
    before = formerly.newest(session, channel, old)
    new = before if before != old else formerly.newest(session, channel, new)
    if old == new:
        return False
    renamed = _rename(session, channel, old, new, now, again=before != old)
    _questions(session, channel, old, new)
    _readdress(session, channel, old, new, now)
    again = select(board.c.notice).where(board.c.channel == channel, board.c.target == new)
    stale = (board.c.channel == channel) & (board.c.target == old)
    session.run(board.delete().where(stale, board.c.notice.in_(again)))
    session.run(update(board).where(stale).values(target=new))
    session.run(gone.delete().where(gone.c.channel == channel, gone.c.target.in_((old, new))))
    session.run(held.delete().where(held.c.channel == channel, held.c.target == old))
    if before == old:
        formerly.remember(session, channel, old, new, now)
    elif renamed:
        session.organization_changed()
    return renamed and before == old


def _rename(session: Session, channel: str, old: str, new: str, now: datetime, *, again: bool) -> bool:
    """The group's own row; whether there was one. The old id's end was no farewell: the bot is in the group still."""
    rows = chats.by_identity(session, [(channel, old), (channel, new)])
    former, twin = rows.get((channel, old)), rows.get((channel, new))
    if former is None:
        return False
    if twin is not None and (again or _stronger(twin, former)):
        _end(session, former, twin, now)
        return True
    if twin is not None:
        _end(session, twin, former, now)
    mine = chat.c.id == former.id
    taken = exists().where(
        BEFORE.c.id != chat.c.id,
        BEFORE.c.grid_id == chat.c.grid_id,
        BEFORE.c.audience == chat.c.audience,
        BEFORE.c.gone_at.is_(None),
    )
    session.run(update(chat).where(mine, taken, chat.c.gone_at.is_not(None)).values(grid_id=None))
    session.run(update(chat).where(mine).values(external=new, gone_at=None))
    return True


def _stronger(one: Chat, other: Chat) -> bool:
    """Whether that one is bound to a grid and lives, and the other does not."""
    return _bound(one) and not _bound(other)


def _bound(group: Chat) -> bool:
    return group.grid_id is not None and group.gone_at is None


def _end(session: Session, ends: Chat, stays: Chat, now: datetime) -> None:
    """What was begun in the one is of the other."""
    session.run(update(matter).where(matter.c.chat_id == ends.id).values(chat_id=stays.id))
    name = f"{ends.external} until {now:%Y-%m-%d %H:%M} as {ends.id}"
    session.run(update(chat).where(chat.c.id == ends.id).values(external=name, gone_at=now, grid_id=None))
    session.forget_notes()


def _questions(session: Session, channel: str, old: str, new: str) -> None:
    """What was asked of somebody there is asked here; what was asked here already stands."""
    line, moved = f"{channel}//{old}|", f"{channel}//{new}|"
    of_old = asked.c.key.startswith(line, autoescape=True)
    key = moved + func.substr(asked.c.key, len(line) + 1)
    session.run(asked.delete().where(of_old, key.in_(select(asked.c.key))))
    session.run(update(asked).where(of_old).values(key=key))


def _readdress(session: Session, channel: str, old: str, new: str, now: datetime) -> None:
    """Words for the old id are words for the new one; what was said there can be neither quoted nor edited here."""
    words = (outgoing.c.channel == channel) & (outgoing.c.target == old) & outgoing.c.private.is_(False)
    told = exists().where(TWIN.c.body_id == outgoing.c.body_id, TWIN.c.channel == channel, TWIN.c.target == new)
    waits = outgoing.c.state == "waiting"
    session.run(update(outgoing).where(words, waits, told).values(state="stopped", settled_at=now, leased_until=None))
    session.run(update(outgoing).where(words, ~told).values(target=new, platform_id=None, quote=None))
