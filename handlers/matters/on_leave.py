"""我请两天假, 这两天帮不上忙: a leader who is away hears who is asked in the meantime, and what is still in hand."""

import msgspec

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.matters import routing
from handlers.people import authority
from storage import census, matters, musters
from storage.grids import Grid
from storage.posts import Post

router = Router()

FILE = "on_leave.toml"
HANDLES = "handle"
OTHERWISE = ("emergency", "report", "form", "wish", "withdraw")
"""What is wanted in so many words is no leave."""


class Rows(msgspec.Struct, frozen=True):
    """on_leave.toml."""

    longest: int
    words: tuple[str, ...]
    """What somebody says who is away from the post."""
    beside: tuple[str, ...]
    """What may stand beside it in its clause."""


@router.guard_where("alone", "posted")
def away(turn: Turn) -> Handler | None:
    """Quick to say None; while a mobilization or a census runs, the same words answer it."""
    said, rows = turn.utterance, turn.catalog.read(FILE, Rows)
    if turn.incoming.happening != "text" or len(said.text) > rows.longest or not phrases.has(said.text, rows.words):
        return None
    if said.command is not None or said.numbers or said.intent in OTHERWISE or turn.quoted is not None:
        return None
    if (turn.asked is not None and turn.asked.takes) or not phrases.some(said.text, rows.words, rows.beside):
        return None
    if musters.going(turn.session) or census.running(turn.session):
        return None
    seated = authority.seated(turn, turn.posts, HANDLES)
    return (lambda turn: _told(turn, *seated[0])) if seated else None


def _told(turn: Turn, post: Post, grid: Grid) -> list[Reply]:
    """Who is asked once the time to accept is over, as the ladder has it."""
    ladder = routing.above(turn, post.id, grid)
    many = len(matters.owned_by(turn.session, [post.id for post in turn.posts]))
    return [Reply("reports/on_leave", {"names": [seat.name for seat in ladder[0]] if ladder else [], "many": many})]
