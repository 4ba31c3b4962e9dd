"""What the words of a notice say: its parts, for whom it is, and when; no I/O but the names of grids."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from rapidfuzz import fuzz

from bot.catalog import Catalog
from bot.turn import Turn
from bot.understanding import phrases
from handlers.notices import crons
from handlers.notices.audience import Audience
from handlers.notices.terms import Terms, terms
from storage import grids
from storage.grids import Grid
from storage.notices import Notice
from storage.posts import RESIDENT

BETWEEN = " \t\n,，。;；:：、.!！"
FILLERS = re.compile(
    r"[\s,，、。；;：:!！和及与跟的各全都里下属本我们咱这边级给发到范围内及其就只光吧嘛啊呢哈整个是们位]+"
)
FIRST_CLAUSE = re.compile(r"[，。；！？,;!?\n：:]")
OF_ALL = ("辖", "辖区", "小区", "院子", "院")
"""What is left of 全辖区, 本小区: the speaker's own place."""
FIRST_WORD = re.compile(r"([^\s:：]+)[\s:：]+(?=\S)")
LONGEST_WHOM = 30
SHORTEST_END = 2
GOOD_UNTIL = "有效期"
"""What can be said of nothing but the notice itself."""
NUMBERED = re.compile(r"第?(\d{1,2}|[一二三四五六七八九十]{1,3})号?网格")
"""3网格, 第三网格: the one that is counted so."""
CHINESE = {str(at): said for at, said in enumerate("一二三四五六七八九十", 1)}
DAY = re.compile(
    r"大后天|后天|明天|今天|(?:下|这|本)?(?:周|星期|礼拜)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号]|(?<!月)\d{1,2}[号日]"
)

DATE_BEHIND = re.compile(r"[（(]\d{1,2}月\d{1,2}[日号][）)]")
"""明天（11月25日）: what was put behind a day."""


@dataclass(slots=True)
class Whom:
    """For whom it is, as far as the words say."""

    audience: Audience | None = None
    grids: list[Grid] = field(default_factory=list[Grid])
    """What the name fits: none when no place was named, more than one must be asked about."""
    unknown: str = ""
    """What is left and names nothing."""
    level: str = ""
    """"社区" of 就我们社区, where the speaker has no such place."""


def parts(words: str, rows: Terms, is_whom: Callable[[str], bool], is_moment: Callable[[str], bool]) -> dict[str, str]:
    """The parts of one message by the fields of notices.toml; what has no word before it is the text, after whom it is for.

    A text that ends in "截止周五18点" keeps it, unless it also ends in whether people are to say 收到.
    """
    left, settled = _settings(words, rows, is_moment)
    if "ack" not in settled and GOOD_UNTIL not in words[len(left) :]:
        left, settled = words, {}
    return {**_parted(left, rows, is_whom), **settled}


def _parted(words: str, rows: Terms, is_whom: Callable[[str], bool]) -> dict[str, str]:
    named = _by_word(rows)
    begins = re.compile(
        rf"(?:^|(?<=[\n；;。]))[ \t]*({'|'.join(sorted(map(re.escape, named), key=len, reverse=True))})[ \t]*[:：]"
    )
    found = list(begins.finditer(words))
    said: dict[str, str] = {}
    for at, one in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(words)
        said[named[one[1]]] = words[one.end() : end].strip(" \t\n；;")
    free = words[: found[0].start()] if found else words
    return {**_free(free.strip(" \t\n；;"), rows, is_whom), **said}


def _settings(words: str, rows: Terms, is_moment: Callable[[str], bool]) -> tuple[str, dict[str, str]]:
    """What is left, and what its last clauses settle: "截止周五18点，需要回执"."""
    said: dict[str, str] = {}
    answers = rows.answers
    ack = _ending(_either((*answers.no_ack, *answers.ack)))
    until = _ending(rf"(?:{_either(rows.fields.until)})(?:是|到|为)?[\s:：]*([^\n，,；;。]{{2,20}}?)")
    for _ in range(2):
        if "ack" not in said and (found := ack.search(words)):
            said["ack"] = (answers.no if found[1] in answers.no_ack else answers.yes)[0]
        elif "until" not in said and (found := until.search(words)) and is_moment(found[2]):
            said["until"] = found[2]
        else:
            break
        words = words[: found.start()].rstrip(BETWEEN)
    return words, said


def _ending(clause: str) -> re.Pattern[str]:
    """The last clause of a text, after a stop or a blank."""
    return re.compile(rf"(?:^|[\n，,；;。\s])({clause})[\s。.!！]*$")


def _either(words: Sequence[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def change(words: str, rows: Terms, is_moment: Callable[[str], bool]) -> dict[str, str]:
    """The parts that a sentence changes: "截止 周五18点", or several, each with its word before it."""
    words, settled = _settings(words, rows, is_moment)
    return {**_changed(words, rows), **settled}


def put_right(words: str, text: str, rows: Terms, is_moment: Callable[[str], bool]) -> dict[str, str]:
    """今晚11点发: when it leaves; 我说错了，是后天: the day in the text, where it names one day and no other."""
    bare = words.strip(BETWEEN)
    for sends in sorted(rows.sends, key=len, reverse=True):
        if bare.endswith(sends) and is_moment(first := _without(bare.removesuffix(sends), rows.slips)):
            return {"begins": first}
    text = DATE_BEHIND.sub("", text)
    said, written = DAY.findall(words), set(DAY.findall(text))
    if not said or len(written) != 1 or said[-1] in written:
        return {}
    rest = DAY.sub("", words).strip(BETWEEN)
    if rest and not phrases.only(rest, rows.slips):
        return {}
    return {"text": DAY.sub(said[-1], text)}


def _without(words: str, slips: Collection[str]) -> str:
    """What follows "等等，改成"."""
    before = re.compile(rf"^(?:{_either(tuple(slips))}|[{re.escape(BETWEEN)}])+")
    return before.sub("", words).strip(BETWEEN)


def of_the_draft(turn: Turn, draft: Notice) -> bool:
    """Whether words without a heading are still about it: they say that something was wrong, or say it once more."""
    rows, said = terms(turn.catalog), turn.utterance.text
    return any(slip in said for slip in rows.wrong) or fuzz.partial_ratio(said, draft.text) >= rows.same


def _changed(words: str, rows: Terms) -> dict[str, str]:
    said = _parted(words, rows, lambda _: False)
    if set(said) - {"text"} or not said:
        keyed = {of: value for of, value in said.items() if of != "text" or _keyed(words, rows.fields.text)}
        if keyed:
            return keyed
    for word, of in sorted(_by_word(rows).items(), key=lambda pair: -len(pair[0])):
        rest = words.strip()[len(word) :]
        if words.strip().startswith(word) and (not rest or rest[0] in BETWEEN):
            return {of: rest.strip(BETWEEN)}
    return {}


def _keyed(words: str, names: Collection[str]) -> bool:
    return any(re.search(rf"(?:^|[\n；;。])[ \t]*{re.escape(name)}[ \t]*[:：]", words) for name in names)


def _by_word(rows: Terms) -> dict[str, str]:
    found: Mapping[str, Sequence[str]] = msgspec.to_builtins(rows.fields)
    return {word: of for of, words in found.items() for word in words}


def _free(words: str, rows: Terms, is_whom: Callable[[str], bool]) -> dict[str, str]:
    """Words without a heading: perhaps a drill's mark, a rule, for whom, and then the text."""
    said: dict[str, str] = {}
    for mark in rows.drill_words:
        for dressed in (f"【{mark}】", f"[{mark}]", f"（{mark}）", f"{mark} ", f"{mark}：", f"{mark}:"):
            if words.startswith(dressed):
                said["drill"], words = mark, words[len(dressed) :].strip()
    for _ in range(2):
        if "repeat" not in said and (rule := crons.leading(words)) is not None:
            said["repeat"], words = words[:rule], words[rule:].strip(BETWEEN)
        first = FIRST_WORD.match(words)
        if "who" not in said and first and len(first[1]) <= LONGEST_WHOM and is_whom(first[1]):
            said["who"], words = first[1], words[first.end() :].strip()
    if "who" not in said and words and len(words) <= LONGEST_WHOM and is_whom(words):
        said["who"], words = words, ""
    if words:
        said["text"] = words
    return said


def whom_alone(words: str, rows: Terms) -> str:
    """What follows 不对，只发: the words behind every slip and verb with which somebody puts an audience right."""
    wrong = max((words.rfind(one) + len(one) for one in rows.wrong if one in words), default=0)
    rest = words[wrong:].strip(BETWEEN) or words.strip(BETWEEN)
    known = tuple(sorted((*rows.slips, *rows.only, *rows.fields.who), key=len, reverse=True))
    while slip := next((one for one in known if rest.startswith(one)), ""):
        rest = rest.removeprefix(slip).strip(BETWEEN)
    return rest


def whom(turn: Turn, words: str, own: Collection[Grid]) -> Whom:
    """Who is meant: groups or people, roles, tags, and the place among those that are the speaker's own or below."""
    left, audience = listeners(words, turn.catalog)
    heard = Whom(audience)
    rest = FILLERS.sub(" ", left).strip()
    while rest:
        place = named(turn, rest)
        if not place:
            break
        start, end, ids = place
        found = list(grids.by_ids(turn.session, ids).values())
        inside = [grid for grid in found if any(grid.code.startswith(one.code) for one in own)]
        heard.grids += inside or found
        rest = f"{rest[:start]} {rest[end:]}".strip()
    parts = [_by_its_end(turn, one, own) for one in rest.split()]
    if len(parts) > 1 and not heard.grids and all(len(one) == 1 for one in parts):
        heard.grids, rest = [one[0] for one in parts], ""
    rest = FILLERS.sub("", rest)
    a_level = rest in OF_ALL or rest in terms(turn.catalog).levels
    if rest and not heard.grids and not a_level and (found := _by_its_end(turn, rest, own)):
        heard.grids, rest = found, ""
    codes = [grid.code for grid in heard.grids]  # 石桥东片: the smaller one
    heard.grids = [
        one for one in heard.grids if not any(code != one.code and code.startswith(one.code) for code in codes)
    ]
    if rest and not heard.grids and (level := terms(turn.catalog).levels.get(rest)):
        heard.grids = _own_at(turn, level, own)
        heard.level, rest = "" if heard.grids else rest, ""
    heard.unknown = "" if rest in OF_ALL else rest
    return heard


def _by_its_end(turn: Turn, words: str, own: Collection[Grid]) -> list[Grid]:
    """一组, where 石桥一组 is the speaker's own or below: what a village calls its parts."""
    if len(words) < SHORTEST_END or not own:
        return []
    called = grids.called(turn.session)
    ids = {grid_id for names in called.values() for name, grid_id in names if name.endswith(words)}
    return [
        grid for grid in grids.by_ids(turn.session, ids).values() if any(grid.code.startswith(one.code) for one in own)
    ]


def _own_at(turn: Turn, level: Collection[str], own: Collection[Grid]) -> list[Grid]:
    """全区, 我们社区: the speaker's own place of this level, or the one above it; none where the own ones are higher."""
    if turn.in_group and turn.grid is not None:
        own = [turn.grid, *own]
    above = [grid for one in own for grid in grids.lineage(turn.session, one) if grid.level in level]
    mine = [grid for grid in above if any(grid.id == one.id for one in own)]
    return list({grid.id: grid for grid in (mine or above)}.values())[: 1 if turn.in_group else None]


def listeners(words: str, catalog: Catalog) -> tuple[str, Audience | None]:
    """(what is left, the audience) of these words; None when they name no listeners."""
    rows = terms(catalog)
    flags: dict[str, bool] = {}
    found: Mapping[str, Sequence[str]] = msgspec.to_builtins(rows.listeners)
    left = words
    for word, of in sorted(((word, of) for of, some in found.items() for word in some), key=lambda one: -len(one[0])):
        if word in left:
            flags[of], left = True, left.replace(word, " ")
    tags: list[str] = []
    for word, code in sorted(
        ((word, tag.code) for tag in rows.tag for word in tag.words), key=lambda one: -len(one[0])
    ):
        if word in left:
            left = left.replace(word, " ")
            tags += [code] if code not in tags else []
    roles: list[str] = []
    named = {role.name: (role.code,) for role in catalog.roles.values() if role.code != RESIDENT}
    for word, codes in sorted({**rows.called, **named}.items(), key=lambda one: -len(one[0])):
        if word in left:
            left = left.replace(word, " ")
            roles += [code for code in codes if code not in roles]
    if "居民" in left and not flags and not tags:
        flags["residents_groups"] = True
    left = left.replace("居民", " ")
    if not flags and not tags and not roles:
        return left, None
    in_private = flags.get("residents", False) or bool(tags)
    return left, Audience(
        staff=flags.get("staff", False) or bool(roles),
        roles=() if flags.get("staff") else tuple(roles),
        staff_groups=flags.get("staff_groups", False),
        residents_groups=flags.get("residents_groups", False) and not tags,
        residents=in_private,
        tags=tuple(tags),
    )


def named(turn: Turn, words: str) -> tuple[int, int, set[int]] | None:
    """(start, end, grids) of the longest name of a grid in these words."""
    called = grids.called(turn.session)
    if counted := NUMBERED.search(words):
        ending = f"第{CHINESE.get(counted[1], counted[1])}网格"
        ids = {grid_id for names in called.values() for name, grid_id in names if name.endswith(ending)}
        if ids and not any(name in words for names in called.values() for name, _ in names if name.endswith(ending)):
            return (counted.start(), counted.end(), ids)
    best: tuple[int, int, set[int]] | None = None
    for start in range(len(words)):
        for name, grid_id in called.get(words[start : start + 2], ()):
            if words.startswith(name, start):
                if best is None or len(name) > best[1] - best[0]:
                    best = (start, start + len(name), {grid_id})
                elif best[0] == start and best[1] - best[0] == len(name):
                    best[2].add(grid_id)
    return best


def topic_of(text: str, most: int) -> str:
    """The first clause of a text, short enough for a heading."""
    first = FIRST_CLAUSE.split(text.strip(), maxsplit=1)[0].strip()
    return first if len(first) <= most else first[: most - 1] + "…"
