"""Danger to life: found without asking twice, and not fooled by hot pots, films and drills."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.catalog import Catalog, EmergencyKind
from bot.understanding import phrases
from bot.understanding.bodily import Harm, knowing
from bot.understanding.falling import COLLAPSE, knowing_falls
from bot.understanding.phrases import any_of
from bot.understanding.signs import Hit
from bot.understanding.unseen import UNSEEN, Unseen

_CLAUSES = re.compile(r"[\s,，。!！?？;；、]+")
LONGEST = 100
"""Nobody in danger writes more than this; longer texts are forwarded stories and letters."""

MEDICAL, ELECTRIC = "medical", "electric"
"""The dangers of a body that is hurt, and of one that electricity hurts."""
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

    def __init__(self, catalog: Catalog) -> None:
        emergencies, harmless = catalog.emergencies, catalog.harmless
        self._bodily = knowing(catalog.bodily)
        self._unseen = Unseen(catalog.unseen)
        self._falling = knowing_falls(catalog.falling, catalog.bodily)
        self._kinds = {f"emergency:{kind.code}": kind for kind in emergencies.kind}
        self._deny = harmless.deny
        self._earnest, self._doubts = emergencies.earnest, emergencies.doubts
        self._supposed = catalog.fears.supposed
        self._planned = harmless.planned
        self._unwell, self._beside_unwell = harmless.unwell, harmless.unwell_beside
        self._agreed, self._otherwise = harmless.agreed, harmless.agreed_otherwise
        self._uncalled, self._beside = harmless.uncalled, harmless.uncalled_beside
        self._yes = re.compile(rf"^.*(?:{'|'.join(map(re.escape, harmless.agreed)) or '(?!)'})[了的嘛哈哦]*")
        self._around = _of_these(emergencies.around)
        self._estate = re.compile(rf"^[^\W_]{{1,7}}?(?:{any_of(emergencies.estates)})")
        self._lost, self._about_lost = emergencies.lost, _of_these((*emergencies.around, *emergencies.lost_beside))
        self._jokes = frozenset(f"emergency:{code}" for code in emergencies.bare_unless)

    @staticmethod
    def signs(catalog: Catalog) -> list[tuple[str, Sequence[str]]]:
        """What the scanner has to look for on its behalf."""
        emergencies, harmless = catalog.emergencies, catalog.harmless
        kinds: list[tuple[str, Sequence[str]]] = [
            (f"emergency:{kind.code}", (*kind.words, *kind.patterns)) for kind in emergencies.kind
        ]
        kinds += [
            ("innocent", harmless.innocent),
            ("context", harmless.context),
            ("urging", (*emergencies.urging, *emergencies.earnest)),
        ]
        return kinds

    def find(self, text: str, hits: Sequence[Hit]) -> Danger | None:
        """A danger that is neither innocent nor denied nor only told about; of several the first in the catalog."""
        found = [hit for hit in hits if hit.kind in self._kinds]
        harm = self._bodily.harm(text)
        if self._unseen.worry(text) == "emergency":
            return replace(self.of(UNSEEN), why=(f"emergency:{UNSEEN}",), bare=True)
        falls = None if found or harm else self._of_fall(text)
        if not found and harm is None and falls is None:
            return None
        urging = any(hit.kind == "urging" for hit in hits)
        if not urging and (len(text) > LONGEST or any(hit.kind == "context" for hit in hits)):
            return None
        innocent = [hit for hit in hits if hit.kind == "innocent"]
        real = [hit for hit in found if not _covered(hit, innocent) and not self._denied(text, hit)]
        if real and (spared := self.spared(text)) != text:
            real = [hit for hit in real if hit.label in spared]
        if not real:
            return self._of_body(text, harm) if harm else falls or self._of_fall(text)
        sure = (harm is not None and harm.grave) or self._in_earnest(text)
        first, *others = [kind for code, kind in self._kinds.items() if any(hit.kind == code for hit in real)]
        return Danger(first, tuple(hit.why for hit in real), tuple(others), sure or self._bare(text, real))

    def _in_earnest(self, text: str) -> bool:
        """Whether it is said to be no drill, and neither asked nor supposed."""
        if len(text) > LONGEST:
            return False
        said = next((text.index(word) for word in self._earnest if word in text), -1)
        if said < 0 or any(word in text[:said] for word in self._supposed):
            return False
        return "是不是" not in text and not text.rstrip(" 。！!~～啊哦").endswith(self._doubts)

    def _bare(self, text: str, real: Sequence[Hit]) -> bool:
        jokes = [hit for hit in real if hit.kind in self._jokes]
        if len(self._here(text)) > BARE or (jokes and not any(map(self._is_lost, jokes))):
            return False
        at, rests = 0, list[str]()
        for hit in sorted(real, key=lambda hit: hit.start):
            rests.append(text[at : hit.start])
            at = max(at, hit.end)
        around = self._about_lost if jokes else self._around
        return all(map(around.fullmatch, (self._here(rests[0]), *rests[1:], text[at:])))

    def _is_lost(self, hit: Hit) -> bool:
        """Whether it says who is lost, and not only that something is."""
        return any(word in hit.label and hit.label.strip("了") != word for word in self._lost)

    def _of_body(self, text: str, harm: Harm) -> Danger:
        code = ELECTRIC if self._bodily.is_shock(harm.words) else MEDICAL
        bare = harm.grave or self._is_alone(text, harm.words)
        return replace(self.of(code), why=(f"emergency:{code}:{harm.words}",), bare=bare)

    def _of_fall(self, text: str) -> Danger | None:
        """Something has come down on somebody, or it is a wall, a house, and no more is said."""
        on_people = self._falling.on_people(text)
        words = on_people or self._falling.big(text)
        if words is None:
            return None
        alone = self._is_alone(text, words)
        if not alone and on_people is None:
            return None
        return replace(self.of(COLLAPSE), why=(f"emergency:{COLLAPSE}:{words}",), bare=alone)

    def _is_alone(self, text: str, words: str) -> bool:
        before, _, after = text.partition(words)
        before = self._here(before)
        return len(before + words + after) <= BARE and all(map(self._around.fullmatch, (before, after)))

    def _here(self, text: str) -> str:
        """The words without the name of the estate or street with which they begin."""
        return self._estate.sub("", text, count=1)

    def of(self, code: str) -> Danger:
        """The danger of this code, when no word of the catalog named it."""
        return Danger(self._kinds[f"emergency:{code}"], ())

    def is_planned(self, text: str) -> bool:
        """Whether somebody speaks of works in a home: what only sounds like a danger is none."""
        return any(word in text for word in self._planned)

    def is_missed(self, text: str) -> bool:
        """Whether somebody old has not been seen for days, and a neighbour should look today."""
        return self._unseen.worry(text) is not None

    def is_elsewhere(self, text: str) -> bool:
        """Whether somebody old has not been seen for days at cards or at the market: nobody fears for them."""
        return self._unseen.at_ease(text)

    def only_refuses(self, text: str) -> bool:
        """Whether somebody says that they do not want to be called, and no more."""
        return phrases.only(text, self._uncalled, self._beside)

    def is_unwell(self, text: str) -> bool:
        """Whether somebody says to be unwell, and no more."""
        return phrases.only(text, self._unwell, self._beside_unwell)

    def without_a_yes(self, text: str) -> str:
        """What is said besides that somebody said yes; all of it where that may have been no yes."""
        if not any(word in text for word in self._agreed) or any(word in text for word in self._otherwise):
            return text
        return "，".join(rest for one in _CLAUSES.split(text) if (rest := self._yes.sub("", one)))

    def spared(self, text: str) -> str:
        """What is said besides worn-out legs, laughter and things that fell on nobody."""
        return self._falling.spared(self._bodily.spared(text))

    def _denied(self, text: str, hit: Hit) -> bool:
        return text[max(0, hit.start - 4) : hit.start].endswith(self._deny)


def _of_these(words: Sequence[str]) -> re.Pattern[str]:
    """Nothing but these words, digits and marks."""
    return re.compile(rf"(?:{any_of(words) or '(?!)'}|[\W_\d])*")


def _covered(hit: Hit, innocent: Sequence[Hit]) -> bool:
    """An innocent word takes in where the danger's words begin, or (being no mere 困了) where they end."""
    return any(
        word.start <= hit.start < word.end
        or (hit.start < word.end and word.start < hit.end and len(word.label) >= TELLING)
        for word in innocent
    )
