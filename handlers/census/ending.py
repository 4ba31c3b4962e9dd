"""结束摸排: what would end is shown first; it is over by the word, the number and 确认, as every order that others obey."""

import re
from datetime import timedelta

from bot import orders
from bot.errors import UserMistake
from bot.message import LITERAL, Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.census import asking
from handlers.census import marks as census_marks
from handlers.census.rules import rules
from handlers.notices import whose
from handlers.people import authority
from storage import census, notices
from storage.census import CENSUS
from storage.notices import GOING, Notice

router = Router()

END, CONFIRM, WORD = "census_end", "确认", "摸排"
ASKS = re.compile(r"(?:没有|没|吗|么|[?？])+$")
NUMBER = re.compile(r"(?:第|编号)?\s*(\d{3,6})\s*(?:号|次)?")
ANSWER_S = 1800
LOOKS = timedelta(minutes=30)


@router.guard_where("posted")
def said_freely(turn: Turn) -> Handler | None:
    """停止摸排, 1020 摸排结束, 摸排到此为止: the preview of its end; asked whether it has ended, how far it is."""
    said = turn.utterance
    if turn.incoming.happening != "text" or WORD not in said.text or said.intent == "emergency":
        return None
    ending = rules(turn.catalog).ending
    if len(said.text) > ending.longest or said.command == END or asking.among_neighbours(turn):
        return None
    found = NUMBER.search(said.text)
    words = NUMBER.sub("", said.text, count=1).strip()
    bare = ASKS.sub("", words)
    if phrases.only(bare, ending.asks, ending.beside) or (
        bare != words and phrases.only(bare, ending.words, ending.beside)
    ):
        turn.order = Order("census_status", (int(found[1]),) if found else ())
        return asking.status
    if not phrases.only(words, ending.words, ending.beside) or not authority.seated(turn, turn.posts, asking.DEED):
        return None
    if turn.in_group and found is None:
        return None  # colleagues speak of it
    turn.order = Order(END, (int(found[1]),) if found else ())
    return end


@router.guard
def nearly(turn: Turn) -> Handler | None:
    """A yes and no more, where the preview of its end waits: the exact words are said."""
    number = orders.bare_yes(turn, END, rules(turn.catalog).ending.yes)
    return None if number is None else lambda _: [Reply("census/end_exact", {"number": number})]


@router.order(END)
def end(turn: Turn) -> list[Reply]:
    """What would end is shown; with 确认 no more answers count, and everybody concerned hears what it came to."""
    if asking.among_neighbours(turn):
        return asking.in_private(turn)
    number = turn.order.number if turn.order and turn.order.number else turn.quoted
    if number is None:
        return _without_number(turn)
    notice = asking.named(turn)
    grid = whose.grid_of(turn, notice)
    if authority.post_over(turn, turn.posts, asking.DEED, grid.code) is None:
        raise UserMistake("census/not_yours", grid=grid)
    if notice.state == asking.SHOWN:
        return _not_begun(turn, notice)
    if notice.state != GOING:
        raise UserMistake("census/not_now", notice=notice)
    if turn.words == CONFIRM:
        return census_marks.finish(turn, notice, by=turn.speaker().id)
    done = census.completeness(turn.session, notice.number, grid.code)
    buttons = (
        Button("census_end_now", f"{END} {notice.number} {CONFIRM}"),
        Button("census_go_on", f"census_go_on {notice.number}"),
    )
    values = {"notice": notice, "grid": grid, "done": done}
    return [Reply("census/end_sure", values, buttons=buttons, about=notice.number, ask=Ask(lasts_s=ANSWER_S))]


@router.order("census_go_on")
def go_on(turn: Turn) -> list[Reply]:
    """It goes on."""
    return [Reply("census/goes_on", {"notice": asking.named(turn)})]


def _without_number(turn: Turn) -> list[Reply]:
    """The only one that runs and that the speaker may end, or which of them; else the own one that was only shown."""
    running = census.running(turn.session)
    may = (one for one in running if authority.post_over(turn, turn.posts, asking.DEED, one.code) is not None)
    own = [notices.get(turn.session, one.number) for one in may]
    if len(own) == 1:
        turn.order = Order(END, (own[0].number,))
        return end(turn)
    if own:
        few = [(one, whose.grid_of(turn, one)) for one in own[:8]]
        buttons = tuple(Button(f"{LITERAL}{one.number} {grid.name}", f"{END} {one.number}") for one, grid in few)
        return [Reply("census/which_to_end", {"found": few}, buttons=buttons, ask=Ask(lasts_s=ANSWER_S))]
    since = turn.now - LOOKS
    shown = notices.of_author(turn.session, turn.account.id, (asking.SHOWN,), since) if turn.account else []
    newest = next((one for one in shown if one.kind == CENSUS), None)
    if newest is None:
        raise UserMistake("census/none_running")
    return _not_begun(turn, newest)


def _not_begun(turn: Turn, notice: Notice) -> list[Reply]:
    """Nobody was asked yet: there is nothing to end, and nobody will be."""
    turn.order = Order("census_drop", (notice.number,))
    return asking.drop(turn)
