"""Asked in one's own words about one's own information: who reads it, why it is kept, a phone that changed."""

from dataclasses import replace

import msgspec

from bot import orders
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import personal, phrases
from handlers.desk.personal import agreed_to, my_info, put_right, withdraw_consent
from handlers.people import codes, consent
from handlers.people.consent import Purpose
from storage.people import Account

router = Router()

SAID = ("approve", "refuse")
"""What 同意 and 不同意 are typed as."""
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
    kept: tuple[str, ...]
    stops: tuple[str, ...]
    """What is kept of oneself, and that it shall not be."""
    door: tuple[str, ...]
    """Names of the own door among it."""
    agrees: tuple[str, ...]
    """A no that is taken back."""
    yes: tuple[str, ...]
    """One of these makes a yes of it: 我改主意了 alone is a no."""


@router.guard_where("alone")
def of_ones_own(turn: Turn) -> Handler | None:
    """In private, where nothing else waits for an answer: also while something that was reported is being done."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.order is not None or len(said.text) > SHORT:
        return None
    typed = said.command in SAID and not turn.posts and not said.numbers
    if (said.command is not None and not typed) or said.intent == "emergency" or turn.quoted is not None:
        return None
    if turn.asked is not None and turn.asked.takes:
        return None
    words = turn.catalog.read("own_info.toml", OwnInfo)
    if phrases.only(said.text, words.agrees) and _any(words.yes, said.text):
        return None if said.command else _agrees_again(turn)
    asks = _any(words.shows, said.text) and _any(words.information, said.text)
    if asks and not _any(words.why, said.text) and not _any(words.reads, said.text):
        turn.order = Order("my_info", answers=True)
        return my_info
    if phrases.only(said.text, words.takes_back) or (_any(words.disagrees, said.text) and _any(words.holds, said.text)):
        turn.order = Order("withdraw_consent", answers=True)
        return withdraw_consent
    broken = any(why.startswith(("fault:", "trouble:")) for why in said.why)
    if said.text.startswith(words.kept) and _any(words.stops, said.text) and not broken:
        turn.order = Order("withdraw_consent", (), codes.HOME if _any(words.door, said.text) else "", answers=True)
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


def _agrees_again(turn: Turn) -> Handler:
    """A yes after a no: to what was refused or taken back last; where that are several things, they are shown."""
    waits = turn.asked.options.partition("\n")[0].partition(orders.LABEL)[0] if turn.asked else ""
    if waits.startswith(f"{consent.AGREE} "):
        purpose, _, then = waits.removeprefix(f"{consent.AGREE} ").partition(" ")
        return _says_yes(purpose, then, answers=True)
    refused = [
        one for one in consent.purposes(turn.catalog).values() if turn.account and _is_refused(turn, turn.account, one)
    ]
    return _says_yes(refused[0].code, refused[0].then, answers=False) if len(refused) == 1 else agreed_to


def _is_refused(turn: Turn, account: Account, purpose: Purpose) -> bool:
    return consent.refused(turn, account.id, purpose.code)


def _says_yes(purpose: str, then: str, *, answers: bool) -> Handler:
    """Recorded, and gone on with where there is something to go on with."""

    def yes(turn: Turn) -> list[Reply]:
        consent.record(turn, purpose, given=True)
        turn.order = Order(consent.AGREE, (), purpose, answers=answers)
        if then == "keep_door" and codes.home_of(turn) is not None:
            turn.order = replace(turn.order, code=then, argument="")
            return codes.keep_door(turn)
        return consent.agreed(turn)

    return yes


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)
