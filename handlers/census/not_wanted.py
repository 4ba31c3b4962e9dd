"""302没人在 别找我: who tells of a door and wants to be left alone only answers the census; nobody is in danger."""

from dataclasses import replace

from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.census.reading import grammar
from storage import census

router = Router()

NAMED = "emergency:"
US = ("们",)
LONGEST = 60


@router.guard
def left_alone(turn: Turn) -> Handler | None:
    """Let the rest be what was said, where it is a door or an answer; a danger that is named stays one."""
    said, known = turn.utterance, turn.catalog.harmless
    if turn.incoming.happening != "text" or said.intent not in ("emergency", "report") or len(said.text) > LONGEST:
        return None
    if not any(word in said.text for word in known.uncalled) or not census.running(turn.session):
        return None
    if any(why.startswith(NAMED) for why in said.why):
        return None
    away = (*known.uncalled, *US)
    if not phrases.some(said.text, away, known.uncalled_beside):
        return None
    rest = phrases.without(said.text, (*away, *known.uncalled_beside))
    read = grammar(turn.catalog)
    if not rest or not (read.read(rest) or read.bare_door(rest)):
        return None
    heard = turn.read(rest, not turn.in_group)
    if heard.intent == "emergency":
        return None
    answers = replace(heard, text=rest, addressed=said.addressed)
    turn.utterance = answers if heard.intent != "report" else replace(answers, intent="chat", confidence=0.0, why=())
    return None
