"""How a wish is worded for others: what is wanted, when and how long; whole clauses that tell whose it is are left out."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.understanding import personal, phrases
from bot.understanding.ailments import AILMENT
from bot.understanding.names import FULL_NAME, SURE_NAME, SURNAME, TITLE
from handlers.wishes import doors, others
from handlers.wishes.terms import Terms

LONGEST = 120
"""Characters of a wording on the wall."""
SAFE = ("health",)
"""Kinds of personal data that a vetter's own wording may have: a wish for a wheelchair says why, without a name."""
SOMEBODY = re.compile(others.TITLED)
ELDERLY = re.compile(r"[奶爷婆公太嬢孃伯]|老(?![师板])")
ANNOUNCED = r"(?:我叫|我是|本人|姓名|名字是?|联系人|小名|乳名|大名|[喊叫找]我|称呼我|叫)[:：是叫 ]{0,3}"
CALLED = re.compile(rf"{ANNOUNCED}{FULL_NAME}|(?:小名|乳名)[是叫]?[^\s,，。在]{{1,3}}")
DOOR = re.compile(
    r"(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z])(?:栋|幢|座|号楼)(?:[\d一二三四五六七八九十]{1,2}(?:单元|门))?"
    r"(?:[\d一二三四五六七八九十]{1,2}[楼层])?(?:[-\d]{1,5}(?:室|号|户)?)?"
    r"|\d{1,2}单元(?:[-\d]{1,5}(?:室|号)?)?|(?<![\d.])\d{3,4}(?:室|号房?)|\d{1,3}-\d{1,2}-\d{2,4}"
)
ONE_DOOR = re.compile(r"\d{3}|单元|[室户]")
"""A building alone is nobody's door."""
BESIDE_LONGEST = 2
"""Signs between a building and the room in it."""
ADDRESS = re.compile(
    r"[^\W\d_去到在来是住从往找借想要我的]{0,2}"
    r"(?:大道|[东南西北中前后上下][路街巷段]|[院坝园寨场沟湾]子|[路街巷弄院园苑里湾沟坪坝村组队社坊道场庄寨屯营桥塘堰井区期段岗堡庙岭坡坎])"
    r"(?:\d{1,4}|[一二三四五六七八九十百零〇]{1,4})(?:号(?!线)|-\d{1,4})(?:附\d{1,3}号?|附[一二三四五六七八九十]{1,2}号?)?"
    r"(?:门口|院里|楼下|院子)?|附\d{1,3}号"
)
"""A house by its road, hamlet or yard and its number; 3号线, 5号电池 and the 3号 of a month are none."""
LANDMARK = re.compile(
    r"(?:门口|门前|楼[上下]|对门|隔壁|对面|旁边|后头|后面|前面|转角|[东西南北]头)[^,，。;；!！\n]{0,12}?那一?[家户](?![店超药馆医饭公理])"
    r"|[有是][^,，。;；!！\n]{1,8}那一?[家户](?![店超药馆医饭公理])"
)
"""A house by what stands before it."""
AFTER_KIN = (
    r"(?:妈妈?|爸爸?|我们?家|我们?屋头|娃娃|娃儿?|孩子|儿子|女儿|孙女|孙子|孙儿|外孙|老公|老婆|老伴|爱人|婆婆|公公|奶奶|爷爷|外婆|外公|老汉儿?|"
    r"媳妇|女婿|[哥姐弟妹姑姨舅叔伯]|嬢嬢|邻居|朋友|老人)"
)
WILL = r"(?:想|要|需|缺|求|盼|希望|住|找|借|腿|今年|有|，|,|。|\s|\d|$)"
NAME = rf"(?!{SURNAME}{TITLE})(?:{FULL_NAME}|{SURE_NAME})"
KIN_NAMED = re.compile(
    rf"(?P<kin>{AFTER_KIN})(?:叫|是|名叫)?(?!许[个一愿])(?:{NAME}(?={WILL})|(?=...){FULL_NAME}(?<=[^\W\d_]{{4}}))"
)
"""我妈张桂花: the word for kin may stay, the name not."""
SOUGHT = re.compile(
    rf"(?<=[找叫问])(?:(?:{NAME})(?=就是|就行|就可以|就好|即可|拿|要|帮|[,，。;；!！\s]|$)|{FULL_NAME}(?<=[找叫问]...))"
)
"""Who is to be asked for at the door."""
WISHING_NAME = re.compile(rf"(?<![\u4e00-\u9fff]){NAME}(?=想|要|需要|缺|求|盼|希望|住)")
HELPED = re.compile(rf"(?<=[帮替给代跟和陪接]){FULL_NAME}(?<=[帮替给代跟和陪接]...)")
AT_THE_DOOR = re.compile(rf"((?:室|号|户|\d)(?:的|住户|业主)?){FULL_NAME}(?=想|要|需|缺|求|盼|希望|[,，。 ]|$)")
LONG_NUMBER = re.compile(r"\d[\d -]{5,}\d")
ACCOUNT = re.compile(r"(?:微信|[Qq]{2}|[Vv][Xx]|[Vv]信|[Ww][Xx])[号:：是 ]{0,3}[A-Za-z0-9_-]{4,}")
SURNAMED = re.compile(rf"(?<=姓){SURNAME}")
SCHOOL = re.compile(
    r"[^\W辅导教学给个名读上课补习会的一本书想要借找套请有在为是]{2,6}(?:小学|中学|幼儿园|[一二]中|高中|职高)"
    r"|[一二三四五六七八九十\d]{1,2}班"
)
"""A school by its name, a class: together they name a child."""
PARTS = re.compile(r"[,，。;；!！、\n（）\t ]+")
ENDS = " ，,。；;、！!"
GAP = "[^,，。]{0,8}?"
"""What ".." in the words of the catalog stands for."""
LOOSE_END = re.compile(r"(?:[因给为跟和]|因为|由于|得了?|患了?|的|是|在|去|做|有)+$")
LED_OVER = re.compile(
    r"^(?:还有(?![没谁人啥哪几多])|另外|然后|再就是|再有|再一个|顺便)(?:就是|一个(?=[,，:：]))?(?:的话)?[,，:：、\s]*(?=.{2})"
)
"""What only leads over from something said before."""
PRONOUN = re.compile(r"^(?:[他她]们?|老人家|[我俺](?=[想要需]))(?=.)")
ELDER, SOMEONE, OWN, KNOWN_ELDER, KNOWN = "\x01", "\x02", "\x03", "\x04", "\x05"
"""Stand where a name stood until it is known what becomes of it; the last two for a name that was given."""
STAND_INS = re.compile(r"[\x00-\x05]")
OWN_NAME = re.compile(OWN)
CALLED_SO = f"[{KNOWN_ELDER}{KNOWN}]|{SOMEBODY.pattern}"
OTHERS = re.compile(CALLED_SO)
SPEAKER = re.compile(rf"{CALLED.pattern}|{ANNOUNCED}(?:{CALLED_SO})|(?:[喊叫找]我|称呼我){others.NICK}")
"""Anybody by name; the speaker who says so. No name is part of a pattern: to compile one costs more than to read."""
FROM_THERE = re.compile(rf"(?<=我)[是叫][^,，。;；\n]{{1,8}}的{FULL_NAME}(?=[,，。;；!！\s]|$)")
"""我是二期的贺家明."""
SUBJECT = re.compile(
    rf"(?:帮忙?|[替给代])?(?:我们?)?(?:家|屋头)?的?(?:隔壁|楼上|楼下|对门|对面)?的?(?P<whom>[{ELDER}{SOMEONE}])(?=$|想|要(?!是)|需|缺|求|盼|希望)"
)
"""帮隔壁李大爷: for whom it is, who wants something in the same breath or in the next."""
POINTED = re.compile(rf"(?:我们?|咱们?|俺们?)?[^\W\d_]{{0,4}}那[个位](?=[{ELDER}{SOMEONE}])")
"""我们组那个谢老汉."""
OWNER = re.compile(rf"(?:隔壁|楼上|楼下|对门)?(?:的)?[{ELDER}{SOMEONE}](?:{others.YARD})的")
"""王嬢嬢屋头的梯子: whose it is; the thing stays."""
AT_THEIRS = re.compile(
    rf"(?:隔壁|楼上|楼下|对门)?(?:的)?[{ELDER}{SOMEONE}]{others.YARD}|[找问叫喊][{ELDER}{SOMEONE}](?=拿|问|要|借|就|[,，。\s]|$)"
)
"""At whose house it is, or whom to ask for it."""
DOORLIKE = re.compile(r"[\d零〇栋幢座楼室户]|单元|住")
STAND_FOR = re.compile(
    r"希望|需要|可以|有没有|有没得|[我你他她它的了吗呢吧嘛啊哈个一有没人用下拿去来想要需缺求盼借找请给把就行\W]"
)
"""What is left of a wording from which the thing itself is gone."""
DEED = re.compile(r"(?:[帮教陪换修送接买搬提拿抬运装看扫擦洗通扛取做打剪理量])(?!门|起|拢)")
"""What is to be done at the door just told."""
NO_WORD = re.compile(r"[\d\s#-]{3,}")
AILING = re.compile(rf"(?<![个台副辆把张支根瓶盒部条双])(?:{AILMENT})")
"""An illness; what stands behind a measure word is a thing."""


@lru_cache(maxsize=4)
def _patterns(terms: Terms) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Private matters; words that say wanting; what is only said to the community; how a wish begins."""
    wants = phrases.any_of(terms.wants)
    leads = phrases.any_of(terms.leads)
    return (
        re.compile(any_of(terms.kept_back)),
        re.compile(rf"(?:{wants})"),
        re.compile(any_of((*terms.vouches, *terms.speaks_for))),
        re.compile(rf"^(?:(?:{leads})[\s,，:：]*)+"),
    )


def any_of(words: Iterable[str]) -> str:
    """These words, ".." being a gap of a few characters, as one pattern."""
    return "|".join(GAP.join(map(re.escape, word.split(".."))) for word in sorted(words, key=len, reverse=True))


def public(words: str, names: Iterable[str], terms: Terms) -> str:
    """These words as others may read them; `names` are how the wisher and whom it is for are called."""
    kept_back, wants, aside, leads = _patterns(terms)
    said_first = LED_OVER.sub("", leads.sub("", STAND_INS.sub("", words).strip()))
    words = _past_doors(_without_names(leads.sub("", said_first), names), wants)
    hidden = [*_private(words, terms), *(found.span() for found in kept_back.finditer(words))]
    said, subject = "", ""
    for start, end, sign in _clauses(words, hidden):
        clause = words[start:end]
        inside = [(left - start, right - start) for left, right in hidden if left < end and right > start]
        spoken = [found.span() for found in aside.finditer(clause)]
        if inside or spoken:
            first = max(0, min((left for left, _ in inside), default=0))
            last = min(len(clause), max(right for _, right in (*inside, *spoken)))
            clause = _wanted(clause, first, last, wants)
        if whose := SUBJECT.match(clause):
            clause = whose["whom"] + clause[whose.end() :]
        bare = clause.strip(ENDS)
        if bare in (ELDER, SOMEONE):
            subject = bare
        elif bare and not NO_WORD.fullmatch(bare) and not phrases.only(bare, terms.fillers):
            said, subject = said + (subject if wants.match(clause) else "") + clause + sign, ""
    said = said.replace(ELDER, terms.elder).replace(SOMEONE, terms.somebody)
    return PRONOUN.sub("", said.strip(ENDS)).strip(ENDS)[:LONGEST]


def says_what(public: str, terms: Terms) -> bool:
    """Whether a wording still says what is wanted: more than that something is."""
    left = STAND_FOR.sub("", public.replace(terms.elder, "").replace(terms.somebody, ""))
    return bool(left) or any(word in public for need in terms.need for word in need.words if len(word) > 1)


def tells_who(words: str, names: Iterable[str]) -> bool:
    """Whether these words still tell whose wish it is: a name, a number, a door, a child's school."""
    named = any(len(name) > 1 and name in words for name in names)
    found = any(piece.kind not in SAFE for piece in personal.find(words))
    telling = (DOOR, ADDRESS, LANDMARK, LONG_NUMBER, CALLED, ACCOUNT, SCHOOL, KIN_NAMED, SOUGHT, WISHING_NAME, HELPED)
    telling += (others.SPOKEN_OF, others.HOUSE, others.NICK_WISHES, others.HELPED, others.KIN_NICK)
    return named or found or doors.any_in(words) or any(pattern.search(words) for pattern in telling)


def covered(words: str, names: Iterable[str], mask: str) -> str:
    """Words passed on to a neighbour, with a sign where they tell who says them, how to call, or which door it is."""
    spans = [(piece.start, piece.end) for piece in personal.numbers(words)]
    spans += [
        found.span()
        for pattern in (ADDRESS, ACCOUNT, SPEAKER, SURNAMED, FROM_THERE)
        for found in pattern.finditer(words)
    ]
    spans += [found.span() for found in DOOR.finditer(words) if ONE_DOOR.search(found[0])]
    spans += [(door, end) for _, door, end in doors.found(words)]
    spans += _buildings_before(words, spans)
    named = {called for name in names if len(name) > 1 for called in _ways_to_call(name)}
    spans += [found.span() for found in SOMEBODY.finditer(words) if found[0][0] in {name[0] for name in named}]
    for name in named:
        at = words.find(name)
        while at >= 0:
            spans.append((at, at + len(name)))
            at = words.find(name, at + 1)
    for start, end in _apart(spans):
        words = words[:start] + mask + words[end:]
    return words


def _buildings_before(words: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """三栋 of 三栋二零一: together with the room behind it a building is somebody's door."""
    starts = [start for start, _ in spans]
    found = [(one.start(), one.end()) for one in DOOR.finditer(words)]
    return [
        (start, room + 1)
        for start, end in found
        for room in starts
        if end <= room <= end + BESIDE_LONGEST and not words[end:room].strip(" ,，、的-")
    ]


def _ways_to_call(name: str) -> tuple[str, ...]:
    """李桂芳 is 桂芳 and 小李 too."""
    whole = re.fullmatch(FULL_NAME, name) is not None and len(name) == len("李桂芳")
    return (name, name[1:], f"小{name[0]}", f"老{name[0]}") if whole else (name,)


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What overlaps as one, the last first."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found[::-1]


def brief(words: str, longest: int = 30) -> str:
    """The first clauses of these words that are short enough; a word is never cut in two without saying so."""
    if len(words) <= longest:
        return words
    ends = [found.start() for found in PARTS.finditer(words) if 0 < found.start() <= longest]
    return (words[: ends[-1]] if ends else words[:longest]) + "…"


def joined(kept: str, more: str, names: Iterable[str], terms: Terms) -> str:
    """The wording that others see with what was said later in it."""
    added = public(more, names, terms)
    return "，".join(part for part in (kept.rstrip(ENDS), added) if part)[:LONGEST] if added not in kept else kept


def _without_names(words: str, names: Iterable[str]) -> str:
    """The words with a sign for every name: an elder's, somebody's, the speaker's own."""
    words = AT_THE_DOOR.sub(lambda found: f"{found[1]}，{found[0][len(found[1]) :]}", words)
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        words = words.replace(name, KNOWN_ELDER if ELDERLY.search(name) else KNOWN)
    words = SPEAKER.sub(OWN, words)
    words = OTHERS.sub(lambda found: ELDER if found[0] == KNOWN_ELDER or ELDERLY.search(found[0]) else SOMEONE, words)
    for kin in (KIN_NAMED, others.KIN_NICK):
        words = kin.sub(lambda found: found["kin"], words)
    words = POINTED.sub("", words)
    words = OWNER.sub("", SOUGHT.sub(OWN, words))
    for whose in (WISHING_NAME, others.NICK_WISHES, HELPED, others.HELPED):
        words = whose.sub(SOMEONE, words)
    return words


def _past_doors(words: str, wants: re.Pattern[str]) -> str:
    """想请人到我家902教手机 is 想请人教手机: a door between what is wanted and how goes, and nothing else with it."""
    for start, end in _apart((start, end) for start, _, end in doors.found(words)):
        clause = PARTS.split(words[:start])[-1]
        if wants.search(clause) and DEED.match(words, end):
            words = words[:start] + words[end:]
    return words


def _private(words: str, terms: Terms) -> Iterator[tuple[int, int]]:
    """Where something stands that is nobody else's business."""
    for piece in personal.find(words):
        if piece.kind == "health" and any(
            word in words[piece.start : piece.end] for need in terms.need for word in need.words if len(word) > 1
        ):
            continue  # what is wished for stands in it: only the illness itself is hidden below
        if piece.kind != "home":
            yield piece.start, piece.end
            continue
        for part in re.finditer(r"[^,，。;；!！、\n]+", words[piece.start : piece.end]):
            if signs := [found.end() for found in DOORLIKE.finditer(part[0])]:
                yield piece.start + part.start(), piece.start + part.start() + signs[-1]
    for pattern in (
        DOOR,
        ADDRESS,
        LANDMARK,
        LONG_NUMBER,
        ACCOUNT,
        SCHOOL,
        OWN_NAME,
        others.SPOKEN_OF,
        others.HOUSE,
        AT_THEIRS,
    ):
        for found in pattern.finditer(words):
            yield found.span()
    yield from ((start, end) for start, _, end in doors.found(words))
    for found in AILING.finditer(words):
        if not any(found[0] in word or word in found[0] for need in terms.need for word in need.words):
            yield found.span()


def _clauses(words: str, hidden: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """(start, end, the sign behind it) of each clause; no clause ends inside of what is hidden."""
    spans, start = list(hidden), 0
    for found in PARTS.finditer(words):
        if any(left < found.start() and found.end() < right for left, right in spans):
            continue
        if found.start() > start:
            yield start, found.start(), found[0] if found[0].strip("（） ") == found[0] else _pause(found[0])
        start = found.end()
    if start < len(words):
        yield start, len(words), ""


def _pause(sign: str) -> str:
    return " " if not sign.strip() else "，"


def _wanted(clause: str, first: int, last: int, wants: re.Pattern[str]) -> str:
    """What a clause wants besides the private matter at first:last; nothing where that cannot be told apart."""
    if (after := wants.search(clause, last)) and clause[after.end() :].strip(ENDS):
        whose = clause[after.start() - 1 : after.start()]
        given = "给" if clause.startswith("给") else ""
        return (given + whose if whose in (ELDER, SOMEONE) else "") + clause[after.start() :]
    found = wants.search(clause, 0, first)
    if found is None:
        return ""
    head = LOOSE_END.sub("", clause[found.start() : first])
    return head if len(head) > len(found[0]) + 1 else ""
