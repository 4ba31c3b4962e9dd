"""Which matter is meant: by number, by what was quoted, or the only one it can be."""

from datetime import timedelta

from bot.errors import UserMistake
from bot.turn import Turn
from handlers.people import authority
from storage import matters
from storage.matters import ENDED, Matter

LATELY = timedelta(days=90)


def named(turn: Turn) -> Matter | None:
    """The matter whose number was given or quoted; UserMistake when there is none that the speaker may see."""
    number = turn.order.number if turn.order and turn.order.number else turn.quoted
    if number is None:
        return None
    matter = matters.by_number(turn.session, number)
    if matter is None:
        raise UserMistake("matters/unknown", number=number)
    if not authority.may_see(turn, matter):
        here = turn.chat is not None and turn.chat.id == matter.chat_id
        raise UserMistake("matters/not_your_report" if here else "matters/unknown", number=number)
    return matter


def to_handle(turn: Turn) -> Matter:
    """The matter a leader means: the named one, or the only one waiting for this person."""
    if matter := named(turn):
        return matter
    waiting = matters.owned_by(turn.session, [post.id for post in turn.posts]) if turn.posts else []
    if len(waiting) == 1:
        return waiting[0]
    if not waiting:
        raise UserMistake("handling/nothing_waits")
    raise UserMistake("handling/which", matters=waiting[:6], code=turn.order.code if turn.order else "")


def own(turn: Turn) -> Matter:
    """The matter a resident means: the named one, or the newest living one of this person."""
    if matter := named(turn):
        return matter
    asked = of_speaker(turn)
    living = [matter for matter in asked if matter.state not in ENDED]
    if living:
        return living[0]
    recent = [matter for matter in asked if matter.state == "closed" and turn.now - matter.opened_at < LATELY]
    if recent:
        return recent[0]
    raise UserMistake("reports/none_yet")


def of_speaker(turn: Turn) -> list[Matter]:
    """What the speaker reported or follows; in a group only what was said there: the rest is nobody's business."""
    found = matters.of_account(turn.session, turn.account.id) if turn.account else []
    if not turn.in_group:
        return found
    return [matter for matter in found if turn.chat is not None and matter.chat_id == turn.chat.id]


def lately(turn: Turn, minutes: int) -> Matter | None:
    """The living matter that this account reported within these minutes."""
    if turn.account is None:
        return None
    found = matters.latest_of(turn.session, turn.account.id, turn.now - timedelta(minutes=minutes))
    return found if found and found.kind == "report" else None
