"""The loaded organization as one channel sees it: who and what there is to speak as and in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from storage.chats import Chat, chat
from storage.grids import Grid, everything
from storage.people import Account, account
from storage.posts import Post, post
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rows as they stand, for one channel."""

    grids: Sequence[Grid]
    chats: Sequence[Chat]
    accounts: Sequence[Account]
    posts: Sequence[Post]


def loaded(session: Session, channel: str) -> Loaded:
    """Every living grid, and this channel's chats, accounts and their holders' posts."""
    held = select(account.c.person_id).where(account.c.channel == channel, account.c.person_id.is_not(None))
    return Loaded(
        grids=everything(session),
        chats=session.all(
            Chat, select(chat).where(chat.c.channel == channel, chat.c.gone_at.is_(None)).order_by(chat.c.id)
        ),
        accounts=session.all(Account, select(account).where(account.c.channel == channel).order_by(account.c.id)),
        posts=session.all(
            Post,
            select(post).where(post.c.until.is_(None), post.c.person_id.in_(held)).order_by(post.c.seat, post.c.id),
        ),
    )
