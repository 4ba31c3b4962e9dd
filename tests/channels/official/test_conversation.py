"""People who have nothing but WeChat: a report's life between two of them, and a code that says where one lives."""

from bot.app import App
from bot.channels.official.channel import Official
from handlers.people import codes
from storage.database import Database
from tests.channels import conversation
from tests.channels.conversation import LEADER, RESIDENT
from tests.channels.official.scene import Phone, choices, play
from tests.channels.official.standin import WeChat

GRID = "519901001001001002"


def test_from_report_to_rating(sqlite_database: Database) -> None:
    wechat = WeChat()
    conversation.settle(sqlite_database, {name: ("wechat", f"o-{name}") for name in (RESIDENT, LEADER)})
    numbers: list[str] = []

    async def scene(_: App) -> None:
        resident, leader = Phone(wechat, f"o-{RESIDENT}"), Phone(wechat, f"o-{LEADER}")
        numbers.append(await conversation.from_report_to_rating(resident, leader))

    play(wechat, sqlite_database, scene)

    assert conversation.rated(sqlite_database, numbers[0])
    assert wechat.violations == []
    assert wechat.shut == 0
    assert len(wechat.tokens) == 1


def test_a_printed_square_is_followed_and_says_where_somebody_lives(sqlite_database: Database) -> None:
    wechat = WeChat(sealed=False)
    conversation.settle(sqlite_database, {LEADER: ("wechat", f"o-{LEADER}")})

    async def scene(app: App) -> None:
        with app.database.transaction() as session:
            sheets = list(codes.printed(session, app.settings, GRID, app.clock.now()))
        unit, door = (
            next(
                one.text
                for _, all_of in sheets
                for one in all_of
                if (one.place.building, one.place.unit, one.place.room) == ("3", "2", room)
            )
            for room in ("", "501")
        )
        official = app.senders[0].channel
        assert isinstance(official, Official)
        scene = wechat.scenes[await official.square(app.ears, unit)]

        bound = await wechat.does("o-new", "subscribe", f"qrscene_{scene}")
        reported = await wechat.says("o-new", "电梯又停了")
        asked = await wechat.does("o-new", "SCAN", door)
        kept = await wechat.says("o-new", str(choices(asked).index("同意") + 1))

        assert bound == "记好了：锦绣花园3-4栋 3栋2单元。以后私聊报事，不用再说楼栋；填表再说一下房号就行。"
        assert "：3栋2单元电梯，公共设施。" in reported
        assert kept == "记好了：锦绣花园3-4栋 3栋2单元501室。以后私聊报事、填表，不用再说地址。"
        assert "用不了" in await wechat.does("o-new", "SCAN", unit[:-1] + ("A" if unit[-1] != "A" else "B"))

    play(wechat, sqlite_database, scene)

    assert wechat.violations == []
