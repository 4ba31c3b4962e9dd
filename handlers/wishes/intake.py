"""How words become a wish: ordered, said freely, or said for somebody who cannot type; never published from here."""

import re
from functools import lru_cache

from bot import orders
from bot.catalog import Catalog
from bot.errors import UserMistake
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Scene, Turn
from bot.understanding import phrases, threads
from bot.understanding.utterance import Place
from handlers.matters import alarm, clocks, once, places, rules
from handlers.matters import intake as reports
from handlers.people import modes
from handlers.wishes import behalf, finding, keeping, several, vetting, who_can, wording
from handlers.wishes.terms import terms
from storage import grids, journal, matters, numbers, people, wishes
from storage.matters import Matter

router = Router()

LONGEST = 300
SURELY_WISHED = 0.75
"""A question who can do something is a wish by itself from this certainty on; below it is offered."""
LONGEST_SIGH = 80
"""Longer words are a story."""
ANSWER_S = 1800
AGAIN = "wish_place_again"
"""The order that takes the second answer to "in which estate?"."""


@router.order("wish")
def ordered(turn: Turn) -> list[Reply]:
    """心愿 with what is wished for; without it, or with no more than a yes, ask for it."""
    words = turn.words
    if not words or finding.says_nothing(turn, words):
        return [Reply("wishes/what", ask=Ask(takes="wish", lasts_s=ANSWER_S))]
    if turn.order and turn.order.answers and (unsure := _no_wish_yet(turn, words)):
        return unsure
    if _says_what(turn, words) and _reads_as_fault(turn, words):
        buttons = (Button("wish_fault", "wish_fault"), Button("wish_only", "wish_only"))
        return [Reply("wishes/or_fault", buttons=buttons, ask=Ask(held=words[:LONGEST], lasts_s=ANSWER_S))]
    return _begin(turn, words)


def _no_wish_yet(turn: Turn, words: str) -> list[Reply]:
    """An answer to "what do you wish for?" that wants nothing: none is taken, or it is read back first."""
    rows = terms(turn.catalog)
    if phrases.only(words, rows.nothing):
        return [Reply("wishes/never_mind")]
    if rows.says_a_want(words):
        return []
    buttons = (Button("wish_take", "wish_only"), Button("wish_not", "wish_never"))
    ask = Ask(held=words[:LONGEST], lasts_s=ANSWER_S)
    return [Reply("wishes/is_it_a_wish", {"words": wording.brief(words)}, buttons=buttons, ask=ask)]


def _reads_as_fault(turn: Turn, words: str) -> bool:
    """Whether these words would be a report if 心愿 did not stand before them, and ask no neighbour for help."""
    said = turn.read(words, True)
    sure = said.intent == "report" and said.confidence >= turn.catalog.thresholds[True].act
    return sure and not any(word in words for word in terms(turn.catalog).neighbourly) and not behalf.of(turn, words)


def _says_what(turn: Turn, words: str, whom: str = "") -> bool:
    """Whether something is left to wish for once nobody is named any more."""
    rows, names = terms(turn.catalog), {*finding.names_of_speaker(turn), whom}
    return wording.says_what(wording.public(words, names, rows), rows)


def _begin(turn: Turn, words: str) -> list[Reply]:
    """A wish of one's own is taken; for somebody else that person's yes comes first."""
    return for_whom_it_is(turn, words) if behalf.of(turn, words) else take(turn, words)


@router.order("wish_fault")
def a_fault(turn: Turn) -> list[Reply]:
    """It is something broken after all: a report."""
    words = _held(turn)
    return reports.take(turn, reports.as_report(turn, words)) if words else []


@router.order("wish_only")
def only_a_wish(turn: Turn) -> list[Reply]:
    """It is a wish, though it sounds like a report."""
    words = _held(turn)
    return _begin(turn, words) if words else []


def _held(turn: Turn) -> str:
    return turn.asked.held if turn.asked else ""


@router.guard
def longing(turn: Turn) -> Handler | None:
    """Asked of every free sentence, quick to say None: "要是有人能陪我下棋就好了", "有没得人会修空调的" is offered."""
    said = turn.utterance
    if not finding.said_freely(turn) or said.intent in ("emergency", "report", "form") or len(said.text) > LONGEST_SIGH:
        return None
    sure = said.intent == "wish" and said.confidence >= SURELY_WISHED
    asks = not sure and who_can.asked(turn.catalog, said.text)
    return _sighed if asks or _sighs(turn.catalog, said.text) else None


@lru_cache(maxsize=4)
def _sigh(catalog: Catalog) -> re.Pattern[str]:
    rows = terms(catalog)
    if_only = f"(?:{wording.any_of(rows.longing)})[^。！!？?\\n]{{2,30}}?(?:{wording.any_of(rows.longing_ends)})"
    return re.compile(f"{if_only}|{wording.any_of(rows.long_wanted)}")


def _sighs(catalog: Catalog, words: str) -> bool:
    """Whether these words long for something that a neighbour could bring."""
    rows = terms(catalog)
    return bool(_sigh(catalog).search(words)) and rows.need_of(words) is not rows.need[-1]


def _sighed(turn: Turn) -> list[Reply]:
    return offer(turn, turn.utterance.text)


@router.intent("wish")
def free_words(turn: Turn) -> list[Reply]:
    """In private a sure wish is taken; in a group, and where it is not sure, it is only offered, once in a while."""
    sure = turn.catalog.thresholds[not turn.in_group]
    said = turn.utterance
    if said.confidence < (sure.act if turn.in_group else sure.ask):
        return []
    if turn.in_group or said.confidence < sure.act:
        return offer(turn, said.text)
    return _begin(turn, said.text)


@router.afterword
def besides(turn: Turn) -> Handler | None:
    """ "路灯坏了，另外我想要个轮椅": the report goes its way, and the wish in it is offered; quick to say None."""
    said, sure = turn.utterance, turn.catalog.thresholds[True].act
    free = turn.order is None and said.command is None and turn.asked is None
    if said.intent != "report" or not free or turn.grid is None or said.confidence < turn.catalog.thresholds[False].act:
        return None  # the report itself may have to ask something first
    also = terms(turn.catalog).besides
    found = max((said.text.rfind(word) + len(word) for word in also if word in said.text), default=0)
    words = said.text[found:].strip(" ,，。:：、") if found else ""
    if not words:
        return None
    heard = turn.read(words, True)
    if heard.intent != "wish" or heard.confidence < sure:
        return None
    return lambda turn: offer(turn, words, quoting=True)


def offer(turn: Turn, words: str, *, quoting: bool = False) -> list[Reply]:
    """One question with two buttons; then silence for a while. Which words are meant is said in private only."""
    buttons = (Button("wish_want", "wish_want"), Button("wish_never", "wish_never"))
    quoted = wording.brief(words) if quoting and not turn.in_group else ""
    question = Reply(
        "wishes/offer", {"words": quoted}, buttons=buttons, ask=Ask(held=words[:LONGEST], lasts_s=ANSWER_S)
    )
    return once.asked(turn, once.WISH, question, anyway=not turn.in_group)


@router.order("wish_want")
def wanted(turn: Turn) -> list[Reply]:
    """The neighbour wants it on the wall; the community looks at it first."""
    if turn.asked is None or not turn.asked.held:
        return [] if turn.in_group else [Reply("wishes/what", ask=Ask(takes="wish", lasts_s=ANSWER_S))]
    return _begin(turn, turn.asked.held)


@router.order("wish_never")
def not_wanted(turn: Turn) -> list[Reply]:
    """Only talk: nothing is kept."""
    return [Reply("wishes/never_mind")] if turn.asked else []


@router.order("wish_for")
def for_somebody(turn: Turn) -> list[Reply]:
    """代许心愿: for somebody who cannot type."""
    words = turn.words
    if not words or finding.says_nothing(turn, words):
        return [Reply("wishes/for_whom", ask=Ask(takes="wish_for", lasts_s=ANSWER_S))]
    return for_whom_it_is(turn, words)


def for_whom_it_is(turn: Turn, words: str) -> list[Reply]:
    """First of all: does that person want it? Whoever has said so already is not asked."""
    if behalf.agreed(words, terms(turn.catalog)):
        return take(turn, words, whom=whom(turn, words), consent="said")
    buttons = (
        Button("consent_seen", "wish_seen"),
        Button("consent_called", "wish_called"),
        Button("consent_none", "wish_unasked"),
    )
    return [Reply("wishes/consent", buttons=buttons, ask=Ask(held=words[:LONGEST], lasts_s=ANSWER_S))]


@router.order("wish_seen", "wish_called")
def consented(turn: Turn) -> list[Reply]:
    """With that person's yes it is a wish."""
    words = _held(turn)
    if not words:
        return [] if turn.in_group else [Reply("wishes/for_whom", ask=Ask(takes="wish_for", lasts_s=ANSWER_S))]
    return take(turn, words, whom=whom(turn, words), consent=_how_agreed(turn))


def _how_agreed(turn: Turn) -> str:
    """How the yes was given: face to face and by phone only where just that was said."""
    if turn.order and turn.order.code == "wish_called":
        return "called"
    said = turn.utterance
    chosen = turn.incoming.happening == "press" or said.digit is not None
    return "seen" if chosen or phrases.some(said.text, orders.words(turn, "wish_seen_plain")) else "said"


@router.order("wish_unasked")
def not_asked_yet(turn: Turn) -> list[Reply]:
    """Without that person's yes nothing is kept."""
    return [Reply("wishes/ask_first")] if turn.asked else []


def whom(turn: Turn, words: str) -> str:
    """For whom it is, as it was said."""
    return behalf.of(turn, words) or behalf.named(words, terms(turn.catalog))


@router.order("wish_place", "wish_place_again")
def where(turn: Turn) -> list[Reply]:
    """The answer to "in which estate?"; asked once more if it names none that we know."""
    if turn.asked is None or not turn.asked.held:
        raise UserMistake("wishes/what")
    if threads.takes_back(turn.utterance):
        return [Reply("wishes/never_mind")]
    grid = places.estate_meant(turn, turn.words)
    if grid is None and turn.order and turn.order.code != AGAIN:
        return [Reply("wishes/which_estate_again", ask=Ask(takes=AGAIN, held=turn.asked.held, lasts_s=ANSWER_S))]
    if grid is None:
        raise UserMistake("reports/nobody_yet")
    people.settle(turn.session, turn.speaker().id, grid.id)
    turn.grid = grid
    head, _, words = turn.asked.held.partition("\n")
    consent, _, called = head.partition(" ")
    return take(turn, words, whom=called, consent=consent)


def take(turn: Turn, words: str, *, whom: str = "", consent: str = "") -> list[Reply]:
    """The wish now exists and waits to be vetted, or each of several; the answer, and the vetter's cards."""
    words = words[:LONGEST]
    if danger := alarm.cry(turn, words):
        return reports.take(turn, danger)
    rows = terms(turn.catalog)
    if not _says_what(turn, words, whom):
        return [Reply("wishes/say_plainly", ask=Ask(takes="wish_for" if whom else "wish", lasts_s=ANSWER_S))]
    place = turn.read(words, True).place
    grid = places.home_of(turn, words, place, turn.grid or finding.seated(turn))
    if grid is None:
        held = f"{consent} {whom}\n{words}"
        return [Reply("wishes/which_estate", ask=Ask(takes="wish_place", held=held, lasts_s=ANSWER_S))]
    account = turn.speaker().id
    parts = several.apart(words, rows)
    filed = [
        file(turn, account_id=account, grid_id=grid.id, words=part, place=place, whom=whom, consent=consent)
        for part in parts
    ]
    first = filed[0].number
    said = Reply(modes.worded(turn, grid, "wishes/noted"), {"number": first, "behalf": bool(whom)}, about=first)
    if len(filed) > 1:
        both = modes.worded(turn, grid, "wishes/noted_both")
        said = Reply(both, {"wishes": finding.public_of(turn, filed)}, about=first)
    return [said, *(card for matter in filed for card in vetting.cards(turn, matter))]


def file(
    scene: Scene, *, account_id: int, grid_id: int, words: str, place: Place, whom: str = "", consent: str = ""
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
            "behalf": whom,
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
