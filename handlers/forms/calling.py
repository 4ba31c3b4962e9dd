"""The clock of 独居平安: on the days somebody chose it asks 平安吗; who does not answer is looked after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Self

from bot.message import Button, Lane, Reply
from bot.router import Router
from bot.turn import Scene
from handlers.forms import by_clock, known, lint, showing
from handlers.forms.rules import Call, Form
from handlers.people import duty
from storage import codes, forms, grids, journal, people, timers
from storage.forms import KEPT, Filing
from storage.posts import Seat
from storage.timers import Timer

router = Router()

CALL, UNHEARD = "form_call", "form_unheard"
"""The timers of a filing whose owner is asked, and of one that was asked and has not answered."""
AWAY, BACK = "form_call_away", "form_call_back"
"""Where a pause begins, and where it ends."""
OK, HELP = "safe_ok", "safe_help"
SEEN, GOING, OVER = "safe_seen", "safe_going", "safe_over"
A_WEEK = 7
LATE = timedelta(hours=1)
"""A look that comes so much later than it was due was held up by a standstill: answers that wait are heard first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Since when no answer has come, and which posts were told; it stands in the filing's step."""

    since: datetime
    told: tuple[int, ...] = ()

    @classmethod
    def of(cls, row: Filing) -> Self | None:
        """What waits of a kept filing; None where nothing does."""
        since, _, told = row.step.partition(" ")
        if row.state != KEPT or not since:
            return None
        return cls(datetime.fromisoformat(since), tuple(map(int, told.split(","))) if told else ())

    @property
    def step(self) -> str:
        """As it is kept."""
        return f"{self.since.isoformat()} {','.join(map(str, self.told))}"


def begin(scene: Scene, form: Form, row: Filing) -> datetime | None:
    """Ask from the next chosen day on, which is returned; a change of the filing begins anew."""
    if form.call is None:
        return None
    timers.disarm(scene.session, UNHEARD, row.id)
    moment = next_day(scene, form.call, row, scene.now)
    if moment is None:
        timers.disarm(scene.session, CALL, row.id)
    else:
        timers.arm(scene.session, CALL, row.id, moment)
    return moment


def end(scene: Scene, row: Filing) -> None:
    """Ask no more."""
    for pause in (AWAY, BACK):
        timers.disarm(scene.session, pause, row.id)
    timers.disarm(scene.session, CALL, row.id)
    timers.disarm(scene.session, UNHEARD, row.id)


def next_day(scene: Scene, call: Call, row: Filing, after: datetime) -> datetime | None:
    """The next moment at which its owner wants to be asked; None when never."""
    zone, digits = scene.settings.zone, call.days_in(known.answers_of(row))
    today = after.astimezone(zone).date()
    for step in range(A_WEEK + 1):
        day = today + timedelta(days=step)
        moment = datetime.combine(day, time(hour=call.hour), tzinfo=zone)
        if str(day.isoweekday()) in digits and moment > after:
            return moment
    return None


@router.timer(CALL)
def ask_after(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """平安吗, once for each, however long nobody looked; at night not, and not of who has moved away."""
    replies: list[Reply] = []
    for row, form, call in _called(scene, due):
        moment = next_day(scene, call, row, max(scene.now, hour_of(scene, call, scene.now)))
        if moment is None:
            continue
        if not by_clock.is_day(scene, scene.now):
            morning = hour_of(scene, call, by_clock.by_day(scene, scene.now))
            timers.arm(scene.session, CALL, row.id, min(moment, morning))
            continue
        if timers.armed(scene.session, BACK, row.id) and not timers.armed(scene.session, AWAY, row.id):
            timers.arm(scene.session, CALL, row.id, moment)
            continue
        if has_moved(scene, call, row):
            replies.append(_moved(scene, form, row))
            continue
        timers.arm(scene.session, CALL, row.id, moment)
        replies.append(_asked(scene, form, call, row))
    return replies


def hour_of(scene: Scene, call: Call, moment: datetime) -> datetime:
    """The hour of asking on that day."""
    return datetime.combine(moment.astimezone(scene.settings.zone), time(hour=call.hour), tzinfo=scene.settings.zone)


def _asked(scene: Scene, form: Form, call: Call, row: Filing) -> Reply:
    before = Waiting.of(row)
    waiting = Waiting(before.since if before else scene.now)
    forms.change(scene.session, row.id, KEPT, {"step": waiting.step})
    until = by_clock.by_day(scene, scene.now + timedelta(hours=call.waits))
    timers.arm(scene.session, UNHEARD, row.id, until)
    note(scene, "form_call", row)
    return question(scene, form, call, row, until=until)


def question(
    scene: Scene, form: Form, call: Call, row: Filing, *, until: datetime | None, again: bool = False
) -> Reply:
    """平安吗, to whoever filed it; `until` is when somebody comes to look."""
    to = by_clock.address(people.get_account(scene.session, row.account_id))
    other = call.is_for_another(known.answers_of(row))
    values = {"form": form, "other": other, "role": call.rings[0], "until": until, "again": again}
    buttons = (Button("safe_other_ok" if other else OK, f"{OK} {row.number}"), Button(HELP, f"{HELP} {row.number}"))
    ask = by_clock.may_ask(scene, to)
    return Reply("forms/how_are_you", values, to=to, buttons=buttons, lane=Lane.NOTICE, about=row.number, ask=ask)


def has_moved(scene: Scene, call: Call, row: Filing) -> bool:
    """Whether whoever filed it for themselves has a home elsewhere since."""
    if call.is_for_another(known.answers_of(row)):
        return False
    home = codes.home_of(scene.session, row.account_id)
    if home is None or row.kept_at is None or home.since <= row.kept_at or not home.building:
        return False
    return (home.grid_id, home.building) != (row.grid_id, row.building)


def _moved(scene: Scene, form: Form, row: Filing) -> Reply:
    """Whether it is to be asked at the new door is asked once; until then nobody is sent to the old one."""
    end(scene, row)
    forms.change(scene.session, row.id, KEPT, {"step": ""})
    note(scene, "form_call_moved", row)
    to = by_clock.address(people.get_account(scene.session, row.account_id))
    buttons = (Button("form_edit", f"form_edit {row.number}"), Button("form_withdraw", f"form_kept {row.number}"))
    where = showing.door(scene.catalog, row.building, row.unit, row.room)
    values = {"form": form, "number": row.number, "where": where}
    return Reply("forms/call_moved", values, to=to, buttons=buttons, lane=Lane.NOTICE, about=row.number, ask=None)


@router.timer(UNHEARD)
def look_after(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """No answer: the nearest who may look has one card, by day; then the next, until somebody has looked."""
    replies: list[Reply] = []
    was_due = {timer.about: timer.due_at for timer in due}
    for row, form, call in _called(scene, due):
        waiting = Waiting.of(row)
        if waiting is None:
            continue
        if not by_clock.is_day(scene, scene.now):
            timers.arm(scene.session, UNHEARD, row.id, by_clock.by_day(scene, scene.now))
        elif scene.now - was_due[row.id] > LATE:
            timers.arm(scene.session, UNHEARD, row.id, by_clock.by_day(scene, scene.now + LATE))
        else:
            replies += send_somebody(scene, form, call, row, waiting)
    return replies


def send_somebody(
    scene: Scene, form: Form, call: Call, row: Filing, waiting: Waiting, *, missed: bool = False
) -> list[Reply]:
    """The next post that was not told yet hears of it, in private; nobody is left when all were told."""
    left = [seat for seat in seats(scene, form, call, row) if seat.id not in waiting.told]
    if not left or len(waiting.told) >= call.most:
        return []
    told = Waiting(waiting.since, (*waiting.told, left[0].id))
    forms.change(scene.session, row.id, KEPT, {"step": told.step})
    if len(left) > 1 and len(told.told) < call.most:
        soon = by_clock.by_day(scene, scene.now + timedelta(hours=call.climbs))
        timers.arm(scene.session, UNHEARD, row.id, soon)
    note(scene, "form_unheard", row, post_id=left[0].id)
    to = duty.address(left[0])
    buttons = tuple(Button(press, f"{press} {row.number}") for press in (SEEN, GOING, OVER))
    values = {**named(scene, form, row), "since": waiting.since, "again": bool(waiting.told), "missed": missed}
    ask = by_clock.may_ask(scene, to)
    return [Reply("forms/unheard", values, to=to, buttons=buttons, lane=Lane.DUTY, about=None, ask=ask)]


def seats(scene: Scene, form: Form, call: Call, row: Filing) -> list[Seat]:
    """Who may be sent, the nearest first; never whoever filed it."""
    grid = grids.get(scene.session, row.grid_id) if row.grid_id is not None else grids.root(scene.session)
    if grid is None:
        return []
    over, own = duty.over(scene, grid), people.get_account(scene.session, row.account_id).person_id
    found = over.nearest(call.rings) or over.nearest(form.staff)
    return [seat for seat in found if own is None or seat.person_id != own]


def named(scene: Scene, form: Form, row: Filing) -> dict[str, object]:
    """Who and where, for whoever is sent: told in private only."""
    account = people.get_account(scene.session, row.account_id)
    person = people.get(scene.session, account.person_id) if account.person_id is not None else None
    return {
        "form": form,
        "number": row.number,
        "name": person.name if person else account.name,
        "other": form.call is not None and form.call.is_for_another(known.answers_of(row)),
        "where": showing.door(scene.catalog, row.building, row.unit, row.room),
    }


def note(scene: Scene, act: str, row: Filing, *, account_id: int | None = None, post_id: int | None = None) -> None:
    """The journal tells that it was done, and never what was answered."""
    detail = f"{row.form} {row.number}"
    journal.note(
        scene.session, scene.now, act, grid_id=row.grid_id, account_id=account_id, post_id=post_id, detail=detail
    )


def _called(scene: Scene, due: Sequence[Timer]) -> list[tuple[Filing, Form, Call]]:
    """The filings that still stand, to be changed by nobody else meanwhile, with their forms."""
    offered = lint.offered(scene.catalog)
    found: list[tuple[Filing, Form, Call]] = []
    for one in forms.by_ids(scene.session, [timer.about for timer in due]):
        row = forms.by_number(scene.session, one.number, to_change=True)
        form = offered.get(one.form)
        if row is not None and row.state == KEPT and form is not None and form.call is not None:
            found.append((row, form, form.call))
    return found
