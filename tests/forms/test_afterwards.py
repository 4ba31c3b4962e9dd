"""After a form is kept: mine, changed, taken back, ended."""

import msgspec
import pytest
from sqlalchemy import select

from storage import forms
from storage.forms import Filing
from storage.journal import entry
from tests.stage import Stage

DOG = "报备 养狗 一条泰迪 打过疫苗 3栋1单元302 没有犬证"
TRIP = "报备 12月3日从成都回来,两个人,住3栋2单元501,12月8日走"


def filing(stage: Stage, number: int) -> Filing:
    with stage.database.reading() as session:
        found = forms.by_number(session, number)
    assert found is not None
    return found


def answers(stage: Stage, number: int) -> dict[str, str]:
    return msgspec.json.decode(filing(stage, number).answers, type=dict[str, str])


def journalled(stage: Stage, act: str) -> list[str]:
    with stage.database.reading() as session:
        rows = session.connection.execute(select(entry.c.detail).where(entry.c.act == act)).scalars()
        return list(rows)


@pytest.fixture
def kept(stage: Stage) -> Stage:
    """A trip of Wu Tong's is kept as 1001."""
    stage.say(TRIP, by="wutong", chat="g-jinxiu-2")
    stage.say("确认", by="wutong")
    return stage


def test_the_only_one_of_mine_is_shown_whole(kept: Stage) -> None:
    heard = kept.say("我的报备", by="wutong")[0]

    assert heard.startswith("1001【返乡来访】留到12月15日")
    assert "哪天走：12月8日" in heard


def test_several_of_mine_are_listed_and_opened(kept: Stage) -> None:
    kept.say("报备 养狗", by="wutong")
    kept.say("我的报备", by="wutong")

    listed = kept.last("wutong")
    assert "1001 返乡来访：留到12月15日" in listed.text
    assert "1002 养犬登记：没填完" in listed.text
    assert "养了几条" in kept.tap(listed, "1002 养犬登记", by="wutong")[0]


def test_in_a_group_mine_stay_private(kept: Stage) -> None:
    assert kept.say("我的报备", by="wutong", chat="g-jinxiu-2") == ["已收到，接下来我私下跟您说。"]
    assert "哪天走" in kept.last("wutong").text


def test_changing_what_is_kept(kept: Stage) -> None:
    back = kept.say("修改 1001 几个人 3", by="wutong")[0]

    assert "几个人：3" in back
    assert answers(kept, 1001)["people"] == "2"
    assert kept.say("确认", by="wutong")[0].startswith("报备好了，编号 1001")
    assert answers(kept, 1001)["people"] == "3"
    assert journalled(kept, "form_edit") == ["return 1001"]


def test_a_change_that_is_dropped_changes_nothing(kept: Stage) -> None:
    kept.say("修改 1001 几个人 3", by="wutong")

    assert kept.say("取消", by="wutong") == ["好，没改，原来的还算数。"]
    assert answers(kept, 1001)["people"] == "2"


def test_a_later_end_moves_the_day_it_is_erased(kept: Stage) -> None:
    kept.say("修改 1001 哪天走 12月20日", by="wutong")
    kept.say("确认", by="wutong")

    assert "留到12月27日" in kept.say("我的报备", by="wutong")[0]


@pytest.mark.parametrize("words", ["撤回 1001", "撤回报备 1001", "撤回报备"])
def test_taking_it_back_erases_it(kept: Stage, words: str) -> None:
    assert "要撤回吗" in kept.say(words, by="wutong")[0]
    assert kept.say("撤了", by="wutong") == ["1001 已撤回，内容都删了。"]

    row = filing(kept, 1001)
    assert (row.state, row.answers, row.room) == ("withdrawn", "{}", "")
    assert journalled(kept, "form_withdraw") == ["return 1001"]


@pytest.mark.parametrize("words", ["撤回 1001", "修改 1001", "进度 1001"])
def test_nobody_touches_what_is_somebody_elses(kept: Stage, words: str) -> None:
    heard = kept.say(words, by="zhangdashan")[0]

    assert "1001" in heard
    assert "没有查到" in heard
    assert filing(kept, 1001).state == "kept"


def test_an_old_button_of_what_is_kept_says_so(kept: Stage) -> None:
    back = kept.hears("wutong")[-2]
    assert kept.tap(back, "确认", by="wutong")[0].startswith("1001 已经报备好了")


def test_before_its_end_somebody_is_asked_and_it_may_go_on(kept: Stage) -> None:
    heard = kept.pass_time(days=25)

    told = [one for one in heard if one.target == "wutong"]
    assert told[0].text == "您的“返乡来访”1001 到12月15日就到期了。还是这样吗？"
    assert "到期了，内容已经删除" in told[1].text
    row = filing(kept, 1001)
    assert (row.state, row.answers, row.building) == ("expired", "{}", "")


def test_what_still_holds_is_kept_longer_by_one_word(kept: Stage) -> None:
    kept.pass_time(days=25)
    kept.say("报备 养狗 一条泰迪 打过疫苗 3栋1单元302", by="wutong")
    kept.say("跳过", by="wutong")
    kept.say("确认", by="wutong")
    told = [one for one in kept.pass_time(days=352) if one.target == "wutong"]
    assert "还是这样吗" in told[0].text

    heard = kept.say("还是这样", by="wutong")[0]

    assert heard.startswith("好，1002 照旧")
    kept.pass_time(days=30)
    assert filing(kept, 1002).state == "kept"


def test_the_first_keeping_is_the_consent(kept: Stage) -> None:
    with kept.database.reading() as session:
        whys = session.connection.execute(select(entry.c.why).where(entry.c.act == "consent")).scalars().all()
    assert list(whys) == ["forms 1"]


def test_a_form_that_is_gone_is_said_to_be_gone(kept: Stage) -> None:
    kept.say("报备 养狗", by="wutong")
    number = 1002
    with kept.database.transaction() as session:
        session.run(forms.filing.update().where(forms.filing.c.number == number).values(form="nothing"))

    assert kept.say("接着填", by="wutong") == ["这张表现在不用填了。想报备别的，发“报备”。"]
