"""老公没回来电话打不通, said to a census, is one who is not accounted for: the leader hears; a word of danger rings as ever."""

import pytest

from tests.census.test_census import GROUP, LEADER, begun, kept
from tests.stage import Stage


@pytest.mark.parametrize(
    "words",
    [
        "3-2-501 老公没回来电话打不通",
        "3栋2单元501 4口，老公没回来，打不通电话",
        "3-2-501 我爸没回来联系不上",
        "3栋2单元501，儿子还没回家，电话打不通",
    ],
)
def test_who_is_only_late_is_looked_for_by_the_leader(stage: Stage, words: str) -> None:
    begun(stage)
    told = stage.say(words, by="王奶奶", chat=GROUP)

    assert not any("110，不用等" in one for one in told)
    assert [(row[2], row[5]) for row in kept(stage)] == [("501", "need")]
    assert (stage.matter(1002).urgency, stage.matter(1002).category) == ("urgent", "welfare")
    assert "1002" in stage.last(LEADER).text


def test_a_leader_says_it_of_a_door(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋1单元301没人", by=LEADER)
    stage.say("501她老公没回来，电话打不通", by=LEADER)

    assert stage.matter(1002).urgency == "urgent"
    assert ("3", "1", "501", "leader", None, "need") in kept(stage)


@pytest.mark.parametrize(
    "words",
    [
        "娃儿走丢了",
        "娃儿没回来 3-2-501",
        "老公被水冲走了找不到人",
        "3-2-501 老公没回来，河里涨水了",
        "老汉痴呆跑出去了没回来",
        "我妈出去三个小时没回来，电话打不通",
    ],
)
def test_a_word_of_danger_rings(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by="王奶奶", chat=GROUP)

    assert stage.matter(1002).urgency == "emergency"


def test_without_a_census_it_rings(stage: Stage) -> None:
    stage.say("老公没回来电话打不通", by="王奶奶", chat=GROUP)

    assert stage.matter(1001).urgency == "emergency"
