"""While a form waits for an answer: what is its answer, what goes around it, and what is something else."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot import orders
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.forms import (
    asides,
    asking,
    declining,
    drafts,
    filling,
    gathering,
    in_danger,
    lint,
    naming,
    plainly,
    reading,
    rules,
    switching,
    titles,
)
from handlers.forms.asking import ANSWER, CHANGE
from handlers.forms.drafts import Draft
from handlers.forms.filling import LISTED, MENU, steering
from handlers.forms.rules import Question
from handlers.matters import afterwards, intake, reports
from storage import forms, matters
from storage.forms import DRAFT, KEPT
from storage.matters import Matter

router = Router()

OURS = (f"{ANSWER} ", f"{CHANGE} ")
TYPED_SLIP = 1.0
"""An order that is less sure than this was guessed: the answer to an open question comes before it."""
OTHER_WANTS = ("progress", "withdraw", "ask", "volunteer", "verify")
"""What may plainly be wanted while an answer is waited for; a wish is none of it: it is typed as one, or said later."""
OF_A_MATTER = ("confirm", "withdraw")
"""Orders about a matter that, with a form open and without a number, can only be meant for the form."""
WAYS_AROUND = ("form_back ", "form_later ")
NAMED = "emergency:"
"""A danger that the catalog's words name."""
ASKING = ("吗", "?", "？")
OR_NOT = "是不是"
"""Asks, and says of nothing that it is not so."""
A_QUESTION = 24
"""Characters of a question about the form."""
NO_HEALTH = ("number", "date", "period", "household", "phone", "photo", "id")
"""Kinds of which no answer tells how somebody feels."""
A_SIGH = 2
AN_OTHER = re.compile(r"^\s*(?:一个|一份|一下|一条|个|份)?\s*")
REPORT, NO_REPORT = "form_report", "form_no_report"
REPORT_TOO_S = 3600


@router.guard
def while_asked(turn: Turn) -> Handler | None:
    """While a form's question waits, what is said is its answer, unless it is plainly an incident or an order.

    A danger always passes, and so does a plain fault.
    """
    if turn.asked is None or not turn.asked.takes.startswith(OURS) or turn.order is not None:
        return _leaves_menu(turn) if turn.asked and turn.asked.takes == MENU else _left_open(turn)
    said, (code, _, rest) = turn.utterance, turn.asked.takes.partition(" ")
    number, _, of = rest.partition(" ")
    if turn.incoming.happening == "photo":
        return _photo(turn, int(number), of)
    if turn.incoming.happening != "text" or turn.quoted not in (None, int(number)):
        return None
    if said.intent == "emergency":
        if not _only_sounds_dangerous(turn, *that_waits(turn, int(number), of)):
            return None
        said = turn.utterance = replace(said, intent="chat", emergency=None)
    if order := _in_the_list(turn, int(number)):
        turn.order = order
        return None
    if _tapped(turn):
        return None
    draft, question = that_waits(turn, int(number), of)
    if draft is None:
        return None
    if said.command is None and (alarm := in_danger.alarm(turn, draft.row.touched_at)):
        return _to_the_alarm(turn, draft, question, alarm)
    if _is_not_well(turn, question):
        return lambda _turn: [Reply("forms/not_well")]
    if question is not None and (reading.for_good(question, said.text) or _is_not_known(turn)):
        turn.order = Order(ANSWER, (int(number),), f"{of} {said.text}", answers=True)
    elif order := _around(turn, draft):
        turn.order = order
    elif question is not None and filling.skips(turn, question, said.text):
        turn.order = Order(ANSWER, (int(number),), f"{of} {said.text}", answers=True)
    elif no := declining.said_no(turn, draft, of):
        turn.order = no
    elif beside := _beside(turn, draft, question):
        turn.order = Order(code, (int(number),), f"{of} {beside.answer}".strip(), answers=True)
        return _answered_beside(draft, beside.fault)
    elif _is_incident(turn, draft, question) or _wants_else(turn, draft, question):
        turn.asked = None
    elif other := _of_another_form(turn, draft, question):
        turn.order = other
    elif _only_looks_like_an_order(turn):
        turn.order = Order(code, (int(number),), f"{of} {said.text}".strip(), answers=True)
    return None


def _of_another_form(turn: Turn, draft: Draft, question: Question | None) -> Order | None:
    """The answer to another open form's question, where the one that waits is not answered at all."""
    said, words = turn.utterance, rules.words(turn.catalog)
    if question is None or said.command is not None or said.digit is not None or _understands(turn, question):
        return None
    offered, given = lint.offered(turn.catalog), drafts.said(turn, said.text)
    for row in forms.of_account(turn.session, draft.row.account_id, DRAFT):
        theirs = offered[row.form].by_id.get(row.step) if row.id != draft.row.id and row.form in offered else None
        if theirs is not None and theirs.kind != "yesno" and plainly.answers(theirs, given, words):
            return Order(ANSWER, (row.number,), f"{theirs.id} {said.text}", answers=True)
    return None


def _is_not_well(turn: Turn, question: Question | None) -> bool:
    """Whether every clause tells that somebody is not well, and nothing that the question asks for in words."""
    said, words = turn.utterance, rules.words(turn.catalog)
    if said.command is not None or said.digit is not None or len(said.text) > A_QUESTION:
        return False
    if question is not None and question.kind not in NO_HEALTH and _understands(turn, question):
        return False
    clauses = phrases.clauses(said.text) if any(word in said.text for word in words.unwell) else []
    told = [one for one in clauses if any(word in one for word in words.unwell)]
    rest = [one for one in clauses if one not in told and len(one) > A_SIGH]
    return bool(told) and not rest and not any(word in said.text for word in words.well)


def _understands(turn: Turn, question: Question) -> bool:
    heard = reading.answer(question, drafts.said(turn, turn.utterance.text), rules.words(turn.catalog), {})
    return not heard.trouble


def _is_not_known(turn: Turn) -> bool:
    """再说 is no answer where it is for later: 以后再说."""
    text = turn.utterance.text
    return steering(rules.words(turn.catalog), text) is None and filling.is_not_known(turn, text)


def _only_sounds_dangerous(turn: Turn, draft: Draft | None, question: Question | None) -> bool:
    """Whether no word names a danger, nothing says that it is now, and what is asked is answered in its own words."""
    said = turn.utterance
    named = any(why.startswith(NAMED) for why in said.why)
    if draft is None or question is None or named or any(sign in said.text for sign in turn.catalog.fears.present):
        return False
    words = rules.words(turn.catalog)
    return question.id in gathering.gather(draft.form, drafts.said(turn, said.text), words, draft.answers).found


def _only_looks_like_an_order(turn: Turn) -> bool:
    """A digit beyond the buttons, a slip that was guessed to be an order, a word about a matter."""
    said = turn.utterance
    if said.digit is not None:
        return said.digit > _options(turn) or _only_ways(turn)
    return said.command is not None and (said.confidence < TYPED_SLIP or said.command in OF_A_MATTER)


def _only_ways(turn: Turn) -> bool:
    """Whether there is nothing to choose but 上一步 and 稍后: a bare digit is no tap on these."""
    waiting = turn.asked.options.split("\n") if turn.asked else []
    return bool(waiting) and all(one.startswith(WAYS_AROUND) for one in waiting)


def _options(turn: Turn) -> int:
    return len(turn.asked.options.split("\n")) if turn.asked and turn.asked.options else 0


def _in_the_list(turn: Turn, number: int) -> Order | None:
    """In the list of what may be changed a digit is a line, and 算了 leaves it."""
    if turn.asked is None or turn.asked.held != LISTED:
        return None
    if turn.utterance.digit is not None:
        return Order(CHANGE, (number,), turn.utterance.text, answers=True)
    same = phrases.only(turn.utterance.text, rules.words(turn.catalog).as_it_was)
    return Order("form_same", (number,), answers=True) if same else None


def _tapped(turn: Turn) -> bool:
    """Whether the words are those of a button: of the form's, or of something else that was asked meanwhile."""
    digit = turn.utterance.digit
    if not _options(turn) or (digit is not None and digit > _options(turn)):
        return False
    order = orders.meant(turn)
    if order is None or not order.answers or (digit is not None and _only_ways(turn)):
        return False
    return order.code not in (ANSWER, CHANGE) or turn.utterance.digit is not None or _pressed(turn, order)


def _pressed(turn: Turn, order: Order) -> bool:
    """Whether a choice's own words made the order, and not the sentence that is waited for."""
    return bool(turn.asked) and turn.utterance.text not in order.argument


def _around(turn: Turn, draft: Draft) -> Order | None:
    """The ways around a question, typed: 取消, 稍后, 上一步, another form, what it is for."""
    said, words, numbers = turn.utterance, rules.words(turn.catalog), (draft.number,)
    if (way := steering(words, said.text)) and filling.stays_on(turn, draft, said.text) is None:
        return Order(way, numbers, answers=True)
    if titles.titled(turn.catalog, said.text):
        return Order("form", (), said.text)
    if other := switching.to_another(turn, draft):
        return other
    if phrases.only(said.text, words.going_on):
        return Order("form_resume", numbers, answers=True)
    if _begins_another(turn, draft):
        return Order("form_beside", numbers, said.text, answers=True)
    if said.command is None and said.text.startswith(words.another):
        return Order("form", (), AN_OTHER.sub("", _behind(said.text, words.another)))
    if len(said.text) <= A_QUESTION and any(word in said.text for word in words.why):
        return Order("form_why", numbers, turn.asked.takes.partition(" ")[2] if turn.asked else "", answers=True)
    if len(said.text) <= A_QUESTION and phrases.only(said.text, words.how, words.how_beside):
        return Order("form_how", numbers, turn.asked.takes.partition(" ")[2] if turn.asked else "", answers=True)
    if _asks_back(turn, draft):
        return Order("form_asks", numbers, turn.asked.takes.partition(" ")[2] if turn.asked else "", answers=True)
    puts_right = said.command == "form_edit" or (said.command == "correct" and not _reported_since(turn, draft))
    if puts_right and not said.numbers:
        return Order(CHANGE, numbers, said.argument, answers=True)
    return None


def _asks_back(turn: Turn, draft: Draft) -> bool:
    """Whether it is a question that no answer of the form is in: 周末能不能施工, 要不要押金."""
    said, words = turn.utterance, rules.words(turn.catalog)
    if said.command is not None or len(said.text) > A_QUESTION:
        return False
    if not any(word in said.text for word in words.asks) and not said.text.endswith(ASKING):
        return False
    asked, of = rules.asked_of(draft.form, draft.answers), (turn.asked.takes if turn.asked else "").split(" ")[2:]
    puts_right = (
        naming.is_wrong(words, said.text.replace(OR_NOT, ""))
        or naming.without_change(turn, said.text, CHANGE) != said.text
    )
    refuses = any(word in said.text for word in words.refusing)
    if puts_right or refuses or naming.named(asked, words, said.text)[0] is not None:
        return False
    question = draft.form.by_id.get(of[0]) if of else None
    if question is None:
        return True
    heard = reading.answer(question, drafts.said(turn, said.text), words, draft.answers)
    return question.kind != "text" and bool(heard.trouble)


def _begins_another(turn: Turn, draft: Draft) -> bool:
    """Whether the words begin with another form's title, and answer something of it."""
    said = turn.utterance
    called = titles.begun(turn.catalog, said.text) if said.command is None else None
    if called is None or called[1] in draft.form.titles:
        return False
    form = lint.offered(turn.catalog)[called[0]]
    return bool(gathering.gather(form, drafts.said(turn, called[2]), rules.words(turn.catalog), {}).found)


def _behind(text: str, beginnings: Sequence[str]) -> str:
    """The text without the longest of these beginnings."""
    return text[max((len(one) for one in beginnings if text.startswith(one)), default=0) :]


def _is_incident(turn: Turn, draft: Draft, question: Question | None) -> bool:
    """Something is plainly broken or wrong somewhere, and it is nothing that the form asks about."""
    said = turn.utterance
    if said.intent != "report" or said.command is not None:
        return said.command == "report"
    if phrases.only(said.text, tuple(word for one in draft.form.questions for word in one.skips)):
        return False
    return asides.is_fault(turn, draft, question, said)


def _beside(turn: Turn, draft: Draft, question: Question | None) -> asides.Parted | None:
    """The answer and the fault that is told with it, where a line has both."""
    if turn.utterance.command is not None or turn.utterance.digit is not None:
        return None
    line = asides.parted(turn, draft, question)
    return line if line and asides.answers_too(turn, draft, question, line) else None


def _answered_beside(draft: Draft, fault: str) -> Handler:
    """Noted first; then it is asked once about the fault, and the next question waits for that."""

    def both(turn: Turn) -> list[Reply]:
        (filling.answered if turn.order and turn.order.code == ANSWER else filling.change)(turn)
        after = drafts.of_speaker(turn, draft.number)
        return [report_too(after, fault, noted=after.answers != draft.answers)]

    return both


def report_too(draft: Draft, fault: str, *, noted: bool) -> Reply:
    """Whether the fault is to be reported as well; nothing of the answer is held with it."""
    buttons = (Button("is_report", f"{REPORT} {draft.number}"), Button("no_report", f"{NO_REPORT} {draft.number}"))
    step = draft.row.step
    takes = f"{ANSWER} {draft.number} {step}" if step else f"{CHANGE} {draft.number}"
    held = Ask(takes=takes, held=fault[: intake.LONGEST], lasts_s=REPORT_TOO_S)
    return Reply("forms/report_too", {"fault": fault, "noted": noted}, buttons=buttons, ask=held)


@router.order(REPORT)
def reported_too(turn: Turn) -> list[Reply]:
    """It is reported, and the form goes on."""
    told = reports.meant(turn) if turn.order and turn.order.answers else []
    return told if any(one.ask and one.to is None for one in told) else [*told, *same(turn)]


@router.order(NO_REPORT)
def not_reported(turn: Turn) -> list[Reply]:
    """It is not, and the form goes on."""
    return same(turn)


def _wants_else(turn: Turn, draft: Draft, question: Question | None) -> bool:
    """Something else than a report is plainly wanted, and no question of the form understands it."""
    said = turn.utterance
    sure = said.confidence >= turn.catalog.thresholds[True].act
    if said.command is not None or said.intent not in OTHER_WANTS or not sure:
        return False
    if question is None or filling.stays_on(turn, draft, said.text):
        return False
    return not drafts.understood(turn, draft, question, said.text)


def _left_open(turn: Turn) -> Handler | None:
    """取消 and 稍后 reach the form that is open, also when something else was looked at meanwhile."""
    said, words = turn.utterance, rules.words(turn.catalog)
    if turn.incoming.happening != "text" or turn.in_group or turn.account is None or turn.order is not None:
        return None
    if said.command is not None or turn.quoted is not None or (turn.asked is not None and turn.asked.takes):
        return None
    way = steering(words, said.text)
    if way is None or (turn.asked is not None and orders.meant(turn) is not None):
        return None
    found = forms.of_account(turn.session, turn.account.id, DRAFT, KEPT)
    waiting = next((row for row in found if row.state == DRAFT), None)
    if waiting is not None:
        turn.order = Order(way, (waiting.number,))
        return None
    fresh = turn.now - timedelta(hours=words.cancel_hours)
    just = next((row for row in found if row.kept_at is not None and row.kept_at >= fresh), None)
    if just is None or way != "form_cancel":
        return None
    turn.order = Order("form_kept", (just.number,))
    return None


def _leaves_menu(turn: Turn) -> None:
    """Asked which form, somebody plainly wants something else, or none after all."""
    said, sure = turn.utterance, turn.catalog.thresholds[True].act
    if turn.incoming.happening == "text" and steering(rules.words(turn.catalog), said.text):
        turn.order = Order("form_not", answers=True)
    elif said.command is None and said.intent in ("report", "wish", *OTHER_WANTS) and said.confidence >= sure:
        turn.asked = None


def _photo(turn: Turn, number: int, of: str) -> Handler | None:
    """A photo where one is asked for, or anywhere in a form that wants one; else it is said that none is needed.

    A report that was made meanwhile has it.
    """
    draft, _ = that_waits(turn, number, of)
    if draft is None or turn.quoted not in (None, number) or _reported_since(turn, draft):
        return None
    asked = rules.asked_of(draft.form, draft.answers)
    wanted = next((one for one in asked if one.kind == "photo"), None)
    if wanted is not None:
        turn.order = Order(ANSWER, (number,), wanted.id, answers=True)
        return filling.answered
    turn.order = Order("form_photo", (number,), of, answers=True)
    return no_photo


def _reported_since(turn: Turn, draft: Draft) -> bool:
    """Whether the speaker reported something after the last answer."""
    if turn.account is None:
        return False
    return matters.latest_of(turn.session, turn.account.id, draft.row.touched_at) is not None


def _to_the_alarm(turn: Turn, draft: Draft, question: Question | None, alarm: Matter) -> Handler | None:
    """What would answer the form tells of those in danger; the form rests until it is called for, or tapped."""
    if steering(rules.words(turn.catalog), turn.utterance.text):
        turn.order = _around(turn, draft)
        return None
    if question is None or not drafts.understood(turn, draft, question, turn.utterance.text):
        turn.asked = None
        return None
    turn.order = Order("add", (alarm.number,), turn.utterance.text)
    return lambda turn: [*afterwards.sentence(turn), Reply("forms/rests")]


@router.order("form_photo")
def no_photo(turn: Turn) -> list[Reply]:
    """A photo that nobody asked for is not kept; the question again."""
    return _again(turn, "no_photo")


@router.order("form_why")
def why(turn: Turn) -> list[Reply]:
    """What it is for, who reads it and how long, in one breath; then the question again."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    question = draft.form.by_id.get(turn.order.argument.partition(" ")[2] if turn.order else "")
    values = {**asking.promise(turn, draft), "form": draft.form, "need_not": bool(question and not question.required)}
    told = Reply("forms/why", values, about=draft.number)
    return [told, *_again(turn, "")]


@router.order("form_how")
def how(turn: Turn) -> list[Reply]:
    """How it is meant: in one's own words, like the example; then the question again."""
    return _again(turn, "how")


@router.order("form_asks")
def asks_back(turn: Turn) -> list[Reply]:
    """A question that a form cannot answer: who does; then the form again, as it stood."""
    return [Reply("forms/cannot_say"), *_again(turn, "")]


def _again(turn: Turn, trouble: str) -> list[Reply]:
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    question = draft.form.by_id.get(turn.order.argument.partition(" ")[2] or turn.order.argument if turn.order else "")
    if question is None:
        return asking.go_on(turn, draft)
    return [asking.question_of(turn, draft, question, trouble=trouble)]


@router.order("form_same")
def same(turn: Turn) -> list[Reply]:
    """Nothing is changed after all: read back once more."""
    return asking.go_on(turn, drafts.of_speaker(turn, turn.order.number if turn.order else None))


def that_waits(turn: Turn, number: int, of: str) -> tuple[Draft | None, Question | None]:
    """The draft and its question that wait, if they still do."""
    row = forms.by_number(turn.session, number)
    if row is None or row.state != DRAFT:
        return None, None
    draft = drafts.opened(turn, row)
    return draft, draft.form.by_id.get(of)
