"""我的信息: what is kept about the speaker, how to put it right, and what was said yes to."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from bot import orders
from bot.errors import UserMistake
from bot.message import LITERAL, Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import personal, phrases
from handlers.desk import help as desk_help
from handlers.forms import mine
from handlers.forms.keeping import CONSENT as FORMS
from handlers.people import codes as place_codes
from handlers.people import consent, duty, said_since
from handlers.people.consent import Purpose
from storage import codes, erasing, forms, grids, journal, people, timers
from storage import consent as consents
from storage.people import Account

router = Router()

TAKES_BACK, EVERY = "withdraw_consent", "every"
CONSENT_GONE = "consent_gone"
"""The press that takes a yes back."""
SURE_FOR_S = 1800
ERASE = "erase"
"""The timer of an account that is to be forgotten once nothing of it is under way."""
LONGEST_NAME, LONGEST = 20, 200


class Correcting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """correcting.toml: what somebody names who says what is wrong about them."""

    name: tuple[str, ...]
    """What follows is what to call them."""
    register: tuple[str, ...]
    home: tuple[str, ...]


@router.guard_where("alone")
def means_oneself(turn: Turn) -> Handler | None:
    """更正 and 同意 said in private, where nothing else can be meant, are about one's own information."""
    said = turn.utterance
    if said.command not in ("correct", "approve") or said.numbers or turn.quoted or turn.order:
        return None
    if said.command == "approve":
        return None if turn.posts or turn.asked else agreed_to
    meant = orders.meant(turn)
    living = erasing.living_of(turn.session, turn.account.id) if turn.account else []
    if living or meant is None or meant.answers:
        return None
    turn.order = Order("correct_info", (), said.argument, answers=True)
    return put_right


@router.order("my_info")
def my_info(turn: Turn) -> list[Reply]:
    """Everything that is kept about the speaker, in private."""
    if turn.in_group:
        return [Reply("privacy/in_private")]
    account = _known(turn)
    home = codes.home_of(turn.session, account.id)
    values: dict[str, object] = {
        "account": account,
        "home": home,
        "grid": grids.get(turn.session, account.grid_id) if account.grid_id else None,
        "person": people.get(turn.session, account.person_id) if account.person_id else None,
        "held": erasing.held(turn.session, account.id),
        "agreed": _agreed(turn, account),
        "leaves": timers.armed(turn.session, ERASE, account.id),
    }
    buttons = (
        Button("put_right", "correct_info"),
        Button("withdraw_consent", "withdraw_consent"),
        Button(ERASE, ERASE),
    )
    return [Reply("privacy/mine", values, buttons=buttons, ask=Ask())]


@router.order("correct_info")
def put_right(turn: Turn) -> list[Reply]:
    """What of it is wrong?"""
    if turn.in_group:
        return [Reply("privacy/in_private")]
    account = _known(turn)
    if turn.words and turn.order and turn.order.answers and (meant := _put_right_at_once(turn, account)):
        return meant
    buttons = [Button("my_name", "rename"), Button("my_home", "code")]
    if codes.home_of(turn.session, account.id):
        buttons.append(Button("no_home", "forget_home"))
    if account.person_id:
        buttons.append(Button("register", "register_wrong"))
    ask = Ask(takes="correct_info", lasts_s=1800)
    return [Reply("privacy/what_is_wrong", buttons=tuple(buttons), ask=ask)]


def _put_right_at_once(turn: Turn, account: Account) -> list[Reply] | None:
    """What is wrong, said in a sentence instead of tapped: 电话改成139..., 我住6栋, 叫我黄阿姨."""
    said, words = turn.words, turn.catalog.read("correcting.toml", Correcting)
    order = turn.order or Order("correct_info")
    if name := next((said.partition(word)[2] for word in words.name if word in said), ""):
        turn.order = replace(order, code="rename", argument=name)
        return rename(turn)
    if any(word in said for word in words.register) or personal.find(said):
        if account.person_id is None:
            return [Reply("privacy/no_register")]
        turn.order = replace(order, code="register_wrong", argument=said)
        return register_wrong(turn)
    if any(word in said for word in words.home) or turn.utterance.place.building:
        return [Reply("privacy/home_by_code", ask=Ask(takes="code", lasts_s=600))]
    return None


@router.guard_where("asked")
def no_correction(turn: Turn) -> Handler | None:
    """Asked what is wrong, somebody plainly reports a fault: that goes first."""
    said = turn.utterance
    if turn.asked is None or turn.asked.takes != "correct_info" or said.intent != "report":
        return None
    if any(why.startswith(("fault:", "urgent:")) for why in said.why):
        turn.asked = None
    return None


@router.order("rename")
def rename(turn: Turn) -> list[Reply]:
    """What the bot calls the speaker from now on."""
    if turn.in_group:
        return []
    account = _known(turn)
    name = turn.words[:LONGEST_NAME]
    if not name or any(letter.isdecimal() for letter in name):
        return [Reply("privacy/which_name", ask=Ask(takes="rename", lasts_s=1800))]
    people.rename(turn.session, account.id, name)
    turn.account = people.get_account(turn.session, account.id)
    _note(turn, account, "renamed")
    return [Reply("privacy/renamed", {"name": name})]


@router.order("forget_home")
def forget_home(turn: Turn) -> list[Reply]:
    """Neither building nor door is kept; the grid stays, so that reports find their way."""
    if turn.in_group:
        return []
    account = _known(turn)
    codes.forget_home(turn.session, account.id)
    _note(turn, account, "home_forgotten")
    return [Reply("privacy/home_forgotten")]


@router.order("register_wrong")
def register_wrong(turn: Turn) -> list[Reply]:
    """What the community's register says is put right by whoever keeps it: the nearest leader is told."""
    if turn.in_group:
        return []
    account = _known(turn)
    words = turn.words[:LONGEST]
    if not words:
        return [Reply("privacy/what_in_register", ask=Ask(takes="register_wrong", lasts_s=1800))]
    grid = turn.grid or grids.root(turn.session)
    seat = desk_help.nearest(turn, grid)
    if seat is None:
        return [Reply("desk/human", {"human": turn.settings.human, "seat": None})]
    _note(turn, account, "register_wrong", post_id=seat.id)
    wanted = {"name": account.name, "grid": grid, "words": words}
    told = Reply("privacy/register_wrong", wanted, to=duty.address(seat), lane=Lane.DUTY)
    return [Reply("privacy/register_told", {"seat": seat}), told]


@router.order("consents")
def agreed_to(turn: Turn) -> list[Reply]:
    """同意: what was said yes to, and what may still be."""
    if turn.in_group:
        return [Reply("privacy/in_private")]
    account = turn.speaker()
    agreed = _agreed(turn, account)
    open_to = [one for one in consent.purposes(turn.catalog).values() if one not in agreed]
    buttons = tuple(Button(LITERAL + one.name, f"{consent.AGREE} {one.code} {one.then}".strip()) for one in open_to)
    return [Reply("privacy/consents", {"agreed": agreed, "open_to": open_to}, buttons=buttons, ask=Ask())]


@router.order("withdraw_consent")
def withdraw_consent(turn: Turn) -> list[Reply]:
    """撤回同意: asked once, with what goes and what stays."""
    if turn.in_group:
        return [Reply("privacy/in_private")]
    account = turn.speaker()
    agreed = _agreed(turn, account)
    named = [one for one in agreed if turn.words and turn.words in (one.code, one.name)]
    if not agreed:
        raise UserMistake("privacy/nothing_agreed")
    if turn.words == EVERY:
        named = agreed
    if not named and len(agreed) > 1:
        buttons = tuple(Button(LITERAL + one.name, f"{TAKES_BACK} {one.code}") for one in agreed)
        return [Reply("privacy/which_consent", buttons=buttons, ask=Ask())]
    return [_sure(turn, account, named or agreed)]


@router.guard_where("alone")
def every_one(turn: Turn) -> Handler | None:
    """都撤回 where it is asked which yes is taken back."""
    said, waits = turn.utterance.text, turn.asked.options.split("\n") if turn.asked else []
    if not all(one.startswith(f"{TAKES_BACK} ") for one in waits) or not waits or turn.order is not None:
        return None
    if turn.incoming.happening == "text" and phrases.only(said, consent.every(turn.catalog)):
        turn.order = Order(TAKES_BACK, (), EVERY, answers=True)
        return withdraw_consent
    return None


def _sure(turn: Turn, account: Account, purposes: Sequence[Purpose]) -> Reply:
    about_forms = any(one.code == FORMS for one in purposes)
    kept = forms.of_account(turn.session, account.id, forms.DRAFT, forms.KEPT) if about_forms else []
    buttons = (
        Button(TAKES_BACK, f"{CONSENT_GONE} {' '.join(one.code for one in purposes)}"),
        Button("form_let_stand", "form_let_stand"),
    )
    values = {"purposes": purposes, "many": sum(one.revises_id is None for one in kept)}
    return Reply("privacy/withdraw_sure", values, buttons=buttons, ask=Ask(lasts_s=SURE_FOR_S))


@router.afterword
def other_talk(turn: Turn) -> Handler | None:
    """Keep in mind that something else was said while it is asked whether a yes is taken back."""
    said_since.mark(turn, f"{CONSENT_GONE} ")


@router.order(CONSENT_GONE)
def consent_gone(turn: Turn) -> list[Reply]:
    """What was kept for it is gone at once; the service stays. What was asked before other talk is asked again."""
    if turn.in_group:
        return []
    account = turn.speaker()
    gone = [one for one in _agreed(turn, account) if one.code in turn.words.split()]
    if not gone:
        raise UserMistake("privacy/nothing_agreed")
    late = turn.incoming.happening == "text" and said_since.happened(turn)
    if late or turn.order is None or not turn.order.answers:
        return [_sure(turn, account, gone)]
    told: list[Reply] = []
    for purpose in gone:
        consent.record(turn, purpose.code, given=False)
        told += WITHOUT[purpose.code](turn, account)
    return [Reply("privacy/consent_withdrawn", {"purposes": gone}), *told]


def _no_room(turn: Turn, account: Account) -> list[Reply]:
    codes.forget_room(turn.session, account.id)
    return []


def _no_forms(turn: Turn, account: Account) -> list[Reply]:
    told = mine.of_whom_leaves(turn, account.id)
    forms.forget(turn.session, account.id, turn.now)
    return told


WITHOUT: dict[str, Callable[[Turn, Account], list[Reply]]] = {
    place_codes.HOME: _no_room,
    FORMS: _no_forms,
}
"""What is forgotten when the yes to a purpose is taken back, and who is told."""


def _agreed(turn: Turn, account: Account) -> list[Purpose]:
    last = consents.of_account(turn.session, account.id)
    return [
        one
        for one in consent.purposes(turn.catalog).values()
        if (said := last.get(one.code)) and said.given and said.version == one.version
    ]


def _known(turn: Turn) -> Account:
    if turn.account is None:
        raise UserMistake("privacy/nothing_kept")
    return turn.account


def _note(turn: Turn, account: Account, act: str, post_id: int | None = None) -> None:
    journal.note(turn.session, turn.now, act, grid_id=account.grid_id, account_id=account.id, post_id=post_id)
