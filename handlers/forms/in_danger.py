"""Whoever raised the alarm while a form was open: what is said in the minutes after it is about those in danger."""

from datetime import datetime, timedelta

from bot.turn import Turn
from handlers.matters import intake
from handlers.matters import rules as matter_rules
from storage import matters
from storage.matters import Matter


def alarm(turn: Turn, touched_at: datetime) -> Matter | None:
    """What the speaker raised the alarm about since the form was touched, while more of it is told."""
    if turn.account is None:
        return None
    minutes = timedelta(minutes=matter_rules.routes(turn.catalog).add_minutes)
    found = matters.latest_of(turn.session, turn.account.id, max(touched_at, turn.now - minutes))
    return found if found and found.urgency == intake.EMERGENCY else None
