"""Which answer is put right by a sentence, and to what: 电话错了，是139…; 不是成都，是重庆."""

import re
from collections.abc import Sequence

from bot import orders
from bot.orders import AND_MORE
from bot.turn import Turn
from handlers.forms import counting, drafts, rules, showing
from handlers.forms.drafts import Draft
from handlers.forms.rules import Form, Question, Words

GAP = r"[\s,，。:：、]*"
BETWEEN = re.compile(
    rf"^{GAP}(?:的{GAP})?(?:不是[^是]{{1,24}}{GAP}(?:而|应该)?是|改成|改为|改到|换成|换为|写成|应该是|应该叫|应为|其实是|是|为|叫做?)?{GAP}"
)
NOT_THAT = re.compile(
    rf"^(?:不是|不在|不叫|把|将)?(?P<former>[^,，。是]{{1,20}}?){GAP}(?:而是|应该是|改成|改为|改到|换成|换为|，是|是){GAP}(?P<now>.+)$"
)
"""The former answer itself is named, and the one that is right."""
THIS_NOT = re.compile(
    rf"^(?:应该是|应该|是)?(?P<now>[^,，。是]{{1,20}}?){GAP}(?:而?不是|不在|不叫){GAP}(?P<former>[^,，。是]{{1,20}})$"
)
"""The same the other way round: 是5号不是3号."""
UNTIL, SURNAMED = "到", "姓"
STOPS = "。！!~ "
DAY = str.maketrans("号", "日")


def without_change(turn: Turn, text: str, code: str) -> str:
    """What follows "改", "不对" and the other words for the button of this code."""
    for word in sorted((word.rstrip(AND_MORE) for word in orders.words(turn, code)), key=len, reverse=True):
        if text.startswith(word):
            return BETWEEN.sub("", text[len(word) :])
    return text


def named(asked: Sequence[Question], words: Words, text: str) -> tuple[Question | None, str]:
    """The question that is named by its number, its label or what people call it, and the answer that follows."""
    if text.isdecimal() and 1 <= int(text) <= len(asked):
        return asked[int(text) - 1], ""
    said = _without(text, words.pointing)
    for name, question in sorted(names(asked, words), key=lambda pair: -len(pair[0])):
        if said.startswith(name):
            return question, _with_name(name, question, _behind(said[len(name) :], words), words)
    return None, text


def _with_name(name: str, question: Question, rest: str, words: Words) -> str:
    """The answer with as much of the name as belongs to it: 师傅姓张, 回来日期改成12号."""
    if rest and any(word in name for word in question.ends):
        return UNTIL + rest
    if rest and any(word in name for word in question.begins):
        return f"{rest}{question.begins[0]}"
    return name + rest if name in words.others and rest.startswith(SURNAMED) else rest


def of_form(form: Form, answers: dict[str, str], words: Words, text: str) -> Question | None:
    """The question of the form that the words name; never by its bare number."""
    return None if text.isdecimal() else named(rules.asked_of(form, answers), words, text)[0]


def is_wrong(words: Words, text: str) -> bool:
    """Whether the words say that something was not right."""
    return any(word in text for word in (*words.changing, *words.wrong))


def by_its_answer(turn: Turn, draft: Draft, text: str) -> tuple[Question | None, str]:
    """The question whose answer is named as wrong: 不是成都，是重庆; of a door only what differs is said."""
    said_of = _without(text, rules.words(turn.catalog).pointing).rstrip(STOPS)
    found = NOT_THAT.match(said_of) or THIS_NOT.match(said_of)
    if found is None:
        return None, text
    wrong = sorted(rules.words(turn.catalog).wrong, key=len, reverse=True)
    said, now = found["former"].strip(), found["now"].strip()
    former = next((said.removesuffix(word) for word in wrong if said.endswith(word)), said).rstrip(" ,，")
    today = drafts.local(turn).date()
    fitting: list[tuple[Question, str]] = []
    for question in rules.asked_of(draft.form, draft.answers):
        value = draft.answers.get(question.id, "")
        shown = showing.plainly(turn.catalog, question, value, today) if value else ""
        if not former:
            break
        if question.kind == "number" and value and _counts(turn, former) == int(value):
            fitting.append((question, now))
        elif end := _end_meant(question, shown, former.translate(DAY)):
            fitting.append((question, _with_name(end, question, now, rules.words(turn.catalog))))
        elif shown and _stands_in(shown, former.translate(DAY)) and question.kind not in ("number", "yesno", "photo"):
            whole = shown.replace(former, now) if question.kind == "household" else now
            fitting.append((question, whole))
    return fitting[0] if len(fitting) == 1 else (None, text)


def _stands_in(shown: str, former: str) -> bool:
    """Whether the former answer is what stands, or a part of it: 3日 of 12月3日, and not of 12月13日."""
    at = shown.find(former)
    return at >= 0 and not (former[0].isdecimal() and shown[:at][-1:].isdecimal())


def _end_meant(question: Question, shown: str, former: str) -> str:
    """The word for the end of a stay that is named by its day; nothing where either may be it."""
    first, until, last = shown.partition(UNTIL)
    if question.kind != "period" or not until or not (question.begins and question.ends):
        return ""
    ends = [words[0] for day, words in ((first, question.begins), (last, question.ends)) if _stands_in(day, former)]
    return ends[0] if len(ends) == 1 else ""


def _counts(turn: Turn, text: str) -> int | None:
    many = counting.heads(text, rules.words(turn.catalog))
    return counting.the_number(text) if many is None else many


def names(asked: Sequence[Question], words: Words) -> list[tuple[str, Question]]:
    """Every name of every question; what all of a kind are called only where it is the only one of it."""
    own = [(name, question) for question in asked for name in (question.label, *question.called, *question.columns)]
    alone = [one for one in asked if sum(one.kind == other.kind for other in asked) == 1]
    return [*own, *((name, one) for one in alone for name in words.kinds.get(one.kind, ()))]


def _behind(text: str, words: Words) -> str:
    """The right answer, without the words that the former one was wrong."""
    rest = BETWEEN.sub("", text)
    while wrong := next((word for word in words.wrong if rest.startswith(word)), ""):
        rest = BETWEEN.sub("", rest[len(wrong) :].lstrip("了的吧啊"))
    return rest.strip()


def _without(text: str, beginnings: Sequence[str]) -> str:
    text = text.lstrip(" ,，。:：")
    while begun := next((one for one in beginnings if text.startswith(one)), ""):
        text = text[len(begun) :]
    return text
