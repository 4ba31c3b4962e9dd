"""Places in every way people write them."""

import pytest

from bot.understanding import Place, Reader
from bot.understanding.place import number

PLACES = [
    ("3栋2单元501", Place("3", "2", None, "501")),
    ("三号楼二单元", Place("3", "2")),
    ("3-2-501", Place("3", "2", None, "501")),
    ("3-2-501漏水", Place("3", "2", None, "501")),
    ("3#2-501", Place("3", "2", None, "501")),
    ("3栋2-501", Place("3", "2", None, "501")),
    ("4-1102 漏水", Place("4", None, None, "1102")),
    ("3幢", Place("3")),
    ("8号楼", Place("8")),
    ("3号2单元", Place("3", "2")),
    ("A3栋", Place("A3")),
    ("b座1203", Place("B", None, None, "1203")),
    ("12楼", Place(floor="12")),
    ("十二楼的灯坏了", Place(floor="12")),
    ("2501", Place(room="2501")),
    ("二十一栋三单元十二楼1203室", Place("21", "3", "12", "1203")),
    ("我住7栋1单元 802", Place("7", "1", None, "802")),
    ("3栋501", Place("3", None, None, "501")),
    ("地下车库B2", Place(spot="地下车库B2")),
    ("负一楼漏水", Place(floor="-1", spot="负一楼")),
    ("东门", Place(spot="东门")),
    ("3单元门口", Place(unit="3", spot="门口")),
    ("5栋和6栋之间", Place(spot="5栋和6栋之间")),
    ("小区门口", Place(spot="小区门口")),
    ("不是3栋是5栋", Place("5")),
    ("3栋2单元", Place("3", "2")),
    ("二动三丹元的水管爆了", Place("2", "3")),
    ("十一洞九零三倒灌油烟", Place("11", None, None, "903")),
    ("八号楼幺幺零二没有信号", Place("8", None, None, "1102")),
    ("四栋一零零三的架子鼓", Place("4", None, None, "1003")),
    ("7 号 楼 1 单 元 水 泵 响", Place("7", "1")),
    ("廿一号楼后面水沟臭了", Place("21")),
    ("5号楼西单元302窗框掉了", Place("5", "西", None, "302")),
    ("2幢靠马路那侧的302", Place("2", None, None, "302")),
    ("2号楼1单元5号屋檐水", Place("2", "1", None, "5")),
    ("8号8楼801外墙渗水", Place("8", None, "8", "801")),
    ("我5栋的,3栋那边有人扔瓶子", Place("3")),
    ("我们3栋停水了,5栋也停了吗", Place("3")),
    ("10月8号3楼办活动", Place(floor="3")),
    ("别去6号楼!困人的是2号楼!", Place("2")),
    ("从8栋窗户看过去,1栋铁皮快飞了", Place("1")),
]

NO_PLACES = [
    "他一动不动的",
    "尾号七三九",
    "二零二六年的事",
    "8-10点停水",
    "价格100-200",
    "2024-10-01",
    "电话13812345678",
    "一座山",
    "今天30度",
    "500块钱",
    "退回120块",
    "2023年的事",
]


@pytest.mark.parametrize(("text", "place"), PLACES)
def test_a_place_is_understood(reader: Reader, text: str, place: Place) -> None:
    assert reader.read(text).place == place


@pytest.mark.parametrize("text", NO_PLACES)
def test_a_number_is_not_always_a_place(reader: Reader, text: str) -> None:
    assert not reader.read(text).place


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("三", "3"),
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("二十一", "21"),
        ("一百零二", "102"),
        ("两", "2"),
        ("一二", "12"),
        ("03", "3"),
    ],
)
def test_chinese_numerals_are_read(words: str, digits: str) -> None:
    assert number(words) == digits


def test_the_room_of_an_address_is_no_matter_number(reader: Reader) -> None:
    assert reader.read("3栋2单元501漏水").numbers == ()
    assert reader.read("1029那个事怎么样了").numbers == (1029,)
