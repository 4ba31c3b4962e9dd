"""全区防汛动员, 解除: an order said without its number or in another order of words; nothing leaves but by a preview."""

from bot.message import LITERAL, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.mobilizing import after_action, ordering, plans, several
from handlers.notices.terms import terms
from handlers.people import authority
from storage import grids, musters
from storage.notices import Notice

router = Router()

ENDS_WAR = "war_end_now"


@router.guard_where("posted")
def mobilizes(turn: Turn) -> Handler | None:
    """The card or the preview, when the words are nothing but a deed, a plan and a place; asked only of posts."""
    said = turn.utterance
    if turn.incoming.happening != "text" or said.command is not None or said.intent == "emergency":
        return None
    words = plans.terms(turn.catalog).free
    if len(said.text) > words.longest or not any(deed in said.text for deed in words.deeds):
        return None
    if turn.chat is not None and turn.chat.audience != "staff":
        return None
    if not phrases.only(said.text, words.deeds, (*words.beside, *_named(turn))):
        return None
    if not authority.seated(turn, turn.posts, ordering.DEED):
        return None
    turn.order = Order(ordering.DRILL if plans.DRILL in said.text else ordering.DEED, (), said.text)
    return ordering.rehearse if plans.DRILL in said.text else ordering.mobilize


def places_in(turn: Turn) -> list[str]:
    """The names of places in the text and what people call a level."""
    text, called = turn.utterance.text, grids.called(turn.session)
    places = [
        name
        for at in range(len(text) - 1)
        for name, _ in called.get(text[at : at + 2], ())
        if text.startswith(name, at)
    ]
    top = ordering.seats(turn) if not places else []
    return [*places, *several.ends_in(turn, text, top), *(f"全{level}" for level in terms(turn.catalog).levels)]


def _named(turn: Turn) -> list[str]:
    """The plans' words, and the places."""
    offered = plans.offered(turn.catalog).values()
    return [*places_in(turn), *(word for plan in offered for word in (plan.title, *plan.words, *plan.signs))]


@router.guard_where("posted", "alone")
def stands_down(turn: Turn) -> Handler | None:
    """解除 alone in private: the one mobilization that runs, or which of them; asked of this word only."""
    said = turn.utterance
    if said.command not in (ordering.ALL_CLEAR, ordering.STAND_DOWN):
        return None
    if said.numbers or turn.quoted is not None or said.argument or _ends_something_else(turn):
        return None
    own = [one for one in musters.going(turn.session).values() if _may_end(turn, one)]
    if not own:
        return None
    if len(own) == 1:
        turn.order = Order(ordering.STAND_DOWN, (own[0].number,))
        return ordering.stand_down
    return lambda turn: [_which(own)]


@router.guard_where("alone", "posted")
def speaks_of_the_one_that_runs(turn: Turn) -> Handler | None:
    """还差谁, 雨停了，解除: how far it has come, or the preview of its end; asked of these words only."""
    said = turn.utterance
    if turn.incoming.happening != "text" or said.numbers or turn.quoted is not None:
        return None
    words = plans.terms(turn.catalog).while_going
    if said.intent == "emergency" or len(said.text) > words.longest or (turn.asked is not None and turn.asked.takes):
        return None
    asks = phrases.only(said.text, words.asks, words.without)
    if not asks and (said.command is not None or not phrases.only(said.text, words.ends, words.without)):
        return None
    own = [one for one in musters.going(turn.session).values() if _may_end(turn, one)]
    if len(own) != 1:
        return (lambda _: [_which(own)]) if own and not asks else None
    turn.order = Order("after_action" if asks else ordering.STAND_DOWN, (own[0].number,))
    return after_action.look_back if asks else ordering.stand_down


def _ends_something_else(turn: Turn) -> bool:
    """Whether 解除 answers what was just asked."""
    return turn.asked is not None and ENDS_WAR in turn.asked.options


def _may_end(turn: Turn, notice: Notice) -> bool:
    code = grids.get(turn.session, notice.grid_id).code
    return authority.post_over(turn, turn.posts, ordering.DEED, code) is not None


def _which(own: list[Notice]) -> Reply:
    buttons = tuple(Button(f"{LITERAL}{one.number} {one.topic}", f"stand_down {one.number}") for one in own[:8])
    return Reply("mobilizing/which_to_end", {"found": own}, buttons=buttons)
