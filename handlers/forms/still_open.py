"""A form's question that is still open after something else was asked and done: a plain answer is its answer."""

import re
from datetime import timedelta
from functools import lru_cache

from bot.catalog import Catalog
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.forms import drafts, in_danger, lint, plainly, rules
from handlers.forms.asking import ANSWER
from handlers.forms.drafts import Draft
from handlers.forms.filling import MENU
from handlers.forms.rules import Question
from storage import forms
from storage.forms import DRAFT

router = Router()

COUNTS = r"[\d一二两俩三四五六七八九十半天周月节]"
"""In nearly every number, day, door and phone."""
OURS = ("form_resume ", "form_start ", "form_menu ", "form_later ", "form_cancel ")
BY_WORD = ("choice", "yesno")
"""Kinds whose answers may as well be said to whatever else may be tapped."""


@router.guard_where("alone")
def hears_again(turn: Turn) -> Handler | None:
    """两个人, said after a wish was told in the middle of a form, is the form's, unless something newer was asked."""
    said = turn.utterance
    if turn.account is None or turn.order is not None or turn.incoming.happening != "text":
        return None
    if said.command is not None or said.intent == "emergency" or turn.quoted is not None:
        return None
    if turn.asked is not None and turn.asked.takes not in ("", MENU):
        return None
    if not said.text or len(said.text) > plainly.LONGEST or not _words(turn.catalog).search(said.text):
        return None
    if said.digit is not None and (turn.posts or (turn.asked is not None and turn.asked.options)):
        return None  # a tap on a card or on a choice
    if found := _asked_of(turn):
        draft, question = found
        turn.order = Order(ANSWER, (draft.number,), f"{question.id} {said.text}", answers=turn.asked is not None)
    return None


def _asked_of(turn: Turn) -> tuple[Draft, Question] | None:
    """The draft touched last whose open question these words answer and nothing else."""
    words, offered = rules.words(turn.catalog), lint.offered(turn.catalog)
    fresh = turn.now - timedelta(days=words.draft_days)
    taps = turn.asked.options.split("\n") if turn.asked and turn.asked.options else []
    others = any(not one.startswith(OURS) for one in taps)
    for row in forms.of_account(turn.session, turn.account.id, DRAFT) if turn.account else []:
        question = offered[row.form].by_id.get(row.step) if row.form in offered and row.touched_at >= fresh else None
        if question is None or (others and question.kind in BY_WORD):
            continue
        if plainly.answers(question, drafts.said(turn, turn.utterance.text), words):
            if in_danger.alarm(turn, row.touched_at):
                return None
            return drafts.opened(turn, row), question
    return None


@lru_cache(maxsize=4)
def _words(catalog: Catalog) -> re.Pattern[str]:
    """One of these is in every text that answers a form: quick to see that one has none."""
    every = [question for form in lint.offered(catalog).values() for question in form.questions]
    chosen = [word for one in every for option in one.options for word in (option.label, *option.words, *option.asked)]
    said = [word for one in every for word in (*one.yes, *one.no, *one.for_good)]
    words = sorted({*chosen, *said, *rules.words(catalog).plainly, *rules.words(catalog).couples}, key=len)
    return re.compile("|".join((COUNTS, *map(re.escape, words))))
