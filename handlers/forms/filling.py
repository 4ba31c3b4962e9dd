"""Filling a form: one question a message, everything a line says at once, all of it read back."""

from collections.abc import Sequence
from dataclasses import replace
from functools import wraps

from bot.message import LITERAL, Address, Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.forms import drafts, naming, reading, rules, several, showing
from handlers.forms.drafts import Draft
from handlers.forms.rules import Question, Words
from handlers.people import consent
from storage import forms, timers
from storage.forms import WITHDRAWN

router = Router()

ANSWER, CHANGE = "form_answer", "form_change"
MENU = "form"
"""What the list of forms takes: the next sentence names one."""
A_DAY_S = 24 * 3600
LISTED = "listed"
"""Held while the list of what may be changed is shown: a digit names a line of it."""
ENDS = " ,，。:：、的是电话手机"
A_PRONOUN = 1
"""Letters that may be left of a line that only names somebody: 我."""
A_FEW_WORDS = 24
"""Characters of a sentence that steers a form."""
WAYS = (("back", "form_back"), ("later", "form_later"), ("cancel", "form_cancel"))
NOTED = "noted"
"""It was no answer to the question, and one to another."""
NOT_HEARD = ("not_understood", "until_when", "phone_wrong", "door_wrong", "impossible")


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
    if skips(turn, question, text):
        draft.put(question, "")
        return go_on(turn, draft)
    if typed := _put_right(turn, draft, question, text):
        return typed
    if noted := _for_another(turn, draft, question, text):
        drafts.save(turn, draft, of)
        return [asking(turn, draft, question, trouble=NOTED, noted=noted)]
    trouble = drafts.take(turn, draft, question, text)
    says_more = question.kind != "text" or (question.finds and rules.pattern(question.finds).search(text))
    aside = says_more and turn.incoming.happening == "text"
    noted = drafts.fill(turn, draft, text, but=of).put if aside else []
    if trouble:
        drafts.save(turn, draft, of)
        return [
            asking(turn, draft, question, trouble=NOTED if noted and trouble in NOT_HEARD else trouble, noted=noted)
        ]
    return go_on(turn, draft)


def _for_another(turn: Turn, draft: Draft, question: Question, text: str) -> list[str]:
    """Somebody else and their phone, told where a text is asked for: what another question asks, and put down there."""
    given, words = drafts.said(turn, text), rules.words(turn.catalog)
    if question.kind != "text" or question.finds or not given.numbers.get("phone"):
        return []
    found = reading.gather(draft.form, given, words, draft.answers).found
    theirs = [of for of in found if of not in draft.answers and draft.form.by_id[of].kind in ("phone", "text")]
    if not any(draft.form.by_id[of].other for of in theirs):
        return []
    rest = text
    for piece in (*given.numbers["phone"], *(found[of] for of in theirs)):
        rest = rest.replace(piece, "")
    return drafts.fill(turn, draft, text, but=question.id).put if len(rest.strip(ENDS)) <= A_PRONOUN else []


def _put_right(turn: Turn, draft: Draft, question: Question, text: str) -> list[Reply] | None:
    """Other answers are put right while this question waits: one, several, or one in the place of a yes or no."""
    words = rules.words(turn.catalog)
    if turn.incoming.happening != "text":
        return None
    if back := several.taken_back(turn, draft, question, text):
        if question.id in back.put:
            return go_on(turn, draft)
        drafts.save(turn, draft, question.id)
        return [asking(turn, draft, question, trouble="put_right" if back.put else "what_wrong", noted=back.put)]
    if naming.is_wrong(words, text) and (taken := several.take_all(turn, draft, text)):
        if taken.rest and question.id not in taken.put:
            drafts.take(turn, draft, question, "，".join(taken.rest))
            taken.rest = []
        return _after_several(turn, draft, taken)
    other = _corrects(turn, draft, question, text)
    return _corrected(turn, draft, *other) if other else None


def _after_several(turn: Turn, draft: Draft, taken: several.Taken) -> list[Reply]:
    """What could not be taken is asked for; what was not understood is said."""
    words = rules.words(turn.catalog)
    unheard = [one for one in taken.rest if naming.is_wrong(words, one) or any(map(str.isdecimal, one))]
    told = [Reply("forms/not_taken", {"words": "，".join(unheard)})] if unheard else []
    if taken.missed:
        question, trouble = taken.missed[0]
        drafts.save(turn, draft, question.id)
        why = "" if trouble == "put_right" and not taken.put else trouble
        return [*told, asking(turn, draft, question, trouble=why, noted=taken.put)]
    return [*told, *go_on(turn, draft)]


def _corrects(turn: Turn, draft: Draft, question: Question, text: str) -> tuple[Question, str] | None:
    """Another answer is put right while this question waits: 从哪里来改成重庆."""
    if turn.incoming.happening != "text":
        return None
    words = rules.words(turn.catalog)
    if not naming.is_wrong(words, text):
        return None
    named, rest = naming.named(
        rules.asked_of(draft.form, draft.answers), words, naming.without_change(turn, text, CHANGE)
    )
    if named is None and reading.answer(question, drafts.said(turn, text), words, draft.answers).trouble:
        named, rest = naming.by_its_answer(turn, draft, text)
    return (named, rest) if named and named.id != question.id and named.id in draft.answers else None


def _corrected(turn: Turn, draft: Draft, question: Question, text: str) -> list[Reply]:
    trouble = drafts.take(turn, draft, question, text) if text else ""
    if trouble or not text:
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
        ask=Ask(takes=f"{ANSWER} {draft.number} {question.id}", lasts_s=lasts_s(turn)),
    )


def read_back(turn: Turn, draft: Draft) -> Reply:
    """Everything once more; only now it is kept, changed or dropped."""
    known = frozenset[str]() if draft.row.revises_id else draft.known
    values = {
        "form": draft.form,
        "lines": showing.lines(turn.catalog, draft.form, draft.answers, known, today=drafts.local(turn).date()),
        **promise(turn, draft),
        "again": draft.row.revises_id is not None,
    }
    buttons = (
        Button("form_keep", f"form_keep {draft.number}"),
        Button("form_change", f"{CHANGE} {draft.number}"),
        Button("form_cancel", f"form_cancel {draft.number}"),
    )
    ask = Ask(takes=f"{CHANGE} {draft.number}", lasts_s=lasts_s(turn))
    return Reply("forms/read_back", values, buttons=buttons, about=draft.number, ask=ask)


def promise(turn: Turn, draft: Draft) -> dict[str, object]:
    """Who reads it and how long it is kept."""
    staff = [turn.catalog.roles[role].name for role in draft.form.staff]
    return {"staff": staff, "until": drafts.kept_until(turn, draft)}


@router.order(CHANGE)
def change(turn: Turn) -> list[Reply]:
    """改: which answer, and to what; as much of it as was said."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    if steer := _steers(turn):
        return steer(turn)
    text = naming.without_change(turn, turn.order.argument if turn.order else "", CHANGE)
    if text and (taken := several.take_all(turn, draft, text)):
        return _after_several(turn, draft, taken)
    asked = rules.asked_of(draft.form, draft.answers)
    question, rest = naming.named(asked, rules.words(turn.catalog), text)
    if question is None:
        question, rest = naming.by_its_answer(turn, draft, text)
    if question is None:
        if given_up := _given_up(draft, text):
            draft.put(given_up, "")
            return go_on(turn, draft)
        filled = drafts.fill(turn, draft, text) if text else drafts.Filled()
        if filled.put:
            return go_on(turn, draft)
        if not filled.put and _hedged(turn, text):
            return [only_so(turn, draft)]
        if doubt := next(((draft.form.by_id[of], why) for of, why in filled.doubtful.items()), None):
            drafts.save(turn, draft, doubt[0].id)
            return [asking(turn, draft, doubt[0], trouble=doubt[1])]
        return [_list(turn, draft, missed=bool(text))]
    trouble = drafts.take(turn, draft, question, rest) if rest else ""
    if rest and not trouble:
        return go_on(turn, draft)
    drafts.save(turn, draft, question.id)
    return [asking(turn, draft, question, trouble=trouble)]


def _hedged(turn: Turn, text: str) -> bool:
    """Whether it is a yes with a condition, and it was not said yet what the yes is to."""
    return consent.is_conditional(turn.catalog, text) and (turn.asked is None or turn.asked.held != consent.HEDGED)


def only_so(turn: Turn, draft: Draft) -> Reply:
    """Once: who would see it, and that it is this or nothing."""
    buttons = (Button("form_keep", f"form_keep {draft.number}"), Button("form_cancel", f"form_cancel {draft.number}"))
    ask = Ask(takes=f"{CHANGE} {draft.number}", held=consent.HEDGED, lasts_s=lasts_s(turn))
    return Reply("forms/only_so", promise(turn, draft), buttons=buttons, about=draft.number, ask=ask)


def _given_up(draft: Draft, text: str) -> Question | None:
    """An answer that is taken out again: 没得电话."""
    asked = rules.asked_of(draft.form, draft.answers)
    return next((one for one in asked if not one.required and phrases.only(text, one.skips)), None)


def _list(turn: Turn, draft: Draft, *, missed: bool) -> Reply:
    """What may be changed, by number, and the way out."""
    drafts.save(turn, draft, "")
    values = {"questions": rules.asked_of(draft.form, draft.answers), "missed": missed}
    ask = Ask(takes=f"{CHANGE} {draft.number}", held=LISTED, lasts_s=lasts_s(turn))
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
    return [Reply("forms/later", values, buttons=buttons, about=draft.number, ask=Ask(lasts_s=lasts_s(turn)))]


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


def steering(words: Words, text: str) -> str | None:
    """The order that 上一步, 稍后 or 取消 is, however it is said; of several the mildest. None for other words."""
    if len(text) > A_FEW_WORDS:
        return None
    found = [order for way, order in WAYS if phrases.some(text, getattr(words, way))]
    every = (*words.back, *words.later, *words.cancel)
    return found[0] if found and phrases.only(text, every) else None


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


def skips(turn: Turn, question: Question, text: str) -> bool:
    """Whether the answer is that there is none, to a question that need not be answered."""
    may = not question.required and question.kind not in ("yesno", "number")
    return may and phrases.only(text, (*question.skips, *rules.words(turn.catalog).skip))


def lasts_s(turn: Turn) -> int:
    return rules.words(turn.catalog).draft_days * A_DAY_S
