"""How words become a matter: its grid, its owner, its number; or a second voice for one there is."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from bot.message import Ask, Lane, Reply
from bot.turn import Turn
from bot.understanding.utterance import Utterance
from handlers.matters import alike, cards, clocks, routing, rules
from storage import grids, journal, matters, numbers, people
from storage.grids import Grid
from storage.matters import Matter
from storage.posts import Seat

KIND = "report"
FALLBACK_CATEGORY = "other"
COLLECTED, FILED, DISPATCHED = "信息收集", "案件建立", "任务派遣"
"""The phases a report passes in its first second."""
LONGEST = 1000
"""Characters of a report that are kept; nobody reads more."""
NEAR_ENOUGH = 75


def take(turn: Turn, said: Utterance) -> list[Reply]:
    """Make it a matter, or a second voice for one; answer the speaker and everybody who must act."""
    grid = _grid_of(turn, said)
    if grid is None:
        ask = Ask(takes="report_place", held=said.text[:LONGEST], lasts_s=3600)
        return [*_advice(turn, said), Reply("reports/which_estate", ask=ask)]
    account = turn.speaker()
    category = said.category or FALLBACK_CATEGORY
    urgency = "emergency" if said.intent == "emergency" else said.urgency or "normal"
    same = alike.find(turn, grid, category, said.place, said.text)
    if same is not None and same.account_id == account.id:
        return _more_of_it(turn, same, said)
    if same is not None:
        return _second_voice(turn, same, said)
    matter, owner, called = _file(turn, said, grid, category, urgency)
    return [
        *_answer(turn, matter, owner, called, said),
        *[cards.to_seat(turn, matter, seat, "reports/card", owner=seat, behalf=matter.behalf) for seat in called],
        *cards.to_staff(turn, matter, grids.lineage(turn.session, grid), owner, "reports/card_staff"),
    ]


def _file(
    turn: Turn, said: Utterance, grid: Grid, category: str, urgency: str
) -> tuple[Matter, Seat | None, list[Seat]]:
    """The matter with its owner, and everybody who is called now."""
    account = turn.speaker()
    found = routing.assign(turn, grid, category, urgency)
    called = [found.seat] if found.seat else []
    if urgency == "emergency":
        called = routing.nearest(turn, found.on_duty, _emergency_roles(turn), rules.ladder(turn.catalog).emergency.ring)
    owner = called[0] if called else None
    limits = clocks.limits(turn, category, urgency, turn.now)
    table = rules.lifecycle(turn.catalog, KIND)
    matter = matters.open_matter(
        turn.session,
        {
            "number": numbers.give(turn.session, KIND),
            "kind": KIND,
            "state": table.start,
            "category": category,
            "urgency": urgency,
            "grid_id": grid.id,
            "building": said.place.building,
            "unit": said.place.unit,
            "floor": said.place.floor,
            "room": said.place.room,
            "spot": said.place.spot,
            "text": said.text[:LONGEST],
            "account_id": account.id,
            "behalf": said.behalf or "",
            "chat_id": turn.chat.id if turn.chat else None,
            "owner_id": owner.id if owner else None,
            "route": found.why,
            "opened_at": turn.now,
            "assigned_at": turn.now,
            "deadline": limits["accept_by"],
            **limits,
        },
    )
    _note(turn, matter, "collect", phase=COLLECTED, why=" ".join(said.why))
    _note(turn, matter, "open", phase=FILED)
    _note(turn, matter, "route", phase=DISPATCHED, post_id=owner.id if owner else None, why=found.why)
    for seat in called[1:]:
        clocks.ring(turn, matter, seat, why="emergency")
    clocks.wind(turn, matter)
    return matter, owner, called


def _answer(turn: Turn, matter: Matter, owner: Seat | None, called: Sequence[Seat], said: Utterance) -> list[Reply]:
    values: dict[str, object] = {
        "matter": matter,
        "owner": owner,
        "category": turn.catalog.categories[matter.category],
        "called": called,
    }
    if said.intent == "emergency" or matter.urgency == "emergency":
        return [
            Reply(
                "reports/emergency",
                {**values, "advice": f"emergency/{said.emergency}.txt" if said.emergency else ""},
                lane=Lane.EMERGENCY,
                about=matter.number,
            )
        ]
    return [Reply("reports/noted_group" if turn.in_group else "reports/noted", values, about=matter.number)]


def _second_voice(turn: Turn, matter: Matter, said: Utterance) -> list[Reply]:
    """A neighbour reported the same before: follow it, and hear its end."""
    account = turn.speaker()
    new = matters.follow(turn.session, matter, account.id, said.text[:LONGEST], turn.now)
    _note(turn, matter, "follow")
    table = rules.lifecycle(turn.catalog, matter.kind)
    values = {"matter": matter, "state": table.states[matter.state].name, "new": new}
    told = Reply("reports/followed", values, about=matter.number)
    if said.intent != "emergency":
        return [told]
    return [*_advice(turn, said), replace(told, lane=Lane.EMERGENCY)]


def _more_of_it(turn: Turn, matter: Matter, said: Utterance) -> list[Reply]:
    """The same person says the same again: it belongs to the matter there is."""
    matters.add(turn.session, matter, turn.speaker().id, "sentence", said.text[:LONGEST], turn.now)
    _note(turn, matter, "add", detail="sentence")
    if said.intent == "emergency":
        return _advice(turn, said)
    return [Reply("reports/added", {"matter": matter, "kind": "sentence"}, about=matter.number)]


def _advice(turn: Turn, said: Utterance) -> list[Reply]:
    """What to do first, whatever else is unknown."""
    if said.intent != "emergency" or not said.emergency:
        return []
    return [Reply(f"emergency/{said.emergency}", lane=Lane.EMERGENCY)]


def as_report(turn: Turn, words: str) -> Utterance:
    """Words that are known to be a report, read for what and where."""
    said = turn.read(words, True)
    return said if said.intent == "emergency" else replace(said, intent="report", text=words)


def _grid_of(turn: Turn, said: Utterance) -> Grid | None:
    """The smallest grid it is in: the group's or the speaker's, narrowed by the door, or the estate that is named."""
    grid = turn.grid or estate_named(turn, said.text, at_least=100)
    if grid is None or said.place.building is None:
        return grid
    narrower = people.grid_of_door(turn.session, grid.code, said.place.building, said.place.unit)
    return grids.get(turn.session, narrower) if narrower is not None else grid


def estate_named(turn: Turn, words: str, at_least: int = NEAR_ENOUGH) -> Grid | None:
    """The grid that these words name, by its name or an alias; slips of the finger allowed below 100."""
    names: dict[str, Grid] = {}
    for grid in grids.everything(turn.session):
        for name in (grid.name, *grid.aliases.split("、")):
            if len(name) > 1:
                names.setdefault(name, grid)
    inside = [name for name in names if name in words]
    if inside:
        return names[max(inside, key=lambda name: (len(name), -names[name].depth))]
    if at_least >= 100:
        return None
    close = process.extractOne(words, list(names), scorer=fuzz.partial_ratio, score_cutoff=at_least)
    return names[close[0]] if close else None


def _emergency_roles(turn: Turn) -> tuple[str, ...]:
    return next((route.to for route in rules.routes(turn.catalog).route if "emergency" in route.urgency), ())


def _note(
    turn: Turn,
    matter: Matter,
    act: str,
    *,
    phase: str = "",
    post_id: int | None = None,
    why: str = "",
    detail: str = "",
) -> None:
    journal.note(
        turn.session,
        turn.now,
        act,
        phase=phase,
        matter_id=matter.id,
        grid_id=matter.grid_id,
        account_id=turn.speaker().id,
        post_id=post_id,
        why=why,
        detail=detail,
    )
