"""Lets a notice go down, staff first, piece by piece in transactions of their own; and stops it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.message import Address, Button, Lane, Many, Reply
from bot.router import Router
from bot.turn import Scene
from handlers.notices import audience, by_hand
from storage import grids, journal, notices, passages, people, timers
from storage.notices import Listeners, Notice, Passage
from storage.timers import Timer

router = Router()

GO_ON, CLEAR = "notice_goes", "notice_cleared"
"""Timers: the next piece of a notice's way down; the next piece of what was stopped."""
COUNTED_AT_ONCE = 50_000
"""Words that are counted while somebody waits."""
COUNTABLE = timedelta(days=1)
"""For so long what left is surely still there to be counted."""
PRIVATE = ("called", "missing", "residents")


@dataclass(frozen=True, slots=True)
class Face:
    """How a notice looks to one kind of listener."""

    listeners: Listeners
    template: str
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    buttons: tuple[Button, ...] = ()
    due_at: datetime | None = None
    """Its words leave no earlier than this: the end of a quiet hour."""
    roles: tuple[str, ...] = ()
    """Only those called by one of these roles."""


def release(scene: Scene, notice: Notice, faces: Sequence[Face], *, by: int) -> list[Reply]:
    """The words of each face; from now on it goes down. `by` is the account that released it.

    Who is called is decided now: everybody seated at this moment has a receipt when this returns. Nothing happens, and
    nothing is returned, if it has left the state in which it may be released.
    """
    may = (notices.DRAFT, notices.WAITING)
    going = {"state": notices.GOING, "released_at": scene.now, "released_by": by}
    if not notices.change(scene.session, notice.number, only_if=may, **going):
        return []
    said = audience.of(notice)
    code = grids.get(scene.session, notice.grid_id).code
    if said.staff:
        passages.call(scene.session, notice.number, code, said.roles, scene.now, audience.tagged(scene.catalog, said))
    journal.note(
        scene.session, scene.now, "release", matter_id=notice.number, grid_id=notice.grid_id, account_id=by,
        detail=notice.kind,
    )  # fmt: skip
    return go_down(scene, notice, faces)


def go_down(scene: Scene, notice: Notice, faces: Sequence[Face]) -> list[Reply]:
    """One more round of words for these listeners, of a notice that is released: reminders, 补发.

    What is an emergency is queued at once, all but the neighbours in private; the rest by a timer, piece by piece.
    """
    replies: list[Reply] = []
    for face in faces:
        body_id = passages.go_down(scene.session, notice.number, face.listeners, face.due_at, face.roles)
        to = Many(body_id, private=face.listeners in PRIVATE)
        replies.append(Reply(face.template, face.values, to=to, buttons=face.buttons, about=notice.number))
        if face.listeners == "customer_groups":
            by_hand.begun(scene, notice)
    if notice.lane == Lane.EMERGENCY:
        for way in passages.waiting(scene.session, notice.number):
            if way.listeners != "residents":
                _queue(scene, notice, way)
    timers.arm(scene.session, GO_ON, notice.number, scene.now)
    return replies


def again(scene: Scene, notice: Notice) -> list[Reply]:
    """The same words to those who came since, who were refused them, or can be reached again; nobody hears them twice."""
    said = audience.of(notice)
    code = grids.get(scene.session, notice.grid_id).code
    if said.staff:
        passages.call(scene.session, notice.number, code, said.roles, scene.now, audience.tagged(scene.catalog, said))
    passages.again(scene.session, notice.number, scene.now)
    timers.arm(scene.session, GO_ON, notice.number, scene.now)
    return []


def stop(scene: Scene, notice: Notice, *, by: int, why: str = "") -> bool:
    """Not one more word of it leaves; False when it was not going."""
    stopped = {"state": notices.STOPPED, "stopped_at": scene.now}
    if not notices.change(scene.session, notice.number, only_if=(notices.GOING,), **stopped):
        return False
    silence(scene, notice)
    journal.note(
        scene.session, scene.now, "stop", matter_id=notice.number, grid_id=notice.grid_id, account_id=by, why=why
    )
    return True


def silence(scene: Scene, notice: Notice) -> None:
    """What has not left stays; it is settled piece by piece."""
    passages.stop(scene.session, notice.number, scene.now)
    timers.arm(scene.session, CLEAR, notice.number, scene.now)


def told(scene: Scene, notice: Notice) -> tuple[int, int] | None:
    """(how many words had left, how many are held back) of one that was stopped; None while they are too many to be
    counted at once: then it is said when they are settled."""
    if passages.queued(scene.session, notice.number) > COUNTED_AT_ONCE:
        return None
    states = {"sent": 0, "waiting": 0, "stopped": 0}
    for one in notices.told(scene.session, notice.number):
        states[one.state] = states.get(one.state, 0) + one.many
    return states["sent"], states["waiting"] + states["stopped"]


def never_left(scene: Scene, notice: Notice) -> bool:
    """Whether it was stopped, lately, before anybody heard of it; older words are not kept to be counted."""
    if notice.state != notices.STOPPED or notice.stopped_at is None or scene.now - notice.stopped_at > COUNTABLE:
        return False
    return (counted := told(scene, notice)) is not None and counted[0] == 0


@router.timer(GO_ON)
def carry_on(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Queue the next piece of each notice that is on its way."""
    for timer in due:
        notice = notices.get(scene.session, timer.about)
        ways = passages.waiting(scene.session, notice.number) if notice.state == notices.GOING else []
        if ways and (not _queue(scene, notice, ways[0]) or len(ways) > 1):
            timers.arm(scene.session, GO_ON, notice.number, scene.now)
    return []


def _queue(scene: Scene, notice: Notice, way: Passage) -> bool:
    """The next piece of this way; whether it is all queued now."""
    said = audience.of(notice)
    code = grids.get(scene.session, notice.grid_id).code
    return passages.carry_on(scene.session, way, notice, code, scene.now, audience.tagged(scene.catalog, said))


@router.timer(CLEAR)
def clear_away(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Settle the next piece of what was stopped; at its end say how much that was, where it was too much before."""
    replies: list[Reply] = []
    for timer in due:
        notice = notices.get(scene.session, timer.about)
        if passages.clear_away(scene.session, timer.about, scene.now):
            timers.arm(scene.session, CLEAR, timer.about, scene.now)
        elif notice.state == notices.STOPPED and passages.queued(scene.session, notice.number) > COUNTED_AT_ONCE:
            author = people.get_account(scene.session, notice.account_id)
            states = notices.told(scene.session, notice.number)
            left = sum(one.many for one in states if one.state == "sent")
            many = (left, sum(one.many for one in states if one.state == "stopped"))
            to = Address(author.channel, author.external, private=True)
            replies.append(Reply("notices/stopped", {"notice": notice, "told": many}, to=to, about=notice.number))
    return replies
