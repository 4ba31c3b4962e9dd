"""By the clock: those missing are reminded, then their deputies and the level above hear who is missing."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import islice

from bot.message import Address, Lane, Reply
from bot.router import Router
from bot.turn import Scene
from handlers.mobilizing import answering, board, plans
from handlers.mobilizing.plans import Deed, Plan
from handlers.notices import release
from handlers.notices.release import Face
from storage import grids, journal, musters, notices, timers
from storage.grids import Grid
from storage.musters import Silence
from storage.notices import Notice
from storage.timers import Timer

router = Router()

MARK = "muster_mark"


def wind(scene: Scene, notice: Notice, plan: Plan, done: int) -> None:
    """Look again at the next mark; no more after the last one."""
    if done < len(plan.marks) and notice.released_at:
        timers.arm(scene.session, MARK, notice.number, notice.released_at + timedelta(minutes=plan.marks[done].minute))


@router.timer(MARK)
def look_again(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Do what the plan says for this minute; one timer a notice, whoever is missing."""
    replies: list[Reply] = []
    for timer in due:
        notice = notices.get(scene.session, timer.about)
        if notice.state != notices.GOING or notice.released_at is None:
            musters.forget(scene.session, notice.number)
            continue
        plan = plans.read(scene.catalog, notice.plan)
        done = musters.get(scene.session, notice.number).marks
        minutes = (scene.now - notice.released_at) / timedelta(minutes=1)
        for mark in plan.marks[done:]:
            if mark.minute <= minutes:
                replies += DEEDS[mark.does](scene, notice, mark.minute)
                done += 1
        musters.change(scene.session, notice.number, marks=done)
        wind(scene, notice, plan, done)
    return replies


def _remind(scene: Scene, notice: Notice, minute: int) -> list[Reply]:
    """One word for all who are silent, whoever they are."""
    if not musters.note_rung(scene.session, notice.number, "remind", scene.now):
        return []
    values = {**board.said_of(scene, notice), "minute": minute}
    face = Face("missing", "mobilizing/remind", values, answering.first_buttons(notice.number))
    return release.go_down(scene, notice, [face])


def _deputy(scene: Scene, notice: Notice, minute: int) -> list[Reply]:
    """Whoever sits in the same grid and has answered; where nobody has, the level above."""
    return _ring(scene, notice, minute, up=0)


def _above(scene: Scene, notice: Notice, minute: int) -> list[Reply]:
    """The nearest lead above who has answered, and the level above that one."""
    return _ring(scene, notice, minute, up=1)


def _report(scene: Scene, notice: Notice, minute: int) -> list[Reply]:
    """To those in charge: how far it has come."""
    tally = board.totals(scene, notice)
    journal.note(
        scene.session, scene.now, "mark", matter_id=notice.number, grid_id=notice.grid_id,
        detail=f"{minute} {tally.expected} {tally.acknowledged} {tally.arrived}",
    )  # fmt: skip
    values = {**board.said_of(scene, notice), "minute": minute, "tally": tally}
    return [
        Reply("mobilizing/report", values, to=to, lane=Lane.DUTY, about=notice.number)
        for to in board.to_those_in_charge(scene, notice)
    ]


DEEDS: dict[Deed, Callable[[Scene, Notice, int], list[Reply]]] = {
    "remind": _remind,
    "deputy": _deputy,
    "above": _above,
    "report": _report,
}


def _ring(scene: Scene, notice: Notice, minute: int, *, up: int) -> list[Reply]:
    """Everybody who is to be rung hears of all their grids in one word."""
    silences = musters.silent(scene.session, notice.number)
    if not silences:
        return []
    musters.note_rung(scene.session, notice.number, "missing", scene.now)
    rung: dict[Address, list[tuple[Grid, Silence]]] = {}
    nearby: set[Address] = set()
    for grid, silence, to, post_id, step, first in _called(scene, notice, silences, up):
        journal.note(
            scene.session, scene.now, "ring" if first else "ring_above", matter_id=notice.number, grid_id=grid.id, post_id=post_id,
            why=f"{minute} {silence.many}",
        )  # fmt: skip
        rung.setdefault(to, []).append((grid, silence))
        if not step:
            nearby.add(to)
    return [_told(scene, notice, minute, to, about, above=to not in nearby) for to, about in rung.items()]


def _called(
    scene: Scene, notice: Notice, silences: Sequence[Silence], up: int
) -> Iterable[tuple[Grid, Silence, Address, int | None, int, bool]]:
    """Whom to ring about each grid, by which post, how many levels above, and whether they come first: whoever is
    nearest and has answered; where leads are rung, the next level above too; at last who ordered it."""
    over = grids.with_all_above(scene.session, {silence.grid_id for silence in silences})
    anybody = musters.ready(scene.session, notice.number, scene.now)
    leads = musters.ready(scene.session, notice.number, scene.now, plans.terms(scene.catalog).boards)
    in_charge = board.to_those_in_charge(scene, notice)[-1]
    for silence in silences:
        grid = over[silence.grid_id]
        lineage = grids.lineage(scene.session, grid)
        found: dict[Address, tuple[int | None, int]] = {}
        for step, above in enumerate(lineage[up:], start=up):
            if one := (leads if step else anybody).get(above.id):
                found.setdefault(Address(one.channel, one.external, private=True), (one.post_id, step))
        found.setdefault(in_charge, (None, len(lineage)))
        for at, (to, (post_id, step)) in enumerate(islice(found.items(), 1 + bool(up))):
            yield grid, silence, to, post_id, step, not at


def _told(
    scene: Scene, notice: Notice, minute: int, to: Address, about: Sequence[tuple[Grid, Silence]], *, above: bool
) -> Reply:
    most = plans.terms(scene.catalog).named
    shown = [(grid.name, "、".join(silence.numbers.split("、")[:most]), silence.many) for grid, silence in about[:most]]
    return Reply(
        "mobilizing/rung",
        {
            **board.said_of(scene, notice),
            "minute": minute,
            "above": above,
            "missing": sum(silence.many for _, silence in about),
            "hops": shown,
            "most": most,
            "more": max(0, len(about) - most),
        },
        to=to,
        lane=Lane.EMERGENCY,
        about=notice.number,
    )
