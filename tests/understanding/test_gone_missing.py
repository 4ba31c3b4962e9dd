"""Somebody who has got lost is called for in a few words; a pet, a fear and a story are no alarm."""

import pytest

from bot.understanding import Reader


@pytest.mark.parametrize(
    "words",
    [
        "我妈走丢了",
        "我家老人走丢了",
        "我妈走丢啦",
        "我妈今天走丢了",
        "我奶奶走丢了",
        "我妈走失了",
        "我爸失踪了",
        "我老汉走丢了",
        "我屋老人家走丢了",
        "老年人不见了",
        "我妈走丢了好久了",
        "我妈走丢了怎么办",
        "我婆婆走丢了咋个办",
        "我老伴走丢了快来人",
    ],
)
def test_whoever_is_lost_is_looked_for_at_once(reader: Reader, words: str) -> None:
    assert [reader.read(words, private=where).intent for where in (True, False)] == ["emergency"] * 2


@pytest.mark.parametrize(
    "words",
    [
        "狗走丢了",
        "我家猫走丢了",
        "我家狗狗走失了",
        "我怕我妈走丢了",
        "我妈差点走丢了",
        "我妈走丢过",
        "万一老人走丢了",
        "万一我妈走丢了怎么办",
        "游戏里我爸走丢了",
        "上次我妈走丢了多亏你们",
        "我妈走丢了找到了",
        "老年人手机不见了",
    ],
)
def test_what_is_only_feared_told_or_a_pets_rings_nobody(reader: Reader, words: str) -> None:
    assert reader.read(words, private=True).intent != "emergency"
