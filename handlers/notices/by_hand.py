"""客户群: the bot cannot speak there, so each owner sends the words by hand; who has not, and when they are reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.message import Lane, Reply
from bot.router import Router
from bot.turn import Scene
from handlers.notices.terms import terms
from handlers.people import modes
from storage import customers, grids, notices, people, timers
from storage.customers import Tally
from storage.grids import Grid
from storage.notices import Notice
from storage.timers import Timer

router = Router()

REMIND = "notice_by_hand"
"""The timer of the next time at which owners who have not sent it are reminded."""
CHANNEL = "wecom"
KINDS = ("policy", "correction", "cancel", "all_clear")
"""What only tells: an answer given in a customer group is heard by nobody."""
NOBODY = Tally(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Late:
    """An owner who has not sent it yet, or not everywhere."""

    name: str
    grid: Grid
    groups: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice has come in customer groups."""

    groups: int
    sent: int
    failed: int
    waiting: int
    """Given to their owners tomorrow: today's message is used up."""
    late: Sequence[Late]
    more: int
    """Owners who are late beside those."""


def tally(scene: Scene, code: str) -> Tally:
    """The customer groups of the subtree, and how many of them were given today's message."""
    midnight = datetime.combine(scene.now.astimezone(scene.settings.zone).date(), time(), scene.settings.zone)
    return customers.tally(scene.session, code, midnight)


def progress(scene: Scene, notice: Notice, code: str) -> Progress | None:
    """How far it has come in this subtree; None where it is for no customer group."""
    rows = customers.by_hand(scene.session, notice.number, code)
    if not rows:
        return None
    late = [row for row in rows if row.groups > row.sent + row.failed + row.waiting]
    most = terms(scene.catalog).weakest
    shown = late[:most]
    accounts = people.by_identity(scene.session, [(CHANNEL, row.owner) for row in shown])

    def name(owner: str) -> str:
        account = accounts.get((CHANNEL, owner))
        if account is not None and account.person_id is not None:
            return people.get(scene.session, account.person_id).name
        return owner

    return Progress(
        groups=sum(row.groups for row in rows),
        sent=sum(row.sent for row in rows),
        failed=sum(row.failed for row in rows),
        waiting=sum(row.waiting for row in rows),
        late=[
            Late(name(row.owner), grids.get(scene.session, row.grid_id), row.groups - row.sent - row.failed - row.waiting)
            for row in shown
        ],
        more=len(late) - len(shown),
    )  # fmt: skip


def is_wanted(scene: Scene, notice: Notice) -> bool:
    """Whether there are owners who would be given it."""
    return notice.kind in KINDS and customers.any_within(scene.session, notice.grid_id)


def begun(scene: Scene, notice: Notice) -> None:
    """It is on its way to owners, who will be reminded."""
    timers.arm(scene.session, REMIND, notice.number, scene.now + timedelta(minutes=_minutes(scene)[0]))


@router.timer(REMIND)
def remind(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Owners who have not sent it are reminded by the platform, some times in a day, never in quiet hours."""
    for timer in due:
        notice = notices.get(scene.session, timer.about)
        if notice.state != notices.GOING or notice.released_at is None:
            continue
        grid = grids.get(scene.session, notice.grid_id)
        until = scene.now if notice.lane == Lane.EMERGENCY else modes.quiet_until(scene, grid, scene.now)
        if until > scene.now:
            timers.arm(scene.session, REMIND, notice.number, until)
            continue
        passed = scene.now - notice.released_at
        rounds = [timedelta(minutes=each) for each in _minutes(scene)]
        customers.ring(scene.session, notice.number, scene.now, sum(each <= passed for each in rounds))
        ahead = [each for each in rounds if each > passed]
        if ahead:
            timers.arm(scene.session, REMIND, notice.number, notice.released_at + ahead[0])
    return []


def _minutes(scene: Scene) -> Sequence[int]:
    return terms(scene.catalog).owners_reminded_minutes
