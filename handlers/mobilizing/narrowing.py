"""只叫锦绣社区: the preview that the speaker looks at, for a smaller place; the exact preview is shown again."""

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.mobilizing import free_words, ordering, plans, several, unsaying
from storage.notices import Notice

router = Router()


@router.guard_where("alone", "posted")
def only_there(turn: Turn) -> Handler | None:
    """The same plan for the place that is named; asked of such words only, while a preview is shown."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.account is None:
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
    places = several.together(turn, _from_the_first(turn, text), top)
    if len(places) > 1:
        return [ordering.which_of(turn, places, notice.plan, drill=notice.drill, number=notice.number)]
    replies = ordering.preview(turn, ordering.where(turn, top, text), notice.plan, drill=notice.drill)
    unsaying.take_off(turn, notice)
    return replies


def _from_the_first(turn: Turn, text: str) -> str:
    """The words from the first word behind 只叫."""
    word = max((one for one in plans.terms(turn.catalog).narrow.only if one in text), key=len, default="")
    before, _, after = text.partition(word)
    return after or before
