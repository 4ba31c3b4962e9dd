""" "我屋头停水了，人没得事": that nobody is hurt takes nothing back of what is broken, with a census or without."""

from dataclasses import replace

import msgspec

from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.notices import troubles

router = Router()

FILE = "danger/unhurt.toml"


class Unhurt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """danger/unhurt.toml."""

    longest: int
    words: tuple[str, ...]
    """A clause of these says that nobody is hurt."""
    beside: tuple[str, ...]


@router.guard
def nobody_is_hurt(turn: Turn) -> Handler | None:
    """Let what stands beside such a clause be what was said, where that reports something; quick to say None."""
    said = turn.utterance
    if said.intent not in ("chat", "report") or said.command is not None or turn.incoming.happening != "text":
        return None
    rows = turn.catalog.read(FILE, Unhurt)
    if len(said.text) > rows.longest or not phrases.some(said.text, rows.words, rows.beside):
        return None
    rest = phrases.without(said.text, (*rows.words, *rows.beside))
    if not rest or troubles.reports(turn, said):
        return None
    for words in (rest, *phrases.clauses(rest)):
        heard = turn.read(words, not turn.in_group)
        if troubles.reports(turn, heard):
            turn.utterance = replace(heard, text=said.text, place=said.place or heard.place, addressed=said.addressed)
            break
    return None
