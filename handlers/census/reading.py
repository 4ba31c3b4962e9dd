"""Reads the one line by which a household answers a census: which doors, how many people, how they are; pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from bot.catalog import Catalog
from bot.understanding import phrases, spoken
from bot.understanding.phrases import any_of
from bot.understanding.place import number
from handlers.census import leaving_out
from handlers.census.leaving_out import LeftOut, Span
from handlers.census.rules import Rules, rules
from storage.census import AWAY, NEED, SAFE, UNKNOWN

LONGEST = 200
"""Characters of an answer; a longer text is a letter."""
MOST_PEOPLE = 30
MOST_DOORS = 60
"""More doors than this in one message were not counted by anybody."""
MOST_LEVELS = 33
"""Floors or stairwells that one run names at most."""
_CN = "零〇一二两三四五六七八九十幺"
_PUNCTUATION = r"\s,，。;；!！?？、~～….:：|()（）"
_PARTICLES = "的了呢啊呀哈嘞哩哦噢咯嘛得着吧喔哟呐啦诶嗯"
_ENDS = rf"(?=[{_PARTICLES}]{{0,3}}(?:$|[{_PUNCTUATION}]|谢|放心|就是|但|只是))"
_CN_ROOM = re.compile(rf"(?<![{_CN}])([一二三四五六七八九十幺]{{1,2}})[零〇]([一二两三四五六七八九])")
_CN_BEFORE = re.compile(
    r"([一二两三四五六七八九十]{1,3})(?=\s*(?:个|口|人|位|栋|幢|座|单元|楼|层|号|老(?!两)|大[^家]|小孩|小(?!两)|岁))"
)
_NOBODY = re.compile(r"1个(?:人)?[都也](?:没有?|不)(?:在家|在)?")
_NOT_BUT = re.compile(r"(?:不是|莫得)[^,，。;；是]{1,8}[,，、\s]*(?=(?:而|应该)?是)")
""" "不是3个人，是5个人" is five."""
_GLUED = re.compile(r"(?<!\d)([1-9]\d{2,3})(\d)(?=\s*(?:口|个人|人))")
_TOTAL = re.compile(r"(?<![\d\-])(\d{1,2})\s*(?:口人|口子|口|个人|人|位)(?!民|员|工|民|碑|罩|才|家)")
_PART = re.compile(
    r"(?<!\d)(\d{1,2})\s*个?\s*(?=大人|小孩|老人|娃儿?|孩子|学生|婴儿|租客|病人|孕妇|大(?!家|楼|门)|小(?!区|时|孩)|老(?!家|两))"
)
_PRESENT = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:个人|口人|个|口|人|位)\s*(?:都|全)?在(?!外|老|国|乡|农|医|学|上|上班|单|加|路)|在家\s*(\d{1,2})"
)
_ABSENT = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:个人|口人|个|口|人|位)\s*[^\d,，。;；\s]{0,6}?"
    r"(?:不在|没在|在外|在老家|在国外|在医院|在学校|在上班|在单位|出差|外出|出去|没回|住院|住校|上班|上夜班|夜班|值班|加班|上学|打工|外地|旅游)"
    r"|(?:外出|在外|不在家?|没在家?)\s*(\d{1,2})"
)
_SAYS = re.compile(r"[^\W\d_]{2}")
"""Words, and not only a particle."""
_CLAUSE = re.compile(r"[,，。;；、\s!！]+")
_STOP = re.compile(r"[,，。;；!！\s]")
_WHOLE = re.compile(r"都|全|一家")
_JOINS = re.compile(r"[\s、,，/和跟与及&+]*")
_TO = re.compile(r"\s*(?:到|至|-|—|~)\s*")
_ONLY_A_DOOR = re.compile(r"(?:我们?家?|是|在|住|的|室|号|房|那户|[,，。.\s])*+")
_DENIED_REACH = 4
_SPAN = re.compile(
    rf"(?<![\d.\-/月统{_CN}])(\d{{1,3}}|[{_CN}]{{1,3}})(?:(?P<to>到|至|—|~|～)|(?P<dash>-))(\d{{1,3}})\s*"
    r"(号楼|号院|栋楼|栋|幢|座|单元|楼|层|号)(?![\d早晚上下中线门车梯桩库口道])"
)
""" "8到15号": the first end says what it is only with the last."""
_LEVELS = re.compile(r"(\d{1,2})\s*(单元|楼|层)\s*(?:到|至|-|—|~|～)\s*(\d{1,2})\s*(?:单元|楼|层)(?![上下道梯])")
""" "3楼到5楼" is the third, the fourth and the fifth."""
_CN_LEVELS = re.compile(
    r"(?<![零〇一二两三四五六七八九十幺\d])([一二三四五六七八九]{2,9})(楼|层|单元|栋|幢)(?![上下道梯])"
)
""" "一二三楼" are three floors; "一二三" is no room."""
_SAID_AS_ONE = re.compile(r"(?<!\d)([1-9]{3,9})\s*(楼|层)(?![上下道梯])")
_SIDE_BY_SIDE = re.compile(
    r"(?<![\d\-])(\d{1,2}(?:\s*[、,，/和]\s*\d{1,2})+)\s*(楼|层|单元|栋|幢|号楼)(?![上下道梯])"
    r"|(?<![\d\-])(\d{1,2}(?:\s+\d{1,2})+)\s*(楼|层)(?![上下道梯])"
)
""" "1、2、3楼": only the last has the word."""
_UP_TO = re.compile(r"(?<!\d)(\d{1,2})\s*(楼|层)(?:(?:及|和)?以下|往下)")
_HOUSE = re.compile(r"(\d{1,3})号(?![楼栋院线门车梯桩库口早晚上下])")
_OF_HOUSES = re.compile(
    r"[\s,，:：的]*(?:这|那)?(?:\d+|几|每|各|一)?(?:户|家|住户|人家|户人家|家人)?[\s,，:：的]*"
    r"(?:(?:都|全|均|统统|一律)部?(?!不在|没在|出|回|要|在外|在老|放假|停|休)|平安|没事|安全|正常|安好|没人(?!在)|无人|没得人|没回|没应|敲不开|户户|家家|挨家|除)"
)
"""What follows tells a run of houses from two days of the month."""
UNANSWERED = "unanswered"
"""The need of somebody frail who does not answer."""
_PEOPLE = r"[\s,，]*\d{1,2}\s*(?:口|个?人[都全平])"
"""How many live there, right after a house's number: "10号4口" is no tenth building."""
_NEXT_HOUSE = r"\s*\d{1,3}号(?![楼栋院线门车梯桩库口])"
""" "8号9号": two houses, and no building with a house in it."""
_HOUSE_ENDS = rf"号(?:(?={_PEOPLE}|{_NEXT_HOUSE})|(?![楼栋院线门车梯桩库口早晚上下中,，\d]))"
_HOMES = re.compile(
    rf"(?<!没有)(?<!没得)(\d{{1,3}}|[{_CN}]{{1,3}})\s*(?:户|(?<!一)家)(?![里门具长]|[都也]?[不没][漏少落])"
)
""" "有2户没人", "12户都平安": how many they are."""
_WE_ARE = re.compile(r"\s*[我俺咱]们\s*\d{1,2}\s*(?:口|个?人)")
""" "我们四个人，妈妈腿断了" is said of one's own home."""
_SOMEBODY = re.compile(r"(?<![所都户家])有人")
""" "3栋有人" is not everybody's door; "户户都有人" is."""
_OURS = re.compile(r"我|俺|咱")
_ENTRANCE = r"号门(?![口卫禁锁])"
""" "3栋1号门" is a stairwell of it."""
_ALONE = 9
"""The group of a floor or a room without building."""
_ROOM = r"[1-9]\d?(?:0[1-9]|[1-3]\d)(?!\d|[.:]\d|\s*(?:元|块|年|米|度|平(?!安)|斤|分|点|个|天|户|楼(?![上下道梯])|层|单元|栋))"
"""A floor and a door on it, and no price or year."""


@dataclass(frozen=True, slots=True)
class Door:
    """As much of a door as was said."""

    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    either: str = ""
    """A number before the room that may be the building or the unit: "3-501"."""
    until: str = ""
    """The last room of a run: "501到504"."""
    above: bool = False
    """ "5楼以上": the floors over this one too."""
    over: str = ""
    """The last building of several: "8栋到15栋", whose doors nobody counted one by one."""

    def __bool__(self) -> bool:
        return any((self.building, self.unit, self.floor, self.room, self.either))


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one door, of a run of doors, or (without a door) of the speaker's own home."""

    door: Door
    state: str
    people: int | None = None
    present: int | None = None
    needs: tuple[str, ...] = ()
    mine: bool = False
    """ "我家" was said."""
    proxy: bool = False
    """Said for somebody else."""
    rest: bool = False
    """ "其余都平安": everybody who has not answered."""
    corrects: bool = False
    """ "不对，是5个人": it puts right what the speaker said before, and means nothing else."""
    left_out: bool = False
    """ "除了402": nothing is known of it, and what is said of the others is not said of it."""
    words: str = ""
    """What was said of this door alone."""
    partly: bool = False
    """ "3栋大部分都好": it holds for some of these doors, and nobody said for which."""
    homes: int | None = None
    """ "3栋前8户都好": the fewest doors that are counted in it."""

    @property
    def is_run(self) -> bool:
        """Whether it speaks of several doors at once, which only a leader may."""
        return not self.left_out and self._is_of_several

    @property
    def _is_of_several(self) -> bool:
        return self.rest or bool(self.door.until) or (bool(self.door) and not self.door.room)


@dataclass(frozen=True, slots=True)
class _Told:
    """How they are, as one stretch of words tells."""

    state: str
    people: int | None
    present: int | None
    needs: tuple[str, ...]


class Grammar:
    """The patterns of one community's words."""

    def __init__(self, table: Rules, building: Iterable[str], unit: Iterable[str]) -> None:
        self._rules = table
        self._heard = sorted(table.heard.items(), key=lambda pair: -len(pair[0]))
        self._counts = sorted(table.counts.items(), key=lambda pair: -len(pair[0]))
        self._door = _door(building, unit)
        self._safe = _words((*table.safe, *table.answered), table.safe_end)
        self._home = _words((), table.home)
        self._away = _words(table.away, table.away_end)
        self._unknown = _words(table.unknown, ())
        self._frail = re.compile("|".join(map(re.escape, table.frail)))
        self._needs = [
            (need.code, [_with_gaps(_CN_BEFORE.sub(_apart, word)) for word in need.words]) for need in table.need
        ]
        begins = {_CN_BEFORE.sub(_apart, word).partition("..")[0] for need in table.need for word in need.words}
        self._perhaps_need = re.compile("|".join(map(re.escape, sorted(begins))))
        """Hardly any answer has one of these words: one search instead of hundreds."""
        self._next_door = re.compile("|".join(map(re.escape, table.next_door)))
        self._partial = re.compile("|".join(map(re.escape, table.partial)))
        self._rest = re.compile("|".join(map(re.escape, table.rest)))
        self._others = re.compile("|".join(map(re.escape, table.others)) or r"(?!)")
        unread = (word for word in (*table.but.before, *table.but.after) if len(word) > 1)
        self._partly = re.compile("|".join(map(re.escape, (*table.partly, *unread))) or r"(?!)")
        safe = any_of({*table.safe, *table.safe_end, *table.home})
        subject = (
            "我们?家?|咱们?家?|俺们?家?|全家|一家人?|家里|家人|屋头|都|很|一切|人都?|目前|暂时|还|也|大小|老少|报|好"
        )
        before = rf"(?:(?!{safe})(?:{subject}|\s|[,，]))*+"
        after = rf"(?:{safe}|[{_PUNCTUATION}]|[{_PARTICLES}]|谢谢|感谢|大家|关心|放心)*+"
        self._only_safe = re.compile(rf"{before}(?:{safe}){after}")
        states = (*table.safe, *table.safe_end, *table.home, *table.away, *table.away_end, *table.mine)
        told = any_of(set(states))
        self._only_states = re.compile(
            rf"(?:{told}|{subject}|屋里|家头|里头|里|\d{{1,2}}\s*(?:口人?|个人?|人|位)|[{_PUNCTUATION}{_PARTICLES}])*+"
        )
        cries = any_of(table.cries)
        self._only_need = (
            re.compile(rf"(?:{cries}|{subject}|我|[{_PUNCTUATION}{_PARTICLES}])*+") if cries else re.compile(r"(?!)")
        )

    def read(self, text: str, *, leads: bool = False) -> tuple[Said, ...]:
        """What the line answers, door by door; nothing when it is no answer.

        Said by whoever `leads`, 其余 are the other doors; a neighbour's are the others at home.
        """
        return tuple(self._in_part(one) for one in self._read(text, leads=leads))

    def _in_part(self, one: Said) -> Said:
        """A need, or some of them, is said of no whole staircase."""
        if not one.is_run or one.door.until or one.rest:
            return one
        counted = [number(found[1]) for found in _HOMES.finditer(one.words)]
        homes = min((int(many) for many in counted if many.isdecimal()), default=None)
        some = self._partly.search(one.words) or _SOMEBODY.search(one.words)
        partly = one.partly or bool(one.needs) or some is not None
        return replace(one, homes=homes, partly=partly)

    def _read(self, text: str, *, leads: bool) -> tuple[Said, ...]:
        words = self._plain(text)
        if not words or len(text) > LONGEST or any(word in words for word in self._rules.not_answers):
            return ()
        doors = list(self._doors(words))
        spans = [Span(start, end) for _, start, end in doors]
        without, left_out = leaving_out.split(words, spans, self._rules.but, self._differs)
        if left_out:
            return self._with_exceptions(without, left_out, [door for door, _, _ in doors])
        groups = list(self._groups(words))
        if not groups:
            return self._doorless(words)
        rest = self._rest_of(groups[-1]) if leads and not self._mine(words) else None
        if rest is None:
            return self._by_door(words, groups)
        said, others = rest
        of_doors = self._by_door(words, [*groups[:-1], (groups[-1][0], said)], before_rest=True)
        return (*of_doors, others)

    def _rest_of(self, group: tuple[list[tuple[Door, int]], str]) -> tuple[str, Said] | None:
        """ "301没人，其余都平安": what is said of the door, and of all the others of its staircase."""
        doors, after = group
        found = self._others.search(after)
        told = self._told(after[found.end() :]) if found else None
        if found is None or told is None or not _SAYS.search(after[: found.start()]):
            return None
        where = doors[-1][0]
        door = Door(where.building, where.unit)
        return after[: found.start()], Said(door, told.state, needs=told.needs, rest=not door, words=found[0])

    def _differs(self, words: str) -> bool:
        """Whether these words say that somebody is not well, or not there, or does not answer."""
        told = self._told(words)
        return told is not None and told.state != SAFE

    def _with_exceptions(self, words: str, left_out: Sequence[LeftOut], doors: Sequence[Door]) -> tuple[Said, ...]:
        """What is said of the others, and each door that it does not hold for."""
        groups = list(self._groups(words))
        runs = list(self._by_door(words, groups)) if groups else list(self._doorless(words))
        told = self._told(words)
        if not groups and told is not None and told.state in (SAFE, AWAY) and not self._mine(words):
            first = next((doors[one.doors[0]] for one in left_out if one.own_place), Door())
            runs = [Said(Door(first.building, first.unit), told.state, rest=not first.building)]
        found: list[Said] = []
        for one in left_out:
            how = self._told(one.told) if one.told else None
            for door in doors[one.doors.start : one.doors.stop]:
                if how is None:
                    found.append(Said(door, UNKNOWN, left_out=True, words=one.told))
                else:
                    found.append(Said(door, how.state, how.people, how.present, how.needs, words=one.told))
        return (*runs, *found) if runs or not all(one.left_out for one in found) else ()

    def _by_door(
        self, words: str, groups: Sequence[tuple[list[tuple[Door, int]], str]], *, before_rest: bool = False
    ) -> tuple[Said, ...]:
        """What is said of each door that is named."""
        found = list(self._own_before(words[: groups[0][0][0][1]], groups[0][1]))
        own, proxy = bool(found), any(word in words for word in self._rules.proxy)
        unclear: list[Said] = []
        for at, (doors, after) in enumerate(groups):
            told = self._told(f"{words[: doors[0][1]]},{after}" if at == 0 and not own else after)
            if told is not None:
                mine = self._mine(words) and not own
                of_all = Said(
                    Door(), told.state, told.people, told.present, told.needs, mine=mine, proxy=proxy, words=after
                )
                found += [replace(of_all, door=door) for door, _ in doors]
            elif (
                self._partly.search(after) or _SOMEBODY.search(after) or _HOMES.search(after)
            ) and self._tells_of_some(after):
                found += [Said(door, UNKNOWN, words=after, partly=True) for door, _ in doors if not door.room]
            elif _SAYS.search(after):
                unclear += [Said(door, UNKNOWN, left_out=True, words=after) for door, _ in doors if door.room]
        if any(one.state == SAFE and _WHOLE.search(groups[-1][1]) for one in found[-1:]):
            counted = (one.state == UNKNOWN and one.people is not None for one in found)
            found = [replace(one, state=SAFE) if only else one for one, only in zip(found, counted, strict=True)]
        if before_rest or any(one.is_run for one in found):
            found += unclear  # "都平安，402要找人": whatever that is, it is not that all is well there
        return tuple(found) if len(found) <= MOST_DOORS else ()

    def _tells_of_some(self, words: str) -> bool:
        """ "有3户没人": how some of them are."""
        return any(each.search(words) for each in (self._away, self._unknown, self._safe, self._home))

    def _own_before(self, before: str, after: str) -> Iterator[Said]:
        """ "我家4口平安，对门502没人": the speaker's own home comes first, without its door."""
        if self._mine(before) and (told := self._told(before)) and self._told(after):
            yield Said(Door(), told.state, told.people, told.present, told.needs, mine=True)

    def bare_door(self, text: str) -> Door | None:
        """The door, when the words are a door and no more: the answer to "which door?"."""
        words = self._plain(text)
        doors = list(self._doors(words))
        if len(doors) != 1:
            return None
        door, start, end = doors[0]
        rest = words[:start] + words[end:]
        return door if _ONLY_A_DOOR.fullmatch(rest) else None

    def all_well(self, text: str) -> bool:
        """Whether it says that everybody is well, and nothing that somebody needs."""
        needs, words = self._found_needs(self._plain(text))
        return not needs and self._safe.search(words) is not None and _WHOLE.search(words) is not None

    def only_tells(self, text: str) -> bool:
        """Whether it names doors, who is at home there or away, and nothing else that anybody could report."""
        words = self._plain(text)
        for _, start, end in reversed(list(self._doors(words))):
            words = f"{words[:start]} {words[end:]}"
        return self._only_states.fullmatch(words) is not None

    def names_a_door(self, text: str) -> bool:
        """Whether a door, a floor or a staircase is named."""
        return next(self._doors(self._plain(text)), None) is not None

    def bare_run(self, text: str) -> bool:
        """Whether the words are a run of doors and no more."""
        words = self._plain(text)
        doors = list(self._doors(words))
        for _, start, end in reversed(doors):
            words = words[:start] + words[end:]
        several = any(door.until or not door.room for door, _, _ in doors)
        return several and _ONLY_A_DOOR.fullmatch(_JOINS.sub("", words)) is not None

    def only_unreached(self, text: str) -> bool:
        """Whether it says that somebody was not reached, and not who."""
        words, many = self._unknown.subn(" ", self._plain(text))
        return many > 0 and re.fullmatch(rf"[{_PUNCTUATION}{_PARTICLES}他她这那家户我们人还是]*", words) is not None

    def at_door(self, text: str) -> Said | None:
        """What is said of one door in words that answer nothing: "101暖气漏水"."""
        words = self._plain(text)
        doors = list(self._doors(words))
        if len(doors) != 1 or not doors[0][0].room or len(text) > LONGEST:
            return None
        door, start, end = doors[0]
        return Said(door, UNKNOWN, words=f"{words[:start]} {words[end:]}".strip())

    def needs_in(self, text: str) -> tuple[str, ...]:
        """The codes of the needs that are named."""
        return self._found_needs(self._plain(text))[0]

    def _plain(self, text: str) -> str:
        """As a careful writer has it: digits for numerals, the words that were meant for those that were heard."""
        words = unicodedata.normalize("NFKC", text[: LONGEST + 1]).strip()
        for heard, meant in self._heard:
            words = words.replace(heard, meant)
        for people, many in self._counts:
            words = words.replace(people, f"{many}口 ")
        words = _CN_LEVELS.sub(_each_named, words)
        words = _CN_ROOM.sub(lambda found: f"{number(found[1].replace('幺', '一'))}0{number(found[2])}", words)
        words = spoken.written(words)
        words = _CN_BEFORE.sub(_apart, words)
        words = _NOBODY.sub("没人", _NOT_BUT.sub(" ", words))
        words = _SAID_AS_ONE.sub(_each_named, _SIDE_BY_SIDE.sub(_each_in_order, words))
        words = _UP_TO.sub(_from_the_ground, _LEVELS.sub(_each_level, _SPAN.sub(_with_both_ends, words)))
        return _GLUED.sub(r"\1 \2", words)

    def _groups(self, words: str) -> Iterator[tuple[list[tuple[Door, int]], str]]:
        """Doors that share their words, with those words: up to the next door."""
        doors = list(self._doors(words))
        at = 0
        while at < len(doors):
            group, end = [doors[at][:2]], doors[at][2]
            at += 1
            while at < len(doors) and _JOINS.fullmatch(words, end, doors[at][1]) is not None:
                group.append(doors[at][:2])
                end = doors[at][2]
                at += 1
            until = doors[at][1] if at < len(doors) else len(words)
            yield group, words[end:until]

    def _doors(self, words: str) -> Iterator[tuple[Door, int, int]]:
        """Each door with its place; one that leaves out building and unit is in those of the one before."""
        before = Door()
        found = self._door.search(words)
        while found:
            door = _said(found)
            if not door.building and not door.either and (before.building or before.unit):
                door = replace(door, building=before.building, unit=door.unit or before.unit)
            elif door.either and before.building and before.unit:
                door = replace(door, building=before.building, unit=door.either, either="")
            start, end = found.span()
            days = False
            if to := _TO.match(words, end):
                last = self._door.match(words, to.end())
                if _is_house(found) and (house := _HOUSE.match(words, to.end())):
                    door, end = replace(door, until=house[1]), house.end()
                    named = bool(door.building or door.unit)
                    ours = _OURS.search(words, 0, start) is not None
                    days = ours or (not named and _OF_HOUSES.match(words, end) is None)
                elif door.room and last and _is_room(last):
                    door, end = replace(door, until=_said(last).room), last.end()
                elif last and _is_building(found) and _is_building(last):
                    door, end = replace(door, over=_said(last).building), last.end()
            if not days:
                yield door, start, end
                before = door
            found = self._door.search(words, end)

    def _doorless(self, words: str) -> tuple[Said, ...]:
        """ "我家5口都好", or nothing but that all is well; with 其余 it speaks of everybody else."""
        only = self._only_safe.fullmatch(words) is not None and any(word in words for word in self._rules.alone)
        total = _TOTAL.search(words)
        mine = self._mine(words) or _WE_ARE.match(words) is not None
        told = self._told(words)
        rest = self._rest.match(words)
        if rest and told and not mine and not total:
            return (Said(Door(), told.state, needs=told.needs, rest=True, mine=only),)
        if (
            told is not None
            and told.people is not None
            and not mine
            and any(word in words for word in self._rules.corrects)
        ):
            return (Said(Door(), told.state, told.people, told.present, told.needs, mine=True, corrects=True),)
        if told is not None and told.state == NEED and self._cries(words):
            return (Said(Door(), NEED, told.people, told.present, told.needs, mine=True),)
        if told is None or not (only or mine or total):
            return ()
        if not only and not mine and told.state in (UNKNOWN, NEED):
            return ()  # "来了3个人" is no household
        if told.state == NEED and told.people is None:
            return ()  # "我爸瘫痪在床" is a report, and becomes a matter as one
        return (Said(Door(), told.state, told.people, told.present, told.needs, mine=True),)

    def _cries(self, words: str) -> bool:
        """ "需要帮助", "我家要帮忙": a need that has no words of its own for a report."""
        return any(cry in words for cry in self._rules.cries) and self._only_need.fullmatch(words) is not None

    def _mine(self, words: str) -> bool:
        return any(word in words for word in self._rules.mine)

    def _told(self, words: str) -> _Told | None:
        """How they are; None when the words say nothing of it."""
        words = self._without_next_door(words)
        needs, words = self._found_needs(words)
        people, present = _counted(words)
        away = whole = safe = False
        unknown = self._unknown.search(words) is not None
        if unknown and not needs and self._frail.search(words):
            needs = (UNANSWERED,)
        words = self._unknown.sub(" ", words)
        for clause in _CLAUSE.split(words):
            gone = self._away.search(clause)
            if gone:
                before = clause[: gone.start()]
                some = self._partial.search(before) or (re.search(r"\d", before) and not _WHOLE.search(before))
                away, whole = True, whole or not some or people == 0
            elif self._safe.search(clause) or self._home.search(clause):
                safe = True
        if present is None and people is not None and not away and self._home.search(words):
            present = people
        if away and (present == 0 or (whole and present is None)):
            away, present = True, 0
        else:
            away = False
        if not (needs or away or safe or unknown or people is not None or whole):
            return None
        if UNANSWERED in needs and not safe:
            return _Told(UNKNOWN, None, None, needs)  # somebody looks there, and until then nothing is known
        state = NEED if needs else AWAY if away and not safe else SAFE if safe or present else UNKNOWN
        if state == SAFE and present == 0:
            present = None
        return _Told(state, people, present, needs)

    def _without_next_door(self, words: str) -> str:
        """The words without what is said of a neighbour who is named by no door."""
        found = self._next_door.search(words)
        while found:
            stop = _STOP.search(words, found.end())
            words = words[: found.start()] + words[stop.start() if stop else len(words) :]
            found = self._next_door.search(words)
        return words

    def _found_needs(self, words: str) -> tuple[tuple[str, ...], str]:
        """The needs that are named and not denied, and the words without any of them."""
        if self._perhaps_need.search(words) is None:
            return (), words
        codes: dict[str, None] = {}
        rest = words
        for code, patterns in self._needs:
            for pattern in patterns:
                for found in pattern.finditer(words):
                    before = words[max(0, found.start() - _DENIED_REACH) : found.start()]
                    denied = next((word for word in self._rules.denied if before.endswith(word)), "")
                    if not denied:
                        codes[code] = None
                    start = found.start() - len(denied)
                    rest = rest[:start] + "\0" * (found.end() - start) + rest[found.end() :]
        return tuple(codes), rest.replace("\0", "")


@lru_cache(maxsize=8)
def grammar(catalog: Catalog) -> Grammar:
    """The patterns of this community, built once."""
    return Grammar(rules(catalog), catalog.places.building_suffix, catalog.places.unit_suffix)


def _apart(found: re.Match[str]) -> str:
    """A numeral in digits, apart from the digits of a room before it."""
    return f" {number(found[1])}" if found.string[found.start() - 1 : found.start()].isdecimal() else number(found[1])


def _counted(words: str) -> tuple[int | None, int | None]:
    """(people, at home), as far as numbers tell."""
    absent = [int(next(filter(None, found.groups()))) for found in _ABSENT.finditer(words)]
    present = [int(next(filter(None, found.groups()))) for found in _PRESENT.finditer(words)]
    taken = [found.span() for pattern in (_ABSENT, _PRESENT) for found in pattern.finditer(words)]
    totals = [int(found[1]) for found in _TOTAL.finditer(words) if not any(a <= found.start() < b for a, b in taken[:])]
    parts = [int(found[1]) for found in _PART.finditer(words)]
    people: int | None = None
    if totals:
        people = totals[0]
    elif present and absent:
        people = present[0] + sum(absent)
    elif present or absent:
        people = (present or absent)[0]
    elif parts:
        people = sum(parts)
    if people is None or people > MOST_PEOPLE:
        return None, None
    if present and (totals or absent):
        return people, min(present[0], people)
    if absent:
        return people, max(0, people - sum(absent))
    return people, people if present else None


def _door(building: Iterable[str], unit: Iterable[str]) -> re.Pattern[str]:
    """One door, part of a door, or a floor."""
    buildings = phrases.any_of(building)
    units = "|".join((*map(re.escape, sorted(unit, key=len, reverse=True)), _ENTRANCE))
    house = rf"(?:{buildings}|#|号(?=\s*\d)(?!{_PEOPLE}|{_NEXT_HOUSE})|楼(?=\s*\d{{1,2}}\s*(?:{units})))"
    stairs = r"\d{1,2}|[A-Da-d甲乙丙丁东西中]"
    between = r"\s*[-—的,，]?\s*"
    return re.compile(
        r"(?<![\dA-Za-z.])(?:"
        r"(?P<b3>\d{1,3}|[A-Za-z]\d?)[-/.#_—](?P<u3>\d{1,2})[-/.#_—](?P<r3>\d{1,4})(?!\d)"
        r"|(?P<b4>\d{1,2})\s+(?P<u4>\d{1,2})\s+(?P<r4>[1-9]\d{2,3})(?!\d)"
        rf"|(?P<b5>\d{{1,3}}|[A-Za-z]\d?)\s*{house}{between}(?P<u5>\d{{1,2}})[-/—](?P<r5>{_ROOM})"
        rf"|(?P<b6>\d{{1,3}}|[A-Za-z]\d?)\s*{house}(?:{between}(?P<u6>{stairs})\s*(?:{units}))?(?:{between}{_inside(6)})?"
        rf"|(?P<u7>{stairs})\s*(?:{units})(?:{between}{_inside(7)})?"
        rf"|(?P<e8>\d{{1,2}}|[A-Za-z])[-/#_—](?P<r8>{_ROOM})"
        rf"|{_inside(9)}"
        rf"|(?<![月到至])(?P<h9>\d{{1,3}}){_HOUSE_ENDS}"
        r")(?:室|房间?|号(?!楼|栋))?"
    )


def _inside(at: int) -> str:
    """Floor and door, a room, or a floor alone."""
    by_floor = rf"(?P<f{at}>\d{{1,2}})\s*[楼层]\s*(?P<d{at}>\d{{1,2}})\s*(?:号|户|室)"
    house = rf"(?P<h{at}>\d{{1,3}}){_HOUSE_ENDS}"
    floor = rf"(?P<g{at}>\d{{1,2}})\s*[楼层](?:(?P<a{at}>(?:及|和)?以上|往上)|(?![下上道梯]))"
    return (
        rf"(?:{by_floor}|(?P<r{at}>{_ROOM})|{house}|{floor})"
        if at != _ALONE
        else rf"(?:{by_floor}|(?P<r{at}>{_ROOM})|{floor})"
    )


def _said(found: re.Match[str]) -> Door:
    """The parts of a door that matched."""
    part = {name[0]: value for name, value in found.groupdict().items() if value}
    building, unit = part.get("b", ""), part.get("u", "")
    room, floor = part.get("r", ""), part.get("g", "")
    if "f" in part:
        room = f"{int(part['f'])}{int(part['d']):02d}"
    if "h" in part:
        room = part["h"]
    return Door(
        building=number(building) if building else "",
        unit=number(unit) if unit else "",
        floor="" if room else floor and number(floor),
        room=room,
        either=number(part["e"]) if "e" in part else "",
        above="a" in part,
    )


def _is_house(found: re.Match[str]) -> bool:
    """Whether it ends with the number of a house, in a building that is named or alone."""
    return any(name[0] == "h" and value for name, value in found.groupdict().items())


def _is_room(found: re.Match[str]) -> bool:
    """Whether it is a room and nothing besides."""
    return {name[0] for name, value in found.groupdict().items() if value} == {"r"}


def _is_building(found: re.Match[str]) -> bool:
    """Whether it is a building and nothing inside it."""
    return {name[0] for name, value in found.groupdict().items() if value} == {"b"}


def _with_both_ends(found: re.Match[str]) -> str:
    """ "8到15号" as "8号到15号"; "3-12单元" and "3-501号" are a building and what is in it."""
    first, last, what = found[1], found[4], found[5]
    inside = found["dash"] and (what == "单元" or (what == "号" and len(last) > max(2, len(first))))
    begin = number(first.replace("幺", "一"))
    return found[0] if inside or not begin.isdecimal() or int(begin) >= int(last) else f"{begin}{what}到{last}{what}"


def _each_named(found: re.Match[str]) -> str:
    """ "一二三楼" floor by floor, where the numbers follow one another."""
    levels = [int(number(digit)) for digit in found[1]]
    one_by_one = all(after - before == 1 for before, after in pairwise(levels))
    return "、".join(f"{one}{found[2]}" for one in levels) if one_by_one else found[0]


def _each_in_order(found: re.Match[str]) -> str:
    """ "1、2、3楼" floor by floor; "3、1单元" is a building and a stairwell of it."""
    levels, what = [int(one) for one in re.findall(r"\d+", found[1] or found[3])], found[2] or found[4]
    rises = all(before < after for before, after in pairwise(levels))
    return "、".join(f"{one}{what}" for one in levels) if rises else found[0]


def _from_the_ground(found: re.Match[str]) -> str:
    """ "4楼以下": each floor up to that one, which counts too."""
    return "、".join(f"{one}{found[2]}" for one in range(1, min(int(found[1]), MOST_LEVELS) + 1))


def _each_level(found: re.Match[str]) -> str:
    """Every floor or stairwell of a run, by its number."""
    first, last, what = int(found[1]), int(found[3]), found[2]
    few = 0 < last - first < MOST_LEVELS
    return "、".join(f"{one}{what}" for one in range(first, last + 1)) if few else found[0]


def _words(anywhere: Iterable[str], at_the_end: Iterable[str]) -> re.Pattern[str]:
    """Any of these words; of the second kind, only where nothing but a particle follows."""
    parts = [phrases.any_of(anywhere)]
    if ends := phrases.any_of(at_the_end):
        parts.append(f"(?:{ends}){_ENDS}")
    return re.compile("|".join(part for part in parts if part))


def _with_gaps(word: str) -> re.Pattern[str]:
    """ "独居..没人应" allows up to eight characters in between."""
    return re.compile(r"[^。;；]{0,8}?".join(map(re.escape, word.split(".."))))
