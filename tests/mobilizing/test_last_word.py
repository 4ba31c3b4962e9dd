"""The last word wins, an answer comes before what is half written, and a slip is taken back."""

import pytest

from tests.mobilizing.test_mobilizing import mobilized
from tests.stage import Stage


@pytest.mark.parametrize("before", ["", "发通知", "叫号"])
@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("收到 等等我说错了 我来不了，脚扭了", "您来不了"), ("我说了我来不了！", "您来不了"), ("不来", "您来不了"),
        ("不去，演习耍起没意思", "您来不了"), ("去了去了 10分钟", "：在途"), ("要得，马上来", "：在途"),
        ("我到了水碾坝", "已到岗"), ("我到村口了", "已到岗"), ("到", "已到岗"), ("我20分钟后才到", "09:50"),
        ("来不了，说错了，马上到", "：在途"),
    ],
)  # fmt: skip
def test_an_answer_counts_whatever_is_half_written(stage: Stage, before: str, words: str, means: str) -> None:
    mobilized(stage, "演练 地震")
    if before:
        stage.say(before, by="lilei")

    assert means in stage.say(words, by="lilei")[0]


@pytest.mark.parametrize(
    "words", ["让汪洋替我,我发烧", "我交班给汪洋了", "我已经下班了,找汪洋", "让汪洋替我", "我发烧了，请汪洋顶我"]
)
def test_whoever_goes_instead_is_heard_in_many_ways(stage: Stage, words: str) -> None:
    mobilized(stage)

    assert "已请汪洋替您去" in stage.say(words, by="lilei")[0]


@pytest.mark.parametrize("words", ["到时间了", "我到家了", "电还不来", "你去不去", "到处都是垃圾", "我下班了再说"])
def test_other_words_are_no_answer(stage: Stage, words: str) -> None:
    mobilized(stage)

    stage.say(words, by="lilei")

    assert "请点“收到”" in [one for one in stage.hears("lilei") if "动员" in one.text][-1].text


def test_what_a_notice_is_to_say_stays_its_text(stage: Stage) -> None:
    mobilized(stage)
    stage.say("发通知", by="lilei")

    assert "您来不了" not in "".join(stage.say("来不了的请联系我", by="lilei"))
