"""Courtesies at the end of a message: "3栋路灯坏了，谢谢" reports the light, "路灯修好了，谢谢" only thanks."""

import re

from bot.catalog import ClosingWords

PAUSES = " \n,，.。!！~～、;；🙏🌹"
_BETWEEN = f"[{PAUSES}]*+"
REACH = 60
"""Characters at the end that are looked at: nobody is polite for longer, and no text may cost more."""


class Closing:
    """Finds what was said before the speaker only became polite."""

    def __init__(self, of: ClosingWords) -> None:
        ends = "|".join(re.escape(word) for word in sorted(of.words, key=len, reverse=True))
        self._last = tuple({word[-1] for each in of.words if each for word in (each.lower(), each.upper())})
        self._end = re.compile(rf"(?:{_BETWEEN}(?:{ends}))+{_BETWEEN}\Z", re.IGNORECASE)
        self._thanked_for = re.compile("|".join(map(re.escape, of.thanked_for)))

    def asked_before(self, text: str) -> str:
        """What stands before closing courtesies that are no thanks for it; empty where there is no such thing."""
        if not text.rstrip(PAUSES).endswith(self._last):
            return ""  # as most that is said
        found = self._end.search(text, max(0, len(text) - REACH))
        before = text[: found.start()] if found else ""
        return "" if self._thanked_for.search(before) else before
