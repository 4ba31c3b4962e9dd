"""谁还没收到, 哪些户没看, 催一下没回的: said freely of what was sent; figures are shown, and nothing is sent again."""

import re
from datetime import timedelta

from bot import orders
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.notices import reading, way_down, whose
from handlers.notices.terms import After, terms
from storage import notices
from storage.notices import GOING, Notice

router = Router()

DOORS, PROGRESS, URGE = "notice_doors", "progress", "urge"
SHORT = (way_down.AGAIN, way_down.SKIP, DOORS)
"""Orders that take a number; without one they mean what was sent last."""
LAST = ("notice_again_go ", "notice_skip_go ")
NUMBER = re.compile(r"(?<!\d)\d{4,6}(?!\d)")
SOMETHING_ELSE = ("report", "wish", "form", "volunteer")
MOST_LOOKED_AT, SHOWN = 20, 3


@router.guard_where("posted")
def after_what_was_sent(turn: Turn) -> Handler | None:
    """The answer, when staff ask how far a notice is, whom it has not reached, or want it said again; asked of such
    words only."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.account is None:
        return None
    if turn.chat is not None and turn.chat.audience != "staff":
        return None
    slip = said.intent == "command" and said.confidence < 1  # 补发一下 sounds like 补充一下
    if (said.command not in (None, PROGRESS, URGE, *SHORT) and not slip) or said.intent == "emergency":
        return None
    if tap := _almost_tapped(turn):
        return tap
    rows = terms(turn.catalog).after
    reports = not NUMBER.search(said.text) and (said.intent in SOMETHING_ELSE or said.category is not None)
    if reports and not (_has(said.text, rows.nouns) and _has(said.text, rows.unheard)):
        return None
    if said.command is not None and (said.numbers or turn.quoted):
        return None  # an order as it should be
    if turn.asked is not None and turn.asked.takes:
        return None
    wanted = _wanted(turn, rows)
    if wanted is None:
        return None
    found = [one for one in _meant(turn, rows) if not reports or _speaks_of(said.text, one)]
    if not found:
        return None
    if len(found) > 1:
        return lambda _: [Reply("notices/which_after", {"found": found[:SHOWN], "wanted": wanted})]
    return _answer(turn, found[0], wanted)


def _almost_tapped(turn: Turn) -> Handler | None:
    """好的, said to 补发's or 越级's last question: nothing leaves by that."""
    near, options = terms(turn.catalog).nearly, turn.asked.options.split("\n") if turn.asked else ()
    pairs = [one.partition(orders.LABEL) for one in options]
    label = next((label for press, _, label in pairs if press.startswith(LAST)), "")
    if not label or turn.asked is None or any(turn.utterance.text == said for _, _, said in pairs):
        return None
    if not phrases.only(turn.utterance.text, (*near.yes, *near.deeds, *terms(turn.catalog).after.again)):
        return None
    number = turn.asked.about
    return lambda _: [Reply("notices/nearly_tap", {"number": number, "label": label}, about=number)]


def _wanted(turn: Turn, rows: After) -> str | None:
    """again, doors or far; None where the words are about something else."""
    text, command = turn.utterance.text, turn.utterance.command
    if command in SHORT:
        return "doors" if command == DOORS else "again"
    if len(text) > rows.longest or _has(text, rows.innocent):
        return None
    unheard = _has(text, rows.unheard)
    if _has(text, rows.again) or (unheard and _has(text, rows.urge)):
        plain = phrases.only(text, (*rows.again, *rows.fillers))
        named = unheard or plain or _has(text, rows.nouns) or turn.utterance.numbers
        return "again" if named else None
    if unheard and _has(text, rows.doors):
        return "doors"
    return "far" if (unheard and _has(text, rows.asks)) or _has(text, rows.far) else None


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


def _meant(turn: Turn, rows: After) -> list[Notice]:
    """What was sent of late in the speaker's places: the one that is named or quoted, else of the topic, else the own."""
    text, since = turn.utterance.text, turn.now - timedelta(hours=rows.hours)
    going = [one for one in notices.in_states(turn.session, (GOING,)) if one.released_at and one.released_at >= since]
    numbers = (*turn.utterance.numbers, *((turn.quoted,) if turn.quoted else ()))
    seen = [one for one in going[:MOST_LOOKED_AT] if whose.may_see(turn, one)]
    if numbers or any(str(one.number) in text for one in seen):
        named = [one for one in seen if one.number in numbers or str(one.number) in text]
        return [one for one in named if one.kind in rows.kinds]
    of_topic = [one for one in seen if one.kind in rows.kinds and _speaks_of(text, one)]
    if of_topic:
        return of_topic
    own = [one for one in seen if turn.account is not None and one.account_id == turn.account.id] or seen
    return own if all(one.kind in rows.kinds for one in own) else []  # a roll-call or a census has words of its own


def _speaks_of(words: str, notice: Notice) -> bool:
    """Whether two signs in a row of its topic are said, days and hours aside: 停水."""
    topic = reading.DAY.sub(" ", notice.topic)
    return any(topic[at : at + 2] in words for at in range(len(topic) - 1) if topic[at : at + 2].isalpha())


def _answer(turn: Turn, notice: Notice, wanted: str) -> Handler:
    if wanted == "again":
        return lambda _: [Reply("notices/nearly_again", {"notice": notice}, about=notice.number)]
    if wanted == "doors":
        turn.order = Order(DOORS, (notice.number,), turn.utterance.text)
        return way_down.unread
    turn.order = Order(PROGRESS, (notice.number,))
    return way_down.how_far
