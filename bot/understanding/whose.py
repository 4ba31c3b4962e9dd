"""Whose door and whose illness: names, doors, illnesses and what ties them, by weights learned from our own corpus."""

import re
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Literal

import msgspec

from bot.errors import CatalogError
from bot.understanding.ailments import AILMENT, TELLING, UNWELL
from bot.understanding.names import (
    CALLED,
    FAR_AWAY,
    GIVENS,
    KIN,
    NOBODY,
    SOMEBODY,
    SURNAMES,
    SURNAMES_THAT_ARE_WORDS,
    TYPICAL,
)

FILE = Path(__file__).with_name("personal.bin")

NOTHING, NAME, NAME_ON, AFTER, AFTER_ON, TO, BACK, DOOR, ILLNESS = range(9)
"""What a character may be: a name that stands before what belongs to it (its first sign, the others) or after it,
the words that lead from a name to its door or illness or back from them to the name, a door, an illness."""
_BELONGS = (TO, DOOR, ILLNESS)
NEXT: tuple[tuple[int, ...], ...] = (
    (NOTHING, NAME, DOOR, ILLNESS),
    (NAME_ON, *_BELONGS),
    (NAME_ON, *_BELONGS),
    (AFTER_ON, NOTHING, *_BELONGS),
    (AFTER_ON, NOTHING, *_BELONGS),
    _BELONGS,
    (BACK, AFTER),
    (NOTHING, AFTER, BACK, *_BELONGS),
    (NOTHING, AFTER, BACK, *_BELONGS),
)
"""What may stand behind what: a name is never left without what belongs to it."""
FIRST = (NOTHING, NAME, DOOR, ILLNESS)
LAST = (NOTHING, AFTER, AFTER_ON, DOOR, ILLNESS)
LABELS = len(NEXT)
_TIES = frozenset(
    (near, far)
    for thing in (DOOR, ILLNESS)
    for near, far in ((NAME, thing), (NAME_ON, thing), (TO, thing), (thing, AFTER), (thing, BACK))
)
_BOLDNESS = 30
"""So much more speaks for what ties a name to a door or an illness: one missed is worse than a word hidden in vain."""
ZERO = 128
"""A weight is kept as a byte, 128 being nothing."""
_NEVER = -(10**9)
_FIELD = 2
"""Bytes for one number in a packed row: the sum of all rows of a character has room in it."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """A door or an illness together with the name it belongs to."""

    kind: Literal["home", "health"]
    start: int
    end: int


class Row(msgspec.Struct):
    """The weights as they are kept in the file."""

    traits: list[str]
    weights: bytes
    """All weights of the first label, then all of the second ..."""
    steps: list[list[int]]
    """What a label says for the label behind it."""


def _kinds(*groups: tuple[str, str]) -> dict[int, str]:
    """For each character the sign of the first group it is in."""
    table = dict[int, str]()
    for sign, characters in reversed(groups):
        table.update(dict.fromkeys(map(ord, characters), sign))
    return table


_DIGITS = "0123456789"
_COUNTS = "一二三四五六七八九十零〇两百"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHAPES = _kinds(
    ("0", _DIGITS),
    ("1", _COUNTS),
    ("A", _LETTERS),
    ("-", "-—–_~/·#＃*.+"),
    (",", ",，、"),
    (".", "。！!?？；;\n…"),
    (":", ":：=是"),
    ("(", "(（【[「《“\"'"),
    (")", ")）】]」》”"),
    (" ", " "),
    ("d", "栋幢座楼单元室户号层弄房梯"),
    ("r", "院巷路街排组队社附村区期苑园里门口屋库底顶"),
    ("e", "东西南北左右边中手侧对面间头"),
    ("t", "年月日点分时块米斤度平线次份个人名条"),
    ("i", "病癌炎症瘤疹疮痛疼血瘫残聋哑瞎疯瘸癫痫肿硬化梗溃疡疝孕胎产伤断折毒烧阳痴呆障碍衰萎"),
    ("b", "腿脚腰眼肺肝肾心脑胃骨脖胸肠胆鼻耳喉嗓皮肤牙膝胯肩颈胰脾膀指神经尿宫"),
    ("f", "的了在住有和也就都不没去来说被给把着得患查确又还已刚才叫那这他她我你您们谁吗呢吧啊要请让找"),
)
"""What stands around names."""
_PLAIN_SURNAMES = SURNAMES - SURNAMES_THAT_ARE_WORDS
_PARTS = _kinds(
    ("k", "".join(KIN)),
    ("B", "".join(_PLAIN_SURNAMES & GIVENS)),
    ("S", "".join(_PLAIN_SURNAMES)),
    ("b", "".join(SURNAMES & GIVENS)),
    ("s", "".join(SURNAMES)),
    ("G", "".join(TYPICAL)),
    ("f", "".join(FAR_AWAY)),
    ("g", "".join(GIVENS)),
    ("n", "".join(CALLED)),
    ("0", _DIGITS + _COUNTS),
    (",", ",，、 :：()（）【】"),
    (".", "。！!?？；;\n…"),
)
"""What names are made of."""


def _name_signs() -> dict[int, str]:
    """The same more finely: all that a character may be in a name at once."""
    table = dict[int, str]()
    for sign in SURNAMES | GIVENS | KIN | CALLED | FAR_AWAY:
        surname = (sign in SURNAMES) + (sign in _PLAIN_SURNAMES)
        given = (sign in GIVENS) + (sign in TYPICAL)
        called = 1 if sign in KIN else 2 if sign in CALLED else 0
        table[ord(sign)] = chr(0x100 + (((sign in FAR_AWAY) * 3 + surname) * 3 + given) * 3 + called)
    return table


_NAMES = _name_signs()
_SAME = str.maketrans(
    {
        **dict.fromkeys("123456789", "0"),
        **dict.fromkeys(_LETTERS, "A"),
        **dict(zip("，：（）、；！？—–【】[]孃#幢座", ",:(),;!?--()()嬢栋栋栋", strict=True)),
    }
)
_AILMENT = re.compile(AILMENT)
_TELLING = re.compile(TELLING)
_UNWELL = re.compile(UNWELL)
_SOMEBODY = re.compile(SOMEBODY)
_NUMBERED = re.compile(
    r"\d|[零〇]|[一二三四五六七八九十底顶][栋幢座楼单号排组队社弄门](?!月)|[二三四五六七八九十][一二三四五六七八九]{2}"
    r"|第[一二三四五六七八九十]|[顶底][楼层]|幺[一二三四五六七八九]|[壹贰叁肆伍陆柒捌玖]|[一二三四五六七八九]层"
)
_DOORLIKE = re.compile(
    r"(?<![\dA-Za-z])[A-Za-z]?[\d一二三四五六七八九十零〇两百]"
    r"[-—–_~/.·#＃ \dA-Za-z一二三四五六七八九十零〇两百栋幢座楼单元室户号层门院弄排组队社附村区期东西南北左右边手侧]*+"
)
_LIVED_IN = re.compile(
    r"\d[-—–_~/.·#＃ 栋幢座号楼单元的]{0,4}\d{2,4}(?!\d*[元块月年度%点时:])|\d[A-Ha-h](?![a-zA-Z])"
    r"|[一二三四五六七八九][零〇一二三四五六七八九]{2}|[\d一二三四五六七八九十][-—–][\d一二三四五六七八九十]"
    r"|号院|附\d|[东西南北中左右][边手侧]?[户室门]|[左右]手|东头|西头|[组社队巷弄里街路村]\s?\d|\d号(?!楼|线)|[一二三四五六七八九十]家"
    r"|户|顶楼|底楼|[住租屋]|家[属的在里]|[门楼][一二三四五六七八九十]{1,2}[号楼]"
    rf"|[楼层门排号栋场坊][东西南北]?[,， ]?[{''.join(sorted(_PLAIN_SURNAMES))}][{''.join(sorted(GIVENS))}]"
    r"|[叔姨婶嫂爷奶婆伯妈孃嬢姥舅姑娘娃爹哥姐妹弟师会]|姓|叫|接龙|收"
)
"""Signs that a number is where somebody lives; few numbers without them are."""
_WAYS = ("路", "街", "巷", "弄")
_CLOSING = frozenset(")）】]」》”")
_LONGEST = 120
"""No door or illness is farther from its name."""
_EDGE = "^^^^"
_FAR = (1, 2, 3, 5, 8, 12, 18, 26)
_NOWHERE = 99
_STEPS = tuple(str(sum(far > limit for limit in _FAR)) for far in range(_NOWHERE + 1))


def ready() -> None:
    """Load the weights, which otherwise the first text with a door or an illness waits for; CatalogError if missing."""
    _chain()


def find(text: str) -> Iterator[Belonging]:
    """Every door and every illness that somebody named has."""
    ill = _UNWELL.search(text) or (_TELLING.search(text) and _AILMENT.search(text))
    if not ill and not (_NUMBERED.search(text) and _LIVED_IN.search(text)):
        return
    path = _chain().path(traits(text))
    for label, start, end, name in belongings(path):
        if end - start > _LONGEST or _is_nobody(text, label, *name):
            continue
        end -= text[end - 1] in _CLOSING
        if label == DOOR and _NUMBERED.search(text, start, end):
            yield Belonging("home", start, end)
        elif _UNWELL.search(text, start, end) or _AILMENT.search(text, start, end):
            yield Belonging("health", start, end)
        elif _NUMBERED.search(text, start, end):
            yield Belonging("home", start, end)


def _is_nobody(text: str, label: int, start: int, end: int) -> bool:
    """Whether what was taken for a name is only "the owner", "A座", or that of a street on which something happens."""
    return NOBODY.match(text, start, end) is not None or (label == ILLNESS and text[end : end + 1] in _WAYS)


def belongings(path: Sequence[int]) -> Iterator[tuple[int, int, int, tuple[int, int]]]:
    """From each door or illness to its name: the one it leads to, else the one that led to it; and where that is."""
    parts = list(pieces(path))
    for at, (label, start, end) in enumerate(parts):
        if label not in (DOOR, ILLNESS):
            continue
        after = next((piece for piece in parts[at + 1 :] if piece[0] not in (BACK, DOOR, ILLNESS)), None)
        before = next((piece for piece in parts[at - 1 :: -1] if piece[0] not in _BELONGS), None) if at else None
        if after and after[0] == AFTER:
            yield label, start, after[2], after[1:]
        elif before and before[0] in (NAME, AFTER):
            yield label, before[1], end, before[1:]


def pieces(path: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """What the characters make together, with where it begins and ends."""
    kinds = [_WITH.get(label, label) for label in path]
    start = 0
    for at in range(1, len(path) + 1):
        if at == len(path) or path[at] in _WITH.values() or kinds[at] != kinds[start]:
            yield kinds[start], start, at
            start = at


_WITH = {NAME_ON: NAME, AFTER_ON: AFTER}


def traits(text: str) -> list[tuple[str, ...]]:
    """What each character shows: itself and its neighbours, as letters, as kinds, and how far it is to what."""
    said = _EDGE + text.translate(_SAME) + _EDGE
    shape = _EDGE + "".join([_SHAPES.get(ord(sign), "x") for sign in text]) + _EDGE
    part = _EDGE + "".join([_PARTS.get(ord(sign), "-") for sign in text]) + _EDGE
    name = _EDGE + "".join([_NAMES.get(ord(sign), "-") for sign in text]) + _EDGE
    ills, doors = _covered(_AILMENT, text, "h"), _covered(_DOORLIKE, text, "d")
    whom = _EDGE + _covered(_SOMEBODY, text, "n") + _EDGE
    what = _EDGE + "".join([door if ill == "-" else ill for ill, door in zip(ills, doors, strict=True)]) + _EDGE
    return [
        (
            "a" + said[at],
            "b" + said[at - 1],
            "c" + said[at + 1],
            "d" + said[at - 2],
            "e" + said[at + 2],
            "f" + said[at - 3],
            "g" + said[at + 3],
            "h" + said[at - 1 : at + 1],
            "i" + said[at : at + 2],
            "j" + said[at - 2 : at],
            "k" + said[at + 1 : at + 3],
            "l" + part[at - 1 : at + 2],
            "m" + part[at : at + 3],
            "n" + shape[at - 1 : at + 2],
            "o" + shape[at - 2 : at + 3],
            "p" + shape[at - 3 : at + 1],
            "q" + shape[at : at + 4],
            "r" + name[at : at + 2],
            "s" + name[at - 1 : at + 1],
            "t" + name[at : at + 3],
            "u" + name[at - 1 : at + 2],
            "v" + name[at - 2 : at + 1],
            "w" + shape[at - 1] + name[at],
            "x" + name[at] + shape[at + 1],
            "y" + shape[at - 1] + name[at : at + 2],
            "z" + name[at - 1 : at + 1] + shape[at + 1],
            "A" + what[at - 1 : at + 2],
            "B" + what[at] + shape[at],
            "C" + door_before + door_after,
            "D" + ill_before + ill_after,
            "E" + door_before + name[at],
            "F" + door_after + name[at],
            "G" + ill_after + name[at],
            "H" + shape[at - 1] + name[at : at + 3] + shape[at + 3],
            "I" + shape[at - 2] + name[at - 1 : at + 2] + shape[at + 2],
            "J" + shape[at - 3] + name[at - 2 : at + 1] + shape[at + 1],
            "K" + whom[at - 1 : at + 2],
            "L" + whom[at : at + 2] + name[at],
            "O" + part[at - 2 : at + 1],
            "P" + shape[at - 1] + part[at : at + 4],
            "Q" + shape[at - 2] + part[at - 1 : at + 3],
            "R" + part[at - 2 : at + 2] + shape[at + 2],
            "S" + part[at - 3 : at + 1] + shape[at + 1],
            "T" + what[at - 1] + part[at : at + 3],
            "U" + what[at + 1] + part[at - 2 : at + 1],
            "V" + what[at - 2 : at] + part[at : at + 2],
            "W" + what[at - 1] + said[at],
            "X" + what[at + 1] + said[at],
            ALWAYS,
        )
        for at, door_before, door_after, ill_before, ill_after in zip(
            range(len(_EDGE), len(text) + len(_EDGE)),
            _distances(doors, shape),
            reversed(_distances(doors[::-1], shape[::-1])),
            _distances(ills, shape),
            reversed(_distances(ills[::-1], shape[::-1])),
            strict=True,
        )
    ]


ALWAYS = ""
"""The trait of every character."""


def _covered(pattern: re.Pattern[str], text: str, sign: str) -> str:
    """The sign under every character that belongs to such words, in capitals under the first."""
    marks = ["-"] * len(text)
    for found in pattern.finditer(text):
        marks[found.start() : found.end()] = [sign.upper(), *sign * (found.end() - found.start() - 1)]
    return "".join(marks)


def _distances(marks: str, shape: str) -> list[str]:
    """How far back the last mark is, in steps that grow, and whether a sentence ended since."""
    far, ended = _NOWHERE, False
    told = list[str]()
    for mark, kind in zip(marks, shape[len(_EDGE) :], strict=False):
        far, ended = (0, False) if mark != "-" else (far + 1, ended or kind == ".")
        step = _STEPS[min(far, _NOWHERE)]
        told.append(step + "s" if ended and far < _NOWHERE else step)
    return told


class Chain:
    """Finds the row of labels for which most speaks."""

    def __init__(self, row: Row) -> None:
        many = len(row.traits)
        columns = [row.weights[many * at : many * (at + 1)] for at in range(LABELS)]
        self._rows = {
            trait: int.from_bytes(array("H", (1, *weights)).tobytes(), "little")
            for trait, *weights in zip(row.traits, *columns, strict=True)
        }
        self._into = [
            [
                (before, row.steps[before][label] + _BOLDNESS * ((before, label) in _TIES))
                for before in range(LABELS)
                if label in NEXT[before]
            ]
            for label in range(LABELS)
        ]

    @classmethod
    def read(cls, file: Path = FILE) -> "Chain":
        """What `make train` wrote; CatalogError says how to write it again."""
        try:
            return cls(msgspec.msgpack.decode(zlib.decompress(file.read_bytes()), type=Row))
        except (OSError, zlib.error, msgspec.DecodeError) as fault:
            raise CatalogError(f"{file}: {fault}; make it again with: make train") from fault

    def path(self, shown: Sequence[Sequence[str]]) -> list[int]:
        """The best row of labels (Viterbi 1967): a label for each character."""
        best = [_NEVER] * LABELS
        came = list[list[int]]()
        for at, traits_here in enumerate(shown):
            scores = self._scores(traits_here)
            if at == 0:
                best = [score if label in FIRST else _NEVER for label, score in enumerate(scores)]
                continue
            reached, ways = list[int](), list[int]()
            for into, score in zip(self._into, scores, strict=True):
                most, way = _NEVER, NOTHING
                for before, step in into:
                    if (so_far := best[before] + step) > most:
                        most, way = so_far, before
                reached.append(most + score)
                ways.append(way)
            best = reached
            came.append(ways)
        path = [max(LAST, key=best.__getitem__)]
        for before in reversed(came):
            path.append(before[path[-1]])
        return path[::-1]

    def _scores(self, shown: Sequence[str]) -> list[int]:
        """What speaks for each label."""
        total = sum(map(self._rows.get, shown, repeat(0)))
        known, *fields = memoryview(total.to_bytes(_FIELD * (1 + LABELS), "little")).cast("H").tolist()
        nothing = ZERO * known
        return [field - nothing for field in fields]


@cache
def _chain() -> Chain:
    return Chain.read()
