"""What the one line of a household says, as different people write it: by thumb, by voice, in dialect, for neighbours."""

from time import process_time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog import Catalog
from bot.settings import PROJECT
from handlers.census.reading import Grammar, Said, grammar

READS: Grammar = grammar(Catalog(PROJECT / "templates" / "catalog"))
NUMERALS = "零一二三四五六七八九"


def written(one: Said) -> str:
    """The door, who is there, how they are and what they need, in one short line."""
    door = one.door
    floor = f"{door.floor}楼" if door.floor else ""
    either = f"{door.either}?" if door.either else ""
    until = f"~{door.until}" if door.until else ""
    where = "-".join(part for part in (door.building, door.unit, either, floor, door.room + until) if part)
    who = f"{'' if one.people is None else one.people}/{'' if one.present is None else one.present}"
    return " ".join((where or ("rest" if one.rest else "home"), who, one.state, *one.needs))


SINGLE = {
    "302三口都在,老人发烧": "302 3/3 need fever",
    "3-2-501 4人平安": "3-2-501 4/ safe",
    "我家5口都好": "home 5/ safe",
    "501没人,在老家": "501 /0 away",
    "3栋2单元501,4口人,老人要透析": "3-2-501 4/ need dialysis",
    "3幢1单元12楼3号 2人 平安": "3-1-1203 2/ safe",
    "3#2-1203 一家三口，平安": "3-2-1203 3/ safe",
    "8号楼2单元602全家平安": "8-2-602 / safe",
    "A座1203，2人，没吃的了": "A-1203 2/ need supplies",
    "三动二丹元五零一四口平安": "3-2-501 4/ safe",
    "三零二三口都在": "302 3/3 safe",
    "二单元六零一 4人都在屋头": "2-601 4/4 safe",
    "四零三娘俩都好着呢": "403 2/ safe",
    "幺零二两口子都好": "102 2/ safe",
    "3023口都在家": "302 3/3 safe",
    "２０１　３人　安全": "201 3/ safe",
    "201: 3人 安全": "201 3/ safe",
    "201室三人健康": "201 3/ safe",
    "我屋头五个人都巴适": "home 5/ safe",
    "我们屋四个人，莫得事": "home 4/ safe",
    "503莫得人，都回乡下了": "503 /0 away",
    "502没得人在": "502 /0 away",
    "我家四口瓶安": "home 4/ safe",
    "402法烧了，两个人": "402 2/ need fever",
    "平安": "home / safe",
    "都好": "home / safe",
    "全家平安，谢谢": "home / safe",
    "都平安，谢谢关心": "home / safe",
    "家里就我一个人，平安": "home 1/ safe",
    "我家没有人发烧，四口都好": "home 4/ safe",
    "302 没发烧 3口平安": "302 3/ safe",
    "我们家三口人都不在家，回老家了": "home 3/0 away",
    "我家都在外地，过年才回": "home /0 away",
    "3-1-201 5口人，2个在外地，其余平安": "3-1-201 5/3 safe",
    "1-2-302我和老伴在家，儿子在外地": "1-2-302 / safe",
    "儿子在外地，我和老伴在家，1-2-302": "1-2-302 / safe",
    "老两口都好，住101": "101 2/ safe",
    "我家三口都好，住101": "101 3/ safe",
    "都平安，我家住2栋1单元402": "2-1-402 / safe",
    "402三个人，一个老人卧床": "402 3/ need frail",
    "1-1-101 没药了": "1-1-101 / need medicine",
    "301独居老人敲门没人应": "301 / unknown unanswered",
    "503敲门没人应": "503 / unknown",
    "601电话不接，联系不上": "601 / unknown",
    "501两大一小都在": "501 3/3 safe",
    "2-1-302 孕妇要生了": "2-1-302 / need pregnant",
    "对门502老两口平安": "502 2/ safe",
    "帮王婆婆报一下，1-1-101，就她一个人，平安": "1-1-101 1/ safe",
    "5-501平安": "5?-501 / safe",
    "我家4口平安，对门没人": "home 4/ safe",
    "302 3口": "302 3/ unknown",
    "3栋201 4口人3个在家": "3-201 4/3 safe",
    "304房空着": "304 /0 away",
    "705没住人": "705 /0 away",
    "1204 2人安全，水管坏了": "1204 2/ safe",
    "我家3人，其中1人住院": "home 3/2 safe",
}
SEVERAL = {
    "501 502 503都平安": ["501 / safe", "502 / safe", "503 / safe"],
    "501,502,503没人,504两个人": ["501 /0 away", "502 /0 away", "503 /0 away", "504 2/ unknown"],
    "501两大一小都在，502没人，503敲门没人应": ["501 3/3 safe", "502 /0 away", "503 / unknown"],
    "302 3人 304 4人 都平安": ["302 3/ safe", "304 4/ safe"],
    "3栋2单元501没人，502 4口都好": ["3-2-501 /0 away", "3-2-502 4/ safe"],
    "我家4口平安，对门502没人": ["home 4/ safe", "502 /0 away"],
    "3-1-101和3-1-102都没人": ["3-1-101 /0 away", "3-1-102 /0 away"],
}
RUNS = {
    "3楼全部平安": "3楼 / safe",
    "3栋1单元都好": "3-1 / safe",
    "3栋3楼都没事": "3-3楼 / safe",
    "501到504没人": "501~504 /0 away",
    "501-504没人": "501~504 /0 away",
    "3栋都平安": "3 / safe",
    "其余都平安": "rest / safe",
    "剩下的都没人": "rest / away",
}
NONE = (
    "收到",
    "好的",
    "谢谢大家",
    "302家里漏水",
    "501没人管",
    "3栋1单元都好久没打扫了",
    "302有人吗？",
    "祝大家平安",
    "注意平安",
    "来了3个人",
    "3栋电梯停了，没人管",
    "今天3栋停水没人管",
    "2楼的灯坏了",
    "小明家5口都好吗",
    "3栋的人都去哪了",
    "500元一个月，都好",
    "房租1500，在外地",
    "下午3点都在家",
    "昨天都平安",
    "门口有人受伤",
    "这个电话13912345678打不通",
    "",
    "。。。",
)


@pytest.mark.parametrize(("words", "meant"), SINGLE.items())
def test_one_line_tells_of_one_household(words: str, meant: str) -> None:
    assert [written(one) for one in READS.read(words)] == [meant]


@pytest.mark.parametrize(("words", "meant"), SEVERAL.items())
def test_one_line_tells_of_several_households(words: str, meant: list[str]) -> None:
    assert [written(one) for one in READS.read(words)] == meant


@pytest.mark.parametrize(("words", "meant"), RUNS.items())
def test_a_run_of_doors_is_told_at_once(words: str, meant: str) -> None:
    (one,) = READS.read(words)
    assert written(one) == meant
    assert one.is_run


@pytest.mark.parametrize("words", NONE)
def test_talk_is_no_answer(words: str) -> None:
    assert READS.read(words) == ()


@pytest.mark.parametrize("kind", ["chatter", "reports", "innocents"])
def test_what_neighbours_say_on_other_days_is_no_answer(kind: str) -> None:
    lines = (PROJECT / "tests" / "understanding" / "corpus" / f"{kind}.jsonl").read_bytes().splitlines()
    texts = [str(msgspec.json.decode(line, type=dict[str, object])["text"]) for line in lines]
    assert [text for text in texts if any(not one.is_run for one in READS.read(text))] == []


def test_who_speaks_for_others_is_told_from_who_speaks_for_the_own_home() -> None:
    assert READS.read("我家5口都好")[0].mine
    assert READS.read("帮3-1-101报，2人平安")[0].proxy
    own, other = READS.read("我家4口平安，对门502没人")
    assert own.mine
    assert not other.mine
    assert other.proxy


def test_a_door_and_no_more_completes_what_was_said_before() -> None:
    door = READS.bare_door("我家住3栋2单元")
    assert door is not None
    assert (door.building, door.unit, door.room) == ("3", "2", "")
    assert READS.bare_door("3栋2单元电梯坏了") is None


@given(st.integers(1, 33), st.integers(1, 4), st.integers(1, 20), st.integers(1, 4), st.integers(1, 9))
@settings(max_examples=150, deadline=None)
def test_every_way_to_write_a_door_means_the_same(building: int, unit: int, floor: int, at: int, people: int) -> None:
    room = f"{floor}{at:02d}"
    meant = f"{building}-{unit}-{room} {people}/ safe"
    for door in (
        f"{building}-{unit}-{room} ",
        f"{building}栋{unit}单元{room}，",
        f"{building}幢{NUMERALS[unit]}单元{room} ",
        f"{building}号楼{unit}单元{floor}楼{at}号 ",
        f"{building}#{unit}-{room}: ",
    ):
        for count in (f"{people}人", f"{NUMERALS[people]}口", f"{people}个人"):
            assert [written(one) for one in READS.read(f"{door}{count}平安")] == [meant]


@given(st.text(alphabet="0123456789-栋单元楼号室口人个都在好没平安发烧老家 ,，。不我家其余到两三零〇幺", max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_line_takes_long(words: str) -> None:
    def took_s() -> float:
        began = process_time()
        READS.read(words)
        READS.bare_door(words)
        return process_time() - began

    assert took_s() < 0.5 or took_s() < 0.5  # once the garbage may be collected meanwhile


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("3-1-401 两口子加个娃儿 都好", 3),
        ("3-1-401 两口子带个娃都好", 3),
        ("3-1-401 夫妻俩和一个孩子 平安", 3),
        ("3-1-401 我家就我和一条狗", 1),
        ("3-1-401 两口子都好", 2),
    ],
)
def test_a_child_counts_and_a_dog_does_not(words: str, people: int) -> None:
    assert [one.people for one in READS.read(words)] == [people]


@pytest.mark.parametrize("words", ["3-1-501 老两口好着的", "3-1-501 2人 无异常"])
def test_well_in_other_words(words: str) -> None:
    assert [one.state for one in READS.read(words)] == ["safe"]
