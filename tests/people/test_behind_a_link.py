"""Where a platform lets nobody be spoken to first, what is private waits behind a link until its reader opens it."""

from dataclasses import replace

import pytest

from tests.stage import CHANNEL, Stage

GROUP, LINK = "g-jinxiu-2", "https://example.org/xiaoge?start=go"
GOT_IT, OPEN_IT = "已收到，接下来我私下跟您说。", f"第一次私聊，请您先点开这里：{LINK}\n点开后我接着跟您说。"


@pytest.fixture
def shy(stage: Stage) -> Stage:
    """The demo district on a platform where the bot may not begin a private chat."""
    stage.kit = replace(stage.kit, invites={CHANNEL: LINK})
    return stage


def test_a_form_begun_in_a_group_waits_behind_a_link(shy: Stage) -> None:
    assert shy.say("报备 养狗", by="wutong", chat=GROUP) == [GOT_IT, OPEN_IT]

    assert [heard.state for heard in shy.hears("wutong")] == ["parked"]


def test_once_the_chat_is_opened_what_waited_is_said_and_can_be_answered(shy: Stage) -> None:
    shy.say("报备 养狗", by="wutong", chat=GROUP)

    shy.does("joined", by="wutong")

    question = shy.last("wutong")
    assert question.state == "sent"
    assert "【养犬登记】" in question.text
    assert "没有报备" in shy.say("取消", by="wutong")[0]


def test_whoever_opens_the_chat_first_is_greeted_and_needs_no_link(shy: Stage) -> None:
    assert "我是小格" in shy.does("joined", by="wutong")[0].text

    assert shy.say("报备 养狗", by="wutong", chat=GROUP) == [GOT_IT]
    assert shy.last("wutong").state == "sent"


def test_a_leader_who_never_opened_the_chat_hears_everything_then(shy: Stage) -> None:
    shy.say("3栋2单元电梯停了", by="wutong", chat=GROUP)
    waiting = [heard for heard in shy.heard() if heard.state == "parked"]
    assert waiting

    leader = waiting[0].target
    shy.does("joined", by=leader)

    assert all(heard.state == "sent" for heard in shy.hears(leader))


def test_where_the_bot_may_speak_first_there_is_no_link(stage: Stage) -> None:
    assert stage.say("报备 养狗", by="wutong", chat=GROUP) == [GOT_IT]
