"""What residents say: alone, for others, twice, with photos, with second thoughts."""

import pytest

from storage import matters
from tests.stage import Stage

GROUP = "g-jinxiu-2"
LIFT = "3栋2单元电梯又停了"


@pytest.mark.parametrize("words", ["报事3栋电梯停了", "报事 3栋电梯停了", "报事：3栋电梯停了", "@小格 报事3栋电梯停了"])
def test_a_command_works_with_and_without_blanks(stage: Stage, words: str) -> None:
    stage.say(words, by="liguifang", chat=GROUP)

    assert stage.matter(1001).building == "3"
    assert stage.matter(1001).text.endswith("3栋电梯停了")


def test_a_second_neighbour_becomes_a_follower_and_hears_the_result(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    heard = stage.say("3栋2单元的电梯停了没人管吗", by="zhangdashan", chat=GROUP)

    assert heard == ["这件事邻居已经报过了，编号 1001，待接单。已把您也记上，有结果一起告诉您。"]
    stage.say("办结 1001 换了门机", by="hanmei")
    assert stage.last("zhangdashan").text.startswith("1001 办好了：换了门机")
    assert stage.matter(1001).followers == 1


def test_another_building_is_another_matter(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.say("4栋2单元电梯又停了", by="zhangdashan", chat=GROUP)

    assert stage.matter(1002).building == "4"


def test_another_kind_of_trouble_in_the_same_place_is_another_matter(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.say("3栋2单元门口垃圾堆了三天没人收", by="zhangdashan", chat=GROUP)

    assert stage.matter(1002).category == "sanitation"


def test_after_two_days_it_is_a_new_matter(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.pass_time(hours=49)
    stage.say(LIFT, by="zhangdashan", chat=GROUP)

    assert stage.matter(1002).state == "assigned"


def test_saying_it_again_adds_to_the_matter(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    assert stage.say(LIFT, by="liguifang", chat=GROUP) == ["这句话已补充到 1001。"]


def test_a_photo_joins_the_matter_just_made(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    heard = stage.does("photo", "photo-77", by="liguifang", chat=GROUP)

    assert [one.text for one in heard] == ["照片已补充到 1001。"]
    matter = stage.matter(1001)
    with stage.database.reading() as session:
        (added,) = matters.additions(session, matter.id)
    assert (added.kind, added.text) == ("photo", "photo-77")
    assert "photo-77" in stage.last("hanmei").text


def test_a_photo_of_nothing_is_met_with_silence_in_a_group_and_a_question_in_private(stage: Stage) -> None:
    assert stage.does("photo", "p1", by="wutong", chat=GROUP) == []
    assert [one.text for one in stage.does("photo", "p1", by="wutong")] == [
        "照片收到了。再用一句话说说是什么事、在哪里。"
    ]
    stage.say("3栋1单元楼道灯坏了", by="wutong")
    assert stage.matter(1001).unit == "1"


def test_the_place_can_be_corrected(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    assert stage.say("更正 3栋1单元", by="liguifang", chat=GROUP) == ["已改好，1001 的地点是3栋1单元。"]
    assert stage.matter(1001).unit == "1"


def test_a_corrected_place_in_another_grid_goes_to_that_grids_leader(stage: Stage) -> None:
    stage.say("报事 3栋2单元电梯停了", by="chenxiaoyu", chat="w-jinxiu-1")
    assert stage.last("hanmei").text.startswith("【急】1001")

    stage.say("更正 1001 1栋2单元", by="chenxiaoyu", chat="w-jinxiu-1")

    assert "不用办了" in stage.last("hanmei").text
    assert "1001" in stage.last("lilei").text


def test_a_report_can_be_withdrawn(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    assert stage.say("撤回", by="liguifang") == ["1001 已撤回。以后有事随时说。"]
    assert stage.matter(1001).state == "withdrawn"
    assert "不用办了" in stage.last("hanmei").text
    assert stage.say("撤回 1001", by="zhangdashan") == ["没有查到 1001，请核对编号。"]


def test_urging_reaches_the_owner_once_an_hour(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    assert stage.say("催办", by="liguifang") == ["已催微网格长。1001 有消息就告诉您。"]
    assert "居民在催" in stage.last("hanmei").text
    assert stage.say("催办", by="liguifang") == ["刚催过，微网格长已经知道了。1001 有消息就告诉您。"]


def test_somebody_can_report_for_somebody_else(stage: Stage) -> None:
    stage.say("代报 王奶奶家水管漏水 3栋1单元", by="wutong", chat=GROUP)

    assert stage.matter(1001).behalf == "王奶奶"
    assert "替王奶奶" in stage.last("hanmei").text


def test_the_door_is_shown_to_the_leader_and_never_to_the_group(stage: Stage) -> None:
    heard = stage.say("报事 3栋2单元501漏水 电话13812345678", by="liguifang", chat=GROUP)

    assert "501" not in heard[0]
    assert "501" in stage.last("hanmei").text
    staff = stage.last("w-jinxiu-1", group=True).text
    assert "501" not in staff
    assert "13812345678" not in staff


def test_an_unknown_neighbour_in_private_is_asked_for_the_estate(stage: Stage) -> None:
    assert stage.say("报事 楼道灯坏了", by="newcomer") == ["请问是哪个小区或村？告诉我名字，我好转给对的人。"]

    stage.say("锦绣苑", by="newcomer")

    assert stage.matter(1001).text == "楼道灯坏了"
    assert stage.last("wulijuan").text.startswith("1001")


def test_reports_without_words_are_asked_for(stage: Stage) -> None:
    assert stage.say("报事", by="liguifang") == ["您说，什么事、在哪里？一句话就行，比如“3栋2单元电梯停了”。"]

    stage.say("3栋1单元楼道灯不亮", by="liguifang")

    assert stage.matter(1001).text == "3栋1单元楼道灯不亮"


def test_my_matters_are_listed_when_there_are_several(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.say("小区门口垃圾没人收", by="liguifang", chat=GROUP)

    told = stage.say("进度", by="liguifang")[0]

    assert "1001" in told
    assert "1002" in told


def test_why_it_went_to_whom_is_shown_on_request(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    assert stage.say("派单理由 1001", by="liguifang") == ["1001 按“锦绣花园3-4栋·公共设施·白班”派给微网格长韩梅。"]


def test_a_person_can_always_be_reached(stage: Stage) -> None:
    assert "已请微网格长联系您" in stage.say("人工", by="liguifang", chat=GROUP)[0]
    assert "想找人说话" in stage.last("hanmei").text


def test_a_report_without_a_place_is_asked_for_it_once(stage: Stage) -> None:
    heard = stage.say("楼上装修吵死了", by="liguifang", chat=GROUP)
    assert heard[0].endswith("具体在哪儿？回我一句就行。")

    assert stage.say("3栋2单元", by="liguifang", chat=GROUP) == ["已改好，1001 的地点是3栋2单元。"]


def test_another_buildings_trouble_goes_to_its_own_leader(stage: Stage) -> None:
    stage.say("报事 3栋电梯停了", by="wangxiulan", chat="g-jinxiu-1")

    assert "1001" in stage.last("hanmei").text
    assert stage.hears("lilei") == []


def test_a_place_that_is_none_is_asked_again(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    assert stage.say("更正 1001 你猜", by="liguifang", chat=GROUP) == ["1001 的地点应该是哪里？比如“3栋1单元”。"]
    assert stage.matter(1001).unit == "2"


def test_when_the_reporter_withdraws_a_followers_matter_goes_on(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.say("3栋2单元的电梯停了没人管吗", by="zhangdashan", chat=GROUP)

    assert stage.say("撤回 1001", by="liguifang") == ["好的，1001 不再麻烦您。还有邻居也报了这件，我会问他们好了没有。"]
    stage.say("办结 1001 换了门机", by="hanmei")
    assert stage.last("zhangdashan").text.startswith("1001 办好了")
    assert stage.matter(1001).state == "done"


def test_who_reports_what_was_just_done_is_asked_whether_it_is(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.say("办结 1001 换了门机", by="hanmei")

    assert stage.say("3栋2单元电梯又停了没修好", by="zhangdashan", chat=GROUP) == [
        "1001 刚办结，我私信问您解决了没有。"
    ]
    stage.tap(stage.last("zhangdashan"), "没解决", by="zhangdashan")
    stage.say("还停着", by="zhangdashan")
    assert stage.matter(1001).state == "assigned"


def test_in_a_group_nothing_that_was_said_in_private_is_listed(stage: Stage) -> None:
    stage.say("报事 我家下水道堵了", by="liguifang")

    assert "1001" not in stage.say("进度", by="liguifang", chat=GROUP)[0]
    assert "1001" in stage.say("进度", by="liguifang")[0]


def test_quoting_with_a_question_is_answered_and_adds_nothing(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    noted = stage.last(GROUP, group=True)

    assert stage.say("怎么样了", by="liguifang", chat=GROUP, quote=noted) == ["1001：待接单。"]
    assert stage.say("电梯里还有股焦味", by="liguifang", chat=GROUP, quote=noted) == ["这句话已补充到 1001。"]


def test_a_neighbour_is_told_whose_report_it_is(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    assert stage.say("撤回 1001", by="zhangdashan", chat=GROUP)[0].startswith("1001 不是您报的")


@pytest.mark.parametrize("words", ["我家也是", "+1", "我们这边也是"])
def test_me_too_after_a_report_makes_a_follower(stage: Stage, words: str) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    assert "已把您也记上" in stage.say(words, by="zhangdashan", chat=GROUP)[0]
    assert stage.matter(1001).followers == 1


def test_the_same_in_another_building_is_a_matter_of_its_own(stage: Stage) -> None:
    stage.say("3栋门口的路灯不亮了", by="liguifang", chat=GROUP)
    noted = stage.last(GROUP, group=True)

    stage.say("1栋门口那个也是", by="zhangdashan", chat=GROUP, quote=noted)

    assert (stage.matter(1002).building, stage.matter(1002).category) == ("1", stage.matter(1001).category)
    assert stage.matter(1001).followers == 0


@pytest.mark.parametrize("words", ["我家也是", "+1"])
def test_me_too_without_a_report_is_only_talk(stage: Stage, words: str) -> None:
    assert stage.say(words, by="zhangdashan", chat=GROUP) == []


@pytest.mark.parametrize("words", ["取消", "算了。", "点错了"])
def test_who_thinks_better_of_it_reports_nothing(stage: Stage, words: str) -> None:
    stage.say("报事", by="liguifang")

    assert stage.say(words, by="liguifang") == ["好，那就不记了。有事随时说。"]
    stage.say("3栋2单元电梯停了", by="liguifang")
    assert "电梯" in stage.matter(1001).text


def test_two_things_in_one_message_become_two_matters(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了，还有3栋1单元门口垃圾堆了三天没人收", by="liguifang", chat=GROUP)

    assert {stage.matter(1001).category, stage.matter(1002).category} == {"facilities", "sanitation"}


def test_what_the_reporter_says_next_belongs_to_the_matter(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    heard = stage.say("按键都不亮，里面黑的", by="liguifang", chat=GROUP)

    assert "1001" in heard[0]
    assert "里面黑的" in stage.last("hanmei").text


def test_thanks_after_a_report_are_only_thanks(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    assert stage.say("好的谢谢", by="liguifang", chat=GROUP) == []
    assert stage.say("你吃了没？", by="zhangdashan", chat=GROUP) == []


def test_the_reporters_word_that_it_is_over_takes_it_back(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    stage.say("修好了", by="liguifang", chat=GROUP)

    assert stage.matter(1001).state == "withdrawn"


def test_a_neighbours_word_that_it_is_over_changes_nothing(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    stage.say("好像修好了", by="zhangdashan", chat=GROUP)

    assert stage.matter(1001).state == "assigned"


def test_an_hour_later_what_the_reporter_says_is_talk(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.pass_time(minutes=70)

    assert stage.say("按键都不亮，里面黑的", by="liguifang", chat=GROUP) != ["1001"]
    assert stage.matter(1001).text == LIFT


@pytest.mark.parametrize("words", ["算了，我先去买菜了", "哎，没办法", "昨天晚上的球赛看了没"])
def test_small_talk_after_a_report_neither_ends_nor_feeds_it(stage: Stage, words: str) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    assert stage.say(words, by="liguifang", chat=GROUP) == []
    assert stage.matter(1001).state == "assigned"


def test_another_trouble_of_the_same_person_is_a_matter_of_its_own(stage: Stage) -> None:
    stage.say("3栋2单元楼道堆满了纸箱", by="liguifang", chat=GROUP)

    stage.say("停水了", by="liguifang", chat=GROUP)

    assert stage.matter(1002).category == "utilities"


def test_me_too_with_another_trouble_joins_nothing(stage: Stage) -> None:
    stage.say("3栋2单元楼道堆满了纸箱", by="liguifang", chat=GROUP)

    stage.say("我们楼也停水了", by="zhangdashan", chat=GROUP)

    assert stage.matter(1001).followers == 0
    assert stage.matter(1002).category == "utilities"


def test_a_wrong_place_is_put_right_by_saying_so_on_the_quoted_word(stage: Stage) -> None:
    stage.say("1栋门口井盖没了", by="liguifang", chat=GROUP)
    noted = stage.last(GROUP, group=True)

    stage.say("位置错了，是4栋门口", by="liguifang", chat=GROUP, quote=noted)

    assert stage.matter(1001).building == "4"


def test_the_leader_hears_that_the_reporter_is_content_while_neighbours_wait(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.say("我家也是", by="zhangdashan", chat=GROUP)

    stage.say("修好了", by="liguifang", chat=GROUP)

    assert "报事人说：修好了" in stage.last("hanmei").text


@pytest.mark.parametrize("words", ["取消了，不聚餐了", "不用了，我不吃辣"])
def test_words_that_may_call_it_off_are_asked_about_first(stage: Stage, words: str) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)

    told = stage.say(words, by="liguifang", chat=GROUP)

    assert told in ([], ["1001（公共设施）是不用办了吗？"])
    assert stage.matter(1001).state == "assigned"


def test_asked_whether_it_is_over_a_tap_goes_on(stage: Stage) -> None:
    stage.say(LIFT, by="liguifang", chat=GROUP)
    stage.does("press", "withdraw_sure 1001", by="liguifang", chat=GROUP)

    assert stage.say("还要办", by="liguifang", chat=GROUP) == ["好的，1001 接着办。"]
    assert stage.matter(1001).state == "assigned"


def test_what_is_only_asked_adds_nothing(stage: Stage) -> None:
    """When they come is answered; about school it is nobody's lamp; what is told beside a question is kept."""
    stage.say("4栋楼道灯坏了", by="zhangdashan")

    assert stage.say("啥时候来修", by="zhangdashan")[0].startswith("1001 4栋楼道 公共设施：待接单")
    assert "补充" not in stage.say("娃儿上学的事问哪个", by="zhangdashan")[0]
    assert stage.say("灯罩碎了一地，看到没？", by="zhangdashan") == ["这句话已补充到 1001。"]


def test_nobody_to_care_is_a_matter_of_welfare(stage: Stage) -> None:
    assert "民生救助" in stage.say("没得人管我", by="zhangdashan")[0]
