"""Two at the same instant, and nonsense where an answer is awaited: nothing is doubled, and nothing breaks."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.message import Happening, Incoming
from storage import journal, notices
from storage.database import Database
from storage.stumbles import Stumble, stumble
from tests.notices.desk import GROUPS, HEAD, confirm, notice, wrote
from tests.stage import Stage, settled_on, submit_all

WAITS = (
    "发通知", "发通知 居民群 明天停水", "发布 1001", "更正 1001", "作废 1001", "停发 1001", "进展 1001", "补发 1001",
    "动员", "演练 防汛", "动员 1001", "收到", "来不了，让王五去", "增援 3人", "解除 1001",
    "摸排 家里几口人都好吗", "开始摸排 1001", "摸排进度 1001", "3楼全部平安", "结束摸排 1001",
    "战时", "战时 锦绣社区 街道1号令 到明天18点", "启动战时 1001", "同意战时 1001", "解除战时 1001",
    "排队安排", "排队安排 领物资 明天9点到11点", "发布排队 1001", "叫下一批 1001", "还剩谁 1001", "复盘 1001", "每周五下午3点 防溺水",
)  # fmt: skip
NONSENSE = (
    "", " ", "0", "9", "99999999999999999999", "-1", "1001", "{{ 7*7 }}", "{% for x in y %}", "<script>alert(1)</script>",
    "\u202e反过来\u202c", "\u200b\u200b", "🀄️" * 50, "楼" * 3000, "3楼" * 800, "到" * 500, "12月32号25点", "每周八", "从明天到昨天",
    "%s %d \\x00", "' OR 1=1 --", "1001 1002 1003", "\n\n\n", "发布", "是", "不", "，，，", "第0单元", "0栋0单元000", "全部全部全部平安",
)  # fmt: skip
SAYERS = (HEAD, "duwenbin", "hanmei", "wutong")


@pytest.fixture
def both(database: Database) -> Stage:
    return settled_on(database)


def incoming(stage: Stage, by: str, text: str, key: str, happening: Happening = "text") -> Incoming:
    return Incoming("simulator", key, by, None, stage.clock.now(), happening, text)


def test_a_confirmation_tapped_many_times_at_once_releases_once(both: Stage) -> None:
    number = wrote(both)
    press = confirm(both, number).buttons[0][1]

    taps = [incoming(both, HEAD, press, f"tap {at}", "press") for at in range(12)]
    submit_all(both.database, both.kit, [*taps, *taps])
    both.pass_time(seconds=2)

    assert notice(both, number).state == notices.GOING
    told = Counter(one.target for one in both.heard() if f"编号 {number}" in one.text and not one.private)
    assert {group: told[group] for group in GROUPS} == dict.fromkeys(GROUPS, 1)
    with both.database.reading() as session:
        assert sum(entry.act == "release" for entry in journal.of_matter(session, number)) == 1


def test_a_drill_begun_by_many_taps_at_once_calls_everybody_once(both: Stage) -> None:
    both.say("演练 防汛", by=HEAD)
    press = both.last(HEAD).buttons[0][1]
    number = int(press.split()[1])

    submit_all(both.database, both.kit, [incoming(both, HEAD, press, f"tap {at}", "press") for at in range(12)])
    both.pass_time(seconds=2)

    called = Counter(
        one.target for one in both.heard() if "【演练】" in one.text and one.private and one.target == "hanmei"
    )
    assert called["hanmei"] == 1
    with both.database.reading() as session:
        assert sum(entry.act == "release" for entry in journal.of_matter(session, number)) == 1


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(
        st.tuples(st.sampled_from(SAYERS), st.sampled_from(WAITS), st.sampled_from(NONSENSE), st.booleans()),
        min_size=1,
        max_size=3,
    )
)
def test_nonsense_where_an_answer_is_awaited_breaks_nothing(
    stage: Stage, said: list[tuple[str, str, str, bool]]
) -> None:
    """One stage for all examples: what was begun before stays, and makes it only worse."""
    for by, order, words, behind in said:
        stage.say(f"{order} {words}" if behind else order, by=by)
        stage.say(words, by=by)
    with stage.database.reading() as session:
        assert session.all(Stumble, select(stumble)) == []
