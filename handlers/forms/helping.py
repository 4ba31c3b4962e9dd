"""要人帮忙: a matter in the hands of whoever is nearest to that door, or a word more of one; what is dire is an emergency."""

from dataclasses import replace
from datetime import timedelta

from bot.message import Address, Ask, Lane, Reply
from bot.router import Router
from bot.turn import Turn
from bot.understanding.utterance import Place
from handlers.forms import called, calling
from handlers.forms.calling import HELP
from handlers.forms.filling import in_private
from handlers.forms.rules import Form
from handlers.matters import alike, cards, intake
from storage import grids, matters
from storage.forms import Filing
from storage.matters import ENDED, Matter

router = Router()

WELFARE, HEALTH = "welfare", "health"
LATELY = timedelta(hours=12)
"""What somebody who is looked after says so long after asking for help may be more of that."""
CARD = "reports/card"


@router.order(HELP)
@in_private
def not_well(turn: Turn) -> list[Reply]:
    """A matter at once; what is dire is an emergency like any other; whoever comes already hears the next word too."""
    row, form, _ = called.own(turn)
    told = called.heard(turn, form, row, fine=False)
    words = called.words_of(turn.catalog)
    text = turn.words or words.cry
    place = Place(building=row.building, unit=row.unit or None, room=row.room) if row.building else Place()
    if row.grid_id is not None:
        turn.grid = grids.get(turn.session, row.grid_id)
    said = replace(intake.as_report(turn, text), place=place, parts=())
    if called.is_named(said) or any(called.is_so(some, text) for some in (words.dire, words.fell)):
        danger = (said.emergency, said.category) if called.is_named(said) else (intake.MEDICAL, HEALTH)
        cried = replace(said, intent="emergency", emergency=danger[0], category=danger[1])
        if (matter := in_hand(turn, crying=True)) is not None:
            return [*intake.more_of_it(turn, matter, cried), *told]
        replies = intake.take(turn, cried)
        return [*replies, *([] if row.building else where_it_is(turn, form, row, replies)), *told]
    if turn.words and (matter := in_hand(turn)) is not None:
        return [*_more_of_it(turn, matter, text), *told]
    grid = turn.grid or grids.root(turn.session)
    if grid is None:
        return [*intake.take(turn, said), *told]
    matter, owner, seats = intake.file(turn, turn.speaker().id, said, grid, WELFARE, "urgent")
    ask = None if turn.words else Ask(takes=f"add {matter.number}", lasts_s=3600)
    values = {"matter": matter, "owner": owner, "asks": not turn.words}
    cards_told = cards.fresh(turn, matter, seats)
    told += [] if row.building else where_it_is(turn, form, row, cards_told)
    return [Reply("forms/help_comes", values, about=matter.number, ask=ask), *cards_told, *told]


def in_hand(turn: Turn, *, crying: bool = False) -> Matter | None:
    """The help that the speaker asked for lately and that is not over; a cry is the same cry for half an hour."""
    within = alike.SAME_CRY if crying else LATELY
    found = matters.latest_of(turn.session, turn.account.id, turn.now - within) if turn.account else None
    ours = found is not None and found.category in (WELFARE, HEALTH) and found.state not in ENDED
    return found if ours and found and (not crying or found.urgency == intake.EMERGENCY) else None


def _more_of_it(turn: Turn, matter: Matter, text: str) -> list[Reply]:
    """A second word goes to whoever is on the way."""
    matters.add(turn.session, matter, turn.speaker().id, "sentence", text[: intake.LONGEST], turn.now)
    told = Reply("forms/told_them", {"matter": matter}, about=matter.number)
    return [told, *intake.heard_again(turn, matter, text)]


def where_it_is(turn: Turn, form: Form, row: Filing, told: list[Reply]) -> list[Reply]:
    """A village's house, which no matter names: everybody who gets a card hears it in private."""
    values = calling.named(turn, form, row)
    return [
        Reply("forms/where_it_is", values, to=one.to, lane=Lane.DUTY)
        for one in told
        if one.template.startswith(CARD) and isinstance(one.to, Address) and one.to.private
    ]
