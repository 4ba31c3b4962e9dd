"""Claiming: whoever asks first has the wish; words go between the two; it can be given back."""

from bot.errors import UserMistake
from bot.message import Ask, Button, Reply
from bot.router import Router
from bot.turn import Order, Turn
from handlers.matters import lifecycle
from handlers.people import authority
from handlers.wishes import carrying, finding, keeping, sharing
from handlers.wishes.terms import terms
from storage import journal, matters, wishes
from storage.matters import Matter

router = Router()

ONE_AT_A_TIME = "claims"
"""Claims pass one by one: otherwise two transactions of many claims each may wait for one another."""
LONGEST = 200


@router.order("claim", "claim_yes")
@finding.own_affair
@finding.each_number
def claim(turn: Turn) -> list[Reply]:
    """认领: first come, first served; everybody else is told kindly what else is open."""
    if turn.order is None or (turn.order.number is None and turn.quoted is None):
        raise UserMistake("wishes/claim_which")
    turn.session.one_at_a_time(ONE_AT_A_TIME)
    matter = finding.numbered(turn)
    if matter is None:
        raise UserMistake("wishes/claim_which")
    account = turn.speaker()
    if authority.is_reporter(turn, matter):
        raise UserMistake("wishes/your_own", number=matter.number)
    if authority.is_claimer(turn, matter):
        raise UserMistake("wishes/yours_already", number=matter.number)
    if matter.state != "open":
        raise _not_open(turn, matter)
    most = terms(turn.catalog).claims_at_once
    if len(wishes.open_claims(turn.session, account.id)) >= most:
        raise UserMistake("wishes/enough_for_now", most=most)
    try:
        after = keeping.step(turn, matter, "claim", by=account.id)
    except UserMistake:
        raise _not_open(turn, matters.get(turn.session, matter.id)) from None
    wishes.take(turn.session, matter.id, account.id, turn.now)
    kept = wishes.of(turn.session, matter.id)
    says = carrying.arranged(turn)
    values = {"number": after.number, "public": kept.public, "days": terms(turn.catalog).release_days, "words": says}
    said = [Reply("wishes/claimed_group", values, about=after.number)] if turn.in_group else []
    return [
        *said,
        Reply(
            "wishes/claimed",
            values,
            to=finding.private(turn, account.id),
            buttons=finding.in_hand_buttons(after),
            about=after.number,
            ask=Ask(),
        ),
        sharing.may_share(turn, after, says),
    ]


def _not_open(turn: Turn, matter: Matter) -> UserMistake:
    """What to say of a wish that nobody can claim now."""
    if matter.state in ("claimed", "granted", "closed"):
        others = len(wishes.on_the_wall(turn.session, []))
        return UserMistake("wishes/taken_already", number=matter.number, others=others)
    return UserMistake("wishes/not_open", number=matter.number)


@router.order("relay")
@finding.own_affair
def relay(turn: Turn) -> list[Reply]:
    """捎话: word for word from one to the other, without names."""
    matter = finding.numbered(turn) or _between(turn)
    claim = wishes.claimed_by(turn.session, matter.id)
    mine = authority.is_reporter(turn, matter)
    if not mine and not authority.is_claimer(turn, matter):
        done = wishes.done_by(turn.session, turn.speaker().id)
        helped = any(one.matter_id == matter.id for one in done)
        raise UserMistake("wishes/done_in_part" if helped else "wishes/unknown", number=matter.number)
    if claim is None:
        raise UserMistake("wishes/nobody_has_it", number=matter.number)
    words = finding.word_for_word(turn, LONGEST, linked=claim.met)
    if not words:
        return [finding.aside(turn, finding.asking(matter, "wishes/relay_what", "relay"))]
    goes = carrying.covered(turn, matter, claim, words)
    keeping.touch(turn, matter)
    _note(turn, matter, "relay")
    asks = not mine and not claim.met and sharing.refused(turn, matter) is None
    values = {"number": matter.number, "words": goes.words, "wisher": mine, "asks": asks}
    to = finding.private(turn, claim.account_id if mine else matter.account_id)
    buttons = (
        Button("share_plain", f"share_yes {matter.number}"),
        Button("hide_plain", f"share_no {matter.number}"),
    )
    answer, told = (
        Ask(takes=f"relay {matter.number}"),
        {"number": matter.number, "hidden": goes.hidden, "linked": claim.met},
    )
    return [
        finding.aside(turn, Reply("wishes/relayed", told, about=matter.number)),
        Reply("wishes/relay", values, to=to, buttons=buttons if asks else (), about=matter.number, ask=answer),
    ]


@router.order("relay_held", "pass_on")
def relay_held(turn: Turn) -> list[Reply]:
    """What was said a moment ago was meant for the neighbour."""
    number = turn.order.number if turn.order else None
    words = turn.asked.held if turn.asked and turn.order and turn.order.answers else ""
    turn.order = Order("relay", (number,) if number else (), words, answers=True)
    return relay(turn)


def _between(turn: Turn) -> Matter:
    """The one wish the speaker and somebody else have in common."""
    claimed = wishes.open_claims(turn.session, turn.account.id) if turn.account else []
    mine = [one for one in finding.of_speaker(turn) if one.state == "claimed"]
    if len(claimed) + len(mine) != 1:
        raise UserMistake("wishes/which_number")
    return (claimed + mine)[0]


@router.order("let_go")
@finding.own_affair
@finding.each_number
def let_go(turn: Turn) -> list[Reply]:
    """放弃认领: it is open again at once, and nobody is blamed."""
    if which := finding.which_in_hand(turn):
        return which
    matter = finding.in_hand(turn)
    lifecycle.check(turn, matter, "let_go")
    after = keeping.step(turn, matter, "let_go", by=turn.speaker().id, why=finding.words(turn))
    _end(turn, matter, "released")
    told = {"number": after.number}
    return [
        finding.aside(turn, Reply("wishes/let_go", told, about=after.number)),
        Reply("wishes/let_go_wisher", told, to=finding.private(turn, after.account_id), about=after.number),
    ]


def _end(turn: Turn, matter: Matter, state: str) -> None:
    if claim := wishes.claimed_by(turn.session, matter.id):
        wishes.end_claim(turn.session, claim.id, state, turn.now)


def _note(turn: Turn, matter: Matter, act: str) -> None:
    journal.note(turn.session, turn.now, act, matter_id=matter.id, grid_id=matter.grid_id, account_id=turn.speaker().id)
