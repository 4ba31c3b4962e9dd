"""A wish is claimed in any words: by its number, or by the thing where exactly one on the wall fits; else it is asked."""

import re

from bot import orders
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.people import authority
from handlers.wishes import finding, spoken, wall
from handlers.wishes.spoken import WishWords
from handlers.wishes.terms import terms
from storage import matters, wishes
from storage.matters import Matter
from storage.wishes import KIND

router = Router()

LONGEST = 40
PASSED_BY = ("relay", "spent", "thanks")
"""Questions for a sentence that a claim does not answer."""
NUMBERS = re.compile(r"(?<!\d)\d{3,6}(?!\d)")
SPELLED = re.compile(r"[零〇一二三四五六七八九幺]{4,6}")
"""A number typed in words: 一零零一."""
PLACED = re.compile(r"第([1-4一二三四])个?")
ORDINALS = "零一二三四"
NEGATIONS, DENIED_WITHIN = ("不", "没", "莫", "别"), 3
"""不想认领: a no stands so near before the word."""
CLAIM, CLAIM_YES = "claim", "claim_yes"


def slip(turn: Turn, rows: WishWords) -> Handler | None:
    """ "人领" and no number: of the quoted wish it is asked, and in private it is said how to claim one."""
    if turn.order is not None or not phrases.only(turn.utterance.text, rows.anyone.slips, rows.anyone.slip_leads):
        return None
    if turn.quoted is not None:
        return sure(matters.by_number(turn.session, turn.quoted))
    if not turn.in_group and turn.asked is None:
        turn.order = Order(CLAIM)
    return None


def claims(turn: Turn, rows: WishWords, matter: Matter, rest: str) -> Handler | None:
    """认领 and its number are an order, whatever is told beside; a slip, or a question beside it, is asked about."""
    rest = rest.replace("微心愿", "").replace("心愿", "").strip(" ，,。:：、!！~")
    plain = (*rows.anyone.claim, *rows.anyone.claim_named)
    if phrases.some(NUMBERS.sub(" ", rest), plain, rows.anyone.pointing):
        if any(word in rest for word in rows.anyone.wonders):
            return None if turn.in_group else sure(matter)
        named = dict.fromkeys((matter.number, *(int(found) for found in NUMBERS.findall(turn.utterance.text))))
        turn.order = Order(CLAIM, tuple(named))
        return None
    if phrases.only(rest, rows.anyone.slips, rows.anyone.slip_leads):
        return sure(matter)
    helps = (*rows.anyone.would, *terms(turn.catalog).takes_on)
    plain = phrases.some(rest, helps)
    has = not turn.in_group and any(word in rest for word in helps)
    if plain or has or (turn.utterance.command is not None and not turn.in_group):
        return sure(matter) or (_not_open(turn, matter) if plain else None)
    return None


def _not_open(turn: Turn, matter: Matter) -> Handler | None:
    """Somebody was faster, or it is not on the wall: that is said."""
    if turn.in_group or authority.is_reporter(turn, matter) or authority.is_claimer(turn, matter):
        return None
    turn.order = Order(CLAIM, (matter.number,))
    return None


def sure(matter: Matter | None) -> Handler | None:
    """Is it to be claimed?"""
    if matter is None or matter.kind != KIND or matter.state != "open":
        return None
    return lambda turn: [finding.aside(turn, is_it_claimed(turn, matter))]


def is_it_claimed(turn: Turn, matter: Matter, template: str = "wishes/claim_sure") -> Reply:
    """The question whether the speaker takes it on; a yes in words is enough."""
    values = {"number": matter.number, "public": wishes.of(turn.session, matter.id).public}
    button = (Button(CLAIM, f"{CLAIM_YES} {matter.number}"), Button("claim_pass", f"claim_pass {matter.number}"))
    return Reply(template, values, buttons=button, about=matter.number, ask=Ask(lasts_s=finding.A_DAY_S))


@router.guard
def in_own_words(turn: Turn) -> Handler | None:
    """ "我认领轮椅那个", "那个教手机的我来", "认领第一个"; quick to say None."""
    said, rows = turn.utterance, spoken.words(turn.catalog).anyone
    if turn.incoming.happening != "text" or turn.order is not None or turn.quoted is not None or said.numbers:
        return None
    if said.intent == "emergency" or said.digit is not None or not 1 < len(said.text) <= LONGEST:
        return None
    claims, shown = spoken.found(said.text, rows.claim), _shown(turn)
    if turn.in_group and not (claims or shown):
        return None
    would = spoken.found(said.text, rows.would) if phrases.has(said.text, rows.pointing) else None
    if not (claims or would or shown) or NUMBERS.search(said.text) or SPELLED.search(said.text):
        return None
    if claims and any(word in said.text[: claims.start()][-DENIED_WITHIN:] for word in NEGATIONS):
        return None
    takes = orders.parse_press(turn.asked.takes).code if turn.asked and turn.asked.takes else ""
    if (takes and (takes not in PASSED_BY or not claims)) or said.place.building:
        return None
    if (said.command not in (None, CLAIM) and said.confidence >= 1) or phrases.only(said.text, rows.claim):
        return None
    if spoken.asks(said.text, spoken.words(turn.catalog).bot.asking):
        return None
    return _meant(turn, shown, claims=claims is not None, would=would is not None)


def _shown(turn: Turn) -> list[int]:
    """The numbers of the wishes whose 认领 buttons wait for a tap."""
    kept = turn.asked.options.split("\n") if turn.asked and turn.asked.options else []
    found = [orders.parse_press(line.partition(orders.LABEL)[0]) for line in kept]
    return [one.number for one in found if one.code == CLAIM and one.number]


def _meant(turn: Turn, shown: list[int], *, claims: bool, would: bool) -> Handler | None:
    text, rows = turn.utterance.text, spoken.words(turn.catalog).anyone
    placed = PLACED.search(text)
    if placed and shown and phrases.only(PLACED.sub("", text) or "认领", (*rows.claim, *rows.would), rows.pointing):
        at = int(placed[1]) if placed[1].isdecimal() else ORDINALS.index(placed[1])
        if at <= len(shown):
            turn.order = Order(CLAIM, (shown[at - 1],))
        return None
    found = [one for one in _fitting(turn, text) if claims or would or one.number in shown]
    found = [one for one in found if one.number in shown] or found
    if len(found) > 1:
        turn.order = Order(CLAIM)
        return lambda turn: [finding.which(turn, "wishes/which_to_claim", found)]
    if found and (claims or would) and not any(word in text for word in rows.wonders):
        turn.order = Order(CLAIM, (found[0].number,))
        return None
    if found:
        return None if turn.in_group else sure(found[0])
    if claims and not turn.in_group and text.startswith(rows.claim):
        turn.order = Order(CLAIM)
    return None


def _fitting(turn: Turn, text: str) -> list[Matter]:
    """What is open near the speaker and is named in these words; nobody claims a wish of one's own."""
    everyday = spoken.words(turn.catalog).bot.everyday
    found = [one.number for one in wall.near(turn) if _names(turn, one.public, text, everyday)]
    open_now = (matters.by_number(turn.session, number) for number in found)
    return [one for one in open_now if one is not None and not authority.is_reporter(turn, one)]


def _names(turn: Turn, public: str, text: str, everyday: tuple[str, ...]) -> bool:
    rows = terms(turn.catalog)
    return bool(rows.things_in(public) & rows.things_in(text)) or finding.alike(public, text, everyday)
