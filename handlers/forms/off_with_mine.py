"""我的报备 撤了: a filing that was kept is taken back in one's own words, whatever wish or report is open besides."""

from bot import orders
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.forms import asked_words, lint, mine, starting
from storage import forms
from storage.forms import KEPT

router = Router()

FILED = "报备"
LONGEST = 30
TAKES_BACK = ("form_withdraw", "form_cancel")
"""In answers.toml: what is said to take one back, and to drop one."""
FILLING = ("form_answer ", "form_change ")
COMMANDS = (None, "form_mine", "withdraw")
PAUSES = " ,，。.:：的"


@router.guard_where("alone")
def off_with_it(turn: Turn) -> Handler | None:
    """Quick to say None: nearly nobody speaks of 报备."""
    said, text = turn.utterance, turn.utterance.text
    if FILED not in text or turn.order is not None or turn.incoming.happening != "text":
        return None
    if len(text) > LONGEST or said.command not in COMMANDS or said.numbers or turn.account is None:
        return None
    takes = turn.asked.takes if turn.asked else ""
    if turn.quoted is not None or (takes and not takes.startswith(FILLING)):
        return None
    head, _, rest = text.partition(FILED)
    words = asked_words.words(turn.catalog)
    if not (head in words.of_mine or _is_title(turn, head)) or text.endswith(starting.QUESTION):
        return None
    told = tuple(one for code in TAKES_BACK for one in orders.words(turn, code))
    if not phrases.some(rest.strip(PAUSES), told):
        return None
    return _taken_back(turn, head)


def _is_title(turn: Turn, head: str) -> bool:
    """Whether what stands before it names a form: 返乡报备, 我的装修报备."""
    offered = lint.offered(turn.catalog)
    mine_first = sorted(asked_words.words(turn.catalog).of_mine, key=len, reverse=True)
    bare = next(head.removeprefix(one) for one in mine_first if head.startswith(one))
    return any(bare.strip(PAUSES) in (*form.titles, *form.words) for form in offered.values())


def _taken_back(turn: Turn, head: str) -> Handler | None:
    """The only one, or the one that is named, is asked about; of several they are shown."""
    offered = lint.offered(turn.catalog)
    kept = forms.of_account(turn.session, turn.account.id, KEPT) if turn.account else []
    kept = [row for row in kept if row.form in offered]
    named = starting.meant(offered, head) if head else None
    found = [row for row in kept if row.form == named] or kept
    filling = turn.asked is not None and turn.asked.takes.startswith(FILLING)
    if filling and named is None:
        return mine.mine if kept else None  # what is being filled may be meant
    if len(found) != 1:
        return mine.mine
    turn.order = Order("form_kept", (found[0].number,))
    return None
