"""腰杆绊断了，气都出不赢: what happens to a body, said plainly or in dialect; and 腿都跑断了, which only sounds so."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.catalog import BodilyWords
from bot.understanding.phrases import any_of, any_word

CLAUSES = re.compile(r"[\s,，。!！?？;；、]+")
BREATH, BROKEN, PINNED, INSIDE = "breath", "broken", "pinned", "_inside"
"""What is done first differs by these; anything else is an illness as any other."""
OF_BODY = frozenset({"medical"})
FALLS = "collapse"
LEAVES = frozenset({"fire", "flood", "gas"})
"""Dangers that one walks away from, whoever can."""
_TELLING = re.compile(r"[昏晕断折破血气喘吸应醒死省疯痛疼倒绊跘拌摔跌栽滚遭被压夹卡埋砸烫烧知]|不[行得]")
"""Nearly every one of the words has one of these; most messages have none."""
_END = r"(?![的吗么没嘛不?？]|(?:起)?来了?没)"
"""腿断了的凳子 is a stool, 腿断了吗 a question."""
_CLAUSE = r"[^,，。!！?？;；、\n]"


@dataclass(frozen=True, slots=True)
class Harm:
    """Somebody is hurt, and by which words."""

    words: str
    grave: bool = True
    """It cannot wait, whatever else is said; else it may be old news of a neighbour's."""


class Bodily:
    """Knows the words of bodily harm; all its answers are about one text and remember nothing."""

    def __init__(self, rows: BodilyWords) -> None:
        part, head, by, softly = map(any_of, (rows.parts, rows.head, rows.by, rows.softly))
        not_part = "".join(f"(?<!{re.escape(one)})" for one in rows.not_parts)
        not_by = "".join(f"(?<!{re.escape(one)})" for one in rows.by)
        passive = rf"(?:[遭被让着给](?:{any_of(rows.by_force)}|{by}|人)?)"
        people = f"(?:{any_of(rows.people)})"
        self._over = any_word(rows.over)
        self._grave, self._exertion, self._air = map(any_word, (rows.grave, rows.exertion, rows.air))
        self._people, self._not_awake = re.compile(people), any_word(rows.not_awake)
        self._not_bleeding = any_word(rows.not_bleeding)
        self._breathless = any_word(rows.breathless)
        self._uncalled, self._bleeding = any_word(rows.uncalled), any_word(rows.bleeding)
        self._senseless = re.compile(
            f"(?P<so>{any_of(rows.overdone)})?[得到]?(?:我|要|快|都|人)?(?:{any_of(rows.senseless)})"
        )
        self._broken = re.compile(
            rf"{not_part}(?:{part})(?:{softly}){{0,3}}{passive}?(?:{by}){{0,2}}[到起得]?[断折][了咯啦哒掉脱落起]{_END}"
            rf"|{not_part}(?:{part}){passive}?(?:{by}){{1,2}}[断折]$"
            rf"|(?:{by})[断折]了?(?:我|他|她|妈|爸|老汉)?的?(?:[一两二三][根条只个]|条|根|只)?(?:{part})(?!机|表|镜){_END}"
        )
        self._head = re.compile(
            rf"(?:{head})(?:{softly}){{0,3}}{passive}?(?:{by}){{1,2}}[到起得]?(?:了个?)?(?:破|开花|出血|烂|个洞|个口|个血|口子|开了)(?!了?的)"
        )
        self._stays_down = any_word((*rows.stays_down, *rows.not_out, *rows.comes))
        others = any_of(one for one in rows.people if one not in rows.oneself)
        self._dying = re.compile(rf"(?:{others}){_CLAUSE}{{0,6}}?(?:{any_of(rows.dying)}){_END}")
        self._faint = re.compile(
            rf"(?:{others})(?:{any_of(rows.faint_after)}){{0,2}}(?:{any_of(rows.faint)})[啊呀哦嘛]?$"
        )
        self._better = any_word(rows.better)
        self._pain = re.compile(
            rf"(?:{any_of(rows.aching)})(?:{softly}){{0,2}}[痛疼][得到起]?{_CLAUSE}{{0,4}}?(?:{any_of(rows.aching_so)})"
            rf"|[痛疼]得[在到]?(?:地上|地下|床上|满地)?打滚|(?:{any_of(rows.heart)})(?:{softly}){{0,2}}[痛疼闷][得到起]{_CLAUSE}{{0,3}}?(?:{any_of(rows.heart_so)})"
        )
        self._struck = re.compile(
            rf"(?:{people}{_CLAUSE}{{0,4}}?|^|[\s,，。!！])[遭被着]了?(?:{any_of(rows.struck)})子?(?:给)?(?:{any_of(rows.strikes)})"
            rf"(?:到|倒|着|翻|飞|伤|昏)?(?:了|咯|啦|哒|起|$){_END}"
        )
        self._shock = re.compile(r".*[遭被着]了?电(?:给)?[打电].*")
        self._fell = re.compile(
            rf"{people}{_CLAUSE}{{0,4}}?从{_CLAUSE}{{0,4}}?(?:{any_of(rows.fell_from)}){_CLAUSE}{{0,3}}?(?:{any_of(rows.fell)})[了到]?下"
            rf"|(?:{any_of(rows.fell)}){_CLAUSE}{{0,6}}?[\s,，]?{_CLAUSE}{{0,2}}?(?:{any_of(rows.stays_down)})"
        )
        self._pinned = re.compile(
            rf"(?:{part}|{head}|{people})(?:{softly}){{0,2}}[遭被]{_CLAUSE}{{0,6}}?(?:{any_of(rows.pins)})[到住着倒起在了]"
            rf"[^。!！?？]{{0,8}}?(?:{any_of(rows.not_out)})"
        )
        self._scalded = re.compile(rf"(?:{any_of(rows.scalds)})[^。!！?？]{{0,6}}?(?:{any_of(rows.skin)})")
        self._so_worn = re.compile(rf"(?:{part})都(?:要|快)?断")
        self._on_somebody = re.compile(
            rf"(?:{any_of(rows.pins)}|撞|碾)[到着中住伤倒了]{{0,2}}(?:{people}|{part}|{head})"
        )
        thing = any_of(rows.things)
        self._thing = re.compile(
            rf"(?:{thing}|(?<![遭被着给])(?:[的辆台]|汽|货|电瓶|电动|三轮|自行|婴儿)车子?|^车子?|(?:{any_of(rows.not_parts)})[腿脚]){_CLAUSE}{{0,6}}?(?:{any_of(rows.thing_ends)})"
        )
        self._no_thing = re.compile(
            rf"{any_of(rows.no_thing)}|{people}(?!家?的){_CLAUSE}{{0,20}}?(?:{any_of(rows.no_thing_of)})"
        )
        self._worn = re.compile(
            rf"(?:{part}|气){_CLAUSE}{{0,3}}?[跑走站坐笑累写等排打绣逛跳扫搬弯熬][得]?(?:断|折|废)|[跑走站坐笑累逛跳]断(?:了|我)?(?:{part}|气)"
            rf"|{not_by}得(?:我|人)?的?(?:{part}|气)(?:{softly}|要|快){{0,3}}断|[笑累忙跑爬跳唱][得到]{_CLAUSE}{{0,3}}断气|笑得{_CLAUSE}{{0,3}}起不来"
        )
        self._inside = any_word(rows.inside)
        self._ways = (
            (PINNED, self._pinned),
            (BREATH, self._breathless),
            (BROKEN, self._broken),
            (BROKEN, self._head),
            (BROKEN, self._bleeding),
        )

    def harm(self, text: str) -> Harm | None:
        """The words by which somebody is hurt or cannot breathe, now; None where nobody is, or it is a way to speak."""
        if not _TELLING.search(text) or self._over.search(text):
            return None
        found = [harm for one in _pieces(text) if (harm := self._found(text, one))]
        return next((harm for harm in found if harm.grave), found[0] if found else None)

    def is_shock(self, words: str) -> bool:
        """Whether these words of harm tell of electricity."""
        return self._shock.fullmatch(words) is not None

    def only_sounds(self, clause: str) -> bool:
        """Whether a clause tells of worn-out legs, of laughter, of a thing that fell: it only sounds like harm."""
        if not _TELLING.search(clause):
            return False
        if (
            self._worn.search(clause)
            or (self._so_worn.search(clause) and self._is_exertion(clause))
            or self._is_thing(clause)
        ):
            return True
        if self._uncalled.search(clause) and self._not_awake.search(clause):
            return True
        return self._breathless.search(clause) is not None and self._is_exertion(clause)

    def is_on_somebody(self, text: str) -> bool:
        """Whether something lies on somebody or has hit them: 压到娃儿, 砸到脚杆."""
        return self._on_somebody.search(text) is not None

    def spared(self, text: str) -> str:
        """What a text says besides the clauses that only sound like harm, and those in which somebody is better."""
        if not _TELLING.search(text):
            return text
        if self._is_exertion(text):
            text = self._so_worn.sub("", self._breathless.sub("", text))
        clauses = [one for one in CLAUSES.split(text) if one]
        kept = [one for one in clauses if not self.only_sounds(one) and not self._is_better(one)]
        return text if len(kept) == len(clauses) else "，".join(kept)

    def advice(self, danger: str, text: str) -> str:
        """The name of what is said first in this danger, fit for whoever says these words."""
        if danger in LEAVES and self._inside.search(text):
            return danger + INSIDE
        if danger == FALLS and self._pinned.search(text):
            return PINNED
        if danger not in OF_BODY or self._uncalled.search(text) or self._senseless.search(text):
            return danger
        return next((way for way, words in self._ways if words.search(text)), danger)

    def _found(self, text: str, piece: str) -> Harm | None:
        if self.only_sounds(piece) or (self._so_worn.search(piece) and self._is_exertion(text)):
            return None
        if found := self._graver(text, piece):
            return Harm(found.group().strip(" ,，。!！"))
        light = (self._broken, self._head, self._fell, self._pain)
        found = next((hit for words in light if (hit := words.search(piece))), None)
        return (
            Harm(found.group().strip(" ,，。!！"), grave=self._stays_down.search(text) is not None) if found else None
        )

    def _graver(self, text: str, piece: str) -> re.Match[str] | None:
        """Breath, blood, senses or life at stake, or somebody run over or pinned down."""
        first = (self._pinned, self._struck, self._dying, self._faint)
        if found := next((hit for words in first if (hit := words.search(piece))), None):
            return found
        if found := self._scalded.search(piece):
            return found
        if (found := self._senseless.search(piece)) and not found["so"]:
            return found
        if (found := self._uncalled.search(piece)) and not self._not_awake.search(text):
            return found
        if (found := self._bleeding.search(piece)) and not self._not_bleeding.search(text):
            return found
        if (found := self._breathless.search(piece)) and not self._is_exertion(text):
            return found if found.group() != "出不赢" or self._air.search(piece) else None
        return None

    def _is_better(self, clause: str) -> bool:
        return self._better.search(clause) is not None and self._graver(clause, clause) is None

    def _is_thing(self, clause: str) -> bool:
        found = self._thing.search(clause)
        if found is None or self._no_thing.search(clause):
            return False
        return not self._broken.search(clause) and not self._on_somebody.search(clause)

    def _is_exertion(self, text: str) -> bool:
        return self._exertion.search(text) is not None and self._grave.search(text) is None


@lru_cache(maxsize=4)
def knowing(rows: BodilyWords) -> Bodily:
    """Whoever knows these words, made once."""
    return Bodily(rows)


def _pieces(text: str) -> list[str]:
    """Each clause, and each with the one behind it: 腿杆遭压到起了 出不来."""
    clauses = [one for one in CLAUSES.split(text) if one]
    return [*clauses, *(f"{one} {after}" for one, after in pairwise(clauses))]
