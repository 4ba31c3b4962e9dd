"""While the bot waits to hear about a wish or a favour: what is a yes, what is a no, and what is something else.

A name, a phone and a door are told only by a plain yes; what is not plain is asked once more. What is plainly
something else passes, and the question waits on.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from bot import orders
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.matters.reports import names_nothing
from handlers.wishes import (
    answering,
    coming_true,
    favours,
    finding,
    how_reached,
    one_of_mine,
    sharing,
    spoken,
    thanking,
)
from handlers.wishes.terms import terms
from storage import asked, matters
from storage import favours as kept_favours
from storage.matters import ENDED, Matter

router = Router()

PASSES = (
    "relay",
    "favour_tell",
    "wish_answer",
    "thanks",
    "lacking",
    "spent",
    "share_how",
    "share_some",
    "wish",
    "wish_for",
    "favour",
)
"""Questions to a neighbour that an ordinary report passes by; a vetter's or a claimer's answer may sound like one."""
WISHING = ("wish", "wish_for", "favour")
CORRECTS = "wish_correct"
OTHER_WANTS = ("report", "verify", "volunteer")
EVERYDAY = frozenset(
    ("approve", "refuse", "withdraw", "fulfil", "acknowledge", "arrive", "finish", "confirm", "reopen", "route")
)
"""Command words that are everyday answers too: 同意, 收到了, 办好了, 不用了."""
LONGEST_YES = 24
"""Characters of a yes or a no that is given when nothing waits any more."""
SHORTEST = 3
"""Fewer characters than these tell the claimer nothing: it is asked once more."""
ORDINALS = "零一二三四"
PICKED = re.compile(r"(?:我?选|就|回)?第?([1-4一二三四])(?:个|号|项)?[吧嘛哈啊呀噻。.!！~\s]*")
WHO_IT_IS = re.compile(r"我叫|我是|(?<!\d)1[3-9]\d{9}(?!\d)")
"""Somebody says who they are: told to whoever asked."""
LONGEST_HEAD = 10
"""Characters of "轮椅的那个" before a no."""
SHARE_YES, SHARE_NO, SHARE_SOME = "share_yes", "share_no", "share_some"
AGREE, PASS = "favour_agree", "favour_pass"
THANKS = "thanks"
IT_CAME, NOT_YET = "wish_yes", "wish_no"


@router.guard
def while_asked(turn: Turn) -> Handler | None:
    """The answer to what waits, where its button's own words were not used; other wants pass."""
    said = turn.utterance
    free = said.command is None or (said.command in EVERYDAY and not said.numbers)
    if turn.incoming.happening != "text" or not said.text or said.intent == "emergency" or not free:
        return None
    if turn.asked is None:
        return None if turn.in_group else _late(turn)
    codes = {order.code: order for order in options(turn)}
    if said.digit is None and (picked := _picked(turn)):
        turn.order = picked
        return None
    for code, answer in ANSWERED.items():
        if code in codes and (said.digit is None or (code == SHARE_YES and waits_for(turn) == "relay")):
            if handler := answer(turn, codes[code]):
                return handler
            if turn.order is not None:
                return None
    takes = waits_for(turn)
    if takes in ("decline", "decline_these", "say_why") and phrases.some(
        said.text, orders.words(turn, orders.NEVER_MIND)
    ):
        turn.order = Order(orders.NEVER_MIND, answers=True)
        return None
    if takes in how_reached.ASKED and said.digit is None and turn.quoted in (None, turn.asked.about):
        if handler := how_reached.answered(turn):
            return handler
        if turn.order is not None:
            return None
    if takes == THANKS and said.digit is None and (handler := thanking.answered(turn)):
        return handler
    if takes == CORRECTS:
        return _not_put_right(turn)
    if takes in PASSES and said.digit is None and turn.quoted in (None, turn.asked.about):
        return _something_else(turn, takes)
    return _late(turn) if not takes and not turn.in_group and orders.meant(turn) is None else None


@router.afterword
def asked_for_no_longer(turn: Turn) -> Handler | None:
    """Another order ends the question for a wish or a favour: what is said later is no answer to it."""
    ordered = turn.incoming.happening == "press" or turn.utterance.command is not None
    if turn.asked is None or not ordered or waits_for(turn) not in WISHING or (turn.order and turn.order.answers):
        return None
    asked.forget(turn.session, turn.asked.key)
    turn.asked = None
    return None


def _picked(turn: Turn) -> Order | None:
    """ "1吧", "第一个": the button at this place, where a neighbour is asked for a yes."""
    found, offered = PICKED.fullmatch(turn.utterance.text), options(turn)
    if found is None or waits_for(turn) or offered[0].code not in ANSWERED:
        return None
    at = int(found[1]) if found[1].isdecimal() else ORDINALS.index(found[1])
    return replace(offered[at - 1], answers=True) if 0 < at <= len(offered) else None


def options(turn: Turn) -> list[Order]:
    """What the buttons of the waiting question mean."""
    kept = turn.asked.options.split("\n") if turn.asked and turn.asked.options else []
    return [orders.parse_press(line.partition(orders.LABEL)[0]) for line in kept]


def waits_for(turn: Turn) -> str:
    """The code of the order that the next sentence completes; nothing where only buttons wait."""
    return orders.parse_press(turn.asked.takes).code if turn.asked and turn.asked.takes else ""


def _share(turn: Turn, order: Order) -> Handler | None:
    """May the neighbour know how to reach the wisher? After words passed on, a bare yes may be meant for those."""
    asked = turn.asked
    matter, text = sharing.meant(turn, turn.utterance.text)
    number = matter.number if matter else order.number or 0
    plain_yes = orders.words(turn, "share_plain")
    yes, no = orders.words(turn, SHARE_YES), orders.words(turn, SHARE_NO)
    beside = orders.words(turn, "share_beside")
    itself = asked is not None and (not asked.takes or bool(asked.held))
    if part := _part(turn, number, text):
        return part
    if phrases.only(text, yes, beside) and (itself or phrases.some(text, plain_yes, beside)):
        plain = phrases.some(text, plain_yes, beside) or not _said_no(turn, number)
        return _decided(turn, SHARE_YES, matter, number) if plain else _told_nothing(number)
    if sharing.refuses(turn, text) if itself else (sharing.plainly_refuses(turn, text) or sharing.says_no(turn, text)):
        return _decided(turn, SHARE_NO, matter, number)
    either = phrases.only(text, yes) or phrases.only(text, no) or turn.utterance.digit is not None
    if not itself and either:
        return _once_more(turn, number, held=text)
    if turn.utterance.digit is not None:
        return None
    about_it = spoken.found(text, spoken.words(turn.catalog).bot.contact) is not None
    if itself and (phrases.some(text, yes) or about_it) and _no_other_want(turn):
        again = asked is not None and asked.held in (sharing.AGAIN, sharing.DENIED)
        return _told_nothing(number) if again else _once_more(turn, number)
    return None


def _said_no(turn: Turn, number: int) -> bool:
    """Whether a no, or something like it, went before: a short yes gives nothing then."""
    if turn.asked is not None and turn.asked.held == sharing.DENIED:
        return True
    found = next((one for one in sharing.undecided(turn) if one.number == number), None)
    return found is not None and sharing.refused(turn, found) is not None


def _decided(turn: Turn, code: str, named: Matter | None, number: int) -> Handler | None:
    """A yes or a no for the wish that was named or is the only one; with several that wait it is asked which."""
    waiting = sharing.undecided(turn)
    if named is not None or len(waiting) < 2 or turn.quoted is not None:
        return _ordered(turn, code, number, turn.utterance.text if code == SHARE_NO else "")
    turn.order = Order(code, (), turn.utterance.text)
    return lambda turn: [finding.which(turn, "wishes/which_shared", waiting)]


def _part(turn: Turn, number: int, text: str) -> Handler | None:
    """A yes on a condition: the question what exactly would be told."""
    parts = sharing.part_meant(turn, text)
    found = [one for one in sharing.undecided(turn) if one.number == number] if parts else []
    return (lambda turn: [sharing.may_share_some(turn, found[0], parts)]) if found else None


def _share_some(turn: Turn, order: Order) -> Handler | None:
    """May the neighbour know just this? The same condition said again is a yes to it, and nothing is asked twice."""
    text, number = turn.utterance.text, order.number or 0
    yes, beside = orders.words(turn, SHARE_SOME), orders.words(turn, "share_beside")
    parts = sharing.part_meant(turn, text)
    if " ".join(parts) == order.argument or phrases.only(text, yes, beside):
        return _ordered(turn, SHARE_SOME, number, order.argument)
    if parts:
        return _part(turn, number, text)
    if phrases.some(text, orders.words(turn, SHARE_NO), beside):
        return _ordered(turn, SHARE_NO, number, text)
    return _told_nothing(number) if _no_other_want(turn) and turn.utterance.digit is None else None


def _silently(_turn: Turn) -> list[Reply]:
    return []


def _told_nothing(number: int) -> Handler:
    """Asked once more already: nothing is told, and the question waits on."""
    return lambda _turn: [Reply("wishes/nothing_told", {"number": number}, about=number)]


def _favour(turn: Turn, order: Order) -> Handler | None:
    """May the two know of each other? Only a plain yes or a plain no is taken for one."""
    text, number = turn.utterance.text, order.number or 0
    yes, no = orders.words(turn, AGREE), orders.words(turn, PASS)
    beside = orders.words(turn, "share_beside")
    if phrases.only(text, yes, beside):
        return _ordered(turn, AGREE, number)
    if phrases.only(text, no, beside):
        return _ordered(turn, PASS, number)
    about_it = spoken.found(text, spoken.words(turn.catalog).bot.contact) is not None
    unclear = phrases.some(text, yes) or phrases.some(text, no) or about_it
    favour = kept_favours.by_number(turn.session, number) if unclear and _no_other_want(turn) else None
    if favour and turn.asked and turn.asked.held == favours.AGAIN:
        return lambda _turn: [Reply("favours/nothing_told", {"number": number})]
    return (lambda _turn: [favours.may_tell_again(favour)]) if favour else None


def _came(turn: Turn, order: Order) -> Handler | None:
    """Has it come true? A yes with kind words beside it is a yes, and the words may go on as thanks."""
    text, rows = turn.utterance.text, spoken.words(turn.catalog).bot
    yes, no = orders.words(turn, IT_CAME), orders.words(turn, NOT_YET)
    granted = [one for one in finding.of_speaker(turn) if one.state == "granted"]
    found = one_of_mine.named(turn, granted, text) if len(granted) > 1 and turn.utterance.digit is None else []
    number, bare = order.number or 0, text
    for one, thing in found:
        number, bare = one.number, bare.replace(thing, "")
    if len(granted) > 1 and len(found) != 1 and turn.quoted is None and phrases.some(bare, (*yes, *no)):
        return coming_true.which_came(turn, granted, IT_CAME if phrases.some(bare, yes) else NOT_YET)
    if not found and (phrases.only(text, yes) or phrases.only(text, no)):
        return None
    besides = phrases.without(bare, yes)
    if not phrases.some(bare, yes):
        if turn.utterance.digit is not None:
            return None
        return coming_true.in_other_words(turn, granted, number, text) or _not_a_yes(turn, number, named=bool(found))
    if any(sign in besides for sign in rows.doubt):
        return coming_true.came_or_not(number)
    return _ordered(turn, IT_CAME, number, text)


def _not_a_yes(turn: Turn, number: int, *, named: bool) -> Handler | None:
    """Whatever is said then goes to the claimer with the wish: a complaint, too; a matter of its own passes."""
    text, said = turn.utterance.text, turn.utterance
    found = next((one for one in finding.of_speaker(turn) if one.number == number and one.state == "granted"), None)
    if found is None or turn.quoted not in (None, number):
        return None
    if phrases.only(text, orders.words(turn, "no")):
        return _ordered(turn, NOT_YET, number)
    kind_words = not phrases.POLITE.sub("", phrases.PAUSES.sub("", text))
    if kind_words or len(text) < SHORTEST or finding.says_nothing(turn, text):
        return coming_true.came_or_not(number)
    rows = terms(turn.catalog)
    same = named or bool(rows.things_in(text) & rows.things_in(found.text))
    elsewhere = bool(said.place.building or said.place.unit)
    of_its_own = said.intent in (*OTHER_WANTS, "wish", "form") and not _no_other_want(turn)
    return None if of_its_own and (elsewhere or not same) else _ordered(turn, NOT_YET, number, text)


ANSWERED: dict[str, Callable[[Turn, Order], Handler | None]] = {
    SHARE_YES: _share,
    SHARE_SOME: _share_some,
    AGREE: _favour,
    IT_CAME: _came,
}
"""The question with this button, and who reads an answer to it."""


def _ordered(turn: Turn, code: str, number: int, words: str = "") -> None:
    turn.order = Order(code, (number,), words, answers=True)


def _once_more(turn: Turn, number: int, held: str = "") -> Handler | None:
    found = [one for one in sharing.undecided(turn) if one.number == number]
    return (lambda turn: [sharing.may_share_again(turn, found[0], held)]) if found else None


def _no_other_want(turn: Turn) -> bool:
    said = turn.utterance
    return said.intent not in OTHER_WANTS or said.confidence < turn.catalog.thresholds[True].act


def _late(turn: Turn) -> Handler | None:
    """A yes or a no when the question is no longer the last thing said: a plain one counts, else it is asked again."""
    text, said = turn.utterance.text, turn.utterance
    if turn.account is None or (said.digit is not None and turn.posts):
        return None
    yes, no = orders.words(turn, SHARE_YES), orders.words(turn, SHARE_NO)
    beside = orders.words(turn, "share_beside")
    plain_yes, plain_no = orders.words(turn, "share_plain"), orders.words(turn, "hide_plain")
    hide_beside = orders.words(turn, "hide_beside")
    denies = said.digit is None and phrases.some(text, plain_no, hide_beside) and not sharing.part_meant(turn, text)
    if denies and len(waits := sharing.undecided(turn)) == 1:
        return _ordered(turn, SHARE_NO, waits[0].number, text)
    if said.digit is None and (kept := _kept_from(turn, text)):
        return _ordered(turn, SHARE_NO, kept.number, text)
    if len(text) > LONGEST_YES:
        return None
    if (
        said.digit is None
        and not phrases.only(text, (*yes, *no), (*beside, *terms(turn.catalog).fillers))
        and not sharing.part_meant(turn, text)
    ):
        return None
    wished, favoured = sharing.undecided(turn), kept_favours.to_decide(turn.session, turn.account.id)
    if len(wished) == 1 and not favoured:
        if phrases.only(text, yes, beside) and not phrases.some(text, plain_yes, beside) and said.digit is None:
            refused = sharing.refused(turn, wished[0])
            if refused is not None and turn.now - refused <= sharing.ACKNOWLEDGES:
                return _silently
        if part := _part(turn, wished[0].number, text):
            return part
        if phrases.only(text, yes, beside) and phrases.some(text, plain_yes, beside):
            return _ordered(turn, SHARE_YES, wished[0].number)
        if phrases.some(text, plain_no, beside):
            return _ordered(turn, SHARE_NO, wished[0].number)
    if not wished and not favoured and phrases.some(text, plain_no, beside):
        return _told_already(turn)
    if wished:
        matter, _ = one_of_mine.one(turn, wished, text)
        if matter is None and len(wished) > 1 and phrases.only(text, (*yes, *no), beside):
            return _decided(turn, SHARE_NO if phrases.some(text, no, beside) else SHARE_YES, None, 0)
        return lambda turn: [sharing.may_share_again(turn, matter or wished[0])]
    return (lambda _turn: [favours.may_tell_again(favoured[0])]) if favoured else None


def _kept_from(turn: Turn, text: str) -> Matter | None:
    """ "轮椅的那个不要告诉", "不要告诉他我是哪个": the wish of those that wait which a no names, or the only one."""
    no = orders.words(turn, "hide_plain")
    if len(text) > LONGEST_YES or not any(word in text for word in no) or len(waits := sharing.undecided(turn)) == 0:
        return None
    at = min(text.find(word) for word in no if word in text)
    head, bare = text[:at], text[at:]
    if not (phrases.some(bare, no, orders.words(turn, "hide_beside")) or sharing.says_no(turn, bare)):
        return None
    named = [one for one in waits if finding.alike(one.text, head) or one_of_mine.named(turn, [one], head)]
    found = named or ([] if head else waits)
    return found[0] if len(found) == 1 and len(head) <= LONGEST_HEAD else None


def _told_already(turn: Turn) -> Handler | None:
    """A no that comes too late: it is said that it does."""
    told = [one for one in finding.of_speaker(turn) if one.state == "claimed"]
    return _ordered(turn, SHARE_NO, told[0].number) if told else None


def _not_put_right(turn: Turn) -> None:
    """What is plainly something else, or said of a wish that is over, puts nothing right: the question lets it go."""
    said, rows = turn.utterance, spoken.words(turn.catalog).wisher
    number = orders.parse_press(turn.asked.takes).number if turn.asked else None
    wish = matters.by_number(turn.session, number) if number else None
    puts_right = any(word in said.text for word in (*rows.leads, *rows.turns))
    wanted = said.intent in OTHER_WANTS and said.confidence >= turn.catalog.thresholds[True].act and not puts_right
    if wanted or wish is None or wish.state in ENDED:
        turn.asked = None


def _something_else(turn: Turn, takes: str) -> Handler | None:
    """What is plainly no answer passes, and the question waits on; what may be either is asked."""
    said, rows = turn.utterance, spoken.words(turn.catalog).bot
    sure = turn.catalog.thresholds[True]
    if takes == "relay" and phrases.only(said.text, rows.to_me):
        turn.order = Order("wall")
        return None
    wanted = said.intent in OTHER_WANTS and said.confidence >= sure.act
    doubted = said.confidence < turn.catalog.thresholds[False].act or WHO_IT_IS.search(said.text)
    if said.intent == "report" and names_nothing(said) and doubted:
        wanted = False  # who somebody is and where they live, told to whoever asked
    if takes == "wish_answer" and wanted and said.intent == "report" and (answer := answering.heard(turn)):
        return answer
    if takes in WISHING:
        if wanted and spoken.found(said.text, rows.wishing) is None:
            turn.asked = None
        return None
    somewhere = bool(said.place.building or said.place.unit)
    to_them = any(sign in said.text for sign in rows.to_you)
    if takes == "relay" and (said.intent in ("report", "wish") or somewhere) and (to_them or not wanted):
        return _for_whom
    if wanted:
        turn.asked = None
    return None


def _for_whom(turn: Turn) -> list[Reply]:
    """Is it for the neighbour, or for the community?"""
    order = orders.parse_press(turn.asked.takes) if turn.asked else Order("relay")
    wish = turn.utterance.intent == "wish"
    buttons = (
        Button("relay_held", f"relay_held {order.number}"),
        Button("wish_want", "wish_want") if wish else Button("as_report", "report_yes"),
    )
    ask = Ask(held=turn.utterance.text[:300])
    return [
        Reply("wishes/for_neighbour", {"words": turn.utterance.text[:60]}, buttons=buttons, about=order.number, ask=ask)
    ]
