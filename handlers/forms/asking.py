"""How a form asks: the next question with what can be tapped, and everything read back at the end."""

from collections.abc import Sequence

from bot.message import LITERAL, Ask, Button, Reply
from bot.turn import Turn
from handlers.forms import drafts, reading, rules, showing
from handlers.forms.drafts import Draft
from handlers.forms.rules import Question
from handlers.people import consent
from storage import forms
from storage.forms import DRAFT

ANSWER, CHANGE = "form_answer", "form_change"
A_DAY_S = 24 * 3600
DROPPING, NOT_AGREED = "dropping", "not_agreed"
"""Held while it is asked whether all is to be deleted, and after a no to what was read back."""


def go_on(
    turn: Turn,
    draft: Draft,
    *,
    opening: bool = False,
    doubtful: str = "",
    said: str = "",
    put_right: Sequence[str] = (),
) -> list[Reply]:
    """The next question, or all of it read back; `doubtful` is a question that `said` answered with what cannot be.

    `put_right` are answers that were changed while another one was waited for: the question says so.
    """
    if any(one.known_if and one.id not in draft.answers for one in draft.form.questions):
        drafts.fill_held(turn, draft)
    question = draft.step
    drafts.save(turn, draft, question.id if question else "")
    if question is None:
        return [read_back(turn, draft)]
    trouble = "impossible" if doubtful == question.id else _why_again(draft, question)
    trouble = trouble or ("put_right" if put_right else "")
    return [question_of(turn, draft, question, trouble=trouble, opening=opening, noted=put_right, said=said)]


def _why_again(draft: Draft, question: Question) -> str:
    """Why a question comes that was answered: half of it is missing, or another answer made it impossible."""
    if reading.is_half(draft.answers.get(question.id, "")):
        return "until_when"
    return "impossible" if draft.again == question.id else ""


def question_of(
    turn: Turn,
    draft: Draft,
    question: Question,
    *,
    trouble: str = "",
    opening: bool = False,
    noted: Sequence[str] = (),
    said: str = "",
) -> Reply:
    """One question, with what can be tapped; and what was just put down for others.

    Of a day in `said` that cannot be it is said which one was understood, where that is not in the words.
    """
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
        "heard": _day_meant(turn, question, said) if trouble == "impossible" and said else "",
        "village": drafts.village_of(turn) if question.kind == "household" else "",
        "one_of_several": not opening and _is_one_of_several(turn, draft),
    }
    return Reply(
        "forms/ask",
        values,
        buttons=_buttons(draft, question),
        about=draft.number,
        ask=Ask(takes=f"{ANSWER} {draft.number} {question.id}", lasts_s=lasts_s(turn)),
    )


def _is_one_of_several(turn: Turn, draft: Draft) -> bool:
    """Whether another form of the same person is open, so that the question has to say whose it is."""
    return any(row.id != draft.row.id for row in forms.of_account(turn.session, draft.row.account_id, DRAFT))


def _day_meant(turn: Turn, question: Question, said: str) -> str:
    """The day that a holiday was understood to be, or a day of another year; else nothing."""
    if question.kind not in ("date", "period"):
        return ""
    given, today = drafts.said(turn, said), drafts.local(turn).date()
    value = reading.answer(question, given, rules.words(turn.catalog), {}).value
    if not value or (given.dated == given.text and reading.day_of(value).year == today.year):
        return ""
    return showing.plainly(turn.catalog, question, value, today)


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


def only_so(turn: Turn, draft: Draft) -> Reply:
    """Once: who would see it, and that it is this or nothing."""
    buttons = (Button("form_keep", f"form_keep {draft.number}"), Button("form_cancel", f"form_cancel {draft.number}"))
    ask = Ask(takes=f"{CHANGE} {draft.number}", held=consent.HEDGED, lasts_s=lasts_s(turn))
    return Reply("forms/only_so", promise(turn, draft), buttons=buttons, about=draft.number, ask=ask)


def whether_to_drop(turn: Turn, draft: Draft) -> Reply:
    """Once, where much was filled: deleted, or kept for later."""
    buttons = (Button("form_put_by", f"form_later {draft.number}"), Button("form_drop", f"form_drop {draft.number}"))
    step = draft.row.step
    takes = f"{ANSWER} {draft.number} {step}" if step else f"{CHANGE} {draft.number}"
    values = {"days": rules.words(turn.catalog).draft_days}
    ask = Ask(takes=takes, held=DROPPING, lasts_s=lasts_s(turn))
    return Reply("forms/whether_to_drop", values, buttons=buttons, about=draft.number, ask=ask)


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
    if before(draft, question):
        ways.append(Button("form_back", f"form_back {draft.number}"))
    return (*ways, Button("form_later", f"form_later {draft.number}"))


def before(draft: Draft, question: Question | None) -> list[Question]:
    """The questions that the speaker answered before this one; before the end, all of them."""
    asked = rules.asked_of(draft.form, draft.answers)
    upto = asked.index(question) if question in asked else len(asked)
    return [one for one in asked[:upto] if one.id in draft.answers and one.id not in draft.known]


def lasts_s(turn: Turn) -> int:
    """How long a question of a form waits."""
    return rules.words(turn.catalog).draft_days * A_DAY_S
