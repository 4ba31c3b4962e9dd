"""Orders to the bot: found with and without blanks, and never in what neighbours say to each other."""

import pytest

from bot.catalog import Catalog
from bot.understanding import Reader
from bot.understanding.commands import LIKELY

ORDERS = [
    ("报事3栋电梯停了", "report", "3栋电梯停了", ()),
    ("报事 3栋电梯停了", "report", "3栋电梯停了", ()),
    ("报事:水管爆了", "report", "水管爆了", ()),
    ("报修3栋灯不亮", "report", "3栋灯不亮", ()),
    ("心愿 想借一本字典", "wish", "想借一本字典", ()),
    ("报备 明天回老家", "form", "明天回老家", ()),
    ("进度1029", "progress", "", (1029,)),
    ("进度 1029", "progress", "", (1029,)),
    ("进度 #1029", "progress", "", (1029,)),
    ("进度1029", "progress", "", (1029,)),
    ("我的事到哪了", "progress", "", ()),
    ("我的事到哪了?", "progress", "", ()),
    ("撤回 1029", "withdraw", "", (1029,)),
    ("修好了不用来了", "withdraw", "", ()),
    ("催办1029", "urge", "", (1029,)),
    ("帮助", "help", "", ()),
    ("你能做什么?", "help", "", ()),
    ("人工", "human", "", ()),
    ("转人工 谢谢", "human", "", ()),
    ("绑定 510117001001001", "bind", "510117001001001", ()),
    ("绑定510117001001001", "bind", "510117001001001", ()),
    ("接单1029", "accept", "", (1029,)),
    ("接单 1029 1030", "accept", "", (1029, 1030)),
    ("到场 1029", "arrive", "", (1029,)),
    ("办结 1029 灯泡换好了", "finish", "灯泡换好了", (1029,)),
    ("办结1029灯泡换好了", "finish", "灯泡换好了", (1029,)),
    ("退回 1029 不是我们的地界", "return", "不是我们的地界", (1029,)),
    ("转办 1029 城管", "transfer", "城管", (1029,)),
    ("协办 1029 物业", "assist", "物业", (1029,)),
    ("挂账 1029 10月8号", "hold", "10月8号", (1029,)),
    ("督办 1029", "supervise", "", (1029,)),
    ("不同意 1029 再看看", "refuse", "再看看", (1029,)),
    ("不满意 1029 还是漏", "reopen", "还是漏", (1029,)),
    ("满意 1029", "confirm", "", (1029,)),
    ("评价 1029", "rate", "", (1029,)),
    ("派单理由 1029", "route", "", (1029,)),
    ("待办", "list", "", ()),
    ("更正地点 3栋1单元", "correct", "3栋1单元", ()),
    ("找网格长", "contact", "", ()),
]

TALK = [
    "接孩子放学",
    "接3个娃放学",
    "到了到了",
    "到了吗",
    "满意得很",
    "进度太慢了这个工程",
    "同意楼上",
    "确认一下明天几点",
    "催一下你们群主发红包",
    "人工费太贵",
    "帮助别人快乐自己",
    "菜单发我看看",
    "报修师傅来了",
    "上报纸了我们小区",
    "退回120块",
    "绑定手机号才能领券",
    "评价一下这家店",
    "转办公室那边去了",
    "小格子衬衫真好看",
    "找人修空调多少钱",
]

EVERYDAY = ["到了", "满意", "同意", "催", "接", "没修好", "到哪了"]


@pytest.mark.parametrize(("text", "code", "argument", "numbers"), ORDERS)
def test_an_order_is_understood_in_a_group(
    reader: Reader, text: str, code: str, argument: str, numbers: tuple[int, ...]
) -> None:
    said = reader.read(text)
    assert said.intent in ("command", code)
    assert (said.command, said.argument, said.numbers) == (code, argument, numbers)
    assert said.confidence == 1.0


@pytest.mark.parametrize("text", TALK)
def test_talk_that_begins_with_a_command_word_is_talk(reader: Reader, text: str) -> None:
    assert reader.read(text).command is None


@pytest.mark.parametrize("text", EVERYDAY)
def test_an_everyday_word_alone_in_a_group_is_chat_unless_it_answers(reader: Reader, text: str) -> None:
    said = reader.read(text)
    assert (said.intent, said.confidence) == ("chat", LIKELY)
    assert said.command is not None
    assert reader.read(f"@小格 {text}").confidence == 1.0
    assert reader.read(text, private=True).confidence == 1.0


@pytest.mark.parametrize(
    "text", ["@小格 进度 1029", "@小格进度1029", "小格,进度1029", "小格 进度 1029", "进度1029 @小格"]
)
def test_the_bots_name_is_taken_off_and_remembered(reader: Reader, text: str) -> None:
    said = reader.read(text)
    assert (said.command, said.numbers, said.addressed) == ("progress", (1029,), True)


@pytest.mark.parametrize(("text", "digit"), [("1", 1), ("3", 3), ("①", 1), ("1。", 1), ("2.", 2), ("5️⃣", 5)])
def test_a_single_digit_is_an_answer(reader: Reader, text: str, digit: int) -> None:
    assert reader.read(text).digit == digit


@pytest.mark.parametrize("text", ["0", "12", "1栋", "1+1", ""])
def test_nothing_else_is_a_single_digit(reader: Reader, text: str) -> None:
    assert reader.read(text).digit is None


def test_a_slip_of_the_finger_is_forgiven_in_private(reader: Reader) -> None:
    assert reader.read("我的事到那了", private=True).command == "progress"
    assert reader.read("进渡 1029", private=True).command == "progress"


def test_an_everyday_word_with_more_behind_it_is_read_as_what_it_says(reader: Reader) -> None:
    assert reader.read("不用来了 自己修好了").intent == "withdraw"
    assert reader.read("满意 就是吃得太撑了").intent == "chat"


@pytest.mark.parametrize("text", ["解决了吗", "没满意", "处理好没", "同意不", "办好了没"])
def test_a_question_or_a_no_is_no_slip_of_the_finger(reader: Reader, text: str) -> None:
    assert reader.read(text, private=True).command is None


def test_what_reaches_other_people_is_never_guessed(reader: Reader, catalog: Catalog) -> None:
    for text in ("绑订 5101", "转辨 1029", "协力 1029", "督促 1029", "解梆 5101"):
        said = reader.read(text, private=True)
        exact = {command.code for command in catalog.commands if not command.fuzzy}
        assert said.command not in exact


def test_an_explicit_report_brings_its_category_and_place(reader: Reader) -> None:
    said = reader.read("报事3栋2单元电梯停了")
    assert (said.category, said.place.building, said.place.unit) == ("facilities", "3", "2")


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("代报 王奶奶家 水管漏水", "王奶奶"),
        ("代报王奶奶家水管漏水", "王奶奶"),
        ("代报 张三 灯坏了", "张三"),
        ("帮王奶奶报一下 水管漏水", "王奶奶"),
        ("替楼上李叔报个事 他家下水道堵了", "楼上李叔"),
    ],
)
def test_a_report_for_somebody_else_says_for_whom(reader: Reader, text: str, whom: str) -> None:
    assert reader.read(text).behalf == whom


def test_every_command_word_alone_means_its_command(reader: Reader, catalog: Catalog) -> None:
    for command in catalog.commands:
        for word in command.words:
            assert reader.read(word, private=True).command == command.code, word


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("報事 3棟電梯停了", "report"),
        ("進度 1029", "progress"),
        ("撤銷 1029", "withdraw"),
        ("抱事 3栋电梯停了", "report"),
        ("禁度 1029", "progress"),
        ("近度1029", "progress"),
        ("崔办 1029", "urge"),
        ("车回1029", "withdraw"),
        ("不满易 1029", "reopen"),
    ],
)
def test_traditional_characters_and_voice_input_are_understood(reader: Reader, text: str, code: str) -> None:
    assert reader.read(text).command == code


@pytest.mark.parametrize("text", ["抱是抱了", "补充一下维生素", "金都 酒店见", "休修 今天", "新院 在哪"])
def test_what_only_sounds_like_an_order_is_none(reader: Reader, text: str) -> None:
    said = reader.read(text)
    assert said.intent != "command" or said.confidence == 1.0


@pytest.mark.parametrize(
    "text", ["动员 1118 吧", "动员 1119吗?", "同意战时 1095吧", "启动战时 1105吗", "停发 1041?", "同意发布 1041 呀"]
)
def test_a_question_or_a_softened_word_is_no_order_to_what_reaches_others(reader: Reader, text: str) -> None:
    assert reader.read(text, private=True).command is None
