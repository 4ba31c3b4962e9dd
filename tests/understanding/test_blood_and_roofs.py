"""吐血, 嘴歪了, 房顶垮了: told of whoever is called by whatever kinship has, it rings; spoken of a price or a stool it does not."""

import pytest

from bot.understanding import Reader

DANGER = (
    "我老汉吐血了 4-2-301", "我老汉吐血", "老汉儿吐血了", "我外婆吐血了", "我爸咳血了", "老汉咳血咳了一摊", "我妈吐了好多血", "外公咯血了",
    "爷爷说话说不清楚嘴巴歪了", "老汉嘴都歪了", "婆婆嘴巴突然歪了", "老汉半边身子不得动", "娃儿吃了耗子药", "我孙儿误食老鼠药", "婆婆吃了毒药",
    "我家房顶垮了", "3栋1单元楼顶垮了", "隔壁房子垮了", "屋顶塌了", "楼板塌了", "老汉喘不过气", "外婆昏倒了",
    "我心口痛", "老人心口痛 4-2-301", "我爸胸口疼了半天了", "3栋2单元501 我胸口痛",
)  # fmt: skip
NONE = (
    "这个价格贵得我吐血", "把我妈气得吐血", "我爸气得要吐血", "吐血推荐这家店", "作业写得孩子要吐血", "老汉嘴巴歪得很，骂人凶",
    "猫吃了耗子药", "哪里有卖耗子药",
    "房顶漏水了", "塌房了", "老汉吐了", "板凳垮了", "上个六楼我都喘不过气", "老汉晕车", "把老汉笑得喘不过气", "他吹牛把房子都吹垮了",
    "贵得我心口痛", "我妈经常胸口痛，哪个医院看得好", "听到这个价格心口痛",
)  # fmt: skip


@pytest.mark.parametrize("said", DANGER)
@pytest.mark.parametrize("private", [False, True])
def test_it_rings(reader: Reader, said: str, *, private: bool) -> None:
    assert reader.read(said, private).intent == "emergency"


@pytest.mark.parametrize("said", NONE)
@pytest.mark.parametrize("private", [False, True])
def test_what_only_sounds_like_it_rings_nobody(reader: Reader, said: str, *, private: bool) -> None:
    assert reader.read(said, private).intent != "emergency"
