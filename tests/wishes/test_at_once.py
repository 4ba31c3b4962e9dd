"""First come, first served: two hundred neighbours claim twenty wishes in the same second, on both databases."""

from collections import Counter

import pytest
from sqlalchemy import select

from bot.message import Incoming
from storage.database import Database
from storage.matters import matter
from storage.wishes import claim
from tests.stage import Stage, settled_on, submit_all

WISHES, PEOPLE, MOST = 20, 200, 3


@pytest.fixture
def stage(database: Database) -> Stage:
    return settled_on(database)


def private(stage: Stage, by: str, text: str) -> Incoming:
    return Incoming("simulator", f"{by} {text}", by, None, stage.clock.now(), "text", text)


def claims(stage: Stage) -> list[tuple[int, int]]:
    with stage.database.reading() as session:
        rows = session.connection.execute(select(claim.c.matter_id, claim.c.account_id)).all()
    return [(row[0], row[1]) for row in rows]


def test_two_hundred_claim_twenty_wishes_and_each_has_one_owner_and_everybody_an_answer(stage: Stage) -> None:
    numbers = range(1001, 1001 + WISHES)
    submit_all(
        stage.database, stage.kit, [private(stage, "liguifang", f"心愿 想借第{at}种工具书") for at in range(WISHES)]
    )
    submit_all(stage.database, stage.kit, [private(stage, "xujianing", f"发布 {number}") for number in numbers])
    people = [f"neighbour-{at}" for at in range(PEOPLE)]

    submit_all(
        stage.database, stage.kit, [private(stage, by, f"认领 {numbers[at % WISHES]}") for at, by in enumerate(people)]
    )

    assert Counter(of for of, _ in claims(stage)) == dict.fromkeys(numbers, 1)
    with stage.database.reading() as session:
        states = session.connection.execute(select(matter.c.state).where(matter.c.kind == "wish")).scalars().all()
    assert list(states) == ["claimed"] * WISHES
    heard: dict[str, list[str]] = {by: [] for by in people}
    for one in stage.heard():
        if one.target in heard:
            heard[one.target].append(one.text)
    assert all(len(texts) == 1 for texts in heard.values())
    assert sum("交给您了" in texts[0] for texts in heard.values()) == WISHES
    assert sum("已经有人认领了" in texts[0] for texts in heard.values()) == PEOPLE - WISHES


def test_one_neighbour_who_asks_for_everything_at_once_gets_three(stage: Stage) -> None:
    submit_all(stage.database, stage.kit, [private(stage, "liguifang", f"心愿 想借第{at}种工具书") for at in range(8)])
    submit_all(
        stage.database, stage.kit, [private(stage, "xujianing", f"发布 {number}") for number in range(1001, 1009)]
    )

    said = [private(stage, "chenhao", f"认领 {number}") for number in range(1001, 1005)]
    in_group = [
        Incoming("simulator", f"g{number}", "chenhao", "g-jinxiu-1", stage.clock.now(), "text", f"认领 {number}")
        for number in range(1005, 1009)
    ]
    submit_all(stage.database, stage.kit, [*said, *in_group])

    assert len(claims(stage)) == MOST


def test_the_whole_wing_works_on_both_databases(stage: Stage) -> None:
    stage.say("登记资源 轮椅一辆可以借", by="wutong")
    stage.say("心愿 想借一辆轮椅", by="liguifang")
    assert "可以问 吴桐" in stage.last("xujianing").text
    number = stage.last("liguifang").text.partition("编号 ")[2][:4]
    stage.say(f"发布 {number}", by="xujianing")
    assert number in stage.say("心愿墙", by="wutong")[0]
    stage.say(f"认领 {number}", by="wutong")
    stage.say(f"圆梦 {number}", by="wutong")
    stage.tap(stage.last("liguifang"), "圆梦了", by="liguifang")
    assert "1 件" in stage.say("我的服务", by="wutong")[0]
    stage.say("互助 借一把梯子", by="liguifang")
    stage.tap(stage.last("liguifang"), "发", by="liguifang")
    assert "借一把梯子" in stage.say("互助墙", by="wutong")[0]
    assert "资源 1 条" in stage.say("三张清单", by="xujianing")[0]
    stage.pass_time(days=9)
    assert "到期了" in stage.last("liguifang").text
