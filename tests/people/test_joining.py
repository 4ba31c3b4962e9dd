"""Joining a group, and binding it to its grid."""

from tests.stage import Stage

MICRO = "519901001001001002"


def test_added_to_a_group_the_bot_introduces_itself_in_120_characters(stage: Stage) -> None:
    told = [one.text for one in stage.does("joined", by="hanmei", chat="g-new")]

    assert len(told) == 1
    assert len(told[0]) <= 120
    assert "人工" in told[0]
    assert "不记录" in told[0]


def test_an_unbound_group_gets_one_hint_and_then_silence(stage: Stage) -> None:
    stage.does("joined", by="hanmei", chat="g-new")

    assert stage.say("大家好", by="a", chat="g-new") == []
    assert stage.say("3栋电梯停了", by="a", chat="g-new") == [
        "本群还没绑定网格，我帮不上忙。请网格负责人在群里发：绑定 网格编码"
    ]
    assert stage.say("3栋电梯停了", by="b", chat="g-new") == []


def test_a_post_above_binds_the_group(stage: Stage) -> None:
    stage.does("joined", by="linruoyun", chat="g-new")
    stage.say("解绑", by="linruoyun", chat="g-jinxiu-2")

    told = stage.say(f"绑定 {MICRO}", by="linruoyun", chat="g-new")

    assert told[0].startswith("已绑定“锦绣花园3-4栋”")
    assert stage.say("3栋2单元电梯又停了", by="liguifang", chat="g-new")[0].startswith("收到，1001号")


def test_a_second_group_for_the_same_grid_is_refused_with_the_reason(stage: Stage) -> None:
    stage.does("joined", by="linruoyun", chat="g-new")

    told = stage.say(f"绑定{MICRO}", by="linruoyun", chat="g-new")

    assert told[0].startswith("“锦绣花园3-4栋”已经有居民群“锦绣花园3-4栋邻里群”了")


def test_nobody_binds_what_they_do_not_lead(stage: Stage) -> None:
    stage.does("joined", by="gaomin", chat="g-new")

    for who in ("liguifang", "gaomin", "stranger", "hanlixin"):
        assert "要由它的上级来做" in stage.say(f"绑定 {MICRO}", by=who, chat="g-new")[0]


def test_an_unknown_code_is_named(stage: Stage) -> None:
    stage.does("joined", by="linruoyun", chat="g-new")

    assert "没有编码是 519999999 的网格" in stage.say("绑定 519999999", by="linruoyun", chat="g-new")[0]


def test_binding_belongs_into_the_group(stage: Stage) -> None:
    assert stage.say(f"绑定 {MICRO}", by="linruoyun") == ["请到要绑定的群里发：绑定 网格编码"]


def test_a_group_the_bot_was_removed_from_is_free_again(stage: Stage) -> None:
    stage.does("left", by="hanmei", chat="g-jinxiu-2")
    stage.does("joined", by="linruoyun", chat="g-new")

    assert stage.say(f"绑定 {MICRO}", by="linruoyun", chat="g-new")[0].startswith("已绑定")
    assert "绑定 网格编码" in stage.does("joined", by="linruoyun", chat="g-jinxiu-2")[0].text


def test_a_repeated_happening_has_one_effect(stage: Stage) -> None:
    for _ in range(3):
        stage.does("text", "3栋2单元电梯又停了", by="liguifang", chat="g-jinxiu-2", key="same")

    assert len([one for one in stage.heard() if one.target == "g-jinxiu-2"]) == 1
