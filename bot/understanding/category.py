"""Which kind of matter it is, and whether it can wait."""

from collections import defaultdict
from collections.abc import Sequence

from bot.understanding.signs import Hit

THING = "thing:"
FAULT = "fault:"


def category(hits: Sequence[Hit]) -> str | None:
    """The category with the most weight; of equals the one named first; None when none is named."""
    weights: dict[str, float] = defaultdict(float)
    for hit in hits:
        if hit.kind.startswith((THING, FAULT)):
            weights[hit.kind.partition(":")[2]] += hit.weight
    return max(weights, key=weights.__getitem__) if weights else None


def is_urgent(hits: Sequence[Hit]) -> bool:
    """Somebody named a fault that cannot wait."""
    return any(hit.kind == "urgent" for hit in hits)
