"""明天停水吗, 要交20块是真的不: questions about what was told, with a matter open or not, alone or among neighbours."""

import pytest

from storage import matters
from tests.notices.desk import HEAD, released
from tests.stage import Stage

GROUP, NEIGHBOUR, ANOTHER = "g-jinxiu-1", "liguifang", "someoneelse"
TOLD = "居民群 明天上午9点到下午5点停水，请提前储水"


def lift_reported(stage: Stage) -> None:
    """The neighbour has an open matter, of a moment ago."""
    stage.say("3栋2单元电梯又停了", by=NEIGHBOUR, chat=GROUP)
    stage.pass_time(minutes=2)


def open_matters(stage: Stage) -> int:
    with stage.database.reading() as session:
        return sum(matters.by_number(session, number) is not None for number in range(1000, 1020))


@pytest.mark.parametrize(
    "asked",
    [
        "这条通知是真的吗 明天上午9点到下午5点停水,每户交20元押金",
        "有人发:明天上午10点到下午6点停水,每户先交20元押金,是真的吗",
        "明天上午9点到下午5点停水,每户要交20块钱是真的不",
        "明天停水要交20块是真的不",
        "停水要交押金是真的吗",
    ],
)
@pytest.mark.parametrize("chat", [None, GROUP])
def test_a_fraud_is_named_though_a_matter_is_open(stage: Stage, asked: str, chat: str | None) -> None:
    number = released(stage, TOLD)
    lift_reported(stage)

    heard = stage.say(asked, by=NEIGHBOUR, chat=chat)[0]

    assert heard.startswith(f"像是 {number} 号通知，但被改过")
    assert "别照着做" in heard


def test_a_sum_nobody_asked_for_is_warned_of_also_among_neighbours(stage: Stage) -> None:
    released(stage, TOLD)
    lift_reported(stage)

    assert "当心是骗人的" in stage.say("每家要交20块钱是真的不", by=NEIGHBOUR)[0]
    assert "当心是骗人的" in stage.say("每家要交20块钱是真的不", by=NEIGHBOUR, chat=GROUP)[0]


@pytest.mark.parametrize(
    "asked",
    ["明天停水是真的吗？", "是不是明天9点停水啊", "明天几点停水啊", "明天停水不", "要停水吗", "明天真的要停水吗"],
)
@pytest.mark.parametrize("chat", [None, GROUP])
def test_who_asks_what_was_told_hears_what_holds_and_reports_nothing(
    stage: Stage, asked: str, chat: str | None
) -> None:
    number = released(stage, TOLD)
    lift_reported(stage)
    before = open_matters(stage)

    heard = stage.say(asked, by=NEIGHBOUR, chat=chat)[0]

    assert str(number) in heard
    assert "明天上午9点到下午5点停水" in heard
    assert open_matters(stage) == before


def test_what_was_put_off_is_told_with_its_correction(stage: Stage) -> None:
    number = released(stage, TOLD)
    later = released_correction(stage, number)

    for chat in (None, GROUP):
        assert stage.say("明天停水不", by=NEIGHBOUR, chat=chat)[0].startswith(
            f"{number} 号通知已经更正，以 {later} 为准"
        )


def released_correction(stage: Stage, number: int) -> int:
    heard = stage.does("text", f"更正 {number} 停水改到后天", by=HEAD)
    later = int(heard[-1].text.split("编号 ")[1][:4])
    sure = stage.does("text", f"发布 {later}", by=HEAD)[-1]
    stage.does("press", sure.buttons[0][1], by=HEAD)
    stage.pass_time(seconds=1)
    return later


def test_a_group_is_told_once_in_a_while(stage: Stage) -> None:
    number = released(stage, TOLD)

    assert str(number) in stage.say("明天停水不", by=NEIGHBOUR, chat=GROUP)[0]
    assert stage.say("是不是明天9点停水啊", by=ANOTHER, chat=GROUP) == []
    stage.pass_time(minutes=6)
    assert str(number) in stage.say("几点停水啊", by=ANOTHER, chat=GROUP)[0]


@pytest.mark.parametrize("asked", ["今天停电吗", "今天停电不嘛", "是不是今天停电啊"])
def test_where_nothing_was_told_a_question_is_no_report(stage: Stage, asked: str) -> None:
    lift_reported(stage)
    before = open_matters(stage)

    assert stage.say(asked, by=NEIGHBOUR)[0].startswith("没有发过停电的通知")
    assert stage.say(asked, by=ANOTHER, chat=GROUP) in ([], ["someoneelse，这是要报给网格长吗？"])
    assert open_matters(stage) == before


@pytest.mark.parametrize("said", ["我家停水了", "怎么停水了", "3栋停水了三天了，没人管吗"])
def test_a_fault_stays_a_report_also_after_a_question(stage: Stage, said: str) -> None:
    released(stage, TOLD)
    stage.say("刚才那个停水通知是真的吗", by=NEIGHBOUR)

    assert stage.say(said, by=NEIGHBOUR)[0].startswith("收到，编号")
