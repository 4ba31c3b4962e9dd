"""排队安排: a post writes a queue for a subtree, in one message or step by step, and puts it right before it leaves."""

from collections.abc import Sequence

from bot import orders
from bot.errors import UserMistake
from bot.message import LITERAL, Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.notices import whose
from handlers.people import authority
from handlers.slots import planning, showing
from handlers.slots import rules as slot_rules
from handlers.slots.rules import Said
from handlers.slots.standing import CHOICES, DEED, card, open_queue, own_draft
from storage import grids, numbers, slots
from storage.grids import Grid
from storage.posts import Post
from storage.slots import DRAFT, SlotQueue

router = Router()


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
    whose.only_where_staff_hear(turn)
    grid, rest = _named(turn, seats, words)
    own = list({grid.id: (post, grid) for post, grid in seats}.values())
    if grid is None and len(own) > 1 and not sure:
        buttons = tuple(Button(f"{LITERAL}{one.name}", f"slot_new {one.id}") for _, one in own[:CHOICES])
        return [Reply("slots/which_grid", buttons=buttons, ask=Ask(held=words[:200], lasts_s=showing.ANSWER_S))]
    grid = grid or own[0][1]
    post = authority.post_over(turn, turn.posts, DEED, grid.code)
    if post is None:
        raise UserMistake("slots/not_yours")
    said = slot_rules.read(rest, showing.local(turn), slot_rules.rules(turn.catalog))
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
    return [showing.go_on(turn, _fill(turn, draft, said))]


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


@router.guard_where("asked")
def puts_right(turn: Turn) -> Handler | None:
    """改成领口罩，在活动室: said to a queue that was just shown, it is a change; anything else passes."""
    if turn.asked is None or turn.incoming.happening != "text" or turn.utterance.intent == "emergency":
        return None
    shown = (orders.parse_press(one.partition(orders.LABEL)[0]) for one in turn.asked.options.split("\n"))
    draft = next((one.number for one in shown if one.code == "slot_change"), None)
    if draft is None or not slot_rules.changes(turn.utterance.text, showing.local(turn)):
        return None
    turn.order = Order("slot_say", (draft,), turn.utterance.text)
    return say


@router.order("slot_say")
def say(turn: Turn) -> list[Reply]:
    """An answer to what was asked about a draft, or a change to it."""
    draft, now = own_draft(turn), showing.local(turn)
    draft, words = _placed(turn, draft, turn.words)
    rows = slot_rules.rules(turn.catalog)
    missing, said = showing.missing(draft), slot_rules.read(words, showing.local(turn), rows)
    starts_at, ends_at = slot_rules.span(words, now)
    given = Said(starts_at=starts_at, ends_at=ends_at, per_quarter=said.per_quarter, drill=said.drill)
    if missing == "title":
        given = said
    elif missing == "place":
        many = slot_rules.pace(words, rows.quarter_minutes)  # 8户 is no place
        given = Said(per_quarter=many) if many else Said(place=(said.place or words)[: slot_rules.LONGEST])
    elif missing == "pace":
        given = Said(per_quarter=slot_rules.pace(words, rows.quarter_minutes))
    elif missing is None:
        place = said.place if said.place and said.place in words.removeprefix(said.title) else ""
        title = slot_rules.title_in(words)
        many = said.per_quarter or slot_rules.pace(words, rows.quarter_minutes)
        given = Said(title, place, starts_at, ends_at, many)
    after = _fill(turn, draft, given)
    return [showing.go_on(turn, after, again=showing.missing(after) == missing)]


def _placed(turn: Turn, draft: SlotQueue, words: str) -> tuple[SlotQueue, str]:
    """The draft for the estate that is named beside what else is said, and the rest of the words."""
    grid, rest = _called(turn, authority.seated(turn, turn.posts, DEED), words)
    if grid is None or showing.missing(draft) == "place":
        return draft, words  # 锦绣花园东门 is where they stand
    return slots.change(turn.session, draft.number, DRAFT, {"grid_id": grid.id}) or draft, rest.strip() or words


@router.order("slot_change")
def change(turn: Turn) -> list[Reply]:
    """What is to be different is said in one sentence."""
    draft = own_draft(turn)
    return [Reply("slots/change", ask=Ask(takes=f"slot_say {draft.number}", lasts_s=showing.ANSWER_S))]


@router.order("slot_raise")
def raise_pace(turn: Turn) -> list[Reply]:
    """So many at once that everybody's turn comes in time."""
    draft = own_draft(turn)
    planned = planning.plan(turn, draft)
    after = slots.change(turn.session, draft.number, DRAFT, {"per_quarter": planning.pace_needed(turn, planned)})
    return [showing.go_on(turn, after or draft)]


@router.order("slot_extend")
def extend(turn: Turn) -> list[Reply]:
    """So long that everybody's turn comes."""
    draft = own_draft(turn)
    ends_at = planning.end_needed(turn, draft, planning.plan(turn, draft))
    after = slots.change(turn.session, draft.number, DRAFT, {"ends_at": ends_at})
    return [showing.go_on(turn, after or draft)]


@router.order("slot_move")
def move(turn: Turn) -> list[Reply]:
    """Behind the one that stands in the same place at that time, as long as before."""
    draft = own_draft(turn)
    clash = planning.clashing(turn, draft, planning.plan(turn, draft))
    if clash is None or draft.starts_at is None or draft.ends_at is None:
        return [showing.go_on(turn, draft)]
    begins = {"starts_at": clash.until, "ends_at": clash.until + (draft.ends_at - draft.starts_at)}
    return [showing.go_on(turn, slots.change(turn.session, draft.number, DRAFT, begins) or draft)]
