"""Handing a matter on: 退回 转办 协办. Bouncing is noticed: the second return is decided one level up."""

from bot.errors import UserMistake
from bot.message import LITERAL, Button, Reply
from bot.router import Router
from bot.turn import Turn
from handlers.matters import cards, finding, lifecycle, routing
from handlers.people import duty
from storage import grids, matters, posts
from storage.matters import Matter
from storage.posts import Seat

router = Router()

BOUNCES = 2
"""With this many returns the level above decides."""


@router.order("return")
def give_back(turn: Turn) -> list[Reply]:
    """退回 with a reason: the next one gets it; the second return is decided by the level above."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "return")
    reason = turn.words
    if not reason:
        return [cards.aside(turn, cards.asking(matter, "handling/why_return", f"return {matter.number}"))]
    returns = matter.returns + 1
    grid = grids.get(turn.session, matter.grid_id)
    ladder = [seat for rung in routing.rungs(turn, matter, grid) for seat in rung]
    owner = cards.owner(turn, matter)
    home = owner.grid_id if owner else matter.grid_id
    above = [seat for seat in ladder if seat.grid_id != home] if returns >= BOUNCES else ladder
    if not (above or ladder):
        raise UserMistake("handling/nobody_else", number=matter.number)
    to = (above or ladder)[0]
    after = _hand_on(turn, matter, "return", to, {"returns": returns}, why=reason)
    if returns >= BOUNCES:
        after = matters.change(turn.session, after.id, {"state": "deciding"})
    template = "handling/decide" if returns >= BOUNCES else "handling/returned_to"
    return [
        Reply("handling/returned", {"matter": after, "to": to, "role": to.role}, about=after.number),
        cards.to_seat(turn, after, to, template, reason=reason, who=turn.speaker().name),
        *_relieved(turn, matter, "return", to),
    ]


@router.order("transfer")
def transfer(turn: Turn) -> list[Reply]:
    """转办 to a unit, a role or a person; without a name, up to four to tap."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "transfer")
    words = turn.words
    choices = _choices(turn, matter)
    to = _named(turn, matter, words) if words else None
    if to is None:
        if words and not choices:
            raise UserMistake("handling/nobody_of_that_name", words=words)
        return [cards.aside(turn, _offer(matter, "transfer", choices, unknown=words))]
    after = _hand_on(turn, matter, "transfer", to, {}, why=words)
    return [
        Reply("handling/transferred", {"matter": after, "to": to}, about=after.number),
        cards.to_seat(turn, after, to, "handling/transferred_to", who=turn.speaker().name),
        *_relieved(turn, matter, "transfer", to),
    ]


@router.order("assist")
def assist(turn: Turn) -> list[Reply]:
    """协办: somebody else helps, the owner stays; without a name, up to four to tap."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "assist")
    words = turn.words
    helper = _named(turn, matter, words) if words else None
    if helper is None:
        choices = _choices(turn, matter)
        if not choices:
            raise UserMistake("handling/nobody_else", number=matter.number)
        return [cards.aside(turn, _offer(matter, "assist", choices, unknown=words))]
    lifecycle.advance(turn, matter, "assist", by=turn.speaker().id, post_id=helper.id, why=words)
    return [
        Reply("handling/assist_asked", {"matter": matter, "to": helper}, about=matter.number),
        cards.plain(
            matter,
            helper,
            "handling/assist_wanted",
            who=turn.speaker().name,
            grid=grids.get(turn.session, matter.grid_id),
        ),
    ]


def _hand_on(turn: Turn, matter: Matter, verb: str, to: Seat, values: dict[str, object], *, why: str) -> Matter:
    """The matter with its new owner, whose own clock begins now."""
    words = [matter.route.split("→")[0].strip(), to.name]
    changes = {**values, "owner_id": to.id, "assigned_at": turn.now, "route": " → ".join(words), "accepted_at": None}
    return lifecycle.advance(turn, matter, verb, by=turn.speaker().id, values=changes, post_id=to.id, why=why)


def _relieved(turn: Turn, before: Matter, verb: str, to: Seat) -> list[Reply]:
    """Whoever had it or was called about it before need not look any more."""
    knows = {to.person_id, *(post.person_id for post in turn.posts)}
    owner = cards.owner(turn, before)
    gone = [cards.plain(before, owner, "handling/handed_on", to=to)] if owner and owner.person_id not in knows else []
    return [*gone, *lifecycle.tell(turn, before, verb, but=knows, to=to)]


def _choices(turn: Turn, matter: Matter) -> list[tuple[str, str]]:
    """(label, words) of the likeliest four: the category's lead unit, a deputy, the level above, a co-unit."""
    on_duty = duty.over(turn, grids.get(turn.session, matter.grid_id))
    category = turn.catalog.categories[matter.category]
    kinds = [category.lead, *category.co]
    units = [(kind, kind) for kind in dict.fromkeys(kinds) if routing.in_unit(turn, on_duty, kind)]
    ladder = routing.rungs(turn, matter, on_duty.grid)
    people = [
        (f"{turn.catalog.roles[seat.role].name}{seat.name}", seat.name) for rung in ladder[:2] for seat in rung[:1]
    ]
    return (units[:2] + people)[:4]


def _named(turn: Turn, matter: Matter, words: str) -> Seat | None:
    """The person these words mean over the matter's grid: a unit's kind or name, a role, or somebody's name."""
    on_duty = duty.over(turn, grids.get(turn.session, matter.grid_id))
    wanted = words.removeprefix("给").strip()
    if seats := routing.in_unit(turn, on_duty, wanted):
        return seats[0]
    if unit := posts.unit_named(turn.session, wanted):
        seats = [seat for seat in posts.seats_in_unit(turn.session, unit.id, turn.now) if seat.channel]
        if seats:
            return seats[0]
    by_role = [seat for seat in on_duty.seats if turn.catalog.roles[seat.role].name == wanted]
    by_name = [seat for seat in on_duty.seats if seat.name == wanted]
    found = [seat for seat in by_name + by_role if seat.id != matter.owner_id]
    return min(found, key=on_duty.level_of) if found else None


def _offer(matter: Matter, verb: str, choices: list[tuple[str, str]], *, unknown: str) -> Reply:
    buttons = tuple(Button(LITERAL + label, f"{verb} {matter.number} {words}") for label, words in choices)
    return cards.asking(matter, "handling/to_whom", f"{verb} {matter.number}", buttons, unknown=unknown, verb=verb)
