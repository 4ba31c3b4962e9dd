"""Everything an aibot's calls can say, as bytes, and what it means."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.aibot.hearing import Heard, Hearing
from bot.errors import BadRequest
from tests.channels.conversation import LIFT

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
HEARING = Hearing("aibot", "锦绣小格", "小格")
URL = "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=c1"
COMMON: Mapping[str, Any] = {"msgid": "CAIQ16H", "aibotid": "aib1", "from": {"userid": "HanMei"}, "response_url": URL}
SINGLE: dict[str, Any] = {**COMMON, "chattype": "single"}
GROUP: dict[str, Any] = {**COMMON, "chattype": "group", "chatid": "wr1"}
IMAGE: dict[str, Any] = {"msgtype": "image", "image": {"url": "https://p/1"}}
NOTHING: dict[str, Any] = {}
CARD: dict[str, Any] = {
    "card_type": "button_interaction",
    "event_key": "accept 1029",
    "task_id": "x7-ab",
    "selected_items": {},
}


def text(words: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": words}}


def mixed(*parts: Mapping[str, Any]) -> dict[str, Any]:
    return {"msgtype": "mixed", "mixed": {"msg_item": list(parts)}}


def event(kind: str, **more: object) -> dict[str, Any]:
    return {"msgtype": "event", "event": {"eventtype": kind, **more}}


def read(says: Mapping[str, Any]) -> Heard:
    return HEARING.read(json.dumps(says, ensure_ascii=False), AT)


@pytest.mark.parametrize(
    ("says", "happened"),
    [
        (SINGLE | text(LIFT), [("text", LIFT)]),
        (SINGLE | text("@锦绣小格 你好"), [("text", "你好")]),
        (SINGLE | text("a <b> & \\ \" \n c"), [("text", "a <b> & \\ \" \n c")]),
        (GROUP | text(f"@锦绣小格 {LIFT}"), [("text", f"@小格 {LIFT}")]),
        (GROUP | text(f"@锦绣小格\u2005{LIFT}"), [("text", f"@小格 {LIFT}")]),
        (GROUP | text(f"  @锦绣小格   {LIFT}"), [("text", f"@小格 {LIFT}")]),
        (GROUP | text("@锦绣小格"), [("text", "@小格")]),
        (GROUP | text("@锦绣小格子 @锦绣小格 在吗"), [("text", "@小格 @锦绣小格子 在吗")]),
        (GROUP | text("@韩梅 @锦绣小格 来看"), [("text", "@小格 @韩梅 来看")]),
        (GROUP | text("@锦绣小格 @韩梅 来看"), [("text", "@小格 @韩梅 来看")]),
        (GROUP | text("@韩梅\u2005来看"), [("text", "@韩梅\u2005来看")]),
        (GROUP | text("门坏了 @锦绣小格"), [("text", "@小格 门坏了")]),
        (GROUP | text("门坏了@锦绣小格\u2005"), [("text", "@小格 门坏了")]),
        (GROUP | text(f"@锦绣小格{LIFT}"), [("text", f"@小格 {LIFT}")]),
        (GROUP | text(f"@锦绣小格，{LIFT}"), [("text", f"@小格 {LIFT}")]),
        (GROUP | text(f"＠锦绣小格：{LIFT}"), [("text", f"@小格 {LIFT}")]),
        (GROUP | text(f"你好，@锦绣小格 帮我报一下，{LIFT}"), [("text", f"@小格 你好，帮我报一下，{LIFT}")]),
        (GROUP | text("@锦绣小格 门坏了 @锦绣小格 快来"), [("text", "@小格 门坏了 快来")]),
        (GROUP | text("门坏了\n@锦绣小格 \n3栋"), [("text", "@小格 门坏了\n3栋")]),
        (SINGLE | text("帮助 @锦绣小格"), [("text", "帮助")]),
        (GROUP | mixed(text("@锦绣小格 门坏了"), IMAGE), [("text", "@小格 门坏了"), ("photo", "https://p/1")]),
        (GROUP | mixed(IMAGE, text("在3栋"), IMAGE), [("text", "在3栋"), ("photo", "https://p/1")]),
        (GROUP | mixed(IMAGE), [("photo", "https://p/1")]),
        (SINGLE | IMAGE, [("photo", "https://p/1")]),
        (SINGLE | {"msgtype": "video", "video": {"url": "https://v/1"}}, [("photo", "https://v/1")]),
        (SINGLE | {"msgtype": "voice", "voice": {"content": "电梯停了"}}, [("text", "电梯停了")]),
        (SINGLE | {"msgtype": "voice", "voice": NOTHING}, [("voice", "")]),
        (SINGLE | {"msgtype": "file", "file": {"url": "https://f/1"}}, [("text", "")]),
        (SINGLE | event("enter_chat"), [("joined", "")]),
        (GROUP | event("template_card_event", template_card_event=CARD), [("press", "accept 1029")]),
    ],
)  # fmt: skip
def test_what_each_call_says(says: Mapping[str, Any], happened: list[tuple[str, str]]) -> None:
    found = read(says)

    assert [(one.happening, one.text) for one in found.happened] == happened
    assert {one.chat for one in found.happened} == {says.get("chatid")}
    assert {(one.channel, one.sender, one.at) for one in found.happened} == {("aibot", "HanMei", AT)}
    assert len({one.key for one in found.happened}) == len(happened)
    assert {one.message for one in found.happened} == {URL}


@pytest.mark.parametrize(
    "says",
    [
        SINGLE | event("feedback_event", feedback_event={"id": "f", "type": 1}),
        SINGLE | event("template_card_event", template_card_event={"task_id": "x"}),
        SINGLE | {"msgtype": "stream", "stream": {"id": "s"}},
        SINGLE | {"msgtype": "news"},
        {**SINGLE, "from": NOTHING} | text("谁"),
        {name: value for name, value in GROUP.items() if name != "chatid"} | text("在哪"),
    ],
)
def test_what_does_not_concern_us_is_nothing(says: Mapping[str, Any]) -> None:
    assert list(read(says).happened) == []


def test_a_card_is_named_and_answered_as_a_tap() -> None:
    found = read(GROUP | event("template_card_event", template_card_event=CARD))

    assert (found.kind, found.task, found.reply_url) == ("click", "x7-ab", URL)
    assert read(SINGLE | event("enter_chat")).kind == "welcome"
    assert read(event("disconnected_event")).displaced


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        (text("1029 电梯停了"), "1029 电梯停了"),
        (mixed(text("门坏了"), IMAGE), "门坏了"),
        ({"msgtype": "voice", "voice": {"content": "喂"}}, "喂"),
        (IMAGE, ""),
    ],
)
def test_quoted_words_come_along(quote: Mapping[str, Any], words: str) -> None:
    (one,) = read(GROUP | text("@锦绣小格 1") | {"quote": quote}).happened

    assert (one.text, one.quoted, one.quote) == ("@小格 1", words, None)


def test_whoever_is_mentioned_beside_a_quote_is_not_taken_for_the_bot() -> None:
    """Quoting one of its messages reaches it too: there a name that only begins like its own is somebody's."""
    (one,) = read(GROUP | text("@锦绣小格子 你看") | {"quote": text("1029 请接单")}).happened

    assert one.text == "@锦绣小格子 你看"


def test_who_only_mentions_the_bot_below_somebodys_words_says_nothing_of_their_own() -> None:
    (one,) = read(GROUP | text("@锦绣小格") | {"quote": text(LIFT)}).happened

    assert (one.text, one.quoted) == ("", LIFT)


@pytest.mark.parametrize("url", ["", "javascript:x", "https://中文", "https://x/" + "y" * 3000, "file:///etc/passwd"])
def test_an_address_that_is_none_is_not_kept(url: str) -> None:
    found = read({**SINGLE, "response_url": url} | text("喂"))

    assert (found.reply_url, found.happened[0].message) == ("", "CAIQ16H")


def test_calls_without_an_id_are_told_apart_by_all_they_hold() -> None:
    bare = {name: value for name, value in GROUP.items() if name != "msgid"} | {"create_time": 1}
    tap = bare | event("template_card_event", template_card_event=CARD)
    other = bare | event("template_card_event", template_card_event={**CARD, "event_key": "arrive 1029"})

    keys = [read(says).happened[0].key for says in (tap, dict(tap), other, {**tap, "create_time": 2})]

    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    "words", ["", "{}", "[]", "null", "{", '{"msgtype": 7}', '{"msgtype": "text", "from": []}', "[" * 5000, b"\xff\xfe{}"]
)  # fmt: skip
def test_what_is_no_message_is_refused(words: str | bytes) -> None:
    with pytest.raises(BadRequest):
        HEARING.read(words, AT)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda held: st.lists(held, max_size=3) | st.dictionaries(st.text(max_size=8), held, max_size=3),
    max_leaves=8,
)


@given(words=st.text(max_size=200))
def test_any_words_are_a_message_or_refused(words: str) -> None:
    with suppress(BadRequest):
        HEARING.read(words, AT)


@given(
    says=st.fixed_dictionaries(
        {"msgtype": st.sampled_from(["text", "mixed", "event", "voice", "x"])},
        optional=dict.fromkeys(("from", "text", "mixed", "quote", "event", "chatid", "msgid", "response_url"), JSON),
    )
)
def test_any_shape_is_a_message_or_refused(says: dict[str, Any]) -> None:
    with suppress(BadRequest):
        HEARING.read(json.dumps(says), AT)
