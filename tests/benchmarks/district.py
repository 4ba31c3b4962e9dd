"""A whole district as a workbook: as many grids, people and groups as 郫都 has, or as few as a test wants."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bot.catalog import Catalog
from handlers.people import workbook

Row = dict[str, workbook.Value]
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂红玉建国志文华"
ROOT = "510199"
STREETS = 14
CATALOG = Path(__file__).resolve().parents[2] / "templates" / "catalog"


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything there is."""

    communities: int
    grids: int
    micros: int
    people: int
    residents: int
    channel: str


def write(
    path: Path,
    *,
    communities: int = 147,
    grids: int = 638,
    micros: int = 5965,
    people: int = 7461,
    residents: int = 0,
    channel: str = "simulator",
) -> None:
    """Write a valid workbook: leaders have accounts "p0".., residents "r0".., the micro-grids' groups are "g0"...

    `people` counts those with posts; `residents` come on top and are spread evenly over the micro-grids.
    """
    size = Size(communities, grids, micros, people, residents, channel)
    tree = list(_tree(size))
    micro = [row for row in tree if row["level"] == "微网格"]
    rows = {
        "grids": tree,
        "posts": [*_leaders(size, tree), *_residents(size, micro)],
        "chats": list(_chats(size, tree)),
        "units": [{"code": "CG01", "name": "城市管理局", "kind": "城管", "grid": ROOT}],
    }
    workbook.write(path, Catalog(CATALOG), rows)


def _tree(size: Size) -> Iterator[Row]:
    yield {"code": ROOT, "name": "云杉区", "level": "区"}
    above = [ROOT]
    for level, amount in (
        ("街道", min(STREETS, size.communities)),
        ("社区", size.communities),
        ("网格", size.grids),
        ("微网格", size.micros),
    ):
        found = list[str]()
        for number in range(amount):
            parent = above[number % len(above)]
            code = f"{parent}{number // len(above) + 1:03d}"
            found.append(code)
            yield {"code": code, "name": f"{level}{number + 1}", "level": level, "parent": parent, "households": 60}
        above = found


def _leaders(size: Size, tree: list[Row]) -> Iterator[Row]:
    """Two for every grid; there are fewer people than seats, so some hold several."""
    roles = {"区": "区值班", "街道": "街道调度", "社区": "站长", "网格": "网格长", "微网格": "微网格长"}
    seats = ((row, seat) for row in tree for seat in (1, 2))
    for number, (row, seat) in enumerate(seats):
        yield _seated(
            size, number % size.people, roles[str(row["level"])], row["code"], seat, first=number < size.people
        )
    yield {"key": "P00000", "role": "部门经办", "unit": "CG01"}
    for number in range(2 * len(tree), size.people):
        yield _seated(size, number, "志愿者", tree[number % len(tree)]["code"], 1, first=True)


def _seated(size: Size, number: int, role: str, grid: workbook.Value, seat: int, *, first: bool) -> Row:
    return {
        "key": f"P{number:05d}",
        "name": name_of(number),
        "phone": f"199{number:08d}",
        "role": role,
        "grid": grid,
        "seat": seat,
        "accounts": f"{size.channel}:p{number}" if first else None,
    }


def _residents(size: Size, micro: list[Row]) -> Iterator[Row]:
    for number in range(size.residents):
        yield {
            "key": f"R{number:05d}",
            "name": name_of(number + 7),
            "role": "居民",
            "grid": micro[number % len(micro)]["code"],
            "accounts": f"{size.channel}:r{number}",
        }


def _chats(size: Size, tree: list[Row]) -> Iterator[Row]:
    """A residents' group for every micro-grid, a staff group for 35 in all (6,000 groups at full size)."""
    numbers = count()
    for row in tree:
        if row["level"] == "微网格":
            number = next(numbers)
            yield _chat(size, f"g{number}", f"{row['name']}居民群", row["code"], "居民群")
    for number, row in enumerate([row for row in tree if row["level"] == "网格"][:35]):
        yield _chat(size, f"s{number}", f"{row['name']}工作群", row["code"], "工作群")


def _chat(size: Size, external: str, name: str, grid: workbook.Value, audience: str) -> Row:
    return {"channel": size.channel, "external": external, "name": name, "grid": grid, "audience": audience}


def name_of(number: int) -> str:
    """The same name for the same number, always."""
    family = FAMILY[number % len(FAMILY)]
    first, second = GIVEN[number // 7 % len(GIVEN)], GIVEN[number // 11 % len(GIVEN)]
    return family + first + (second if second != first else "")
