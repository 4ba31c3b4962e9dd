"""Mobilization in one tap: the card with the plans, the preview, the order, a second person's yes, the end."""

from collections.abc import Sequence
from datetime import timedelta

from bot.errors import UserMistake
from bot.message import LITERAL, Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Order, Scene, Turn
from handlers.mobilizing import after_action, answering, board, marks, overlap, plans, several, told_before
from handlers.mobilizing.plans import Plan
from handlers.notices import audience, release
from handlers.notices.release import Face
from handlers.notices.terms import terms
from handlers.people import authority, duty, modes
from storage import grids, journal, musters, notices, numbers, posts, timers
from storage.grids import Grid
from storage.notices import Notice
from storage.posts import Post, Seat
from storage.timers import Timer

router = Router()

DEED = "mobilize"
ALL_CLEAR, STAND_DOWN = "notice_all_clear", "stand_down"
DRILL = "drill"
ROLLCALL = "rollcall"
SECOND = "muster_second"
"""The timer of a mobilization that waits for a second person's yes."""
CONFIRM = "确认"
CARD_S = 1800
"""How long a digit or a plan's name is an answer to the card of plans."""


@router.guard
def all_clear(turn: Turn) -> Handler | None:
    """解除 with the number of a mobilization; of any other notice it writes an all-clear."""
    said = turn.utterance
    if said.command != ALL_CLEAR:
        return None
    number = said.numbers[0] if said.numbers else turn.quoted
    if number is None or number not in musters.going(turn.session):
        return None
    turn.order = Order(STAND_DOWN, (number,), said.argument)
    return stand_down


@router.order("mobilize")
def mobilize(turn: Turn) -> list[Reply]:
    """动员: the plans; with a plan's name its preview; with the preview's number it is carried out."""
    if turn.order and turn.order.number is not None:
        return _carry_out(turn, turn.order.number)
    return wanted(turn, drill=plans.DRILL in turn.words)


@router.order("drill")
def rehearse(turn: Turn) -> list[Reply]:
    """演练: the same, and every word says that it is a drill."""
    return wanted(turn, drill=True)


@router.order("muster_call")
def call_the_roll(turn: Turn) -> list[Reply]:
    """集结点名."""
    code = next((code for code, plan in plans.offered(turn.catalog).items() if plan.kind == ROLLCALL), None)
    top = seats(turn)
    if not top or code is None:
        return _may_not(turn)
    drill = plans.DRILL in turn.words
    return preview(turn, where(turn, top, turn.words), code, drill=drill)


@router.order("muster_plan")
def choose(turn: Turn) -> list[Reply]:
    """A plan was tapped on the card."""
    number = turn.order.number if turn.order else None
    code, _, drill = turn.words.partition(" ")
    grid = grids.get(turn.session, number or 0)
    if code not in plans.offered(turn.catalog) or not any(grid.code.startswith(top.code) for top in seats(turn)):
        return _may_not(turn)
    return preview(turn, grid, code, drill=drill == DRILL)


@router.order("muster_where")
def choose_where(turn: Turn) -> list[Reply]:
    """Somebody with posts in several places said which one is meant."""
    grid = grids.get(turn.session, turn.order.number or 0) if turn.order else None
    if grid is None or not any(grid.code.startswith(top.code) for top in seats(turn)):
        return _may_not(turn)
    code, _, drill = turn.words.partition(" ")
    if code in plans.offered(turn.catalog):
        return preview(turn, grid, code, drill=drill == DRILL)
    return [card(turn, grid, drill=DRILL in (code, drill))]


@router.order("muster_agree")
def agree(turn: Turn) -> list[Reply]:
    """The second person's yes."""
    return _carry_out(turn, turn.order.number or 0) if turn.order else []


@router.order("muster_refuse")
def refuse(turn: Turn) -> list[Reply]:
    """The second person's no: it is not sent, and whoever wanted it hears so."""
    notice = _preview_of(turn, turn.order.number if turn.order else None)
    if _post(turn, notice) is None:
        raise UserMistake("mobilizing/not_above", grid=grids.get(turn.session, notice.grid_id))
    if not notices.change(turn.session, notice.number, only_if=(notices.WAITING,), state=notices.REFUSED):
        raise _not_waiting(turn, notice)
    journal.note(
        turn.session, turn.now, "refuse", matter_id=notice.number, grid_id=notice.grid_id, account_id=turn.speaker().id
    )
    says = {**board.said_of(turn, notice), "who": turn.speaker().name}
    return [
        Reply("mobilizing/refused", says, about=notice.number),
        *(
            Reply("mobilizing/was_refused", says, to=to, about=notice.number)
            for to in board.to_those_in_charge(turn, notice)
        ),
    ]


@router.order("stand_down")
def stand_down(turn: Turn) -> list[Reply]:
    """解除: who will hear it is shown first; then it is over for everybody."""
    number = turn.order.number if turn.order else None
    notice = notices.find(turn.session, number) if number is not None else None
    if notice is None or notice.kind not in musters.KINDS or notice.state != notices.GOING:
        raise UserMistake("mobilizing/not_going")
    if _post(turn, notice) is None:
        raise UserMistake("mobilizing/not_above", grid=grids.get(turn.session, notice.grid_id))
    if turn.words != CONFIRM:
        tally = board.totals(turn, notice)
        reach = audience.reach(turn, grids.get(turn.session, notice.grid_id), audience.of(notice))
        values = {**board.said_of(turn, notice), "tally": tally, "groups": reach.groups, "called": notice.called}
        values["above"] = overlap.above(turn, notice, same=False)
        values["told"] = [matter.number for matter in told_before.open_still(turn, notice)]
        buttons = (Button("stand_down_now", f"stand_down {notice.number} {CONFIRM}"),)
        return [Reply("mobilizing/end_preview", values, buttons=buttons, about=notice.number)]
    return _end(turn, notice)


@router.timer(SECOND)
def ask_again(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Nobody has agreed yet: they are asked again, and whoever wanted it knows."""
    replies: list[Reply] = []
    for timer in due:
        notice = notices.get(scene.session, timer.about)
        if notice.state == notices.WAITING and scene.now - notice.composed_at < _lasts(scene):
            author = posts.get(scene.session, notice.post_id or 0)
            replies += _ask_second(scene, notice, author.person_id)
    return replies


def wanted(turn: Turn, *, drill: bool) -> list[Reply]:
    """The card, or the preview of the plan that was named, for the place that was named."""
    top = seats(turn)
    if not top:
        return _may_not(turn)
    if turn.in_group:
        return [Reply("mobilizing/in_private")]
    code = plans.named(turn.catalog, turn.words)
    places = several.together(turn, turn.words, top)
    if len(places) > 1:
        return [which_of(turn, places, code or "", drill=drill)]
    grid = where(turn, top, turn.words)
    if grid is None:
        press = " ".join(word for word in (code or "", DRILL if drill else "") if word)
        choices = tuple(Button(LITERAL + one.name, f"muster_where {one.id} {press}".strip()) for one in top[:8])
        return [Reply("mobilizing/where", {"drill": drill}, buttons=choices)]
    if code is not None:
        return preview(turn, grid, code, drill=drill)
    return [card(turn, grid, drill=drill)]


def which_of(turn: Turn, places: Sequence[Grid], code: str, *, drill: bool, number: int | None = None) -> Reply:
    """Several places were named, and one order is for one of them: which first?"""
    top = seats(turn)
    own = [one for one in places if any(one.code.startswith(mine.code) for mine in top)]
    others = [one for one in places if one not in own]
    press = " ".join(word for word in (code, DRILL if drill else "") if word)
    buttons = tuple(Button(LITERAL + one.name, f"muster_where {one.id} {press}".strip()) for one in own[:8])
    values: dict[str, object] = {"number": number, "places": own, "others": others}
    return Reply("mobilizing/one_place", values, buttons=buttons, ask=Ask(lasts_s=CARD_S))


def card(turn: Turn, grid: Grid, *, drill: bool) -> Reply:
    """The plans that may be chosen for this place."""
    offered = plans.offered(turn.catalog)
    press = f" {DRILL}" if drill else ""
    buttons = tuple(
        Button(LITERAL + plan.title, f"muster_plan {grid.id} {code}{press}") for code, plan in offered.items()
    )
    values = {"grid": grid, "plans": list(offered.values()), "drill": drill}
    return Reply("mobilizing/plans", values, buttons=buttons, ask=Ask(lasts_s=CARD_S))


def preview(turn: Turn, grid: Grid | None, code: str, *, drill: bool) -> list[Reply]:
    """Whom it reaches, how many, who cannot be reached and why, which seats nobody holds; it waits for a confirmation."""
    if grid is None:
        return wanted(turn, drill=drill)
    if turn.in_group:
        return [Reply("mobilizing/in_private")]
    post = authority.post_over(turn, turn.posts, DEED, grid.code)
    if post is None:
        return _may_not(turn)
    plan = plans.offered(turn.catalog)[code]
    notice = _drafted(turn, grid, code, plan, post, drill=drill)
    lacking = [
        (turn.catalog.roles[roles[0]].name, found)
        for levels, roles in plans.needs(turn.catalog, code)
        if (found := musters.without_seat(turn.session, grid.code, levels, roles, turn.now))
    ]
    values = {
        **board.said_of(turn, notice),
        "reach": audience.reach(turn, grid, plan.audience),
        "lacking": lacking,
        "running": overlap.running(turn, notice),
        "second": not drill and _needs_second(turn, grid),
        "most": plans.terms(turn.catalog).named,
        "quiet": modes.quiet(turn, grid, turn.now),
    }
    go = Button("mobilize_drill" if drill else "mobilize", f"mobilize {notice.number}")
    buttons = (go, Button("notice_drop", f"muster_drop {notice.number}"))
    return [Reply("mobilizing/preview", values, buttons=buttons, about=notice.number)]


def _drafted(turn: Turn, grid: Grid, code: str, plan: Plan, post: Post, *, drill: bool) -> Notice:
    return notices.compose(
        turn.session,
        {
            "number": numbers.give(turn.session, "notice"),
            "kind": plan.kind,
            "drill": drill,
            "state": notices.DRAFT,
            "grid_id": grid.id,
            "audience": audience.kept(plan.audience),
            "topic": plan.title,
            "summary": plan.goal,
            "text": plan.groups.residents,
            "plan": code,
            "wants_ack": True,
            "lane": int(Lane.EMERGENCY),
            "account_id": turn.speaker().id,
            "post_id": post.id,
            "composed_at": turn.now,
        },
    )


def _carry_out(turn: Turn, number: int) -> list[Reply]:
    """The author's confirmation, or a second person's yes to it."""
    notice = _preview_of(turn, number)
    post = _post(turn, notice)
    if post is None:
        raise UserMistake("mobilizing/not_above", grid=grids.get(turn.session, notice.grid_id))
    own = (
        notice.account_id == turn.speaker().id
        or posts.get(turn.session, notice.post_id or 0).person_id == post.person_id
    )
    if is_too_old(turn, notice):
        raise too_old(turn, notice)
    if notice.state == notices.WAITING and own:
        raise UserMistake("mobilizing/waits", number=number)
    if notice.state == notices.DRAFT and not own:
        raise UserMistake("mobilizing/not_going")
    grid = grids.get(turn.session, notice.grid_id)
    if notice.state == notices.DRAFT and not notice.drill and _needs_second(turn, grid):
        return _wait_for_second(turn, notice, post.person_id)
    return _released(turn, notice, post)


def _released(turn: Turn, notice: Notice, post: Post) -> list[Reply]:
    """From here on it goes down, and the clock runs."""
    plan = plans.read(turn.catalog, notice.plan)
    by = turn.speaker()
    if notice.state == notices.WAITING:
        notices.change(turn.session, notice.number, approved_by=by.id)
    says = board.said_of(turn, notice)
    words = release.release(turn, notice, _faces(turn, notice, plan, says), by=by.id)
    if not words:
        raise _not_waiting(turn, notices.get(turn.session, notice.number))
    musters.begin(turn.session, notice.number)
    going = notices.get(turn.session, notice.number)
    musters.set_up_boards(turn.session, notice.number, plans.terms(turn.catalog).boards)
    for to in board.to_those_in_charge(turn, going):
        musters.set_up_board(turn.session, notice.number, notice.grid_id, to.channel, to.target)
    for known in {notice.account_id, by.id}:  # whoever ordered it need not say that the order was heard
        answering.heard(turn, notice.number, known)
    marks.wind(turn, going, plan, 0)
    board.touch(turn, notice.number)
    told = [
        Reply("mobilizing/agreed", {**says, "who": by.name}, to=to, about=notice.number)
        for to in board.to_those_in_charge(turn, notice)
        if notice.state == notices.WAITING
    ]
    return [Reply("mobilizing/released", {**says, "called": going.called}, about=notice.number), *told, *words]


def _faces(turn: Turn, notice: Notice, plan: Plan, says: dict[str, object]) -> list[Face]:
    """What each group of those called is told, in the plan's order; then the groups."""
    buttons = answering.first_buttons(notice.number)
    faces = [
        Face("called", "mobilizing/call", {**says, "does": call.does}, buttons, roles=call.roles) for call in plan.calls
    ]
    if plan.groups.staff:
        faces.append(Face("staff_groups", "mobilizing/group", {**says, "text": plan.groups.staff}))
    if plan.groups.residents:
        faces.append(Face("residents_groups", "mobilizing/group", {**says, "text": plan.groups.residents}))
    return faces


def _wait_for_second(turn: Turn, notice: Notice, person_id: int) -> list[Reply]:
    asked = _ask_second(turn, notice, person_id)
    if not asked:
        raise UserMistake("mobilizing/nobody_to_agree", number=notice.number)
    if not notices.change(turn.session, notice.number, only_if=(notices.DRAFT,), state=notices.WAITING):
        raise _not_waiting(turn, notices.get(turn.session, notice.number))
    return [
        Reply("mobilizing/asked_second", {**board.said_of(turn, notice), "many": len(asked)}, about=notice.number),
        *asked,
    ]


def _ask_second(scene: Scene, notice: Notice, person_id: int) -> list[Reply]:
    """Some who may mobilize there, the nearest first; any one of them is enough."""
    terms = plans.terms(scene.catalog)
    grid = grids.get(scene.session, notice.grid_id)
    lineage = [one.id for one in grids.lineage(scene.session, grid)]
    seats = duty.able(scene.catalog, posts.seats_in_grids(scene.session, lineage, scene.now), DEED)
    nearest = sorted(seats, key=lambda seat: (lineage.index(seat.grid_id or 0), seat.seat, seat.id))
    others: dict[int, Seat] = {}
    for seat in nearest:
        if seat.channel and seat.person_id != person_id:
            others.setdefault(seat.person_id, seat)
    chosen = list(others.values())[: terms.asked_at_once]
    reach = audience.reach(scene, grid, audience.of(notice))
    buttons = (Button("agree", f"muster_agree {notice.number}"), Button("disagree", f"muster_refuse {notice.number}"))
    values = {**board.said_of(scene, notice), "reach": reach, "who": _author(scene, notice)}
    if chosen:
        timers.arm(scene.session, SECOND, notice.number, scene.now + timedelta(minutes=terms.second_minutes))
    for seat in chosen:
        journal.note(scene.session, scene.now, "ask", matter_id=notice.number, grid_id=notice.grid_id, post_id=seat.id)
    return [
        Reply(
            "mobilizing/second", values, to=duty.address(seat), buttons=buttons, lane=Lane.EMERGENCY,
            about=notice.number,
        )
        for seat in chosen
    ]  # fmt: skip


def _author(scene: Scene, notice: Notice) -> str:
    seat = posts.seats(scene.session, [notice.post_id or 0]).get(notice.post_id or 0)
    return seat.name if seat else ""


def _end(turn: Turn, notice: Notice) -> list[Reply]:
    """Everybody who was called, and the groups that were told, hear that it is over; nobody is rung any more."""
    plan = plans.read(turn.catalog, notice.plan)
    tally = board.totals(turn, notice)
    says = {**board.said_of(turn, notice), "tally": tally}
    to_called = {**says, "above": overlap.above(turn, notice, same=False)}
    above = overlap.above(turn, notice, same=True)
    to_groups = {**says, "above": above, "forms": ()}
    asked = plans.forms(turn.catalog, notice.plan) if not notice.drill and not above else ()
    to_neighbours = {**to_groups, "forms": [form.title for form in asked]}
    faces = [Face("called", "mobilizing/ended", to_called)]
    if plan.groups.staff:
        faces.append(Face("staff_groups", "mobilizing/ended_group", to_groups))
    if plan.groups.residents:
        faces.append(Face("residents_groups", "mobilizing/ended_group", to_neighbours))
    words = release.go_down(turn, notice, faces)
    last = board.drawn(turn, notice)
    if not musters.end(turn.session, notice.number, ended_at=turn.now, ended_why="all_clear"):
        raise UserMistake("mobilizing/not_going")
    for kind in (marks.MARK, board.REFRESH):
        timers.disarm(turn.session, kind, notice.number)
    journal.note(
        turn.session, turn.now, "all_clear", matter_id=notice.number, grid_id=notice.grid_id,
        account_id=turn.speaker().id, detail=f"{tally.expected} {tally.acknowledged} {tally.arrived}",
    )  # fmt: skip
    after_action.ended(turn, notice.number)
    over = told_before.end(turn, notice, by=turn.speaker().id)
    return [Reply("mobilizing/ended_report", says, about=notice.number), *last, *words, *over]


def seats(turn: Turn) -> list[Grid]:
    """The grids in whose subtree the speaker may mobilize, none inside another."""
    held = {grid.id: grid for _, grid in authority.seated(turn, turn.posts, DEED)}
    return [
        grid
        for grid in held.values()
        if not any(grid.id != other.id and grid.code.startswith(other.code) for other in held.values())
    ]


def where(turn: Turn, top: Sequence[Grid], words: str) -> Grid | None:
    """The grid that the words name in one of these subtrees; without a name the only one there is.

    A place that only lies elsewhere is never answered by one's own: UserMistake says so.
    """
    called = grids.called(turn.session)
    ids = {
        grid_id
        for at in range(len(words) - 1)
        for name, grid_id in called.get(words[at : at + 2], ())
        if words.startswith(name, at)
    }
    known = list(grids.by_ids(turn.session, ids).values()) or several.together(turn, words, top)
    named = [grid for grid in known if any(grid.code.startswith(one.code) for one in top)]
    if named:
        return max(named, key=lambda grid: (len(grid.name) if grid.name in words else 0, -grid.depth))
    elsewhere = [grid for grid in known if not any(one.code.startswith(grid.code) for one in top)]
    if elsewhere:
        raise UserMistake("mobilizing/not_yours", place=max(elsewhere, key=lambda grid: len(grid.name)).name, top=top)
    if not known and (above := _whole_above(turn, top, words)) is not None:
        raise UserMistake("mobilizing/not_yours", place=above.name, top=top)
    return top[0] if len(top) == 1 else None


def _whole_above(turn: Turn, top: Sequence[Grid], words: str) -> Grid | None:
    """The place above the speaker's own that 全区 means."""
    named = [level for word, level in terms(turn.catalog).levels.items() if f"全{word}" in words]
    if any(grid.level in level for grid in top for level in named):
        return None
    above = [grid for one in top for grid in grids.lineage(turn.session, one)]
    return next((grid for grid in above for level in named if grid.level in level), None)


def may_decide(turn: Turn, notice: Notice) -> bool:
    """Whether a mobilization there is the speaker's to agree to or to refuse."""
    return _post(turn, notice) is not None


def _post(turn: Turn, notice: Notice) -> Post | None:
    """The speaker's post by which a mobilization there is theirs to confirm and to end."""
    return authority.post_over(turn, turn.posts, DEED, grids.get(turn.session, notice.grid_id).code)


def _preview_of(turn: Turn, number: int | None) -> Notice:
    notice = notices.find(turn.session, number) if number is not None else None
    if notice is None or notice.kind not in musters.KINDS:
        raise UserMistake("mobilizing/no_such_preview")
    if notice.state not in (notices.DRAFT, notices.WAITING):
        raise _not_waiting(turn, notice)
    return notice


def _not_waiting(turn: Turn, notice: Notice) -> UserMistake:
    if notice.released_at is not None:
        return UserMistake("mobilizing/out_already", number=notice.number, at=notice.released_at)
    return UserMistake("mobilizing/no_such_preview")


def _needs_second(turn: Turn, grid: Grid) -> bool:
    wanted = plans.terms(turn.catalog).second
    return ("whole" in wanted and grid.parent_id is None) or ("war" in wanted and modes.at_war(turn, grid))


def is_too_old(scene: Scene, notice: Notice) -> bool:
    """Whether nobody may be called by this preview any more: people may have changed since."""
    return scene.now - notice.composed_at > _lasts(scene)


def too_old(scene: Scene, notice: Notice) -> UserMistake:
    """How to have the same shown anew: a drill stays a drill, and the place stays the place."""
    grid = grids.get(scene.session, notice.grid_id)
    return UserMistake("mobilizing/too_old", notice=notice, grid=grid)


def _lasts(scene: Scene) -> timedelta:
    return timedelta(minutes=plans.terms(scene.catalog).draft_minutes)


def _may_not(turn: Turn) -> list[Reply]:
    """Among neighbours it is a word like any other."""
    if turn.in_group:
        return []
    raise UserMistake("mobilizing/may_not")
