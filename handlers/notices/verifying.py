"""这条通知是真的吗: what was pasted beside what was really sent there: true, changed, or no such notice."""

import difflib
import re
from dataclasses import dataclass
from datetime import timedelta

from rapidfuzz import fuzz

from bot.message import Ask, Reply
from bot.router import Handler, Router
from bot.turn import Turn
from handlers.mobilizing import whether_over
from handlers.notices import audience, correcting, faces, reading, release, whose
from handlers.notices.terms import terms
from storage import grids, notices
from storage.notices import Notice

router = Router()

SHORTEST = 12
"""Characters of a paste that can be compared at all."""
LONGEST_DIFFERENCE = 24
LEAD_IN = 6
"""Characters before it that are no change: 转发, 通知."""
AN_HOUR_S = 3600
TRUE = re.compile(
    r"真的(?:吗|么|嘛|假的|还是假)|真的(?:不|没|没得|啵|噻|哇)(?=[？?。！!\s]*$)|真假|是真是假|是不是(?:真的|假的|骗)|假的(?:吗|吧|不|哦)"
    r"|骗人的(?:吗|吧|不|哦)|谣言(?:吗|吧|不)|能信(?:吗|不|么)|靠谱(?:吗|不|么)|有(?:没有)?这回事(?:吗|不|么|没|$)"
)
NOISE = re.compile(r"[^\w\u4e00-\u9fff]+")
_WHETHER = r"(?:到底)?(?:是|是不是)?(?:真的?还是假的?|真的假的|真假|真的?|假的?|是真是假)"
_WHICH = r"(?:这|这个|这条|那个|那条|上面|下面)?(?:个|条)?(?:通知|消息|信息)?"
_PLEASE = r"(?:请问|帮我看看|看看|核实一下|核实下|求证)?[，,\s]*"
ASKING = re.compile(rf"{_PLEASE}{_WHICH}{_WHETHER}(?:吗|么|吧|呢|啊|呀|哦|不|没得|没|嘛|哇|啵|噻)?[？?。！!\s]*$")
ASKED_FIRST = re.compile(rf"^{_PLEASE}(?:群里发的)?{_WHICH}{_WHETHER}(?:吗|么|吧|呢|啊)?[？?。：:，,\s]+")
LEAD = re.compile(
    r"^[\s，,]*(?:我)?(?:刚才|刚刚|今天|昨天)?(?:在?群里|有人|邻居|他们|网上|楼下|物业)?(?:都在|有人)?(?:听说|听人说|说是|说|讲|发的|发|传|转发|看到)[：:，,\s]*"
)
"""群里说, 听说: whose words they are, and none of the notice's."""
SUBJECT_FIRST = re.compile(
    r"^[^\s，,。：:？?\d]{1,6}?(?:是|是不是)?真的?(?:吗|么|不|没|嘛|啵|噻)[？?。：:，,\s]+(?=.{12})", re.DOTALL
)
"""停水是真的吗 …: what it is about and the question, before the words themselves."""
WHOSE = re.compile(r"^[^，,。：:\d]{0,10}[转发说讲看][^，,。：:\d]{0,6}[：:]\s*")
"""我儿子转给我看的：."""
FURNITURE = re.compile(
    r"【[^】\n]{2,4}】|(?:[^\s。，,]{1,20}\u3000)?编号[\s:：]*\d{3,6}|有效期到[^\n。]{4,20}。?|看到请点“收到”[^\n]*|(?<=\n)附件：[^\n]*"
)
"""What stands around the words of every notice."""
NUMBERED = re.compile(r"编号[\s:：]*\d{3,6}")
POINTS_AT = re.compile(
    r"刚才|刚刚|方才|昨天|昨晚|早上|群里|[那这上][个条则份]|上面|通知|消息|信息|公告|发的|说的|关于|事情?|的|这|那"
)
"""What points at a notice and says nothing that is in it."""
CLAIM = re.compile(
    r"(?P<before>[\u4e00-\u9fff]{0,4})(?P<figure>\d+(?:[.:：]\d+)*\s*(?:点半?|元|块|万|分钟?|小时|天|日|号|月|%|户|人)?)"
)
"""A number, with what it counts and the words before it."""
MONEY = re.compile(r"\d\s*(?:元|块|万|百)|押金|转账|银行卡|验证码|二维码|红包")
"""A sum, or what a fraud asks for."""


@dataclass(frozen=True, slots=True)
class Match:
    """The notice that a paste is most like."""

    notice: Notice
    score: float
    difference: tuple[str, str] | None
    """(what was sent, what was pasted) where they differ first; None when they do not."""


def by_number(turn: Turn) -> list[Reply]:
    """1041 是真的吗: whether there is such a notice here, and whether it holds."""
    notice = whose.named(turn)
    if notice.released_at is None or not _concerns(turn, notice):
        return [Reply("notices/no_such")]
    pasted = _pasted(turn.utterance.text)
    if notice.superseded_by is not None and not _of_money(turn, pasted):
        return [_true(turn, notice)]
    return [_verdict(turn, match)] if (match := _best(turn, pasted)) else [_true(turn, notice)]


@router.order("verify")
@router.intent("verify")
def verify(turn: Turn) -> list[Reply]:
    """Compare what was pasted; among neighbours only a clear answer is given unasked."""
    text = turn.order.argument if turn.order and turn.order.argument else turn.utterance.text
    pasted = _pasted(text)
    unasked = turn.in_group and not turn.utterance.addressed and turn.order is None
    pointed = not any(sign.isdecimal() for sign in pasted) and POINTS_AT.search(pasted) is not None
    if len(_bare(pasted)) < SHORTEST or pointed:
        if match := _best(turn, pasted):
            return [_verdict(turn, match)]
        if (notice := _spoken_of(turn, pasted)) and (other := _added(turn, notice, pasted)):
            return [other]
        if notice is None and _of_money(turn, pasted):
            return [Reply("notices/no_such")]
        if notice and not unasked:
            told = whether_over.tells_neighbours(turn, notice, "drill")
            return told(turn) if told else [_perhaps(turn, notice)]
        return [] if unasked else [Reply("notices/paste_it", ask=Ask(takes="verify", lasts_s=AN_HOUR_S))]
    match = _best(turn, pasted)
    if match is not None:
        return [_verdict(turn, match)]
    if (told := _of_its_matter(turn, pasted)) and (other := _added(turn, told, pasted)):
        return [other]
    return [] if unasked and not _of_money(turn, pasted) else [Reply("notices/no_such")]


def _of_its_matter(turn: Turn, pasted: str) -> Notice | None:
    """The newest notice of the same stop of water, the same vaccination: true in part, perhaps, with something added."""
    known = terms(turn.catalog).wondering.topics
    named = {word for words in known if any(word in pasted for word in words) for word in words}
    return about(turn, named) if named else None


@router.guard_where("alone")
def only_pasted(turn: Turn) -> Handler | None:
    """The words of a notice and no question, in private: whether it holds is meant, unless a post writes a new one."""
    said, waiting = turn.utterance, turn.asked
    if turn.incoming.happening != "text" or (waiting is not None and waiting.takes):
        return None
    if turn.posts and NUMBERED.search(said.text) is None:
        return None
    if said.intent == "emergency" or said.command is not None or FURNITURE.search(said.text) is None:
        return None
    match = _best(turn, _pasted(said.text))
    return (lambda turn: [_verdict(turn, match)]) if match is not None else None


def tells_of_a_notice(turn: Turn) -> bool:
    """Whether the words are like something that was sent to the speaker's ears."""
    return _best(turn, _pasted(turn.utterance.text)) is not None


def differs(turn: Turn, notice: Notice) -> bool:
    """Whether the speaker heard hours or money of it that it does not speak of."""
    return _added(turn, notice, _pasted(turn.utterance.text)) is not None


def _added(turn: Turn, notice: Notice, pasted: str) -> Reply | None:
    """Hours or money in a few words about it that it does not speak of."""
    if notice.superseded_by is not None:
        return None
    sent = f"{notice.text} {notice.summary}"
    words = terms(turn.catalog).wondering.money
    wanted = [word for word in words if word in pasted and word not in sent]
    figures = _figures(sent, pasted, measured=True)
    if figures is None and not wanted:
        return None
    were, are = figures or ("", wanted[0])
    values = {**faces.values(turn, notice), "sent": were, "pasted": are}
    return Reply("notices/changed", values, about=notice.number)


def _of_money(turn: Turn, pasted: str) -> bool:
    """Whether somebody wants a sum: in doubt neighbours are warned of it too."""
    return MONEY.search(pasted) is not None and any(
        word in turn.utterance.text for word in (*terms(turn.catalog).wondering.money, "元")
    )


def _perhaps(turn: Turn, notice: Notice) -> Reply:
    """That one was sent; nobody has seen whether the speaker has the same words."""
    if notice.superseded_by is not None:
        return correcting.holds_now(turn, notice)
    ask = Ask(takes="verify", lasts_s=AN_HOUR_S)
    return Reply("notices/perhaps", _values(turn, notice), about=notice.number, ask=ask)


def _spoken_of(turn: Turn, words: str) -> Notice | None:
    """The newest notice that is pointed at: by what it is about, else the newest of all."""
    named = topics(words)
    if named or POINTS_AT.search(words):
        return about(turn, named)
    return None


def topics(words: str) -> set[str]:
    """Every two characters that may name what a notice is about."""
    parts = NOISE.split(_DAYS.sub(" ", POINTS_AT.sub(" ", words)))
    return {part[at : at + 2] for part in parts for at in range(len(part) - 1)}


_DAYS = re.compile(r"今天|明天|后天|昨天|上午|下午|晚上|早上|中午|请问|我们|小区|要|到|啊|呀|呢")


def about(turn: Turn, topics: set[str]) -> Notice | None:
    """The newest notice for the speaker's ears that names one of these; of those without a topic the newest."""
    top = turn.grid or grids.root(turn.session)
    if top is None:
        return None
    since = turn.now - timedelta(days=terms(turn.catalog).lasts_days)
    for notice, _, _ in notices.released_over(turn.session, top.code, since):
        words = f"{notice.topic}{notice.summary}{notice.text}"
        if _concerns(turn, notice) and (not topics or any(topic in words for topic in topics)):
            return notice
    return None


def _verdict(turn: Turn, match: Match) -> Reply:
    if match.difference is None or (match.notice.superseded_by is not None and not MONEY.search(match.difference[1])):
        return _true(turn, match.notice)
    sent, pasted = match.difference
    values = {**faces.values(turn, match.notice), "sent": sent, "pasted": pasted}
    return Reply("notices/changed", values, about=match.notice.number)


def _true(turn: Turn, notice: Notice) -> Reply:
    """It was sent; and whether it still holds."""
    if notice.superseded_by is not None:
        return correcting.holds_now(turn, notice)
    return Reply("notices/true", _values(turn, notice), about=notice.number)


def _values(turn: Turn, notice: Notice) -> dict[str, object]:
    unsent = release.never_left(turn, notice)
    return {**faces.values(turn, notice), "now": turn.now, "unsent": unsent}


def _concerns(turn: Turn, notice: Notice) -> bool:
    """Whether it was for the speaker's ears: neighbours know of what neighbours were told."""
    said = audience.of(notice)
    if not (turn.posts or said.residents_groups or said.residents):
        return False
    grid = whose.grid_of(turn, notice)
    codes = [turn.grid.code] if turn.grid else []
    codes += [row.code for row in grids.by_ids(turn.session, {post.grid_id or 0 for post in turn.posts}).values()]
    return not codes or any(code.startswith(grid.code) or grid.code.startswith(code) for code in codes)


def _best(turn: Turn, pasted: str) -> Match | None:
    """The most alike of what was sent over the speaker's grid lately; None when nothing is alike."""
    rows = terms(turn.catalog)
    top = turn.grid or grids.root(turn.session)
    pasted = FURNITURE.sub(" ", pasted).strip()
    bare = _bare(pasted)
    if top is None or len(bare) < SHORTEST:
        return None
    best: tuple[float, Notice, str] | None = None
    for notice, wordings in notices.words_over(turn.session, top.code, turn.now - timedelta(days=rows.verify_days)):
        if not _concerns(turn, notice):
            continue
        for said in {*wordings, notice.text, notice.summary}:
            words = FURNITURE.sub(" ", said).strip()
            sent = _bare(words)
            short, long = sorted((bare, sent), key=len)
            if len(sent) < SHORTEST // 2 or len(short) < SHORTEST // 2:
                continue
            alike = fuzz.partial_ratio(short, long) if len(short) >= SHORTEST else fuzz.ratio(short, long)
            covers = min(1.0, len(sent) / len(bare)) ** 0.5  # what was added to it makes it no other notice
            if best is None or (alike * covers, len(sent)) > (best[0], len(_bare(best[2]))):
                best = (alike * covers, notice, words)
    if best is None or best[0] < rows.same:
        return None
    differs = _difference(best[2], pasted)
    if differs is not None and (place := whose.place_of(turn, best[1])) in pasted:
        differs = _difference(best[2].replace(place, " "), pasted.replace(place, " "))  # in whose name it was said
    return Match(best[1], best[0], differs)


def _difference(sent: str, pasted: str) -> tuple[str, str] | None:
    """Where the paste says something else than what was sent; leaving out the beginning or the end is no change."""
    one, other = _bare(sent), _bare(pasted)
    if other in one:
        return None
    if figures := _figures(sent, pasted):
        return figures
    steps = difflib.SequenceMatcher(a=one, b=other, autojunk=False).get_opcodes()
    for at, (act, a, b, c, d) in enumerate(steps):
        ends = at in (0, len(steps) - 1)
        led_in = act == "insert" and at == 0 and d - c <= LEAD_IN
        if act == "equal" or led_in or (act == "delete" and ends):
            continue
        return one[max(0, a - 4) : b + 4][:LONGEST_DIFFERENCE], other[max(0, c - 4) : d + 4][:LONGEST_DIFFERENCE]
    return None


def _figures(sent: str, pasted: str, *, measured: bool = False) -> tuple[str, str] | None:
    """The numbers of the paste that were not sent, and those in whose place they stand: hours and money first of all.

    `measured`: only those of hours, money and the like.
    """
    were, are = (
        {
            "".join(found["figure"].split()): found["before"]
            for found in CLAIM.finditer(reading.DATE_BEHIND.sub("", words))
            if not (measured and found["figure"].strip()[-1].isdecimal())
        }
        for words in (sent, pasted)
    )
    new = [f"{before}{figure}" for figure, before in are.items() if figure not in were]
    old = [f"{before}{figure}" for figure, before in were.items() if figure not in are]
    if not new:
        return None
    return "、".join(old)[:LONGEST_DIFFERENCE], "、".join(new)[: 2 * LONGEST_DIFFERENCE]


def _pasted(text: str) -> str:
    """Without the question around it, and without whose words they are."""
    without = ASKED_FIRST.sub("", ASKING.sub("", text).strip()).strip()
    return LEAD.sub("", WHOSE.sub("", SUBJECT_FIRST.sub("", without).strip())).strip(" ，,")


def _bare(words: str) -> str:
    """Letters, digits and characters alone."""
    return NOISE.sub("", reading.DATE_BEHIND.sub("", words)).lower()
