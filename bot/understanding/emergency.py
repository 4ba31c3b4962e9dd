"""Danger to life: found without asking twice, and not fooled by hot pots, films and drills."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalog import Emergencies, EmergencyKind
from bot.understanding import phrases
from bot.understanding.signs import Hit

_CLAUSES = re.compile(r"[\s,，。!！?？;；、]+")
LONGEST = 100
"""Nobody in danger writes more than this; longer texts are forwarded stories and letters."""

BARE = 20
"""A bare cry is no longer than this."""
TELLING = 3
"""An innocent word this long takes back a danger it only touches."""


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger that was named, and by which words."""

    kind: EmergencyKind
    why: tuple[str, ...]
    others: tuple[EmergencyKind, ...] = ()
    """What else the words may mean."""
    bare: bool = False
    """Nothing but these words is said: somebody is calling."""


class Dangers:
    """Decides from the hits of a text whether somebody is in danger."""

    def __init__(self, emergencies: Emergencies) -> None:
        self._kinds = {f"emergency:{kind.code}": kind for kind in emergencies.kind}
        self._deny = emergencies.deny
        self._planned = emergencies.planned
        self._agreed, self._otherwise = emergencies.agreed, emergencies.agreed_otherwise
        self._uncalled, self._beside = emergencies.uncalled, emergencies.uncalled_beside
        self._yes = re.compile(rf"^.*(?:{'|'.join(map(re.escape, emergencies.agreed)) or '(?!)'})[了的嘛哈哦]*")
        around = "|".join(map(re.escape, sorted(emergencies.around, key=len, reverse=True)))
        self._around = re.compile(rf"(?:{around or '(?!)'}|[\W_\d])*")
        self._jokes = frozenset(f"emergency:{code}" for code in emergencies.bare_unless)

    def signs(self, emergencies: Emergencies) -> list[tuple[str, Sequence[str]]]:
        """What the scanner has to look for on its behalf."""
        kinds: list[tuple[str, Sequence[str]]] = [
            (f"emergency:{kind.code}", (*kind.words, *kind.patterns)) for kind in emergencies.kind
        ]
        kinds += [("innocent", emergencies.innocent), ("context", emergencies.context), ("urging", emergencies.urging)]
        return kinds

    def find(self, text: str, hits: Sequence[Hit]) -> Danger | None:
        """A danger that is neither innocent nor denied nor only told about; of several the first in the catalog."""
        found = [hit for hit in hits if hit.kind in self._kinds]
        if not found:
            return None
        urging = any(hit.kind == "urging" for hit in hits)
        if not urging and (len(text) > LONGEST or any(hit.kind == "context" for hit in hits)):
            return None
        innocent = [hit for hit in hits if hit.kind == "innocent"]
        real = [hit for hit in found if not _covered(hit, innocent) and not self._denied(text, hit)]
        if not real:
            return None
        first, *others = [kind for code, kind in self._kinds.items() if any(hit.kind == code for hit in real)]
        return Danger(first, tuple(hit.why for hit in real), tuple(others), self._bare(text, real))

    def _bare(self, text: str, real: Sequence[Hit]) -> bool:
        if len(text) > BARE or any(hit.kind in self._jokes for hit in real):
            return False
        at, rests = 0, list[str]()
        for hit in sorted(real, key=lambda hit: hit.start):
            rests.append(text[at : hit.start])
            at = max(at, hit.end)
        return all(map(self._around.fullmatch, (*rests, text[at:])))

    def of(self, code: str) -> Danger:
        """The danger of this code, when no word of the catalog named it."""
        return Danger(self._kinds[f"emergency:{code}"], ())

    def is_planned(self, text: str) -> bool:
        """Whether somebody speaks of works in a home: what only sounds like a danger is none."""
        return any(word in text for word in self._planned)

    def only_refuses(self, text: str) -> bool:
        """Whether somebody says that they do not want to be called, and no more."""
        return phrases.only(text, self._uncalled, self._beside)

    def without_a_yes(self, text: str) -> str:
        """What is said besides that somebody said yes; all of it where that may have been no yes."""
        if not any(word in text for word in self._agreed) or any(word in text for word in self._otherwise):
            return text
        return "，".join(rest for one in _CLAUSES.split(text) if (rest := self._yes.sub("", one)))

    def _denied(self, text: str, hit: Hit) -> bool:
        return text[max(0, hit.start - 4) : hit.start].endswith(self._deny)


def _covered(hit: Hit, innocent: Sequence[Hit]) -> bool:
    """An innocent word takes in where the danger's words begin, or (being no mere 困了) where they end."""
    return any(
        word.start <= hit.start < word.end
        or (hit.start < word.end and word.start < hit.end and len(word.label) >= TELLING)
        for word in innocent
    )
