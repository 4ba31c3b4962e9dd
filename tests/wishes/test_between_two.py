"""What goes between the two of a wish: doors and numbers, words on the way, claims and refusals in other words."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import GROUP, claimed, published

COMES = "我周六上午过来教，我住1栋1单元502，电话13900001111"


def on_hand(stage: Stage, words: str) -> int:
    """A wish that Chen Hao has on hand."""
    number = published(stage, words)
    stage.say(f"认领 {number}", by="chenhao")
    return number


def test_between_two_who_are_linked_the_speakers_own_door_and_number_go_on(stage: Stage) -> None:
    number = on_hand(stage, "想请人教我用手机")
    stage.say("可以", by="liguifang")

    assert stage.say(f"捎话 {number} {COMES}", by="chenhao") == ["话带到了。"]
    assert COMES in stage.last("liguifang").text


def test_the_number_of_a_paper_never_goes_on_and_that_is_said(stage: Stage) -> None:
    number = on_hand(stage, "想请人教我用手机")
    stage.say("可以", by="liguifang")

    told = stage.say(f"捎话 {number} 我身份证510124194905120021", by="liguifang")

    assert told == ["话带到了，里面的证件号、卡号我没有转。"]
    assert "510124" not in stage.last("chenhao").text


@pytest.mark.parametrize("words", ["到我家三栋二零一门口", "到我家3栋 502门口", "我是二期的李桂芳，三栋的二零一"])
def test_before_the_yes_a_building_with_its_room_and_a_name_are_covered(stage: Stage, words: str) -> None:
    number = on_hand(stage, "想请人教我用手机")

    assert "我没有转" in stage.say(f"捎话 {number} {words}", by="liguifang")[0]
    told = stage.last("chenhao").text
    assert not any(secret in told for secret in ("三栋", "3栋", "二零一", "502", "李桂芳"))


def test_a_building_alone_goes_on(stage: Stage) -> None:
    number = on_hand(stage, "想请人教我用手机")

    assert stage.say(f"捎话 {number} 三栋门口等我", by="liguifang") == ["话带到了。"]


@pytest.mark.parametrize("words", ["1001我可以出两百块", "我帮1001", "1001 我有轮椅，我来", "轮椅我有，1001我来"])
def test_help_with_the_number_of_a_wish_is_asked_about(stage: Stage, words: str) -> None:
    published(stage, "想借一辆轮椅")

    assert "您是要认领心愿 1001" in stage.say(words, by="wutong")[0]


@pytest.mark.parametrize("words", ["1001 我有轮椅，我来", "轮椅我有，1001我来"])
def test_in_the_group_too_and_the_question_is_put_in_private(stage: Stage, words: str) -> None:
    published(stage, "想借一辆轮椅")

    assert stage.say(words, by="wutong", chat=GROUP) == []
    assert "您是要认领心愿 1001" in stage.last("wutong").text


@pytest.mark.parametrize(("words", "chat"), [("我来帮1001嘛", None), ("我来帮1001", GROUP), ("1001我认了", None)])
def test_what_is_plain_claims_it(stage: Stage, words: str, chat: str | None) -> None:
    number = published(stage, "想借一辆轮椅")

    stage.say(words, by="wutong", chat=chat)

    assert stage.matter(number).state == "claimed"


@pytest.mark.parametrize("words", ["我有1001个", "1001块钱我有", "这个月电费1001元"])
def test_a_number_that_is_no_wish_claims_nothing(stage: Stage, words: str) -> None:
    number = published(stage, "想借一辆轮椅")

    assert stage.say(words, by="wutong", chat=GROUP) == []
    assert stage.matter(number).state == "open"


def test_when_somebody_comes_goes_on_with_the_claim_and_no_door(stage: Stage) -> None:
    number = published(stage, "想请人修收音机")

    heard = stage.say(f"认领{number} 明天下午来修，我住1栋1单元502", by="chenhao")[0]

    assert "捎给许愿的邻居了" in heard
    assert "邻居说：明天下午来修" in stage.last("liguifang").text
    assert "502" not in stage.last("liguifang").text


@pytest.mark.parametrize("words", ["跟他说下午3点在小区门口等", "我轮椅借你，来我家拿", "轮椅明天下午拿过去"])
def test_words_on_the_way_are_offered_though_a_wish_of_ones_own_is_open(stage: Stage, words: str) -> None:
    published(stage, "想请人教我拉二胡")
    number = published(stage, "想借一辆轮椅")
    stage.say("心愿 想借一把梯子", by="chenhao")
    stage.say(f"认领 {number}", by="chenhao")

    heard = stage.does("text", words, by="chenhao")[0]
    stage.tap(heard, "捎给邻居", by="chenhao")

    assert f"心愿 {number}，帮忙的邻居捎话：{words}" in stage.last("liguifang").text


def test_of_several_it_is_asked_whom_it_is_for(stage: Stage) -> None:
    numbers = [on_hand(stage, "想请人教我拉二胡"), on_hand(stage, "想借一辆轮椅")]

    heard = stage.does("text", "跟他说下午3点在小区门口等", by="chenhao")[0]
    assert "捎给哪个心愿" in heard.text
    stage.tap(heard, next(label for label, _ in heard.buttons if str(numbers[0]) in label), by="chenhao")

    assert f"心愿 {numbers[0]}，帮忙的邻居捎话：跟他说下午3点" in stage.last("liguifang").text


@pytest.mark.parametrize("words", ["电梯坏了我搬不上来，明天再来", "电话打不通"])
def test_what_hinders_the_claimer_is_for_the_neighbour_or_a_report(stage: Stage, words: str) -> None:
    on_hand(stage, "想请人帮我搬床")

    heard = stage.does("text", words, by="chenhao")[0]

    assert [label for label, _ in heard.buttons] == ["捎给邻居", "报给社区"]
    stage.tap(heard, "捎给邻居", by="chenhao")
    assert words in stage.last("liguifang").text


@pytest.mark.parametrize("words", ["3栋2单元电梯又停了", "社区电话打不通", "楼道里堆了好多垃圾臭得很"])
def test_a_claimers_report_stays_a_report(stage: Stage, words: str) -> None:
    on_hand(stage, "想请人帮我搬床")

    assert "捎给邻居" not in [label for label, _ in stage.does("text", words, by="chenhao")[0].buttons]


@pytest.mark.parametrize("words", ["先不要告诉他我电话，有点怕", "莫跟他说我是哪个，不熟"])
def test_a_refusal_with_its_reason_is_a_refusal(stage: Stage, words: str) -> None:
    claimed(stage)

    assert stage.say(words, by="liguifang")[0].startswith("好的，不告诉。")


@pytest.mark.parametrize("words", ["可以告诉{number}", "可以，叫他来", "可以告诉心愿{number}"])
def test_a_yes_with_the_number_or_a_word_to_come_is_a_yes(stage: Stage, words: str) -> None:
    number = claimed(stage)

    assert stage.say(words.format(number=number), by="liguifang") == [f"好的，已经告诉认领心愿 {number} 的邻居。"]


def test_a_no_after_the_yes_hears_that_it_was_told(stage: Stage) -> None:
    claimed(stage)
    stage.say("可以", by="liguifang")

    assert "收不回来" in stage.say("等等，我说错了，先不要给", by="liguifang")[0]


@pytest.mark.parametrize("words", ["不好意思，床我自己买到了，不用了", "1001放弃，不搬了，床已经卖了"])
def test_the_wisher_calls_it_off_while_asked_and_the_helper_hears_it(stage: Stage, words: str) -> None:
    number = on_hand(stage, "想请人帮我搬床")

    assert f"心愿 {number} 已撤回" in stage.say(words, by="liguifang")[0]
    assert "不用办了" in stage.last("chenhao").text


@pytest.mark.parametrize("words", ["不好意思，不用了", "不用了，我自己去社区拿"])
def test_a_mere_no_calls_nothing_off(stage: Stage, words: str) -> None:
    number = on_hand(stage, "想请人帮我搬床")

    assert stage.say(words, by="liguifang")[0].startswith("好的，不告诉")
    assert stage.matter(number).state == "claimed"


def test_a_helper_of_a_part_hears_that_the_wish_is_known(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"部分圆梦 {number} 送了一本旧的", by="chenhao")

    assert "您帮的已经记下了" in stage.say(f"捎话 {number} 字典放门卫了", by="chenhao")[0]
