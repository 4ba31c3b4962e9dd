"""Asked before a yes: "几点出发?" goes on to the neighbour who posted or answered, without name, door or number."""

import re
from dataclasses import replace

from bot import orders
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.wishes import finding, hearing, others, spoken, wording
from handlers.wishes.terms import terms
from storage import favours, grids
from storage.favours import Favour

router = Router()

LONGEST = 40
LIVING = ("open", "answered", "agreed")
NUMBERED = re.compile(r"^(?:我?想?问一?[下问]?|互助|那个)?[\s:：]*(\d{4,6})[号\s,，:：]*(?P<rest>\D.{1,40})$")
ADDRESSED = re.compile(r"[你您](?!们社区)")
LED = re.compile(r"^(?:我?想?问一?[下问哈]?|请问)[\s,，:：]*")
ANSWER_S = 24 * 3600


@router.guard
def asked_before(turn: Turn) -> Handler | None:
    """Asked of every sentence; it must be quick to say None."""
    said = turn.utterance
    free = said.command is None or (said.command == "favour" and said.numbers)
    happened = turn.incoming.happening == "text" and said.text and len(said.text) <= LONGEST
    if not happened or not free or said.intent == "emergency" or turn.account is None:
        return None
    if turn.asked is not None and turn.asked.takes:
        return _asked_back(turn, turn.asked.takes)
    named = NUMBERED.match(said.text)
    number = turn.quoted or (int(named[1]) if named else None)
    words = named["rest"] if named else said.text
    if number is None and turn.in_group:
        return None
    rest = LED.sub("", words)
    if not asks(turn, rest):
        return None
    number = number or _waits_for_a_yes(turn, rest)
    found = favours.by_number(turn.session, number) if number else _one_meant(turn, rest)
    if found is None or found.state not in LIVING:
        return _how if number is None and not turn.in_group and _plainly(turn, rest) else None
    return lambda turn: pass_on(turn, found, rest)


def _asked_back(turn: Turn, takes: str) -> Handler | None:
    """A question in answer to words that were passed on goes the same way."""
    order = orders.parse_press(takes)
    text = turn.utterance.text
    if order.code != "favour_tell" or turn.quoted is not None or not asks(turn, text) or not ADDRESSED.search(text):
        return None
    turn.order = replace(order, argument=f"{order.argument} {text}", answers=True)
    return answered


def asks(turn: Turn, text: str) -> bool:
    """Whether these words are a question."""
    rows = terms(turn.catalog)
    if spoken.found(text, spoken.words(turn.catalog).wisher.how):
        return False  # how it stands is asked of the bot
    if spoken.asks(text, rows.question_ends):
        return True
    said_yes = phrases.some(text, orders.words(turn, hearing.AGREE), orders.words(turn, "share_beside"))
    return not said_yes and any(word in text for word in rows.question_words)


def _plainly(turn: Turn, text: str) -> bool:
    return phrases.only(text.rstrip("?？"), terms(turn.catalog).asked_of_favours)


def _one_meant(turn: Turn, text: str) -> Favour | None:
    """Without a number: the one that the speaker has answered, or posted and somebody else has, if it is plainly asked."""
    account = turn.account.id if turn.account else 0
    if not _plainly(turn, text):
        return None
    grid = turn.grid or finding.seated(turn)
    around = grids.lineage(turn.session, grid)[: 3 if grid.depth > 1 else 1][-1] if grid else None
    near = favours.open_within(turn.session, around.code) if around else []
    helped = [one for one in near if one.helper_id == account]
    own = favours.of_account(turn.session, account, ("answered", "agreed"))
    linked = {one.number: one for one in (*favours.to_decide(turn.session, account), *helped, *own)}
    return next(iter(linked.values())) if len(linked) == 1 else None


def _waits_for_a_yes(turn: Turn, text: str) -> int | None:
    """The favour for which the speaker's yes is waited for, unless it is asked what the bot would tell."""
    waiting = next((one.number for one in hearing.options(turn) if one.code == hearing.AGREE), None)
    about_it = spoken.found(text, spoken.words(turn.catalog).bot.contact) is not None and not ADDRESSED.search(text)
    return None if about_it else waiting


def _how(_turn: Turn) -> list[Reply]:
    """Nothing tells which favour is meant: how to ask."""
    return [Reply("favours/how_to_ask")]


def pass_on(turn: Turn, favour: Favour, words: str) -> list[Reply]:
    """The question goes to the other one, who may answer in a sentence; nobody has agreed to anything by it."""
    account = turn.speaker()
    other = favour.helper_id if account.id == favour.account_id else favour.account_id
    if other is None:
        return [finding.aside(turn, Reply("favours/nobody_to_ask", {"number": favour.number}))]
    return _carried(turn, favour, words, other, "favours/question")


@router.order("favour_tell")
@finding.own_affair
def answered(turn: Turn) -> list[Reply]:
    """The answer goes back to whoever asked."""
    order = turn.order or Order("favour_tell")
    asker, _, words = order.argument.partition(" ")
    favour = favours.by_number(turn.session, order.number or 0)
    account = turn.speaker()
    if favour is None or not asker.isdecimal() or favour.state not in LIVING or not order.answers:
        return [Reply("favours/over", {"number": order.number or 0})]
    if not {account.id, int(asker)} & {favour.account_id, favour.helper_id}:
        return [Reply("favours/over", {"number": favour.number})]
    return _carried(turn, favour, words, int(asker), "favours/answer")


def _carried(turn: Turn, favour: Favour, words: str, to: int, template: str) -> list[Reply]:
    """Words from one to the other, with whatever waits for that one's yes below them."""
    account, mask = turn.speaker(), terms(turn.catalog).hidden
    told = wording.covered(others.HOUSE.sub(mask, words), finding.names_of_speaker(turn), mask)
    if not told.replace(mask, "").strip(" ,，。.!！?？的我是在"):
        return [finding.aside(turn, Reply("favours/not_passed", {"number": favour.number}))]
    waits = (to == favour.account_id and favour.state == "answered") or (
        to == favour.helper_id and favour.state == "agreed"
    )
    buttons = (
        Button("favour_agree", f"favour_agree {favour.number}"),
        Button("favour_pass", f"favour_pass {favour.number}"),
    )
    values = {
        "number": favour.number,
        "text": favour.text,
        "words": told,
        "waits": waits,
        "free": favour.state == "open",
    }
    ask = Ask(takes=f"favour_tell {favour.number} {account.id}", lasts_s=ANSWER_S)
    sent = {"number": favour.number, "hidden": mask in told}
    to_whom = finding.private(turn, to)
    return [
        finding.aside(turn, Reply("favours/passed_on", sent)),
        Reply(template, values, to=to_whom, buttons=buttons if waits else (), about=favour.number, ask=ask),
    ]
