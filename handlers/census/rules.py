"""What a community may set about a census: the question, its marks, and the words of the answers."""

import msgspec

from bot.catalog import Catalog


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A moment of the census at which something is said."""

    minutes: int
    groups: bool = False
    """Each group hears in one line how many have answered."""
    leaders: bool = False
    """Each leader hears who is missing."""


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A special need: its words, and what kind of matter it becomes at once."""

    code: str
    name: str
    category: str
    words: tuple[str, ...]
    """ ".." stands for a few characters in between."""


class But(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a sentence leaves doors out of what it says of the others."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    only: tuple[str, ...]
    """Right before a door of which something else is said than of all."""


class Ending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people say that a census is to end, or ask whether it has."""

    longest: int
    words: tuple[str, ...]
    asks: tuple[str, ...]
    beside: tuple[str, ...]
    yes: tuple[str, ...]
    """What is said to the preview of its end and is not exact enough."""


class Going(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a leader says from door to door that tells of no door."""

    missing: tuple[str, ...]
    """Who is still missing?"""
    missing_beside: tuple[str, ...]
    not_yet: tuple[str, ...]
    """Nobody has been there."""
    nowhere: tuple[str, ...]
    """Floors without a number."""


class Undo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a leader takes back what was just entered."""

    aloud: tuple[str, ...]
    """Those that count among neighbours."""
    words: tuple[str, ...]
    beside: tuple[str, ...]


class NotBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody of the household is out and does not answer: an answer, unless a word of danger is there."""

    who: tuple[str, ...]
    words: tuple[str, ...]
    danger: tuple[str, ...]


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """census.toml."""

    question: str
    example: str
    lasts_minutes: int
    keep_words_days: int
    ask_door_minutes: int
    whole_list_most: int
    drill: tuple[str, ...]
    safe: tuple[str, ...]
    safe_end: tuple[str, ...]
    home: tuple[str, ...]
    answered: tuple[str, ...]
    """Somebody came to the door, or to the telephone."""
    away: tuple[str, ...]
    away_end: tuple[str, ...]
    unknown: tuple[str, ...]
    alone: tuple[str, ...]
    frail: tuple[str, ...]
    """Whoever is so and does not answer is looked after at once."""
    mine: tuple[str, ...]
    proxy: tuple[str, ...]
    next_door: tuple[str, ...]
    rest: tuple[str, ...]
    others: tuple[str, ...]
    """Those of them that speak of the doors besides the one just named."""
    partial: tuple[str, ...]
    partly: tuple[str, ...]
    """That what is said of a staircase holds for some of its doors only."""
    denied: tuple[str, ...]
    corrects: tuple[str, ...]
    """What leads up to putting right what one said before."""
    cries: tuple[str, ...]
    """Needs that are said and no more."""
    count_well: tuple[str, ...]
    """That all is well, said behind how many there are."""
    count_beside: tuple[str, ...]
    not_answers: tuple[str, ...]
    heard: dict[str, str]
    """What voice input writes for it."""
    counts: dict[str, int]
    """Words that say how many people it is."""
    but: But
    ending: Ending
    undo: Undo
    going: Going
    not_back: NotBack
    mark: tuple[Mark, ...]
    need: tuple[Need, ...]

    def __post_init__(self) -> None:
        """Marks come in their order."""
        minutes = [mark.minutes for mark in self.mark]
        if minutes != sorted(minutes) or (minutes and minutes[-1] >= self.lasts_minutes):
            raise ValueError("the marks must come one after the other, before the census ends")


def rules(catalog: Catalog) -> Rules:
    """What a community may set about a census."""
    return catalog.read("census.toml", Rules)


def needs(catalog: Catalog) -> dict[str, Need]:
    """Each special need by its code."""
    return {need.code: need for need in rules(catalog).need}
