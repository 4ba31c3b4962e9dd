"""201有人, 家里没人 302: that somebody is at home, or nobody, is an answer and no report."""

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from storage.matters import Matter
from tests.census.test_census import GROUP, LEADER, begun, kept
from tests.stage import Stage


def reported(stage: Stage) -> int:
    with stage.database.reading() as session:
        return session.connection.scalar(select(func.count()).where(col(Matter.kind) == "report")) or 0


@pytest.mark.parametrize(
    ("words", "room", "people", "state"),
    [
        ("3栋2单元201有人", "201", None, "safe"),
        ("3-2-501有人在", "501", None, "safe"),
        ("3栋2单元501两个人都在", "501", 2, "safe"),
        ("家里有人 3-2-302", "302", None, "safe"),
        ("屋头没得人 3-2-302", "302", None, "away"),
        ("家里没人 3-2-302", "302", None, "away"),
        ("3-2-302屋头有人的", "302", None, "safe"),
        ("3栋2单元302没得人在屋头", "302", None, "away"),
    ],
)
def test_it_is_counted_and_nothing_is_said(stage: Stage, words: str, room: str, people: int | None, state: str) -> None:
    begun(stage)

    assert stage.say(words, by="王奶奶", chat=GROUP) == []
    assert [(row[2], row[4], row[5]) for row in kept(stage)] == [(room, people, state)]
    assert reported(stage) == 0


@pytest.mark.parametrize(
    ("words", "states"),
    [
        ("201有人", {"201": "safe"}),
        ("402有人在", {"402": "safe"}),
        ("家里有人 302", {"302": "safe"}),
        ("401没人 402有人", {"401": "away", "402": "safe"}),
        ("501两个人都在", {"501": "safe"}),
        ("家里没人 302", {"302": "away"}),
        ("201、202有人，203没人", {"201": "safe", "202": "safe", "203": "away"}),
    ],
)
def test_a_leader_says_it_from_door_to_door(stage: Stage, words: str, states: dict[str, str]) -> None:
    begun(stage)
    stage.say("3栋1单元301没人", by=LEADER)
    stage.say(words, by=LEADER)

    assert {room: state for _, _, room, _, _, state in kept(stage)} == {"301": "away", **states}


@pytest.mark.parametrize("words", ["3栋有人", "3栋1单元有人在", "3楼有人"])
def test_somebody_in_a_staircase_is_not_everybody(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by=LEADER)

    assert kept(stage) == []


@pytest.mark.parametrize(
    "words", ["3栋2单元201有没有人", "201有人吗", "楼下有人吵架 3-2-201", "3-2-201有人晕倒了", "有人在不"]
)
def test_a_question_and_a_cry_are_no_answer(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by="王奶奶", chat=GROUP)

    assert all(row[5] != "safe" for row in kept(stage))
