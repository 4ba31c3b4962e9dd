"""How words become a matter: its grid, its owner, its number; or a second voice for one there is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.message import Ask, Lane, Reply
from bot.turn import Scene, Turn
from bot.understanding.bodily import knowing
from bot.understanding.utterance import VAGUE, Utterance
from handlers.matters import alike, cards, clocks, places, routing, rules
from handlers.people import modes
from storage import grids, journal, matters, numbers, posts
from storage.grids import Grid
from storage.matters import Matter
from storage.posts import Seat

KIND = "report"
FALLBACK_CATEGORY = "other"
COLLECTED, FILED, DISPATCHED = "信息收集", "案件建立", "任务派遣"
"""The phases a report passes in its first second."""
LONGEST = 1000
"""Characters of a report that are kept; nobody reads more."""
EMERGENCY, MEDICAL, STUCK, OXYGEN = "emergency", "medical", "stuck", "oxygen"
OF_ONE_HOME = "of:home"
"""Why of words that a household said of itself: they are no second voice for another's matter."""
FETCHED = (STUCK, OXYGEN)
"""Dangers of somebody who waits at one door; the same words of another neighbour are of another door."""


def take(turn: Turn, said: Utterance, *, of_one_door: bool = False) -> list[Reply]:
    """Make it a matter, or a second voice for one; answer the speaker and everybody who must act.

    One matter, one report 一事一报: words about several things become several. What is said `of_one_door` is never a
    second voice for a matter of another door.
    """
    if said.parts:
        return [reply for part in said.parts for reply in take(turn, part, of_one_door=of_one_door)]
    emergency = said.intent == "emergency"
    if emergency and VAGUE in said.why and (told := _just_told(turn, said)):
        said = replace(said, emergency=turn.read(told.text, not turn.in_group).emergency)
        return more_of_it(turn, told, said) if told.account_id == turn.speaker().id else _second_voice(turn, told, said)
    said, known = places.from_home(turn, places.past_its_name(turn, said))
    led = places.led(turn) if known is None else None
    if led is not None and places.is_neighbourhood(turn, led):
        known, led = led, None
    grid = places.home_of(turn, said.text, said.place, known)
    lost = grid is None
    if grid is None and emergency:  # whoever is on duty for all of it is rung while the place is asked for
        grid = (led and (places.grid_of_door(turn, led, said.place) or led)) or grids.root(turn.session)
    if grid is None:
        ask = Ask(takes="report_place", held=said.text[:LONGEST], lasts_s=3600)
        return [*_advice(turn, said), Reply("reports/nobody_yet" if emergency else "reports/which_estate", ask=ask)]
    account = turn.speaker()
    category = said.category or FALLBACK_CATEGORY
    urgency = EMERGENCY if emergency else said.urgency or "normal"
    alike.one_at_a_time(turn, (grid.id, category))
    of_one_door = of_one_door or OF_ONE_HOME in said.why
    same = alike.find(turn, grid, category, said.place, said.text, emergencies_only=emergency)
    if same is not None and same.account_id != account.id and _of_own_body(turn, said):
        same = None
    if same is not None and of_one_door and not _at_that_door(same, said, account.id):
        same = None
    if same is not None:
        return more_of_it(turn, same, said) if same.account_id == account.id else _second_voice(turn, same, said)
    matter, owner, called = _file(turn, said, grid, category, urgency)
    return [
        *_answer(turn, matter, owner, called, said, lost=lost),
        *cards.fresh(turn, matter, called),
        *cards.to_staff(turn, matter, grids.lineage(turn.session, grid), owner, "reports/card_staff"),
    ]


def _just_told(turn: Turn, said: Utterance) -> Matter | None:
    """The danger that words belong to which do not tell theirs (还有一个在里面): the one that was cried for here just now."""
    since = turn.now - timedelta(minutes=rules.routes(turn.catalog).add_minutes)
    if turn.chat is not None:
        told = matters.latest_in(turn.session, turn.chat.id, since)
    else:
        told = matters.latest_of(turn.session, turn.speaker().id, since)
    lives = told is not None and told.urgency == EMERGENCY and told.state not in ("done", "held")
    return told if told is not None and lives and alike.agree(told, said.place) else None


def _of_own_body(turn: Turn, said: Utterance) -> bool:
    """Whether somebody is hurt or ill and no house is named: two who fell in two flats say the same words."""
    if said.emergency in FETCHED:
        return said.place.building is None or not (said.place.room or said.place.floor)
    return said.emergency == MEDICAL and said.place.building is None and not turn.in_group


def _at_that_door(matter: Matter, said: Utterance, account_id: int) -> bool:
    """Whether a matter is of the door that was said; one without a door only where the same person said it in peace."""
    if matter.room or said.place.room:
        same = matter.room == said.place.room
        return same or (matter.room is None and matter.account_id == account_id and matter.urgency != EMERGENCY)
    return matter.account_id == account_id


def call(scene: Scene, grid: Grid, category: str, urgency: str) -> tuple[routing.Assignment, list[Seat]]:
    """Who gets a matter there, and everybody who is told now: in an emergency the nearest three."""
    found = routing.assign(scene, grid, category, urgency)
    if urgency == EMERGENCY:
        called = routing.nearest(scene, found, rules.ladder(scene.catalog).emergency.ring)
        return replace(found, seat=called[0] if called else None), called
    return found, [found.seat] if found.seat else []


def _file(
    turn: Turn, said: Utterance, grid: Grid, category: str, urgency: str
) -> tuple[Matter, Seat | None, list[Seat]]:
    """The matter with its owner, and everybody who is called now."""
    chat_id = turn.chat.id if turn.chat else None
    return file(turn, turn.speaker().id, said, grid, category, urgency, chat_id=chat_id)


def file(
    scene: Scene,
    account_id: int,
    said: Utterance,
    grid: Grid,
    category: str,
    urgency: str,
    *,
    chat_id: int | None = None,
) -> tuple[Matter, Seat | None, list[Seat]]:
    """The matter of this account with its owner, and everybody who is called now; nobody is told yet."""
    found, called = call(scene, grid, category, urgency)
    owner = found.seat
    limits = clocks.limits(scene, grid, category, urgency, scene.now)
    table = rules.lifecycle(scene.catalog, KIND)
    matter = matters.open_matter(
        scene.session,
        {
            "number": numbers.give(scene.session, KIND),
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
            "account_id": account_id,
            "behalf": said.behalf or "",
            "chat_id": chat_id,
            "owner_id": owner.id if owner else None,
            "route": found.why,
            "opened_at": scene.now,
            "assigned_at": scene.now,
            "deadline": limits["accept_by"],
            **limits,
        },
    )
    _opening(scene, matter, "collect", phase=COLLECTED, why=" ".join(said.why))
    _opening(scene, matter, "open", phase=FILED)
    _opening(scene, matter, "route", phase=DISPATCHED, post_id=owner.id if owner else None, why=found.why)
    for seat in called[1:]:
        clocks.ring(scene, matter, seat, why="emergency")
    clocks.wind(scene, matter)
    return matter, owner, called


def _opening(scene: Scene, matter: Matter, act: str, *, phase: str, post_id: int | None = None, why: str = "") -> None:
    """A step of the first second, in the name of whoever reported it."""
    journal.note(
        scene.session,
        scene.now,
        act,
        phase=phase,
        matter_id=matter.id,
        grid_id=matter.grid_id,
        account_id=matter.account_id,
        post_id=post_id,
        why=why,
    )


def _answer(
    turn: Turn, matter: Matter, owner: Seat | None, called: Sequence[Seat], said: Utterance, *, lost: bool
) -> list[Reply]:
    values: dict[str, object] = {
        "matter": matter,
        "owner": owner,
        "category": turn.catalog.categories[matter.category],
        "called": called,
        "lost": lost,
    }
    if matter.urgency != EMERGENCY:
        noted = "reports/noted_group" if turn.in_group else "reports/noted"
        return [Reply(modes.worded(turn, grids.get(turn.session, matter.grid_id), noted), values, about=matter.number)]
    values["advice"] = f"{_first(turn, said)}.txt" if said.emergency else ""
    placeless = not lost and not matter.building and not matter.spot and not matter.room
    doorless = placeless and not turn.in_group and said.emergency in (MEDICAL, "help", *FETCHED)
    values["doorless"] = doorless
    values["aside"] = placeless and turn.in_group and said.emergency in FETCHED
    ask = Ask(takes=f"{'locate' if lost else 'door'} {matter.number}", lasts_s=3600) if lost or doorless else None
    return [Reply("reports/emergency", values, lane=Lane.EMERGENCY, about=matter.number, ask=ask)]


def _second_voice(turn: Turn, matter: Matter, said: Utterance) -> list[Reply]:
    """A neighbour reported the same before: follow it, and hear its end."""
    account = turn.speaker()
    new = matters.follow(turn.session, matter, account.id, said.text[:LONGEST], turn.now)
    _note(turn, matter, "follow")
    table = rules.lifecycle(turn.catalog, matter.kind)
    values = {"matter": matter, "state": table.states[matter.state].name, "new": new}
    if matter.state == "done":
        asked = cards.solved(turn, matter, account.id)
        return [Reply("reports/followed_done", values, about=matter.number), asked] if turn.in_group else [asked]
    told = Reply("reports/followed", values, about=matter.number)
    if said.intent != "emergency":
        return [told]
    return [*_advice(turn, said), replace(told, lane=Lane.EMERGENCY), *heard_again(turn, matter, said.text)]


def more_of_it(turn: Turn, matter: Matter, said: Utterance) -> list[Reply]:
    """The same person says the same again: it belongs to the matter there is, and its owner hears it."""
    matters.add(turn.session, matter, turn.speaker().id, "sentence", said.text[:LONGEST], turn.now)
    if matter.building is None and said.place.building:
        place = {
            "building": said.place.building,
            "unit": said.place.unit,
            "floor": said.place.floor,
            "room": said.place.room,
        }
        matter = matters.change(turn.session, matter.id, place)
    _note(turn, matter, "add", detail="sentence")
    added = Reply("reports/added", {"matter": matter, "kind": "sentence"}, about=matter.number)
    return [*_advice(turn, said), added, *heard_again(turn, matter, said.text)]


def second_voice(turn: Turn, matter: Matter) -> list[Reply]:
    """我家也是: the speaker follows what a neighbour has just reported."""
    return _second_voice(turn, matter, turn.utterance)


def heard_again(turn: Turn, matter: Matter, words: str) -> list[Reply]:
    """Whoever has it or was called hears what else is said."""
    says = {"kind": "sentence", "words": words}
    return [cards.to_seat(turn, matter, seat, "reports/added_owner", **says) for seat in who_hears(turn, matter)]


def who_hears(turn: Turn, matter: Matter) -> list[Seat]:
    """The owner; of an emergency that nobody has taken, everybody who was called."""
    owner = cards.owner(turn, matter)
    seats = {owner.id: owner} if owner else {}
    if matter.urgency == EMERGENCY and matter.accepted_at is None:
        called = journal.rung_since(turn.session, matter.id, matter.assigned_at or matter.opened_at)
        seats |= {seat.id: seat for seat in posts.seats(turn.session, called).values() if seat.channel}
    return list({seat.person_id: seat for seat in seats.values()}.values())


def _first(turn: Turn, said: Utterance) -> str:
    """The text that tells whoever said so what to do first."""
    return f"emergency/{knowing(turn.catalog.bodily).advice(said.emergency or '', said.text)}"


def _advice(turn: Turn, said: Utterance) -> list[Reply]:
    """What to do first, whatever else is unknown."""
    if said.intent != "emergency" or not said.emergency:
        return []
    return [Reply(_first(turn, said), lane=Lane.EMERGENCY)]


def as_report(turn: Turn, words: str) -> Utterance:
    """Words that are known to be a report, read for what and where."""
    said = turn.read(words, True)
    return said if said.intent == "emergency" else replace(said, intent="report", text=words)


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
