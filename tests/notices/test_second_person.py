"""At war, or where it is sensitive, a second person agrees: a peer or a superior, in time, and the author may take it back."""

import pytest

from storage import notices
from tests.notices.desk import HEAD, confirm, notice, released, wrote
from tests.stage import Stage

DISTRICT, SECOND = "shenliqun", "guxiaolan"
LEADER = "zhoujianhua"
"""The grid leader below the head of the station."""


def waits(stage: Stage, words: str = "居民群 后天下午3点打疫苗", by: str = DISTRICT) -> int:
    """The number of a notice for the whole district that waits for a yes."""
    number = wrote(stage, words, by=by)
    stage.does("press", confirm(stage, number, by).buttons[0][1], by=by)
    assert notice(stage, number).state == notices.WAITING
    return number


def test_nobody_below_the_author_is_asked_for_the_yes(stage: Stage) -> None:
    war = int(stage.say("战时 锦绣社区 24小时 区防指3号令", by=HEAD)[0].split("战时令 ")[1][:4])
    stage.say(f"启动战时 {war}", by=HEAD)
    stage.say(f"同意战时 {war}", by="songminghui")

    number = wrote(stage, "对象：第一网格居民群\n正文：后天下午3点打疫苗")
    told = stage.does("press", confirm(stage, number).buttons[0][1], by=HEAD)[0].text

    assert "包保领导" in told
    assert "网格长" not in told
    assert not any("请您同意" in heard.text for heard in stage.hears(LEADER))
    stage.say(f"同意发布 {number}", by=LEADER)
    assert notice(stage, number).state == notices.WAITING
    stage.say(f"同意发布 {number}", by="songminghui")
    assert notice(stage, number).released_at is not None


def test_a_request_lapses_in_the_morning_and_the_author_hears_so(stage: Stage) -> None:
    number = waits(stage)
    stage.pass_time(hours=24)

    assert notice(stage, number).state == notices.DRAFT
    assert "不再等了" in stage.last(DISTRICT).text
    assert "不用谁同意" in stage.say(f"同意发布 {number}", by=SECOND)[0]


def test_a_request_lapses_with_the_hour_of_which_it_speaks(stage: Stage) -> None:
    number = waits(stage, "居民群 今天上午11点停水")
    stage.pass_time(hours=1)
    assert notice(stage, number).state == notices.WAITING
    stage.pass_time(hours=1)

    assert notice(stage, number).state == notices.DRAFT


@pytest.mark.parametrize("words", ["算了", "不发了", "{number}不发了", "不发了 {number}"])
def test_whoever_asked_takes_it_back(stage: Stage, words: str) -> None:
    number = waits(stage)

    assert stage.say(words.format(number=number), by=DISTRICT) == [f"好，{number} 不发了。"]
    assert "不用您同意了" in stage.last(SECOND).text
    assert notice(stage, number).state == notices.ENDED


@pytest.mark.parametrize("order", ["作废", "更正"])
def test_never_mind_is_no_reason_that_everybody_reads(stage: Stage, order: str) -> None:
    number = released(stage)
    stage.say(f"{order} {number}", by=HEAD)

    assert stage.say("算了", by=HEAD) == [f"好，{number} 照旧，什么也没动。"]


def test_never_mind_at_the_last_question_leaves_the_draft_and_its_number_drops_it(stage: Stage) -> None:
    number = wrote(stage)
    confirm(stage, number)

    assert stage.say("算了", by=HEAD)[0].startswith(f"好，{number} 先不发，草稿还在")
    assert stage.say(f"{number}不发了", by=HEAD) == [f"好，{number} 不发了。"]


def test_the_number_drops_it_at_the_preview_too(stage: Stage) -> None:
    number = wrote(stage)

    assert stage.say(f"{number}不发了", by=HEAD) == [f"好，{number} 不发了。"]
