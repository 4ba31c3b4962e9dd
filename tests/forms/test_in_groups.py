"""No path by which a name, phone, ID or door of a form reaches a group."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.settings import PROJECT
from tests.stage import Stage

GROUP = "g-jinxiu-2"
GOT_IT = "已收到，接下来我私下跟您说。"
SECRETS = ("13812345678", "11010519491231002X", "501室", "3栋2单元501", "李桂芳", "王小明")
TITLES = ("返乡", "外出", "租房", "装修", "养狗", "独居", "家庭情况", "")
TAILS = (
    "12月3日从成都回来",
    "两个人",
    "住3栋2单元501",
    "电话13812345678",
    "身份证11010519491231002X",
    "我叫王小明",
    "女儿李桂芳",
    "一条泰迪",
    "没有",
    "跳过",
)
AFTERWARDS = (
    "确认",
    "改 电话 13812345678",
    "我的报备",
    "接着填",
    "上一步",
    "取消",
    "稍后",
    "修改 1001",
    "撤回 1001",
    "查报备",
    "查报备 3栋2单元501",
    "查报备 1001",
    "3栋2单元501",
    "13812345678",
)


def one_line(title: str, tails: list[str]) -> str:
    return f"报备 {title} {'，'.join(tails)}"


line = st.builds(one_line, st.sampled_from(TITLES), st.lists(st.sampled_from(TAILS), max_size=5))
step = st.tuples(st.one_of(line, st.sampled_from(AFTERWARDS)), st.booleans(), st.sampled_from(["wutong", "hanmei"]))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(step, min_size=2, max_size=9))
def test_whatever_is_said_a_group_hears_no_secret(stage: Stage, steps: list[tuple[str, bool, str]]) -> None:
    """One stage for all examples: what was said before stays, and makes it only worse."""
    for words, in_group, who in steps:
        stage.say(words, by=who, chat=GROUP if in_group else None)

    for heard in stage.heard():
        if not heard.private:
            assert not any(secret in heard.text for secret in SECRETS), heard.text
            assert not any("form" in press for _, press in heard.buttons)
        assert "出了点问题" not in heard.text


def test_the_only_word_of_a_form_that_a_group_hears_is_that_it_has_arrived(stage: Stage) -> None:
    for words in ("报备", "报备 养狗 一条泰迪", "报备 12月3日从成都回来,住3栋2单元501,13812345678", "我的报备"):
        heard = stage.say(words, by="wutong", chat=GROUP)
        assert heard[0] == GOT_IT
        assert not any(re.search(r"\d", one) for one in heard)


def test_every_text_that_can_reach_a_group_holds_no_answer() -> None:
    """A mistake is answered where it was made: such texts name at most the number."""
    says = PROJECT / "templates" / "says" / "forms"
    for name in (
        "got_it",
        "gone",
        "no_longer",
        "none",
        "nothing_open",
        "unknown",
        "which_one",
        "none_kept",
        "not_for_you",
    ):
        holes = set(re.findall(r"{{\s*(.+?)\s*}}", (says / f"{name}.txt").read_text(encoding="utf-8")))
        assert holes <= {"number"}


FILLED = (
    "报备 春节从成都回来",
    "报备 春节回来，两个人，3栋2单元501",
    "报备 大年三十回来，初七走",
    "返乡报备 春节从成都回来，两个人",
    "养犬登记 3栋2单元501，一条泰迪",
    "返乡报备：春节从成都回来，初七走，两个人",
    "外出报备 12月1号到5号 3栋2单元501 家里没人",
    "我春节从成都回来，报备一下",
)


@pytest.mark.parametrize("words", FILLED)
def test_a_form_that_is_filled_among_neighbours_goes_on_in_private(stage: Stage, words: str) -> None:
    assert stage.say(words, by="wutong", chat=GROUP) == [GOT_IT]
    assert "已记下" in stage.last("wutong").text or "请您看看对不对" in stage.last("wutong").text


@pytest.mark.parametrize(
    "words",
    [
        "返乡报备 12月1日开始",
        "返乡报备：春节从外地回来的请私聊小格，一户一份",
        "返乡来访登记 大家春节回来两个人以上的都要填",
        "春节从成都回来的都报备一下",
        "请春节回来的邻居报备一下",
        "返乡报备 昨天就弄完了",
        "我看到春节回来的都报备了没得",
        "装修告知 12月1日到5日贴在单元门口的",
        "我觉得春节从外地回来的都该报备一下",
        "我妈说春节从成都回来要报备一下吗",
    ],
)
def test_talk_and_notices_about_forms_begin_none(stage: Stage, words: str) -> None:
    assert stage.say(words, by="wutong", chat=GROUP) == []
    assert stage.hears("wutong") == []
