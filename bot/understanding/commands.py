"""Orders to the bot: a known word at the beginning, and a rest that fits it."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.catalog import Command
from bot.understanding.sounds import sound

LIKELY = 0.4
"""An everyday word alone in a group: an order only if it answers the bot (a quote, an open question)."""
SLIP = 0.75
SURE = 1.0

_BETWEEN = " \n,，。.:：;；、!！?？~～-—#"
_NUMBER = re.compile(
    r"[\s,，:：#、]*(?:第|编号|号)?[\s:：]*(\d{3,6})(?![\d.\-%元块年月日天个人号栋楼单室房户度米斤点分])"
)
_LONE_NUMBER = re.compile(
    r"(?<![\dA-Za-z.\-#+/:])(\d{3,6})(?![\dA-Za-z.\-%元块年月日天个人号栋幢座楼单室房户度米斤点分/:#])"
)
_POLITE = re.compile(r"(?:谢谢|多谢|麻烦|辛苦)(?:了|你|您|你们|您了|啦|哈|大家)?[\s,，。!！~]{0,8}$")
_HEAD = re.compile(r"([\u4e00-\u9fff]{2,8})(.*)$", re.DOTALL)
FUZZY_RATIO = 74
"""One slip in four characters."""
FUZZY_SHORT_RATIO = 50
"""One slip in two characters: only with a number behind it, and in private."""
LONGEST_BY_EAR = 4
_TURNS = frozenset("没不未别吗么呢")
"""Characters that turn an order into its opposite or a question: 解决了吗 is no 解决了."""
_SOFTENS, _ASKING = frozenset("吧吗嘛么呢啊呀哈哦不"), ("?", "？")
"""What makes a question or a wish of an order: 动员 1029 吧, 启动战时 1029? - never enough for what reaches others."""


@dataclass(frozen=True, slots=True)
class Order:
    """A command that was given."""

    code: str
    word: str
    argument: str
    numbers: tuple[int, ...]
    confidence: float


def numbers_in(text: str) -> tuple[int, ...]:
    """Numbers of 3 to 6 digits that stand alone and are no room, price or year."""
    return tuple(int(found) for found in _LONE_NUMBER.findall(text))


class Commands:
    """All command words, by their first character."""

    def __init__(self, commands: Sequence[Command]) -> None:
        by_first: dict[str, list[tuple[str, Command]]] = defaultdict(list)
        for command in commands:
            for word in command.words:
                by_first[word[0]].append((word, command))
        for words in by_first.values():
            words.sort(key=lambda pair: -len(pair[0]))
        self._by_first = dict(by_first)
        self._fuzzy = {word: command for command in commands if command.fuzzy for word in command.words}
        self._by_sound = {sound(word): word for word in reversed(self._fuzzy) if 2 <= len(word) <= LONGEST_BY_EAR}
        self._begun_by_sound = frozenset(heard[:2] for heard in self._by_sound)

    def find(self, text: str, *, bold: bool) -> Order | None:
        """The order a text gives; `bold` when it was said in private or to the bot by name."""
        for word, command in self._by_first.get(text[0], ()) if text else ():
            if text.startswith(word) and not text.startswith(command.never or ("\0",)):
                order = _order(command, word, text[len(word) :], bold=bold)
                if order:
                    return order
        return self._by_ear(text, bold=bold) or self._slip(text, bold=bold)

    def _by_ear(self, text: str, *, bold: bool) -> Order | None:
        """A word of the same sound, as voice input writes it; more than a number may follow only after a pause."""
        heard = sound(text[:LONGEST_BY_EAR])
        if heard[:2] not in self._begun_by_sound:
            return None
        for length in range(len(heard), 1, -1):
            word = self._by_sound.get(heard[:length])
            rest = text[length:]
            if word is None or (rest and not (_NUMBER.match(rest) or rest[0] in _BETWEEN)):
                continue
            command = self._fuzzy[word]
            if word in command.everyday or (not bold and not (_NUMBER.match(rest) or word in command.joined)):
                continue
            if not bold and not rest.strip(_BETWEEN):
                continue
            order = _order(command, word, rest, bold=bold)
            if order:
                return Order(order.code, order.word, order.argument, order.numbers, SLIP)
        return None

    def _slip(self, text: str, *, bold: bool) -> Order | None:
        """A slip of the finger in a short order; never for what reaches other people."""
        head = _HEAD.match(text[:20]) if len(text) <= 18 else None
        if head is None:
            return None
        numbered = _NUMBER.fullmatch(head.group(2))
        if not numbered and (not bold or head.group(2).strip(_BETWEEN)):
            return None
        word = head.group(1)
        cutoff = FUZZY_RATIO if len(word) > 2 else FUZZY_SHORT_RATIO
        if len(word) == 2 and not (numbered and bold):
            return None
        close = process.extractOne(word, list(self._fuzzy), scorer=fuzz.ratio, score_cutoff=cutoff)
        if close is None or _TURNS & set(word) != _TURNS & set(close[0]):
            return None
        order = _order(self._fuzzy[close[0]], close[0], head.group(2), bold=bold)
        return order and Order(order.code, order.word, order.argument, order.numbers, SLIP)


def _order(command: Command, word: str, rest: str, *, bold: bool) -> Order | None:
    rest = _POLITE.sub("", rest)
    everyday = not bold and word in command.everyday
    if not rest.strip(_BETWEEN):
        if command.argument == "required" and not bold:
            return None
        return Order(command.code, word, "", (), LIKELY if everyday else SURE)
    numbers: list[int] = []
    while numbered := _NUMBER.match(rest):
        numbers.append(int(numbered.group(1)))
        rest = rest[numbered.end() :]
    said = rest.strip(_BETWEEN)
    asked = rest.rstrip(" ~～。").endswith(_ASKING)
    if numbers and command.exact and (asked or said) and set(said) <= _SOFTENS:
        return None
    if numbers:
        return Order(command.code, word, said, tuple(numbers), SURE)
    if command.argument == "none":
        return None
    if rest[0] in _BETWEEN:
        return Order(command.code, word, said, (), LIKELY if everyday else SURE)
    asks = said[-1] in _TURNS
    if word in command.joined or (bold and not asks and command.fuzzy and len(word) > 1):
        return Order(command.code, word, said, (), SURE)
    return None
