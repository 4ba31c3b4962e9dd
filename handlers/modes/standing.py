"""战时令 that stand: what holds where, longer, ended by hand or by the clock, and the report of what it was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import orders
from bot.errors import UserMistake
from bot.message import Address, Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Scene, Turn
from handlers.mobilizing import order_words
from handlers.modes import switching
from handlers.modes.grounds import sayings
from handlers.modes.switching import OVER, SECOND, SOON
from handlers.people import authority, duty
from handlers.people.modes import terms
from storage import grids, modes, numbers, people, posts, timers
from storage.grids import Grid
from storage.modes import DRAFT, DROPPED, ENDED, LONGER, STANDING, WAITING, ModeOrder
from storage.posts import Seat
from storage.timers import Timer

router = Router()

LAPSED, BY_HAND = "lapsed", "ended"
END_NOW, CONFIRM = "war_end_now", "确认"
SHOWN = 6
ANSWER_S = 1800


@dataclass(frozen=True, slots=True)
class Line:
    """One order as an answer shows it."""

    order: ModeOrder
    grid: Grid
    role: str
    """Of whoever gave it."""
    name: str
    """Empty where others hear it."""
    of: ModeOrder | None = None
    """The order that it lets hold longer."""


@router.order("war_status")
def status(turn: Turn) -> list[Reply]:
    """战时状态: which orders stand over and below the speaker's places, from whom, until when."""
    if (away := switching.elsewhere(turn)) is not None:
        return away
    tops = [grid for _, grid in authority.seated(turn, turn.posts, "see")]
    if not tops:
        return _for_a_neighbour(turn)
    now, session = turn.now, turn.session
    found = {
        one.number: one
        for top in tops
        for one in (*modes.over(session, top, now, drills=True), *modes.below(session, top, now, drills=True))
    }
    waits = [
        one
        for one in modes.waiting(session)
        if authority.highest_over(turn, turn.posts, switching.SWITCH, grids.get(session, one.grid_id))
    ]
    shown = sorted(found.values(), key=lambda one: (grids.get(session, one.grid_id).depth, one.number))
    lines = [_line(turn, one, named=not turn.in_group) for one in shown[:SHOWN]]
    values: dict[str, object] = {
        "lines": lines,
        "more": max(0, len(shown) - SHOWN),
        "waits": [_line(turn, one, named=not turn.in_group) for one in waits[:SHOWN]],
        "tops": tops,
    }
    return [Reply("modes/status", values)]


def who_may(turn: Turn) -> list[Reply]:
    """Whoever wants the place at war and may not order it hears who may, and how it stands."""
    found = modes.over(turn.session, turn.grid, turn.now) if turn.grid is not None else []
    return [Reply("modes/neighbour_orders", {"until": max((one.until for one in found if one.until), default=None)})]


def _for_a_neighbour(turn: Turn) -> list[Reply]:
    """Whether the place is at war, and until when; who ordered it is nothing for a neighbour."""
    if turn.grid is None or turn.in_group:
        return []
    found = modes.over(turn.session, turn.grid, turn.now)
    until = max((one.until for one in found if one.until), default=None)
    return [Reply("modes/status_neighbour", {"until": until})]


def _line(scene: Scene, order: ModeOrder, *, named: bool) -> Line:
    role = posts.get(scene.session, order.post_id).role
    name = people.get_account(scene.session, order.account_id).name if named else ""
    return Line(order, grids.get(scene.session, order.grid_id), role, name, modes.lengthens(scene.session, order))


@router.order("war_extend")
def extend(turn: Turn) -> list[Reply]:
    """延长战时 with its number and a new end, by the author's level or above; never beyond the longest."""
    if (away := switching.elsewhere(turn)) is not None:
        return away
    order = _in_force(turn)
    words = switching.words(turn, but=order.number)
    until = order_words.moment(words, _from(turn, order, words), turn.settings.zone) if words else None
    longer = until is not None and order.since and order.until and until > order.until
    if longer and until and switching.fits(turn, until, order.since or turn.now):
        return _longer(turn, order, until)
    grid = grids.get(turn.session, order.grid_id)
    ask = Ask(takes=f"war_extend {order.number}", lasts_s=ANSWER_S)
    values = {"order": order, "grid": grid, "again": bool(words), "terms": terms(turn.catalog)}
    return [Reply("modes/extend_until", values, about=order.number, ask=ask)]


def _longer(turn: Turn, order: ModeOrder, until: datetime) -> list[Reply]:
    """A drill holds longer at once; anything else as soon as a second person says so, as when it began."""
    by = turn.speaker().id
    if order.drill:
        return switching.lengthened(turn, order, until, but=by, also=by)
    post = switching.peer(turn, order)
    if post is None:
        raise UserMistake("modes/not_for_you", grid=None)
    for one in modes.waiting(turn.session):
        if (of := modes.lengthens(turn.session, one)) is not None and of.number == order.number:
            modes.change(turn.session, one.number, (WAITING,), {"state": DROPPED, "ended_at": turn.now})
            timers.disarm(turn.session, SECOND, one.number)
    asks = modes.draft(
        turn.session,
        {
            "number": numbers.give(turn.session, "mode"),
            "grid_id": order.grid_id,
            "mode": LONGER,
            "drill": False,
            "authority": order.authority,
            "state": DRAFT,
            "account_id": by,
            "post_id": post.id,
            "composed_at": turn.now,
            "until": until,
            "ended_why": "",
        },
    )
    modes.write_lengthens(turn.session, asks, order.number, turn.now)
    replies = switching.ask_second(turn, asks)
    if turn.order is not None and turn.asked is not None and turn.asked.about == order.number:
        turn.order = replace(turn.order, answers=True)
    return replies


def _from(turn: Turn, order: ModeOrder, words: str) -> datetime:
    """A length of time lengthens the order; a moment is a moment."""
    return order.until or turn.now if order_words.is_length(words) else turn.now


@router.order("war_end")
def end(turn: Turn) -> list[Reply]:
    """解除战时 with its number: what would go back is shown, and asked about."""
    if (away := switching.elsewhere(turn)) is not None:
        return away
    if turn.words == CONFIRM and turn.order is not None and turn.order.number is not None:
        return end_now(turn)
    order = _in_force(turn)
    grid = grids.get(turn.session, order.grid_id)
    values: dict[str, object] = {
        "order": order,
        "grid": grid,
        "reach": modes.reach(turn.session, grid, turn.now),
        "others": [_line(turn, one, named=False) for one in switching.others(turn, order, grid)],
    }
    buttons = (
        Button(END_NOW, f"{END_NOW} {order.number}"),
        Button("war_keep", f"war_keep {order.number}"),
    )
    return [Reply("modes/end_sure", values, buttons=buttons, about=order.number, ask=Ask(lasts_s=ANSWER_S))]


@router.guard
def nearly_ended(turn: Turn) -> Handler | None:
    """A yes and no more, where it is asked whether an order ends: the exact words are said."""
    number = orders.bare_yes(turn, END_NOW, sayings(turn.catalog).endings.yes)
    return None if number is None else lambda _: [Reply("modes/end_exact", {"number": number})]


@router.order("war_keep")
def keep(turn: Turn) -> list[Reply]:
    """It stays as it is."""
    return [Reply("modes/kept", {"order": _in_force(turn)})]


@router.order(END_NOW)
def end_now(turn: Turn) -> list[Reply]:
    """Ended by hand; others over the same place stand."""
    if (away := switching.elsewhere(turn)) is not None:
        return away
    order = _in_force(turn)
    after = _ended(turn, order, turn.now, BY_HAND)
    if after is None:
        raise UserMistake("modes/not_now", number=order.number)
    switching.note(turn, after, "war_end", turn.speaker().id, detail=BY_HAND)
    return [_report(turn, after), *_over(turn, after, but=turn)]


@router.timer(OVER)
def lapsed(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Its time is up: it is over by itself, and reports what it was."""
    replies: list[Reply] = []
    for timer in due:
        order = modes.get(scene.session, timer.about)
        if order.state != STANDING or order.until is None:
            continue
        if order.until > scene.now:
            switching.wind(scene, order)
            continue
        after = _ended(scene, order, order.until, LAPSED)
        if after is not None:
            switching.note(scene, after, "war_end", None, detail=LAPSED)
            replies += _over(scene, after)
    return replies


@router.timer(SOON)
def soon_over(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Whoever answers for it may still lengthen it."""
    replies: list[Reply] = []
    for timer in due:
        order = modes.get(scene.session, timer.about)
        if order.state != STANDING or order.until is None or order.until <= scene.now:
            continue
        values: dict[str, object] = {"order": order, "grid": grids.get(scene.session, order.grid_id)}
        buttons = (Button("war_extend", f"war_extend {order.number}"),)
        replies += [
            Reply("modes/soon", values, to=to, buttons=buttons, lane=Lane.DUTY, about=order.number)
            for to in _answerable(scene, order)
        ]
    return replies


def _ended(scene: Scene, order: ModeOrder, at: datetime, why: str) -> ModeOrder | None:
    switching.unwind(scene, order)
    return modes.change(scene.session, order.number, (STANDING,), {"state": ENDED, "ended_at": at, "ended_why": why})


def _over(scene: Scene, order: ModeOrder, *, but: Turn | None = None) -> list[Reply]:
    """The report for whoever answers for it and whoever led; one line for everybody it concerned."""
    report = _report(scene, order)
    roster = modes.roster(scene.session, order)
    heads = [seat for seat in _seats(scene, roster.heads if roster else ()) if seat.channel]
    each = dict.fromkeys([*_answerable(scene, order, but=but), *(duty.address(seat) for seat in heads)])
    if but is not None:
        each.pop(switching.to_account(scene, but.speaker().id), None)
    told = [Reply(report.template, report.values, to=to, lane=Lane.DUTY, about=order.number) for to in each]
    return [*told, *switching.ending(scene, order, grids.get(scene.session, order.grid_id))]


def _report(scene: Scene, order: ModeOrder) -> Reply:
    """What it was, how long, what was opened and finished in it, who was on duty: as the journal has it."""
    grid = grids.get(scene.session, order.grid_id)
    since, ended = order.since or order.composed_at, order.ended_at or scene.now
    roster = modes.roster(scene.session, order)
    values: dict[str, object] = {
        "order": order,
        "grid": grid,
        "lasted_s": (ended - since).total_seconds(),
        "doings": modes.doings(scene.session, grid, since, ended),
        "roles": list(roster.roles.items()) if roster else [],
        "heads": _seats(scene, roster.heads if roster else ()),
        "others": [_line(scene, one, named=False) for one in switching.others(scene, order, grid)],
    }
    return Reply("modes/report", values, about=order.number)


def _seats(scene: Scene, ids: Sequence[int]) -> list[Seat]:
    found = posts.seats(scene.session, ids)
    return [found[each] for each in ids if each in found]


def _answerable(scene: Scene, order: ModeOrder, *, but: Turn | None = None) -> list[Address]:
    """Who gave it and who agreed, each once; not whoever speaks."""
    speaks = but.speaker().id if but else None
    accounts = [one for one in (order.account_id, order.second_id) if one is not None and one != speaks]
    return [switching.to_account(scene, one) for one in dict.fromkeys(accounts)]


def of_place(turn: Turn, places: Sequence[Grid]) -> tuple[int, ...]:
    """The one order in force over just these places, where there is one."""
    ids = {grid.id for grid in places}
    found = [one.number for one in modes.standing(turn.session) if one.grid_id in ids and modes.serves(one, turn.now)]
    return tuple(found) if len(found) == 1 else ()


def _meant(turn: Turn) -> ModeOrder:
    """The order whose number was said; without one the only one that the speaker may end: it is shown, not ended."""
    if turn.order is None or turn.order.number is not None:
        return switching.named(turn)
    now = turn.now
    own = [one for one in modes.standing(turn.session) if modes.serves(one, now) and switching.peer(turn, one)]
    if len(own) == 1:
        return own[0]
    lines = [_line(turn, one, named=False) for one in own[:SHOWN]]
    raise UserMistake("modes/which_number", lines=lines, extend=turn.order.code == "war_extend")


def _in_force(turn: Turn) -> ModeOrder:
    """The order that is meant, if it stands and the speaker's level may end it."""
    order = _meant(turn)
    grid = grids.get(turn.session, order.grid_id)
    if switching.peer(turn, order) is None:
        sees = authority.highest_over(turn, turn.posts, "see", grid) is not None
        role = posts.get(turn.session, order.post_id).role
        raise UserMistake("modes/higher" if sees else "modes/unknown", number=order.number, role=role)
    if order.state == WAITING:
        raise UserMistake("modes/waits_still", number=order.number)
    if order.state != STANDING or order.until is None or order.until <= turn.now:
        raise UserMistake("modes/not_now", number=order.number)
    return order
