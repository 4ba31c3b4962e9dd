"""A property: whatever a wish or a favour says, and whatever is done with it, no group and no wall hears whose it is."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.wishes import wording
from handlers.wishes.terms import terms
from storage import wishes
from tests.stage import Stage

PHONES = ("13812345678", "138 1234 5678", "139-8765-4321", "1000000006910", "028-87654321")
CARDS = ("510124194905120021", "51012419850512002X")
DOORS = ("3栋2单元501", "3-2-501", "12号楼1单元302室", "五栋二单元六楼", "B座1203", "2单元704")
NAMES = ("李桂芳", "王奶奶", "周大爷", "刘师傅", "赵阿姨")
THINGS = ("想借一本新华字典", "想请人换个灯泡", "想要一床棉被", "想请人陪着说说话", "想借一辆轮椅")
GROUPS = ("g-jinxiu-1", "g-jinxiu-2", "w-jinxiu-1")

secrets = st.tuples(st.sampled_from(NAMES), st.sampled_from(PHONES + CARDS), st.sampled_from(DOORS))
carriers = st.sampled_from(
    (
        "{name}{thing}，住{door}，电话{number}",
        "我是{name}，{thing}，{door}，{number}",
        "{thing}。联系人{name} {number} 地址{door}",
        "住{door}的{name}{thing}，打{number}",
        "{number} {door} {name} {thing}",
    )
)
deeds = st.lists(
    st.sampled_from(
        (
            ("chenhao", "g-jinxiu-1", "认领 {n}"),
            ("chenhao", None, "认领 {n}"),
            ("liguifang", None, "可以"),
            ("liguifang", "g-jinxiu-2", "补充 {n} 我家{door}，打{number}找{name}"),
            ("liguifang", "g-jinxiu-2", "进度 {n}"),
            ("liguifang", "g-jinxiu-2", "我的心愿"),
            ("chenhao", "g-jinxiu-1", "捎话 {n} 打我{number}"),
            ("chenhao", "g-jinxiu-1", "部分圆梦 {n} 已送到{door}{name}家，{number}"),
            ("chenhao", "g-jinxiu-1", "圆梦 {n} 送到{door}{name}家"),
            ("liguifang", "g-jinxiu-2", "满意 {n}"),
            ("liguifang", "g-jinxiu-2", "致谢 {n} 我是{name}，谢谢，{number}"),
            ("xujianing", "w-jinxiu-1", "改写 {n} {name}{thing}{door}"),
            ("xujianing", "w-jinxiu-1", "发布 {n}"),
            ("xujianing", "w-jinxiu-1", "待办"),
            ("xujianing", "w-jinxiu-1", "三张清单"),
            ("wutong", "g-jinxiu-2", "心愿墙"),
            ("wutong", "g-jinxiu-2", "互助墙"),
            ("liguifang", "g-jinxiu-2", "互助 {name}{thing}{door}{number}"),
        )
    ),
    max_size=8,
)


def told(text: str, name: str, number: str, door: str) -> list[str]:
    """What of the secrets stands in a text."""
    digits = number.replace(" ", "").replace("-", "")
    return [secret for secret in (name, number, digits, door) if secret in text]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=secrets, carrier=carriers, thing=st.sampled_from(THINGS), done=deeds)
def test_no_group_and_no_wall_hears_whose_wish_it_is(
    stage: Stage, secret: tuple[str, str, str], carrier: str, thing: str, done: list[tuple[str, str | None, str]]
) -> None:
    name, number, door = secret
    values = {"name": name, "number": number, "door": door, "thing": thing}
    before = max((heard.id for heard in stage.heard()), default=0)
    heard = stage.say(f"心愿 {carrier.format(**values)}", by="liguifang")
    if "本人同意" in heard[0]:
        heard = stage.say("当面同意了", by="liguifang")
    values["n"] = heard[0].partition("编号 ")[2][:4]
    stage.say(f"发布 {values['n']}", by="xujianing")
    for who, chat, words in done:
        stage.say(words.format(**values), by=who, chat=chat)

    for line in stage.heard(before):
        if not line.private:
            assert told(line.text, name, number, door) == [], line.text
    with stage.database.reading() as session:
        for shown in wishes.on_the_wall(session, []):
            assert told(shown.public, name, number, door) == []


@given(secret=secrets, carrier=carriers, thing=st.sampled_from(THINGS))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_wording_proposed_tells_nobody_and_still_says_what_is_wished(
    stage: Stage, secret: tuple[str, str, str], carrier: str, thing: str
) -> None:
    name, number, door = secret
    said = wording.public(
        carrier.format(name=name, number=number, door=door, thing=thing), ["李桂芳"], terms(stage.kit.catalog)
    )

    assert told(said, name, number, door) == []
    assert thing[2:] in said
    assert not wording.tells_who(said, ["李桂芳"])
