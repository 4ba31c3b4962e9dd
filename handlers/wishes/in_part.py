"""部分圆梦: what was done counts; what is still needed the wisher says, and it stands beside the wisher's own wording."""

import re

from bot.message import Ask, Button, Reply
from bot.router import Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.matters import lifecycle
from handlers.wishes import carrying, finding, granting, keeping, spoken, vetting, wall, wording
from handlers.wishes.terms import Terms, terms
from storage import matters, wishes
from storage.matters import Matter

router = Router()

LONGEST = 300
LACKING = "lacking"
WORDED_ANEW = ("vetting", "asked_back", "unmet")
"""Not on the wall: what is still needed is in the wording that the vetter is shown."""


@router.order("partly")
@finding.own_affair
def partly(turn: Turn) -> list[Reply]:
    """What was done counts and the wisher reads it; the rest goes to the vetter, worded as the wisher worded it."""
    if which := finding.which_in_hand(turn):
        return which
    matter = finding.in_hand(turn)
    lifecycle.check(turn, matter, "partly")
    words = finding.words(turn)[:LONGEST]
    if not words:
        return [finding.aside(turn, finding.asking(matter, "wishes/partly_what", "partly"))]
    claim = wishes.claimed_by(turn.session, matter.id)
    told = carrying.covered(turn, matter, claim, words).words if claim else words
    after = keeping.step(turn, matter, "partly", by=turn.speaker().id, detail=told)
    _beside_the_wording(turn, after, "")
    if claim is not None:
        wishes.end_claim(turn.session, claim.id, "partly", turn.now, told)
    seat = finding.owner(turn, after)
    return [
        finding.aside(
            turn, Reply("wishes/partly", {"number": after.number}, about=after.number, ask=granting.how_long(after))
        ),
        _what_is_lacking(turn, after, told),
        *([vetting.card(turn, after, seat)] if seat else []),
    ]


def _what_is_lacking(turn: Turn, matter: Matter, words: str) -> Reply:
    """The wisher reads what was done, and is asked what is still needed."""
    buttons = (Button("thanks", f"thanks {matter.number}"), Button("enough", f"enough {matter.number}"))
    ask = Ask(takes=f"{LACKING} {matter.number}", lasts_s=terms(turn.catalog).answer_days * finding.A_DAY_S)
    values = {"number": matter.number, "words": words}
    to = finding.private(turn, matter.account_id)
    return Reply("wishes/partly_wisher", values, to=to, buttons=buttons, about=matter.number, ask=ask)


@router.order(LACKING)
@finding.own_affair
def lacking(turn: Turn) -> list[Reply]:
    """What the wisher says is still needed stands beside the wording; on the wall already, it is proposed to the vetter."""
    matter = finding.own(turn)
    words = turn.words[:LONGEST]
    question = spoken.asks(words, spoken.words(turn.catalog).bot.asking)
    if finding.says_nothing(turn, words):
        return [finding.aside(turn, Reply("wishes/partly_stays", {"number": matter.number}, about=matter.number))]
    if matter.state not in WORDED_ANEW or question:
        turn.order = Order("wish_add", (matter.number,), words, answers=True)
        return wall.add(turn)
    lifecycle.check(turn, matter, "add")
    wall.keep_added(turn, matter, words, LACKING)
    after = matters.change(turn.session, matter.id, {"text": f"{matter.text}（{words}）"})
    _beside_the_wording(turn, after, words)
    seat = finding.owner(turn, after)
    values = {"number": after.number, "public": wishes.of(turn.session, after.id).public}
    said = finding.aside(turn, Reply("wishes/lacking", values, about=after.number))
    return [said, *([vetting.card(turn, after, seat)] if seat else [])]


def _beside_the_wording(turn: Turn, matter: Matter, words: str) -> None:
    """The wisher's wording, and beside it what is still needed, or that a part was done where nobody has said."""
    rows = terms(turn.catalog)
    kept = _whole(rows, wishes.of(turn.session, matter.id).public)
    said = _left(turn, wording.public(words, finding.names_of(turn, matter), rows))
    room = wording.LONGEST - len(kept) - len(rows.lacking) - 2
    beside = f"{rows.lacking}{wording.brief(said, room)}" if said and room > 0 else rows.in_part
    wishes.change(turn.session, matter.id, {"public": f"{kept}（{beside}）"})


def _left(turn: Turn, words: str) -> str:
    """一个书包 of "谢谢哈，还差一个书包嘛"."""
    told = spoken.words(turn.catalog).wisher
    leads = wording.any_of(told.lacking)
    clauses = [clause for clause in phrases.clauses(words) if clause.strip(phrases.TAILS)]
    left = re.sub(rf"^(?:{leads}|[就也都我的])+", "", "，".join(clauses)).rstrip(f"{phrases.TAILS}{wording.ENDS}了")
    return "" if phrases.only(left, told.unhurried) else left


def _whole(rows: Terms, public: str) -> str:
    """The wording without what stood beside it before."""
    return re.sub(rf"（(?:{re.escape(rows.in_part)}|{re.escape(rows.lacking)}[^）]*)）", "", public)
