"""更正, 作废, 解除: a later notice takes an earlier one's place, and whoever still holds on to that is told."""

import re
from datetime import timedelta

from bot.errors import UserMistake
from bot.message import Ask, Reply
from bot.router import Handler, Router
from bot.turn import Turn
from handlers.notices import composing, faces, leaving, reading, troubles, whose
from handlers.notices.terms import terms
from storage import notices
from storage.notices import Notice

router = Router()

CORRECT = "notice_correct"
"""What waits for the new words: 更正 alone may be said of a report's place as well."""
KINDS = {
    "correct": leaving.CORRECTION,
    CORRECT: leaving.CORRECTION,
    "notice_cancel": leaving.CANCEL,
    "notice_all_clear": leaving.ALL_CLEAR,
}
"""The order, and what kind of notice it writes."""
DAYS = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3}
MOVED = re.compile(r"(?:改到|改成|改为|改在|推迟到|推到|延到|延后到|提前到)(?P<day>大后天|今天|明天|后天)(?![（(])")
REPLACEABLE = (notices.GOING, notices.STOPPED, notices.ENDED)


@router.order("notice_cancel", "notice_all_clear", CORRECT)
def replace(turn: Turn) -> list[Reply]:
    """更正, 作废 or 解除 with the number: a draft to the same people, shown and released like any other."""
    if turn.order is None or (turn.order.number is None and turn.quoted is None):
        raise UserMistake("notices/which_to_replace")
    whose.only_where_staff_hear(turn)
    original = whose.to_act(turn)
    kind = KINDS[turn.order.code]
    if original.state not in REPLACEABLE or original.released_at is None:
        raise UserMistake("notices/not_released", notice=original)
    if original.superseded_by is not None:
        raise UserMistake("notices/replaced_already", notice=original)
    words = _dated(turn, turn.order.argument.strip())
    if not words:
        takes = CORRECT if kind == leaving.CORRECTION else turn.order.code
        ask = Ask(takes=f"{takes} {original.number}")
        return [Reply("notices/replace_how", {"notice": original, "kind": kind}, about=original.number, ask=ask)]
    post, _ = whose.speaks(turn, whose.grid_of(turn, original))
    rows = terms(turn.catalog)
    topic = original.topic
    if kind == leaving.CORRECTION and topic == reading.topic_of(original.text, rows.topic_most):
        topic = reading.topic_of(words, rows.topic_most)  # the old one is what was wrong
    short = words if len(words) <= rows.summary_most else ""
    draft = composing.begin(
        turn, post_id=post.id, grid_id=original.grid_id, kind=kind, audience=original.audience, topic=topic,
        text=words[: rows.text_most], summary=short, refers_to=original.number, wants_ack=original.wants_ack,
        lane=original.lane, drill=original.drill,
    )  # fmt: skip
    return composing.go_on(turn, draft)


def _dated(turn: Turn, words: str) -> str:
    """改到后天 with the day of the month: it is read on other days too."""
    today = turn.now.astimezone(turn.settings.zone).date()

    def with_date(found: re.Match[str]) -> str:
        day = today + timedelta(days=DAYS[found["day"]])
        return f"{found.group()}（{day.month}月{day.day}日）"

    return MOVED.sub(with_date, words)


@router.guard_where("quoting")
def asks_about_the_old_one(turn: Turn) -> Handler | None:
    """Words to what was replaced are no matter of their own, unless they report something; only of what is quoted."""
    said = turn.utterance
    if turn.quoted is None or turn.incoming.happening != "text" or said.intent in ("chat", "emergency", "command"):
        return None
    notice = notices.find(turn.session, turn.quoted)
    if notice is None or notice.superseded_by is None or troubles.reports(turn, said):
        return None
    return lambda turn: []  # what holds now is said afterwards


@router.afterword
def quoted_the_old_one(turn: Turn) -> Handler | None:
    """Whoever quotes what was replaced is told what holds now; asked only of messages that quote ours."""
    if turn.quoted is None:
        return None
    notice = notices.find(turn.session, turn.quoted)
    if notice is None or notice.superseded_by is None or (turn.order and turn.order.code in KINDS):
        return None
    return _what_holds


def _what_holds(turn: Turn) -> list[Reply]:
    notice = notices.find(turn.session, turn.quoted or 0)
    return [holds_now(turn, notice)] if notice is not None else []


def holds_now(turn: Turn, notice: Notice) -> Reply:
    """What took its place, in one line."""
    latest = notice
    while latest.superseded_by is not None:
        latest = notices.get(turn.session, latest.superseded_by)
    return Reply("notices/replaced", {**faces.values(turn, latest), "old": notice}, about=latest.number)
