"""What is said of a wish on hand, or of one's own, in any words: done, given back, not wanted any more, worded anew."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot import orders
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.people import authority
from handlers.wishes import doing, finding, spoken, taking_on, wording
from handlers.wishes.hearing import waits_for
from handlers.wishes.spoken import WishWords
from handlers.wishes.terms import terms
from storage import favours, matters, wishes
from storage.matters import ENDED, Matter
from storage.wishes import KIND

router = Router()

NUMBER = re.compile(r"(?<![\d.\-#+/])(\d{3,6})号?(?![\d.\-%元块年月日天个人栋幢座楼单室房户度米斤点分])")
DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
PAUSE = " ，,。:：、!！~"
IN_HAND = ("fulfil", "partly", "let_go")
VETTED = ("publish", "reword", "ask_back", "decline")
DONE_TOO = ("finish", *IN_HAND)
"""Command words by which a claimer may mean the wish on hand."""
TYPED_SLIP = 1.0
LONGEST = 60
"""Characters of a sentence in which one of these phrases decides."""
SHOWN = 6
TAKES_BACK, FAVOUR_DONE = "take_back", "favour_done"
RECENT = timedelta(days=14)
"""How long after both were told of each other a favour may be said to be done."""
LIVING = ("open", "answered", "agreed")
CONNECTS = ("relay", "wish_answer", "wish_add")
"""Questions during which a wish may be called off in a sentence."""


@dataclass(frozen=True, slots=True)
class Own:
    """A wish or a favour of the speaker's that can be taken back."""

    number: int
    text: str
    takes_back: str
    """The order that does it."""


@router.guard
def of_a_wish(turn: Turn) -> Handler | None:
    """With its number first, of the one on hand, or of the speaker's own."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.order is not None or said.intent == "emergency" or not said.text:
        return None
    if len(said.text) > LONGEST or said.digit is not None:
        return None
    rows = spoken.words(turn.catalog)
    if handler := _without_a_number(turn) or taking_on.slip(turn, rows):
        return handler
    return _numbered(turn, rows) or (None if turn.order else _on_hand(turn, rows) or _called_off(turn, rows))


def _without_a_number(turn: Turn) -> Handler | None:
    """A button's word typed is no choice among several: without a number the bot asks which is meant."""
    if turn.asked is None or not turn.asked.options or turn.quoted is not None or NUMBER.search(turn.utterance.text):
        return None
    order = orders.meant(turn)
    if order is None or not order.answers or order.number is None or turn.account is None:
        return None
    several = (order.code in IN_HAND and len(wishes.open_claims(turn.session, turn.account.id)) > 1) or (
        order.code in VETTED and len(finding.vetting_here(turn)) > 1
    )
    if several:
        turn.order = Order(order.code, (), order.argument)
    return None


def _numbered(turn: Turn, rows: WishWords) -> Handler | None:
    """ "1006 我去不了了", "认领1020号", "放弃一零二零", "1008 改成 …": what the speaker may do with that wish."""
    said = turn.utterance
    if said.command == "claim" and said.numbers and _wonders(said.argument, rows):
        return taking_on.sure(matters.by_number(turn.session, said.numbers[0]))
    if said.command == "favour_help" and (wish := _a_wish(turn)):
        turn.order = Order("claim", (wish.number,))
        return None
    if turn.order is not None or (said.command is not None and said.confidence >= TYPED_SLIP):
        return None
    named = NUMBER.search(said.text) or taking_on.SPELLED.search(said.text)
    if named is None:
        return None
    told = (*doing.phrases_of(rows), *rows.wisher.withdraw, *rows.wisher.over, *rows.wisher.change)
    told = (*told, *rows.vetter.reword, *rows.vetter.publish, *rows.anyone.claim, *rows.anyone.would)
    told = (*told, *rows.anyone.slips, *rows.anyone.claim_named, *rows.wisher.over_named, *terms(turn.catalog).takes_on)
    told = (*told, *rows.vetter.decline, *rows.vetter.ask_back)
    if said.command is None and spoken.found(said.text, told) is None:
        return None
    if spoken.asks(said.text, rows.bot.asking):
        return None
    number = int((named[1] if named.re is NUMBER else named[0]).translate(DIGITS))
    rest = f"{said.text[: named.start()]} {said.text[named.end() :]}".strip(PAUSE)
    matter = matters.by_number(turn.session, number)
    if matter is None or matter.kind != KIND:
        return None if turn.in_group else _favour(turn, rows, number, rest)
    if turn.in_group:
        return taking_on.claims(turn, rows, matter, rest)
    return _by_claimer(turn, rows, matter, rest) or _by_others(turn, rows, matter, rest)


def _wonders(words: str, rows: WishWords) -> bool:
    """Whether somebody who claims a wish only asks about it."""
    return spoken.asks(words, rows.bot.asking) or any(word in words for word in rows.anyone.wonders)


def _a_wish(turn: Turn) -> Matter | None:
    """ "我来帮 1009" of a wish: the word is that of a favour, and as plain."""
    found = matters.by_number(turn.session, turn.utterance.numbers[0]) if turn.utterance.numbers else None
    return found if found is not None and found.kind == KIND else None


def _by_claimer(turn: Turn, rows: WishWords, matter: Matter, rest: str) -> Handler | None:
    """What the one who has it on hand says of it."""
    if not authority.is_claimer(turn, matter):
        return None
    for code, told in (
        ("partly", rows.claimer.partly),
        ("let_go", rows.claimer.let_go),
        ("fulfil", rows.claimer.fulfil),
    ):
        if spoken.found(rest, told):
            turn.order = Order(code, (matter.number,), phrases.without(rest, told))
            return None
    return doing.how(matter) if spoken.found(rest, rows.claimer.unsure) else None


def _by_others(turn: Turn, rows: WishWords, matter: Matter, rest: str) -> Handler | None:
    """What the wisher, the vetter or a neighbour says of it."""
    if turn.order is not None:
        return None
    if authority.vetting_post(turn, matter) is not None:
        for code, told in (("reword", rows.vetter.reword), ("decline", rows.vetter.decline)):
            if word := spoken.found(rest, told):
                turn.order = Order(code, (matter.number,), rest[word.end() :].strip(PAUSE))
                return None
        for code, told in (("publish", rows.vetter.publish), ("ask_back", rows.vetter.ask_back)):
            if (word := spoken.found(rest, told)) and word.end() == len(rest):
                turn.order = Order(code, (matter.number,))
                return None
    if authority.is_reporter(turn, matter):
        if word := spoken.found(rest, rows.wisher.change):
            turn.order = Order("wish_add", (matter.number,), rest[word.start() :])
        elif spoken.found(rest, (*rows.wisher.withdraw, *rows.wisher.over, *rows.wisher.over_named)):
            turn.order = Order("wish_withdraw", (matter.number,), rest)
        return None
    if rest.startswith("放弃"):
        turn.order = Order("let_go", (matter.number,))
        return None
    return taking_on.claims(turn, rows, matter, rest)


def _favour(turn: Turn, rows: WishWords, number: int, rest: str) -> None:
    """ "1079不要了" said of one's own favour."""
    if not spoken.found(rest, (*rows.wisher.withdraw, *rows.wisher.over)):
        return
    found = favours.by_number(turn.session, number)
    if found is not None and turn.account is not None and found.account_id == turn.account.id:
        turn.order = Order("favour_no", (number,))


def _on_hand(turn: Turn, rows: WishWords) -> Handler | None:
    """ "办好了", "去不了了", "办了一部分", "后头没得空了" of whoever has a wish on hand."""
    said, takes = turn.utterance, waits_for(turn)
    if turn.in_group or turn.account is None or turn.quoted is not None or takes not in ("", "relay"):
        return None
    text = said.text
    by_word = said.command in DONE_TOO and not said.numbers
    if said.command is not None and not by_word and said.confidence >= TYPED_SLIP:
        return None
    known = spoken.found(text, doing.phrases_of(rows)) is not None
    if not by_word and spoken.asks(text, rows.bot.asking):
        return None
    if not by_word and not known:
        return doing.in_other_words(turn, rows, waits_for(turn))
    if takes and not phrases.only(text, doing.phrases_of(rows)):
        return None
    held = wishes.open_claims(turn.session, turn.account.id)
    if not held or (said.command == "finish" and _has_other_work(turn)):
        return None
    known_whole = phrases.only(text, doing.phrases_of(rows), rows.claimer.beside)
    if not by_word and not known_whole and not _about_one(turn, held, text):
        if has_report(turn):
            return None
        return doing.which_or_how(turn, held, text)
    number = (held[0].number,) if len(held) == 1 else ()
    for code, told in (("partly", rows.claimer.partly), ("let_go", rows.claimer.let_go)):
        if said.command == code:
            turn.order = Order(code, number, said.argument)
            return None
        if spoken.found(text, told):
            turn.order = Order(code, number, phrases.without(text, told), answers=bool(takes))
            return None
    if spoken.found(text, rows.claimer.unsure):
        return doing.which_or_how(turn, held)
    turn.order = Order("fulfil", number, said.argument if by_word else phrases.without(text, rows.claimer.fulfil))
    return None


def _about_one(turn: Turn, held: list[Matter], text: str) -> bool:
    """Whether a sentence names what is wished for; else it may be about anything: asked, never guessed."""
    return any(finding.alike(public, text) for _, public in finding.public_of(turn, held))


def _has_other_work(turn: Turn) -> bool:
    """Whether 办结 may mean a report that waits for the speaker."""
    waiting = matters.owned_by(turn.session, [post.id for post in turn.posts]) if turn.posts else []
    return any(one.kind != KIND for one in waiting)


def _called_off(turn: Turn, rows: WishWords) -> Handler | None:
    """ "字典买到了,不要了,撤回", "算了,不去医院了": the speaker's own wish or favour is not wanted any more."""
    said, text = turn.utterance, turn.utterance.text
    by_word = said.command == "withdraw" and not said.numbers
    if said.command is not None and not by_word and said.confidence >= TYPED_SLIP:
        return None
    takes = waits_for(turn)
    if (turn.in_group and not by_word) or (takes and takes not in CONNECTS):
        return None
    plain = by_word or spoken.found(text, rows.wisher.withdraw) is not None
    over = plain or spoken.found(text, rows.wisher.over) is not None or _sounds_over(turn)
    back = spoken.found(text, rows.lender.back) is not None
    lends = back or spoken.found(text, rows.lender.over) is not None
    got = spoken.found(text, rows.wisher.got) is not None
    if (
        not (over or lends or got)
        or turn.account is None
        or turn.quoted is not None
        or spoken.asks(text, rows.bot.asking)
    ):
        return None
    if turn.asked and turn.asked.options and (meant := orders.meant(turn)) and meant.answers and not takes:
        return None
    mine = [*(own_affairs(turn) if over else ()), *(_lent(turn) if lends else ())]
    if not takes and not turn.in_group and (met := _met(turn, rows, over=over, got=got)):
        if not mine and len(met) == 1 and (got or finding.alike(met[0].text, text)) and not has_report(turn):
            turn.order = Order(FAVOUR_DONE, (met[0].number,))
            return None
        mine += met
    return _chosen(turn, text, mine, plain=plain or back, takes=takes)


def _sounds_over(turn: Turn) -> bool:
    """Whether something is called off in words that no list has: asked about, in private."""
    said = turn.utterance
    sure = said.intent == "withdraw" and said.confidence >= turn.catalog.thresholds[True].act
    others = any(word in said.text for word in spoken.words(turn.catalog).wisher.of_others)
    return sure and said.command is None and not turn.in_group and not others


def _chosen(turn: Turn, text: str, own: Sequence[Own], *, plain: bool, takes: str) -> Handler | None:
    """The one that is meant: taken back at once where that is plain, else asked about."""
    asked = orders.parse_press(turn.asked.takes).number if takes and turn.asked else None
    mine = [one for one in own if asked in (None, one.number)]
    named = [one for one in mine if finding.alike(one.text, text)]
    wished = any(one.takes_back != TAKES_BACK for one in mine)
    if not mine or (not named and not asked and wished and has_report(turn)):
        return None
    found = named or mine
    if len(found) > 1:
        return lambda turn: [_which_is_over(turn, found)]
    if not takes and (named if found[0].takes_back == FAVOUR_DONE else plain):
        turn.order = Order(found[0].takes_back, (found[0].number,), text)
        return None
    return lambda turn: [is_it_over(turn, found[0], takes)]


def own_affairs(turn: Turn) -> list[Own]:
    """Every wish and favour of the speaker's that can be taken back, the newest first."""
    account = turn.account.id if turn.account else 0
    wished = [Own(one.number, one.text, "wish_withdraw") for one in finding.of_speaker(turn)]
    posted = [Own(one.number, one.text, "favour_no") for one in favours.of_account(turn.session, account, LIVING)]
    return sorted((*wished, *posted), key=lambda one: -one.number)


def _met(turn: Turn, rows: WishWords, *, over: bool, got: bool) -> list[Own]:
    """What the speaker wanted and was linked for; only what is named, where the words may be about anything."""
    text, since = turn.utterance.text, turn.now - RECENT
    account = turn.account.id if turn.account else 0
    found = [Own(one.number, one.text, FAVOUR_DONE) for one in favours.received_by(turn.session, account, since)]
    named = [one for one in found if finding.alike(one.text, text)]
    bare = over and (got or phrases.only(text, (*rows.wisher.over, *rows.wisher.withdraw), rows.wisher.fillers))
    return named or (found if bare else [])


def _lent(turn: Turn) -> list[Own]:
    """Everything on the speaker's list of resources."""
    found = wishes.resources_of(turn.session, turn.account.id) if turn.account else []
    return [Own(one.number, one.text, TAKES_BACK) for one in found]


def has_report(turn: Turn) -> bool:
    """Whether there is a living report that may be meant as well; in a group only one made there."""
    found = matters.of_account(turn.session, turn.account.id) if turn.account else []
    living = [one for one in found if one.kind != KIND and one.state not in ENDED]
    if turn.in_group:
        return any(turn.chat is not None and one.chat_id == turn.chat.id for one in living)
    newest = max((one.opened_at for one in found if one.kind == KIND and one.state not in ENDED), default=None)
    return any(newest is None or one.opened_at >= newest for one in living)


def _which_is_over(turn: Turn, found: Sequence[Own]) -> Reply:
    lines = [(one.number, one.text[: finding.SHORT]) for one in found[:SHOWN]]
    buttons = tuple(
        Button(f"={one.number} {one.text[: finding.SHORT]}", f"{one.takes_back} {one.number}")
        for one in found[: finding.CHOICES]
    )
    return finding.aside(turn, Reply("wishes/which_is_over", {"lines": lines}, buttons=buttons, ask=Ask()))


def is_it_over(turn: Turn, own: Own, takes: str = "") -> Reply:
    """Is it not wanted any more?"""
    buttons = [
        Button("wish_withdraw", f"{own.takes_back} {own.number}"),
        Button("wish_keep", f"wish_keep {own.number}"),
    ]
    if takes == "relay" and turn.asked:
        buttons.append(Button("relay_held", f"relay_held {orders.parse_press(turn.asked.takes).number}"))
    values = {"number": own.number, "text": wording.brief(own.text), "takes_back": own.takes_back}
    ask = Ask(held=turn.utterance.text[:200])
    return finding.aside(turn, Reply("wishes/is_it_over", values, buttons=tuple(buttons), ask=ask))


@router.order("wish_keep")
def keep(turn: Turn) -> list[Reply]:
    """It is wanted still: nothing changes."""
    return [finding.aside(turn, Reply("wishes/kept", {"number": turn.order.number if turn.order else 0}))]
