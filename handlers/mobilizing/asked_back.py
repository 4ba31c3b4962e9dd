"""上次演练咋样, 昨晚那次动员复盘一下: how it went, asked in everyday words; the newest such one of the speaker's places."""

from datetime import datetime, time, timedelta
from operator import attrgetter

import msgspec

from bot.errors import UserMistake
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.mobilizing import after_action
from handlers.people import authority
from storage import musters, replay
from storage.census import CENSUS
from storage.notices import Notice

router = Router()

FILE, ITS_NAME = "asked_back.toml", "复盘"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """asked_back.toml."""

    longest: int
    words: tuple[str, ...]
    drills: tuple[str, ...]
    musters: tuple[str, ...]
    censuses: tuple[str, ...]
    beside: tuple[str, ...]
    days: dict[str, int]
    """How many days ago it was."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """What is looked back upon."""
        return (*self.drills, *self.musters, *self.censuses)


@router.guard_where("posted", "alone")
def how_it_went(turn: Turn) -> Handler | None:
    """The same as 复盘 with its number; asked of such words only, in private, of whoever holds a post."""
    said = turn.utterance
    if turn.incoming.happening != "text" or said.numbers or said.command:
        return None
    rows = turn.catalog.read(FILE, Words)
    if len(said.text) > rows.longest or (turn.asked is not None and turn.asked.takes):
        return None
    if not any(one in said.text for one in (*rows.subjects, ITS_NAME)):
        return None
    if not phrases.only(said.text, rows.words, (*rows.subjects, *rows.beside, *rows.days)):
        return None
    found = _meant(turn, rows)
    if found is None:
        return _none
    turn.order = Order(after_action.ORDER, (found.number,))
    return after_action.look_back


def _none(_: Turn) -> list[Reply]:
    """There was none in the speaker's places."""
    raise UserMistake("after/unknown")


def _meant(turn: Turn, rows: Words) -> Notice | None:
    """The newest of that kind on that day; where there was none that day, the newest."""
    text = turn.utterance.text
    kinds = (CENSUS,) if any(one in text for one in rows.censuses) else musters.KINDS
    if not any(one in text for one in rows.subjects):
        kinds = after_action.KINDS
    drill = True if any(one in text for one in rows.drills) else None
    day = max((one for one in rows.days if one in text), key=len, default="")
    tops = [grid.code for _, grid in authority.seated(turn, turn.posts, "see")]
    for between in ((_of(turn, rows.days[day]),) if day else ()) + (None,):
        newest = (replay.newest(turn.session, code, kinds, drill=drill, between=between) for code in tops)
        if found := max((one for one in newest if one), key=attrgetter("number"), default=None):
            return found
    return None


def _of(turn: Turn, days: int) -> tuple[datetime, datetime]:
    """From that day's first moment to the next day's."""
    zone = turn.settings.zone
    begins = datetime.combine(turn.now.astimezone(zone).date() - timedelta(days=days), time(0), zone)
    return begins, begins + timedelta(days=1)
