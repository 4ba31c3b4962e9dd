"""Neighbours who ask in the group while an order runs hear once what it tells them."""

import pytest

from tests.stage import Stage

HEAD, GROUP, OTHER = "linruoyun", "g-jinxiu-2", "g-wangjiang-1"
TOLD = "一楼和地下室的邻居请先往高处走"


def ordered(stage: Stage, words: str = "动员 防汛") -> str:
    number = stage.say(words, by=HEAD)[0].split("预览")[0][-5:].strip()
    stage.say(f"动员 {number}", by=HEAD)
    stage.pass_time(seconds=1)
    return number


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("要不要跑啊", "要不要走"),
        ("我们要转移不", "要不要走"),
        ("需要撤离吗？", "要不要走"),
        ("老人要不要先走嘛", "要不要走"),
        ("要不要往高处走", "要不要走"),
        ("地下室的车要不要挪走", "要不要走"),
        ("哪里集合", "去哪里"),
        ("我们到哪儿集合嘛", "去哪里"),
        ("安置点在哪里", "去哪里"),
        ("往哪边跑哦", "去哪里"),
        ("该往哪里走", "去哪里"),
        ("有没有安置点", "去哪里"),
        ("跑不跑哦", "要不要走"),
        ("是不是真的要撤离", "要不要走"),
        ("是真的演练吗", "不是演练"),
        ("这是不是演练哦", "不是演练"),
        ("我们咋个办", TOLD),
        ("我该做什么？", TOLD),
        ("我能出门上班吗", "能不能这样"),
        ("能不能回去拿猫", "能不能这样"),
        ("电梯能坐吗", "能不能这样"),
        ("可不可以用电哦", "能不能这样"),
        ("地下车库能开车出来吗", "能不能这样"),
        ("怎么回事", TOLD),
        ("外头咋回事哦", TOLD),
        ("要不要出来", "要不要走"),
        ("要不要出门躲", "要不要走"),
        ("我一个人在屋头,要不要下楼哦", "要不要走"),
        ("演练结束了吗", "不是演练"),
    ],
)
def test_a_question_is_answered_with_what_the_order_tells_neighbours(stage: Stage, words: str, heard: str) -> None:
    ordered(stage)

    [said] = stage.say(words, by="nb1", chat=GROUP)
    assert heard in said
    assert TOLD in said
    assert "网格长" in said
    assert "15分钟到岗" not in said
    [private] = stage.say(words, by="liguifang")
    assert private == said


def test_in_a_drill_it_says_so_first(stage: Stage) -> None:
    number = stage.say("演练 防汛", by=HEAD)[0].split("预览")[0][-5:].strip()
    stage.tap(stage.last(HEAD), "开始演练", by=HEAD)
    assert number

    assert stage.say("要不要跑啊", by="nb1", chat=GROUP)[0].startswith("【演练】这是防汛演练，不是真的险情。")


def test_a_group_is_not_told_again_for_some_minutes(stage: Stage) -> None:
    ordered(stage)
    assert stage.say("要不要跑啊", by="nb1", chat=GROUP)
    assert stage.say("我们要转移不", by="nb2", chat=GROUP) == []
    assert stage.say("我们要转移不", by="nb2", chat="g-jinxiu-1")

    stage.pass_time(minutes=11)
    assert stage.say("我们要转移不", by="nb2", chat=GROUP)


@pytest.mark.parametrize(
    "words",
    [
        "晚上要不要跑步",
        "走，打麻将",
        "周末去哪里耍",
        "真的假的",
        "跑得快",
        "走不走嘛打牌",
        "今天雨好大",
        "哪里买菜便宜",
        "要不要吃饭",
        "他跑了没",
        "你上班吗",
        "回家没得",
        "能不能便宜点",
        "作业做完没有",
        "这是真的吗",
    ],
)
def test_chatter_stays_unanswered(stage: Stage, words: str) -> None:
    ordered(stage)

    assert stage.say(words, by="nb1", chat=GROUP) == []


def test_where_nothing_runs_nobody_is_told_anything(stage: Stage) -> None:
    ordered(stage)
    assert stage.say("要不要跑啊", by="nb1", chat=OTHER) == []


def test_a_cry_for_help_is_one_all_the_same(stage: Stage) -> None:
    ordered(stage)

    assert "119" in stage.say("3栋2单元有人被水冲走了，要不要跑啊", by="nb1", chat=GROUP)[0]


@pytest.mark.parametrize("words", ["我能出门上班吗", "能不能回去拿猫", "这是真的吗", "真的还是假的"])
def test_in_private_it_is_no_offer_and_no_paste_whatever_was_asked_before(stage: Stage, words: str) -> None:
    ordered(stage)
    stage.say("我可以帮忙", by="liguifang")

    assert TOLD in stage.say(words, by="liguifang")[0]
    assert "记下了" not in stage.last("liguifang").text


def test_where_something_burns_is_asked_only_while_people_are_out_for_it(stage: Stage) -> None:
    ordered(stage, "动员 火灾")
    assert "附近有火情" in stage.say("哪里起火了", by="nb1", chat=GROUP)[0]
    assert "119" in stage.say("3栋起火了", by="nb1", chat="g-jinxiu-1")[0]


def test_where_water_rises_a_question_about_a_fire_rings(stage: Stage) -> None:
    ordered(stage)
    assert "我已叫了 3 个人" in stage.say("哪里起火了", by="nb1", chat=GROUP)[0]
