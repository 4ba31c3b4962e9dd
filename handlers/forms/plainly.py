"""Whether a text is an answer to a question and nothing besides: said when the question was not the last thing on the table."""

import re
from functools import lru_cache

from bot.understanding import phrases, when
from handlers.forms import deeds, phones, reading
from handlers.forms.reading import Said
from handlers.forms.rules import Question, Words

LONGEST = 24
COUNTED = re.compile(r"(?:[\d一二两三四五六七八九十]{1,3}|俩|仨)\s?(?:个人|口人|[个口位名条只人])?|[大小和跟与带加、]")
LASTS = re.compile(r"(?:[住耍待呆玩])?(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})(?:个多?月|个?星期|个?礼拜|周|天|年)")
PLACE = re.compile(r"[\d一二三四五六七八九十]|[栋幢座楼单元号室房户层]")
STOPS = " ,，。.!！~～、"


def answers(question: Question, given: Said, words: Words) -> bool:
    """Whether the whole of the text is a number, a day, a choice, a yes or no, a door or a phone for this question."""
    text = given.text.strip(STOPS)
    if not text or len(text) > LONGEST:
        return False
    if question.kind == "number":
        return _is_count(question, text, words)
    if question.kind in ("date", "period"):
        return _is_day(question, given, words)
    if question.kind == "choice":
        return reading.is_named(question, text) or _is_one_of(question, text)
    if question.kind == "yesno":
        said = phrases.only(text, (*question.yes, *question.no, *words.plainly))
        return said or deeds.said(question, text) in (deeds.YES, deeds.NEITHER)
    if question.kind == "household":
        return bool(given.place.room) and not _rest(PLACE.sub("", text), words, given.village)
    return question.kind == "phone" and not _rest(phones.MOBILE.sub("", text), words)


def _is_count(question: Question, text: str, words: Words) -> bool:
    if question.heads:
        text = _any((*words.couples, *words.persons)).sub("", text)
    return not _rest(COUNTED.sub("", text), words)


def _is_day(question: Question, given: Said, words: Words) -> bool:
    """The day with what is done on it: 12月8号走嘛."""
    if phrases.only(given.text, question.for_good):
        return True
    found = when.find(given.dated, given.today)
    text = given.dated.replace(found.words, "") if found else given.dated
    named = text != given.dated
    rest = LASTS.sub("", text) if question.after or question.kind == "period" else text
    return (named or rest != text) and not _rest(rest, words, *question.near, *question.begins, *question.ends)


def _is_one_of(question: Question, text: str) -> bool:
    return any(phrases.only(text, (option.label, *option.words, *option.asked)) for option in question.options)


def _rest(text: str, words: Words, *beside: str) -> str:
    """What is left without the words that may stand beside an answer and say nothing."""
    return _any((*words.beside_answers, *beside, *STOPS)).sub("", text)


@lru_cache(maxsize=64)
def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word))
