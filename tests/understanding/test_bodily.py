"""A body that is hurt, told plainly or in dialect, rings at once; worn-out legs, laughter and broken things do not."""

import pytest

from bot.understanding import Reader

HURT = (
    "气都出不赢了", "气都出不赢", "我出气不赢了", "出气不赢", "喘不赢", "我喘不赢了", "出不到气", "气上不来", "气都接不上了", "腰杆绊断了",
    "脑壳绊破了 血止不住", "脑壳绊出血了", "脚杆断了", "我腿断了", "手杆绊断了", "肋巴骨断了", "起不来床了 肚子痛得打滚", "肚子疼得打滚",
    "痛得在地上打滚", "昏死过去了", "我妈昏死过去", "喊不答应", "我婆婆喊不答应了", "喊都喊不答应", "人事不省", "扯母猪疯了", "遭电打了",
    "我老公遭电打了", "遭车撞了", "娃儿遭车撞了", "遭车碾了", "绊了一跤起不来", "绊一扑爬起不来", "我爸从楼梯绊下去了", "外婆要不行了",
    "人没得了气", "心口痛得很", "血飙起", "血止不到", "被开水烫了 皮都掉了", "手指拇遭砍断了", "我们四个人 妈妈腿断了在床上下不来",
    "我们四口人 妈妈腿断了", "我妈腿断了在床上下不来", "腿杆遭压到起了 出不来", "脚遭石头砸了起不来", "热得昏死过去", "我喘不过气",
    "喘不上气了", "烟呛得喘不过气", "胸口痛得喘不过气", "停电太闷了，我爸喘不上气", "婆婆洗澡洗到一半昏死了", "烟子好大出不来",
    "我妈昏了", "老汉突然晕了", "孩子在厕所里晕倒了", "婆婆醒不过来了", "我爸不喘气了", "头不昏了但是血止不住", "热得娃儿都昏了",
    "东门老人骑电瓶车摔了流了好多血", "老人电瓶车摔了起不来", "货架压倒了老张满脸是血", "自行车撞了老汉晕过去了",
)  # fmt: skip
NOT_HURT = (
    "手机摔断了 动不了", "爬8楼喘不上气", "爬八楼喘不上气", "爬六楼气都出不赢", "笑得喘不过气", "忙得喘不赢", "走断腿", "腿都跑断了", "腰都笑断了",
    "气都笑断了", "排队腿都站断了", "腰杆都累断了", "群里喊不答应", "喊物业喊不答应", "喊娃儿写作业喊不答应", "累得喘不赢气", "作业压得孩子喘不过气",
    "这个月房贷压得我喘不过气", "笑得打滚", "起不来床了 好冷", "腿断了的凳子谁要", "凳子腿断了", "眼镜腿断了", "雨伞摔断了", "树子遭压断了",
    "我的车遭车撞了", "狗遭车撞了", "快递遭车撞了", "手机遭车碾了", "天然气没得气了", "罐罐没得气了", "轮胎没得气了", "我爸去年腿断了",
    "我腿断了，想请人帮我买菜", "洗碗洗得腰都断了", "公司电梯坏了 爬了18楼 腿都断了", "跳舞跳得我要断气了", "笑得昏死过去", "娃儿发烧全身烫",
    "奶奶走不动了 歇会儿", "加装电梯嘛，老人爬楼喘不上气", "拔河绳断了,摔成一堆,笑得起不来", "秧田重插了一遍,腰杆断了", "手断了的布娃娃",
    "头不昏了", "我头不昏了", "现在不痛了，头也不昏", "脑壳不昏了", "把我妈笑昏了", "老公被我说昏了", "我妈晕了吗", "婆婆醒过来了",
    "老人的手机摔坏了起不来", "我的电瓶车遭撞断了",
)  # fmt: skip


@pytest.mark.parametrize("said", HURT)
@pytest.mark.parametrize("private", [False, True])
def test_somebody_who_is_hurt_is_heard(reader: Reader, said: str, *, private: bool) -> None:
    assert reader.read(said, private).intent == "emergency"


@pytest.mark.parametrize("said", NOT_HURT)
@pytest.mark.parametrize("private", [False, True])
def test_what_only_sounds_like_it_rings_nobody(reader: Reader, said: str, *, private: bool) -> None:
    assert reader.read(said, private).intent != "emergency"


@pytest.mark.parametrize(
    ("said", "danger", "advice"),
    [
        ("气都出不赢了", "medical", "breath"),
        ("我喘不上气", "medical", "breath"),
        ("我腿断了", "medical", "broken"),
        ("脑壳绊破了 血止不住", "medical", "broken"),
        ("腿杆遭压到起了 出不来", "medical", "pinned"),
        ("我妈喊不答应了 出不到气", "medical", "medical"),
        ("老人晕倒了", "medical", "medical"),
        ("着火了，我走不动出不去", "fire", "fire_inside"),
        ("屋头燃起来了，我妈坐轮椅的", "fire", "fire_inside"),
        ("3栋着火了", "fire", "fire"),
        ("水淹进来了，老人下不来", "flood", "flood_inside"),
    ],
)
def test_what_to_do_first_fits_whoever_says_it(reader: Reader, said: str, danger: str, advice: str) -> None:
    """Whoever is out of breath sits up; whoever cannot walk is not sent down the stairs."""
    heard = reader.read(said)

    assert heard.emergency == danger
    assert reader.advice(heard) == advice
