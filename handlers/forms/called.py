"""平安吗, answered: that all is well, that it is not, that nobody need ask; and what whoever was sent has found."""

import re
from dataclasses import replace
from datetime import timedelta

import msgspec

from bot.catalog import Catalog
from bot.errors import UserMistake
from bot.message import Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Order, Scene, Turn
from bot.understanding import phrases
from bot.understanding.utterance import Utterance
from handlers.forms import by_clock, calling, known, lint
from handlers.forms.calling import GOING, HELP, OK, OVER, SEEN, Waiting
from handlers.forms.filling import in_private
from handlers.forms.rules import Call, Form
from handlers.people import authority, duty
from storage import forms, grids, people, posts, timers
from storage.forms import KEPT, Filing

router = Router()

AGAIN, ENOUGH, GONE, MISSED, IS_OVER = "safe_again", "safe_enough", "safe_gone", "safe_missed", "safe_is_over"
NAMED = "emergency:"
ASKING = ("吗", "么", "?", "？")
LASTS_S = int(by_clock.A_WEEK.total_seconds())
SHORT = 40
"""Characters of an answer that only says that all is well."""
NOT = re.compile(r"(?:没有?|莫得?|没得|不|无|未|别|哪里)(?:再|会|得|有|么)?$")
"""Right before a word it is not so: 没摔, 不头晕."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """calling.toml."""

    fine: tuple[str, ...]
    beside: tuple[str, ...]
    weak: tuple[str, ...]
    plainly: tuple[str, ...]
    others: tuple[str, ...]
    """Who files for somebody else speaks of them so."""
    reached: tuple[str, ...]
    missed: tuple[str, ...]
    dire: tuple[str, ...]
    fell: tuple[str, ...]
    no_fall: tuple[str, ...]
    long_ago: tuple[str, ...]
    not_so_meant: tuple[str, ...]
    """With one of these nobody is ill: 看得我头昏."""
    not_me: tuple[str, ...]
    unwell: tuple[str, ...]
    enough: tuple[str, ...]
    gone: tuple[str, ...]
    moved: tuple[str, ...]
    but: tuple[str, ...]
    cry: str


def words_of(catalog: Catalog) -> Words:
    """How answers to the clock are heard."""
    return catalog.read("calling.toml", Words)


@router.guard_where("alone")
def answers_the_clock(turn: Turn) -> Handler | None:
    """A word to 平安吗 is heard as it is meant; what is plainly a report or an order goes its own way."""
    said = turn.utterance
    if turn.account is None or turn.order is not None or turn.incoming.happening != "text":
        return None
    words, number = words_of(turn.catalog), _waits(turn)
    if said.command is not None or said.digit is not None or not said.text or is_named(said):
        return None
    if number is None and not phrases.only(said.text, words.plainly):
        return None
    row = _row(turn, number)
    if row is None:
        return None
    form, call = row[1], row[2]
    code = meant(words, said.text, other=call.is_for_another(known.answers_of(row[0])))
    if code == AGAIN and (said.intent in ("report", "wish", "ask", "form") or titled(form, said.text)):
        return None
    argument = said.text if code in (HELP, GONE) else ""
    turn.order = Order(code, (row[0].number,), argument, answers=number is not None)
    return None


def is_named(said: Utterance) -> bool:
    """Whether the catalog's own words name a danger: 头晕 alone may be gas, but not where it is asked 平安吗."""
    return said.intent == "emergency" and any(why.startswith(NAMED) for why in said.why)


def titled(form: Form, text: str) -> bool:
    """Whether the form itself is called for."""
    return any(title in text for title in form.titles)


def meant(words: Words, text: str, *, other: bool) -> str:
    """The order that the answer is; a sign that something is wrong comes before a word that all is well."""
    good = (*words.fine, *words.plainly, *(words.reached if other else ()))
    if len(text) <= SHORT and phrases.only(text, good, words.beside):
        return OK
    if any(word in text for word in (*words.gone, *words.moved)):
        return GONE
    if any(word in text for word in words.enough):
        return ENOUGH
    if is_so(words.dire, text) or is_so(words.unwell, text):
        return HELP
    if other and any(word in text for word in words.missed):
        return MISSED
    well = phrases.some(text, good, words.beside) and not any(word in text for word in words.but)
    return OK if well and not text.endswith(ASKING) else AGAIN


def is_so(words: tuple[str, ...], text: str) -> bool:
    """Whether one of the words is there and nothing takes it back."""
    there = [word for word in words if word in text]
    found = ((word, at.start()) for word in there for at in re.finditer(re.escape(word), text))
    return any(word.startswith(("不", "没")) or not NOT.search(text[:at]) for word, at in found)


def _waits(turn: Turn) -> int | None:
    """The filing of which it is asked here and now, by its question or by quoting it."""
    options = turn.asked.options if turn.asked else ""
    if options.startswith(f"{OK} "):
        return int(options.split()[1])
    return turn.quoted


def _row(turn: Turn, number: int | None) -> tuple[Filing, Form, Call] | None:
    """The speaker's filing of which an answer is waited for: this one, or the only one."""
    if turn.account is None:
        return None
    waiting = [found for found in _waiting(turn) if number in (None, found[0].number)]
    if len(waiting) > 1:
        of_another = any(word in turn.utterance.text for word in words_of(turn.catalog).others)
        waiting = [one for one in waiting if one[2].is_for_another(known.answers_of(one[0])) is of_another]
    return waiting[0] if waiting else None


def _waiting(turn: Turn) -> list[tuple[Filing, Form, Call]]:
    """Every filing of the speaker of which an answer is waited for."""
    offered = lint.offered(turn.catalog)
    kept = forms.of_account(turn.session, turn.account.id, KEPT) if turn.account else []
    found = [(row, offered[row.form]) for row in kept if Waiting.of(row) and row.form in offered]
    return [(row, form, form.call) for row, form in found if form.call]


@router.order(OK)
@in_private
def all_is_well(turn: Turn) -> list[Reply]:
    """Noted, with a kind word; whoever was sent hears that nobody need go."""
    row, form, call = own(turn)
    told = heard(turn, form, row)
    values = {"next": calling.next_day(turn, call, row, turn.now), "other": call.is_for_another(known.answers_of(row))}
    others = [one for one in _waiting(turn) if one[0].id != row.id]
    also = [calling.question(turn, other, ask, one, until=None) for one, other, ask in others[:1]]
    also = [replace(one, lane=Lane.REPLY, ask=Ask(lasts_s=LASTS_S)) for one in also]
    return [Reply("forms/heard", {**values, "next": None if also else values["next"]}), *also, *told]


@router.order(MISSED)
@in_private
def not_reached(turn: Turn) -> list[Reply]:
    """Whoever looks after a parent from afar cannot reach them: somebody is sent now."""
    row, form, call = own(turn)
    waiting = Waiting.of(row) or Waiting(turn.now)
    timers.disarm(turn.session, calling.UNHEARD, row.id)
    sent = calling.send_somebody(turn, form, call, row, waiting, missed=True)
    buttons = (Button("safe_other_ok", f"{OK} {row.number}"), Button(HELP, f"{HELP} {row.number}"))
    values = {"sent": bool(sent or waiting.told), "role": call.rings[0]}
    return [Reply("forms/somebody_goes", values, buttons=buttons, about=row.number, ask=Ask()), *sent]


@router.order(AGAIN)
@in_private
def once_more(turn: Turn) -> list[Reply]:
    """Words that say neither: who asks, and what to answer."""
    row, form, call = own(turn)
    asked = calling.question(turn, form, call, row, until=None, again=True)
    return [replace(asked, lane=Lane.REPLY, ask=Ask(lasts_s=LASTS_S))]


@router.order(ENOUGH)
@in_private
def no_more(turn: Turn) -> list[Reply]:
    """别问了: it is their own wish, and done at once."""
    row, form, _ = own(turn)
    told = heard(turn, form, row)
    stop(turn, form, row, account_id=row.account_id)
    return [_stopped(row, ""), *told]


@router.order(GONE)
@in_private
def no_longer_there(turn: Turn) -> list[Reply]:
    """Who died or moved away is asked after no more; whether the filing goes, too, is one tap."""
    row, form, _ = own(turn)
    told = heard(turn, form, row)
    stop(turn, form, row, account_id=row.account_id)
    gone = any(word in turn.words for word in words_of(turn.catalog).gone)
    return [_stopped(row, "gone" if gone else "moved"), *told]


def _stopped(row: Filing, why: str) -> Reply:
    buttons = (Button("form_edit", f"form_edit {row.number}"), Button("form_withdraw", f"form_kept {row.number}"))
    return Reply(
        "forms/calls_stopped", {"number": row.number, "why": why}, buttons=buttons, about=row.number, ask=Ask()
    )


def stop(scene: Scene, form: Form, row: Filing, *, account_id: int | None) -> None:
    """Ask no more: the filing says so from now on."""
    call = form.call
    never = next((code for code, days in call.days.items() if not days), "") if call else ""
    answers = {**known.answers_of(row), **({call.often: never} if call else {})}
    forms.change(scene.session, row.id, KEPT, {"answers": msgspec.json.encode(answers).decode(), "step": ""})
    calling.end(scene, row)
    calling.note(scene, "form_call_stop", row, account_id=account_id)


def heard(scene: Scene, form: Form, row: Filing, *, fine: bool = True, by: int | None = None) -> list[Reply]:
    """An answer came: nobody waits for one any more, and whoever was sent hears it, but the post `by`."""
    waiting = Waiting.of(row)
    if waiting is None:
        return []
    forms.change(scene.session, row.id, KEPT, {"step": ""})
    timers.disarm(scene.session, calling.UNHEARD, row.id)
    calling.note(scene, "form_heard" if by is None else "form_seen", row, account_id=row.account_id, post_id=by)
    seats = posts.seats(scene.session, waiting.told) if waiting.told else {}
    values = {**calling.named(scene, form, row), "fine": fine, "seen": by is not None}
    return [
        Reply("forms/heard_for_staff", values, to=duty.address(seat), lane=Lane.DUTY)
        for seat in seats.values()
        if seat.id != by and seat.channel is not None
    ]


@router.afterword
def heard_otherwise(turn: Turn) -> Handler | None:
    """Who cries for help or reports something of their own has been heard: nobody is sent for their silence."""
    if turn.in_group or turn.account is None or turn.utterance.intent not in ("emergency", "report"):
        return None
    options = turn.asked.options if turn.asked else ""
    found = _row(turn, None) if options.startswith(f"{OK} ") or turn.utterance.intent == "emergency" else None
    if found is None or (found[2].is_for_another(known.answers_of(found[0])) and turn.utterance.intent == "report"):
        return None
    return _no_more_waited


def _no_more_waited(turn: Turn) -> list[Reply]:
    """Unless the answer itself said so already."""
    found = _row(turn, None)
    return heard(turn, found[1], found[0], fine=False) if found else []


@router.order(SEEN)
@in_private
def seen(turn: Turn) -> list[Reply]:
    """Whoever was sent has reached them and all is well."""
    row, form, post_id = _sent(turn)
    told = heard(turn, form, row, by=post_id)
    return [Reply("forms/seen", {**calling.named(turn, form, row), "unwell": bool(turn.words)}), *told]


@router.order(GOING)
@in_private
def going(turn: Turn) -> list[Reply]:
    """Somebody goes: the others wait as long as for an answer."""
    row, form, post_id = _sent(turn)
    if Waiting.of(row) and form.call:
        calling.note(turn, "form_going", row, account_id=turn.speaker().id, post_id=post_id)
        later = by_clock.by_day(turn, turn.now + timedelta(hours=form.call.waits))
        timers.arm(turn.session, calling.UNHEARD, row.id, later)
    buttons = (Button(SEEN, f"{SEEN} {row.number}"), Button(OVER, f"{OVER} {row.number}"))
    return [Reply("forms/going", calling.named(turn, form, row), buttons=buttons, ask=Ask())]


@router.order(OVER)
@in_private
def over(turn: Turn) -> list[Reply]:
    """搬走或过世: asked once more, since nobody is asked after any more then."""
    row, form, _ = _sent(turn)
    buttons = (Button("safe_is_over", f"{IS_OVER} {row.number}"), Button("safe_not_over", f"{GOING} {row.number}"))
    return [Reply("forms/over_sure", calling.named(turn, form, row), buttons=buttons, ask=Ask())]


@router.order(IS_OVER)
@in_private
def is_over(turn: Turn) -> list[Reply]:
    """No more questions there; whoever filed it hears so, without a reason."""
    row, form, post_id = _sent(turn)
    told = heard(turn, form, row, by=post_id)
    stop(turn, form, row, account_id=turn.speaker().id)
    owner = by_clock.address(people.get_account(turn.session, row.account_id))
    buttons = (Button("form_edit", f"form_edit {row.number}"), Button("form_withdraw", f"form_kept {row.number}"))
    kind = Reply("forms/calls_over", {"number": row.number, "form": form}, to=owner, buttons=buttons, about=row.number)
    return [Reply("forms/over_noted", calling.named(turn, form, row)), replace(kind, lane=Lane.NOTICE), *told]


def own(turn: Turn) -> tuple[Filing, Form, Call]:
    """The speaker's own filing that is meant; UserMistake where there is none any more."""
    number = turn.order.number if turn.order else None
    row = forms.by_number(turn.session, number, to_change=True) if number else None
    form = lint.offered(turn.catalog).get(row.form) if row else None
    mine = row is not None and turn.account is not None and row.account_id == turn.account.id and row.state == KEPT
    if row is None or not mine or form is None or form.call is None:
        raise UserMistake("forms/gone")
    return row, form, form.call


def _sent(turn: Turn) -> tuple[Filing, Form, int | None]:
    """The filing with the post by which the speaker may look at it; UserMistake where none may."""
    number = turn.order.number if turn.order else None
    row = forms.by_number(turn.session, number, to_change=True) if number else None
    form = lint.offered(turn.catalog).get(row.form) if row and row.state == KEPT else None
    if row is None or form is None or row.grid_id is None:
        raise UserMistake("forms/unknown", number=number)
    code = grids.get(turn.session, row.grid_id).code
    held = [post for post, grid in authority.seated(turn, turn.posts, "see") if code.startswith(grid.code)]
    post = next((post for post in held if post.role in form.staff), None)
    if post is None:
        raise UserMistake("forms/unknown", number=number)
    return row, form, post.id
