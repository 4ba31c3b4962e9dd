"""Everything that goes out, and every way in which it can fail: said once, put off, left for the next word, or known to be in vain."""

import asyncio
import random
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot import sender
from bot.app import App
from bot.channels.official import asking
from bot.channels.official.channel import NAME, Official
from bot.errors import CatalogError, SendError, SetupError
from bot.message import Address, Delivery, Lane
from bot.pace import Pace
from bot.settings import PROJECT
from storage.database import Database
from storage.outbox import outgoing
from tests.channels.conversation import running, until
from tests.channels.official.conftest import TEMPLATES, World
from tests.channels.official.scene import play, promise, settings, together
from tests.channels.official.standin import Failure, WeChat

LONG = "您报的电梯停运一事已经办好了，换了门机，恢复了，请您评价。"
TWO_DAYS = timedelta(hours=49)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again soon."""
    monkeypatch.setattr(sender, "AGAIN_FIRST_S", 0.05)
    monkeypatch.setattr(asking, "PATIENCE", asking.ClientTimeout(total=2.0))


def speaks(world: World) -> str:
    """Somebody new who has just said something."""
    name = world.somebody()
    world.run(world.wechat.says(name, "帮助"))
    return name


def settled(world: World, name: str, state: str, most: int = 1) -> None:
    """Wait until so many of their words came to this."""
    world.run(until(lambda: world.states(name).count(state) >= most, f"{state}; it is {world.states(name)}"))


@pytest.mark.parametrize("failure", ["drop", "hang", 429, 500, 502, -1, 40001, 42001, 50006])
def test_what_passes_is_tried_again_and_said_once(world: World, failure: Failure) -> None:
    name = speaks(world)
    world.wechat.fails_for[name] = [failure]

    promise(world.app, name, LONG)
    settled(world, name, "sent", 2)

    assert [one.text for one in world.wechat.follower(name).got if one.by == "kf"] == [LONG]
    assert world.wechat.violations == []


@pytest.mark.parametrize(
    ("failure", "state"),
    [(43004, "gone"), (40003, "gone"), (43019, "gone"), (50005, "gone"), (45002, "refused"), (87014, "refused")],
)
def test_what_will_never_be_said_is_known_to_be_so(world: World, failure: Failure, state: str) -> None:
    name = speaks(world)
    world.wechat.fails_for[name] = [failure]

    promise(world.app, name, LONG)
    settled(world, name, state)

    assert [one.by for one in world.wechat.follower(name).got] == ["answer"]


@pytest.mark.parametrize("failure", [45015, 45047, 48001, 48002])
def test_where_the_platform_says_that_nothing_is_left_it_waits_for_the_next_word(
    world: World, failure: Failure
) -> None:
    name = speaks(world)
    world.wechat.fails_for[name] = [failure]

    promise(world.app, name, LONG, lane=Lane.REPLY)
    settled(world, name, "parked")
    before = len(world.wechat.asked)
    promise(world.app, name, "还有一句", lane=Lane.REPLY)
    settled(world, name, "parked", 2)

    assert len(world.wechat.asked) == before, "it is not asked again what it has said"
    words = world.run(world.wechat.says(name, "在吗"))
    assert LONG in words
    assert "还有一句" in words


@pytest.mark.parametrize(
    ("failure", "row"), [(45009, "今天的接口次数用完了（45009）"), (40164, "不认本机的出口地址 203.0.113.7（40164）")]
)
def test_where_the_whole_account_is_stopped_everything_waits_and_nothing_is_lost(
    sqlite_database: Database, failure: int, row: str
) -> None:
    wechat, name = WeChat(), "o-waits"

    async def scene(app: App) -> None:
        await wechat.says(name, "帮助")
        wechat.fails = [failure]
        promise(app, name, LONG)
        await until(lambda: not wechat.fails, "it was tried")
        promise(app, name, "还有一句")
        before = len(wechat.asked)
        await asyncio.sleep(0.2)
        assert len(wechat.asked) == before
        assert row in await _health(wechat.program)

    play(wechat, sqlite_database, scene)

    with sqlite_database.reading() as session:
        rows = session.connection.execute(select(outgoing.c.state, outgoing.c.attempts).order_by(outgoing.c.id))
        assert [tuple(row) for row in rows] == [("sent", 0), ("waiting", 0), ("waiting", 0)]


def test_so_many_words_after_a_message_and_so_many_after_a_tap(world: World) -> None:
    for most, opens in ((5, world.wechat.says), (3, world.wechat.does)):
        name = world.somebody()
        world.run(opens(name, "帮助" if most == 5 else "subscribe"))
        for n in range(7):
            promise(world.app, name, f"第{n}句", lane=Lane.REPLY)
        settled(world, name, "parked", 7 - most)

        assert [one.by for one in world.wechat.follower(name).got] == ["answer", *["kf"] * most]
    assert world.wechat.shut == 0, "it never has to say so itself"


def test_the_last_words_of_a_window_are_kept_for_what_concerns_one_alone(world: World) -> None:
    name = speaks(world)
    for n in range(5):
        promise(world.app, name, f"{LONG}{n}", lane=Lane.NOTICE)
    settled(world, name, "parked", 2)
    promise(world.app, name, LONG, lane=Lane.REPLY)
    settled(world, name, "sent", 5)

    assert [one.by for one in world.wechat.follower(name).got].count("kf") == 4


def test_what_is_left_of_a_window_outlives_the_program(sqlite_database: Database) -> None:
    wechat, name = WeChat(), "o-counted"

    async def says_five(app: App) -> None:
        await wechat.says(name, "帮助")
        for n in range(5):
            promise(app, name, f"第{n}句")
        await until(lambda: len(wechat.heard_by(name)) == 6, "all five")

    async def one_more(app: App) -> None:
        before = len(wechat.asked)
        promise(app, name, "第6句")
        await until(lambda: _states(app).count("parked"), "it is parked")
        assert len(wechat.asked) == before

    play(wechat, sqlite_database, says_five)
    play(wechat, sqlite_database, one_more)

    assert wechat.shut == 0


def test_after_two_days_it_knocks_once_and_the_words_come_with_the_next_answer(sqlite_database: Database) -> None:
    wechat, name = WeChat(), "o-silent"

    async def scene(app: App) -> None:
        await wechat.says(name, "帮助")
        app.clock.ahead += TWO_DAYS
        wechat.ahead_s += TWO_DAYS.total_seconds()
        wechat.revoke()
        promise(app, name, LONG)
        promise(app, name, LONG + "又一件。")
        await until(lambda: _states(app).count("parked") == 2, "both are parked")
        got = wechat.follower(name).got[1:]
        assert [(one.text, one.by) for one in got] == [(LONG[:19] + "…", "template")]
        words = await wechat.says(name, "帮助")
        assert words.count(LONG) == 2
        assert words.index(LONG) < words.index("又一件")

    play(wechat, sqlite_database, scene, templates=TEMPLATES)

    assert wechat.violations == []
    assert wechat.shut == 0


def test_words_that_a_template_holds_wholly_are_said_by_it(world: World) -> None:
    name = world.somebody()
    world.wechat.follower(name)
    world.run(world.app.ears.closed(NAME, name))

    promise(world.app, name, "1001 已经办好了")
    settled(world, name, "sent")

    assert [(one.text, one.by) for one in world.wechat.follower(name).got] == [("1001 已经办好了", "template")]


@pytest.mark.parametrize("failure", [40037, 43101, 45009, 47003, 48001, 99999])
def test_a_template_that_is_refused_loses_nothing(world: World, failure: Failure) -> None:
    name = world.somebody()
    world.wechat.follower(name)
    world.wechat.fails_for[name] = [failure]

    promise(world.app, name, "1002 已经办好了")
    settled(world, name, "parked")

    assert "1002 已经办好了" in world.run(world.wechat.says(name, "帮助"))


def test_a_subscription_message_goes_its_own_way(sqlite_database: Database, tmp_path: Path) -> None:
    wechat = WeChat()
    wechat.follower("o-refuses").refuses = True
    wechat.follower("o-agrees")
    folder = tmp_path / "templates"
    shutil.copytree(PROJECT / "templates", folder)
    file = folder / "channels" / "official.toml"
    file.write_text(file.read_text().replace('way = "template"', 'way = "subscription"\npage = "pages/index"'))

    async def scene() -> None:
        async with wechat.open():
            of = settings(sqlite_database, wechat.api, templates=TEMPLATES).model_copy(update={"templates": folder})
            async with running(of) as (app, _):
                for name in ("o-refuses", "o-agrees"):
                    promise(app, name, "1003 已经办好了")
                await until(lambda: set(_states(app)) == {"parked", "sent"}, "each has its end")

    asyncio.run(scene())

    assert [one.by for one in wechat.follower("o-agrees").got] == ["subscription"]
    assert wechat.heard_by("o-refuses") == []
    assert wechat.violations == []


def test_a_long_message_that_breaks_off_goes_on_where_it_was(world: World) -> None:
    name = speaks(world)
    text = "很长的话。" * 300
    world.wechat.fails_for[name] = [-1, -1]
    promise(world.app, name, text)
    settled(world, name, "sent", 2)
    assert "".join(world.wechat.heard_by(name)[1:]) == text

    world.run(world.wechat.says(name, "帮助"))
    world.wechat.fails_for[name] = [0, 502]
    promise(world.app, name, text)
    settled(world, name, "sent", 4)

    said = [one.text for one in world.wechat.follower(name).got if one.by == "kf"]
    assert "".join(said) == text * 2


def test_a_repeated_message_allows_no_more_than_it_did(sqlite_database: Database) -> None:
    wechat, name = WeChat(), "o-somebody"

    async def scene(app: App) -> None:
        xml = wechat.message(name, "text", {"Content": "帮助"})
        await wechat.call(xml)
        for n in range(5):
            promise(app, name, f"第{n}句")
        await until(lambda: len([one for one in wechat.follower(name).got if one.by == "kf"]) == 5, "five are said")
        for _ in range(2):
            await wechat.call(xml)
        promise(app, name, "第六句")
        await until(lambda: "parked" in _states(app), "it waits for their next word")

    play(wechat, sqlite_database, scene)

    assert wechat.shut == 0


def test_a_revoked_token_is_fetched_anew_once_by_all_of_two_programs(sqlite_database: Database) -> None:
    wechat = WeChat()

    async def scene() -> None:
        async with wechat.open(), together(sqlite_database, wechat) as one, together(sqlite_database, wechat) as other:
            channels = [app.senders[0].channel for app in (one, other)]
            for n in range(50):
                await one.ears.granted(
                    NAME, f"o-{n}", "message", most=5, until=one.clock.now() + TWO_DAYS, call=f"m{n}"
                )
                wechat.follower(f"o-{n}").said_at = wechat.now()
            await asyncio.gather(*(channels[n % 2].send(_delivery(f"o-{n}")) for n in range(2)))
            assert len(wechat.tokens) == 1
            wechat.revoke()
            await asyncio.gather(*(channels[n % 2].send(_delivery(f"o-{n}")) for n in range(50)))

    asyncio.run(scene())

    assert len(wechat.tokens) == 2
    assert all(len(wechat.heard_by(f"o-{n}")) >= 1 for n in range(50))
    assert wechat.violations == []


def test_a_token_that_is_given_out_though_it_is_refused_is_replaced_by_force(world: World) -> None:
    name = speaks(world)
    promise(world.app, name, LONG)
    settled(world, name, "sent", 2)
    world.wechat.stubborn = True
    world.wechat.revoke()
    before = len(world.wechat.tokens)

    promise(world.app, name, LONG)
    settled(world, name, "sent", 3)

    world.wechat.stubborn = False
    assert len(world.wechat.tokens) == before + 1


def test_three_hundred_are_told_through_all_weather(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Official, "pace", Pace())
    wechat, chance = WeChat(), random.Random(6)
    names = [f"o-{n}" for n in range(300)]
    weather: list[Failure] = ["drop", 429, 500, -1, 40001, 45015, 43004]

    async def scene(app: App) -> None:
        for n, name in enumerate(names):
            follower = wechat.follower(name)
            if n % 3:
                follower.said_at = wechat.now()
                await app.ears.granted(NAME, name, "message", most=5, until=app.clock.now() + TWO_DAYS, call=f"m{name}")
            if n % 4 == 0:
                wechat.fails_for[name] = [chance.choice(weather)]
        for name in names:
            promise(app, name, f"{name}：明天上午停水，请提前存水。", lane=Lane.NOTICE)
        await until(lambda: "waiting" not in _states(app), "each has its end", 40)

    play(wechat, sqlite_database, scene)

    ends = dict(_ends(sqlite_database))
    assert wechat.violations == []
    assert wechat.shut == 0
    for name in names:
        assert len(wechat.heard_by(name)) == (ends[name] == "sent")
        assert ends[name] in ("sent", "parked", "gone")
    assert 150 < list(ends.values()).count("sent") < 200


def test_where_an_answer_is_lost_the_words_are_said_again_and_never_lost(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform heard them and nobody knows: they are said twice, and no others are. Its templates tell one from two."""
    monkeypatch.setattr(Official, "pace", Pace())
    wechat = WeChat()
    names = [f"o-{n}" for n in range(60)]
    unheard = names[::6]

    async def scene(app: App) -> None:
        for n, name in enumerate(names):
            if n % 2:
                wechat.follower(name).said_at = wechat.now()
                await app.ears.granted(NAME, name, "message", most=5, until=app.clock.now() + TWO_DAYS, call=f"m{name}")
            else:
                wechat.follower(name)
        for name in unheard + names[1::6]:
            wechat.fails_for[name] = ["swallow"]
        for name in names:
            promise(app, name, "明早八点停水", lane=Lane.NOTICE)
        await until(lambda: "waiting" not in _states(app), "each has its end", 40)

    play(wechat, sqlite_database, scene, templates={"notice": "t-notice"})

    ends = dict(_ends(sqlite_database))
    assert wechat.violations == []
    assert {name: len(wechat.heard_by(name)) for name in names if len(wechat.heard_by(name)) != 1} == dict.fromkeys(
        names[1::6], 2
    )
    assert set(ends.values()) == {"sent"}


def test_in_danger_advice_is_tried_although_nothing_can_be_stored(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = speaks(world)

    async def broken(*_: object, **__: object) -> str | None:
        raise SQLAlchemyError

    monkeypatch.setattr(world.app.ears, "spent", broken)
    world.run(world.official.send(_delivery(name, Lane.EMERGENCY)))

    assert world.wechat.heard_by(name)[-1] == "话"
    with pytest.raises(SQLAlchemyError):
        world.run(world.official.send(_delivery(name, Lane.NOTICE)))


def test_the_menu_is_put_up_as_it_stands_in_the_templates(world: World) -> None:
    world.run(world.official.put_menu(world.app.ears))

    menu = world.wechat.menu
    assert menu is not None
    assert [one.name for one in menu.button] == ["报事", "邻里", "我的"]
    assert [one.key for one in menu.button[2].sub_button] == ["进度", "我的信息", "帮助", "人工"]
    assert world.wechat.violations == []


def test_a_printed_square_says_its_code_when_it_is_scanned(world: World) -> None:
    url = world.run(world.official.square(world.app.ears, "X7K2M9"))

    assert world.wechat.scenes[url] == "X7K2M9"
    with pytest.raises(ValueError, match="64"):
        world.run(world.official.square(world.app.ears, "x" * 65))


def test_a_lane_without_fields_is_told_at_the_start(sqlite_database: Database) -> None:
    with pytest.raises(SetupError, match="reply"):
        App(settings(sqlite_database, "http://127.0.0.1:9", templates={"reply": "t"}), demo=False)


@pytest.mark.parametrize(
    "menu",
    [
        '[[menu]]\nname = "这个名字实在太长"\nsays = "x"',
        '[[menu]]\nname = "x"',
        '[[menu]]\nname = "x"\nsays = "x"\nurl = "https://example.org"',
        '[[menu]]\nname = "x"\nsays = "x"\n' * 4,
        '[[menu]]\nname = "x"\nunder = [' + '{ name = "y", says = "y" },' * 6 + "]",
        '[[menu]]\nnome = "x"',
    ],
)
def test_a_menu_that_the_platform_would_refuse_is_refused_here(menu: str, tmp_path: Path, world: World) -> None:
    file = tmp_path / "official.toml"
    file.write_text(menu)
    of = settings(world.app.database, "http://127.0.0.1:9").official
    assert of is not None

    with pytest.raises(CatalogError, match=r"official\.toml"):
        Official(of, "", file, world.app.settings.zone)


def test_before_it_is_open_nothing_is_said(world: World) -> None:
    of = settings(world.app.database, "http://127.0.0.1:9").official
    assert of is not None
    shut = Official(of, "", PROJECT / "templates" / "channels" / "official.toml", world.app.settings.zone)

    with pytest.raises(SendError):
        world.run(shut.send(_delivery("o")))


async def _health(program: str) -> str:
    async with ClientSession() as client, client.get(f"{program}/health") as answer:
        return await answer.text()


def _delivery(name: str, lane: Lane = Lane.DUTY) -> Delivery:
    return Delivery(0, Address(NAME, name, private=True), "话", (), lane)


def _states(app: App) -> list[str]:
    return [state for _, state in _ends(app.database)]


def _ends(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        rows = session.connection.execute(select(outgoing.c.target, outgoing.c.state).order_by(outgoing.c.id))
        return [(target, state) for target, state in rows]
