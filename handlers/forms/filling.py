"""Filling a form: one question a message, everything a line says at once, read back before it is kept."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import wraps

from bot import orders
from bot.errors import UserMistake
from bot.message import LITERAL, Address, Ask, Button, Lane, Reply
from bot.orders import AND_MORE
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.forms import asides, drafts, known, lint, reading, rules, showing
from handlers.forms.drafts import Draft
from handlers.forms.rules import Question, Words
from handlers.matters import intake, reports
from handlers.people import codes, consent, duty
from storage import forms, grids, journal, matters, people, timers
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
OTHER_WANTS = ("wish", "progress", "withdraw", "ask", "volunteer", "verify")
OF_A_MATTER = ("confirm", "withdraw")
"""Orders about a matter that, with a form open and without a number, can only be meant for the form."""
LISTED = "listed"
"""Held while the list of what may be changed is shown: a digit names a line of it."""
A_QUESTION = 24
"""Characters of a question about the form."""
WAYS = (("back", "form_back"), ("later", "form_later"), ("cancel", "form_cancel"))
AN_OTHER = re.compile(r"^\s*(?:一个|一份|一下|一条|个|份)?\s*")
BETWEEN = re.compile(r"^[\s,，:：、]*(?:改成|改为|改到|换成|应该是|应为|是|为)?[\s,，:：]*")
UNTIL_WHEN_UNKNOWN = 30
"""Days that a filing is kept from the day somebody comes who does not know when they leave."""
NOTED = "noted"
"""It was no answer to the question, and one to another."""
NOT_HEARD = ("not_understood", "until_when", "phone_wrong", "door_wrong", "impossible")
REPORT, NO_REPORT = "form_report", "form_no_report"
REPORT_TOO_S = 3600
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
    """While a form's question waits, what is said is its answer, unless it is plainly an incident or an order.

    A danger always passes, and so does a plain fault.
    """
    if turn.asked is None or not turn.asked.takes.startswith(OURS) or turn.order is not None:
        return _leaves_menu(turn) if turn.asked and turn.asked.takes == MENU else _left_open(turn)
    said, (code, _, rest) = turn.utterance, turn.asked.takes.partition(" ")
    number, _, of = rest.partition(" ")
    if turn.incoming.happening == "photo":
        return _photo(turn, int(number), of)
    if turn.incoming.happening != "text" or said.intent == "emergency" or turn.quoted not in (None, int(number)):
        return None
    if order := _in_the_list(turn, int(number)):
        turn.order = order
        return None
    if _tapped(turn):
        return None
    draft, question = _waiting(turn, int(number), of)
    if draft is None:
        return None
    if order := _around(turn, draft):
        turn.order = order
    elif question is not None and _skips(turn, question, said.text):
        turn.order = Order(ANSWER, (int(number),), f"{of} {said.text}", answers=True)
    elif beside := _beside(turn, draft, question):
        turn.order = Order(code, (int(number),), f"{of} {beside.answer}".strip(), answers=True)
        return _answered_beside(draft, beside.fault)
    elif _is_incident(turn, draft, question) or _wants_else(turn, draft, question):
        turn.asked = None
    elif _only_looks_like_an_order(turn):
        turn.order = Order(code, (int(number),), f"{of} {said.text}".strip(), answers=True)
    return None


def _only_looks_like_an_order(turn: Turn) -> bool:
    """A digit beyond the buttons, a slip that was guessed to be an order, a word about a matter."""
    said = turn.utterance
    if said.digit is not None:
        return said.digit > _options(turn)
    return said.command is not None and (said.confidence < TYPED_SLIP or said.command in OF_A_MATTER)


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
    if order is None or not order.answers:
        return False
    return order.code not in (ANSWER, CHANGE) or turn.utterance.digit is not None or _pressed(turn, order)


def _pressed(turn: Turn, order: Order) -> bool:
    """Whether a choice's own words made the order, and not the sentence that is waited for."""
    return bool(turn.asked) and turn.utterance.text not in order.argument


def _around(turn: Turn, draft: Draft) -> Order | None:
    """The ways around a question, typed: 取消, 稍后, 上一步, another form, what it is for."""
    said, words, numbers = turn.utterance, rules.words(turn.catalog), (draft.number,)
    if way := steering(words, said.text):
        return Order(way, numbers, answers=True)
    if lint.titled(turn.catalog, said.text):
        return Order("form", (), said.text)
    if said.command is None and said.text.startswith(words.another):
        return Order("form", (), AN_OTHER.sub("", _behind(said.text, words.another)))
    if len(said.text) <= A_QUESTION and any(word in said.text for word in words.why):
        return Order("form_why", numbers, turn.asked.takes.partition(" ")[2] if turn.asked else "", answers=True)
    if said.command == "form_edit" and not said.numbers:
        return Order(CHANGE, numbers, said.argument, answers=True)
    return None


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
        (answered if turn.order and turn.order.code == ANSWER else change)(turn)
        after = drafts.of_speaker(turn, draft.number)
        return [_report_too(after, fault, noted=after.answers != draft.answers)]

    return both


def _report_too(draft: Draft, fault: str, *, noted: bool) -> Reply:
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
    return question is not None and not drafts.understood(turn, draft, question, said.text)


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
    elif said.command is None and said.intent in ("report", *OTHER_WANTS) and said.confidence >= sure:
        turn.asked = None


def steering(words: Words, text: str) -> str | None:
    """The order that 上一步, 稍后 or 取消 is, however it is said; of several the mildest. None for other words."""
    if len(text) > A_QUESTION:
        return None
    found = [order for way, order in WAYS if phrases.some(text, getattr(words, way))]
    every = (*words.back, *words.later, *words.cancel)
    return found[0] if found and phrases.only(text, every) else None


def _photo(turn: Turn, number: int, of: str) -> Handler | None:
    """A photo where one is asked for, or anywhere in a form that wants one; else it is said that none is needed.

    A report that was made meanwhile has it.
    """
    draft, _ = _waiting(turn, number, of)
    if draft is None or turn.quoted not in (None, number) or _reported_since(turn, draft):
        return None
    asked = rules.asked_of(draft.form, draft.answers)
    wanted = next((one for one in asked if one.kind == "photo"), None)
    if wanted is not None:
        turn.order = Order(ANSWER, (number,), wanted.id, answers=True)
        return answered
    turn.order = Order("form_photo", (number,), of, answers=True)
    return no_photo


def _reported_since(turn: Turn, draft: Draft) -> bool:
    """Whether the speaker reported something after the last answer."""
    if turn.account is None:
        return False
    return matters.latest_of(turn.session, turn.account.id, draft.row.touched_at) is not None


@router.order("form_photo")
def no_photo(turn: Turn) -> list[Reply]:
    """A photo that nobody asked for is not kept; the question again."""
    return _again(turn, "no_photo")


@router.order("form_why")
def why(turn: Turn) -> list[Reply]:
    """What it is for, who reads it and how long, in one breath; then the question again."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    told = Reply("forms/why", {**_promise(turn, draft), "form": draft.form}, about=draft.number)
    return [told, *_again(turn, "")]


def _again(turn: Turn, trouble: str) -> list[Reply]:
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    question = draft.form.by_id.get(turn.order.argument.partition(" ")[2] or turn.order.argument if turn.order else "")
    if question is None:
        return go_on(turn, draft)
    return [asking(turn, draft, question, trouble=trouble)]


@router.order("form_same")
def same(turn: Turn) -> list[Reply]:
    """Nothing is changed after all: read back once more."""
    return go_on(turn, drafts.of_speaker(turn, turn.order.number if turn.order else None))


@router.order("form_kept")
def kept_lately(turn: Turn) -> list[Reply]:
    """取消 right after keeping: it stands, and can be taken back by one tap."""
    number = turn.order.number if turn.order else None
    buttons = (Button("form_withdraw", f"form_withdraw {number}"), Button("form_let_stand", "form_let_stand"))
    return [Reply("forms/kept_lately", {"number": number}, buttons=buttons, about=number, ask=Ask())]


@router.order("form_let_stand")
def let_stand(_turn: Turn) -> list[Reply]:
    """It stays as it was kept."""
    return [Reply("forms/let_stand")]


@router.afterword
def after_a_door(turn: Turn) -> Handler | None:
    """A code was scanned in the middle of a form: its door is an answer, and the form goes on."""
    if turn.asked is None or not turn.asked.takes.startswith(OURS) or turn.in_group:
        return None
    by_code = turn.incoming.happening == "scan" or (turn.order is not None and turn.order.code in ("code", "keep_door"))
    return go_on_from_the_door if by_code else None


def go_on_from_the_door(turn: Turn) -> list[Reply]:
    """The next question, once the door is known; nothing while the yes to it is waited for."""
    number = turn.asked.takes.split(" ")[1] if turn.asked else ""
    draft, _ = _waiting(turn, int(number), "")
    home = codes.home_of(turn)
    if draft is None or home is None or not home.room or not drafts.fill_held(turn, draft):
        return []
    return go_on(turn, draft)


def _waiting(turn: Turn, number: int, of: str) -> tuple[Draft | None, Question | None]:
    """The draft and its question that wait, if they still do."""
    row = forms.by_number(turn.session, number)
    if row is None or row.state != DRAFT:
        return None, None
    draft = drafts.opened(turn, row)
    return draft, draft.form.by_id.get(of)


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
    if other := _corrects(turn, draft, question, text):
        return _corrected(turn, draft, *other)
    trouble = drafts.take(turn, draft, question, text)
    aside = question.kind != "text" and turn.incoming.happening == "text"
    noted = drafts.fill(turn, draft, text, but=of).put if aside else []
    if trouble:
        drafts.save(turn, draft, of)
        return [
            asking(turn, draft, question, trouble=NOTED if noted and trouble in NOT_HEARD else trouble, noted=noted)
        ]
    return go_on(turn, draft)


def _corrects(turn: Turn, draft: Draft, question: Question, text: str) -> tuple[Question, str] | None:
    """Another answer is put right while this question waits: 从哪里来改成重庆."""
    if turn.incoming.happening != "text":
        return None
    named, rest = _named(draft, _without_change(turn, text))
    if named is None or not rest or named.id == question.id or named.id not in draft.answers:
        return None
    return (named, rest) if any(word in text for word in rules.words(turn.catalog).changing) else None


def _corrected(turn: Turn, draft: Draft, question: Question, text: str) -> list[Reply]:
    trouble = drafts.take(turn, draft, question, text)
    if trouble:
        drafts.save(turn, draft, question.id)
        return [asking(turn, draft, question, trouble=trouble)]
    return go_on(turn, draft)


def go_on(turn: Turn, draft: Draft, *, opening: bool = False) -> list[Reply]:
    """The next question, or all of it read back."""
    question = draft.step
    drafts.save(turn, draft, question.id if question else "")
    if question is None:
        return [read_back(turn, draft)]
    return [asking(turn, draft, question, trouble=_why_again(draft, question), opening=opening)]


def _why_again(draft: Draft, question: Question) -> str:
    """Why a question comes that was answered: half of it is missing, or another answer made it impossible."""
    if reading.is_half(draft.answers.get(question.id, "")):
        return "until_when"
    return "impossible" if draft.again == question.id else ""


def asking(
    turn: Turn,
    draft: Draft,
    question: Question,
    *,
    trouble: str = "",
    opening: bool = False,
    noted: Sequence[str] = (),
) -> Reply:
    """One question, with what can be tapped; and what was just put down for others."""
    half = reading.is_half(draft.answers.get(question.id, ""))
    told = {of: value for of, value in draft.answers.items() if opening or of in noted}
    held = showing.lines(turn.catalog, draft.form, told, today=drafts.local(turn).date())
    values = {
        "form": draft.form,
        "question": question,
        "trouble": trouble,
        "opening": opening,
        "held": held,
        "half": half,
    }
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
        "lines": showing.lines(turn.catalog, draft.form, draft.answers, known, today=drafts.local(turn).date()),
        **_promise(turn, draft),
        "again": draft.row.revises_id is not None,
    }
    buttons = (
        Button("form_keep", f"form_keep {draft.number}"),
        Button("form_change", f"{CHANGE} {draft.number}"),
        Button("form_cancel", f"form_cancel {draft.number}"),
    )
    ask = Ask(takes=f"{CHANGE} {draft.number}", lasts_s=_lasts_s(turn))
    return Reply("forms/read_back", values, buttons=buttons, about=draft.number, ask=ask)


def _other_household(turn: Turn, draft: Draft) -> Filing | None:
    """The kept filing of another door whose place this one would take, unless its owner said so."""
    if draft.row.revises_id is None or draft.door is None or not draft.form.once or draft.has_moved:
        return None
    found = forms.of_account(turn.session, draft.row.account_id, KEPT)
    stands = next((row for row in found if row.id == draft.row.revises_id and row.room), None)
    return stands if stands and not known.is_of(stands, draft.door) else None


def _one_more_or_changed(turn: Turn, draft: Draft, stands: Filing) -> Reply:
    """Whoever moved changes the one that stands; another household is filed beside it."""
    door = draft.door
    held = showing.door(turn.catalog, door.building, door.unit, door.room) if door else ""
    buttons = (
        Button("form_edit", f"form_moved {draft.number}"),
        Button("form_again", f"form_again {draft.row.form}"),
    )
    values = {"number": stands.number, "form": draft.form}
    ask = Ask(takes=f"{CHANGE} {draft.number}", held=held, lasts_s=REPORT_TOO_S)
    return Reply("forms/other_door", values, buttons=buttons, about=stands.number, ask=ask)


def _promise(turn: Turn, draft: Draft) -> dict[str, object]:
    """Who reads it and how long it is kept."""
    staff = [turn.catalog.roles[role].name for role in draft.form.staff]
    return {"staff": staff, "until": kept_until(turn, draft)}


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
    if stands := _other_household(turn, draft):
        return [_one_more_or_changed(turn, draft, stands)]
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
        if given_up := _given_up(draft, text):
            draft.put(given_up, "")
            return go_on(turn, draft)
        filled = drafts.fill(turn, draft, text) if text else drafts.Filled()
        if filled.put:
            return go_on(turn, draft)
        if doubt := next(((draft.form.by_id[of], why) for of, why in filled.doubtful.items()), None):
            drafts.save(turn, draft, doubt[0].id)
            return [asking(turn, draft, doubt[0], trouble=doubt[1])]
        return [_list(turn, draft, missed=bool(text))]
    trouble = drafts.take(turn, draft, question, rest) if rest else ""
    if rest and not trouble:
        return go_on(turn, draft)
    drafts.save(turn, draft, question.id)
    return [asking(turn, draft, question, trouble=trouble)]


def _given_up(draft: Draft, text: str) -> Question | None:
    """An answer that is taken out again: 没得电话."""
    asked = rules.asked_of(draft.form, draft.answers)
    return next((one for one in asked if not one.required and phrases.only(text, one.skips)), None)


def _list(turn: Turn, draft: Draft, *, missed: bool) -> Reply:
    """What may be changed, by number, and the way out."""
    drafts.save(turn, draft, "")
    values = {"questions": rules.asked_of(draft.form, draft.answers), "missed": missed}
    ask = Ask(takes=f"{CHANGE} {draft.number}", held=LISTED, lasts_s=_lasts_s(turn))
    buttons = (
        Button("form_as_it_is", f"form_keep {draft.number}"),
        Button("form_later", f"form_later {draft.number}"),
        Button("form_cancel", f"form_cancel {draft.number}"),
    )
    return Reply("forms/change_what", values, buttons=buttons, about=draft.number, ask=ask)


@router.order("form_back")
def back(turn: Turn) -> list[Reply]:
    """上一步: the question before, with its answer still standing until there is another."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    before = _before(draft, draft.form.by_id.get(draft.row.step)) or rules.asked_of(draft.form, draft.answers)[:1]
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
    after = draft.form.by_id.get(expiry.after)
    begun = answers.get(after.after, "") if after else ""
    first = reading.day_of(named or begun, last=True) if named or begun else drafts.local(turn).date()
    days = expiry.days if named or not expiry.after else max(expiry.days, UNTIL_WHEN_UNKNOWN)
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
    if _before(draft, question):
        ways.append(Button("form_back", f"form_back {draft.number}"))
    return (*ways, Button("form_later", f"form_later {draft.number}"))


def _before(draft: Draft, question: Question | None) -> list[Question]:
    """The questions that the speaker answered before this one; before the end, all of them."""
    asked = rules.asked_of(draft.form, draft.answers)
    upto = asked.index(question) if question in asked else len(asked)
    return [one for one in asked[:upto] if one.id in draft.answers and one.id not in draft.known]


def _steers(turn: Turn) -> Handler | None:
    """上一步, 稍后, 取消 typed instead of tapped."""
    if turn.incoming.happening != "text":
        return None
    way = steering(rules.words(turn.catalog), turn.utterance.text)
    return {"form_back": back, "form_later": later, "form_cancel": cancel}[way] if way else None


def _skips(turn: Turn, question: Question, text: str) -> bool:
    """Whether the answer is that there is none, to a question that need not be answered."""
    may = not question.required and question.kind not in ("yesno", "number")
    return may and phrases.only(text, (*question.skips, *rules.words(turn.catalog).skip))


def _without_change(turn: Turn, text: str) -> str:
    """What follows "改", "不对" and the like."""
    for word in sorted((word.rstrip(AND_MORE) for word in orders.words(turn, CHANGE)), key=len, reverse=True):
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
