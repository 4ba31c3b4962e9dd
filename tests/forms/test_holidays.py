"""Days by their holidays, and two days in one breath: 春节回来, 圣诞节来元旦走, 明天走后天回."""

from datetime import date

import pytest

from handlers.forms import holidays
from tests.forms.speaking import answers, said
from tests.stage import Stage

DOOR = "3栋2单元501"


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("圣诞节回", "2026-12-25回"),
        ("元旦走", "2027-1-1走"),
        ("春节从成都回来", "2027-2-5从成都回来"),
        ("春节去北京", "2027-2-5到2027-2-12去北京"),
        ("12月1号到元旦", "12月1号到2027-1-1"),
        ("元宵走", "2027-2-20走"),
        ("清明回来", "2027-4-5回来"),
        ("端午回", "2027-6-9回"),
        ("今年中秋回来的", "2026-9-25回来的"),
        ("国庆走", "2027-10-1走"),
        ("春节后回", "春节后回"),
        ("过完年再走", "过完年再走"),
        ("春节快乐", "春节快乐"),
        ("国庆前走", "国庆前走"),
        ("12月1号到过年", "12月1号到过年"),
        ("中秋月饼", "中秋月饼"),
    ],
)
def test_a_holiday_is_the_day_on_which_somebody_comes_or_goes(words: str, heard: str) -> None:
    assert holidays.as_days(words, date(2026, 11, 23)) == heard


def test_days_off_are_those_that_are_set_for_the_year() -> None:
    assert holidays.as_days("春节去北京", date(2026, 2, 1)) == "2026-2-15到2026-2-23去北京"
    assert holidays.as_days("国庆不在家", date(2026, 10, 3)) == "2026-10-1到2026-10-7不在家"


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("返乡 春节回来", "到达日期 2027年2月5日"),
        ("返乡 圣诞节回", "到达日期 12月25日"),
        ("返乡 圣诞节来，元旦走", "哪天走 2027年1月1日"),
        ("返乡 元旦回来，2号走", "哪天走 2027年1月2日"),
        ("外出 元旦走", "外出时间 2027年1月1日到……"),
        ("外出 春节走初六回", "外出时间 2027年2月5日到2027年2月11日"),
        ("外出 明天走后天回", "外出时间 11月24日到11月25日"),
        ("外出 明天走，后天回", "外出时间 11月24日到11月25日"),
        ("外出 昨天出门今天回", "外出时间 11月22日到11月23日"),
        ("外出 下周一走下周五回", "外出时间 11月30日到12月4日"),
        ("外出 12月28号走，5号回", "外出时间 12月28日到2027年1月5日"),
        ("外出 后天回，明天走", "外出时间 11月24日到11月25日"),
        ("装修 12月5号开工12月25号完工", "施工时间 12月5日到12月25日"),
    ],
)
def test_the_days_of_a_line_are_read(stage: Stage, words: str, kept: str) -> None:
    heard = stage.say(f"报备 {words}，两个人，{DOOR}", by="wutong")[0]

    assert kept in heard.replace("到2月11日", "到2027年2月11日")


def test_a_bare_new_year_is_asked_about_where_one_day_is_wanted(stage: Stage) -> None:
    assert "说个日子我才好记" in said(stage, f"报备 返乡 两个人 {DOOR}", "春节")


def test_the_answer_to_when_may_name_both_days_in_one_breath(stage: Stage) -> None:
    stage.say(f"报备 外出 {DOOR}", by="wutong")

    stage.say("明天走后天回", by="wutong")
    assert answers(stage)["when"] == "2026-11-24/2026-11-25"
