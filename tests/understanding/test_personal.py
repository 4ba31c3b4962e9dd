"""Personal data: found with their spans; dates, orders and prices are not mistaken for them."""

import re
from time import process_time

import pytest

from bot.understanding import personal
from bot.understanding.ailments import AILMENT, TELLING
from bot.understanding.clean import tidy
from tests.understanding.personal_pieces import blind, counted, hands, judge, kept_aside, own

PERSONAL = [
    ("我电话13912345678,有事打我", "mobile", "13912345678"),
    ("加我微信138 1234 5678", "mobile", "138 1234 5678"),
    ("手机:+86-15812345678", "mobile", "+86-15812345678"),
    ("打186-1234-5678找老张", "mobile", "186-1234-5678"),
    ("物业座机028-87654321", "phone", "028-87654321"),
    ("(0796)8123456 白天有人", "phone", "(0796)8123456"),
    ("座机是87654321", "phone", "87654321"),
    ("身份证11010519491231002X", "id_number", "11010519491231002X"),
    ("我的号110105 19491231 002x 帮我登一下", "id_number", "110105 19491231 002x"),
    ("钱打到6222021234567890128", "bank_card", "6222021234567890128"),
    ("卡号6228 4800 0000 0000 015 农行", "bank_card", "6228 4800 0000 0000 015"),
    ("川A12345挪下车", "plate", "川A12345"),
    ("一辆渝B·8K9L2挡着门", "plate", "渝B·8K9L2"),
    ("赣CD12345是谁的", "plate", "赣CD12345"),
    ("张大爷得了肺结核大家注意", "health", "张大爷得了肺结核"),
    ("听说老李查出来是肝癌", "health", "老李查出来是肝癌"),
    ("王奶奶家的儿子有精神病", "health", "王奶奶家的儿子有精神病"),
    ("3栋2单元501王建国家没人", "home", "3栋2单元501王建国"),
    ("3-2-501的李阿姨欠物业费", "home", "3-2-501的李阿姨"),
    ("402的刘奶奶腿不好", "home", "402的刘奶奶"),
    ("我叫陈晓明,住7栋1单元802", "home", "我叫陈晓明,住7栋1单元802"),
    ("139.7055.1208", "mobile", "139.7055.1208"),
    ("1 3 9 7 0 5 5 1 2 0 8 慢慢抄", "mobile", "1 3 9 7 0 5 5 1 2 0 8"),
    ("0086 139 7055 1208", "mobile", "0086 139 7055 1208"),
    ("139,7055,1208,晚上打", "mobile", "139,7055,1208"),
    ("幺三九 七零五五 幺二零八", "mobile", "幺三九 七零五五 幺二零八"),
    ("加vx13970551208", "mobile", "13970551208"),
    ("0791.8652.4471", "phone", "0791.8652.4471"),
    ("86-791-86524471 找会计", "phone", "86-791-86524471"),
    ("(0791)8652-4471转803", "phone", "(0791)8652-4471转803"),
    ("电话是:8652 4471", "phone", "8652 4471"),
    ("86524471这个号打不通", "phone", "86524471"),
    ("身份证 3601 0219 4909 1512 30", "id_number", "3601 0219 4909 1512 30"),
    ("银行卡6217.0020.8000.5283.712", "bank_card", "6217.0020.8000.5283.712"),
    ("赣 A 8K291 挪车", "plate", "赣 A 8K291"),
    ("赣A-8K291又来了", "plate", "赣A-8K291"),
    ("车牌号:A8K291", "plate", "A8K291"),
    ("李大海肝癌晚期", "health", "李大海肝癌晚期"),
    ("得了肺癌的李叔,谁去看看", "health", "肺癌的李叔"),
    ("其木格腿摔断了", "health", "其木格腿摔断"),
    ("王胖子糖尿病还喝酒", "health", "王胖子糖尿病"),
    ("姓陈的那个有艾滋", "health", "姓陈的那个有艾滋"),
    ("何翠兰,女,72岁,高血压", "health", "何翠兰,女,72岁,高血压"),
    ("上官婉儿怀孕了", "health", "上官婉儿怀孕"),
    ("吴老幺喝农药了", "health", "吴老幺喝农药"),
    ("小宝的自闭症怎么样了", "health", "小宝的自闭症"),
    ("晓琳是抑郁症", "health", "晓琳是抑郁症"),
    ("翠花得了糖尿病", "health", "翠花得了糖尿病"),
    ("杜大姐是贫血不是白血病", "health", "杜大姐是贫血不是白血病"),
    ("舒琼芝,女,81,糖尿病,冠心病,独居", "health", "舒琼芝,女,81,糖尿病,冠心病"),
    ("转到6230 5822 0001 9934 716这张", "bank_card", "6230 5822 0001 9934 716"),
    ("我的是6228-4801-2345-6789", "bank_card", "6228-4801-2345-6789"),
    ("李强【3-2-501】", "home", "李强【3-2-501"),
    ("六栋三单元八楼的陈大爷", "home", "六栋三单元八楼的陈大爷"),
    ("五号楼二单元三零二张桂兰", "home", "五号楼二单元三零二张桂兰"),
    ("户主:令狐冲 房号:3-2-501", "home", "户主:令狐冲 房号:3-2-501"),
    ("阿依古丽住2-1-303", "home", "阿依古丽住2-1-303"),
    ("3单元1楼东户孙大妈", "home", "3单元1楼东户孙大妈"),
    ("老陈502", "home", "老陈502"),
    ("1203室李阿姨", "home", "1203室李阿姨"),
    ("五〇二的老周又吵", "home", "五〇二的老周"),
    ("接龙 1.3-2-501 张伟", "home", "3-2-501 张伟"),
    ("接龙 3.13576018829", "mobile", "13576018829"),
    ("住户号码13576018829", "mobile", "13576018829"),
    ("5-501的臧老师门没关", "home", "5-501的臧老师"),
    ("四组36号,王满囤,低保年审", "home", "四组36号,王满囤"),
    ("那日松家在9号楼1单元顶楼东户", "home", "那日松家在9号楼1单元顶楼东户"),
    ("大家帮帮忙,廖春生得了艾滋", "health", "廖春生得了艾滋"),
    ("黄三姑脑壳昏站不稳", "health", "黄三姑脑壳昏"),
    ("尿毒症那个叫明朝霞", "health", "尿毒症那个叫明朝霞"),
    ("李国富去年锯了一条腿,电梯坏了他下不来", "health", "李国富去年锯了一条腿"),
    ("高师傅的肾换过,别劝他喝酒", "health", "高师傅的肾换过"),
    ("2单元402(洪艳)电费没交", "home", "2单元402(洪艳"),
    ("4-502核桃爸爸", "home", "4-502核桃爸爸"),
    ("松子外婆,9栋2-101", "home", "松子外婆,9栋2-101"),
    ("红旗路18号3-4 安小梅,欠水费", "home", "红旗路18号3-4 安小梅"),
    ("第三栋602的费老师", "home", "第三栋602的费老师"),
    ("收奶:2栋:202苗", "home", "2栋:202苗"),
    ("l37 0098 5521打我", "mobile", "l37 0098 5521"),
    ("8276-3310是活动室的座机吗", "phone", "8276-3310"),
    ("身份证一一零一零五一九四九一二三一零零二叉", "id_number", "一一零一零五一九四九一二三一零零二叉"),
    ("饶叔中过风,讲话不清楚", "health", "饶叔中过风"),
    ("席丽丽宫颈癌二期", "health", "席丽丽宫颈癌二期"),
    ("蓉蓉吃啥吐啥", "health", "蓉蓉吃啥吐啥"),
]

NOTHING = [
    "王姐不是糖尿病",
    "老曹嘴硬心软",
    "快递单号 6222 0212 3456 7890",
    "2024-10-01到2024-10-08",
    "订单号13912345678",
    "快递单号:6222021234567890128",
    "工单 20241001000123",
    "进度 1029",
    "3栋2单元501漏水",
    "一共1380元",
    "报警打110,火警119",
    "12345热线没人接",
    "热线4008123456",
    "11010519491231002的编号少一位",
    "110105194912310021",
    "6222021234567890123",
    "张大爷在楼下晒太阳",
    "糖尿病讲座周六上午",
    "最近甲流多,大家戴口罩",
    "5栋和6栋之间",
    "A座1203",
    "高压线掉在3栋501窗外",
    "网格编码510117001001001",
    "8-10点停水",
    "大家注意预防肺炎",
    "小区里有人得新冠吗",
    "张医生说糖尿病要少吃糖",
    "白内障手术报销多少",
    "老李说高血压药涨价",
    "周爷爷天天在楼下晒太阳了",
    "我那老花镜腿子断了",
    "电视里那个演员得了抑郁症",
    "石头砸断了路边的树",
    "3栋501马桶堵了",
    "3栋501高空抛物",
    "3-2-501 路灯不亮",
    "3栋501 温度低",
    "5栋3楼马上停水",
    "3栋12楼王师傅来修过了",
    "李姐,3栋501漏水到我家",
    "王老师教画画,501教室",
    "方便面1203箱",
    "黄河路5号门口积水",
    "1 3 5 7 9 11 13 15",
    "13 18 25 33 07 12",
    "一三五七九单号停",
    "二三四五六七八楼都停电",
    "电话打不通,20251107约的",
    "新A6L 2.0T",
    "新Mate60 Pro",
    "云南A12345",
    "老曹嘴硬心软",
    "郭哥手气烂透了",
    "小田脚踩两只船",
    "小蔡住院部大楼的保安",
    "刘家菜馆12号包间订好了",
    "老干妈301克",
    "3栋12楼王师傅在修电梯",
    "张经理,6栋803停电三天了",
    "白大爷的药店搬到3号楼",
    "桃花街15号在挖沟",
    "王姐,怀孕建档要带什么",
    "李哥,痛风能吃豆腐吗",
    "余姐手断舍离了一批衣服",
    "何姐的手机摔坏了",
    "一出地铁就有人塞卡片,抱住我小腿",
]


@pytest.mark.parametrize(("text", "kind", "said"), PERSONAL)
def test_personal_data_is_found_where_it_stands(text: str, kind: str, said: str) -> None:
    pieces = personal.find(text)
    assert [(piece.kind, text[piece.start : piece.end]) for piece in pieces] == [(kind, said)]


@pytest.mark.parametrize("text", NOTHING)
def test_a_number_or_a_name_alone_is_no_personal_data(text: str) -> None:
    assert personal.find(text) == ()


def test_two_pieces_are_two_and_can_be_hidden() -> None:
    text = "王奶奶13912345678,车牌川A12345"
    pieces = personal.find(text)
    assert [piece.kind for piece in pieces] == ["mobile", "plate"]
    assert personal.hide(text, pieces) == "王奶奶***********,车牌*******"


KEPT = {"recall": 0.975, "coverage": 0.975, "precision": 0.975}
STRANGER = {"recall": 0.975, "coverage": 0.975, "precision": 0.965}
BLIND = {"recall": 0.94, "coverage": 0.9, "precision": 0.955}
"""What is reached on lines that nobody looked at; none may fall."""


def test_nearly_all_is_found_and_hardly_anything_else() -> None:
    counts = counted(message for message in own() if kept_aside(message))
    assert {figure: reached for figure, reached in counts.figures().items() if reached < KEPT[figure]} == {}


def test_nearly_all_is_found_in_what_a_stranger_says() -> None:
    counts = counted(judge())
    assert {figure: reached for figure, reached in counts.figures().items() if reached < STRANGER[figure]} == {}


def test_most_is_found_in_what_was_written_to_be_hard() -> None:
    counts = counted(blind())
    assert {figure: reached for figure, reached in counts.figures().items() if reached < BLIND[figure]} == {}


@pytest.mark.parametrize("text", ["1202的业主，你家太阳能漏水", "501的快递被人错拿了", "A座1203的住户在吗"])
def test_a_door_of_whom_no_name_is_said_is_nobodys(text: str) -> None:
    assert not personal.find(text)


def test_nearly_every_ailment_has_a_telling_sign() -> None:
    said = [tidy(message.text) for _, messages in hands() for message in messages]
    ill = [text for text in said if re.search(AILMENT, text)]
    assert sum(1 for text in ill if not re.search(TELLING, text)) < 0.01 * len(ill)


def test_a_home_and_an_illness_of_one_person_are_both_found() -> None:
    assert [piece.kind for piece in personal.find("一单元601的柴哥癌症")] == ["home", "health"]


def test_every_door_of_a_list_of_doors_and_surnames_is_hidden() -> None:
    text = "已投:2-201阳、2-202幸、3-101邝"
    assert not re.search(r"\d|邝", personal.hide(text, personal.find(text)))


def test_what_stands_behind_a_name_is_hidden_with_it() -> None:
    text = "402的刘奶奶得了肺癌"
    assert personal.hide(text, personal.find(text)) == "***********"[: len(text)]


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "1-",
        "3栋",
        "李",
        "老李",
        "李强",
        "李强住",
        "癌",
        "李癌",
        "的",
        "3-2-501",
        "3栋501,",
        "(",
        "电话",
        "一三",
        "赣A",
        "李强3-2-501,",
        "王姐糖尿病,",
        "一二三栋",
        "肺长了瘤",
        "腿又给断",
        "古丽",
        "核桃妈妈",
        "头又给",
        "吃吃",
        "妈妈",
        "头又",
        "二单元301的",
    ],
)
def test_a_long_row_of_anything_is_read_in_no_time(piece: str) -> None:
    text = (piece * 2000)[:2000]
    started = process_time()
    personal.find(text)
    assert process_time() - started < 0.5
