"""The conversation of a report's life over HTTP, by somebody who knows nothing but the simulator's contract."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.web import morning

PATIENCE_S = 10.0


class Town:
    """The demo as the contract shows it: JSON in, JSON out."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self.cast: dict[str, Any] = self.get("/simulator/cast")

    def get(self, path: str) -> Any:
        with urlopen(self.address + path, timeout=PATIENCE_S) as answer:  # noqa: S310 - our own server
            return json.load(answer)

    def post(self, path: str, **body: object) -> Any:
        call = Request(self.address + path, json.dumps(body).encode(), method="POST")  # noqa: S310 - our own server
        with urlopen(call, timeout=60) as answer:  # noqa: S310
            return json.load(answer)

    def says(self, user: str, chat: str = "private", **what: str) -> str:
        return self.post("/simulator/messages", chat=chat, user=user, **what)["id"]

    def advance(self, **seconds: float) -> None:
        self.post("/simulator/clock", advance_s=seconds["s"])

    def shown(self, chat: str = "private", user: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"/simulator/messages?after=0&chat={chat}&user={user}")["messages"]
        return [line for line in found if line["from"] == "bot"]

    def hears(self, words: str, chat: str = "private", user: str = "") -> dict[str, Any]:
        """The first line of the bot's there with these words; waits for it a little."""
        return self.wait(lambda: [line for line in self.shown(chat, user) if words in line["text"]])[0]

    def wait(self, look: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if found := look():
                return found
            time.sleep(0.05)
        raise AssertionError("nothing of the kind was heard")

    def taps(self, user: str, line: dict[str, Any], label: str) -> None:
        press = next(button["press"] for button in line["buttons"] if button["label"] == label)
        self.says(user, "private" if line["chat"] == "private" else line["chat"], press=press)

    def group(self) -> dict[str, Any]:
        """A residents' group with a leader, a deputy and two residents."""
        for chat in self.cast["chats"]:
            if chat["audience"] == "residents" and len(self.living(chat["grid"])) > 1 and self.leads(chat["grid"], 2):
                return chat
        raise AssertionError("the demo district has no such group")

    def living(self, grid: str) -> list[str]:
        return [one["id"] for one in self.cast["people"] if one["grid"] == grid and not one["posts"]]

    def leads(self, grid: str, order: int) -> str:
        """The account of whoever holds the first (or second) post of that grid."""
        held = [
            person["id"]
            for person in self.cast["people"]
            for post in person["posts"]
            if post["grid"] == grid and post["order"] == order and post["role"].endswith("_lead")
        ]
        return held[0] if held else ""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """The demo, started as its users start it, on a database of its own."""
    told = {
        "XIAOGE_DATABASE_URL": f"sqlite:///{tmp_path / 'demo.db'}",
        "XIAOGE_PHONES": str(tmp_path / "phones"),
        "XIAOGE_PORT": "0",
    }
    program = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"], env={**os.environ, **told}, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    words = program.stdout.readline()
    address = next(word for word in words.replace("，", " ").replace(",", " ").split() if word.startswith("http"))
    morning.begin(address)
    yield Town(address)
    program.terminate()
    assert program.wait(15) == 0
    program.stdout.close()


def test_a_report_from_first_word_to_rating(town: Town) -> None:
    chat = town.group()
    group, grid = chat["id"], chat["grid"]
    resident, neighbour = town.living(grid)[:2]
    leader, deputy = town.leads(grid, 1), town.leads(grid, 2)

    town.says(resident, group, text="大家早上好")
    town.says(resident, group, text="3栋2单元电梯又停了")
    noted = town.hears("收到", group)
    number = "".join(filter(str.isdigit, noted["text"].split("号")[0]))
    assert len(town.shown(group)) == 1

    town.says(neighbour, group, text="3栋2单元的电梯停了没人管吗")
    assert number in town.hears("已经报过", group)["text"]

    town.says(resident, group, photo="photo-1")
    town.hears(f"照片已补充到 {number}", group)

    card = town.hears(number, user=leader)
    assert next(button["label"] for button in card["buttons"]) == "接单"
    town.advance(s=3600)
    assert town.hears("还没有动静", user=deputy)

    town.taps(leader, card, "接单")
    town.hears("已接单", user=resident)
    town.hears("不用管了", user=deputy)
    town.says(leader, text="2", quote=str(card["n"]))
    town.hears("已到现场", user=resident)
    town.says(leader, text=f"办结{number} 换了门机")
    ask = town.hears("换了门机", user=resident)
    town.hears("换了门机", user=neighbour)

    town.taps(resident, ask, "没解决")
    town.says(resident, text="又停在一楼了")
    town.hears("没解决：又停在一楼了", user=leader)
    town.says(leader, text=f"办结 {number} 换了主板")
    again = town.hears("换了主板", user=resident)
    town.taps(resident, again, "解决了")
    rating = town.hears("打个分", user=resident)
    assert [button["label"] for button in rating["buttons"]] == ["好", "较好", "一般", "差"]
    town.taps(resident, rating, "好")
    town.hears("记下了：好", user=resident)
    town.says(resident, text=f"进度 {number}")
    assert "综合评价" in town.hears("已结案", user=resident)["text"]


def test_an_emergency_is_answered_in_the_same_turn(town: Town) -> None:
    chat = town.group()
    resident = town.living(chat["grid"])[0]

    town.says(resident, chat["id"], text="3栋2单元厨房着火了")

    told = town.hears("119", chat["id"])
    assert told["lane"] == "emergency"
    rung = town.wait(
        lambda: [line for line in town.get("/simulator/messages?after=0")["messages"] if line["lane"] == "emergency"][
            4:
        ]
    )
    assert rung
