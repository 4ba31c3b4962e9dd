"""平战转换: an order puts a subtree at war; asked for step by step, shown before, and agreed to by a second person."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import UserMistake
from bot.message import LITERAL, Address, Ask, Button, Lane, Reply
from bot.orders import parse_press
from bot.router import Router
from bot.turn import Scene, Turn
from handlers.mobilizing import order_words, several
from handlers.mobilizing.order_words import Said
from handlers.modes import grounds
from handlers.people import authority, duty
from handlers.people.modes import Terms, terms
from storage import chats, grids, journal, modes, numbers, people, posts, timers
from storage.grids import Grid
from storage.modes import DRAFT, DROPPED, LONGER, PEACE, STANDING, WAITING, WAR, ModeOrder, Roster
from storage.posts import Post, Seat
from storage.timers import Timer

router = Router()

SWITCH = "switch"
"""The deed of roles.toml."""
OVER, SOON, SECOND = "war_over", "war_soon", "war_second"
"""Timers: it lapses; it is about to; nobody has agreed yet."""
LONGEST = 60
"""Characters of an authority that are kept."""
CHOICES = 4
ANSWER_S = 1800
INSTEAD = re.compile(r"改[成到为]?")
BEING_WRITTEN = ("war_authority ", "war_until ", "war_exact ")
A_YES = 8
"""Longer than this no vague yes is."""


@router.order("war")
def order_war(turn: Turn) -> list[Reply]:
    """战时 with a grid, an end and whose order it is, in any order; what is missing is asked."""
    return _composed(turn, drill=False)


@router.order("war_drill")
def order_drill(turn: Turn) -> list[Reply]:
    """战时演练: the same path, and nothing is switched."""
    return _composed(turn, drill=True)


def _composed(turn: Turn, *, drill: bool) -> list[Reply]:
    if (away := elsewhere(turn)) is not None:
        return away
    own = authority.seated(turn, turn.posts, SWITCH)
    if not own:
        raise UserMistake("modes/not_for_you", grid=None)
    places, rest = several.apart(turn, words(turn), [grid for _, grid in own], several.SURELY)
    if len(places) > 1:
        said = order_words.read(turn, rest, places=False)
        return [_which(turn, places, _rest(turn, said, drill=drill or said.drill), many=True)]
    said = order_words.read(turn, words(turn))
    drill = drill or said.drill
    inside = [grid for grid in said.grids if authority.highest_over(turn, turn.posts, SWITCH, grid)]
    if said.grids and not inside:
        raise UserMistake("modes/not_for_you", grid=said.grids[0])
    if len(inside) != 1:
        known = said if inside else _known(turn, said)
        return [_which(turn, inside or [grid for _, grid in own], _rest(turn, known, drill=drill))]
    grid = inside[0]
    post = authority.highest_over(turn, turn.posts, SWITCH, grid)
    if post is None:
        raise UserMistake("modes/not_for_you", grid=grid)
    until = said.until if said.until and fits(turn, said.until, turn.now) else None
    ground = _ground(turn, said)
    if (begun := _begun(turn, grid, drill=drill)) is not None:
        values = {"authority": ground or begun.authority, "until": until or begun.until, "composed_at": turn.now}
        order = modes.change(turn.session, begun.number, (DRAFT,), values) or begun
        return _next(turn, order, again=said.until is not None and until is None)
    order = modes.draft(
        turn.session,
        {
            "number": numbers.give(turn.session, "mode"),
            "grid_id": grid.id,
            "mode": WAR,
            "drill": drill,
            "authority": ground,
            "state": DRAFT,
            "account_id": turn.speaker().id,
            "post_id": post.id,
            "composed_at": turn.now,
            "until": until,
            "ended_why": "",
        },
    )
    return _next(turn, order, again=said.until is not None and order.until is None)


def _begun(turn: Turn, grid: Grid, *, drill: bool) -> ModeOrder | None:
    """The speaker's own order for this place that is being asked about: what is said of it again is said of that one."""
    about = turn.asked.about if turn.asked and turn.asked.takes.startswith(BEING_WRITTEN) else None
    order = modes.by_number(turn.session, about) if about is not None else None
    if order is None or order.state != DRAFT or order.account_id != turn.speaker().id:
        return None
    return order if order.grid_id == grid.id and order.drill == drill else None


def _ground(turn: Turn, said: Said) -> str:
    return grounds.plain(turn.catalog, said.authority)[:LONGEST]


def _known(turn: Turn, said: Said) -> Said:
    """Asked for the place, words that name none are not kept for anything else, unless they say whose order it is."""
    if turn.order is None or not turn.order.answers or turn.asked is None:
        return said
    before = order_words.read(turn, parse_press(turn.asked.takes).argument)
    more = [one for one in said.rest if one not in before.rest and grounds.is_ground(turn.catalog, one)]
    return replace(said, rest=[*before.rest, *more])


def _which(turn: Turn, choices: Sequence[Grid], rest: str, *, many: bool = False) -> Reply:
    """Which grid it is for: those with that name, or the speaker's own."""
    each = list({grid.id: grid for grid in choices}.values())[:CHOICES]
    buttons = tuple(Button(f"{LITERAL}{grid.name}", f"war {grid.code} {rest}".strip()) for grid in each)
    fitting = tuple(button for button in buttons if len(button.press.encode()) <= 64)
    return Reply(
        "modes/which_grid",
        {"places": each if many else []},
        buttons=fitting,
        ask=Ask(takes=f"war {rest}".strip(), lasts_s=ANSWER_S),
    )


def _rest(turn: Turn, said: Said, *, drill: bool) -> str:
    """What is known besides the grid, in words that are read again."""
    until = f"{said.until.astimezone(turn.settings.zone):%Y年%m月%d日%H:%M}" if said.until else ""
    return " ".join(part for part in (order_words.DRILL if drill else "", until, said.authority) if part)


@router.order("war_authority")
def whose_order(turn: Turn) -> list[Reply]:
    """Whose order it is, in its own words."""
    return _told(turn, _draft(turn))


@router.order("war_until")
def until_when(turn: Turn) -> list[Reply]:
    """Until when it is to hold."""
    return _told(turn, _draft(turn))


def _told(turn: Turn, order: ModeOrder) -> list[Reply]:
    """Whose order it is and until when it holds, as far as the words say either; only what is missing is asked."""
    if grounds.names_nobody(turn) and turn.incoming.happening == "text":
        return _next(turn, order, again=bool(order.authority))
    all_words = words(turn, but=order.number)
    said = order_words.read(turn, all_words, places=False)
    grid = grids.get(turn.session, order.grid_id)
    rest = [one for one in said.rest if one != grid.name]
    whole = order_words.moment(all_words, turn.now, turn.settings.zone)
    until = whole or said.until
    ground = "" if whole else _ground(turn, replace(said, rest=rest))
    if order.authority and not grounds.is_ground(turn.catalog, " ".join(rest)):
        ground = ""
    fitting = until is not None and fits(turn, until, turn.now)
    values: dict[str, object] = {"authority": ground or order.authority, "until": until if fitting else order.until}
    after = modes.change(turn.session, order.number, (DRAFT,), values) or order
    return _next(turn, after, again=not fitting and (bool(order.authority) or until is not None))


def _next(turn: Turn, order: ModeOrder, *, again: bool = False) -> list[Reply]:
    """Ask for what is missing, one thing at a time; then show what it would change."""
    table = terms(turn.catalog)
    about: dict[str, object] = {"order": order, "grid": grids.get(turn.session, order.grid_id)}
    if not order.authority:
        return [_asking(order, "modes/authority", "war_authority", about)]
    if order.until is None:
        offers = tuple(Button(LITERAL + words, f"war_until {order.number} {words}") for words in table.offers)
        return [_asking(order, "modes/until", "war_until", {**about, "again": again, "terms": table}, offers)]
    return [_preview(turn, order)]


def _asking(
    order: ModeOrder, template: str, takes: str, values: Mapping[str, object], buttons: tuple[Button, ...] = ()
) -> Reply:
    ask = Ask(takes=f"{takes} {order.number}", lasts_s=ANSWER_S)
    return Reply(template, values, buttons=buttons, about=order.number, ask=ask)


def _preview(turn: Turn, order: ModeOrder) -> Reply:
    """What it would change, for how many; nothing has changed yet."""
    grid = grids.get(turn.session, order.grid_id)
    reach = modes.reach(turn.session, grid, turn.now)
    until = order.until or turn.now
    values: dict[str, object] = {
        "order": order,
        "grid": grid,
        "reach": reach,
        "comes": reach.posts.get(WAR, 0),
        "goes": reach.posts.get(PEACE, 0),
        "told": len(_concerned(turn, order, grid)),
        "lasts_s": (until - turn.now).total_seconds(),
        "others": [(one, grids.get(turn.session, one.grid_id)) for one in others(turn, order, grid)],
        "seconds": [] if order.drill else _who_could_agree(turn, order),
        "heads": terms(turn.catalog).leads,
    }
    lasts_s = terms(turn.catalog).ask_again_minutes * 60
    drop = (Button("war_drop", f"war_drop {order.number}"),)
    ask = Ask(takes=f"war_exact {order.number}", lasts_s=lasts_s)
    return Reply("modes/preview", values, buttons=drop, about=order.number, ask=ask)


def others(scene: Scene, order: ModeOrder, grid: Grid) -> list[ModeOrder]:
    """The other orders that stand over this grid, above it or below it."""
    found = [*modes.over(scene.session, grid, scene.now), *modes.below(scene.session, grid, scene.now)]
    return [one for one in found if one.number != order.number]


@router.order("war_exact")
def almost(turn: Turn) -> list[Reply]:
    """Any other yes puts nothing in force: the exact words are said once more."""
    if (away := elsewhere(turn)) is not None:
        return away
    order = named(turn)
    grid = grids.get(turn.session, order.grid_id)
    if turn.in_group and len(turn.words) > A_YES:
        return []  # colleagues among themselves
    if order.state not in (DRAFT, WAITING) or authority.highest_over(turn, turn.posts, SWITCH, grid) is None:
        return []
    own = order.account_id == turn.speaker().id
    if (
        own
        and order.state == DRAFT
        and (until := order_words.read(turn, INSTEAD.sub(" ", words(turn, but=order.number))).until)
    ):
        fitting = fits(turn, until, turn.now)
        after = modes.change(turn.session, order.number, (DRAFT,), {"until": until if fitting else None})
        return _next(turn, after or order, again=not fitting)
    ask = Ask(takes=f"war_exact {order.number}", lasts_s=terms(turn.catalog).ask_again_minutes * 60)
    drop = (Button("war_drop", f"war_drop {order.number}"),) if own else ()
    return [Reply("modes/exact", {"order": order}, buttons=drop, about=order.number, ask=ask)]


@router.order("war_drop")
def dropped(turn: Turn) -> list[Reply]:
    """Not put in force after all."""
    order = named(turn)
    if order.account_id != turn.speaker().id or order.state not in (DRAFT, WAITING):
        raise UserMistake("modes/unknown", number=order.number)
    modes.change(turn.session, order.number, (DRAFT, WAITING), {"state": DROPPED, "ended_at": turn.now})
    answered(turn, order.number)
    timers.disarm(turn.session, SECOND, order.number)
    return [Reply("modes/dropped", {"number": order.number, "of": modes.lengthens(turn.session, order)})]


@router.order("war_go")
def go(turn: Turn) -> list[Reply]:
    """启动战时 with its number, word for word: a drill begins, anything else waits for a second person."""
    if (away := elsewhere(turn)) is not None:
        return away
    order = _draft(turn)
    grid = grids.get(turn.session, order.grid_id)
    if authority.highest_over(turn, turn.posts, SWITCH, grid) is None:
        raise UserMistake("modes/not_for_you", grid=grid)
    if not order.authority or order.until is None or not fits(turn, order.until, turn.now):
        stale = modes.change(turn.session, order.number, (DRAFT,), {"until": None}) if order.until else None
        return _next(turn, stale or order, again=stale is not None)
    if order.drill:
        return _begin(turn, order, (DRAFT,), {})
    return ask_second(turn, order)


def ask_second(turn: Turn, order: ModeOrder) -> list[Reply]:
    """It waits for a yes of somebody else at the author's level or above: they are asked."""
    asked = _who_could_agree(turn, order)
    if not asked:
        raise UserMistake("modes/nobody_to_agree", number=order.number)
    after = modes.change(
        turn.session,
        order.number,
        (DRAFT,),
        {"state": WAITING, "asked_up_to": _depth(turn, asked[0])},
    )
    if after is None:
        raise UserMistake("modes/not_now", number=order.number)
    answered(turn, after.number)
    note(turn, after, "war_ask", turn.speaker().id)
    _arm_second(turn, after)
    told = {"order": after, "asked": asked, "terms": terms(turn.catalog), "of": modes.lengthens(turn.session, after)}
    back = (Button("war_not_longer" if told["of"] else "war_drop", f"war_drop {after.number}"),)
    shown = Reply("modes/waits", told, buttons=back, about=after.number, ask=Ask())
    return [shown, *(_request(turn, after, seat) for seat in asked)]


def _who_could_agree(scene: Scene, order: ModeOrder) -> list[Seat]:
    """Who is asked next: the nearest level from the author's own up, above those that were asked."""
    grid = grids.get(scene.session, order.grid_id)
    author = posts.get(scene.session, order.post_id)
    depth = grids.get(scene.session, author.grid_id or grid.id).depth
    if order.asked_up_to is not None:
        depth = min(depth, order.asked_up_to - 1)
    on_duty = duty.over(scene, grid)
    able = duty.able(scene.catalog, on_duty.seats, SWITCH)
    fit = [seat for seat in able if seat.person_id != author.person_id and _depth(scene, seat) <= depth]
    nearest = max((_depth(scene, seat) for seat in fit), default=0)
    each = {seat.person_id: seat for seat in reversed(fit) if _depth(scene, seat) == nearest}
    return list(each.values())[::-1][: terms(scene.catalog).asked_at_once]


def _depth(scene: Scene, seat: Seat) -> int:
    return grids.get(scene.session, seat.grid_id or 0).depth


def _request(scene: Scene, order: ModeOrder, seat: Seat) -> Reply:
    """The question to somebody who may agree: a yes word for word, a no in any words."""
    grid = grids.get(scene.session, order.grid_id)
    author = people.get_account(scene.session, order.account_id)
    values: dict[str, object] = {
        "order": order,
        "grid": grid,
        "reach": modes.reach(scene.session, grid, scene.now),
        "name": author.name,
        "role": posts.get(scene.session, order.post_id).role,
        "of": modes.lengthens(scene.session, order),
    }
    buttons = (Button("war_refuse", f"war_refuse {order.number}"),)
    to = duty.address(seat)
    ask = Ask(takes=f"war_exact {order.number}")
    template = "modes/request_longer" if order.mode == LONGER else "modes/request"
    return Reply(template, values, to=to, buttons=buttons, lane=Lane.EMERGENCY, about=order.number, ask=ask)


def _arm_second(scene: Scene, order: ModeOrder) -> None:
    again = scene.now + timedelta(minutes=terms(scene.catalog).second_minutes)
    timers.arm(scene.session, SECOND, order.number, again)


@router.timer(SECOND)
def nobody_agreed(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """No yes yet: the level above is asked, at the top it waits a while longer and then is dropped."""
    replies: list[Reply] = []
    table = terms(scene.catalog)
    for timer in due:
        order = modes.get(scene.session, timer.about)
        if order.state != WAITING:
            continue
        author, of = to_account(scene, order.account_id), modes.lengthens(scene.session, order)
        lapses = order.composed_at + timedelta(hours=table.second_hours)
        if of is not None:
            lapses = min(lapses, of.ended_at or of.until or lapses)
        if scene.now >= min(lapses, order.until or lapses):
            modes.change(scene.session, order.number, (WAITING,), {"state": DROPPED, "ended_at": scene.now})
            replies.append(Reply("modes/nobody_agreed", {"order": order, "of": of}, to=author, lane=Lane.DUTY))
        elif asked := _who_could_agree(scene, order):
            values = {"asked_up_to": _depth(scene, asked[0])}
            after = modes.change(scene.session, order.number, (WAITING,), values) or order
            _arm_second(scene, after)
            told = {"order": after, "asked": asked, "terms": table, "of": of}
            replies.append(Reply("modes/waits", told, to=author, lane=Lane.DUTY, about=order.number))
            replies += [_request(scene, after, seat) for seat in asked]
        else:
            timers.arm(scene.session, SECOND, order.number, min(lapses, order.until or lapses))
    return replies


@router.order("war_agree")
def agree(turn: Turn) -> list[Reply]:
    """同意战时 with its number, by somebody else at the author's level or above: now it begins."""
    if (away := elsewhere(turn)) is not None:
        return away
    order, post = _to_decide(turn)
    if order.until is None or order.until <= turn.now:
        raise UserMistake("modes/not_now", number=order.number)
    if order.mode == LONGER:
        return _hold_longer(turn, order, order.until)
    return _begin(turn, order, (WAITING,), {"second_id": turn.speaker().id, "second_post_id": post.id})


def _hold_longer(turn: Turn, order: ModeOrder, until: datetime) -> list[Reply]:
    """The order that it is about holds until then; this one has done its work."""
    of = modes.lengthens(turn.session, order)
    done = {"state": DROPPED, "ended_at": turn.now, "second_id": turn.speaker().id}
    if of is None or modes.change(turn.session, order.number, (WAITING,), done) is None:
        raise UserMistake("modes/not_now", number=order.number)
    timers.disarm(turn.session, SECOND, order.number)
    answered(turn, order.number)
    if of.state != STANDING or of.until is None or not of.until < until or of.until <= turn.now:
        raise UserMistake("modes/not_now", number=of.number)
    return lengthened(turn, of, until, but=turn.speaker().id, also=order.account_id)


def lengthened(turn: Turn, order: ModeOrder, until: datetime, *, but: int, also: int) -> list[Reply]:
    """It holds until then: whoever answers for it hears so, every staff group in one line, and who is on duty by it."""
    after = modes.change(turn.session, order.number, (STANDING,), {"until": until})
    if after is None:
        raise UserMistake("modes/not_now", number=order.number)
    wind(turn, after)
    note(turn, after, "war_extend", turn.speaker().id, detail=f"{until:%Y-%m-%d %H:%M}")
    grid = grids.get(turn.session, order.grid_id)
    told = {"order": after, "grid": grid}
    whom = dict.fromkeys(one for one in (also, after.account_id, after.second_id) if one is not None and one != but)
    each = dict.fromkeys(to_account(turn, one) for one in whom)
    each.update(dict.fromkeys(duty.address(seat) for seat in _concerned(turn, after, grid) if seat.mode == WAR))
    each.update(
        dict.fromkeys(
            Address(chat.channel, chat.external) for chat in chats.bound_within(turn.session, grid.code, "staff")
        )
    )
    here = turn.incoming.address
    others = [
        Reply("modes/extended", told, to=to, lane=Lane.DUTY, about=after.number)
        for to in each
        if (to.channel, to.target) != (here.channel, here.target)
    ]
    return [Reply("modes/extended", told, about=after.number), *others]


@router.order("war_refuse")
def refuse(turn: Turn) -> list[Reply]:
    """不同意: it does not come into force, and its author hears why."""
    if (away := elsewhere(turn)) is not None:
        return away
    order, _ = _to_decide(turn)
    why = words(turn, but=order.number)[:LONGEST]
    after = modes.change(
        turn.session, order.number, (WAITING,), {"state": DROPPED, "ended_at": turn.now, "ended_why": why}
    )
    if after is None:
        raise UserMistake("modes/not_now", number=order.number)
    answered(turn, order.number)
    timers.disarm(turn.session, SECOND, order.number)
    note(turn, after, "war_refuse", turn.speaker().id, detail=why)
    told = {"order": after, "name": turn.speaker().name, "why": why, "of": modes.lengthens(turn.session, after)}
    return [
        Reply("modes/refused", {"number": order.number}),
        Reply("modes/refused_author", told, to=to_account(turn, order.account_id), lane=Lane.DUTY),
    ]


def _to_decide(turn: Turn) -> tuple[ModeOrder, Post]:
    """The order that waits for the speaker's yes, and the post by which."""
    order = named(turn)
    grid = grids.get(turn.session, order.grid_id)
    post = peer(turn, order)
    if post is None:
        may = authority.highest_over(turn, turn.posts, SWITCH, grid) is not None
        raise UserMistake("modes/not_high_enough" if may else "modes/unknown", number=order.number)
    if order.state == STANDING:
        raise UserMistake("modes/runs_already", number=order.number, until=order.until)
    if order.state != WAITING:
        raise UserMistake("modes/not_now", number=order.number)
    if post.person_id == posts.get(turn.session, order.post_id).person_id:
        raise UserMistake("modes/somebody_else", number=order.number)
    return order, post


def peer(turn: Turn, order: ModeOrder) -> Post | None:
    """The speaker's post over the order's grid that is seated as high as its author's, or higher."""
    grid = grids.get(turn.session, order.grid_id)
    author = posts.get(turn.session, order.post_id)
    depth = grids.get(turn.session, author.grid_id or grid.id).depth
    return authority.highest_over(turn, turn.posts, SWITCH, grid, depth=depth)


def _begin(turn: Turn, order: ModeOrder, states: Sequence[str], second: Mapping[str, object]) -> list[Reply]:
    """In force from now on; nobody else can have been faster."""
    grid = grids.get(turn.session, order.grid_id)
    concerned = _concerned(turn, order, grid)
    after = modes.change(turn.session, order.number, states, {**second, "state": STANDING, "since": turn.now})
    if after is None or after.until is None:
        raise UserMistake("modes/not_now", number=order.number)
    answered(turn, order.number)
    timers.disarm(turn.session, SECOND, order.number)
    wind(turn, after)
    note(turn, after, "war_begin", turn.speaker().id, detail=after.authority)
    modes.write_roster(turn.session, after, _roster(turn, after, grid), turn.now)
    told: dict[str, object] = {"order": after, "grid": grid}
    replies = [Reply("modes/begun", told, about=after.number)]
    if second:
        author = to_account(turn, after.account_id)
        replies.append(Reply("modes/begun", told, to=author, lane=Lane.EMERGENCY, about=after.number))
    return [*replies, *_tell(turn, after, grid, concerned, begins=True)]


def wind(scene: Scene, order: ModeOrder) -> None:
    """Look at it when it lapses, and a while before."""
    if order.until is None or order.since is None:
        return
    timers.arm(scene.session, OVER, order.number, order.until)
    soon = order.until - timedelta(minutes=terms(scene.catalog).remind_minutes)
    if soon > scene.now:
        timers.arm(scene.session, SOON, order.number, soon)
    else:
        timers.disarm(scene.session, SOON, order.number)


def unwind(scene: Scene, order: ModeOrder) -> None:
    """It is over."""
    timers.disarm(scene.session, OVER, order.number)
    timers.disarm(scene.session, SOON, order.number)


def _roster(scene: Scene, order: ModeOrder, grid: Grid) -> Roster:
    """Who is on duty while it holds, and who leads."""
    table = terms(scene.catalog)
    roles = modes.roles_within(scene.session, grid, scene.now, WAR)
    leading = [
        seat for seat in modes.seats_within(scene.session, grid, scene.now, ("both", WAR)) if _leads(table, seat)
    ]
    above = duty.over(scene, grid, mode=WAR).nearest(table.leads)
    heads = leading or above[:1]
    return Roster(order.number, roles, [seat.id for seat in heads[: table.named_heads]])


def _leads(table: Terms, seat: Seat) -> bool:
    return seat.role in table.leads


def _concerned(scene: Scene, order: ModeOrder, grid: Grid) -> list[Seat]:
    """Who goes on or off duty by it: those whose place no other order keeps at war."""
    seats = modes.seats_within(scene.session, grid, scene.now, (WAR, PEACE))
    where = grids.with_all_above(scene.session, {seat.grid_id for seat in seats if seat.grid_id is not None})
    kept = {
        one.id
        for one in where.values()
        if any(other.number != order.number for other in modes.over(scene.session, one, scene.now))
    }
    return [seat for seat in seats if seat.grid_id not in kept]


def ending(scene: Scene, order: ModeOrder, grid: Grid) -> list[Reply]:
    """Everybody whose duty changes back hears so, and every staff group below."""
    return _tell(scene, order, grid, _concerned(scene, order, grid), begins=False)


def _tell(scene: Scene, order: ModeOrder, grid: Grid, seats: Sequence[Seat], *, begins: bool) -> list[Reply]:
    """One line in each staff group of the subtree; one to everybody who goes on or off duty. No resident hears it."""
    told: dict[str, object] = {
        "order": order,
        "grid": grid,
        "begins": begins,
        "still": not begins and len(modes.over(scene.session, grid, scene.now)) > 0,
        "heads": terms(scene.catalog).leads,
    }
    private = [
        Reply("modes/shift", {**told, "comes": seat.mode == (WAR if begins else PEACE)}, to=duty.address(seat))
        for seat in seats
    ]
    public = [
        Reply("modes/staff", told, to=Address(chat.channel, chat.external))
        for chat in chats.bound_within(scene.session, grid.code, "staff")
    ]
    return [replace(one, lane=Lane.DUTY, about=order.number) for one in (*public, *private)]


def answered(turn: Turn, number: int) -> None:
    """What was asked about this order is decided: the question waits no longer."""
    if turn.order is not None and turn.asked is not None and turn.asked.about == number:
        turn.order = replace(turn.order, answers=True)


def _draft(turn: Turn) -> ModeOrder:
    """The speaker's own order that is not in force yet and not too old."""
    order = named(turn)
    if order.account_id != turn.speaker().id:
        raise UserMistake("modes/unknown", number=order.number)
    if order.state != DRAFT:
        raise UserMistake("modes/not_now", number=order.number)
    if turn.now > order.composed_at + timedelta(minutes=terms(turn.catalog).ask_again_minutes):
        raise UserMistake("modes/too_old", number=order.number)
    return order


def named(turn: Turn) -> ModeOrder:
    """The order whose number was said; a number is never guessed."""
    number = turn.order.number if turn.order else None
    if number is None:
        raise UserMistake("modes/which_number", lines=[])
    order = modes.by_number(turn.session, number)
    if order is None:
        raise UserMistake("modes/unknown", number=number)
    return order


def words(turn: Turn, but: int | None = None) -> str:
    """All that was said with the order, numbers too (a short code is one), but not this one."""
    if turn.order is None:
        return ""
    spoken = [str(one) for one in turn.order.numbers if one != but]
    return " ".join((*spoken, turn.words)).strip()


def fits(scene: Scene, until: datetime, since: datetime) -> bool:
    """Whether an order that began then may hold until that moment."""
    table = terms(scene.catalog)
    return scene.now + timedelta(minutes=table.shortest_minutes) <= until <= since + timedelta(days=table.longest_days)


def elsewhere(turn: Turn) -> list[Reply] | None:
    """In a residents' group nobody is answered there: who has a post hears in private where to say it; None elsewhere."""
    if turn.chat is None or turn.chat.audience != "residents":
        return None
    account = turn.speaker()
    to = Address(account.channel, account.external, private=True)
    return [Reply("modes/in_private", to=to)] if turn.posts else []


def note(scene: Scene, order: ModeOrder, act: str, account_id: int | None, detail: str = "") -> None:
    """Write down what was done with the order."""
    journal.note(
        scene.session,
        scene.now,
        act,
        grid_id=order.grid_id,
        account_id=account_id,
        post_id=order.post_id,
        why=str(order.number),
        detail=detail,
    )


def to_account(scene: Scene, account_id: int) -> Address:
    """Where this account is told something in private."""
    account = people.get_account(scene.session, account_id)
    return Address(account.channel, account.external, private=True)
