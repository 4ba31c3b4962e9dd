"""Cards that change in place: what waits is said in its newest words, what was said is edited where that can be."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import select

from bot.errors import SendError
from bot.message import Delivery, Lane
from storage import outbox
from storage.database import Database
from storage.outbox import outgoing
from tests.sending.conftest import Speaking
from tests.sending.fake_channel import FakeChannel


class Paper(FakeChannel):
    """A pretend platform that can edit."""

    edits = True

    def __init__(self) -> None:
        super().__init__("fake")
        self.edited: list[tuple[str, str]] = []
        self.too_old: set[str] = set()

    async def edit(self, platform_id: str, delivery: Delivery) -> str:
        """Put the words there, unless the message is too old."""
        if platform_id in self.too_old:
            raise SendError("message can't be edited", final=True)
        self.edited.append((platform_id, delivery.text))
        return platform_id


def say(
    database: Database, text: str, *, edits: str = "board 1001", lane: Lane = Lane.DUTY, afresh: bool = False
) -> None:
    row: dict[str, object] = {
        "channel": "fake", "target": "u1", "private": True, "lane": int(lane), "text": text, "buttons": "",
        "about": 1001, "due_at": datetime.now(UTC), "edits": edits, "afresh": afresh,
    }  # fmt: skip
    with database.transaction() as session:
        outbox.post(session, [row])


def waiting(database: Database) -> list[str]:
    with database.reading() as session:
        rows = select(outgoing.c.text).where(outgoing.c.state == "waiting").order_by(outgoing.c.id)
        return list(session.connection.execute(rows).scalars())


def test_a_waiting_card_is_said_in_its_newest_words(database: Database) -> None:
    for text in ("1 人", "2 人", "3 人"):
        say(database, text)
    say(database, "别的卡", edits="board 1002")

    assert waiting(database) == ["3 人", "别的卡"]


def test_an_answer_is_never_folded_into_another(database: Database) -> None:
    say(database, "收到", edits="notice 1001", lane=Lane.REPLY)
    say(database, "在途", edits="notice 1001", lane=Lane.REPLY)

    assert waiting(database) == ["收到", "在途"]


def test_later_words_stand_in_place_of_the_first(sqlite_database: Database, speaking: Speaking) -> None:
    paper = Paper()

    async def scene() -> None:
        async with speaking(sqlite_database, paper) as sender:
            for text in ("1 人", "2 人", "3 人"):
                say(sqlite_database, text)
                sender.wake()
                await sender.drained()

    asyncio.run(scene())

    assert paper.texts == ["1 人"]
    assert paper.edited == [("m1", "2 人"), ("m1", "3 人")]


def test_what_is_said_afresh_is_a_message_and_is_what_is_edited_then(
    sqlite_database: Database, speaking: Speaking
) -> None:
    paper = Paper()

    async def scene() -> None:
        async with speaking(sqlite_database, paper) as sender:
            for text, afresh in (("叫您", True), ("再叫您", True), ("收到", False)):
                say(sqlite_database, text, lane=Lane.REPLY, afresh=afresh)
                await sender.drained()

    asyncio.run(scene())

    assert paper.texts == ["叫您", "再叫您"]
    assert paper.edited == [("m2", "收到")]


def test_a_message_too_old_to_edit_is_said_anew(sqlite_database: Database, speaking: Speaking) -> None:
    paper = Paper()
    paper.too_old.add("m1")

    async def scene() -> None:
        async with speaking(sqlite_database, paper) as sender:
            for text in ("1 人", "2 人"):
                say(sqlite_database, text)
                await sender.drained()

    asyncio.run(scene())

    assert paper.texts == ["1 人", "2 人"]


def test_where_nothing_can_be_edited_a_card_is_said_once_a_minute_and_holds_nobody_up(
    sqlite_database: Database, speaking: Speaking
) -> None:
    plain = FakeChannel()

    async def scene() -> None:
        async with speaking(sqlite_database, plain) as sender:
            for text in ("1 人", "2 人", "3 人"):
                say(sqlite_database, text)
                await sender.drained()
            say(sqlite_database, "新任务", edits="")
            await sender.drained()

    asyncio.run(scene())

    assert plain.texts == ["1 人", "新任务"]
    assert waiting(sqlite_database) == ["3 人"], "it rests, in its newest words"
