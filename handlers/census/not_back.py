"""老公没回来电话打不通, said to a census: one of the household who is not accounted for, and nobody is lost yet."""

from collections.abc import Sequence
from dataclasses import replace

from bot.turn import Turn
from bot.understanding.utterance import Utterance
from handlers.census.reading import Door, Said
from handlers.census.rules import rules
from storage.census import NEED

MISSING, CHAT = "missing", "chat"


def is_only_late(turn: Turn, heard: Utterance) -> bool:
    """Whether a grown-up has not come home or does not answer, and no word says that anything happened to them."""
    words = rules(turn.catalog).not_back
    if heard.emergency != MISSING or any(word in heard.text for word in words.danger):
        return False
    return any(word in heard.text for word in words.who) and any(word in heard.text for word in words.words)


def calmed(heard: Utterance) -> Utterance:
    """The same words, which are no alarm."""
    return replace(heard, intent=CHAT, confidence=0.0, category=None, urgency=None, emergency=None, why=())


def answered(turn: Turn, answers: Sequence[Said]) -> Sequence[Said]:
    """What is said of the household, with one of them to be looked for."""
    first, *others = answers or (Said(Door(), NEED, mine=True, words=turn.utterance.text),)
    return (replace(first, state=NEED, needs=(*first.needs, MISSING)), *others)
