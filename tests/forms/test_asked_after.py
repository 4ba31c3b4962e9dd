"""独居平安's clock: asked on the days one chose; a good word ends it, silence brings the nearest leader, in private."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.batch import Batch
from storage.database import Database
from storage.journal import entry
from tests.concurrency.test_at_once import at_once
from tests.forms.speaking import answers, filed, said
from tests.stage import Heard, Stage, settled_on

WHO, LEADER, DEPUTY = "wutong", "hanmei", "wangyang"
MINE = ("独居平安 我自己 3栋2单元501 每天", "跳过", "女儿李梅13812345678", "确认")
MOTHERS = ("独居平安", "给我妈报,她住果园5号,有高血压,每周一三五", "女儿李梅13812345678", "确认")
ASKED = "您今天平安吗？"


@pytest.fixture
def kept(stage: Stage) -> Stage:
    """Kept on Monday morning, to be asked every day."""
    said(stage, *MINE)
    return stage


def questions(heard: list[Heard], who: str = WHO) -> list[str]:
    return [one.text for one in heard if one.target == who and "平安吗" in one.text]


def cards(heard: list[Heard]) -> list[str]:
    assert all(one.private for one in heard if "请您去看看" in one.text or "也请您看看" in one.text)
    return [one.target for one in heard if "请您去看看" in one.text or "也请您看看" in one.text]


def journalled(stage: Stage) -> list[str]:
    with stage.database.reading() as session:
        acts = session.connection.execute(
            select(entry.c.act).where(entry.c.detail == "alone 1001").order_by(entry.c.id)
        )
        return list(acts.scalars())


def test_who_kept_it_is_told_when_it_begins_and_is_asked_then(kept: Stage) -> None:
    assert "11月24日09:00起，我私下问平安" in kept.last(WHO).text
    heard = kept.pass_time(days=1)
    assert [one.split("回")[0] for one in questions(heard)] == [ASKED]
    assert cards(heard) == []


@pytest.mark.parametrize(
    "words",
    ["平安", "好着呢", "没事", "我今天好得很", "好着呢，刚吃了饭，你们放心", "1", "嗯", "没病没痛", "没摔，老样子"],
)
def test_a_good_word_ends_it(kept: Stage, words: str) -> None:
    kept.pass_time(days=1)
    assert kept.say(words, by=WHO) == ["好，知道您平安就放心了。11月25日再问您。"]
    assert cards(kept.pass_time(hours=20)) == []
    assert journalled(kept)[-2:] == ["form_call", "form_heard"]


@pytest.mark.parametrize("words", ["头有点晕", "不太好", "没事，就是脚杆痛", "没得人给我煮饭", "两天没吃饭了"])
def test_what_is_not_well_becomes_a_matter_of_the_nearest(kept: Stage, words: str) -> None:
    kept.pass_time(days=1)
    assert kept.say(words, by=WHO)[0].startswith("知道了，编号 1002，已经请微网格长韩梅来看")
    assert kept.matter(1002).category == "welfare"
    assert kept.matter(1002).room == "501"
    assert not any(words in one.text for one in kept.heard() if not one.private)


@pytest.mark.parametrize("words", ["摔了一跤", "起不来床了", "胸口痛"])
def test_what_is_dire_is_an_emergency(kept: Stage, words: str) -> None:
    kept.pass_time(days=1)
    assert "120" in kept.say(words, by=WHO)[0]
    assert kept.matter(1002).urgency == "emergency"
    assert cards(kept.pass_time(minutes=20)) == []


def test_a_tap_for_help_is_a_matter_at_once_and_takes_a_word_more(kept: Stage) -> None:
    kept.pass_time(days=1)
    assert "是哪里不好" in kept.tap(kept.last(WHO), "要人帮忙", by=WHO)[0]
    assert kept.say("没得药了", by=WHO) == ["这句话已补充到 1002。"]


def test_silence_brings_the_leader_then_the_deputy_once_each(kept: Stage) -> None:
    heard = kept.pass_time(hours=34)
    assert cards(heard)[:2] == [LEADER, DEPUTY]
    assert len(cards(heard)) == len(set(cards(heard)))
    assert "3栋2单元501室，吴桐。报了“独居平安”1001，11月24日09:00问平安，一直没回。" in kept.last(LEADER).text


def test_who_was_sent_hears_of_a_late_answer(kept: Stage) -> None:
    kept.pass_time(hours=30)
    kept.say("平安", by=WHO)
    assert kept.last(LEADER).text == "3栋2单元501室，吴桐：有回话了，平安，不用专门跑了。"


def test_a_leader_who_goes_keeps_the_deputy_quiet(kept: Stage) -> None:
    kept.pass_time(hours=30)
    kept.tap(kept.last(LEADER), "我去看看", by=LEADER)
    assert cards(kept.pass_time(hours=3)) == []
    assert "平安" in kept.tap(kept.last(LEADER), "平安，见到了", by=LEADER)[0]
    assert journalled(kept)[-2:] == ["form_going", "form_seen"]


def test_moved_or_dead_is_asked_again_before_it_ends(kept: Stage) -> None:
    kept.pass_time(hours=30)
    assert "真的搬走或者过世了吗" in kept.tap(kept.last(LEADER), "搬走或过世了", by=LEADER)[0]
    kept.tap(kept.last(LEADER), "是，不用再问", by=LEADER)
    assert questions(kept.pass_time(days=5)) == []


def test_nobody_else_may_answer_for_it(kept: Stage) -> None:
    kept.pass_time(hours=30)
    card = kept.last(LEADER)
    assert kept.does("press", card.press("平安，见到了"), by="lilei")[0].text == "没有查到报备 1001，请核对编号。"
    assert filed(kept).step


@pytest.mark.parametrize("words", ["莫天天问了", "别问了", "我搬到女儿屋头住了"])
def test_a_word_stops_it(kept: Stage, words: str) -> None:
    kept.pass_time(days=1)
    assert "不再问" in kept.say(words, by=WHO)[0] or "以后不问了" in kept.last(WHO).text
    assert questions(kept.pass_time(days=9)) == []
    assert filed(kept).state == "kept"


@pytest.mark.parametrize(
    "line", [("撤回 1001", "撤了"), ("撤回同意", "收回"), ("我不同意了", "收回"), ("不想你们存我的信息了", "收回")]
)
def test_it_ends_with_the_filing(kept: Stage, line: tuple[str, ...]) -> None:
    said(kept, *line)
    assert filed(kept).state == "withdrawn"
    heard = kept.pass_time(days=9)
    assert questions(heard) == []
    assert cards(heard) == []


def test_it_ends_with_its_term(kept: Stage) -> None:
    with kept.database.transaction() as session:
        session.connection.exec_driver_sql("UPDATE filing SET answers = replace(answers, 'daily', 'weekly')")
    kept.pass_time(days=400)
    assert filed(kept).state == "expired"
    assert questions(kept.pass_time(days=15)) == []


def test_after_a_standstill_it_is_asked_once_and_by_day(kept: Stage) -> None:
    kept.clock.move_to(kept.clock.now() + timedelta(days=4, hours=14))
    kept.tick()
    heard = kept.pass_time(hours=11)
    assert len(questions(heard)) == 1
    assert cards(heard) == []


def test_who_answered_during_a_standstill_is_not_looked_for(kept: Stage) -> None:
    kept.pass_time(days=1)
    kept.clock.move_to(kept.clock.now() + timedelta(hours=9))
    before = kept.heard()[-1].id
    kept.tick()
    kept.say("平安", by=WHO)
    kept.pass_time(hours=4)
    assert cards(kept.heard(before)) == []


def test_two_processes_ask_once(database: Database) -> None:
    stage = settled_on(database)
    said(stage, *MINE)
    stage.clock.move_to(stage.clock.now() + timedelta(days=1))

    def tick(database: Database) -> int:
        with database.transaction() as session:
            return Batch(stage.kit, session, ()).tick()

    at_once(tick, tick, tick, on=stage.database)
    assert len(questions(stage.heard())) == 1


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("每周一三五打个电话", "135"),
        ("星期二和星期四", "24"),
        ("周末", "67"),
        ("隔天问一下", "1357"),
        ("每周三次", "135"),
        ("每周一次", "weekly"),
        ("一周两次", "twice"),
        ("天天", "daily"),
    ],
)
def test_days_of_the_week_are_understood(stage: Stage, words: str, days: str) -> None:
    said(stage, "独居平安", "我自己", "3栋2单元501", words)
    assert answers(stage)["often"] == days


def test_for_a_mother_elsewhere_her_door_her_illness_and_whoever_filed_is_asked(stage: Stage) -> None:
    said(stage, "报备 返乡 12月3日从成都回来,两个人,住3栋2单元501,12月8日走", "确认")
    told = said(stage, *MOTHERS)
    assert "我私下问您老人平安" in told
    mothers = answers(stage, 1002)
    assert (mothers["door"], mothers["often"], mothers["health"]) == ("--果园5号", "135", "有高血压")
    assert [one.split("？")[0] for one in questions(stage.pass_time(days=2))] == ["家里老人今天平安吗"]
    assert "已经请微网格长去看了" in stage.say("电话打不通", by=WHO)[0]
    assert "果园5号，吴桐家的老人" in stage.last("xiewenbing").text
    assert stage.say("联系上了,她睡着了没听到", by=WHO)[0].startswith("老人平安就好")
    assert "有回话了，平安" in stage.last("xiewenbing").text


def test_ones_own_beside_a_mothers_is_another(stage: Stage) -> None:
    said(stage, *MOTHERS)
    assert "是另一户的" in said(stage, "独居平安 给我自己")
    said(stage, "另报一份", "3栋2单元501", "每天", "跳过", "没得人", "没得电话", "确认")
    stage.pass_time(days=2)
    assert {answers(stage, number)["who"] for number in (1001, 1002)} == {"self", "parent"}
    assert "平安吗" in stage.say("平安", by=WHO)[-1]


def test_a_report_goes_its_own_way_and_is_a_sign_of_life(kept: Stage) -> None:
    kept.pass_time(days=1)
    assert kept.say("3栋2单元电梯又停了", by=WHO)[0].startswith("收到，编号 1002")
    assert cards(kept.pass_time(hours=12)) == []


@pytest.mark.parametrize("words", ["今天天气不错", "你是哪个", "平安吗"])
def test_what_says_neither_is_asked_again(kept: Stage, words: str) -> None:
    kept.pass_time(days=1)
    assert "平安吗" in kept.say(words, by=WHO)[0]
    assert cards(kept.pass_time(hours=7)) == [LEADER]


def test_nobody_is_asked_who_did_not_want_it(stage: Stage) -> None:
    said(stage, "独居平安 我自己 3栋2单元501", "不用问", "跳过", "女儿李梅13812345678", "确认")
    assert questions(stage.pass_time(days=9)) == []
