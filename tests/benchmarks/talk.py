"""What a district says on a busy day: 30 % reports, 5 % wishes, 5 % commands, 60 % chatter."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

CORPUS = Path(__file__).resolve().parents[1] / "understanding" / "corpus"
COMMANDS = ("进度", "我的事到哪了", "帮助", "催办", "人工", "补充 又响了一整夜", "进度 1001", "撤回", "待办", "菜单")
MIX = {"report": 30, "wish": 5, "command": 5, "chat": 60}


@dataclass(frozen=True, slots=True)
class Said:
    """One message: who says it, and in which group (None: in private)."""

    id: int
    user: int
    group: int | None
    text: str


class _Line(msgspec.Struct):
    text: str
    intent: str = ""


def texts() -> dict[str, list[str]]:
    """By kind: what real groups say, as the tests of the understanding have it."""
    wishes = [line.text for line in _lines("others") if line.intent == "wish"]
    return {
        "report": [line.text for line in _lines("reports")],
        "wish": wishes,
        "command": list(COMMANDS),
        "chat": [line.text for line in _lines("chatter")],
    }


def talk(many: int, *, groups: int, residents: int, seed: int, first_id: int = 1) -> Iterator[Said]:
    """The same messages for the same seed; resident n lives in the grid of group n modulo the number of groups."""
    chance = random.Random(seed)
    kinds = chance.choices(list(MIX), list(MIX.values()), k=many)
    of_kind = texts()
    for number, kind in enumerate(kinds):
        user = chance.randrange(residents)
        group = None if kind == "command" else user % groups
        yield Said(first_id + number, user, group, chance.choice(of_kind[kind]))


def _lines(name: str) -> list[_Line]:
    lines = (CORPUS / f"{name}.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=_Line) for line in lines]
