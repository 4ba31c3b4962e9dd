"""A notice leaves: its words go down, what it replaces falls silent, and one day it is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.message import Address, Reply
from bot.router import Router
from bot.turn import Scene
from handlers.mobilizing import after_action
from handlers.notices import days, faces, release
from handlers.notices.terms import terms
from storage import journal, notices, people, timers
from storage.notices import Notice
from storage.timers import Timer

router = Router()

OVER = "notice_over"
"""The timer at whose end what it says no longer holds."""
CORRECTION, CANCEL, ALL_CLEAR = "correction", "cancel", "all_clear"
REPLACES = (CORRECTION, CANCEL, ALL_CLEAR)


def go(scene: Scene, notice: Notice, *, by: int) -> list[Reply]:
    """Let it go down; what it corrects, cancels or ends says no more."""
    supersede(scene, notice, by=by)
    timers.arm(scene.session, OVER, notice.number, _lasts(scene, notice))
    notice = days.with_dates(scene, notices.get(scene.session, notice.number))
    return release.release(scene, notice, faces.of(scene, notice), by=by)


def supersede(scene: Scene, notice: Notice, *, by: int) -> None:
    """The one it refers to is over: nothing more of it leaves, and whoever asks is sent on."""
    if notice.kind not in REPLACES or notice.refers_to is None:
        return
    former = notices.get(scene.session, notice.refers_to)
    replaced = {"superseded_by": notice.number, "ended_at": scene.now, "ended_why": notice.kind}
    over = {"state": notices.ENDED} if former.state == notices.GOING else {}
    notices.change(scene.session, former.number, **replaced, **over)
    timers.disarm(scene.session, OVER, former.number)
    release.silence(scene, former)
    if former.kind in after_action.KINDS:
        after_action.ended(scene, former.number)
    journal.note(
        scene.session, scene.now, notice.kind, matter_id=former.number, grid_id=former.grid_id, account_id=by,
        detail=str(notice.number),
    )  # fmt: skip


@router.timer(OVER)
def over(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """What it says no longer holds: it is over, and nothing more of it leaves."""
    for timer in due:
        ended = {"state": notices.ENDED, "ended_at": scene.now, "ended_why": "until"}
        notice = notices.get(scene.session, timer.about)
        if (lasts := _lasts(scene, notice)) > scene.now:
            timers.arm(scene.session, OVER, notice.number, lasts)
        elif notices.change(scene.session, notice.number, only_if=(notices.GOING,), **ended):
            release.silence(scene, notice)
    return []


def _lasts(scene: Scene, notice: Notice) -> datetime:
    """Until when it holds: as it says itself, else some days from its beginning."""
    begun = notice.released_at or scene.now
    return notice.until or max(notice.begins_at or begun, begun) + timedelta(days=terms(scene.catalog).lasts_days)


def to_author(scene: Scene, notice: Notice) -> Address:
    """Where whoever wrote it is told something in private."""
    account = people.get_account(scene.session, notice.account_id)
    return Address(account.channel, account.external, private=True)
