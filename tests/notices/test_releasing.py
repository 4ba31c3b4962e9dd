"""发布: the exact word and number, then the audience answered; a second person where it takes one; stopped at once."""

import pytest

from bot.message import Lane
from storage import notices
from storage.database import Database
from tests.notices.desk import GROUPS, HEAD, WATER, confirm, notice, released, told, wrote
from tests.stage import Stage, settled_on


def test_the_audience_is_said_again_and_then_everybody_hears_it_once(stage: Stage) -> None:
    number = wrote(stage, f"居民群和网格长 {WATER}")

    sure = confirm(stage, number)
    assert "发给锦绣社区的网格长、居民群：5 个群、2 位工作人员。" in sure.text
    assert [label for label, _ in sure.buttons] == ["发给锦绣社区5个群2个人", "再想想"]
    assert told(stage, number) == set()
    assert stage.say("发给锦绣社区5个群2个人", by=HEAD)[0].startswith(f"{number} 开始发了")
    stage.pass_time(seconds=1)

    assert told(stage, number) == {*GROUPS, "zhoujianhua", "wulijuan"}
    assert stage.last("g-jinxiu-1", group=True).text.startswith(f"【通知】{WATER}")
    assert stage.last("zhoujianhua").press("收到") == f"acknowledge {number}"


@pytest.mark.parametrize("yes", ["好", "嗯", "是", "发吧", "发给锦绣社区", "确定", "发布", "2"])
def test_a_yes_in_other_words_releases_nothing(stage: Stage, yes: str) -> None:
    number = wrote(stage)
    confirm(stage, number)

    stage.say(yes, by=HEAD)
    stage.pass_time(seconds=1)

    assert notice(stage, number).state == notices.DRAFT
    assert not told(stage, number) & set(GROUPS)


def test_twice_released_it_leaves_once(stage: Stage) -> None:
    number = released(stage)
    before = len(stage.heard())

    assert stage.say(f"发布 {number}", by=HEAD) == [f"{number} 已经发过了，不会发第二遍。"]
    stage.pass_time(seconds=2)
    assert len(stage.heard()) == before + 1


def test_a_yes_to_words_that_have_changed_since_shows_them_again(stage: Stage) -> None:
    number = wrote(stage)
    sure = confirm(stage, number)
    stage.say("取消", by=HEAD)
    stage.does("press", f"notice_change {number} 正文 明天不停水了", by=HEAD)

    heard = stage.does("press", sure.buttons[0][1], by=HEAD)

    assert heard[0].text == f"{number} 刚刚改过，请再看一遍。"
    assert notice(stage, number).state == notices.DRAFT


def test_a_colleague_over_the_same_place_may_release_it_and_nobody_else(stage: Stage) -> None:
    number = wrote(stage)

    assert stage.say(f"发布 {number}", by="hanlixin")[0].startswith("没有您能看的编号")
    assert stage.say(f"发布 {number}", by="zhoujianhua")[0].startswith("没有您能看的编号")
    assert "5 个群" in stage.say(f"发布 {number}", by="xujianing")[0]


def test_the_whole_district_takes_a_second_person_and_a_drill_does_not(stage: Stage) -> None:
    number = wrote(stage, f"居民群 {WATER}", by="shenliqun")
    waits = stage.does("press", confirm(stage, number, "shenliqun").buttons[0][1], by="shenliqun")
    assert (
        waits[0].text == f"{number} 还没发：全区都会收到，已请区值班顾晓岚同意，等到 11月24日08:00。不发了就说“算了”。"
    )
    asked = stage.last("guxiaolan")
    assert "要您同意才发" in asked.text
    stage.pass_time(seconds=1)
    assert not told(stage, number) & set(GROUPS)

    assert stage.say(f"同意发布 {number}", by="shenliqun")[0].startswith(f"{number} 是您自己写的")
    assert stage.say(f"同意发布 {number}", by=HEAD)[0].startswith("没有您能看的编号")
    stage.tap(asked, "同意发布", by="guxiaolan")
    stage.pass_time(seconds=1)

    assert set(GROUPS) <= told(stage, number)
    assert stage.last("shenliqun").text == f"顾晓岚同意了，{number} 已经开始发。"
    drill = released(stage, f"【演练】居民群 {WATER}", by="shenliqun")
    assert stage.last("g-shiqiao-1", group=True).text.startswith("【演练】【通知】")
    assert notice(stage, drill).approved_by is None


def test_at_war_a_second_person_agrees(stage: Stage) -> None:
    stage.say("战时 锦绣社区 24小时 区防汛指挥部3号令", by="yaozhiyuan")
    stage.say("启动战时 1001", by="yaozhiyuan")
    stage.say("同意战时 1001", by="duwenbin")
    number = wrote(stage)

    heard = stage.does("press", confirm(stage, number).buttons[0][1], by=HEAD)

    assert "现在是战时" in heard[0].text
    assert notice(stage, number).state == notices.WAITING


def test_sensitive_people_are_written_to_only_with_a_second_yes(stage: Stage) -> None:
    for words in ("报备 我一个人住，3栋2单元501", "2", "没有", "女儿李梅", "13800001111", "确认", "确认"):
        stage.say(words, by="liguifang")
    shown = stage.say("发通知 独居老人 天冷了，注意取暖安全", by=HEAD)[-1]

    assert "发给锦绣社区的独居的居民" in shown
    assert "涉及敏感人群，要包保领导宋明辉同意才会发" in shown


def test_what_a_department_wants_waits_for_the_street_and_a_refusal_is_kept(stage: Stage) -> None:
    number = wrote(stage, "锦绣社区居民群 请下载新的缴费软件", by="fangjingguan")
    heard = stage.does("press", confirm(stage, number, "fangjingguan").buttons[0][1], by="fangjingguan")
    assert "部门进网格要街道准入，已请街道调度杜文斌、街道负责人姚志远同意" in heard[0].text

    assert stage.say(f"同意发布 {number}", by=HEAD)[0].startswith("没有您能看的编号")
    asked = stage.last("duwenbin")
    assert stage.tap(asked, "不同意", by="duwenbin")[0].startswith(f"{number} 为什么不同意")
    stage.say("和网格职责无关", by="duwenbin")

    kept = notice(stage, number)
    assert (kept.state, kept.ended_why) == (notices.REFUSED, "和网格职责无关")
    assert stage.last("fangjingguan").text.startswith(f"杜文斌没有同意 {number}：和网格职责无关。")
    stage.pass_time(hours=30)
    assert not told(stage, number) & set(GROUPS)
    assert stage.say(f"发布 {number}", by="fangjingguan") == [f"{number} 没有获准：和网格职责无关。"]


def test_nobody_answers_for_a_day_and_the_writer_hears_so(stage: Stage) -> None:
    number = wrote(stage, "锦绣社区居民群 明天起办证窗口搬家", by="fangjingguan")
    stage.does("press", confirm(stage, number, "fangjingguan").buttons[0][1], by="fangjingguan")

    stage.pass_time(hours=25)

    assert stage.last("fangjingguan").text.startswith(f"{number} 一直没有人同意")


def test_stopped_it_says_what_had_left_and_nothing_more_leaves(stage: Stage) -> None:
    stage.pass_time(hours=13)
    number = released(stage, f"居民群和网格长 {WATER}")
    heard = stage.say(f"停发 {number}", by=HEAD)

    assert heard[0].startswith(f"{number} 停了，一条都不再发。")
    before = told(stage, number)
    stage.pass_time(hours=24)
    assert told(stage, number) == before
    assert stage.say(f"停发 {number}", by=HEAD) == [f"{number} 现在没有在发。"]
    assert stage.say(f"停发 {number}", by="hanlixin")[0].startswith("没有您能看的编号")
    assert stage.say("停发", by=HEAD) == ["要停哪一条？请发“停发 编号”。"]


def test_an_order_number_goes_out_once_in_a_place_and_may_elsewhere(stage: Stage) -> None:
    words = "\n对象：{}居民群\n正文：请关好门窗\n文号：云防汛〔2026〕3号"
    released(stage, words.format("锦绣社区"))

    assert "已经在 1001 里了" in stage.say("发通知" + words.format("锦绣花园3-4栋"), by="hanmei")[0]
    assert "已经在 1001 里了" in stage.say("发通知" + words.format("锦溪街道"), by="duwenbin")[0]
    assert released(stage, words.format("望江社区"), by="hanlixin")


def test_an_urgent_one_goes_before_everything_else(stage: Stage) -> None:
    stage.pass_time(hours=13)
    number = wrote(stage, "\n对象：居民群\n正文：河水上涨，住一楼的请马上上楼\n紧急：是")
    stage.does("press", confirm(stage, number).buttons[0][1], by=HEAD)

    assert set(GROUPS) <= told(stage, number)
    assert stage.last("g-jinxiu-1", group=True).lane == Lane.EMERGENCY


def test_it_is_over_when_it_says_so(stage: Stage) -> None:
    number = released(stage, f"\n对象：居民群\n正文：{WATER}\n截止：明天18点")

    stage.pass_time(hours=40)

    assert notice(stage, number).state == notices.ENDED
    assert stage.say(f"进展 {number}", by="liguifang") == [
        f"{number} 明天8点到12点停水：锦绣社区 11月23日09:30 发布，已经过期。"
    ]


def test_a_wish_is_still_published_by_the_same_word(stage: Stage) -> None:
    stage.say("心愿 想借一本新华字典", by="liguifang")

    assert "1001" in stage.say("发布 1001", by="xujianing")[0]


def test_all_of_it_on_both_databases(database: Database) -> None:
    stage = settled_on(database)
    number = released(stage, f"居民群和工作人员 {WATER}")
    stage.say(f"收到 {number}", by="zhoujianhua")
    assert f"回了收到：1/{notice(stage, number).called}" in stage.say(f"进展 {number}", by=HEAD)[0]
    stage.say(f"补发 {number}", by=HEAD)
    stage.tap(stage.last(HEAD), "补发给他们", by=HEAD)
    stage.pass_time(seconds=1)
    assert stage.last("wulijuan").text.startswith(f"提醒：{number}")
    stage.say(f"没收到的户 {number}", by=HEAD)
    stage.say(f"更正 {number} 明天改到14点停水", by=HEAD)
    stage.say("发布 1002", by=HEAD)
    stage.say("1", by=HEAD)
    stage.pass_time(seconds=1)
    assert "以 1002 为准" in stage.say(f"进展 {number}", by="liguifang")[0]
    assert stage.say(f"这是真的吗 {WATER}", by="liguifang")[0].startswith(f"{number} 号通知已经更正，以 1002 为准")


def test_a_confirmation_among_neighbours_releases_nothing(stage: Stage) -> None:
    number = wrote(stage)
    sure = confirm(stage, number)

    stage.does("press", sure.buttons[0][1], by=HEAD, chat=GROUPS[0])
    stage.pass_time(seconds=1)

    assert notice(stage, number).state == notices.DRAFT
    assert told(stage, number) == set()
