"""Terrible things told calmly, in dialect; and calm things that only share their words."""

import pytest

from bot.understanding import Reader

RINGS = [
    "我老汉跌到堰塘头了",
    "娃儿滚到河头了",
    "外婆滑到沟头了",
    "气都出不到了 3栋2单元501",
    "我爸身子都凉了",
    "我爸好像走了 身子都凉了",
    "我老伴睡过去了 摸起冰凉",
    "婆婆没得脉搏了",
    "我吃了一瓶安眠药",
    "我妈吞了半瓶降压药",
]
CALM = [
    "手机掉到河里了",
    "钥匙掉到沟头了",
    "我吃了安眠药睡不着",
    "我妈手脚冰凉咋调理",
    "饭菜都凉了",
    "天凉了 老人多穿点",
    "我吃了一颗感冒药",
    "买了一瓶降压药",
    "这道题我算不出来气死了",
]


@pytest.mark.parametrize("said", RINGS)
@pytest.mark.parametrize("private", [False, True])
def test_it_rings(reader: Reader, said: str, *, private: bool) -> None:
    assert reader.read(said, private).intent == "emergency"


@pytest.mark.parametrize("said", CALM)
@pytest.mark.parametrize("private", [False, True])
def test_it_does_not(reader: Reader, said: str, *, private: bool) -> None:
    assert reader.read(said, private).intent != "emergency"
