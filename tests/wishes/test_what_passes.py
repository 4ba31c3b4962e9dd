"""While a question about a wish waits, what is plainly something else goes where it belongs, and the question waits on."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import claimed, wished

REPORTS = ("楼下有人打架快来人", "楼上漏水漏到我家了,4栋1单元", "楼道里堆了好多垃圾臭得很")


def relayed(stage: Stage) -> int:
    """The wisher has words of the claimer's before them."""
    number = claimed(stage)
    stage.say(f"捎话 {number} 周六上午在家吗", by="chenhao")
    return number


@pytest.mark.parametrize("words", REPORTS)
def test_a_report_is_never_passed_on_to_a_neighbour(stage: Stage, words: str) -> None:
    relayed(stage)

    assert "编号" in stage.say(words, by="liguifang")[0]
    assert not any(words in heard.text for heard in stage.hears("chenhao"))
    stage.say("周六在家的", by="liguifang")
    assert "周六在家的" in stage.last("chenhao").text


@pytest.mark.parametrize("words", ["我在上班,你帮我看哈3栋门口的灯咋个又不亮了", "电梯坏了你走楼梯上来"])
def test_what_may_be_for_either_is_asked(stage: Stage, words: str) -> None:
    relayed(stage)

    assert "我没有先捎" in stage.say(words, by="liguifang")[0]
    assert not any(words in heard.text for heard in stage.hears("chenhao"))
    stage.tap(stage.last("liguifang"), "捎给邻居", by="liguifang")
    assert words in stage.last("chenhao").text


def test_more_of_the_wall_is_for_the_bot(stage: Stage) -> None:
    relayed(stage)

    assert "心愿" in stage.say("更多", by="liguifang")[0]
    assert not any("更多" in heard.text for heard in stage.hears("chenhao"))


def test_the_answer_to_the_communitys_question_is_not_lost_behind_a_report(stage: Stage) -> None:
    number = wished(stage, "想借一辆轮椅")
    stage.say(f"问一句 {number} 用几天", by="xujianing")

    assert "编号" in stage.say("楼道里堆了好多垃圾臭得很", by="liguifang")[0]
    assert stage.say("用三天", by="liguifang") == ["好的，已经告诉社区了。"]
    card = stage.last("xujianing").text
    assert "用三天" in card
    assert "垃圾" not in card


def test_a_report_is_no_wish_because_the_bot_has_asked_for_one(stage: Stage) -> None:
    stage.say("心愿", by="liguifang")
    stage.say("市场门口的下水道堵了,臭得很", by="liguifang")

    assert stage.matter(1001).kind == "report"
    stage.say("想借一本字典", by="liguifang")
    assert stage.matter(1002).kind == "wish"


@pytest.mark.parametrize("words", ["心愿 我不想活了,没人管我", "不想活了,儿子都不要我了", "我真的活不下去了"])
def test_whoever_wants_to_die_hears_words_for_them_and_somebody_comes(stage: Stage, words: str) -> None:
    said = stage.say(words, by="liguifang")[0]

    assert "12356" in said
    assert "我已叫了 3 个人" in said
    assert "围观" not in said


def test_whoever_tells_of_somebody_else_hears_what_a_bystander_does(stage: Stage) -> None:
    assert "别围观" in stage.say("楼顶有人要跳楼", by="liguifang")[0]


def test_reminders_to_vet_show_nothing_that_tells_whose_it_is(stage: Stage) -> None:
    stage.say("心愿 想借一本字典，电话13812345678，身份证510124194905120021，住3栋2单元501", by="liguifang")
    last = max(heard.id for heard in stage.heard())

    stage.pass_time(days=3)

    told = "".join(heard.text for heard in stage.heard(last))
    assert "还没审核" in told
    for secret in ("13812345678", "510124194905120021", "501", "李桂芳"):
        assert secret not in told
