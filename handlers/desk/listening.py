"""What is said to the bot itself and is no order: in private, or with its name."""

import re

import msgspec

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.matters import finding, places, rules
from handlers.wishes import wall
from storage import wishes
from storage.matters import ENDED

router = Router()

COUNT = r"[\dA-Za-z一二两三四五六七八九十]{1,4}"
BARE_PLACE = re.compile(
    rf"[\u4e00-\u9fff]{{0,8}}?{COUNT}\s?(?:栋|幢|座|号楼)\s?(?:{COUNT}\s?单元)?\s?(?:{COUNT}\s?[楼层])?\s?(?:{COUNT}\s?[室号户]?)?[。.\s]*"
)
NOT_WORDS = re.compile(r"[\W_]+")


class Courtesies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """courtesy.toml."""

    words: tuple[str, ...]
    """What people say to end a conversation; it needs no answer."""


@router.guard
def only_a_place(turn: Turn) -> Handler | None:
    """A bare address is no report, where none waits for its place: asked what it is about, and nothing among neighbours."""
    said = turn.utterance
    if said.intent != "report" or said.command is not None or turn.order is not None or turn.quoted is not None:
        return None
    if turn.incoming.happening != "text" or (turn.asked is not None and turn.asked.takes):
        return None
    if any(why.startswith(("fault:", "urgent:")) for why in said.why):
        return None
    name = places.is_bare_name(turn, said.text)
    if not name and not BARE_PLACE.fullmatch(said.text):
        return None
    if any(matter.state not in ENDED for matter in finding.of_speaker(turn)):
        return not_understood if name and not turn.in_group else None  # it tells more of that
    return what_of_it


def what_of_it(turn: Turn) -> list[Reply]:
    """What is the matter there?"""
    return [] if turn.in_group and not turn.utterance.addressed else [Reply("desk/only_a_place")]


@router.intent("chat")
def not_understood(turn: Turn) -> list[Reply]:
    """Say what can be said; thanks and goodbyes need no answer."""
    words = NOT_WORDS.sub("", turn.utterance.text)
    thanks = words and not phrases.POLITE.sub("", words).strip(phrases.TAILS)
    courtesies = turn.catalog.read("courtesy.toml", Courtesies).words
    left = words
    for courtesy in sorted(courtesies, key=len, reverse=True):
        left = left.replace(courtesy, "")
    if thanks or (not left and (words or turn.in_group)):
        return []
    if turn.posts:
        return [Reply("desk/listening_staff")]
    living = [matter for matter in finding.of_speaker(turn) if matter.state not in ENDED]
    if not living:
        held = wishes.open_claims(turn.session, turn.account.id) if turn.account and not turn.in_group else []
        return [wall.for_the_neighbour(turn, held[0])] if len(held) == 1 else [Reply("desk/listening")]
    if living[0].kind == wishes.KIND:
        return [wall.listening(turn, living[0])]
    state = rules.lifecycle(turn.catalog, living[0].kind).states[living[0].state]
    return [Reply("desk/listening_with", {"matter": living[0], "state": state.name}, about=living[0].number)]


@router.order("never_mind")
def never_mind(_turn: Turn) -> list[Reply]:
    """Whoever was asked for a sentence thinks better of it."""
    return [Reply("desk/never_mind")]


@router.intent("ask")
def by_a_person(turn: Turn) -> list[Reply]:
    """What a person has to do: said where the bot was spoken to, and never pushed into the group's talk."""
    if turn.in_group and not turn.utterance.addressed and turn.order is None:
        return []
    return [Reply("desk/by_a_person", {"human": turn.settings.human})]
