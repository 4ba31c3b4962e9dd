"""When nothing can be stored, somebody in danger still hears what to do first."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.ability import EVERYTHING
from bot.lastword import LastWord
from bot.message import Delivery, Incoming, Lane
from bot.pace import Pace
from tests.stage import Stage


class Phone:
    """A channel that keeps what it is told to say."""

    name = "phone"
    pace = Pace()
    able = EVERYTHING

    def __init__(self) -> None:
        self.heard: list[Delivery] = []

    async def send(self, delivery: Delivery) -> str:
        """Keep it."""
        self.heard.append(delivery)
        return "1"


def said(text: str, key: str = "1") -> Incoming:
    return Incoming("phone", key, "somebody", "group", datetime(2026, 11, 23, tzinfo=UTC), text=text)


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def last_word(stage: Stage, phone: Phone) -> LastWord:
    return LastWord(stage.kit.reader, stage.kit.renderer, [phone])


def test_a_cry_for_help_is_answered_with_advice_and_the_truth(last_word: LastWord, phone: Phone) -> None:
    asyncio.run(last_word.say(said("3栋着火了,快来人")))

    assert "119" in phone.heard[0].text
    assert "没能通知到人" in phone.heard[0].text
    assert phone.heard[0].lane is Lane.EMERGENCY


def test_a_call_that_is_repeated_is_answered_once(last_word: LastWord, phone: Phone) -> None:
    for _ in range(3):
        asyncio.run(last_word.say(said("3栋着火了,快来人")))

    assert len(phone.heard) == 1


@pytest.mark.parametrize("text", ["电梯坏了", "晚上吃火锅", "救命啊作业写不完", ""])
def test_nothing_else_is_said(last_word: LastWord, phone: Phone, text: str) -> None:
    asyncio.run(last_word.say(said(text)))

    assert phone.heard == []
