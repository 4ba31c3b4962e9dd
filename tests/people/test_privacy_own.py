"""我的信息, 更正, 同意, 撤回同意, 删除: what is kept about somebody is theirs."""

import pytest
from sqlalchemy import func, select

from bot.clock import StillClock
from bot.settings import PROJECT
from handlers.people import codes
from storage import codes as stored
from storage import erasing, people, schema
from storage.database import Database
from storage.journal import entry
from storage.matters import addition, follower, matter
from storage.outbox import outgoing
from storage.people import Account, account
from tests.stage import CHANNEL, MORNING, Stage, kit, settle_district

GRID, GROUP = "519901001001001002", "g-jinxiu-2"
WHO = "huanghua"
GOES_ON = "事情照常给您办"


def account_of(stage: Stage, who: str = WHO) -> Account | None:
    with stage.database.reading() as session:
        return people.by_identity(session, [(CHANNEL, who)]).get((CHANNEL, who))


def scan_501(stage: Stage, who: str = WHO) -> None:
    """Live at 3-2-501, door and all."""
    with stage.database.transaction() as session:
        [(_, printed)] = codes.printed(session, stage.kit.settings, GRID, stage.clock.now())
    text = next(
        one.text for one in printed if (one.place.building, one.place.unit, one.place.room) == ("3", "2", "501")
    )
    stage.does("scan", text, by=who)
    stage.say("同意", by=who)


def room_of(stage: Stage, who: str = WHO) -> str | None:
    mine = account_of(stage, who)
    with stage.database.reading() as session:
        home = stored.home_of(session, mine.id) if mine else None
    return home.room if home else None


def close(stage: Stage, number: int, who: str = WHO) -> None:
    """The leader does it, the reporter agrees."""
    stage.say(f"接单 {number}", by="hanmei")
    stage.say(f"办结 {number} 已找过黄花本人", by="hanmei")
    stage.say(f"确认 {number}", by=who)


def everything_kept(stage: Stage) -> str:
    """Every cell of every table but the journal of sent words to others, as one text."""
    with stage.database.reading() as session:
        rows = [session.connection.execute(one.select()).all() for one in schema.METADATA.sorted_tables]
    return repr(rows)


def test_my_information_is_told_in_private_only(stage: Stage) -> None:
    scan_501(stage)
    stage.say("家里水管爆了", by=WHO)

    told = stage.say("我的信息", by=WHO)[0]
    assert all(words in told for words in (f"称呼：{WHO}", "3栋2单元501室", "报过 1 件事，1 件在办", "同意记的：门牌"))
    assert [label for label, _ in stage.last(WHO).buttons] == ["更正", "撤回同意", "删除"]
    for words in ("我的信息", "更正信息", "我的同意", "撤回同意"):
        assert stage.say(words, by=WHO, chat=GROUP) == ["您的信息请私聊问我，别在群里说。"]


def test_nothing_is_kept_of_whoever_only_asks(stage: Stage) -> None:
    assert stage.say("我的信息", by="stranger") == ["我这里没有留您的信息。"]
    assert stage.say("删除", by="stranger") == ["我这里没有留您的信息。"]
    assert account_of(stage, "stranger") is None


def test_the_register_is_shown_with_the_number_masked(stage: Stage) -> None:
    told = stage.say("我的信息", by="liguifang")[0]
    assert "花名册：李桂芳，电话 100****0069" in told


def test_a_wrong_name_is_put_right(stage: Stage) -> None:
    scan_501(stage)
    assert stage.say("更正信息", by=WHO)[0].startswith("哪一样不对？")
    assert stage.say("称呼", by=WHO) == ["我该怎么称呼您？说个名字，不用带数字。"]
    assert stage.say("黄阿姨", by=WHO) == ["好的，以后称呼您黄阿姨。"]
    assert "称呼：黄阿姨" in stage.say("我的信息", by=WHO)[0]


def test_correcting_without_a_matter_means_oneself_and_with_one_the_matter(stage: Stage) -> None:
    scan_501(stage)
    assert stage.say("更正", by=WHO)[0].startswith("哪一样不对？")
    stage.say("3栋2单元电梯停了", by=WHO)
    assert "地点" in stage.say("更正", by=WHO)[0]


def test_the_register_is_put_right_by_whoever_keeps_it(stage: Stage) -> None:
    stage.say("更正信息", by="liguifang")
    stage.tap(stage.last("liguifang"), "花名册", by="liguifang")

    assert "已转给" in stage.say("电话换了", by="liguifang")[0]
    assert "说花名册要更正：电话换了" in stage.last("hanmei").text


def test_a_home_is_forgotten_on_request(stage: Stage) -> None:
    scan_501(stage)
    stage.say("更正信息", by=WHO)
    assert stage.say("不记住处", by=WHO) == ["住处不记了。以后报事，说一下在几栋几单元就行。"]
    assert room_of(stage) is None


def test_a_consent_taken_back_leaves_the_service(stage: Stage) -> None:
    scan_501(stage)
    assert room_of(stage) == "501"

    assert GOES_ON in stage.say("撤回同意", by=WHO)[0]
    assert room_of(stage) == "501"
    assert GOES_ON in stage.tap(stage.last(WHO), "撤回同意", by=WHO)[0]
    assert room_of(stage) == ""
    assert "：3栋2单元" in stage.say("家里水管爆了", by=WHO)[0]
    assert stage.matter(1001).room is None
    assert GOES_ON in stage.say("撤回同意", by=WHO)[0]


@pytest.mark.parametrize("no", ["不撤，留着", "算了", "2"])
def test_a_consent_is_kept_by_whoever_thinks_better_of_it(stage: Stage, no: str) -> None:
    scan_501(stage)
    asked = stage.say("撤回同意", by=WHO)[0]

    assert asked.startswith("收回以后，您家的门牌号会删掉；您报过的事、填过的报备都留着")
    assert stage.say(no, by=WHO) == ["好，照旧留着。"]
    assert room_of(stage) == "501"


def test_a_late_yes_takes_no_consent_back(stage: Stage) -> None:
    scan_501(stage)
    stage.say("撤回同意", by=WHO)
    stage.say("今天天气好", by=WHO)
    stage.say("好", by=WHO)

    assert room_of(stage) == "501"


def test_consent_can_be_given_later_by_the_word_alone(stage: Stage) -> None:
    scan_501(stage)
    stage.say("撤回同意", by=WHO)
    stage.say("收回", by=WHO)

    told = stage.say("同意", by=WHO)[0]
    assert "门牌：您家的门牌号，上门办事找得到您" in told
    stage.tap(stage.last(WHO), "门牌", by=WHO)
    assert room_of(stage) == "501"


def test_every_yes_and_no_is_in_the_journal(stage: Stage) -> None:
    scan_501(stage)
    stage.say("撤回同意", by=WHO)
    stage.say("收回", by=WHO)
    with stage.database.reading() as session:
        acts = [row.act for row in session.connection.execute(select(entry).order_by(entry.c.id))]
    assert acts[-4:] == ["home", "consent", "home", "consent_refused"]


@pytest.mark.parametrize("answer", ["2", "算了"])
def test_deletion_is_asked_about_and_can_be_called_off(stage: Stage, answer: str) -> None:
    scan_501(stage)
    assert stage.say("删除", by=WHO)[0].endswith("确定删除吗？")
    assert stage.say(answer, by=WHO) == ["好的，不删，都照旧。"]
    assert account_of(stage) is not None


def test_an_old_button_deletes_nothing(stage: Stage) -> None:
    scan_501(stage)
    stage.say("删除", by=WHO)
    asked = stage.last(WHO)
    stage.pass_time(hours=2)

    assert stage.tap(asked, "确定删除", by=WHO)[0].endswith("确定删除吗？")
    assert account_of(stage) is not None
    assert stage.does("press", "erase_now", by=WHO, chat=GROUP) == []


def test_after_a_deletion_nothing_tells_who_it_was(stage: Stage) -> None:
    scan_501(stage)
    stage.say("家里水管爆了，我是黄花", by=WHO)
    stage.say("补充 1001 厨房里", by=WHO)
    close(stage, 1001)
    stage.say("4栋1单元电梯停了", by="neighbour", chat=GROUP)
    stage.say("4栋1单元电梯停了", by=WHO, chat=GROUP)

    stage.say("删除", by=WHO)
    assert stage.tap(stage.last(WHO), "确定删除", by=WHO) == ["已删除，您的信息都不留了。以后有事，随时再来说。"]

    assert account_of(stage) is None
    closed = stage.matter(1001)
    assert (closed.state, closed.text, closed.room, closed.result) == ("closed", "", None, "")
    assert (closed.category, closed.grid_id) != ("", None)
    with stage.database.reading() as session:
        left = session.one(int, select(func.count()).select_from(matter))
        erased = session.all(Account, select(account).where(account.c.external.startswith(erasing.GONE)))
        acts = [row.act for row in session.connection.execute(select(entry).order_by(entry.c.id))]
        assert session.first(Account, select(follower)) is None
        assert session.first(Account, select(addition)) is None
        last_words = session.connection.execute(select(outgoing.c.text).where(outgoing.c.target == WHO)).scalars().all()
    assert left == 2
    assert [(one.name, one.person_id) for one in erased] == [("", None)]
    assert acts[-1] == "erase"
    assert list(last_words) == ["已删除，您的信息都不留了。以后有事，随时再来说。"]
    assert stage.matter(1002).followers == 0
    kept = everything_kept(stage)
    assert all(words not in kept for words in ("黄花", "水管爆了", "厨房里"))


def test_whoever_was_deleted_starts_anew(stage: Stage) -> None:
    scan_501(stage)
    before = account_of(stage)
    stage.say("删除", by=WHO)
    stage.say("确定删除", by=WHO)

    stage.say("3栋2单元电梯停了", by=WHO, chat=GROUP)
    after = account_of(stage)
    assert before is not None
    assert after is not None
    assert after.id != before.id
    assert "报过 1 件事" in stage.say("我的信息", by=WHO)[0]


def test_what_is_under_way_is_asked_about_first(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=WHO, chat=GROUP)

    told = stage.say("删除", by=WHO)[0]
    assert "1001 3栋2单元" in told
    assert [label for label, _ in stage.last(WHO).buttons] == ["办完再删", "都撤回，现在删", "先不删"]


def test_everything_taken_back_the_leader_is_told_and_the_account_forgotten(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=WHO, chat=GROUP)
    stage.say("删除", by=WHO)

    assert "在办的 1 件会先撤回" in stage.say("2", by=WHO)[0]
    assert stage.say("1", by=WHO) == ["已删除，您的信息都不留了。以后有事，随时再来说。"]
    assert stage.matter(1001).state == "withdrawn"
    assert stage.last("hanmei").text == "1001 报事人已撤回，不用办了。谢谢您。"
    assert account_of(stage) is None


def test_a_neighbour_who_waits_for_the_same_goes_on_waiting(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=WHO, chat=GROUP)
    stage.say("3栋2单元电梯停了", by="neighbour", chat=GROUP)
    stage.say("删除", by=WHO)
    stage.say("都撤回,现在删", by=WHO)
    stage.say("确认删除", by=WHO)

    neighbour = account_of(stage, "neighbour")
    assert neighbour is not None
    assert (stage.matter(1001).account_id, stage.matter(1001).state) == (neighbour.id, "assigned")
    assert "报事人撤回了，还有邻居在等" in stage.last("hanmei").text


def test_deletion_can_wait_until_everything_has_ended(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=WHO, chat=GROUP)
    stage.say("删除", by=WHO)
    assert stage.say("1", by=WHO)[0].startswith("好的，事情都办完了我就删")
    stage.pass_time(hours=13)
    assert account_of(stage) is not None
    assert "办完我就删" in stage.say("我的信息", by=WHO)[0]

    close(stage, 1001)
    stage.pass_time(hours=13)
    assert stage.last(WHO).text == "已删除，您的信息都不留了。以后有事，随时再来说。"
    assert account_of(stage) is None


def test_whoever_holds_a_post_is_not_deleted_by_a_word(stage: Stage) -> None:
    assert stage.say("删除", by="hanmei") == ["您还有岗位在身，账号要先请管理员卸任，再来删除。"]
    assert stage.does("press", "erase_now", by="hanmei")[0].text.startswith("您还有岗位在身")


def test_neighbours_say_delete_among_themselves(stage: Stage) -> None:
    assert stage.say("删除", by=WHO, chat=GROUP) == []
    assert stage.say("同意", by=WHO, chat=GROUP) == []


def test_every_table_that_names_an_account_is_thought_of_when_one_is_erased() -> None:
    naming = {
        table.name: tuple(sorted(column.name for column in table.columns if _names_account(column)))
        for table in schema.METADATA.sorted_tables
    }
    assert {name: columns for name, columns in naming.items() if columns} == erasing.DEALT_WITH


def _names_account(column: object) -> bool:
    keys = getattr(column, "foreign_keys", ())
    return getattr(column, "name", "") == "account_id" or any(key.column.table.name == "account" for key in keys)


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_on_postgres_too_codes_consent_and_deletion_work(database: Database) -> None:
    clock = StillClock(MORNING)
    parts = kit(PROJECT / "templates", clock)
    settle_district(database, parts.catalog)
    stage = Stage(database, parts, clock)

    test_after_a_deletion_nothing_tells_who_it_was(stage)
    scan_501(stage, "another")
    for _ in range(6):
        stage.say("码 2222-2222", by="guesser")
    assert stage.last("guesser").text.startswith("试得有点多了")
    assert GOES_ON in stage.say("撤回同意", by="another")[0]


def test_what_is_wrong_can_be_said_instead_of_tapped(stage: Stage) -> None:
    stage.say("更正", by="wutong")
    assert stage.say("电话改成13900009999", by="wutong") == ["已转给微网格长韩梅核实更正。"]
    stage.say("更正", by="wutong")
    assert "扫一扫" in stage.say("我住6栋", by="wutong")[0]
    stage.say("取消", by="wutong")
    stage.say("更正", by="wutong")
    assert stage.say("以后叫我吴阿姨", by="wutong") == ["好的，以后称呼您吴阿姨。"]


def test_asked_what_is_wrong_a_fault_is_still_a_report(stage: Stage) -> None:
    stage.say("更正", by="wutong")
    assert stage.say("3栋2单元电梯停了", by="wutong")[0].startswith("收到，编号 1001")


def test_with_a_matter_open_it_is_said_that_nothing_can_be_got_back(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=WHO, chat=GROUP)

    assert "找不回来" in stage.say("删除", by=WHO)[0]
    assert "确定删除吗" in stage.say("都撤回,现在删", by=WHO)[0]


def test_a_bare_digit_some_talk_later_erases_nothing(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=WHO, chat=GROUP)
    stage.say("删除", by=WHO)
    stage.say("都撤回,现在删", by=WHO)
    stage.say("今天天气不错", by=WHO)

    assert stage.say("2", by=WHO) == ["好的，不删，都照旧。"]
    assert account_of(stage) is not None


@pytest.mark.parametrize("words", ["把我的资料都删了", "确认删除", "删掉我的信息"])
def test_deletion_is_asked_for_in_ones_own_words(stage: Stage, words: str) -> None:
    scan_501(stage)

    assert stage.say(words, by=WHO)[0].endswith("确定删除吗？")
    assert stage.say("确认删除", by=WHO) == ["已删除，您的信息都不留了。以后有事，随时再来说。"]


@pytest.mark.parametrize("words", ["1", "确认", "确定"])
def test_after_other_talk_a_digit_or_a_bare_yes_erases_nothing(stage: Stage, words: str) -> None:
    scan_501(stage)
    stage.say("删除", by=WHO)
    stage.say("今天天气不错", by=WHO)

    assert stage.say(words, by=WHO)[0].endswith("确定删除吗？")
    assert account_of(stage) is not None


def test_after_other_talk_the_full_words_and_the_button_still_erase(stage: Stage) -> None:
    for who, answer in ((WHO, ""), ("wutong", "确认删除")):
        scan_501(stage, who)
        stage.say("删除", by=who)
        asked = stage.last(who)
        stage.say("今天天气不错", by=who)
        told = stage.say(answer, by=who) if answer else stage.tap(asked, "确定删除", by=who)
        assert told == ["已删除，您的信息都不留了。以后有事，随时再来说。"]


def test_after_other_talk_a_digit_leaves_what_is_under_way(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=WHO, chat=GROUP)
    stage.say("删除", by=WHO)
    stage.say("今天天气不错", by=WHO)

    assert "1001 3栋2单元" in stage.say("1", by=WHO)[0]
    assert stage.say("1", by=WHO)[0].startswith("好的，事情都办完了我就删")
