"""A filing in the making: the speaker's own row, changed answer by answer, with the question that comes next."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import msgspec

from bot.errors import UserMistake
from bot.turn import Turn
from bot.understanding import when
from bot.understanding.utterance import Place
from handlers.forms import gathering, lint, reading, rules, villages
from handlers.forms.known import Door, answers_of, prefill
from handlers.forms.known import door as door_of
from handlers.forms.reading import Heard, Said
from handlers.forms.rules import Form, Question
from handlers.matters import places
from storage import forms, grids, numbers, timers
from storage.forms import DRAFT, Filing

REMINDER = "form_draft"
"""The timer of a draft that nobody goes on with."""
UNTIL_WHEN_UNKNOWN = 30
"""Days that a filing is kept from the day somebody comes who does not know when they leave."""
EVENING = 20
"""No reminder rings after this hour or before eight."""
MYSELF = "我"
HOUSES = "号"
"""Without it no house of a village is named."""
PUT_RIGHT = re.compile(r"不对|[说写打记]错了?|哦不是?")
"""Between a door and the right one: 1栋101，不对，2栋501."""
ANEW = 2
"""So many other answers than before, beside the one that is asked for, are meant to take their places."""


@dataclass(slots=True)
class Draft:
    """A row with its form and its answers, read."""

    row: Filing
    form: Form
    answers: dict[str, str]
    known: frozenset[str]
    door: Door | None = None
    """Where the answers are from, once that is known."""
    again: str = ""
    """A question whose answer could no longer be after another one changed: it is asked again."""

    @property
    def number(self) -> int:
        """What people call it by."""
        return self.row.number

    @property
    def step(self) -> Question | None:
        """The question that comes next; None when all is answered."""
        asked = rules.asked_of(self.form, self.answers)
        return next((question for question in asked if not self._answered(question)), None)

    @property
    def has_moved(self) -> bool:
        """Whether its owner said that the household that stands is now at this door."""
        return any(one.kind == "household" and one.id in self.known for one in self.form.questions)

    def move(self) -> None:
        """Let the door stand as said: it is the same household."""
        self.known |= {one.id for one in self.form.questions if one.kind == "household" and one.id in self.answers}

    def put(self, question: Question, value: str, door: Door | None = None) -> None:
        """Let this be the answer; answers to questions that are asked no more go."""
        changes = self.answers.get(question.id, value) != value
        self.answers[question.id] = value
        self.known -= {question.id}
        for one in self.form.questions:
            if changes and question.id in one.known_if and one.id in self.known:
                del self.answers[one.id]  # it was that of somebody else
                self.known -= {one.id}
                self.door = None if one.kind == "household" else self.door
        self.door = door or self.door
        while gone := [one for one in self.form.questions if one.id in self.answers and not self._applies(one)]:
            self.answers = {of: kept for of, kept in self.answers.items() if of not in {one.id for one in gone}}
        for later in self.form.questions:
            if later.after == question.id and reading.too_early(later, self.answers):
                del self.answers[later.id]
                self.again = later.id

    def _answered(self, question: Question) -> bool:
        return question.id in self.answers and not reading.is_half(self.answers[question.id])

    def _applies(self, question: Question) -> bool:
        return rules.applies(question, self.answers)


def begin(
    turn: Turn, code: str, form: Form, answers: Mapping[str, str], door: Door | None, revises: Filing | None
) -> Draft:
    """A new draft with what is held already."""
    row = forms.add(
        turn.session,
        {
            "number": numbers.give(turn.session, "filing"),
            "form": code,
            "version": form.version,
            "account_id": turn.speaker().id,
            "grid_id": (door.grid_id if door else None) or (turn.grid.id if turn.grid else None),
            "building": "",
            "unit": "",
            "room": "",
            "state": DRAFT,
            "step": "",
            "answers": _json(answers),
            "known": " ".join(answers),
            "revises_id": revises.id if revises else None,
            "opened_at": turn.now,
            "touched_at": turn.now,
        },
    )
    return Draft(row, form, dict(answers), frozenset(answers), door)


def of_speaker(turn: Turn, number: int | None) -> Draft:
    """The speaker's draft with this number, to be changed; UserMistake when there is none."""
    row = forms.by_number(turn.session, number, to_change=True) if number else None
    if row is None or row.state != DRAFT or turn.account is None or row.account_id != turn.account.id:
        raise UserMistake("forms/gone")
    return opened(turn, row)


def opened(turn: Turn, row: Filing) -> Draft:
    """A draft's row, read; what its form asks no more is left out. UserMistake where the form is no longer there."""
    form = lint.offered(turn.catalog).get(row.form)
    if form is None:
        raise UserMistake("forms/no_longer")
    answers = {of: value for of, value in answers_of(row).items() if of in form.by_id}
    door = Door(row.grid_id, row.building, row.unit, row.room) if row.room else None
    return Draft(row, form, answers, frozenset(row.known.split()), door)


def save(turn: Turn, draft: Draft, step: str) -> None:
    """Keep what was answered so far; the question at `step` waits."""
    after = forms.change(turn.session, draft.row.id, DRAFT, {**values(draft), "step": step, "touched_at": turn.now})
    if after is None:
        raise UserMistake("forms/gone")
    draft.row = after
    hours = rules.words(turn.catalog).draft_reminder_hours
    timers.arm(turn.session, REMINDER, draft.row.id, turn.now + timedelta(hours=hours))


def values(draft: Draft) -> dict[str, object]:
    """What a row keeps of the draft."""
    door = draft.door or Door(draft.row.grid_id, "", "", "")
    return {
        "answers": _json(draft.answers),
        "known": " ".join(sorted(draft.known)),
        "version": draft.form.version,
        "grid_id": door.grid_id,
        "building": door.building,
        "unit": door.unit,
        "room": door.room,
    }


def said(turn: Turn, text: str) -> Said:
    """The text with its place, on the community's day; of a door that was put right at once the right one."""
    place = turn.utterance.place if text == turn.utterance.text else turn.read(text, True).place
    text = when.tight(text)
    if place.room and (rights := PUT_RIGHT.split(text)[1:]):
        place = next((one for right in reversed(rights) if (one := turn.read(right, True).place).room), place)
    return reading.said(text, place, local(turn), village_of(turn, text) if HOUSES in text else "")


def village_of(turn: Turn, text: str = "") -> str:
    """What the village or the group is called that the words name, or that the speaker is of; else nothing."""
    grid = villages.of_house(turn, text) or places.home_of(turn, text, Place(), turn.grid)
    rural = rules.words(turn.catalog).rural
    return next((one.name for one in grids.lineage(turn.session, grid) if one.level in rural), "") if grid else ""


def local(turn: Turn) -> datetime:
    """The community's own clock."""
    return turn.now.astimezone(turn.settings.zone)


@dataclass(slots=True)
class Filled:
    """What a line put in."""

    put: list[str] = field(default_factory=list[str])
    """The questions that have an answer now."""
    doubtful: dict[str, str] = field(default_factory=dict[str, str])
    """Questions that it answers with what cannot be, and why."""


def fill(turn: Turn, draft: Draft, text: str, but: str = "") -> Filled:
    """Put in everything that one line says, except the question `but`, whose answer it was.

    Beside an answer nothing that was said is changed, unless the line says that something was wrong, or says several
    things anew.
    """
    given, words = said(turn, text), rules.words(turn.catalog)
    gathered = gathering.gather(draft.form, given, words, draft.answers, draft.answers.get(but, "") if but else "")
    takes_back = text.startswith(tuple(word for word in words.taking_back if word != MYSELF))
    corrects = takes_back or any(word in text for word in words.correcting)
    anew = [of for of, value in gathered.found.items() if of != but and _differs(draft, of, value)]
    may_change = not but or corrects or len(anew) >= ANEW
    filled = Filled(doubtful={of: why for of, why in gathered.doubtful.items() if of != but})
    for of, value in gathered.found.items():
        question = draft.form.by_id[of]
        standing = draft.answers.get(of, "")
        settled = standing and question.kind in ("choice", "yesno") and not (corrects or MYSELF in text)
        named = question.kind == "choice" and reading.is_named(question, text)
        unbegun = but and question.after == but and but not in draft.answers
        same_phone = but and question.kind == "phone" and value == draft.answers.get(but)
        if (
            of == but
            or unbegun
            or same_phone
            or standing == value
            or (settled and not named)
            or (standing and of not in draft.known and not (may_change or named))
        ):
            continue
        door = _door(turn, given, words) if question.kind == "household" else None
        if question.kind != "household" or door:
            draft.put(question, value, door)
            filled.put.append(of)
    return filled


def _differs(draft: Draft, of: str, value: str) -> bool:
    """Whether the speaker gave another answer before; a choice or a yes is too easily read into a line."""
    standing = draft.answers.get(of, "") if of not in draft.known else ""
    return bool(standing) and standing != value and draft.form.by_id[of].kind not in ("choice", "yesno")


def take(turn: Turn, draft: Draft, question: Question, text: str) -> str:
    """Put in the answer to this very question; what is wrong with it where it cannot be taken."""
    words = rules.words(turn.catalog)
    given = said(turn, text)
    if question.kind == "photo" and turn.incoming.happening == "photo":
        heard = Heard(turn.incoming.text)
    else:
        heard = reading.answer(question, given, words, draft.answers)
    if heard.trouble and reading.is_half(heard.value):
        draft.put(question, heard.value)
    trouble = heard.trouble or reading.trouble(question, heard.value, draft.answers, given.today.date())
    door = _door(turn, given, words, bare=True) if question.kind == "household" and not trouble else None
    if trouble or (question.kind == "household" and door is None):
        return trouble or "which_estate"
    draft.put(question, heard.value, door)
    return ""


def understood(turn: Turn, draft: Draft, question: Question | None, text: str) -> bool:
    """Whether the text answers this question, or any other of the form that waits."""
    given, words = said(turn, text), rules.words(turn.catalog)
    if question and not reading.answer(question, given, words, draft.answers).trouble:
        return True
    found = gathering.gather(draft.form, given, words, draft.answers).found
    return any(draft.answers.get(of) != value for of, value in found.items())


def fill_held(turn: Turn, draft: Draft) -> int:
    """Put in what has become known since: the door of a code that was scanned in between."""
    lives = door_of(turn)
    held = prefill(turn, draft.form, lives)
    fresh = [one for one in draft.form.questions if one.id in held and not draft.answers.get(one.id)]
    fresh = [one for one in fresh if one.kind == "household" and one.id not in draft.answers]
    fresh = [one for one in fresh if rules.is_ones_own(one, draft.answers)]
    if not fresh:
        return 0
    for question in fresh:
        draft.put(question, held[question.id], lives)
        draft.known |= {question.id}
    return len(fresh)


def door_named(turn: Turn, text: str) -> Door | None:
    """The door that the words name, where it can be told in which estate it is."""
    return _door(turn, said(turn, text), rules.words(turn.catalog)) if text else None


def kept_until(turn: Turn, draft: Draft) -> datetime:
    """The moment at which the answers are erased: the end of the last day."""
    expiry, answers = draft.form.expiry, draft.answers
    named = answers.get(expiry.after, "").replace(reading.FOR_GOOD, "")
    after = draft.form.by_id.get(expiry.after)
    begun = answers.get(after.after, "") if after else ""
    first = reading.day_of(named or begun, last=True) if named or begun else local(turn).date()
    days = expiry.days if named or not expiry.after else max(expiry.days, UNTIL_WHEN_UNKNOWN)
    last = max(first, local(turn).date()) + timedelta(days=days)
    return datetime.combine(last, time(hour=EVENING), tzinfo=turn.settings.zone)


def _door(turn: Turn, given: Said, words: rules.Words, *, bare: bool = False) -> Door | None:
    """The door that was named, in its grid; None when nobody can tell which estate it is in."""
    house = None if given.place.building else villages.of_house(turn, given.text)
    grid = house or places.home_of(turn, given.text, given.place, turn.grid)
    found = reading.address(given, words, bare=bare)
    return Door(grid.id, *found) if grid and found else None


def _json(answers: Mapping[str, str]) -> str:
    return msgspec.json.encode(answers).decode()
