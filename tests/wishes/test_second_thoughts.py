"""Called off in one's own words, taken back, mistyped: what is meant is done or asked, never guessed."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import GROUP, claimed, published, wished
from tests.wishes.test_favours import posted


@pytest.mark.parametrize("words", ["字典买到了,不要了,撤回", "撤了吧", "{n}不要了"])
def test_a_wish_is_called_off_in_plain_words(stage: Stage, words: str) -> None:
    number = published(stage)

    assert "已撤回" in stage.say(words.format(n=number), by="liguifang")[0]
    assert stage.matter(number).state == "withdrawn"


@pytest.mark.parametrize("words", ["算了,不借字典了", "够了,不用来了", "借到了", "算了"])
def test_words_that_may_call_it_off_are_asked_about(stage: Stage, words: str) -> None:
    number = published(stage)

    assert "不要了吗" in stage.say(words, by="liguifang")[0]
    assert stage.matter(number).state == "open"
    stage.tap(stage.last("liguifang"), "撤回", by="liguifang")
    assert stage.matter(number).state == "withdrawn"


def test_of_several_the_one_named_is_meant_and_else_it_is_asked(stage: Stage) -> None:
    first, second = published(stage), published(stage, "想借一辆轮椅")

    assert "哪一个" in stage.say("撤回", by="liguifang")[0]
    assert "哪一个" in stage.say("不要了", by="liguifang")[0]
    stage.say("字典不要了,撤回", by="liguifang")

    assert [stage.matter(number).state for number in (first, second)] == ["withdrawn", "open"]


def test_a_lift_that_was_found_calls_off_the_favour(stage: Stage) -> None:
    number = posted(stage, "明天去火车站有没有顺风车")

    assert f"互助 {number} 不发了" in stage.say("顺风车找到了,撤了吧", by="liguifang")[0]


def test_called_off_in_the_group_it_is_answered_in_private(stage: Stage) -> None:
    number = published(stage)

    assert stage.say("撤回", by="liguifang", chat=GROUP) == []
    assert "已撤回" in stage.last("liguifang").text
    assert stage.matter(number).state == "withdrawn"


@pytest.mark.parametrize("words", ["认领 {n}", "撤回 {n}", "进度 {n}", "补充 {n} 旧的也行", "捎话 {n} 在吗"])
def test_no_group_hears_that_a_wish_is_the_speakers_own(stage: Stage, words: str) -> None:
    number = published(stage)

    assert stage.say(words.format(n=number), by="liguifang", chat=GROUP) == []
    assert str(number) in stage.last("liguifang").text


def test_no_group_hears_that_a_favour_is_the_speakers_own(stage: Stage) -> None:
    posted(stage)

    assert stage.tap(stage.last(GROUP, group=True), "我来帮", by="liguifang") == []
    assert "是您自己发的" in stage.last("liguifang").text


def test_a_bare_word_of_a_claimer_with_several_asks_which(stage: Stage) -> None:
    numbers = [claimed(stage), published(stage, "想借一辆轮椅")]
    stage.say(f"认领 {numbers[1]}", by="chenhao")

    assert "哪一个" in stage.say("圆梦", by="chenhao")[0]
    assert {stage.matter(number).state for number in numbers} == {"claimed"}
    stage.say("2", by="chenhao")
    assert [stage.matter(number).state for number in numbers] == ["claimed", "granted"]


@pytest.mark.parametrize("words", ["办好了", "字典送到了", "圆梦了", "{n}送到了"])
def test_done_in_other_words(stage: Stage, words: str) -> None:
    number = claimed(stage)

    stage.say(words.format(n=number), by="chenhao")

    assert stage.matter(number).state == "granted"


@pytest.mark.parametrize("words", ["{n}我去不了了,放回去嘛", "放弃{n}", "{n}号办不了", "放弃"])
def test_given_back_in_other_words(stage: Stage, words: str) -> None:
    number = claimed(stage)

    stage.say(words.format(n=number), by="chenhao")

    assert stage.matter(number).state == "open"


@pytest.mark.parametrize("words", ["教了两次,后头没得空了", "我去不了了", "东西送到了"])
def test_what_may_be_either_is_asked_of_the_claimer_and_is_no_report(stage: Stage, words: str) -> None:
    number = claimed(stage)

    assert "哪种情况" in stage.say(words, by="chenhao")[0]
    assert stage.matter(number).state == "claimed"


def test_done_in_part_by_the_buttons_words_while_a_message_waits(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"捎话 {number} 明天送来吗", by="liguifang")

    assert "还差什么" in stage.say("办了一部分", by="chenhao")[0]


@pytest.mark.parametrize("words", ["认领{n}号", "认领一零零一", "我认领{n}", "我要认领{n}号心愿"])
def test_claimed_by_its_word_and_its_number_however_written(stage: Stage, words: str) -> None:
    number = published(stage)

    stage.say(words.format(n=number), by="chenhao")

    assert stage.matter(number).state == "claimed"


@pytest.mark.parametrize("words", ["人领{n}", "{n}我来", "认领{n}吗"])
def test_a_slip_or_a_question_is_asked_about_before_anything_is_claimed(stage: Stage, words: str) -> None:
    number = published(stage)

    assert "要认领" in stage.say(words.format(n=number), by="chenhao")[0]
    assert stage.matter(number).state == "open"


def test_several_numbers_are_all_done_or_said_why_not(stage: Stage) -> None:
    numbers = [wished(stage, f"想借一本{title}") for title in ("字典", "地图", "菜谱", "画册")]
    stage.say("发布 " + " ".join(map(str, numbers)), by="xujianing")
    heard = stage.say("认领 " + " ".join(map(str, numbers)), by="chenhao")

    assert [stage.matter(number).state for number in numbers] == ["claimed"] * 3 + ["open"]
    assert "已经有 3 个" in heard[-1]


def test_the_wisher_confirms_in_the_buttons_own_words_and_the_thanks_go_on_by_a_tap(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"圆梦 {number}", by="chenhao")

    assert "圆了" in stage.say("圆梦了,谢谢小姑娘,你心肠真好", by="liguifang")[0]
    assert stage.matter(number).state == "closed"
    stage.tap(stage.last("liguifang"), "带给邻居", by="liguifang")
    assert "谢谢小姑娘,你心肠真好" in stage.last("chenhao").text


def test_a_yes_with_a_but_is_asked_about(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"圆梦 {number}", by="chenhao")

    assert "还是还没有" in stage.say("收到了,但是是坏的", by="liguifang")[0]
    stage.tap(stage.last("liguifang"), "还没有", by="liguifang")
    assert "收到了,但是是坏的" in stage.last("chenhao").text


def test_second_thoughts_are_no_reason_to_decline(stage: Stage) -> None:
    number = wished(stage)
    stage.say(f"婉拒 {number}", by="xujianing")

    stage.say("等等,点错了", by="xujianing")

    assert stage.matter(number).state == "vetting"
    assert not any("点错了" in heard.text for heard in stage.hears("liguifang"))


@pytest.mark.parametrize("how", ["收回", "点错了", "发布 {n}"])
def test_a_decline_can_be_taken_back(stage: Stage, how: str) -> None:
    number = wished(stage)
    stage.say(f"婉拒 {number} 重复了", by="xujianing")
    stage.say(how.format(n=number), by="xujianing")

    assert stage.matter(number).state in ("vetting", "open")
    assert "上墙了" in stage.last("liguifang").text or "重新看了" in stage.last("liguifang").text


def test_whoever_asks_why_hears_it_and_the_vetter_may_explain(stage: Stage) -> None:
    number = wished(stage)
    stage.say(f"婉拒 {number} 服务站有得借", by="xujianing")

    assert "服务站有得借" in stage.say("啥意思哦,为啥子不给我发", by="liguifang")[0]
    stage.tap(stage.last("xujianing"), "解释一句", by="xujianing")
    stage.say("门口就能登记", by="xujianing")
    assert "门口就能登记" in stage.last("liguifang").text


def test_a_bare_publish_asks_which_and_shows_before_anything_goes_out(stage: Stage) -> None:
    first, second = wished(stage), wished(stage, "想借一辆轮椅")

    assert "哪一个" in stage.say("发布", by="xujianing")[0]
    stage.tap(stage.last("xujianing"), f"{second} 想借一辆轮椅", by="xujianing")
    assert [stage.matter(number).state for number in (first, second)] == ["vetting", "open"]
    assert "发布后大家看到" in stage.say("发布", by="linruoyun")[0]
    assert stage.matter(first).state == "vetting"


def test_a_number_and_new_words_reword_it(stage: Stage) -> None:
    number = wished(stage)

    assert "想给孩子要一本字典" in stage.say(f"{number} 改成 想给孩子要一本字典", by="xujianing")[0]
    assert stage.matter(number).state == "vetting"


def test_a_wish_of_the_communitys_own_people_stays_in_the_community(stage: Stage) -> None:
    stage.say("心愿 想要一床棉被", by="xujianing")
    stage.say("发布 1001", by="xujianing")

    groups = {heard.target for heard in stage.heard() if not heard.private and "棉被" in heard.text}
    assert "g-jinxiuyuan-nan" in groups
    assert not any("wangjiang" in group or "shiqiao" in group for group in groups)


@pytest.mark.parametrize(
    "words", ["人领 {n}", "任领{n}", "认养{n}", "认养 {n}号", "认令{n}", "我人领{n}", "我要认养{n}", "仁领{n}号心愿"]
)
@pytest.mark.parametrize("chat", [None, "g-jinxiu-1"])
def test_a_slip_for_claim_is_asked_back_with_its_button_and_never_done(
    stage: Stage, words: str, chat: str | None
) -> None:
    number = published(stage)
    stage.say(words.format(n=number), by="chenhao", chat=chat)

    assert "您是要认领心愿" in stage.last("chenhao").text
    assert stage.matter(number).state == "open"
    stage.tap(stage.last("chenhao"), "认领", by="chenhao")
    assert stage.matter(number).state == "claimed"


def test_a_slip_without_a_number_means_the_quoted_wish_or_is_told_how(stage: Stage) -> None:
    number = published(stage)
    stage.say("人领", by="chenhao", chat="g-jinxiu-1", quote=stage.last("g-jinxiu-1", group=True))
    assert "您是要认领心愿" in stage.last("chenhao").text

    assert "认领 编号" in stage.say("认养", by="wutong")[0]
    assert stage.matter(number).state == "open"


def test_the_question_where_is_asked_once_more_and_can_be_left(stage: Stage) -> None:
    stage.say("想要个收音机 听评书的那种", by="niu")
    assert "全名" in stage.say("要好久嘛", by="niu")[0]
    assert stage.say("算了不要了 我孙子给我买了", by="niu") == ["好的，不发。"]

    stage.say("想要个收音机 听评书的那种", by="niu")
    stage.say("就是学校那边", by="niu")
    assert "1001" in stage.say("锦绣花园", by="niu")[0]
    assert "1001" in stage.say("锦绣花园", by="niu")[0]
