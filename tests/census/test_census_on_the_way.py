"""What a leader says between two doors: a need becomes a matter at once, the rest is counted, a slip is taken back."""

import pytest
from sqlalchemy import func, select

from storage import grids
from storage.census import NEED, SAFE
from storage.matters import follower, matter
from tests.census.test_census import GROUP, LEADER, MICRO, SECRETARY, begun, done, kept
from tests.stage import Stage


def numbers(stage: Stage) -> list[int]:
    """Of every matter there is."""
    with stage.database.reading() as session:
        return list(session.connection.execute(select(matter.c.number).order_by(matter.c.number)).scalars())


def grid_of(stage: Stage, number: int) -> str:
    with stage.database.reading() as session:
        return grids.get(session, stage.matter(number).grid_id).code


def followers(stage: Stage) -> int:
    with stage.database.reading() as session:
        return session.one(int, select(func.count()).select_from(follower))


@pytest.mark.parametrize(
    "words",
    ["撤回刚才的", "撤回", "刚才那个不对", "刚刚记错了", "刚才报的不算", "说错了", "刚才的撤掉", "上面那条不算"],
)
def test_what_was_entered_last_is_taken_back_and_no_matter(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("锦绣花园3栋2单元路灯不亮", by=LEADER)
    [number] = numbers(stage)
    stage.pass_time(seconds=20)
    stage.say("3栋1单元全部平安", by=LEADER)
    stage.pass_time(seconds=20)

    assert "撤回了，刚记的 12 户都不算" in stage.say(words, by=LEADER)[0]
    assert kept(stage) == []
    assert stage.matter(number).state == "assigned"


def test_a_single_door_is_taken_back_too(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋1单元101没人", by=LEADER)
    stage.pass_time(seconds=20)
    stage.say("刚才记错了", by=LEADER)
    assert kept(stage) == []


def test_what_the_leader_reported_after_it_is_meant_then(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋1单元全部平安", by=LEADER)
    stage.pass_time(seconds=20)
    stage.say("锦绣花园3栋2单元路灯不亮", by=LEADER)
    stage.pass_time(seconds=20)
    stage.say("撤回刚才的", by=LEADER)
    assert len(kept(stage)) == 12


def test_an_hour_later_the_run_stays(stage: Stage) -> None:
    begun(stage, "摸排 锦绣社区 家里几口人，都平安吗")
    stage.say("3栋1单元全部平安", by=LEADER)
    stage.pass_time(minutes=40)
    stage.say("撤回刚才的", by=LEADER)
    assert len(kept(stage)) == 12


@pytest.mark.parametrize(
    ("words", "room", "category"),
    [
        ("3栋1单元全部平安，402老人要送药", "402", "health"),
        ("3栋1单元都平安，就是601摔了一跤", "601", "health"),
        ("3栋1单元都平安，101暖气漏水", "101", "utilities"),
        ("3栋1单元101暖气漏水，其他都平安", "101", "utilities"),
        ("3栋1单元都好 除了502没得菜吃了 要送菜", "502", "welfare"),
    ],
)
def test_the_need_of_a_door_within_a_run_is_a_matter_and_the_rest_is_counted(
    stage: Stage, words: str, room: str, category: str
) -> None:
    number = begun(stage)
    stage.say(words, by=LEADER)

    [made] = numbers(stage)
    found = stage.matter(made)
    assert (found.building, found.unit, found.room, found.category) == ("3", "1", room, category)
    assert grid_of(stage, made) == MICRO
    assert [row[2] for row in kept(stage) if row[5] == NEED] == [room]
    assert len([row for row in kept(stage) if row[5] == SAFE]) == 11
    assert done(stage, number).need == 1


@pytest.mark.parametrize("words", ["就是601摔了一跤", "601老人要送药", "601暖气漏水"])
def test_a_need_after_a_run_is_of_its_staircase(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("4栋2单元都平安", by=LEADER)
    stage.pass_time(seconds=20)
    stage.say(words, by=LEADER)

    found = stage.matter(numbers(stage)[0])
    assert (found.building, found.unit, found.room) == ("4", "2", "601")
    assert ("4", "2", "601", "leader", None, NEED) in kept(stage)
    stage.pass_time(seconds=20)
    assert "已记 12 户平安" in stage.say("4栋1单元都平安", by=LEADER)[0]


@pytest.mark.parametrize("words", ["3栋1单元全部平安 除了601没得氧气", "3栋1单元都平安 601老人晕倒了"])
def test_a_danger_within_a_run_calls_the_nearest_and_the_rest_is_counted(stage: Stage, words: str) -> None:
    number = begun(stage)
    stage.say(words, by=LEADER)

    [made] = numbers(stage)
    assert stage.matter(made).urgency == "emergency"
    assert grid_of(stage, made) == MICRO
    assert stage.hears("wangyang")
    assert ("3", "1", "601", "leader", None, NEED) in kept(stage)
    assert done(stage, number).answered == 12


def test_a_need_whose_staircase_is_unknown_is_looked_after_all_the_same(stage: Stage) -> None:
    begun(stage)
    told = stage.say("601缺药", by=LEADER)
    assert "不止一户" in told[0]
    assert stage.matter(numbers(stage)[0]).room == "601"


def test_a_need_of_somebody_in_a_staircase_counts_no_door(stage: Stage) -> None:
    begun(stage)
    assert "您说的是哪几户" in stage.say("3栋1单元有老人发烧", by=LEADER)[0]
    assert len(numbers(stage)) == 1
    assert kept(stage) == []


def test_an_answer_never_follows_the_matter_of_another_home(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋2单元601 2口 老人发烧", by="王奶奶", chat=GROUP)
    stage.say("602 2口 老人发烧", by="李大爷", chat=GROUP)
    stage.say("我家发烧 2口人", by="张姐", chat=GROUP)
    stage.say("4栋1单元101 2口 老人发烧", by="陈叔", chat=GROUP)

    assert len(numbers(stage)) == 4
    assert followers(stage) == 0


def test_nor_does_a_danger_that_an_answer_tells(stage: Stage) -> None:
    begun(stage)
    stage.say("我们四个人 妈妈腿断了在床上下不来", by="王奶奶", chat=GROUP)
    stage.say("4栋1单元101 我们四个人 妈妈腿断了在床上下不来", by="李大爷", chat=GROUP)

    assert [stage.matter(one).urgency for one in numbers(stage)] == ["emergency"] * 2
    assert followers(stage) == 0


def test_an_answer_is_no_place_of_the_danger_that_was_told_before(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋2单元电梯坏了", by="王奶奶", chat=GROUP)
    stage.say("我妈晕倒了", by="王奶奶")
    made = numbers(stage)[-1]
    stage.say("3栋2单元501 4口都好", by="王奶奶")
    assert stage.matter(made).room is None

    stage.say("锦绣花园3栋2单元501", by="王奶奶")
    assert stage.matter(made).room == "501"


@pytest.mark.parametrize(
    "words", ["302没人在 别找我", "2栋2单元602 别找我", "3栋2单元602 4口都好 别找我们", "3栋2单元602 莫来找我"]
)
def test_who_wants_to_be_left_alone_is_in_no_danger(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by="王奶奶", chat=GROUP)
    assert numbers(stage) == []


@pytest.mark.parametrize("words", ["3栋2单元502 别找我 我不想活了", "302 别找我了，永别了"])
def test_despair_beside_a_door_is_despair(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by="王奶奶", chat=GROUP)
    assert [stage.matter(one).urgency for one in numbers(stage)] == ["emergency"]


@pytest.mark.parametrize("words", ["说错了 5口", "不对 5个人", "哦不，5口"])
def test_a_household_puts_its_number_right(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("4栋1单元102 3口都好", by="王奶奶", chat=GROUP)
    stage.say(words, by="王奶奶", chat=GROUP)
    assert [row[4:] for row in kept(stage)] == [(5, SAFE)]


@pytest.mark.parametrize("words", ["4栋1单元101 3口 爸爸腿断了", "4栋1单元101 我们3个人 妈妈腿断了在床上下不来"])
def test_a_broken_leg_is_a_need(stage: Stage, words: str) -> None:
    number = begun(stage)
    stage.say(words, by="王奶奶", chat=GROUP)
    assert done(stage, number).need == 1


def test_the_end_of_a_drill_says_that_it_was_one(stage: Stage) -> None:
    number = begun(stage, "摸排演练 锦绣社区 家里几口人")
    stage.say("4栋1单元102 3口都好", by="王奶奶", chat=GROUP)
    stage.say(f"结束摸排 {number} 确认", by=SECRETARY)
    stage.pass_time(seconds=1)
    assert stage.last(GROUP, group=True).text.startswith("【演练】摸排结束了")


def test_the_result_names_the_door_of_which_two_differ(stage: Stage) -> None:
    number = begun(stage)
    stage.say("4栋1单元102 3口都好", by="王奶奶", chat=GROUP)
    stage.say("帮4栋1单元102报一下 5口都好", by="李大爷", chat=GROUP)
    told = stage.say(f"结束摸排 {number} 确认", by=SECRETARY)[0]
    assert "说法不一 4栋1单元102室：3口（报门牌说），5口（邻居代说）" in told
    stage.pass_time(seconds=1)
    assert not any("3口（" in one.text for one in stage.hears(GROUP, group=True))


def test_a_long_list_goes_on_after_its_first_page(stage: Stage) -> None:
    begun(stage)
    shown = stage.does("text", "摸排还差谁", by="zhoujianhua")[-1]
    assert "还有 24 户" in shown.text
    [further] = stage.tap(shown, "后面的", by="zhoujianhua")
    assert "第 121 户起" in further
    assert "6栋2单元" in further
    assert "还有" not in further
