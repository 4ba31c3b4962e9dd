"""What is said beside a preview: commands and reports go their own way, slips are put right, 算了 drops the draft."""

import pytest

from storage import notices
from tests.notices.desk import HEAD, notice, wrote
from tests.stage import Stage


def test_the_button_ends_the_conversation_like_the_word(stage: Stage) -> None:
    number = wrote(stage)
    shown = stage.last(HEAD)
    stage.say("什么意思呢", by=HEAD)
    assert "不发了" in stage.tap(shown, "不发了", by=HEAD)[0]

    for words in ("取消", "1栋1单元3楼全部平安", "出发了，8分钟到", "谢谢"):
        assert "草稿" not in "".join(stage.say(words, by=HEAD))
    assert notice(stage, number).state == notices.ENDED


@pytest.mark.parametrize("words", ["算了", "不发了", "取消", "别发了"])
def test_never_mind_drops_the_draft_and_says_so(stage: Stage, words: str) -> None:
    number = wrote(stage)
    stage.say("什么意思呢", by=HEAD)

    assert stage.say(words, by=HEAD) == [f"好，{number} 不发了。"]
    assert notice(stage, number).state == notices.ENDED


def test_at_the_last_question_never_mind_goes_back_and_a_plain_word_drops_it(stage: Stage) -> None:
    number = wrote(stage)
    stage.say(f"发布 {number}", by=HEAD)
    assert "草稿还在" in stage.say("算了", by=HEAD)[-1]
    assert notice(stage, number).state == notices.DRAFT
    stage.say(f"发布 {number}", by=HEAD)

    assert stage.say("不发了", by=HEAD) == [f"好，{number} 不发了。"]


@pytest.mark.parametrize(
    ("words", "heard"), [("动员", "7 个预案"), ("演练", "7 个预案"), ("开始摸排", "摸排"), ("战时状态", "战时")]
)
def test_a_command_beside_a_preview_is_that_command(stage: Stage, words: str, heard: str) -> None:
    wrote(stage)
    said = "".join(stage.say(words, by=HEAD))

    assert heard in said
    assert "发布" not in said


def test_a_report_beside_a_preview_is_a_report(stage: Stage) -> None:
    number = wrote(stage)

    assert "公共设施" in stage.say("锦绣花园3栋楼道灯坏了", by=HEAD)[0]
    assert notice(stage, number).state == notices.DRAFT


def test_the_text_said_once_more_is_no_report(stage: Stage) -> None:
    wrote(stage)

    assert "要改哪一项" in stage.say("明天8点到12点停水，请大家储水", by=HEAD)[0]


@pytest.mark.parametrize("words", ["等等，我说错了，是后天", "后天", "不是明天，是后天", "改成后天"])
def test_the_day_of_a_preview_is_put_right_in_a_word(stage: Stage, words: str) -> None:
    number = wrote(stage)
    stage.say(words, by=HEAD)

    assert notice(stage, number).text == "后天8点到12点停水，请提前储水"
    assert "后天" in notice(stage, number).topic


@pytest.mark.parametrize("words", ["今晚8点发", "改成今晚8点再发"])
def test_when_it_leaves_is_said_without_a_heading(stage: Stage, words: str) -> None:
    number = wrote(stage)

    assert "20:00 开始发" in stage.say(words, by=HEAD)[-1]
    assert notice(stage, number).begins_at is not None


def test_a_moment_at_night_says_that_it_waits_till_the_morning(stage: Stage) -> None:
    wrote(stage)

    assert "08:00 开始发（那时说好不打扰）" in stage.say("今晚11点发", by=HEAD)[-1]


def test_an_audience_of_nobody_is_explained_and_nothing_is_offered(stage: Stage) -> None:
    shown = stage.say("发通知 给全区独居老人 天冷了注意保暖", by="shenliqun")[-1]

    assert "没有人能收到" in shown
    assert "还没有独居的居民" in shown
    assert "对象 居民群" in shown
    assert "全区都会收到" not in shown
    assert "发布" not in shown


def test_what_repeats_says_only_the_next_time(stage: Stage) -> None:
    shown = stage.say("发通知 居民群 每周五16:00 大扫除", by=HEAD)[-1]

    assert "下一次 11月27日16:00" in shown
    assert "马上开始" not in shown
