"""What a community may edit under templates/catalog, read once and checked word for word."""

from functools import cache, cached_property
from pathlib import Path
from typing import Protocol, TypeVar, cast

import msgspec

from bot.errors import CatalogError

T = TypeVar("T")


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of a catalog file: an unknown field is a typing mistake, and said so."""


class Limits(_Row, frozen=True):
    """Three clocks of a matter, each "<number> <unit>" with the unit 紧急工作分, 紧急工作时, 工作时 or 工作日."""

    accept: str
    arrive: str
    finish: str


class Category(_Row, frozen=True):
    """A kind of matter as the digital city management standard files it: one row of categories.toml."""

    code: str
    name: str
    words: tuple[str, ...]
    """The things it is about; one that ends in "*3" weighs three times."""
    standard: str
    """立案标准: when it counts as a matter."""
    closing: str
    """结案标准: when it counts as done."""
    lead: str
    """主办: the kind of unit that owns it when the grid cannot solve it."""
    normal: Limits
    urgent: Limits
    co: tuple[str, ...] = ()
    """协办."""
    troubles: tuple[str, ...] = ()
    """Words that name the thing and its fault at once: "电梯..停" allows up to eight characters in between."""


class EmergencyKind(_Row, frozen=True):
    """A danger to life: its words, and what to do before anybody comes."""

    code: str
    category: str
    words: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    """Sequences with words in between: parts joined by "..", at most eight characters apart; "|" parts choices."""
    advice: str = ""
    """The file name below says/emergency that tells what to do first."""


class Emergencies(_Row, frozen=True, cache_hash=True):
    """danger/kinds.toml: what rings."""

    kind: tuple[EmergencyKind, ...]
    urging: tuple[str, ...] = ()
    """Cries for help: with one of them no context counts."""
    earnest: tuple[str, ...] = ()
    """With one of them a danger is no drill's and no film's, whatever else is said."""
    doubts: tuple[str, ...] = ()
    """It only asks, where it ends so or asks 是不是."""
    around: tuple[str, ...] = ()
    """What is said around a bare cry: with nothing else beside the danger's words somebody is calling."""
    estates: tuple[str, ...] = ()
    """How the name of a place ends that may stand in front of it: 锦绣花园."""
    bare_unless: tuple[str, ...] = ()
    """Kinds of which the bare words may be a joke."""
    lost: tuple[str, ...] = ()
    """Said of a person they are no joke, bare as they are: 走丢."""
    lost_beside: tuple[str, ...] = ()
    """What is said around them as well: 怎么办."""


class Harmless(_Row, frozen=True):
    """danger/harmless.toml: what only sounds like a danger."""

    innocent: tuple[str, ...]
    """Words that contain an emergency word and are none: 火锅, 笑死."""
    context: tuple[str, ...]
    """Words that make the whole line harmless: films, drills, last year."""
    deny: tuple[str, ...]
    """Right before an emergency word they take it back."""
    planned: tuple[str, ...]
    """Who speaks of works in a home: with one of these a danger that no word names is none."""
    agreed: tuple[str, ...]
    """Somebody said yes: a clause of these is no danger by its likeness to one alone (喊了没答应)."""
    agreed_otherwise: tuple[str, ...]
    """With these it was no yes, or the last sign of life."""
    uncalled: tuple[str, ...]
    """Whoever is called and does not want to be: these alone are no danger by their likeness to one (别找我)."""
    uncalled_beside: tuple[str, ...]
    """What may stand with them."""
    unwell: tuple[str, ...]
    """Whoever says no more than this is ill and in no danger ..."""
    unwell_beside: tuple[str, ...]
    """... also with these beside it."""


class Fears(_Row, frozen=True, cache_hash=True):
    """danger/feared.toml: a danger that is only feared, or long past."""

    feared: tuple[str, ...]
    """From here on a clause tells of what somebody is afraid of."""
    supposed: tuple[str, ...]
    """From here on a clause tells of what may come."""
    not_feared: tuple[str, ...]
    """Words that contain one of `feared` and fear nothing: 可怕, 怕是."""
    wanted: tuple[str, ...]
    """Who wants something against it only fears it."""
    bygone: tuple[str, ...]
    """A clause that begins so tells of what once was."""
    present: tuple[str, ...]
    """It is happening: with one of them nothing is only feared."""
    always: tuple[str, ...]
    """Kinds that ring even where they are only feared: whoever fears for a life, or somebody's hand, needs help now."""


class Weary(_Row, frozen=True):
    """danger/despair.toml: said of oneself, in private, by whoever does not want to live any more."""

    words: tuple[str, ...]
    """ ".." leaves up to four characters."""
    jests: tuple[str, ...]
    """With one of these it is only a way to grumble."""


class BodilyWords(_Row, frozen=True, cache_hash=True):
    """danger/body.toml: a body that is hurt or out of breath, in plain words and in dialect."""

    parts: tuple[str, ...]
    head: tuple[str, ...]
    not_parts: tuple[str, ...]
    by: tuple[str, ...]
    by_force: tuple[str, ...]
    softly: tuple[str, ...]
    people: tuple[str, ...]
    oneself: tuple[str, ...]
    things: tuple[str, ...]
    thing_ends: tuple[str, ...]
    no_thing: tuple[str, ...]
    no_thing_of: tuple[str, ...]
    breathless: tuple[str, ...]
    air: tuple[str, ...]
    exertion: tuple[str, ...]
    grave: tuple[str, ...]
    uncalled: tuple[str, ...]
    overdone: tuple[str, ...]
    senseless: tuple[str, ...]
    not_awake: tuple[str, ...]
    dying: tuple[str, ...]
    faint: tuple[str, ...]
    faint_after: tuple[str, ...]
    better: tuple[str, ...]
    aching: tuple[str, ...]
    aching_so: tuple[str, ...]
    heart: tuple[str, ...]
    heart_so: tuple[str, ...]
    bleeding: tuple[str, ...]
    not_bleeding: tuple[str, ...]
    struck: tuple[str, ...]
    strikes: tuple[str, ...]
    comes: tuple[str, ...]
    fell_from: tuple[str, ...]
    fell: tuple[str, ...]
    stays_down: tuple[str, ...]
    pins: tuple[str, ...]
    not_out: tuple[str, ...]
    scalds: tuple[str, ...]
    skin: tuple[str, ...]
    inside: tuple[str, ...]
    over: tuple[str, ...]


class FallingWords(_Row, frozen=True, cache_hash=True):
    """danger/falling.toml: what comes down, and on whom."""

    big: tuple[str, ...]
    things: tuple[str, ...]
    falls: tuple[str, ...]
    softly: tuple[str, ...]
    by: tuple[str, ...]
    denies: tuple[str, ...]
    old: tuple[str, ...]
    hits: tuple[str, ...]
    goods: tuple[str, ...]
    under: tuple[str, ...]
    nobody: tuple[str, ...]


class UnseenWords(_Row, frozen=True):
    """danger/unseen.toml: an old neighbour whom nobody has seen."""

    who: tuple[str, ...]
    alone: tuple[str, ...]
    own: tuple[str, ...]
    unseen: tuple[str, ...]
    indoors: tuple[str, ...]
    days: tuple[str, ...]
    smells: tuple[str, ...]
    smells_otherwise: tuple[str, ...]
    silent: tuple[str, ...]
    piled: tuple[str, ...]
    """ ".." leaves up to eight characters."""
    worried: tuple[str, ...]
    corpse: tuple[str, ...]
    homes: tuple[str, ...]
    calm: tuple[str, ...]


class Command(_Row, frozen=True):
    """A word that is an order to the bot: one row of commands.toml."""

    code: str
    """What the program calls it."""
    words: tuple[str, ...]
    """The command itself first, then its variants."""
    fuzzy: bool = True
    """False where it reaches other people: only the exact word counts."""
    exact: bool = False
    """Nothing may soften it either: with 吧, 吗 or a question mark behind its number it is no order."""
    argument: str = "optional"
    """none, optional or required: whether something follows the word."""
    joined: tuple[str, ...] = ()
    """Those of its words after which the rest may follow without a blank, even in a group."""
    everyday: tuple[str, ...] = ()
    """Those of its words that neighbours say to each other too: alone in a group they are only likely."""
    never: tuple[str, ...] = ()
    """Beginnings that look like the command and are none."""


class Places(_Row, frozen=True):
    """places.toml: the words by which people name a spot."""

    spot: tuple[str, ...]
    building_suffix: tuple[str, ...]
    unit_suffix: tuple[str, ...]
    estate: tuple[str, ...]
    """What the name of an estate, a village or a street has in it."""


class Words(_Row, frozen=True):
    """words.toml: the signs by which a report differs from chatter."""

    trouble: tuple[str, ...]
    """Something is broken, missing, blocked, dirty, loud ..."""
    request: tuple[str, ...]
    """Somebody should come, repair, look."""
    chatter: tuple[str, ...]
    """Thanks, jokes, adverts, chain lists, forwarded news."""
    past: tuple[str, ...]
    """Already solved, long ago, hypothetical."""
    deny: tuple[str, ...]
    """Negations: 没停电, 不是漏水 ..."""
    lasting: tuple[str, ...]
    """For days, again, every night."""
    hurt: tuple[str, ...]
    """Whom it troubles: 居民, 楼上, 我家."""
    urgent: tuple[str, ...]
    """Faults that cannot wait."""
    person: tuple[str, ...]
    """Titles by which people name somebody: 奶奶, 师傅."""
    wish: tuple[str, ...]
    form: tuple[str, ...]
    volunteer: tuple[str, ...]
    verify: tuple[str, ...]
    progress: tuple[str, ...]
    withdraw: tuple[str, ...]
    ask: tuple[str, ...]


class _Talk(_Row, frozen=True):
    group: dict[str, tuple[str, ...]]


class ClosingWords(_Row, frozen=True):
    """closing.toml."""

    words: tuple[str, ...]
    """Courtesies that end what was said, and say nothing themselves."""
    thanked_for: tuple[str, ...]
    """What stands before them where that is what the thanks are for."""


class Thresholds(_Row, frozen=True):
    """How sure the bot must be: at or above `act` it acts, from `ask` on it asks once, below it stays silent."""

    act: float
    ask: float


class Role(_Row, frozen=True):
    """岗位: one row of roles.toml."""

    code: str
    name: str
    deeds: tuple[str, ...]
    """What it may do in its grid and below: see, handle, dispatch, approve, supervise, bind."""


class _Roles(_Row, frozen=True):
    role: tuple[Role, ...]


class Weights(_Row, frozen=True):
    """What each sign of a report adds to the certainty, on a logistic scale."""

    bias: float
    trouble: float
    thing: float
    place: float
    request: float
    lasting: float
    hurt: float
    chatter: float
    past: float
    question: float
    private: float


class _Categories(_Row, frozen=True):
    category: tuple[Category, ...]


class _Commands(_Row, frozen=True):
    names: tuple[str, ...]
    command: tuple[Command, ...]


class _Thresholds(_Row, frozen=True):
    group: Thresholds
    private: Thresholds
    report: Weights


class _Read(Protocol):
    """Asked some thirty times a message."""

    def __call__(self, name: str, shape: type[T]) -> T: ...


class Catalog:
    """All of templates/catalog; each file is read when it is first asked for and then kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read = cast("_Read", cache(self._read))
        """The file `name` as a value of `shape`, read once; CatalogError names file, place and fault."""

    def _read(self, name: str, shape: type[T]) -> T:
        path = self.folder / name
        try:
            return msgspec.toml.decode(path.read_bytes(), type=shape)
        except FileNotFoundError:
            raise CatalogError(f"{path}: the file is missing; copy it from a fresh checkout.") from None
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            raise CatalogError(f"{path}: {fault}") from fault

    @cached_property
    def categories(self) -> dict[str, Category]:
        """By code, in the order of the file."""
        return {category.code: category for category in self.read("categories.toml", _Categories).category}

    @cached_property
    def emergencies(self) -> Emergencies:
        """The dangers and their words."""
        return self.read("danger/kinds.toml", Emergencies)

    @cached_property
    def harmless(self) -> Harmless:
        """What only sounds like one of them."""
        return self.read("danger/harmless.toml", Harmless)

    @cached_property
    def fears(self) -> Fears:
        """How people speak of a danger that has not come."""
        return self.read("danger/feared.toml", Fears)

    @cached_property
    def weary(self) -> Weary:
        """How somebody says quietly that they do not want to live any more."""
        return self.read("danger/despair.toml", Weary)

    @cached_property
    def bodily(self) -> BodilyWords:
        """Words of bodily harm."""
        return self.read("danger/body.toml", BodilyWords)

    @cached_property
    def falling(self) -> FallingWords:
        """What comes down, and on whom."""
        return self.read("danger/falling.toml", FallingWords)

    @cached_property
    def unseen(self) -> UnseenWords:
        """How people tell of an old neighbour whom nobody has seen."""
        return self.read("danger/unseen.toml", UnseenWords)

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """Every command word."""
        return self._commands.command

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the bot is called."""
        return self._commands.names

    @cached_property
    def _commands(self) -> _Commands:
        return self.read("commands.toml", _Commands)

    @cached_property
    def places(self) -> Places:
        """Words for spots, buildings and units."""
        return self.read("places.toml", Places)

    @cached_property
    def words(self) -> Words:
        """The signs of each intent."""
        return self.read("words.toml", Words)

    @cached_property
    def talk(self) -> dict[str, tuple[str, ...]]:
        """Groups of words that mean one kind of thing each; what a group weighs is learned."""
        return self.read("talk.toml", _Talk).group

    @cached_property
    def courtesies(self) -> ClosingWords:
        """What people say at the end to be polite."""
        return self.read("closing.toml", ClosingWords)

    @cached_property
    def roles(self) -> dict[str, Role]:
        """By code."""
        return {role.code: role for role in self.read("roles.toml", _Roles).role}

    @cached_property
    def thresholds(self) -> dict[bool, Thresholds]:
        """By whether it was said in private."""
        return {False: self._thresholds.group, True: self._thresholds.private}

    @cached_property
    def weights(self) -> Weights:
        """What each sign of a report weighs."""
        return self._thresholds.report

    @cached_property
    def _thresholds(self) -> _Thresholds:
        return self.read("thresholds.toml", _Thresholds)
