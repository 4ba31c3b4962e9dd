"""What people said while they filled a form and was misheard: whose door, whose words, which answer."""

import pytest

from tests.forms.speaking import TRIP, WHO, answers, nothing_reported, said
from tests.stage import Stage

WORKS = "报备 装修 12月5日到12月25日"


@pytest.mark.parametrize(
    "other",
    [
        ("报备 独居平安 给我妈 3栋2单元101 每天", "跳过", "跳过", "跳过", "确认"),
        ("报备 租住 房子租给别人了 3栋2单元101 两个人 9月1日起", "跳过", "跳过", "确认"),
    ],
)
def test_the_door_of_a_parent_or_a_tenant_is_not_ones_own(stage: Stage, other: tuple[str, ...]) -> None:
    assert "报备好了" in said(stage, *other)
    assert said(stage, WORKS).splitlines()[-1].startswith("装修的是哪一户")
    assert "door" not in answers(stage, 1002)


def test_the_own_door_is_still_filled_in(stage: Stage) -> None:
    said(stage, TRIP, "确认", WORKS)
    assert answers(stage, 1002)["door"] == "3-2-501"


@pytest.mark.parametrize("words", ["两个", "两个人", "2"])
@pytest.mark.parametrize("code", ["码 ABCD", "码 ABCD-2345", "扫码"])
def test_a_code_that_is_none_leaves_the_form_as_it_stood(stage: Stage, code: str, words: str) -> None:
    said(stage, "报备 返乡 明天从成都回来,住3栋2单元501", code)
    assert said(stage, words).startswith("打算住到哪天")
    assert answers(stage)["people"] == "2"


@pytest.mark.parametrize("words", ["门口的二维码怎么用", "我搬到1栋去了", "算了不扫了", "3栋2单元电梯停了"])
@pytest.mark.parametrize("before", [("扫码",), ("扫码", "ABCD"), ("更正", "2")])
def test_whoever_says_something_else_is_not_held_at_a_code(stage: Stage, before: tuple[str, ...], words: str) -> None:
    assert "这个码用不了" not in said(stage, *before, words)


ALONE = "报备 独居平安 给我妈 3栋2单元101 每天"
AWAY = "外出托付 12月1号到5号 3栋2单元501"


def test_a_neighbours_phone_is_not_ones_own_and_the_key_is_noted(stage: Stage) -> None:
    said(stage, AWAY, "钥匙在隔壁老王那 电话13511112222")
    assert answers(stage)["phone"] == "10000000072"
    assert answers(stage)["wants"] == "钥匙在隔壁老王那 电话13511112222"


@pytest.mark.parametrize("words", ["老王那 电话13511112222", "找张孃孃13511112222", "小李的手机是13511112222"])
def test_whoever_is_named_right_before_a_number_has_it(stage: Stage, words: str) -> None:
    said(stage, AWAY, words)
    assert answers(stage)["phone"] == "10000000072"


@pytest.mark.parametrize(
    "words", ["我跟小李两个人,我的电话13511112222", "电话13511112222", "小区外头住,我电话13511112222"]
)
def test_ones_own_number_is_taken(stage: Stage, words: str) -> None:
    said(stage, AWAY, "没人", "看门窗", "电话错了", words)
    assert answers(stage)["phone"] == "13511112222"


def test_who_is_trusted_is_no_illness(stage: Stage) -> None:
    assert said(stage, ALONE, "女儿王芳 13912345678").endswith("身体上有什么要我们留意的？（不想说就跳过）")
    assert (answers(stage)["trusted"], answers(stage)["trusted_phone"]) == ("女儿王芳", "13912345678")
    assert "health" not in answers(stage)


@pytest.mark.parametrize("words", ["晓得的,我跟她说过", "跟她说好了的", "她知道的"])
def test_what_was_talked_over_names_nobody(stage: Stage, words: str) -> None:
    assert "先找谁" in said(stage, ALONE, "跳过", words)
    assert "trusted" not in answers(stage)
    said(stage, "女儿李梅,我跟她说过")
    assert answers(stage)["trusted"] == "女儿李梅"


@pytest.mark.parametrize(
    ("words", "who"), [("老师傅说要得", None), ("张师傅,他说要得", "张师傅"), ("放心装修公司,说好了的", None)]
)
def test_a_yes_of_the_builder_is_no_builder(stage: Stage, words: str, who: str | None) -> None:
    said(stage, "报备 装修 12月10日到20日 3栋1单元302 不动墙", words)
    assert answers(stage).get("builder") == who


def test_a_bare_number_is_no_errand(stage: Stage) -> None:
    heard = said(stage, AWAY, "没人", "13500001111")
    assert heard == "记下了：联系电话 13500001111。\n想请我们留意什么？（比如：每两天看看门窗）"
    assert "wants" not in answers(stage)


@pytest.mark.parametrize(
    ("words", "many", "breed"),
    [
        (("两条狗 一条泰迪一条金毛",), "2", "泰迪、金毛"),
        (("一条泰迪一条金毛",), "2", "泰迪、金毛"),
        (("一条泰迪",), "1", "泰迪"),
        (("两条土狗", "打了", "跳过", "不对,三条,还有一条泰迪"), "3", "土狗、泰迪"),
        (("两条土狗", "打了", "跳过", "还有一条泰迪"), "3", "土狗、泰迪"),
        (("两条土狗", "打了", "跳过", "品种改成金毛"), "2", "金毛"),
        (("3",), "3", None),
    ],
)
def test_several_dogs_are_all_kept(stage: Stage, words: tuple[str, ...], many: str, breed: str | None) -> None:
    said(stage, "报备 养狗 3栋1单元302", *words)
    assert (answers(stage)["many"], answers(stage).get("breed")) == (many, breed)


@pytest.mark.parametrize(
    ("words", "health"),
    [
        ("改要留意的 高血压,耳朵不好", "高血压,耳朵不好"),
        ("还有高血压,耳朵不好", "腿脚不好、高血压、耳朵不好"),
        ("改要留意的 高血压", "高血压"),
    ],
)
def test_several_illnesses_are_all_kept(stage: Stage, words: str, health: str) -> None:
    said(stage, "报备 独居平安 我一个人 3栋2单元101 每天", "腿脚不好", "跳过", "跳过", words)
    assert answers(stage)["health"] == health


@pytest.mark.parametrize(
    "words", ["一栋一单元一零一，不对，二栋一单元五零一", "1栋1单元101,我说错了,是2栋1单元501", "二栋一单元五零一"]
)
def test_of_two_doors_the_one_that_is_right_is_taken_and_a_door_is_no_matter(stage: Stage, words: str) -> None:
    said(stage, words)
    assert nothing_reported(stage)
    said(stage, "报备 返乡 明天从成都回来,两个人", words)
    assert answers(stage)["door"] == "2-1-501"


@pytest.mark.parametrize("words", ["我的门牌不要记了", "把我家门牌删掉", "莫记我的地址了"])
def test_a_door_that_shall_not_be_kept_is_no_matter(stage: Stage, words: str) -> None:
    said(stage, "报备 养狗 3栋1单元302 一条泰迪", "打了", "跳过", "确认", words)
    assert nothing_reported(stage)
    assert any("收回" in label or "撤回" in label for label, _ in stage.last(WHO).buttons)


def test_a_door_plate_that_fell_is_a_matter(stage: Stage) -> None:
    assert "收到，编号" in said(stage, "3栋2单元的门牌掉下来了，没人管")


def test_the_day_that_was_said_wrong_is_put_right_while_the_next_is_asked(stage: Stage) -> None:
    before = "报备 12月3日从成都回来,两个人,住3栋2单元501"
    assert said(stage, before, "我说错了,是12月5号").endswith("打算住到哪天？（比如：10月8日、住一周；说不准就跳过）")
    assert answers(stage)["arrive"] == "2026-12-05"
    assert said(stage, "等等,三个人,还有我孙子").startswith("记下了：几个人 3")
    said(stage, "说错了,12月8号走")
    assert (answers(stage)["arrive"], answers(stage)["leave"]) == ("2026-12-05", "2026-12-08")


@pytest.mark.parametrize(
    ("words", "arrive", "leave"),
    [
        ("元旦从上海回来,4个人,住3栋2单元501,住一周", "2027-01-01", "2027-01-08"),
        ("12月3日到12月8日从上海回来,4个人,住3栋2单元501", "2026-12-03", "2026-12-08"),
        ("12 月 3 号 到 从上海回来,4个人,住3栋2单元501,12 月 8 号走", "2026-12-03", "2026-12-08"),
    ],
)
def test_how_long_somebody_stays_is_reckoned(stage: Stage, words: str, arrive: str, leave: str) -> None:
    said(stage, f"报备 返乡 {words}")
    assert (answers(stage)["arrive"], answers(stage)["leave"]) == (arrive, leave)


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("明天到后天", "2026-11-24/2026-11-25"),
        ("明天到后天，就是24到25号", "2026-11-24/2026-11-25"),
        ("24到25号", "2026-11-24/2026-11-25"),
        ("下周一走下周五回", "2026-11-30/"),
        ("12 月 1 号 到 15 号", "2026-12-01/2026-12-15"),
    ],
)
def test_days_are_reckoned_from_today(stage: Stage, words: str, when: str) -> None:
    said(stage, "报备 外出 3栋1单元302 没人", words)
    assert answers(stage)["when"].startswith(when)


def test_a_period_is_put_right_with_both_its_days(stage: Stage) -> None:
    said(stage, "报备 外出 12月1号到5号 3栋1单元302 家里没人", "看门窗", "明天到后天，就是24到25号")
    assert answers(stage)["when"] == "2026-11-24/2026-11-25"


@pytest.mark.parametrize(
    ("words", "since"),
    [
        ("今年3月份开始住的", "2026-03-01"),
        ("3月1号吧", "2026-03-01"),
        ("去年九月", "2025-09-01"),
        ("12月1号搬", "2026-12-01"),
        ("前年5月", "2024-05-01"),
    ],
)
def test_since_when_somebody_lives_there_is_past(stage: Stage, words: str, since: str) -> None:
    said(stage, "报备 租住 我租的 3栋1单元302 两个人", words)
    assert answers(stage)["since"] == since


def test_what_must_be_answered_cannot_be_skipped_and_that_is_said(stage: Stage) -> None:
    assert "少不了这一项" in said(stage, "报备 租住 我租的 3栋1单元302 两个人", "跳过")


def test_the_builder_of_one_line_is_kept(stage: Stage) -> None:
    line = "报备 我家装修 3栋1单元402 12月1日到明年1月底 施工队张师傅13322223333"
    said(stage, line)
    assert answers(stage)["builder"] == "施工队张师傅13322223333"
    assert answers(stage)["phone"] == "10000000072"
    assert answers(stage)["when"] == "2026-12-01/2027-01-31"


def test_another_form_is_begun_in_the_place_of_the_wrong_one(stage: Stage) -> None:
    assert said(stage, "报备 外出", "我搞错了,应该是返乡").startswith("【返乡来访】")
    assert said(stage, "继续填外出").startswith("【外出托付】\n哪天到哪天不在家")


def test_all_of_it_is_given_up(stage: Stage) -> None:
    assert said(stage, "报备 外出", "改主意了,都不要了").startswith("好，没有报备")


def test_for_whom_it_is_can_be_put_right(stage: Stage) -> None:
    said(stage, "报备 独居平安 给我妈", "给我自己")
    assert answers(stage)["who"] == "self"


@pytest.mark.parametrize(
    "words",
    ["我出门明天到后天,3栋1单元302", "我出门,下周一走下周五回,3栋1单元302", "出门走亲戚,后天走,大后天回,3栋1单元302"],
)
def test_to_leave_home_for_some_days_is_a_form(stage: Stage, words: str) -> None:
    assert said(stage, f"报备 {words}").startswith("【外出托付】")
    assert answers(stage)["when"]
    assert answers(stage)["door"] == "3-1-302"


def test_keeping_a_dog_said_alone_opens_its_form(stage: Stage) -> None:
    assert said(stage, "养狗").startswith("【养犬登记】")
