"""What nobody can meet: the list for the community's monthly meeting, asked for in any words, and 转月会 to put a wish on it."""

from bot.errors import UserMistake
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.matters import cards as matter_cards
from handlers.matters import lifecycle
from handlers.people import authority
from handlers.wishes import finding, keeping, saying, spoken, wording
from storage import matters
from storage.matters import Matter
from storage.wishes import KIND

router = Router()

TO_MEETING, LIST, WALL = "to_meeting", "vet_list", "wall"
LONGEST, LONGEST_LINE = 30, 60
PAGE = 20
"""Wishes in one message."""
STATES = ("vetting", "unmet", "open")
KINDS = "心愿"
"""Said of nothing but a wish."""
ELSEWHERE = ("report", "emergency", "form")


@router.guard
def for_the_meeting(turn: Turn) -> Handler | None:
    """ "1002 转月会" and "这个月有哪些没人认" of whoever vets; to others what nobody has taken is the wall."""
    said, rows = turn.utterance, spoken.words(turn.catalog)
    free = turn.incoming.happening == "text" and turn.order is None and said.intent != "emergency"
    if not free or not said.text or len(said.text) > LONGEST or (turn.asked is not None and turn.asked.takes):
        return None
    if turn.posts and spoken.found(said.text, rows.vetter.meeting) and not spoken.asks(said.text, rows.bot.asking):
        return _put_on(turn)
    if turn.in_group and not said.addressed:
        return None
    if said.numbers or saying.NUMBER.search(said.text) or spoken.found(said.text, rows.questions.meeting) is None:
        return None
    of_its_own = said.intent in ELSEWHERE and said.confidence >= turn.catalog.thresholds[True].act
    if spoken.found(said.text, rows.bot.wishing) or said.place.building or (of_its_own and KINDS not in said.text):
        return None
    if finding.may_vet(turn):
        turn.order = Order(LIST)
    elif not finding.of_speaker(turn) and KINDS in said.text:
        turn.order = Order(WALL)
    return None


def _put_on(turn: Turn) -> Handler | None:
    """With its number, quoted, or asked which; numbers of anything else are left to others."""
    found = [int(number.group(1)) for number in saying.NUMBER.finditer(turn.utterance.text)]
    numbers = tuple(found) or ((turn.quoted,) if turn.quoted else ())
    named = [matters.by_number(turn.session, number) for number in numbers]
    if all(one is not None and one.kind == KIND for one in named) and finding.may_vet(turn):
        turn.order = Order(TO_MEETING, numbers)
    return None


@router.order(TO_MEETING)
@finding.each_number
def to_meeting(turn: Turn) -> list[Reply]:
    """转月会: for the next monthly meeting; the wisher hears it."""
    if finding.numbered(turn) is None and (several := _which(turn)):
        return several
    matter = finding.to_vet(turn)
    lifecycle.check(turn, matter, TO_MEETING)
    post = authority.vetting_post(turn, matter)
    owner = post.id if post else matter.owner_id
    after = keeping.step(
        turn, matter, TO_MEETING, by=turn.speaker().id, post_id=owner, why=turn.words, values={"owner_id": owner}
    )
    told = {"number": after.number, "day": after.deadline}
    to = finding.private(turn, after.account_id)
    return [
        matter_cards.aside(turn, Reply("wishes/to_meeting", told, about=after.number)),
        Reply("wishes/to_meeting_wisher", told, to=to, about=after.number),
    ]


def _which(turn: Turn) -> list[Reply]:
    """Which of those that could be met by nobody yet?"""
    waiting = [one for one in finding.waiting_here(turn, ("vetting", "open")) if one.state in ("vetting", "open")]
    return [finding.which(turn, "wishes/which_to_vet", waiting)] if len(waiting) > 1 else []


@router.order(LIST)
def list_for_the_meeting(turn: Turn) -> list[Reply]:
    """议事清单 and what waits to be vetted: what nobody could meet is for the monthly meeting, what nobody has taken may be."""
    if not finding.may_vet(turn):
        raise UserMistake("wishes/nothing_to_vet")
    found = finding.waiting_here(turn, STATES)
    if not found:
        raise UserMistake("wishes/nothing_to_vet")
    ranked = sorted((one for one in found if one.state in STATES), key=lambda one: STATES.index(one.state))
    begin = turn.order.number or 0 if turn.order else 0
    begin = begin if begin < len(ranked) else 0
    page = ranked[begin : begin + PAGE]
    more = len(ranked) - begin - len(page)
    values = {state: _lines(turn, page, state) for state in STATES}
    buttons = (Button("go_on_reading", f"{LIST} {begin + len(page)}"),) if more else ()
    told = {**values, "day": keeping.meeting(turn), "more": more, "begin": begin}
    return [matter_cards.aside(turn, Reply("wishes/meeting", told, buttons=buttons, ask=Ask() if more else None))]


def _lines(turn: Turn, page: list[Matter], state: str) -> list[tuple[int, str]]:
    there = finding.public_of(turn, [one for one in page if one.state == state])
    return [(number, wording.brief(public, LONGEST_LINE)) for number, public in there]
