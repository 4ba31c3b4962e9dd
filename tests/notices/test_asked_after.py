"""What staff ask of a notice that is out, in their own words: figures and doors are shown, nobody is rung by it."""

import pytest

from tests.notices.desk import HEAD, released
from tests.stage import Stage

STREET, LEADER, GROUP = "yaozhiyuan", "hanmei", "g-jinxiu-2"
ACKED = "\n对象：居民群和工作人员\n正文：明天8点到12点停水，请提前储水\n回执：要"
AGAIN = "没有再发。要提醒还没回“收到”的，得原样回：补发 1001；请上一级直接联系，回：越级 1001。"


@pytest.fixture
def number(stage: Stage) -> int:
    """A notice of the street that three have acknowledged."""
    sent = released(stage, ACKED, by=STREET)
    for who in (HEAD, "zhoujianhua", LEADER):
        stage.say(f"收到 {sent}", by=who)
    stage.pass_time(minutes=30)
    return sent


@pytest.mark.parametrize(
    "words",
    [
        "停水通知发到哪了",
        "哪些网格还没回",
        "哪个社区最慢",
        "谁还没收到",
        "还有哪些没回收到的",
        "1001哪里卡住了",
        "未读名单",
    ],
)
def test_how_far_it_is_is_shown_without_its_number(stage: Stage, number: int, words: str) -> None:
    [said] = stage.say(words, by=STREET)

    assert said.startswith(f"{number} 明天8点到12点停水（锦溪街道")
    assert "回了收到：3/33" in said
    assert "最慢的：" in said


@pytest.mark.parametrize(
    "words", ["没收到的户", "哪些户没收到", "哪几家没看到停水通知", "打印没收到的户", "1001 石桥村哪些户还没看"]
)
def test_doors_are_listed_without_the_number(stage: Stage, number: int, words: str) -> None:
    assert stage.say(words, by=STREET)[0].startswith(
        f"{number} 还有 144 户没有人回收到（按走的顺序）：\n锦绣花园1-2栋："
    )


def test_the_list_of_one_place_is_whole(stage: Stage, number: int) -> None:
    assert f"比如：没收到的户 {number} 锦绣花园5-6栋" in stage.say(f"没收到的户 {number}", by=STREET)[0]

    [said] = stage.say(f"没收到的户 {number} 锦绣花园5-6栋", by=STREET)

    assert said.startswith(f"{number} 还有 48 户没有人回收到（按走的顺序）：\n锦绣花园5-6栋：5-1-101、")
    assert said.endswith("6-2-602")
    assert "锦绣花园1-2栋" not in stage.say(f"没收到的户 {number} 锦绣花园1-2栋", by=LEADER)[0], "not theirs"


@pytest.mark.parametrize(
    "words", ["补发", "补发一下", "催一下没回的", "再发一遍没收到的", "补发 1001 吧", "停水通知重发一下", "越级"]
)
def test_loose_words_send_nothing_again_and_name_the_exact_ones(stage: Stage, number: int, words: str) -> None:
    before = len(stage.heard())

    assert stage.say(words, by=STREET) == [AGAIN]
    assert len(stage.heard()) == before + 1


@pytest.mark.parametrize("order", ["补发", "越级"])
def test_a_polite_yes_to_the_last_question_sends_nothing_and_a_second_tap_asks_anew(
    stage: Stage, number: int, order: str
) -> None:
    asked = stage.does("text", f"{order} {number}", by=STREET)[-1]
    label, press = asked.buttons[0]
    before = len(stage.heard())

    for words in ("好的", "可以", "发嘛"):
        assert stage.say(words, by=STREET) == [f"{number} 还没动。要惊动大家，点“{label}”，或照着回这几个字才算。"]
    assert len(stage.heard()) == before + 3
    stage.does("press", press, by=STREET)
    stage.pass_time(seconds=5)
    told = len(stage.heard())
    assert told > before + 4
    assert stage.does("press", press, by=STREET)[-1].buttons[0][0] == label
    stage.pass_time(seconds=5)
    assert len(stage.heard()) == told + 1


def test_whoever_serves_below_is_not_offered_what_is_not_theirs(stage: Stage, number: int) -> None:
    shown = stage.does("text", f"进展 {number}", by=HEAD)[-1]

    assert "回了收到：3/21" in shown.text
    assert shown.buttons == ()
    assert stage.say(f"补发 {number}", by=HEAD) == [
        f"{number} 是锦溪街道发的，补发、越级由那里来。您那里谁还没回，发“进展 {number}”，看了直接联系。"
    ]


def test_of_two_the_one_that_is_named_is_meant_else_it_is_asked(stage: Stage, number: int) -> None:
    second = released(stage, "\n对象：工作人员\n正文：周五下午开防火例会\n回执：要", by=STREET)

    assert stage.say("防火例会的通知谁还没回", by=STREET)[0].startswith(f"{second} ")
    assert stage.say("停水通知谁还没回", by=STREET)[0].startswith(f"{number} ")
    assert stage.say("谁还没回", by=STREET)[0].splitlines()[0] == "说的是哪一条？"


@pytest.mark.parametrize(
    "words",
    [
        "电梯卡住了",
        "电梯坏了，通知物业谁都没反应",
        "谁还没收到快递",
        "身份证补发要带什么",
        "3栋还有谁家没水",
        "今天几点开会",
    ],
)
def test_what_is_about_something_else_is_not_caught(stage: Stage, number: int, words: str) -> None:
    said = stage.say(words, by=STREET)

    assert not any(one.startswith((str(number), "没有再发", "说的是哪一条")) for one in said)


def test_neighbours_and_their_groups_hear_no_figures(stage: Stage, number: int) -> None:
    assert stage.say("哪些户没收到", by=LEADER, chat=GROUP) == []
    assert "回了收到" not in stage.say("谁还没收到", by="liguifang")[0]
    assert "户" not in "".join(stage.say("哪些户没收到", by=HEAD, chat="w-jinxiu-1"))
