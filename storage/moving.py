"""Moving: a group that got another id on its platform stays the group it was, with all that was promised to it."""

from datetime import datetime

from sqlalchemy import exists, func, select, update

from storage.asked import asked
from storage.chats import chat
from storage.matters import matter
from storage.musters import board
from storage.outbox import gone, held, outgoing
from storage.session import Session

TWIN = outgoing.alias("twin")
BEFORE = chat.alias("before")


def move(session: Session, channel: str, old: str, new: str, now: datetime) -> bool:
    """Give the group `old` the id `new` everywhere; False where there is no such group any more: it was moved before.

    What was promised to the old id since then goes to the new one too. Where the bot was greeted under the new id
    before it heard of the move, that second group ends.
    """
    session.flush()
    if old == new:
        return False
    known = _rename(session, channel, old, new, now)
    line, moved = f"{channel}//{old}|", f"{channel}//{new}|"
    of_old = asked.c.key.startswith(line, autoescape=True)
    key = moved + func.substr(asked.c.key, len(line) + 1)
    session.run(asked.delete().where(of_old, key.in_(select(asked.c.key))))
    session.run(update(asked).where(of_old).values(key=key))
    _readdress(session, channel, old, new, now)
    again = select(board.c.notice).where(board.c.channel == channel, board.c.target == new)
    stale = (board.c.channel == channel) & (board.c.target == old)
    session.run(board.delete().where(stale, board.c.notice.in_(again)))
    session.run(update(board).where(stale).values(target=new))
    session.run(gone.delete().where(gone.c.channel == channel, gone.c.target.in_((old, new))))
    session.run(held.delete().where(held.c.channel == channel, held.c.target == old))
    if known:
        session.organization_changed()
    return known


def _rename(session: Session, channel: str, old: str, new: str, now: datetime) -> bool:
    """The group's own row; whether there was one. The old id's end was no farewell: the bot is in the group still."""
    former = (chat.c.channel == channel) & (chat.c.external == old)
    kept = session.maybe(int, select(chat.c.id).where(former))
    if kept is None:
        return False
    twin = (chat.c.channel == channel) & (chat.c.external == new)
    begun = matter.c.chat_id.in_(select(chat.c.id).where(twin))
    session.run(update(matter).where(begun).values(chat_id=kept))
    session.run(
        update(chat).where(twin).values(external=f"{new} until {now:%Y-%m-%d %H:%M}", gone_at=now, grid_id=None)
    )
    taken = exists().where(
        BEFORE.c.id != chat.c.id,
        BEFORE.c.grid_id == chat.c.grid_id,
        BEFORE.c.audience == chat.c.audience,
        BEFORE.c.gone_at.is_(None),
    )
    session.run(update(chat).where(former, taken, chat.c.gone_at.is_not(None)).values(grid_id=None))
    session.run(update(chat).where(former).values(external=new, gone_at=None))
    return True


def _readdress(session: Session, channel: str, old: str, new: str, now: datetime) -> None:
    """Words for the old id are words for the new one; what was said there can be neither quoted nor edited here."""
    words = (outgoing.c.channel == channel) & (outgoing.c.target == old) & outgoing.c.private.is_(False)
    told = exists().where(TWIN.c.body_id == outgoing.c.body_id, TWIN.c.channel == channel, TWIN.c.target == new)
    waits = outgoing.c.state == "waiting"
    session.run(update(outgoing).where(words, waits, told).values(state="stopped", settled_at=now, leased_until=None))
    session.run(update(outgoing).where(words, ~told).values(target=new, platform_id=None, quote=None))
