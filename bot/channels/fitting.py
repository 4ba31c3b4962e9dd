"""Makes a message fit its channel: numbered choices where there are no buttons, several messages where it is too long."""

from collections.abc import Sequence
from dataclasses import replace

from bot.ability import Ability
from bot.message import Delivery

BREAKS = ("\n", "。", "；", "！", "？", "，", " ")
"""Where a long text is parted, the best first."""


def fitted(delivery: Delivery, able: Ability, hint: str) -> list[Delivery]:
    """The messages that say it, in their order; the buttons come with the last.

    `hint` ends numbered choices: it says that a digit answers.
    """
    buttons, text = delivery.buttons, delivery.text
    if able.numbers(buttons):
        text, buttons = f"{text}\n{numbered(delivery.buttons, hint)}", ()
    pieces = parted(text, able)
    last = len(pieces) - 1
    return [replace(delivery, text=piece, buttons=buttons if n == last else ()) for n, piece in enumerate(pieces)]


def numbered(buttons: Sequence[tuple[str, str]], hint: str) -> str:
    """ "1 接单　2 到场" and the hint, on lines of their own where they are long."""
    choices = [f"{n} {label}" for n, (label, _) in enumerate(buttons, 1)]
    short = sum(map(len, choices)) <= 24
    return ("　" if short else "\n").join(choices) + f"\n{hint}"


def parted(text: str, able: Ability) -> list[str]:
    """The text in pieces of which each is short enough, none empty, no letter cut in two."""
    pieces: list[str] = []
    while size(text, able) > able.longest:
        piece = _head(text, able)
        pieces.append(piece.rstrip())
        text = text[len(piece) :].lstrip()
    return [piece for piece in (*pieces, text) if piece] or [text]


def size(text: str, able: Ability) -> int:
    """As the channel counts it."""
    return len(text.encode()) if able.counted == "bytes" else len(text)


def _head(text: str, able: Ability) -> str:
    """As much of its beginning as fits, up to a good place to stop in its second half."""
    head = text.encode()[: able.longest].decode(errors="ignore") if able.counted == "bytes" else text[: able.longest]
    for stop in BREAKS:
        at = head.rfind(stop)
        if at >= len(head) // 2:
            return head[: at + 1]
    return head
