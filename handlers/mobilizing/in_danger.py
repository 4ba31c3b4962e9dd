"""起火了，喊人: whoever may mobilize and tells of a danger sees, beside the answer to it, the preview of its plan."""

from bot.errors import UserMistake
from bot.message import LITERAL, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.mobilizing import ordering, plans
from handlers.people import authority
from storage import grids, musters

router = Router()

NOT = ("不", "别", "莫", "没", "不用", "不要", "先别", "先莫")


@router.afterword
def calls_people(turn: Turn) -> Handler | None:
    """With 喊人 the preview, else a button that shows it; nobody is called by either."""
    said = turn.utterance
    if turn.incoming.happening != "text" or said.intent != "emergency" or not turn.posts or turn.in_group:
        return None
    calls = plans.terms(turn.catalog).free.calls
    wanted = any(deed in said.text and not said.text.split(deed)[0].endswith(NOT) for deed in calls)
    code = plans.against(turn.catalog, said.emergency) or (plans.named(turn.catalog, said.text) if wanted else None)
    if code is None or not authority.seated(turn, turn.posts, ordering.DEED):
        return None
    return lambda turn: _shown(turn, code, wanted=wanted)


def _shown(turn: Turn, code: str, *, wanted: bool) -> list[Reply]:
    """What is out of reach is no reason to say nothing of the danger: then only that was answered."""
    plan = plans.offered(turn.catalog)[code]
    try:
        top = ordering.seats(turn)
        grid = ordering.where(turn, top, turn.utterance.text)
        if wanted:
            turn.order = Order(ordering.DEED, (), f"{plan.title} {turn.utterance.text}")
            return ordering.wanted(turn, drill=False)
    except UserMistake:
        return []
    if grid is None or _runs(turn, code, grid.code):
        return []
    button = Button(f"{LITERAL}{plan.title}动员", f"muster_plan {grid.id} {code}")
    return [Reply("mobilizing/offered", {"plan": plan, "grid": grid}, buttons=(button,))]


def _runs(turn: Turn, code: str, place: str) -> bool:
    """Whether they are out there for it already."""
    every = [one for one in musters.going(turn.session).values() if one.plan == code and not one.drill]
    return any(place.startswith(grids.get(turn.session, one.grid_id).code) for one in every)
