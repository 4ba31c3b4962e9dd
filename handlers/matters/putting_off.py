"""Putting a matter off: 挂账 until a day, for a reason, when a post above agrees."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.errors import UserMistake
from bot.message import LITERAL, Button, Reply
from bot.router import Router
from bot.turn import Scene, Turn
from handlers.matters import cards, clocks, finding, lifecycle, rules
from handlers.people import duty
from storage import grids, journal, matters, timers
from storage.matters import Matter
from storage.posts import Seat
from storage.timers import Timer

router = Router()

WANTED = "hold_wanted"
"""The timer of a request: unanswered, it goes to the next post above."""
HOLD_DAYS = (3, 7, 15)
REASON = 100
"""Characters of a reason that are kept."""
LONGEST_HOLD = timedelta(days=180)
DAYS = re.compile(r"(\d{1,3})\s*天")
WEEKS = re.compile(r"([一二两三四1234])\s*(?:周|个?星期)")
DATE = re.compile(r"(\d{1,2})\s*[月./]\s*(\d{1,2})\s*[日号]?")
WEEKDAY = re.compile(r"(下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])")
WEEKDAYS = {name: day for day, name in enumerate("一二三四五六日")} | {"天": 6}
MONTH_END = "月底"
CARD_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
"""The day on the card that was tapped: an older card does not grant a newer request."""
WORDS = {"明天": 1, "后天": 2, "大后天": 3}
COUNTS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4}


@router.order("hold")
def hold(turn: Turn) -> list[Reply]:
    """挂账 until a day, with a reason; a post above must agree."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "hold")
    words = turn.words
    until, reason = _until(turn, words), _reason(words)
    if until is None:
        buttons = tuple(Button(f"{LITERAL}{days}天", f"hold {matter.number} {days}天 {reason}") for days in HOLD_DAYS)
        takes = f"hold {matter.number} {reason}"
        return [cards.aside(turn, cards.asking(matter, "handling/hold_until", takes, buttons, reason=reason))]
    if not reason:
        return [cards.aside(turn, cards.asking(matter, "handling/hold_why", f"hold {matter.number} {words}"))]
    approvers = duty.able(turn.catalog, _above(turn, matter), "approve")
    if not approvers:
        raise UserMistake("handling/nobody_else", number=matter.number)
    after = matters.change(turn.session, matter.id, {"held_until": until, "decider_id": approvers[0].id})
    lifecycle.advance(turn, after, "hold", by=turn.speaker().id, why=words, detail=reason)
    card = _wanted(turn, after, approvers[0], who=turn.speaker().name, reason=reason)
    return [Reply("handling/hold_asked", {"matter": after, "to": approvers[0]}, about=after.number), card]


@router.timer(WANTED)
def unanswered(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Nobody has said yes or no: the next post above is asked, at the top the last one again."""
    replies: list[Reply] = []
    for timer in due:
        matter = matters.get(scene.session, timer.about)
        waits = "hold" in lifecycle.possible(scene, matter)
        if not waits or matter.held_until is None or matter.held_until <= scene.now:
            continue
        done = journal.of_matter(scene.session, matter.id)
        asked = {entry.detail for entry in done if entry.act == WANTED}
        reason = next((entry.detail for entry in reversed(done) if entry.act == "hold"), "")
        approvers = duty.able(scene.catalog, _above(scene, matter), "approve")
        fresh = [seat for seat in approvers if str(seat.id) not in asked]
        owner, seat = cards.owner(scene, matter), next(iter(fresh or approvers[-1:]), None)
        if owner and seat:
            after = matters.change(scene.session, matter.id, {"decider_id": seat.id})
            replies.append(_wanted(scene, after, seat, who=owner.name, reason=reason))
    return replies


def _wanted(scene: Scene, matter: Matter, approver: Seat, *, who: str, reason: str) -> Reply:
    """The question to somebody who may agree; asked again elsewhere if it stays without an answer."""
    journal.note(scene.session, scene.now, WANTED, matter_id=matter.id, grid_id=matter.grid_id, detail=str(approver.id))
    timers.arm(scene.session, WANTED, matter.id, clocks.after(scene, rules.ladder(scene.catalog).answer))
    until = f"{matter.held_until.astimezone(scene.settings.zone):%Y-%m-%d}" if matter.held_until else ""
    return Reply(
        "handling/hold_wanted",
        {"matter": matter, "who": who, "reason": reason, "grid": grids.get(scene.session, matter.grid_id)},
        to=duty.address(approver),
        buttons=(
            Button("grant", f"grant {matter.number} {until}"),
            Button("deny", f"deny {matter.number} {until}"),
        ),
        lane=cards.lane_of(matter),
        about=matter.number,
    )


@router.order("grant", "deny")
def decide_hold(turn: Turn) -> list[Reply]:
    """批准 or 不批准 of what was asked."""
    matter = finding.to_handle(turn)
    verb = turn.order.code if turn.order else ""
    lifecycle.check(turn, matter, verb)
    if matter.held_until is None or matter.held_until <= turn.now:
        raise UserMistake("handling/no_hold_asked", number=matter.number)
    asked_for = CARD_DAY.match(turn.words)
    if asked_for and asked_for[0] != f"{matter.held_until.astimezone(turn.settings.zone):%Y-%m-%d}":
        raise UserMistake("handling/hold_replaced", matter=matter)
    why = CARD_DAY.sub("", turn.words).strip()
    held: dict[str, object] = {"decider_id": None}
    if verb == "deny":
        held["held_until"] = None
    after = lifecycle.advance(turn, matter, verb, by=turn.speaker().id, values=held, why=why)
    return [
        Reply("handling/granted" if verb == "grant" else "handling/denied", {"matter": after}, about=after.number),
        *lifecycle.tell(turn, after, verb, reason=why),
    ]


def _above(scene: Scene, matter: Matter) -> list[Seat]:
    """Everybody over the matter's grid but its owner, the nearest level first."""
    on_duty = duty.over(scene, grids.get(scene.session, matter.grid_id))
    others = [seat for seat in on_duty.seats if seat.id != matter.owner_id and seat.grid_id != matter.grid_id]
    return sorted(others, key=lambda seat: (on_duty.level_of(seat), seat.seat))


def _reason(words: str) -> str:
    """What is left of the words when the day is taken out."""
    for pattern in (DAYS, WEEKS, WEEKDAY, DATE):
        words = pattern.sub("", words)
    for word in sorted((*WORDS, MONTH_END), key=len, reverse=True):
        words = words.replace(word, "")
    return re.sub(r"^(到|至|挂到|挂账到)", "", words.strip(" ,，。:：")).strip(" ,，。:：")[:REASON]


def _until(turn: Turn, words: str) -> datetime | None:
    """The end of the day that these words name; None when they name none or one too far away."""
    today = turn.now.astimezone(turn.settings.zone).date()
    day = None
    if found := DAYS.search(words):
        day = today + timedelta(days=int(found[1]))
    elif found := WEEKS.search(words):
        day = today + timedelta(weeks=COUNTS.get(found[1]) or int(found[1]))
    elif found := WEEKDAY.search(words):
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=1 if found[1] else 0)
        day = monday + timedelta(days=WEEKDAYS[found[2]])
    elif MONTH_END in words:
        day = (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    elif found := DATE.search(words):
        try:
            day = today.replace(month=int(found[1]), day=int(found[2]))
        except ValueError:
            return None
        day = day.replace(year=day.year + 1) if day < today else day
    else:
        day = next((today + timedelta(days=many) for word, many in WORDS.items() if word in words), None)
    if day is None or not today < day <= today + LONGEST_HOLD:
        return None
    return datetime.combine(day, time(18, 0), turn.settings.zone)
