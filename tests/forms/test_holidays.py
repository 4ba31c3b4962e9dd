"""Days by their holidays, and two days in one breath: 春节回来, 圣诞节来元旦走, 明天走后天回."""

import re
from datetime import date, datetime

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
        ("春节从成都回来", "2027-2-6从成都回来"),
        ("除夕从成都回来", "除夕从成都回来"),
        ("冬至回来", "2026-12-22回来"),
        ("冬至那天不在家", "2026-12-22到2026-12-22不在家"),
        ("腊八回来", "2027-1-15回来"),
        ("春节到元宵不在家", "2027-2-6到2027-2-20不在家"),
        ("国庆回来的", "2026-10-1回来的"),
        ("国庆从成都回来了", "2026-10-1从成都回来了"),
        ("国庆回来", "2027-10-1回来"),
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
        ("返乡 春节回来", "到达日期 2027年2月6日"),
        ("返乡 大年三十回来，初七走", "哪天走 2027年2月12日"),
        ("返乡 大年三十回初七走", "哪天走 2027年2月12日"),
        ("返乡 除夕回来住到初八", "哪天走 2027年2月13日"),
        ("返乡 腊月二十八回，初六走", "哪天走 2027年2月11日"),
        ("返乡 春节回来初五走", "哪天走 2027年2月10日"),
        ("返乡 三十晚上回来，初三走", "哪天走 2027年2月8日"),
        ("返乡 冬至回来", "到达日期 12月22日"),
        ("返乡 后天来大后天走", "哪天走 11月26日"),
        ("返乡 圣诞节回", "到达日期 12月25日"),
        ("返乡 圣诞节来，元旦走", "哪天走 2027年1月1日"),
        ("返乡 元旦回来，2号走", "哪天走 2027年1月2日"),
        ("外出 元旦走", "外出时间 2027年1月1日到……"),
        ("外出 春节走初六回", "外出时间 2027年2月6日到2027年2月11日"),
        ("外出 冬至那天不在家", "外出时间 12月22日到12月22日"),
        ("外出 大年三十到初七不在家", "外出时间 2027年2月5日到2027年2月12日"),
        ("外出 腊月二十六走，初八回", "外出时间 2027年2月2日到2027年2月13日"),
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

    assert kept in re.sub(r"(\d{4}年)(\S+?到)(\d+月)", r"\1\2\1\3", heard)


def test_a_bare_new_year_is_asked_about_where_one_day_is_wanted(stage: Stage) -> None:
    assert "说个日子我才好记" in said(stage, f"报备 返乡 两个人 {DOOR}", "春节")


def test_the_answer_to_when_may_name_both_days_in_one_breath(stage: Stage) -> None:
    stage.say(f"报备 外出 {DOOR}", by="wutong")

    stage.say("明天走后天回", by="wutong")
    assert answers(stage)["when"] == "2026-11-24/2026-11-25"


@pytest.mark.parametrize(
    ("day", "words", "arrive"),
    [
        ("2027-01-20", "初二从贵阳来", "2027-02-07"),
        ("2027-01-20", "大年初二从贵阳来", "2027-02-07"),
        ("2027-02-08", "初二从贵阳来的", "2027-02-07"),
        ("2027-02-08", "初五从贵阳来", "2027-02-10"),
        ("2027-07-01", "初二从贵阳来", ""),
        ("2026-11-23", "初二从贵阳来", ""),
        ("2026-11-23", "初中二年级的娃儿从贵阳来", ""),
    ],
)
def test_a_bare_lunar_day_is_one_of_the_new_year_only_around_it(
    stage: Stage, day: str, words: str, arrive: str
) -> None:
    stage.clock.move_to(datetime.fromisoformat(f"{day}T09:30:00+08:00"))
    stage.say(f"报备 返乡 {words}，两个人，{DOOR}", by="wutong")

    assert answers(stage).get("arrive", "") == arrive


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-11-23", "国庆"), ("2026-11-23", "国庆回来"), ("2026-11-23", "端午"), ("2026-11-23", "中秋节回来")],
)
def test_a_holiday_that_is_too_far_away_is_read_back_with_its_year(stage: Stage, day: str, words: str) -> None:
    heard = said(stage, f"报备 返乡 两个人 {DOOR}", words)

    assert "2027年" in heard
    assert "以后三个月之间" in heard


def test_in_one_line_the_year_is_read_back_too(stage: Stage) -> None:
    assert "2027年10月1日" in said(stage, "报备 外出 国庆不在家")
    assert "2027年10月1日" in said(stage, "取消", f"报备 返乡 国庆回来，两个人，{DOOR}")


def test_what_is_asked_about_leaves_no_last_day_behind(stage: Stage) -> None:
    said(stage, f"报备 返乡 两个人 {DOOR}", "春节")

    assert "leave" not in answers(stage)


@pytest.mark.parametrize(
    ("day", "kept"),
    [("2027-07-01", "2027-09-15/2027-10-01"), ("2027-09-14", "2027-09-15/2027-10-01")],
)
def test_between_two_holidays(stage: Stage, day: str, kept: str) -> None:
    stage.clock.move_to(datetime.fromisoformat(f"{day}T09:30:00+08:00"))
    said(stage, f"报备 外出 中秋到国庆不在家 {DOOR}")

    assert answers(stage)["when"] == kept
