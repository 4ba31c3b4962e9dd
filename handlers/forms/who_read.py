"""谁看过我的报备: the journalled readings of one's own filings, by post and day, and no name of whoever read."""

from dataclasses import dataclass
from datetime import date

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from handlers.forms import asked_words, lint
from handlers.forms.rules import Form
from storage import forms, journal, people, posts
from storage.forms import KEPT, Filing
from storage.journal import Entry

router = Router()

LONGEST, SHOWN = 24, 12


@dataclass(frozen=True, slots=True)
class Reading:
    """One filing, read by somebody with this post on this day."""

    day: date
    role: str
    number: int
    title: str


@router.guard_where("alone")
def asked_who(turn: Turn) -> Handler | None:
    """Asked in private of one's own; whoever has filed nothing passes."""
    said, text = turn.utterance, turn.utterance.text
    if turn.account is None or turn.order is not None or turn.incoming.happening != "text":
        return None
    if len(text) > LONGEST or said.command is not None or said.intent == "emergency" or turn.quoted is not None:
        return None
    if turn.asked is not None and turn.asked.takes:
        return None
    words = asked_words.words(turn.catalog)
    if not any(word in text for word in words.reads) or not any(word in text for word in words.mine):
        return None
    return _told if forms.of_account(turn.session, turn.account.id, KEPT) else None


def _told(turn: Turn) -> list[Reply]:
    """Each reading once a day and post, the newest first."""
    offered = lint.offered(turn.catalog)
    kept = forms.of_account(turn.session, turn.account.id, KEPT) if turn.account else []
    mine = {f"{row.form} {row.number}": (row, offered[row.form]) for row in kept if row.form in offered}
    since = min((row.opened_at for row, _ in mine.values()), default=turn.now)
    found = [
        reading
        for entry in journal.readings_of(turn.session, mine, since)
        if (reading := _reading(turn, entry, *mine[entry.detail]))
    ]
    readings = sorted(dict.fromkeys(found), key=lambda one: (one.day, one.number), reverse=True)
    return [Reply("forms/who_read", {"readings": readings[:SHOWN], "more": max(0, len(readings) - SHOWN)})]


def _reading(turn: Turn, entry: Entry, row: Filing, form: Form) -> Reading | None:
    """By which post it was; the speaker's own looks are none."""
    if turn.account is not None and entry.account_id == turn.account.id:
        return None
    role = _role_of(turn, entry, form)
    name = turn.catalog.roles[role].name if role in turn.catalog.roles else ""
    return Reading(entry.at.astimezone(turn.settings.zone).date(), name, row.number, form.title)


def _role_of(turn: Turn, entry: Entry, form: Form) -> str:
    """The role of the post that was told; of an account the one by which it may read such a form."""
    if entry.post_id is not None:
        seat = posts.seats(turn.session, [entry.post_id]).get(entry.post_id)
        return seat.role if seat else ""
    account = people.get_account(turn.session, entry.account_id) if entry.account_id is not None else None
    if account is None or account.person_id is None:
        return ""
    held = posts.of_people(turn.session, [account.person_id], turn.now).get(account.person_id, [])
    return next((post.role for post in held if post.role in form.staff), "")
