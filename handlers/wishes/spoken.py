"""Words about wishes as data, catalog/wish_words.toml: what is understood without an order's own word."""

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from bot.catalog import Catalog

GAP = r"[^,，。！!？?\s]{0,6}?"
"""What ".." in a phrase stands for."""
DENIED = ("没", "没有", "没得", "未", "莫", "别", "不要")


class Claimer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What whoever has a wish on hand says of it."""

    fulfil: tuple[str, ...]
    partly: tuple[str, ...]
    let_go: tuple[str, ...]
    unsure: tuple[str, ...]
    ends: tuple[str, ...]
    """How a short sentence ends by which something is done."""
    whatever: tuple[str, ...]
    """What may have been done to anything."""
    beside: tuple[str, ...]
    """May stand before what was done."""
    half: tuple[str, ...]
    """Done in part."""
    goes_on: tuple[str, ...]
    """The rest is not given back."""
    tells: tuple[str, ...]
    """Meant for the wisher."""
    hindered: tuple[str, ...]
    """It does not go on for a moment; it may be a matter for the community as well."""
    tells_of_it: tuple[str, ...]
    """Meant for the wisher where the wish is named."""
    official: tuple[str, ...]
    """Of the community's own people: nothing to pass on."""


class Wisher(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the wisher says of it."""

    withdraw: tuple[str, ...]
    over: tuple[str, ...]
    every: tuple[str, ...]
    over_named: tuple[str, ...]
    """The same, only with the number of the wish."""
    got: tuple[str, ...]
    """A favour is done: said once both know of each other."""
    came: tuple[str, ...]
    """It has come true, said before whoever has it on hand says so."""
    worked: tuple[str, ...]
    """It has come true, where that is asked, or where the wisher has said no before."""
    kind: tuple[str, ...]
    """Praise, and whom it is for: no doubt stands in it."""
    thanked: tuple[str, ...]
    slipped: tuple[str, ...]
    """The no was a slip."""
    amiss: tuple[str, ...]
    """Something is not right yet."""
    used: tuple[str, ...]
    """Of a thing that was lent: plain without thanks."""
    returned: tuple[str, ...]
    """What was lent is back."""
    asks: tuple[str, ...]
    """Makes a question of it."""
    change: tuple[str, ...]
    leads: tuple[str, ...]
    """Before what it should be."""
    turns: tuple[str, ...]
    """Between what was said and what is meant."""
    lacking: tuple[str, ...]
    unhurried: tuple[str, ...]
    """Before what is still needed after a part was done."""
    how: tuple[str, ...]
    """Asking how it stands."""
    of_others: tuple[str, ...]
    """Something else than a wish is called off: 取消报备."""
    fillers: tuple[str, ...]
    """May stand beside any of it."""


class Lender(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What whoever lends something says of it."""

    over: tuple[str, ...]
    back: tuple[str, ...]
    """Plain enough to be done at once."""


class Vetter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What whoever vets says of it, with its number."""

    reword: tuple[str, ...]
    publish: tuple[str, ...]
    decline: tuple[str, ...]
    ask_back: tuple[str, ...]
    take_down: tuple[str, ...]
    take_down_alone: tuple[str, ...]
    """Where nothing else is said: it may be about something else."""
    beside: tuple[str, ...]
    """Are no reason for it."""
    meeting: tuple[str, ...]
    """For the community's monthly meeting, with its number."""
    every: tuple[str, ...]
    passes: tuple[str, ...]
    """Of several that are named: they go on the wall."""
    passes_vaguely: tuple[str, ...]
    """May mean that as well; asked about."""
    refuses: tuple[str, ...]
    passes_beside: tuple[str, ...]


class Anyone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What any neighbour says of it: `claim` is an order with a number, `would` is asked about first."""

    claim: tuple[str, ...]
    claim_named: tuple[str, ...]
    """An order only with a number."""
    would: tuple[str, ...]
    slips: tuple[str, ...]
    """A slip of the finger for `claim`."""
    slip_leads: tuple[str, ...]
    """May stand before one."""
    pointing: tuple[str, ...]
    """Points at a wish that is known to both."""
    wonders: tuple[str, ...]
    """Asks about it before it is claimed."""
    thanks: tuple[str, ...]
    agreeing: tuple[str, ...]
    """Speaks of somebody's yes, and may be none."""
    by_phone: tuple[str, ...]
    said_yes: tuple[str, ...]
    unasked: tuple[str, ...]
    """That person was not asked, or does not want it."""


class ToTheBot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Signs of whom words are for, and whether they are a question."""

    to_me: tuple[str, ...]
    to_you: tuple[str, ...]
    wishing: tuple[str, ...]
    contact: tuple[str, ...]
    doubt: tuple[str, ...]
    asking: tuple[str, ...]
    everyday: tuple[str, ...]


class Questions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked about wishes with the word 心愿 before it: none of it is wished for."""

    hands: tuple[str, ...]
    """Asks what the speaker has on hand, with other words around it."""
    help: tuple[str, ...]
    """Wants to help, or asks what is on the wall."""
    help_asks: tuple[str, ...]
    """One of these makes a question, or an offer, of it."""
    help_me: tuple[str, ...]
    """It is the speaker who needs help."""
    claimed: tuple[str, ...]
    """What the speaker has on hand; said without 心愿 before it."""
    mine: tuple[str, ...]
    """How one's own stands, without 心愿 before it."""
    wall: tuple[str, ...]
    meeting: tuple[str, ...]
    """What nobody can meet: for the monthly meeting."""
    vetting: tuple[str, ...]
    withdraw: tuple[str, ...]
    how: tuple[str, ...]
    """How a wish is made."""
    starts: tuple[str, ...]
    """How it stands: the rest may be said in any words."""
    coming: tuple[str, ...]
    """Asks whether somebody has come for one of one's own."""
    deeds: tuple[str, ...]
    """For what somebody comes."""
    beside_deeds: str
    """Characters that name nothing when they stand beside a deed."""


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A yes on conditions: what may be told, and what not."""

    phone: tuple[str, ...]
    name: tuple[str, ...]
    door: tuple[str, ...]
    denies: tuple[str, ...]
    alone: tuple[str, ...]
    agrees: tuple[str, ...]
    turns: tuple[str, ...]
    turns_to: tuple[str, ...]
    """After a no: something else may be told."""
    arranges: tuple[str, ...]
    """Said beside a no: where and when instead."""
    distrusts: tuple[str, ...]
    """Why it is a no."""
    beside_a_no: tuple[str, ...]
    of_them: tuple[str, ...]


class WishWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """wish_words.toml."""

    claimer: Claimer
    wisher: Wisher
    lender: Lender
    vetter: Vetter
    anyone: Anyone
    bot: ToTheBot
    questions: Questions
    contact: Contact


def words(catalog: Catalog) -> WishWords:
    """The words of this community."""
    return catalog.read("wish_words.toml", WishWords)


def found(text: str, phrases: tuple[str, ...]) -> re.Match[str] | None:
    """The first of these phrases in a text that is not taken back right before."""
    known = _any(phrases)
    hit = known.search(text)
    while hit is not None and text.endswith(DENIED, 0, hit.start()):
        hit = known.search(text, hit.start() + 1)
    return hit


def asks(text: str, phrases: Iterable[str]) -> bool:
    """Whether a text ends as a question."""
    return text.rstrip("。.!！~ ").endswith(tuple(phrases))


@lru_cache(maxsize=128)
def _any(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Nothing before the words: so the search leaps from one possible beginning to the next."""
    return re.compile(
        "|".join(GAP.join(map(re.escape, one.split(".."))) for one in sorted(phrases, key=len, reverse=True))
    )
