"""Whether two reports are the same matter: same grid and category, near in time, places that agree, words alike."""

import re
from collections.abc import Collection
from datetime import timedelta

from rapidfuzz import fuzz

from bot.turn import Scene
from bot.understanding.utterance import Place
from handlers.matters import rules
from storage import matters
from storage.grids import Grid
from storage.matters import Matter, Near

SAME_CRY = timedelta(minutes=30)
ROOM = re.compile(r"(?<!\d)[1-9]\d?0[1-9](?!\d|[栋幢])")
SAID_AGAIN = 85
"""Texts as alike as this are the same words, sent twice."""


def find(scene: Scene, grid: Grid, category: str, place: Place, text: str, *, emergencies_only: bool) -> Matter | None:
    """The living matter that this would be a second voice for; the most alike, or None.

    A cry for help is a second voice only for a cry of the last half hour that is not answered for yet.
    """
    table = rules.routes(scene.catalog)
    since = scene.now - timedelta(hours=table.window_hours)
    best: Near | None = None
    most = 0.0
    for matter in matters.alike(scene.session, grid.id, category, since):
        if not agree(matter, place) or (emergencies_only and not _same_cry(scene, matter, text)):
            continue
        placed = bool((matter.building or matter.spot) and (place.building or place.spot))
        needed = table.alike if placed else table.alike_without_place
        score = likeness(matter.text, text)
        if score >= needed and score > most:
            best, most = matter, score
    return matters.get(scene.session, best.id) if best else None


def one_at_a_time(scene: Scene, *kinds: tuple[int, str]) -> None:
    """Of two reports of the same (grid, category) the second finds the first, whoever files them."""
    scene.session.one_at_a_time(*(f"{grid_id} {category}" for grid_id, category in kinds))


def look_up(scene: Scene, kinds: Collection[tuple[int, str]]) -> None:
    """What several reports of these (grid, category) will be compared with, in one look."""
    one_at_a_time(scene, *kinds)
    since = scene.now - timedelta(hours=rules.routes(scene.catalog).window_hours)
    matters.look_up_alike(scene.session, kinds, since)


def _same_cry(scene: Scene, matter: Near, text: str) -> bool:
    fresh = scene.now - matter.opened_at < SAME_CRY
    lives = matter.urgency == "emergency" and fresh and matter.state not in ("done", "held")
    return lives and not _is_another(scene, matter, text)


def _is_another(scene: Scene, matter: Near, text: str) -> bool:
    """Whether the words tell of one more danger, or of another room than the one that was named."""
    if matter.room and any(room != matter.room for room in ROOM.findall(text)):
        return True
    tells = any(word in text for word in rules.routes(scene.catalog).another)
    return tells and fuzz.ratio(matter.text, text) < SAID_AGAIN


def agree(matter: Near | Matter, place: Place) -> bool:
    """Whether nothing that both name differs."""
    return all(
        mine is None or theirs is None or mine == theirs
        for mine, theirs in (
            (matter.building, place.building),
            (matter.unit, place.unit),
            (matter.floor, place.floor),
            (matter.room, place.room),
            (matter.spot, place.spot),
        )
    )


def likeness(one: str, other: str) -> float:
    """0 to 100: how much of the shorter text is in the longer one, whatever the order of the words."""
    return max(fuzz.partial_ratio(one, other), _shared(one, other))


def _shared(one: str, other: str) -> float:
    """The share of the shorter text's neighbouring pairs of characters that the other has too."""
    pairs, others = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (one, other))
    fewer = min(len(pairs), len(others))
    return 100 * len(pairs & others) / fewer if fewer else 0.0
