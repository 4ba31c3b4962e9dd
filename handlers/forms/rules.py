"""The rules of a form as data: its questions, its purpose, who may read which answer, how long it is kept."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import msgspec

from bot.catalog import Catalog

Kind = Literal["text", "number", "choice", "date", "period", "phone", "id", "household", "yesno", "photo"]
Held = Literal["name", "phone", "door", "last", ""]
SENSITIVE = ("phone", "id")
"""Kinds whose answers only some posts may read, whatever the form says."""


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One choice."""

    code: str
    label: str
    words: tuple[str, ...] = ()
    """What else people say for it."""
    asked: tuple[str, ...] = ()
    """What says it only where just this is asked."""
    never: tuple[str, ...] = ()
    """With one of these its words mean something else: 房东姓王 is no 我是房东."""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question of a form."""

    id: str
    label: str
    """How the answer is called when it is read back."""
    ask: str
    kind: Kind
    hint: str = ""
    """An example."""
    required: bool = True
    known: Held = ""
    """Where the answer is held already; `last` is the speaker's former filing of this form."""
    other: bool = False
    """It is about somebody else, of whom nothing is held."""
    options: tuple[Option, ...] = ()
    weekdays: bool = False
    """Of a choice: days of the week are an answer too, kept as digits: 每周一三五 is 135."""
    known_if: dict[str, tuple[str, ...]] = {}
    """What is held already is its answer only where these questions have one of these answers."""
    only_if: dict[str, tuple[str, ...]] = {}
    """Asked only where these questions have one of these answers."""
    near: tuple[str, ...] = ()
    """Words beside which, in one line, a date, a choice or somebody else's phone is this question's."""
    finds: str = ""
    """A pattern whose first group is the answer, in one line."""
    fits: str = ""
    """A pattern that a text must match to be an answer."""
    heads: bool = False
    """It counts people: 大人两个娃儿一个 is 3."""
    lists: bool = False
    """Of a text: there may be several, and 还有 adds one."""
    tally: bool = False
    """Of a number: it counts what another question lists; 一条泰迪一条金毛 is 2."""
    somebody: bool = False
    """Of a text: whom one names; what was talked over with them is no answer."""
    skips: tuple[str, ...] = ()
    """What else says that there is none: 没办证."""
    faults: bool = False
    """The answer may name something broken: it is no report unless it names a public place."""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    """Words that say yes or no to this question, in one line."""
    does: str = ""
    """A pattern of one of several deeds that are asked about together: done, it is a yes whatever else is not."""
    least: int | None = None
    most: int | None = None
    """Of a number, or the letters of a text."""
    earliest: int | None = None
    latest: int | None = None
    """Days from today, of a date."""
    for_good: tuple[str, ...] = ()
    """Words that say of a last day that there is none."""
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    from_today: bool = False
    """Whoever names only the last day has begun already: 后天回来."""
    """Words beside which a single date is a period's first or last day, and the other day stands."""
    past: bool = False
    """Of a date: it is asked about the past, and the nearest one before is meant; a month alone is its first day."""
    after: str = ""
    """The date question before which this date cannot be."""
    says: str = ""
    """What is said kindly when the answer cannot be."""
    sensitive: bool = False
    readers: tuple[str, ...] = ()
    """Roles that may read the answer; nobody named: whoever may read what is sensitive, or all, as the case may be."""
    columns: tuple[str, ...] = ()
    """What superiors' sheets call it."""
    called: tuple[str, ...] = ()
    """What else people call it who want it changed."""

    @property
    def guarded(self) -> bool:
        """Whether not everybody who sees the filing may read this answer."""
        return self.sensitive or self.kind in SENSITIVE or bool(self.readers)

    @property
    def choices(self) -> Mapping[str, Option]:
        """By code."""
        return {option.code: option for option in self.options}


class Expiry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a filing is kept: so many days from its keeping, or from the day that a question names."""

    days: int = 0
    after: str = ""
    remind: int = 0
    """Days before the end at which its owner is asked whether it still holds; 0: only told at the end."""
    hour: int = 9
    """When on that day."""
    asks: str = ""
    """What is asked then instead, where it is over by itself: 回来了吗？"""


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By whose own wish a clock asks whether all is well: on which days, and who hears where nobody answers."""

    often: str
    """The choice that says on which days."""
    days: dict[str, str]
    """By option: days of the week as digits, Monday first; one of them has none, so that nobody is forced."""
    hour: int
    """By the community's clock."""
    waits: int
    """Hours for an answer; then the nearest of `rings` is told."""
    climbs: int
    """Hours until the next of them is told, while nobody has looked."""
    most: int
    """How many of them are told."""
    rings: tuple[str, ...]
    who: str = ""
    others: tuple[str, ...] = ()
    """With one of these answers to `who` it was filed for somebody else: who filed it is asked how they are."""

    def is_for_another(self, answers: Mapping[str, str]) -> bool:
        """Whether it was filed for somebody else."""
        return bool(self.who) and answers.get(self.who) in self.others

    def days_in(self, answers: Mapping[str, str]) -> str:
        """The days that were chosen, as digits."""
        chosen = answers.get(self.often, "")
        return chosen if chosen.isdecimal() else self.days.get(chosen, "")


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form. What is missing here is named by lint, and the form is not offered."""

    title: str
    called: tuple[str, ...] = ()
    """Other titles of it, as printed or said."""
    questions: tuple[Question, ...] = msgspec.field(name="question", default=())
    purpose: str = ""
    owner: str = ""
    basis: str = ""
    """The lawful basis."""
    audience: str = ""
    expiry: Expiry = Expiry()
    call: Call | None = None
    version: int = 1
    words: tuple[str, ...] = ()
    """Words by which people mean this form."""
    own: tuple[str, ...] = ()
    """Faults elsewhere, but here part of what is filed: no report where no place is named beside."""
    staff: tuple[str, ...] = ()
    """Roles that may look at it, in their own subtree."""
    tells: tuple[str, ...] = ()
    """Roles of which the nearest is told that there is a new one."""
    once: bool = False
    """One per account at a time: a second one changes the first."""
    household: bool = False
    """Answers of one door are shown side by side."""
    emergency: bool = False
    """For emergencies only: then a photo may be required."""
    rank: int = 100
    """The smaller, the earlier in the list."""

    @property
    def titles(self) -> tuple[str, ...]:
        """Every title it goes by: said alone, one opens it."""
        return (self.title, *self.called)

    @property
    def by_id(self) -> Mapping[str, Question]:
        """The questions by id."""
        return {question.id: question for question in self.questions}


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """catalog/forms.toml: words that steer a form, and how answers are read back."""

    back: tuple[str, ...]
    later: tuple[str, ...]
    cancel: tuple[str, ...]
    cancel_surely: tuple[str, ...]
    """The same with its reason, or with what is to become of it: nothing need be asked."""
    skip: tuple[str, ...]
    not_known: tuple[str, ...]
    """Not known yet; no answer to anything."""
    not_known_beside: tuple[str, ...]
    """What may stand beside that, and names what it is of."""
    as_it_was: tuple[str, ...]
    """In the list of what may be changed: nothing after all."""
    why: tuple[str, ...]
    """Who asks what it is for, or who will see it."""
    how: tuple[str, ...]
    how_beside: tuple[str, ...]
    """Who asks how a question is meant; and what may stand beside that."""
    plainly: tuple[str, ...]
    """Yes or no also where something else was said in between; 好的 is none of them."""
    beside_answers: tuple[str, ...]
    """What may stand beside an answer and says nothing."""
    going_on: tuple[str, ...]
    """In the middle of a form: go on with it."""
    taking_back: tuple[str, ...]
    """What somebody begins with who said something wrong before."""
    refusing: tuple[str, ...]
    """What somebody says who does not want to give an answer away."""
    leaving_out: tuple[str, ...]
    """What says of an answer that is named that it shall not stand there."""
    often_asked: tuple[str, ...]
    """What people have to give elsewhere, and are afraid to have to give here."""
    about_oneself: tuple[str, ...]
    """What may stand around such words and names nothing."""
    no_longer_agreeing: tuple[str, ...]
    """A no to being written down at all, at any question."""
    disagreeing: tuple[str, ...]
    """A no to what is read back."""
    not_any_more: tuple[str, ...]
    """Asked whether to take a kept form back: yes, it is no longer true."""
    of_me: tuple[str, ...]
    files: tuple[str, ...]
    """How somebody begins, and what is said, who asks among neighbours for a form."""
    to_all: tuple[str, ...]
    """With one of these among neighbours it is said to everybody, and fills nothing."""
    taking_away: tuple[str, ...]
    """What says of a kept form that it shall not be kept any more."""
    meant: tuple[str, ...]
    not_meant: tuple[str, ...]
    """Asked whether a form is meant: yes, and no."""
    let_it_stand: tuple[str, ...]
    """The same words taken back: 别撤."""
    unwell: tuple[str, ...]
    """Said of one's health in the middle of a form: no answer."""
    well: tuple[str, ...]
    """The same words taken back, or of long ago."""
    besides: tuple[str, ...]
    """What begins something else in the same breath."""
    another: tuple[str, ...]
    """How somebody in the middle of one form begins another."""
    calls: tuple[str, ...]
    """What may stand right before a form's title when somebody asks for it."""
    talks: tuple[str, ...]
    """With one of these behind it a title is only talked about."""
    asks: tuple[str, ...]
    """With one of these a form is asked about, not filled."""
    lists: tuple[str, ...]
    """What staff say behind a form's name for the list of it."""
    adding: tuple[str, ...]
    """What stands before one more of several."""
    talking: tuple[str, ...]
    """What was talked over with somebody, and names nobody."""
    correcting: tuple[str, ...]
    """With one of these a sentence may change what was answered before."""
    changing: tuple[str, ...]
    """What stands between an answer's name and its new value."""
    wrong: tuple[str, ...]
    """What says of an answer that it is not right."""
    pointing: tuple[str, ...]
    """What stands before an answer's name: 我的."""
    weekdays: dict[str, str]
    """What else people say for days of the week: 隔天."""
    kinds: dict[str, tuple[str, ...]]
    """What people call every question of a kind."""
    yes: tuple[str, ...]
    no: tuple[str, ...]
    unsure: tuple[str, ...]
    """Neither yes nor no."""
    no_text: tuple[str, ...]
    """Words that answer no question for a text."""
    others: tuple[str, ...]
    """Whoever is named so beside a phone is not the speaker."""
    persons: tuple[str, ...]
    """Whom people count one by one."""
    couples: tuple[str, ...]
    stalls: tuple[str, ...]
    """What somebody who works on a market calls a place there."""
    rural: tuple[str, ...]
    """Levels of grids where there are houses and no buildings."""
    leads: tuple[str, ...]
    """With one of these behind it a place is a grid's name, and the place itself is what neighbours call it."""
    before_place: tuple[str, ...]
    """What stands before an address and is no part of it."""
    checking_in: tuple[str, ...]
    """What a form may not ask for outside of emergencies."""
    own_name: tuple[str, ...]
    """How a question for the speaker's own name begins."""
    shown: dict[str, str]
    """How each kind of answer is read back."""
    faults: dict[str, str]
    """What lint says."""
    sheet_faults: dict[str, str]
    """What is said when a superior's sheet cannot be filled."""
    sheet: dict[str, tuple[str, ...]]
    """What superiors' sheets call what every filing has."""
    cancel_hours: int
    """How long after keeping it 取消 is still understood."""
    draft_reminder_hours: int
    draft_days: int


def words(catalog: Catalog) -> Words:
    """The words that steer a form."""
    return catalog.read("forms.toml", Words)


def written(catalog: Catalog) -> list[str]:
    """The code of every form of templates/forms, faulty ones too."""
    return sorted(path.stem for path in (catalog.folder.parent / "forms").glob("*.toml"))


def read(catalog: Catalog, code: str) -> Form:
    """The form of this code; CatalogError names what cannot be read in it."""
    return catalog.read(f"../forms/{code}.toml", Form)


def applies(question: Question, answers: Mapping[str, str]) -> bool:
    """Whether the question is asked, after what was answered so far."""
    return all(answers.get(of) in wanted for of, wanted in question.only_if.items())


def is_ones_own(question: Question, answers: Mapping[str, str]) -> bool:
    """Whether what is held of the speaker answers it: it is asked about the speaker."""
    return all(answers.get(of) in wanted for of, wanted in question.known_if.items())


def asked_of(form: Form, answers: Mapping[str, str]) -> list[Question]:
    """The questions that are asked, in their order."""
    return [question for question in form.questions if applies(question, answers)]


@lru_cache(maxsize=256)
def pattern(finds: str) -> re.Pattern[str]:
    """A question's pattern, ready to search with."""
    return re.compile(finds)
