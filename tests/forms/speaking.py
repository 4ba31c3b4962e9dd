"""What tests of forms say and look at: one neighbour in private, and what is kept of the words."""

import msgspec

from handlers.people import codes
from storage import forms
from storage.forms import Filing
from tests.stage import Stage

GRID = "519901001001001002"
GROUP = "g-jinxiu-2"
WHO = "wutong"
TRIP = "报备 返乡 12月3日从成都回来,两个人,住3栋2单元501,12月8日走"


def filed(stage: Stage, number: int = 1001) -> Filing:
    with stage.database.reading() as session:
        found = forms.by_number(session, number)
    assert found is not None
    return found


def answers(stage: Stage, number: int = 1001) -> dict[str, str]:
    return msgspec.json.decode(filed(stage, number).answers, type=dict[str, str])


def said(stage: Stage, *lines: str) -> str:
    """Say these, one after the other; the last thing that is heard."""
    for line in lines:
        stage.say(line, by=WHO)
    return stage.last(WHO).text


def nothing_reported(stage: Stage) -> bool:
    return not any("报的" in one.text or "有补充" in one.text for one in stage.heard())


def scan(stage: Stage, building: str, unit: str, room: str) -> None:
    with stage.database.transaction() as session:
        [(_, printed)] = codes.printed(session, stage.kit.settings, GRID, stage.clock.now())
    wanted = (building, unit, room)
    text = next(one.text for one in printed if (one.place.building, one.place.unit, one.place.room) == wanted)
    stage.does("scan", text, by=WHO)
