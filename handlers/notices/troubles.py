"""Whether words are a report in the first place: what is said beside an answer stays a report."""

from bot.turn import Turn
from bot.understanding.category import FAULT
from bot.understanding.utterance import Utterance

TROUBLE = ("trouble:", FAULT)


def reports(turn: Turn, said: Utterance) -> bool:
    """Whether something is broken or wrong, and sure enough to be acted on here."""
    sure = said.intent == "report" and said.confidence >= turn.catalog.thresholds[not turn.in_group].act
    return sure and any(why.startswith(TROUBLE) for why in said.why)


def beside(turn: Turn, words: str) -> bool:
    """Whether these words, which stand beside an answer, report something or cry for help."""
    if not words:
        return False
    said = turn.read(words, not turn.in_group)
    return said.intent == "emergency" or reports(turn, said)
