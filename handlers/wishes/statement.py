"""我的服务: a neighbour's own deeds and hours from the journal, on request, theirs to keep; no points and no ranking."""

from datetime import datetime

from bot.errors import UserMistake
from bot.message import Reply
from bot.router import Router
from bot.turn import Turn
from handlers.wishes import finding
from storage import favours, journal, matters, wishes
from storage.wishes import Claim

router = Router()

DEEDS = ("fulfil", "partly")
SHOWN = 12


@router.order("my_service")
@finding.own_affair
def statement(turn: Turn) -> list[Reply]:
    """Every deed with its day and, where it was said, its minutes; only to whoever did it, in private."""
    if turn.account is None:
        raise UserMistake("wishes/no_service_yet")
    done = [_line(turn, one) for one in wishes.done_by(turn.session, turn.account.id)]
    given = [(one.number, one.until, one.text, 0, True) for one in favours.given_by(turn.session, turn.account.id)]
    lines = sorted([*done, *given], key=lambda line: line[1], reverse=True)
    if not lines:
        raise UserMistake("wishes/no_service_yet")
    values = {
        "name": turn.account.name,
        "lines": lines[:SHOWN],
        "more": max(0, len(lines) - SHOWN),
        "deeds": len(lines),
        "minutes": sum(line[3] for line in lines),
        "now": turn.now,
    }
    return [finding.aside(turn, Reply("wishes/my_service", values))]


def _line(turn: Turn, one: Claim) -> tuple[int, datetime, str, int, bool]:
    """(number, when, what, minutes, a favour rather than a wish), from the journal of the wish."""
    entries = [entry for entry in journal.of_matter(turn.session, one.matter_id) if entry.account_id == one.account_id]
    at = next((entry.at for entry in reversed(entries) if entry.act in DEEDS), one.ended_at or one.since)
    said = [int(entry.detail) for entry in entries if entry.act == "spent" and entry.detail.isdecimal()]
    kept, matter = wishes.of(turn.session, one.matter_id), matters.get(turn.session, one.matter_id)
    return matter.number, at, kept.public, said[-1] if said else 0, False
