"""Everything that comes in: an update's bytes, and what happened by it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.types import Update

from bot.channels.telegram import words
from bot.channels.telegram.hearing import Heard, Hearing
from bot.channels.telegram.reading import decoded, read
from bot.channels.telegram.signing import Presses
from bot.settings import PROJECT
from tests.channels.telegram.stand_in import BOT, DATE, TOKEN, person, strictly

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
PRESSES = Presses(TOKEN)
WORDS = words.load(PROJECT / "templates" / "channels" / "telegram.toml")
GROUP = {"id": -100777, "type": "supergroup", "title": "锦绣花园3-4栋居民群"}
FORUM = {**GROUP, "is_forum": True}
WANG = person(71, "王", last_name="奶奶", language_code="zh-hans")
PRIVATE = {"id": 71, "type": "private", "first_name": "王"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL = {"id": -100555, "type": "channel", "title": "社区之声"}
PHOTO = [
    {"file_id": f"photo-{size}", "file_unique_id": f"u{size}", "width": size, "height": size} for size in (90, 800)
]
VOICE = {"file_id": "v", "file_unique_id": "uv", "duration": 3}
LOCATION = {"latitude": 30.8123456, "longitude": 103.8876543}
CARD = {"message_id": 40, "date": DATE, "chat": GROUP, "from": BOT, "text": "1001"}


def hearing() -> Hearing:
    made = Hearing("telegram", "123456", PRESSES, WORDS)
    made.name = "XiaogeBot"
    return made


def heard(what: str, of: dict[str, Any]) -> Heard:
    """What the bytes of this update say, whose shape aiogram knows."""
    update = {"update_id": 9, what: of}
    strictly(Update.model_validate(update))
    raw = json.dumps(update, ensure_ascii=False).encode()
    return hearing().read(read(decoded(raw)), NOW)


def message(chat: dict[str, Any] = GROUP, who: dict[str, Any] = WANG, **content: Any) -> dict[str, Any]:
    return {"message_id": 41, "date": DATE, "chat": chat, "from": who, **content}


SAID: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("words in a group", message(text="3栋电梯停了"), [("text", "3栋电梯停了")]),
    ("words in private", message(PRIVATE, text=" 你好 "), [("text", "你好")]),
    ("a basic group", message({"id": -5, "type": "group", "title": "群"}, text="好"), [("text", "好")]),
    ("a command of the menu", message(text="/report@XiaogeBot 3栋电梯停了"), [("text", "报事 3栋电梯停了")]),
    ("a command on two lines", message(text="/report\n3栋电梯停了"), [("text", "报事 3栋电梯停了")]),
    ("a command without words", message(PRIVATE, text="/progress"), [("text", "进度")]),
    ("a command of nobody's", message(PRIVATE, text="/what 1"), [("text", "what 1")]),
    ("a slash", message(PRIVATE, text="/"), []),
    ("another bot's command", message(text="/report@OtherBot x"), []),
    ("the bot's name", message(text="@xiaogebot 3栋电梯停了"), [("text", "@小格  3栋电梯停了")]),
    ("opening the chat", message(PRIVATE, text="/start"), [("joined", "")]),
    ("opening it by our link", message(PRIVATE, text="/start hello"), [("joined", "")]),
    ("a building's link", message(PRIVATE, text="/start 3F7K-9QWX"), [("scan", "3F7K-9QWX")]),
    ("a building's link for a group", message(text="/start@XiaogeBot 3F7K-9QWX"), [("scan", "3F7K-9QWX")]),
    ("a photo", message(photo=PHOTO), [("photo", "photo-800")]),
    (
        "a photo with words",
        message(photo=PHOTO, caption="3栋电梯停了"),
        [("text", "3栋电梯停了"), ("photo", "photo-800")],
    ),
    (
        "a photo as a file",
        message(document={"file_id": "d", "file_unique_id": "ud", "mime_type": "image/png"}),
        [("photo", "d")],
    ),
    ("a paper", message(document={"file_id": "d", "file_unique_id": "ud", "mime_type": "application/pdf"}), []),
    (
        "a film",
        message(
            video={"file_id": "f", "file_unique_id": "uf", "width": 1, "height": 1, "duration": 3},
        ),
        [("photo", "f")],
    ),
    ("a place by its coordinates", message(location=LOCATION), [("place", "30.812346,103.887654")]),
    (
        "a place by its name",
        message(location=LOCATION, venue={"location": LOCATION, "title": "锦绣花园", "address": "望丛中路3号"}),
        [("place", "锦绣花园")],
    ),
    ("something spoken", message(PRIVATE, voice=VOICE), [("voice", "")]),
    ("something spoken, with words", message(PRIVATE, voice=VOICE, caption="听听"), [("text", "听听")]),
    ("a sticker", message(dice={"emoji": "🎲", "value": 3}), []),
    ("somebody came", message(new_chat_members=[WANG]), []),
    ("a pinned message", message(pinned_message=CARD), []),
    ("an empty letter", message(text="3栋\0电梯"), [("text", "3栋电梯")]),
    ("half a letter", message(text="3栋" + "x" * 5000), [("text", ("3栋" + "x" * 5000)[:4096])]),
    ("another bot", message(who={"id": 5, "is_bot": True, "first_name": "bot"}, text="着火了"), []),
    (
        "a channel's post in its group",
        message(
            who={"id": 777000, "is_bot": False, "first_name": "Telegram"},
            sender_chat=CHANNEL,
            is_automatic_forward=True,
            text="通知",
        ),
        [],
    ),
    ("in a channel", message(CHANNEL, sender_chat=CHANNEL, text="通知"), []),
]


@pytest.mark.parametrize(("update", "happened"), [case[1:] for case in SAID], ids=[case[0] for case in SAID])
def test_a_message_is_what_happened(update: dict[str, Any], happened: list[tuple[str, str]]) -> None:
    told = heard("message", update)

    assert [(one.happening, one.text) for one in told.happened] == happened
    assert [one.key for one in told.happened] == ["123456/9", "123456/9/1"][: len(happened)]
    assert (told.callback, told.moved) == ("", None)
    for one in told.happened:
        private = update["chat"]["type"] == "private"
        assert (one.sender, one.sender_name) == ("71", "王 奶奶")
        assert one.chat == (None if private else str(update["chat"]["id"]))
        assert one.message == ("" if private else "41")


def test_who_speaks_as_the_group_is_heard_and_has_no_private_chat() -> None:
    told = heard("message", message(who=ANONYMOUS, sender_chat=GROUP, author_signature="站长", text="3栋电梯停了"))

    assert [(one.sender, one.sender_name, one.text) for one in told.happened] == [("as -100777", "站长", "3栋电梯停了")]


def test_what_is_quoted_comes_along() -> None:
    (told,) = heard("message", message(text="1", reply_to_message=CARD)).happened

    assert told.quote == "40"


def test_in_a_topic_nothing_is_quoted_by_speaking_there_and_answers_stay_in_it() -> None:
    opened = {**CARD, "message_id": 7, "forum_topic_created": {"name": "报修", "icon_color": 1}, "chat": FORUM}
    del opened["text"]
    (told,) = heard(
        "message",
        message(FORUM, text="电梯停了", message_thread_id=7, is_topic_message=True, reply_to_message=opened),
    ).happened

    assert (told.quote, told.message) == (None, "41 7")


MEMBER: dict[str, Any] = {"user": BOT, "status": "member"}
LEFT: dict[str, Any] = {"user": BOT, "status": "left"}
KICKED: dict[str, Any] = {"user": BOT, "status": "kicked", "until_date": 0}
RIGHTS = "manage_chat delete_messages manage_video_chats restrict_members promote_members change_info invite_users"
MORE_RIGHTS = "post_stories edit_stories delete_stories send_welcome_messages"
MAY = {f"can_{right}": False for right in f"{RIGHTS} {MORE_RIGHTS}".split()}
ADMIN: dict[str, Any] = {"user": BOT, "status": "administrator", "can_be_edited": False, "is_anonymous": False, **MAY}


@pytest.mark.parametrize(
    ("chat", "before", "after", "happened"),
    [
        (GROUP, LEFT, MEMBER, ["joined"]),
        (GROUP, LEFT, ADMIN, ["joined"]),
        (GROUP, MEMBER, ADMIN, []),
        (GROUP, MEMBER, KICKED, ["left"]),
        (GROUP, ADMIN, LEFT, ["left"]),
        (PRIVATE, MEMBER, KICKED, ["left"]),
        (PRIVATE, KICKED, MEMBER, ["back"]),
        (CHANNEL, LEFT, ADMIN, []),
    ],
)
def test_the_bot_comes_and_goes(
    chat: dict[str, Any], before: dict[str, Any], after: dict[str, Any], happened: list[str]
) -> None:
    changed = {"chat": chat, "from": WANG, "date": DATE, "old_chat_member": before, "new_chat_member": after}

    assert [one.happening for one in heard("my_chat_member", changed).happened] == happened


@pytest.mark.parametrize(
    ("chat", "before", "after", "happened"),
    [
        (GROUP, "left", {"status": "member"}, ["came"]),
        (GROUP, "kicked", {"status": "member"}, ["came"]),
        (GROUP, "member", {"status": "left"}, ["went"]),
        (GROUP, "member", {"status": "kicked", "until_date": 0}, ["went"]),
        (GROUP, "member", {"status": "administrator", "can_be_edited": False, "is_anonymous": False, **MAY}, []),
        (CHANNEL, "left", {"status": "member"}, []),
    ],
)
def test_a_neighbour_comes_and_goes_whoever_let_them_in(
    chat: dict[str, Any], before: str, after: dict[str, Any], happened: list[str]
) -> None:
    wang = {"user": WANG}
    former = {**wang, "status": before} | ({"until_date": 0} if before == "kicked" else {})
    admin = person(5, "群主")
    changed = {"chat": chat, "from": admin, "date": DATE, "old_chat_member": former, "new_chat_member": wang | after}

    told = heard("chat_member", changed).happened

    assert [one.happening for one in told] == happened
    assert {one.sender for one in told} <= {"71"}


def test_another_bot_that_comes_is_nobody() -> None:
    other = {"user": {"id": 5, "is_bot": True, "first_name": "bot"}}
    changed = {"chat": GROUP, "from": WANG, "date": DATE} | {
        "old_chat_member": {**other, "status": "left"},
        "new_chat_member": {**other, "status": "member"},
    }

    assert heard("chat_member", changed) == Heard()


def test_an_administrator_whose_rights_are_of_another_year_is_one() -> None:
    admin = {"user": BOT, "status": "administrator", "can_do_what_nobody_knows_yet": True}
    changed = {"chat": GROUP, "from": WANG, "date": DATE, "old_chat_member": LEFT, "new_chat_member": admin}

    (told,) = hearing().read(read({"update_id": 9, "my_chat_member": changed, "what_is_new": {}}), NOW).happened

    assert told.happening == "joined"


@pytest.mark.parametrize(
    ("chat", "field"), [(-5, {"migrate_to_chat_id": -1005}), (-1005, {"migrate_from_chat_id": -5})]
)
def test_both_words_of_a_move_say_the_same(chat: int, field: dict[str, Any]) -> None:
    told = heard("message", message({**GROUP, "id": chat}, **field))

    assert (told.moved, told.happened) == (("-5", "-1005"), ())


def tap(data: str, chat: int = -100777, **more: Any) -> dict[str, Any]:
    card = {**CARD, "chat": {**GROUP, "id": chat}, **more}
    return {"id": "t1", "from": WANG, "chat_instance": "1", "message": card, "data": data}


def test_a_tap_is_the_press_that_the_button_carried() -> None:
    told = heard("callback_query", tap(PRESSES.signed("accept 1001", "-100777")))

    assert [(one.happening, one.text, one.quote) for one in told.happened] == [("press", "accept 1001", "40")]
    assert told.callback == "t1"


def test_a_tap_on_a_card_that_is_too_old_to_be_shown_counts_too() -> None:
    old = tap(PRESSES.signed("accept 1001", "-100777"))
    old["message"] = {"chat": GROUP, "message_id": 40, "date": 0}

    assert [one.text for one in heard("callback_query", old).happened] == ["accept 1001"]


@pytest.mark.parametrize(
    "data",
    [
        "accept 1001",
        PRESSES.signed("accept 1001", "-1"),
        Presses("7:other").signed("accept 1001", "-100777"),
        PRESSES.signed("accept 1001", "-100777") + "1",
        "签名签名签名签名accept 1001",
        "x",
    ],
)
def test_a_press_that_was_not_offered_there_has_no_effect_and_is_answered(data: str) -> None:
    assert heard("callback_query", tap(data)) == Heard(callback="t1")


def test_a_tap_that_does_not_name_the_chat_again_counts_too() -> None:
    bare = tap(PRESSES.signed("accept 1001", "-100777"))
    del bare["chat_instance"]

    (told,) = hearing().read(read({"update_id": 9, "callback_query": bare}), NOW).happened

    assert told.text == "accept 1001"


def test_what_does_not_concern_us_is_nothing() -> None:
    assert heard("edited_message", message(text="改过")) == Heard()
    assert heard("channel_post", {"message_id": 1, "date": DATE, "chat": CHANNEL, "text": "通知"}) == Heard()
