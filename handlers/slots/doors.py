"""Which doors of a queue are meant: 301 402, 2-301, 3栋1单元302; and how several are said short."""

import re
from collections.abc import Sequence

from bot.errors import UserMistake
from bot.turn import Turn
from handlers.slots.standing import CHOICES
from storage.slots import CALLED, Called, SlotQueue

_DOOR = re.compile(
    r"(?P<first>[\dA-Za-z]{1,4})[-－—](?:(?P<middle>\d{1,2})[-－—])?(?P<last>\d{1,5})"
    r"|(?:(?P<building>[\dA-Za-z]{1,4})(?:[栋幢座]|号楼))?(?:(?P<unit>\d{1,2})单元)?(?P<room>\d{2,5})"
)


def rooms(doors: Sequence[Called]) -> list[tuple[Called, str]]:
    """Door by door, said short: a staircase (as any door of it) and its rooms."""
    found: dict[tuple[int, str, str], list[Called]] = {}
    for door in doors:
        found.setdefault((door.grid_id, door.building, door.unit), []).append(door)
    return [(some[0], " ".join(door.room for door in some)) for some in found.values()]


def doors_said(turn: Turn) -> str:
    """What followed the queue's number: rooms look like numbers too."""
    more = turn.order.numbers[1:] if turn.order else ()
    return " ".join((*map(str, more), turn.words)).strip()


def matched(words: str, among: Sequence[Called], queue: SlotQueue) -> list[Called]:
    """The doors that the words name; UserMistake where one is unknown or could be two."""
    found: dict[int, Called] = {}
    for match in _DOOR.finditer(words):
        tried = (_at(among, *reading) for reading in _readings(match))
        fitting = next((doors for doors in tried if doors), list[Called]())
        newest = [door for door in fitting if door.state == CALLED] or fitting
        if not newest:
            raise UserMistake("slots/no_such_door", said=match[0], queue=queue)
        if len(newest) > 1:
            raise UserMistake("slots/two_doors", said=match[0], doors=newest[:CHOICES], queue=queue)
        found[newest[0].id] = newest[0]
    if not found:
        raise UserMistake("slots/which_doors", queue=queue)
    return list(found.values())


def _readings(match: re.Match[str]) -> list[tuple[str | None, str | None, str]]:
    """(building, unit, room), the likelier first: 2-301 is a staircase and a room, else a building and a room."""
    if match["last"] is None:
        return [(match["building"], match["unit"], match["room"])]
    if match["middle"]:
        return [(match["first"], match["middle"], match["last"])]
    return [(None, match["first"], match["last"]), (match["first"], None, match["last"])]


def _at(among: Sequence[Called], building: str | None, unit: str | None, room: str) -> list[Called]:
    return [
        door for door in among if door.room == room and building in (None, door.building) and unit in (None, door.unit)
    ]
