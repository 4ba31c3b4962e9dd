"""应急包, 我要电话树: whoever leads there gets a link to what was printed last; nobody else does."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.web.kit import Kits
from storage import kit
from storage.database import Database
from tests.stage import Stage, settled_on

HEAD, JINXIU = "linruoyun", "519901001001"


def printed(stage: Stage) -> None:
    """As if today's kit had been printed."""
    with stage.database.transaction() as session:
        kit.want(session, "2026-11-23", stage.clock.now())
        kit.done(session, "2026-11-23", stage.clock.now(), 3)


@pytest.mark.parametrize("words", ["应急包", "打印花名册", "我要电话树", "离线包", "锦绣社区的应急包在哪"])
def test_a_station_head_gets_a_link_to_the_newest(stage: Stage, words: str) -> None:
    printed(stage)

    said = stage.say(words, by=HEAD)[0]

    assert "11月23日09:30 印的" in said
    assert "锦绣社区：http" in said
    assert "望江" not in said


def test_before_the_first_one_is_printed_it_says_when(stage: Stage) -> None:
    assert "每天 05:30 印一份" in stage.say("应急包", by=HEAD)[0]


def test_a_leader_of_less_is_told_whom_to_ask_and_a_neighbour_nothing(stage: Stage) -> None:
    printed(stage)

    assert "跟您社区的站长要" in stage.say("应急包", by="lilei")[0]
    assert "http" not in "".join(stage.say("应急包", by="wangfang"))
    assert "http" not in "".join(stage.say("应急包", by=HEAD, chat="w-jinxiu"))


def test_the_district_names_the_community_it_means(stage: Stage) -> None:
    printed(stage)

    said = stage.say("应急包 望江社区", by="shenliqun")[0]

    assert said.count("http") == 1
    assert "望江社区：" in said


def test_the_link_opens_that_communitys_file_for_some_hours(sqlite_database: Database, tmp_path: Path) -> None:
    stage = settled_on(sqlite_database)
    printed(stage)
    for day, words in (("2026-11-22", b"old"), ("2026-11-23", b"new")):
        (tmp_path / day).mkdir()
        (tmp_path / day / f"{JINXIU} 锦绣社区.pdf").write_bytes(words)
    said = stage.say("应急包", by=HEAD)[0]
    found = urlsplit(said.split("锦绣社区：")[1].split()[0])
    settings = stage.kit.settings.model_copy(update={"kits": tmp_path})

    async def got(query: str) -> tuple[int, bytes]:
        app = web.Application()
        app.add_routes(Kits(stage.database, settings, stage.clock).routes())
        async with TestClient(TestServer(app)) as client, client.get(f"/kit?{query}") as answer:
            return answer.status, await answer.read()

    assert asyncio.run(got(found.query)) == (200, b"new")
    assert asyncio.run(got(found.query.replace("k=5", "k=6")))[0] == 403
    stage.pass_time(hours=3)
    assert asyncio.run(got(found.query))[0] == 403
