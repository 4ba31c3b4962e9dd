"""Where there are houses and no buildings an address is what neighbours call the house, kept as it was said."""

import pytest

from storage import forms
from tests.forms.speaking import answers
from tests.stage import Stage

WHO = "shixiaolong"
"""Lives in 石桥一组."""
ASKED = "报备 家庭情况"


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("老桥头12号", "老桥头12号"),
        ("我住老桥头十二号", "老桥头十二号"),
        ("石桥一组老桥头8号", "石桥一组老桥头8号"),
        ("老桥头12号附2号", "老桥头12号附2号"),
        ("石桥一组老桥头12号附2号", "石桥一组老桥头12号附2号"),
        ("12号", "石桥一组12号"),
        ("李家院子7号", "李家院子7号"),
    ],
)
def test_a_house_is_an_address(stage: Stage, words: str, kept: str) -> None:
    stage.say(ASKED, by=WHO)
    assert "平时住着几口人" in stage.say(words, by=WHO)[0]
    assert answers(stage)["door"] == f"--{kept}"


def test_the_question_has_a_villages_example(stage: Stage) -> None:
    assert "（比如：石桥一组8号）" in stage.say(ASKED, by=WHO)[0]
    assert stage.say("老桥头", by=WHO)[0].startswith("门牌号要有，比如：石桥一组8号。")


def test_a_house_in_a_line_is_no_day_and_a_day_no_house(stage: Stage) -> None:
    stage.say("外出托付 12月1号到5号，老桥头12号，家里没人", by=WHO)
    kept = answers(stage)

    assert (kept["when"], kept["door"]) == ("2026-12-01/2026-12-05", "--老桥头12号")


def test_a_number_alone_is_no_house_where_a_day_is_asked(stage: Stage) -> None:
    stage.say("报备 返乡 从重庆回来，两个人", by=WHO)
    stage.say("28号", by=WHO)

    assert answers(stage)["arrive"] == "2026-11-28"
    assert "door" not in answers(stage)


def test_it_is_read_back_whole_and_found_by_staff(stage: Stage) -> None:
    told = stage.say("报备 返乡 明天从重庆回来，两个人，住老桥头12号，28号走，电话13812345678", by=WHO)[0]
    assert "住哪里：老桥头12号" in told
    stage.say("确认", by=WHO)

    assert "老桥头12号" in stage.say("查报备 石桥一组老桥头12号", by="shijianping")[0]
    with stage.database.reading() as session:
        assert forms.by_number(session, 1001) is not None


def test_in_an_estate_a_house_alone_is_no_door(stage: Stage) -> None:
    stage.say(ASKED, by="wutong")
    assert stage.say("12号", by="wutong")[0].startswith("楼栋和房号都要")
