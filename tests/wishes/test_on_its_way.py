"""What is said of a wish on its way, in one's own words: taken on, done, done in part, called off, thanked for, asked about."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import claimed, published, wished

DICTIONARY, PHONE, WHEELCHAIR = "想给孙女借一本新华字典", "想请人教我用手机", "想借一辆轮椅用一个月"


def proposed(stage: Stage) -> int:
    """A wish that Chen Hao, who has what is wanted, has been asked about."""
    stage.say("我家有一本新华字典可以借", by="chenhao")
    stage.say("好", by="chenhao")
    number = published(stage)
    card = stage.last("xujianing")
    stage.tap(card, card.buttons[0][0], by="xujianing")
    return number


def three(stage: Stage) -> list[int]:
    return [published(stage, words) for words in (DICTIONARY, PHONE, WHEELCHAIR)]


@pytest.mark.parametrize("words", ["行嘛,要得", "可以", "我来嘛", "要得,我去帮他", "1"])
def test_a_proposed_match_is_agreed_to_in_words(stage: Stage, words: str) -> None:
    number = proposed(stage)

    assert "交给您了" in stage.say(words, by="chenhao")[0]
    assert stage.matter(number).state == "claimed"


@pytest.mark.parametrize("words", ["行嘛,要得", "好的", "那个字典可以借他"])
def test_a_mere_yes_after_other_talk_is_asked_once_more_and_then_counts(stage: Stage, words: str) -> None:
    number = proposed(stage)
    stage.say("今天好冷哦", by="chenhao")

    assert f"您是要认领心愿 {number}" in stage.say(words, by="chenhao")[0]
    assert stage.matter(number).state == "open"
    stage.say("是的", by="chenhao")
    assert stage.matter(number).state == "claimed"


def test_a_plain_yes_counts_after_other_talk(stage: Stage) -> None:
    number = proposed(stage)
    stage.say("3栋2单元电梯又停了", by="chenhao")
    stage.say("今天好冷哦", by="chenhao")

    stage.say("那个我来帮嘛", by="chenhao")

    assert stage.matter(number).state == "claimed"


@pytest.mark.parametrize("words", ["可以不？", "是哪家", "要好久哦", "等下再说", "我不得空"])
def test_what_is_no_yes_claims_nothing_and_is_answered(stage: Stage, words: str) -> None:
    number = proposed(stage)

    heard = stage.say(words, by="chenhao")[0]

    assert "认领" in heard or "没关系" in heard
    assert stage.matter(number).state == "open"


@pytest.mark.parametrize(
    ("words", "how"),
    [
        ("当面问过了,她愿意", "本人当面同意了"),
        ("打电话问的,她愿意", "本人电话里同意了"),
        ("她愿意", "说话人说本人同意"),
        ("她同意的", "说话人说本人同意"),
        ("问过了", "说话人说本人同意"),
    ],
)
@pytest.mark.parametrize("between", ["", "今天天气好好哦", "3栋2单元电梯又停了"])
def test_somebodys_yes_is_told_in_words_whatever_was_said_between(
    stage: Stage, words: str, how: str, between: str
) -> None:
    stage.say("心愿 替王奶奶说，她想借一辆轮椅", by="liguifang")
    if between:
        stage.say(between, by="liguifang")

    assert "收到代许的心愿" in stage.say(words, by="liguifang")[0]
    assert how in stage.last("xujianing").text


@pytest.mark.parametrize("words", ["应该会愿意吧", "她同不同意哦", "她肯定同意"])
def test_words_about_a_yes_that_are_none_are_asked_again(stage: Stage, words: str) -> None:
    stage.say("心愿 替王奶奶说，她想借一辆轮椅", by="liguifang")

    assert "没听准" in stage.say(words, by="liguifang")[0]
    assert not stage.hears("xujianing")
    assert "收到代许的心愿" in stage.say("当面问过了", by="liguifang")[0]


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("想请人帮我把一袋米担上楼", "担完了"),
        ("想请人修一下收音机", "修好了"),
        (DICTIONARY, "送过去了"),
        (WHEELCHAIR, "弄巴适了"),
        (PHONE, "教会了"),
        (PHONE, "都搞定了哈"),
    ],
)
def test_done_is_heard_as_the_work_itself_says_it(stage: Stage, wish: str, words: str) -> None:
    number = published(stage, wish)
    stage.say(f"认领 {number}", by="chenhao")

    assert "太好了" in stage.say(words, by="chenhao")[0]
    assert stage.matter(number).state == "granted"


@pytest.mark.parametrize("words", ["教会了", "扛上去了", "搬了一半，明天接着搬", "字典找到两本，还差一本"])
def test_what_may_be_about_something_else_is_asked_and_not_guessed(stage: Stage, words: str) -> None:
    number = claimed(stage)

    assert "现在是哪种情况" in stage.say(words, by="chenhao")[0]
    assert stage.matter(number).state == "claimed"


@pytest.mark.parametrize("words", ["修了一半", "只搬了一部分", "还差点", "部分圆梦"])
def test_a_part_is_asked_what_it_was_and_the_rest_is_looked_for(stage: Stage, words: str) -> None:
    number = claimed(stage)

    assert "办了哪些" in stage.say(words, by="chenhao")[0]
    assert "这部分记下了" in stage.say("找到一本旧的，还差一本新的", by="chenhao")[0]
    assert stage.matter(number).state == "vetting"


def test_a_part_told_with_the_order_and_no_number_is_not_the_whole(stage: Stage) -> None:
    number = claimed(stage)

    assert "这部分记下了" in stage.say("部分圆梦 搬了一半", by="chenhao")[0]
    assert stage.matter(number).state == "vetting"


@pytest.mark.parametrize("words", ["担完了", "教会了", "修了一半", "还差点"])
def test_with_several_on_hand_it_is_asked_which(stage: Stage, words: str) -> None:
    for number in three(stage)[:2]:
        stage.say(f"认领 {number}", by="chenhao")

    assert "说的是哪一个" in stage.say(words, by="chenhao")[0]


@pytest.mark.parametrize("words", ["吃完了", "我家水管修好了又漏了", "娃儿作业还没做完"])
def test_neighbourly_talk_of_whoever_has_nothing_on_hand_is_nothing_done(stage: Stage, words: str) -> None:
    published(stage)

    assert "哪种情况" not in "".join(stage.say(words, by="chenhao"))


@pytest.mark.parametrize(
    ("words", "which"),
    [
        ("我去帮他担,认领{2}", 2),
        ("认领一下{0}嘛", 0),
        ("我认领轮椅那个", 2),
        ("那个教手机的我来", 1),
        ("认领轮椅", 2),
        ("我想认领借字典那个", 0),
    ],
)
def test_a_wish_is_claimed_by_its_number_or_its_thing(stage: Stage, words: str, which: int) -> None:
    numbers = three(stage)

    stage.say(words.format(*numbers), by="chenhao")

    assert [stage.matter(number).state for number in numbers].count("claimed") == 1
    assert stage.matter(numbers[which]).state == "claimed"


def test_a_claim_by_its_thing_in_the_group_is_one_too(stage: Stage) -> None:
    *_, number = three(stage)

    assert "有人认领了" in stage.say("我认领轮椅那个", by="chenhao", chat="g-jinxiu-1")[0]
    assert stage.matter(number).state == "claimed"


def test_where_several_fit_it_is_asked_which(stage: Stage) -> None:
    numbers = [*three(stage), published(stage, "想借一辆轮椅推老伴出去晒太阳")]

    asked = stage.does("text", "我认领轮椅那个", by="chenhao")[0]
    assert "认领哪一个" in asked.text
    stage.tap(asked, asked.buttons[0][0], by="chenhao")
    assert [stage.matter(number).state for number in numbers].count("claimed") == 1


@pytest.mark.parametrize(
    "words", ["认领第三个没意思", "不想认领轮椅那个了", "认领{0}要带啥子", "轮椅那个有人认领没", "那个轮椅是谁的"]
)
def test_what_only_speaks_of_a_wish_claims_none(stage: Stage, words: str) -> None:
    numbers = three(stage)

    stage.say(words.format(*numbers), by="chenhao")

    assert {stage.matter(number).state for number in numbers} == {"open"}


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("心愿进度", "待认领"),
        ("心愿列表", "等人帮忙的心愿"),
        ("心愿审核", "待认领"),
        ("我的心愿进度", "您许的"),
        ("心愿墙在哪看", "等人帮忙的心愿"),
        ("心愿好久才有人认领", "待认领"),
        ("心愿有人认领没得", "待认领"),
        ("心愿怎么撤回", "要撤回"),
        ("心愿怎么发", "您有什么心愿"),
    ],
)
def test_a_question_about_wishes_is_none_itself(stage: Stage, words: str, heard: str) -> None:
    published(stage)
    before = len(stage.hears("xujianing"))

    assert heard in stage.say(words, by="liguifang")[0]
    assert len(stage.hears("xujianing")) == before


@pytest.mark.parametrize("words", ["心愿审核", "心愿进度"])
def test_a_vetter_hears_what_waits(stage: Stage, words: str) -> None:
    number = wished(stage)

    assert f"等审核的心愿：\n{number}" in stage.say(words, by="xujianing")[0]


@pytest.mark.parametrize("words", ["好久没看电影了，想有人陪", "有没有人能教我用手机", "怎样都想学会用手机"])
def test_a_wish_that_begins_like_a_question_is_a_wish(stage: Stage, words: str) -> None:
    assert "收到心愿" in stage.say(f"心愿 {words}", by="liguifang")[0]


@pytest.mark.parametrize("words", ["算了不要了", "算了,不要了", "不用来了我自己弄好了", "不需要了谢谢", "我自己买到了"])
def test_calling_it_off_while_the_contact_is_asked_withdraws_it_and_the_claimer_hears(stage: Stage, words: str) -> None:
    number = claimed(stage)

    assert f"心愿 {number} 已撤回" in stage.say(words, by="liguifang")[0]
    assert "撤回了，不用办了" in stage.last("chenhao").text


@pytest.mark.parametrize("words", ["算了", "不用了", "算了不给", "不要告诉他"])
def test_a_mere_no_to_that_question_withdraws_nothing(stage: Stage, words: str) -> None:
    number = claimed(stage)

    assert "不告诉" in stage.say(words, by="liguifang")[0]
    assert stage.matter(number).state == "claimed"


@pytest.mark.parametrize("words", ["谢谢你帮我搬了一半", "谢谢", "辛苦邻居跑一趟了"])
def test_thanks_for_a_part_go_on_and_the_rest_stays_wanted(stage: Stage, words: str) -> None:
    number = claimed(stage)
    stage.say(f"部分圆梦 {number} 搬了一半", by="chenhao")

    assert stage.say(words, by="liguifang") == ["您的谢意带到了。"]
    assert words in stage.last("chenhao").text
    assert stage.matter(number).state == "vetting"


@pytest.mark.parametrize("words", ["我的心愿", "我认领的", "我认领的有哪些", "我认领了哪些"])
def test_ones_own_list_has_the_claims_and_says_once_what_comes_next(stage: Stage, words: str) -> None:
    number = claimed(stage)

    heard = stage.say(words, by="chenhao")[0]
    assert f"您认领的：\n{number} {DICTIONARY}" in heard
    assert heard.count("圆梦 编号") == 1


@pytest.mark.parametrize("words", ["我明天下午去送", "打不通电话哦", "她住哪点哦"])
def test_words_of_a_claimer_that_may_be_for_the_neighbour_go_on_by_a_yes(stage: Stage, words: str) -> None:
    number = claimed(stage)

    assert f"捎给心愿 {number} 的邻居吗" in stage.say(words, by="chenhao")[0]
    stage.say("好", by="chenhao")
    assert words in stage.last("liguifang").text


def test_words_of_a_wisher_leave_the_question_about_the_contact_waiting(stage: Stage) -> None:
    number = claimed(stage)

    assert f"捎话 {number}" in stage.say("让他下午来", by="liguifang")[0]
    assert "已经告诉" in stage.say("可以", by="liguifang")[0]


def test_a_wisher_whose_contact_is_settled_passes_words_on_by_a_yes(stage: Stage) -> None:
    claimed(stage)
    stage.say("先不告诉", by="liguifang")

    assert "捎给心愿" in stage.say("让他下午来", by="liguifang")[0]
    stage.say("好", by="liguifang")
    assert "让他下午来" in stage.last("chenhao").text


def test_ones_own_list_has_what_waits_for_the_neighbours_yes(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"圆梦 {number}", by="chenhao")

    assert f"等邻居确认的：\n{number}" in stage.say("我的认领", by="chenhao")[0]


@pytest.mark.parametrize("words", ["还没人接嗦", "有人要来帮没", "社区看到没得"])
def test_a_wisher_who_asks_whether_anybody_comes_hears_how_it_stands(stage: Stage, words: str) -> None:
    published(stage)

    assert "待认领" in stage.say(words, by="liguifang")[0]
    assert len(stage.hears("hanmei")) == 0
