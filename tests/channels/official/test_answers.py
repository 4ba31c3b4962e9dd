"""Words in the answer to the platform's own call: once in effect, the same however often it calls, never lost."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot import batch, ears
from bot.app import App
from bot.channels.official.channel import ABLE
from bot.channels.official.hearing import read
from storage import inbox
from storage.database import Database
from tests.channels.conversation import until
from tests.channels.official.conftest import World
from tests.channels.official.scene import choices, play, promise
from tests.channels.official.standin import WeChat

CHOICES = '[["收到","ack 1001"],["在途","way 1001"]]'


def bare(world: World, answers: list[tuple[int, bytes]], name: str) -> set[str]:
    """The different words of these answers."""
    return {world.wechat.read(status, body, name) for status, body in answers}


def handled(world: World) -> int:
    with world.app.database.reading() as session:
        happenings = ~inbox.handled.c.key.startswith("nonce ")
        return session.one(int, select(func.count()).select_from(inbox.handled).where(happenings))


@pytest.mark.parametrize("mode", ["world", "plain"])
def test_a_call_that_comes_twice_at_once_and_thrice_again_has_one_effect_and_one_answer(
    mode: str, request: pytest.FixtureRequest
) -> None:
    world: World = request.getfixturevalue(mode)
    name = world.somebody()
    calls = [
        world.wechat.message(name, "text", {"Content": "帮助"}),
        world.wechat.event(name, "subscribe", {"EventKey": ""}),
    ]
    for xml in calls:
        before = handled(world)

        async def scene(xml: str = xml) -> list[tuple[int, bytes]]:
            answers = list(await asyncio.gather(world.wechat.call(xml), world.wechat.call(xml)))
            return answers + [await world.wechat.call(xml) for _ in range(3)]

        answers = world.run(scene())

        words = bare(world, answers, name)
        assert len(words) == 1
        assert words != {""}
        assert handled(world) == before + 1
        if mode == "plain":
            assert len({body for _, body in answers}) == 1, "byte for byte"
    assert world.wechat.heard_by(name) == [], "nothing was said beside the answers"


def test_words_reach_the_phone_although_two_answers_were_lost(world: World) -> None:
    name = world.somebody()
    world.wechat.loses = 2

    words = world.run(world.wechat.says(name, "帮助"))

    assert "有事直接说" in words
    assert world.wechat.heard_by(name) == [words]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("voice", {"MediaId": "m", "Format": "amr", "Recognition": ""}), ("video", {"MediaId": "m"})],
)
def test_what_cannot_be_read_gets_a_kind_word(world: World, kind: str, fields: dict[str, str]) -> None:
    name = world.somebody()

    words = world.run(world.wechat.deliver(name, world.wechat.message(name, kind, fields)))

    assert words


def test_a_tap_on_the_menu_says_what_stands_there(world: World) -> None:
    name = world.somebody()

    assert world.run(world.wechat.does(name, "CLICK", "帮助")) == world.run(world.wechat.says(name, "帮助"))


def test_positions_and_the_like_are_answered_with_nothing_and_leave_no_trace(world: World) -> None:
    name, before = world.somebody(), handled(world)
    xml = world.wechat.event(name, "LOCATION", {"Latitude": "23.1", "Longitude": "113.3", "Precision": "5"})

    assert world.run(world.wechat.call(xml)) == (200, b"success")
    assert handled(world) == before


def test_words_that_break_xml_or_make_a_link_come_through_as_words(world: World) -> None:
    name = world.somebody()
    world.run(world.wechat.does(name, "subscribe"))
    _close(world, name)
    promise(world.app, name, '甲]]>乙 <a href="http://evil.example">点我</a> a<b\x08')
    world.run(until(lambda: "parked" in world.states(name), "it is parked"))

    words = world.run(world.wechat.says(name, "帮助"))

    assert '甲]]>乙 [a href="http://evil.example">点我[/a> a<b' in words
    assert "有事直接说" in words.partition("\n\n")[0], "what was asked for comes first"


def test_what_waited_is_said_in_the_answer_with_its_choices_last_and_they_can_be_answered(world: World) -> None:
    name = world.somebody()
    world.run(world.wechat.does(name, "unsubscribe"))
    world.run(world.wechat.does(name, "subscribe"))
    _close(world, name)
    for text in ("先说的", "后说的"):
        promise(world.app, name, text, buttons=CHOICES)
    world.run(until(lambda: world.states(name).count("parked") == 2, "both are parked"))

    first = world.run(world.wechat.says(name, "帮助"))
    later = world.run(world.wechat.says(name, "谢谢"))

    assert first.count("回数字") == 1
    assert choices(first) == ("收到", "在途")
    assert "先说的" in first
    assert "后说的" not in first, "a digit is about one message only"
    assert choices(later) == ("收到", "在途")
    assert "后说的" in later


def test_words_too_long_for_an_answer_come_as_messages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    name = world.somebody()
    world.run(world.wechat.does(name, "subscribe"))
    _close(world, name)
    promise(world.app, name, "很长的话。" * 200)
    world.run(until(lambda: "parked" in world.states(name), "it is parked"))
    monkeypatch.setattr(batch, "ANSWERED_WITHIN", timedelta(0))
    before = len(world.wechat.heard_by(name))

    world.run(world.wechat.says(name, "帮助"))
    world.run(until(lambda: "waiting" not in world.states(name), "all is said"))

    said = world.wechat.heard_by(name)[before:]
    assert "".join(one for one in said if "很长" in one) == "很长的话。" * 200
    assert all(len(one.encode()) <= ABLE.longest for one in said)
    assert len(said) == 3
    assert world.wechat.violations == []


def test_words_that_come_late_are_left_to_the_sender(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ears, "IN_TIME_S", 0.0)
    monkeypatch.setattr(batch, "ANSWERED_WITHIN", timedelta(milliseconds=50))
    name = world.somebody()

    assert world.run(world.wechat.says(name, "帮助")) == ""
    world.run(until(lambda: world.wechat.heard_by(name), "they come"))

    assert [one.by for one in world.wechat.follower(name).got] == ["kf"]


@pytest.mark.parametrize("repeated", [True, False])
def test_killed_between_commit_and_answer_the_words_are_said_once(sqlite_database: Database, repeated: bool) -> None:
    wechat, name = WeChat(), "o-killed"
    xml = wechat.message(name, "text", {"Content": "帮助"})

    async def committed(app: App) -> None:
        incoming = read(xml, "wechat", app.clock.now()).happened
        assert incoming is not None
        await app.ears.granted(
            "wechat", name, "message", most=5, until=incoming.at + timedelta(hours=48), call=incoming.key
        )
        await app.ears.heard(incoming)

    async def afterwards(app: App) -> None:
        if repeated:
            assert await wechat.deliver(name, xml)
        app.clock.ahead += timedelta(seconds=20)
        app.senders[0].wake()
        await until(lambda: wechat.heard_by(name), "they are said")
        await app.senders[0].drained()

    play(wechat, sqlite_database, committed)
    play(wechat, sqlite_database, afterwards)

    assert [one.by for one in wechat.follower(name).got] == ["answer" if repeated else "kf"]


def test_whoever_leaves_is_told_nothing_more_until_they_come_back(world: World) -> None:
    name = world.somebody()
    world.run(world.wechat.does(name, "subscribe"))
    world.run(world.wechat.does(name, "unsubscribe"))
    asked = len(world.wechat.asked)
    promise(world.app, name, "您的事办好了")
    world.run(until(lambda: "gone" in world.states(name), "it is known to be in vain"))

    assert len(world.wechat.asked) == asked
    assert "小格" in world.run(world.wechat.does(name, "subscribe"))


def _close(world: World, name: str) -> None:
    """Two days and more went by since they spoke, for both sides."""
    follower = world.wechat.follower(name)
    follower.said_at = follower.tapped_at = world.wechat.now() - 49 * 3600
    world.run(world.app.ears.closed("wechat", name))
