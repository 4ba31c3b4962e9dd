"""Everything that goes out: a message, what Telegram makes of it, and what the sender is told."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

import pytest
from pydantic import SecretStr

from bot import settings
from bot.channels.telegram.channel import Telegram as Channel
from bot.errors import SendError
from bot.message import Address, Delivery, Lane
from bot.settings import PROJECT
from tests.channels.telegram.stand_in import TOKEN, Refusal, Said, Telegram

HINT = "（回数字就行）"
OWN_WORDS = PROJECT / "templates" / "channels" / "telegram.toml"
GROUP, PERSON, FORUM, TOPIC = -1001, 71, -1003, 7
LONG_PRESS = "code_moved " + "x" * 50
IN_GROUP = Delivery(1, Address("telegram", str(GROUP)), "收到，1001号", (), Lane.REPLY)
IN_PRIVATE = replace(IN_GROUP, address=Address("telegram", str(PERSON), private=True))
IN_FORUM = replace(IN_GROUP, address=Address("telegram", str(FORUM)))


def at_telegram(scene: Callable[[Telegram, Channel], Awaitable[None]], token: str = TOKEN) -> None:
    """Play the scene with a channel that speaks to the stand-in; nothing in it may break a rule."""

    async def play() -> None:
        async with Telegram() as telegram:
            telegram.room(GROUP)
            telegram.room(FORUM, topics={TOPIC})
            telegram.private(PERSON)
            telegram.open(PERSON)
            channel = Channel(settings.Telegram(token=SecretStr(token), api=telegram.address), HINT, OWN_WORDS)
            channel.patience_s = 1.0
            try:
                await scene(telegram, channel)
            finally:
                await channel.bot.session.close()
            assert not telegram.violations

    asyncio.run(play())


@dataclass(frozen=True, slots=True)
class Case:
    """A message that arrives: what the chat shows then."""

    name: str
    delivery: Delivery
    texts: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    thread: int | None = None
    answers: bool = False


CARD = (("接单", "accept 1001"), ("转办", "transfer 1001"), ("退回", "return 1001"))
WIDE = (("解决了，谢谢你们", "confirm 1001"), ("没解决", "reopen 1001"))
ARRIVES = [
    Case("words in a group", IN_GROUP, ("收到，1001号",)),
    Case("words in private", IN_PRIVATE, ("收到，1001号",)),
    Case("a card", replace(IN_GROUP, buttons=CARD), ("收到，1001号",), (("接单", "转办", "退回"),)),
    Case("long labels", replace(IN_GROUP, buttons=WIDE), ("收到，1001号",), (("解决了，谢谢你们",), ("没解决",))),
    Case(
        "a press that fits in no button",
        replace(IN_GROUP, buttons=(("我搬家了", LONG_PRESS), ("只是路过", "code_passing"))),
        (f"收到，1001号\n1 我搬家了　2 只是路过\n{HINT}",),
    ),
    Case("more buttons than anybody wants", replace(IN_GROUP, buttons=CARD * 7), ("收到，1001号\n1 接单\n2 转办",)),
    Case("long words", replace(IN_GROUP, text="字" * 3000), ("字" * 2048, "字" * 952)),
    Case("pairs of letters", replace(IN_GROUP, text="😀" * 2049), ("😀" * 2048, "😀")),
    Case("an answer", replace(IN_GROUP, quote="55"), ("收到，1001号",), answers=True),
    Case("an answer to what was deleted", replace(IN_GROUP, quote="54"), ("收到，1001号",)),
    Case("an answer in a topic", replace(IN_FORUM, quote="55 7"), ("收到，1001号",), thread=TOPIC, answers=True),
    Case("an answer in a topic that was closed", replace(IN_FORUM, quote="55 8"), ("收到，1001号",)),
]


@pytest.mark.parametrize("case", ARRIVES, ids=[case.name for case in ARRIVES])
def test_a_message_arrives(case: Case) -> None:
    async def scene(telegram: Telegram, channel: Channel) -> None:
        room = telegram.rooms[int(case.delivery.address.target)]
        room.said.append(Said(55, room.id, "3栋电梯停了", ours=False))
        platform_id = await channel.send(case.delivery)

        said = [one for one in room.said if one.ours]
        assert platform_id == str(said[-1].id)
        assert len(said) == len(case.texts)
        assert all(one.text.startswith(text) for one, text in zip(said, case.texts, strict=True))
        assert tuple(tuple(button["text"] for button in row) for row in said[-1].keyboard) == case.rows
        assert (said[0].thread, said[0].answers) == (case.thread, 55 if case.answers else None)

    at_telegram(scene)


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that does not arrive: what the sender is told."""

    name: str
    says: Mapping[str, object]
    fault: str | None = None
    refusal: Refusal | None = None
    delivery: Delivery = IN_GROUP


EVERYONE, GONE, FINAL = {"everyone": True}, {"gone": True}, {"final": True}
FAILURES = [
    Failure("told to wait", {"retry_after_s": 7}, "429:7"),
    Failure("an outage", EVERYONE, "500"),
    Failure("a gateway's page", EVERYONE, "html"),
    Failure("nobody answers", EVERYONE, "time-out"),
    Failure("the line is cut", EVERYONE, "drop"),
    Failure("nobody was to be found", GONE, delivery=replace(IN_GROUP, address=Address("telegram", "-9"))),
    Failure("blocked", GONE, refusal=Refusal(403, "Forbidden: bot was blocked by the user"), delivery=IN_PRIVATE),
    Failure("no more", GONE, refusal=Refusal(403, "Forbidden: user is deactivated"), delivery=IN_PRIVATE),
    Failure("kicked", GONE, refusal=Refusal(403, "Forbidden: bot was kicked from the supergroup chat")),
    Failure(
        "may not speak", GONE, refusal=Refusal(400, "Bad Request: not enough rights to send text messages to the chat")
    ),
    Failure("may not write", GONE, refusal=Refusal(400, "Bad Request: CHAT_WRITE_FORBIDDEN")),
    Failure(
        "has not begun to talk",
        {"later": True},
        refusal=Refusal(403, "Forbidden: bot can't initiate conversation with a user"),
        delivery=IN_PRIVATE,
    ),
    Failure("never accepted", FINAL, refusal=Refusal(400, "Bad Request: can't parse entities")),
    Failure("moved, and nobody listens yet", {}, refusal=Refusal(400, "Bad Request: upgraded", migrate_to_chat_id=-8)),
    Failure(
        "speaks as a channel", {"later": True}, delivery=replace(IN_PRIVATE, address=Address("telegram", "as -5", True))
    ),
]


def told(failure: SendError) -> dict[str, object]:
    """What the failure says of itself."""
    kept = {name: getattr(failure, name) for name in ("gone", "final", "retry_after_s", "everyone", "later")}
    return {name: value for name, value in kept.items() if value}


@pytest.mark.parametrize("failure", FAILURES, ids=[one.name for one in FAILURES])
def test_a_message_fails_and_the_sender_knows_how(failure: Failure) -> None:
    async def scene(telegram: Telegram, channel: Channel) -> None:
        telegram.faults.append(failure.fault)
        if room := telegram.rooms.get(int(failure.delivery.address.target.split()[-1])):
            room.refuses = failure.refusal
        with pytest.raises(SendError) as raised:
            await channel.send(failure.delivery)
        assert told(raised.value) == failure.says
        assert TOKEN not in raised.value.says

    at_telegram(scene)


def test_a_token_that_is_not_accepted_lets_everything_wait() -> None:
    async def scene(_: Telegram, channel: Channel) -> None:
        with pytest.raises(SendError) as raised:
            await channel.send(IN_GROUP)
        assert told(raised.value) == EVERYONE
        assert "channels check" in raised.value.says

    at_telegram(scene, token="123456:revoked")


def test_told_to_wait_at_two_places_everything_waits() -> None:
    async def scene(telegram: Telegram, channel: Channel) -> None:
        telegram.faults += ["429:7", "429:9"]
        failures: list[dict[str, object]] = []
        for delivery in (IN_GROUP, IN_FORUM):
            with pytest.raises(SendError) as raised:
                await channel.send(delivery)
            failures.append(told(raised.value))
        assert failures == [{"retry_after_s": 7}, {"retry_after_s": 9, "everyone": True}]

    at_telegram(scene)


def test_what_was_said_is_said_though_the_answer_has_what_the_library_does_not_know() -> None:
    async def scene(telegram: Telegram, channel: Channel) -> None:
        telegram.faults += ["odd", "odd"]
        platform_id = await channel.send(IN_GROUP)

        assert platform_id == str(telegram.rooms[GROUP].said[-1].id)
        assert await channel.edit(platform_id, replace(IN_GROUP, text="已接单")) == platform_id
        assert [one.text for one in telegram.rooms[GROUP].said] == ["已接单"]

    at_telegram(scene)


def test_a_card_stands_in_place_of_its_former_self() -> None:
    async def scene(telegram: Telegram, channel: Channel) -> None:
        platform_id = await channel.send(replace(IN_GROUP, buttons=CARD))

        assert await channel.edit(platform_id, replace(IN_GROUP, text="1001 韩梅已接单")) == platform_id
        assert await channel.edit(platform_id, replace(IN_GROUP, text="1001 韩梅已接单")) == platform_id
        (card,) = telegram.rooms[GROUP].said
        assert (card.text, card.keyboard) == ("1001 韩梅已接单", [])

    at_telegram(scene)


@pytest.mark.parametrize(("platform_id", "words"), [("999", "没了"), ("call 7", "不是它的"), ("", "字" * 3000)])
def test_what_cannot_be_put_in_place_is_to_be_said_anew(platform_id: str, words: str) -> None:
    async def scene(_: Telegram, channel: Channel) -> None:
        said = platform_id or await channel.send(IN_GROUP)
        with pytest.raises(SendError) as raised:
            await channel.edit(said, replace(IN_GROUP, text=words))
        assert told(raised.value) == FINAL

    at_telegram(scene)


def test_a_press_comes_back_as_it_was_offered() -> None:
    async def scene(telegram: Telegram, channel: Channel) -> None:
        await channel.send(replace(IN_GROUP, buttons=(("接单", "accept 1001"), ("最长", "x" * 56))))
        data = [button["callback_data"] for button in telegram.rooms[GROUP].said[-1].buttons]

        assert len(data[1].encode()) == 64
        assert [channel.presses.checked(one, str(GROUP)) for one in data] == ["accept 1001", "x" * 56]
        assert channel.presses.checked(data[0], str(FORUM)) is None

    at_telegram(scene)
