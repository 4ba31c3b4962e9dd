"""Asked about one's own information in one's own words: answered, also while a report is being done."""

import pytest

from tests.forms.speaking import TRIP, WHO, said
from tests.stage import Stage


@pytest.mark.parametrize("before", [(), ("3栋2单元电梯又停了",)])
@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("谁看过我的信息", "您的电话和门牌，只有"),
        ("我的电话哪个看得到嘛", "您的电话和门牌，只有"),
        ("你们凭什么记我的电话", "只为办您的事"),
        ("我的手机号换成13800001234了", "已转给微网格长韩梅核实更正"),
    ],
)
def test_own_information_is_answered_whatever_is_being_done(
    stage: Stage, before: tuple[str, ...], words: str, heard: str
) -> None:
    assert said(stage, *before, words).startswith(heard)


def test_in_a_group_nothing_is_said_of_it(stage: Stage) -> None:
    assert stage.say("谁看过我的信息", by=WHO, chat="g-jinxiu-2") == []


@pytest.mark.parametrize("before", [(), (TRIP, "确认"), ("报备",)])
def test_a_bare_place_is_no_report(stage: Stage, before: tuple[str, ...]) -> None:
    assert said(stage, *before, "北区3栋1单元202").startswith("这个地方怎么了？")
    assert said(stage, "3栋1单元漏水").startswith("收到，编号")
