"""Once a day: a filing that wants to be asked after and has no clock, as it was kept before there was one, gets its clock."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.message import Reply
from bot.router import Router
from bot.turn import Scene
from handlers.forms import calling, lint
from storage import forms, timers
from storage.session import Session
from storage.timers import Timer

router = Router()

ROUND = "form_round"
"""The timer of the round; it is about nothing in particular."""
HOUR = 4
A_PIECE = 500


def begin(session: Session, now: datetime) -> None:
    """At the start of the program: the first round is at once, unless one is due anyway."""
    timers.arm_unless(session, ROUND, 0, now)


@router.timer(ROUND)
def go_round(scene: Scene, _due: Sequence[Timer]) -> list[Reply]:
    """Whoever never wants to be asked, and whoever has moved away, is left as it is; nothing is said."""
    offered = {code: form for code, form in lint.offered(scene.catalog).items() if form.call is not None}
    last = 0
    while rows := forms.without_timer(scene.session, offered, calling.CALL, last, A_PIECE):
        last = rows[-1].id
        for row in rows:
            call = offered[row.form].call
            if call is None or calling.has_moved(scene, call, row):
                continue
            if moment := calling.next_day(scene, call, row, scene.now):
                timers.arm(scene.session, calling.CALL, row.id, moment)
    timers.arm(scene.session, ROUND, 0, _tomorrow(scene))
    return []


def _tomorrow(scene: Scene) -> datetime:
    zone = scene.settings.zone
    day = scene.now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(hour=HOUR), tzinfo=zone)
