"""Whoever follows what a neighbour reported does not learn the neighbour's door."""

from tests.stage import Stage

GROUP = "g-jinxiu-2"


def test_a_follower_sees_the_building_alone(stage: Stage) -> None:
    stage.say("3栋2单元501水管爆了，水淌到楼下来了", by="nb2", chat=GROUP)
    stage.say("我家也是", by="liguifang", chat=GROUP)

    [told] = stage.say("进度 1001", by="liguifang")
    assert "3栋 " in told
    assert "501" not in told
    assert "2单元" not in told


def test_the_reporter_and_whoever_goes_there_see_the_door(stage: Stage) -> None:
    stage.say("3栋2单元501水管爆了，水淌到楼下来了", by="nb2", chat=GROUP)

    assert "3栋2单元501室" in stage.say("进度 1001", by="nb2")[0]
    assert "3栋2单元501室" in stage.say("进度 1001", by="hanmei")[0]


def test_what_is_nobodys_home_is_named_whole(stage: Stage) -> None:
    stage.say("3栋2单元楼道灯坏了", by="nb2", chat=GROUP)
    stage.say("我家也是", by="liguifang", chat=GROUP)

    assert "3栋2单元" in stage.say("进度 1001", by="liguifang")[0]
