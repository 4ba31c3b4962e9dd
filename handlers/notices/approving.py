"""发布: the exact word and number, the audience said again, a second person where it takes one; then it goes down."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.errors import UserMistake
from bot.message import LITERAL, Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Order, Scene, Turn
from handlers.notices import composing, conflicts, days, faces, leaving, release, repeating, whose
from handlers.notices.audience import Reach
from handlers.notices.terms import terms
from handlers.people import duty
from storage import grids, notices, people, repeats, timers
from storage.notices import Notice
from storage.posts import Post, Seat
from storage.timers import Timer

router = Router()

GO, AGREE, REFUSE = composing.GO, "notice_agree", "notice_refuse"
SECOND = "notice_second"
"""The timer of those that nobody has agreed to yet."""
MINUTES_10 = 600
GOES_TO, LABEL = "发给", re.compile(r"\d+个[群人]$")
"""How the words of the last button begin and end."""
LONGEST_WHY = 200
ALREADY = {
    notices.GOING: "notices/going_already",
    notices.WAITING: "notices/waits_already",
    repeating.STANDING: "notices/repeats_already",
}


def asked(turn: Turn) -> list[Reply]:
    """发布 1041: whom it goes to, said again; it leaves when just that is answered."""
    notice = _releasable(turn)
    if turn.order is None or turn.order.argument or len(turn.order.numbers) != 1:
        raise UserMistake("notices/only_the_number", number=notice.number)
    if turn.in_group:
        whose.only_where_staff_hear(turn)
    reach = conflicts.reach(turn, notice)
    missing = _unfinished(turn, notice, reach)
    if missing:
        return missing
    dated = days.with_dates(turn, notice)  # since it was shown it has come to leave on another day
    shown = faces.preview(turn, dated)[:1] if dated.text != notice.text or dated.summary != notice.summary else []
    return [*shown, _sure(turn, dated, reach)]


def _sure(turn: Turn, notice: Notice, reach: Reach) -> Reply:
    shown = faces.about(turn, notice, reach)
    go = Button(faces.label(turn, notice, reach), f"{GO} {notice.number} {faces.mark(notice)}")
    buttons = (go, Button("notice_not_yet", f"notice_resume {notice.number}"))
    said = {**shown, "label": go.label.removeprefix(LITERAL)}
    return Reply("notices/sure", said, buttons=buttons, about=notice.number, ask=Ask(lasts_s=MINUTES_10))


def _releasable(turn: Turn) -> Notice:
    """A draft that the speaker may release: their own, or one over whose subtree they publish."""
    notice = whose.to_act(turn)
    if notice.state == notices.WAITING:
        raise UserMistake("notices/waits_already", notice=notice)
    if notice.state == repeating.STANDING:
        raise UserMistake("notices/repeats_already", notice=notice)
    if notice.state != notices.DRAFT:
        raise UserMistake("notices/released_already" if notice.released_at else "notices/not_yet", notice=notice)
    return notice


def _unfinished(turn: Turn, notice: Notice, reach: Reach) -> list[Reply]:
    """What stands in the way: parts that are missing, a place that is no longer the speaker's, words no group may read."""
    if not (notice.audience and notice.text and notice.summary):
        return composing.go_on(turn, notice)
    if notice.until and notice.until <= turn.now:
        return to_mend(notice, "notices/over_already")
    forbidden = conflicts.private_words(notice, conflicts.NEVER_IN_A_GROUP)
    if forbidden:
        return to_mend(notice, "notices/private_words", forbidden=forbidden)
    if not reach.targets:
        return to_mend(notice, "notices/reaches_nobody", grid=whose.grid_of(turn, notice))
    return []


def to_mend(notice: Notice, template: str, **values: object) -> list[Reply]:
    """What stands in the way; the next sentence mends it, however long ago the draft was shown."""
    ask = Ask(takes=f"{composing.CHANGE} {notice.number}", lasts_s=composing.AN_HOUR_S)
    drop = (Button("notice_drop", f"notice_drop {notice.number}"),)
    return [Reply(template, {"notice": notice, **values}, buttons=drop, about=notice.number, ask=ask)]


@router.guard_where("posted")
def said_too_late(turn: Turn) -> Handler | None:
    """发给锦绣社区5个群: the words of the last button when that question is over; the audience is said once more."""
    said = turn.utterance.text
    if turn.incoming.happening != "text" or not said.startswith(GOES_TO) or turn.account is None:
        return None
    if (turn.asked is not None and f"\t{said}" in turn.asked.options) or not LABEL.search(said):
        return None
    since = turn.now - timedelta(hours=terms(turn.catalog).draft_hours)
    for notice in notices.of_author(turn.session, turn.account.id, (notices.DRAFT,), since)[: composing.SHOWN]:
        whole = notice.audience and notice.text and notice.summary
        if whole and faces.label(turn, notice, conflicts.reach(turn, notice)) == LITERAL + said:
            turn.order = Order("publish", (notice.number,))
            return asked
    return _sent_already(turn, said)


def _sent_already(turn: Turn, said: str) -> Handler | None:
    """The same words once more: it is on its way, and they are no matter of anybody's."""
    if turn.account is None:
        return None
    since = turn.now - timedelta(hours=terms(turn.catalog).draft_hours)
    states = (notices.GOING, notices.WAITING, notices.STOPPED, notices.ENDED, repeating.STANDING)
    own = [one for one in notices.of_author(turn.session, turn.account.id, states, since) if one.audience]
    for notice in own[: composing.SHOWN]:
        if faces.label(turn, notice, conflicts.reach(turn, notice)) == LITERAL + said:
            return lambda _: [Reply(ALREADY.get(notice.state, "notices/released_already"), {"notice": notice},
                                    about=notice.number)]  # fmt: skip
    return None


@router.order(GO)
def confirmed(turn: Turn) -> list[Reply]:
    """The audience was answered: it goes down, or waits for whoever must agree."""
    whose.only_where_staff_hear(turn)
    notice = days.with_dates(turn, _releasable(turn))
    if turn.words != faces.mark(notice):
        return [Reply("notices/has_changed", {"notice": notice}), *faces.preview(turn, notice)]
    reach = conflicts.reach(turn, notice)
    missing = _unfinished(turn, notice, reach)
    if missing:
        return missing
    _, proposes = whose.speaks(turn, whose.grid_of(turn, notice))
    why = conflicts.reasons(turn, notice, proposes=proposes or conflicts.proposed(turn, notice))
    if not why:
        return [*go(turn, notice, by=turn.speaker().id), _gone(turn, notice, reach)]
    return _wait(turn, notice, why)


def _wait(turn: Turn, notice: Notice, why: Sequence[str]) -> list[Reply]:
    seats = conflicts.who_agrees(turn, notice, why)
    if not seats:
        raise UserMistake("notices/nobody_to_agree", notice=notice, why=why)
    waits = {"state": notices.WAITING, "asked_id": seats[0].id}
    if not notices.change(turn.session, notice.number, only_if=(notices.DRAFT,), **waits):
        raise UserMistake("notices/released_already", notice=notice)
    composing.note(turn, notice, "ask_second", why=" ".join(why))
    lapses = _lapses(turn, notice)
    timers.arm(turn.session, SECOND, notice.number, lapses)
    shown = {"notice": notice, "why": why, "agree": seats, "lapses": lapses}
    back = (Button("notice_take_back", f"notice_take_back {notice.number}"),)
    return [
        Reply("notices/waits", shown, buttons=back, about=notice.number, ask=Ask()),
        *_requests(turn, notice, seats),
    ]


def _lapses(scene: Scene, notice: Notice) -> datetime:
    """Until when a yes counts: the hour of which it speaks, its end, or the next morning, whichever is first."""
    local = scene.now.astimezone(scene.settings.zone)
    morning = datetime.combine(local.date(), time.fromisoformat(terms(scene.catalog).second_until), local.tzinfo)
    hour = days.speaks_of(scene, notice)
    ends = (morning if morning > local else morning + timedelta(days=1), notice.until, hour)
    return min(one for one in ends if one is not None and one > scene.now)


@router.order("notice_take_back")
def take_back(turn: Turn) -> list[Reply]:
    """算了 while it waits for a second person: it is a draft again that nobody is asked about, and is dropped."""
    notice = whose.named(turn)
    if turn.account is None or notice.account_id != turn.account.id:
        raise UserMistake("notices/unknown", number=notice.number)
    if not notices.change(turn.session, notice.number, only_if=(notices.WAITING,), state=notices.DRAFT, asked_id=None):
        raise UserMistake("notices/not_waiting", notice=notice)
    timers.disarm(turn.session, SECOND, notice.number)
    why = conflicts.reasons(turn, notice, proposes=conflicts.proposed(turn, notice))
    told = {"notice": notice, "name": turn.speaker().name}
    return [
        *composing.drop(turn),
        *(
            Reply("notices/taken_back", told, to=duty.address(seat), lane=Lane.DUTY, about=notice.number)
            for seat in conflicts.who_agrees(turn, notice, why)
        ),
    ]


def _requests(scene: Scene, notice: Notice, seats: Sequence[Seat]) -> list[Reply]:
    """The face and the question, to each who may agree."""
    author = people.get_account(scene.session, notice.account_id)
    shown = {**faces.about(scene, notice), "author": author.name}
    buttons = (
        Button(AGREE, f"{AGREE} {notice.number} {faces.mark(notice)}"),
        Button(REFUSE, f"{REFUSE} {notice.number}"),
    )
    lane = Lane.EMERGENCY if notice.lane == Lane.EMERGENCY else Lane.DUTY
    replies: list[Reply] = []
    for seat in seats:
        to = duty.address(seat)
        replies.append(Reply("notices/preview_face", shown, to=to, lane=lane, about=notice.number))
        replies.append(
            Reply("notices/request", shown, to=to, buttons=buttons, lane=lane, about=notice.number, ask=Ask())
        )
    return replies


@router.order(AGREE)
def agree(turn: Turn) -> list[Reply]:
    """同意发布 1041, by somebody else who may: it goes down."""
    notice, _ = _to_decide(turn)
    tapped = turn.words
    if tapped and tapped != faces.mark(notice):
        raise UserMistake("notices/only_the_number", number=notice.number)
    if notice.until and notice.until <= turn.now:
        raise UserMistake("notices/over_already", notice=notice)
    by = turn.speaker().id
    notices.change(turn.session, notice.number, only_if=(notices.WAITING,), approved_by=by)
    timers.disarm(turn.session, SECOND, notice.number)
    composing.note(turn, notice, "agree")
    reach = conflicts.reach(turn, notice)
    told = {"notice": notice, "name": turn.speaker().name}
    return [
        *go(turn, notices.get(turn.session, notice.number), by=by),
        _gone(turn, notice, reach),
        Reply("notices/agreed_author", told, to=leaving.to_author(turn, notice), lane=Lane.DUTY, about=notice.number),
    ]


@router.order(REFUSE)
def refuse(turn: Turn) -> list[Reply]:
    """不同意发布: it stays where it is; the reason is kept and told to whoever wrote it."""
    notice, post = _to_decide(turn)
    why = turn.words[:LONGEST_WHY]
    if not why:
        ask = Ask(takes=f"{REFUSE} {notice.number}")
        return [Reply("notices/refuse_why", {"notice": notice}, about=notice.number, ask=ask)]
    refused = {"state": notices.REFUSED, "ended_at": turn.now, "ended_why": why, "order_key": "", "asked_id": post.id}
    if not notices.change(turn.session, notice.number, only_if=(notices.WAITING,), **refused):
        raise UserMistake("notices/not_waiting", notice=notice)
    repeats.drop(turn.session, notice.number)
    timers.disarm(turn.session, SECOND, notice.number)
    composing.note(turn, notice, "refuse", why=why)
    told = {"notice": notice, "why": why, "name": turn.speaker().name}
    return [
        Reply("notices/refused", told),
        Reply("notices/refused_author", told, to=leaving.to_author(turn, notice), lane=Lane.DUTY, about=notice.number),
    ]


def _to_decide(turn: Turn) -> tuple[Notice, Post]:
    """The notice that waits for the speaker's yes, and the post by which."""
    notice = whose.named(turn)
    why = conflicts.reasons(turn, notice, proposes=conflicts.proposed(turn, notice))
    post = conflicts.may_agree(turn, turn.posts, notice, why)
    if post is None:
        mine = turn.account is not None and notice.account_id == turn.account.id
        raise UserMistake("notices/somebody_else" if mine else "notices/unknown", number=notice.number)
    if notice.state != notices.WAITING:
        raise UserMistake("notices/not_waiting", notice=notice)
    return notice, post


@router.timer(SECOND)
def nobody_agreed(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """No yes in time: it waits no longer, is a draft again, and whoever wrote it hears so."""
    waiting = [
        notices.get(scene.session, timer.about)
        for timer in due
        if notices.change(scene.session, timer.about, only_if=(notices.WAITING,), state=notices.DRAFT, asked_id=None)
    ]
    return [
        Reply(
            "notices/nobody_agreed", {"notice": one}, to=leaving.to_author(scene, one), lane=Lane.DUTY, about=one.number
        )
        for one in waiting
    ]


def go(scene: Scene, notice: Notice, *, by: int) -> list[Reply]:
    """Let it go down, or stand and be sent by its rule."""
    rule = repeats.of(scene.session, notice.number)
    if rule is not None and rule.ended_at is None:
        return repeating.stand(scene, notice, rule, by=by)
    return leaving.go(scene, notice, by=by)


def _gone(turn: Turn, notice: Notice, reach: Reach) -> Reply:
    """What was done, to whoever did it."""
    notice = notices.get(turn.session, notice.number)
    shown = {
        "notice": notice,
        "grid": grids.get(turn.session, notice.grid_id),
        **faces.whom(turn, notice),
        "reach": reach,
        "leaves": conflicts.leaves_at(turn, notice),
        "now": turn.now,
        "standing": notice.state == repeating.STANDING,
    }
    return Reply("notices/released", shown, about=notice.number)


def stop(turn: Turn) -> list[Reply]:
    """停发 1041: not one more word of it leaves, and what had left is said."""
    notice = whose.to_act(turn)
    if turn.order is None or len(turn.order.numbers) != 1:
        raise UserMistake("notices/which_to_stop")
    if repeating.end(turn, notice):
        composing.note(turn, notice, "stop", why=turn.words)
        return [Reply("notices/repeats_no_more", {"notice": notice}, about=notice.number)]
    if not release.stop(turn, notice, by=turn.speaker().id, why=turn.words):
        raise UserMistake("notices/not_going", notice=notice)
    told = release.told(turn, notice)
    return [Reply("notices/stopped", {"notice": notice, "told": told}, about=notice.number)]


@router.order("notice_stop")
def stop_order(turn: Turn) -> list[Reply]:
    """停发, exact and with its number."""
    if turn.order is None or turn.order.number is None:
        raise UserMistake("notices/which_to_stop")
    return stop(turn)
