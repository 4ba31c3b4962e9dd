"""Which kind of matter it is, and whether it can wait."""

from collections import defaultdict
from collections.abc import Sequence

from bot.understanding.signs import Hit

THING = "thing:"
FAULT = "fault:"


def weigh_categories(hits: Sequence[Hit]) -> dict[str, float]:
    """How much the catalog's words speak for each category."""
    weights: dict[str, float] = defaultdict(float)
    for hit in hits:
        if hit.kind.startswith((THING, FAULT)):
            weights[hit.kind.partition(":")[2]] += hit.weight
    return weights


def is_urgent(hits: Sequence[Hit]) -> bool:
    """Somebody named a fault that cannot wait."""
    return any(hit.kind == "urgent" for hit in hits)
