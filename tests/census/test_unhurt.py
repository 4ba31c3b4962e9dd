"""That nobody is hurt takes nothing back of what is broken."""

import pytest

from tests.census.test_census import GROUP, begun, done
from tests.stage import Stage


@pytest.mark.parametrize("chat", [GROUP, None])
@pytest.mark.parametrize(
    ("words", "of_what"),
    [
        ("我屋头停水了,人没得事", "水电气网"),
        ("我屋头停水了,人没得事,4栋2单元101", "水电气网"),
        ("4栋2单元101停电了，人都没事", "水电气网"),
        ("还好人没事，就是3栋的墙皮掉下来一大块", "安全隐患"),
        ("楼道灯坏了，没得人受伤", "公共设施"),
    ],
)
def test_what_is_broken_is_reported(stage: Stage, words: str, of_what: str, chat: str | None) -> None:
    said = stage.say(words, by="nb1" if chat else "liguifang", chat=chat)

    assert of_what in said[0]
    assert stage.matter(1001).text == words


@pytest.mark.parametrize("words", ["人没得事", "停水了没事", "昨天停水，现在没事了", "我没事，你们呢", "都平安就好"])
def test_what_is_over_or_only_talk_stays_so(stage: Stage, words: str) -> None:
    assert stage.say(words, by="nb1", chat=GROUP) == []


def test_in_a_census_it_is_counted_too(stage: Stage) -> None:
    number = begun(stage)

    assert "水电气网" in stage.say("我屋头停水了,人没得事,4栋2单元101", by="nb1", chat=GROUP)[0]
    assert done(stage, number).answered == 1


def test_it_joins_no_matter_of_another_kind_at_the_same_door(stage: Stage) -> None:
    stage.say("4栋2单元101的独居老人敲门没人应，几天没见了", by="nb2", chat=GROUP)
    first = stage.matter(1001)

    stage.say("我屋头停水了,人没得事,4栋2单元101", by="nb1", chat=GROUP)
    assert stage.matter(1002).category == "utilities" != first.category
