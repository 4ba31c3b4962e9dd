"""While a form waits, its words are its own: no answer becomes a report, and no fact is made up."""

from typing import Any

import pytest

from storage import forms
from storage.forms import DRAFT, KEPT
from tests.forms.speaking import TRIP, WHO, answers, filed, nothing_reported, said, scan
from tests.stage import Stage


@pytest.mark.parametrize(
    ("before", "words", "question", "value"),
    [
        (("报备 返乡 明天 从重庆回来 2个人",), "锦绣花园三栋二单元五楼一号", "door", "3-2-501"),
        (("报备 返乡 明天 从重庆回来 2个人",), "石桥一组老桥头8号", "door", "--石桥一组老桥头8号"),
        (("报备 返乡 明天 从重庆回来",), "锦绣花园三栋二单元五楼一号", "door", "3-2-501"),
        (("报备 家庭情况 3栋1单元302", "5"), "两个老人一个娃儿", "old", "2"),
        (("报备 家庭情况 3栋1单元302", "5", "2", "1"), "我老汉儿是残疾人", "help", "yes"),
        (("报备 装修 12月10日到20日 3栋1单元302 不动墙",), "装修队是张老三，电话13912345678", "phone", "10000000072"),
        (("报备 养狗",), "一条泰迪", "breed", "泰迪"),
        (("报备 独居 给我妈 3栋2单元501",), "女儿毛小芳，13811112222", "trusted_phone", "13811112222"),
    ],
)
def test_an_answer_is_no_report(stage: Stage, before: tuple[str, ...], words: str, question: str, value: str) -> None:
    said(stage, *before, words)

    assert answers(stage)[question] == value
    assert nothing_reported(stage)


def test_the_builders_phone_is_not_the_speakers(stage: Stage) -> None:
    said(stage, "报备 装修 12月10日到20日 3栋1单元302 不动墙 师傅张三电话13911112222")

    assert answers(stage)["phone"] == "10000000072"


def test_the_tenants_phone_is_the_tenants(stage: Stage) -> None:
    said(stage, "报备 房子租出去了 3栋1单元302 两个人 9月1日起 租客小王,13612345678")

    assert (answers(stage)["tenant_phone"], answers(stage)["phone"]) == ("13612345678", "10000000072")


def test_a_photo_that_nobody_asked_for_stays_out_of_the_matter_of_before(stage: Stage) -> None:
    said(stage, "3栋2单元电梯停了", "报备 养狗")
    stage.does("photo", "p-1", by=WHO)

    assert "不用照片" in stage.last(WHO).text
    assert not any("一张照片" in one.text for one in stage.heard())


def test_confirm_with_a_form_open_is_about_the_form(stage: Stage) -> None:
    said(stage, "3栋2单元电梯停了", "报备 养狗")

    assert "狗养在哪一户" in said(stage, "确认")


@pytest.mark.parametrize(
    "step", [(), ("12月10日到20日", "3栋1单元302", "不动墙"), ("12月10日到20日 3栋1单元302 不动墙", "跳过")]
)
def test_a_plain_fault_passes_at_every_question_and_the_form_waits_on(stage: Stage, step: tuple[str, ...]) -> None:
    waiting = said(stage, "报备 装修", *step)

    assert "收到，编号" in said(stage, "3栋2单元电梯又停了")
    assert said(stage, "接着填").splitlines()[-1] == waiting.splitlines()[-1]


@pytest.mark.parametrize("words", ["下周五吧", "12月4号走", "住到12月4日", "待到12月4号为止"])
def test_the_day_of_leaving_leaves_the_day_of_arrival_alone(stage: Stage, words: str) -> None:
    said(stage, "报备 返乡 明天 从重庆回来 两个人 3栋1单元302", words)

    assert (answers(stage)["arrive"], answers(stage)["leave"]) == ("2026-11-24", "2026-12-04")


@pytest.mark.parametrize("words", ["12月20号走", "住到12月20日", "改成12月20日走"])
def test_read_back_a_day_of_leaving_changes_that_one_only(stage: Stage, words: str) -> None:
    said(stage, TRIP, words)

    assert (answers(stage)["arrive"], answers(stage)["leave"]) == ("2026-12-03", "2026-12-20")


@pytest.mark.parametrize("words", ["12月1号走", "改到达日期 12月10号"])
def test_nobody_leaves_before_arriving(stage: Stage, words: str) -> None:
    heard = said(stage, TRIP, words)

    assert "离开的日子不会早于到达那天" in heard
    assert "打算住到哪天" in heard


def test_changed_by_its_number_the_leaving_is_changed(stage: Stage) -> None:
    said(stage, TRIP, "确认", "修改 1001 住到12月30日", "确认")

    assert (answers(stage)["arrive"], answers(stage)["leave"]) == ("2026-12-03", "2026-12-30")


def test_it_is_kept_from_the_day_of_arrival_and_the_year_is_named(stage: Stage) -> None:
    back = said(stage, "报备 返乡 1月30号到 从重庆来 两个人 3栋1单元302", "看情况")

    assert "到达日期：2027年1月30日" in back
    assert "留到2027年3月1日" in said(stage, "要得")
    assert "留到2027年3月1日" in said(stage, "我的报备")


@pytest.mark.parametrize("words", ["房东姓王", "我跟房东说好的"])
def test_a_landlord_who_is_named_is_not_the_speaker(stage: Stage, words: str) -> None:
    said(stage, "报备 租房 3栋1单元302", "我租的", words)

    assert answers(stage)["side"] == "tenant"
    assert "people" not in answers(stage)


def test_a_son_far_away_is_no_child_at_home(stage: Stage) -> None:
    said(stage, "报备 外出 明天到下周五 3栋1单元302 后天去海南儿子那里")
    assert "left" not in answers(stage)

    said(stage, "去儿子那里")
    assert "left" not in answers(stage)
    said(stage, "没有老人，只有狗")
    assert answers(stage)["left"] == "pet"


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("大人两个 娃儿一个 从东莞", "3"),
        ("我跟我老公还有个娃儿", "3"),
        ("两口子带个娃", "3"),
        ("一共五个人", "5"),
        ("三口人", "3"),
    ],
)
def test_people_are_counted_as_they_are_told(stage: Stage, words: str, people: str) -> None:
    said(stage, "报备 返乡 明天 从重庆回来", words)

    assert answers(stage)["people"] == people


def test_beside_the_date_people_and_city_are_heard(stage: Stage) -> None:
    said(stage, "报备 返乡", "明天 大人两个 娃儿一个 从东莞")

    assert (answers(stage)["people"], answers(stage)["from"]) == ("3", "东莞")


@pytest.mark.parametrize(
    ("before", "words", "question"),
    [
        ("报备 返乡 明天", "对的", "from"),
        ("报备 返乡 明天", "初八走", "from"),
        ("报备 返乡 明天 从重庆回来", "腊月二十九", "people"),
        ("报备 养狗 3栋1单元302", "阿黄，泰迪，3岁了", "many"),
        ("报备 养狗 3栋1单元302 一条泰迪 打过疫苗", "有", "licence"),
        ("报备 外出 明天到下周五 3栋1单元302 家里没人", "对的", "wants"),
        ("报备 装修 12月10日到20日 3栋1单元302", "还不晓得", "walls"),
    ],
)
def test_what_is_no_answer_is_not_put_down(stage: Stage, before: str, words: str, question: str) -> None:
    said(stage, before, words)

    assert question not in answers(stage)


def test_no_licence_is_no_licence_number(stage: Stage) -> None:
    said(stage, "报备 养狗 3栋1单元302 一条泰迪 打过疫苗", "没有证")

    assert answers(stage)["licence"] == ""


def test_another_answer_is_put_right_while_a_question_waits(stage: Stage) -> None:
    heard = said(stage, "报备 返乡 明天 从成都回来 两个人", "从哪里来改成重庆")

    assert "住在哪一户" in heard
    assert answers(stage)["from"] == "重庆"


@pytest.mark.parametrize("words", ["再报备一个养犬", "再报备一个 养犬 一条泰迪 2栋1单元601 打过疫苗", "养犬登记"])
def test_another_form_begun_in_the_middle_is_no_answer(stage: Stage, words: str) -> None:
    said(stage, "报备 装修 12月10日到20日 3栋1单元302 不动墙", words)

    assert "builder" not in answers(stage)
    assert filed(stage, 1002).form == "dog"


@pytest.mark.parametrize("meanwhile", [("我的报备",), ("我的信息",), ("进度",), ("我的报备", "我的信息")])
@pytest.mark.parametrize("words", ["取消", "我不想报了，撤回", "算了嘛,不报了", "不搞了", "退出"])
def test_a_form_is_left_whatever_was_looked_at_meanwhile(stage: Stage, meanwhile: tuple[str, ...], words: str) -> None:
    assert "刚才说的都删了" in said(stage, "报备 养狗", *meanwhile, words)
    assert filed(stage).state == "withdrawn"


@pytest.mark.parametrize("words", ["稍后", "等哈再填", "先不填了", "待会儿再说"])
def test_a_form_can_wait_whatever_was_looked_at_meanwhile(stage: Stage, words: str) -> None:
    assert "接着填" in said(stage, "报备 养狗", "我的信息", words)
    assert filed(stage).state == DRAFT


def test_the_next_answer_still_reaches_the_form_after_something_else_was_shown(stage: Stage) -> None:
    said(stage, "报备 养狗", "我的信息", "3栋1单元302")

    assert answers(stage)["door"] == "3-1-302"


def test_a_door_scanned_in_the_middle_of_a_form_is_its_answer(stage: Stage) -> None:
    said(stage, "报备 养狗")
    scan(stage, "3", "2", "501")

    assert "养了几条" in said(stage, "同意")
    assert answers(stage)["door"] == "3-2-501"


def test_the_list_of_forms_can_be_left(stage: Stage) -> None:
    assert "没有记" in said(stage, "报备", "取消")


@pytest.mark.parametrize("words", ["对头", "要得", "没得问题", "嗯嗯", "对的,就这样", "要得嘛", "不改了"])
@pytest.mark.parametrize("listed", [(), ("改",)])
def test_an_ordinary_yes_keeps_it(stage: Stage, words: str, listed: tuple[str, ...]) -> None:
    if words == "不改了" and listed:
        return
    assert said(stage, TRIP, *listed, words).startswith("报备好了")


def test_the_list_of_changes_has_its_ways_out(stage: Stage) -> None:
    said(stage, TRIP, "改")

    assert [label for label, _ in stage.last(WHO).buttons] == ["不改了，确认", "稍后再填", "取消"]
    assert "一共几个人" in said(stage, "3")
    assert said(stage, "4", "改", "算了不改了，没问题").startswith("报备好了")
    assert answers(stage)["people"] == "4"


def test_thinking_better_of_a_change_shows_it_again(stage: Stage) -> None:
    assert "请您看看对不对" in said(stage, TRIP, "改", "算了")
    assert filed(stage).state == DRAFT


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ("外出托付", "away"),
        ("养犬登记", "dog"),
        ("家庭情况摸底", "household"),
        ("装修告知", "renovation"),
        ("独居平安", "alone"),
        ("给我妈登记独居平安", "alone"),
        ("返乡来访。", "return"),
    ],
)
def test_a_title_said_alone_opens_its_form(stage: Stage, words: str, form: str) -> None:
    said(stage, words)

    assert filed(stage).form == form
    assert nothing_reported(stage)


def test_in_a_group_a_title_counts_where_the_bot_is_called(stage: Stage) -> None:
    assert stage.say("养犬登记", by=WHO, chat="g-jinxiu-2") == []
    assert stage.say("@小格 养犬登记", by=WHO, chat="g-jinxiu-2") == ["已收到，接下来我私下跟您说。"]


def test_the_same_filing_again_is_offered_for_a_change(stage: Stage) -> None:
    heard = said(stage, TRIP, "确认", TRIP)

    assert heard.startswith("这份您报过了：1001")
    assert "请您看看对不对" in said(stage, "另报一份")
    said(stage, "确认")
    with stage.database.reading() as session:
        kept: Any = [row for number in (1001, 1002, 1003) if (row := forms.by_number(session, number))]
    assert [row.state for row in kept] == [KEPT, KEPT]


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ("后天开始", "明年3月1号", "2026-11-25/2027-03-01"),
        ("12月25号开始", "28号", "2026-12-25/2026-12-28"),
        ("下周一开始砸墙", "半个月", "2026-11-30/2026-12-14"),
        ("12月25到28", "3栋1单元302", "2026-12-25/2026-12-28"),
        ("腊月二十到正月十六", "3栋1单元302", "2027-01-27/2027-02-21"),
    ],
)
def test_half_a_period_is_remembered(stage: Stage, first: str, second: str, value: str) -> None:
    said(stage, "报备 装修", first, second)

    assert answers(stage)["when"] == value


@pytest.mark.parametrize(
    ("words", "leave"), [("住个把星期", "2026-12-01"), ("腊月二十九", "2027-02-05"), ("看情况", ""), ("不晓得", "")]
)
def test_leaving_is_said_in_many_ways(stage: Stage, words: str, leave: str) -> None:
    said(stage, "报备 返乡 明天 从重庆回来 两个人 3栋1单元302", words)

    assert answers(stage)["leave"] == leave


@pytest.mark.parametrize("words", ["谁能看到", "凭啥子要我填", "必须填吗"])
def test_who_asks_what_it_is_for_is_told_and_asked_again(stage: Stage, words: str) -> None:
    said(stage, "报备 养狗")
    told, again = stage.say(words, by=WHO)

    assert "只给微网格长" in told
    assert "到期就删" in told
    assert "狗养在哪一户" in again


def test_somebody_to_look_after_the_home_is_wanted_by_who_goes_away(stage: Stage) -> None:
    said(stage, "报备 我要出去耍半个月,明天走,屋头没得人,帮我看哈屋头")

    assert filed(stage).form == "away"
    assert answers(stage)["when"] == "2026-11-24/2026-12-08"


def test_the_form_that_is_named_first_is_meant(stage: Stage) -> None:
    said(stage, "报备 外出 我们去三亚耍一个星期，后天走，12月1号回来，家里老人在")

    assert filed(stage).form == "away"
    assert answers(stage)["left"] == "elderly"


def test_from_and_until_in_one_breath(stage: Stage) -> None:
    said(stage, "报备 租房 我是租客，电话13612345678，住3栋1单元302，9月1日起租到明年8月31日，两个人")

    assert (answers(stage)["since"], answers(stage)["until"]) == ("2026-09-01", "2027-08-31")
    assert answers(stage)["phone"] == "13612345678"


def test_nothing_lies_before_the_first_question(stage: Stage) -> None:
    said(stage, "报备 养狗 一条泰迪")
    assert "上一步" not in dict(stage.last(WHO).buttons)


def test_taken_back_without_a_number_the_filing_is_shown(stage: Stage) -> None:
    assert said(stage, TRIP, "确认", "撤回").startswith("1001【返乡来访】")
    assert "要撤回吗" in said(stage, "撤回")
    assert said(stage, "撤回") == "1001 已撤回，内容都删了。"


def test_cancelling_what_was_just_kept_is_understood(stage: Stage) -> None:
    assert "要撤回吗" in said(stage, TRIP, "确认", "取消")
    assert said(stage, "撤回") == "1001 已撤回，内容都删了。"


def test_a_draft_does_not_vanish_without_a_word(stage: Stage) -> None:
    said(stage, "报备 养狗")

    heard = stage.pass_time(days=8)

    assert [one.text for one in heard if one.target == WHO][-1].startswith("您没填完的“养犬登记”放了 7 天")


@pytest.mark.parametrize("words", ["谁报备了", "报备名单", "报备台账", "报备情况", "返乡来访 名单"])
def test_staff_find_the_list(stage: Stage, words: str) -> None:
    said(stage, TRIP, "确认")

    assert "返乡来访" in stage.say(words, by="hanmei")[0]
    if words != "返乡来访 名单":
        assert "这里只有管这一片的工作人员能看" in stage.say(words, by=WHO)[0]


@pytest.mark.parametrize("words", ["报备导出", "导出报备 返乡"])
def test_staff_are_told_how_the_sheet_is_made(stage: Stage, words: str) -> None:
    assert "xiaoge forms export 返乡来访 --grid" in stage.say(words, by="zhoujianhua")[0]
    assert "xiaoge" not in stage.say(words, by=WHO)[0]


@pytest.mark.parametrize(
    ("before", "words", "question", "value"),
    [
        (("报备 装修",), "要砸墙", "walls", "yes"),
        (("报备 装修 12月10日到20日",), "要拆墙", "walls", "yes"),
        (("报备 装修 12月10日到20日 3栋1单元302",), "要砸墙", "walls", "yes"),
        (("报备 装修 12月10日到20日 3栋1单元302", "要拆墙"), "把厨房那面墙砸了", "what", "把厨房那面墙砸了"),
        (("报备 养犬 3栋1单元302",), "土狗，爱咬人", "breed", "土狗"),
        (("报备 养犬 3栋1单元302", "1"), "土狗，爱咬人", "breed", "土狗，爱咬人"),
    ],
)
def test_what_would_be_a_fault_elsewhere_is_an_answer(
    stage: Stage, before: tuple[str, ...], words: str, question: str, value: str
) -> None:
    heard = said(stage, *before, words)

    assert answers(stage)[question] == value
    assert nothing_reported(stage)
    assert "收到，编号" not in heard
    assert "要报给网格长吗" not in heard


RETURN = "报备 返乡 明天 从重庆回来 2个人"
BESIDE = [
    (RETURN, "住石桥一组8号。对了门口路灯坏了三天了", "门口路灯坏了三天了", "door", "--石桥一组8号"),
    ("报备 返乡 明天 从重庆回来", "2个人 另外楼上漏水漏到我家了", "楼上漏水漏到我家了", "people", "2"),
    (RETURN, "3栋1单元302，12月8日走，门口路灯坏了", "门口路灯坏了", "leave", "2026-12-08"),
    ("报备 养犬 3栋1单元302 1条", "土狗，爱咬人。对了电梯又停了", "电梯又停了", "breed", "土狗，爱咬人"),
]


@pytest.mark.parametrize(("before", "line", "fault", "question", "value"), BESIDE)
def test_a_fault_beside_an_answer_is_asked_about_and_neither_is_lost(
    stage: Stage, before: str, line: str, fault: str, question: str, value: str
) -> None:
    asked = said(stage, before, line)

    assert asked == f"记下了。您说的“{fault}”，这件事要报给网格长吗？"
    assert [label for label, _ in stage.last(WHO).buttons] == ["是，帮我报", "不是，随便聊"]
    assert answers(stage)[question] == value
    assert nothing_reported(stage)

    stage.say("要报", by=WHO)
    assert any("收到，编号" in one.text for one in stage.hears(WHO))
    assert stage.matter(1002).text == fault
    assert [one for one in ("？", "对就回") if one in stage.last(WHO).text]


def test_a_fault_beside_an_answer_that_is_not_meant_leaves_the_form_going_on(stage: Stage) -> None:
    assert said(stage, RETURN, "3栋1单元302 对了路灯坏了", "不用").startswith("打算住到哪天")
    assert nothing_reported(stage)
    assert "12月8日" in said(stage, "12月8日走")


def test_asked_about_the_fault_the_form_may_simply_go_on(stage: Stage) -> None:
    said(stage, RETURN, "3栋1单元302 对了路灯坏了", "12月8日走")

    assert answers(stage)["leave"] == "2026-12-08"
    assert nothing_reported(stage)


HOUSEHOLD = ("报备 家庭情况 3栋1单元302 5个人", "2", "1", "没有", "确认")


@pytest.mark.parametrize("line", ["报备 家庭情况 4栋1单元302 3个人", "家庭情况登记 4栋1单元302，住3个人"])
def test_a_second_household_does_not_take_the_place_of_the_first(stage: Stage, line: str) -> None:
    assert said(stage, *HOUSEHOLD, line).endswith("要修改它，还是另报一份？")
    assert "3个人" not in said(stage, "另报一份")
    said(stage, "0", "1", "没有", "确认")

    first, second = answers(stage), answers(stage, 1002)
    assert (first["door"], first["people"]) == ("3-1-302", "5")
    assert (second["door"], second["people"]) == ("4-1-302", "3")
    assert filed(stage, 1002).state == KEPT


def test_whoever_moved_changes_the_one_that_stands_and_is_asked_once(stage: Stage) -> None:
    assert "报备好了，编号 1001" in said(stage, *HOUSEHOLD, "报备 家庭情况 4栋1单元302", "修改", "确认")
    assert answers(stage)["door"] == "4-1-302"


def test_another_door_said_while_the_kept_one_is_shown_is_asked_about_before_it_is_kept(stage: Stage) -> None:
    asked = said(stage, *HOUSEHOLD, "报备 家庭情况", "4栋1单元302", "确认")
    assert asked.endswith("要修改它，还是另报一份？")
    assert answers(stage)["door"] == "3-1-302"

    assert "4栋1单元302" in stage.say("另报一份", by=WHO)[0]
    assert answers(stage)["door"] == "3-1-302"


def test_the_same_door_said_again_changes_the_one_that_stands(stage: Stage) -> None:
    assert "住几口人：4" in said(stage, *HOUSEHOLD, "报备 家庭情况 3栋1单元302 4个人")
