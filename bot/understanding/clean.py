"""What was really typed: no invisible characters, no full-width digits, no mention of the bot."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.script import TRADITIONAL, simplified

LIMIT = 2000
"""Nobody says what matters after the two thousandth character; a forwarded book must not hold up a neighbour."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\u20e3]+"
)
_ODD = re.compile("[^\x00-\x7f\u2018-\u201d\u2026\u3001-\u303f\u4e00-\u9fff，。！？：；（）～、]+")
_UNTIDY = re.compile(
    rf"[^\x20-\x7e\u2018-\u201d\u2026\u3001-\u303f\u4e00-\u9fff，。！？：；（）～、]|[{TRADITIONAL}]|  "
)
"""Whatever `tidy` would change; most that is said is tidy."""
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_MENTION = re.compile(r"@[^\s@,，。:：]{1,20}(?:[\s,，:：]+|$)")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text, tidied, and to whom it was said."""

    text: str
    addressed: bool = False
    """The bot was mentioned or called by its name."""
    to_somebody_else: bool = False
    """Another member was mentioned first."""


def tidy(text: str) -> str:
    """Half-width digits and letters, simplified characters, single blanks, nothing invisible."""
    text = text[:LIMIT]
    if not _UNTIDY.search(text):
        return text.strip()
    text = _ODD.sub(lambda odd: unicodedata.normalize("NFKC", odd.group()), text)
    text = simplified(_INVISIBLE.sub("", text)[:LIMIT])
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


class Cleaner:
    """Knows what the bot is called."""

    def __init__(self, names: Sequence[str]) -> None:
        called = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        self._mention = re.compile(rf"@(?:{called})[\s,，:：]*")
        self._name = re.compile(rf"(?:{called})(?:[\s,，:：。!！?？]+|(?![子局式调]))")

    def clean(self, text: str) -> Cleaned:
        """The text without mentions and the bot's name."""
        text = tidy(text)
        addressed = False
        if "@" in text:
            text, mentions = self._mention.subn("", text)
            addressed = mentions > 0
        if name := self._name.match(text):
            return Cleaned(text[name.end() :].strip(), addressed=True)
        stripped = text
        while other := _MENTION.match(stripped):
            stripped = stripped[other.end() :]
        return Cleaned(stripped.strip(), addressed, to_somebody_else=stripped != text)
