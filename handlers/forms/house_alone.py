"""帮我看哈屋头嘛: whoever asks that the empty home is looked after begins 外出托付, in any words."""

import re
from functools import lru_cache

import msgspec

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.forms import lint, starting
from handlers.forms.filling import MENU, in_private

router = Router()

AWAY = "away"
"""The form that it is."""
LONGEST = 80
FAULTY = ("fault:", "trouble:", "urgent:")


class HouseAlone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """house_alone.toml."""

    asks: tuple[str, ...]
    watches: tuple[str, ...]
    house: tuple[str, ...]
    away: tuple[str, ...]
    empty: tuple[str, ...]


@router.guard
def look_after_it(turn: Turn) -> Handler | None:
    """Quick to say None: it must be asked, and the home be named."""
    said, text = turn.utterance, turn.utterance.text
    if (turn.in_group and not said.addressed) or turn.order is not None or turn.incoming.happening != "text":
        return None
    if said.command is not None or said.intent == "emergency" or turn.quoted is not None or len(text) > LONGEST:
        return None
    words = turn.catalog.read("house_alone.toml", HouseAlone)
    if not any(word in text for word in words.house) or not any(word in text for word in words.watches):
        return None
    if (turn.asked is not None and turn.asked.takes not in ("", MENU)) or text.endswith(starting.QUESTION):
        return None
    found = _asked(words).search(text) is not None
    goes = any(word in text for word in words.away)
    empty = any(word in text for word in words.empty) and any(word in text for word in words.asks)
    faulty = said.intent == "report" and any(why.startswith(FAULTY) for why in said.why)
    if not (found or empty) or faulty or AWAY not in lint.offered(turn.catalog):
        return None
    return _begun if goes or empty else _offered


@in_private
def _begun(turn: Turn) -> list[Reply]:
    return starting.begin(turn, AWAY, turn.utterance.text)


@in_private
def _offered(turn: Turn) -> list[Reply]:
    return [starting.offer(turn, AWAY, turn.utterance.text)]


@lru_cache(maxsize=4)
def _asked(words: HouseAlone) -> re.Pattern[str]:
    """帮我看哈屋头, 屋头帮忙看到点: nothing more is said of the home than that."""
    asks, watches, house = (phrases.any_of(some) for some in (words.asks, words.watches, words.house))
    ends = r"(?=[嘛哈噻哦吧啊呀了的]*(?:$|[\s,，。!！;；]))"
    return re.compile(
        rf"(?:{asks})[^,，。\s]{{0,3}}?(?:{watches})(?:我|我们|我家|咱家|一下|哈)?的?(?:{house}){ends}"
        rf"|(?:{house})[^,，。\s]{{0,4}}?(?:{asks})[^,，。\s]{{0,3}}?(?:{watches}){ends}"
    )
