"""A report's whole life: said, taken, handled, confirmed, rated."""

from sqlmodel import SQLModel

from tests.stage import Stage

GROUP = "g-jinxiu-2"
LIFT = "3栋2单元电梯又停了"


def test_free_words_become_a_matter_that_the_leader_holds(stage: Stage) -> None:
    heard = stage.say(LIFT, by="liguifang", chat=GROUP)

    assert heard == ["收到，1001号：3栋2单元电梯，公共设施。已转微网格长。"]
    card = stage.last("hanmei")
    assert LIFT in card.text
    assert [label for label, _ in card.buttons] == ["接单", "转办", "退回"]
    assert stage.last("w-jinxiu-1", group=True).text.startswith("【急】1001 锦绣花园3-4栋 3栋2单元电梯")
    matter = stage.matter(1001)
    assert (matter.state, matter.category, matter.building, matter.unit) == ("assigned", "facilities", "3", "2")
    assert matter.route == "锦绣花园3-4栋·公共设施·白班"


def test_chatter_is_met_with_silence_and_leaves_no_trace(stage: Stage) -> None:
    for words in ("早上好", "今天的菜真新鲜", "哈哈哈笑死", "谢谢李师傅", "谁家有快递袋子", "[强][强]"):
        assert stage.say(words, by="zhangdashan", chat=GROUP) == []

    with stage.database.reading() as session:
        tables = SQLModel.metadata.sorted_tables
        kept = " ".join(str(row) for table in tables for row in session.connection.execute(table.select()))
    assert "新鲜" not in kept
    assert "快递袋子" not in kept


def test_the_whole_life_by_taps(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    assert stage.tap(stage.last("hanmei"), "接单", by="hanmei") == ["1001 已接单，辛苦了。请在 11月23日10:00 前到场。"]
    assert stage.last("liguifang").text == "1001 韩梅已接单，会尽快处理。"
    stage.tap(stage.last("hanmei"), "到场", by="hanmei")
    assert stage.last("liguifang").text == "1001 韩梅已到现场。"
    assert stage.tap(stage.last("hanmei"), "办结", by="hanmei") == ["1001 怎么办好的？说一句话，我转告报事的邻居。"]
    stage.say("换了门机，恢复了", by="hanmei")
    asked = stage.last("liguifang")
    assert asked.text == "1001 办好了：换了门机，恢复了\n您看解决了吗？"
    assert stage.last(GROUP, group=True).text == "1001 已办结，请报事的邻居看看私信确认一下。"
    stage.tap(asked, "解决了", by="liguifang")
    rating = stage.last("liguifang")
    assert [label for label, _ in rating.buttons] == ["好", "较好", "一般", "差"]
    assert stage.tap(rating, "较好", by="liguifang") == ["记下了：较好。谢谢您，有事随时说。"]
    matter = stage.matter(1001)
    assert (matter.state, matter.rating, matter.result) == ("closed", "较好", "换了门机，恢复了")


def test_the_same_life_by_one_digit(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    card = stage.last("w-jinxiu-1", group=True)

    stage.say("1", by="hanmei", chat="w-jinxiu-1", quote=card)
    assert stage.matter(1001).state == "accepted"
    stage.say("2", by="hanmei", chat="w-jinxiu-1", quote=card)
    assert stage.matter(1001).state == "arrived"
    stage.say("3", by="hanmei", chat="w-jinxiu-1", quote=card)
    stage.say("修好了", by="hanmei", chat="w-jinxiu-1")
    assert stage.matter(1001).state == "done"
    stage.say("1", by="liguifang")
    assert stage.matter(1001).state == "closed"
    stage.say("1", by="liguifang")
    assert stage.matter(1001).rating == "好"


def test_the_same_life_by_words_with_the_number(stage: Stage) -> None:
    stage.say("报事3栋2单元电梯停了", by="liguifang", chat=GROUP)

    stage.say("接单 1001", by="hanmei")
    stage.say("到场1001", by="hanmei")
    stage.say("办结 1001 换了门机", by="hanmei")
    stage.say("满意", by="liguifang")

    assert stage.matter(1001).state == "closed"
    assert stage.matter(1001).result == "换了门机"


def test_a_bare_digit_in_private_means_the_only_matter_in_hand(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    stage.say("1", by="hanmei")

    assert stage.matter(1001).state == "accepted"


def test_every_phase_carries_its_standard_name_and_time(stage: Stage) -> None:
    test_the_whole_life_by_taps(stage)

    told = stage.say("进度 1001", by="liguifang")[0]

    phases = ["信息收集", "案件建立", "任务派遣", "任务处理", "处理反馈", "核查结案", "综合评价"]
    assert all(f"11月23日09:30 {phase}" in told for phase in phases)


def test_progress_is_told_in_private_with_the_owner_and_in_the_group_without(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    assert stage.say("进度1001", by="liguifang", chat=GROUP) == ["1001：待接单。"]
    assert "微网格长韩梅" in stage.say("我的事到哪了", by="liguifang")[0]
    assert stage.say("进度 1001", by="chenhao") == ["没有查到 1001，请核对编号。"]


def test_not_solved_goes_back_to_the_same_owner_and_one_level_up(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.say("办结 1001 看过了", by="hanmei")

    stage.tap(stage.last("liguifang"), "没解决", by="liguifang")
    assert stage.say("电梯还是停在一楼", by="liguifang") == ["1001 已退回重办，也告诉了上一级。有结果再问您。"]

    matter = stage.matter(1001)
    assert (matter.state, matter.reopened) == ("assigned", 1)
    assert "电梯还是停在一楼" in stage.last("hanmei").text
    assert "没解决：电梯还是停在一楼" in stage.last("zhoujianhua").text


def test_silence_closes_after_three_working_days_and_can_be_undone(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.say("办结 1001 修好了", by="hanmei")

    stage.pass_time(days=2)
    assert stage.matter(1001).state == "done"
    stage.pass_time(days=3)
    assert stage.matter(1001).state == "closed"
    assert "先结案了" in stage.last("liguifang").text
    stage.say("没解决 1001 又停了", by="liguifang")
    assert stage.matter(1001).state == "assigned"


def test_reopening_has_an_end(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.say("办结 1001 修好了", by="hanmei")
    stage.say("满意 1001", by="liguifang")
    stage.pass_time(days=20)

    assert stage.say("没解决 1001 又停了", by="liguifang") == [
        "1001 结案超过 15 天了。还有问题的话，直接再说一遍，我重新报。"
    ]


def test_an_illegal_verb_gets_a_helpful_answer(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.say("接单 1001", by="hanmei")

    assert stage.say("接单 1001", by="hanmei") == ["1001 现在是“已接单”，不能接单。可以：到场、办结、转办、协办。"]
    assert stage.say("办结 9999 好了", by="hanmei") == ["没有查到 9999，请核对编号。"]
    assert stage.say("办结 1001 好了", by="liguifang") == ["1001 不归您办结。想知道办到哪了，发“进度 1001”。"]
    assert stage.say("接单 1001", by="gaomin") == ["没有查到 1001，请核对编号。"]
