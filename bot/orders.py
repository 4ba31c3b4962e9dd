"""Which order a message is: a button, the answer to a question, a digit on a card, or a command word."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.catalog import Catalog
from bot.turn import Order, Turn
from bot.understanding import phrases
from storage.asked import Asked

ON_A_CARD = (("accept", "接单"), ("arrive", "到场"), ("finish", "办结"), ("transfer", "转办"), ("assist", "求助"))
"""What 1 to 5 mean when a card is quoted, and what may be said with the digit: "1接单", "3 换了灯泡"."""
DIGIT_AND_WORDS = re.compile(r"([1-5])[\s.、,，]*(\D.{0,60})", re.DOTALL)
FOR_STAFF = frozenset(
    (
        *(
            "accept",
            "arrive",
            "finish",
            "return",
            "transfer",
            "assist",
            "hold",
            "supervise",
            "approve",
            "refuse",
            "list",
        ),
        *(
            "census",
            "census_drill",
            "census_go",
            "census_agree",
            "census_refuse",
            "census_end",
            "census_status",
            "census_missing",
        ),
        *("war", "war_drill", "war_go", "war_agree", "war_refuse", "war_extend", "war_end", "war_status"),
        *("mobilize", "drill", "muster_call", "surge", "stand_down"),
    )
)
"""Orders that only somebody with a post can mean."""
NEVER_MIND = "never_mind"
CAN_BE_LEFT = frozenset(
    (
        *(
            "report",
            "report_place",
            "report_place_again",
            "add",
            "correct",
            "wish_correct",
            "finish",
            "return",
            "transfer",
            "hold",
            "reopen",
            "supervise",
        ),
        *(
            "wish",
            "wish_for",
            "wish_place",
            "wish_place_again",
            "wish_add",
            "reword",
            "ask_back",
            "decline",
            "decline_these",
            "partly",
            "resource",
            "favour",
            "share_how",
            "thanks",
            "spent",
        ),
        *("code", "rename", "register_wrong", "correct_info"),
        *("war", "war_drill", "war_authority", "war_until", "war_extend"),
        *("slot_say", "slot_missed", "slot_came", "slot_when", "slot_first"),
        *("notice_who", "notice_summary", "surge"),
    )
)
"""Orders that wait for a sentence and can be left by saying so; not those that pass any words on to somebody, nor
forms, which have words of their own."""
WAITS_BENEATH = ("form_answer", "form_change")
"""What goes on waiting for a sentence while something else asks for a tap: a form that is being filled."""
NUMERALS = "零一二三四五六"
PLACE = re.compile(
    r"(?:我?要?想?[选要点]|就|是|回|那就)?(?:第([1-6一二三四五六])[个条项种件号]?|([一二三四五六])号?)[吧嘛哈啊呀噻。.!！~\s]*"
)
"""A button named by its place."""
SHORTEST = 8
ENDS = "。！!~～. "
ANSWERS, AND_MORE = "answers.toml", "…"
LIKE = "@"
"""In answers.toml "@yes" stands for every word of the list `yes`."""
LABEL = "\t"
"""Stands between a button's press and its label in what is kept of a question."""


def meant(turn: Turn) -> Order | None:
    """The order of this turn, if it is one."""
    if turn.incoming.happening == "press":
        return _pressed(turn)
    return _on_card(turn) or _answer(turn) or _spoken(turn)


def beneath(waiting: Asked | None, order: Order | None = None) -> str:
    """What goes on waiting below another question, or behind an order that was about something else; else nothing."""
    if waiting is None or not waiting.takes.startswith(WAITS_BENEATH):
        return ""
    own = order is not None and order.code.startswith("form_") and order.number == parse_press(waiting.takes).number
    return "" if own else waiting.takes


def parse_press(press: str) -> Order:
    """ "finish 1029 换了灯管" as an order."""
    code, _, rest = press.strip().partition(" ")
    head, _, tail = rest.strip().partition(" ")
    if head.isascii() and head.isdecimal() and len(head) < 10:
        return Order(code, (int(head),), tail.strip())
    return Order(code, (), rest.strip())


def bare_yes(turn: Turn, code: str, yes: tuple[str, ...]) -> int | None:
    """What it is about that a yes and no more was said to, where a tap on `code` or its exact words are wanted."""
    asked = turn.asked
    if asked is None or turn.incoming.happening != "text" or f"{code} " not in asked.options:
        return None
    return asked.about if phrases.only(turn.utterance.text, yes) else None


def _pressed(turn: Turn) -> Order:
    order = parse_press(turn.incoming.text)
    return replace(order, answers=any(turn.incoming.text == press for press, _ in _options(turn)))


def _on_card(turn: Turn) -> Order | None:
    """A quoted card and a digit, perhaps with words, from somebody with a post."""
    if turn.quoted is None or not turn.posts or (turn.asked is not None and turn.asked.about == turn.quoted):
        return None
    if turn.utterance.digit is not None:
        digit, words = turn.utterance.digit, ""
    elif found := DIGIT_AND_WORDS.fullmatch(turn.utterance.text):
        digit, words = int(found[1]), found[2].strip()
    else:
        return None
    if digit > len(ON_A_CARD):
        return None
    code, label = ON_A_CARD[digit - 1]
    return Order(code, (turn.quoted,), words.removeprefix(label).strip())


def _answer(turn: Turn) -> Order | None:
    """The order that answers what the bot waits for here: a digit, a button's words, or a sentence."""
    said, options = turn.utterance, _options(turn)
    if said.digit is None and (at := _place_named(turn, options)):
        return replace(parse_press(options[at - 1][0]), answers=True)
    if said.digit is not None:
        if said.digit <= len(options):
            return replace(parse_press(options[said.digit - 1][0]), answers=True)
        to_hand = not options and turn.posts and not turn.in_group and said.digit <= len(ON_A_CARD)
        return Order(ON_A_CARD[said.digit - 1][0]) if to_hand else None
    for press, label in options:
        if said.text and _same(said.text, label, label.partition("，")[0]):
            return replace(parse_press(press), answers=True)
    if options and (meant := _in_other_words(turn, options)):
        return meant
    if turn.asked and turn.asked.takes and said.command is None:
        taken = parse_press(turn.asked.takes)
        if taken.code in CAN_BE_LEFT and phrases.only(said.text, words(turn, NEVER_MIND)):
            return Order(NEVER_MIND, answers=True)
        return Order(taken.code, taken.numbers, f"{taken.argument} {said.text}".strip(), answers=True)
    return None


def _place_named(turn: Turn, options: Sequence[tuple[str, str]]) -> int | None:
    """ "第二个", "二": which of the buttons it is, in private; forms count in words of their own."""
    if not options or turn.in_group or len(turn.utterance.text) > SHORTEST or options[0][0].startswith("form_"):
        return None
    found = PLACE.fullmatch(turn.utterance.text)
    named = found and (found[1] or found[2])
    at = (int(named) if named.isdecimal() else NUMERALS.index(named)) if named else 0
    return at if 0 < at <= len(options) else None


def _same(text: str, *labels: str) -> bool:
    """Whether it is one of the labels, whatever stops it has."""
    return phrases.PAUSES.sub("", text) in {phrases.PAUSES.sub("", label) for label in labels}


def _in_other_words(turn: Turn, options: Sequence[tuple[str, str]]) -> Order | None:
    """ "可以了" for the button 解决了, "还没亮呢" for 没解决 with its reason: answers.toml has the words of each button.

    Buttons of one kind, "which of these?", are not told apart by such words.
    """
    said = turn.utterance.text.rstrip(ENDS)
    pressed = [parse_press(press) for press, _ in options]
    pressed = [order for order in pressed if sum(order.code == one.code for one in pressed) == 1]
    for order in pressed:
        if not _may_begin(turn.catalog, order.code).match(said):
            continue
        for word in words(turn, order.code):
            if said == word:
                return replace(order, answers=True)
            if word.endswith(AND_MORE) and said.startswith(word.rstrip(AND_MORE)):
                return replace(order, argument=f"{order.argument} {said}".strip(), answers=True)
    meant = (order for order in pressed if phrases.only(turn.utterance.text, words(turn, order.code)))
    return next((replace(order, answers=True) for order in meant), None)


def words(turn: Turn, code: str) -> tuple[str, ...]:
    """What people type for the button of this code, as answers.toml has it."""
    return _words(turn.catalog, code)


@lru_cache(maxsize=512)
def _words(catalog: Catalog, code: str) -> tuple[str, ...]:
    spoken = catalog.read(ANSWERS, dict[str, tuple[str, ...]])
    return tuple(
        word for said in spoken.get(code, ()) for word in (spoken[said[1:]] if said.startswith(LIKE) else (said,))
    )


@lru_cache(maxsize=512)
def _may_begin(catalog: Catalog, code: str) -> re.Pattern[str]:
    return phrases.any_word(word.rstrip(AND_MORE) for word in _words(catalog, code))


def _spoken(turn: Turn) -> Order | None:
    said = turn.utterance
    if said.command is None or (said.intent == "chat" and turn.quoted is None and turn.asked is None):
        return None  # everyday words are an order only where the bot has just spoken
    if said.command in FOR_STAFF and turn.in_group and not turn.posts and not said.numbers:
        return None  # a neighbour's word among neighbours
    numbers = said.numbers or ((turn.quoted,) if turn.quoted is not None else ())
    return Order(said.command, numbers, said.argument)


def _options(turn: Turn) -> list[tuple[str, str]]:
    """(press, label) of the buttons of what was asked."""
    if turn.asked is None or not turn.asked.options:
        return []
    pairs = [line.partition(LABEL) for line in turn.asked.options.split("\n")]
    return [(press, label) for press, _, label in pairs]
