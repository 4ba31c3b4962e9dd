"""Five hundred people in the middle of the same form, with a restart in between; two taps at one instant."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import msgspec
import pytest
from sqlalchemy import func, select

from bot.batch import Batch
from bot.message import Incoming
from storage.database import Database
from storage.forms import filing
from storage.journal import entry
from storage.people import account
from tests.stage import Stage, settled_on, submit_all

PEOPLE = 500
GROUP = "g-jinxiu-2"


@pytest.fixture
def stage(database: Database) -> Stage:
    return settled_on(database)


def said(who: int) -> tuple[str, ...]:
    """What this neighbour says, message by message; everybody something else."""
    return (
        f"报备 12月{who % 28 + 1}日从重庆回来，1月3日走",
        f"{who % 9 + 1}",
        f"3栋{who % 3 + 1}单元{who % 30 + 1}0{who % 4 + 1}",
        f"138{who:08}",
        "确认",
    )


def incoming(stage: Stage, who: int, step: int, words: str, chat: str | None = None) -> Incoming:
    return Incoming("simulator", f"{who}-{step}", f"n{who}", chat, stage.clock.now(), "text", words)


def submitted(stage: Stage, messages: Sequence[Incoming]) -> None:
    """All of them at once, by a dispatcher and a database connection that live no longer than that."""
    own = Database(stage.database.url.render_as_string(hide_password=False))
    submit_all(own, stage.kit, messages)
    own.close()


def test_five_hundred_fill_the_same_form_and_no_answer_goes_astray(stage: Stage) -> None:
    for step in range(5):
        chat = GROUP if step == 0 else None
        submitted(stage, [incoming(stage, who, step, said(who)[step], chat) for who in range(PEOPLE)])

    with stage.database.reading() as session:
        joined = select(account.c.external, filing.c.state, filing.c.answers).join_from(
            filing, account, account.c.id == filing.c.account_id
        )
        rows = session.connection.execute(joined).all()
    assert len(rows) == PEOPLE
    for external, state, answers in rows:
        who = int(external[1:])
        assert state == "kept"
        assert msgspec.json.decode(answers, type=dict[str, str]) == {
            "arrive": f"2026-12-{who % 28 + 1:02}",
            "from": "重庆",
            "people": str(who % 9 + 1),
            "door": f"3-{who % 3 + 1}-{who % 30 + 1}0{who % 4 + 1}",
            "leave": "2027-01-03",
            "phone": f"138{who:08}",
        }


def test_two_confirmations_at_the_same_instant_keep_it_once(stage: Stage) -> None:
    stage.say("报备 12月3日从成都回来,两个人,住3栋2单元501,12月8日走", by="wutong", chat=GROUP)
    press = stage.last("wutong").press("确认")
    gate = Barrier(2)

    def tap(key: str) -> None:
        own = Database(stage.database.url.render_as_string(hide_password=False))
        message = Incoming("simulator", key, "wutong", None, stage.clock.now(), "press", press)
        gate.wait()
        with own.transaction() as session:
            Batch(stage.kit, session, [message]).handle(message)
        own.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(tap, ("one", "two")))

    with stage.database.reading() as session:
        kept = select(func.count()).select_from(entry).where(entry.c.act == "form_keep")
        assert session.one(int, kept) == 1
    told = [heard.text for heard in stage.hears("wutong")[-2:]]
    assert sorted(text[:6] for text in told) == sorted(["报备好了，编", "1001 已"])
