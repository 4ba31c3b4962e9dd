"""收到: everybody called, or asked to, says so for themselves; by the button, the word, or a quote."""

from bot.errors import UserMistake
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.notices import audience, correcting, faces, whose
from handlers.notices.terms import terms
from storage import notices
from storage.notices import Notice, Receipt

router = Router()

LONGEST = 200
KINDS = ("policy", "correction", "cancel", "all_clear")
"""Orders that call people have answers of their own."""
NO_ANSWER = ("emergency", "report", "wish", "verify", "progress")


@router.guard_where("quoting")
def in_other_words(turn: Turn) -> Handler | None:
    """晓得了; 收到，我家三口人: said to a notice that asks for 收到, it is one; asked only of what quotes ours."""
    said, rows = turn.utterance, terms(turn.catalog).heard
    if turn.quoted is None or turn.incoming.happening != "text" or said.command not in (None, faces.ACK):
        return None
    first = next(iter(phrases.clauses(said.text)), "")
    if said.intent in NO_ANSWER or said.text.endswith(rows.asking) or not phrases.only(first, rows.words):
        return None
    notice = notices.find(turn.session, turn.quoted)
    if notice is None or notice.kind not in KINDS or not notice.wants_ack or notice.superseded_by is not None:
        return None
    turn.order = Order(faces.ACK, (notice.number,), said.argument)
    return acknowledge


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
    if not _addressed(turn, notice, receipt):
        return [] if turn.in_group else [Reply("notices/not_for_there", {"grid": whose.grid_of(turn, notice)})]
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


def _addressed(turn: Turn, notice: Notice, receipt: Receipt | None) -> bool:
    """Whether it was meant for the speaker: called by name, or of a place and a group that it is for."""
    if receipt is not None and receipt.called_at is not None:
        return True
    said = audience.of(notice)
    here = turn.grid is not None and turn.grid.code.startswith(whose.grid_of(turn, notice).code)
    if turn.chat is not None and turn.chat.audience == "staff":
        return here and (said.staff_groups or said.staff)
    return here and (said.residents_groups or said.residents or (said.staff_groups and bool(turn.posts)))


def _meant(turn: Turn) -> Notice | None:
    """The one that was named or quoted, else the newest that waits for this account."""
    number = turn.order.number if turn.order and turn.order.number else turn.quoted
    if number is not None:
        return notices.find(turn.session, number)
    if turn.account is None or turn.in_group:
        return None
    waiting = [one for one in notices.open_receipts(turn.session, turn.account.id) if one.acknowledged_at is None]
    return notices.find(turn.session, waiting[0].notice) if waiting else None
