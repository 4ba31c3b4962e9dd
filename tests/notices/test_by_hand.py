"""客户群: owners send a notice by hand; who has not is counted, shown, reminded and asked no more when it is stopped."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from storage import customers, grids
from storage.customers import CustomerWord, customer_word
from storage.people import account
from tests.census.test_census import begun
from tests.notices.desk import HEAD, WATER, confirm, released, wrote
from tests.stage import Stage

FIRST, SECOND, OTHER = "519901001001001001", "519901001001001002", "519901001001001003"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def have(stage: Stage, groups: Mapping[str, tuple[str, str, int]]) -> None:
    """These customer groups: (grid's code, owner, neighbours), by their ids."""
    with stage.database.transaction() as session:
        rows: list[Mapping[str, object]] = []
        for chat, (code, owner, residents) in groups.items():
            grid = grids.by_code(session, code)
            assert grid is not None
            rows.append(
                {
                    "chat": chat, "grid_id": grid.id, "owner": owner, "name": grid.name, "staff": 1,
                    "residents": residents, "by_square": 0, "seen_at": stage.clock.now(), "gone_at": None,
                }
            )  # fmt: skip
        customers.keep_groups(session, rows)
        session.run(update(account).where(account.c.external == "hanmei").values(channel="wecom", external="HanMei"))


@pytest.fixture
def crowded(stage: Stage) -> Stage:
    """Three groups of two owners."""
    have(stage, {"wr1": (FIRST, "LiLei", 80), "wr2": (FIRST, "LiLei", 40), "wr3": (SECOND, "HanMei", 60)})
    return stage


def asked(stage: Stage) -> list[str]:
    """Every owner gets the task for whatever may be given out now; the tasks that are new."""
    now, given = stage.clock.now(), list[str]()
    midnight = now.astimezone(stage.kit.settings.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    with stage.database.transaction() as session:
        while errand := customers.next_to_ask(session, now, day=midnight, tomorrow=midnight + timedelta(hours=32)):
            given.append(f"task {errand.ids[0]}")
            assert customers.asked(session, errand.ids, given[-1])
    return given


def sent(stage: Stage, *chats: str) -> None:
    """Their owners have confirmed."""
    with stage.database.transaction() as session:
        for word in session.all(CustomerWord, select(customer_word)):
            customers.settle(session, word.task, chats, customers.SENT, stage.clock.now())


def rung(stage: Stage) -> list[str]:
    """The tasks whose owners are to be reminded now."""
    found = list[str]()
    with stage.database.transaction() as session:
        while errand := customers.next_to_ring(session, stage.clock.now()):
            found.append(errand.owner)
    return found


def test_the_preview_says_that_owners_have_to_send_it(crowded: Stage) -> None:
    shown = crowded.say(f"发通知 居民群 {WATER}", by=HEAD)[-1]

    assert "5 个群、3 个客户群（群主点了才到）" in shown
    assert (
        "客户群：2 个网格 3 个群，居民 180 人。小格进不去，会请 2 位群主在企业微信里点“发送”，不点就到不了。" in shown
    )
    assert "客户群" not in crowded.say(f"发通知 工作人员 {WATER}", by=HEAD)[-1]


def test_the_last_button_counts_them(crowded: Stage) -> None:
    number = wrote(crowded)

    assert "发给锦绣社区8个群" in confirm(crowded, number).buttons[0][0]


def test_a_place_that_has_only_customer_groups_can_be_told(stage: Stage) -> None:
    for group in ("g-jinxiu-1", "g-jinxiu-2", "g-jinxiu-3"):
        stage.say("解绑", by="zhoujianhua", chat=group)
    have(stage, {"wr1": (FIRST, "LiLei", 80)})

    shown = stage.say(f"发通知 居民群 {WATER}", by="zhoujianhua")[-1]

    assert "1 个客户群（群主点了才到）" in shown
    assert "2 个网格没有居民群" in shown, "the grid with a customer group is none of them"


def test_who_has_not_sent_it_is_among_the_weak_links(crowded: Stage) -> None:
    number = released(crowded)
    assert len(asked(crowded)) == 2
    assert asked(crowded) == []
    sent(crowded, "wr1")

    shown = crowded.say(f"进展 {number}", by=HEAD)[0]

    assert "客户群（群主点了才到）：已发 1/3" in shown
    assert "还没点的群主：韩梅（锦绣花园3-4栋）、LiLei（锦绣花园1-2栋）" in shown
    assert crowded.say("哪些群主没点", by=HEAD)[0] == shown
    assert crowded.say("客户群发出去没", by=HEAD)[0] == shown
    sent(crowded, "wr1", "wr2", "wr3")
    assert "还没点" not in crowded.say(f"进展 {number}", by=HEAD)[0]


def test_the_second_notice_of_a_day_waits_for_the_next_and_says_so(crowded: Stage) -> None:
    released(crowded)
    asked(crowded)

    assert "3 个群今天的一条已经用掉，要等明早" in crowded.say("发通知 居民群 后天8点到12点停电，请留意", by=HEAD)[-1]
    number = released(crowded, "居民群 后天10点到12点停气，请留意")

    assert asked(crowded) == []
    assert "已发 0/3，3 个还没派给群主（一个群一天只许一条）" in crowded.say(f"进展 {number}", by=HEAD)[0]
    crowded.pass_time(hours=26)
    assert len(asked(crowded)) == 2


def test_owners_are_reminded_after_a_while_and_by_hand(crowded: Stage) -> None:
    number = released(crowded)
    asked(crowded)
    sent(crowded, "wr3")
    assert rung(crowded) == []

    crowded.pass_time(minutes=31)
    assert rung(crowded) == ["LiLei"]
    crowded.pass_time(minutes=60)
    assert rung(crowded) == []
    sure = crowded.does("text", f"补发 {number}", by=HEAD)[0]
    assert "还没点的群主由企业微信再催一次" in sure.text
    crowded.tap(sure, "补发给他们", by=HEAD)
    assert rung(crowded) == ["LiLei"]
    assert asked(crowded) == [], "nobody is given the same words twice"
    crowded.pass_time(hours=4)
    assert rung(crowded) == ["LiLei"]
    crowded.tap(crowded.does("text", f"补发 {number}", by=HEAD)[0], "补发给他们", by=HEAD)
    assert rung(crowded) == [], "the platform allows three"


def test_nobody_is_reminded_at_night_or_of_what_was_stopped(crowded: Stage) -> None:
    number = released(crowded)
    asked(crowded)
    crowded.say(f"停发 {number}", by=HEAD)
    crowded.pass_time(minutes=31)

    assert rung(crowded) == []
    with crowded.database.transaction() as session:
        taken_back = customers.next_to_cancel(session, crowded.clock.now())
    assert taken_back is not None


def test_an_owner_is_given_words_that_ask_for_no_answer_there(crowded: Stage) -> None:
    number = released(crowded, f"\n对象：居民群\n正文：{WATER}\n回执：要")

    with crowded.database.transaction() as session:
        errand = customers.next_to_ask(session, crowded.clock.now(), day=LONG_AGO, tomorrow=crowded.clock.now())
    assert errand is not None
    assert f"编号 {number}" in errand.text
    assert "收到" not in errand.text
    assert errand.text.endswith("扫门口的楼栋码跟小格说。")
    assert "看到请点“收到”" in crowded.last("g-jinxiu-1", group=True).text


def test_a_question_that_nobody_could_hear_answered_is_given_to_no_owner(crowded: Stage) -> None:
    begun(crowded)
    crowded.pass_time(seconds=1)

    assert any("【摸排" in one.text for one in crowded.heard() if one.target == "g-jinxiu-1")
    assert asked(crowded) == []


def test_what_is_corrected_is_given_to_owners_anew(crowded: Stage) -> None:
    number = released(crowded)
    asked(crowded)
    crowded.say(f"更正 {number} 后天8点到12点停水，请提前储水", by=HEAD)
    later = number + 1
    sure = confirm(crowded, later)
    crowded.tap(sure, sure.buttons[0][0], by=HEAD)
    crowded.pass_time(hours=26)

    assert len(asked(crowded)) == 2
    with crowded.database.transaction() as session:
        taken_back = customers.next_to_cancel(session, crowded.clock.now())
    assert taken_back is not None, "what no longer holds is asked of nobody"


def test_a_drill_of_words_for_staff_gives_owners_nothing(crowded: Stage) -> None:
    released(crowded, f"工作人员 {WATER}")

    assert asked(crowded) == []


@pytest.mark.parametrize("words", ["外卖没点", "群主今天不在", "群里发了没", "我没点到餐"])
def test_other_talk_is_no_question_about_owners(crowded: Stage, words: str) -> None:
    released(crowded)
    asked(crowded)

    assert not any("客户群" in said for said in crowded.say(words, by=HEAD))
