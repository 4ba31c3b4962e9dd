"""Claiming: whoever asks first has the wish; it can be given back; the wisher says who may know how to reach them."""

from bot.errors import UserMistake
from bot.message import Ask, Button, Reply
from bot.router import Router
from bot.turn import Order, Turn
from handlers.matters import lifecycle
from handlers.people import authority
from handlers.wishes import finding, keeping
from handlers.wishes.terms import terms
from storage import journal, matters, people, wishes
from storage.matters import Matter

router = Router()

ONE_AT_A_TIME = "claims"
"""Claims pass one by one: otherwise two transactions of many claims each may wait for one another."""
LONGEST = 200


@router.order("claim")
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
    values = {"number": after.number, "public": kept.public, "days": terms(turn.catalog).release_days}
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
        may_share(turn, after),
    ]


def _not_open(turn: Turn, matter: Matter) -> UserMistake:
    """What to say of a wish that nobody can claim now."""
    if matter.state in ("claimed", "granted", "closed"):
        others = len(wishes.on_the_wall(turn.session, []))
        return UserMistake("wishes/taken_already", number=matter.number, others=others)
    return UserMistake("wishes/not_open", number=matter.number)


def may_share(turn: Turn, matter: Matter) -> Reply:
    """The wisher hears that somebody comes, and is asked whether that neighbour may know how to reach them."""
    buttons = (Button("share_yes", f"share_yes {matter.number}"), Button("share_no", f"share_no {matter.number}"))
    return Reply(
        "wishes/somebody_comes",
        {"number": matter.number, "public": wishes.of(turn.session, matter.id).public, "behalf": matter.behalf},
        to=finding.private(turn, matter.account_id),
        buttons=buttons,
        about=matter.number,
        ask=Ask(lasts_s=terms(turn.catalog).release_days * finding.A_DAY_S),
    )


def may_share_again(turn: Turn, matter: Matter, held: str = "") -> Reply:
    """Words that may be a yes, and may be meant for the neighbour: asked once more, and never taken for a yes."""
    buttons = [
        Button("share_plain", f"share_yes {matter.number}"),
        Button("hide_plain", f"share_no {matter.number}"),
    ]
    if held:
        buttons.append(Button("relay_held", f"relay_held {matter.number}"))
    values = {"number": matter.number, "held": held}
    return Reply("wishes/share_sure", values, buttons=tuple(buttons), about=matter.number, ask=Ask(held=held[:LONGEST]))


def undecided(turn: Turn) -> list[Matter]:
    """The speaker's wishes that somebody has on hand without having heard how to reach them."""
    mine = [one for one in finding.of_speaker(turn) if one.state == "claimed"]
    found = [(one, wishes.claimed_by(turn.session, one.id)) for one in mine]
    return [one for one, held in found if held is not None and not held.met]


@router.order("share_yes", "share_how")
@finding.own_affair
def share(turn: Turn) -> list[Reply]:
    """The wisher's yes: only now does the claimer hear the name, the number and the door."""
    matter = finding.own(turn)
    claim = wishes.claimed_by(turn.session, matter.id)
    if claim is None or matter.state != "claimed":
        raise UserMistake("wishes/nobody_has_it", number=matter.number)
    if claim.met:
        return [finding.aside(turn, Reply("wishes/shared_already", {"number": matter.number}, about=matter.number))]
    kept = wishes.of(turn.session, matter.id)
    said = turn.words[:LONGEST] if turn.order and turn.order.code == "share_how" else ""
    contact = said or kept.contact or _phone(turn, matter)
    if not contact:
        return [finding.aside(turn, finding.asking(matter, "wishes/share_how", "share_how"))]
    wishes.change(turn.session, matter.id, {"contact": contact})
    wishes.change_claim(turn.session, claim.id, {"met": True})
    keeping.touch(turn, matter)
    _note(turn, matter, "share")
    wisher = people.get_account(turn.session, matter.account_id)
    values = {
        "matter": matter,
        "contact": contact,
        "name": matter.behalf or wisher.name,
        "through": wisher.name if matter.behalf else "",
    }
    return [
        finding.aside(turn, Reply("wishes/shared", {"number": matter.number}, about=matter.number)),
        Reply("wishes/contact", values, to=finding.private(turn, claim.account_id), about=matter.number),
    ]


@router.order("share_no")
@finding.own_affair
def keep_to_self(turn: Turn) -> list[Reply]:
    """The wisher's no: words are passed on instead; what was told already cannot be taken back, and that is said."""
    matter = finding.own(turn)
    claim = wishes.claimed_by(turn.session, matter.id)
    if claim is not None and claim.met:
        return [finding.aside(turn, Reply("wishes/shared_already", {"number": matter.number}, about=matter.number))]
    _note(turn, matter, "share_no")
    told = {"number": matter.number}
    said = (
        [Reply("wishes/no_contact", told, to=finding.private(turn, claim.account_id), about=matter.number)]
        if claim
        else []
    )
    return [finding.aside(turn, Reply("wishes/kept_private", told, about=matter.number)), *said]


@router.order("relay")
@finding.own_affair
def relay(turn: Turn) -> list[Reply]:
    """捎话: word for word from one to the other, without names."""
    matter = finding.numbered(turn) or _between(turn)
    claim = wishes.claimed_by(turn.session, matter.id)
    mine = authority.is_reporter(turn, matter)
    if not mine and not authority.is_claimer(turn, matter):
        raise UserMistake("wishes/unknown", number=matter.number)
    if claim is None:
        raise UserMistake("wishes/nobody_has_it", number=matter.number)
    words = finding.word_for_word(turn, LONGEST)
    if not words:
        return [finding.aside(turn, finding.asking(matter, "wishes/relay_what", "relay"))]
    keeping.touch(turn, matter)
    _note(turn, matter, "relay")
    asks = not mine and not claim.met and not _refused(turn, matter, claim)
    values = {"number": matter.number, "words": words, "wisher": mine, "asks": asks}
    to = finding.private(turn, claim.account_id if mine else matter.account_id)
    buttons = (
        Button("share_plain", f"share_yes {matter.number}"),
        Button("hide_plain", f"share_no {matter.number}"),
    )
    answer, hidden = Ask(takes=f"relay {matter.number}"), terms(turn.catalog).hidden in words
    return [
        finding.aside(turn, Reply("wishes/relayed", {"number": matter.number, "hidden": hidden}, about=matter.number)),
        Reply("wishes/relay", values, to=to, buttons=buttons if asks else (), about=matter.number, ask=answer),
    ]


def _refused(turn: Turn, matter: Matter, claim: wishes.Claim) -> bool:
    """Whether the wisher has said no to this neighbour."""
    return any(one.act == "share_no" and one.at >= claim.since for one in journal.of_matter(turn.session, matter.id))


@router.order("relay_held")
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


def _phone(turn: Turn, matter: Matter) -> str:
    """What the community knows of how to reach the wisher; of somebody else's wish, how to reach who asked."""
    account = people.get_account(turn.session, matter.account_id)
    return people.get(turn.session, account.person_id).phone if account.person_id else ""


def _note(turn: Turn, matter: Matter, act: str) -> None:
    journal.note(turn.session, turn.now, act, matter_id=matter.id, grid_id=matter.grid_id, account_id=turn.speaker().id)
