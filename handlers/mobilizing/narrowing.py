"""只叫锦绣社区: the preview that the speaker looks at, for a smaller place; the exact preview is shown again."""

from bot.message import LITERAL, Button, Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.mobilizing import free_words, ordering, plans, unsaying
from storage import grids
from storage.grids import Grid
from storage.notices import Notice

router = Router()


@router.guard
def only_there(turn: Turn) -> Handler | None:
    """The same plan for the place that is named; asked of such words only, while a preview is shown."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.in_group or not turn.posts or turn.account is None:
        return None
    words = plans.terms(turn.catalog).narrow
    if said.intent == "emergency" or said.numbers or len(said.text) > words.longest:
        return None
    if not any(one in said.text for one in words.only):
        return None
    named = free_words.places_in(turn)
    if not named or not phrases.only(said.text, words.only, (*words.beside, *named)):
        return None
    notice = unsaying.shown(turn)
    return (lambda turn: _narrowed(turn, notice)) if notice is not None else None


def _narrowed(turn: Turn, notice: Notice) -> list[Reply]:
    """The old preview calls nobody any more once the new one is shown."""
    text, top = turn.utterance.text, ordering.seats(turn)
    several = _several(turn, text)
    if len(several) > 1:
        drill = f" {plans.DRILL}" if notice.drill else ""
        buttons = tuple(
            Button(LITERAL + one.name, f"muster_where {one.id} {notice.plan}{drill}") for one in several[:8]
        )
        return [Reply("mobilizing/one_place", {"number": notice.number}, buttons=buttons)]
    replies = ordering.preview(turn, ordering.where(turn, top, text), notice.plan, drill=notice.drill)
    unsaying.take_off(turn, notice)
    return replies


def _several(turn: Turn, text: str) -> list[Grid]:
    """The places that the words name by their own names, none inside another."""
    called = grids.called(turn.session)
    ids = {
        grid_id
        for at in range(len(text) - 1)
        for name, grid_id in called.get(text[at : at + 2], ())
        if text.startswith(name, at) and name == grids.get(turn.session, grid_id).name
    }
    found = list(grids.by_ids(turn.session, ids).values())
    return [
        one
        for one in found
        if not any(
            other.id != one.id and (one.code.startswith(other.code) or one.name in other.name) for other in found
        )
    ]
