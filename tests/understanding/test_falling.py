"""A wall, a slope, a house that comes down rings; a canopy, a bed, a shelf with nobody under it does not."""

import pytest

from bot.understanding import Reader

RINGS = (
    "墙垮了", "墙塌了", "围墙倒了", "后头的墙突然垮了", "3栋后面的围墙垮了", "挡土墙遭冲垮了", "边坡垮了", "斜坡塌了", "坡垮下来了",
    "堡坎塌了", "护坡垮了", "阳台塌了", "阳台垮了", "2栋阳台整个垮了", "脚手架塌了", "脚手架倒了", "脚手架垮下来了", "房子塌了",
    "老房子垮了", "楼梯塌了", "桥塌了", "塔吊倒了", "山墙倒了", "烟囱倒了", "吊篮掉下来了", "活动板房垮了", "房顶塌了",
    "雨棚垮了压到人了", "雨棚塌了砸着两个等公交的", "床垮了，我老汉遭压到起了出不来", "书架倒了压到娃儿", "柜子倒下来压住我",
    "货架倒了，有人在下面", "车棚塌了压着人了", "树倒了，底下有人", "大棚塌了，俺娘在里头", "雨棚垮了电线冒火花", "床垮了我妈腰杆绊断了",
    "架子倒了压着人",
)  # fmt: skip
RINGS_NOBODY = (
    "雨棚垮了", "我家雨棚垮了", "雨棚遭风吹垮了", "3栋2单元雨棚垮了", "床垮了", "床塌了", "昨晚床垮了", "鞋架塌了", "书架倒了",
    "货架倒了", "柜子垮了", "鞋柜倒了", "车棚垮了", "单车棚垮了", "车棚塌了砸了几台车", "遮阳棚塌了", "棚子垮了", "彩钢棚垮了", "树倒了",
    "树倒了压到车", "大树倒了压了两台车", "晾衣架垮了", "水池垮了", "洗手台垮了", "桌子垮了", "沙发塌了", "蛋糕塌了", "帐篷塌了",
    "鸡圈垮了", "吊顶垮了", "广告牌垮了", "雨棚垮了，人没得事", "花架垮了一地都是泥巴", "墙没垮", "墙会不会垮", "房子塌了吗",
    "墙上的架子垮了", "阳台上的花架垮了", "阳台的晾衣架塌了", "楼梯间的鞋柜倒了", "桥上的广告牌倒了", "墙倒众人推", "墙皮垮了一块",
    "交房半年阳台塌了一块角", "围墙倒了半年没人修", "围墙去年就垮了",
)  # fmt: skip


@pytest.mark.parametrize("said", RINGS)
@pytest.mark.parametrize("private", [False, True])
def test_what_comes_down_on_people_rings(reader: Reader, said: str, *, private: bool) -> None:
    assert reader.read(said, private).intent == "emergency"


@pytest.mark.parametrize("said", RINGS_NOBODY)
@pytest.mark.parametrize("private", [False, True])
def test_what_falls_by_itself_rings_nobody(reader: Reader, said: str, *, private: bool) -> None:
    assert reader.read(said, private).intent != "emergency"


@pytest.mark.parametrize("said", ["雨棚垮了", "3栋2单元雨棚垮了", "车棚垮了", "棚子垮了", "单元门口雨棚垮了"])
def test_what_fell_in_a_place_of_everybodys_is_a_report(reader: Reader, said: str) -> None:
    assert reader.read(said).intent == "report"
