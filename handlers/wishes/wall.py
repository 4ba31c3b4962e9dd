"""The wall 心愿墙 in chat, a neighbour's own wishes and claims, and words on a wish that mean the same as on a report."""

from dataclasses import replace

from bot import orders
from bot.errors import UserMistake
from bot.message import Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.matters import lifecycle, rules
from handlers.people import authority
from handlers.wishes import claiming, finding, keeping, vetting
from handlers.wishes.terms import terms
from storage import grids, journal, matters, wishes
from storage.grids import Grid
from storage.matters import Matter
from storage.wishes import KIND, Shown

router = Router()

LONGEST = 200
MOST_CLAIM_BUTTONS = 4
SAME_WORD = {
    "withdraw": "wish_withdraw",
    "confirm": "wish_yes",
    "reopen": "wish_no",
    "add": "wish_add",
    "progress": "wish_progress",
    "urge": "wish_progress",
    "route": "wish_progress",
    "finish": "fulfil",
    "accept": "claim",
    "approve": "publish",
    "refuse": "decline",
}
"""What an order on a report means when it names a wish."""
OF_THE_NEWEST = ("withdraw", "confirm", "reopen", "urge", "add", "route")
"""Orders that without a number mean the speaker's newest matter, which may be a wish."""


@router.guard
def about_a_wish(turn: Turn) -> Handler | None:
    """撤回, 满意, 进度, a digit on the card: on a wish they are the wish's own orders."""
    said, pressed = turn.utterance, turn.incoming.happening == "press"
    told = turn.order is not None or said.command is not None or said.digit is not None
    if said.intent == "emergency" or pressed or not told or turn.incoming.happening != "text":
        return None
    if said.digit is not None and (turn.quoted is None or (turn.asked and turn.asked.about == turn.quoted)):
        return None
    order = turn.order or orders.meant(turn)
    if said.digit is None and (order is None or order.code not in SAME_WORD or order.answers):
        return None
    matter = _meant(turn, order)
    if matter is None:
        return None
    if said.digit is not None:
        turn.order = _on_the_card(turn, matter, said.digit)
    elif order is not None:
        turn.order = replace(order, code=SAME_WORD[order.code], numbers=(matter.number,))
    return None


def _meant(turn: Turn, order: Order | None) -> Matter | None:
    number = order.number if order and order.number else turn.quoted
    if number is not None:
        found = matters.by_number(turn.session, number)
        return found if found and found.kind == KIND else None
    if order is None or order.code not in OF_THE_NEWEST or turn.account is None:
        return None
    newest = next(iter(matters.of_account(turn.session, turn.account.id)), None)
    here = newest is not None and (not turn.in_group or (turn.chat is not None and turn.chat.id == newest.chat_id))
    return newest if newest and here and newest.kind == KIND else None


def _on_the_card(turn: Turn, matter: Matter, digit: int) -> Order | None:
    """The button that stands at this place on a vetter's card; on the line in a group 1 is 认领."""
    if authority.vetting_post(turn, matter) is None:
        return Order("claim", (matter.number,)) if digit == 1 else None
    buttons = rules.lifecycle(turn.catalog, KIND).states[matter.state].buttons
    return Order(buttons[digit - 1], (matter.number,)) if digit <= len(buttons) else None


@router.order("wall")
def wall(turn: Turn) -> list[Reply]:
    """心愿墙: what is open near the speaker, with a button each."""
    shown = near(turn)
    most = terms(turn.catalog).shown
    if not shown:
        return [Reply("wishes/wall_empty")]
    rows = terms(turn.catalog)
    lines = [(one.number, rows.named(one.need), one.public) for one in shown[:most]]
    buttons = tuple(Button(f"=认领 {one.number}", f"claim {one.number}") for one in shown[:MOST_CLAIM_BUTTONS])
    return [Reply("wishes/wall", {"lines": lines, "more": max(0, len(shown) - most)}, buttons=buttons)]


def near(turn: Turn) -> list[Shown]:
    """What is open in the speaker's community, the nearest first; everywhere for whoever belongs nowhere yet."""
    if turn.grid is None:
        return wishes.on_the_wall(turn.session, [])
    lineage = grids.lineage(turn.session, turn.grid)
    around = lineage[min(2, len(lineage) - 1)]
    shown = wishes.on_the_wall(turn.session, [around.code])
    theirs = grids.by_ids(turn.session, {one.grid_id for one in shown})
    return sorted(shown, key=lambda one: _steps(theirs[one.grid_id], lineage))


def _steps(grid: Grid, lineage: list[Grid]) -> int:
    return next((step for step, above in enumerate(lineage) if grid.code.startswith(above.code)), len(lineage))


@router.order("my_wishes")
def mine(turn: Turn) -> list[Reply]:
    """我的心愿 and what I have claimed, in private."""
    states = rules.lifecycle(turn.catalog, KIND).states
    wished = finding.of_speaker(turn)
    claimed = wishes.open_claims(turn.session, turn.account.id) if turn.account else []
    if not wished and not claimed:
        raise UserMistake("wishes/none_yet")
    values = {
        "wished": [(one.number, one.text, states[one.state].name) for one in wished],
        "claimed": finding.public_of(turn, claimed),
    }
    return [finding.aside(turn, Reply("wishes/mine", values))]


@router.order("wish_progress")
def progress(turn: Turn) -> list[Reply]:
    """How a wish stands: to its wisher, its claimer and the staff."""
    matter = finding.numbered(turn) or finding.own(turn)
    concerned = authority.is_reporter(turn, matter) or authority.is_claimer(turn, matter)
    if not concerned and authority.acting_post(turn, matter, "see") is None and matter.state not in ("open", "claimed"):
        raise UserMistake("wishes/unknown", number=matter.number)
    state = rules.lifecycle(turn.catalog, KIND).states[matter.state]
    values = {
        "number": matter.number,
        "state": state.name,
        "public": wishes.of(turn.session, matter.id).public if matter.state in ("open", "claimed") else "",
    }
    return [Reply("wishes/progress", values, about=matter.number)]


@router.order("wish_withdraw")
def withdraw(turn: Turn) -> list[Reply]:
    """撤回 at any point: the wisher takes it back; whoever has it on hand gives it back."""
    matter = finding.numbered(turn) or finding.own(turn)
    if authority.is_claimer(turn, matter):
        turn.order = Order("let_go", (matter.number,))
        return claiming.let_go(turn)
    lifecycle.check(turn, matter, "withdraw")
    claim = wishes.claimed_by(turn.session, matter.id)
    after = keeping.step(turn, matter, "withdraw", by=turn.speaker().id, why=turn.words)
    told: list[Reply] = []
    if claim is not None:
        wishes.end_claim(turn.session, claim.id, "released", turn.now)
        to = finding.private(turn, claim.account_id)
        told.append(Reply("wishes/withdrawn_claimer", {"number": after.number}, to=to, about=after.number))
    seat = finding.owner(turn, after)
    if seat is not None and claim is None:
        told.append(vetting.card(turn, after, seat, "wishes/withdrawn_vetter"))
    return [Reply("wishes/withdrawn", {"number": after.number}, about=after.number), *told]


@router.order("wish_add")
def add(turn: Turn) -> list[Reply]:
    """补充: kept with the wish; whoever acts next hears it."""
    matter = finding.own(turn)
    lifecycle.check(turn, matter, "add")
    words = turn.words[:LONGEST]
    if not words:
        return [finding.asking(matter, "wishes/add_what", "wish_add")]
    account = turn.speaker()
    matters.add(turn.session, matter, account.id, "sentence", words, turn.now)
    journal.note(
        turn.session,
        turn.now,
        "add",
        matter_id=matter.id,
        grid_id=matter.grid_id,
        account_id=account.id,
        detail="sentence",
    )
    claim = wishes.claimed_by(turn.session, matter.id)
    seat = finding.owner(turn, matter)
    values = {"number": matter.number, "words": words, "wisher": True}
    told: list[Reply] = []
    if claim is not None:
        told = [Reply("wishes/relay", values, to=finding.private(turn, claim.account_id), about=matter.number)]
    elif seat is not None:
        kept = matters.change(turn.session, matter.id, {"text": f"{matter.text}（{words}）"})
        told = [vetting.card(turn, kept, seat)]
    return [Reply("wishes/added", {"number": matter.number}, about=matter.number), *told]
