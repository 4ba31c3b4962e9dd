"""Keeping a form once its owner says it is right: until its day, told to whom it concerns."""

from collections.abc import Sequence
from datetime import timedelta

from bot.errors import UserMistake
from bot.message import Ask, Button, Lane, Reply
from bot.router import Router
from bot.turn import Scene, Turn
from handlers.forms import asking, calling, drafts, known, showing
from handlers.forms.asking import CHANGE
from handlers.forms.drafts import Draft
from handlers.forms.filling import in_private
from handlers.forms.rules import Form
from handlers.people import consent, duty
from storage import forms, grids, journal, people, timers
from storage.forms import DRAFT, KEPT, Filing
from storage.posts import Seat

router = Router()

EXPIRY = "form_expiry"
"""The timer of a kept filing's reminder and end."""
CONSENT = "forms"
"""The purpose of consent.toml: what is read back names what, why and how long, and its yes is the consent."""
ANOTHER_S = 3600
NEW, CHANGED, GONE = "forms/new_for_staff", "forms/changed_for_staff", "forms/withdrawn_for_staff"


@router.order("form_keep")
@in_private
def keep(turn: Turn) -> list[Reply]:
    """The speaker says it is right: kept until its day, told to whom it concerns."""
    number = turn.order.number if turn.order else None
    row = forms.by_number(turn.session, number, to_change=True) if number else None
    if row is not None and row.state == KEPT and turn.account and row.account_id == turn.account.id:
        return [Reply("forms/kept_already", {"number": row.number})]
    draft = drafts.of_speaker(turn, number)
    if draft.step is not None:
        return asking.go_on(turn, draft)
    if stands := _other_household(turn, draft):
        return [_one_more_or_changed(turn, draft, stands)]
    former = _revised(turn, draft)
    kept, fresh = _kept(turn, draft)
    timers.disarm(turn.session, drafts.REMINDER, draft.row.id)
    _watch(turn, draft, kept)
    asks_on = calling.begin(turn, draft.form, kept)
    if not consent.given(turn, kept.account_id, CONSENT):
        consent.record(turn, CONSENT, given=True)
    _note(turn, "form_keep" if fresh else "form_edit", kept)
    if turn.account and turn.account.grid_id is None and kept.grid_id is not None:
        people.settle(turn.session, turn.account.id, kept.grid_id)
    waiting = [row for row in forms.of_account(turn.session, kept.account_id, DRAFT) if row.id != draft.row.id]
    values = {
        "number": kept.number,
        "form": draft.form,
        "until": kept.kept_until,
        "waiting": len(waiting),
        "asks_on": asks_on,
        "other": draft.form.call is not None and draft.form.call.is_for_another(draft.answers),
    }
    buttons = (Button("form_resume", f"form_resume {waiting[0].number}"),) if waiting else ()
    told = told_to_staff(turn, draft.form, kept, NEW) if fresh else []
    told = told_of_change(turn, draft.form, former, kept) if former and not fresh else told
    return [Reply("forms/kept", values, buttons=buttons, about=kept.number, ask=Ask() if waiting else None), *told]


def _other_household(turn: Turn, draft: Draft) -> Filing | None:
    """The kept filing of another door whose place this one would take, unless its owner said so."""
    if draft.row.revises_id is None or draft.door is None or not draft.form.once or draft.has_moved:
        return None
    found = forms.of_account(turn.session, draft.row.account_id, KEPT)
    stands = next((row for row in found if row.id == draft.row.revises_id and row.room), None)
    return stands if stands and not known.is_of(stands, draft.door) else None


def _one_more_or_changed(turn: Turn, draft: Draft, stands: Filing) -> Reply:
    """Whoever moved changes the one that stands; another household is filed beside it."""
    door = draft.door
    held = showing.door(turn.catalog, door.building, door.unit, door.room) if door else ""
    buttons = (
        Button("form_edit", f"form_moved {draft.number}"),
        Button("form_again", f"form_again {draft.row.form}"),
    )
    values = {"number": stands.number, "form": draft.form}
    ask = Ask(takes=f"{CHANGE} {draft.number}", held=held, lasts_s=ANOTHER_S)
    return Reply("forms/other_door", values, buttons=buttons, about=stands.number, ask=ask)


def _kept(turn: Turn, draft: Draft) -> tuple[Filing, bool]:
    """The row as it is kept, and whether it is a new one; a revision goes into the filing it revises."""
    values = {
        **drafts.values(draft),
        "state": KEPT,
        "step": "",
        "touched_at": turn.now,
        "kept_at": turn.now,
        "kept_until": drafts.kept_until(turn, draft),
    }
    if draft.row.revises_id is not None:
        revised = forms.change(turn.session, draft.row.revises_id, KEPT, values)
        if revised is not None:
            forms.drop(turn.session, draft.row.id)
            return revised, False
    kept = forms.change(turn.session, draft.row.id, DRAFT, {**values, "revises_id": None})
    if kept is None:
        raise UserMistake("forms/gone")
    return kept, True


def _revised(turn: Turn, draft: Draft) -> Filing | None:
    """The kept filing as it stood before this draft goes into it."""
    found = forms.by_ids(turn.session, [draft.row.revises_id]) if draft.row.revises_id is not None else []
    return next((row for row in found if row.state == KEPT), None)


def _watch(turn: Turn, draft: Draft, kept: Filing) -> None:
    """Look again when its owner is to be reminded, or when it ends."""
    if kept.kept_until is None:
        return
    remind = kept.kept_until - timedelta(days=draft.form.expiry.remind)
    expiry = draft.form.expiry
    soon = turn.now + (timedelta() if expiry.asks else timedelta(days=1))
    due = remind if expiry.remind and remind > soon else kept.kept_until
    morning = due.astimezone(turn.settings.zone).replace(hour=expiry.hour, minute=0) if due is remind else due
    timers.arm(turn.session, EXPIRY, kept.id, max(morning, turn.now + timedelta(hours=1)))


def _note(turn: Turn, act: str, kept: Filing) -> None:
    """The journal tells that it was done, and never what was answered."""
    detail = f"{kept.form} {kept.number}"
    journal.note(turn.session, turn.now, act, grid_id=kept.grid_id, account_id=kept.account_id, detail=detail)


def told_to_staff(scene: Scene, form: Form, kept: Filing, says: str) -> list[Reply]:
    """Whoever the form names and is nearest hears that there is one, or no longer; never by itself what it says."""
    seat = _told(scene, form, kept)
    return [_to(scene, seat, form, kept, says)] if seat else []


def told_of_change(turn: Turn, form: Form, former: Filing, kept: Filing) -> list[Reply]:
    """Whoever was told of it hears once what is different now, as far as the own post may read it."""
    before, seat = _told(turn, form, former), _told(turn, form, kept)
    if (before and before.id) != (seat and seat.id):
        return [*told_to_staff(turn, form, former, GONE), *told_to_staff(turn, form, kept, NEW)]
    was, now = known.answers_of(former), known.answers_of(kept)
    other = {of: value for of, value in now.items() if was.get(of, "") != value}
    if seat is None or not other:
        return []
    today = drafts.local(turn).date()
    lines = showing.lines(turn.catalog, form, now, roles={seat.role}, today=today)
    labels = {form.by_id[of].label for of in other}
    changed = [line for line in lines if line.label in labels]
    detail = f"{kept.form} {kept.number}"
    journal.note(turn.session, turn.now, "form_read", grid_id=kept.grid_id, post_id=seat.id, why="told", detail=detail)
    return [_to(turn, seat, form, kept, CHANGED, changed)] if changed else []


def _told(scene: Scene, form: Form, kept: Filing) -> Seat | None:
    """Who hears of it: nobody of one's own filing."""
    if not form.tells or kept.grid_id is None:
        return None
    seats = duty.over(scene, grids.get(scene.session, kept.grid_id)).nearest(form.tells)
    own = people.get_account(scene.session, kept.account_id).person_id
    return seats[0] if seats and seats[0].person_id != own else None


def _to(scene: Scene, seat: Seat, form: Form, kept: Filing, says: str, lines: Sequence[showing.Line] = ()) -> Reply:
    where = showing.door(scene.catalog, kept.building, kept.unit, kept.room)
    values = {"number": kept.number, "form": form, "where": where, "lines": lines}
    return Reply(says, values, to=duty.address(seat), lane=Lane.DUTY, about=None)


@router.order("form_kept")
@in_private
def kept_lately(turn: Turn) -> list[Reply]:
    """取消 right after keeping: it stands, and can be taken back by one tap."""
    number = turn.order.number if turn.order else None
    buttons = (Button("form_withdraw", f"form_withdraw {number}"), Button("form_let_stand", "form_let_stand"))
    return [Reply("forms/kept_lately", {"number": number}, buttons=buttons, about=number, ask=Ask())]


@router.order("form_let_stand")
def let_stand(_turn: Turn) -> list[Reply]:
    """It stays as it was kept."""
    return [Reply("forms/let_stand")]
