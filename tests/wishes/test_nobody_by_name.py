"""No neighbour's name, no house and no quarrel stands in what others read of a wish."""

import pytest

from handlers.wishes import wording
from handlers.wishes.terms import terms
from tests.stage import Stage

GROUP = "g-jinxiu-2"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("张三欠我钱,想找人帮我写个材料", "想找人帮我写个材料"),
        ("想借个轮椅,住二组村口第三家", "想借个轮椅"),
        ("电钻可以借,找老朱拿", "电钻可以借"),
        ("电钻可以借,找陈师傅拿就行", "电钻可以借"),
        ("想借梯子,王嬢嬢屋头有没有", "想借梯子"),
        ("王嬢嬢屋头的梯子想借来用一下", "梯子想借来用一下"),
        ("我女儿小芳想要一本字典", "我女儿想要一本字典"),
        ("帮我女儿小芳补习英语", "帮我女儿补习英语"),
        ("我孙子明明想要一个书包", "我孙子想要一个书包"),
        ("想借轮椅,老李那里有但他不肯借", "想借轮椅"),
        ("跟隔壁老王吵架了,想找个人调解", "想找个人调解"),
        ("想让社区的小刘教我用手机", "教我用手机"),
        ("想借三轮车,就在大榕树下头第二户", "想借三轮车"),
        ("想要台收音机,送到王家院子来", "想要台收音机"),
        ("想借辆推车,我是老朱家的媳妇", "想借辆推车"),
        ("想请人陪我妈去医院,她叫李秀英,在三组", "想请人陪我妈去医院"),
        ("想借电钻,上次借给张伟的那把他没还", "想借电钻"),
        ("我欠李老板三千块,想找个活干", "想找个活干"),
    ],
)
def test_whoever_else_is_named_and_where_they_live_is_left_out(stage: Stage, said: str, read: str) -> None:
    assert wording.public(said, ["李桂芳"], terms(stage.kit.catalog)) == read
    assert not wording.tells_who(read, ["李桂芳"])


@pytest.mark.parametrize(
    "said",
    [
        "哪位师傅会换表带", "求一位阿姨周二接一下闺女", "谁有多余的老花镜,给门卫大爷一副", "想拍张全家福", "我老公想借一副拐杖",
        "想陪我老妈去公园走走", "想找个小程序高手", "想要个能折的小马扎", "想去小区公园走走", "想找个老师教娃娃",
        "想借个冲击钻,打两个孔,明天上午用,用完就还", "想找人陪住一晚",
    ],
)  # fmt: skip
def test_words_that_name_nobody_stay(stage: Stage, said: str) -> None:
    assert wording.public(said, ["李桂芳"], terms(stage.kit.catalog)) == said
    assert not wording.tells_who(said, ["李桂芳"])


@pytest.mark.parametrize("said", ["找老朱拿", "张三欠我钱", "住二组村口第三家"])
def test_a_wish_that_only_names_somebody_is_asked_for_again(stage: Stage, said: str) -> None:
    assert "再说一句想要什么" in stage.say(f"心愿 {said}", by="liguifang")[0]
    assert stage.hears("xujianing") == []

    assert "编号 1001" in stage.say("想借一个轮椅，用一周", by="liguifang")[0]


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("想借电钻，找老朱拿", "老朱"), ("想借梯子，住二组村口第三家", "第三家"), ("借把梯子，张三欠我一把", "张三"),
        ("我女儿小芳想借一套课本", "小芳"), ("想借梯子，王嬢嬢屋头那把", "王嬢嬢"),
    ],
)  # fmt: skip
def test_a_favour_goes_to_the_group_without_them(stage: Stage, said: str, secret: str) -> None:
    heard = stage.does("text", f"互助 {said}", by="liguifang")[0]
    stage.tap(heard, "发", by="liguifang")

    told = stage.last(GROUP, group=True).text
    assert "借" in told
    assert secret not in told
    assert secret not in heard.text
