"""待办: what waits for the speaker's yes before it reaches others stands first, with the words that say it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from handlers.census.asking import ASKED
from handlers.desk import nearly
from handlers.matters import cards, handling
from handlers.mobilizing import ordering
from handlers.modes import switching
from handlers.notices import conflicts, whose
from handlers.people import authority
from storage import grids, modes, notices, people, posts
from storage.notices import WAITING, Notice

router = Router()

LIST, SHOWN = "list", 5
EMPTY = "handling/list_empty"
AGREE = {"notice": "同意", "census": "同意摸排", "mobilize": "动员", "war": "同意战时"}
"""The command word that says yes to each kind."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that waits for a yes."""

    kind: str
    number: int
    about: str
    """What it says, or where."""
    author: str
    word: str


@router.guard_where("posted")
def first_of_all(turn: Turn) -> Handler | None:
    """待办 of somebody whose yes is waited for; asked of that word only."""
    if turn.utterance.command != LIST or turn.account is None:
        return None
    found = [*_of_war(turn), *_of_notices(turn)]
    return (lambda turn: _shown(turn, found)) if found else None


def _shown(turn: Turn, found: list[Decision]) -> list[Reply]:
    """The decisions, and whatever else waits."""
    values = {"found": found[:SHOWN], "more": max(0, len(found) - SHOWN)}
    others = [one for one in handling.mine(turn) if one.template != EMPTY]
    return [cards.aside(turn, Reply("desk/awaiting", values)), *others]


def _of_war(turn: Turn) -> Iterator[Decision]:
    for order in modes.waiting(turn.session):
        post = switching.peer(turn, order)
        if post is None or post.person_id == posts.get(turn.session, order.post_id).person_id:
            continue
        of, grid = modes.lengthens(turn.session, order), grids.get(turn.session, order.grid_id)
        author = people.get_account(turn.session, order.account_id).name
        yield Decision("longer" if of else "war", order.number, grid.name, author, AGREE["war"])


def _of_notices(turn: Turn) -> Iterator[Decision]:
    for notice in notices.in_states(turn.session, (WAITING, ASKED)):
        if not _may_agree(turn, notice):
            continue
        kind = nearly.kind_of(notice)
        about = notice.topic or notice.summary
        author = people.get_account(turn.session, notice.account_id).name
        yield Decision(kind, notice.number, about, author, AGREE[kind])


def _may_agree(turn: Turn, notice: Notice) -> bool:
    """Whether the speaker's yes is enough, and it is not the author's own."""
    if turn.account is None or notice.account_id == turn.account.id:
        return False
    kind = nearly.kind_of(notice)
    if kind == "mobilize":
        here = authority.post_over(turn, turn.posts, ordering.DEED, whose.grid_of(turn, notice).code)
        return here is not None and not ordering.is_too_old(turn, notice)
    proposes = kind == "notice" and conflicts.proposed(turn, notice)
    why = conflicts.reasons(turn, notice, proposes=proposes)
    return conflicts.may_agree(turn, turn.posts, notice, why) is not None
