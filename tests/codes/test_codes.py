"""A code on the door says where somebody lives, and nobody has to write an address again."""

from datetime import timedelta

import pytest

from handlers.people import codes, signing
from storage import codes as stored
from storage import people
from storage.codes import Home
from tests.stage import CHANNEL, Stage

GRID, GROUP, STAFF = "519901001001001002", "g-jinxiu-2", "w-jinxiu-1"
REFUSED = "这个码用不了。请到门口再扫一次，或照着慢慢打；还不行就发“人工”。"
SLOWLY = "试得有点多了，先歇一小时。要报事，直接说在几栋几单元就行。"
KEPT = "记好了：锦绣花园3-4栋 3栋2单元501室。以后私聊报事、填表，不用再说地址。"
AT_UNIT = "记好了：锦绣花园3-4栋 3栋2单元。以后私聊报事，不用再说楼栋；填表再说一下房号就行。"


def code_of(stage: Stage, building: str, unit: str = "", room: str = "") -> str:
    """What is printed for this place."""
    with stage.database.transaction() as session:
        sheets = list(codes.printed(session, stage.kit.settings, GRID, stage.clock.now()))
    wanted = (building, unit, room)
    return next(
        one.text
        for _, all_of in sheets
        for one in all_of
        if (one.place.building, one.place.unit, one.place.room) == wanted
    )


def revoke(stage: Stage, text: str) -> None:
    with stage.database.transaction() as session:
        assert codes.revoke(session, stage.kit.settings, text, stage.clock.now()) is not None


def home(stage: Stage, who: str) -> Home | None:
    with stage.database.reading() as session:
        account = people.by_identity(session, [(CHANNEL, who)]).get((CHANNEL, who))
        return stored.home_of(session, account.id) if account else None


def at_501(stage: Stage, who: str) -> None:
    """Scan the door's code and say yes."""
    stage.does("scan", code_of(stage, "3", "2", "501"), by=who)
    assert stage.say("同意", by=who) == [KEPT]


def test_a_scanned_unit_code_is_enough_to_report_without_an_address(stage: Stage) -> None:
    told = stage.does("scan", code_of(stage, "3", "2"), by="newcomer")

    assert [one.text for one in told] == [AT_UNIT]
    assert "：3栋2单元电梯，公共设施。" in stage.say("电梯又停了", by="newcomer")[0]
    assert stage.matter(1001).building == "3"
    assert "3栋2单元" in stage.last("hanmei").text


def test_a_door_is_kept_only_after_a_yes_and_the_question_says_what_why_and_how_long(stage: Stage) -> None:
    asked = stage.does("scan", code_of(stage, "3", "2", "501"), by="newcomer")

    assert len(asked) == 1
    assert all(
        words in asked[0].text for words in ("门牌号", "上门办事", "留到您说不留为止", "撤回同意", "不同意也照常")
    )
    assert [label for label, _ in asked[0].buttons] == ["同意", "不同意"]
    kept = home(stage, "newcomer")
    assert kept is not None
    assert (kept.building, kept.unit, kept.room) == ("3", "2", "")

    assert stage.tap(asked[0], "同意", by="newcomer") == [KEPT]
    kept = home(stage, "newcomer")
    assert kept is not None
    assert kept.room == "501"


@pytest.mark.parametrize("answer", ["2", "不同意"])
def test_a_no_keeps_building_and_unit_and_the_service(stage: Stage, answer: str) -> None:
    stage.does("scan", code_of(stage, "3", "2", "501"), by="newcomer")

    assert stage.say(answer, by="newcomer") == ["好的，门牌不记，事情照常给您办。"]
    assert "3栋2单元电梯，" in stage.say("电梯又停了", by="newcomer")[0]
    again = stage.does("scan", code_of(stage, "3", "2", "501"), by="newcomer")
    assert [one.text for one in again] == [AT_UNIT]


def test_the_characters_can_be_typed_in_any_way(stage: Stage) -> None:
    text = code_of(stage, "3", "2")

    for at, words in enumerate(
        (f"码 {text}", f"码{text.lower()}", f"码 {text.replace('-', '')}", text, f"扫码 {text}")
    ):
        assert stage.say(words, by=f"newcomer{at}") == [AT_UNIT]


def test_asked_for_the_characters_they_may_come_alone(stage: Stage) -> None:
    assert stage.say("码", by="newcomer") == ["请把门口二维码下面的那几个字发给我，或者直接扫一扫。"]
    assert stage.say(code_of(stage, "3", "2").replace("-", " "), by="newcomer") == [AT_UNIT]


def test_a_link_may_carry_the_code(stage: Stage) -> None:
    link = f"https://example.org/start?code={code_of(stage, '3', '2')}"
    assert [one.text for one in stage.does("scan", link, by="newcomer")] == [AT_UNIT]


def test_inside_the_home_the_report_has_the_door_and_outside_it_has_not(stage: Stage) -> None:
    at_501(stage, "newcomer")

    assert "3栋2单元501室" in stage.say("家里水管爆了", by="newcomer")[0]
    assert stage.matter(1001).room == "501"
    stage.pass_time(minutes=20)
    stage.say("电梯又停了", by="newcomer")
    assert (stage.matter(1002).unit, stage.matter(1002).room) == ("2", None)
    stage.pass_time(minutes=20)
    stage.say("地下车库灯不亮", by="newcomer")
    assert (stage.matter(1003).building, stage.matter(1003).spot) == (None, "地下车库")


def test_what_the_words_name_counts_more_than_the_code(stage: Stage) -> None:
    at_501(stage, "newcomer")

    stage.say("4栋1单元电梯停了", by="newcomer")
    assert (stage.matter(1001).building, stage.matter(1001).unit, stage.matter(1001).room) == ("4", "1", None)
    stage.pass_time(minutes=20)
    stage.say("1单元门禁坏了", by="newcomer")
    assert (stage.matter(1002).building, stage.matter(1002).unit) == ("3", "1")


def test_for_somebody_else_ones_own_door_does_not_count(stage: Stage) -> None:
    at_501(stage, "newcomer")

    stage.say("帮王奶奶报一下 她家里停电了", by="newcomer")
    assert stage.matter(1001).building is None


def test_a_cry_for_help_brings_people_to_the_door(stage: Stage) -> None:
    at_501(stage, "newcomer")

    stage.say("着火了快来人", by="newcomer")
    assert (stage.matter(1001).building, stage.matter(1001).room) == ("3", "501")
    assert "3栋2单元501室" in stage.last("hanmei").text


def test_in_a_group_the_door_is_never_used_nor_said(stage: Stage) -> None:
    at_501(stage, "newcomer")

    told = stage.say("家里水管爆了", by="newcomer", chat=GROUP)
    assert stage.matter(1001).building is None
    assert not any("501" in text or "3栋" in text for text in told)


def test_scanned_in_a_group_the_group_hears_no_place_and_the_question_is_private(stage: Stage) -> None:
    told = stage.does("scan", code_of(stage, "3", "2", "501"), by="newcomer", chat=GROUP)

    assert [one.text for one in told] == ["记好了。以后私聊我报事，不用再说地址。"]
    assert "要不要记下您家的门牌号" in stage.last("newcomer").text
    assert stage.tap(stage.last("newcomer"), "同意", by="newcomer") == [KEPT]


def test_typed_in_a_group_a_code_is_not_taken(stage: Stage) -> None:
    told = stage.say(f"码 {code_of(stage, '3', '2')}", by="newcomer", chat=GROUP)

    assert told == ["门口的码请私聊发给我，别发在群里。"]
    assert home(stage, "newcomer") is None
    assert stage.say("码 明天再看", by="newcomer", chat=GROUP) == []


def test_forged_foreign_and_revoked_codes_are_refused_in_the_same_words(stage: Stage) -> None:
    good = code_of(stage, "3", "2")
    forged = good[:-1] + ("2" if good[-1] != "2" else "3")
    revoked = code_of(stage, "4", "1")
    revoke(stage, revoked)

    for at, text in enumerate((forged, signing.signed(1, "another deployment"), revoked, "building-3")):
        assert [one.text for one in stage.does("scan", text, by=f"newcomer{at}")] == [REFUSED]
        assert home(stage, f"newcomer{at}") is None


def test_guessing_is_slowed(stage: Stage) -> None:
    good = code_of(stage, "3", "2")

    for _ in range(5):
        assert stage.say("码 2222-2222", by="newcomer") == [REFUSED]
    assert stage.say(f"码 {good}", by="newcomer") == [SLOWLY]
    assert stage.say(f"码 {good}", by="somebody else") == [AT_UNIT]
    stage.clock.move_to(stage.clock.now() + timedelta(minutes=61))
    assert stage.say(f"码 {good}", by="newcomer") == [AT_UNIT]


def test_guesses_in_a_group_count_too(stage: Stage) -> None:
    for _ in range(5):
        stage.does("scan", "2222-2222", by="newcomer", chat=GROUP)
    assert stage.say(f"码 {code_of(stage, '3', '2')}", by="newcomer") == [SLOWLY]


def test_printing_again_gives_the_same_codes_and_a_revoked_one_a_new_one(stage: Stage) -> None:
    before, others = code_of(stage, "3", "2", "501"), code_of(stage, "3", "2", "502")
    assert code_of(stage, "3", "2", "501") == before
    revoke(stage, before)
    assert code_of(stage, "3", "2", "501") != before
    assert code_of(stage, "3", "2", "502") == others


def test_the_unit_code_at_the_entrance_takes_no_door_away(stage: Stage) -> None:
    at_501(stage, "newcomer")

    assert [one.text for one in stage.does("scan", code_of(stage, "3", "2"), by="newcomer")] == [KEPT]
    assert "4栋1单元" in stage.does("scan", code_of(stage, "4", "1"), by="newcomer")[0].text


def test_a_yes_without_a_code_keeps_no_door(stage: Stage) -> None:
    assert "请把门口二维码" in stage.does("press", "keep_door", by="newcomer")[0].text
    assert "请把门口二维码" in stage.does("press", "agree home keep_door", by="newcomer")[0].text
    assert home(stage, "newcomer") is None


def test_nobody_takes_a_tap_in_a_group_for_consent(stage: Stage) -> None:
    stage.does("scan", code_of(stage, "3", "2", "501"), by="newcomer")
    assert stage.does("press", "agree home keep_door", by="newcomer", chat=GROUP) == []
    kept = home(stage, "newcomer")
    assert kept is not None
    assert not kept.room


def test_without_the_door_nothing_is_promised_of_forms(stage: Stage) -> None:
    stage.does("scan", code_of(stage, "3", "2", "501"), by="newcomer")
    stage.say("不同意", by="newcomer")

    told = stage.say(f"码 {code_of(stage, '4', '1', '501')}", by="newcomer")

    assert "不用再说楼栋；填表再说一下房号" in told[0]


@pytest.mark.parametrize("between", [("今天天气不错",), ("进度", "我的信息")])
def test_a_yes_some_talk_later_is_still_about_the_door(stage: Stage, between: tuple[str, ...]) -> None:
    stage.does("scan", code_of(stage, "3", "2", "501"), by="newcomer")
    for words in between:
        stage.say(words, by="newcomer")

    assert stage.say("同意", by="newcomer") == [KEPT]


def test_a_code_that_will_not_open_is_looked_at_and_no_matter(stage: Stage) -> None:
    assert stage.say(f"门口那个码打不开 {code_of(stage, '3', '2').replace('-', ' ')}", by="newcomer") == [AT_UNIT]
    assert stage.say("门口那个码打不开 52RA NXYT", by="newcomer") == [REFUSED]


@pytest.mark.parametrize("words", ["要得", "好的", "可以", "对头", "好嘛", "要得要得", "同意", "行"])
def test_every_yes_is_a_yes_to_the_door(stage: Stage, words: str) -> None:
    stage.does("scan", code_of(stage, "3", "2", "501"), by="newcomer")

    assert stage.say(words, by="newcomer") == [KEPT]


@pytest.mark.parametrize("words", ["不用了", "要不得", "算了", "不愿意", "莫记", "不同意"])
def test_every_no_is_a_no_to_the_door(stage: Stage, words: str) -> None:
    stage.does("scan", code_of(stage, "3", "2", "501"), by="newcomer")

    assert stage.say(words, by="newcomer") == ["好的，门牌不记，事情照常给您办。"]
    kept = home(stage, "newcomer")
    assert kept is not None
    assert kept.room == ""


def test_a_yes_to_something_else_keeps_no_door(stage: Stage) -> None:
    stage.does("scan", code_of(stage, "3", "2", "501"), by="newcomer")
    stage.say("今天天气不错", by="newcomer")
    stage.say("好的", by="newcomer")

    kept = home(stage, "newcomer")
    assert kept is not None
    assert kept.room == ""
    assert stage.say("同意", by="newcomer") == [KEPT]
