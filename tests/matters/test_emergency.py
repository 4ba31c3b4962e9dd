"""Emergencies: what to do first, at once; three people rung; 1, 3 and 5 minutes."""

import pytest

from bot.message import Lane
from tests.stage import Stage

GROUP = "g-jinxiu-2"


def test_advice_comes_first_and_three_people_are_rung(stage: Stage) -> None:
    heard = stage.does("text", "3栋2单元厨房着火了", by="liguifang", chat=GROUP)

    assert heard[0].text.startswith("先打119")
    assert heard[0].lane == Lane.EMERGENCY
    rung = [one for one in stage.heard() if one.private]
    assert len({one.target for one in rung}) == 3
    assert {one.lane for one in rung} == {Lane.EMERGENCY}
    assert rung[0].target == "hanmei"


def test_gas_says_windows_and_no_switches(stage: Stage) -> None:
    told = stage.say("家里好大煤气味", by="liguifang", chat=GROUP)[0]

    assert "开窗" in told
    assert "119" in told


def test_after_one_three_and_five_minutes_more_are_rung(stage: Stage) -> None:
    stage.say("有人晕倒了叫不醒", by="liguifang", chat=GROUP)
    rung = {one.target for one in stage.heard() if one.private}

    for minutes in (1, 2, 2):
        heard = stage.pass_time(minutes=minutes)
        fresh = {one.target for one in heard} - rung
        assert heard
        assert fresh
        rung |= fresh


def test_whoever_of_the_rung_is_first_takes_it(stage: Stage) -> None:
    stage.say("3栋2单元厨房着火了", by="liguifang", chat=GROUP)

    stage.say("接单", by="wangyang")
    stage.say("接单 1001", by="wangyang")

    assert stage.matter(1001).state == "accepted"
    assert "已由汪洋接单" in stage.last("hanmei").text
    assert stage.say("接单 1001", by="hanmei") == ["1001 在汪洋手上（已接单），您不用管了。"]


def test_a_second_voice_gets_the_advice_too_and_whoever_was_called_hears_it(stage: Stage) -> None:
    stage.say("3栋2单元着火了", by="liguifang", chat=GROUP)
    before = len(stage.heard())

    told = stage.say("3栋着火了好大烟", by="zhangdashan", chat=GROUP)

    assert told[0].startswith("先打119")
    others = [one for one in stage.heard()[before:] if one.private]
    assert {one.target for one in others} == {"hanmei", "wangyang", "zhoujianhua"}
    assert all("好大烟" in one.text and one.lane == Lane.EMERGENCY for one in others)


def test_in_a_group_of_no_grid_the_advice_still_comes_first(stage: Stage) -> None:
    told = stage.say("着火了快来人", by="somebody", chat="g-new")

    assert told[0].startswith("先打119")


def test_an_unknown_neighbour_in_private_hears_the_advice_before_any_question(stage: Stage) -> None:
    told = stage.say("我家着火了", by="newcomer")

    assert told[0].startswith("先打119")


def test_a_cry_for_help_about_something_reported_before_still_rings(stage: Stage) -> None:
    stage.say("3栋2单元电梯又停了", by="zhangdashan", chat=GROUP)

    told = stage.say("3栋2单元电梯停了，有人被困在里面", by="linxiaoxia", chat=GROUP)

    assert "1002" in told[0]
    assert stage.matter(1002).urgency == "emergency"
    assert {one.target for one in stage.heard() if one.lane == Lane.EMERGENCY and one.private} >= {"hanmei", "wangyang"}


def test_an_unknown_neighbours_cry_rings_the_district_first_and_then_whoever_is_near(stage: Stage) -> None:
    told = stage.say("我家着火了", by="newcomer")
    assert "您在哪个小区" in told[0]
    assert {one.target for one in stage.heard() if one.lane == Lane.EMERGENCY and one.target != "newcomer"} == {
        "shenliqun",
        "guxiaolan",
    }

    assert stage.say("你们快来啊", by="newcomer") == [
        "请告诉我小区或村的名字，我好叫附近的人。急就先打 110、119、120。"
    ]
    assert stage.say("望江雅居一期", by="newcomer") == ["已叫“望江雅居一期”附近的人，编号 1001。"]
    assert stage.last("gaomin").lane == Lane.EMERGENCY


def test_a_fire_in_another_building_rings_that_buildings_leader(stage: Stage) -> None:
    stage.say("3栋楼道着火了", by="wangxiulan", chat="g-jinxiu-1")

    assert next(one for one in stage.heard() if one.private).target == "hanmei"


def test_where_somebody_is_attacked_the_police_is_rung_too(stage: Stage) -> None:
    stage.say("有人拿刀砍人", by="liguifang", chat=GROUP)

    rung = {one.target for one in stage.heard() if one.private}
    assert "fangjingguan" in rung
    assert len(rung) == 4


def test_the_card_says_who_cried_and_how_to_call_back(stage: Stage) -> None:
    stage.say("我爸晕倒了叫不醒", by="wangxiulan", chat="g-jinxiu-1")

    assert "王秀兰" in stage.last("lilei").text
    assert "电话 10000000066" in stage.last("lilei").text
    assert all("10000000066" not in one.text for one in stage.heard() if not one.private)


def test_a_new_fire_after_the_first_was_put_out_rings_again(stage: Stage) -> None:
    stage.say("3栋着火了", by="liguifang", chat=GROUP)
    stage.say("办结 1001 已扑灭", by="hanmei")
    stage.pass_time(minutes=20)

    told = stage.say("3栋又着火了，快来人", by="zhangdashan", chat=GROUP)

    assert told[0].startswith("先打119")
    assert stage.matter(1002).state == "assigned"


def test_the_estate_that_is_named_counts_and_not_the_speakers_own(stage: Stage) -> None:
    stage.say("望江雅居二期2栋有人晕倒了", by="wangxiulan", chat="g-jinxiu-1")

    assert next(one for one in stage.heard() if one.private).target == "caolei"


def test_doors_of_another_estate_are_not_mistaken_for_ones_own(stage: Stage) -> None:
    stage.say("3栋着火了", by="zhuguoqing", chat="g-jinxiuyuan-nan")

    assert next(one for one in stage.heard() if one.private).target == "sunlihua"


def test_the_door_in_the_answer_reaches_the_card(stage: Stage) -> None:
    stage.say("家里老人晕倒了没气了", by="newcomer")
    stage.say("锦绣花园5栋2单元602", by="newcomer")

    assert "5栋2单元602室" in stage.last("zhaoxiaodong").text


def test_higher_rungs_hear_who_cried_too(stage: Stage) -> None:
    stage.say("我爸晕倒了叫不醒", by="wangxiulan", chat="g-jinxiu-1")
    stage.pass_time(minutes=4)

    assert "【紧急】" in stage.last("linruoyun").text
    assert "10000000066" in stage.last("linruoyun").text


@pytest.mark.parametrize("words", ["救命", "救命啊！", "快来人救命"])
def test_a_bare_cry_is_answered_and_rings(stage: Stage, words: str) -> None:
    told = stage.say(words, by="liguifang", chat=GROUP)

    assert "110、119 或 120" in told[0]
    assert stage.matter(1001).urgency == "emergency"


def test_a_cry_with_its_reason_gets_the_advice_for_it(stage: Stage) -> None:
    told = stage.say("救命啊，我爸晕倒了，没反应", by="liguifang", chat=GROUP)

    assert "120" in told[0]


def test_everybody_who_was_rung_hears_that_it_is_over(stage: Stage) -> None:
    stage.say("3栋2单元厨房着火了", by="liguifang", chat=GROUP)
    rung = {heard.target for heard in stage.heard() if heard.private and "3栋2单元厨房着火" in heard.text}

    stage.say("撤回 1001", by="liguifang")

    told = {heard.target for heard in stage.heard() if "报事人已撤回" in heard.text}
    assert rung <= told


def test_an_emergency_taken_late_runs_by_the_minute_all_the_same(stage: Stage) -> None:
    stage.say("3栋2单元厨房着火了", by="liguifang", chat=GROUP)
    stage.pass_time(minutes=50)

    stage.say("接单 1001", by="hanmei")

    deadline = stage.matter(1001).deadline
    assert deadline is not None
    assert (deadline - stage.clock.now()).total_seconds() <= 300


def test_who_says_not_to_want_to_live_is_spoken_to_kindly_and_somebody_comes(stage: Stage) -> None:
    said = stage.say("我不想活了", by="liguifang")[0]

    assert said.startswith("我听见了，您别一个人扛。现在就打 12356")
    assert "我已叫了" in said
    assert stage.matter(1001).urgency == "emergency"
