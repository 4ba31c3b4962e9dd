"""Reports: what was said freely, ordered, or meant after all."""

from collections.abc import Sequence
from dataclasses import replace

from bot.errors import UserMistake
from bot.message import Ask, Button, Reply
from bot.router import Router
from bot.turn import Heard, Scene, Turn
from bot.understanding import threads
from bot.understanding.utterance import Utterance
from handlers.matters import afterwards, alike, finding, moving, once, places
from handlers.matters.intake import FALLBACK_CATEGORY, KIND, LONGEST, as_report, more_of_it, take
from handlers.people import privacy
from storage import grids, numbers, people

router = Router()

AGAIN = "report_place_again"
"""The order that takes the second answer to "in which estate?"."""
NAMED = ("thing:", "trouble:", "fault:")
"""Why of words that name what is wrong, or what it is about."""


@router.ahead
def look_ahead(scene: Scene, heard: Sequence[Heard]) -> None:
    """The numbers of what may be filed from a batch, and what lives already where it would be filed."""
    told = [
        (one.grid_id, one.utterance.category or FALLBACK_CATEGORY)
        for one in heard
        if one.grid_id is not None and one.utterance.intent in ("report", "emergency")
    ]
    if len(told) > 1:
        numbers.expect(scene.session, KIND, len(told))
        alike.look_up(scene, set(told))


@router.intent("report")
def free_words(turn: Turn) -> list[Reply]:
    """Act when sure; ask once when not; say nothing below."""
    sure = turn.catalog.thresholds[not turn.in_group]
    said = turn.utterance
    bare = names_nothing(said) and ((turn.posts and turn.chat is None) or privacy.too_private(turn))
    if said.confidence >= sure.act and not bare:
        return take(turn, said)
    if said.confidence < sure.ask or privacy.too_private(turn):
        return []
    return unsure(turn, said)


def names_nothing(said: Utterance) -> bool:
    """Whether it only sounds like a report: 顶楼没人 of a leader on the stairs is nobody's trouble."""
    return not said.parts and not any(why.startswith(NAMED) for why in said.why)


@router.intent("emergency")
def emergency(turn: Turn) -> list[Reply]:
    """Advice first, three people rung, no question asked."""
    return take(turn, turn.utterance)


@router.order("report", "on_behalf")
def explicit(turn: Turn) -> list[Reply]:
    """报事 with what is the matter; without it, ask for it."""
    words = turn.words
    if not words:
        return [Reply("reports/what", ask=Ask(takes="report", lasts_s=3600))]
    if turn.order and turn.order.answers:
        return take(turn, as_report(turn, words))
    return take(turn, replace(turn.utterance, text=words))


@router.order("report_yes")
def meant(turn: Turn) -> list[Reply]:
    """The neighbour says it was a report."""
    if turn.asked is None or not turn.asked.held:
        if turn.in_group:
            return []  # a neighbour taps what was asked of somebody else
        raise UserMistake("reports/say_again")
    return take(turn, as_report(turn, turn.asked.held))


@router.order("locate")
def located(turn: Turn) -> list[Reply]:
    """Where the cry for help came from: whoever is nearest there is rung now; asked again until it is known."""
    matter = finding.named(turn)
    grid = places.estate_meant(turn, turn.words) if turn.words else None
    if matter is None or grid is None:
        ask = Ask(takes=f"locate {matter.number if matter else ''}", lasts_s=3600)
        return [Reply("reports/where_exactly", ask=ask)]
    people.settle(turn.session, turn.speaker().id, grid.id)
    place = turn.read(places.without_name(turn.words, grid), True).place
    turn.grid = places.grid_of_door(turn, grid, place) or grid
    told = Reply("reports/help_moves", {"matter": matter, "grid": turn.grid}, about=matter.number)
    return [told, *moving.to(turn, moving.placed(turn, matter, place, turn.words), turn.grid)]


@router.order("door")
def at_the_door(turn: Turn) -> list[Reply]:
    """Where to find whoever cried for help: everybody who was called hears it, or whatever else is said."""
    matter, said = finding.own(turn), turn.utterance
    if said.intent == "withdraw" or threads.plainly_over(said.text):
        return afterwards.withdraw(turn)
    place = turn.read(turn.words, True).place
    if place.building or place.unit or place.room:
        return moving.corrected(turn, matter, place, turn.words)
    return more_of_it(turn, matter, replace(said, text=turn.words))


@router.order("report_no")
def not_meant(turn: Turn) -> list[Reply]:
    """It was only talk: nothing is kept."""
    return [Reply("reports/never_mind")] if turn.asked else []


@router.order("report_place", "report_place_again")
def where(turn: Turn) -> list[Reply]:
    """The answer to "in which estate?" for words that came from nowhere we know; asked once more if it names none.

    Whoever lives where we know of nobody is heard by whoever is on duty for all of it.
    """
    if turn.asked is None or not turn.asked.held:
        raise UserMistake("reports/say_again")
    if threads.takes_back(turn.utterance):
        return [Reply("desk/never_mind")]
    named = places.estate_meant(turn, turn.words)
    if named is None and not places.may_name_one(turn, turn.words) and turn.order and turn.order.code != AGAIN:
        ask = Ask(takes=AGAIN, held=turn.asked.held, lasts_s=3600)
        return [Reply("reports/which_estate_again", ask=ask)]
    grid = named or grids.root(turn.session)
    if grid is None:
        raise UserMistake("reports/nobody_yet")
    if named is not None:
        people.settle(turn.session, turn.speaker().id, named.id)
    turn.grid = grid
    said = as_report(turn, turn.asked.held)
    return take(turn, replace(said, place=said.place or turn.utterance.place))


def unsure(turn: Turn, said: Utterance) -> list[Reply]:
    """One question with two buttons, once; then silence for a while."""
    buttons = (Button("is_report", "report_yes"), Button("no_report", "report_no"))
    ask = Ask(held=said.text[:LONGEST], lasts_s=600)
    question = Reply("reports/unsure", {"name": _called(turn)}, buttons=buttons, ask=ask)
    return once.asked(turn, once.REPORT, question)


def _called(turn: Turn) -> str:
    """How to address the speaker: in a group by no other name than the one the group sees."""
    return turn.incoming.sender_name if turn.in_group else turn.speaker().name
