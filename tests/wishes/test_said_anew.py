"""更正 with the whole wish as it should be: it becomes the wish's words; the wish just made is meant where none is named."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import wished

WHO = "liguifang"
WISH = "想找个人陪我去医院"
ANEW = "想找个人星期三陪我去医院"


def text_of(stage: Stage, number: int) -> str:
    return stage.matter(number).text


@pytest.mark.parametrize("ways", [(f"更正 {ANEW}",), ("更正", ANEW), ("更正 1001", ANEW), (f"说错了，{ANEW}",)])
def test_the_whole_sentence_is_the_new_wording(stage: Stage, ways: tuple[str, ...]) -> None:
    wished(stage, WISH)
    heard = [stage.say(line, by=WHO) for line in ways][-1]

    assert heard == [f"改好了，心愿 1001 现在是：{ANEW}。社区看过就上墙。"]
    assert text_of(stage, 1001) == ANEW
    assert "1002" not in "".join(one.text for one in stage.heard())


@pytest.mark.parametrize(
    ("words", "anew"),
    [
        ("帮我找个人星期三上午陪我去趟医院", "帮我找个人星期三上午陪我去趟医院"),
        ("星期三陪我去医院", ANEW),
        ("陪我去医院看眼睛", "想找个人陪我去医院看眼睛"),
        ("改成星期三", "想找个人陪我去医院，星期三"),
        ("星期三去", "想找个人陪我去医院，星期三去"),
        ("不是医院，是银行", "想找个人陪我去银行"),
        ("想借一辆轮椅，自己去", "想借一辆轮椅，自己去"),
    ],
)
def test_what_it_should_be_is_understood_in_many_ways(stage: Stage, words: str, anew: str) -> None:
    wished(stage, WISH)
    stage.say("更正 1001", by=WHO)
    stage.say(words, by=WHO)

    assert text_of(stage, 1001) == anew


@pytest.mark.parametrize(
    ("words", "anew"),
    [("拐杖", "想借拐杖用一个月"), ("想借拐杖", "想借拐杖用一个月"), ("三个月", "想借一辆轮椅用三个月")],
)
def test_one_thing_alone_still_takes_the_old_ones_place(stage: Stage, words: str, anew: str) -> None:
    wished(stage, "想借一辆轮椅用一个月")
    stage.say(f"更正 {words}", by=WHO)

    assert text_of(stage, 1001) == anew


@pytest.mark.parametrize("words", ["第二个", "第2个", "二", "选第二个嘛", "陪我去医院那个", "2"])
def test_of_several_one_is_chosen_by_place_or_by_name(stage: Stage, words: str) -> None:
    wished(stage, WISH)
    stage.say("心愿 想借一辆轮椅", by=WHO)
    stage.pass_time(minutes=30)
    assert "要更正哪一样" in stage.say("更正", by=WHO)[0]

    assert "心愿 1001 要改成什么" in stage.say(words, by=WHO)[0]
    stage.say(ANEW, by=WHO)
    assert text_of(stage, 1001) == ANEW


def test_asked_which_the_sentence_itself_is_enough(stage: Stage) -> None:
    wished(stage, WISH)
    stage.say("心愿 想借一辆轮椅", by=WHO)
    stage.pass_time(minutes=30)
    stage.say("更正", by=WHO)

    assert ANEW in stage.say(ANEW, by=WHO)[0]
    assert text_of(stage, 1001) == ANEW


def test_another_wish_is_another_wish(stage: Stage) -> None:
    wished(stage, WISH)

    assert "编号 1002" in stage.say("想借一辆轮椅", by=WHO)[0]
    assert text_of(stage, 1001) == WISH


def test_a_place_put_right_is_no_words_of_a_wish(stage: Stage) -> None:
    wished(stage, WISH)
    stage.say("更正 3栋1单元", by=WHO)

    assert text_of(stage, 1001) == WISH


@pytest.mark.parametrize("words", ["都不要了", "全都不要了", "两个都不要了", "都撤了", "都取消", "全部不要了"])
def test_all_of_several_are_taken_back_after_one_question(stage: Stage, words: str) -> None:
    wished(stage, WISH)
    stage.say("心愿 想借一辆轮椅", by=WHO)

    asked = stage.does("text", words, by=WHO)[0]
    assert "都不要了吗" in asked.text
    assert {stage.matter(number).state for number in (1001, 1002)} == {"vetting"}
    stage.tap(asked, "都撤回", by=WHO)
    assert {stage.matter(number).state for number in (1001, 1002)} == {"withdrawn"}


def test_all_of_them_said_to_the_question_which(stage: Stage) -> None:
    wished(stage, WISH)
    stage.say("心愿 想借一辆轮椅", by=WHO)
    stage.say("不要了", by=WHO)

    assert "都不要了吗" in stage.say("都", by=WHO)[0]
    stage.say("还要", by=WHO)
    assert {stage.matter(number).state for number in (1001, 1002)} == {"vetting"}


@pytest.mark.parametrize(("words", "gone"), [("第二个", 1001), ("二", 1001), ("第一个吧", 1002)])
def test_a_choice_by_place_takes_back_that_one(stage: Stage, words: str, gone: int) -> None:
    wished(stage, WISH)
    stage.say("心愿 想借一辆轮椅", by=WHO)
    stage.say("不要了", by=WHO)
    stage.say(words, by=WHO)

    assert {number for number in (1001, 1002) if stage.matter(number).state == "withdrawn"} == {gone}


def test_a_choice_of_what_is_gone_is_answered_plainly(stage: Stage) -> None:
    wished(stage, WISH)
    stage.say("心愿 想借一辆轮椅", by=WHO)
    asked = stage.does("text", "不要了", by=WHO)[0]
    stage.say("撤回 1001", by=WHO)
    stage.pass_time(days=1)

    heard = stage.tap(asked, asked.buttons[1][0], by=WHO)
    assert "1001" in heard[0]
    assert "撤回" in heard[0]
