"""What was filed is put right in plain words: the form and the answer that are meant, and no other."""

import pytest

from storage.forms import KEPT
from tests.forms.speaking import TRIP, WHO, answers, filed, nothing_reported, said
from tests.stage import Stage

DOG = ("报备 养狗 一条泰迪 打过疫苗 3栋1单元302 13812345678", "跳过", "确认")
NEW = "13811113333"


@pytest.mark.parametrize("shown", [(), ("我的报备",)])
@pytest.mark.parametrize("words", [("更正", f"电话{NEW}"), (f"更正 电话{NEW}",), ("更正", NEW), (f"修改 电话{NEW}",)])
def test_correcting_without_a_matter_is_about_the_form(
    stage: Stage, shown: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert f"联系电话：{NEW}" in said(stage, TRIP, "确认", *shown, *words)
    assert said(stage, "确认").startswith("报备好了，编号 1001")
    assert answers(stage)["phone"] == NEW
    assert nothing_reported(stage)


def test_of_several_forms_the_newest_is_meant(stage: Stage) -> None:
    said(stage, TRIP, "确认", *DOG, "我的报备", f"更正 电话{NEW}", "确认")

    assert (answers(stage, 1002)["phone"], answers(stage)["phone"]) == (NEW, "10000000072")


@pytest.mark.parametrize(
    "words", [("更正 返乡来访", "3个人"), ("更正返乡 人数改成3",), ("更正 从哪里来 绵阳",), ("更正 1001", "3个人")]
)
def test_a_form_is_named_by_its_title_its_number_or_an_answer(stage: Stage, words: tuple[str, ...]) -> None:
    assert "【返乡来访】" in said(stage, TRIP, "确认", *DOG, *words)


def test_after_a_report_correcting_is_about_the_report_unless_an_answer_is_named(stage: Stage) -> None:
    said(stage, TRIP, "确认", "3栋2单元电梯又停了")

    assert "请您看看对不对" not in said(stage, "更正")
    assert f"联系电话：{NEW}" in said(stage, f"更正 电话{NEW}")


@pytest.mark.parametrize("words", [f"电话写错了，是{NEW}", f"我报备的电话错了，{NEW}", f"刚才的手机号打错了 {NEW}"])
def test_soon_after_it_was_kept_an_answer_is_put_right_without_any_command(stage: Stage, words: str) -> None:
    assert f"联系电话：{NEW}" in said(stage, TRIP, "确认", words)
    assert nothing_reported(stage)


def test_later_or_after_a_report_such_words_are_no_correction_of_a_form(stage: Stage) -> None:
    said(stage, TRIP, "确认", "3栋2单元电梯又停了")
    assert "请您看看对不对" not in said(stage, f"电话写错了，是{NEW}")
    stage.pass_time(hours=5)
    assert "请您看看对不对" not in said(stage, f"电话写错了，是{NEW}")


def test_a_name_to_be_called_by_is_no_answer_of_a_form(stage: Stage) -> None:
    assert said(stage, TRIP, "确认", "更正 以后叫我黄阿姨") == "好的，以后称呼您黄阿姨。"


def test_without_a_form_what_is_corrected_is_told_to_whoever_keeps_the_register(stage: Stage) -> None:
    said(stage, f"更正 电话{NEW}")
    assert f"说花名册要更正：电话{NEW}" in stage.last("hanmei").text


def test_correcting_in_the_middle_of_a_form_is_about_that_form(stage: Stage) -> None:
    assert said(stage, "报备 养狗", "更正").startswith("改哪一项？")
    assert "养了几条" in said(stage, "更正 哪一户 3栋1单元302")


@pytest.mark.parametrize(
    ("words", "question", "value"),
    [
        (("电话错了", NEW), "phone", NEW),
        ((f"电话错了,是{NEW}",), "phone", NEW),
        ((f"我的手机号写错了，应该是{NEW}",), "phone", NEW),
        ((f"电话不是10000000072，是{NEW}",), "phone", NEW),
        (("人数不对", "3个"), "people", "3"),
        (("不是两个人是三个人",), "people", "3"),
        (("不是成都，是重庆",), "from", "重庆"),
        (("成都改成绵阳",), "from", "绵阳"),
        (("不是501是502",), "door", "3-2-502"),
        (("地址写错了，3栋1单元302",), "door", "3-1-302"),
        (("不是3号，是12月5号",), "arrive", "2026-12-05"),
    ],
)
def test_read_back_an_answer_is_put_right_in_words_and_read_back_again(
    stage: Stage, words: tuple[str, ...], question: str, value: str
) -> None:
    assert "请您看看对不对" in said(stage, TRIP, *words)
    before = {"arrive": "2026-12-03", "from": "成都", "people": "2", "door": "3-2-501", "leave": "2026-12-08"}
    assert answers(stage) == {**before, "phone": "10000000072", question: value}


def test_said_to_be_wrong_an_answer_is_simply_asked_for(stage: Stage) -> None:
    assert said(stage, TRIP, "电话错了").startswith("留个能找到您的电话？")


def test_the_name_of_who_is_trusted_is_put_right(stage: Stage) -> None:
    said(stage, "报备 独居 给我妈 3栋2单元501 每天", "没有", "女儿李梅13811112222")
    assert "信得过的人：王小明" in said(stage, "名字写错了,叫王小明")


def test_while_another_question_waits_an_answer_is_put_right_too(stage: Stage) -> None:
    assert said(stage, "报备 返乡 明天 从成都回来 两个人", "不是成都，是重庆").endswith(
        "住在哪一户？（比如：3栋2单元501）"
    )
    assert answers(stage)["from"] == "重庆"
    assert said(stage, "电话错了").startswith("留个能找到您的电话？")
    assert said(stage, NEW).startswith("住在哪一户")


HELPED = ("报备 外出 12月1号到5号 3栋1单元302 家里没人", "看门窗", "确认")


@pytest.mark.parametrize("words", [("撤回 1001", "撤了"), ("撤回同意", "收回"), ("删除", "确定删除")])
def test_whoever_was_told_of_a_form_is_told_that_it_is_taken_back(stage: Stage, words: tuple[str, ...]) -> None:
    said(stage, *HELPED)
    assert "有一份“外出托付”" in stage.last("hanmei").text
    said(stage, *words)

    assert stage.last("hanmei").text == "3栋1单元302室的“外出托付”1001 已撤回，内容已删，不用再照看了。"
    assert not any("外出托付" in one.text for one in stage.heard() if not one.private)


def test_whoever_was_told_of_a_form_hears_once_what_changed(stage: Stage) -> None:
    said(stage, *HELPED)
    before = len(stage.hears("hanmei"))
    said(stage, "修改 1001 日期改成12月2号到8号", "确认")

    assert [one.text for one in stage.hears("hanmei")[before:]] == [
        "3栋1单元302室的“外出托付”1001 有变化，现在是：\n外出时间：12月2日到12月8日\n\n全部内容发“查报备 1001”。"
    ]
    said(stage, "修改 1001", "确认")
    assert len(stage.hears("hanmei")) == before + 1


def test_what_the_post_may_not_read_is_hidden_in_what_changed(stage: Stage) -> None:
    said(stage, "报备 独居 我一个人住 每天 3栋2单元501", "膝盖不好", "女儿李梅", "13812345678", "确认")
    said(stage, "修改 1001 要留意的改成血压高", "确认")

    assert "要留意的：＊＊＊" in stage.last("hanmei").text
    assert "血压" not in stage.last("hanmei").text


def test_a_draft_that_is_left_is_told_to_nobody(stage: Stage) -> None:
    said(stage, HELPED[0], "取消")
    assert stage.hears("hanmei") == []


def test_a_yes_with_a_condition_is_told_once_who_would_read_it(stage: Stage) -> None:
    asked = said(stage, *HELPED[:2], "可以但别告诉邻居")

    assert asked.startswith("您填的只给中心户长、微网格长")
    assert [label for label, _ in stage.last(WHO).buttons] == ["确认", "取消"]
    assert "您填的只给" not in said(stage, "只给网格长看")
    assert filed(stage).state != KEPT


@pytest.mark.parametrize("words", ["1", "好的", "确认"])
def test_told_who_would_read_it_a_yes_keeps_it(stage: Stage, words: str) -> None:
    assert said(stage, *HELPED[:2], "可以但别告诉邻居", words).startswith("报备好了")


WORKS = "报备 装修 12月5日到12月25日,3栋2单元501,不动墙,张师傅13511112222,电话13900001111"


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize(
    ("words", "tapped", "period"),
    [
        ("施工时间改到2月10号", "2月10日完工", "12月5日到2027年2月10日"),
        ("施工时间改到12月8号", "12月8日开工", "12月8日到12月25日"),
        ("施工时间改到12月8号", "12月8日完工", "12月5日到12月8日"),
        ("施工时间改到明天", "", "11月24日到12月25日"),
        ("开工改到12月8号", "", "12月8日到12月25日"),
        ("完工时间改到1月5号", "", "12月5日到2027年1月5日"),
        ("工期延到1月10号", "", "12月5日到2027年1月10日"),
        ("装修延期到1月10号", "", "12月5日到2027年1月10日"),
        ("施工时间改到12月8号到12月28号", "", "12月8日到12月28日"),
    ],
)
def test_the_days_of_the_works_are_put_right_in_words(
    stage: Stage, words: str, tapped: str, period: str, *, kept: bool
) -> None:
    said(stage, WORKS, *(["确认"] if kept else []))

    heard = stage.does("text", words, by=WHO)[0]
    told = stage.tap(heard, tapped, by=WHO)[0] if tapped else heard.text
    assert f"施工时间：{period}" in told
    assert said(stage, "确认").startswith("报备好了，编号 1001")


def test_works_that_begin_after_they_would_have_ended_are_asked_for_their_end(stage: Stage) -> None:
    heard = [stage.does("text", words, by=WHO)[0] for words in (WORKS, "确认", "施工时间改到2月10号")][-1]

    assert "到哪天为止" in stage.tap(heard, "2月10日开工", by=WHO)[0]
    assert "2027年2月10日到2027年3月1日" in said(stage, "3月1号").replace("到3月1日", "到2027年3月1日")


def test_works_put_off_are_no_noise(stage: Stage) -> None:
    said(stage, WORKS, "确认")

    assert "编号" not in said(stage, "施工时间往后推一周")
