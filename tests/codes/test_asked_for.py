"""Whoever wants the codes on paper is told how they come there."""

import pytest

from tests.stage import Stage


@pytest.mark.parametrize("words", ["打印楼栋码", "我要门口的码", "怎么打印门牌码", "门口的码掉了，重新打一张"])
def test_a_leader_is_told_how_to_print_the_own_grids_codes(stage: Stage, words: str) -> None:
    told = stage.say(words, by="hanmei")[0]

    assert "xiaoge codes print --grid 519901001001001002 锦绣花园3-4栋.html" in told


def test_a_neighbour_is_told_who_brings_one(stage: Stage) -> None:
    assert stage.say("我要门口的码", by="wutong")[0].startswith("门口的码由网格员打印来贴")


@pytest.mark.parametrize("words", ["码 2222-2222", "我要健康码", "打印机坏了"])
def test_other_codes_are_no_sheets(stage: Stage, words: str) -> None:
    assert not any("打印来贴" in told or "codes print" in told for told in stage.say(words, by="hanmei"))


def test_a_torn_code_that_a_neighbour_reports_stays_a_report(stage: Stage) -> None:
    stage.say("3栋2单元楼道的码被撕了，麻烦重新打一张", by="wutong")
    assert "打印来贴" not in stage.last("wutong").text
