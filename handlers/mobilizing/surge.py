"""增援: a grid asks the level above for people, which may send another grid's."""

import re
from collections.abc import Iterable, Sequence

from bot.errors import UserMistake
from bot.message import LITERAL, Address, Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding.place import number as count_in
from handlers.mobilizing import answering, board, plans
from handlers.notices import troubles
from handlers.people import authority, duty
from storage import grids, journal, musters, notices, people, posts
from storage.grids import Grid
from storage.musters import Free, Surge
from storage.notices import Notice, Receipt
from storage.posts import Seat

router = Router()

DEED = "dispatch"
HOW_MANY = re.compile(r"(\d{1,3}|[一二两三四五六七八九十]{1,3})\s*(?:个人|名|人|个|位)?")
COUNTED = re.compile(r"(?<!\d)(\d{1,3}|[一二两三四五六七八九十]{1,3})\s*(?:个人|名|人|个|位)(?:手|来|过来|去)?")
ANSWER_S, LONGEST, LONGEST_WHY = 1800, 60, 40
EDGES = " ,，。;；!！、的请来"


@router.guard
def short_of_people(turn: Turn) -> Handler | None:
    """人手不够，再派两个人来: of somebody who was called, while anything is going on; else nothing is looked up."""
    found = _needs(turn)
    if found is None or turn.utterance.intent == "emergency" or _reports(turn):
        return None
    turn.order = found
    return lambda turn: answering.aside(turn, ask_for_people(turn))


@router.afterword
def short_of_people_too(turn: Turn) -> Handler | None:
    """What is reported stays a report; whoever commands is asked for the people all the same."""
    if turn.order is not None and turn.order.code == "surge":
        return None
    found = _needs(turn)
    if found is None or not (turn.utterance.intent == "emergency" or _reports(turn)):
        return None
    before = turn.order

    def besides(turn: Turn) -> list[Reply]:
        turn.order = found
        replies = answering.aside(turn, ask_for_people(turn))
        turn.order = before
        return replies

    return besides


def _needs(turn: Turn) -> Order | None:
    """The order that the words come to, where they ask for people."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.account is None or not musters.going(turn.session):
        return None
    if (turn.chat is not None and turn.chat.audience != "staff") or said.command not in (None, "surge"):
        return None
    rows, text = plans.terms(turn.catalog), said.text
    if len(text) > LONGEST or any(word in text for word in rows.reinforce.asking):
        return None
    many = COUNTED.search(text)
    asks = any(word in text for word in rows.reinforce.words)
    if not asks and not (many and text[: many.start()].rstrip().endswith(rows.reinforce.with_number)):
        return None
    waits = turn.asked.takes if turn.asked else ""
    if waits and (waits.startswith("surge ") or not (asks and many)):
        return None  # the sentence that was asked for
    going = musters.going(turn.session)
    mine = notices.open_receipts(turn.session, turn.account.id)
    called = [one.notice for one in mine if one.notice in going and one.called_at]
    if not called:
        return None
    number = next((one for one in said.numbers if one in called), called[0])
    if said.command == "surge" and HOW_MANY.match(said.argument):
        return Order("surge", (number,), said.argument)
    return Order("surge", (number,), f"{many[1] + '人' if many else ''} {_why(turn)}".strip())


def _why(turn: Turn) -> str:
    """What is said besides that people are needed, and how many."""
    rows, rest = plans.terms(turn.catalog).reinforce, COUNTED.sub("", turn.utterance.text)
    for word in sorted((*rows.words, *rows.with_number), key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = rest.strip(EDGES)[:LONGEST_WHY]
    return rest if len(rest) > 1 else ""


def _reports(turn: Turn) -> bool:
    return troubles.beside(turn, _why(turn))


@router.order("surge")
def ask_for_people(turn: Turn) -> list[Reply]:
    """增援 3人 and why: the level above is asked which grid can send them."""
    notice, receipt = _called(turn)
    here = grids.get(turn.session, receipt.grid_id or notice.grid_id)
    found = HOW_MANY.match(turn.words)
    if found is None:
        ask = Ask(takes=f"surge {notice.number}", lasts_s=ANSWER_S)
        return [Reply("mobilizing/how_many", about=notice.number, ask=ask)]
    wanted = int(found[1]) if found[1].isdecimal() else int(count_in(found[1]))
    most = plans.terms(turn.catalog).most_surge
    if not 0 < wanted <= most:
        raise UserMistake("mobilizing/too_many", most=most)
    above, seats = _above(turn, here, receipt.person_id)
    if above is None:
        raise UserMistake("mobilizing/nobody_above")
    values = {
        "notice": notice.number,
        "grid_id": here.id,
        "asked_id": above.id,
        "account_id": turn.speaker().id,
        "wanted": wanted,
        "sent": 0,
        "why": turn.words[found.end() :].strip(" ,，。;；"),
        "at": turn.now,
    }
    answering.heard(turn, notice.number, turn.speaker().id)  # whoever asks for people is there
    board.touch(turn, notice.number)
    asked_id = musters.ask_for(turn.session, values)
    journal.note(
        turn.session, turn.now, "surge", matter_id=notice.number, grid_id=here.id, account_id=turn.speaker().id,
        post_id=receipt.post_id, detail=str(wanted),
    )  # fmt: skip
    wish = musters.surge_of(turn.session, asked_id)
    if wish is None:
        raise LookupError("a request that was just written is not there")
    return [
        Reply("mobilizing/surge_asked", {"wanted": wanted, "above": above, "seats": seats}, about=notice.number),
        *_cards(turn, notice, wish, above, seats),
    ]


@router.order("surge_up")
def pass_up(turn: Turn) -> list[Reply]:
    """Nobody here can be spared: the next level up is asked."""
    wish, notice, asked = _asked(turn)
    above, seats = _above(turn, asked, None)
    if above is None:
        raise UserMistake("mobilizing/nobody_above")
    musters.change_surge(turn.session, wish.id, asked_id=above.id)
    journal.note(
        turn.session, turn.now, "surge", matter_id=notice.number, grid_id=wish.grid_id, account_id=turn.speaker().id,
        why=above.name, detail=str(wish.wanted - wish.sent),
    )  # fmt: skip
    wanted = wish.wanted - wish.sent
    return [
        Reply("mobilizing/surge_asked", {"wanted": wanted, "above": above, "seats": seats}, about=notice.number),
        *_cards(turn, notice, wish, above, seats),
    ]


@router.order("surge_send")
def send(turn: Turn) -> list[Reply]:
    """That grid's people go: each hears where to, both grids' leads hear how many."""
    wish, notice, asked = _asked(turn)
    giving = grids.get(turn.session, int(turn.words)) if turn.words.isdecimal() else None
    if giving is None or giving.parent_id != asked.id:
        raise UserMistake("mobilizing/not_going")
    needing = grids.get(turn.session, wish.grid_id)
    sent = musters.send(turn.session, notice.number, giving, needing, wish.wanted - wish.sent, _spare(turn, notice))
    if not sent:
        raise UserMistake("mobilizing/nobody_free", grid=giving)
    musters.change_surge(turn.session, wish.id, sent=wish.sent + len(sent))
    board.touch(turn, notice.number)
    for receipt in sent:
        journal.note(
            turn.session, turn.now, "sent", matter_id=notice.number, grid_id=needing.id, account_id=turn.speaker().id,
            post_id=receipt.post_id, why=str(giving.id),
        )  # fmt: skip
    left = wish.wanted - wish.sent - len(sent)
    names = [people.get_account(turn.session, receipt.account_id).name for receipt in sent]
    says = {**board.said_of(turn, notice), "giving": giving, "needing": needing, "names": names, "left": left}
    return [
        Reply("mobilizing/surge_sent", says, buttons=_choices(turn, notice, wish, asked) if left else (), about=notice.number),
        *(_sent_over(turn, notice, receipt, needing) for receipt in sent),
        *_told(turn, notice, wish, giving, says, {receipt.account_id for receipt in sent}),
    ]  # fmt: skip


def _spare(turn: Turn, notice: Notice) -> tuple[str, ...]:
    return plans.read(turn.catalog, notice.plan).spare


def _called(turn: Turn) -> tuple[Notice, Receipt]:
    """The running mobilization that called the speaker."""
    going, number = musters.going(turn.session), turn.order.number if turn.order else None
    for receipt in notices.open_receipts(turn.session, turn.speaker().id) if going else ():
        notice = notices.get(turn.session, receipt.notice)
        if number in (None, notice.number) and notice.number in going and receipt.called_at:
            return notice, receipt
    raise UserMistake("mobilizing/not_going" if number is None else "mobilizing/not_called", number=number)


def _asked(turn: Turn) -> tuple[Surge, Notice, Grid]:
    """The request, which nobody else answers in this moment; the speaker's post is over the level that is asked."""
    number = turn.order.number if turn.order else None
    turn.session.one_at_a_time(f"surge {number}")
    wish = musters.surge_of(turn.session, number or 0)
    if wish is None:
        raise UserMistake("mobilizing/not_going")
    asked = grids.get(turn.session, wish.asked_id)
    if authority.post_over(turn, turn.posts, DEED, asked.code) is None:
        raise UserMistake("mobilizing/not_above", grid=asked)
    notice = notices.get(turn.session, wish.notice)
    if notice.state != notices.GOING:
        raise UserMistake("mobilizing/not_going")
    if wish.sent >= wish.wanted:
        raise UserMistake("mobilizing/surge_done", sent=wish.sent)
    return wish, notice, asked


def _above(turn: Turn, here: Grid, person: int | None) -> tuple[Grid | None, list[Seat]]:
    """The nearest level above where somebody may send people, and who that is."""
    for grid in grids.lineage(turn.session, here)[1:]:
        seats = posts.seats_in_grids(turn.session, [grid.id], turn.now)
        able = [seat for seat in duty.able(turn.catalog, seats, DEED) if seat.channel and seat.person_id != person]
        if able:
            return grid, able[:2]
    return None, []


def _choices(turn: Turn, notice: Notice, wish: Surge, asked: Grid) -> tuple[Button, ...]:
    """The grids that can send somebody, and the way further up."""
    needing = grids.get(turn.session, wish.grid_id)
    most = plans.terms(turn.catalog).choices - 1
    free = musters.free(turn.session, notice.number, asked, needing, _spare(turn, notice))[:most]
    sending = tuple(Button(LITERAL + f"{one.name} {one.many}", f"surge_send {wish.id} {one.grid_id}") for one in free)
    return (*sending, Button("surge_up", f"surge_up {wish.id}")) if asked.parent_id is not None else sending


def _cards(turn: Turn, notice: Notice, wish: Surge, asked: Grid, seats: Iterable[Seat]) -> list[Reply]:
    needing = grids.get(turn.session, wish.grid_id)
    free: Sequence[Free] = musters.free(turn.session, notice.number, asked, needing, _spare(turn, notice))
    says = {
        **board.said_of(turn, notice),
        "needing": needing,
        "wanted": wish.wanted - wish.sent,
        "why": wish.why,
        "who": people.get_account(turn.session, wish.account_id).name,
        "free": free,
    }
    buttons = _choices(turn, notice, wish, asked)
    return [
        Reply(
            "mobilizing/surge",
            says,
            to=duty.address(seat),
            buttons=buttons,
            lane=Lane.EMERGENCY,
            about=notice.number,
        )
        for seat in seats
    ]


def _sent_over(turn: Turn, notice: Notice, receipt: Receipt, needing: Grid) -> Reply:
    account = people.get_account(turn.session, receipt.account_id)
    return Reply(
        "mobilizing/sent_over",
        {**board.said_of(turn, notice), "needing": needing},
        to=Address(account.channel, account.external, private=True),
        buttons=answering.buttons(receipt),
        lane=Lane.EMERGENCY,
        about=notice.number,
        edits=musters.card(notice.number),
        afresh=True,
    )


def _told(
    turn: Turn, notice: Notice, wish: Surge, giving: Grid, says: dict[str, object], gone: set[int]
) -> list[Reply]:
    """Whoever asked for them, and the lead of the grid that gives them."""
    account = people.get_account(turn.session, wish.account_id)
    asker = Address(account.channel, account.external, private=True)
    told = [Reply("mobilizing/surge_comes", says, to=asker, lane=Lane.EMERGENCY, about=notice.number)]
    lead = next((seat for seat in posts.seats_in_grids(turn.session, [giving.id], turn.now) if seat.channel), None)
    if lead is not None and lead.external not in {people.get_account(turn.session, one).external for one in gone}:
        told.append(Reply("mobilizing/surge_given", says, to=duty.address(lead), about=notice.number))
    return told
