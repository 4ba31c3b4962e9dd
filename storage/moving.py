"""Moving: a group that got another id on its platform stays the group it was, with all that was promised to it."""

from datetime import datetime

from sqlalchemy import func, select, update

from storage.asked import asked
from storage.chats import chat
from storage.musters import board
from storage.outbox import gone, held, outgoing
from storage.session import Session


def move(session: Session, channel: str, old: str, new: str, now: datetime) -> bool:
    """Give the group `old` the id `new` everywhere; False where there is no such group any more: it was moved before.

    Where the bot was greeted under the new id before it heard of the move, that second group ends.
    """
    session.flush()
    former = (chat.c.channel == channel) & (chat.c.external == old)
    if session.maybe(int, select(chat.c.id).where(former)) is None:
        return False
    twin = (chat.c.channel == channel) & (chat.c.external == new)
    session.run(
        update(chat).where(twin).values(external=f"{new} until {now:%Y-%m-%d %H:%M}", gone_at=now, grid_id=None)
    )
    session.run(update(chat).where(former).values(external=new))
    line, moved = f"{channel}//{old}|", f"{channel}//{new}|"
    session.run(
        update(asked)
        .where(asked.c.key.startswith(line, autoescape=True))
        .values(key=moved + func.substr(asked.c.key, len(line) + 1))
    )
    words = (outgoing.c.channel == channel) & (outgoing.c.target == old) & outgoing.c.private.is_(False)
    session.run(update(outgoing).where(words).values(target=new))
    session.run(update(board).where(board.c.channel == channel, board.c.target == old).values(target=new))
    session.run(gone.delete().where(gone.c.channel == channel, gone.c.target.in_((old, new))))
    session.run(held.delete().where(held.c.channel == channel, held.c.target == old))
    session.organization_changed()
    return True
