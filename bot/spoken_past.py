"""In a group a bare yes or no answers the bot only where nobody else has spoken since it asked, or where it is said to it."""

from bot import orders
from bot.turn import Turn
from bot.understanding import phrases
from storage import asked, outbox

TO_ANYBODY = "to_anybody"
"""In answers.toml: what a neighbour may just as well have said to a neighbour."""
SAYS = ("text", "photo", "voice", "place")
STAFF = "staff"
"""Among those on duty the bot's question is everybody's affair."""


def others_speak(turn: Turn, last: asked.Asked | None) -> bool:
    """Whether these words come between the bot's question to somebody here and that one's answer."""
    incoming = turn.incoming
    return last is not None and last.held != incoming.sender and incoming.happening in SAYS


def for_neighbours(turn: Turn, last: asked.Asked | None) -> bool:
    """Whether a bare yes or no goes to a neighbour, and the question of the bot's waits on; `last` who was asked last.

    It is the bot's when it is tapped, quotes the bot, or calls it by name.
    """
    said, incoming = turn.utterance, turn.incoming
    if not turn.in_group or turn.asked is None or incoming.happening != "text" or said.addressed or said.digit:
        return False
    if turn.chat is not None and turn.chat.audience == STAFF:
        return False
    if not phrases.only(said.text, orders.words(turn, TO_ANYBODY)):
        return False
    if incoming.quote:
        return not outbox.is_ours(turn.session, incoming.channel, incoming.address.target, incoming.quote)
    return last is None or last.held != incoming.sender or "@" in incoming.text
