"""In the middle of a form another one is meant: 我搞错了，应该是返乡 begins it, 继续填养犬 goes on with it."""

from bot.turn import Order, Turn
from handlers.forms import lint, rules
from handlers.forms.drafts import Draft
from storage import forms
from storage.forms import DRAFT

BETWEEN = " ,，。:：、！!的报备填登记"
MEANS = ("应该是", "应该", "要填的是", "要报的是", "我要", "我是要", "是要", "是", "改成", "换成", "填")


def to_another(turn: Turn, draft: Draft) -> Order | None:
    """The order that goes to the other form; None where none is named, or the words say anything besides."""
    text, words = turn.utterance.text, rules.words(turn.catalog)
    wrong = _behind(text, tuple(word for word in words.taking_back if "错" in word))
    goes_on = _behind(text, words.going_on)
    named = _form(turn, _behind(wrong, MEANS) if wrong != text else goes_on if goes_on != text else "")
    if named == draft.row.form and goes_on != text:
        return Order("form_resume", (draft.number,))
    if named is None or named == draft.row.form:
        return None
    rows = forms.of_account(turn.session, draft.row.account_id, DRAFT)
    begun = next((row for row in rows if row.form == named), None)
    if begun is not None:
        return Order("form_resume", (begun.number,))
    return Order("form", (), lint.offered(turn.catalog)[named].title) if wrong != text else None


def _form(turn: Turn, name: str) -> str | None:
    """The form that is called so."""
    offered = lint.offered(turn.catalog)
    return next((code for code, form in offered.items() if name and name in (*form.titles, *form.words)), None)


def _behind(text: str, beginnings: tuple[str, ...]) -> str:
    begun = max((word for word in beginnings if text.startswith(word)), key=len, default="")
    return text.removeprefix(begun).strip(BETWEEN) if begun else text
