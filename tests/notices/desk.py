"""How tests write and release notices: what the station head of 锦绣 says, and what is heard."""

import re

from storage import notices
from storage.notices import Notice
from tests.stage import Heard, Stage

HEAD, COMMUNITY = "linruoyun", "519901001001"
GROUPS = ("g-jinxiu-1", "g-jinxiu-2", "g-jinxiu-3", "g-jinxiuyuan-nan", "g-jinxiuyuan-bei")
WATER = "明天8点到12点停水，请提前储水"
NUMBER = re.compile(r"发布 (\d{4})")


def wrote(stage: Stage, words: str = f"居民群 {WATER}", by: str = HEAD) -> int:
    """The number of a notice that is ready to be released."""
    heard = stage.say(f"发通知 {words}", by=by)
    found = NUMBER.search(heard[-1])
    assert found is not None, heard
    return int(found[1])


def confirm(stage: Stage, number: int, by: str = HEAD) -> Heard:
    """发布 and the number: the audience, said again."""
    return stage.does("text", f"发布 {number}", by=by)[-1]


def released(stage: Stage, words: str = f"居民群 {WATER}", by: str = HEAD) -> int:
    """The number of a notice that has gone down."""
    number = wrote(stage, words, by)
    sure = confirm(stage, number, by)
    stage.does("press", sure.buttons[0][1], by=by)
    stage.pass_time(seconds=1)
    assert notice(stage, number).state == notices.GOING, stage.last(by).text
    return number


def notice(stage: Stage, number: int) -> Notice:
    """As it stands now."""
    with stage.database.reading() as session:
        return notices.get(session, number)


def told(stage: Stage, number: int) -> set[str]:
    """Everybody and every group that got its words."""
    return {one.target for one in stage.heard() if f"编号 {number}" in one.text and "【" in one.text[:5]}
