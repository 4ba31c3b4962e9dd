"""What a household needs becomes a matter at once, with an owner and a clock like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.message import Reply
from bot.turn import Scene, Turn
from bot.understanding.utterance import Place, Utterance
from handlers.census.rules import Need, needs
from handlers.matters import cards, intake
from storage import census, grids
from storage.census import CensusAnswer, Door
from storage.grids import Grid
from storage.notices import Notice

URGENT = "urgent"
UNANSWERED = "unanswered"
"""Somebody frail who does not come to the door."""
OTHER = "other"
"""A need in words that the catalog does not have."""
OTHER_CATEGORY = "welfare"


def by_code(scene: Scene) -> Mapping[str, Need]:
    """Each need of census.toml."""
    return needs(scene.catalog)


def counted(scene: Scene, number: int, top: Grid) -> list[tuple[str, int]]:
    """(name, households) of each need that was named in the subtree, in the order of census.toml."""
    found = census.needs_counted(scene.session, number, top.code)
    return [(need.name, found[code]) for code, need in by_code(scene).items() if code in found]


def raise_matter(
    turn: Turn, door: Door, codes: Sequence[str], words: str, reports: Utterance | None = None
) -> list[Reply]:
    """The matter, its card to whoever owns it; the speaker hears of it in private, a group one line without any door.

    `reports`: what the words say by themselves, where they report a trouble or a danger.
    """
    place = _place(door)
    if reports is not None:
        said = replace(reports, text=words, place=place, behalf="")
    else:
        said = Utterance(
            "report", 1.0, words, category=_category(turn, codes), urgency=URGENT, place=place, why=_why(codes)
        )
    home, turn.grid = turn.grid, grids.get(turn.session, door.grid_id)
    replies = intake.take(turn, said, of_one_door=True)
    turn.grid = home
    if not turn.in_group:
        return replies
    others = [reply for reply in replies if reply.to is not None]
    return [Reply("census/need_group", {"also": not others}), *others]


def from_paper(scene: Scene, notice: Notice, row: CensusAnswer, codes: Sequence[str]) -> list[Reply]:
    """The same for what was written on a sheet: in the name of whoever entered it, else of whoever asked."""
    grid = grids.get(scene.session, row.grid_id)
    door = Door(row.household_id, row.grid_id, row.building, row.unit, row.room)
    category = _category(scene, codes)
    said = Utterance("report", 1.0, row.words, category=category, urgency=URGENT, place=_place(door), why=_why(codes))
    by = row.account_id or notice.account_id
    matter, owner, called = intake.file(scene, by, said, grid, category, URGENT)
    says = cards.origin(scene, matter)
    return [
        *(cards.to_seat(scene, matter, seat, "reports/card", **says) for seat in called),
        *cards.to_staff(scene, matter, grids.lineage(scene.session, grid), owner, "reports/card_staff"),
    ]


def _category(scene: Scene, codes: Sequence[str]) -> str:
    found = [need.category for code, need in by_code(scene).items() if code in codes]
    return found[0] if found else OTHER_CATEGORY


def _why(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"census:{code}" for code in codes)


def _place(door: Door) -> Place:
    return Place(building=door.building or None, unit=door.unit or None, room=door.room or None)
