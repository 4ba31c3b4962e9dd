"""Limits, reminders and the ladder: somebody is rung until somebody has it, and nobody at night for old matters."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.catalog import Catalog, Limits
from bot.message import Address, Many, Reply
from bot.router import Router
from bot.turn import Scene
from handlers.matters import cards, routing, rules
from handlers.matters.worktime import WorkTime, parse_limit
from handlers.people import modes
from storage import grids, journal, matters, timers
from storage.grids import Grid
from storage.matters import ENDED, Matter
from storage.posts import Seat
from storage.timers import Timer

router = Router()

CLOCK = "clock"
"""The timer of a limit: a reminder before it, the ladder after it."""
LAPSE = "lapse"
"""The timer of waiting that ends by itself; closing.py answers it."""
WAITS = ("silence", "held_until")
SHORTLY = timedelta(minutes=30)
"""The reminder of a limit whose last quarter began outside working hours."""
TOGETHER = timedelta(minutes=5)
OLD = timedelta(days=1)
"""Older matters wake nobody at night."""
EMERGENCY = "emergency"
OPEN = ("assigned", "deciding")
"""States in which nobody has taken it yet."""


@lru_cache(maxsize=4)
def worktime(catalog: Catalog, zone: ZoneInfo) -> WorkTime:
    """The community's working hours."""
    return WorkTime(catalog, zone)


def limits(scene: Scene, grid: Grid, category: str, urgency: str, since: datetime) -> dict[str, datetime]:
    """accept_by, arrive_by and finish_by of a matter of this category and urgency there that began `since`."""
    if urgency == EMERGENCY:
        minutes = rules.ladder(scene.catalog).emergency
        return {
            "accept_by": since + timedelta(minutes=minutes.accept),
            "arrive_by": since + timedelta(minutes=minutes.arrive),
            "finish_by": since + timedelta(minutes=minutes.finish),
        }
    row = scene.catalog.categories[category]
    chosen = _ends(scene, since, row.urgent if urgency == "urgent" else row.normal)
    if not modes.at_war(scene, grid):
        return chosen
    for rule in rules.ladder(scene.catalog).war.limit:
        if rule.urgency == urgency and (not rule.categories or category in rule.categories):
            ends = _ends(scene, since, rule.limits)
            return {by: min(moment, ends[by]) for by, moment in chosen.items()}
    return chosen


def _ends(scene: Scene, since: datetime, chosen: Limits) -> dict[str, datetime]:
    return {
        "accept_by": _due(scene, since, chosen.accept),
        "arrive_by": _due(scene, since, chosen.arrive),
        "finish_by": _due(scene, since, chosen.finish),
    }


def _at_war(scene: Scene, matter: Matter) -> bool:
    return modes.at_war(scene, grids.get(scene.session, matter.grid_id))


def entering(scene: Scene, matter: Matter, state: str, changes: Mapping[str, object]) -> dict[str, object]:
    """The deadlines that a matter has once it enters `state` with these changes."""
    table = rules.lifecycle(scene.catalog, matter.kind)
    clock = table.states[state].clock
    if clock == "own":
        return {}
    if state == table.start:
        fresh = limits(scene, _place(scene, matter, changes), matter.category, matter.urgency, scene.now)
        if matter.finish_by and matter.finish_by > fresh["accept_by"] and matter.state != "done":
            return {"accept_by": fresh["accept_by"], "deadline": fresh["accept_by"]}  # handing on buys no time
        return {**fresh, "deadline": fresh["accept_by"]}
    if clock == "silence":
        return {"deadline": _due(scene, scene.now, rules.ladder(scene.catalog).silence)}
    if not clock:
        return {"deadline": None}
    by = changes.get(clock) or getattr(matter, clock)
    if isinstance(by, datetime) and by > scene.now:
        return {"deadline": by}
    if matter.urgency == EMERGENCY and matter.state in OPEN:
        anew = limits(scene, _place(scene, matter, changes), matter.category, matter.urgency, scene.now)[clock]
        return {clock: anew, "deadline": anew}  # taken late: from now on it runs like any other
    return {"deadline": _again(scene, matter)}


def _place(scene: Scene, matter: Matter, changes: Mapping[str, object]) -> Grid:
    """Where it is once the changes are made."""
    moved = changes.get("grid_id")
    return grids.get(scene.session, moved if isinstance(moved, int) else matter.grid_id)


def wind(scene: Scene, matter: Matter) -> None:
    """Look at the matter again when its reminder or its limit comes; never, once it has ended."""
    clock = rules.lifecycle(scene.catalog, matter.kind).states[matter.state].clock
    if clock == "own":
        return
    if matter.state in ENDED or matter.deadline is None:
        timers.disarm(scene.session, CLOCK, matter.id)
        timers.disarm(scene.session, LAPSE, matter.id)
        return
    if clock in WAITS:
        timers.disarm(scene.session, CLOCK, matter.id)
        timers.arm(scene.session, LAPSE, matter.id, matter.deadline)
        return
    _arm(scene, matter, _reminder(scene, matter, matter.deadline) or matter.deadline)


def _arm(scene: Scene, matter: Matter, moment: datetime) -> None:
    """Ordinary matters are looked at on the same few minutes, so that many of them make one message."""
    if matter.urgency == "normal":
        moment += (datetime.min.replace(tzinfo=moment.tzinfo) - moment) % TOGETHER
    timers.arm(scene.session, CLOCK, matter.id, moment)


@router.timer(CLOCK)
def look_again(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Remind, ring the next rung, resume or close: whatever each of these matters is due for."""
    replies: list[Reply] = []
    for timer in due:
        matter = matters.get(scene.session, timer.about)
        if matter.state not in ENDED and matter.deadline is not None:
            replies += _look(scene, matter, matter.deadline)
    return _in_one_word(scene, replies)


def _look(scene: Scene, matter: Matter, deadline: datetime) -> list[Reply]:
    clock = rules.lifecycle(scene.catalog, matter.kind).states[matter.state].clock
    if clock in WAITS:
        return []
    when = worktime(scene.catalog, scene.settings.zone)
    asleep = when.is_night(scene.now) and not _at_war(scene, matter)
    if scene.now - matter.opened_at > OLD and asleep:
        timers.arm(scene.session, CLOCK, matter.id, when.morning_after(scene.now))
        return []
    if matter.urgency == "urgent" and matter.rung > 0 and asleep:
        timers.arm(scene.session, CLOCK, matter.id, when.morning_after(scene.now))
        return []  # the owner and the deputy know; the rest of the ladder may sleep
    if scene.now < deadline:
        _arm(scene, matter, deadline)
        return _remind(scene, matter)
    if matter.decider_id is not None and matter.held_until is not None and matter.held_until > scene.now:
        _arm(scene, matter, after(scene, rules.ladder(scene.catalog).answer))
        return []  # whoever has it waits for an answer, too: the question itself climbs
    return _ring(scene, matter)


def _remind(scene: Scene, matter: Matter) -> list[Reply]:
    owner = cards.owner(scene, matter)
    if owner is None:
        return []
    journal.note(scene.session, scene.now, "remind", matter_id=matter.id, grid_id=matter.grid_id, post_id=owner.id)
    return [cards.to_seat(scene, matter, owner, "clocks/remind")]


def _ring(scene: Scene, matter: Matter) -> list[Reply]:
    """The next rung up; at the top the top again, and the owner."""
    grid = grids.get(scene.session, matter.grid_id)
    ladder = routing.rungs(scene, matter, grid)
    owner = cards.owner(scene, matter)
    rung, called = _next_rung(scene, matter, ladder)
    after = matters.change(scene.session, matter.id, {"rung": rung})
    _arm(scene, after, _next_ring(scene, after, at_top=rung >= len(ladder)))
    first, again = matter.rung == 0, rung >= len(ladder)
    told = [seat for seat in (owner if first or again else None, *called) if seat is not None]
    state = rules.lifecycle(scene.catalog, matter.kind).states[matter.state].name
    says = {"owner": owner, "state": state, **cards.origin(scene, after)}
    for seat in called:
        ring(scene, after, seat, why=f"{after.state} {rung}/{len(ladder)}")
    return [
        cards.to_seat(scene, after, seat, "clocks/late_owner" if seat is owner else "clocks/late_rung", **says)
        for seat in told
    ]


def _next_rung(scene: Scene, matter: Matter, ladder: Sequence[Sequence[Seat]]) -> tuple[int, list[Seat]]:
    """How far up it is now, and who there has not been rung yet; at the top whoever is there, again."""
    rung_before = set(journal.rung_since(scene.session, matter.id, matter.assigned_at or matter.opened_at))
    for step in range(matter.rung, len(ladder)):
        if fresh := [seat for seat in ladder[step] if seat.id not in rung_before]:
            return step + 1, fresh
    if matter.urgency == EMERGENCY and matter.accepted_at is None:
        return len(ladder), [seat for step in ladder for seat in step]  # everybody, until somebody has it
    return len(ladder), list(ladder[-1]) if ladder else []


def ring(scene: Scene, matter: Matter, seat: Seat, *, why: str) -> None:
    """Write down that this post was called about it."""
    journal.note(
        scene.session, scene.now, "ring", matter_id=matter.id, grid_id=matter.grid_id, post_id=seat.id, why=why
    )


def _next_ring(scene: Scene, matter: Matter, *, at_top: bool) -> datetime:
    if at_top:
        return _again(scene, matter)
    if matter.urgency == EMERGENCY:
        marks = rules.ladder(scene.catalog).emergency.marks
        since = matter.assigned_at or matter.opened_at
        later = [since + timedelta(minutes=minute) for minute in marks]
        return next((moment for moment in later if moment > scene.now), _again(scene, matter))
    table = rules.ladder(scene.catalog)
    return _due(scene, scene.now, (table.war if _at_war(scene, matter) else table).step[matter.urgency])


def _again(scene: Scene, matter: Matter) -> datetime:
    """The top of the ladder is rung again, more and more seldom."""
    table = rules.ladder(scene.catalog)
    at_war = _at_war(scene, matter)
    soonest = _due(scene, scene.now, (table.war if at_war else table).again[matter.urgency])
    moment = max(soonest, scene.now + (scene.now - matter.opened_at) * table.calm)
    quiet = (
        not at_war
        and matter.urgency == "normal"
        and not worktime(scene.catalog, scene.settings.zone).is_working(moment)
    )
    return _due(scene, moment, "1 工作时") if quiet else moment


def _reminder(scene: Scene, matter: Matter, deadline: datetime) -> datetime | None:
    """A private word when a quarter of the time is left; none for short limits."""
    table = rules.ladder(scene.catalog)
    margin = (deadline - scene.now) * table.remind
    if margin < timedelta(minutes=table.shortest_reminder_minutes):
        return None
    when, moment = worktime(scene.catalog, scene.settings.zone), deadline - margin
    if matter.urgency == "normal" and not when.is_working(moment) and not _at_war(scene, matter):
        moment = deadline - SHORTLY
        return moment if moment > scene.now and when.is_working(moment) else None
    return moment


def after(scene: Scene, limit: str) -> datetime:
    """The end of a limit, written as in the catalog, that begins now."""
    return _due(scene, scene.now, limit)


def _due(scene: Scene, since: datetime, limit: str) -> datetime:
    return worktime(scene.catalog, scene.settings.zone).due(since, parse_limit(limit))


def _in_one_word(scene: Scene, replies: Sequence[Reply]) -> list[Reply]:
    """After a pause many things are due at once: whoever has many hears of them in one message."""
    most = rules.ladder(scene.catalog).digest_from
    by_target: dict[Address | Many | None, list[Reply]] = {}
    for reply in replies:
        by_target.setdefault(reply.to, []).append(reply)
    said: list[Reply] = []
    for target, words in by_target.items():
        if target is None or len(words) < most:
            said += words
            continue
        urgent = min(word.lane for word in words)
        said.append(
            Reply("clocks/many", {"matters": [word.values["matter"] for word in words]}, to=target, lane=urgent)
        )
    return said
