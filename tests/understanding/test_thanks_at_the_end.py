"""Thanks at the end of a report are manners; thanks for what was done are no report."""

import time

import pytest

from bot.catalog import Catalog
from bot.settings import PROJECT
from bot.understanding import Reader
from bot.understanding.closing import Closing

A_SLOW_MACHINE_S = 0.1
"""Of processor time; it takes a thousandth of that."""
READER = Reader(Catalog(PROJECT / "templates" / "catalog"))


@pytest.mark.parametrize(
    "text",
    [
        "3栋2单元501漏水了，谢谢",
        "下水道堵了 谢谢",
        "楼道灯坏了，谢谢啦",
        "5栋楼下垃圾没人清，辛苦了",
        "下水道堵了，麻烦安排一下，谢谢",
        "3栋2单元501漏水了，麻烦派人看看，谢谢🙏",
        "电梯又停了 拜托了 谢谢大家",
    ],
)
def test_a_report_that_ends_politely_is_a_report(text: str) -> None:
    heard = READER.read(text, private=False)

    assert heard.intent == "report"
    assert heard.text == text


@pytest.mark.parametrize("text", ["，" * 4096, "谢谢，" * 1300 + "漏", "谢谢" * 2048 + "x"])
def test_no_text_however_polite_takes_long(text: str) -> None:
    closing = Closing(Catalog(PROJECT / "templates" / "catalog").courtesies)
    began = time.process_time()

    closing.asked_before(text)

    assert time.process_time() - began < A_SLOW_MACHINE_S


@pytest.mark.parametrize(
    "text",
    [
        "灯修好了，谢谢",
        "上次漏水的事处理了，谢谢师傅",
        "灯坏了三天终于修好了，谢谢物业",
        "你们来修了三次电梯，辛苦了",
        "电梯坏了你们还跑上来送菜，辛苦了",
        "漏水找到原因了，谢谢",
        "昨天停电那么久，大家辛苦了",
        "谁家漏水了跟我说下谢谢",
        "谢谢",
        "，谢谢！",
    ],
)
def test_thanks_for_what_was_done_are_no_report(text: str) -> None:
    assert READER.read(text, private=False).intent == "chat"
