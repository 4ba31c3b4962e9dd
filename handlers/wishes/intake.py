"""How words become a wish: ordered, said freely, or said for somebody who cannot type; never published from here."""

from collections.abc import Sequence
from datetime import timedelta

from bot.errors import UserMistake
from bot.message import Ask, Button, Reply
from bot.router import Router
from bot.turn import Scene, Turn
from bot.understanding.utterance import Place
from handlers.matters import clocks, places, rules
from handlers.matters import intake as reports
from handlers.wishes import finding, keeping, vetting, wording
from handlers.wishes.terms import terms
from storage import grids, journal, matters, numbers, people, timers, wishes
from storage.matters import Matter
from storage.timers import Timer

router = Router()

LONGEST = 300
OFFERED = "wish_offered"
"""The timer of the pause in which nobody is offered again."""
ANSWER_S = 1800


@router.order("wish")
def ordered(turn: Turn) -> list[Reply]:
    """心愿 with what is wished for; without it, ask for it."""
    words = turn.words
    if not words:
        return [Reply("wishes/what", ask=Ask(takes="wish", lasts_s=ANSWER_S))]
    return take(turn, words)


@router.intent("wish")
def free_words(turn: Turn) -> list[Reply]:
    """In private a sure wish is taken; in a group, and where it is not sure, it is only offered, once in a while."""
    sure = turn.catalog.thresholds[not turn.in_group]
    said = turn.utterance
    if said.confidence < (sure.act if turn.in_group else sure.ask):
        return []
    if turn.in_group or said.confidence < sure.act:
        return _offer(turn, said.text)
    return _for_somebody(turn, said.text) if said.behalf else take(turn, said.text)


def _offer(turn: Turn, words: str) -> list[Reply]:
    """One question with two buttons; then silence for a while."""
    account = turn.speaker()
    if turn.in_group and timers.armed(turn.session, OFFERED, account.id):
        return []
    quiet = timedelta(minutes=rules.routes(turn.catalog).unsure_again_minutes)
    timers.arm(turn.session, OFFERED, account.id, turn.now + quiet)
    buttons = (Button("wish_want", "wish_want"), Button("wish_never", "wish_never"))
    return [Reply("wishes/offer", buttons=buttons, ask=Ask(held=words[:LONGEST], lasts_s=ANSWER_S))]


@router.timer(OFFERED)
def may_offer_again(_scene: Scene, _due: Sequence[Timer]) -> list[Reply]:
    """The pause is over; nothing is said."""
    return []


@router.order("wish_want")
def wanted(turn: Turn) -> list[Reply]:
    """The neighbour wants it on the wall; the community looks at it first."""
    if turn.asked is None or not turn.asked.held:
        return [] if turn.in_group else [Reply("wishes/what", ask=Ask(takes="wish", lasts_s=ANSWER_S))]
    words = turn.asked.held
    return _for_somebody(turn, words) if turn.read(words, True).behalf else take(turn, words)


@router.order("wish_never")
def not_wanted(turn: Turn) -> list[Reply]:
    """Only talk: nothing is kept."""
    return [Reply("wishes/never_mind")] if turn.asked else []


@router.order("wish_for")
def for_somebody(turn: Turn) -> list[Reply]:
    """代许心愿: for somebody who cannot type."""
    words = turn.words
    if not words:
        return [Reply("wishes/for_whom", ask=Ask(takes="wish_for", lasts_s=ANSWER_S))]
    return _for_somebody(turn, words)


def _for_somebody(turn: Turn, words: str) -> list[Reply]:
    """First of all: does that person want it?"""
    buttons = (
        Button("consent_seen", "wish_consent seen"),
        Button("consent_called", "wish_consent called"),
        Button("consent_none", "wish_consent none"),
    )
    return [Reply("wishes/consent", buttons=buttons, ask=Ask(held=words[:LONGEST], lasts_s=ANSWER_S))]


@router.order("wish_consent")
def consented(turn: Turn) -> list[Reply]:
    """With that person's yes it is a wish; without, nothing is kept."""
    if turn.asked is None or not turn.asked.held:
        return [] if turn.in_group else [Reply("wishes/for_whom", ask=Ask(takes="wish_for", lasts_s=ANSWER_S))]
    if turn.words not in ("seen", "called"):
        return [Reply("wishes/ask_first")]
    words = turn.asked.held
    return take(turn, words, behalf=whom(turn, words), consent=turn.words)


def whom(turn: Turn, words: str) -> str:
    """For whom it is, as it was said."""
    if behalf := turn.read(words, True).behalf:
        return behalf
    called = wording.SOMEBODY.search(words)
    return called[0] if called else terms(turn.catalog).somebody


@router.order("wish_place")
def where(turn: Turn) -> list[Reply]:
    """The answer to "in which estate?"."""
    if turn.asked is None or not turn.asked.held:
        raise UserMistake("wishes/what")
    grid = places.estate_meant(turn, turn.words)
    if grid is None:
        raise UserMistake("reports/nobody_yet")
    people.settle(turn.session, turn.speaker().id, grid.id)
    turn.grid = grid
    head, _, words = turn.asked.held.partition("\n")
    consent, _, behalf = head.partition(" ")
    return take(turn, words, behalf=behalf, consent=consent)


def take(turn: Turn, words: str, *, behalf: str = "", consent: str = "") -> list[Reply]:
    """The wish now exists and waits to be vetted; the answer, and the vetter's card."""
    words = words[:LONGEST]
    said = turn.read(words, True)
    if said.intent == "emergency":
        return reports.take(turn, said)
    place = said.place
    grid = places.home_of(turn, words, place, turn.grid or finding.seated(turn))
    if grid is None:
        held = f"{consent} {behalf}\n{words}"
        return [Reply("wishes/which_estate", ask=Ask(takes="wish_place", held=held, lasts_s=ANSWER_S))]
    matter = file(
        turn, account_id=turn.speaker().id, grid_id=grid.id, words=words, place=place, behalf=behalf, consent=consent
    )
    said = Reply("wishes/noted", {"number": matter.number, "behalf": bool(behalf)}, about=matter.number)
    return [said, *vetting.cards(turn, matter)]


def file(
    scene: Scene, *, account_id: int, grid_id: int, words: str, place: Place, behalf: str = "", consent: str = ""
) -> Matter:
    """The wish as a matter with its own row, numbered, journalled, its clock wound."""
    rows = terms(scene.catalog)
    found = finding.vetters(scene, grids.get(scene.session, grid_id))
    vet_by = clocks.after(scene, rows.vet_within)
    turn_chat = scene.chat.id if isinstance(scene, Turn) and scene.chat else None
    matter = matters.open_matter(
        scene.session,
        {
            "number": numbers.give(scene.session, wishes.KIND),
            "kind": wishes.KIND,
            "state": rules.lifecycle(scene.catalog, wishes.KIND).start,
            "category": wishes.KIND,
            "urgency": "normal",
            "grid_id": grid_id,
            "building": place.building,
            "unit": place.unit,
            "floor": place.floor,
            "room": place.room,
            "spot": place.spot,
            "text": words,
            "account_id": account_id,
            "behalf": behalf,
            "chat_id": turn_chat,
            "owner_id": found[0].id if found else None,
            "opened_at": scene.now,
            "deadline": vet_by,
        },
    )
    wishes.keep(
        scene.session,
        {
            "matter_id": matter.id,
            "need": rows.need_of(words).code,
            "public": wording.public(words, finding.names_of(scene, matter), rows),
            "consent": consent,
            "touched_at": scene.now,
        },
    )
    for act, phase in (("collect", "信息收集"), ("open", "案件建立")):
        journal.note(
            scene.session,
            scene.now,
            act,
            phase=phase,
            matter_id=matter.id,
            grid_id=grid_id,
            account_id=account_id,
            detail=f"consent {consent}" if consent and act == "open" else "",
        )
    keeping.wind(scene, matter)
    return matter
