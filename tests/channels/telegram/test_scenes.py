"""Scenes that only Telegram has: groups that move, chats that are opened, topics, links, pictures, people who block."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from handlers.people import codes
from handlers.people.codes import secret_of
from handlers.people.signing import signed
from storage import chats, outbox, reach
from storage.chats import Chat
from storage.codes import place_code
from storage.database import Database
from storage.grids import grid
from tests.channels.conversation import LIFT, until
from tests.channels.telegram.conftest import ABOVE_ID, GROUP_ID, LEADER_ID, RESIDENT_ID, STAFF_ID, Open, Scene
from tests.channels.telegram.stand_in import Refusal, Room, Said, person

NEW_ID = -1009001
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def play(town: Open, scene: Callable[[Scene], Awaitable[None]], *, polling: bool = False) -> None:
    """Play it; whatever else happens, no limit is broken and no tap turns for ever."""

    async def played() -> None:
        async with town(polling=polling) as at:
            await scene(at)
            assert not at.telegram.violations
            assert not at.telegram.unanswered

    asyncio.run(played())


def ours(room: Room) -> list[str]:
    return [one.text for one in room.said if one.ours]


def group_of(database: Database, id: int) -> Chat | None:
    with database.reading() as session:
        return chats.by_identity(session, [("telegram", str(id))]).get(("telegram", str(id)))


async def said_in(room: Room, words: str) -> Said:
    return await until(lambda: next((one for one in room.said if one.ours and words in one.text), None), words)


async def promised(at: Scene, target: int, words: str) -> None:
    """Words that nobody has said yet."""
    row = {"channel": "telegram", "target": str(target), "private": False, "lane": 1, "text": words, "buttons": ""}
    now = at.app.clock.now()

    def post(session: outbox.Session) -> None:
        outbox.post(session, [{**row, "due_at": now}])

    await at.app.dispatcher.run(post)
    at.app.dispatcher.on_change()


def test_words_for_a_private_chat_that_nobody_opened_wait_and_the_group_hears_the_link(town: Open) -> None:
    async def scene(at: Scene) -> None:
        await at.leader.opens()
        await at.resident.says(LIFT, aloud=True)
        card = await at.leader.sees(LIFT)
        await at.leader.taps(card, "接单")
        await at.leader.sees("已接单")
        assert ours(at.resident.private) == []
        await at.resident.says("进度 1001", aloud=True)
        await at.resident.opens()
        await at.resident.sees("韩梅已接单")
        assert not any("您好，我是小格" in text for text in ours(at.resident.private)[:1])

    play(town, scene)


def test_the_link_names_the_bot_as_telegram_does(town: Open) -> None:
    async def scene(at: Scene) -> None:
        await until(lambda: at.app.kit.invites.get("telegram"), "the name is known")
        assert dict(at.app.kit.invites) == {"telegram": "https://t.me/XiaogeBot?start=hello"}
        await until(lambda: at.telegram.menu, "the menu")
        assert at.telegram.menu[0] == {"command": "report", "description": "报一件事"}

    play(town, scene)


@pytest.mark.parametrize("order", ["old first", "new first", "greeted first", "only an error"])
def test_a_group_that_becomes_a_supergroup_stays_the_group_it_was(town: Open, order: str) -> None:
    async def scene(at: Scene) -> None:
        telegram = at.telegram
        room, left, came = telegram.migrate(at.group, NEW_ID, at.resident.me)
        if order == "greeted first":
            await telegram.tell(telegram.membership(room, at.resident.me, "left", "member"))
            await said_in(room, "大家好，我是小格")
        if order != "only an error":
            for update in (came, left) if order == "new first" else (left, came):
                await telegram.tell(update)
        await promised(at, GROUP_ID, "通知：明早停水")
        await said_in(room, "明早停水")

        assert ours(at.group) == []
        assert [text for text in ours(room) if "停水" in text] == ["通知：明早停水"]
        assert group_of(at.database, GROUP_ID) is None
        kept = group_of(at.database, NEW_ID)
        assert kept is not None
        assert kept.grid_id is not None
        at.resident.group = room
        await at.resident.says(LIFT, aloud=True)
        await said_in(room, "收到，1001号")

    play(town, scene)


OF_THE_OLD_ID = ("a report", "a report, quoting", "chatter", "a farewell", "a greeting", "a tap")
"""What Telegram may tell of the old id after the news: a call that failed is told again for hours."""


@pytest.mark.parametrize("late", OF_THE_OLD_ID)
def test_what_comes_late_of_the_old_id_is_of_the_group_it_is_now(town: Open, late: str) -> None:
    async def scene(at: Scene) -> None:
        telegram, me = at.telegram, at.leader.me
        await at.leader.opens()
        await at.resident.opens()
        await at.resident.says(LIFT)
        card = await until(lambda: next((one for one in at.staff.said if one.buttons), None), "the card")
        room, left, came = telegram.migrate(at.staff, NEW_ID, me)
        update = {
            "a report": lambda: telegram.heard(at.staff, me, text="4栋楼道灯不亮了"),
            "a report, quoting": lambda: telegram.heard(at.staff, me, text="接单", reply_to_message=shown(card)),
            "chatter": lambda: telegram.heard(at.staff, me, text="早上好"),
            "a farewell": lambda: telegram.membership(at.staff, me, "member", "left"),
            "a greeting": lambda: telegram.membership(at.staff, me, "left", "member"),
            "a tap": lambda: telegram.tapped(card, card.buttons[0]["callback_data"], me),
        }[late]()
        await telegram.tell(left)
        await telegram.tell(came)
        before = group_of(at.database, NEW_ID)
        assert before is not None
        assert before.grid_id is not None
        for _ in range(1 if late == "a tap" else 2):
            assert await telegram.tell(update) == 200
        await promised(at, STAFF_ID, "最后一句")
        await said_in(room, "最后一句")

        assert group_of(at.database, NEW_ID) == before
        assert group_of(at.database, STAFF_ID) is None
        assert not any("大家好" in text for text in ours(room))
        if late == "a tap":
            await said_in(room, "已接单")
        if late == "a report":
            await said_in(room, "1002")
        at.leader.group = room
        await at.leader.says("5栋楼道灯不亮了", aloud=True)
        await said_in(room, "1003" if late == "a report" else "1002")

    play(town, scene)


def shown(said: Said) -> dict[str, object]:
    """A message as an answer to it carries it."""
    return {"message_id": said.id, "date": 1, "chat": {"id": said.chat, "type": "supergroup"}}


def test_a_word_whose_first_call_failed_is_heard_after_the_move(town: Open) -> None:
    async def scene(at: Scene) -> None:
        telegram = at.telegram
        word = telegram.heard(at.group, at.resident.me, text=LIFT)
        with at.database.transaction() as session:
            session.connection.execute(text("ALTER TABLE matter RENAME TO away"))
        assert await telegram.tell(word) == 503
        with at.database.transaction() as session:
            session.connection.execute(text("ALTER TABLE away RENAME TO matter"))
        room, left, came = telegram.migrate(at.group, NEW_ID, at.resident.me)
        await telegram.tell(left)
        await telegram.tell(came)
        assert await telegram.tell(word) == 200
        await said_in(room, "收到，1001号")
        found = group_of(at.database, NEW_ID)
        assert found is not None
        assert found.grid_id is not None

    play(town, scene)


def test_the_news_and_what_was_said_before_it_at_once_lose_no_grid(town: Open) -> None:
    async def scene(at: Scene) -> None:
        telegram, room = at.telegram, at.group
        for n in range(4):
            words = [telegram.heard(room, person(900 + who), text=f"早上好{who}") for who in range(3)]
            moved, left, came = telegram.migrate(room, NEW_ID - n, at.resident.me)
            new = telegram.heard(moved, person(905), text="到新群了")
            await asyncio.gather(*(telegram.tell(update) for update in (*words, left, came, new)))
            room = moved
        await promised(at, GROUP_ID, "最后一句")
        await said_in(room, "最后一句")
        found = group_of(at.database, room.id)
        assert found is not None
        assert found.grid_id is not None
        assert not any("大家好" in text for text in ours(room))

    play(town, scene)


def test_who_blocks_the_bot_is_not_spoken_to_until_they_come_back(town: Open) -> None:
    async def scene(at: Scene) -> None:
        telegram, private = at.telegram, at.resident.private
        await at.resident.opens()
        await at.resident.sees("您好，我是小格")
        private.refuses = Refusal(403, "Forbidden: bot was blocked by the user")
        await telegram.tell(telegram.membership(private, at.resident.me, "member", "kicked"))
        await at.resident.says(LIFT, aloud=True)
        await said_in(at.group, "收到，1001号")
        await at.leader.opens()
        await at.leader.taps(await at.leader.sees(LIFT), "接单")
        await at.leader.sees("已接单")
        assert telegram.tried[RESIDENT_ID] == 1
        await at.resident.opens()
        await until(lambda: len(ours(private)) > 1, "heard again")

    play(town, scene)


def test_who_unblocks_the_bot_and_says_nothing_is_told_what_comes_from_then_on_and_is_not_greeted(town: Open) -> None:
    async def scene(at: Scene) -> None:
        telegram, private = at.telegram, at.resident.private
        await at.resident.opens()
        await at.resident.sees("您好，我是小格")
        await at.resident.says(LIFT, aloud=True)
        await at.leader.opens()
        card = await at.leader.sees(LIFT)
        for refuses, before, after in (
            (Refusal(403, "Forbidden: bot was blocked by the user"), "member", "kicked"),
            (None, "kicked", "member"),
        ):
            private.refuses = refuses
            await telegram.tell(telegram.membership(private, at.resident.me, before, after))
        assert gone(at.database) == []
        await at.leader.taps(card, "接单")
        await at.resident.sees("韩梅已接单")
        assert len([text for text in ours(private) if "您好，我是小格" in text]) == 1

    play(town, scene)


def test_what_waited_for_a_private_chat_leaves_when_it_is_unblocked(town: Open) -> None:
    async def scene(at: Scene) -> None:
        telegram, private = at.telegram, at.resident.private
        await at.resident.says(LIFT, aloud=True)
        await at.leader.opens()
        await at.leader.taps(await at.leader.sees(LIFT), "接单")
        await at.leader.sees("已接单")
        assert ours(private) == []
        private.refuses = None
        await telegram.tell(telegram.membership(private, at.resident.me, "kicked", "member"))
        await at.resident.sees("韩梅已接单")

    play(town, scene)


def test_a_group_that_threw_the_bot_out_is_marked_gone_by_the_next_word(town: Open) -> None:
    async def scene(at: Scene) -> None:
        at.group.refuses = Refusal(403, "Forbidden: bot was kicked from the supergroup chat")
        await promised(at, GROUP_ID, "一")
        await until(lambda: gone(at.database), "it is gone")
        await promised(at, GROUP_ID, "二")
        await promised(at, LEADER_ID, "三")
        await until(lambda: at.telegram.tried[LEADER_ID], "others are spoken to")
        assert at.telegram.tried[GROUP_ID] == 1

    play(town, scene)


def gone(database: Database) -> list[str]:
    with database.reading() as session:
        return [row.target for row in reach.all_gone(session)]


def test_an_answer_stays_in_its_topic_and_says_whom_it_answers(town: Open) -> None:
    async def scene(at: Scene) -> None:
        at.group.topics.add(7)
        await at.resident.says(LIFT, aloud=True, message_thread_id=7, is_topic_message=True)
        said = await said_in(at.group, "收到，1001号")
        assert (said.thread, said.answers) == (7, at.group.said[0].id)

    play(town, scene)


def test_who_speaks_as_the_group_is_answered_there_and_nothing_private_goes_to_the_group(town: Open) -> None:
    async def scene(at: Scene) -> None:
        update = at.telegram.heard(at.group, ANONYMOUS, text=LIFT, sender_chat=at.group.json)
        await at.telegram.tell(update)
        await said_in(at.group, "收到，1001号")
        await at.leader.opens()
        card = await at.leader.sees(LIFT)
        await at.leader.taps(card, "接单")
        await at.leader.sees("已接单")
        assert not any("韩梅已接单" in text for text in ours(at.group))

    play(town, scene)


def test_a_picture_with_words_is_the_matter_and_its_picture(town: Open) -> None:
    async def scene(at: Scene) -> None:
        photo = [{"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9}]
        await at.telegram.tell(at.telegram.heard(at.group, at.resident.me, photo=photo, caption=LIFT))
        await said_in(at.group, "照片已补充到 1001")

    play(town, scene)


def test_coordinates_are_added_as_they_are_and_name_no_building(town: Open) -> None:
    async def scene(at: Scene) -> None:
        await at.resident.says("路灯坏了", aloud=True)
        await said_in(at.group, "1001")
        where = {"latitude": 30.8123456, "longitude": 103.8876543}
        await at.telegram.tell(at.telegram.heard(at.group, at.resident.me, location=where))
        await said_in(at.group, "位置已补充到 1001")
        await at.leader.opens()
        assert "栋" not in (await at.leader.sees("30.812346,103.887654")).text.partition("30.8")[2]

    play(town, scene)


def test_what_is_spoken_is_kindly_asked_for_in_letters(town: Open) -> None:
    async def scene(at: Scene) -> None:
        await at.resident.opens()
        voice = {"file_id": "v", "file_unique_id": "u", "duration": 3}
        await at.telegram.tell(at.telegram.heard(at.group, at.leader.me, voice=voice))
        await at.telegram.tell(at.telegram.heard(at.resident.private, at.resident.me, voice=voice))
        await at.resident.sees("打几个字")
        assert ours(at.group) == []

    play(town, scene)


def door_code(at: Scene) -> str:
    """The code of a building of the resident's micro-grid."""
    with at.database.transaction() as session:
        chat = chats.by_identity(session, [("telegram", str(GROUP_ID))])["telegram", str(GROUP_ID)]
        code = session.one(str, select(grid.c.code).where(grid.c.id == chat.grid_id))
        list(codes.printed(session, at.app.settings, code, datetime.now(UTC)))
        found = session.connection.execute(select(place_code.c.id).where(place_code.c.room == "")).scalars().first()
        return signed(int(found or 0), secret_of(session, at.app.settings))


def test_a_building_s_link_says_where_somebody_lives_and_a_leader_binds_a_group_by_it(town: Open) -> None:
    async def scene(at: Scene) -> None:
        code, telegram = door_code(at), at.telegram
        telegram.open(RESIDENT_ID)
        await at.resident.says(f"/start {code}")
        await at.resident.sees("栋")
        stranger, above = person(99, "路人"), person(ABOVE_ID, "周建华")
        await telegram.tell(telegram.membership(at.group, above, "member", "kicked"))
        room = telegram.room(-5005, title="新群")
        await telegram.tell(telegram.membership(room, stranger, "left", "member"))
        bound: list[bool] = []
        for who in (stranger, above):
            await telegram.tell(telegram.heard(room, who, text=f"/start@XiaogeBot {code}"))
            kept = group_of(at.database, -5005)
            bound.append(kept is not None and kept.grid_id is not None)
        assert bound == [False, True]

    play(town, scene)


def test_polling_leaves_what_cannot_be_read_and_takes_nothing_twice(town: Open) -> None:
    async def scene(at: Scene) -> None:
        telegram = at.telegram
        poison = {"update_id": telegram.next_update(), "message": {"message_id": "x", "chat": 5}}
        await telegram.tell(poison)
        update = telegram.heard(at.group, at.resident.me, text=LIFT)
        await telegram.tell(update)
        await said_in(at.group, "收到，1001号")
        await telegram.tell(update)
        await telegram.tell(telegram.tapped(at.group.said[-1], "forged", at.resident.me))
        await until(lambda: telegram.answered, "the tap is answered")
        assert telegram.answered[0][1]
        assert len(ours(at.group)) == 1 or "链接" in ours(at.group)[-1] or "点开这里" in ours(at.group)[-1]

    play(town, scene, polling=True)
