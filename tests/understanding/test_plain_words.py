"""The plainest sentences: whoever says these four to ten words means a report, and must never be met with silence."""

import pytest

from bot.catalog import Catalog
from bot.understanding import Reader

REPORTS = """
3栋电梯停了|3栋2单元电梯又停了|电梯坏了|电梯又坏了|2单元电梯不动了|楼道灯坏了|1楼楼道灯坏了|楼道灯不亮|路灯坏了|路灯不亮了|井盖翘了
井盖没了|1栋3单元井盖翘了|水管爆了|3栋2单元水管爆了|3栋楼下水管爆了|下水道堵了|1栋1单元下水道堵了|化粪池满了往外冒|停水了|怎么又停水了
停电了|我们这栋停电了|垃圾没人收|垃圾堆成山了|门口垃圾堆满了|三单元门口垃圾没人收，臭得很|有人乱停车|消防通道被车堵了|有人在消防通道停车
楼上装修吵死了|楼上半夜装修|楼上漏水漏到我家了|天花板漏水|屋顶漏雨|墙皮掉下来了|门禁坏了|2栋1单元门禁坏了|单元门关不上|大门道闸坏了
健身器材坏了|滑梯断了|有人高空抛物|楼上往下扔东西|狗不牵绳到处跑|有条狗咬人|有人在楼道堆杂物|楼道堆满杂物|电动车在楼道充电|电线掉下来了
村口电线老化漏电|树倒了挡住路|路面塌了一块|河里好臭|烧秸秆呛得很|油烟太大了|广场舞太吵了|烧烤摊占道|楼顶搭违建|有人发小广告骗老人
暖气不热|燃气停了|水有股怪味|物业不管事，电话打不通|没电了|漏雨|有小偷|好吵啊隔壁
""".replace("\n", "|").split("|")
CHATTER = """
早上好|吃了吗|在吗|谢谢|收到|辛苦了|嗯嗯|好的|大家好|今天天气真好|有人拼单吗|谁家的快递放错了|明天几点开会|哈哈哈|笑死|周末去爬山不
菜价又涨了|孩子作业好多|物业费交了没|电梯修好了，谢谢师傅|路灯终于亮了|垃圾清走了点个赞|昨天停水，今天来了|电视剧里着火那段太假了
我的心像一座塌了的楼|剪坏了免费重剪，不跑路|水电自理，不准养狗，不准打架
[强]|+1|接龙：1.张三 2.李四|砍一刀|恭喜发财|晚安
""".replace("\n", "|").split("|")


@pytest.fixture
def plain_reader(catalog: Catalog) -> Reader:
    return Reader(catalog)


@pytest.mark.parametrize("words", [words for words in REPORTS if words])
def test_a_plain_report_is_acted_on(plain_reader: Reader, catalog: Catalog, words: str) -> None:
    said = plain_reader.read(words)

    assert said.intent == "report", said
    assert said.confidence >= catalog.thresholds[False].act


@pytest.mark.parametrize("words", [words for words in CHATTER if words])
def test_plain_chatter_is_left_alone(plain_reader: Reader, words: str) -> None:
    assert plain_reader.read(words).intent == "chat"


@pytest.mark.parametrize("words", ["电梯里还有股焦味", "灯管有点焦味", "锅烧糊了", "电梯里好臭"])
def test_a_smell_is_no_cry_for_help(plain_reader: Reader, words: str) -> None:
    assert plain_reader.read(words).intent != "emergency"
