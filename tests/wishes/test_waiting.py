"""What time does to a wish: reminders, release, expiry, the monthly meeting, silence that counts as a yes."""

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import claimed, published, wished


def test_who_vets_is_reminded_and_then_the_next_one(stage: Stage) -> None:
    wished(stage)
    before = len(stage.hears("linruoyun"))

    stage.pass_time(days=2)

    assert "还没审核" in stage.last("xujianing").text
    assert len(stage.hears("linruoyun")) > before


def test_an_idle_claim_is_asked_about_and_released_without_blame(stage: Stage) -> None:
    number = claimed(stage)

    stage.pass_time(days=4)
    assert "办得怎么样了" in stage.last("chenhao").text
    stage.pass_time(days=4)

    assert "先放回墙上" in stage.last("chenhao").text
    assert stage.matter(number).state == "open"
    assert "交给您了" in stage.say(f"认领 {number}", by="wutong")[0]


def test_a_sign_of_life_keeps_the_claim(stage: Stage) -> None:
    number = claimed(stage)
    stage.pass_time(days=5)
    stage.say(f"捎话 {number} 周末送来", by="chenhao")
    stage.pass_time(days=5)

    assert stage.matter(number).state == "claimed"


def test_what_nobody_takes_goes_to_the_meeting_of_the_month(stage: Stage) -> None:
    number = published(stage)

    stage.pass_time(days=31)
    assert "议事清单" in stage.last("liguifang").text
    assert stage.matter(number).state == "unmet"
    assert str(number) in stage.say("议事清单", by="xujianing")[0]
    stage.pass_time(days=31)
    assert "留给本月议事会的心愿" in stage.last("xujianing").text
    stage.say(f"发布 {number}", by="xujianing")
    assert stage.matter(number).state == "open"


def test_a_question_unanswered_ends_it(stage: Stage) -> None:
    number = wished(stage)
    stage.say(f"问一句 {number} 要新的吗", by="xujianing")

    stage.pass_time(days=5)
    assert "还在等您回一句话" in stage.last("liguifang").text
    stage.pass_time(days=5)
    assert stage.matter(number).state == "expired"


def test_silence_after_it_was_done_counts_as_a_yes(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"圆梦 {number}", by="chenhao")

    stage.pass_time(days=3)
    assert "圆梦了吗" in stage.last("liguifang").text
    stage.pass_time(days=3)
    assert stage.matter(number).state == "closed"
    assert "圆了，谢谢您" in stage.last("chenhao").text
