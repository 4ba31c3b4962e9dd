"""依据：区防指3号令: on what ground an order stands, without the word that leads up to it; and modes_spoken.toml."""

import msgspec

from bot.catalog import Catalog
from bot.turn import Turn
from bot.understanding import phrases

FILE = "modes_spoken.toml"
AROUND = " \t，,。.；;：:、！!"
ASKING = ("?", "？", "吗", "么")


class Asks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people ask whether it is war."""

    longest: int
    ends: tuple[str, ...]
    words: tuple[str, ...]
    whole: tuple[str, ...]
    """Without the word itself."""


class Grounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people say on whose order something is done."""

    leads: tuple[str, ...]
    ends: tuple[str, ...]
    signs: tuple[str, ...]
    """A clause with one of them says so."""
    vague: tuple[str, ...]
    """Words that answer, and name nobody."""


class Endings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people say that it is to be peace again, or to hold longer, without the command's own words."""

    longest: int
    words: tuple[str, ...]
    longer: tuple[str, ...]
    """What stands before the new end."""
    beside: tuple[str, ...]
    yes: tuple[str, ...]
    """What is said to the question whether it ends and is not exact enough."""


class Sayings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """modes_spoken.toml."""

    verbs: tuple[str, ...]
    states: tuple[str, ...]
    told: tuple[str, ...]
    """It is told of, or long ago."""
    begins: tuple[str, ...]
    """A clause that ends so says from when."""
    polite: tuple[str, ...]
    drill: str
    longest: int
    asks: Asks
    grounds: Grounds
    endings: Endings


def sayings(catalog: Catalog) -> Sayings:
    """How war and peace are spoken of here."""
    return catalog.read(FILE, Sayings)


def plain(catalog: Catalog, words: str) -> str:
    """ "依据：区防指3号令执行" as 区防指3号令."""
    rows = sayings(catalog).grounds
    words = words.strip(AROUND)
    while lead := max((one for one in rows.leads if words.startswith(one) and words != one), key=len, default=""):
        words = words[len(lead) :].strip(AROUND)
    while end := max((one for one in rows.ends if words.endswith(one) and words != one), key=len, default=""):
        words = words[: -len(end)].strip(AROUND)
    return "" if words in rows.leads else words


def is_ground(catalog: Catalog, words: str) -> bool:
    """Whether the words say on whose order it is."""
    rows = sayings(catalog).grounds
    return words.startswith(rows.leads) or any(sign in words for sign in rows.signs)


def names_nobody(turn: Turn) -> bool:
    """Whether the answer is a question, or a yes and no more."""
    said = turn.utterance.text.strip(AROUND)
    return said.endswith(ASKING) or phrases.only(said, sayings(turn.catalog).grounds.vague)
