"""The terms of wishes and neighbourly help as data: catalog/wishes.toml."""

import re

import msgspec

from bot.catalog import Catalog

FAINT = 0.1
"""What a word of any wish weighs."""
LEND = "借"
LENDING = re.compile(rf"(?P<before>[^,，。；;\s]{{0,6}}){LEND}(?!来?的|了|出)(?P<behind>.{{0,6}})", re.DOTALL)
"""The word for it, and near it what is lent; 借来的轮椅 is on loan already."""


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of need, and the words by which it is known."""

    code: str
    name: str
    words: tuple[str, ...]
    lends: bool = False
    """Whatever it is, it goes back: the thing tells the team, and this the kind."""


class Team(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the 七彩志愿服务队, and the needs it is there for."""

    colour: str
    name: str
    needs: tuple[str, ...]


class FavourKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of neighbourly help; `offer` words give, `ask` words ask."""

    code: str
    name: str
    ask: tuple[str, ...]
    offer: tuple[str, ...]


class WhoCan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """How somebody asks who can do something."""

    who: tuple[str, ...]
    can: tuple[str, ...]
    deeds: tuple[str, ...]
    for_me: tuple[str, ...]
    not_theirs: tuple[str, ...]
    """The community's own: nothing for a neighbour."""


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """wishes.toml."""

    claims_at_once: int
    shown: int
    vet_within: str
    answer_days: int
    open_days: int
    remind_days: int
    release_days: int
    confirm_days: int
    meeting_day: int
    announce: bool
    fair_days: int
    proposals: int
    lenders_asked: int
    favour_days: int
    vetters: tuple[str, ...]
    unfit: tuple[str, ...]
    somebody: str
    elder: str
    place: str
    hidden: str
    in_part: str
    lacking: str
    leads: tuple[str, ...]
    wants: tuple[str, ...]
    kept_back: tuple[str, ...]
    speaks_for: tuple[str, ...]
    vouches: tuple[str, ...]
    fillers: tuple[str, ...]
    proxies: tuple[str, ...]
    kin: tuple[str, ...]
    neighbourly: tuple[str, ...]
    besides: tuple[str, ...]
    longing: tuple[str, ...]
    longing_ends: tuple[str, ...]
    long_wanted: tuple[str, ...]
    takes_on: tuple[str, ...]
    takes_up: tuple[str, ...]
    favour_asked: tuple[str, ...]
    favour_private: tuple[str, ...]
    favour_starts: tuple[str, ...]
    offers: tuple[str, ...]
    lends: tuple[str, ...]
    gives: tuple[str, ...]
    """Given away: whatever it is."""
    not_given: tuple[str, ...]
    idly: tuple[str, ...]
    """Said beside what is given away; refuses nothing."""
    helps_out: tuple[str, ...]
    """What tells nothing yet of what somebody can do."""
    may: tuple[str, ...]
    """With a question they ask what is allowed."""
    may_ends: tuple[str, ...]
    may_whether: tuple[str, ...]
    """Those of them that ask by themselves."""
    helps_plainly: tuple[str, ...]
    """With one of these it asks how to help."""
    alike: tuple[tuple[str, ...], ...]
    """Words for the same thing."""
    alike_work: tuple[tuple[str, ...], ...]
    """Words for the same work."""
    work: tuple[str, ...]
    """Signs that work is spoken of and not a thing."""
    vague: tuple[str, ...]
    team: tuple[Team, ...]
    need: tuple[Need, ...]
    favour: tuple[FavourKind, ...]
    who_can: WhoCan
    at_hand: tuple[str, ...] = ()
    """Before a thing that somebody has."""
    fetch: tuple[str, ...] = ()
    """Behind it: how to come by it."""
    question_words: tuple[str, ...] = ()
    question_ends: tuple[str, ...] = ()
    asked_of_favours: tuple[str, ...] = ()
    """Asked of a neighbour before a yes, and of nobody else."""
    also: tuple[str, ...] = ()
    """Between two wishes."""
    apart: tuple[str, ...] = ()
    """At the head of a clause, between a wish and a report."""
    wanting: tuple[str, ...] = ()
    """Signs that something is wanted at all."""
    nothing: tuple[str, ...] = ()
    """Said by whoever was asked for a wish and has none."""
    of_any: tuple[str, ...] = ()
    """Words of a need that any wish may have: they count where nothing else does."""

    def need_of(self, words: str) -> Need:
        """The kind of need these words name: the most and longest of its words; the last kind where none fits."""
        if lent := self._lent(words):
            return next((need for need in self.need if need.lends), lent)
        weights = [
            sum(len(word) if word not in self.of_any else FAINT for word in need.words if word in words)
            for need in self.need
        ]
        best = max(range(len(weights)), key=lambda at: weights[at])
        return self.need[best] if weights[best] else self.need[-1]

    def _lent(self, words: str) -> Need | None:
        """The kind of the thing that is to be lent, not of what is done with it: a wheelchair, not the way to a doctor."""
        if (lend := LENDING.search(words)) is None:
            return None
        behind, before = lend["behind"], lend["before"]
        found = [
            (near is before, near.find(word), -len(word), need)
            for near in (behind, before)
            for need in self.need
            for word in need.words
            if len(word) > 1 and word in near and word not in self.vague
        ]
        return min(found, key=lambda one: one[:3])[3] if found else None

    def things_in(self, words: str) -> set[str]:
        """What these words name, so that they can be compared: the same thing, or work, by any of its words is one."""
        works = any(sign in words for sign in self.work)
        alike = (*self.alike, *self.alike_work) if works else self.alike
        return {next((group[0] for group in alike if word in group), word) for word in self.words_in(words)}

    def words_in(self, words: str) -> list[str]:
        """The words by which these name things, each the longest that stands there."""
        said = {word for need in self.need for word in need.words if word in words and word not in self.vague}
        return sorted(word for word in said if not any(word in other and word != other for other in said))

    def says_a_want(self, words: str) -> bool:
        """Whether these words want something, or name what can be wanted and do not tell that it has happened."""
        return any(sign in words for sign in self.wanting) or (
            "了" not in words and self.need_of(words) is not self.need[-1]
        )

    def named(self, need: str) -> str:
        """What a kind of need is called."""
        return next((one.name for one in self.need if one.code == need), need)

    def team_for(self, need: str, words: str = "") -> Team | None:
        """The team of volunteers for a kind of need; for what is lent that of the thing in these words."""
        lent = self._lent(words) if any(one.lends for one in self.need if one.code == need) else None
        need = lent.code if lent else need
        return next((team for team in self.team if need in team.needs), None)


def terms(catalog: Catalog) -> Terms:
    """What the community's wishes go by."""
    return catalog.read("wishes.toml", Terms)
