"""How far it has come: acknowledged per hop, the weakest first; 补发, 越级, and the doors that are left."""

from sqlalchemy import select

from handlers.notices import doors
from storage import reach
from storage.notices import receipt
from storage.outbox import outgoing
from storage.people import Household
from tests.codes.test_codes import code_of
from tests.notices.desk import GROUPS, HEAD, WATER, notice, released, told
from tests.stage import Stage

STAFF = f"居民群和工作人员 {WATER}"


def test_the_view_counts_hop_by_hop_and_names_the_slowest(stage: Stage) -> None:
    number = released(stage, STAFF)
    for who in ("xujianing", "zhoujianhua"):
        stage.tap(stage.last(who), "收到", by=who)
    stage.tap(stage.last("wulijuan"), "收到", by="wulijuan")

    shown = stage.say(f"{number} 到哪了", by=HEAD)[0]

    called = notice(stage, number).called
    assert f"工作人员：已到 {called}\n居民群：已到 5" in shown
    assert f"回了收到：3/{called}（社区 1/" in shown
    assert "网格 2/" in shown
    assert "最慢的：" in shown
    assert "锦绣花园1-2栋 0/" in shown
    assert shown == stage.say(f"进展 {number}", by=HEAD)[0] == stage.say(f"进度 {number}", by="duwenbin")[0]


def test_everybody_below_sees_their_own_part_and_a_neighbour_only_whether_it_holds(stage: Stage) -> None:
    number = released(stage, STAFF)

    assert "网格 0/" in stage.say(f"进展 {number}", by="zhoujianhua")[0]
    assert "社区" not in stage.say(f"进展 {number}", by="zhoujianhua")[0].partition("回了收到")[2]
    assert stage.say(f"进展 {number}", by="liguifang")[0].endswith("现在有效。")
    assert stage.say(f"进展 {number}", by="hanlixin")[0].endswith("现在有效。")


def test_received_is_said_by_button_word_number_or_quote_and_counted_once(stage: Stage) -> None:
    number = released(stage, STAFF)
    assert stage.say("收到", by="zhoujianhua") == [f"好，{number} 记下您收到了。"]
    assert stage.say("收到", by="zhoujianhua") == []
    assert stage.say(f"收到 {number} 已通知到每栋", by="wulijuan") == [f"好，{number} 记下您收到了。"]
    assert stage.say(f"{number} 收到", by="hejun") == [f"好，{number} 记下您收到了。"]
    assert stage.tap(stage.last("xujianing"), "收到", by="xujianing") == [f"好，{number} 记下您收到了。"]
    in_group = stage.last("g-jinxiu-1", group=True)
    assert stage.say("收到", by="liguifang", chat="g-jinxiu-1") == []
    assert stage.say("收到", by="liguifang", chat="g-jinxiu-1", quote=in_group) == []
    assert stage.tap(in_group, "收到", by="wutong") == []

    shown = stage.say(f"进展 {number}", by=HEAD)[0]
    assert f"回了收到：4/{notice(stage, number).called}" in shown
    assert "居民回了收到：2 位" in shown
    with stage.database.reading() as session:
        words = session.connection.execute(select(receipt.c.answer).where(receipt.c.answer != "")).scalars().all()
    assert list(words) == ["已通知到每栋"]


def test_again_reminds_those_missing_tells_newcomers_and_nobody_twice(stage: Stage) -> None:
    number = released(stage, STAFF)
    stage.say("收到", by="zhoujianhua")
    stage.does("joined", by="zhoujianhua", chat="g-new")
    stage.say("解绑", by="zhoujianhua", chat="g-jinxiu-1")
    stage.say("绑定 519901001001001001 居民群", by="zhoujianhua", chat="g-new")
    missing = notice(stage, number).called - 1

    asked = stage.does("text", f"补发 {number}", by=HEAD)[0]
    assert f"还没回收到的 {missing} 位会收到提醒" in asked.text
    assert "g-new" not in told(stage, number)
    stage.tap(asked, "补发给他们", by=HEAD)
    stage.pass_time(seconds=1)

    assert told(stage, number) >= {"g-new", *GROUPS}
    assert stage.last("wulijuan").text.startswith(f"提醒：{number} 明天8点到12点停水还等您回“收到”。")
    assert "提醒" not in stage.last("zhoujianhua").text
    with stage.database.reading() as session:
        groups = session.connection.execute(
            select(outgoing.c.target).where(outgoing.c.about == number, outgoing.c.target.in_(GROUPS), outgoing.c.lane == 3)
        ).scalars().all()  # fmt: skip
    assert sorted(groups) == sorted(GROUPS)


def test_again_tries_what_was_refused(stage: Stage) -> None:
    number = released(stage)
    with stage.database.transaction() as session:
        session.run(outgoing.update().where(outgoing.c.target == "g-jinxiu-1").values(state="refused"))
        reach.mark_gone(session, "simulator", "g-jinxiu-2", "kicked", stage.clock.now())
        session.run(outgoing.update().where(outgoing.c.target == "g-jinxiu-2").values(state="gone"))

    assert "已到 3，联系不上 1，没发成 1" in stage.say(f"进展 {number}", by=HEAD)[0]
    stage.tap(stage.does("text", f"补发 {number}", by=HEAD)[0], "补发给他们", by=HEAD)
    stage.pass_time(seconds=1)

    assert "已到 4，联系不上 1" in stage.say(f"进展 {number}", by=HEAD)[0]


def test_a_stuck_hop_is_gone_round_by_the_level_above(stage: Stage) -> None:
    number = released(stage, STAFF)
    assert stage.say(f"越级 {number}", by=HEAD) == [f"{number} 没有卡住的地方。"]
    for who in ("xujianing", "wulijuan", "hejun"):
        stage.say("收到", by=who)
    stage.pass_time(minutes=16)

    assert "处还没有一个人回" in stage.say(f"进展 {number}", by=HEAD)[0]
    asked = stage.does("text", f"越级 {number}", by=HEAD)[0]
    assert "卡在锦绣第一网格" in asked.text
    assert "没有一个人回" not in stage.last("xujianing").text
    stage.tap(asked, "请上级直接联系", by=HEAD)

    assert "锦绣第一网格到现在没有一个人回“收到”。请您直接联系那里的人" in stage.last("xujianing").text


def test_these_words_reach_others_only_with_a_number_and_the_right_post(stage: Stage) -> None:
    number = released(stage, STAFF)

    before = len(stage.heard())
    assert stage.say("补发", by=HEAD) == [
        "没有再发。要提醒还没回“收到”的，得原样回：补发 1001；请上一级直接联系，回：越级 1001。"
    ]
    assert len(stage.heard()) == before + 1
    assert stage.say(f"补发 {number}", by="hanlixin")[0].startswith("没有您能看的编号")
    assert stage.say(f"补发 {number}", by="zhoujianhua")[0].startswith("1001 是锦绣社区发的，补发、越级由那里来。")
    assert stage.say(f"越级 {number}", by="liguifang")[0].startswith("没有您能看的编号")


def test_doors_from_which_nobody_answered_come_in_walking_order_and_only_in_private(stage: Stage) -> None:
    number = released(stage, f"\n对象：居民群\n正文：{WATER}\n回执：要")
    stage.say(f"码 {code_of(stage, '3', '1', '101')}", by="newcomer")
    stage.say("同意", by="newcomer")
    stage.say(f"收到 {number}", by="newcomer")

    assert stage.say(f"没收到的户 {number}", by="hanmei", chat="g-jinxiu-2") == ["这件事请私聊我，或到工作群里说。"]
    listed = stage.say(f"没收到的户 {number}", by="hanmei")[0]

    assert "47 户没有人回收到" in listed
    assert "锦绣花园3-4栋：3-1-102、3-1-201" in listed
    assert stage.say(f"没收到的户 {number}", by="liguifang")[0].startswith("没有您能看的编号")


def test_walking_goes_by_numbers_not_by_letters() -> None:
    def door(building: str, unit: str, room: str) -> Household:
        return Household(id=0, grid_id=1, building=building, unit=unit, room=room)

    some = [
        door("10", "1", "101"),
        door("2", "2", "1001"),
        door("2", "2", "201"),
        door("A", "1", "1"),
        door("2", "1", "301"),
    ]

    ordered = [(one.building, one.unit, one.room) for one in sorted(some, key=doors.walking)]
    assert ordered == [("A", "1", "1"), ("2", "1", "301"), ("2", "2", "201"), ("2", "2", "1001"), ("10", "1", "101")]


def test_a_receipt_counts_only_from_those_it_was_for(stage: Stage) -> None:
    number = released(stage, f"居民群 {WATER}，需要回执")

    assert "没有发给您那里" in stage.say(f"收到 {number}", by="gaomin")[0]
    assert stage.say(f"收到 {number}", by="nb1", chat="g-wangjiang-1") == []
    assert "居民回了收到" not in stage.say(f"进展 {number}", by=HEAD)[0]

    stage.say(f"收到 {number}", by="nb2", chat="g-jinxiu-1")
    assert "居民回了收到：1 位" in stage.say(f"进展 {number}", by=HEAD)[0]
