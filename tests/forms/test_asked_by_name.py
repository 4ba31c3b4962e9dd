"""吴桐报备了没有: staff look by name as they look by door, masked and written down; neighbours hear nothing."""

import pytest
from sqlalchemy import select

from storage import people
from storage.journal import entry
from tests.forms.speaking import GROUP, TRIP, WHO, said
from tests.stage import Stage


def kept(stage: Stage) -> Stage:
    said(stage, TRIP, "确认")
    return stage


def readings(stage: Stage) -> list[str]:
    with stage.database.reading() as session:
        rows = session.connection.execute(select(entry.c.detail).where(entry.c.act == "form_read"))
        return [detail for (detail,) in rows]


@pytest.mark.parametrize(
    "words",
    [
        "吴桐报备了没有",
        "吴桐报备了没得",
        "吴桐家报备了没",
        "吴桐有没有报备",
        "吴桐登记了没有？",
        "吴桐他们家报备了吗",
        "看下吴桐报备没得",
        "查一下吴桐报备了没有",
        "吴桐是不是报备了",
    ],
)
def test_staff_see_it_as_much_as_their_post_may(stage: Stage, words: str) -> None:
    told = kept(stage).say(words, by="hanmei")[0]

    assert "返乡来访" in told
    assert "成都" in told
    assert "联系电话：＊＊＊" in told
    assert "return 1001" in readings(stage)


def test_whoever_has_not_is_said_to_have_none(stage: Stage) -> None:
    assert "没有“李桂芳”的在期报备" in kept(stage).say("李桂芳报备了没有", by="hanmei")[0]
    assert "没有“王小明”的在期报备" in stage.say("王小明报备了没有", by="hanmei")[0]
    assert readings(stage) == []


def test_out_of_the_subtree_there_is_nothing(stage: Stage) -> None:
    assert "没有“吴桐”的在期报备" in kept(stage).say("吴桐报备了没有", by="sunlihua")[0]
    assert readings(stage) == []


def test_of_several_with_that_name_it_is_said(stage: Stage) -> None:
    kept(stage)
    with stage.database.transaction() as session:
        grid_id = people.by_identity(session, {("simulator", WHO)})["simulator", WHO].grid_id
        people.add_account(
            session, channel="simulator", external="other", name="吴桐", grid_id=grid_id, now=stage.clock.now()
        )
    told = stage.say("吴桐报备了没有", by="hanmei")[0]
    assert "叫“吴桐”的有 2 位" in told
    assert "1001 返乡来访，3栋2单元501室" in told
    stage.say("报备 返乡 12月4日从绵阳回来,三个人,住3栋1单元302,12月9日走", by="other", chat=GROUP)
    stage.say("跳过", by="other")
    stage.say("确认", by="other")
    told = stage.say("吴桐报备了没有", by="hanmei")[0]
    assert "1001 返乡来访，3栋2单元501室" in told
    assert "3栋1单元302室" in told


@pytest.mark.parametrize("words", ["吴桐报备了没有", "吴桐家报备了没得"])
def test_neighbours_hear_nothing_of_it(stage: Stage, words: str) -> None:
    told = kept(stage).say(words, by="liguifang")
    assert not any("501" in one or "成都" in one or "1001" in one for one in told)
    assert stage.say(words, by="liguifang", chat=GROUP) == []
    assert stage.say(words, by="hanmei", chat=GROUP) == []
    assert readings(stage) == []


@pytest.mark.parametrize(
    "words", ["大家报备了没有", "返乡的都报备了没有", "你们报备了吗", "快递报备了没有", "今天报备了没有"]
)
def test_who_is_nobody_is_looked_for_by_no_name(stage: Stage, words: str) -> None:
    assert not any("没有“" in one for one in kept(stage).say(words, by="hanmei"))
