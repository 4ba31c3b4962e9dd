"""明天停水吗, 是真的不: whoever asks about what was told is told what holds, and it is no matter of anybody's."""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

from bot.catalog import Catalog
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Scene, Turn
from bot.understanding import phrases
from handlers.matters import reports
from handlers.mobilizing import whether_over
from handlers.notices import correcting, faces, verifying
from handlers.notices.terms import Wondering, terms
from storage import notices, timers
from storage.notices import Notice
from storage.timers import Timer

router = Router()

ANSWERED = "notice_asked"
"""The timer of the pause in which a group is not told again."""
YIELDS = ("verify", "report", "add ")
"""Questions of the bot's that such words do not answer."""
REPORTS = ("report", "emergency")
LONGEST_WHEN = 24
ASKS_WHEN = re.compile(
    r"几点|什么时候|啥时候|啥子时候|何时|哪天|哪一天|多久|多长时间|到几号|还[停办发来开]不|还[停办发来开][^，。]{0,3}[吗么]|[停办发来开]不[停办发来开]"
)
HAPPENS_NOW = re.compile(r"已经|现在|突然|又|怎么|咋|还没|没来|我家|我们家|屋头|[栋单元楼室]")
"""Whoever says so has something to report."""


@router.guard
def asks_whether_true(turn: Turn) -> Handler | None:
    """…是真的吗: compared with what was sent, whatever matter of the speaker's is open."""
    said = turn.utterance
    if not _free(turn) or not verifying.TRUE.search(said.text):
        return None
    if any(notices.find(turn.session, number) for number in said.numbers):
        return None  # that one is meant
    rows = terms(turn.catalog).wondering
    if (topic := _topics(said.text, rows)) and turn.in_group and not said.addressed and len(said.text) <= rows.longest:
        notice = verifying.about(turn, set(topic))
        if notice is not None and not verifying.tells_of_a_notice(turn) and not verifying.differs(turn, notice):
            return whether_over.tells_neighbours(turn, notice) or (lambda turn: _told(turn, notice, rows))
    told = verifying.tells_of_a_notice(turn) or any(word in said.text for word in (*rows.money, *rows.told))
    if said.intent == "verify" or told or (said.intent not in REPORTS and topic):
        return verifying.verify
    return None


@router.guard
def a_fault_at_last(turn: Turn) -> Handler | None:
    """Who was asked for the words of a notice and tells of a fault of their own reports it."""
    if turn.asked is not None and turn.asked.takes == "verify" and turn.incoming.happening == "text":
        said = turn.utterance
        if said.intent == "report" and not verifying.tells_of_a_notice(turn) and not verifying.TRUE.search(said.text):
            turn.asked = None
    return None


@router.guard
def asks_what_holds(turn: Turn) -> Handler | None:
    """今天停电吗, 是不是明天9点停水啊: what was told of it; where nothing was, it is no urgent report."""
    said, rows = turn.utterance, terms(turn.catalog).wondering
    if len(said.text) > rows.longest or not _free(turn) or not _topical(turn.catalog).search(said.text):
        return None
    if not _asks(said.text, rows):
        return None
    topic = _topics(said.text, rows)
    if not topic or any(word in said.text for word in rows.fault):
        return None
    if any(word in said.text for word in rows.happening) and any(word in said.text for word in rows.ours):
        return None  # 我家停水了，什么时候来
    if notice := verifying.about(turn, set(topic)):
        return whether_over.tells_neighbours(turn, notice) or (lambda turn: _told(turn, notice, rows))
    if said.intent == "report" and (turn.in_group or any(word in said.text for word in rows.happening)):
        return lambda turn: reports.unsure(turn, turn.utterance)
    if turn.in_group:
        return None
    return lambda _: [Reply("notices/nothing_told", {"topic": _named(said.text, topic)})]


@router.guard_where("alone")
def asks_when(turn: Turn) -> Handler | None:
    """明天检修几点到几点: what was told about it is the answer, and no matter of its own; in private only."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.asked is not None or turn.account is None:
        return None
    if said.intent in ("emergency", "command", "verify") or said.numbers or HAPPENS_NOW.search(said.text):
        return None
    if len(said.text) > LONGEST_WHEN or not ASKS_WHEN.search(said.text):
        return None
    notice = verifying.about(turn, verifying.topics(ASKS_WHEN.sub(" ", said.text)))
    if notice is None:
        return None
    return whether_over.tells_neighbours(turn, notice) or (lambda turn: [holds(turn, notice)])


def _free(turn: Turn) -> bool:
    """Whether it is said of nothing in particular, and answers nothing that was asked."""
    said, waiting = turn.utterance, turn.asked
    if turn.incoming.happening != "text":
        return False
    if said.intent == "emergency" or said.command is not None or turn.quoted is not None:
        return False
    return waiting is None or not waiting.takes or waiting.takes.startswith(YIELDS)


@lru_cache(maxsize=4)
def _topical(catalog: Catalog) -> re.Pattern[str]:
    return phrases.any_word(word for topic in terms(catalog).wondering.topics for word in topic)


def _topics(text: str, rows: Wondering) -> Sequence[str]:
    """All the words for what is asked about; none where it is nothing that notices tell of."""
    return next((words for words in rows.topics if any(word in text for word in words)), ())


def _named(text: str, topic: Sequence[str]) -> str:
    return max((word for word in topic if word in text), key=len)


def _asks(text: str, rows: Wondering) -> bool:
    bare = text.strip(rows.silent)
    return text.rstrip().endswith(("?", "？")) or bare.endswith(rows.ends) or phrases.has(bare, rows.asks)


def _told(turn: Turn, notice: Notice, rows: Wondering) -> list[Reply]:
    """What holds now; a group hears it once in a while."""
    if turn.chat is not None:
        if timers.armed(turn.session, ANSWERED, turn.chat.id):
            return []
        timers.arm(turn.session, ANSWERED, turn.chat.id, turn.now + timedelta(minutes=rows.group_minutes))
    now = any(word in turn.utterance.text for word in rows.happening)
    return [holds(turn, notice), *([Reply("notices/if_it_is_now")] if now and not turn.in_group else [])]


def holds(turn: Turn, notice: Notice) -> Reply:
    """What this one says, or what took its place."""
    first = notices.find(turn.session, notice.refers_to) if notice.refers_to else notice
    if first is not None and first.superseded_by is not None:
        return correcting.holds_now(turn, first)
    return Reply("notices/still_holds", {**faces.values(turn, notice), "now": turn.now}, about=notice.number)


@router.timer(ANSWERED)
def may_tell_again(_scene: Scene, _due: Sequence[Timer]) -> list[Reply]:
    """The pause is over; nothing is said."""
    return []
