"""Personal data: found with their spans; dates, orders and prices are not mistaken for them."""

import pytest

from bot.understanding import personal

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
]

NOTHING = [
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
