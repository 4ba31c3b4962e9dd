"""走不动,派个人来接我; 没氧气了; 楼在摇 我腿受伤了: somebody must go there at once, and it is nobody's wish."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

import msgspec

from bot.catalog import Catalog
from bot.orders import parse_press
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding.utterance import Utterance
from handlers.matters import rules
from handlers.matters.intake import EMERGENCY, KIND, MEDICAL, OXYGEN, STUCK
from handlers.mobilizing import neighbours
from handlers.people import modes
from storage import census, matters

router = Router()

FILE = "danger/fetched.toml"
YIELDS = frozenset(("verify", "report", "add", "wish", "wish_for", "favour", "resource", "census_door"))
"""Questions of the bot's that a call for help does not answer."""
SHORTEST, PLAIN = 4, 24
"""Characters of a call; and of a sentence that says nothing besides."""
WELFARE = "welfare"
COUNTED = re.compile(r"\d{3}|[\d一二两三四五六七八九十](?:口|个人|人|栋|幢|座|单元|号|楼|[-—]\d)")
GAP = r"[^。；;！!]{0,8}?"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """danger/fetched.toml."""

    longest: int
    cannot: tuple[str, ...]
    downstairs: tuple[str, ...]
    """Those of them that keep somebody at home."""
    frail: tuple[str, ...]
    at_home: tuple[str, ...]
    """Those of them of whom a household only needs to tell while an order runs."""
    who: tuple[str, ...]
    hurtable: tuple[str, ...]
    calls: tuple[str, ...]
    carries: tuple[str, ...]
    """Signs of those of them by which somebody is to be carried."""
    moves: tuple[str, ...]
    not_meant: tuple[str, ...]
    rests: tuple[str, ...]
    """Whoever only takes a rest and calls nobody."""
    not_in_peace: tuple[str, ...]
    hands_over: tuple[str, ...]
    oxygen: tuple[str, ...]
    hurt: tuple[str, ...]
    broken: tuple[str, ...]
    """Those of them that need no other sign."""
    not_hurt: tuple[str, ...]
    happening: tuple[str, ...]


class Signs:
    """The words of the file as patterns, built once."""

    def __init__(self, rows: Words) -> None:
        self.longest = rows.longest
        self.cannot, self.downstairs = _any(rows.cannot + rows.downstairs), _any(rows.downstairs)
        self.frail, self.who, self.hurtable = _any(rows.frail), _any(rows.who), _any(rows.hurtable)
        self.calls, self.moves = _any(rows.calls), _any(rows.moves)
        self.carries = _any(tuple(call for call in rows.calls if any(sign in call for sign in rows.carries)))
        self.not_meant, self.not_in_peace = _any(rows.not_meant), _any(rows.not_in_peace)
        self.at_home, self.rests = _any(rows.at_home), _any(rows.rests)
        self.hands_over = _any(rows.hands_over)
        self.oxygen, self.broken = _any(rows.oxygen), _any(rows.broken)
        self.hurt = _any(rows.hurt + rows.broken)
        self.not_hurt, self.happening = _any(rows.not_hurt), _any(rows.happening)
        self.any = _any((*rows.cannot, *rows.downstairs, *rows.frail, *rows.oxygen, *rows.hurt, *rows.broken))


@router.at_start
@lru_cache(maxsize=4)
def _signs(catalog: Catalog) -> Signs:
    return Signs(catalog.read(FILE, Words))


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_one(word) for word in sorted(words, key=len, reverse=True)))


def _one(word: str) -> str:
    """ "制氧机..停电|没电" is the one, and one of the others behind it.

    Every choice begins with a letter of its own: so a search leaps from one possible beginning to the next.
    """
    heads, *tails = ["|".join(map(re.escape, part.split("|"))) for part in word.split("..")]
    behind = "".join(f"{GAP}(?:{tail})" for tail in tails)
    return "|".join(f"{head}{behind}" for head in heads.split("|"))


@router.guard
def needs_somebody(turn: Turn) -> Handler | None:
    """Let what was said be the call that it is; asked of no other words, and of the order that runs last."""
    said = turn.utterance
    if turn.incoming.happening != "text" or said.intent == "emergency" or said.command is not None:
        return None
    if said.joins and turn.order is None:
        turn.utterance = _so_am_i(turn) or said
        return None
    signs = _signs(turn.catalog)
    if not SHORTEST <= len(said.text) <= signs.longest or turn.order is not None or not signs.any.search(said.text):
        return None
    if turn.asked is not None and turn.asked.takes and parse_press(turn.asked.takes).code not in YIELDS:
        return None
    if signs.not_meant.search(said.text) or (turn.posts and signs.hands_over.search(said.text)):
        return None
    turn.utterance = _call(turn, signs) or said
    return None


def _call(turn: Turn, signs: Signs) -> Utterance | None:
    """The words as a call: for whom breath or blood is lost an ambulance first, else somebody who fetches them."""
    text, someone = turn.utterance.text, _names_somebody(turn, signs)
    if signs.oxygen.search(text):
        return _emergency(turn, OXYGEN, "health")
    if _is_hurt(turn, signs):
        return _emergency(turn, MEDICAL, "health")
    cannot, frail, calls = signs.cannot.search(text), signs.frail.search(text), signs.calls.search(text)
    wants = signs.not_in_peace.search(text) is not None
    if not wants and ((cannot and calls) or (frail and signs.carries.search(text))):
        return _emergency(turn, STUCK, WELFARE)
    if not calls and signs.rests.search(text):
        return None
    if not (cannot or frail) or not someone or (not cannot and _answers_a_census(turn)):
        return None
    leaves = calls or signs.moves.search(text)
    told = cannot or signs.at_home.search(text) or turn.utterance.place
    if (leaves or (told and not wants)) and ordered(turn):
        return _emergency(turn, STUCK, WELFARE)
    at_home = signs.downstairs.search(text) and len(text) <= PLAIN and not wants and _is_nothing_else(turn.utterance)
    if _answers_a_census(turn):
        return None
    return _visited(turn) if at_home and not text.rstrip().endswith(("吗", "?", "？")) else None


def _is_nothing_else(said: Utterance) -> bool:
    """Whether it is read as no wish, and as no report of the lift that stands still."""
    return said.intent != "wish" and (said.intent != "report" or said.category in (WELFARE, "health"))


def _so_am_i(turn: Turn) -> Utterance | None:
    """我家也是, said when a neighbour has just called to be fetched: another door, where somebody must go as well."""
    if turn.chat is None or turn.quoted is not None:
        return None
    since = turn.now - timedelta(minutes=rules.routes(turn.catalog).add_minutes)
    latest = matters.latest_in(turn.session, turn.chat.id, since)
    if latest is None or latest.urgency != EMERGENCY or latest.category != WELFARE or latest.kind != KIND:
        return None
    if turn.account is not None and latest.account_id == turn.account.id:
        return None
    call = _emergency(turn, STUCK, WELFARE)
    return replace(call, text=f"{call.text}（{latest.text}）")


def _names_somebody(turn: Turn, signs: Signs) -> bool:
    """Whether a person is spoken of, or the place where somebody is."""
    text = turn.utterance.text
    place = turn.utterance.place
    return bool(signs.who.search(text) or place.building or place.room or place.floor or signs.downstairs.search(text))


def _is_hurt(turn: Turn, signs: Signs) -> bool:
    """Whether a person is hurt, now: a broken leg is enough, else something that goes on tells how."""
    text = turn.utterance.text
    if not signs.hurt.search(text) or signs.not_hurt.search(text):
        return False
    if not (signs.who.search(text) or signs.hurtable.search(text)):
        return False
    if signs.broken.search(text) and (signs.cannot.search(text) or signs.calls.search(text)):
        return True
    return bool(signs.happening.search(text)) or ordered(turn)


def _answers_a_census(turn: Turn) -> bool:
    """Whether a census asks here who is in need, and a home is told of: its answers become matters of their own."""
    if not COUNTED.search(turn.utterance.text):
        return False
    return turn.grid is not None and census.running_at(turn.session, turn.grid.code) is not None


def ordered(turn: Turn) -> bool:
    """Whether people are called out here, or it is wartime."""
    order = neighbours.running(turn)
    if order is not None and neighbours.mobilizes(turn, order):
        return True
    return turn.grid is not None and modes.at_war(turn, turn.grid)


def _emergency(turn: Turn, code: str, category: str) -> Utterance:
    said = turn.utterance
    return replace(
        said,
        intent="emergency",
        confidence=1.0,
        category=category,
        urgency=EMERGENCY,
        emergency=code,
        parts=(),
        why=(f"needs:{code}",),
    )


def _visited(turn: Turn) -> Utterance:
    """Somebody who cannot leave home: a matter whose owner hears of it at once."""
    said = turn.utterance
    return replace(
        said, intent="report", confidence=1.0, category=WELFARE, urgency="urgent", parts=(), why=("needs:home",)
    )
