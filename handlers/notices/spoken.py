"""给居民群发个通知，明天停水: a notice asked for in a whole sentence is begun and shown; nothing leaves by it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import UserMistake
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import when
from bot.understanding.place import number
from handlers.notices import composing, crons, reading
from handlers.notices.terms import Spoken, terms
from handlers.people import authority

router = Router()

ORDER, CENSUS, LET_PASS = "notice", "census", ("report", "emergency")
ASK = (f"{composing.WHO} ", "slot_say ")
YIELD = (f"{composing.CHANGE} ", *ASK)
"""Questions that a whole new notice does not answer."""
PAUSE = re.compile(r"[\s,，。;；:：、.!！]+")
CLOSING = re.compile(
    r"\s*(?:到|至|-|—|~|～)\s*(?P<part>早上|上午|中午|下午|晚上)?(?P<hour>[\d一二两三四五六七八九十]{1,3})[点时](?P<half>半)?"
)
MANY = "们"
"""The end of a word for several people, and part of it."""
HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Said:
    """Whom it is for, and its words; both may be missing."""

    who: str
    text: str
    repeat: str = ""
    """每周五下午3点, when it was said first."""
    topic: str = ""
    """防溺水提醒, when it was called so."""


@router.guard_where("alone", "posted")
def asks_for_a_notice(turn: Turn) -> Handler | None:
    """Begins it, when a post says in private that something be told to somebody; cheap for everybody else."""
    said, waiting = turn.utterance, turn.asked
    if turn.incoming.happening != "text" or said.intent == "emergency":
        return None
    if waiting is not None and waiting.takes and not waiting.takes.startswith(YIELD):
        return None
    rows = terms(turn.catalog).spoken
    if said.command == ORDER and not said.argument.startswith(rows.to):
        return None  # 发通知 with its parts
    if said.command not in (None, ORDER) or not any(word in said.text for word in (*rows.nouns, *rows.tells)):
        return _counts(turn, rows) if waiting is None or not waiting.takes.startswith(ASK) else None
    found = _heard(turn, rows)
    if found is not None and waiting is not None and waiting.takes.startswith(ASK) and not (found.who and found.text):
        return None  # perhaps the answer
    if found is None:
        return _counts(turn, rows) if waiting is None or not waiting.takes.startswith(ASK) else None
    if not authority.speaking_posts(turn, turn.posts):
        return _not_theirs
    return lambda turn: composing.begun_with(turn, _parts(turn, found))


def _not_theirs(_turn: Turn) -> list[Reply]:
    raise UserMistake("notices/not_for_you")


def _counts(turn: Turn, rows: Spoken) -> None:
    """帮我摸排一下望江雅居有多少独居老人: the order of a census, which shows before it asks anybody."""
    said = turn.utterance
    if said.command is not None or not authority.seated(turn, turn.posts, CENSUS):
        return
    rest = _without(said.text, rows.polite)
    for word in sorted(rows.counts, key=len, reverse=True):
        place, sign, question = rest.partition(word)
        if sign and len(place) <= reading.LONGEST_WHOM and (not place or _is_place(turn, _without(place, rows.to))):
            left = _without(_without(place, rows.to) + _without(question, rows.leads), rows.to)
            turn.order = Order(CENSUS, (), _parted(turn, left))
            return


def _is_place(turn: Turn, words: str) -> bool:
    heard = reading.whom(turn, words, ())
    return bool(heard.grids) and not heard.unknown


def _parted(turn: Turn, words: str) -> str:
    """The place, a blank, the question."""
    named = reading.named(turn, words)
    if named is None or named[0] != 0:
        return words
    question = words[named[1] :].removeprefix("的").strip(reading.BETWEEN)
    return f"{words[: named[1]]} {question}".strip()


def _heard(turn: Turn, rows: Spoken) -> Said | None:
    """For whom and what, where the sentence is made so that it can mean nothing else."""
    rest, tells = _without(turn.utterance.text, rows.polite), rows.tells
    if (rule := crons.leading(rest)) is not None:
        found = _once(turn, _without(rest[rule:], rows.polite), rows, tells)
        return replace(found, repeat=rest[:rule]) if found is not None else None
    return _once(turn, rest, rows, tells)


def _once(turn: Turn, rest: str, rows: Spoken, tells: Sequence[str]) -> Said | None:
    """The same of a sentence that begins with no rule."""
    if (given := _without(rest, rows.to)) != rest:
        return _given(turn, given, rows)
    if deed := _first(rest, _sends(rows)):
        after = _without(rest[len(deed) :], (*rows.leads, *rows.to))
        return _whom_first(turn, after, rows) or Said("", _without(after, rows.leads))
    if deed := _first(rest, tells):
        found = _whom_first(turn, _without(rest[len(deed) :], (*rows.leads, *rows.to)), rows)
        return found if found is not None and not _is_report(turn, found.who) else None
    return _told_last(turn, rest, rows)


def _given(turn: Turn, words: str, rows: Spoken) -> Said | None:
    """居民群发个通知，明天停水: whom, the deed, the words."""
    if (called := _called(turn, words, rows)) is not None:
        return called
    places = [(at, deed) for deed in (*_sends(rows), *rows.tells) if (at := words.find(deed)) > 0]
    if not places:
        return None
    at, deed = min(places, key=lambda one: (one[0], -len(one[1])))
    who, heard = words[:at].strip(reading.BETWEEN), reading.whom(turn, words[:at], ())
    if len(who) > reading.LONGEST_WHOM or (heard.audience is None and not heard.grids):
        return None
    return Said(who, _without(words[at + len(deed) :], rows.leads))


def _called(turn: Turn, words: str, rows: Spoken) -> Said | None:
    """居民群发防溺水提醒：孩子不下河: whom, the deed with what it is called, the words."""
    found = re.match(
        rf"(.{{1,{reading.LONGEST_WHOM}}}?)({_any(rows.verbs)})(\S{{1,8}}?({_any(rows.nouns)}))[:：]", words
    )
    if found is None or not composing.is_whom(turn, found[1].strip(reading.BETWEEN)):
        return None
    return Said(found[1].strip(reading.BETWEEN), words[found.end() :].strip(), topic=found[3])


def _any(words: Sequence[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _whom_first(turn: Turn, words: str, rows: Spoken) -> Said | None:
    """3网格的居民：周六打疫苗: what stands before the first pause, or before a word with which a text may begin."""
    first = PAUSE.search(words)
    head = words[: first.start()] if first else words
    if len(head) <= reading.LONGEST_WHOM and reading.whom(turn, head, ()).audience is not None:
        if first is None and composing.is_whom(turn, head):
            return Said(head, "")
        if first is not None and (composing.is_whom(turn, head) or not _begins(head, rows)):
            return Said(head, _without(words[first.end() :], rows.leads))
    for end in range(min(len(words), reading.LONGEST_WHOM), 0, -1):
        who, text = words[:end], words[end:]
        if (
            text
            and _starts(text, rows)
            and (who[-1] in MANY or not reading.FILLERS.fullmatch(who[-1]))
            and composing.is_whom(turn, who)
        ):
            return Said(who, text)
    return None


def _told_last(turn: Turn, words: str, rows: Spoken) -> Said | None:
    """明天停水，通知一下居民群."""
    for pause in PAUSE.finditer(words):
        clause = _without(words[pause.end() :], rows.polite)
        if deed := _first(clause, (*_sends(rows), *rows.tells)):
            who = _without(clause[len(deed) :], (*rows.leads, *rows.to)).strip(reading.BETWEEN)
            if who and len(who) <= reading.LONGEST_WHOM and composing.is_whom(turn, who):
                return None if turn.utterance.intent in LET_PASS else Said(who, words[: pause.start()])
    return None


def _is_report(turn: Turn, who: str) -> bool:
    """Whether somebody in charge is to hear of a fault: no notice."""
    heard = reading.whom(turn, who, ()).audience
    return turn.utterance.intent in LET_PASS and heard is not None and bool(heard.roles)


def _begins(head: str, rows: Spoken) -> bool:
    """Whether a text begins inside these words: 大家明天，…."""
    return any(_starts(head[at:], rows) for at in range(1, len(head)))


def _starts(text: str, rows: Spoken) -> bool:
    return reading.DAY.match(text) is not None or text.startswith(rows.begins)


def _sends(rows: Spoken) -> list[str]:
    found = [verb + many + noun for verb in rows.verbs for many in ("", *rows.many) for noun in rows.nouns]
    return sorted(found, key=len, reverse=True)


def _first(words: str, known: Sequence[str]) -> str:
    return max((word for word in known if words.startswith(word)), key=len, default="")


def _without(words: str, known: Sequence[str]) -> str:
    """What follows these words and the pauses around them."""
    words = words.strip(reading.BETWEEN)
    while word := _first(words, known):
        words = words[len(word) :].strip(reading.BETWEEN)
    return words


def _parts(turn: Turn, found: Said) -> dict[str, str]:
    """The parts of the notice; a text that says until what hour is good for no longer."""
    said = composing.parts_of(turn, found.text) if found.text else {}
    said |= {of: words for of, words in (("who", found.who), ("repeat", found.repeat), ("topic", found.topic)) if words}
    last = ends(said.get("text", ""), turn.now.astimezone(turn.settings.zone))
    if last is not None and "until" not in said:
        said["until"] = f"{last:%m月%d日%H:%M}"
    return said


def ends(text: str, now: datetime) -> datetime | None:
    """The end of "明天下午3点到6点"; None where it is not said, or not clearly."""
    named = when.find(text, now)
    if named is None or not isinstance(named.start, datetime) or named.unclear:
        return None
    closing = CLOSING.match(text, text.find(named.words) + len(named.words))
    hour = int(number(closing["hour"])) if closing else 24
    if closing is None or hour > 23:
        return None
    last = named.start.replace(hour=hour, minute=30 if closing["half"] else 0)
    if (last <= named.start or closing["part"] in ("下午", "晚上")) and hour < 12:
        last += HALF_A_DAY
    return last if last > max(named.start, now) else None
