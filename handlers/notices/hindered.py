"""发错了，停发; 停水改到后天了: said without its number about what one has sent; the exact words for each are named."""

from datetime import timedelta

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from handlers.notices import reading
from handlers.notices.terms import terms
from storage import notices
from storage.notices import GOING, WAITING, Notice

router = Router()

STOP = ("notice_stop", "notice_cancel")
SENT = (GOING, WAITING, "standing")
SHOWN = 3


@router.guard_where("alone", "posted")
def without_its_number(turn: Turn) -> Handler | None:
    """The answer, when one who has just sent something wants it back or otherwise; asked of such words only."""
    said, waiting = turn.utterance, turn.asked
    if turn.incoming.happening != "text" or turn.account is None:
        return None
    if said.intent == "emergency" or said.numbers or said.place or turn.quoted is not None:
        return None
    if said.command not in (None, *STOP) or (waiting is not None and waiting.takes) or said.argument:
        return None
    rows = terms(turn.catalog).hindered
    stops = said.command in STOP or any(word in said.text for word in rows.stops)
    if len(said.text) > rows.longest or not (stops or any(word in said.text for word in rows.changes)):
        return None
    since = turn.now - timedelta(hours=rows.hours)
    sent = [one for one in notices.of_author(turn.session, turn.account.id, SENT, since) if one.kind in rows.kinds]
    meant = [one for one in sent if _speaks_of(said.text, one)] or (sent if stops else [])
    return (lambda _: [Reply("notices/hindered", {"found": meant[:SHOWN]})]) if meant else None


def _speaks_of(words: str, notice: Notice) -> bool:
    """Whether two signs in a row of its topic are said, days and hours aside: 停水."""
    topic = reading.DAY.sub(" ", notice.topic)
    return any(topic[at : at + 2] in words for at in range(len(topic) - 1) if topic[at : at + 2].isalpha())
