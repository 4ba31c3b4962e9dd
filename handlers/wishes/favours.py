"""邻里互助: borrow, lend, a lift, company; posted by its own word and a yes, linked in private when both agree, and over by itself."""

from collections.abc import Sequence
from datetime import timedelta

from bot.errors import UserMistake
from bot.message import Address, Ask, Button, Lane, Reply
from bot.router import Router
from bot.turn import Scene, Turn
from handlers.matters import intake as reports
from handlers.people import authority
from handlers.wishes import finding, wording
from handlers.wishes.terms import Terms, terms
from storage import favours, grids, journal, numbers, people, timers
from storage.favours import Favour
from storage.grids import Grid
from storage.timers import Timer

router = Router()

FAVOUR = "favour"
"""The timer by which a post ends."""
LONGEST = 120
SHOWN = 8
ANSWER_S = 1800
LIVING = ("open", "answered")


@router.order("favour")
def post(turn: Turn) -> list[Reply]:
    """互助 with what it is about: read back without name and number, and posted only after a yes."""
    words = turn.words[:LONGEST]
    if not words:
        return [Reply("favours/what", ask=Ask(takes="favour", lasts_s=ANSWER_S))]
    said = turn.read(words, True)
    if said.intent == "emergency":
        return reports.take(turn, said)
    grid = turn.grid or finding.seated(turn)
    if grid is None:
        raise UserMistake("ledgers/which_estate")
    rows, account = terms(turn.catalog), turn.speaker()
    names = {account.name, people.get(turn.session, account.person_id).name if account.person_id else ""}
    text = wording.public(words, names, rows)
    kind, offers = kind_of(rows, words)
    number = numbers.give(turn.session, FAVOUR)
    until = turn.now + timedelta(days=rows.favour_days)
    favours.add(
        turn.session,
        {
            "number": number,
            "kind": kind,
            "offers": offers,
            "text": text,
            "account_id": account.id,
            "grid_id": grid.id,
            "state": "draft",
            "helper_id": None,
            "since": turn.now,
            "until": until,
        },
    )
    buttons = (Button("favour_yes", f"favour_yes {number}"), Button("favour_no", f"favour_no {number}"))
    values = {"text": text, "groups": len(finding.groups_near(turn, grid)), "until": until}
    return [finding.aside(turn, Reply("favours/read_back", values, buttons=buttons, ask=Ask(lasts_s=ANSWER_S)))]


def kind_of(rows: Terms, words: str) -> tuple[str, bool]:
    """The kind of help, and whether it gives rather than asks."""
    for kind in rows.favour:
        if any(word in words for word in kind.offer):
            return kind.code, True
    return next(
        (kind.code for kind in rows.favour if any(word in words for word in kind.ask)), rows.favour[-1].code
    ), False


@router.order("favour_yes")
def posted(turn: Turn) -> list[Reply]:
    """The neighbour's yes: the groups nearby read it, with a button for whoever can."""
    favour = _own(turn)
    after = favours.advance(turn.session, favour.number, ("draft",), {"state": "open"})
    if after is None:
        raise UserMistake("favours/over", number=favour.number)
    timers.arm(turn.session, FAVOUR, after.number, after.until)
    journal.note(
        turn.session, turn.now, "favour", grid_id=after.grid_id, account_id=after.account_id, detail=str(after.number)
    )
    label = Button("favour_take" if after.offers else "favour_help", f"favour_help {after.number}")
    values = {"number": after.number, "text": after.text, "offers": after.offers}
    told = [
        Reply("favours/posted", values, to=Address(chat.channel, chat.external), buttons=(label,), lane=Lane.NOTICE)
        for chat in finding.groups_near(turn, grids.get(turn.session, after.grid_id))
    ]
    return [finding.aside(turn, Reply("favours/posted_own", {"number": after.number, "until": after.until})), *told]


@router.order("favour_no")
def dropped(turn: Turn) -> list[Reply]:
    """Not posted, or taken back."""
    favour = _own(turn)
    favours.advance(turn.session, favour.number, ("draft", *LIVING), {"state": "ended"})
    timers.disarm(turn.session, FAVOUR, favour.number)
    return [finding.aside(turn, Reply("favours/dropped", {"number": favour.number}))]


@router.order("favour_help")
def helps(turn: Turn) -> list[Reply]:
    """我来帮: the first to answer; the one who posted is asked, and nobody hears a number yet."""
    favour = favours.by_number(turn.session, turn.order.number) if turn.order and turn.order.number else None
    if favour is None:
        raise UserMistake("favours/which")
    account = turn.speaker()
    if favour.account_id == account.id:
        raise UserMistake("favours/your_own", number=favour.number)
    values = {"state": "answered", "helper_id": account.id}
    after = favours.advance(turn.session, favour.number, ("open",), values)
    if after is None:
        raise UserMistake(
            "favours/answered_already" if favour.state in ("answered", "agreed") else "favours/over",
            number=favour.number,
        )
    buttons = (
        Button("favour_agree", f"favour_agree {after.number}"),
        Button("favour_pass", f"favour_pass {after.number}"),
    )
    told = {"number": after.number, "text": after.text}
    said = [Reply("favours/answered_group", told)] if turn.in_group else []
    return [
        *said,
        Reply("favours/answered", told, to=finding.private(turn, account.id)),
        Reply("favours/somebody_can", told, to=finding.private(turn, after.account_id), buttons=buttons, ask=Ask()),
    ]


@router.order("favour_agree")
def agreed(turn: Turn) -> list[Reply]:
    """First the one who posted agrees, then the one who answered; with both, each hears how to reach the other."""
    favour = favours.by_number(turn.session, turn.order.number) if turn.order and turn.order.number else None
    if favour is None or turn.account is None or favour.helper_id is None:
        raise UserMistake("favours/which")
    if turn.account.id == favour.account_id and favour.state == "answered":
        favours.advance(turn.session, favour.number, ("answered",), {"state": "agreed"})
        buttons = (
            Button("favour_agree", f"favour_agree {favour.number}"),
            Button("favour_pass", f"favour_pass {favour.number}"),
        )
        told = {"number": favour.number, "text": favour.text}
        to = finding.private(turn, favour.helper_id)
        return [
            finding.aside(turn, Reply("favours/waits_for_helper", told)),
            Reply("favours/both", told, to=to, buttons=buttons, ask=Ask()),
        ]
    if turn.account.id == favour.helper_id and favour.state == "agreed":
        return _linked(turn, favour)
    raise UserMistake("favours/over", number=favour.number)


def _linked(turn: Turn, favour: Favour) -> list[Reply]:
    """Both have agreed: each is told the other's name and how to reach them, in private."""
    helper = favour.helper_id or 0
    favours.advance(turn.session, favour.number, ("agreed",), {"state": "ended"})
    timers.disarm(turn.session, FAVOUR, favour.number)
    journal.note(turn.session, turn.now, "linked", grid_id=favour.grid_id, account_id=helper, detail=str(favour.number))
    pairs = ((favour.account_id, helper), (helper, favour.account_id))
    return [_contact(turn, favour, whom, of) for whom, of in pairs]


def _contact(turn: Turn, favour: Favour, whom: int, of: int) -> Reply:
    other = people.get_account(turn.session, of)
    phone = people.get(turn.session, other.person_id).phone if other.person_id else ""
    values = {"number": favour.number, "text": favour.text, "name": other.name, "phone": phone}
    return Reply("favours/linked", values, to=finding.private(turn, whom))


@router.order("favour_pass")
def passed(turn: Turn) -> list[Reply]:
    """One of the two would rather not: it is open again, and nobody hears a name."""
    favour = favours.by_number(turn.session, turn.order.number) if turn.order and turn.order.number else None
    if favour is None or turn.account is None or turn.account.id not in (favour.account_id, favour.helper_id):
        raise UserMistake("favours/which")
    other = favour.helper_id if turn.account.id == favour.account_id else favour.account_id
    after = favours.advance(turn.session, favour.number, ("answered", "agreed"), {"state": "open", "helper_id": None})
    if after is None or other is None:
        raise UserMistake("favours/over", number=favour.number)
    told = {"number": after.number}
    return [
        finding.aside(turn, Reply("favours/passed", told)),
        Reply("favours/not_this_time", told, to=finding.private(turn, other)),
    ]


@router.order("favour_list")
def chain(turn: Turn) -> list[Reply]:
    """互助墙: what is asked for and offered nearby; for posts how much of each there is in every grid of theirs."""
    seats = {post.grid_id for post in turn.posts if post.grid_id is not None}
    top = min(grids.by_ids(turn.session, seats).values(), key=lambda grid: grid.depth, default=None)
    sees = top is not None and authority.post_over(turn, turn.posts, "see", top.code) is not None
    if top is not None and sees and not turn.in_group:
        return [Reply("favours/chain", {"grid": top, "lines": _by_grid(turn, top)})]
    grid = turn.grid
    if grid is None:
        raise UserMistake("ledgers/which_estate")
    around = grids.lineage(turn.session, grid)[: 3 if grid.depth > 1 else 1][-1]
    found = favours.open_within(turn.session, around.code)
    lines = [(one.number, one.offers, one.text) for one in found]
    return [Reply("favours/list", {"lines": lines[:SHOWN], "more": max(0, len(lines) - SHOWN)})]


def _by_grid(turn: Turn, top: Grid) -> list[tuple[str, int, int, list[str]]]:
    """(grid, how many ask, how many offer, what is asked for) of each grid with any, the neediest first."""
    found: dict[int, list[Favour]] = {}
    for one in favours.open_within(turn.session, top.code, limit=500):
        found.setdefault(one.grid_id, []).append(one)
    names = grids.by_ids(turn.session, found)
    lines = [
        (
            names[grid].name,
            sum(not one.offers for one in theirs),
            sum(one.offers for one in theirs),
            [f"{one.number} {one.text}" for one in theirs if not one.offers][:3],
        )
        for grid, theirs in found.items()
    ]
    return sorted(lines, key=lambda line: line[2] - line[1])


@router.timer(FAVOUR)
def over(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Its time is up: whoever posted it hears so, and nobody else."""
    replies: list[Reply] = []
    for timer in due:
        after = favours.advance(scene.session, timer.about, ("draft", *LIVING, "agreed"), {"state": "ended"})
        if after is not None:
            to = finding.private(scene, after.account_id)
            replies.append(Reply("favours/expired", {"number": after.number, "text": after.text}, to=to))
    return replies


def _own(turn: Turn) -> Favour:
    favour = favours.by_number(turn.session, turn.order.number) if turn.order and turn.order.number else None
    if favour is None or turn.account is None or favour.account_id != turn.account.id:
        raise UserMistake("favours/which")
    return favour
