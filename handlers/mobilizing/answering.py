"""Everyone called answers for themselves: 收到, 在途, 到岗 by one button that changes, or in a few words; 来不了 too."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter

from bot import orders
from bot.errors import UserMistake
from bot.message import LITERAL, Address, Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.mobilizing import board, coming, plans
from handlers.mobilizing.coming import Said
from handlers.notices import troubles
from handlers.people import duty
from storage import grids, journal, musters, notices, people, posts
from storage.musters import Named, Step
from storage.notices import Notice, Receipt
from storage.posts import Seat

router = Router()

ORDERS: dict[Step, str] = {
    "acknowledged": "muster_ack",
    "underway": "muster_go",
    "arrived": "muster_there",
    "declined": "muster_no",
}
BY_DIGIT: tuple[Step, ...] = ("acknowledged", "underway", "arrived", "declined")
"""What 1 to 4 mean when a card is quoted."""
CLOSE = 4
"""The most characters of a name that stands before 来不了."""


def first_buttons(number: int) -> tuple[Button, ...]:
    """What somebody who has not answered may tap."""
    return Button("muster_ack", f"muster_ack {number}"), Button("muster_no", f"muster_no {number}")


def buttons(receipt: Receipt) -> tuple[Button, ...]:
    """The one button that comes next; and, until somebody is under way, the way out."""
    number = receipt.notice
    if receipt.declined_at is not None or (receipt.acknowledged_at is None and receipt.arrived_at is None):
        return first_buttons(number)
    if receipt.arrived_at is not None:
        return ()
    if receipt.underway_at is not None:
        return (Button("muster_there", f"muster_there {number}"),)
    return Button("muster_go", f"muster_go {number}"), Button("muster_no", f"muster_no {number}")


@router.guard
def answers(turn: Turn) -> Handler | None:
    """Words of somebody who was called, while anything is going on; else nothing is looked up."""
    found = _answered(turn)
    if found is None or turn.utterance.intent == "emergency":
        return None
    said, meant = found
    if troubles.beside(turn, said.besides):
        return None
    turn.order = Order(ORDERS[said.step], meant[:1], _argument(said))
    return lambda turn: aside(turn, _counted(turn, said, meant))


@router.afterword
def answers_besides(turn: Turn) -> Handler | None:
    """到了，地下车库进水了: the report is a report, and whoever reports it is there."""
    taken = turn.order is not None and turn.order.code in (*ORDERS.values(), "muster_to")
    found = None if taken else _answered(turn)
    if found is None or not found[0].besides:
        return None
    said, meant = found
    before = turn.order

    def count(turn: Turn) -> list[Reply]:
        replies = aside(turn, _counted(turn, said, meant))
        turn.order = before
        return replies

    return count


def _counted(turn: Turn, said: Said, meant: Sequence[int]) -> list[Reply]:
    """The answer to each of these calls; the speaker hears of it once."""
    replies: list[Reply] = []
    for number in meant[1:]:
        turn.order = Order(ORDERS[said.step], (number,), _argument(said))
        replies += [replace(one, afresh=False) if one.to is None else one for one in HANDLERS[said.step](turn)]
    turn.order = Order(ORDERS[said.step], tuple(meant[:1]), _argument(said))
    first, *others = HANDLERS[said.step](turn)
    return [replace(first, values={**first.values, "also": meant[1:]}), *others, *replies]


def aside(turn: Turn, replies: Sequence[Reply]) -> list[Reply]:
    """In a group an answer is nothing for others: each hears of their own in private."""
    if not turn.in_group:
        return list(replies)
    account = turn.speaker()
    to = Address(account.channel, account.external, private=True)
    return [replace(one, to=one.to or to) for one in replies]


def _argument(said: Said) -> str:
    return said.instead or (str(said.minutes) if said.minutes is not None else "")


def _answered(turn: Turn) -> tuple[Said, tuple[int, ...]] | None:
    """What the speaker says to being called, in private or in a staff group, and to which calls."""
    if turn.incoming.happening != "text" or turn.account is None:
        return None
    if turn.chat is not None and turn.chat.audience != "staff":
        return None
    running = musters.going(turn.session)
    if not running or (turn.quoted is not None and turn.quoted not in running):
        return None
    said = _said(turn)
    if said is None or not _is_free(turn, running, said):
        return None
    meant = _meant(turn, running, said)
    if not meant or _of_somebody_else(turn, running[meant[0]], said):
        return None
    return said, meant


def _said(turn: Turn) -> Said | None:
    digit = turn.utterance.digit
    if digit is not None:
        by_digit = turn.quoted is not None and 1 <= digit <= len(BY_DIGIT)
        if by_digit:
            return Said(BY_DIGIT[digit - 1])
    return coming.read(turn.catalog, turn.utterance.text)


def _is_free(turn: Turn, running: Mapping[int, Notice], said: Said) -> bool:
    """Whether nothing else that was asked is answered by these words."""
    asked = turn.asked
    if turn.quoted is not None or asked is None or asked.about in running:
        return True
    code = orders.parse_press(asked.takes).code
    half_written = said.own and code in plans.terms(turn.catalog).drafts
    if said.weak or (asked.takes and not said.clear and not half_written):
        return False
    codes = {orders.parse_press(option).code for option in asked.options.split("\n")}
    return not any(phrases.some(turn.utterance.text, orders.words(turn, code)) for code in codes)


def _of_somebody_else(turn: Turn, notice: Notice, said: Said) -> bool:
    """李雷来不了: not for the speaker to say so."""
    if not 1 < len(said.who) <= CLOSE:
        return False
    code = grids.get(turn.session, notice.grid_id).code
    return any(one.account_id != turn.speaker().id for one in musters.named(turn.session, said.who, code, turn.now))


def _meant(turn: Turn, going: Mapping[int, Notice], said: Said) -> tuple[int, ...]:
    """The mobilization that was quoted or named; else every real one that waits for this of the speaker, before any
    drill; else the newest that called the speaker. 好的 is for nothing but what waits for a first word."""
    if turn.quoted is not None:
        return (turn.quoted,)
    if named := tuple(dict.fromkeys(number for number in turn.utterance.numbers if number in going)):
        return named
    if turn.utterance.numbers or turn.account is None:
        return ()  # it is about something else
    receipts = notices.open_receipts(turn.session, turn.account.id)
    silent = [one for one in receipts if _is_silent(one)]
    if said.step == "acknowledged" and silent and silent[0].notice not in going:
        return ()  # a bare 收到 is for whatever waits for it first
    mine = sorted(
        (one for one in receipts if one.notice in going and one.called_at), key=lambda one: going[one.notice].drill
    )
    waiting = [one for one in mine if _waits(one, said)]
    if (said.weak or said.loose) and not waiting:
        return ()
    if not waiting:
        return tuple(one.notice for one in mine[:1])
    return tuple(one.notice for one in waiting if going[one.notice].drill == going[waiting[0].notice].drill)


def _waits(receipt: Receipt, said: Said) -> bool:
    """Whether this is news to it."""
    declined = receipt.declined_at is not None
    if said.step == "acknowledged":
        return _is_silent(receipt)
    if said.step == "underway":
        again = receipt.underway_at is None or said.minutes is not None or declined
        return receipt.arrived_at is None and again
    if said.step == "arrived":
        return receipt.arrived_at is None or declined
    return not declined and receipt.arrived_at is None


def _is_silent(receipt: Receipt) -> bool:
    return receipt.acknowledged_at is None and receipt.declined_at is None and receipt.arrived_at is None


@router.order("muster_ack")
def acknowledge(turn: Turn) -> list[Reply]:
    """收到: I know, and I shall come."""
    return _taken(turn, "acknowledged")


@router.order("muster_go")
def set_out(turn: Turn) -> list[Reply]:
    """在途, perhaps with the minutes until I am there."""
    return _taken(turn, "underway")


@router.order("muster_there")
def arrive(turn: Turn) -> list[Reply]:
    """到岗."""
    return _taken(turn, "arrived")


@router.order("muster_no")
def cannot_come(turn: Turn) -> list[Reply]:
    """来不了: somebody named goes instead; else the deputy is rung at once."""
    notice, receipt = _mine(turn)
    words = turn.order.argument.strip() if turn.order else ""
    if not words:
        return _declined(turn, notice, receipt, "mobilizing/cannot_come")
    others = [one for one in called_so(turn, notice, receipt, words) if one.account_id != receipt.account_id]
    if not others:
        return _declined(turn, notice, receipt, "mobilizing/nobody_named", name=words)
    if len(others) > 1:
        most = plans.terms(turn.catalog).choices
        choices = tuple(
            Button(LITERAL + _known_by(turn, one), f"muster_to {notice.number} {one.account_id}")
            for one in others[:most]
        )
        return [Reply("mobilizing/which_one", {"name": words}, buttons=choices, about=notice.number, ask=Ask())]
    return _handed(turn, notice, receipt, others[0])


@router.order("muster_to")
def hand_to(turn: Turn) -> list[Reply]:
    """One of those who are called so was chosen."""
    notice, receipt = _mine(turn)
    words = turn.words
    chosen = musters.called(turn.session, int(words)) if words.isdecimal() else None
    found = called_so(turn, notice, receipt, chosen.name) if chosen else []
    to = next((one for one in found if chosen and one.account_id == chosen.account_id), None)
    if to is None:
        raise UserMistake("mobilizing/not_below", number=notice.number)
    return _handed(turn, notice, receipt, to)


def called_so(turn: Turn, notice: Notice, receipt: Receipt, name: str) -> list[Named]:
    """Whom a name may mean: somebody of the speaker's own place; else whoever serves anywhere below the order."""
    own = grids.get(turn.session, receipt.grid_id or notice.grid_id)
    if found := musters.named(turn.session, name, own.code, turn.now):
        return found
    whole = grids.get(turn.session, notice.grid_id)
    return [one for one in musters.named(turn.session, name, whole.code, turn.now) if one.post_id is not None]


def heard(turn: Turn, number: int, account_id: int) -> None:
    """收到 of somebody who knows anyway; nothing for whoever was not called."""
    receipt, new = musters.step(turn.session, number, account_id, "acknowledged", turn.now)
    if receipt is not None and new:
        _note(turn, receipt, "acknowledged")


def _taken(turn: Turn, step: Step) -> list[Reply]:
    number = _number(turn)
    notice = musters.going(turn.session).get(number)
    if notice is None:
        raise _over(turn, number)
    words = turn.words
    expected = turn.now + timedelta(minutes=int(words)) if words.isdecimal() and len(words) < 4 else None
    receipt, new = musters.step(turn.session, number, turn.speaker().id, step, turn.now, expected)
    if receipt is None or receipt.called_at is None:
        raise UserMistake("mobilizing/not_called", number=number)
    if new or expected:
        _note(turn, receipt, step if new else "expected", detail=_clock(turn, receipt.expected_at))
        board.touch(turn, number)
    return [_card(turn, notice, receipt)]


def _card(turn: Turn, notice: Notice, receipt: Receipt, template: str = "", **values: object) -> Reply:
    """The speaker's card as it is now; said anew when it was not tapped."""
    plan = plans.read(turn.catalog, notice.plan)
    covers = [] if receipt.declined_at is not None else musters.covered_by(turn.session, receipt)
    own = {
        "receipt": receipt,
        "also": (),
        "covers": _places(turn, covers),
        "does": plan.does(covers[0].role if covers else receipt.role),
        "forms": _to_look_into(turn, notice, receipt),
    }
    return Reply(
        template or "mobilizing/mine",
        {**board.said_of(turn, notice), **own, **values},
        buttons=buttons(receipt),
        about=notice.number,
        edits=musters.card(notice.number),
        afresh=turn.incoming.happening != "press",
    )


def _to_look_into(turn: Turn, notice: Notice, receipt: Receipt) -> list[str]:
    """The forms that tell somebody on site whom to help first."""
    if receipt.arrived_at is None:
        return []
    return [form.title for form in plans.forms(turn.catalog, notice.plan) if receipt.role in form.staff]


def _mine(turn: Turn, number: int | None = None) -> tuple[Notice, Receipt]:
    """The mobilization, which is asked for anew: this will reach others; and the speaker's receipt."""
    number = number or _number(turn)
    notice = notices.find(turn.session, number)
    if notice is None or notice.state != notices.GOING or notice.kind not in musters.KINDS:
        raise _over(turn, number)
    receipt = notices.receipt_of(turn.session, number, turn.speaker().id)
    if receipt is None or receipt.called_at is None:
        raise UserMistake("mobilizing/not_called", number=number)
    return notice, receipt


def _number(turn: Turn) -> int:
    number = turn.order.number if turn.order else None
    if number is None:
        raise UserMistake("mobilizing/not_going")
    return number


def _over(turn: Turn, number: int) -> UserMistake:
    found = notices.find(turn.session, number)
    if found is not None and found.kind in musters.KINDS and found.ended_at is not None:
        return UserMistake("mobilizing/over", number=number, ended_at=found.ended_at)
    return UserMistake("mobilizing/not_going")


def _declined(turn: Turn, notice: Notice, receipt: Receipt, template: str, name: str = "") -> list[Reply]:
    """It is known at once, and somebody is rung at once: for the speaker's own place, and for each that was the
    speaker's to cover."""
    after, new = musters.step(turn.session, notice.number, receipt.account_id, "declined", turn.now)
    if after is None or not new:
        again = "mobilizing/no_such_heir" if name else "mobilizing/cannot_come"
        return [_card(turn, notice, after or receipt, again, deputy="", name=name)]
    _note(turn, after, "declined")
    board.touch(turn, notice.number)
    asked: dict[int, tuple[Seat, list[Receipt]]] = {}
    for place in (*musters.covered_by(turn.session, after), after):
        deputy = _deputy(turn, notice, place)
        if deputy is None:
            musters.uncover(turn.session, place)
        else:
            asked.setdefault(deputy.person_id, (deputy, []))[1].append(place)
    names = "、".join(deputy.name for deputy, _ in asked.values())
    said = _card(turn, notice, after, template, deputy=names, name=name)
    return [said, *(_rung(turn, notice, deputy, places) for deputy, places in asked.values())]


def _rung(turn: Turn, notice: Notice, deputy: Seat, places: Sequence[Receipt]) -> Reply:
    """One word to a deputy about all that is theirs from now on."""
    account = people.by_identity(turn.session, [(deputy.channel or "", deputy.external or "")])
    to = _seated(musters.called(turn.session, next(iter(account.values())).id), deputy)
    taking = None
    for place in places:
        taking, _ = musters.stand_in(turn.session, place, to, turn.now)
        journal.note(
            turn.session, turn.now, "ring", matter_id=notice.number, grid_id=place.grid_id, post_id=deputy.id,
            why="declined",
        )  # fmt: skip
    return _asked_to(turn, notice, taking or places[0], duty.address(deputy), places, "mobilizing/deputy")


def _places(turn: Turn, receipts: Sequence[Receipt]) -> str:
    """The names of these places, each once."""
    wanted = dict.fromkeys(one.grid_id for one in receipts if one.grid_id is not None)
    return "、".join(grids.get(turn.session, one).name for one in wanted)


def _deputy(turn: Turn, notice: Notice, receipt: Receipt) -> Seat | None:
    """The next seat of the same grid, or the nearest lead above, that has not said no itself; of two such the one who
    is not called for something already."""
    where = grids.get(turn.session, receipt.grid_id or notice.grid_id)
    leads = plans.terms(turn.catalog).boards
    lineage = grids.lineage(turn.session, where)
    seats = [
        (step, seat)
        for step, grid in enumerate(lineage)
        for seat in posts.seats_in_grids(turn.session, [grid.id], turn.now)
        if seat.channel and seat.person_id != receipt.person_id and (not step or seat.role in leads)
    ]
    answered = musters.receipts_of(turn.session, notice.number, {seat.person_id for _, seat in seats})
    free = [
        (step, seat.person_id in answered, seat) for step, seat in seats if not _said_no(answered.get(seat.person_id))
    ]
    return min(free, key=itemgetter(0, 1), default=(0, False, None))[2]


def _said_no(receipt: Receipt | None) -> bool:
    return receipt is not None and receipt.declined_at is not None


def _seated(to: Named, seat: Seat) -> Named:
    return Named(
        to.account_id, to.channel, to.external, seat.person_id, seat.name, seat.grid_id or 0, seat.role, seat.id
    )


def _handed(turn: Turn, notice: Notice, receipt: Receipt, to: Named) -> list[Reply]:
    """The named one has it from now on, and hears so."""
    theirs = notices.receipt_of(turn.session, notice.number, to.account_id)
    if _said_no(theirs):
        raise UserMistake("mobilizing/also_cannot", name=to.name, number=notice.number)
    after, _ = musters.step(turn.session, notice.number, receipt.account_id, "declined", turn.now)
    mine = after or receipt
    places = (*musters.covered_by(turn.session, mine), mine)
    taking, *_ = [musters.stand_in(turn.session, one, to, turn.now)[0] for one in places]
    journal.note(
        turn.session, turn.now, "handed", matter_id=notice.number, grid_id=mine.grid_id, account_id=mine.account_id,
        post_id=to.post_id, detail=str(to.account_id),
    )  # fmt: skip
    board.touch(turn, notice.number)
    address = Address(to.channel, to.external, private=True)
    return [
        _card(turn, notice, mine, "mobilizing/handed", name=to.name),
        _asked_to(turn, notice, taking, address, places, "mobilizing/taken_over"),
    ]


def _asked_to(
    turn: Turn, notice: Notice, taking: Receipt, to: Address, places: Sequence[Receipt], template: str
) -> Reply:
    """A card to whoever takes it over, with the button that comes next for them."""
    does = plans.read(turn.catalog, notice.plan).does(places[0].role)
    where = _places(turn, places) or grids.get(turn.session, notice.grid_id).name
    return Reply(
        template,
        {**board.said_of(turn, notice), "who": turn.speaker().name, "where": where, "does": does},
        to=to,
        buttons=buttons(taking),
        lane=Lane.EMERGENCY,
        about=notice.number,
        edits=musters.card(notice.number),
        afresh=True,
    )


def shown(turn: Turn, number: int) -> list[Reply]:
    """The speaker's card as it is now."""
    notice, receipt = _mine(turn, number)
    return aside(turn, [_card(turn, notice, receipt)])


def _known_by(turn: Turn, one: Named) -> str:
    """Name, role and grid: what tells two of the same name apart."""
    role = turn.catalog.roles[one.role].name if one.role in turn.catalog.roles else ""
    return f"{one.name} {role} {grids.get(turn.session, one.grid_id).name}".replace("  ", " ")


def _note(turn: Turn, receipt: Receipt, act: str, *, detail: str = "") -> None:
    journal.note(
        turn.session, turn.now, act, matter_id=receipt.notice, grid_id=receipt.grid_id, account_id=receipt.account_id,
        post_id=receipt.post_id, detail=detail,
    )  # fmt: skip


def _clock(turn: Turn, moment: datetime | None) -> str:
    return f"{moment.astimezone(turn.settings.zone):%H:%M}" if moment else ""


HANDLERS: dict[Step, Handler] = {
    "acknowledged": acknowledge,
    "underway": set_out,
    "arrived": arrive,
    "declined": cannot_come,
}
