"""Words that may mean a notice as well as a matter: the number says which; asked only of such words with a number."""

import re

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.census import asking as census
from handlers.desk import nearly
from handlers.mobilizing import ordering as mobilizing
from handlers.modes import switching
from handlers.notices import acks, approving, correcting, verifying, way_down, whose
from handlers.people import authority
from storage import matters, modes, notices, wishes
from storage.notices import DRAFT, WAITING

router = Router()

AGREE, REFUSE = "approve", "refuse"
DECIDES: dict[str, dict[str, Handler]] = {
    AGREE: {"mobilize": mobilizing.agree, "census": census.agree, "notice": approving.agree},
    REFUSE: {"mobilize": mobilizing.refuse, "census": census.refuse, "notice": approving.refuse},
}
"""同意 1041, 不同意 1041: what they do with each kind of notice that waits for a second person."""


def decide(turn: Turn) -> list[Reply]:
    """The second person's yes, by nothing but the word and the number; or their no, perhaps with the reason."""
    notice, order = whose.named(turn), turn.order
    if order is None or (order.code == AGREE and not _word_for_word(turn)) or notice.state in (DRAFT, census.SHOWN):
        return nearly.exactly(turn, notice)
    return DECIDES[order.code].get(nearly.kind_of(notice), nearly.exactly_named)(turn)


def _word_for_word(turn: Turn) -> bool:
    """Whether it is one of the words of the command, perhaps with the number, and nothing that softens it."""
    said = DIGITS.sub("", phrases.PAUSES.sub("", turn.utterance.text))
    return any(said in command.words for command in turn.catalog.commands if command.code == AGREE)


TAKES: dict[str, Handler] = {
    AGREE: decide,
    REFUSE: decide,
    "publish": approving.asked,
    "progress": way_down.how_far,
    "correct": correcting.replace,
    "verify": verifying.by_number,
    "acknowledge": acks.acknowledge,
}
"""Orders, and what they do with a notice. 停发, 补发 and the like have words of their own, always before the number."""
NUMBER_FIRST = re.compile(r"(\d{4,6})(?:号通知|号)?[\s,，:：]*([^\d\s].{1,20})$")
"""1041 到哪了: the number before the word."""
DIGITS = re.compile(r"\d+")
LONG = 20
INTENTS = ("progress", "verify")
"""Free words that may name one too: "1041 到哪了"."""


@router.guard
def of_a_notice(turn: Turn) -> Handler | None:
    """Its handler, when the words name the number of a notice or quote one; long words that ask whether something is
    true are compared with what was sent."""
    said = turn.utterance
    if said.intent == "emergency" or turn.incoming.happening != "text":
        return None
    first = NUMBER_FIRST.match(said.text)
    if first:
        said = turn.read(f"{first[2]} {first[1]}", not turn.in_group)
    code = said.command if said.command in TAKES else said.intent if said.intent in INTENTS else None
    if code is None and (first or turn.quoted) and verifying.TRUE.search(said.text):
        code = "verify"
    if code is None:
        return verifying.verify if _pasted(turn) else None
    number = int(first[1]) if first else said.numbers[0] if said.numbers else turn.quoted
    if number is None or (code in DECIDES and not turn.posts):
        return None
    numbers = (number,) if first else said.numbers or (number,)
    notice = notices.find(turn.session, number)
    if notice is None:
        if code == "publish" and said.numbers and not _a_wish(turn, number):
            return lambda _: [Reply("desk/no_such_number", {"number": number})]
        return _of_war(turn, code, number, said.argument)
    if code in DECIDES and not said.numbers and notice.state not in (WAITING, census.ASKED):
        return None  # a word to what was quoted
    turn.order = Order(code, numbers, said.argument)
    return TAKES[code]


def _a_wish(turn: Turn, number: int) -> bool:
    """Whether it is the number of a wish: of those the wall knows best."""
    matter = matters.by_number(turn.session, number)
    return matter is not None and matter.kind == wishes.KIND and authority.may_see(turn, matter)


def _of_war(turn: Turn, code: str, number: int, argument: str) -> Handler | None:
    """同意, 不同意 with the number of an order that puts a place at war: a yes has words of its own there."""
    if code not in DECIDES or modes.by_number(turn.session, number) is None:
        return None
    turn.order = Order(code, (number,), argument)
    return switching.refuse if code == REFUSE else switching.almost


def _pasted(turn: Turn) -> bool:
    """Whether it is a long text with the question whether it is true."""
    said = turn.utterance
    return len(said.text) >= LONG and said.command is None and verifying.TRUE.search(said.text) is not None
