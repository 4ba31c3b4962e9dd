"""为啥要问我屋头几个人，是不是骗子: while a census takes answers, whoever doubts it hears that it is real, and why."""

import msgspec

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from storage import census
from storage.census import Running

router = Router()

FILE = "census_doubted.toml"


class Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """census_doubted.toml."""

    longest: int
    of: tuple[str, ...]
    doubts: tuple[str, ...]


@router.guard
def doubts_it(turn: Turn) -> Handler | None:
    """The answer where one really runs here; elsewhere such words are compared with what was sent, as all others."""
    said = turn.utterance
    if turn.incoming.happening != "text" or said.command is not None or said.intent == "emergency" or said.numbers:
        return None
    rows = turn.catalog.read(FILE, Rows)
    if len(said.text) > rows.longest or not phrases.has(said.text, rows.doubts):
        return None
    if turn.grid is None or turn.quoted is not None or not any(word in said.text for word in rows.of):
        return None
    going = census.running_at(turn.session, turn.grid.code)
    return _says(going) if going is not None else None


def _says(going: Running) -> Handler:
    return lambda _turn: [Reply("census/doubted", {"going": going}, about=going.number)]
