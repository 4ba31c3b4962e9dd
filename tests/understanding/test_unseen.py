"""An old neighbour whom nobody has seen: with a smell or a door that stays shut it rings, for days alone it is urgent."""

import pytest

from bot.understanding import Reader

RINGS = (
    "没看到老太婆 屋头有臭味", "隔壁老太婆好几天没看到了 屋头有臭味", "3栋2单元501的老头好几天没看到人了，门缝里有股臭味",
    "对门爷爷好多天没看见，屋里一股恶臭", "隔壁老人屋里有臭味，敲门不开", "501老太太敲门没人开，门口报纸堆了一摞",
    "隔壁独居老人一个星期没出来了，敲门没得人应", "老张头这几天没见下楼，打电话没人接", "前天起就没看到楼上老汉，屋头臭得很",
    "楼上婆婆三天没开门了，敲了半天都没人应", "隔壁屋里有股死人味", "对门有股尸臭", "王大爷家牛奶堆了好几瓶，敲门不应",
)  # fmt: skip
URGENT = (
    "楼上老人三天没见到人了，牛奶都堆起了", "楼下王婆婆好多天没看到了，报纸堆了一堆", "4楼独居老人两天没动静了",
    "楼上老太太三天没下楼了", "隔壁好臭，好几天没见人出入", "好几天没看到隔壁的老太太了，有点担心",
    "隔壁老奶奶家门口牛奶堆了好几瓶没人拿", "一个星期没见502的老爷爷出来买菜了，灯也一直亮着", "好几天没看到李爷爷了，哪个去看看",
)  # fmt: skip
CALM = (
    "好久没看到李婆婆了", "这几天咋没看到王大爷来跳舞", "好几天没看到张阿姨了，去旅游了吗", "我奶奶三天没出门了在家追剧",
    "王大爷几天没看到，去儿子家了", "好几天没看到王婆婆来打牌了", "老太太在群里几天没冒泡了", "李大爷住院了，几天没看到他",
)  # fmt: skip
NO_ALARM = (
    "屋头有臭味", "隔壁屋里有臭味", "老太婆乱堆垃圾，屋头有臭味", "隔壁老头屋里堆垃圾，一股臭味，敲门不开",
    "好几天没看到保洁了，楼道臭得很", "没看到老太婆的狗，屋头臭得很", "爷爷几天没洗脚，臭得很", "奶奶腌的酸菜臭得很，几天没吃完",
    "没看到老师傅来修，马桶臭得很", "车里一股死人味",
)  # fmt: skip


@pytest.mark.parametrize("said", RINGS)
@pytest.mark.parametrize("private", [False, True])
def test_somebody_may_lie_there(reader: Reader, said: str, *, private: bool) -> None:
    assert reader.read(said, private).emergency in {"unseen", "medical"}


@pytest.mark.parametrize("said", URGENT)
@pytest.mark.parametrize("private", [False, True])
def test_somebody_looks_the_same_day(reader: Reader, said: str, *, private: bool) -> None:
    heard = reader.read(said, private)

    assert (heard.intent, heard.category, heard.urgency) == ("report", "welfare", "urgent")


@pytest.mark.parametrize("said", CALM)
def test_who_is_missed_at_cards_is_no_matter(reader: Reader, said: str) -> None:
    assert reader.read(said).intent == "chat"


@pytest.mark.parametrize("said", NO_ALARM)
@pytest.mark.parametrize("private", [False, True])
def test_other_smells_ring_nobody(reader: Reader, said: str, *, private: bool) -> None:
    assert reader.read(said, private).intent != "emergency"
