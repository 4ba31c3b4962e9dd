"""排队安排: a post opens a queue for a subtree; each building gets its time, and the groups hear it once that is confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from bot import orders
from bot.errors import UserMistake
from bot.message import LITERAL, Address, Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Order, Scene, Turn
from handlers.people import authority
from handlers.slots import rules as slot_rules
from handlers.slots.rules import Said, Timed
from storage import chats, grids, journal, numbers, slots, timers
from storage.chats import Chat
from storage.grids import Grid
from storage.posts import Post
from storage.slots import DRAFT, OPEN, SlotQueue

router = Router()

DEED = "call"
CLOSES = "slot"
"""The timer by which a forgotten queue ends."""
CHOICES = 4
ANSWER_S = 1800
MISSING = ("title", "when", "place", "pace")


@dataclass(frozen=True, slots=True)
class Plan:
    """A queue as it would be."""

    grid: Grid
    starts_at: datetime
    ends_at: datetime
    timed: Sequence[Timed]
    households: int
    fits: int
    """Households that can be served in time."""

    @property
    def left_over(self) -> int:
        """Households for whom there is no time."""
        return max(0, self.households - self.fits)


@dataclass(frozen=True, slots=True)
class Clash:
    """Another queue that stands in the same place from then until then."""

    queue: SlotQueue
    since: datetime
    until: datetime


def where(grids_by_id: Mapping[int, Grid], grid_id: int, building: str) -> str:
    """What a turn is called in a group: its building, or the micro-grid where there are none."""
    if not building:
        return grids_by_id[grid_id].name
    return f"{building}栋" if building.isdecimal() else building


@router.order("slots")
def arrange(turn: Turn) -> list[Reply]:
    """叫号, 排队安排: with words a new queue, with a number that queue, alone what is open."""
    seats = authority.seated(turn, turn.posts, DEED)
    if not seats:
        return [] if turn.in_group else [Reply("slots/not_yours")]
    number = turn.order.number if turn.order else None
    if number is not None:
        return [card(turn, open_queue(turn, number))]
    found = [] if turn.words else slots.open_below(turn.session, [grid.code for _, grid in seats])
    if not found:
        return _begin(turn, seats, turn.words)
    shown = found[: CHOICES - 1]
    buttons = [Button(f"{LITERAL}{one.title} {one.number}", f"slots {one.number}") for one in shown]
    buttons.append(Button("slot_new", "slot_new"))
    return [Reply("slots/yours", {"queues": shown}, buttons=tuple(buttons), ask=Ask())]


@router.order("slot_new")
def begin(turn: Turn) -> list[Reply]:
    """A new queue, perhaps in the grid that was tapped, with the words said before."""
    seats = authority.seated(turn, turn.posts, DEED)
    tapped = [(post, grid) for post, grid in seats if turn.order and grid.id == turn.order.number]
    if not seats:
        raise UserMistake("slots/not_yours")
    return _begin(turn, tapped or seats, turn.asked.held if turn.asked else "", sure=bool(tapped))


def _begin(turn: Turn, seats: Sequence[tuple[Post, Grid]], words: str, *, sure: bool = False) -> list[Reply]:
    grid, rest = _named(turn, seats, words)
    own = list({grid.id: (post, grid) for post, grid in seats}.values())
    if grid is None and len(own) > 1 and not sure:
        buttons = tuple(Button(f"{LITERAL}{one.name}", f"slot_new {one.id}") for _, one in own[:CHOICES])
        return [Reply("slots/which_grid", buttons=buttons, ask=Ask(held=words[:200], lasts_s=ANSWER_S))]
    grid = grid or own[0][1]
    post = authority.post_over(turn, turn.posts, DEED, grid.code)
    if post is None:
        raise UserMistake("slots/not_yours")
    said = slot_rules.read(rest, local(turn), slot_rules.rules(turn.catalog))
    draft = slots.add(
        turn.session,
        {
            "number": numbers.give(turn.session, "slots"),
            "state": DRAFT,
            "drill": said.drill,
            "title": "",
            "place": "",
            "grid_id": grid.id,
            "per_quarter": 0,
            "account_id": turn.speaker().id,
            "post_id": post.id,
            "batch": 0,
            "since": turn.now,
        },
    )
    return [_go_on(turn, _fill(turn, draft, said))]


def local(scene: Scene) -> datetime:
    """Now, on the community's own clock."""
    return scene.now.astimezone(scene.settings.zone)


def _named(turn: Turn, seats: Sequence[tuple[Post, Grid]], words: str) -> tuple[Grid | None, str]:
    """The grid that the words name below one of the seats, and the rest of the words; in a staff group its own."""
    grid, rest = _called(turn, seats, words)
    if grid is None and turn.in_group and turn.grid and any(turn.grid.code.startswith(top.code) for _, top in seats):
        return turn.grid, words
    return grid, rest


def _called(turn: Turn, seats: Sequence[tuple[Post, Grid]], words: str) -> tuple[Grid | None, str]:
    """The grid below one of the seats that the words name, and the rest of them."""
    over = [grid.code for _, grid in seats]
    names = grids.called(turn.session)
    near = {pair for at in range(len(words) - 1) for pair in names.get(words[at : at + 2], ()) if pair[0] in words}
    for name, grid_id in sorted(near, key=lambda pair: -len(pair[0])):
        found = grids.get(turn.session, grid_id)
        if any(found.code.startswith(code) for code in over):
            return found, words.replace(name, " ")
    return None, words


def _fill(turn: Turn, draft: SlotQueue, said: Said) -> SlotQueue:
    """The draft with what was said; what makes no sense is left to be asked."""
    rows = slot_rules.rules(turn.catalog)
    values: dict[str, object] = {}
    if said.title:
        values["title"] = said.title
    if said.place:
        values["place"] = said.place
    if 0 < said.per_quarter <= rows.most_per_quarter:
        values["per_quarter"] = said.per_quarter
    if said.starts_at and said.ends_at and turn.now < said.ends_at and said.starts_at < said.ends_at:
        values |= {"starts_at": said.starts_at, "ends_at": said.ends_at}
    if said.drill:
        values["drill"] = True
    return (slots.change(turn.session, draft.number, DRAFT, values) if values else draft) or draft


def _missing(draft: SlotQueue) -> str | None:
    known = (draft.title, draft.starts_at, draft.place, draft.per_quarter)
    return next((name for name, value in zip(MISSING, known, strict=True) if not value), None)


def _go_on(turn: Turn, draft: SlotQueue, *, again: bool = False) -> Reply:
    """Ask for what is missing, one thing a message, then show the whole."""
    missing = _missing(draft)
    if missing is None:
        return _preview(turn, draft)
    rows = slot_rules.rules(turn.catalog)
    offered: Sequence[str] = ()
    if missing == "title":
        offered = rows.titles
    elif missing == "pace":
        offered = [str(many) for many in rows.offers]
    buttons = tuple(Button(f"{LITERAL}{word}", f"slot_say {draft.number} {word}") for word in offered[:CHOICES])
    values = {"missing": missing, "again": again, "title": draft.title}
    ask = Ask(takes=f"slot_say {draft.number}", lasts_s=ANSWER_S)
    return Reply("slots/ask", values, buttons=buttons, ask=ask)


@router.guard
def puts_right(turn: Turn) -> Handler | None:
    """改成领口罩，在活动室: said to a queue that was just shown, it is a change; anything else passes."""
    if turn.asked is None or turn.incoming.happening != "text" or turn.utterance.intent == "emergency":
        return None
    shown = (orders.parse_press(one.partition(orders.LABEL)[0]) for one in turn.asked.options.split("\n"))
    draft = next((one.number for one in shown if one.code == "slot_change"), None)
    if draft is None or not slot_rules.changes(turn.utterance.text, local(turn)):
        return None
    turn.order = Order("slot_say", (draft,), turn.utterance.text)
    return say


@router.order("slot_say")
def say(turn: Turn) -> list[Reply]:
    """An answer to what was asked about a draft, or a change to it."""
    draft, now = _draft(turn), local(turn)
    draft, words = _placed(turn, draft, turn.words)
    missing, said = _missing(draft), slot_rules.read(words, local(turn), slot_rules.rules(turn.catalog))
    starts_at, ends_at = slot_rules.span(words, now)
    given = Said(starts_at=starts_at, ends_at=ends_at, per_quarter=said.per_quarter, drill=said.drill)
    if missing == "title":
        given = said
    elif missing == "place":
        given = Said(place=(said.place or words)[: slot_rules.LONGEST])
    elif missing == "pace":
        given = Said(per_quarter=slot_rules.pace(words))
    elif missing is None:
        place = said.place if said.place and said.place in words.removeprefix(said.title) else ""
        title = slot_rules.title_in(words)
        given = Said(title, place, starts_at, ends_at, said.per_quarter)
    after = _fill(turn, draft, given)
    return [_go_on(turn, after, again=_missing(after) == missing)]


def _placed(turn: Turn, draft: SlotQueue, words: str) -> tuple[SlotQueue, str]:
    """The draft for the estate that is named beside what else is said, and the rest of the words."""
    grid, rest = _called(turn, authority.seated(turn, turn.posts, DEED), words)
    if grid is None or _missing(draft) == "place":
        return draft, words  # 锦绣花园东门 is where they stand
    return slots.change(turn.session, draft.number, DRAFT, {"grid_id": grid.id}) or draft, rest.strip() or words


@router.order("slot_change")
def change(turn: Turn) -> list[Reply]:
    """What is to be different is said in one sentence."""
    draft = _draft(turn)
    return [Reply("slots/change", ask=Ask(takes=f"slot_say {draft.number}", lasts_s=ANSWER_S))]


@router.order("slot_raise")
def raise_pace(turn: Turn) -> list[Reply]:
    """So many at once that everybody's turn comes in time."""
    draft = _draft(turn)
    planned = plan(turn, draft)
    after = slots.change(turn.session, draft.number, DRAFT, {"per_quarter": _pace_needed(turn, planned)})
    return [_go_on(turn, after or draft)]


@router.order("slot_extend")
def extend(turn: Turn) -> list[Reply]:
    """So long that everybody's turn comes."""
    draft = _draft(turn)
    after = slots.change(turn.session, draft.number, DRAFT, {"ends_at": _end_needed(turn, draft, plan(turn, draft))})
    return [_go_on(turn, after or draft)]


@router.order("slot_move")
def move(turn: Turn) -> list[Reply]:
    """Behind the one that stands in the same place at that time, as long as before."""
    draft = _draft(turn)
    clash = _clash(turn, draft, plan(turn, draft))
    if clash is None or draft.starts_at is None or draft.ends_at is None:
        return [_go_on(turn, draft)]
    begins = {"starts_at": clash.until, "ends_at": clash.until + (draft.ends_at - draft.starts_at)}
    return [_go_on(turn, slots.change(turn.session, draft.number, DRAFT, begins) or draft)]


def _clash(turn: Turn, draft: SlotQueue, planned: Plan) -> Clash | None:
    """The last open queue around here in the same place whose published times overlap with these."""
    around = grids.lineage(turn.session, planned.grid)[:2]
    ends = max((one.ends_at for one in planned.timed), default=planned.ends_at)
    found: list[Clash] = []
    for other in slots.open_below(turn.session, [around[-1].code]):
        if other.number == draft.number or other.drill != draft.drill or _bare(other.place) != _bare(draft.place):
            continue
        turns = slots.turns(turn.session, other.number)
        if turns and turns[0].starts_at < ends and planned.starts_at < max(one.ends_at for one in turns):
            found.append(Clash(other, turns[0].starts_at, max(one.ends_at for one in turns)))
    return max(found, key=lambda one: one.until, default=None)


def _bare(place: str) -> str:
    return "".join(place.split())


@router.order("slot_drop")
def drop(turn: Turn) -> list[Reply]:
    """Never mind."""
    slots.change(turn.session, _draft(turn).number, DRAFT, {"state": slots.CLOSED, "closed_at": turn.now})
    return [Reply("slots/dropped")]


def plan(scene: Scene, draft: SlotQueue) -> Plan:
    """Who would come when; UserMistake where there is nobody, or too many for one queue."""
    rows, grid = slot_rules.rules(scene.catalog), grids.get(scene.session, draft.grid_id)
    found = slots.buildings(scene.session, grid.code)
    many = sum(one.households for one in found)
    if not many:
        raise UserMistake("slots/nobody", grid=grid)
    if many > rows.most_households:
        raise UserMistake("slots/too_many", grid=grid, households=many, most=rows.most_households)
    if draft.starts_at is None or draft.ends_at is None:
        raise UserMistake("slots/unknown", number=draft.number)
    quarter = timedelta(minutes=rows.quarter_minutes)
    fits = int((draft.ends_at - draft.starts_at) / quarter * draft.per_quarter)
    timed = slot_rules.timed(found, draft.starts_at, draft.per_quarter, rows)
    return Plan(grid, draft.starts_at, draft.ends_at, timed, many, fits)


def _pace_needed(scene: Scene, planned: Plan) -> int:
    quarter = timedelta(minutes=slot_rules.rules(scene.catalog).quarter_minutes)
    return ceil(planned.households * quarter / (planned.ends_at - planned.starts_at))


def _end_needed(scene: Scene, draft: SlotQueue, planned: Plan) -> datetime:
    quarter = timedelta(minutes=slot_rules.rules(scene.catalog).quarter_minutes)
    return planned.starts_at + quarter * ceil(planned.households / draft.per_quarter)


def _preview(turn: Turn, draft: SlotQueue) -> Reply:
    """The whole queue as it will be, whom it reaches and whom not; nothing has left yet."""
    rows, planned = slot_rules.rules(turn.catalog), plan(turn, draft)
    told, silent = groups(turn, planned.timed)
    pace, end = _pace_needed(turn, planned), _end_needed(turn, draft, planned)
    number = draft.number
    buttons = [Button("slot_open", f"slot_open {number}")]
    if planned.left_over:
        buttons = [Button("slot_extend", f"slot_extend {number}")]
        if pace <= rows.most_per_quarter:
            buttons.insert(0, Button("slot_raise", f"slot_raise {number}"))
    clash = _clash(turn, draft, planned)
    if clash is not None and not planned.left_over:
        moved = rows.move.format(at=f"{clash.until.astimezone(turn.settings.zone):%H:%M}")
        buttons = [Button(LITERAL + moved, f"slot_move {number}")]
    buttons += [Button("slot_change", f"slot_change {number}"), Button("slot_drop", f"slot_drop {number}")]
    values = {
        "queue": draft,
        "plan": planned,
        "lines": lines(turn, planned.timed),
        "groups": len(told),
        "silent": [grid.name for grid in silent],
        "quarter": rows.quarter_minutes,
        "pace": pace,
        "end": end,
        "clash": clash,
    }
    return Reply("slots/preview", values, buttons=tuple(buttons), ask=Ask(lasts_s=ANSWER_S))


def lines(scene: Scene, timed: Sequence[Timed]) -> list[tuple[str, int, datetime, datetime]]:
    """(what it is called, households, from, until) of each building."""
    named = grids.by_ids(scene.session, {one.building.grid_id for one in timed})
    return [
        (where(named, one.building.grid_id, one.building.building), one.building.households, one.starts_at, one.ends_at)
        for one in timed
    ]


def groups(scene: Scene, timed: Sequence[Timed]) -> tuple[list[tuple[Chat, list[Timed]]], list[Grid]]:
    """The residents' groups with their buildings, each the nearest one; and the grids that have none."""
    mine = {one.building.grid_id for one in timed}
    around = grids.with_all_above(scene.session, mine)
    bound = {chat.grid_id: chat for chat in chats.bound_to(scene.session, list(around), "residents")}
    heard: dict[int, tuple[Chat, list[Timed]]] = {}
    silent: dict[int, Grid] = {}
    for one in timed:
        grid = around[one.building.grid_id]
        above: Grid | None = grid
        while above is not None and above.id not in bound:
            above = around[above.parent_id] if above.parent_id is not None else None
        if above is None:
            silent[grid.id] = grid
        else:
            chat = bound[above.id]
            heard.setdefault(chat.id, (chat, []))[1].append(one)
    return list(heard.values()), list(silent.values())


@router.order("slot_open")
def publish(turn: Turn) -> list[Reply]:
    """Confirmed: every group hears when its buildings come; the queue can be called."""
    draft = _draft(turn)
    planned = plan(turn, draft)
    if _missing(draft) or planned.left_over or draft.ends_at is None or draft.ends_at <= turn.now:
        return [_go_on(turn, draft)]
    if _clash(turn, draft, planned):
        return [_go_on(turn, draft)]
    values = {"state": OPEN, "opened_at": turn.now}
    queue = slots.change(turn.session, draft.number, DRAFT, values)
    if queue is None or queue.ends_at is None:
        raise UserMistake("slots/unknown", number=draft.number)
    rows = slot_rules.rules(turn.catalog)
    slots.add_turns(
        turn.session,
        queue.number,
        [
            {
                "position": at,
                "grid_id": one.building.grid_id,
                "building": one.building.building,
                "households": one.building.households,
                "starts_at": one.starts_at,
                "ends_at": one.ends_at,
            }
            for at, one in enumerate(planned.timed)
        ],
    )
    slots.put_first(turn.session, _by_record(turn, queue))
    timers.arm(turn.session, CLOSES, queue.number, queue.ends_at + timedelta(hours=rows.close_after_hours))
    note(turn, "slot_open", queue, detail=f"{queue.number} {planned.households}")
    told, silent = groups(turn, planned.timed)
    announced = [
        Reply(
            "slots/announced",
            {"queue": queue, "lines": lines(turn, theirs)},
            to=Address(chat.channel, chat.external),
            lane=Lane.NOTICE,
        )
        for chat, theirs in told
    ]
    opened = {"queue": queue, "groups": len(told), "silent": [grid.name for grid in silent]}
    return [Reply("slots/opened", opened, buttons=buttons_for(queue), ask=Ask(), about=queue.number), *announced]


def _by_record(turn: Turn, queue: SlotQueue) -> set[int]:
    """The doors of which a filing says that somebody there should not stand and wait."""
    records = slot_rules.rules(turn.catalog).record
    found: set[int] = set()
    for door, form, answers in slots.filed(turn.session, queue.number, [record.form for record in records]):
        if any(slot_rules.recorded(record, answers) for record in records if record.form == form):
            found.add(door)
    return found


def buttons_for(queue: SlotQueue) -> tuple[Button, ...]:
    """What whoever calls may tap; a call is tapped only once."""
    number, batch = queue.number, queue.batch
    buttons = (
        Button("slot_next", f"slot_next {number} {batch}"),
        Button("slot_one", f"slot_one {number} {batch}"),
        Button("slot_missed", f"slot_missed {number}"),
        Button("slot_left", f"slot_left {number}"),
    )
    return buttons if batch else (buttons[0], buttons[3])


def card(turn: Turn, queue: SlotQueue) -> Reply:
    """How the queue stands, with what to do next."""
    turns = slots.turns(turn.session, queue.number)
    waiting = sum(one.waiting if one.doors else one.households - one.called for one in turns)
    at = next((one for one in turns if (one.waiting if one.doors else one.households - one.called)), None)
    named = grids.by_ids(turn.session, {one.grid_id for one in turns})
    values = {
        "queue": queue,
        "waiting": waiting,
        "missed": slots.tally(turn.session, queue.number).get(slots.MISSED, 0),
        "at": where(named, at.grid_id, at.building) if at else "",
    }
    return Reply("slots/card", values, buttons=buttons_for(queue), ask=Ask(), about=queue.number)


def open_queue(turn: Turn, number: int | None) -> SlotQueue:
    """The open queue with this number, if the speaker may call there."""
    queue = slots.by_number(turn.session, number) if number is not None else None
    if queue is None or queue.state == DRAFT or not may_call(turn, queue):
        raise UserMistake("slots/unknown", number=number)
    if queue.state != OPEN:
        raise UserMistake("slots/over", queue=queue)
    return queue


def may_call(turn: Turn, queue: SlotQueue) -> bool:
    """Whether the speaker has a post over the queue that may call."""
    code = grids.get(turn.session, queue.grid_id).code
    return authority.post_over(turn, turn.posts, DEED, code) is not None


def note(scene: Scene, act: str, queue: SlotQueue, *, by: int | None = None, detail: str = "") -> None:
    """Written down with the queue's number; never with a door."""
    account = by if by is not None else scene.speaker().id if isinstance(scene, Turn) else None
    journal.note(
        scene.session,
        scene.now,
        act,
        grid_id=queue.grid_id,
        account_id=account,
        post_id=queue.post_id,
        why=f"slots {queue.number}",
        detail=detail,
    )


def _draft(turn: Turn) -> SlotQueue:
    number = turn.order.number if turn.order else None
    queue = slots.by_number(turn.session, number) if number is not None else None
    if queue is None or queue.account_id != turn.speaker().id or not may_call(turn, queue):
        raise UserMistake("slots/unknown", number=number)
    if queue.state != DRAFT:
        raise UserMistake("slots/open_already" if queue.state == OPEN else "slots/over", queue=queue)
    return queue
