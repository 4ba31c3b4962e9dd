"""明天 in words that are held over midnight: people are told the right day, and who writes at night may send at once."""

from datetime import date

import pytest

from handlers.notices.days import dated
from tests.notices.desk import HEAD, NUMBER, confirm, notice, told, wrote
from tests.stage import Stage

WORDS = "居民群 明天上午9点到下午5点停水，请提前储水"
NIGHT = 13
"""Hours from the stage's morning to half past ten in the evening."""


def test_relative_days_held_over_night_get_their_date(stage: Stage) -> None:
    stage.pass_time(hours=NIGHT)
    number = wrote(stage, WORDS)

    shown = stage.hears(HEAD)
    assert "明天（11月24日）上午9点" in shown[-2].text
    assert "补了日期" in shown[-1].text

    stage.does("press", confirm(stage, number).buttons[0][1], by=HEAD)
    stage.pass_time(hours=12)
    assert len(told(stage, number)) == 5
    assert "明天（11月24日）上午9点" in notice(stage, number).summary


def test_what_was_shown_by_day_and_is_released_at_night_is_shown_again_with_the_date(stage: Stage) -> None:
    stage.pass_time(hours=NIGHT - 3)
    number = wrote(stage, WORDS)
    assert "11月24日" not in stage.hears(HEAD)[-2].text

    stage.pass_time(hours=3)
    confirm(stage, number)

    shown, sure = stage.hears(HEAD)[-2:]
    assert "明天（11月24日）上午9点" in shown.text
    assert "8:00 才开始发" in sure.text


def test_what_leaves_today_needs_no_date(stage: Stage) -> None:
    wrote(stage, WORDS)

    assert "11月24日" not in stage.hears(HEAD)[-2].text


def test_what_happens_before_or_soon_after_the_morning_may_leave_now(stage: Stage) -> None:
    stage.pass_time(hours=NIGHT)
    number = wrote(stage, WORDS)
    assert "现在就发" in stage.last(HEAD).text

    again = stage.say("现在就发", by=HEAD)[-1]

    assert "发布后马上开始" in again
    assert NUMBER.search(again)
    assert notice(stage, number).released_at is None


def test_what_happens_much_later_waits_for_the_morning_without_a_word(stage: Stage) -> None:
    stage.pass_time(hours=NIGHT)
    wrote(stage, "居民群 后天下午3点打疫苗")

    assert "现在就发" not in stage.last(HEAD).text


def test_a_day_put_right_at_the_preview_gets_its_own_date(stage: Stage) -> None:
    stage.pass_time(hours=NIGHT)
    wrote(stage, WORDS)

    shown = stage.say("我说错了，是后天", by=HEAD)[0]

    assert "后天（11月25日）上午9点" in shown
    assert "11月24日" not in shown


def test_at_the_last_question_the_words_that_still_count_are_named(stage: Stage) -> None:
    number = wrote(stage)
    confirm(stage, number)

    assert "发给锦绣社区5个群" in stage.say("现在就发", by=HEAD)[0]
    stage.say("发给锦绣社区5个群", by=HEAD)
    assert notice(stage, number).released_at is not None


def test_who_asks_on_another_day_hears_the_date(stage: Stage) -> None:
    number = wrote(stage, WORDS)
    stage.does("press", confirm(stage, number).buttons[0][1], by=HEAD)
    stage.pass_time(days=1)

    assert "明天（11月24日）上午9点" in stage.say("几点停水啊", by="liguifang")[0]


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("后天打针", "后天（11月25日）打针"),
        ("今晚停水，今晚记得接水", "今晚（11月23日）停水，今晚记得接水"),
        ("下周三体检", "下周三（12月2日）体检"),
        ("明天（11月24日）停水", "明天（11月24日）停水"),
        ("12月1日停水", "12月1日停水"),
    ],
)
def test_each_day_is_dated_once(words: str, written: str) -> None:
    assert dated(words, date(2026, 11, 23)) == written
