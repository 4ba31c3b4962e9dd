"""No name, phone, ID or door number of a resident reaches a group: over all texts, and over whole conversations.

First every text is read as a group would get it, with private things in every place a value can stand: those that tell
one of them are for private ears. Then conversations of neighbours who give everything away are held, and neither
must such a text be said in a group, nor may one of the private things be heard there.
A wing with texts or flows of its own adds its lines to SAYINGS, and to VOUCHED what it shows in groups.
"""

import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, UndefinedError, meta

from bot.batch import Kit
from bot.catalog import Catalog
from bot.clock import StillClock
from bot.render import Renderer
from bot.settings import PROJECT, Settings
from handlers.people import codes
from storage.database import IN_MEMORY, Database
from storage.people import household
from tests.stage import MORNING, Stage, kit

TEMPLATES = PROJECT / "templates"
SAYS = TEMPLATES / "says"
NAME, PHONE, IDENTITY, ROOM, FLOOR = "欧阳春娥", "13912345678", "11010519491231002X", "1704", "十七"
PRIVATE = (NAME, PHONE, IDENTITY, ROOM, FLOOR)
GROUP, STAFF, GRID = "g-jinxiu-2", "w-jinxiu-1", "519901001001001002"

OFFICIAL = (
    "owner",
    "seat",
    "to",
    "supervisor",
    "grid",
    "chat",
    "category",
    "other",
    "table",
    "form",
    "need",
    "purpose",
    "team",
)
"""Values whose name is no resident's: posts, grids, groups, rows of the catalog."""
VOUCHED = frozenset(
    (
        "also", "audience", "called", "can", "code", "count", "days", "emergency", "followers", "hint", "human", "in_group", "kind",
        "late", "lost", "many", "more", "most", "new", "now", "number", "phase", "private", "state", "states", "verb",
    )
)  # fmt: skip
"""Plain values of the program's own: numbers, moments, words of the catalog. Any other one counts as private."""
MATTERS_OWN = frozenset(
    (
        "number",
        "category",
        "urgency",
        "state",
        "kind",
        "building",
        "unit",
        "spot",
        "rating",
        "followers",
        "returns",
        "route",
    )
)
"""What of a matter a group may hear."""
AS_THE_GROUP_KNOWS = {
    "favours/posted": "what the neighbour has read back, worded without name, number and door",
    "favours/list": "what the neighbour has read back, worded without name, number and door",
    "favours/answered_group": "what the neighbour has read back, worded without name, number and door",
    "reports/unsure": "the speaker by the name the group itself shows",
    "wishes/announced": "the wording that a person has vetted",
    "wishes/published": "the wording that a person has vetted",
    "wishes/wall": "the wording that a person has vetted",
}
"""Texts with a value of somebody's own that a group may hear all the same, and why."""
FILTERS = ("at", "clock", "day", "span", "door", "spot", "words", "brief", "category", "role")
MOMENTS = ("_at", "_by", "_until", "deadline", "now", "until", "since", "moment")


class Anything:
    """Stands for any value a template may be given: every part of it is private unless a group may hear it."""

    def __init__(self, root: str, chance: random.Random) -> None:
        self._root, self._chance = root, chance

    def __getattr__(self, part: str) -> object:
        if part.startswith("__"):
            raise AttributeError(part)
        return told(part, self._chance, official=self._root in OFFICIAL, of_value=True)

    def __getitem__(self, _at: object) -> object:
        return Anything(self._root, self._chance)

    def __iter__(self) -> Iterator[object]:
        return iter([Anything(self._root, self._chance) for _ in range(2)])

    def __len__(self) -> int:
        return 2

    def __bool__(self) -> bool:
        return self._chance.random() < 0.8

    def __str__(self) -> str:
        return "公家的" if self._root in OFFICIAL else " ".join(PRIVATE)


class Words(str):
    """A text that equals others by chance, so that every branch of a template is taken at some time."""

    __slots__ = ("chance",)
    chance: random.Random

    def __eq__(self, other: object) -> bool:
        return self.chance.random() < 0.4

    def __hash__(self) -> int:
        return super().__hash__()

    def __bool__(self) -> bool:
        return self.chance.random() < 0.8


def told(name: str, chance: random.Random, *, official: bool, of_value: bool) -> object:
    """The value of this name: a moment, a plain word, a private one."""
    if name.endswith(MOMENTS):
        return MORNING
    plain = {
        "number": 1001,
        "building": "3",
        "unit": "2",
        "spot": "楼道",
        "category": "facilities",
        "role": "micro_lead",
    }
    if name in plain and (of_value or name in VOUCHED):
        return plain[name]
    safe = official or name in (MATTERS_OWN if of_value else VOUCHED)
    words = {"name": NAME, "phone": PHONE, "room": ROOM, "floor": FLOOR}.get(name, " ".join(PRIVATE))
    said = Words("公家的" if safe else words)
    said.chance = chance
    return said


@cache
def names_in(template: str) -> frozenset[str]:
    """Every value that a template asks for, with what it includes."""
    environment = Environment()  # noqa: S701 - only parsed
    environment.filters.update(dict.fromkeys(FILTERS, str))
    return frozenset(meta.find_undeclared_variables(environment.parse(_source(template))))


def values(template: str, chance: random.Random) -> Mapping[str, object]:
    """Something for every name that a template uses, with what it includes."""
    wanted = names_in(template)
    plain = {
        "phases": [("办理", MORNING)],
        "can": ["接单"],
        "advice": "emergency/fire.txt",
        "called": [1, 2],
        "states": Anything("table", chance),
    }
    found: dict[str, object] = {}
    for name in wanted:
        if name in plain:
            found[name] = plain[name]
        elif name in VOUCHED or name in ("name", "phone", "reporter", "behalf", "reason", "words", "text", "result"):
            found[name] = told(name, chance, official=False, of_value=False)
        elif name in ("who", "role", "days", "minutes"):
            found[name] = told(name, chance, official=True, of_value=name == "role")
        else:
            found[name] = MORNING if name.endswith(MOMENTS) else Anything(name, chance)
    return found


def _source(template: str) -> str:
    words = (SAYS / f"{template}.txt").read_text(encoding="utf-8")
    for part in words.split('{% include "')[1:]:
        words += (SAYS / part.partition('"')[0]).read_text(encoding="utf-8")
    return words


def all_texts() -> list[str]:
    return sorted(path.relative_to(SAYS).with_suffix("").as_posix() for path in SAYS.rglob("*.txt"))


def for_private_ears(renderer: Renderer) -> set[str]:
    """The texts that, read as a group would get them, tell something private."""
    return {template for template in all_texts() if any(leaks(_read(renderer, template, seed)) for seed in range(40))}


def _read(renderer: Renderer, template: str, seed: int) -> str:
    try:
        return renderer.text(template, values(template, random.Random(seed)), private=False)
    except (TypeError, ValueError, AttributeError, UndefinedError):
        return " ".join(PRIVATE)  # it calculates with what it is given: then it must be looked at, not passed over


def leaks(text: str) -> list[str]:
    """The private things in a text."""
    return [one for one in PRIVATE if one in text]


class Listening(Renderer):
    """Writes down which texts are said in groups."""

    said_in_groups: set[str]

    def text(self, template: str, values: Mapping[str, object], *, private: bool, now: datetime | None = None) -> str:
        if not private:
            self.said_in_groups.add(template)
        return super().text(template, values, private=private, now=now)


@pytest.fixture(scope="module")
def parts() -> Kit:
    catalog = Catalog(TEMPLATES / "catalog")
    listening = Listening(TEMPLATES, catalog, Settings().zone)
    listening.said_in_groups = set()
    return replace(kit(TEMPLATES, StillClock(MORNING)), renderer=listening)


@pytest.fixture(scope="module")
def tell_tales(parts: Kit) -> set[str]:
    return for_private_ears(Renderer(TEMPLATES, parts.catalog, Settings().zone))


def new_stage(settled: sqlite3.Connection, parts: Kit) -> Stage:
    """Monday morning again."""
    database = Database(IN_MEMORY)
    raw = database.engine.raw_connection().driver_connection
    assert isinstance(raw, sqlite3.Connection)
    settled.backup(raw)
    clock = StillClock(MORNING)
    return Stage(database, replace(parts, clock=clock), clock)


SAYINGS = (
    f"3栋2单元{ROOM}水管爆了，我是{NAME}，电话{PHONE}",
    f"我叫{NAME} 身份证{IDENTITY} 我家停电了",
    f"报事 3栋2单元{ROOM}室漏水 找{NAME}",
    f"帮{NAME}报一下 她家{ROOM}没水了 电话{PHONE}",
    f"救命 3栋2单元{ROOM}着火了 {NAME}在里面",
    "电梯又停了",
    "我家也是",
    f"补充 {PHONE} 找{NAME}",
    f"更正地点 3栋2单元{ROOM}",
    "进度",
    "进度 1001",
    f"没解决 1001 {NAME}家{ROOM}还漏",
    "解决了 1001",
    f"评价 1001 差 {NAME}",
    "撤回",
    "催办",
    "人工",
    "谁负责",
    "找网格长",
    "码",
    "码 2222-2222",
    "我的信息",
    "更正信息",
    f"更正 我叫{NAME}",
    f"{NAME}，住{ROOM}",
    "同意",
    "撤回同意",
    "我的同意",
    "删除",
    f"心愿 我叫{NAME}，想请人陪着去医院，住3栋2单元{ROOM}，电话{PHONE}",
    "心愿墙",
    f"心愿 想请人帮我通下水道,我在{ROOM},莫走错咯",
    f"下午三点以后都行，我在{ROOM}等到起",
    f"互助 想找人陪我夜跑,我在{ROOM},微信号cxg602",
    f"互助 想借个打气筒,送到{ROOM},找{NAME}",
    f"我家有多的白菜送人,住{ROOM}",
    "发",
    f"我家有轮椅可以借，找{NAME}{PHONE}",
    f"我家在{ROOM},有个轮椅可以借,打我电话{PHONE}",
    f"报备 10月3日从成都回来，两个人，住3栋2单元{ROOM}，我叫{NAME}，电话{PHONE}，身份证{IDENTITY}",
    "我的报备",
    "1",
    "2",
    "3",
    "好的",
)
ON_DUTY = (
    "接单 1001",
    "到场 1001",
    f"办结 1001 已上门找{NAME}，电话{PHONE}，{ROOM}修好了",
    f"退回 1001 {NAME}不在家",
    f"转办 1001 城管 {NAME}{PHONE}",
    f"挂账 1001 到12月8日 等{NAME}回来",
    f"督办 1001 {NAME}说了三次",
    "同意 1001",
    "待办",
    "问一句 1001 几点方便",
    "发布 1001",
    "发布 1002",
    "发布 1003",
    "1",
    "2",
)
NEIGHBOURS, LEADERS = ("huanghua", "liguifang", "newcomer"), ("hanmei", "zhoujianhua", "linruoyun")
PLACES = st.sampled_from((GROUP, None))
Step = tuple[str, str, str | None]


def said_by_neighbours() -> st.SearchStrategy[Step]:
    return st.tuples(st.sampled_from(NEIGHBOURS), st.sampled_from((*SAYINGS, "tap", "scan", "photo", "wait")), PLACES)


def said_on_duty() -> st.SearchStrategy[Step]:
    return st.tuples(
        st.sampled_from(LEADERS), st.sampled_from((*ON_DUTY, "tap", "wait")), st.sampled_from((GROUP, STAFF, None))
    )


def play(stage: Stage, steps: Sequence[Step], door: str) -> None:
    """Everything that is said, tapped, scanned and waited for, in its order."""
    for who, words, chat in steps:
        if words == "tap":
            _tap(stage, who, chat)
        elif words == "scan":
            stage.does("scan", door, by=who, chat=chat)
        elif words == "photo":
            stage.does("photo", f"{NAME}.jpg", by=who, chat=chat)
        elif words == "wait":
            stage.pass_time(minutes=40)
        else:
            stage.say(words, by=who, chat=chat)


def _tap(stage: Stage, who: str, chat: str | None) -> None:
    """The first button of the newest word there that has one."""
    there = stage.hears(chat, group=True) if chat else stage.hears(who)
    with_buttons = [one for one in there if one.buttons]
    if with_buttons:
        stage.tap(with_buttons[-1], with_buttons[-1].buttons[0][0], by=who)


def door_code(stage: Stage) -> str:
    """The code of a home, whose door is made one of the private things."""
    with stage.database.transaction() as session:
        session.run(household.update().where(household.c.room == "501").values(room=ROOM))
        [(_, printed)] = codes.printed(session, stage.kit.settings, GRID, stage.clock.now())
    return next(one.text for one in printed if one.place.room == ROOM)


def nothing_leaked(stage: Stage, parts: Kit, tell_tales: set[str]) -> None:
    assert [one.text for one in stage.heard() if not one.private and leaks(one.text)] == []
    assert isinstance(parts.renderer, Listening)
    assert parts.renderer.said_in_groups & tell_tales - AS_THE_GROUP_KNOWS.keys() == set()


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # to make a failing conversation shorter would take minutes
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large),
)
@given(steps=st.lists(st.one_of(said_by_neighbours(), said_by_neighbours(), said_on_duty()), min_size=6, max_size=14))
def test_whatever_is_said_no_group_hears_anything_private(
    settled: sqlite3.Connection, parts: Kit, tell_tales: set[str], steps: list[Step]
) -> None:
    stage = new_stage(settled, parts)
    play(stage, steps, door_code(stage))
    nothing_leaked(stage, parts, tell_tales)
    stage.database.close()


@pytest.mark.parametrize("chat", [GROUP, None])
def test_everything_said_once_by_everybody_leaks_nothing(
    settled: sqlite3.Connection, parts: Kit, tell_tales: set[str], chat: str | None
) -> None:
    stage = new_stage(settled, parts)
    door = door_code(stage)
    whole = [(who, words, chat) for words in (*SAYINGS, "scan", "tap") for who in NEIGHBOURS[:2]]
    play(stage, [step for pair in pairwise(whole) for step in pair[:1]], door)
    play(stage, [(who, words, where) for words in ON_DUTY for who in LEADERS for where in (GROUP, STAFF)], door)
    stage.pass_time(days=4)
    nothing_leaked(stage, parts, tell_tales)
    stage.database.close()


@pytest.mark.parametrize("kind", ["心愿", "互助"])
@pytest.mark.parametrize("lead", ["我在", "住", "送到", "来我家", "我家在", "放到", "隔壁"])
def test_a_bare_room_goes_through_a_whole_life_and_reaches_no_group(
    settled: sqlite3.Connection, parts: Kit, tell_tales: set[str], kind: str, lead: str
) -> None:
    stage = new_stage(settled, parts)
    neighbour = [f"{kind} 想借个打气筒,{lead}{ROOM},找{NAME}", "发"]
    play(stage, [("liguifang", words, None) for words in neighbour], "")
    play(stage, [("xujianing", "问一句 1001 几点方便", None), ("liguifang", f"三点,{lead}{ROOM}等到起", None)], "")
    play(stage, [("xujianing", "发布 1001", None), ("chenhao", "心愿墙", GROUP), ("chenhao", "互助墙", GROUP)], "")
    assert any("打气筒" in one.text for one in stage.heard() if not one.private)
    nothing_leaked(stage, parts, tell_tales)
    stage.database.close()


@pytest.mark.parametrize(
    "template",
    ["reports/noted_group", "desk/progress_group", "closing/done_group", "reports/card_staff", "codes/bound_group"],
)
def test_what_is_written_for_groups_tells_nothing_private(tell_tales: set[str], template: str) -> None:
    assert template not in tell_tales


def test_the_measure_itself_sees_what_is_private(tell_tales: set[str]) -> None:
    assert {"reports/card", "reports/noted", "privacy/mine", "closing/ask"} - tell_tales == set()


def test_a_door_is_never_read_out_in_a_group(parts: Kit) -> None:
    home = type("Home", (), {"building": "3", "unit": "2", "room": ROOM, "floor": None})()
    grid = type("Grid", (), {"name": "锦绣花园"})()
    says = {"home": home, "grid": grid}
    assert ROOM in parts.renderer.text("codes/bound", says, private=True)
    assert ROOM not in parts.renderer.text("codes/bound", says, private=False)
