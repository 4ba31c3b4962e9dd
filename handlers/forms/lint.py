"""Which forms may be offered: one without purpose, owner or end, one that forces, one that asks again, may not."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from bot.catalog import Catalog
from bot.errors import CatalogError
from handlers.forms import rules
from handlers.forms.rules import Form, Question, Words
from handlers.people.faults import Fault

CODE = re.compile(r"[a-z][a-z_]{0,15}")
CHOICES = 4
"""No screen has more."""
WEEK = re.compile(r"[1-7]*")
DAY = 24
MORNING, EVENING = 8, 20
"""Hours between which a clock may ask."""
LONGEST_KEEPING = 1100
"""Days: nothing is kept for more than three years without being asked for again."""
DECLARED = ("purpose", "owner", "basis", "audience")
HELD_BY_KIND = {"phone": "phone", "household": "door"}
"""What is held already, by the kind of question that would ask for it again."""


@lru_cache(maxsize=4)
def faults(catalog: Catalog) -> tuple[tuple[str, str, str], ...]:
    """(form, question, what is wrong and what to do), of all forms."""
    says = rules.words(catalog).faults
    found: list[tuple[str, str, str]] = []
    for code in rules.written(catalog):
        try:
            form = rules.read(catalog, code)
        except CatalogError as fault:
            found.append((code, "", str(fault)))
            continue
        found += [
            (code, question, says[fault].format(value=value)) for question, fault, value in _of(code, form, catalog)
        ]
    return tuple(found)


def listed(catalog: Catalog) -> list[Fault]:
    """The same as lines of `xiaoge org check`."""
    says = rules.words(catalog).faults
    return [
        Fault(
            "fault",
            says["where"].format(form=form),
            0,
            says["question"].format(question=question) if question else "",
            "form",
            text,
        )
        for form, question, text in faults(catalog)
    ]


@lru_cache(maxsize=4)
def offered(catalog: Catalog) -> Mapping[str, Form]:
    """The forms that may be offered, by code, in the order in which they are."""
    refused = {form for form, _, _ in faults(catalog)}
    forms = {code: rules.read(catalog, code) for code in rules.written(catalog) if code not in refused}
    return dict(sorted(forms.items(), key=lambda one: (one[1].rank, one[0])))


def _of(code: str, form: Form, catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """(question, fault, value)."""
    words = rules.words(catalog)
    if not CODE.fullmatch(code):
        yield "", "code", code
    for declared in DECLARED:
        if not getattr(form, declared).strip():
            yield "", f"no_{declared}", form.title
    if not 0 < form.expiry.days <= LONGEST_KEEPING:
        yield "", "no_expiry", form.title
    if form.expiry.after and _kind(form, form.expiry.after) not in ("date", "period"):
        yield "", "no_such_date", form.expiry.after
    if not form.questions:
        yield "", "no_questions", form.title
    if form.call is not None:
        yield from _of_call(form, form.call, catalog)
    if not form.staff:
        yield "", "no_staff", form.title
    for role in (*form.staff, *form.tells):
        if role not in catalog.roles:
            yield "", "no_such_role", role
    yield from _of_questions(form, catalog, words)


def _of_questions(form: Form, catalog: Catalog, words: Words) -> Iterator[tuple[str, str, str]]:
    seen: set[str] = set()
    for question in form.questions:
        for fault, value in _of_question(form, question, catalog, words):
            yield question.id, fault, value
        if question.id in seen:
            yield question.id, "twice", question.id
        for before in (*question.only_if, *([question.after] if question.after else ())):
            if before not in seen:
                yield question.id, "not_before", before
        seen.add(question.id)


def _of_question(form: Form, question: Question, catalog: Catalog, words: Words) -> Iterator[tuple[str, str]]:
    if not CODE.fullmatch(question.id):
        yield "code", question.id
    if not form.emergency:
        if question.kind == "photo" and question.required:
            yield "forced_photo", question.label
        if forced := next((word for word in words.checking_in if word in question.ask + question.label), None):
            yield "checking_in", forced
    if not question.other:
        held = HELD_BY_KIND.get(question.kind)
        if held and question.known != held:
            yield "asks_again", question.label
        if question.kind == "text" and question.label in words.own_name and question.known != "name":
            yield "asks_again", question.label
    if question.kind == "choice" and not 2 <= len(question.options) <= CHOICES:
        yield "choices", question.label
    if question.kind != "choice" and question.options:
        yield "not_a_choice", question.label
    for option in question.options:
        if not CODE.fullmatch(option.code):
            yield "code", option.code
    bounds = (question.least, question.most, question.earliest, question.latest)
    if (question.after or any(bound is not None for bound in bounds)) and not question.says:
        yield "no_kind_words", question.label
    for role in question.readers:
        if role not in catalog.roles:
            yield "no_such_role", role
    if question.finds and not _searches(question.finds):
        yield "pattern", question.finds
    if question.fits and not _compiles(question.fits):
        yield "pattern", question.fits


def _of_call(form: Form, call: rules.Call, catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """A clock that asks must be one's own choice, by day, and lead to somebody."""
    often = form.by_id.get(call.often)
    if often is None or often.kind != "choice" or set(often.choices) != set(call.days):
        yield call.often, "call_often", call.often
    if wrong := next((days for days in call.days.values() if not WEEK.fullmatch(days)), None):
        yield call.often, "call_days", wrong
    if not form.emergency and all(call.days.values()):
        yield call.often, "call_forced", form.title
    if not MORNING <= call.hour < EVENING or not 1 <= call.waits <= DAY or call.climbs < 1:
        yield "", "call_hours", form.title
    if not call.rings or call.most < 1:
        yield "", "call_nobody", form.title
    for role in call.rings:
        if role not in catalog.roles or role not in form.staff:
            yield "", "call_role", role
    if call.who and (call.who not in form.by_id or not set(call.others) <= set(form.by_id[call.who].choices)):
        yield "", "call_who", call.who


def _kind(form: Form, id: str) -> str:
    found = form.by_id.get(id)
    return found.kind if found else ""


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _searches(finds: str) -> bool:
    try:
        return re.compile(finds).groups == 1
    except re.error:
        return False
