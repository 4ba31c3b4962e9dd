"""The wall 心愿墙 in chat, a neighbour's own wishes and claims, and words on a wish that mean the same as on a report."""

from dataclasses import replace
from datetime import timedelta

from bot import orders
from bot.errors import UserMistake
from bot.message import Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.matters import lifecycle, rules
from handlers.people import authority, duty
from handlers.wishes import amending, claiming, coming_true, finding, keeping, sharing, vetting, wording
from handlers.wishes.terms import terms
from storage import grids, journal, matters, wishes
from storage.grids import Grid
from storage.matters import ENDED, Matter
from storage.posts import Seat
from storage.wishes import KIND, Shown

router = Router()

LONGEST = 200
MOST_BUTTONS = 4
ENDED_SHOWN = 3
SHORTEST_MORE = 4
"""Characters of words that may belong to a wish."""
SAME_WORD = {
    "withdraw": "wish_withdraw",
    "confirm": "wish_yes",
    "reopen": "wish_no",
    "add": "wish_add",
    "correct": "wish_correct",
    "progress": "wish_progress",
    "urge": "wish_urge",
    "route": "wish_progress",
    "finish": "fulfil",
    "accept": "claim",
    "approve": "publish",
    "refuse": "decline",
}
"""What an order on a report means when it names a wish."""
OF_THE_NEWEST = ("withdraw", "confirm", "reopen", "urge", "add", "route")
"""Orders that without a number mean the speaker's newest matter, which may be a wish."""
CONFIRMS = "confirm"


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
    if said.digit is None and order is not None and order.code == CONFIRMS and not order.number:
        return _confirms(turn, matter)
    if said.digit is not None:
        turn.order = _on_the_card(turn, matter, said.digit)
    elif order is not None:
        turn.order = replace(order, code=SAME_WORD[order.code], numbers=(matter.number,))
    return None


def _confirms(turn: Turn, matter: Matter) -> Handler | None:
    """A bare 确认 is a yes where it was asked whether it has come true; else it is asked what is meant."""
    if matter.state == "claimed" and turn.in_group:
        return lambda _turn: []
    if matter.state == "claimed" and turn.quoted != matter.number:
        waits = any(one.number == matter.number for one in sharing.undecided(turn))
        if waits:
            return lambda turn: [sharing.may_share_again(turn, matter)]
        return coming_true.came_or_not(matter.number)
    turn.order = Order(SAME_WORD[CONFIRMS], (matter.number,), answers=bool(turn.order and turn.order.answers))
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
    """心愿墙: what is open near the speaker, a page at a time, with a button each and one for the next page."""
    shown = near(turn)
    if not shown:
        return [Reply("wishes/wall_empty")]
    rows = terms(turn.catalog)
    begin = turn.order.number or 0 if turn.order else 0
    left = shown[begin:] or shown
    begin = len(shown) - len(left)
    page = left if len(left) <= MOST_BUTTONS else left[: MOST_BUTTONS - 1]
    more = len(left) - len(page)
    lines = [(one.number, rows.named(one.need), one.public) for one in page]
    buttons = [Button(f"=认领 {one.number}", f"claim {one.number}") for one in page]
    if more:
        buttons.append(Button("go_on_reading", f"wall {begin + len(page)}"))
    ask = Ask() if turn.asked is None or (turn.order and turn.order.answers) else None
    return [Reply("wishes/wall", {"lines": lines, "more": more}, buttons=tuple(buttons), ask=ask)]


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
@finding.own_affair
def mine(turn: Turn) -> list[Reply]:
    """我的心愿 and what I have claimed, in private; what has ended lately as well."""
    states = rules.lifecycle(turn.catalog, KIND).states
    all_mine = matters.of_account(turn.session, turn.account.id) if turn.account else []
    wished = [one for one in all_mine if one.kind == KIND]
    claimed = wishes.open_claims(turn.session, turn.account.id) if turn.account else []
    reported = wishes.open_claims(turn.session, turn.account.id, "granted") if turn.account else []
    if not wished and not claimed and not reported:
        raise UserMistake("wishes/nothing_yet")
    lines = [(one.number, one.text, states[one.state].name, one.state in ENDED) for one in wished]
    values = {
        "wished": [line[:3] for line in lines if not line[3]],
        "ended": [line[:3] for line in lines if line[3]][:ENDED_SHOWN],
        "claimed": finding.public_of(turn, claimed),
        "reported": finding.public_of(turn, reported),
    }
    return [finding.aside(turn, Reply("wishes/mine", values))]


@router.order("wish_progress")
@finding.own_affair
def progress(turn: Turn) -> list[Reply]:
    """How a wish stands: to its wisher, its claimer and the staff."""
    matter = finding.numbered(turn) or finding.own(turn)
    mine = authority.is_reporter(turn, matter)
    concerned = mine or authority.is_claimer(turn, matter)
    if not concerned and authority.acting_post(turn, matter, "see") is None and matter.state not in ("open", "claimed"):
        raise UserMistake("wishes/unknown", number=matter.number)
    return [_standing(turn, matter, mine=mine)]


def _standing(turn: Turn, matter: Matter, *, mine: bool, template: str = "wishes/progress") -> Reply:
    values = {
        "number": matter.number,
        "state": rules.lifecycle(turn.catalog, KIND).states[matter.state].name,
        "stands": matter.state,
        "mine": mine,
        "day": matter.deadline,
        "public": wishes.of(turn.session, matter.id).public if matter.state in ("open", "claimed") else "",
    }
    return Reply(template, values, about=matter.number)


@router.order("wish_urge")
@finding.own_affair
def urge(turn: Turn) -> list[Reply]:
    """催办: whoever has to act next on the wish is asked again, at most once an hour; the wisher hears who that is."""
    matter = finding.own(turn)
    again = timedelta(minutes=rules.routes(turn.catalog).urge_again_minutes)
    last = [entry.at for entry in journal.of_matter(turn.session, matter.id) if entry.act == "urge"]
    told = [] if last and turn.now - last[-1] < again else _urged(turn, matter)
    stands = matter.state if told or last else ""
    if told:
        journal.note(
            turn.session, turn.now, "urge", matter_id=matter.id, grid_id=matter.grid_id, account_id=turn.speaker().id
        )
    values = {"number": matter.number, "stands": stands, "fresh": bool(told)}
    if not stands or matter.state in ("asked_back", "granted", *ENDED):
        return [_standing(turn, matter, mine=True)]
    return [finding.aside(turn, Reply("wishes/urged", values, about=matter.number)), *told]


def _urged(turn: Turn, matter: Matter) -> list[Reply]:
    """The words to whoever has to act next: the neighbour who has it on hand, else the community."""
    claim = wishes.claimed_by(turn.session, matter.id) if matter.state == "claimed" else None
    if claim is not None:
        values = {"number": matter.number, "public": wishes.of(turn.session, matter.id).public}
        to = finding.private(turn, claim.account_id)
        buttons = finding.in_hand_buttons(matter)
        return [Reply("wishes/urge_claimer", values, to=to, buttons=buttons, about=matter.number, ask=Ask())]
    seat = finding.owner(turn, matter)
    waits = matter.state in ("vetting", "open", "unmet")
    return [vetting.card(turn, matter, seat, "wishes/urge_vetter")] if seat and waits else []


def listening(turn: Turn, matter: Matter) -> Reply:
    """What is said in private by somebody whose newest matter is this wish, and is nothing the bot knows."""
    words = turn.utterance.text[:LONGEST]
    if matter.state == "claimed" and not turn.in_group and len(words) >= SHORTEST_MORE:
        return for_the_neighbour(turn, matter)
    closed = turn.asked is not None or turn.in_group or matter.state in ("granted", *ENDED)
    if closed or len(words) < SHORTEST_MORE:
        return _standing(turn, matter, mine=True)
    buttons = (Button("add_held", f"wish_add_held {matter.number}"), Button("not_that", "wish_never_mind"))
    said = _standing(turn, matter, mine=True, template="wishes/listening")
    return replace(said, buttons=buttons, ask=Ask(held=words))


def for_the_neighbour(turn: Turn, matter: Matter) -> Reply:
    """Words that may be for the other of the two: passed on by a tap; while something else is asked it is said how."""
    words, values = turn.utterance.text[:LONGEST], {"number": matter.number}
    if turn.asked is not None and turn.asked.options.startswith(f"pass_on {matter.number}{orders.LABEL}"):
        words = f"{turn.asked.held}，{words}"[:LONGEST]
    elif turn.asked is not None and not turn.asked.options.startswith("fulfil "):
        return Reply("wishes/pass_on_how", values, about=matter.number)
    buttons = (Button("relay_held", f"pass_on {matter.number}"), Button("not_that", "wish_never_mind"))
    return Reply("wishes/pass_on", values, buttons=buttons, about=matter.number, ask=Ask(held=words))


@router.order("wish_add_held")
@finding.own_affair
def add_held(turn: Turn) -> list[Reply]:
    """The words of a moment ago belong to the wish."""
    held = turn.asked.held if turn.asked else ""
    turn.order = Order("wish_add", turn.order.numbers if turn.order else (), held, answers=True)
    return add(turn) if held else []


@router.order("wish_never_mind")
def not_that(turn: Turn) -> list[Reply]:
    """They do not: nothing is kept of them."""
    return [Reply("wishes/say_on")] if turn.asked else []


@router.order("wish_withdraw")
@finding.own_affair
@finding.each_number
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
@finding.own_affair
def add(turn: Turn) -> list[Reply]:
    """补充: kept with the wish; whoever acts next hears it."""
    matter = finding.own(turn)
    lifecycle.check(turn, matter, "add")
    words = turn.words[:LONGEST]
    if not words:
        return [finding.asking(matter, "wishes/add_what", "wish_add")]
    if right := amending.put_right(turn, matter, words):
        return right
    keep_added(turn, matter, words)
    claim = wishes.claimed_by(turn.session, matter.id)
    seat = finding.owner(turn, matter)
    values = {"number": matter.number, "words": words, "wisher": True}
    told: list[Reply] = []
    if claim is not None:
        if not claim.met:
            values["words"] = finding.without_names(turn, words, finding.names_of(turn, matter))
        told = [Reply("wishes/relay", values, to=finding.private(turn, claim.account_id), about=matter.number)]
    elif seat is not None:
        kept = matters.change(turn.session, matter.id, {"text": f"{matter.text}（{words}）"})
        told = [_added_card(turn, kept, seat, words)]
    return [Reply("wishes/added", {"number": matter.number}, about=matter.number), *told]


def keep_added(turn: Turn, matter: Matter, words: str, detail: str = "sentence") -> None:
    """The words stand among what was said of the wish, and in the journal under `detail`."""
    account = turn.speaker()
    matters.add(turn.session, matter, account.id, "sentence", words, turn.now)
    journal.note(
        turn.session,
        turn.now,
        "add",
        matter_id=matter.id,
        grid_id=matter.grid_id,
        account_id=account.id,
        detail=detail,
    )


def _added_card(turn: Turn, matter: Matter, seat: Seat, words: str) -> Reply:
    """The vetter's card with what was added in the wording; what is on the wall already is only proposed anew."""
    if matter.state != "open":
        finding.word_anew(turn, matter, words)
        return vetting.card(turn, matter, seat)
    kept, names = wishes.of(turn.session, matter.id), finding.names_of(turn, matter)
    anew = wording.joined(kept.public, words, names, terms(turn.catalog))
    values = {"number": matter.number, "words": words, "public": kept.public, "anew": anew}
    button = Button("reword", f"reword {matter.number}")
    to, lane = duty.address(seat), Lane.DUTY
    return Reply("wishes/added_open", values, to=to, buttons=(button,), lane=lane, about=matter.number, ask=Ask())
