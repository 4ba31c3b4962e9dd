"""402老人要送药, 101暖气漏水: what a leader says of one door on the way becomes a need of it, and a matter of its own."""

from dataclasses import dataclass, replace

from bot.turn import Turn
from bot.understanding.utterance import VAGUE, Utterance
from handlers.census import beside, not_back
from handlers.census import needs as census_needs
from handlers.census.reading import Said
from handlers.notices import troubles
from storage.census import NEED, SAFE, UNKNOWN

PAUSES = " ,，。;；、!！"


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one door, and what its words report by themselves."""

    said: Said
    reports: Utterance | None = None


def _only_sounds(heard: Utterance) -> bool:
    """Whether no word names a danger: that nobody answers is seen to as that."""
    return all(why == VAGUE or why.startswith("heard:") for why in heard.why)


def understood(turn: Turn, said: Said) -> Told:
    """A trouble or a danger in the words of one door is a need of that door; other words are left as they are."""
    words = said.words.strip(PAUSES)
    if said.is_run or not said.door.room or said.state == SAFE or not words:
        return Told(said)
    heard = turn.read(words, True)
    if not_back.is_only_late(turn, heard):
        return Told(replace(said, state=NEED, needs=(*said.needs, not_back.MISSING), left_out=False))
    unanswered = census_needs.UNANSWERED in said.needs or said.state == UNKNOWN
    cries = heard.intent == "emergency" and not (unanswered and _only_sounds(heard))
    if not cries and (said.needs or not troubles.reports(turn, heard) or beside.only_unanswered(heard, (said,))):
        return Told(said)
    needs = said.needs or (census_needs.OTHER,)
    return Told(replace(said, state=NEED, needs=needs, left_out=False), heard)
