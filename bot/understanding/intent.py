"""What somebody wants: each intent has its words, and a report is weighed sign by sign."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import exp

from bot.catalog import Weights
from bot.understanding.category import FAULT, THING
from bot.understanding.signs import Hit
from bot.understanding.utterance import Intent, Place

OTHERS: tuple[Intent, ...] = ("wish", "form", "ask", "progress", "withdraw", "volunteer", "verify")

ENOUGH = 2.1
"""The weight of words at which an intent other than a report is as likely as not."""
STEEP = 1.8
MOST = {"trouble": 4.5, "thing": 3.0, "request": 3.5, "lasting": 1.5, "hurt": 1.2, "chatter": 5.0, "past": 4.0}
"""More words of one kind than this prove nothing more."""
OF_A_FAULT = 1.5
"""A fault names its thing as well."""
CLEAR = frozenset({"progress", "withdraw", "verify"})
"""Intents that speak of a matter and win over reporting it again, where they are certain."""
_NOT_YET = frozenset("没未")
_QUESTION = re.compile(r"[吗么呢没不][?？]?$|[?？]")


def certainty(score: float) -> float:
    """A score on the logistic scale as a number from 0 to 1."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


def weigh(text: str, hits: Sequence[Hit]) -> dict[str, float]:
    """The sum of each kind's weights, a fault being trouble and a thing; each word once, no kind beyond MOST."""
    sums: dict[str, float] = defaultdict(float)
    heard: set[tuple[str, str]] = set()
    for hit in hits:
        kind = hit.kind
        if (kind, hit.label) in heard:
            continue
        heard.add((kind, hit.label))
        if kind == "past" and text[max(0, hit.start - 1) : hit.start] in _NOT_YET:
            continue
        if kind.startswith(THING):
            sums["thing"] += hit.weight
        elif kind.startswith(FAULT):
            sums["trouble"] += hit.weight
            sums["thing"] += OF_A_FAULT * (hit.weight > 0)
        else:
            sums[kind] += hit.weight
    return {kind: min(total, MOST.get(kind, total)) for kind, total in sums.items()}


def named(place: Place) -> float:
    """How firmly a place is named: an address says more than "by the gate"."""
    return 1.0 * bool(place.building or place.unit or place.room) + 0.4 * bool(place.floor) + 0.4 * bool(place.spot)


def report(sums: Mapping[str, float], text: str, place: Place, weights: Weights, *, private: bool) -> float:
    """How certain it is that a text reports a matter."""
    trouble = sums.get("trouble", 0.0)
    thing = sums.get("thing", 0.0)
    if not trouble and not sums.get("request"):
        thing *= 0.5
    if not thing and not place:
        trouble *= 0.55
    score = (
        weights.bias
        + weights.trouble * trouble
        + weights.thing * thing
        + weights.place * named(place)
        + weights.request * sums.get("request", 0.0)
        + weights.lasting * sums.get("lasting", 0.0)
        + weights.hurt * sums.get("hurt", 0.0)
        + weights.chatter * sums.get("chatter", 0.0)
        + weights.past * (sums.get("past", 0.0) + 2 * sums.get("deny", 0.0))
        + weights.question * bool(_QUESTION.search(text))
        + weights.private * private
    )
    return certainty(score)


def other(sums: Mapping[str, float], *, bold: bool) -> tuple[Intent, float]:
    """The likeliest intent besides a report, and how certain it is."""
    best = max(OTHERS, key=lambda intent: sums.get(intent, 0.0))
    weight = sums.get(best, 0.0)
    if not weight:
        return best, 0.0
    return best, certainty(STEEP * (weight + 0.5 * bold - 0.25 * sums.get("chatter", 0.0) - ENOUGH))
