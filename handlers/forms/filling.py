"""Filling a form: one question a message, everything a line says at once, read back before it is kept."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import wraps

from bot.errors import UserMistake
from bot.message import LITERAL, Address, Ask, Button, Lane, Reply
from bot.orders import AND_MORE, ANSWERS
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.forms import drafts, reading, rules, showing
from handlers.forms.drafts import Draft
from handlers.forms.rules import Question
from handlers.people import consent, duty
from storage import forms, grids, journal, people, timers
from storage.forms import DRAFT, KEPT, WITHDRAWN, Filing

router = Router()

ANSWER, CHANGE = "form_answer", "form_change"
MENU = "form"
"""What the list of forms takes: the next sentence names one."""
OURS = (f"{ANSWER} ", f"{CHANGE} ")
EXPIRY = "form_expiry"
"""The timer of a kept filing's reminder and end."""
CONSENT = "forms"
"""The purpose of consent.toml: what is read back names what, why and how long, and its yes is the consent."""
A_DAY_S = 24 * 3600
TYPED_SLIP = 1.0
"""An order that is less sure than this was guessed: the answer to an open question comes before it."""
OTHER_WANTS = ("report", "wish", "progress", "withdraw", "ask", "volunteer", "verify")
BETWEEN = re.compile(r"^[\s,，:：、]*(?:改成|改为|改到|换成|应该是|应为|是|为)?[\s,，:：]*")
EVENING = 20
"""No reminder rings after this hour or before eight."""


def in_private(handler: Handler) -> Handler:
    """Whatever is answered goes to the speaker alone; a group hears that it has arrived, and no more."""

    @wraps(handler)
    def answered(turn: Turn) -> list[Reply]:
        replies = handler(turn)
        if not turn.in_group or not replies:
            return replies
        alone = Address(turn.incoming.channel, turn.incoming.sender, private=True)
        return [Reply("forms/got_it"), *(replace(reply, to=reply.to or alone) for reply in replies)]

    return answered


@router.guard
def while_asked(turn: Turn) -> Handler | None:
    """While a form's question waits: a digit, a photo, a slip that looks like an order are answers; other wants pass."""
    if turn.asked is None or not turn.asked.takes.startswith(OURS):
        return _leaves_menu(turn) if turn.asked and turn.asked.takes == MENU else None
    said, (code, _, rest) = turn.utterance, turn.asked.takes.partition(" ")
    number, _, of = rest.partition(" ")
    if turn.incoming.happening == "photo" and code == ANSWER:
        return _photo(turn, int(number), of)
    if turn.incoming.happening != "text" or said.intent == "emergency" or turn.quoted not in (None, int(number)):
        return None
    options = len(turn.asked.options.split("\n")) if turn.asked.options else 0
    taken = Order(code, (int(number),), f"{of} {said.text}".strip(), answers=True)
    beyond_the_buttons = said.digit is not None and said.digit > options
    guessed_order = said.command is not None and said.confidence < TYPED_SLIP
    if beyond_the_buttons or guessed_order:
        turn.order = taken
    elif code == ANSWER and said.command is None and said.intent in OTHER_WANTS:
        _let_pass(turn, int(number), of)
    return None


def _leaves_menu(turn: Turn) -> None:
    """Asked which form, somebody plainly wants something else."""
    said, sure = turn.utterance, turn.catalog.thresholds[True].act
    if said.command is None and said.intent in OTHER_WANTS and said.confidence >= sure:
        turn.asked = None


def _photo(turn: Turn, number: int, of: str) -> Handler | None:
    """A photo where one is asked for."""
    draft, question = _waiting(turn, number, of)
    if draft is None or question is None or question.kind != "photo":
        return None
    turn.order = Order(ANSWER, (number,), of, answers=True)
    return answered


def _waiting(turn: Turn, number: int, of: str) -> tuple[Draft | None, Question | None]:
    """The draft and its question that wait, if they still do."""
    row = forms.by_number(turn.session, number)
    if row is None or row.state != DRAFT:
        return None, None
    draft = drafts.opened(turn, row)
    return draft, draft.form.by_id.get(of)


def _let_pass(turn: Turn, number: int, of: str) -> None:
    """Something else is plainly wanted and is no answer: the question waits on."""
    if turn.utterance.confidence < turn.catalog.thresholds[True].act:
        return
    draft, question = _waiting(turn, number, of)
    if draft and question and not drafts.understood(turn, draft, question, turn.utterance.text) and not _steers(turn):
        turn.asked = None


@router.order(ANSWER)
def answered(turn: Turn) -> list[Reply]:
    """One answer, and whatever else its sentence says; then the next question, or all of it read back."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    of, _, text = (turn.order.argument if turn.order else "").partition(" ")
    question = draft.form.by_id.get(of)
    if question is None or not rules.applies(question, draft.answers):
        return go_on(turn, draft)
    if steer := _steers(turn):
        return steer(turn)
    if _skips(turn, question, text):
        draft.put(question, "")
        return go_on(turn, draft)
    trouble = drafts.take(turn, draft, question, text)
    more = (
        drafts.fill(turn, draft, text, but=of) if question.kind != "text" and turn.incoming.happening == "text" else 0
    )
    if trouble:
        drafts.save(turn, draft, of)
        return [asking(turn, draft, question, trouble="" if more and trouble == "not_understood" else trouble)]
    return go_on(turn, draft)


def go_on(turn: Turn, draft: Draft, *, opening: bool = False) -> list[Reply]:
    """The next question, or all of it read back."""
    question = draft.step
    drafts.save(turn, draft, question.id if question else "")
    if question is None:
        return [read_back(turn, draft)]
    return [asking(turn, draft, question, opening=opening)]


def asking(turn: Turn, draft: Draft, question: Question, *, trouble: str = "", opening: bool = False) -> Reply:
    """One question, with what can be tapped."""
    held = showing.lines(turn.catalog, draft.form, draft.answers) if opening else []
    values = {"form": draft.form, "question": question, "trouble": trouble, "opening": opening, "held": held}
    return Reply(
        "forms/ask",
        values,
        buttons=_buttons(draft, question),
        about=draft.number,
        ask=Ask(takes=f"{ANSWER} {draft.number} {question.id}", lasts_s=_lasts_s(turn)),
    )


def read_back(turn: Turn, draft: Draft) -> Reply:
    """Everything once more; only now it is kept, changed or dropped."""
    known = frozenset[str]() if draft.row.revises_id else draft.known
    values = {
        "form": draft.form,
        "lines": showing.lines(turn.catalog, draft.form, draft.answers, known),
        "until": kept_until(turn, draft),
        "staff": [turn.catalog.roles[role].name for role in draft.form.staff],
        "again": draft.row.revises_id is not None,
    }
    buttons = (
        Button("form_keep", f"form_keep {draft.number}"),
        Button("form_change", f"{CHANGE} {draft.number}"),
        Button("form_cancel", f"form_cancel {draft.number}"),
    )
    ask = Ask(takes=f"{CHANGE} {draft.number}", lasts_s=_lasts_s(turn))
    return Reply("forms/read_back", values, buttons=buttons, about=draft.number, ask=ask)


@router.order("form_keep")
@in_private
def keep(turn: Turn) -> list[Reply]:
    """The speaker says it is right: kept until its day, told to whom it concerns."""
    number = turn.order.number if turn.order else None
    row = forms.by_number(turn.session, number, to_change=True) if number else None
    if row is not None and row.state == KEPT and turn.account and row.account_id == turn.account.id:
        return [Reply("forms/kept_already", {"number": row.number})]
    draft = drafts.of_speaker(turn, number)
    if draft.step is not None:
        return go_on(turn, draft)
    kept, fresh = _kept(turn, draft)
    timers.disarm(turn.session, drafts.REMINDER, draft.row.id)
    _watch(turn, draft, kept)
    if not consent.given(turn, kept.account_id, CONSENT):
        consent.record(turn, CONSENT, given=True)
    _note(turn, "form_keep" if fresh else "form_edit", kept)
    if turn.account and turn.account.grid_id is None and kept.grid_id is not None:
        people.settle(turn.session, turn.account.id, kept.grid_id)
    waiting = [row for row in forms.of_account(turn.session, kept.account_id, DRAFT) if row.id != draft.row.id]
    values = {"number": kept.number, "form": draft.form, "until": kept.kept_until, "waiting": len(waiting)}
    buttons = (Button("form_resume", f"form_resume {waiting[0].number}"),) if waiting else ()
    told = _told(turn, draft, kept) if fresh else []
    return [Reply("forms/kept", values, buttons=buttons, about=kept.number, ask=Ask() if waiting else None), *told]


@router.order(CHANGE)
def change(turn: Turn) -> list[Reply]:
    """改: which answer, and to what; as much of it as was said."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    if steer := _steers(turn):
        return steer(turn)
    text = _without_change(turn, turn.order.argument if turn.order else "")
    question, rest = _named(draft, text)
    if question is None:
        if text and drafts.fill(turn, draft, text):
            return go_on(turn, draft)
        asked = rules.asked_of(draft.form, draft.answers)
        drafts.save(turn, draft, "")
        ask = Ask(takes=f"{CHANGE} {draft.number}", lasts_s=_lasts_s(turn))
        return [Reply("forms/change_what", {"questions": asked, "missed": bool(text)}, about=draft.number, ask=ask)]
    trouble = drafts.take(turn, draft, question, rest) if rest else ""
    if rest and not trouble:
        return go_on(turn, draft)
    drafts.save(turn, draft, question.id)
    return [asking(turn, draft, question, trouble=trouble)]


@router.order("form_back")
def back(turn: Turn) -> list[Reply]:
    """上一步: the question before, with its answer still standing until there is another."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    asked = rules.asked_of(draft.form, draft.answers)
    waiting = next((at for at, question in enumerate(asked) if question.id == draft.row.step), len(asked))
    before = [question for question in asked[:waiting] if question.id not in draft.known] or asked[:1]
    drafts.save(turn, draft, before[-1].id)
    return [asking(turn, draft, before[-1])]


@router.order("form_later")
def later(turn: Turn) -> list[Reply]:
    """稍后: nothing is lost."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    drafts.save(turn, draft, draft.row.step)
    values = {"form": draft.form, "days": rules.words(turn.catalog).draft_days}
    buttons = (Button("form_resume", f"form_resume {draft.number}"),)
    return [Reply("forms/later", values, buttons=buttons, about=draft.number, ask=Ask(lasts_s=_lasts_s(turn)))]


@router.order("form_cancel")
def cancel(turn: Turn) -> list[Reply]:
    """取消: the draft and its answers are gone; what it would have changed stays."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    forms.end(turn.session, [draft.row.id], WITHDRAWN, turn.now)
    timers.disarm(turn.session, drafts.REMINDER, draft.row.id)
    return [Reply("forms/cancelled", {"form": draft.form, "again": draft.row.revises_id is not None})]


@router.order("form_skip")
def skip(turn: Turn) -> list[Reply]:
    """跳过: a question that need not be answered."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    question = draft.form.by_id.get(turn.order.argument if turn.order else "")
    if question is not None and not question.required:
        draft.put(question, "")
    return go_on(turn, draft)


def kept_until(turn: Turn, draft: Draft) -> datetime:
    """The moment at which the answers are erased: the end of the last day."""
    expiry, answers = draft.form.expiry, draft.answers
    named = answers.get(expiry.after, "")
    first = reading.day_of(named, last=True) if named else drafts.local(turn).date()
    days = expiry.days if named or not expiry.after else max(expiry.days, 30)
    last = max(first, drafts.local(turn).date()) + timedelta(days=days)
    return datetime.combine(last, time(hour=EVENING), tzinfo=turn.settings.zone)


def _kept(turn: Turn, draft: Draft) -> tuple[Filing, bool]:
    """The row as it is kept, and whether it is a new one; a revision goes into the filing it revises."""
    values = {
        **drafts.values(draft),
        "state": KEPT,
        "step": "",
        "touched_at": turn.now,
        "kept_at": turn.now,
        "kept_until": kept_until(turn, draft),
    }
    if draft.row.revises_id is not None:
        revised = forms.change(turn.session, draft.row.revises_id, KEPT, values)
        if revised is not None:
            forms.drop(turn.session, draft.row.id)
            return revised, False
    kept = forms.change(turn.session, draft.row.id, DRAFT, {**values, "revises_id": None})
    if kept is None:
        raise UserMistake("forms/gone")
    return kept, True


def _watch(turn: Turn, draft: Draft, kept: Filing) -> None:
    """Look again when its owner is to be reminded, or when it ends."""
    if kept.kept_until is None:
        return
    remind = kept.kept_until - timedelta(days=draft.form.expiry.remind)
    due = remind if draft.form.expiry.remind and remind > turn.now + timedelta(days=1) else kept.kept_until
    morning = due.astimezone(turn.settings.zone).replace(hour=9, minute=0) if due is remind else due
    timers.arm(turn.session, EXPIRY, kept.id, max(morning, turn.now + timedelta(hours=1)))


def _note(turn: Turn, act: str, kept: Filing) -> None:
    """The journal tells that it was done, and never what was answered."""
    detail = f"{kept.form} {kept.number}"
    journal.note(turn.session, turn.now, act, grid_id=kept.grid_id, account_id=kept.account_id, detail=detail)


def _told(turn: Turn, draft: Draft, kept: Filing) -> list[Reply]:
    """Whoever the form names and is nearest hears that there is one, and where to read it."""
    if not draft.form.tells or kept.grid_id is None:
        return []
    seats = duty.over(turn, grids.get(turn.session, kept.grid_id)).nearest(draft.form.tells)
    if not seats or (turn.account and seats[0].person_id == turn.account.person_id):
        return []
    where = showing.door(turn.catalog, kept.building, kept.unit, kept.room)
    values = {"number": kept.number, "form": draft.form, "where": where}
    return [Reply("forms/new_for_staff", values, to=duty.address(seats[0]), lane=Lane.DUTY, about=None)]


def _buttons(draft: Draft, question: Question) -> tuple[Button, ...]:
    """Choices first; a number's buttons are its digits; else the ways around the question."""
    press = f"{ANSWER} {draft.number} {question.id}"
    if question.kind == "choice":
        return tuple(Button(f"{LITERAL}{option.label}", f"{press} {option.code}") for option in question.options)
    if question.kind == "yesno":
        return (Button("yes", f"{press} yes"), Button("no", f"{press} no"))
    if question.kind == "number":
        count = range(1, min(4, question.most or 4) + 1) if question.least == 1 else ()
        return tuple(Button(f"{LITERAL}{one}", f"{press} {one}") for one in count)
    ways = [Button("form_skip", f"form_skip {draft.number} {question.id}")] if not question.required else []
    if any(one.id not in draft.known for one in _filled(draft)):
        ways.append(Button("form_back", f"form_back {draft.number}"))
    return (*ways, Button("form_later", f"form_later {draft.number}"))


def _filled(draft: Draft) -> Sequence[Question]:
    return [question for question in rules.asked_of(draft.form, draft.answers) if draft.answers.get(question.id)]


def _steers(turn: Turn) -> Handler | None:
    """上一步, 稍后, 取消 typed instead of tapped."""
    if turn.incoming.happening != "text":
        return None
    words, said = rules.words(turn.catalog), turn.utterance.text.rstrip("。！!~ ")
    ways = ((words.back, back), (words.later, later), (words.cancel, cancel))
    return next((handler for spoken, handler in ways if said in spoken), None)


def _skips(turn: Turn, question: Question, text: str) -> bool:
    """Whether the answer is that there is none, to a question that need not be answered."""
    may = not question.required and question.kind not in ("yesno", "number")
    return may and text.strip("。 ") in rules.words(turn.catalog).skip


def _without_change(turn: Turn, text: str) -> str:
    """What follows "改", "不对" and the like."""
    spoken = turn.catalog.read(ANSWERS, dict[str, tuple[str, ...]]).get(CHANGE, ())
    for word in sorted((word.rstrip(AND_MORE) for word in spoken), key=len, reverse=True):
        if text.startswith(word):
            return BETWEEN.sub("", text[len(word) :])
    return text


def _named(draft: Draft, text: str) -> tuple[Question | None, str]:
    """The question that is named by its number, its label or what sheets call it, and what follows."""
    asked = rules.asked_of(draft.form, draft.answers)
    if text.isdecimal() and 1 <= int(text) <= len(asked):
        return asked[int(text) - 1], ""
    names = [(name, question) for question in asked for name in (question.label, *question.columns)]
    for name, question in sorted(names, key=lambda pair: -len(pair[0])):
        if text.startswith(name):
            return question, BETWEEN.sub("", text[len(name) :])
    return None, text


def _lasts_s(turn: Turn) -> int:
    return rules.words(turn.catalog).draft_days * A_DAY_S
