"""What a leader does with a matter, by a tap, a digit or a word: 接单 到场 办结 退回 转办 协办 挂账 督办."""

import re
from datetime import datetime, time, timedelta

from bot.errors import UserMistake
from bot.message import LITERAL, Ask, Button, Reply
from bot.router import Router
from bot.turn import Turn
from handlers.matters import cards, finding, lifecycle, routing, rules
from handlers.people import authority, duty
from storage import grids, matters, posts
from storage.matters import Matter
from storage.posts import Seat

router = Router()

BOUNCES = 2
"""With this many returns the level above decides."""
HOLD_DAYS = (3, 7, 15)
LONGEST_HOLD = timedelta(days=180)
DAYS = re.compile(r"(\d{1,3})\s*天")
WEEKS = re.compile(r"([一二两三四1234])\s*(?:周|个?星期)")
DATE = re.compile(r"(\d{1,2})\s*[月./]\s*(\d{1,2})\s*[日号]?")
WORDS = {"明天": 1, "后天": 2, "大后天": 3}
COUNTS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4}


@router.order("accept")
def accept(turn: Turn) -> list[Reply]:
    """接单: it is mine now; whoever else was rung hears that it is taken."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "accept")
    after = _mine(turn, matter, "accept")
    return [
        Reply("handling/accepted", _values(turn, after), buttons=cards.buttons(turn, after), about=after.number),
        *lifecycle.tell(turn, after, "accept", who=_name(turn)),
    ]


@router.order("arrive")
def arrive(turn: Turn) -> list[Reply]:
    """到场."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "arrive")
    after = _mine(turn, matter, "arrive")
    return [
        Reply("handling/arrived", _values(turn, after), buttons=cards.buttons(turn, after), about=after.number),
        *lifecycle.tell(turn, after, "arrive", who=_name(turn)),
    ]


@router.order("finish")
def finish(turn: Turn) -> list[Reply]:
    """办结 with one sentence on what was done."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "finish")
    result = _argument(turn)
    if not result:
        return [_ask(matter, "handling/how", f"finish {matter.number}")]
    after = _mine(turn, matter, "finish", {"result": result}, detail=result)
    return [
        Reply("handling/finished", {"matter": after, "followers": after.followers}, about=after.number),
        *lifecycle.tell(turn, after, "finish"),
    ]


@router.order("return")
def give_back(turn: Turn) -> list[Reply]:
    """退回 with a reason: the next one gets it; the second return is decided by the level above."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "return")
    reason = _argument(turn)
    if not reason:
        return [_ask(matter, "handling/why_return", f"return {matter.number}")]
    returns = matter.returns + 1
    grid = grids.get(turn.session, matter.grid_id)
    ladder = [seat for rung in routing.rungs(turn, matter, grid) for seat in rung]
    owner = cards.owner(turn, matter)
    home = owner.grid_id if owner else matter.grid_id
    above = [seat for seat in ladder if seat.grid_id != home] if returns >= BOUNCES else ladder
    if not (above or ladder):
        raise UserMistake("handling/nobody_else", number=matter.number)
    to = (above or ladder)[0]
    after = _hand_on(turn, matter, "return", to, {"returns": returns}, why=reason)
    if returns >= BOUNCES:
        after = matters.change(turn.session, after.id, {"state": "deciding"})
    template = "handling/decide" if returns >= BOUNCES else "handling/returned_to"
    return [
        Reply("handling/returned", {"matter": after, "to": to, "role": to.role}, about=after.number),
        cards.to_seat(turn, after, to, template, reason=reason, who=_name(turn)),
    ]


@router.order("transfer")
def transfer(turn: Turn) -> list[Reply]:
    """转办 to a unit, a role or a person; without a name, up to four to tap."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "transfer")
    words = _argument(turn)
    choices = _choices(turn, matter)
    to = _named(turn, matter, words) if words else None
    if to is None:
        if words and not choices:
            raise UserMistake("handling/nobody_of_that_name", words=words)
        return [_offer(matter, "transfer", choices, unknown=words)]
    after = _hand_on(turn, matter, "transfer", to, {}, why=words)
    return [
        Reply("handling/transferred", {"matter": after, "to": to}, about=after.number),
        cards.to_seat(turn, after, to, "handling/transferred_to", who=_name(turn)),
    ]


@router.order("assist")
def assist(turn: Turn) -> list[Reply]:
    """协办: somebody else helps, the owner stays; without a name the level above is asked."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "assist")
    words = _argument(turn)
    helper = _named(turn, matter, words) if words else None
    if words and helper is None:
        return [_offer(matter, "assist", _choices(turn, matter), unknown=words)]
    if helper is None:
        ladder = routing.rungs(turn, matter, grids.get(turn.session, matter.grid_id))
        if not ladder:
            raise UserMistake("handling/nobody_else", number=matter.number)
        helper = ladder[0][0]
    lifecycle.advance(turn, matter, "assist", by=turn.speaker().id, post_id=helper.id, why=words)
    return [
        Reply("handling/assist_asked", {"matter": matter, "to": helper}, about=matter.number),
        cards.plain(matter, helper, "handling/assist_wanted", who=_name(turn), grid=_grid(turn, matter)),
    ]


@router.order("hold")
def hold(turn: Turn) -> list[Reply]:
    """挂账 until a day, with a reason; a post above must agree."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "hold")
    words = _argument(turn)
    until = _until(turn, words)
    if until is None:
        buttons = tuple(Button(f"{LITERAL}{days}天", f"hold {matter.number} {days}天") for days in HOLD_DAYS)
        return [_ask(matter, "handling/hold_until", f"hold {matter.number}", buttons)]
    approvers = duty.able(turn.catalog, _above(turn, matter), "approve")
    if not approvers:
        raise UserMistake("handling/nobody_else", number=matter.number)
    after = matters.change(turn.session, matter.id, {"held_until": until})
    lifecycle.advance(turn, after, "hold", by=turn.speaker().id, why=words)
    card = Reply(
        "handling/hold_wanted",
        {"matter": after, "who": _name(turn), "reason": words, "grid": _grid(turn, matter)},
        to=duty.address(approvers[0]),
        buttons=(Button("grant", f"grant {after.number}"), Button("deny", f"deny {after.number}")),
        lane=cards.lane_of(after),
        about=after.number,
    )
    return [Reply("handling/hold_asked", {"matter": after, "to": approvers[0]}, about=after.number), card]


@router.order("grant", "deny")
def decide_hold(turn: Turn) -> list[Reply]:
    """批准 or 不批准 of what was asked."""
    matter = finding.to_handle(turn)
    verb = turn.order.code if turn.order else ""
    lifecycle.check(turn, matter, verb)
    if matter.held_until is None or matter.held_until <= turn.now:
        raise UserMistake("handling/no_hold_asked", number=matter.number)
    held = {} if verb == "grant" else {"held_until": None}
    after = lifecycle.advance(turn, matter, verb, by=turn.speaker().id, values=held, why=_argument(turn))
    return [
        Reply("handling/granted" if verb == "grant" else "handling/denied", {"matter": after}, about=after.number),
        *lifecycle.tell(turn, after, verb, reason=_argument(turn)),
    ]


@router.order("supervise")
def supervise(turn: Turn) -> list[Reply]:
    """督办: it may not be closed before this post agrees."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "supervise")
    post = authority.acting_post(turn, matter, "supervise")
    if post is None:
        raise UserMistake("matters/not_yours", number=matter.number, verb="督办")
    after = matters.change(turn.session, matter.id, {"supervisor_id": post.id})
    lifecycle.advance(turn, after, "supervise", by=turn.speaker().id, post_id=post.id, why=_argument(turn))
    return [
        Reply("handling/supervising", {"matter": after}, about=after.number),
        *lifecycle.tell(turn, after, "supervise", who=_name(turn)),
    ]


@router.order("list")
def mine(turn: Turn) -> list[Reply]:
    """待办: what waits for me, the most pressing first."""
    if not turn.posts:
        raise UserMistake("handling/nothing_waits")
    waiting = matters.owned_by(turn.session, [post.id for post in turn.posts])
    states = rules.lifecycle(turn.catalog, "report").states
    values = {"matters": waiting[:10], "more": max(0, len(waiting) - 10), "states": states, "now": turn.now}
    return [Reply("handling/list" if waiting else "handling/list_empty", values)]


def _mine(turn: Turn, matter: Matter, verb: str, values: dict[str, object] | None = None, detail: str = "") -> Matter:
    """The matter after `verb`, owned by the post by which the speaker acts."""
    post = authority.acting_post(turn, matter)
    changes: dict[str, object] = {**(values or {})}
    if post is not None and post.id != matter.owner_id:
        changes["owner_id"] = post.id
    if verb != "accept" and matter.accepted_at is None:
        changes["accepted_at"] = turn.now
    return lifecycle.advance(
        turn, matter, verb, by=turn.speaker().id, values=changes, post_id=post.id if post else None, detail=detail
    )


def _hand_on(turn: Turn, matter: Matter, verb: str, to: Seat, values: dict[str, object], *, why: str) -> Matter:
    """The matter with its new owner, whose own clock begins now."""
    words = [matter.route.split("→")[0].strip(), to.name]
    changes = {**values, "owner_id": to.id, "assigned_at": turn.now, "route": " → ".join(words), "accepted_at": None}
    return lifecycle.advance(turn, matter, verb, by=turn.speaker().id, values=changes, post_id=to.id, why=why)


def _above(turn: Turn, matter: Matter) -> list[Seat]:
    """Everybody over the matter's grid but its owner, the nearest level first."""
    on_duty = duty.over(turn, _grid(turn, matter))
    others = [seat for seat in on_duty.seats if seat.id != matter.owner_id and seat.grid_id != matter.grid_id]
    return sorted(others, key=lambda seat: (on_duty.level_of(seat), seat.seat))


def _choices(turn: Turn, matter: Matter) -> list[tuple[str, str]]:
    """(label, words) of the likeliest four: the category's lead unit, a deputy, the level above, a co-unit."""
    on_duty = duty.over(turn, _grid(turn, matter))
    category = turn.catalog.categories[matter.category]
    kinds = [category.lead, *category.co]
    units = [(kind, kind) for kind in dict.fromkeys(kinds) if routing.in_unit(turn, on_duty, kind)]
    ladder = routing.rungs(turn, matter, on_duty.grid)
    people = [
        (f"{turn.catalog.roles[seat.role].name}{seat.name}", seat.name) for rung in ladder[:2] for seat in rung[:1]
    ]
    return (units[:2] + people)[:4]


def _named(turn: Turn, matter: Matter, words: str) -> Seat | None:
    """The person these words mean over the matter's grid: a unit's kind or name, a role, or somebody's name."""
    on_duty = duty.over(turn, _grid(turn, matter))
    wanted = words.removeprefix("给").strip()
    if seats := routing.in_unit(turn, on_duty, wanted):
        return seats[0]
    if unit := posts.unit_named(turn.session, wanted):
        seats = [seat for seat in posts.seats_in_unit(turn.session, unit.id, turn.now) if seat.channel]
        if seats:
            return seats[0]
    by_role = [seat for seat in on_duty.seats if turn.catalog.roles[seat.role].name == wanted]
    by_name = [seat for seat in on_duty.seats if seat.name == wanted]
    found = [seat for seat in by_name + by_role if seat.id != matter.owner_id]
    return min(found, key=on_duty.level_of) if found else None


def _offer(matter: Matter, verb: str, choices: list[tuple[str, str]], *, unknown: str) -> Reply:
    buttons = tuple(Button(LITERAL + label, f"{verb} {matter.number} {words}") for label, words in choices)
    return _ask(matter, "handling/to_whom", f"{verb} {matter.number}", buttons, unknown=unknown, verb=verb)


def _ask(matter: Matter, template: str, takes: str, buttons: tuple[Button, ...] = (), **values: object) -> Reply:
    ask = Ask(takes=takes, lasts_s=600)
    return Reply(template, {"matter": matter, **values}, buttons=buttons, about=matter.number, ask=ask)


def _until(turn: Turn, words: str) -> datetime | None:
    """The end of the day that these words name; None when they name none or one too far away."""
    today = turn.now.astimezone(turn.settings.zone).date()
    day = None
    if found := DAYS.search(words):
        day = today + timedelta(days=int(found[1]))
    elif found := WEEKS.search(words):
        day = today + timedelta(weeks=COUNTS.get(found[1]) or int(found[1]))
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


def _argument(turn: Turn) -> str:
    return turn.order.argument.strip(" ,，。:：") if turn.order else ""


def _name(turn: Turn) -> str:
    return turn.speaker().name


def _grid(turn: Turn, matter: Matter) -> grids.Grid:
    return grids.get(turn.session, matter.grid_id)


def _values(turn: Turn, matter: Matter) -> dict[str, object]:
    return {"matter": matter, "grid": _grid(turn, matter)}
