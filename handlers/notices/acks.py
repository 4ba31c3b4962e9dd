"""收到: everybody called, or asked to, says so for themselves; by the button, the word, or a quote."""

from bot.errors import UserMistake
from bot.message import Reply
from bot.router import Router
from bot.turn import Turn
from handlers.notices import correcting, faces
from storage import notices
from storage.notices import Notice

router = Router()

LONGEST = 200


@router.order(faces.ACK)
def acknowledge(turn: Turn) -> list[Reply]:
    """Note the first 收到 of this account; among neighbours nothing is said."""
    notice = _meant(turn)
    if notice is None:
        return []
    if notice.released_at is None:
        raise UserMistake("notices/unknown", number=notice.number)
    account = turn.speaker()
    receipt = notices.receipt_of(turn.session, notice.number, account.id)
    grid_id = receipt.grid_id if receipt else account.grid_id or (turn.grid.id if turn.grid else None)
    words = turn.words[:LONGEST]
    new = notices.answer(
        turn.session, notice.number, account.id, grid_id, turn.now, moment="acknowledged_at", words=words
    )
    if turn.in_group:
        return []
    if notice.superseded_by is not None and turn.quoted is None:
        return [correcting.holds_now(turn, notice)]
    return [Reply("notices/acknowledged", {"notice": notice, "new": new}, about=notice.number)]


def _meant(turn: Turn) -> Notice | None:
    """The one that was named or quoted, else the newest that waits for this account."""
    number = turn.order.number if turn.order and turn.order.number else turn.quoted
    if number is not None:
        return notices.find(turn.session, number)
    if turn.account is None or turn.in_group:
        return None
    waiting = [one for one in notices.open_receipts(turn.session, turn.account.id) if one.acknowledged_at is None]
    return notices.find(turn.session, waiting[0].notice) if waiting else None
