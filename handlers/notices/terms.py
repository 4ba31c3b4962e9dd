"""notices.toml: how notices are written, whom their words name, and what a week may bring."""

from collections.abc import Collection

import msgspec

from bot.catalog import Catalog
from storage.tags import Tagged

FILE = "notices.toml"


class Tag(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Some neighbours: by hand, or because they keep one of these forms filed."""

    code: str
    name: str
    words: tuple[str, ...]
    forms: tuple[str, ...] = ()
    sensitive: bool = False
    """A second person must agree before they are written to."""


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much a group may be disturbed."""

    weekly: int


class Listening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words that name each kind of listener."""

    residents_groups: tuple[str, ...]
    staff_groups: tuple[str, ...]
    staff: tuple[str, ...]
    residents: tuple[str, ...]


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words before each part of a notice, in one message or to change it."""

    who: tuple[str, ...]
    text: tuple[str, ...]
    summary: tuple[str, ...]
    topic: tuple[str, ...]
    begins: tuple[str, ...]
    until: tuple[str, ...]
    ack: tuple[str, ...]
    order: tuple[str, ...]
    attachment: tuple[str, ...]
    drill: tuple[str, ...]
    urgent: tuple[str, ...]
    repeat: tuple[str, ...]


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Short answers to what is asked while it is written."""

    yes: tuple[str, ...]
    no: tuple[str, ...]
    now: tuple[str, ...]
    ack: tuple[str, ...]
    """Clauses that ask for 收到, and those that say it is not needed."""
    no_ack: tuple[str, ...]


class Nearly(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes close to a confirmation and is none."""

    minutes: int
    """How long ago something was shown at most."""
    longest: int
    """More characters than this are no confirmation."""
    yes: tuple[str, ...]
    deeds: tuple[str, ...]
    asking: str
    """Characters that make a question of it."""


class Spoken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notice, or a census, asked for in a whole sentence."""

    polite: tuple[str, ...]
    """What may stand before it all."""
    to: tuple[str, ...]
    """Before whom it is for."""
    verbs: tuple[str, ...]
    many: tuple[str, ...]
    nouns: tuple[str, ...]
    """发 + 个 + 通知, each with each."""
    tells: tuple[str, ...]
    leads: tuple[str, ...]
    """Between the deed and the words."""
    begins: tuple[str, ...]
    """With what a text may begin right behind whom it is for; a day may always."""
    counts: tuple[str, ...]
    """The deed of a census."""


class Hindered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said without a number about a notice that was sent."""

    longest: int
    hours: int
    kinds: tuple[str, ...]
    stops: tuple[str, ...]
    """It is not to go on."""
    changes: tuple[str, ...]
    """What it told of has changed; only with words of its topic."""


class After(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How staff ask after what was sent."""

    longest: int
    hours: int
    kinds: tuple[str, ...]
    unheard: tuple[str, ...]
    """Somebody has not answered."""
    asks: tuple[str, ...]
    doors: tuple[str, ...]
    """With `unheard`: which households."""
    far: tuple[str, ...]
    again: tuple[str, ...]
    """It is to be said once more."""
    urge: tuple[str, ...]
    """With `unheard`: the same."""
    fillers: tuple[str, ...]
    """What may stand beside `again`."""
    nouns: tuple[str, ...]
    innocent: tuple[str, ...]
    """Things that one waits for which are no notice."""


class Wondering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question about what notices tell of."""

    longest: int
    group_minutes: int
    """How long a group is not told again."""
    topics: tuple[tuple[str, ...], ...]
    """The words for each thing."""
    ends: tuple[str, ...]
    silent: str
    """Characters after the end that say nothing."""
    asks: tuple[str, ...]
    happening: tuple[str, ...]
    """It may be so now: asked about where nothing was told of it."""
    ours: tuple[str, ...]
    """Together with those it is so."""
    fault: tuple[str, ...]
    """With one of them it is a report."""
    money: tuple[str, ...]
    """What a fraud wants."""
    told: tuple[str, ...]
    """It speaks of a notice."""


class Acknowledging(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What counts as 收到 when it is said to a notice that asks for it."""

    words: tuple[str, ...]
    asking: tuple[str, ...]
    """Behind which it is a question."""


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands on the button that releases a notice: it names the audience."""

    both: str
    groups: str
    people: str
    census: str


class DoorTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands on a printed list of doors."""

    title: str
    building: str
    unit: str
    foot: str
    nobody: str


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """notices.toml."""

    lasts_days: int
    summary_most: int
    topic_most: int
    text_most: int
    draft_hours: int
    second_until: str
    """The hour of the morning at which a yes that nobody gave is waited for no longer."""
    asked_at_once: int
    stuck_minutes: int
    owners_reminded_minutes: tuple[int, ...]
    """After so many minutes owners of customer groups who have not sent a notice are reminded; the platform allows three."""
    weakest: int
    verify_days: int
    same: int
    named: int
    drill_words: tuple[str, ...]
    urgent_words: tuple[str, ...]
    slips: tuple[str, ...]
    """What stands around the right word when somebody corrects a preview."""
    back: tuple[str, ...]
    """上一步: the question before is meant."""
    only: tuple[str, ...]
    """What stands before the right audience: 只发, 是发给."""
    wrong: tuple[str, ...]
    """Those of them that say that something was wrong."""
    sends: tuple[str, ...]
    """What stands behind a moment when it is the moment of leaving."""
    labels: Labels
    doors: DoorTexts
    budget: Budget
    listeners: Listening
    fields: Fields
    answers: Answers
    nearly: Nearly
    spoken: Spoken
    hindered: Hindered
    after: After
    heard: Acknowledging
    wondering: Wondering
    called: dict[str, tuple[str, ...]]
    """Posts as people call them, and the codes of roles.toml that are meant."""
    levels: dict[str, tuple[str, ...]]
    """What people call a level, and what the table of grids calls it."""
    tag: tuple[Tag, ...]

    def tags(self, codes: Collection[str]) -> list[Tag]:
        """Those of these codes."""
        return [tag for tag in self.tag if tag.code in codes]


def terms(catalog: Catalog) -> Terms:
    """notices.toml, read once."""
    return catalog.read(FILE, Terms)


def tagged(catalog: Catalog, codes: Collection[str]) -> Tagged:
    """Those whom these tags mean."""
    if not codes:
        return Tagged()
    found = terms(catalog).tags(codes)
    return Tagged(tuple(codes), tuple(form for tag in found for form in tag.forms))
