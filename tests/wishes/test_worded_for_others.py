"""What others read of a wish: what is wanted, when and how long, and nothing that tells whose it is."""

import pytest

from handlers.wishes import wording
from handlers.wishes.terms import terms
from tests.stage import Stage
from tests.wishes.test_a_wishs_life import published, wished

SCHOOL = "孙女小名妞妞在锦绣小学三年级二班，想要一本字典"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("我叫王小明,身份证510124194905120021,想找人教手机", "想找人教手机"),
        ("代说心愿 一位老人,住3栋2单元501,电话13812345678,想要个护膝", "一位老人,想要个护膝"),
        ("许愿 想要一台收音机", "想要一台收音机"),
        ("我电话13812345678,住3栋2单元,想借个轮椅", "想借个轮椅"),
        ("我一个人住3栋,白天都在家,想要人陪说话", "想要人陪说话"),
        (SCHOOL, "想要一本字典"),
        ("想给在锦绣小学三年级读书的孙女借一本新华字典", "借一本新华字典"),
        ("得了肝癌,想找人陪我说话", "想找人陪我说话"),
        ("我腿骨折了想借个轮椅用一个月", "想借个轮椅用一个月"),
        ("想要个助听器", "想要个助听器"),
        ("子女都在外地,想有人周末陪我说说话", "想有人周末陪我说说话"),
        ("微信abc12345,想学用手机", "想学用手机"),
        ("代说 3栋的刘奶奶想要一床棉被,她同意我帮她说", "一位老人想要一床棉被"),
        ("想找人辅导小学数学,五年级", "想找人辅导小学数学,五年级"),
        ("等等,我说错了,是三晚", "是三晚"),
        ("水碾坝3号，想借把梯子", "想借把梯子"),
        ("我住新村15号,想要一床棉被", "想要一床棉被"),
        ("幸福路25号附1号想借个轮椅", "想借个轮椅"),
        ("想找人修灯，晒坝12号门口等", "想找人修灯"),
        ("果园8号想借个打气筒", "想借个打气筒"),
        ("想借个轮椅，到老院子5号附2号来拿", "想借个轮椅"),
        ("想借个轮椅，水碾坝三号", "想借个轮椅"),
        ("门口有棵黄桷树那家想借梯子", "想借梯子"),
        ("娃娃李小明想要个书包", "娃娃想要个书包"),
        ("我家王小宝想要个足球", "我家想要个足球"),
        ("我妈张桂花想要个收音机", "我妈想要个收音机"),
        ("我妈李玉珍想找人陪她说话", "我妈想找人陪她说话"),
        ("想给我妈高秀英找个伴", "想给我妈找个伴"),
        ("张桂花要个人陪", "一位邻居要个人陪"),
        ("王奶奶想要一床棉被", "一位老人想要一床棉被"),
        ("想借个轮椅，来一栋找王秀兰就是", "想借个轮椅"),
        ("白天屋头没得人，想找人收快递", "想找人收快递"),
        ("一个人在家，想找人陪", "想找人陪"),
        ("我老汉瘫痪在床，想借个护理床", "想借个护理床"),
    ],
)
def test_whole_clauses_that_tell_whose_it_is_are_left_out(stage: Stage, said: str, read: str) -> None:
    assert wording.public(said, ["李桂芳"], terms(stage.kit.catalog)) == read


@pytest.mark.parametrize(
    "said",
    [
        "想找个人帮我妈理个发",
        "想要个5号电池",
        "想坐3号线去医院，找人陪",
        "12月3号想找人陪我去医院",
        "想搭车去青龙路",
        "我家想要个安全的扶手",
        "我爸平时想有人陪",
        "想找高中老师辅导",
        "找张桌子",
        "想要个白色的杯子，叫人送来",
    ],
)
def test_a_number_and_a_word_that_only_look_like_a_door_and_a_name_stay(stage: Stage, said: str) -> None:
    assert wording.public(said, ["李桂芳"], terms(stage.kit.catalog)) == said
    assert not wording.tells_who(said, [])


@pytest.mark.parametrize(
    "words", ["水碾坝3号要梯子", "我妈张桂花", "我妈李玉珍想要伴", "来找王秀兰就是", "张桂花要个人陪"]
)
def test_a_house_number_and_a_name_without_a_title_tell_who_it_is(words: str) -> None:
    assert wording.tells_who(words, [])


@pytest.mark.parametrize(
    "words", ["孙女在锦绣小学，想要字典", "孙女三年级二班", "小名妞妞的孩子想要字典", "加微信abc12345"]
)
def test_a_childs_school_and_an_account_tell_who_it_is(words: str) -> None:
    assert wording.tells_who(words, [])


def test_the_answer_to_the_communitys_question_is_in_the_wording_proposed(stage: Stage) -> None:
    number = wished(stage, "想找人辅导作业")
    stage.say(f"问一句 {number} 几年级？", by="xujianing")
    stage.say("五年级,周末下午都得行，我住3栋2单元501", by="liguifang")

    assert "发布后大家看到：想找人辅导作业，五年级,周末下午都得行" in stage.last("xujianing").text
    stage.say(f"发布 {number}", by="xujianing")
    assert "五年级" in stage.last("g-jinxiu-2", group=True).text
    assert "501" not in stage.last("g-jinxiu-2", group=True).text


def test_what_is_added_before_it_is_vetted_is_in_the_wording_proposed(stage: Stage) -> None:
    number = wished(stage)

    stage.say(f"补充 {number} 旧的也行", by="liguifang")

    assert "发布后大家看到：想给孙女借一本新华字典，旧的也行" in stage.last("xujianing").text


def test_what_is_added_to_a_wish_on_the_wall_is_proposed_to_the_vetter_and_not_shown_unseen(stage: Stage) -> None:
    number = published(stage)
    before = len(stage.hears("g-jinxiu-2", group=True))

    stage.say(f"补充 {number} 旧的也行，电话13812345678", by="liguifang")

    assert "比如：想给孙女借一本新华字典，旧的也行" in stage.last("xujianing").text
    assert len(stage.hears("g-jinxiu-2", group=True)) == before
    assert "旧的" not in stage.say("心愿墙", by="chenhao")[0]


def test_after_part_of_it_the_wording_says_what_is_left(stage: Stage) -> None:
    number = published(stage)
    stage.say(f"认领 {number}", by="chenhao")
    stage.say(f"部分圆梦 {number} 送了字典，还差一个书包", by="chenhao")

    assert "发布后大家看到：想给孙女借一本新华字典（已有邻居帮了一部分）" in stage.last("xujianing").text

    stage.say("还差一个书包", by="liguifang")

    assert "发布后大家看到：想给孙女借一本新华字典（还差：一个书包）" in stage.last("xujianing").text


def test_words_passed_on_stay_as_they_were_typed_and_numbers_are_covered(stage: Stage) -> None:
    number = published(stage)
    stage.say(f"认领 {number}", by="chenhao")

    told = stage.say(f"捎话 {number} 孃孃好，我週末過來，打13812345678", by="chenhao")

    assert "孃孃好，我週末過來，打（略）" in stage.last("liguifang").text
    assert "我没有转" in told[0]


@pytest.mark.parametrize(
    "words",
    [
        "谢谢你，我是李桂芳，有空来3栋2单元501坐",
        "李桂芳谢谢你，打我电话13812345678",
        "桂芳嬢嬢谢谢你，我屋头在水碾坝3号",
        "我是李阿姨，谢谢小伙子，加微信abc12345",
        "谢谢！小李敬上",
    ],
)
def test_thanks_go_on_without_the_wishers_name_number_and_door(stage: Stage, words: str) -> None:
    number = published(stage)
    stage.say(f"认领 {number}", by="chenhao")
    stage.say(f"圆梦 {number}", by="chenhao")
    stage.say("圆梦了", by="liguifang")

    assert "我没有转" in stage.say(words, by="liguifang")[0]
    told = stage.last("chenhao").text
    assert "谢谢" in told
    for secret in ("桂芳", "小李", "李阿姨", "501", "3栋", "13812345678", "水碾坝", "abc12345"):
        assert secret not in told, secret


def test_thanks_that_tell_nobody_stay_as_they_were_typed(stage: Stage) -> None:
    number = published(stage, "我妈想要一床棉被")
    stage.say(f"认领 {number}", by="chenhao")
    stage.say(f"圆梦 {number}", by="chenhao")
    stage.say("圆梦了", by="liguifang")

    assert stage.say("谢谢陈师傅！妈妈晚上睡得好多了，老人家天天念", by="liguifang") == ["您的谢意带到了。"]
    assert "谢谢陈师傅！妈妈晚上睡得好多了，老人家天天念" in stage.last("chenhao").text


def test_words_between_the_two_have_no_name_and_no_door_before_the_yes(stage: Stage) -> None:
    number = published(stage)
    stage.say(f"认领 {number}", by="chenhao")
    stage.say(f"捎话 {number} 我是李桂芳，周六送到3栋2单元501嘛", by="liguifang")

    told = stage.last("chenhao").text
    assert "周六送到" in told
    assert "李桂芳" not in told
    assert "501" not in told
