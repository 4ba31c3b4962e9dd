"""A census as it is held: asked, answered in one line, counted by household, the missing brought to each leader."""

import pytest
from sqlalchemy import select

from storage import census, notices
from storage.census import Completeness, census_answer
from storage.database import Database
from tests.stage import Stage, settled_on

SECRETARY, LEADER, GROUP = "linruoyun", "hanmei", "g-jinxiu-2"
"""站长 of 锦绣社区; 微网格长 of 锦绣花园3-4栋, and its group."""
MICRO = "519901001001001002"
COMMUNITY = "519901001001"


@pytest.fixture
def either_stage(database: Database) -> Stage:
    return settled_on(database)


def begun(stage: Stage, words: str = "摸排 锦绣社区 家里几口人，都平安吗", by: str = SECRETARY) -> int:
    """The number of a census that runs."""
    shown = stage.does("text", words, by=by)[-1].text
    number = int(shown.split("摸排 ")[1].split("，")[0])
    stage.say(f"开始摸排 {number}", by=by)
    sure = stage.last(by)
    stage.tap(sure, sure.buttons[0][0], by=by)
    stage.pass_time(seconds=1)
    return number


def done(stage: Stage, number: int, code: str = MICRO) -> Completeness:
    with stage.database.reading() as session:
        return census.completeness(session, number, code)


def kept(stage: Stage) -> list[tuple[str, str, str, str, int | None, str]]:
    """(building, unit, room, how, people, state) of every answer."""
    answer = census_answer.c
    with stage.database.reading() as session:
        rows = session.connection.execute(
            select(answer.building, answer.unit, answer.room, answer.how, answer.people, answer.state).order_by(
                answer.at, answer.key
            )
        )
        return [(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows]


def test_every_group_hears_one_question_after_the_audience_was_confirmed(stage: Stage) -> None:
    shown = stage.say("摸排 锦绣社区 家里几口人，都平安吗", by=SECRETARY)
    assert "还没发" in shown[-1]
    assert "5 个居民群" not in shown[-1] or "144 户" in shown[-1]
    assert not stage.hears(GROUP, group=True)
    number = shown[-1].split("摸排 ")[1].split("，")[0]

    sure = stage.does("text", f"开始摸排 {number}", by=SECRETARY)[-1]
    assert "锦绣社区" in sure.buttons[0][0]
    assert not stage.hears(GROUP, group=True)
    stage.tap(sure, sure.buttons[0][0], by=SECRETARY)
    stage.pass_time(seconds=1)

    said = stage.last(GROUP, group=True).text
    assert said.startswith(f"【摸排 {number}】家里几口人，都平安吗")
    assert len(stage.hears(GROUP, group=True)) == 1
    assert not stage.hears("g-wangjiang-1", group=True)


def test_an_answer_in_the_group_is_counted_and_nothing_is_said(stage: Stage) -> None:
    number = begun(stage)

    assert stage.say("3-2-501 4人平安", by="王奶奶", chat=GROUP) == []

    assert kept(stage) == [("3", "2", "501", "door", 4, "safe")]
    counted = done(stage, number)
    assert (counted.expected, counted.answered, counted.people, counted.missing) == (48, 1, 4, 47)


def test_a_neighbour_answers_for_several_doors(either_stage: Stage) -> None:
    number = begun(either_stage)

    either_stage.say("3栋2单元501没人，502 4口都好，601老两口平安", by="王奶奶", chat=GROUP)

    assert {(row[2], row[3], row[4], row[5]) for row in kept(either_stage)} == {
        ("501", "proxy", None, "away"),
        ("502", "proxy", 4, "safe"),
        ("601", "proxy", 2, "safe"),
    }
    assert done(either_stage, number).by_proxy == 3


def test_who_says_it_again_is_counted_once_and_the_newest_word_stands(stage: Stage) -> None:
    number = begun(stage)
    stage.say("3-2-501 4人平安", by="王奶奶", chat=GROUP)
    stage.say("3-2-501 5人平安", by="王奶奶", chat=GROUP)

    assert kept(stage) == [("3", "2", "501", "door", 5, "safe")]
    assert done(stage, number).conflicts == 0


def test_two_who_differ_are_shown_to_the_leader_side_by_side_and_not_to_the_group(either_stage: Stage) -> None:
    number = begun(either_stage)
    either_stage.say("3-2-501 3口都好", by="王奶奶", chat=GROUP)
    either_stage.say("帮501报一下，3-2-501 4口都好", by="李大爷", chat=GROUP)
    assert done(either_stage, number).conflicts == 1
    before = len(either_stage.hears(GROUP, group=True))

    either_stage.pass_time(minutes=6)

    told = either_stage.last(LEADER).text
    assert "说法不一 3栋2单元501室：3口（报门牌说），4口（邻居代说）" in told
    assert all(
        "说法" not in one.text and "口（" not in one.text for one in either_stage.hears(GROUP, group=True)[before:]
    )

    either_stage.say("3-2-501 3口平安", by=LEADER)
    assert done(either_stage, number).conflicts == 0


def test_at_five_and_ten_minutes_each_leader_hears_only_who_is_missing_in_door_order(either_stage: Stage) -> None:
    begun(either_stage)
    for room in ("101", "102", "201", "202", "301", "302", "401", "402", "501", "502", "601"):
        either_stage.say(f"3-1-{room} 2人平安", by=f"n{room}", chat=GROUP)

    either_stage.pass_time(minutes=5)

    told = either_stage.last(LEADER).text
    assert "11/48 户" in told
    assert "\n3栋1单元 602\n3栋2单元 101、102、201" in told
    assert told.index("3栋2单元") < told.index("4栋1单元") < told.index("4栋2单元")
    many = len(either_stage.hears(LEADER))
    either_stage.pass_time(minutes=5)
    assert len(either_stage.hears(LEADER)) == many + 1


def test_a_leader_enters_a_run_of_doors_and_overwrites_nobody(stage: Stage) -> None:
    number = begun(stage)
    stage.say("3-1-301 3口，老人发烧", by="王奶奶", chat=GROUP)

    told = stage.say("3栋1单元都好", by=LEADER)

    assert told[0].startswith("已记 11 户平安：3栋1单元 101、102、201、202、302")
    assert "另有 1 户自己回过" in told[0]
    counted = done(stage, number)
    assert (counted.answered, counted.need, counted.missing) == (12, 1, 36)


def test_floors_and_runs_of_rooms_are_entered_at_once(stage: Stage) -> None:
    number = begun(stage)

    assert "已记 4 户没人" in stage.say("3栋1单元501到602没人", by=LEADER)[0]
    assert "已记 8 户平安" in stage.say("3楼全部平安", by=LEADER)[0]
    assert done(stage, number).answered == 12


def test_a_neighbour_cannot_enter_a_whole_floor(stage: Stage) -> None:
    number = begun(stage)
    assert stage.say("3楼全部平安", by="王奶奶", chat=GROUP) == []
    assert done(stage, number).answered == 0


def test_the_rest_is_entered_after_one_more_question(stage: Stage) -> None:
    number = begun(stage)
    stage.say("3-2-501 4人平安", by="王奶奶", chat=GROUP)
    stage.pass_time(minutes=5)
    missing = stage.last(LEADER)

    stage.tap(missing, "其余都平安", by=LEADER)
    assert "47 户，都记成平安？" in stage.last(LEADER).text
    assert done(stage, number).answered == 1
    stage.tap(stage.last(LEADER), "都确认过，记平安", by=LEADER)

    assert done(stage, number).missing == 0
    assert "48 户都有着落了" in stage.last(LEADER).text


def test_a_special_need_is_a_matter_at_once_and_the_group_hears_no_door(stage: Stage) -> None:
    begun(stage)
    heard = stage.say("4-1-302 三口都在，老人要透析", by="王奶奶", chat=GROUP)

    assert heard == ["收到，已经转给负责的人，马上联系您。急的话先打120。"]
    cards = [one for one in stage.heard() if one.private and "4栋1单元302室" in one.text]
    assert cards
    assert "透析" in cards[0].text
    assert "【急】" in cards[0].text


def test_a_cry_for_help_stays_an_emergency_and_is_counted_too(stage: Stage) -> None:
    number = begun(stage)
    heard = stage.say("3-2-302 两个人，老人晕倒了没有呼吸快来人", by="王奶奶", chat=GROUP)

    assert "120" in heard[0]
    assert stage.matter(number + 1).urgency == "emergency"
    assert done(stage, number).answered == 1


def test_a_report_during_a_census_stays_a_report(stage: Stage) -> None:
    number = begun(stage)
    heard = stage.say("3栋2单元302漏水漏到楼下了，家里没人", by="王奶奶", chat=GROUP)

    assert "水电气" in heard[0] or "号：" in heard[0]
    assert done(stage, number).away == 1


def test_who_left_out_the_door_is_asked_once_for_all_and_says_it_after(either_stage: Stage) -> None:
    number = begun(either_stage)

    assert either_stage.say("我家4口都好", by="王奶奶", chat=GROUP) == [
        "收到。刚才没写全门牌的邻居，再补一句门牌就行，比如：3栋2单元501"
    ]
    assert either_stage.say("302 3口都在", by="李大爷", chat=GROUP) == []
    assert done(either_stage, number).unplaced == 2

    assert either_stage.say("3-1-201", by="王奶奶", chat=GROUP) == []
    assert either_stage.say("4栋2单元", by="李大爷", chat=GROUP) == []
    assert sorted(row[:5] for row in kept(either_stage)) == [("3", "1", "201", "own", 4), ("4", "2", "302", "door", 3)]
    assert done(either_stage, number).unplaced == 0


def test_in_private_the_door_is_asked_and_the_answer_read_back(stage: Stage) -> None:
    number = begun(stage)
    assert "号：" in stage.say("3栋2单元电梯坏了", by="王奶奶", chat=GROUP)[0]

    assert stage.say("我家4口都好", by="王奶奶") == ["收到。您是几栋几单元几号？比如：3栋2单元501"]
    assert stage.say("3栋1单元201", by="王奶奶") == ["收到，谢谢！\n3栋1单元201室：4人，平安\n有变化再说一句就行。"]
    assert done(stage, number).answered == 1


def test_a_door_that_the_register_lacks_is_kept_apart(stage: Stage) -> None:
    number = begun(stage)
    stage.say("9-9-909 4人平安", by="王奶奶", chat=GROUP)
    counted = done(stage, number)
    assert (counted.answered, counted.unlisted) == (0, 1)


def test_the_next_census_knows_the_door_of_who_answered_before(stage: Stage) -> None:
    begun(stage)
    stage.say("3-1-201 4口都好", by="王奶奶", chat=GROUP)
    stage.pass_time(minutes=90)
    second = begun(stage)
    stage.say("我家都好", by="王奶奶", chat=GROUP)
    assert done(stage, second).answered == 1


def test_it_ends_by_itself_with_a_summary_and_takes_nothing_more(either_stage: Stage) -> None:
    number = begun(either_stage)
    either_stage.say("3-2-501 4人平安", by="王奶奶", chat=GROUP)
    either_stage.say("4-1-302 老人要透析", by="李大爷", chat=GROUP)

    either_stage.pass_time(minutes=61)

    over = next(one.text for one in either_stage.hears(SECRETARY) if "结束（" in one.text)
    assert "2/144 户有着落（1%）" in over
    assert "透析1" in over
    assert "142 户没有任何消息" in over
    assert "摸排结束了，一共收到 2 户" in either_stage.last(GROUP, group=True).text
    assert f"摸排 {number}结束" in either_stage.last(LEADER).text
    with either_stage.database.reading() as session:
        found = notices.find(session, number)
        assert found is not None
        assert found.state == "ended"
    either_stage.say("3-2-502 4人平安", by="张叔", chat=GROUP)
    assert done(either_stage, number).answered == 2


def test_it_is_ended_by_hand_by_whoever_may(stage: Stage) -> None:
    number = begun(stage)
    assert "不在您负责的范围" in stage.say(f"结束摸排 {number}", by=LEADER)[0]
    assert "0/144 户有着落" in stage.say(f"结束摸排 {number} 确认", by=SECRETARY)[0]


def test_progress_is_shown_in_the_order_of_codes_to_whoever_serves_there(stage: Stage) -> None:
    number = begun(stage)
    stage.say("3-2-501 4人平安", by="王奶奶", chat=GROUP)

    whole = stage.say(f"摸排进度 {number}", by=SECRETARY)[0]
    assert "░░░░░░░░░░ 0% 1/144 户" in whole
    assert "锦绣第一网格 1/144" in whole
    assert "1/48 户" in stage.say("摸排进度", by=LEADER)[0]
    assert stage.say("摸排进度", by="王奶奶", chat=GROUP) == []


def test_whoever_leads_no_grid_starts_no_census_and_no_other_subtree(stage: Stage) -> None:
    assert "网格长以上" in stage.say("摸排 家里几口人", by=LEADER)[0]
    assert "不在您负责的范围" in stage.say("摸排 望江社区 家里几口人", by=SECRETARY)[0]
    assert stage.say("摸排 家里几口人", by="王奶奶", chat=GROUP) == []


def asked_of_a_second(stage: Stage) -> str:
    """A census of the whole district, which waits for somebody else's yes."""
    shown = stage.say("摸排 家里几口人", by="shenliqun")[-1]
    number = shown.split("摸排 ")[1].split("，")[0]
    sure = stage.does("text", f"开始摸排 {number}", by="shenliqun")[-1]
    stage.tap(sure, sure.buttons[0][0], by="shenliqun")
    stage.pass_time(seconds=1)
    return number


def test_a_district_wide_census_waits_for_a_second_person(stage: Stage) -> None:
    number = asked_of_a_second(stage)
    assert not stage.hears(GROUP, group=True)

    assert stage.say(f"同意摸排 {number}", by="shenliqun") == ["这要由发起人以外、同级或上级的人来同意。"]
    stage.say(f"同意摸排 {number}", by="guxiaolan")
    stage.pass_time(seconds=1)
    assert len(stage.hears(GROUP, group=True)) == 1


@pytest.mark.parametrize("words", ["不同意摸排 {number}", "不同意 {number}", "不同意", "不行，今晚太晚了"])
def test_who_is_asked_may_say_no_and_whoever_wanted_it_hears_so(stage: Stage, words: str) -> None:
    number = asked_of_a_second(stage)
    stage.say(words.format(number=number), by="guxiaolan")

    assert stage.last("guxiaolan").text == f"摸排 {number} 不发了，已告诉发起的人。"
    assert stage.last("shenliqun").text.startswith(f"摸排 {number} 顾晓岚没有同意")
    assert "已经结束" in stage.say(f"同意摸排 {number}", by="guxiaolan")[0]


def test_a_tap_is_enough_for_a_no(stage: Stage) -> None:
    number = asked_of_a_second(stage)
    stage.tap(stage.last("guxiaolan"), "不同意", by="guxiaolan")

    assert stage.last("shenliqun").text.startswith(f"摸排 {number} 顾晓岚没有同意")


def test_a_drill_says_so_and_runs_the_same_way(stage: Stage) -> None:
    number = begun(stage, "摸排演练 锦绣社区 家里几口人")
    assert stage.last(GROUP, group=True).text.startswith(f"【演练】【摸排 {number}】家里几口人")
    stage.say("3-2-501 4人平安", by="王奶奶", chat=GROUP)
    assert done(stage, number).answered == 1


def test_talk_among_neighbours_is_no_answer_and_leaves_no_trace(stage: Stage) -> None:
    begun(stage)
    for words in ("今晚吃什么", "3栋的人都去哪了", "注意平安", "302有人吗？", "好的", "收到", "谢谢大家", "来了3个人"):
        stage.say(words, by="王奶奶", chat=GROUP)
    assert kept(stage) == []


def test_answers_count_only_while_and_where_a_census_runs(stage: Stage) -> None:
    stage.say("3-2-501 4人平安", by="王奶奶", chat=GROUP)
    begun(stage)
    stage.say("3-2-501 4人平安", by="刘婶", chat="g-wangjiang-1")
    assert kept(stage) == []


def test_a_door_beside_the_one_just_spoken_of_is_put_right_without_naming_the_stairwell(either_stage: Stage) -> None:
    begun(either_stage)
    either_stage.say("3-1-302 4口 平安 隔壁301也都在", by="王奶奶", chat=GROUP)

    assert either_stage.say("哦不对 301不在，回老家了", by="王奶奶", chat=GROUP) == []
    assert kept(either_stage) == [("3", "1", "301", "door", None, "away"), ("3", "1", "302", "proxy", 4, "safe")]

    assert either_stage.say("更正：302是5口人", by="王奶奶", chat=GROUP) == []
    assert kept(either_stage)[-1] == ("3", "1", "302", "door", 5, "safe")
    either_stage.say("301也平安", by="邻居甲", chat=GROUP)
    assert ("", "", "", "door", None, "safe") in kept(either_stage)  # somebody else's 301 may be in any stairwell
