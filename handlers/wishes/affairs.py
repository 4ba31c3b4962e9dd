"""Whoever has a wish and a report open at once: the words say which they are about; where they fit none it is asked."""

from collections.abc import Sequence

from bot import orders
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.wishes import finding, spoken, wall
from handlers.wishes.terms import terms
from storage import matters, wishes
from storage.matters import ENDED, Matter

router = Router()

LONGEST = 40
"""Characters of a sentence about what is open; longer ones are a story of their own."""
ADDS, ASKS, URGES, WITHDRAWS = "add", "progress", "urge", "withdraw"
OF_A_WISH = {ADDS: "wish_add", ASKS: "wish_progress", URGES: "wish_urge", WITHDRAWS: "wish_withdraw"}
OF_A_REPORT = {ADDS: "add", ASKS: "progress", URGES: "urge", WITHDRAWS: "withdraw"}
SURE = "withdraw_sure"


@router.guard_where("alone")
def which_is_meant(turn: Turn) -> Handler | None:
    """Asked of every short sentence in private; with a wish alone or a report alone there is nothing to decide."""
    said = turn.utterance
    free = said.text and said.digit is None and not said.numbers and turn.order is None and turn.quoted is None
    if not free or turn.account is None or turn.incoming.happening != "text":
        return None
    if said.intent == "emergency" or len(said.text) > LONGEST or _answers(turn):
        return None
    deed = _deed(turn)
    if deed is None and said.command is not None:
        return None
    living = [one for one in matters.of_account(turn.session, turn.account.id) if one.state not in ENDED]
    wished = [one for one in living if one.kind == wishes.KIND]
    reported = [one for one in living if one.kind != wishes.KIND and one.account_id == turn.account.id]
    return _decided(turn, deed, wished, reported) if wished and reported else None


def _answers(turn: Turn) -> bool:
    """Whether the bot waits for a sentence, or these words are one of its buttons."""
    return turn.asked is not None and (
        bool(turn.asked.takes) or ((meant := orders.meant(turn)) and meant.answers) is True
    )


def _deed(turn: Turn) -> str | None:
    """What is done about it: asked how it stands, urged, called off, added to; None where the words do not say."""
    said, rows = turn.utterance, spoken.words(turn.catalog)
    if said.command in OF_A_WISH:
        return said.command
    if said.command is not None:
        return None
    if said.intent == ASKS or spoken.found(said.text, rows.wisher.how):
        return ASKS
    over = (*rows.wisher.withdraw, *rows.wisher.over)
    return WITHDRAWS if spoken.found(said.text, over) and not spoken.asks(said.text, rows.bot.asking) else None


def _decided(turn: Turn, deed: str | None, wished: Sequence[Matter], reported: Sequence[Matter]) -> Handler | None:
    """The one that is named; where none is, what may not be guessed is asked."""
    said, rows = turn.utterance, terms(turn.catalog)
    everyday = spoken.words(turn.catalog).bot.everyday
    wishes_named = [one for one in wished if finding.names_it(rows, one.text, said.text, everyday)]
    reports_named = [one for one in reported if finding.alike(one.text, said.text, everyday)]
    if len(wishes_named) == 1 and not reports_named:
        return _of_the_wish(turn, deed, wishes_named[0])
    if len(reports_named) == 1 and not wishes_named and deed is not None:
        code = SURE if deed == WITHDRAWS and said.command is None else OF_A_REPORT[deed]
        turn.order = Order(code, (reports_named[0].number,), said.argument)
        return None
    if deed == ASKS and not (wishes_named or reports_named) and _says_no_more(turn, deed):
        turn.order = Order(ASKS)
        return None
    if wishes_named or reports_named or deed not in (URGES, WITHDRAWS) or not _says_no_more(turn, deed):
        return None
    return lambda turn: [_which(deed, [*wished, *reported])]


def _of_the_wish(turn: Turn, deed: str | None, wish: Matter) -> Handler | None:
    said = turn.utterance
    if deed is None:
        sure = turn.catalog.thresholds[True].act
        elsewhere = bool(said.place.building or said.place.unit) or (
            said.intent == "report" and said.confidence >= sure
        )
        return None if elsewhere or said.intent == "form" else (lambda turn: [wall.listening(turn, wish)])
    if deed != WITHDRAWS or said.command is not None:
        turn.order = Order(OF_A_WISH[deed], (wish.number,), said.argument if deed == ADDS else "")
    return None


def _says_no_more(turn: Turn, deed: str) -> bool:
    """Whether nothing is said beside the deed itself."""
    rows = spoken.words(turn.catalog).wisher
    if deed == URGES:
        return not turn.utterance.argument
    said = (*rows.withdraw, *rows.over) if deed == WITHDRAWS else rows.how
    return phrases.only(turn.utterance.text, said, rows.fillers)


def _which(deed: str, found: Sequence[Matter]) -> Reply:
    lines = [(one.number, one.text[: finding.SHORT]) for one in found[: finding.CHOICES]]
    codes = [OF_A_WISH[deed] if one.kind == wishes.KIND else OF_A_REPORT[deed] for one in found]
    buttons = tuple(
        Button(f"={number} {text}", f"{code} {number}") for code, (number, text) in zip(codes, lines, strict=False)
    )
    return Reply("wishes/which_affair", {"lines": lines, "withdraws": deed == WITHDRAWS}, buttons=buttons, ask=Ask())
