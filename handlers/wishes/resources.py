"""What neighbours have and can do: "我家有轮椅可以借" is on the list after one tap; and the three lists for the staff."""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

from bot.catalog import Catalog
from bot.errors import UserMistake
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Scene, Turn
from handlers.matters import rules
from handlers.people import authority
from handlers.wishes import finding
from handlers.wishes.terms import terms
from storage import grids, journal, numbers, timers, wishes
from storage.grids import Grid
from storage.timers import Timer

router = Router()

OFFERED = "resource_offered"
"""The timer of the pause in which somebody is not asked again."""
LONGEST = 120
LONGEST_OFFER = 60
"""Longer words are a story, not an offer."""
SHOWN = 5
CANS = 3
"""Characters between 我会 and what one can do."""
NO_OFFER = re.compile(r"[吗呢吧了的啊?？]\W*$|不|没|别|谁|怎么|想")


@lru_cache(maxsize=4)
def _patterns(catalog: Catalog) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The beginnings of an offer; and a skill said right after one."""
    rows = terms(catalog)
    words = {word for need in rows.need for word in need.words}
    skills = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    starts = "|".join(map(re.escape, rows.offers))
    return re.compile(rf"(?:{starts})"), re.compile(rf"我(?:会|能|可以).{{0,{CANS}}}?(?:{skills})")


@router.guard
def offering(turn: Turn) -> Handler | None:
    """Asked of every free sentence; it must be quick to say None."""
    said = turn.utterance
    free = said.text and said.command is None and said.digit is None and turn.order is None and turn.asked is None
    if not free or said.intent in ("emergency", "report", "wish", "form") or len(said.text) > LONGEST_OFFER:
        return None
    return offered if offers(turn.catalog, said.text) else None


def offers(catalog: Catalog, words: str) -> bool:
    """Whether these words offer something that a need may call for."""
    starts, can = _patterns(catalog)
    found = starts.search(words)
    if found is None or found.start() > CANS or NO_OFFER.search(words):
        return False
    rows = terms(catalog)
    lends = any(word in words for word in rows.lends)
    return bool(can.search(words)) or (lends and rows.need_of(words) is not rows.need[-1])


def offered(turn: Turn) -> list[Reply]:
    """One question with two buttons; then silence for a while."""
    account = turn.speaker()
    if timers.armed(turn.session, OFFERED, account.id):
        return []
    quiet = timedelta(minutes=rules.routes(turn.catalog).unsure_again_minutes)
    timers.arm(turn.session, OFFERED, account.id, turn.now + quiet)
    buttons = (Button("resource_yes", "resource_yes"), Button("resource_no", "resource_no"))
    return [Reply("ledgers/offer", buttons=buttons, ask=Ask(held=turn.utterance.text[:LONGEST], lasts_s=1800))]


@router.timer(OFFERED)
def may_ask_again(_scene: Scene, _due: Sequence[Timer]) -> list[Reply]:
    """The pause is over; nothing is said."""
    return []


@router.order("resource_yes")
def kept(turn: Turn) -> list[Reply]:
    """One tap: it is on the list."""
    if turn.asked is None or not turn.asked.held:
        return []
    return _add(turn, turn.asked.held)


@router.order("resource_no")
def not_kept(turn: Turn) -> list[Reply]:
    """Only talk: nothing is kept."""
    return [Reply("ledgers/never_mind")] if turn.asked else []


@router.order("resource")
def ordered(turn: Turn) -> list[Reply]:
    """登记资源 with what it is; without, ask for it."""
    if not turn.words:
        return [Reply("ledgers/what", ask=Ask(takes="resource", lasts_s=1800))]
    return _add(turn, turn.words[:LONGEST])


def _add(turn: Turn, words: str) -> list[Reply]:
    grid = turn.grid or finding.seated(turn)
    if grid is None:
        raise UserMistake("ledgers/which_estate")
    account = turn.speaker()
    number = numbers.give(turn.session, "resource")
    need = terms(turn.catalog).need_of(words)
    row = {
        "number": number,
        "need": need.code,
        "text": words,
        "account_id": account.id,
        "grid_id": grid.id,
        "since": turn.now,
    }
    wishes.add_resource(turn.session, row)
    journal.note(turn.session, turn.now, "resource", grid_id=grid.id, account_id=account.id, detail=str(number))
    team = terms(turn.catalog).team_for(need.code)
    return [Reply("ledgers/kept", {"number": number, "need": need.name, "team": team})]


@router.order("volunteer")
@router.intent("volunteer")
def willing(turn: Turn) -> list[Reply]:
    """Whoever wants to help hears how, where the bot was spoken to; neighbours among themselves are left alone."""
    if turn.in_group and not turn.utterance.addressed and turn.order is None:
        return []
    return [Reply("ledgers/willing", ask=Ask(takes="resource", lasts_s=1800))]


@router.order("my_resources")
def mine(turn: Turn) -> list[Reply]:
    """我的资源, in private."""
    found = wishes.resources_of(turn.session, turn.account.id) if turn.account else []
    if not found:
        raise UserMistake("ledgers/none_yet")
    return [finding.aside(turn, Reply("ledgers/mine", {"resources": found[:10]}))]


@router.order("take_back")
def take_back(turn: Turn) -> list[Reply]:
    """收回资源: it is offered no longer."""
    found = wishes.resource_numbered(turn.session, turn.order.number) if turn.order and turn.order.number else None
    if found is None or turn.account is None or found.account_id != turn.account.id:
        raise UserMistake("ledgers/none_yet")
    wishes.end_resource(turn.session, found.number)
    journal.note(
        turn.session, turn.now, "take_back", grid_id=found.grid_id, account_id=turn.account.id, detail=str(found.number)
    )
    return [finding.aside(turn, Reply("ledgers/taken_back", {"number": found.number}))]


@router.order("ledgers")
def three_lists(turn: Turn) -> list[Reply]:
    """三张清单 of the speaker's subtree: how many of each, and the first lines; for posts that may see."""
    grid = _subtree(turn)
    if grid is None:
        raise UserMistake("ledgers/for_staff")
    rows = terms(turn.catalog)
    needs = wishes.waiting_for(turn.session, ("vetting", "open", "unmet", "claimed"), grid.code)
    resources = wishes.resources_within(turn.session, grid.code)
    services = [one for one in wishes.services_within(turn.session, grid.code) if one.matter_id is None]
    values = {
        "grid": grid,
        "needs": finding.public_of(turn, needs[:SHOWN]),
        "needs_all": len(needs),
        "resources": [(one.number, rows.named(one.need), one.text) for one in resources[:SHOWN]],
        "resources_all": len(resources),
        "services": services[:SHOWN],
        "services_all": len(services),
    }
    return [finding.aside(turn, Reply("ledgers/three", values))]


def _subtree(turn: Turn) -> Grid | None:
    """The highest grid over which the speaker may see matters."""
    held = {post.grid_id for post in turn.posts if post.grid_id is not None}
    over = grids.by_ids(turn.session, held).values()
    seen = [grid for grid in over if authority.post_over(turn, turn.posts, "see", grid.code) is not None]
    return min(seen, key=lambda grid: grid.depth, default=None)
