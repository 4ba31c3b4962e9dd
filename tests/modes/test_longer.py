"""延长战时: as beginning it does, it needs a second person; every staff group hears the new end in one line."""

from tests.modes.test_modes import (
    ASKS,
    DISTRICT,
    HEAD,
    LEADER,
    MICRO,
    STREET,
    at_war,
    change_posts,
    drilled,
    mode_of,
    number_in,
)
from tests.stage import Stage

GROUPS = {"w-jinxiu", "w-jinxiu-1", "w-jinxiu-2"}


def asked_longer(stage: Stage, number: int, words: str = "到后天早上8点", by: str = HEAD) -> int:
    """The number by which a second person agrees."""
    said = stage.say(f"延长战时 {number} {words}", by=by)[0]
    assert "等另一位同意" in said
    return int(said.split("（")[1][:4])


def test_one_person_alone_makes_it_no_longer(stage: Stage) -> None:
    number = at_war(stage)
    before = len(stage.heard())
    asks = asked_longer(stage, number)

    assert "没同意以前仍是到 11月24日09:30" in stage.last(HEAD).text
    assert "要另外一位" in stage.say(f"同意战时 {asks}", by=HEAD)[0]
    assert not any(heard.target in GROUPS for heard in stage.heard()[before:])
    stage.pass_time(hours=25)
    assert mode_of(stage, MICRO) == "peace"
    assert "没有延长" in "".join(heard.text for heard in stage.hears(HEAD))


def test_the_second_person_sees_both_ends_and_the_groups_hear_the_new_one(stage: Stage) -> None:
    number = at_war(stage)
    asks = asked_longer(stage, number)
    shown = stage.last(LEADER).text
    for part in (f"战时令 {number} 延长", "原来到 11月24日09:30", "延长到 11月25日08:00", f"同意战时 {asks}"):
        assert part in shown
    before = len(stage.heard())

    stage.say(f"同意战时 {asks}", by=LEADER)

    told = [heard for heard in stage.heard()[before:] if heard.target in GROUPS]
    assert {heard.target for heard in told} == GROUPS
    assert len(told) == len(GROUPS)
    assert all("延长到 11月25日08:00" in heard.text for heard in told)
    assert "延长到 11月25日08:00" in stage.last(HEAD).text
    stage.pass_time(hours=30)
    assert mode_of(stage, MICRO) == "war"
    assert "不能这样办" in stage.say(f"同意战时 {asks}", by=STREET)[0]


def test_who_is_on_duty_for_it_hears_the_new_end(stage: Stage) -> None:
    change_posts(stage, "liangxiuying", mode="war")
    number = at_war(stage)

    stage.say(f"同意战时 {asked_longer(stage, number)}", by=LEADER)

    assert "延长到 11月25日08:00" in stage.last("liangxiuying").text


def test_a_vague_yes_makes_it_no_longer(stage: Stage) -> None:
    number = at_war(stage)
    asks = asked_longer(stage, number)

    assert f"同意战时 {asks}" in stage.say("好的", by=LEADER)[0]
    assert "到11月24日09:30" in stage.say("战时状态", by=HEAD)[0]


def test_a_no_leaves_its_end(stage: Stage) -> None:
    number = at_war(stage)
    asks = asked_longer(stage, number)
    stage.say(f"不同意战时 {asks} 水退了", by=LEADER)

    assert f"战时令 {number} 没有延长，仍到 11月24日09:30" in stage.last(HEAD).text
    assert "水退了" in stage.last(HEAD).text


def test_its_author_may_take_it_back(stage: Stage) -> None:
    number = at_war(stage)
    asks = asked_longer(stage, number)

    assert f"不延长了，战时令 {number} 仍到 11月24日09:30" in stage.say("算了", by=HEAD)[0]
    assert "不能这样办" in stage.say(f"同意战时 {asks}", by=LEADER)[0]


def test_another_end_takes_the_place_of_the_first(stage: Stage) -> None:
    number = at_war(stage)
    first = asked_longer(stage, number)
    second = asked_longer(stage, number, "再加6小时")

    assert "不能这样办" in stage.say(f"同意战时 {first}", by=LEADER)[0]
    assert "11月24日15:30" in stage.say(f"同意战时 {second}", by=LEADER)[0]


def test_what_was_ended_meanwhile_is_not_made_longer(stage: Stage) -> None:
    number = at_war(stage)
    asks = asked_longer(stage, number)
    stage.tap(stage.does("text", f"解除战时 {number}", by=HEAD)[-1], "现在解除", by=HEAD)

    assert "不能这样办" in stage.say(f"同意战时 {asks}", by=LEADER)[0]
    assert mode_of(stage, MICRO) == "peace"


def test_without_an_answer_the_level_above_is_asked(stage: Stage) -> None:
    number = at_war(stage)
    asks = asked_longer(stage, number)
    stage.pass_time(minutes=6)

    assert f"同意战时 {asks}" in stage.last(STREET).text
    assert f"把 {number} 锦绣社区延长到" in stage.say("战时状态", by=STREET)[0]


def test_whoever_agreed_may_ask_and_the_first_agrees(stage: Stage) -> None:
    number = at_war(stage)
    asks = asked_longer(stage, number, by=LEADER)

    assert f"同意战时 {asks}" in stage.last(HEAD).text
    assert "延长到 11月25日08:00" in stage.say(f"同意战时 {asks}", by=HEAD)[0]


def test_a_drill_is_longer_at_once_and_its_groups_hear_so(stage: Stage) -> None:
    number = drilled(stage)

    assert stage.say(f"延长战时 {number} 30分钟", by=HEAD)[0].startswith("【演练】")
    assert "【演练】战时令" in stage.last("w-jinxiu", group=True).text
    assert "延长到" in stage.last("w-jinxiu", group=True).text


def test_nobody_outside_makes_it_longer(stage: Stage) -> None:
    number = number_in(stage.say(ASKS, by=HEAD)[0])

    assert "不能这样办" in stage.say(f"延长战时 {number} 6小时", by=HEAD)[0]
    assert "没有查到" in stage.say(f"延长战时 {number} 6小时", by="hanlixin")[0]
    assert "没有查到" not in stage.say(f"延长战时 {at_war(stage)} 6小时", by=DISTRICT)[0]
