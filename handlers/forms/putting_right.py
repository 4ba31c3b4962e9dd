"""更正 and 修改 without a number: of one's own forms the one that is named, else the newest."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot import orders
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding.utterance import Utterance
from handlers.forms import asking, drafts, gathering, known, lint, naming, reading, rules
from handlers.forms.rules import Form
from storage import forms, matters
from storage.forms import DRAFT, KEPT, Filing
from storage.matters import ENDED

router = Router()

SHORT = 40
"""Characters of a sentence that only puts something right."""
ASKING = ("吗", "么", "呢", "?", "？")
PUTS_RIGHT = ("correct", "form_edit")
OURS = ("form_show ", "form_resume ", "form_edit ")
"""First words of the buttons below one's own forms."""


@router.guard_where("alone")
def put_right(turn: Turn) -> Handler | None:
    """The form, unless something newer was reported and the words name nothing of a form."""
    said = turn.utterance
    if said.command not in PUTS_RIGHT or said.numbers or turn.quoted is not None:
        return None
    if turn.account is None or turn.order is not None or turn.incoming.happening != "text":
        return None
    meant = orders.meant(turn)
    if meant is None or meant.answers:
        return None
    offered = lint.offered(turn.catalog)
    rows = forms.of_account(turn.session, turn.account.id, DRAFT, KEPT)
    mine = [row for row in rows if row.form in offered and row.revises_id is None]
    if mine and (found := _meant(turn, said, mine, offered)):
        row, words = found
        code = "form_edit" if row.state == KEPT else asking.CHANGE
        turn.order = Order(code, (row.number,), words)
    return None


@router.guard_where("alone")
def put_right_freely(turn: Turn) -> Handler | None:
    """电话写错了，是138… said soon after a form was kept, where nothing else waits: that answer of it."""
    said, words = turn.utterance, rules.words(turn.catalog)
    if turn.account is None or turn.order is not None or turn.incoming.happening != "text":
        return None
    if said.command is not None or said.intent == "emergency" or turn.quoted is not None or turn.asked is not None:
        return None
    faulty = said.intent == "report" and any(why.startswith(("fault:", "urgent:")) for why in said.why)
    bare = naming.without_change(turn, said.text, asking.CHANGE)
    changes = naming.is_wrong(words, said.text) or bare != said.text
    if faulty or len(said.text) > SHORT or not changes or said.text.endswith(ASKING):
        return None
    fresh, offered = turn.now - timedelta(hours=words.cancel_hours), lint.offered(turn.catalog)
    for row in forms.of_account(turn.session, turn.account.id, KEPT):
        soon = row.form in offered and row.touched_at >= fresh and not _other_is_newer(turn, row)
        if soon and (_names(offered[row.form], row, words, said.text, bare) or _one_day(turn, offered[row.form], row)):
            turn.order = Order("form_edit", (row.number,), said.text)
            return None
    return None


def _names(form: Form, row: Filing, words: rules.Words, *texts: str) -> bool:
    """Whether one of these begins with the name of an answer."""
    return any(naming.of_form(form, known.answers_of(row), words, text) for text in texts)


def _one_day(turn: Turn, form: Form, row: Filing) -> bool:
    """Whether one day of a period is put right: 12月12号才回来，说错了."""
    standing, told = known.answers_of(row), drafts.said(turn, turn.utterance.text)
    return any(reading.of_standing(one, standing.get(one.id, ""), told) for one in form.questions)


def _meant(
    turn: Turn, said: Utterance, mine: Sequence[Filing], offered: Mapping[str, Form]
) -> tuple[Filing, str] | None:
    """Which form, and what of it: by its title, by an answer that is named, by what the words say, else the newest."""
    text = said.argument.strip(" ,，。:：")
    for row in mine:
        if title := _title(offered[row.form], text):
            return row, text[len(title) :].strip(" ,，的:：")
    words = rules.words(turn.catalog)
    for row in mine:
        if text and naming.of_form(offered[row.form], known.answers_of(row), words, text):
            return row, text
    if said.command == "correct" and _other_is_newer(turn, mine[0]):
        return None
    if text and not _says_something(turn, offered[mine[0].form], mine[0], text):
        return (mine[0], text) if said.command == "form_edit" else None
    return mine[0], text


def _title(form: Form, text: str) -> str:
    """The longest of the form's names with which the text begins."""
    return max((name for name in (*form.titles, *form.words) if text.startswith(name)), key=len, default="")


def _says_something(turn: Turn, form: Form, row: Filing, text: str) -> bool:
    """Whether the words answer any question of the form."""
    return bool(gathering.gather(form, drafts.said(turn, text), rules.words(turn.catalog), known.answers_of(row)).found)


def _other_is_newer(turn: Turn, row: Filing) -> bool:
    """Whether something was reported after the form, and the form is not what was just shown."""
    if turn.account is None or (turn.asked and any(one.startswith(OURS) for one in turn.asked.options.split("\n"))):
        return False
    living = [one for one in matters.of_account(turn.session, turn.account.id) if one.state not in ENDED]
    return any((one.opened_at, one.number) > (row.touched_at, row.number) for one in living)
