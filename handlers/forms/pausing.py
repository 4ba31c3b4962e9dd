"""What is wanted of 平安吗 besides: to be asked at all, on some days not, at another hour."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.catalog import Catalog
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Scene, Turn
from bot.understanding import phrases, when
from handlers.forms import asked_words, called, calling, drafts, known, lint, starting
from handlers.forms.calling_words import Asides, asides
from handlers.forms.filling import MENU, in_private
from handlers.forms.rules import Form
from storage import forms, timers
from storage.forms import KEPT, Filing
from storage.timers import Timer

router = Router()

PAUSE, ONE_HOUR = "safe_pause", "safe_hour"
LONGEST = timedelta(days=60)
"""A pause is no longer; whoever is away longer says so of the filing itself."""
A_DAY = timedelta(days=1)
OURS = ("form_answer ", "form_change ")
HOUR = re.compile(r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点|[:：])(?:半|一刻|三刻|\d{1,2}分?|钟|整)*")
SHORT = 30


@router.guard_where("alone")
def about_the_asking(turn: Turn) -> Handler | None:
    """Days without it and another hour, said by somebody who is asked; else nothing."""
    said, words = turn.utterance, asides(turn.catalog)
    if turn.account is None or turn.order is not None or turn.incoming.happening != "text":
        return None
    if said.command is not None or said.digit is not None or said.intent == "emergency" or len(said.text) > SHORT:
        return None
    if turn.asked is not None and turn.asked.takes not in ("", MENU):
        return None
    spares = any(word in said.text for word in words.spare) and not any(word in said.text for word in words.for_good)
    hour = not spares and _is_an_hour(words, said.text)
    if not spares and not hour:
        return None
    found = _kept(turn)
    if found is None or (spares and _span(turn) is None):
        return None
    turn.order = Order(PAUSE if spares else ONE_HOUR, (found[0].number,), said.text)
    return None


@router.at_start
def ready(catalog: Catalog) -> None:
    """The pattern of all hours."""
    words = asides(catalog)
    _is_an_hour(words, words.hours[0])


def _is_an_hour(words: Asides, text: str) -> bool:
    """Whether nothing but an hour, or the wish for another one, is said: 每天早上七点半嘛,我起得早."""
    rest = HOUR.sub(words.hours[0], text)
    return phrases.only(rest, words.hours, words.hour_beside)


def _kept(turn: Turn) -> tuple[Filing, Form] | None:
    """The speaker's filing by which somebody is asked after."""
    offered = lint.offered(turn.catalog)
    for row in forms.of_account(turn.session, turn.account.id, KEPT) if turn.account else []:
        form = offered.get(row.form)
        if form is not None and form.call is not None:
            return row, form
    return None


def _span(turn: Turn) -> tuple[datetime, datetime] | None:
    """From when on and until when, not included, nothing is asked; None where no days are named."""
    local = drafts.local(turn)
    named, lasts = when.find(turn.utterance.text, local), when.duration(turn.utterance.text)
    if (named is None or named.start is None) and lasts is None:
        return None
    first = _day(named.start) if named and named.start else local.date()
    last = _day(named.end) + A_DAY if named and named.end else first + max(lasts or A_DAY, A_DAY)
    if not local.date() <= first < last or last - local.date() > LONGEST:
        return None
    start, end = (datetime.combine(day, time(), tzinfo=turn.settings.zone) for day in (first, last))
    return start, end


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


@router.order(PAUSE)
@in_private
def pause(turn: Turn) -> list[Reply]:
    """Not on these days; on the next one after them as before."""
    row, form, call = called.own(turn)
    span = _span(turn)
    if span is None:
        return called.once_more(turn)
    start, end = span
    told = called.heard(turn, form, row)
    if start > turn.now:
        timers.arm(turn.session, calling.AWAY, row.id, start)
    timers.arm(turn.session, calling.BACK, row.id, end)
    calling.note(turn, "form_call_paused", row, account_id=row.account_id)
    values = {
        "first": start,
        "last": end - A_DAY,
        "next": calling.next_day(turn, call, row, end),
        "other": call.is_for_another(known.answers_of(row)),
    }
    return [Reply("forms/paused", values, about=row.number), *told]


@router.order(ONE_HOUR)
@in_private
def one_hour(turn: Turn) -> list[Reply]:
    """Everybody is asked at one hour; the days are what can be chosen."""
    row, _, call = called.own(turn)
    until = calling.hour_of(turn, call, turn.now) + timedelta(hours=call.waits)
    return [Reply("forms/one_hour", {"hour": call.hour, "until": until, "number": row.number}, about=row.number)]


@router.timer(calling.AWAY, calling.BACK)
def passed(_scene: Scene, _due: Sequence[Timer]) -> list[Reply]:
    """Where a pause begins or ends nothing is said."""
    return []


@router.guard
def wants_to_be_asked(turn: Turn) -> Handler | None:
    """我一个人住,能不能天天问我一声平安: the form begins, with what was said."""
    said, words = turn.utterance, asides(turn.catalog)
    if turn.order is not None or turn.incoming.happening != "text" or said.intent == "emergency" or turn.quoted:
        return None
    if said.command not in (None, "form") or (turn.asked is not None and turn.asked.takes not in ("", MENU)):
        return None
    if turn.in_group and not said.addressed:
        return None
    code = _wanted(turn, words)
    return (
        in_private(lambda turn: starting.begin(turn, code, turn.utterance.text[: starting.LONGEST])) if code else None
    )


def _wanted(turn: Turn, words: Asides) -> str | None:
    """The form of which the words speak, where they want it."""
    text = turn.utterance.text
    if any(word in text for word in (*words.spare, "撤")):
        return None
    plainly = any(word in text for word in words.wants) and any(word in text for word in words.alone)
    asks = text.endswith(starting.QUESTION) or text.startswith(asked_words.words(turn.catalog).looks)
    for code, form in lint.offered(turn.catalog).items():
        at = text.find(form.title)
        if form.call is None or (not plainly and (at <= 0 or asks)):
            continue
        if plainly or any(word in text for word in words.verbs):
            return code
    return None
