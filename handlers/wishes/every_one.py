"""都不要了 of somebody with several wishes and favours: asked once with every one of them named, then all go."""

from collections.abc import Sequence

from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.wishes import favours, finding, saying, spoken, wall
from handlers.wishes.saying import Own

router = Router()

LONGEST = 16
"""Characters of words that say no more than that all shall go."""
GO = {"wish_withdraw": wall.withdraw, "favour_no": favours.dropped}


@router.guard_where("alone")
def all_of_them(turn: Turn) -> Handler | None:
    """Said freely, or to the question which one; quick to say None: nearly nobody speaks of all."""
    said, rows = turn.utterance, spoken.words(turn.catalog).wisher
    if turn.incoming.happening != "text" or turn.order is not None or turn.account is None:
        return None
    if len(said.text) > LONGEST or said.command not in (None, "withdraw") or said.numbers or turn.quoted is not None:
        return None
    if spoken.found(said.text, rows.every) is None:
        return None
    over = (*rows.withdraw, *rows.over)
    if not phrases.only(said.text, (*rows.every, *over), rows.fillers):
        return None
    if turn.asked is not None and turn.asked.takes:
        return None
    if not _asked_which(turn) and (spoken.found(said.text, over) is None or saying.has_report(turn)):
        return None
    mine = saying.own_affairs(turn)
    return (lambda turn: [_are_all_over(turn, mine)]) if 1 < len(mine) <= saying.SHOWN else None


def _asked_which(turn: Turn) -> bool:
    """Whether the bot has just asked which of them it is."""
    waits = turn.asked.options.split("\n") if turn.asked and turn.asked.options else []
    return len(waits) > 1 and all(one.partition(" ")[0] in GO for one in waits)


def _are_all_over(turn: Turn, mine: Sequence[Own]) -> Reply:
    lines = [(one.number, one.text[: finding.SHORT]) for one in mine]
    press = f"all_over {' '.join(str(one.number) for one in mine)}"
    buttons = (Button("all_over", press), Button("wish_keep", f"wish_keep {mine[0].number}"))
    return Reply("wishes/are_all_over", {"lines": lines}, buttons=buttons, ask=Ask())


@router.order("all_over")
def all_over(turn: Turn) -> list[Reply]:
    """Every one of these is taken back; what is gone already is passed over."""
    order = turn.order or Order("all_over")
    named = {*order.numbers, *(int(one) for one in order.argument.split() if one.isdecimal())}
    replies: list[Reply] = []
    for own in saying.own_affairs(turn):
        if own.number in named:
            turn.order = Order(own.takes_back, (own.number,))
            replies += GO[own.takes_back](turn)
    turn.order = order
    return replies or [finding.aside(turn, Reply("wishes/none_over"))]
