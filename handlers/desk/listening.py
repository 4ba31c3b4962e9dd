"""What is said to the bot itself and is no order: in private, or with its name."""

import re

import msgspec

from bot.message import Reply
from bot.router import Router
from bot.turn import Turn

router = Router()

NOT_WORDS = re.compile(r"[\W_]+")


class Courtesies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """courtesy.toml."""

    words: tuple[str, ...]
    """What people say to end a conversation; it needs no answer."""


@router.intent("chat")
def not_understood(turn: Turn) -> list[Reply]:
    """Say what can be said; thanks and goodbyes need no answer."""
    words = NOT_WORDS.sub("", turn.utterance.text)
    courtesies = turn.catalog.read("courtesy.toml", Courtesies).words
    left = words
    for courtesy in sorted(courtesies, key=len, reverse=True):
        left = left.replace(courtesy, "")
    if not left and (words or turn.in_group):
        return []
    return [Reply("desk/listening_staff" if turn.posts else "desk/listening")]


@router.order("wish", "form", "verify", "volunteer")
@router.intent("wish", "form", "ask", "verify", "volunteer")
def by_a_person(turn: Turn) -> list[Reply]:
    """What a person has to do: said where the bot was spoken to, and never pushed into the group's talk."""
    if turn.in_group and not turn.utterance.addressed and turn.order is None:
        return []
    return [Reply("desk/by_a_person", {"human": turn.settings.human})]
