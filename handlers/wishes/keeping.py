"""What every step of a wish has in common: the guarded change, its journal line, its deadline and its timer."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.turn import Scene
from handlers.matters import clocks, lifecycle
from handlers.wishes.terms import terms
from storage import matters, timers, wishes
from storage.matters import ENDED, Matter

WISH = "wish"
"""The timer of a wish: one each; what is due depends on where the wish stands."""


def step(
    scene: Scene,
    matter: Matter,
    verb: str,
    *,
    by: int | None,
    post_id: int | None = None,
    why: str = "",
    detail: str = "",
    values: Mapping[str, object] | None = None,
) -> Matter:
    """The wish after `verb`; UserMistake when somebody was faster. Its clock begins anew."""
    ends = lifecycle.ends(scene, matter, verb)
    deadline = next_deadline(scene, ends or matter.state)
    changes = {**(values or {}), "deadline": deadline} if ends else dict(values or {})
    after = lifecycle.advance(scene, matter, verb, by=by, values=changes, post_id=post_id, why=why, detail=detail)
    wishes.change(scene.session, matter.id, {"touched_at": scene.now, "reminded": 0})
    if ends:
        wind(scene, after)
    return after


def touch(scene: Scene, matter: Matter) -> None:
    """A sign of life: the waiting begins anew."""
    wishes.change(scene.session, matter.id, {"touched_at": scene.now, "reminded": 0})
    wind(scene, matters.change(scene.session, matter.id, {"deadline": next_deadline(scene, matter.state)}))


def next_deadline(scene: Scene, state: str) -> datetime | None:
    """When something must have happened to a wish that comes to stand so now."""
    rows = terms(scene.catalog)
    days = {
        "asked_back": rows.answer_days,
        "open": rows.open_days,
        "claimed": rows.release_days,
        "granted": rows.confirm_days,
    }
    if state == "vetting":
        return clocks.after(scene, rows.vet_within)
    if state == "unmet":
        return meeting(scene)
    return scene.now + timedelta(days=days[state]) if state in days else None


def meeting(scene: Scene) -> datetime:
    """The morning of the community's next monthly meeting."""
    local = scene.now.astimezone(scene.settings.zone)
    day = terms(scene.catalog).meeting_day
    here = local.replace(day=day, hour=9, minute=0, second=0, microsecond=0)
    if here <= local:
        here = (here.replace(day=1) + timedelta(days=32)).replace(day=day)
    return here


def wind(scene: Scene, matter: Matter) -> None:
    """Look at it again when a reminder or its deadline comes; never, once it has ended."""
    if matter.state in ENDED or matter.deadline is None:
        timers.disarm(scene.session, WISH, matter.id)
        return
    timers.arm(scene.session, WISH, matter.id, reminder(scene, matter) or matter.deadline)


def at_deadline(scene: Scene, matter: Matter) -> None:
    """Nobody is reminded again: look at it when its deadline comes."""
    if matter.deadline is not None:
        timers.arm(scene.session, WISH, matter.id, matter.deadline)


def reminder(scene: Scene, matter: Matter) -> datetime | None:
    """When somebody is reminded once before the deadline; None where nobody is, or it is over."""
    rows = terms(scene.catalog)
    before = {
        "asked_back": timedelta(days=rows.answer_days) / 2,
        "claimed": timedelta(days=rows.release_days - rows.remind_days),
        "granted": timedelta(days=rows.confirm_days) / 2,
    }.get(matter.state)
    if before is None or matter.deadline is None or matter.deadline - before <= scene.now:
        return None
    return matter.deadline - before
