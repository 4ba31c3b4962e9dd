"""打120了, 喊不应: said by whoever raised the alarm a moment ago, and of nothing but that; no second alarm is rung."""

from dataclasses import replace

import msgspec

from bot.catalog import Catalog
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.matters import finding, intake, rules
from storage.matters import ENDED

router = Router()

OVER = (*ENDED, "done", "held")


class StillThat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """still_that.toml."""

    longest: int
    called: tuple[str, ...]
    """Help was called: nothing need be told of what to do."""
    worse: tuple[str, ...]
    beside: tuple[str, ...]
    """Whom it is about, and when; nothing of another place or person."""


def words_of(catalog: Catalog) -> StillThat:
    """The words of this community."""
    return catalog.read("still_that.toml", StillThat)


@router.guard
def of_the_same(turn: Turn) -> Handler | None:
    """Its handler, where an emergency of the speaker's own lives here; quick to say None: nearly nobody says so."""
    said, words = turn.utterance, words_of(turn.catalog)
    if turn.incoming.happening != "text" or turn.order is not None or turn.account is None or turn.quoted is not None:
        return None
    if len(said.text) > words.longest or said.place.building or said.place.room:
        return None
    if not phrases.has(said.text, words.called) and not phrases.has(said.text, words.worse):
        return None
    if not phrases.only(said.text, (*words.called, *words.worse), words.beside):
        return None
    mine = finding.lately(turn, rules.routes(turn.catalog).add_minutes)
    if mine is None or mine.urgency != intake.EMERGENCY or mine.state in OVER:
        return None
    if mine.chat_id != (turn.chat.id if turn.chat else None):
        return None
    told = (
        said if phrases.some(said.text, words.worse, (*words.called, *words.beside)) else replace(said, emergency=None)
    )
    return lambda turn: intake.more_of_it(turn, mine, told)
