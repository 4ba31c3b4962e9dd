"""这条通知是真的吗: what was pasted beside what was really sent there: true, changed, or no such notice."""

import difflib
import re
from dataclasses import dataclass
from datetime import timedelta

from rapidfuzz import fuzz

from bot.message import Ask, Reply
from bot.router import Router
from bot.turn import Turn
from handlers.notices import audience, correcting, faces, whose
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
    r"真的(?:吗|么|假的|还是假)|真假|是真是假|是不是(?:真的|假的|骗)|假的(?:吗|吧)|骗人的(?:吗|吧)|谣言(?:吗|吧)|能信(?:吗|不)"
)
NOISE = re.compile(r"[^\w\u4e00-\u9fff]+")
ASKING = re.compile(
    r"(?:请问|帮我看看|看看|核实一下|核实下|求证)?[，,\s]*(?:这|这个|这条|那条|上面|下面)?(?:个|条)?(?:通知|消息|信息)?"
    r"(?:到底)?(?:是|是不是)?(?:真|假)(?:的|还是假)?(?:的|假)?(?:吗|么|吧|呢|啊)?[？?。！!\s]*$"
)
ASKED_FIRST = re.compile(
    r"^(?:请问|帮我看看|看看|核实一下|核实下|求证)?[，,\s]*(?:这|这个|这条|下面|群里发的)?(?:个|条|这条)?(?:通知|消息|信息)?"
    r"(?:到底)?(?:是|是不是)?(?:真|假)(?:的|还是假的?|的假的)?(?:吗|么|吧|呢|啊)?[？?。：:，,\s]+"
)


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
    return [_verdict(turn, match)] if (match := _best(turn, pasted)) else [_true(turn, notice)]


@router.order("verify")
@router.intent("verify")
def verify(turn: Turn) -> list[Reply]:
    """Compare what was pasted; among neighbours only a clear answer is given unasked."""
    text = turn.order.argument if turn.order and turn.order.argument else turn.utterance.text
    pasted = _pasted(text)
    unasked = turn.in_group and not turn.utterance.addressed and turn.order is None
    if len(_bare(pasted)) < SHORTEST:
        ask = Ask(takes="verify", lasts_s=AN_HOUR_S)
        return [] if unasked else [Reply("notices/paste_it", ask=ask)]
    match = _best(turn, pasted)
    if match is not None:
        return [_verdict(turn, match)]
    return [] if unasked else [Reply("notices/no_such")]


def _verdict(turn: Turn, match: Match) -> Reply:
    if match.difference is None:
        return _true(turn, match.notice)
    sent, pasted = match.difference
    values = {**faces.values(turn, match.notice), "sent": sent, "pasted": pasted}
    return Reply("notices/changed", values, about=match.notice.number)


def _true(turn: Turn, notice: Notice) -> Reply:
    """It was sent; and whether it still holds."""
    if notice.superseded_by is not None:
        return correcting.holds_now(turn, notice)
    return Reply("notices/true", {**faces.values(turn, notice), "now": turn.now}, about=notice.number)


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
    bare = _bare(pasted)
    if top is None or len(bare) < SHORTEST:
        return None
    best: tuple[float, Notice, str] | None = None
    for notice, wordings in notices.words_over(turn.session, top.code, turn.now - timedelta(days=rows.verify_days)):
        if not _concerns(turn, notice):
            continue
        for words in {*wordings, notice.text, notice.summary}:
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
    return Match(best[1], best[0], _difference(best[2], pasted))


def _difference(sent: str, pasted: str) -> tuple[str, str] | None:
    """Where the paste says something else than what was sent; leaving out the beginning or the end is no change."""
    one, other = _bare(sent), _bare(pasted)
    if other in one:
        return None
    steps = difflib.SequenceMatcher(a=one, b=other, autojunk=False).get_opcodes()
    for at, (act, a, b, c, d) in enumerate(steps):
        ends = at in (0, len(steps) - 1)
        led_in = act == "insert" and at == 0 and d - c <= LEAD_IN
        if act == "equal" or led_in or (act == "delete" and ends):
            continue
        return one[max(0, a - 4) : b + 4][:LONGEST_DIFFERENCE], other[max(0, c - 4) : d + 4][:LONGEST_DIFFERENCE]
    return None


def _pasted(text: str) -> str:
    """Without the question around it."""
    without = ASKING.sub("", text).strip()
    return ASKED_FIRST.sub("", without).strip()


def _bare(words: str) -> str:
    """Letters, digits and characters alone."""
    return NOISE.sub("", words).lower()
