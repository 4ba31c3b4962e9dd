"""`make train`: learns bot/understanding/personal.bin, which tells whose a door or an illness is.

A conditional random field over characters. The corpus says where a piece begins and ends, not which of its characters
are the name, so whatever fits the piece is right (hidden-state CRF, Quattoni 2007); a first pass finds the names, and
the lines are said once more with other people's names, doors and illnesses.
"""

import re
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

import msgspec
import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from bot.understanding import names, personal
from bot.understanding.ailments import AILMENT
from bot.understanding.clean import tidy
from bot.understanding.whose import (
    AFTER,
    AFTER_ON,
    ALWAYS,
    BACK,
    DOOR,
    FILE,
    FIRST,
    ILLNESS,
    LABELS,
    LAST,
    NAME,
    NAME_ON,
    NEXT,
    NOTHING,
    TO,
    ZERO,
    Row,
    pieces,
    traits,
)
from tests.understanding.personal_pieces import Message, hands, kept_aside, own, placed

LENGTH = 120
"""Longer lines only slow the learning down."""
SELDOM = 2
FREEDOM = 6.0
"""How far the weights may go from nothing."""
FIRST_ROUNDS, ROUNDS, LAST_ROUNDS = 30, 80, 40
TRAITS = 70_000
"""So many are kept, those that say most, and learned once more."""
BOLDNESS = 0.05
"""So much less speaks for nothing: a piece missed is worse than a word hidden in vain."""
TIMES_SAID_AGAIN, WEIGHT_OF_SAID_AGAIN = 3, 0.35
SEED = 1
LONGEST_NAME = 6

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Line:
    """A text with the doors and illnesses in it that are somebody's."""

    text: str
    spans: tuple[tuple[int, int, int], ...]
    """DOOR or ILLNESS, begin, end."""
    weight: float = 1.0


# --- what each character of a piece may be


_AILMENT = re.compile(AILMENT)
_DOOR_BEGINS = re.compile(
    r"[A-Za-z]?\d|[一二三四五六七八九十零〇两百]+[栋幢座楼单号队组社零〇]|[A-Z][座区]|[东西南北]门|顶楼|门牌"
)
_DOOR_ENDS = re.compile(
    r"(?:\d[A-Za-z]?[室户号]?房?(?:附\d+)?|[楼层户手边门院家侧梯间][室户]?|[零〇一二三四五六七八九]{3,4}|[一二三四五六七八九]号)[)）】]?\Z"
)
_DOOR_SIGNS = frozenset(
    "0123456789一二三四五六七八九十零〇两百栋幢座楼单元室户号层门院弄巷路街排组队社附村区期-—–_~/·.#＃ 东西南北左右边中手侧顶底"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh"
)
_IN_NO_NAME = frozenset("0123456789,，。:：;；!！?？ ()（）【】的在住了-—/\n~、@+")


def name_first(label: int, said: str) -> bool:
    """Whether a piece begins with the name."""
    if label == DOOR:
        begins, ends = _DOOR_BEGINS.match(said), _DOOR_ENDS.search(said)
        return not begins or bool(ends and sum(map(str.isdigit, said[-4:])) > sum(map(str.isdigit, said[:4])))
    ills = list(_AILMENT.finditer(said))
    if not ills or ills[-1].end() == len(said):
        return True
    behind = said[ills[-1].end() :]
    return not (ills[0].start() == 0 or (ills[0].start() <= 2 and 3 <= len(behind) <= 9 and "的" in behind))


def allowed(line: Line) -> Flags:
    """Which labels are right for which character: outside of pieces none that belongs to somebody."""
    text = line.text
    may = np.zeros((len(text), LABELS), bool)
    may[:, NOTHING] = True
    may[:, DOOR] = [sign in _DOOR_SIGNS for sign in text]
    for ill in _AILMENT.finditer(text):
        may[ill.start() : ill.end(), ILLNESS] = True
    ills = may[:, ILLNESS].copy()
    inside = np.zeros_like(may)
    for span in line.spans:
        inside |= _in_piece(text, span, ills)
    covered = inside.any(axis=1)
    may[covered] = inside[covered]
    for at in np.flatnonzero(covered):
        may[at, AFTER] |= may[at, NAME] and sum(begin <= at < end for _, begin, end in line.spans) > 1
    for one in line.spans:
        for other in line.spans:
            if other != one and other[1] < one[2] and one[1] < other[2]:
                may[one[1] + 1 : one[2] - 1, (TO, DOOR, ILLNESS)] = True
    return may


def _in_piece(text: str, span: tuple[int, int, int], ills: Sequence[bool]) -> Flags:
    label, begin, end = span
    may = np.zeros((len(text), LABELS), bool)
    named_first = name_first(label, text[begin:end])
    for at in range(begin, end):
        sure = text[at].isdigit() if label == DOOR else ills[at] and named_first
        from_name = at - begin if named_first else end - 1 - at
        may[at, label] = from_name >= 1
        may[at, TO if named_first else BACK] = from_name >= 1 and begin < at < end - 1
        if sure and from_name >= 1:
            continue
        if from_name < LONGEST_NAME and (text[at] not in _IN_NO_NAME or from_name == 0):
            may[at, (NAME_ON, AFTER_ON) if named_first else (AFTER, AFTER_ON)] = True
    if named_first:
        may[begin] = _only(NAME, AFTER)
        if end - begin > 2 and text[begin + 1] not in _IN_NO_NAME:
            may[begin + 1] = _only(NAME_ON, AFTER_ON)
        may[end - 1] = _only(label)
    else:
        may[end - 1] = _only(AFTER_ON, AFTER)
        if end - begin > 2 and text[end - 2] not in _IN_NO_NAME:
            may[end - 2] = _only(AFTER, AFTER_ON)
        may[begin] = _only(label)
    return may


def _only(*labels: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isin(np.arange(LABELS), labels)


_MAY_FOLLOW = np.array([_only(*behind) for behind in NEXT])
_MAY_BEGIN, _MAY_END = _only(*FIRST), _only(*LAST)


def possible(may: Flags) -> bool:
    """Whether any row of labels fits."""
    here = may[0] & _MAY_BEGIN
    for there in may[1:]:
        here = (here @ _MAY_FOLLOW) & there
    return bool((here & _MAY_END).any())


# --- the field


class Field:
    """Lines as numbers, the longest first, and the weights they teach."""

    def __init__(self, lines: Iterable[Line], at: dict[str, int] | None = None) -> None:
        self.lines = sorted(lines, key=lambda line: -len(line.text))
        shown = [traits(line.text) for line in self.lines]
        if at is None:
            seen = Counter(trait for line in shown for trait in {trait for row in line for trait in row})
            at = {trait: place for place, trait in enumerate(sorted(t for t, n in seen.items() if n >= SELDOM))}
        self.at = at
        rows = [[at[trait] for trait in row if trait in at] for line in shown for row in line]
        ends = np.cumsum([0, *map(len, rows)])
        places = np.fromiter((place for row in rows for place in row), np.int32, int(ends[-1]))
        self.rows = csr_matrix((np.ones(len(places)), places, ends), shape=(len(rows), len(at)))
        self.lengths = np.array([len(line.text) for line in self.lines])
        self.filled = np.arange(self.lengths.max()) < self.lengths[:, None]
        self.may = np.ones((*self.filled.shape, LABELS), bool)
        for place, line in enumerate(self.lines):
            may = allowed(line)
            self.may[place, : len(line.text)] = may if possible(may) else True

    def only(self, places: Sequence[int]) -> None:
        """Forget all traits but these."""
        named = list(self.at)
        self.at = {named[place]: new for new, place in enumerate(places)}
        self.rows = self.rows[:, list(places)].tocsr()

    def learn(self, rounds: int, start: tuple[Matrix, Matrix] | None = None) -> tuple[Matrix, Matrix]:
        """The weights of each trait, and of each label for the next, under which what is right is likeliest."""
        many, turned = len(self.at), self.rows.T.tocsr()
        heavy = np.array([line.weight for line in self.lines])

        def loss(flat: Matrix) -> tuple[float, Matrix]:
            weights, steps = flat[: many * LABELS].reshape(many, LABELS), flat[many * LABELS :].reshape(LABELS, LABELS)
            scores = self.rows @ weights
            anyhow, expected, stepped = self._sum(scores, steps, None, heavy)
            rightly, wanted, rightly_stepped = self._sum(scores, steps, self.may, heavy)
            slope = np.concatenate([(turned @ (expected - wanted)).ravel(), (stepped - rightly_stepped).ravel()])
            value = float((heavy * (anyhow - rightly)).sum() + flat @ flat / (2 * FREEDOM))
            return value / len(self.lines), (slope + flat / FREEDOM) / len(self.lines)

        first = (
            np.zeros((many + LABELS) * LABELS) if start is None else np.concatenate([part.ravel() for part in start])
        )
        found = minimize(loss, first, jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 6}).x
        return found[: many * LABELS].reshape(many, LABELS), found[many * LABELS :].reshape(LABELS, LABELS)

    def best(self, weights: Matrix, steps: Matrix) -> Iterator[tuple[Line, list[int]]]:
        """Each line with the likeliest of its right rows of labels."""
        scores, begin = self.rows @ weights, 0
        steps = np.where(_MAY_FOLLOW, steps, -np.inf)
        for line, may in zip(self.lines, self.may, strict=True):
            length = len(line.text)
            here = np.where(may[:length], scores[begin : begin + length], -np.inf)
            begin += length
            best, came = np.where(_MAY_BEGIN, here[0], -np.inf), list[np.ndarray[tuple[int], np.dtype[np.int64]]]()
            for row in here[1:]:
                ways = best[:, None] + steps
                came.append(ways.argmax(axis=0))
                best = ways.max(axis=0) + row
            path = [int(np.where(_MAY_END, best, -np.inf).argmax())]
            for before in reversed(came):
                path.append(int(before[path[-1]]))
            yield line, path[::-1]

    def _sum(self, scores: Matrix, steps: Matrix, may: Flags | None, heavy: Matrix) -> tuple[Matrix, Matrix, Matrix]:
        """Over all rows of labels (forward and backward): how much speaks for them, and how often each label comes."""
        lines, longest = self.filled.shape
        most = scores.max(axis=1, keepdims=True)
        chances = np.ones((lines, longest, LABELS))
        chances[self.filled] = np.maximum(np.exp(scores - most), 1e-25)
        if may is not None:
            chances *= may
        follow = np.exp(np.clip(steps, -20, 20)) * _MAY_FOLLOW
        many = self.filled.sum(axis=0)
        forward, sizes = np.zeros((longest, lines, LABELS)), np.ones((longest, lines))
        now = chances[:, 0] * _MAY_BEGIN
        for at, here in enumerate(many):
            if at:
                now = (now[:here] @ follow) * chances[:here, at]
            sizes[at, :here] = now.sum(axis=1)
            now = now / sizes[at, :here, None]
            forward[at, :here] = now
        ends = (forward[self.lengths - 1, np.arange(lines)] * _MAY_END).sum(axis=1)
        total = np.log(sizes).sum(axis=0) + np.log(ends)
        total += np.bincount(np.repeat(np.arange(lines), self.lengths), weights=most[:, 0], minlength=lines)
        back, often, stepped = np.tile(_MAY_END / 1.0, (lines, 1)) / ends[:, None], np.zeros_like(chances), 0.0
        for at in range(longest - 1, -1, -1):
            here = many[at]
            often[:here, at] = forward[at, :here] * back[:here]
            if at:
                ahead = chances[:here, at] * back[:here] / sizes[at, :here, None]
                stepped = stepped + follow * (forward[at - 1, :here].T @ (ahead * heavy[:here, None]))
                back[:here] = ahead @ follow.T
        return total, (often * heavy[:, None, None])[self.filled], stepped


# --- the same said of others


class Others:
    """Other people, and where they live and what they have."""

    def __init__(self, found: Sequence[tuple[Line, list[int]]], chance: Random) -> None:
        self._chance = chance
        self._met = defaultdict[int, list[str]](list)
        for line, path in found:
            for label, begin, end in pieces(path):
                if any(start <= begin and end <= stop for _, start, stop in line.spans):
                    self._met[NAME if label == AFTER else label].append(line.text[begin:end])

    def again(self, line: Line, path: list[int]) -> Line | None:
        """The line with other names, doors and illnesses; None where that changes nothing."""
        said, moved = "", dict[int, int]()
        for label, begin, end in pieces(path):
            moved[begin] = len(said)
            inside = any(start <= begin and end <= stop for _, start, stop in line.spans)
            said += self._instead(label, line.text[begin:end]) if inside else line.text[begin:end]
            moved[end] = len(said)
        if said == line.text or len(said) > LENGTH or not all(b in moved and e in moved for _, b, e in line.spans):
            return None
        spans = tuple((label, moved[begin], moved[end]) for label, begin, end in line.spans)
        return replace(line, text=said, spans=spans, weight=WEIGHT_OF_SAID_AGAIN)

    def _instead(self, label: int, said: str) -> str:
        dice = self._chance.random()
        if label in (NAME, AFTER) and 2 <= len(said) <= LONGEST_NAME and dice < 0.8:
            return self._name() if self._chance.random() < 0.7 else self._chance.choice(self._met[NAME])
        if (label == DOOR and dice < 0.5) or (label == ILLNESS and dice < 0.4):
            return self._chance.choice(self._met[label])
        return said

    def _name(self) -> str:
        pick, dice = self._chance.choice, self._chance.random()
        if dice < 0.5:
            return self._surname() + self._given()
        if dice < 0.68:
            return self._surname() + pick(_CALLED)
        if dice < 0.78:
            return pick("老小阿大老小") + self._surname() + pick(("", "", "头", "师傅", "汉", "太太", "爷子"))
        if dice < 0.86:
            return pick(_FAR_AWAY) + pick(("", "", *_FAR_AWAY, *_CALLED))
        if dice < 0.9:
            return self._given() + pick(("姐", "哥", "婶", "嫂子", "叔", "妈", "爸", "阿姨", "奶奶", "嫂"))
        if dice < 0.95:
            return self._surname() + pick("老幺二三大四小") + pick("娃妹毛狗嫂爷叔姨胖三四六幺孃")
        return pick("阿小老") + pick(_TYPICAL)

    def _surname(self) -> str:
        dice = self._chance.random()
        return self._chance.choice(_FREQUENT if dice < 0.5 else _SURNAMES if dice < 0.95 else names.COMPOUND)

    def _given(self) -> str:
        pick, dice = self._chance.choice, self._chance.random()
        if dice < 0.3:
            return pick(_ELDERS) + pick(_ELDERS)
        if dice < 0.8:
            return pick(_GIVEN) + pick(_GIVEN)
        return pick(_GIVEN) * (1 if dice < 0.95 else 2)


_FREQUENT = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_ELDERS = "英芳兰珍秀桂玉梅凤翠淑素琴华国建德福贵根生富财发旺昌荣明文成志永春海山林"
_CALLED = (
    "叔", "姨", "爷", "奶", "婶", "伯", "哥", "姐", "嫂", "总", "工", "大爷", "大妈", "阿姨",
    "叔叔", "伯伯", "婆婆", "奶奶", "爷爷", "师傅", "老师", "女士", "先生", "大姐", "大哥", "嬢嬢", "孃孃", "大娘",
    "大婶", "大叔", "阿婆", "阿公", "嫂子", "老汉", "老太", "老太太", "老头", "书记", "老板", "老板娘", "家媳妇", "家老二",
    "家闺女", "家的", "家儿子", "家老爷子", "家丫头", "同学", "小朋友", "娭毑", "伢子", "太太", "小姐",
)  # fmt: skip
_SURNAMES, _GIVEN, _TYPICAL = (sorted(signs) for signs in (names.SURNAMES, names.GIVENS, names.TYPICAL))
_FAR_AWAY = names.ELSEWHERE


# --- all together


def lines(messages: Iterable[Message]) -> list[Line]:
    """The messages as the field sees them."""
    made = [(tidy(message.text), placed(message)) for message in messages]
    kinds = {"home": DOOR, "health": ILLNESS}
    return [
        Line(
            personal.hide(text, personal.numbers(text)),
            tuple((kinds[kind], begin, end) for kind, begin, end in spans if kind in kinds and begin >= 0),
        )
        for text, spans in made
        if 0 < len(text) <= LENGTH
    ]


def learned(messages: Iterable[Message]) -> Row:
    """What these messages teach, in whole numbers of one byte."""
    taught = lines(messages)
    first = Field(taught)
    found = [(line, path) for line, path in first.best(*first.learn(FIRST_ROUNDS)) if line.spans]
    others = Others(found, Random(SEED))
    again = [line for _ in range(TIMES_SAID_AGAIN) for each in found if (line := others.again(*each))]
    field = Field(taught + again)
    weights, steps = field.learn(ROUNDS)
    says = np.abs(weights).max(axis=1) * np.sqrt(np.asarray(field.rows.sum(axis=0)).ravel())
    most = sorted(map(int, np.argsort(-says, kind="stable")[:TRAITS]))
    field.only(most)
    weights, steps = field.learn(LAST_ROUNDS, (weights[most], steps))
    weights[field.at[ALWAYS], NOTHING] -= BOLDNESS
    scale = (ZERO - 1) / float(np.abs(weights).max())
    whole = (np.rint(weights * scale) + ZERO).astype(np.uint8)
    return Row(list(field.at), whole.T.tobytes(), np.rint(steps * scale).astype(int).tolist())


def main() -> None:
    """Learn from everything that is not kept aside, and write the file."""
    teaching = [message for _, said in hands() for message in said]
    teaching += [message for message in own() if not kept_aside(message)]
    row = learned(teaching)
    FILE.write_bytes(zlib.compress(msgspec.msgpack.encode(row), 9))
    sys.stdout.write(f"{FILE.name}: {len(row.traits)} traits, {FILE.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
