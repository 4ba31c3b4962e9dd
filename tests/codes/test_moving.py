"""A code of another grid moves nobody who is known already, before they say that they moved."""

import pytest

from handlers.people import codes
from storage import codes as stored
from storage import grids, people
from tests.stage import CHANNEL, Heard, Stage

HERE, THERE, GROUP = "519901001001001002", "519901001001001001", "g-jinxiu-2"
WHO = "wutong"
ASKED = "这是锦绣花园1-2栋的码，您登记在锦绣花园3-4栋。您是搬来了，还是路过看看？\n没选之前，什么都不改。"


def scan_there(stage: Stage, *, chat: str | None = None, by: str = WHO) -> list[Heard]:
    """Scan a door of the other grid."""
    with stage.database.transaction() as session:
        [(_, printed)] = codes.printed(session, stage.kit.settings, THERE, stage.clock.now())
    text = next(one.text for one in printed if one.place.room == "302")
    return stage.does("scan", text, by=by, chat=chat)


def known_here(stage: Stage) -> None:
    stage.say("报备", by=WHO, chat=GROUP)


def lives(stage: Stage) -> tuple[str, str]:
    """The code of the speaker's grid, and the building that is kept."""
    with stage.database.reading() as session:
        mine = people.by_identity(session, [(CHANNEL, WHO)])[CHANNEL, WHO]
        grid = grids.get(session, mine.grid_id) if mine.grid_id else None
        home = stored.home_of(session, mine.id)
    return grid.code if grid else "", home.building if home else ""


def test_somebody_known_is_asked_and_nothing_moves_before_the_answer(stage: Stage) -> None:
    known_here(stage)
    [asked] = scan_there(stage)

    assert asked.text == ASKED
    assert [label for label, _ in asked.buttons] == ["我搬来了", "只是路过看看"]
    assert lives(stage) == (HERE, "")


@pytest.mark.parametrize("words", ["我搬来了", "1", "搬家了", "刚搬来的"])
def test_whoever_moved_lives_there_and_is_asked_for_the_door(stage: Stage, words: str) -> None:
    known_here(stage)
    scan_there(stage)

    assert "要不要记下您家的门牌号" in stage.say(words, by=WHO)[0]
    assert lives(stage) == (THERE, "1")


@pytest.mark.parametrize("words", ["只是路过看看", "2", "路过", "没搬", "不是", "扫错了"])
def test_whoever_passes_stays_where_they_are(stage: Stage, words: str) -> None:
    known_here(stage)
    scan_there(stage)

    assert stage.say(words, by=WHO) == ["好，您还是登记在锦绣花园3-4栋，什么都没改。"]
    assert lives(stage) == (HERE, "")


def test_a_yes_that_says_neither_is_asked_about(stage: Stage) -> None:
    known_here(stage)
    scan_there(stage)

    assert stage.say("是的", by=WHO) == [ASKED]
    assert lives(stage) == (HERE, "")


def test_a_digit_after_other_talk_moves_nobody(stage: Stage) -> None:
    known_here(stage)
    scan_there(stage)
    stage.say("今天天气不错", by=WHO)

    assert stage.say("1", by=WHO) == [ASKED]
    assert lives(stage) == (HERE, "")


def test_in_a_group_the_question_is_private(stage: Stage) -> None:
    known_here(stage)

    assert [one.text for one in scan_there(stage, chat=GROUP)] == ["已收到，我私下问您一句。"]
    assert stage.last(WHO).text == ASKED


def test_a_tap_moves_only_by_a_code_of_ours(stage: Stage) -> None:
    known_here(stage)

    assert stage.does("press", "code_moved 2222-2222", by=WHO)[0].text.startswith("这个码用不了")
    assert stage.does("press", "code_moved 2222-2222", by=WHO, chat=GROUP) == []
    assert lives(stage) == (HERE, "")


def test_guessing_by_taps_is_slowed_too(stage: Stage) -> None:
    heard = [stage.does("press", f"code_moved 2222-222{n}", by=WHO)[0].text for n in range(2, 8)]
    assert heard[-1].startswith("试得有点多了")


def test_a_yes_to_the_door_with_a_condition_is_asked_once_more_and_then_is_a_no(stage: Stage) -> None:
    scan_there(stage, by="newcomer")

    asked = stage.say("可以，但别告诉邻居", by="newcomer")[0]
    assert asked.startswith("说清楚一点：只记您家的门牌号，只有上门办事的工作人员看得到，别的人和群里都看不到。")
    assert [label for label, _ in stage.last("newcomer").buttons] == ["同意", "不同意"]
    assert stage.say("只给网格长看", by="newcomer") == ["好的，门牌不记，事情照常给您办。"]


@pytest.mark.parametrize("words", ["1", "同意", "要得"])
def test_told_plainly_a_yes_keeps_the_door(stage: Stage, words: str) -> None:
    scan_there(stage, by="newcomer")
    stage.say("可以，不过别往外说", by="newcomer")

    assert "1栋1单元302室" in stage.say(words, by="newcomer")[0]
