"""A wish's whole life: asked for, vetted, published, claimed, granted, thanked."""

import pytest

from tests.stage import Heard, Stage

GROUP = "g-jinxiu-2"
WORDS = "王奶奶想给孙女借一本新华字典，住3栋2单元501，电话13812345678"
PLAIN = "想给孙女借一本新华字典"


def wished(stage: Stage, words: str = PLAIN) -> int:
    """A wish that waits to be vetted."""
    heard = stage.does("text", f"心愿 {words}", by="liguifang")
    if "本人同意" in heard[0].text:
        heard = stage.does("text", "当面同意了", by="liguifang")
    return int(heard[0].text.split("编号 ")[1][:4])


def published(stage: Stage, words: str = PLAIN) -> int:
    """A wish on the wall."""
    number = wished(stage, words)
    stage.say(f"发布 {number}", by="xujianing")
    return number


def claimed(stage: Stage) -> int:
    """A wish that Chen Hao has on hand."""
    number = published(stage)
    stage.say(f"认领 {number}", by="chenhao")
    return number


def last_in(stage: Stage, group: str) -> Heard:
    return stage.last(group, group=True)


def test_a_wish_waits_for_the_community_and_is_on_no_wall_yet(stage: Stage) -> None:
    heard = stage.say(f"心愿 {PLAIN}", by="liguifang")

    assert heard == ["收到心愿，编号 1001。社区看过就发到心愿墙，不写姓名和门牌。改主意了发“撤回 1001”。"]
    card = stage.last("xujianing")
    assert "李桂芳：想给孙女借一本新华字典" in card.text
    assert [label for label, _ in card.buttons] == ["发布", "改写", "问一句", "婉拒"]
    assert "没有等人帮忙的心愿" in stage.say("心愿墙", by="chenhao")[0]
    assert stage.matter(1001).state == "vetting"


def test_the_whole_life_by_taps(stage: Stage) -> None:
    number = wished(stage)
    stage.tap(stage.last("xujianing"), "发布", by="xujianing")
    assert stage.last("liguifang").text.startswith(f"您的心愿 {number} 上墙了")
    line = last_in(stage, "g-jinxiu-1")
    assert line.text == f"邻居的心愿 {number}（借用）：{PLAIN}\n能帮上忙就点“认领”，或回：认领 {number}"
    assert stage.tap(line, "认领", by="chenhao") == [f"心愿 {number} 有人认领了，谢谢！细节我私信说。"]
    comes = stage.last("liguifang")
    assert "有邻居认领了" in comes.text
    assert "10000000069" not in "".join(heard.text for heard in stage.hears("chenhao"))
    stage.tap(comes, "可以", by="liguifang")
    assert "李桂芳 10000000069" in stage.last("chenhao").text
    stage.say(f"圆梦 {number} 字典送到了", by="chenhao")
    stage.tap(stage.last("liguifang"), "圆梦了", by="liguifang")
    assert stage.say("谢谢你，孩子高兴坏了", by="liguifang") == ["您的谢意带到了。"]
    assert stage.last("chenhao").text == f"心愿 {number}（{PLAIN}）的邻居谢谢您：\n“谢谢你，孩子高兴坏了”"
    assert stage.matter(number).state == "closed"


def test_what_is_published_has_no_name_no_number_and_no_door(stage: Stage) -> None:
    number = published(stage, WORDS)

    heard = [one.text for group in ("g-jinxiu-1", GROUP, "w-jinxiu-1") for one in stage.hears(group, group=True)]
    heard += stage.say("心愿墙", by="chenhao")
    for secret in ("王奶奶", "李桂芳", "13812345678", "138", "501", "3栋"):
        assert not any(secret in text for text in heard), secret
    assert any(str(number) in text for text in heard)


def test_the_vetters_own_wording_is_what_others_read_and_may_not_tell_whose_it_is(stage: Stage) -> None:
    number = wished(stage)
    stage.tap(stage.last("xujianing"), "改写", by="xujianing")

    assert "还有姓名、号码或门牌" in stage.say("李桂芳想借字典", by="xujianing")[0]
    assert "一位家长想借一本字典" in stage.say("一位家长想借一本字典", by="xujianing")[0]
    stage.say("1", by="xujianing")

    assert "一位家长想借一本字典" in last_in(stage, GROUP).text
    assert stage.matter(number).state == "open"


def test_the_community_asks_back_and_the_answer_comes_with_the_card(stage: Stage) -> None:
    wished(stage)
    stage.tap(stage.last("xujianing"), "问一句", by="xujianing")
    stage.say("旧的可以吗？", by="xujianing")
    assert "旧的可以吗？" in stage.last("liguifang").text

    assert stage.say("旧的也行", by="liguifang") == ["好的，已经告诉社区了。"]
    assert "旧的也行" in stage.last("xujianing").text
    assert stage.matter(1001).state == "vetting"


def test_a_wish_is_declined_with_a_reason_the_wisher_hears(stage: Stage) -> None:
    wished(stage, "想借两千块现金")
    card = stage.last("xujianing")
    assert "请留意" in card.text

    stage.tap(card, "婉拒", by="xujianing")
    stage.say("钱的事社区帮您申请救助", by="xujianing")

    assert "钱的事社区帮您申请救助" in stage.last("liguifang").text
    assert stage.matter(1001).state == "declined"


def test_only_the_communitys_posts_may_publish(stage: Stage) -> None:
    number = wished(stage)

    assert stage.say(f"发布 {number}", by="chenhao") == [f"没有 {number} 这个编号，请核对一下。"]
    assert stage.say(f"发布 {number}", by="hanmei") == [f"没有 {number} 这个编号，请核对一下。"]
    assert stage.matter(number).state == "vetting"


def test_the_second_to_claim_is_told_kindly(stage: Stage) -> None:
    number = claimed(stage)
    published(stage, "想请人教我用智能手机")

    assert stage.say(f"认领 {number}", by="wutong") == [
        f"心愿 {number} 已经有人认领了，谢谢您。还有 1 个心愿等人帮忙：发“心愿墙”看看。"
    ]


def test_nobody_has_more_than_three_at_once(stage: Stage) -> None:
    numbers = [published(stage, f"想借一本{title}") for title in ("字典", "地图", "菜谱", "画册")]
    for number in numbers[:3]:
        stage.say(f"认领 {number}", by="chenhao")

    assert "已经有 3 个" in stage.say(f"认领 {numbers[3]}", by="chenhao")[0]
    stage.say(f"圆梦 {numbers[0]}", by="chenhao")
    assert "交给您了" in stage.say(f"认领 {numbers[3]}", by="chenhao")[0]


def test_nobody_claims_their_own_wish(stage: Stage) -> None:
    number = published(stage)

    assert "您自己的" in stage.say(f"认领 {number}", by="liguifang")[0]


def test_the_contact_stays_with_the_wisher_until_a_yes_and_words_go_between_without_names(stage: Stage) -> None:
    number = claimed(stage)
    stage.tap(stage.last("liguifang"), "先不用", by="liguifang")
    stage.say(f"捎话 {number} 周六上午在家吗？", by="chenhao")
    assert stage.last("liguifang").text.startswith(f"心愿 {number}，帮忙的邻居捎话：周六上午在家吗？")

    stage.say("在家的", by="liguifang")

    told = [heard.text for heard in stage.hears("chenhao")]
    assert "在家的" in told[-1]
    assert not any("李桂芳" in text or "10000000069" in text for text in told)


def test_it_can_be_given_back_and_taken_by_another(stage: Stage) -> None:
    number = claimed(stage)

    stage.say(f"放弃认领 {number}", by="chenhao")
    assert "放回心愿墙" in stage.last("liguifang").text
    assert "交给您了" in stage.say(f"认领 {number}", by="wutong")[0]


def test_the_wisher_may_withdraw_at_any_point_and_the_claimer_hears(stage: Stage) -> None:
    number = claimed(stage)

    assert stage.say(f"撤回 {number}", by="liguifang") == [f"心愿 {number} 已撤回。以后有心愿随时说。"]
    assert "撤回了，不用办了" in stage.last("chenhao").text
    assert "没有等人帮忙" in stage.say("心愿墙", by="wutong")[0]
    assert "不在您手上" in stage.say(f"圆梦 {number}", by="chenhao")[0]


def test_a_withdrawal_without_a_number_means_the_newest_wish(stage: Stage) -> None:
    number = wished(stage)

    stage.say("撤回", by="liguifang")

    assert stage.matter(number).state == "withdrawn"


def test_part_of_it_counts_and_the_rest_is_vetted_anew(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"部分圆梦 {number} 送了字典，还差一个书包", by="chenhao")

    assert "帮了一部分：送了字典，还差一个书包" in stage.last("liguifang").text
    assert "还差一个书包" in stage.last("xujianing").text
    assert stage.matter(number).state == "vetting"
    stage.tap(stage.last("liguifang"), "够了，不用再找", by="liguifang")
    assert stage.matter(number).state == "closed"


def test_not_yet_gives_it_back_to_the_same_neighbour(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"圆梦 {number}", by="chenhao")
    stage.tap(stage.last("liguifang"), "还没有", by="liguifang")

    assert "还没有好" in stage.last("chenhao").text
    assert stage.matter(number).state == "claimed"


def test_progress_of_a_wish_is_told_like_that_of_a_report(stage: Stage) -> None:
    number = wished(stage)

    assert stage.say(f"进度 {number}", by="liguifang") == [f"心愿 {number}：待审核，社区看过就上墙。"]
    assert stage.say(f"进度 {number}", by="wutong") == [f"没有查到心愿 {number}，请核对编号。"]
    stage.say("报事 3栋2单元电梯停了", by="liguifang")
    assert f"{number} 心愿：待审核" in stage.say("进度", by="liguifang")[0]


def test_words_after_a_wish_do_not_fall_into_a_report(stage: Stage) -> None:
    wished(stage)

    assert "收到，编号 1002" in stage.say("3栋2单元电梯又停了", by="liguifang")[0]


def test_the_vetters_list_shows_what_waits(stage: Stage) -> None:
    number = wished(stage)

    assert str(number) in stage.say("待办", by="xujianing")[0]
    assert PLAIN in stage.say("议事清单", by="linruoyun")[0]


def test_a_digit_on_the_quoted_card_is_its_button(stage: Stage) -> None:
    number = wished(stage)
    staff = last_in(stage, "w-jinxiu-1") if stage.hears("w-jinxiu-1", group=True) else stage.last("xujianing")

    stage.say("1", by="xujianing", chat=None if staff.private else staff.target, quote=staff)

    assert stage.matter(number).state == "open"


def test_a_leaders_own_wish_is_taken_back_like_anybodys(stage: Stage) -> None:
    stage.say(f"心愿 {PLAIN}", by="hanmei")
    stage.say("发布 1001", by="xujianing")
    stage.say("认领 1001", by="chenhao")

    stage.say("撤回", by="hanmei")

    assert stage.matter(1001).state == "withdrawn"
    assert "撤回了，不用办了" in stage.last("chenhao").text


def test_what_is_added_without_a_number_joins_the_newest_wish(stage: Stage) -> None:
    wished(stage)

    assert stage.say("补充 旧的也行", by="liguifang") == ["已补充到心愿 1001。"]
    assert "旧的也行" in stage.last("xujianing").text


def test_orders_that_are_for_reports_only_say_so(stage: Stage) -> None:
    number = wished(stage)

    assert "是一个心愿" in stage.say(f"督办 {number}", by="linruoyun")[0]


def said_to_be_done(stage: Stage, words: str) -> int:
    """A wish of which the claimer says that it has come true."""
    number = published(stage, words)
    stage.say(f"认领 {number}", by="chenhao")
    stage.say(f"圆梦 {number}", by="chenhao")
    return number


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("想找人教我用智能手机", "只教了一回"),
        ("想找人教我用智能手机", "骗人的嘛"),
        ("想借个轮椅", "轮椅坏的,推都推不动"),
    ],
)
def test_what_is_no_yes_goes_to_the_claimer_and_the_clock_closes_nothing(stage: Stage, wish: str, words: str) -> None:
    number = said_to_be_done(stage, wish)

    assert "请那位邻居再看看" in stage.say(words, by="liguifang")[0]
    assert words in stage.last("chenhao").text
    assert stage.matter(number).state == "claimed"
    stage.pass_time(days=6)
    assert stage.matter(number).state != "closed"


def test_a_doubtful_answer_is_asked_once_more_and_never_closed_by_the_clock(stage: Stage) -> None:
    number = said_to_be_done(stage, "想借个轮椅")

    assert "算圆梦了，还是还没有" in stage.say("谢谢", by="liguifang")[0]
    stage.pass_time(days=20)
    assert stage.matter(number).state == "granted"
    stage.say("圆梦了", by="liguifang")
    assert stage.matter(number).state == "closed"


def test_another_matter_said_meanwhile_is_a_matter_of_its_own(stage: Stage) -> None:
    number = said_to_be_done(stage, "想借个轮椅")

    assert "收到，编号" in stage.say("3栋2单元电梯又停了", by="liguifang")[0]
    assert stage.matter(number).state == "granted"


@pytest.mark.parametrize(("said", "noted"), [("他同意", "说话人说本人同意"), ("当面同意了", "本人当面同意了")])
def test_only_a_yes_said_to_be_face_to_face_is_noted_as_one(stage: Stage, said: str, noted: str) -> None:
    stage.say("代说心愿 我替她说，刘奶奶想要一床棉被", by="hanmei")
    stage.say(said, by="hanmei")

    assert noted in stage.last("xujianing").text


@pytest.mark.parametrize("words", ["圆了,谢谢小龙", "圆了圆了,谢谢小蔡,多亏她扶我,大好人!", "圆了"])
def test_the_bots_own_word_means_yes_whatever_thanks_follow(stage: Stage, words: str) -> None:
    number = said_to_be_done(stage, "想借个轮椅")

    stage.say(words, by="liguifang")

    assert stage.matter(number).state == "closed"
    assert not any("还没有好" in heard.text for heard in stage.hears("chenhao"))
