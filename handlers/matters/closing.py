"""The end of a matter: who asked says whether it is solved, rates it, or has it done again; silence closes it too."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.errors import UserMistake
from bot.message import Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Order, Scene, Turn
from handlers.matters import cards, clocks, finding, lifecycle, putting_off, routing, rules
from handlers.people import authority, duty
from storage import grids, journal, matters, posts
from storage.matters import Matter
from storage.timers import Timer

router = Router()

GRADES = ("好", "较好", "一般", "差")
"""The four grades of the field's appraisals."""


@router.order("confirm")
def confirm(turn: Turn) -> list[Reply]:
    """解决了: the reporter's word closes it; a follower's word is kept with thanks."""
    matter = finding.own(turn)
    if not authority.is_reporter(turn, matter) and authority.is_follower(turn, matter):
        _note(turn, matter, "agree")
        return [Reply("closing/thanks_follower", {"matter": matter}, about=matter.number)]
    if matter.state == "closed" and authority.is_reporter(turn, matter):
        return [_rating(matter)]
    lifecycle.check(turn, matter, "confirm")
    if matter.supervisor_id is not None:
        return _to_supervisor(turn, matter)
    after = lifecycle.advance(turn, matter, "confirm", by=turn.speaker().id)
    return [_rating(after), *lifecycle.tell(turn, after, "confirm")]


@router.order("rate")
def rate(turn: Turn) -> list[Reply]:
    """One of four grades, by one tap."""
    matter = finding.own(turn)
    if matter.state == "done" and authority.is_reporter(turn, matter):
        return confirm(turn)
    lifecycle.check(turn, matter, "rate")
    if matter.rating:
        raise UserMistake("closing/rated_already", matter=matter)
    grade = turn.words
    if grade not in GRADES:
        return [_rating(matter)]
    after = matters.change(turn.session, matter.id, {"rating": grade})
    lifecycle.advance(turn, after, "rate", by=turn.speaker().id, detail=grade)
    owner = cards.owner(turn, after)
    told = [cards.plain(after, owner, "closing/rated_owner")] if owner else []
    return [Reply("closing/rated", {"matter": after}, about=after.number), *told]


@router.guard_where("quoting")
def typed_grade(turn: Turn) -> Handler | None:
    """A grade typed on a quoted word of ours is a rating, however long ago it was asked for."""
    if turn.quoted is None or turn.utterance.text not in GRADES:
        return None
    turn.order = Order("rate", (turn.quoted,), turn.utterance.text)
    return rate


@router.order("reopen")
def reopen(turn: Turn) -> list[Reply]:
    """没解决 with the reason: back to the same owner, and one level up hears of it."""
    matter = finding.own(turn) if not turn.posts else finding.named(turn) or finding.own(turn)
    lifecycle.check(turn, matter, "reopen")
    late = timedelta(days=rules.routes(turn.catalog).reopen_days)
    if matter.closed_at and turn.now - matter.closed_at > late:
        raise UserMistake("closing/too_late", number=matter.number, days=late.days)
    reason = turn.words
    if not reason:
        ask = Ask(takes=f"reopen {matter.number}")
        values = {"matter": matter, "supervising": _supervises(turn, matter)}
        return [Reply("closing/what_is_missing", values, about=matter.number, ask=ask)]
    values: dict[str, object] = {
        "reopened": matter.reopened + 1,
        "assigned_at": turn.now,
        "accepted_at": None,
        "arrived_at": None,
        "finished_at": None,
        "closed_at": None,
        "rating": "",
        "result": "",
    }
    supervising, owner_id = _supervises(turn, matter), matter.owner_id
    after = lifecycle.advance(turn, matter, "reopen", by=turn.speaker().id, values=values, post_id=owner_id, why=reason)
    return [
        Reply("closing/reopened", {"matter": after, "supervising": supervising}, about=after.number),
        *_again(turn, after, reason, supervising=supervising),
    ]


def _again(turn: Turn, matter: Matter, reason: str, *, supervising: bool) -> list[Reply]:
    """The owner does it again; one level up hears of it, and the reporter when somebody else said so."""
    owner = cards.owner(turn, matter)
    told: list[Reply] = []
    if owner:
        told = [cards.to_seat(turn, matter, owner, "closing/again_owner", reason=reason, supervising=supervising)]
    if supervising:
        return [*told, cards.to_account(turn, matter, matter.account_id, "closing/again_reporter")]
    ladder = routing.rungs(turn, matter, grids.get(turn.session, matter.grid_id))
    above = [rung for rung in ladder if _higher(rung, owner)]
    for seat in above[0][:1] if above else []:
        clocks.ring(turn, matter, seat, why="reopen")
        told.append(cards.plain(matter, seat, "closing/again_above", reason=reason, owner=owner.name if owner else ""))
    return told


def _supervises(turn: Turn, matter: Matter) -> bool:
    return not authority.is_reporter(turn, matter) and authority.may(turn, "supervisor", matter)


@router.order("release")
def release(turn: Turn) -> list[Reply]:
    """The supervisor agrees that it is closed."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "release")
    after = lifecycle.advance(turn, matter, "release", by=turn.speaker().id)
    buttons = tuple(Button(grade, f"rate {after.number} {grade}") for grade in GRADES)
    return [
        Reply("closing/released", {"matter": after}, about=after.number),
        *lifecycle.tell(turn, after, "release"),
        cards.to_account(turn, after, after.account_id, "closing/rate", presses=buttons),
    ]


@router.order("approve", "refuse")
def decide(turn: Turn) -> list[Reply]:
    """同意 and 不同意 mean what waits for the speaker's word: an end under supervision, or a 挂账."""
    matter = finding.named(turn)
    if matter is None:
        raise UserMistake("handling/which_number")
    order = turn.order or Order("approve")
    yes = order.code == "approve"
    if matter.state == "done":
        turn.order = replace(order, code="release" if yes else "reopen")
        return release(turn) if yes else reopen(turn)
    turn.order = replace(order, code="grant" if yes else "deny")
    return putting_off.decide_hold(turn)


@router.timer(clocks.LAPSE)
def by_itself(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Silence closes what is done; what was put off goes on."""
    replies: list[Reply] = []
    for timer in due:
        matter = matters.get(scene.session, timer.about)
        if matter.deadline is None or matter.deadline > scene.now:
            clocks.wind(scene, matter)
        elif matter.state == "held":
            after = lifecycle.advance(scene, matter, "resume", by=None, values={"held_until": None})
            replies += lifecycle.tell(scene, after, "resume")
        elif matter.state == "done" and matter.supervisor_id is not None:
            replies += _remind_supervisor(scene, matter)
        elif matter.state == "done":
            after = lifecycle.advance(scene, matter, "lapse", by=None)
            days = rules.routes(scene.catalog).reopen_days
            replies += lifecycle.tell(scene, after, "lapse", days=days)
    return replies


def _rating(matter: Matter) -> Reply:
    buttons = tuple(Button(grade, f"rate {matter.number} {grade}") for grade in GRADES)
    return Reply("closing/rate", {"matter": matter}, buttons=buttons, about=matter.number, ask=Ask())


def _to_supervisor(turn: Turn, matter: Matter) -> list[Reply]:
    """Under 督办 the reporter's word is kept, and the supervisor decides."""
    _note(turn, matter, "agree")
    return [
        Reply("closing/waits_for_supervisor", {"matter": matter}, about=matter.number),
        *_ask_supervisor(turn, matter),
    ]


def _ask_supervisor(scene: Scene, matter: Matter) -> list[Reply]:
    seat = posts.seats(scene.session, [matter.supervisor_id or 0]).get(matter.supervisor_id or 0)
    if seat is None or seat.channel is None:
        return []
    buttons = (Button("release", f"release {matter.number}"), Button("reopen", f"reopen {matter.number}"))
    values = {"matter": matter, "grid": grids.get(scene.session, matter.grid_id)}
    lane = Lane.DUTY
    return [
        Reply("closing/release_wanted", values, to=duty.address(seat), buttons=buttons, lane=lane, about=matter.number)
    ]


def _remind_supervisor(scene: Scene, matter: Matter) -> list[Reply]:
    after = matters.change(scene.session, matter.id, clocks.entering(scene, matter, matter.state, {}))
    clocks.wind(scene, after)
    return [*_ask_supervisor(scene, after), *_tell_above_supervisor(scene, after)]


def _tell_above_supervisor(scene: Scene, matter: Matter) -> list[Reply]:
    """The level above the supervisor hears that the end waits for a word of theirs."""
    seat = posts.seats(scene.session, [matter.supervisor_id or 0]).get(matter.supervisor_id or 0)
    if seat is None or seat.grid_id is None:
        return []
    on_duty = duty.over(scene, grids.get(scene.session, seat.grid_id))
    above = [one for one in duty.able(scene.catalog, on_duty.seats, "supervise") if one.grid_id != seat.grid_id]
    nearest = min(above, key=lambda one: (on_duty.level_of(one), one.seat), default=None)
    return [cards.plain(matter, nearest, "closing/supervisor_silent", supervisor=seat)] if nearest else []


def _higher(rung: Sequence[posts.Seat], owner: posts.Seat | None) -> bool:
    return owner is None or any(seat.grid_id != owner.grid_id for seat in rung)


def _note(turn: Turn, matter: Matter, act: str) -> None:
    account = turn.speaker().id
    journal.note(turn.session, turn.now, act, matter_id=matter.id, grid_id=matter.grid_id, account_id=account)
