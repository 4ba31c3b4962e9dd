"""Answers in other words than the buttons': a match that was proposed, thanks for a part, a wish called off meanwhile."""

import re

from bot import orders
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.people import said_since
from handlers.wishes import amending, claiming, finding, granting, in_part, intake, spoken, taking_on, wall
from handlers.wishes.terms import terms
from storage import journal, matters, wishes
from storage.matters import ENDED, Matter

router = Router()

LONGEST = 60
SHORTEST = 3
"""Characters by which a wish is called off: a bare 够了 may be said of anything."""
CLAIM_YES, CLAIM_PASS, CONSENT = "claim_yes", "claim_pass", "wish_seen"
SHARE_YES, SHARE_NO, THANKS = "share_yes", "share_no", "thanks"
WHETHER = re.compile(r"(.)不\1")
"""同不同意 is a question."""
DENIES = ("不", "没", "莫")
ELSEWHERE = ("report", "verify", "form", "emergency", "progress")


@router.guard_where("alone")
def to_a_question(turn: Turn) -> Handler | None:
    """Quick to say None where no such question waits."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.order is not None or said.intent == "emergency":
        return None
    if not said.text or turn.account is None:
        return None
    waiting = _waiting(turn)
    if CONSENT in waiting:
        return _agreed_or_not(turn)
    if CLAIM_YES in waiting:
        return _proposed(turn, waiting[CLAIM_YES])
    free = said.digit is None and not said.numbers and len(said.text) <= LONGEST
    if free and SHARE_YES in waiting and _called_off(turn):
        return _ordered(turn, Order("wish_withdraw", (waiting[SHARE_YES],), said.text, answers=True), wall.withdraw)
    return _thanked(turn, waiting.get(THANKS)) if free else None


def _ordered(turn: Turn, order: Order, handler: Handler) -> Handler:
    """What was meant; nobody else is asked what it may be."""
    turn.order = order
    return handler


def _waiting(turn: Turn) -> dict[str, int]:
    """The codes of the buttons that wait, with their numbers."""
    kept = turn.asked.options.split("\n") if turn.asked and turn.asked.options else []
    found = [orders.parse_press(line.partition(orders.LABEL)[0]) for line in kept]
    return {one.code: one.number or 0 for one in found}


def _agreed_or_not(turn: Turn) -> Handler | None:
    """Words about somebody's yes that are none: the question is put once more, and nothing is kept from them."""
    said = turn.utterance
    rows = spoken.words(turn.catalog)
    about = spoken.found(said.text, rows.anyone.agreeing)
    free = said.digit is None and orders.meant(turn) is None and not _of_its_own(turn)
    if free and not spoken.asks(said.text, rows.bot.asking) and not WHETHER.search(said.text):
        phoned = any(word in said.text for word in rows.anyone.by_phone)
        denied = any(sign in said.text for sign in DENIES)
        if any(word in said.text for word in rows.anyone.unasked) or (phoned and denied):
            return _ordered(turn, Order("wish_unasked", answers=True), intake.not_asked_yet)
        if phoned and spoken.found(said.text, rows.anyone.said_yes):
            return _ordered(turn, Order("wish_called", answers=True), intake.consented)
        if held := _put_right(turn):
            return lambda turn: intake.for_whom_it_is(turn, held)
    if not free or about is None:
        return None
    buttons = (
        Button("consent_seen", CONSENT),
        Button("consent_called", "wish_called"),
        Button("consent_none", "wish_unasked"),
    )
    held = turn.asked.held if turn.asked else ""
    return lambda _turn: [Reply("wishes/consent_sure", buttons=buttons, ask=Ask(held=held))]


def _put_right(turn: Turn) -> str:
    """ "不是我妈是我婆婆": the words that wait, with what was meant in them."""
    held, rows = turn.asked.held if turn.asked else "", spoken.words(turn.catalog).wisher
    text = turn.utterance.text
    if not held or not any(word in text for word in (*rows.leads, *rows.turns)):
        return ""
    return amending.corrected(held, text, terms(turn.catalog), rows.leads)


def _proposed(turn: Turn, number: int) -> Handler | None:
    """A plain yes claims it; a mere 好的 after other talk, and whatever is neither yes nor no, is asked about."""
    text, since = turn.utterance.text, said_since.happened(turn)
    yes, plain = orders.words(turn, CLAIM_YES), orders.words(turn, "claim_plain")
    no = orders.words(turn, CLAIM_PASS)
    meant = orders.meant(turn)
    if turn.quoted not in (None, number) or (meant is not None and not meant.answers and turn.utterance.numbers):
        return _passed(turn)
    if turn.utterance.digit is not None:
        return _again(turn, number) if since else None
    if phrases.some(text, no, _beside(turn)) and not phrases.some(text, yes, _beside(turn)):
        return _ordered(turn, Order(CLAIM_PASS, (number,), answers=True), not_now)
    if phrases.only(text, yes, _beside(turn)):
        if since and not phrases.some(text, plain, _beside(turn)):
            return _again(turn, number)
        return _ordered(turn, Order(CLAIM_YES, (number,), answers=True), claiming.claim)
    if any(word in text for word in orders.words(turn, "claim_cannot")) and not _of_its_own(turn):
        return _ordered(turn, Order(CLAIM_PASS, (number,), answers=True), not_now)
    if meant is not None:
        return _passed(turn)
    maybe = phrases.some(text, yes, _beside(turn)) or any(word in text for word in plain)
    if (maybe or _wonders(turn)) and not _of_its_own(turn):
        return _again(turn, number, wonders=_wonders(turn))
    return _passed(turn)


def _beside(turn: Turn) -> tuple[str, ...]:
    rows = spoken.words(turn.catalog)
    return (*rows.anyone.pointing, *rows.claimer.beside, *orders.words(turn, "share_beside"))


def _wonders(turn: Turn) -> bool:
    return any(word in turn.utterance.text for word in spoken.words(turn.catalog).anyone.wonders)


def _of_its_own(turn: Turn) -> bool:
    said = turn.utterance
    return said.command is not None or (
        said.intent in ELSEWHERE and said.confidence >= turn.catalog.thresholds[True].act
    )


def _again(turn: Turn, number: int, *, wonders: bool = False) -> Handler | None:
    matter = matters.by_number(turn.session, number)
    if matter is None or matter.state != "open":
        return None
    template = "wishes/before_claiming" if wonders else "wishes/claim_sure"
    return lambda turn: [taking_on.is_it_claimed(turn, matter, template)]


def _passed(turn: Turn) -> None:
    """Other talk: the question waits on, and a mere 好的 is no answer to it any more."""
    said_since.mark(turn, CLAIM_YES)


@router.order(CLAIM_PASS)
def not_now(turn: Turn) -> list[Reply]:
    """不方便: nobody hears of it, and nobody is asked again."""
    return [Reply("wishes/passed", {"number": turn.order.number if turn.order else 0})]


def _called_off(turn: Turn) -> bool:
    """Whether the wish itself is not wanted any more: what may only be a no to the question is left to it."""
    text, rows = turn.utterance.text, spoken.words(turn.catalog)
    over = (*rows.wisher.withdraw, *rows.wisher.over)
    no = (*orders.words(turn, SHARE_NO), *orders.words(turn, "hide_plain"))
    if spoken.asks(text, rows.bot.asking) or spoken.found(text, rows.bot.contact):
        return False
    left = [clause for clause in phrases.clauses(text) if not phrases.only(clause, no)]
    settled = [clause for clause in left if len(clause) >= SHORTEST and spoken.found(clause, over)]
    beside = [clause for clause in left if clause not in settled]
    return bool(settled) and not _of_a_report(turn) and not any(_doubts(turn, clause) for clause in beside)


def _doubts(turn: Turn, clause: str) -> bool:
    """Whether more is said than thanks and "不好意思"."""
    polite = phrases.only(clause, terms(turn.catalog).fillers)
    return not polite and not any(word in clause for word in spoken.words(turn.catalog).anyone.thanks)


def _of_a_report(turn: Turn) -> bool:
    """Whether it may mean a report of the speaker's."""
    found = matters.of_account(turn.session, turn.account.id) if turn.account else []
    return any(one.kind != wishes.KIND and one.state not in ENDED for one in found)


def _thanked(turn: Turn, number: int | None) -> Handler | None:
    """ "谢谢你帮我搬了一半": kind words for a part that was done go on, and the rest stays wanted."""
    text, rows = turn.utterance.text, spoken.words(turn.catalog)
    if turn.utterance.command not in (None, THANKS) or not any(word in text for word in rows.anyone.thanks):
        return None
    takes = turn.asked.takes if turn.asked is not None else ""
    if takes and (not takes.startswith(in_part.LACKING) or spoken.found(text, rows.wisher.lacking)):
        return None
    found = next((one for one in _helped(turn) if number in (None, one.number)), None)
    if found is None or (number is None and (turn.asked is not None or _has_thanked(turn, found))):
        return None
    if number is None and not phrases.PAUSES.sub("", phrases.POLITE.sub("", text)):
        return None
    if _of_its_own(turn) or phrases.some(text, orders.words(turn, "enough")):
        return None
    return _ordered(turn, Order(THANKS, (found.number,), text, answers=True), granting.thanks)


def _helped(turn: Turn) -> list[Matter]:
    """The speaker's wishes of which a part was done, the rest being looked for."""
    waiting = [one for one in finding.of_speaker(turn) if one.state in ("vetting", "open", "claimed", "unmet")]
    return [one for one in waiting if wishes.last_done(turn.session, one.id) is not None]


def _has_thanked(turn: Turn, matter: Matter) -> bool:
    acts = [one.act for one in journal.of_matter(turn.session, matter.id) if one.act in ("partly", THANKS)]
    return acts[-1:] == [THANKS]
