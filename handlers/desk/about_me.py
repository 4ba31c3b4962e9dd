"""更正我的电话, 以后叫我黄阿姨 while a wish is open: words about oneself are no words about the wish."""

import re
from functools import lru_cache

import msgspec

from bot.errors import UserMistake
from bot.message import LITERAL, Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import personal, phrases
from handlers.desk.personal import LONGEST_NAME, put_right, register_wrong, rename
from handlers.forms import lint
from handlers.matters import afterwards
from handlers.wishes import amending, finding
from storage import forms, matters
from storage.forms import KEPT
from storage.matters import ENDED

router = Router()

SHORT = 32
MOST = 3
"""Of one's own affairs shown beside one's own information."""
A_FEW = 14
"""Characters of an affair on a button."""
PAUSES = " ,，。.:：、!！~的了"
NUMBER = re.compile(r"(?:改成|换成|是)?\s*\d[\d\s-]{6,}")
CORRECT, INFO, NAME = "correct", "correct_info", "rename"


class AboutMe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """about_me.toml."""

    mine: tuple[str, ...]
    phone: tuple[str, ...]
    name: tuple[str, ...]
    home: tuple[str, ...]
    all: tuple[str, ...]
    changed: tuple[str, ...]
    changes: tuple[str, ...]
    call_me: tuple[str, ...]
    call_me_short: tuple[str, ...]
    enough: tuple[str, ...]
    not_called: tuple[str, ...]


@router.guard_where("alone")
def of_oneself(turn: Turn) -> Handler | None:
    """Asked of every short sentence in private; quick to say None."""
    said, text = turn.utterance, turn.utterance.text
    if turn.order is not None or turn.incoming.happening != "text" or turn.account is None:
        return None
    if said.command not in (None, CORRECT, "form_edit") or not text or len(text) > SHORT or said.intent == "emergency":
        return None
    if (
        said.numbers
        or said.digit is not None
        or turn.quoted is not None
        or (turn.asked and turn.asked.takes not in ("", INFO))
    ):
        return None
    words = turn.catalog.read("about_me.toml", AboutMe)
    if said.command is None and (called := _called(words, text)):
        turn.order = Order(NAME, (), called, answers=True)
        return rename
    if said.command == CORRECT and not said.argument.strip(PAUSES):
        return _just_wished(turn) or (_which if finding.of_speaker(turn) else None)
    part = _part(words, said.argument if said.command else text, plainly=said.command is not None)
    if not part or forms.of_account(turn.session, turn.account.id, forms.DRAFT, KEPT):
        return None  # a form has phones and doors of its own
    return lambda turn: _asked_for(turn, part)


def _called(words: AboutMe, text: str) -> str:
    """What somebody wants to be called: 黄阿姨 of "以后叫我黄阿姨嘛"."""
    found = _patterns(words).search(text.strip(PAUSES))
    name = next((one for one in found.groups() if one), "").strip(PAUSES) if found else ""
    return name if 1 < len(name) <= LONGEST_NAME and not any(map(str.isdecimal, name)) else ""


@lru_cache(maxsize=4)
def _patterns(words: AboutMe) -> re.Pattern[str]:
    call, short, enough, other = map(
        phrases.any_of, (words.call_me, words.call_me_short, words.enough, words.not_called)
    )
    name = r"[^\s,，。去来做帮把给快赶下上到莫别不]{2,8}?"
    return re.compile(
        rf"^(?:{call})({name})(?:{enough})*$|^(?:{short})({name})(?:{enough})+$"
        rf"|^(?:{other})[^,，。]{{2,8}}[,，。\s]+(?:我?是?叫|我?名字叫|应该叫)({name})(?:{enough})*$"
    )


def _part(words: AboutMe, text: str, *, plainly: bool) -> str:
    """Which part of what is kept is named and nothing else: phone, name, home or all; a number may stand beside.

    `plainly`: 更正 stood before it; else the words must say that it changed, and that it is one's own.
    """
    rest = NUMBER.sub("", text).strip(PAUSES)
    for kind, ordered, free in _parts(words):
        if (plainly and ordered.fullmatch(rest)) or free.fullmatch(rest):
            return kind
    return ""


@lru_cache(maxsize=4)
def _parts(words: AboutMe) -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Of each part: how it is named behind 更正, and how a sentence says that it changed."""
    mine, changes = phrases.any_of(words.mine), phrases.any_of(words.changes)
    changed = phrases.any_of(tuple(word.rstrip(PAUSES) for word in words.changed))
    return tuple(
        (
            kind,
            re.compile(rf"(?:一下)?(?:{mine})*(?:{phrases.any_of(names)})(?:{changed})*"),
            re.compile(
                rf"(?:{mine})(?:{phrases.any_of(names)})(?:{changed})+|(?:{changes})(?:{mine})*(?:{phrases.any_of(names)})"
            ),
        )
        for kind, names in (("phone", words.phone), ("name", words.name), ("home", words.home), ("all", words.all))
    )


def _asked_for(turn: Turn, part: str) -> list[Reply]:
    """What it should be; what was said at once is taken."""
    if part == "name":
        turn.order = Order(NAME, answers=True)
        return rename(turn)
    if part == "phone":
        if turn.account is None or turn.account.person_id is None:
            return [Reply("privacy/no_register")]
        said = turn.utterance
        text = said.argument if said.command else said.text
        turn.order = Order("register_wrong", (), text if personal.numbers(text) else "", answers=True)
        return register_wrong(turn)
    if part == "home":
        return [Reply("privacy/home_by_code", ask=Ask(takes="code", lasts_s=600))]
    turn.order = Order(INFO, answers=True)
    return put_right(turn)


def _just_wished(turn: Turn) -> Handler | None:
    """更正 a moment after a wish is said of that."""
    newest = next(iter(matters.of_account(turn.session, turn.account.id)), None) if turn.account else None
    wished = newest is not None and newest.kind == finding.KIND and newest.state == "vetting"
    if newest is None or not wished or not afterwards.just_said(turn, newest):
        return None
    turn.order = Order("wish_correct", (newest.number,))
    return amending.correct


def _which(turn: Turn) -> list[Reply]:
    """更正 alone, with a wish open: one of one's own affairs, or what is kept of oneself?"""
    if turn.account is None:
        raise UserMistake("privacy/nothing_kept")
    offered = lint.offered(turn.catalog)
    wished = finding.of_speaker(turn)
    reported = [
        one
        for one in matters.of_account(turn.session, turn.account.id)
        if one.kind != finding.KIND and one.state not in ENDED and one.account_id == turn.account.id
    ]
    filed = [row for row in forms.of_account(turn.session, turn.account.id, KEPT) if row.form in offered]
    lines = [(one.number, one.text[:A_FEW], f"wish_correct {one.number}") for one in wished]
    lines += [(one.number, one.text[:A_FEW], f"{CORRECT} {one.number}") for one in reported]
    lines += [(row.number, offered[row.form].title, f"form_edit {row.number}") for row in filed]
    lines.sort(reverse=True)
    buttons = [Button(f"{LITERAL}{number} {text}", press) for number, text, press in lines[:MOST]]
    buttons.append(Button("my_info", INFO))
    return [Reply("desk/put_right_which", {"lines": lines[:MOST]}, buttons=tuple(buttons), ask=Ask())]
