"""Asked in one's own words about one's own information: who reads it, why it is kept, a phone that changed."""

import msgspec

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import personal, phrases
from handlers.desk.personal import my_info, put_right, withdraw_consent

router = Router()

SHORT = 32
"""Characters of a sentence that is about nothing else."""


class OwnInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """own_info.toml."""

    own: tuple[str, ...]
    reads: tuple[str, ...]
    why: tuple[str, ...]
    holds: tuple[str, ...]
    phone: tuple[str, ...]
    changed: tuple[str, ...]
    shows: tuple[str, ...]
    information: tuple[str, ...]
    """Asks what is kept, and of what."""
    takes_back: tuple[str, ...]
    disagrees: tuple[str, ...]
    """A yes that is taken back: alone, or of what is kept."""


@router.guard
def of_ones_own(turn: Turn) -> Handler | None:
    """In private, where nothing else waits for an answer: also while something that was reported is being done."""
    said = turn.utterance
    if turn.in_group or turn.incoming.happening != "text" or turn.order is not None or len(said.text) > SHORT:
        return None
    if said.command is not None or said.intent == "emergency" or turn.quoted is not None:
        return None
    if turn.asked is not None and turn.asked.takes:
        return None
    words = turn.catalog.read("own_info.toml", OwnInfo)
    asks = _any(words.shows, said.text) and _any(words.information, said.text)
    if asks and not _any(words.why, said.text) and not _any(words.reads, said.text):
        turn.order = Order("my_info", answers=True)
        return my_info
    if phrases.only(said.text, words.takes_back) or (_any(words.disagrees, said.text) and _any(words.holds, said.text)):
        turn.order = Order("withdraw_consent", answers=True)
        return withdraw_consent
    if _any(words.phone, said.text) and _any(words.changed, said.text) and personal.numbers(said.text):
        if turn.account is None:
            return lambda _turn: [Reply("privacy/no_register")]
        turn.order = Order("correct_info", (), said.text, answers=True)
        return put_right
    if not _any(words.own, said.text):
        return None
    if _any(words.reads, said.text):
        return lambda _turn: [Reply("privacy/who_reads")]
    if _any(words.why, said.text) and _any(words.holds, said.text):
        return lambda _turn: [Reply("privacy/why_kept")]
    return None


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)
