"""Whether something else was said since a question was asked: then a bare digit or a yes is no answer to it."""

from bot.turn import Turn
from storage import asked

SINCE = "said_since"
"""Held with such a question once there was other talk."""


def mark(turn: Turn, press: str) -> None:
    """Keep in mind that this message was no answer, where a question with a button of this press waits."""
    waits = turn.asked
    if waits is None or waits.held or (turn.order is not None and turn.order.answers):
        return
    if any(option.startswith(press) for option in waits.options.split("\n")):
        row = {of: getattr(waits, of) for of in asked.Asked.model_fields}
        turn.session.keep_later(asked.asked, waits.key, {**row, "held": SINCE})


def happened(turn: Turn) -> bool:
    """Whether there was other talk since the question that waits; also in this very batch."""
    if turn.asked is None:
        return False
    newer = turn.session.kept(asked.asked, turn.asked.key)
    return (newer["held"] if newer else turn.asked.held) == SINCE
