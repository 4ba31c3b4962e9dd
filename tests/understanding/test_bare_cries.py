"""A danger in a few words and nothing else: nobody who calls for help makes sentences."""

import pytest

from bot.understanding import Reader

CRIES = (
    "煤气罐爆炸", "煤气罐爆炸了", "老公心脏病发了", "快叫救护车", "山洪来了", "电梯困人了",
    "电梯困人", "恐怕是中风了", "电线掉下来了打火", "一氧化碳中毒", "煤气中毒了", "心梗了",
    "噎住了", "抢劫", "山体滑坡", "房子裂了要倒", "摔下楼了", "快打120", "快打119", "快报警",
    "救人啊", "孩子从窗台掉下去了", "车撞人了", "出车祸了", "撞到老人了", "着火了", "冒浓烟了",
    "有人落水", "有人触电", "老人晕倒了", "叫不醒了", "血流不止", "喝农药了", "拿刀砍人",
    "水淹进来了", "油锅着火", "有人被压住了", "喝错东西了 是洁厕灵", "他打我 1203", "小偷在撬我家门",
    "门外有人一直撬门", "有人在撬我家锁", "隔壁男的在打老婆 打得好凶", "一氧化碳报警器一直响", "工地脚手架塌了",
)  # fmt: skip
JOKES = (
    "笑不活了", "救命啊我妈来了", "谁来救救我的头发", "我整个人燃起来了", "爆炸头", "快要爆炸了",
    "他打我电话没接", "他打我手机了", "电梯里有只猫被困", "狗被困在车库了", "我家门遭撬了", "快递柜被人撬了",
    "群炸了", "电梯卡多少钱", "火锅店", "救命药", "不是着火", "没着火", "心梗保险",
)  # fmt: skip
NO_CRIES = (
    "不给电话，我在1201等他", "他不给手机号，我在5栋1201等", "我家在顶楼，爬不动，想请人来看看热水器",
    "我家在顶楼，爬不动，想请人帮忙搬", "我家在顶楼，腿脚不好爬不动，想请人帮忙搬东西",
)  # fmt: skip
UNNAMED = (
    "我先走一步，猫麻烦谁喂一下", "手指头掉了", "咽了颗磁铁", "我妈往河边走了，拦不住",
    "有人跟着我进了电梯，现在在我家门口转门把手，我一个人在家",
)  # fmt: skip
"""Dangers that no word of the catalog names."""


@pytest.mark.parametrize("cry", CRIES)
def test_a_few_words_are_enough(reader: Reader, cry: str) -> None:
    assert reader.read(cry).intent == "emergency"
    assert reader.read(f"{cry}！！").intent == "emergency"


@pytest.mark.parametrize("joke", JOKES)
def test_a_few_words_in_jest_ring_nobody(reader: Reader, joke: str) -> None:
    assert reader.read(joke).intent != "emergency"


@pytest.mark.parametrize("said", NO_CRIES)
@pytest.mark.parametrize("private", [False, True])
def test_what_names_no_danger_and_feels_like_none_rings_nobody(reader: Reader, said: str, private: bool) -> None:
    assert reader.read(said, private=private).intent != "emergency"


@pytest.mark.parametrize("said", UNNAMED)
def test_a_danger_that_no_word_names_is_felt(reader: Reader, said: str) -> None:
    assert reader.read(said).intent == "emergency"
