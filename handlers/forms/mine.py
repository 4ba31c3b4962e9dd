"""Afterwards: what I have filed, changing it, taking it back, and its end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot import orders
from bot.errors import UserMistake
from bot.message import LITERAL, Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Order, Scene, Turn
from bot.understanding import phrases
from handlers.forms import asking, by_clock, calling, drafts, filling, keeping, known, lint, showing, starting
from handlers.forms.filling import in_private
from handlers.forms.keeping import EXPIRY
from handlers.forms.rules import words
from storage import forms, journal, matters, people, timers
from storage.forms import DRAFT, EXPIRED, KEPT, WITHDRAWN, Filing
from storage.matters import ENDED
from storage.people import Account
from storage.timers import Timer

router = Router()

SHOWN = 4
WHICH_CONSENT = "withdraw_consent "
"""Asked which yes is taken back, 都撤回 is no order about a form."""
AN_HOUR = timedelta(hours=1)
"""How soon is looked again whether it is day."""
WITH_A_NUMBER = {
    "withdraw": "form_withdraw",
    "form_withdraw": "form_withdraw",
    "correct": "form_edit",
    "add": "form_edit",
    "form_edit": "form_edit",
    "progress": "form_show",
    "form_mine": "form_show",
}
"""What an order with the number of a filing means; as it is typed, and as it is carried out."""


@router.guard
def with_its_number(turn: Turn) -> Handler | None:
    """撤回 1005, 修改 1005, 进度 1005: where 1005 is a filing and no matter."""
    said = turn.utterance
    meant = WITH_A_NUMBER.get(said.command or "")
    if said.command == "form_withdraw" and not said.numbers and turn.account and turn.incoming.happening == "text":
        kept = forms.of_account(turn.session, turn.account.id, KEPT)
        turn.order = Order("form_kept", (kept[0].number,)) if len(kept) == 1 else turn.order
        return None
    if meant is None or not said.numbers or turn.incoming.happening != "text":
        return None
    row = forms.by_number(turn.session, said.numbers[0])
    if row is not None and turn.account is not None and row.account_id == turn.account.id:
        asks = meant == "form_withdraw" and row.state == KEPT
        turn.order = Order("form_kept" if asks else meant, said.numbers, said.argument)
    return None


@router.guard_where("alone")
def nothing_else_to_take_back(turn: Turn) -> Handler | None:
    """撤回 by somebody with filings and nothing reported: they are shown, and what is taken back is tapped."""
    said = turn.utterance
    if said.command != "withdraw" or said.numbers or turn.quoted is not None or turn.order is not None:
        return None
    if turn.account is None or orders.meant(turn) != Order("withdraw", (), said.argument):
        return None
    if turn.asked is not None and turn.asked.options.startswith(WHICH_CONSENT):
        return None
    if any(one.state not in ENDED for one in matters.of_account(turn.session, turn.account.id)):
        return None
    return mine if _living(turn, turn.account) else None


@router.guard_where("alone")
def not_back_yet(turn: Turn) -> Handler | None:
    """还没回来, where it is asked whether the speaker is back: nobody is missing."""
    waits = turn.asked.options if turn.asked else ""
    if not waits.startswith("form_over ") or turn.incoming.happening != "text":
        return None
    if phrases.only(turn.utterance.text, orders.words(turn, "form_edit")):
        turn.utterance = replace(turn.utterance, intent="chat", emergency=None, command=None)
        turn.order = Order("form_edit", (int(waits.split()[1]),), answers=True)
    return None


@router.guard_where("quoting", "alone")
def quoting_a_question(turn: Turn) -> Handler | None:
    """Who quotes a question of an open form answers that form, whichever was asked last."""
    said = turn.utterance
    if turn.quoted is None or turn.incoming.happening != "text" or turn.account is None:
        return None
    if said.command is not None or said.intent == "emergency" or not said.text or turn.order is not None:
        return None
    if turn.asked is not None and turn.asked.about == turn.quoted:
        return None
    row = forms.by_number(turn.session, turn.quoted)
    if row is None or row.state != DRAFT or row.account_id != turn.account.id:
        return None
    code = f"{asking.ANSWER}" if row.step else asking.CHANGE
    turn.order = Order(code, (row.number,), f"{row.step} {said.text}".strip(), answers=turn.asked is not None)
    return None


@router.order("form_mine")
@in_private
def mine(turn: Turn) -> list[Reply]:
    """我的报备: what waits to be finished, and what is kept."""
    account = turn.account
    found = _living(turn, account) if account else []
    if not found:
        return [Reply("forms/mine_none")]
    if len(found) == 1 and found[0].state == KEPT:
        return [_shown(turn, found[0])]
    offered = lint.offered(turn.catalog)
    buttons = tuple(Button(f"{LITERAL}{row.number} {offered[row.form].title}", _opens(row)) for row in found[:SHOWN])
    values = {"filings": found[:12], "titles": {code: form.title for code, form in offered.items()}}
    return [Reply("forms/mine", values, buttons=buttons, ask=Ask())]


@router.order("form_show")
@in_private
def show(turn: Turn) -> list[Reply]:
    """One of mine with all its answers."""
    return [_shown(turn, _own(turn))]


@router.order("form_edit")
@in_private
def edit(turn: Turn) -> list[Reply]:
    """修改: the kept answers stand until the new ones are confirmed."""
    row = _own(turn)
    if row.state == DRAFT:
        return asking.go_on(turn, drafts.of_speaker(turn, row.number))
    for draft in forms.of_account(turn.session, row.account_id, DRAFT):
        if draft.revises_id == row.id:
            forms.end(turn.session, [draft.id], WITHDRAWN, turn.now)
    said = turn.words
    replies = starting.revise(turn, row, "")
    if not said:
        return replies
    draft = next(one for one in forms.of_account(turn.session, row.account_id, DRAFT) if one.revises_id == row.id)
    turn.order = Order(asking.CHANGE, (draft.number,), said, answers=turn.order.answers if turn.order else False)
    return filling.change(turn)


@router.order("form_over", "form_withdraw")
@in_private
def withdraw(turn: Turn) -> list[Reply]:
    """撤回: the answers are gone at once; only that there was one stays."""
    row = _own(turn)
    revisions = [
        draft.id for draft in forms.of_account(turn.session, row.account_id, DRAFT) if draft.revises_id == row.id
    ]
    forms.end(turn.session, [row.id, *revisions], WITHDRAWN, turn.now)
    timers.disarm(turn.session, EXPIRY, row.id)
    timers.disarm(turn.session, drafts.REMINDER, row.id)
    calling.end(turn, row)
    _note(turn, "form_withdraw", row, row.account_id)
    return [Reply("forms/withdrawn", {"number": row.number}), *no_longer_wanted(turn, [row])]


def no_longer_wanted(scene: Scene, rows: Sequence[Filing]) -> list[Reply]:
    """Whoever was told that there is such a filing hears, in private, that it was taken back."""
    offered = lint.offered(scene.catalog)
    kept = [(offered[row.form], row) for row in rows if row.state == KEPT and row.form in offered]
    return [told for form, row in kept for told in keeping.told_to_staff(scene, form, row, keeping.GONE)]


def of_whom_leaves(scene: Scene, account_id: int) -> list[Reply]:
    """The same for everything that this account filed, said before it is erased."""
    return no_longer_wanted(scene, forms.of_account(scene.session, account_id, KEPT))


@router.order("form_renew")
@in_private
def renew(turn: Turn) -> list[Reply]:
    """还是这样: kept for another term."""
    row = _own(turn)
    form = lint.offered(turn.catalog).get(row.form)
    if form is None or row.kept_until is None:
        raise UserMistake("forms/no_longer")
    until = max(row.kept_until, turn.now) + timedelta(days=form.expiry.days)
    after = forms.change(turn.session, row.id, KEPT, {"kept_until": until, "touched_at": turn.now})
    if after is None:
        raise UserMistake("forms/gone")
    remind = until - timedelta(days=form.expiry.remind)
    timers.arm(turn.session, EXPIRY, row.id, remind if remind > turn.now + timedelta(days=1) else until)
    _note(turn, "form_renew", row, row.account_id)
    return [Reply("forms/renewed", {"number": row.number, "until": until})]


@router.timer(EXPIRY)
def ending(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Before its day somebody is asked whether it still holds; on its day the answers are erased."""
    replies: list[Reply] = []
    ended: list[int] = []
    for row in forms.by_ids(scene.session, [timer.about for timer in due]):
        if row.state != KEPT or row.kept_until is None:
            continue
        form = lint.offered(scene.catalog).get(row.form)
        to = by_clock.address(people.get_account(scene.session, row.account_id))
        values = {"number": row.number, "title": form.title if form else "", "until": row.kept_until}
        if row.kept_until > scene.now:
            timers.arm(scene.session, EXPIRY, row.id, row.kept_until)
            asks = form.expiry.asks if form else ""
            replies.append(
                Reply(
                    "forms/ends_soon",
                    {**values, "asks": asks},
                    to=to,
                    buttons=_over_already(row) if asks else _still_so(row),
                    lane=Lane.NOTICE,
                    about=row.number,
                    ask=by_clock.may_ask(scene, to),
                )
            )
            continue
        ended.append(row.id)
        _note(scene, "form_expire", row, None)
        replies.append(Reply("forms/ended", values, to=to, lane=Lane.NOTICE))
    forms.end(scene.session, ended, EXPIRED, scene.now)
    return replies


def _still_so(row: Filing) -> tuple[Button, ...]:
    return (
        Button("form_renew", f"form_renew {row.number}"),
        Button("form_edit", f"form_edit {row.number}"),
        Button("form_withdraw", f"form_kept {row.number}"),
    )


def _over_already(row: Filing) -> tuple[Button, ...]:
    return Button("form_over", f"form_over {row.number}"), Button("form_not_over", f"form_edit {row.number}")


@router.timer(drafts.REMINDER)
def unfinished(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """A draft that rests is spoken of once, in daytime; after its days it is gone with what it held."""
    replies: list[Reply] = []
    ended: list[int] = []
    steering = words(scene.catalog)
    for row in forms.by_ids(scene.session, [timer.about for timer in due]):
        if row.state != DRAFT:
            continue
        end = row.touched_at + timedelta(days=steering.draft_days)
        form = lint.offered(scene.catalog).get(row.form)
        if end <= scene.now and not by_clock.is_day(scene, scene.now):
            timers.arm(scene.session, drafts.REMINDER, row.id, scene.now + AN_HOUR)
            continue
        if end <= scene.now:
            ended.append(row.id)
            if form is not None:
                to = by_clock.address(people.get_account(scene.session, row.account_id))
                gone = {"title": form.title, "days": steering.draft_days, "again": row.revises_id is not None}
                replies.append(Reply("forms/draft_gone", gone, to=to, lane=Lane.NOTICE))
            continue
        timers.arm(scene.session, drafts.REMINDER, row.id, end)
        if form is None or not by_clock.is_day(scene, scene.now):
            continue
        answers = known.answers_of(row)
        left = [question for question in form.questions if question.required and question.id not in answers]
        to = by_clock.address(people.get_account(scene.session, row.account_id))
        buttons = (
            Button("form_resume", f"form_resume {row.number}"),
            Button("form_cancel", f"form_cancel {row.number}"),
        )
        values = {
            "title": form.title,
            "left": len(left),
            "days": steering.draft_days - 1,
            "again": row.revises_id is not None,
        }
        replies.append(
            Reply(
                "forms/unfinished",
                values,
                to=to,
                buttons=buttons,
                lane=Lane.NOTICE,
                about=row.number,
                ask=by_clock.may_ask(scene, to),
            )
        )
    forms.end(scene.session, ended, EXPIRED, scene.now)
    return replies


def _living(turn: Turn, account: Account) -> list[Filing]:
    """Drafts and kept ones whose form is still there; a revision is no filing of its own."""
    found = forms.of_account(turn.session, account.id, DRAFT, KEPT)
    offered = lint.offered(turn.catalog)
    return [row for row in found if row.form in offered and row.revises_id is None]


def _own(turn: Turn) -> Filing:
    """The filing that is meant: by its number, or the only one there is."""
    number = turn.order.number if turn.order else None
    if number is None:
        kept = forms.of_account(turn.session, turn.account.id, KEPT) if turn.account else []
        if len(kept) != 1:
            raise UserMistake("forms/which_one" if kept else "forms/none_kept")
        number = kept[0].number
    row = forms.by_number(turn.session, number, to_change=True)
    if row is None or turn.account is None or row.account_id != turn.account.id or row.state not in (DRAFT, KEPT):
        raise UserMistake("forms/unknown", number=number)
    return row


def _shown(turn: Turn, row: Filing) -> Reply:
    form = lint.offered(turn.catalog).get(row.form)
    if form is None:
        raise UserMistake("forms/no_longer")
    values = {
        "number": row.number,
        "form": form,
        "lines": showing.lines(turn.catalog, form, known.answers_of(row), today=drafts.local(turn).date()),
        "until": row.kept_until,
        "draft": row.state == DRAFT,
    }
    edits = Button("form_resume", f"form_resume {row.number}") if row.state == DRAFT else None
    buttons = (edits or Button("form_edit", f"form_edit {row.number}"), _withdrawing(row))
    return Reply("forms/one_of_mine", values, buttons=buttons, about=row.number, ask=Ask())


def _withdrawing(row: Filing) -> Button:
    """What is kept is withdrawn only when asked again; a draft is dropped at once."""
    return Button("form_withdraw", f"{'form_withdraw' if row.state == DRAFT else 'form_kept'} {row.number}")


def _opens(row: Filing) -> str:
    return f"form_resume {row.number}" if row.state == DRAFT else f"form_show {row.number}"


def _note(scene: Scene, act: str, row: Filing, account_id: int | None) -> None:
    detail = f"{row.form} {row.number}"
    journal.note(scene.session, scene.now, act, grid_id=row.grid_id, account_id=account_id, detail=detail)
