"""Help: what can be said here, and a person to talk to."""

from bot.message import Lane, Reply
from bot.router import Router
from bot.turn import Turn
from handlers.people import authority, duty, modes
from storage import grids, journal
from storage.grids import Grid
from storage.posts import Seat

router = Router()
LEADS = ("publish", "mobilize", "census", "switch", "call", "vet")
"""Deeds of roles.toml that have words of their own."""


@router.order("help")
def what_can_be_said(turn: Turn) -> list[Reply]:
    """At most four things, fitting who asks."""
    values = {
        "human": turn.settings.human,
        "deeds": [deed for deed in LEADS if authority.seated(turn, turn.posts, deed)],
    }
    if turn.posts and not turn.in_group:
        return [Reply("desk/help_staff", values)]
    return [Reply(modes.worded(turn, turn.grid, "desk/help") if turn.grid else "desk/help", values)]


@router.order("human")
def a_person(turn: Turn) -> list[Reply]:
    """人工 always reaches a person: the leader of the place is told, and the speaker hears whom to call."""
    grid = turn.grid or grids.root(turn.session)
    seat = nearest(turn, grid)
    said = Reply("desk/human", {"human": turn.settings.human, "seat": seat})
    if seat is None or grid is None:
        return [said]
    account = turn.speaker()
    journal.note(turn.session, turn.now, "human", grid_id=grid.id, account_id=account.id, post_id=seat.id)
    wanted = {"name": account.name, "grid": grid, "in_group": turn.in_group}
    return [said, Reply("desk/human_wanted", wanted, to=duty.address(seat), lane=Lane.DUTY)]


@router.order("contact")
def who_leads(turn: Turn) -> list[Reply]:
    """Who the leader of this place is; the number to call is told in private only."""
    grid = turn.grid or grids.root(turn.session)
    values = {"seat": nearest(turn, grid), "grid": grid, "human": turn.settings.human}
    return [Reply("desk/contact", values)]


@router.happening("voice")
def spoken(turn: Turn) -> list[Reply]:
    """In private, a kind word to type it instead; in a group neighbours talk to each other."""
    return [] if turn.in_group else [Reply("desk/voice")]


def nearest(turn: Turn, grid: Grid | None) -> Seat | None:
    """Whoever can do something about this place and is nearest to it."""
    if grid is None:
        return None
    on_duty = duty.over(turn, grid)
    able = duty.able(turn.catalog, on_duty.seats, "handle")
    return min(able, key=lambda seat: (on_duty.level_of(seat), seat.seat), default=None)
