"""A form by turns and in one line: asked only what is missing, read back, kept."""

import msgspec
import pytest

from storage import codes, forms, people
from storage.forms import Filing
from tests.stage import Stage

GROUP = "g-jinxiu-2"
LINE = "报备 12月3日从成都回来,两个人,住3栋2单元501"


def filing(stage: Stage, number: int) -> Filing:
    with stage.database.reading() as session:
        found = forms.by_number(session, number)
    assert found is not None
    return found


def answers(stage: Stage, number: int) -> dict[str, str]:
    return msgspec.json.decode(filing(stage, number).answers, type=dict[str, str])


def settle(stage: Stage, who: str) -> None:
    """Let the bot know the neighbour from the group."""
    stage.say("报备", by=who, chat=GROUP)


def finish(stage: Stage, who: str) -> None:
    """Skip what may be skipped and confirm."""
    for _ in range(6):
        last = stage.last(who)
        labels = dict(last.buttons)
        if "确认" in labels:
            stage.tap(last, "确认", by=who)
            return
        stage.tap(last, "跳过", by=who)


def test_one_line_is_filled_and_only_the_rest_is_asked(stage: Stage) -> None:
    heard = stage.say(LINE, by="liguifang", chat=GROUP)

    assert heard == ["已收到，接下来我私下跟您说。"]
    asked = stage.last("liguifang")
    assert "到达日期 12月3日，从哪里来 成都，几个人 2，住哪里 3栋2单元501室" in asked.text
    assert "打算住到哪天" in asked.text

    stage.say("住一周", by="liguifang")
    finish(stage, "liguifang")

    kept = filing(stage, 1001)
    assert (kept.state, kept.building, kept.unit, kept.room) == ("kept", "3", "2", "501")
    assert answers(stage, 1001)["arrive"] == "2026-12-03"
    assert answers(stage, 1001)["leave"] == "2026-12-10"


def test_it_is_read_back_before_it_is_kept(stage: Stage) -> None:
    stage.say(LINE + ",12月8日走", by="liguifang", chat=GROUP)

    back = stage.last("liguifang").text
    assert "到达日期：12月3日" in back
    assert "几个人：2" in back
    assert "哪天走：12月8日" in back
    assert filing(stage, 1001).state == "draft"

    heard = stage.say("确认", by="liguifang")
    assert heard[0].startswith("报备好了，编号 1001")
    assert filing(stage, 1001).state == "kept"


def test_by_turns_one_thing_a_message(stage: Stage) -> None:
    settle(stage, "wutong")
    heard = stage.say("返乡", by="wutong")
    assert heard[0].endswith("哪天到的（或者哪天到）？（比如：10月3日、明天）")
    assert "从哪个城市来" in stage.say("明天", by="wutong")[0]
    assert "一共几个人" in stage.say("重庆", by="wutong")[0]
    assert "住在哪一户" in stage.say("2", by="wutong")[0]
    assert "打算住到哪天" in stage.say("3栋1单元302", by="wutong")[0]
    stage.say("跳过", by="wutong")
    stage.say("13812345678", by="wutong")
    stage.say("对的", by="wutong")

    assert answers(stage, 1001) == {
        "arrive": "2026-11-24",
        "from": "重庆",
        "people": "2",
        "door": "3-1-302",
        "leave": "",
        "phone": "13812345678",
    }


def test_a_number_beyond_the_buttons_is_still_a_number(stage: Stage) -> None:
    settle(stage, "hanmei")
    stage.say("返乡 明天从重庆回来", by="hanmei")

    assert stage.last("hanmei").buttons[0][0] == "1"
    assert "住在哪一户" in stage.say("5", by="hanmei")[0]
    assert answers(stage, 1001)["people"] == "5"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("大概年底吧", "说个日子我才好记"),
        ("3号", "是几月几号"),
        ("春节", "说个日子我才好记"),
        ("2020年1月1日", "日期要在最近两个月到以后三个月之间"),
    ],
)
def test_what_cannot_be_is_asked_again_kindly(stage: Stage, words: str, says: str) -> None:
    settle(stage, "wutong")
    stage.say("返乡", by="wutong")

    heard = stage.say(words, by="wutong")[0]

    assert says in heard
    assert "哪天到" in heard


def test_back_later_and_cancel_may_be_typed(stage: Stage) -> None:
    settle(stage, "wutong")
    stage.say("返乡", by="wutong")
    stage.say("明天", by="wutong")

    assert "哪天到" in stage.say("上一步", by="wutong")[0]
    assert "从哪个城市来" in stage.say("后天", by="wutong")[0]
    assert answers(stage, 1001)["arrive"] == "2026-11-25"
    assert "接着填" in stage.say("稍后", by="wutong")[0]
    assert "从哪个城市来" in stage.say("接着填", by="wutong")[0]
    assert "刚才说的都删了" in stage.say("取消", by="wutong")[0]
    assert (filing(stage, 1001).state, filing(stage, 1001).answers) == ("withdrawn", "{}")


def test_the_day_after_it_goes_on_where_it_was(stage: Stage) -> None:
    settle(stage, "wutong")
    stage.say("返乡", by="wutong")
    stage.say("明天", by="wutong")

    heard = stage.pass_time(hours=30)

    assert [one.text for one in heard if one.target == "wutong"] == [
        "您的“返乡来访”还差 3 项。接着填吗？不填的话，6天后自动删除。"
    ]
    assert "一共几个人" in stage.say("成都", by="wutong")[0]


def test_a_draft_nobody_goes_on_with_is_erased_after_a_week(stage: Stage) -> None:
    settle(stage, "wutong")
    stage.say("返乡", by="wutong")
    stage.say("明天", by="wutong")

    stage.pass_time(days=8)

    assert (filing(stage, 1001).state, filing(stage, 1001).answers) == ("expired", "{}")


def test_two_forms_at_once_do_not_mix(stage: Stage) -> None:
    settle(stage, "wutong")
    stage.say("报备 返乡", by="wutong")
    first = stage.last("wutong")
    stage.say("报备 养犬", by="wutong")

    stage.say("3栋1单元302", by="wutong")
    stage.say("明天", by="wutong", quote=first)

    held = {"phone": "10000000072"}
    assert answers(stage, 1001) == {"arrive": "2026-11-24", **held}
    assert answers(stage, 1002) == {"door": "3-1-302", **held}


def test_after_one_form_the_other_is_offered(stage: Stage) -> None:
    settle(stage, "wutong")
    stage.say("报备 返乡", by="wutong")
    stage.say("报备 养狗 一条泰迪 打过疫苗 3栋1单元302 13812345678", by="wutong")
    stage.tap(stage.last("wutong"), "跳过", by="wutong")

    heard = stage.say("确认", by="wutong")

    assert "您还有 1 份没填完" in heard[0]
    assert "哪天到" in stage.say("好", by="wutong")[0]


def test_a_report_in_the_middle_of_a_form_is_a_report(stage: Stage) -> None:
    settle(stage, "wutong")
    stage.say("返乡", by="wutong")

    stage.say("3栋2单元电梯又停了", by="wutong")

    assert stage.matter(1002).category == "facilities"
    stage.say("接着填", by="wutong")
    assert "哪天到" in stage.last("wutong").text


def test_danger_in_the_middle_of_a_form_comes_first(stage: Stage) -> None:
    settle(stage, "wutong")
    stage.say("返乡", by="wutong")

    assert "119" in stage.say("3栋着火了", by="wutong")[0]


def test_changing_one_answer_before_keeping(stage: Stage) -> None:
    stage.say(LINE + ",12月8日走", by="liguifang", chat=GROUP)

    assert "几个人：3" in stage.say("改人数 3", by="liguifang")[0]
    assert "从哪个城市来" in stage.say("改从哪里来", by="liguifang")[0]
    assert "从哪里来：绵阳" in stage.say("绵阳", by="liguifang")[0]
    assert "改哪一项" in stage.say("改", by="liguifang")[0]
    assert "一共几个人" in stage.say("3", by="liguifang")[0]
    assert "几个人：4" in stage.say("4", by="liguifang")[0]


def test_what_is_held_is_not_asked_again(stage: Stage) -> None:
    stage.say(LINE + ",12月8日走", by="liguifang", chat=GROUP)
    stage.say("13812345678", by="liguifang")
    stage.say("确认", by="liguifang")

    stage.say("报备 装修 12月10日到20日 不动墙", by="liguifang")
    stage.tap(stage.last("liguifang"), "跳过", by="liguifang")

    back = stage.last("liguifang").text
    assert "哪一户：3栋2单元501室（原来就有）" in back
    assert "联系电话：13812345678（原来就有）" in back


def test_a_form_of_which_there_is_one_is_changed_and_not_filled_twice(stage: Stage) -> None:
    settle(stage, "wutong")
    stage.say("报备 养狗 一条泰迪 打过疫苗 3栋1单元302 13812345678", by="wutong")
    stage.tap(stage.last("wutong"), "跳过", by="wutong")
    stage.say("确认", by="wutong")

    back = stage.say("报备 养狗 两条", by="wutong")[0]

    assert "几条狗：2" in back
    assert "没变回“确认”" in back
    stage.say("确认", by="wutong")
    assert answers(stage, 1001)["many"] == "2"
    assert answers(stage, 1001)["breed"] == "泰迪"


def test_a_photo_is_wanted_and_may_be_skipped(stage: Stage) -> None:
    settle(stage, "wutong")
    stage.say("报备 装修 12月10日到20日 要砸墙 3栋1单元302", by="wutong")
    stage.say("厨房的墙", by="wutong")
    stage.tap(stage.last("wutong"), "跳过", by="wutong")
    assert "图纸" in stage.last("wutong").text

    stage.does("photo", "p-77", by="wutong")

    assert answers(stage, 1001)["photo"] == "p-77"


def test_a_question_about_forms_is_only_offered(stage: Stage) -> None:
    settle(stage, "wutong")

    assert stage.say("国庆回来住几天要报备吗", by="wutong") == ["您是要报备“返乡来访”吗？"]
    assert "没有记" in stage.say("不用", by="wutong")[0]


def test_neighbours_among_themselves_are_left_alone(stage: Stage) -> None:
    assert stage.say("我明天从成都回来", by="wutong", chat=GROUP) == []
    assert stage.hears("wutong") == []


def test_a_stranger_is_asked_for_the_estate(stage: Stage) -> None:
    stage.say("报备 12月3日从成都回来,两个人", by="newcomer")

    assert "是哪个小区" in stage.say("3栋2单元501", by="newcomer")[0]
    assert "打算住到哪天" in stage.say("锦绣花园3栋2单元501", by="newcomer")[0]
    assert filing(stage, 1001).grid_id is not None


def test_the_list_is_short_and_goes_on(stage: Stage) -> None:
    settle(stage, "wutong")
    menu = stage.last("wutong")

    assert [label for label, _ in menu.buttons] == ["返乡来访", "外出托付", "租住登记", "更多"]
    stage.tap(menu, "更多", by="wutong")
    assert [label for label, _ in stage.last("wutong").buttons] == ["装修告知", "养犬登记", "独居平安", "家庭情况"]


def test_after_the_list_a_report_is_a_report(stage: Stage) -> None:
    settle(stage, "wutong")

    stage.say("3栋2单元电梯又停了", by="wutong")

    assert stage.matter(1001).category == "facilities"


def test_a_village_door_has_no_building(stage: Stage) -> None:
    stage.say("报备 12月3日从成都回来,两个人,12月8日走", by="xiexiaolan", chat="g-shiqiao-1")

    stage.say("石桥一组12号", by="xiexiaolan")

    assert "住哪里：石桥一组12号" in stage.last("xiexiaolan").text


def test_a_door_that_was_scanned_is_not_asked_for(stage: Stage) -> None:
    settle(stage, "wutong")
    with stage.database.transaction() as session:
        account = people.by_identity(session, [("simulator", "wutong")])["simulator", "wutong"]
        assert account.grid_id is not None
        door = codes.Door("3", "1", "302")
        codes.make(session, account.grid_id, [door], stage.clock.now())
        made = codes.of_grid(session, account.grid_id)[-1]
        codes.settle(session, account.id, made, stage.clock.now(), with_room=True)

    stage.say("报备 12月3日从成都回来,两个人,12月8日走", by="wutong")

    assert "住哪里：3栋1单元302室（原来就有）" in stage.last("wutong").text


def test_a_newcomer_in_a_group_is_of_that_groups_grid(stage: Stage) -> None:
    stage.say("报备", by="newcomer", chat=GROUP)

    stage.say("我家养了两条金毛，疫苗打了，住3栋2单元201", by="newcomer")

    assert "哪一户 3栋2单元201室，几条狗 2，什么品种 金毛，打过疫苗 是" in stage.last("newcomer").text
