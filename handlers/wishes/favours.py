"""邻里互助: borrow, lend, a lift, company; posted by its own word and a yes, linked in private when both agree, and over by itself."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.errors import UserMistake
from bot.message import Address, Ask, Button, Lane, Reply
from bot.router import Router
from bot.turn import Scene, Turn
from handlers.matters import alarm
from handlers.matters import intake as reports
from handlers.people import authority, modes
from handlers.wishes import chain as war_chain
from handlers.wishes import finding, matching, wording
from handlers.wishes.terms import LEND, Terms, terms
from storage import favours, grids, journal, numbers, people, timers
from storage.favours import Favour
from storage.grids import Grid
from storage.timers import Timer

router = Router()

FAVOUR = "favour"
"""The timer by which a post ends."""
LONGEST = 120
SHOWN = 8
AGAIN = "?"
"""Kept with a question that was asked once more."""
ANSWER_S = 1800
LIVING = ("open", "answered")
SPELLED = "零一二三四五六七八九"
PLACES = re.compile(r"([2-9]|[二两三四五六])\s*(?:个|位|把|名)?(?:空位|座位|位置|位子|位|邻居|人)")


@router.order("favour")
def post(turn: Turn) -> list[Reply]:
    """互助 with what it is about: read back without name and number, and posted only after a yes."""
    words = turn.words[:LONGEST]
    if not words or finding.says_nothing(turn, words):
        return [Reply("favours/what", ask=Ask(takes="favour", lasts_s=ANSWER_S))]
    if danger := alarm.cry(turn, words):
        return reports.take(turn, danger)
    grid = turn.grid or finding.seated(turn)
    if grid is None:
        raise UserMistake("ledgers/which_estate")
    rows, account = terms(turn.catalog), turn.speaker()
    names = {account.name, people.get(turn.session, account.person_id).name if account.person_id else ""}
    text = wording.public(words, names, rows)
    if not wording.says_what(text, rows) or wording.tells_who(text, names):
        return [finding.aside(turn, Reply("favours/tells_who", ask=Ask(takes="favour", lasts_s=ANSWER_S)))]
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
    gives = next((kind.code for kind in rows.favour if any(word in words for word in kind.offer)), None)
    if gives is not None:
        return gives, True
    if any(LEND in kind.ask for kind in rows.favour) and LEND in words:
        return next(kind.code for kind in rows.favour if LEND in kind.ask), False
    weights = [sum(len(word) for word in kind.ask if word in words) for kind in rows.favour]
    best = max(range(len(weights)), key=weights.__getitem__)
    return (rows.favour[best] if weights[best] else rows.favour[-1]).code, False


@router.order("favour_yes")
@finding.own_affair
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
        Reply(
            "favours/posted",
            values,
            to=Address(chat.channel, chat.external),
            buttons=(label,),
            lane=Lane.NOTICE,
            about=after.number,
        )
        for chat in finding.groups_near(turn, grids.get(turn.session, after.grid_id))
    ]
    told += [] if after.offers else _asked_of_lenders(turn, after)
    own = "favours/posted_own"
    if not after.offers:
        own = modes.worded(turn, grids.get(turn.session, after.grid_id), own)
    return [finding.aside(turn, Reply(own, {"number": after.number, "until": after.until})), *told]


def _asked_of_lenders(turn: Turn, favour: Favour) -> list[Reply]:
    """Whoever has just this on the list of resources, and may be asked, is asked in private; no answer is a no."""
    rows = terms(turn.catalog)
    need = rows.need_of(favour.text).code
    wanted = matching.Wanted(favour.text, favour.text, favour.grid_id, favour.account_id, need)
    asked: dict[int, matching.Match] = {}
    for found in matching.fitting(turn, wanted):
        if found.account_id is not None:
            asked.setdefault(found.account_id, found)
    return [
        Reply(
            "favours/could_you",
            {"number": favour.number, "text": favour.text, "resource": found.text},
            to=finding.private(turn, account_id),
            buttons=(
                Button("favour_help", f"favour_help {favour.number}"),
                Button("claim_pass", f"claim_pass {favour.number}"),
            ),
            lane=Lane.NOTICE,
            about=favour.number,
            ask=Ask(lasts_s=ANSWER_S),
        )
        for account_id, found in list(asked.items())[: rows.lenders_asked]
    ]


@router.order("favour_no")
@finding.own_affair
def dropped(turn: Turn) -> list[Reply]:
    """Not posted, or taken back: with it ends every yes there was, and whoever had answered hears so."""
    favour = _named(turn)
    if favour is not None and favour.state == "linked" and turn.account and turn.account.id == wanted_by(favour):
        return done(turn)
    if favour is not None and turn.account is not None and turn.account.id == favour.helper_id:
        return passed(turn)
    favour = _own(turn)
    after = favours.advance(turn.session, favour.number, ("draft", *LIVING, "agreed"), {"state": "ended"})
    if after is None:
        raise UserMistake("favours/over", number=favour.number)
    timers.disarm(turn.session, FAVOUR, favour.number)
    journal.note(
        turn.session,
        turn.now,
        "favour_no",
        grid_id=after.grid_id,
        account_id=after.account_id,
        detail=str(after.number),
    )
    return [finding.aside(turn, Reply("favours/dropped", {"number": favour.number})), *_helper_hears(turn, after)]


def _helper_hears(scene: Scene, favour: Favour) -> list[Reply]:
    """Whoever had answered need not wait any longer."""
    if favour.helper_id is None:
        return []
    told = {"number": favour.number, "text": favour.text}
    return [Reply("favours/over_helper", told, to=finding.private(scene, favour.helper_id))]


@router.order("favour_help")
@finding.own_affair
def helps(turn: Turn) -> list[Reply]:
    """我来帮: the first to answer; the one who posted is asked, and nobody hears a number yet."""
    favour = _named(turn)
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


def may_tell_again(favour: Favour) -> Reply:
    """Words that are no clear yes and no clear no: asked once more."""
    buttons = (
        Button("favour_agree", f"favour_agree {favour.number}"),
        Button("favour_pass", f"favour_pass {favour.number}"),
    )
    values = {"number": favour.number, "text": favour.text}
    return Reply("favours/agree_sure", values, buttons=buttons, ask=Ask(held=AGAIN))


@router.order("favour_agree")
@finding.own_affair
def agreed(turn: Turn) -> list[Reply]:
    """First the one who posted agrees, then the one who answered; with both, each hears how to reach the other."""
    favour = _named(turn)
    if favour is None or turn.account is None or favour.helper_id is None:
        raise UserMistake("favours/which")
    if turn.account.id == favour.account_id and favour.state == "answered":
        if favours.advance(turn.session, favour.number, ("answered",), {"state": "agreed"}) is None:
            raise UserMistake("favours/over", number=favour.number)
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
    """Both have agreed: each is told the other's name and how to reach them; what has room for more stays open."""
    helper = favour.helper_id or 0
    more = len(favours.linked_so_far(turn.session, favour)) + 1 < places_in(favour)
    left = {"state": "open", "helper_id": None} if more else {"state": "linked", "until": turn.now}
    if favours.advance(turn.session, favour.number, ("agreed",), left) is None:
        raise UserMistake("favours/over", number=favour.number)
    if more:
        _keep_link(turn, favour)
    else:
        timers.disarm(turn.session, FAVOUR, favour.number)
    journal.note(turn.session, turn.now, "linked", grid_id=favour.grid_id, account_id=helper, detail=str(favour.number))
    pairs = ((favour.account_id, helper), (helper, favour.account_id))
    said = [Reply("favours/room_left", {"number": favour.number}, to=finding.private(turn, favour.account_id))]
    return [*(_contact(turn, favour, whom, of) for whom, of in pairs), *(said if more else [])]


def places_in(favour: Favour) -> int:
    """For how many neighbours an offer has room, as its words say: 两个位置, 可以带3个人; one where nothing tells."""
    found = PLACES.search(favour.text) if favour.offers else None
    if found is None:
        return 1
    return int(found[1]) if found[1].isdecimal() else SPELLED.index(found[1].replace("两", "二"))


def _keep_link(turn: Turn, favour: Favour) -> None:
    """A row of its own for whoever has taken one of several places."""
    same = {name: getattr(favour, name) for name in ("kind", "offers", "text", "account_id", "grid_id", "since")}
    number = numbers.give(turn.session, FAVOUR)
    row = {**same, "number": number, "state": "linked", "helper_id": favour.helper_id, "until": turn.now}
    favours.add(turn.session, row)


def _contact(turn: Turn, favour: Favour, whom: int, of: int) -> Reply:
    other = people.get_account(turn.session, of)
    phone = people.get(turn.session, other.person_id).phone if other.person_id else ""
    values = {"number": favour.number, "text": favour.text, "name": other.name, "phone": phone}
    return Reply("favours/linked", values, to=finding.private(turn, whom))


@router.order("favour_pass")
@finding.own_affair
def passed(turn: Turn) -> list[Reply]:
    """One of the two would rather not: it is open again, and nobody hears a name."""
    favour = _named(turn)
    if favour is None or turn.account is None or turn.account.id not in (favour.account_id, favour.helper_id):
        raise UserMistake("favours/which")
    other = favour.helper_id if turn.account.id == favour.account_id else favour.account_id
    after = favours.advance(turn.session, favour.number, ("answered", "agreed"), {"state": "open", "helper_id": None})
    if after is None or other is None:
        raise UserMistake("favours/over", number=favour.number)
    told = {"number": after.number, "poster": turn.account.id == favour.account_id}
    return [
        finding.aside(turn, Reply("favours/passed", told)),
        Reply("favours/not_this_time", told, to=finding.private(turn, other)),
    ]


@router.order("favour_done")
@finding.own_affair
def done(turn: Turn) -> list[Reply]:
    """ "借到了,不要了" once both know of each other: whoever wanted it is done with it, and the helper is thanked."""
    favour = _named(turn)
    if favour is None or turn.account is None or turn.account.id != wanted_by(favour):
        raise UserMistake("favours/which")
    after = favours.advance(turn.session, favour.number, ("linked",), {"state": "done"})
    helper = favour.account_id if favour.offers else favour.helper_id
    if after is None or helper is None:
        raise UserMistake("favours/over", number=favour.number)
    note, told = str(after.number), {"number": after.number, "text": after.text}
    journal.note(turn.session, turn.now, "favour_done", grid_id=after.grid_id, account_id=turn.account.id, detail=note)
    return [
        finding.aside(turn, Reply("favours/done", told)),
        Reply("favours/done_helper", told, to=finding.private(turn, helper)),
    ]


def wanted_by(favour: Favour) -> int | None:
    """Whoever gets what is asked for or offered."""
    return favour.helper_id if favour.offers else favour.account_id


@router.order("favour_list")
def chain(turn: Turn) -> list[Reply]:
    """互助墙: what is asked for and offered nearby; for posts how much of each there is in every grid of theirs.

    At war the same chain shows need and help side by side, in the staff group too.
    """
    seats = {post.grid_id for post in turn.posts if post.grid_id is not None}
    top = min(grids.by_ids(turn.session, seats).values(), key=lambda grid: grid.depth, default=None)
    sees = top is not None and authority.post_over(turn, turn.posts, "see", top.code) is not None
    if top is not None and sees and _among_staff(turn) and war_chain.at_war(turn, top):
        links, more = war_chain.of(turn, top)
        return [Reply("favours/chain_war", {"grid": top, "links": links, "more": more})]
    if top is not None and sees and not turn.in_group:
        return [Reply("favours/chain", {"grid": top, "lines": _by_grid(turn, top)})]
    grid = turn.grid
    if grid is None:
        raise UserMistake("ledgers/which_estate")
    around = grids.lineage(turn.session, grid)[: 3 if grid.depth > 1 else 1][-1]
    found = favours.open_within(turn.session, around.code)
    lines = [(one.number, one.offers, one.text) for one in found]
    return [Reply("favours/list", {"lines": lines[:SHOWN], "more": max(0, len(lines) - SHOWN)})]


def _among_staff(turn: Turn) -> bool:
    return turn.chat is None or turn.chat.audience == "staff"


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
            replies += _helper_hears(scene, after)
    return replies


def _named(turn: Turn) -> Favour | None:
    return favours.by_number(turn.session, turn.order.number) if turn.order and turn.order.number else None


def _own(turn: Turn) -> Favour:
    """The speaker's own: the named one, or the only living one."""
    favour = _named(turn)
    if favour is None and turn.account is not None and not (turn.order and turn.order.number):
        living = favours.of_account(turn.session, turn.account.id, (*LIVING, "agreed"))
        favour = living[0] if len(living) == 1 else None
    if favour is None or turn.account is None or favour.account_id != turn.account.id:
        raise UserMistake("favours/which")
    return favour
