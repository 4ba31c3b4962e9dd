"""No, said to a form: an answer that is kept back, a read-back not agreed to, a kept one that is no longer true."""

from dataclasses import replace

from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.forms import asking, drafts, gathering, naming, rules
from handlers.forms.asking import CHANGE
from handlers.forms.drafts import Draft
from handlers.forms.filling import LISTED
from handlers.forms.rules import Question, Words
from storage import forms

router = Router()

REFUSED, NOT_AGREED, NOT_NOW = "form_refused", "form_not_agreed", "form_not_now"
A_NO = 24
"""Characters of a sentence that only says no."""
TAKES_BACK, LETS_STAND = "form_withdraw", "form_let_stand"
ASKING = ("吗", "么", "呢", "?", "？")


@router.guard
def no_longer_true(turn: Turn) -> Handler | None:
    """Just asked whether a kept form is taken back: 我妈不来了 is the yes to that, and to nothing else."""
    said, waiting = turn.utterance, turn.asked.options.split("\n") if turn.asked else []
    number = next((one.split()[1] for one in waiting if one.startswith(f"{TAKES_BACK} ")), "")
    if not number or not any(one.startswith(LETS_STAND) for one in waiting):
        return None
    if turn.incoming.happening != "text" or turn.order is not None or said.intent == "emergency" or said.numbers:
        return None
    if len(said.text) > A_NO or said.text.endswith(ASKING):
        return None
    words = rules.words(turn.catalog)
    if any(word in said.text for word in words.let_it_stand):
        turn.order = Order(LETS_STAND, answers=True)
    elif any(word in said.text for word in words.not_any_more):
        turn.order = Order(TAKES_BACK, (int(number),), answers=True)
    return None


@router.guard_where("alone")
def takes_it_back(turn: Turn) -> Handler | None:
    """把我的报备撤了, 我不出门了，报备撤了嘛: the one that is kept, asked once; of several they are shown."""
    said = turn.utterance
    if turn.account is None or turn.order is not None or turn.incoming.happening != "text":
        return None
    if said.intent == "emergency" or said.numbers or turn.quoted is not None or len(said.text) > A_NO:
        return None
    words = rules.words(turn.catalog)
    if not any(word in said.text for word in words.taking_away) or said.text.endswith(ASKING):
        return None
    if any(word in said.text for word in words.let_it_stand) or (turn.asked is not None and turn.asked.takes):
        return None
    kept = forms.of_account(turn.session, turn.account.id, forms.KEPT)
    if kept:
        turn.utterance = replace(said, intent="chat", command=None)
        turn.order = Order("form_kept", (kept[0].number,)) if len(kept) == 1 else Order("form_mine")
    return None


def said_no(turn: Turn, draft: Draft, of: str) -> Order | None:
    """The order that a no is while this question of the draft waits, or while it is read back."""
    text, words = turn.utterance.text, rules.words(turn.catalog)
    if len(text) > A_NO:
        return None
    read_back = not of and (turn.asked is None or turn.asked.held != LISTED)
    if phrases.only(text, words.no_longer_agreeing) or (read_back and phrases.only(text, words.disagreeing)):
        return Order(NOT_AGREED, (draft.number,), answers=True)
    if any(word in text for word in words.refusing) or _leaves_out(draft, words, text):
        return Order(REFUSED, (draft.number,), f"{of} {text}".strip(), answers=True)
    return Order(NOT_NOW, (draft.number,), of, answers=True) if _only_wishes(turn, draft, of) else None


def _leaves_out(draft: Draft, words: Words, text: str) -> bool:
    """Whether an answer is named and nothing said of it but that it shall not stand there: 电话就不写了."""
    return any(word in text for word in words.leaving_out) and _kept_back(draft, words, text) is not None


def _only_wishes(turn: Turn, draft: Draft, of: str) -> bool:
    """Whether it is a wish that answers nothing: 想要个轮椅给我妈 is no count of people."""
    said, question = turn.utterance, draft.form.by_id.get(of)
    if said.intent != "wish" or said.command is not None or question is None or question.kind == "text":
        return False
    sure = said.confidence >= turn.catalog.thresholds[True].act
    words = rules.words(turn.catalog)
    return sure and not gathering.gather(draft.form, drafts.said(turn, said.text), words, {}).found


@router.order(NOT_NOW)
def not_now(turn: Turn) -> list[Reply]:
    """The wish can be said afterwards; the question again."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    question = draft.form.by_id.get(turn.words)
    return [asking.question_of(turn, draft, question, trouble="wish_later")] if question else asking.go_on(turn, draft)


@router.order(REFUSED)
def refused(turn: Turn) -> list[Reply]:
    """What need not be given is left out; what must, and what nobody asked for, is said, and the question again."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    of, _, text = (turn.order.argument if turn.order else "").partition(" ")
    waits = draft.form.by_id.get(of)
    text = text if waits else turn.utterance.text
    words = rules.words(turn.catalog)
    kept_back = _kept_back(draft, words, text) or (waits if not _left(words, text) else None)
    if kept_back is not None and not kept_back.required:
        draft.put(kept_back, "")
        return asking.go_on(turn, draft)
    if waits is None and kept_back is None and (what := _never_asked(words, text)):
        return [Reply("forms/not_asked", {"what": what}), *asking.go_on(turn, draft)]
    if waits is None and kept_back is not None:
        return [Reply("forms/must_have", {"what": kept_back.label}), asking.only_so(turn, draft)]
    if waits is None:
        return [asking.only_so(turn, draft)]
    return [asking.question_of(turn, draft, waits, trouble="needed" if kept_back else "not_asked")]


@router.order(NOT_AGREED)
def not_agreed(turn: Turn) -> list[Reply]:
    """Nothing is kept; change it or drop it."""
    draft = drafts.of_speaker(turn, turn.order.number if turn.order else None)
    buttons = (Button("form_change", f"{CHANGE} {draft.number}"), Button("form_cancel", f"form_cancel {draft.number}"))
    ask = Ask(takes=f"{CHANGE} {draft.number}", held=asking.NOT_AGREED, lasts_s=asking.lasts_s(turn))
    again = draft.row.revises_id is not None
    return [Reply("forms/not_agreed", {"again": again}, buttons=buttons, about=draft.number, ask=ask)]


def _kept_back(draft: Draft, words: Words, text: str) -> Question | None:
    """The question that is named and nothing else: 身份证 is no 身份."""
    named = naming.names(rules.asked_of(draft.form, draft.answers), words)
    return next((one for name, one in named if name in text and not _left(words, text.replace(name, ""))), None)


def _never_asked(words: Words, text: str) -> str:
    """What is refused though no question of the form is about it."""
    names = (*words.often_asked, *(name for kind in rules.SENSITIVE for name in words.kinds.get(kind, ())))
    return max((name for name in names if name in text), key=len, default="")


def _left(words: Words, text: str) -> str:
    """What a refusal says besides that it is one."""
    for word in sorted((*words.refusing, *words.leaving_out, *words.about_oneself), key=len, reverse=True):
        text = text.replace(word, "")
    return phrases.PAUSES.sub("", text)
