"""A wish in 战时: the wisher hears in one clause that urgent needs come first, the staff see need and help per grid."""

from tests.modes.test_modes import at_war
from tests.stage import Stage

URGENT_FIRST = "现在是战时，救急的先办"


def wished(stage: Stage, words: str = "心愿 想给孙女借一本新华字典") -> str:
    [said] = stage.say(words, by="liguifang")
    return said


def test_a_wisher_hears_that_urgent_needs_come_first_and_the_wish_is_kept(stage: Stage) -> None:
    assert URGENT_FIRST not in wished(stage)
    at_war(stage)

    said = wished(stage, "心愿 想要一副老花镜")
    assert said.startswith("收到心愿，编号 ")
    assert said.count(URGENT_FIRST) == 1


def test_two_wishes_at_once_are_told_so_once(stage: Stage) -> None:
    at_war(stage)

    assert wished(stage, "心愿 想要一副老花镜，还想借一本新华字典").count(URGENT_FIRST) == 1


def test_whoever_asks_neighbours_for_help_hears_it_too_and_whoever_offers_does_not(stage: Stage) -> None:
    at_war(stage)
    stage.say("互助 缺一袋大米", by="liguifang")
    assert URGENT_FIRST in stage.tap(stage.last("liguifang"), "发", by="liguifang")[0]

    stage.say("互助 多出两袋大米可以分", by="chenhao")
    assert URGENT_FIRST not in stage.tap(stage.last("chenhao"), "发", by="chenhao")[0]


def test_the_staff_of_the_grid_are_shown_the_line_of_war_and_no_name(stage: Stage) -> None:
    at_war(stage)
    wished(stage)

    [group] = [one for one in stage.hears("w-jinxiu-1", group=True) if "心愿" in one.text]
    assert group.text.startswith("【战时】心愿")
    assert "互助链" in group.text
    assert "李桂芳" not in group.text
    [card] = [one for one in stage.heard() if one.private and "等您审核" in one.text]
    assert card.text.startswith("【战时】心愿")


def test_the_chain_shows_wishes_beside_neighbours_help(stage: Stage) -> None:
    at_war(stage)
    number = wished(stage).split("编号 ")[1][:4]
    stage.say("互助 缺一袋大米", by="zhangdashan")
    stage.tap(stage.last("zhangdashan"), "发", by="zhangdashan")

    told = stage.say("互助链", by="zhoujianhua", chat="w-jinxiu-1")[0]
    assert "锦绣花园3-4栋：要帮 1，能帮 0，心愿 1" in told
    assert "认领" not in told

    card = next(one for one in stage.heard() if one.private and "等您审核" in one.text)
    stage.tap(card, "发布", by=card.target)
    assert f"愿 {number} " in stage.say("互助链", by="zhoujianhua", chat="w-jinxiu-1")[0]


def test_a_need_that_cannot_wait_is_a_report_and_no_wish(stage: Stage) -> None:
    at_war(stage)

    assert "【战时】收到" in stage.say("屋头没得水喝了，想要两桶水", by="liguifang")[0]


def test_in_peace_nothing_of_it_is_said(stage: Stage) -> None:
    wished(stage)

    assert not any("战时" in one.text for one in stage.heard())
