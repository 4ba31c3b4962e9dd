"""平战转换: asked step by step, agreed to by a second person, felt everywhere, nested clearly, over by itself."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from bot.catalog import Catalog
from bot.message import Incoming
from bot.settings import PROJECT
from bot.turn import Scene
from handlers.matters import rules
from handlers.matters.worktime import parse_limit
from handlers.people import duty
from handlers.people import modes as places
from storage import grids, modes, numbers
from storage.database import Database
from storage.grids import Grid
from storage.modes import DRAFT, STANDING, WAITING
from storage.people import account
from storage.posts import post
from storage.session import Session
from tests.stage import CHANNEL, Stage, settled_on, submit_all

HEAD, LEADER, STREET, DISTRICT, DISTRICT_2 = "linruoyun", "songminghui", "duwenbin", "shenliqun", "guxiaolan"
COMMUNITY, NEIGHBOUR, MICRO = "519901001001", "519901001002", "519901001001001002"
GROUP = "g-jinxiu-2"
ASKS = "战时 锦绣社区 24小时 区防汛指挥部3号令"


def number_in(text: str) -> int:
    return int(text.split("战时令 ")[1][:4])


def at_war(stage: Stage, words: str = ASKS, by: str = HEAD, second: str = LEADER) -> int:
    """The number of an order that two people have put in force."""
    number = number_in(stage.say(words, by=by)[0])
    stage.say(f"启动战时 {number}", by=by)
    assert "生效了" in stage.say(f"同意战时 {number}", by=second)[0]
    return number


def drilled(stage: Stage, words: str = "战时演练 锦绣社区 30分钟 周例会", by: str = HEAD) -> int:
    number = number_in(stage.say(words, by=by)[0])
    assert stage.say(f"启动战时 {number}", by=by)[0].startswith("【演练】")
    return number


def mode_of(stage: Stage, code: str) -> str:
    with stage.database.reading() as session:
        return places.mode_at(scene(stage, session), grid(session, code))


def scene(stage: Stage, session: Session) -> Scene:
    kit = stage.kit
    return Scene(session, stage.clock.now(), kit.catalog, kit.settings, paces=kit.paces)


def grid(session: Session, code: str) -> Grid:
    found = grids.by_code(session, code)
    assert found is not None
    return found


def change_posts(stage: Stage, name: str, **values: object) -> None:
    """Somebody's posts are other ones from now on."""
    with stage.database.transaction() as session:
        person = select(account.c.person_id).where(account.c.external == name).scalar_subquery()
        session.run(update(post).where(post.c.person_id == person).values(**values))
        session.organization_changed()


def test_what_is_missing_is_asked_one_thing_at_a_time(stage: Stage) -> None:
    assert "哪个网格" in stage.say("战时", by=HEAD)[0]
    assert "谁下的令" in stage.tap(stage.last(HEAD), "锦绣社区", by=HEAD)[0]
    asked = stage.say("区防汛指挥部3号令", by=HEAD)[0]
    assert "管到什么时候" in asked
    shown = stage.tap(stage.last(HEAD), "24小时", by=HEAD)[0]

    for part in ("还没生效", "8 个网格", "760 人", "5 个居民群", "区防汛指挥部3号令", "11月24日09:30", "3 个工作群"):
        assert part in shown
    assert mode_of(stage, MICRO) == "peace"


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("战时 锦绣社区 到明天早上8点 区防指", "11月24日08:00"),
        ("战时 519901001001，区防指，3天", "11月26日09:30"),
        ("战时 锦绣社区 区防指 到12月1日18点", "12月1日18:00"),
        ("战时 锦绣社区 今晚12点为止 区防指", "11月24日00:00"),
        ("战时 锦绣社区 两天 区防指", "11月25日09:30"),
    ],
)
def test_one_sentence_is_enough_in_any_order(stage: Stage, words: str, until: str) -> None:
    shown = stage.say(words, by=HEAD)[0]

    assert f"到：{until}" in shown
    assert "依据：区防指" in shown


@pytest.mark.parametrize("words", ["昨天", "1分钟", "40天", "看情况"])
def test_an_end_that_cannot_be_is_asked_again(stage: Stage, words: str) -> None:
    stage.say("战时 锦绣社区 区防指", by=HEAD)

    assert "15 天以内" in stage.say(words, by=HEAD)[0]


def test_never_mind_leaves_the_question(stage: Stage) -> None:
    stage.say("战时 锦绣社区", by=HEAD)
    stage.say("算了", by=HEAD)

    assert "启动战时" not in "".join(stage.say("24小时", by=HEAD))


def test_it_holds_only_after_somebody_else_has_agreed(stage: Stage) -> None:
    number = number_in(stage.say(ASKS, by=HEAD)[0])
    assert "等另一位同意" in stage.say(f"启动战时 {number}", by=HEAD)[0]
    assert mode_of(stage, MICRO) == "peace"
    asked = stage.last(LEADER)
    assert "区防汛指挥部3号令" in asked.text
    assert "760 人" in asked.text

    assert "要另外一位" in stage.say(f"同意战时 {number}", by=HEAD)[0]
    assert "没有查到" in stage.say(f"同意战时 {number}", by="zhoujianhua")[0]
    assert "没有查到" in stage.say(f"同意战时 {number}", by="chenhao")[0]
    assert mode_of(stage, MICRO) == "peace"
    stage.say(f"同意战时 {number}", by=LEADER)

    assert mode_of(stage, MICRO) == "war"
    assert mode_of(stage, NEIGHBOUR) == "peace"
    assert "生效了" in stage.last(HEAD).text
    told = {heard.target for heard in stage.heard() if "锦绣社区转战时" in heard.text}
    assert told == {"w-jinxiu", "w-jinxiu-1", "w-jinxiu-2"}
    assert "已经生效了" in stage.say(f"同意战时 {number}", by=STREET)[0]


def test_a_lower_post_cannot_agree_to_a_higher_ones_order(stage: Stage) -> None:
    number = number_in(stage.say(ASKS, by=DISTRICT)[0])
    stage.say(f"启动战时 {number}", by=DISTRICT)

    assert "定不了" in stage.say(f"同意战时 {number}", by=HEAD)[0]
    assert not stage.hears(LEADER)
    assert "同意战时" in stage.last(DISTRICT_2).text


def test_a_no_says_why_and_nothing_happens(stage: Stage) -> None:
    number = number_in(stage.say(ASKS, by=HEAD)[0])
    stage.say(f"启动战时 {number}", by=HEAD)
    stage.say(f"不同意战时 {number} 雨已经停了", by=LEADER)

    assert "雨已经停了" in stage.last(HEAD).text
    assert "不能这样办" in stage.say(f"同意战时 {number}", by=STREET)[0]
    assert mode_of(stage, MICRO) == "peace"


def test_without_an_answer_the_level_above_is_asked_and_at_last_it_lapses(stage: Stage) -> None:
    number = number_in(stage.say(ASKS, by=HEAD)[0])
    stage.say(f"启动战时 {number}", by=HEAD)
    stage.pass_time(minutes=6)
    assert f"同意战时 {number}" in stage.last(STREET).text
    assert not stage.hears(DISTRICT)
    stage.pass_time(minutes=6)
    assert f"同意战时 {number}" in stage.last(DISTRICT).text

    stage.pass_time(hours=7)
    assert "已作废" in stage.last(HEAD).text
    assert "不能这样办" in stage.say(f"同意战时 {number}", by=STREET)[0]


WORDS = [
    "启动战时",
    "启动",
    "启动战",
    "起动战时",
    "启动战时吧",
    "好的",
    "确定",
    "可以，启动",
    "同意",
    "同意战",
    "统一战时",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=st.sampled_from(WORDS), suffix=st.sampled_from(["", " 号", " 一千零一", "!", "？"]), agreeing=st.booleans())
def test_no_fuzzy_or_partial_word_puts_it_in_force(stage: Stage, word: str, suffix: str, agreeing: bool) -> None:
    number = number_in(stage.say(ASKS, by=HEAD)[0])
    who = HEAD
    if agreeing:
        stage.say(f"启动战时 {number}", by=HEAD)
        who = LEADER
    before = len(stage.heard())
    stage.say(word + suffix, by=who)

    with stage.database.reading() as session:
        assert modes.get(session, number).state == (WAITING if agreeing else DRAFT)
    assert not any(heard.target.startswith("w-") for heard in stage.heard()[before:])


def test_a_vague_yes_hears_the_exact_words_once(stage: Stage) -> None:
    number = number_in(stage.say(ASKS, by=HEAD)[0])

    assert f"启动战时 {number}" in stage.say("好的，启动吧", by=HEAD)[0]
    assert mode_of(stage, MICRO) == "peace"


@pytest.mark.parametrize("who", ["zhoujianhua", "hanmei", "hanlixin", "guanliyuan"])
def test_who_may_not_cannot_even_begin(stage: Stage, who: str) -> None:
    assert "请找您的上级" in stage.say(ASKS, by=who)[0]


def test_among_neighbours_nothing_is_said_about_it(stage: Stage) -> None:
    assert stage.say("战时状态", by="chenhao", chat=GROUP) == []
    assert stage.say(ASKS, by="chenhao", chat=GROUP) == []
    assert stage.say(ASKS, by="hanmei", chat=GROUP) == []
    assert "私聊我" in stage.last("hanmei").text


def test_at_war_new_matters_run_on_shorter_clocks_and_say_so(stage: Stage) -> None:
    stage.say("楼道里的灯坏了", by="chenhao", chat=GROUP)
    slow = int(stage.last(GROUP, group=True).text.split("号")[0][-4:])
    at_war(stage)

    heard = stage.say("3栋1单元门口垃圾好几天没人收了", by="liguifang", chat=GROUP)[0]

    assert heard.startswith("【战时】收到")
    quick = stage.matter(int(heard.split("收到，")[1][:4]))
    assert quick.accept_by is not None
    assert quick.accept_by - stage.clock.now() <= timedelta(minutes=30)
    assert stage.matter(slow).accept_by != quick.accept_by
    assert "战时" in quick.route
    assert stage.last("hanmei").text.startswith("【战时】")


def test_at_war_the_station_head_comes_right_after_the_owner(stage: Stage) -> None:
    at_war(stage)
    stage.say("3栋2单元电梯又停了", by="chenhao", chat=GROUP)

    stage.pass_time(minutes=16)

    assert "还没有动静" in stage.last(HEAD).text
    assert not stage.hears("zhoujianhua")


def test_in_peace_the_grid_leader_comes_first(stage: Stage) -> None:
    stage.say("3栋2单元电梯又停了", by="chenhao", chat=GROUP)

    stage.pass_time(minutes=46)

    assert stage.hears("zhoujianhua")


def test_an_emergency_is_answered_at_once_in_every_mode_and_the_head_is_rung(stage: Stage) -> None:
    at_war(stage)

    assert "119" in stage.say("3栋着火了快来人", by="chenhao", chat=GROUP)[0]
    assert "【紧急】" in stage.last(HEAD).text


def test_posts_for_war_come_on_duty_and_posts_for_peace_go(stage: Stage) -> None:
    change_posts(stage, "hanmei", mode="peace")
    change_posts(stage, "liangxiuying", mode="war")

    def roles() -> set[str]:
        with stage.database.reading() as session:
            return {seat.role for seat in duty.over(scene(stage, session), grid(session, MICRO)).seats}

    assert "mediator" not in roles()
    number = at_war(stage)
    assert "mediator" in roles()
    assert "您现在上岗" in stage.last("liangxiuying").text
    assert "您先歇下" in stage.last("hanmei").text
    with stage.database.reading() as session:
        on_duty = duty.over(scene(stage, session), grid(session, MICRO)).seats
    assert not any(seat.external == "hanmei" for seat in on_duty)

    stage.tap(stage.does("text", f"解除战时 {number}", by=HEAD)[-1], "现在解除", by=HEAD)
    assert "您现在上岗" in stage.last("hanmei").text
    assert "mediator" not in roles()


def test_it_lapses_by_itself_with_a_report_from_the_journal(stage: Stage) -> None:
    number = at_war(stage)
    stage.say("3栋2单元电梯又停了", by="chenhao", chat=GROUP)
    matter = int(stage.last(GROUP, group=True).text.split("收到，")[1][:4])
    stage.say("3栋着火了快来人", by="liguifang", chat=GROUP)
    stage.say(f"接单 {matter}", by="hanmei")
    stage.say(f"办结 {matter} 修好了", by="hanmei")

    stage.pass_time(hours=23, minutes=30)
    assert "到期，到时自己结束" in next(heard.text for heard in stage.hears(LEADER) if "到期" in heard.text)
    assert mode_of(stage, MICRO) == "war"
    stage.pass_time(minutes=31)

    assert mode_of(stage, MICRO) == "peace"
    report = next(heard.text for heard in stage.hears(HEAD) if "自己结束了" in heard.text)
    for part in (
        f"战时令 {number}",
        "共1天",
        "区防汛指挥部3号令",
        "新增 2 件（紧急 1 件），办结 1 件",
        "带队：站长林若云",
        "微网格长 8",
    ):
        assert part in report
    groups = [heard for heard in stage.heard() if heard.target == "w-jinxiu"]
    assert "恢复平时" in groups[-1].text
    assert "林若云" not in "".join(heard.text for heard in groups)


def test_it_is_over_at_its_end_even_if_no_timer_looked(stage: Stage) -> None:
    at_war(stage)
    stage.clock.move_to(stage.clock.now() + timedelta(hours=24))

    assert mode_of(stage, MICRO) == "peace"


def test_ending_one_order_leaves_the_other(stage: Stage) -> None:
    lower = at_war(stage)
    upper = at_war(stage, "战时 云溪区 3天 市防指5号令", by=DISTRICT, second=DISTRICT_2)
    assert f"已有战时令 {lower}" in next(one.text for one in stage.hears(DISTRICT) if "还没生效" in one.text)

    asked = stage.does("text", f"解除战时 {lower}", by=HEAD)[-1]
    assert f"战时令 {upper}" in asked.text
    assert "仍是战时" in asked.text
    assert f"战时令 {upper}（云溪区）还在" in stage.tap(asked, "现在解除", by=HEAD)[0]

    assert mode_of(stage, MICRO) == "war"
    assert "仍按战时办" in stage.last("w-jinxiu", group=True).text
    status = stage.say("战时状态", by=HEAD)[0]
    assert f"{upper} 云溪区" in status
    assert f"{lower} 锦绣社区" not in status
    assert "区值班沈立群下的" in status


def test_a_lower_post_ends_neither_a_higher_order_nor_one_from_above_on_its_own_place(stage: Stage) -> None:
    wide = at_war(stage, "战时 云溪区 3天 市防指5号令", by=DISTRICT, second=DISTRICT_2)
    here = at_war(stage, "战时 锦绣社区 2天 区防指", by=DISTRICT, second=DISTRICT_2)

    for number in (wide, here):
        assert "没有查到" in stage.say(f"解除战时 {number}", by="hanlixin" if number == here else "chenhao")[0]
    assert "同级或上级才能" in stage.say(f"解除战时 {here}", by=HEAD)[0]
    assert "同级或上级才能" in stage.say(f"延长战时 {here} 6小时", by=STREET)[0]
    stage.does("press", f"war_end_now {here}", by=HEAD)
    assert mode_of(stage, COMMUNITY) == "war"
    asked = stage.does("text", f"解除战时 {here}", by=DISTRICT_2)[-1]
    stage.tap(asked, "现在解除", by=DISTRICT_2)
    with stage.database.reading() as session:
        assert modes.get(session, here).state == modes.ENDED
        assert modes.get(session, wide).state == STANDING


def test_whoever_is_above_may_end_a_lower_order(stage: Stage) -> None:
    number = at_war(stage)
    asked = stage.does("text", f"解除战时 {number}", by=STREET)[-1]

    assert "解除了" in stage.tap(asked, "现在解除", by=STREET)[0]
    assert mode_of(stage, MICRO) == "peace"
    assert f"战时令 {number} 解除了" in stage.last(LEADER).text
    assert "不能这样办" in stage.say(f"解除战时 {number}", by=STREET)[0]


def test_it_can_be_made_longer_but_not_for_ever(stage: Stage) -> None:
    number = at_war(stage)

    assert "延长到什么时候" in stage.say(f"延长战时 {number}", by=HEAD)[0]
    longer = stage.say("6小时", by=HEAD)[0]
    assert "11月24日15:30" in longer
    asks = int(longer.split("（")[1][:4])
    assert "11月24日15:30" in stage.say(f"同意战时 {asks}", by=LEADER)[0]
    assert "11月24日15:30" in stage.last(HEAD).text
    assert "15 天" in stage.say(f"延长战时 {number} 30天", by=HEAD)[0]
    assert "比 11月24日15:30 晚" in stage.say(f"延长战时 {number} 到今天18点", by=HEAD)[0]
    stage.pass_time(hours=25)
    assert mode_of(stage, MICRO) == "war"
    stage.pass_time(hours=6)
    assert mode_of(stage, MICRO) == "peace"


def test_a_drill_needs_nobody_else_switches_nothing_and_reports_alike(stage: Stage) -> None:
    number = drilled(stage)

    assert mode_of(stage, MICRO) == "peace"
    assert stage.say("楼道里的灯坏了", by="chenhao", chat=GROUP)[0].startswith("收到")
    assert "【演练】" in stage.last("w-jinxiu", group=True).text
    assert f"【演练】{number} 锦绣社区" in stage.say("战时状态", by=HEAD)[0]
    stage.pass_time(minutes=31)
    report = next(heard.text for heard in stage.hears(HEAD) if "自己结束了" in heard.text)
    assert report.startswith(f"【演练】战时令 {number}")
    assert "新增 1 件" in report
    assert all("【演练】" in heard.text for heard in stage.hears("w-jinxiu", group=True))


def test_who_asks_how_it_stands_hears_what_is_theirs(stage: Stage) -> None:
    assert "都是平时" in stage.say("战时状态", by=HEAD)[0]
    assert "是平时" in stage.say("战时状态", by="chenhao")[0]
    at_war(stage)

    here = stage.say("战时状态", by="hanmei", chat="w-jinxiu-1")[0]
    assert "锦绣社区" in here
    assert "林若云" not in here
    told = stage.say("战时状态", by="chenhao")[0]
    assert "是战时，到 11月24日09:30" in told
    assert "区防汛" not in told
    assert "都是平时" in stage.say("战时状态", by="hanlixin")[0]
    assert "锦绣社区" in stage.say("战时状态", by=DISTRICT)[0]


def test_at_war_nothing_waits_for_the_morning(stage: Stage) -> None:
    night = stage.clock.now().replace(hour=23, minute=0)
    at_war(stage)

    with stage.database.reading() as session:
        here, there = grid(session, MICRO), grid(session, NEIGHBOUR)
        now = scene(stage, session)
        assert not places.quiet(now, here, night)
        assert places.quiet_until(now, here, night) == night
        assert places.quiet(now, there, night)
        assert places.quiet_until(now, there, night) == night.replace(hour=8) + timedelta(days=1)
        after = night + timedelta(days=1)
        assert places.quiet(now, here, after)


def test_the_chain_of_help_shows_need_and_help_side_by_side(stage: Stage) -> None:
    stage.say("互助 缺一袋大米", by="liguifang")
    stage.tap(stage.last("liguifang"), "发", by="liguifang")
    stage.say("互助 多出两袋大米可以分", by="chenhao")
    stage.tap(stage.last("chenhao"), "发", by="chenhao")
    assert "可找" not in stage.say("互助链", by="zhoujianhua")[0]
    at_war(stage)

    told = stage.say("互助链", by="zhoujianhua", chat="w-jinxiu-1")[0]

    assert told.startswith("【战时】")
    need, offer = (heard.text.split("编号 ")[1][:4] for heard in (stage.last("liguifang"), stage.last("chenhao")))
    assert f"要 {need} 缺一袋大米" in told
    assert f"（可找 {offer}）" in told
    assert "李桂芳" not in told
    assert "【战时】" not in stage.say("互助链", by="hanlixin")[0]


def test_messages_pay_nothing_for_it(stage: Stage) -> None:
    def statements() -> int:
        seen: list[str] = []
        with listening(stage.database, seen):
            stage.say("今天天气不错", by="chenhao", chat=GROUP)
        return len(seen)

    statements()
    before = statements()
    at_war(stage)
    statements()
    assert statements() == before


@contextmanager
def listening(database: Database, seen: list[str]) -> Generator[None]:
    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", hear)
    yield
    event.remove(database.engine, "before_cursor_execute", hear)


def test_what_differs_at_war_names_roles_and_limits_that_there_are() -> None:
    catalog = Catalog(PROJECT / "templates" / "catalog")
    roles, war = catalog.roles, rules.ladder(catalog).war

    assert set(places.terms(catalog).leads) <= set(roles)
    assert any("switch" in role.deeds for role in roles.values())
    for limit in war.limit:
        for words in (limit.limits.accept, limit.limits.arrive, limit.limits.finish):
            parse_limit(words)
    for words in (*war.step.values(), *war.again.values()):
        parse_limit(words)


CODES = (
    "519901",
    "519901001",
    "519901002",
    COMMUNITY,
    NEIGHBOUR,
    "519901001001001",
    MICRO,
    "51990100200100100101",
)
BEGIN = st.tuples(st.just("begin"), st.sampled_from(CODES), st.integers(1, 48), st.booleans())
END = st.tuples(st.just("end"), st.integers(0, 9), st.just(0), st.booleans())
WAIT = st.tuples(st.just("wait"), st.integers(1, 20), st.just(0), st.booleans())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(BEGIN, END, WAIT), max_size=14))
def test_a_place_is_at_war_while_any_order_over_it_stands(
    stage: Stage, steps: list[tuple[str, object, int, bool]]
) -> None:
    now, numbers_given = stage.clock.now(), list[int]()
    stands: dict[int, tuple[str, datetime, bool]] = {}
    with taken_back(stage.database) as session:
        for kind, what, hours, drill in steps:
            if kind == "begin":
                until = now + timedelta(hours=hours)
                number = begun(session, str(what), now, until, drill=drill)
                stands[number] = (str(what), until, drill)
                numbers_given.append(number)
            elif kind == "wait":
                now += timedelta(hours=int(str(what)))
            elif numbers_given:
                number = numbers_given[int(str(what)) % len(numbers_given)]
                modes.change(session, number, (STANDING,), {"state": modes.ENDED, "ended_at": now})
                stands.pop(number, None)
            here = Scene(session, now, stage.kit.catalog, stage.kit.settings, paces=stage.kit.paces)
            for code in CODES:
                real = {
                    one
                    for one, (top, until, is_drill) in stands.items()
                    if not is_drill and code.startswith(top) and until > now
                }
                assert places.at_war(here, grid(session, code)) == bool(real)
                assert {one.number for one in places.orders_over(here, grid(session, code))} == real


@contextmanager
def taken_back(database: Database) -> Generator[Session]:
    """A transaction of which nothing stays."""
    with database.engine.connect() as connection:
        yield Session(connection)
        connection.rollback()


def begun(session: Session, code: str, since: datetime, until: datetime, *, drill: bool) -> int:
    row: dict[str, object] = {
        "number": numbers.give(session, "mode"), "grid_id": grid(session, code).id, "mode": "war", "drill": drill,
        "authority": "区防指", "state": DRAFT, "account_id": session.one(int, select(account.c.id).limit(1)),
        "post_id": session.one(int, select(post.c.id).limit(1)), "composed_at": since, "until": until, "ended_why": "",
    }  # fmt: skip
    order = modes.draft(session, row)
    modes.change(session, order.number, (DRAFT,), {"state": STANDING, "since": since})
    return order.number


OVER_MICRO = (HEAD, LEADER, STREET, "yaozhiyuan", DISTRICT, DISTRICT_2)
LEVEL = {HEAD: 2, LEADER: 2, STREET: 1, "yaozhiyuan": 1, DISTRICT: 0, DISTRICT_2: 0, "hanlixin": 9, "zhoujianhua": 9}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(by=st.sampled_from(OVER_MICRO), ends=st.sampled_from(tuple(LEVEL)))
def test_only_the_same_level_or_above_ends_it(stage: Stage, by: str, ends: str) -> None:
    number = drilled(stage, by=by)

    stage.does("press", f"war_end_now {number}", by=ends)

    with stage.database.reading() as session:
        ended = modes.get(session, number).state == modes.ENDED
    assert ended == (LEVEL[ends] <= LEVEL[by])


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_on_postgres_too_it_begins_is_felt_and_lapses(database: Database) -> None:
    stage = settled_on(database)

    test_it_lapses_by_itself_with_a_report_from_the_journal(stage)


def test_two_who_agree_at_once_put_it_in_force_once(database: Database) -> None:
    stage = settled_on(database)
    number = number_in(stage.say(ASKS, by=HEAD)[0])
    stage.say(f"启动战时 {number}", by=HEAD)

    said = [
        Incoming(CHANNEL, f"agree {who}", who, None, stage.clock.now(), text=f"同意战时 {number}")
        for who in (LEADER, STREET, DISTRICT)
    ]
    submit_all(stage.database, stage.kit, [*said, replace(said[0], key="again")])

    assert len([heard for heard in stage.heard() if heard.target == "w-jinxiu"]) == 1
    assert mode_of(stage, MICRO) == "war"


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("演练", "7 个预案"),
        ("动员", "7 个预案"),
        ("动员 1930", "没有这个待发的动员"),
        ("解除 1946", "1946"),
        ("解除", "哪一条"),
    ],
)
def test_whoever_put_it_in_force_is_answered_in_everything_else(stage: Stage, words: str, heard: str) -> None:
    at_war(stage, "战时 云溪区 24小时 区防指", by=DISTRICT_2, second=DISTRICT)

    for who in (DISTRICT_2, DISTRICT):
        assert heard in stage.say(words, by=who)[0]


def test_whoever_was_asked_and_did_not_answer_is_free_when_it_is_decided(stage: Stage) -> None:
    number = number_in(stage.say(ASKS, by=HEAD)[0])
    stage.say(f"启动战时 {number}", by=HEAD)
    stage.pass_time(minutes=6)
    stage.say(f"同意战时 {number}", by=STREET)

    assert stage.say("演练", by=LEADER)[0].startswith("【演练】")
    assert "收到" in stage.say("锦绣花园3栋1单元楼道灯坏了", by=LEADER)[0]


def test_a_report_beside_an_order_that_waits_is_a_report(stage: Stage) -> None:
    stage.say(ASKS, by=HEAD)

    assert "战时" not in stage.say("锦绣花园3栋1单元楼道灯坏了", by=HEAD)[0]


def test_another_command_beside_an_order_that_waits_is_that_command(stage: Stage) -> None:
    stage.say(ASKS, by=HEAD)

    assert "预案" in stage.say("动员", by=HEAD)[0]


def test_at_war_neighbours_hear_what_to_do_where_it_helps(stage: Stage) -> None:
    at_war(stage)

    assert stage.say("帮助", by="wangfang", chat=GROUP)[0].startswith("【战时】有危险先打 110、119、120")
    assert "战时日夜都有人接" in stage.say("锦绣花园3栋2单元楼道灯坏了", by="wangfang")[0]
