"""Queues: each building has its time, the next are called, the missed get a second chance, and needs go first."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import Catalog
from bot.message import Incoming
from bot.settings import PROJECT, Settings
from handlers.slots import rules as slot_rules
from storage import codes, forms, grids, people, slots
from storage.database import Database
from storage.slots import Building
from tests.stage import CHANNEL, MORNING, Heard, Stage, settled_on, submit_all

GROUP = "g-jinxiu-2"
GRID = "519901001001001002"
LEADER = "hanmei"
ASKED = "排队安排 核酸检测 今天10点到11点15 在东门 每刻钟10户"
RULES = slot_rules.rules(Catalog(PROJECT / "templates" / "catalog"))
LOCAL = MORNING.astimezone(Settings().zone)


def drafted(stage: Stage, words: str = ASKED, by: str = LEADER) -> Heard:
    return stage.does("text", words, by=by)[-1]


def opened(stage: Stage, words: str = ASKED, by: str = LEADER) -> int:
    """A queue that its groups have heard of; its number."""
    _, press = drafted(stage, words, by).buttons[0]
    stage.does("press", press, by=by)
    return int(press.split()[1])


def calling(stage: Stage) -> int:
    """A queue whose time has come."""
    number = opened(stage)
    stage.pass_time(minutes=30)
    return number


def lives(stage: Stage, who: str, building: str, unit: str, room: str) -> None:
    """Who scanned the code on this door of 锦绣花园3-4栋 and let it be kept."""
    with stage.database.transaction() as session:
        at = grids.by_code(session, GRID)
        assert at is not None
        door = codes.Door(building, unit, room)
        codes.make(session, at.id, [door], MORNING)
        code = next(
            one for one in codes.of_grid(session, at.id) if codes.Door(one.building, one.unit, one.room) == door
        )
        account = people.by_identity(session, [(CHANNEL, who)])[CHANNEL, who]
        codes.settle(session, account.id, code, MORNING, with_room=True)


def heard_in_groups(stage: Stage) -> str:
    return "\n".join(one.text for one in stage.heard() if not one.private)


def test_one_message_is_enough_and_shows_who_comes_when_and_whom_it_will_reach(stage: Stage) -> None:
    shown = drafted(stage)

    assert shown.text == (
        "核酸检测：锦绣花园3-4栋，11月23日10:00到11:15，在东门，每刻钟10户。\n"
        "共48户：\n3栋（24户）10:00-10:35\n4栋（24户）10:35-11:10\n\n"
        "还没有通知谁。会发到 1 个居民群（锦绣花园3-4栋邻里群），告诉 48 户几点来，不写姓名门牌。\n"
        "没问题请发“发布 1001”，或点“发给锦绣花园3-4栋1个群48户”。"
    )
    assert not stage.hears(GROUP, group=True)


def test_what_was_not_said_is_asked_one_thing_a_message(stage: Stage) -> None:
    ask = stage.does("text", "排队安排", by=LEADER)[-1]
    assert (ask.text, [label for label, _ in ask.buttons]) == ("排队做什么？", ["检测", "领物资", "接种"])

    assert stage.say("2", by=LEADER) == ["领物资从几点到几点？比如：明天9点到11点"]
    assert stage.say("随便什么时候", by=LEADER) == ["没看懂时间。领物资从几点到几点？比如：明天9点到11点"]
    assert stage.say("明天9点到11点", by=LEADER) == ["在哪儿排？比如：东门"]
    assert stage.say("社区广场", by=LEADER) == ["每刻钟能办多少户？"]
    assert stage.say("20户", by=LEADER)[0].startswith(
        "领物资：锦绣花园3-4栋，11月24日09:00到11:00，在社区广场，每刻钟20户。"
    )


def test_after_the_confirmation_the_group_hears_its_buildings_and_no_names(stage: Stage) -> None:
    opened(stage)

    assert [one.text for one in stage.hears(GROUP, group=True)] == [
        "核酸检测：11月23日在东门，按楼栋的时间来，不用早到。\n3栋 10:00-10:35\n4栋 10:35-11:10\n"
        "楼里按单元、楼层从低到高。家里有老人、病人、孕妇或抱孩子的，私信我“优先”。"
    ]
    assert not stage.hears("g-jinxiu-1", group=True)


def test_a_queue_that_does_not_fit_its_time_cannot_be_published_but_is_mended_by_a_tap(stage: Stage) -> None:
    shown = drafted(stage, "排队安排 检测 今天10点到11点 在东门 每刻钟10户")
    assert "排不完：到11:00只够40户。每批12户，或延到11:15" in shown.text
    assert not any("slot_open" in press for _, press in shown.buttons)
    assert "排不完" in stage.say("发布排队 1001", by=LEADER)[0]
    assert not stage.hears(GROUP, group=True)

    assert "每刻钟12户" in stage.tap(shown, "每批多几户", by=LEADER)[0]
    assert "发给锦绣花园3-4栋1个群48户" in dict(stage.last(LEADER).buttons)


def test_a_station_head_opens_one_for_the_community_and_each_group_hears_only_its_own_buildings(stage: Stage) -> None:
    opened(stage, "排队安排 领物资 明天9点到12点 地点社区广场 每刻钟40户", by="linruoyun")

    first, second = (stage.last(group, group=True).text for group in ("g-jinxiu-1", GROUP))
    assert "1栋" in first
    assert "3栋" not in first
    assert "3栋" in second
    assert not stage.hears("g-wangjiang-1", group=True)


def test_only_posts_that_may_call_open_a_queue_and_only_in_their_own_subtree(stage: Stage) -> None:
    assert stage.say(ASKED, by="chenhao") == ["排队由社区、网格的工作人员来安排。想知道几点到您家，发“我排到几点”。"]
    assert stage.say(ASKED, by="chenhao", chat=GROUP) == []
    number = calling(stage)

    assert "没有查到排队" in stage.say(f"叫下一批 {number}", by="lilei")[0]
    assert "没有查到排队" in stage.say(f"叫下一批 {number}", by="chenhao")[0]
    assert "锦绣花园1-2栋" not in drafted(stage, "排队安排 检测 今天14点到16点 在东门 每刻钟30户 锦绣花园1-2栋").text


def test_whoever_is_called_hears_it_in_private_and_the_group_only_building_and_staircase(stage: Stage) -> None:
    number = calling(stage)
    lives(stage, "liguifang", "3", "1", "302")

    heard = stage.say(f"叫下一批 {number}", by=LEADER)

    assert heard[0] == (
        "核酸检测 1001 第1次叫，10户：\n3栋1单元 101 102 201 202 301 302 401 402 501 502\n"
        "没来的点“有人没来”，不说就当来了。"
    )
    assert stage.last("liguifang").text == "到您家了：核酸检测，请到东门。腿脚不便慢慢来。"
    assert stage.last(GROUP, group=True).text == "核酸检测叫到这里了，请到东门：\n3栋1单元"


def test_the_same_tap_twice_calls_once(stage: Stage) -> None:
    number = calling(stage)
    stage.say(f"叫下一批 {number}", by=LEADER)
    card = stage.last(LEADER)

    assert "第2次叫" in stage.tap(card, "叫下一批", by=LEADER)[0]
    assert stage.tap(card, "叫下一批", by=LEADER)[0].startswith("这一批已经叫过了")
    assert "第3次叫" in stage.say(f"叫下一个 {number}", by=LEADER)[0]


@pytest.mark.parametrize("words", ["叫下一批", "下一批", "叫下一个"])
def test_without_its_number_nobody_is_called(stage: Stage, words: str) -> None:
    number = calling(stage)

    assert stage.say(words, by="wangyang") == [f"核酸检测 {number}：还有48户没叫，轮到3栋。"]
    assert "叫到这里" not in heard_in_groups(stage)


@pytest.mark.parametrize("words", ["叫一下一批 1001", "较下一批 1001", "发步排队 1001"])
def test_a_slip_of_the_finger_calls_nobody(stage: Stage, words: str) -> None:
    calling(stage)
    before = heard_in_groups(stage)

    stage.say(words, by=LEADER)

    assert heard_in_groups(stage) == before


def test_nobody_is_called_long_before_the_time(stage: Stage) -> None:
    number = opened(stage, "排队安排 检测 今天14点到16点 在东门 每刻钟10户")

    assert stage.say(f"叫下一批 {number}", by=LEADER) == [
        "检测 11月23日14:00才开始，最多提前30分钟叫。到时候再点一次。"
    ]


def test_the_missed_are_called_again_at_the_end_and_once_only(stage: Stage) -> None:
    number = calling(stage)
    lives(stage, "liguifang", "3", "1", "302")
    stage.say(f"叫下一批 {number}", by=LEADER)
    stage.tap(stage.last(LEADER), "有人没来", by=LEADER)
    assert stage.say("301 302", by=LEADER) == ["记下了，过号2户：3栋1单元 301 302。最后会再叫一遍。"]
    assert "没见到您。别急" in stage.last("liguifang").text
    assert stage.say("我排到几点", by="liguifang") == ["核酸检测：刚才叫到没见到您，最后会再叫一遍。"]

    for _ in range(4):
        stage.say(f"叫下一批 {number}", by=LEADER)
    again = stage.say(f"叫下一批 {number}", by=LEADER)[0]
    assert "过号的再叫一遍，2户：\n3栋1单元 301 302" in again
    assert stage.last("liguifang").text == "到您家了：核酸检测，请到东门。刚才没见到您，这是最后一遍。"
    stage.say(f"过号 {number} 302", by=LEADER)

    assert stage.say(f"叫下一批 {number}", by=LEADER) == [
        "核酸检测 1001 都叫过了，来了47户，叫了没来的：3栋1单元 302。补到的点“有人补到”，都好了点“收队”。"
    ]
    stage.tap(stage.last(LEADER), "有人补到", by=LEADER)
    assert stage.say("302", by=LEADER) == ["记下了，来了：3栋1单元 302。"]
    assert stage.say(f"收队 {number}", by=LEADER) == ["核酸检测 1001 收队：来了48户。"]


def test_a_door_that_is_unknown_or_could_be_two_is_asked_about_and_nothing_is_noted(stage: Stage) -> None:
    number = calling(stage)
    stage.say(f"叫下一批 {number}", by=LEADER)
    stage.say(f"叫下一批 {number}", by=LEADER)

    assert "没有“909”" in stage.say(f"过号 {number} 601 909", by=LEADER)[0]
    assert "过号" not in stage.say(f"还剩谁 {number}", by=LEADER)[0]
    assert "3栋1单元 101" in stage.say(f"过号 {number} 1-101", by=LEADER)[0]
    assert "3栋2单元 101" in stage.say(f"过号 {number} 3栋2单元101", by=LEADER)[0]


def test_who_is_left_names_doors_in_private_only(stage: Stage) -> None:
    number = calling(stage)
    stage.say(f"叫下一批 {number}", by=LEADER)

    left = stage.does("text", f"还剩谁 {number}", by=LEADER)[-1]
    assert left.text == "核酸检测 1001：还有38户没叫。\n3栋 14户\n4栋 24户"
    assert "3栋1单元 601 602；3栋2单元 101" in stage.tap(left, "3栋", by=LEADER)[0]
    assert stage.say(f"还剩谁 {number} ", by=LEADER, chat="w-jinxiu-1") == []
    assert stage.say(f"叫下一批 {number}", by=LEADER, chat="w-jinxiu-1") == ["核酸检测 1001 第2次叫，10户：\n3栋 10户"]


def test_a_leader_below_sees_who_is_left_of_their_own_doors(stage: Stage) -> None:
    number = opened(stage, "排队安排 领物资 今天10点到12点 地点社区广场 每刻钟40户", by="linruoyun")

    left = stage.say(f"还剩谁 {number}", by=LEADER)[0]

    assert "3栋 24户" in left
    assert "1栋" not in left
    assert "没有查到" in stage.say(f"还剩谁 {number}", by="chenhao")[0]


def test_needs_go_first_in_their_building_and_nobody_else_learns_of_it(stage: Stage) -> None:
    number = calling(stage)
    lives(stage, "liguifang", "3", "2", "602")
    assert stage.say("我排到几点", by="liguifang") == ["核酸检测：您家大约11月23日10:30，到东门，前面还有23户。"]

    assert stage.say("优先", by="liguifang") == ["哪一种情况要先来？只记“先来”，不记原因。"]
    assert stage.say("1", by="liguifang") == [
        "好，记下先来了，不记原因。\n核酸检测：11月23日10:00到东门，直接跟工作人员说一声。"
    ]
    assert "3栋2单元 602\n3栋1单元 101" in stage.say(f"叫下一批 {number}", by=LEADER)[0]

    assert stage.last(GROUP, group=True).text == "核酸检测叫到这里了，请到东门：\n3栋1单元"
    assert "老人" not in heard_in_groups(stage).replace("家里有老人、病人", "")


def test_needs_said_in_the_group_are_answered_in_private(stage: Stage) -> None:
    opened(stage)
    lives(stage, "liguifang", "3", "2", "602")

    assert stage.say("优先 我怀孕七个月", by="liguifang", chat=GROUP) == ["好，私信您了。"]
    assert "记下先来了" in stage.last("liguifang").text


def test_what_a_home_has_filed_lets_it_go_first_without_asking(stage: Stage) -> None:
    with stage.database.transaction() as session:
        grid = grids.by_code(session, GRID)
        account = people.by_identity(session, [(CHANNEL, "liguifang")])[CHANNEL, "liguifang"]
        assert grid is not None
        kept = {"number": 900, "form": "household", "version": 1, "account_id": account.id, "grid_id": grid.id}
        door = {"building": "4", "unit": "2", "room": "501", "state": forms.KEPT, "answers": '{"help":"yes"}'}
        rest = {"step": "", "known": "", "opened_at": MORNING, "touched_at": MORNING}
        forms.add(session, {**kept, **door, **rest})

    number = opened(stage)

    assert "要先来的：\n4栋2单元 501" in stage.say(f"还剩谁 {number}", by=LEADER)[0].replace("：4栋", "：\n4栋")


def test_when_it_is_ones_turn_by_door_by_building_and_in_the_group(stage: Stage) -> None:
    assert stage.say("我排到几点", by="liguifang") == ["现在没有排队安排。有了会在群里说。"]
    assert stage.say("我排到几点", by="liguifang", chat=GROUP) == []
    opened(stage)

    whole = "核酸检测：11月23日10:00起，在东门。\n3栋 10:00-10:35\n4栋 10:35-11:10"
    assert stage.say("我排到几点", by="liguifang", chat=GROUP) == [whole]
    assert stage.say("我排到几点", by="liguifang") == [f"{whole}\n您是哪一户？发：3栋2单元501"]
    assert stage.say("4栋1单元302", by="liguifang") == ["核酸检测：您家大约11月23日10:40，到东门，前面还有29户。"]
    assert stage.say("我排到几点 4栋", by="liguifang") == ["核酸检测：4栋11月23日10:35到11:10，在东门。"]


def test_where_no_doors_are_registered_a_whole_micro_grid_is_called_by_numbers(stage: Stage) -> None:
    number = opened(stage, "排队安排 领物资 今天10点到12点 地点村委会 每刻钟20户", by="shijianping")
    stage.pass_time(minutes=30)

    assert "20户" in stage.say(f"叫下一批 {number}", by="shijianping")[0]
    assert "接下来的20户" in stage.last("g-shiqiao-1", group=True).text


def test_a_drill_walks_the_same_way_and_says_so(stage: Stage) -> None:
    number = opened(stage, f"{ASKED} 演练")
    stage.pass_time(minutes=30)
    stage.say(f"叫下一批 {number}", by=LEADER)

    assert all(one.text.startswith("【演练】核酸检测") for one in stage.hears(GROUP, group=True))


def test_a_forgotten_queue_ends_by_itself_and_its_opener_hears_how(stage: Stage) -> None:
    number = calling(stage)
    stage.say(f"叫下一批 {number}", by=LEADER)

    stage.pass_time(hours=5)

    assert stage.last(LEADER).text == (
        "核酸检测 1001 收队：来了10户，没叫到的38户。\n没叫到的还不知道，要跟他们说一声发：发通知"
    )
    assert "已经结束了" in stage.say(f"叫下一批 {number}", by=LEADER)[0]
    assert stage.say("我排到几点", by="liguifang") == ["现在没有排队安排。有了会在群里说。"]


def test_the_whole_way_on_either_database(database: Database) -> None:
    stage = settled_on(database)
    number = calling(stage)
    lives(stage, "liguifang", "3", "2", "602")
    assert "您家大约11月23日10:30" in stage.say("我排到几点", by="liguifang")[0]
    assert "10:00到东门" in stage.say("优先 老人走不动", by="liguifang")[0]
    assert "3栋2单元 602" in stage.say(f"叫下一批 {number}", by=LEADER)[0]
    assert "3栋2单元 602" in stage.say(f"过号 {number} 602", by=LEADER)[0]
    assert "过号、最后再叫的：3栋2单元 602" in stage.say(f"还剩谁 {number}", by=LEADER)[0]
    for _ in range(5):
        stage.say(f"叫下一批 {number}", by=LEADER)
    assert stage.last("liguifang").text.endswith("这是最后一遍。")
    assert stage.say(f"收队 {number}", by=LEADER) == ["核酸检测 1001 收队：来了48户。"]
    village = opened(stage, "排队安排 领物资 今天10点到12点 地点村委会 每刻钟20户", by="shijianping")
    assert "20户" in stage.say(f"叫下一批 {village}", by="shijianping")[0]


def test_who_came_and_who_went_first_is_forgotten_weeks_after_the_queue(stage: Stage) -> None:
    number = calling(stage)
    stage.say(f"叫下一批 {number}", by=LEADER)
    stage.say(f"收队 {number}", by=LEADER)

    with stage.database.transaction() as session:
        assert slots.forget(session, MORNING) == 0
        assert slots.forget(session, MORNING + timedelta(days=1)) == 48
        assert slots.tally(session, number) == {}


def test_two_who_tap_at_once_call_one_batch(database: Database) -> None:
    stage = settled_on(database)
    number = calling(stage)
    taps = [
        Incoming(CHANNEL, f"t{at}", by, None, stage.clock.now(), happening="press", text=f"slot_next {number} 0")
        for at, by in enumerate((LEADER, "wangyang", LEADER, "wangyang"))
    ]

    submit_all(database, stage.kit, taps)

    with database.reading() as session:
        queue = slots.by_number(session, number)
        assert queue is not None
        assert queue.batch == 1
        assert slots.tally(session, number) == {"called": 10, "waiting": 38}


@given(st.lists(st.integers(1, 200), min_size=1, max_size=30), st.integers(1, 100))
def test_buildings_come_one_after_another_and_nobody_waits_for_a_building_that_is_not_there(
    households: list[int], pace: int
) -> None:
    starts = datetime(2026, 11, 23, 1, tzinfo=UTC)
    timed = slot_rules.timed([Building(1, str(at), many) for at, many in enumerate(households)], starts, pace, RULES)

    assert timed[0].starts_at == starts
    for one, after in itertools.pairwise(timed):
        assert one.starts_at < one.ends_at
        assert one.starts_at <= after.starts_at
        assert after.starts_at <= one.ends_at
    needed = timedelta(minutes=sum(households) * RULES.quarter_minutes / pace)
    assert abs(timed[-1].ends_at - starts - needed) <= timedelta(minutes=2 * RULES.step_minutes)


@pytest.mark.parametrize(
    ("words", "starts", "ends"),
    [
        ("明天9点到11点", (24, 9, 0), (24, 11, 0)),
        ("今天下午2点到5点半", (23, 14, 0), (23, 17, 30)),
        ("上午9点半至12点", (23, 9, 30), (23, 12, 0)),
        ("11月25日 14:00-16:30", (25, 14, 0), (25, 16, 30)),
        ("早上8点到9点", (24, 8, 0), (24, 9, 0)),
        ("周六九点到十一点", (28, 9, 0), (28, 11, 0)),
    ],
)
def test_times_as_people_say_them(words: str, starts: tuple[int, int, int], ends: tuple[int, int, int]) -> None:
    said = slot_rules.span(words, LOCAL)

    assert [(one.day, one.hour, one.minute) for one in said if one] == [starts, ends]


def test_words_about_queues_are_understood_where_there_is_none(stage: Stage) -> None:
    assert stage.say("过号名单", by="linruoyun") == ["现在没有您能叫号的排队。新排一个发：排队安排"]
    assert stage.say("我要排队", by="liguifang") == ["现在没有排队安排。有了会在群里说。"]


def test_the_place_may_be_said_before_what_it_is_for(stage: Stage) -> None:
    stage.say("排队安排 明天上午9点到11点 活动室 领取口罩 锦绣花园3-4栋", by=LEADER)

    assert stage.say("20", by=LEADER)[0].startswith(
        "领取口罩：锦绣花园3-4栋，11月24日09:00到11:00，在活动室，每刻钟20户。"
    )


def test_a_place_is_no_number_of_households(stage: Stage) -> None:
    stage.say("排队安排 领口罩 明天9点到11点 在东门", by=LEADER)

    assert stage.say("活动室1楼", by=LEADER)[0].startswith("没看懂。每刻钟能办多少户")
    assert "每刻钟20户" in stage.say("大概20户", by=LEADER)[0]


def test_what_was_shown_is_put_right_in_a_sentence_without_a_tap(stage: Stage) -> None:
    drafted(stage)

    assert stage.say("改成领口罩，在活动室", by=LEADER)[0].startswith(
        "领口罩：锦绣花园3-4栋，11月23日10:00到11:15，在活动室"
    )
    assert "在西门，每刻钟30户" in stage.say("地点西门，每批30户", by=LEADER)[0]
    assert "领口罩" not in stage.say("3栋2单元电梯停了", by=LEADER)[0], "a report is no change"


def test_a_second_queue_at_the_same_place_and_time_is_moved_with_the_reason(stage: Stage) -> None:
    opened(stage, "排队安排 明天上午9点到11点 活动室 领口罩 锦绣苑南区 每刻钟20户", by="linruoyun")

    shown = drafted(stage, "排队安排 明天上午9点30到11点30 活动室 领物资 锦绣苑北区 每刻钟20户", by="linruoyun")

    assert "跟 1001 领口罩撞了：09:00-09:50 也在活动室" in shown.text
    assert not any("slot_open" in press for _, press in shown.buttons)
    assert "撞了" in stage.say("发布排队 1002", by="linruoyun")[-1]
    moved = stage.tap(shown, "挪到 09:50", by="linruoyun")[-1]
    assert "锦绣苑北区（58户）09:50-10:35" in moved
    assert "领物资 1002 已发布" in stage.say("发布排队 1002", by="linruoyun")[-1]


def test_another_place_or_another_hour_is_no_clash(stage: Stage) -> None:
    opened(stage, "排队安排 明天上午9点到11点 活动室 领口罩 锦绣苑南区 每刻钟20户", by="linruoyun")

    for words in ("明天上午9点到11点 东门", "明天上午10点到12点 活动室"):
        assert "撞了" not in drafted(stage, f"排队安排 {words} 领物资 锦绣苑北区 每刻钟20户", by="linruoyun").text


def test_the_estate_named_in_an_answer_is_whom_it_is_for(stage: Stage) -> None:
    stage.say("排队安排", by="linruoyun")
    stage.say("锦绣苑南区领口罩", by="linruoyun")
    stage.say("明天上午9点到11点", by="linruoyun")
    stage.say("活动室", by="linruoyun")

    assert stage.say("20户", by="linruoyun")[-1].startswith("领口罩：锦绣苑南区，")


def test_place_and_purpose_may_stand_together(stage: Stage) -> None:
    shown = drafted(stage, "排队安排 锦绣苑南区明天上午9点到11点在活动室领口罩 每刻钟20户", by="linruoyun")

    assert shown.text.startswith("领口罩：锦绣苑南区，11月24日09:00到11:00，在活动室，")
