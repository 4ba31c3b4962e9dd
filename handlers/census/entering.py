"""A leader enters what was heard on the stairs: one door, a run of doors, or all that are left; and sees who is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import UserMistake
from bot.message import LITERAL, Address, Ask, Button, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from bot.understanding.utterance import Place, Utterance
from handlers.census import at_door, beside, corrected, taking_back, without_doors
from handlers.census import bare as census_bare
from handlers.census import doors as census_doors
from handlers.census import marks as census_marks
from handlers.census import needs as census_needs
from handlers.census.corrected import Correction
from handlers.census.reading import Said, grammar
from handlers.census.rules import rules
from handlers.matters import intake, places
from handlers.people import authority
from storage import census, grids, journal, notices
from storage.census import LEADER, SAFE, UNKNOWN, Answer, CensusAnswer, Completeness, Door, Part, Running
from storage.grids import Grid
from storage.notices import Notice

router = Router()

HANDLES = "handle"
At = tuple[int, str, str, str]
"""Grid, building, unit, room."""
HOW = "census_how"
BROKEN = ("trouble:", "fault:")
NAMES = ("thing:", "trouble:")
"""What a report names; without it the words only sound like one."""
STAIRCASE = 12
"""Doors that whoever says 其余都平安 has before their eyes."""
SHORT = 16
"""Characters of what is said in passing."""
CHOICES = 4
LONGEST = 120
ANSWER_S = 1800


@dataclass(frozen=True, slots=True)
class Entry:
    """What was said of doors that the register has."""

    said: Said
    doors: Sequence[Door]
    reports: Utterance | None = None
    """What its words report by themselves."""


def heard(turn: Turn) -> Handler | None:
    """Who enters answers: somebody who leads the place, in private, in the staff group, or for a run of doors."""
    if not turn.posts:
        return None
    words, among_neighbours = turn.utterance.text, turn.chat is not None and turn.chat.audience == "residents"
    if not among_neighbours and (correction := corrected.said(turn, words)) is not None:
        return _put_right(turn, correction)
    answers = grammar(turn.catalog).read(words, leads=True)
    if not answers and not among_neighbours:
        said_on_the_way = _unfinished(turn, words) or _not_yet(turn, words)
        return _of_one_door(turn, words) or said_on_the_way or _not_understood(turn, words)
    if not answers or (among_neighbours and not any(one.is_run and not (one.rest and one.mine) for one in answers)):
        return None
    if not among_neighbours and any(one.mine and not one.door and not one.rest for one in answers):
        return None  # "我家5口都好": a leader has a home too
    running, places_ = _scope(turn)
    if running is None or not places_:
        return None
    also = beside.of_the_house(turn, answers)

    def entered(turn: Turn) -> list[Reply]:
        told = enter(turn, running, places_, answers, turn.utterance.text)
        return [*told, *(intake.take(turn, also) if also else [])]

    return entered


def asks_who(turn: Turn) -> Handler | None:
    """还差谁, 还有哪些没报: those of whom nothing is known, whatever else was asked."""
    if not turn.posts or (turn.chat is not None and turn.chat.audience == "residents"):
        return None
    going, words = rules(turn.catalog).going, turn.utterance.text
    if len(words) > SHORT or not phrases.only(words.rstrip("?？"), going.missing, going.missing_beside):
        return None
    return who_is_missing if _scope(turn)[0] is not None else None


def _put_right(turn: Turn, correction: Correction) -> Handler | None:
    """不是8号到15号，是8号到12号: what was entered last is no more, and what was meant is entered."""
    running, places_ = _scope(turn)
    right = corrected.righted(turn, running, correction) if running else None
    if running is None or not places_:
        return None
    if right is None:
        return None if correction.of_before else _unfinished(turn, correction.new)

    def instead(turn: Turn) -> list[Reply]:
        for row in right.instead_of:
            census.take_back(turn.session, row)
        gone = {"count": len(right.instead_of)}
        dropped = [_to_speaker(turn, Reply("census/instead", gone))] if right.instead_of else []
        return dropped + enter(turn, running, places_, right.answers, turn.utterance.text)

    return instead


def _of_one_door(turn: Turn, words: str) -> Handler | None:
    """101暖气漏水, said on the way from door to door: a need of that door."""
    said = grammar(turn.catalog).at_door(words)
    if said is None or at_door.understood(turn, said).reports is None:
        return None
    running, places_ = _scope(turn)
    if running is None or not places_ or not _lately(turn, running):
        return None
    return lambda turn: enter(turn, running, places_, [said], words)


def _unfinished(turn: Turn, words: str) -> Handler | None:
    """8号到15号, and not how they are; 不让进, and not where."""
    read = grammar(turn.catalog)
    if turn.asked is not None and turn.asked.takes:
        return None  # it was asked which doors
    bare_run = read.bare_run(words)
    if not bare_run and not read.only_unreached(words):
        return None
    running, _ = _scope(turn)
    if running is None or not (bare_run or _lately(turn, running)):
        return None
    if not bare_run:
        return lambda turn: [_to_speaker(turn, Reply("census/unreached_where"))]
    ask = Ask(takes=f"{HOW} {running.number}", held=words[:LONGEST], lasts_s=ANSWER_S)
    return lambda turn: [_to_speaker(turn, Reply("census/how_are_they", {"doors": words}, ask=ask))]


def _not_yet(turn: Turn, words: str) -> Handler | None:
    """4栋2单元还没敲: nothing is known of it yet, and nothing is broken there."""
    going, said = rules(turn.catalog).going, turn.utterance
    if len(words) > SHORT or not any(word in words for word in going.not_yet) or said.command is not None:
        return None
    if any(why.startswith(BROKEN) for why in said.why) or not _speaks_of_doors(turn, words):
        return None
    if turn.asked is not None and turn.asked.takes:
        return None
    running, _ = _scope(turn)
    if running is None:
        return None
    return lambda turn: [_to_speaker(turn, Reply("census/not_yet"))]


def _speaks_of_doors(turn: Turn, words: str) -> bool:
    return grammar(turn.catalog).names_a_door(words) or any(one in words for one in rules(turn.catalog).going.nowhere)


def _not_understood(turn: Turn, words: str) -> Handler | None:
    """4栋2单元都搞定了, on the way from door to door: nothing is broken there, and nobody is sent."""
    said = turn.utterance
    if said.intent != "report" or any(why.startswith(NAMES) for why in said.why):
        return None
    if turn.asked is not None and turn.asked.takes:
        return None
    if said.command is not None or len(words) > SHORT or not _speaks_of_doors(turn, words):
        return None
    running, _ = _scope(turn)
    if running is None or not _lately(turn, running):
        return None
    return lambda turn: [_to_speaker(turn, Reply("census/not_understood"))]


@router.order(HOW)
def how_they_are(turn: Turn) -> list[Reply]:
    """The answer to "how are they?": of the doors that were named, unless it names others."""
    running, places_ = _scope(turn)
    read, doors = grammar(turn.catalog), turn.asked.held if turn.asked else ""
    if running is None or not places_:
        raise UserMistake("census/none_running")
    words = turn.words if any(one.door for one in read.read(turn.words, leads=True)) else f"{doors}{turn.words}"
    answers = read.read(words, leads=True)
    if not answers:
        raise UserMistake("census/say_again")
    return enter(turn, running, places_, answers, words)


def _lately(turn: Turn, running: Running) -> list[CensusAnswer]:
    """What the speaker entered last, where that was a short while ago."""
    return census.newest_entered(turn.session, running.number, turn.speaker().id, turn.now - corrected.LASTS)


def cried(turn: Turn) -> Handler | None:
    """A danger told on the way from door to door: its door is in need, and the others are counted."""
    if not turn.posts or (turn.chat is not None and turn.chat.audience == "residents"):
        return None
    answers = grammar(turn.catalog).read(turn.utterance.text, leads=True)
    answers = answers or tuple(filter(None, [grammar(turn.catalog).at_door(turn.utterance.text)]))
    running, places_ = _scope(turn) if answers and not any(one.mine for one in answers) else (None, [])
    if running is None or not places_:
        return None
    return lambda turn: enter(turn, running, places_, answers, turn.utterance.text, cried=True)


def found_its_place(turn: Turn) -> None:
    """A danger that a leader tells in private or among colleagues is in the grid of its door, not in the whole district."""
    if not turn.posts or (turn.chat is not None and turn.chat.audience == "residents"):
        return
    running, where = _scope(turn)
    if running is None:
        return
    place, register = turn.utterance.place, [door for grid in where for door in census.register(turn.session, grid)]
    named = census_doors.said_of(place)
    fitting = {door.grid_id for door in register if named.room in ("", door.room) and census_doors.fits(door, named)}
    few = list(grids.by_ids(turn.session, fitting).values()) if named and len(fitting) == 1 else where
    if len(few) == 1 and (turn.grid is None or few[0].code.startswith(turn.grid.code)):
        turn.grid = few[0]
    if not place.building:
        turn.utterance = replace(turn.utterance, place=_door_of_danger(turn, running, register))


def _door_of_danger(turn: Turn, running: Running, register: Sequence[Door]) -> Place:
    """402大爷摔了: of the staircase that was just entered; the room at least, where several have it."""
    place, said = turn.utterance.place, grammar(turn.catalog).at_door(turn.utterance.text)
    if said is None or (place.room or said.door.room) != said.door.room:
        return place
    doors = [door for door in register if door.room == said.door.room and census_doors.fits(door, said.door)]
    meant = _beside_the_last(turn, running, [Entry(said, doors)])[0].doors
    if len(meant) != 1:
        return replace(place, room=said.door.room, floor=None) if doors else place
    return replace(place, building=meant[0].building or None, unit=meant[0].unit or None, room=meant[0].room)


def _scope(turn: Turn) -> tuple[Running | None, list[Grid]]:
    """The census, and the grids of it in which the speaker enters answers; the one that is named, where one is."""
    named = places.estate_in(turn, turn.utterance.text, at_least=2)
    here = turn.grid if turn.chat is not None and turn.chat.audience == "residents" else None
    seats = {grid.id: grid for _, grid in authority.seated(turn, turn.posts, HANDLES)}
    for running in census.running(turn.session):
        mine = [grid for grid in seats.values() if grid.code.startswith(running.code)]
        if not mine and any(running.code.startswith(grid.code) for grid in seats.values()):
            mine = [grids.get(turn.session, running.grid_id)]
        for narrower in (here, named):
            over = [grid for grid in mine if narrower is not None and narrower.code.startswith(grid.code)]
            mine = [narrower] if over and narrower is not None else mine
        if mine:
            return running, mine
    return None, []


def enter(
    turn: Turn,
    running: Running,
    where: Sequence[Grid],
    answers: Sequence[Said],
    words: str,
    *,
    cried: bool = False,
) -> list[Reply]:
    """Keep what a leader enters; who has answered for themselves is not overwritten by a run.

    `cried`: the words were a cry for help too, which somebody has been called for already.
    """
    if (wide := next((one.door for one in answers if one.door.over), None)) is not None:
        return [_to_speaker(turn, Reply("census/by_building", {"first": wide.building, "last": wide.over}))]
    register = [door for grid in where for door in census.register(turn.session, grid)]
    if not register:
        return _without_register(turn, running, where, answers, words, cried=cried)
    told = [at_door.understood(turn, one) for one in answers]
    entries = [Entry(one.said, _doors(register, where[0], one.said), one.reports) for one in told]
    entries, some = _in_part(_beside_the_last(turn, running, entries))
    asked = _which_of_them(turn, running, some, words, cried=cried)
    if asked and not any(entry.doors for entry in entries):
        return asked
    entries, apart = _apart(entries)
    if lost := next((one.said.door for one in apart if not one.doors), None):
        return [_to_speaker(turn, Reply("census/no_such_exception", {"room": lost.room or f"{lost.floor}楼"}))]
    found = {door.grid_id for entry in entries for door in entry.doors if door.id is not None}
    if len(found) > 1 or any(_doubtful(entry) for entry in entries):
        which = _to_speaker(turn, _which(turn, running, sorted(found), words))
        return [which, *_needs_of_unsure(turn, entries, words, cried=cried)]
    if not any(entry.doors for entry in entries):
        return [_to_speaker(turn, Reply("census/no_such_door"))]
    if not asked and not apart and len(entries) == 1 and (sure := _if_many(turn, running, entries[0], cried=cried)):
        return [sure]
    return [*_write(turn, running, entries, words, apart, cried=cried), *asked]


def _if_many(turn: Turn, running: Running, entry: Entry, *, cried: bool) -> Reply | None:
    """ "剩下的都ok": more doors than one staircase has are counted only after their number was told."""
    if cried or not entry.said.rest or entry.said.state != SAFE or not entry.doors:
        return None
    grid = grids.get(turn.session, entry.doors[0].grid_id)
    missing, doors = _untold(turn, running, grid)
    return _sure_of_rest(turn, running, grid, len(doors), len(missing) - len(doors)) if len(doors) > STAIRCASE else None


def _untold(turn: Turn, running: Running, grid: Grid) -> tuple[list[Door], list[Door]]:
    """The doors that are missing, and those of them at which nobody knocked in vain."""
    missing = list(census.missing(turn.session, running.number, Part(grid.code)))
    tried = census.tried(turn.session, running.number, Part(grid.code))
    return missing, [door for door in missing if door.id not in tried]


def _sure_of_rest(turn: Turn, running: Running, grid: Grid, count: int, tried: int) -> Reply:
    """How many they are, once more."""
    buttons = (
        Button("census_rest_sure", f"census_rest {running.number} {grid.id} yes"),
        Button("census_missing", f"census_missing {running.number} {grid.id}"),
    )
    values = {"grid": grid, "count": count, "tried": tried}
    return _to_speaker(turn, Reply("census/rest_sure", values, buttons=buttons, ask=Ask(lasts_s=600)))


def _in_part(entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The entries that tell their doors, and those that hold for some of theirs only."""
    some = [
        entry
        for entry in entries
        if entry.doors
        and entry.said.is_run
        and (entry.said.partly or (entry.said.homes is not None and entry.said.homes < len(entry.doors)))
    ]
    return [entry for entry in entries if entry not in some], some


def _which_of_them(turn: Turn, running: Running, some: Sequence[Entry], words: str, *, cried: bool) -> list[Reply]:
    """3栋大部分都好, 3栋有老人发烧: no door is counted; which they are is asked, and a need is looked after at once."""
    if not some:
        return []
    said, door = some[0].said, some[0].doors[0]
    stairs = replace(door, id=None, unit=door.unit if said.door.unit else "", room="")
    needs = () if cried else said.needs
    raised = census_needs.raise_matter(turn, stairs, needs, words) if needs else []
    values = {"where": stairs, "many": len(some[0].doors), "needs": bool(said.needs)}
    return [_to_speaker(turn, Reply("census/which_of_them", values, about=running.number)), *raised]


def _needs_of_unsure(turn: Turn, entries: Sequence[Entry], words: str, *, cried: bool) -> list[Reply]:
    """What a door needs of which nobody can tell yet in which staircase it is: looked after all the same."""
    unsure = [one for one in entries if one.said.needs and not one.said.is_run and len(one.doors) > 1]
    replies: list[Reply] = []
    for entry in unsure:
        if cried and entry is _cried_of(turn, unsure):
            continue
        first, said = entry.doors[0], entry.said.door
        room = replace(first, id=None, building=first.building if said.building else "", unit="")
        replies += census_needs.raise_matter(turn, room, entry.said.needs, words, entry.reports)
    return replies


def _beside_the_last(turn: Turn, running: Running, entries: Sequence[Entry]) -> list[Entry]:
    """ "302没人" after 3栋1单元 was entered is said of that staircase; so is "其余都好" beside it."""
    every = rules(turn.catalog).rest
    unsure = [
        one for one in entries if not one.said.door.building and (_doubtful(one) or _of_several_stairs(one, every))
    ]
    if not unsure or any(one.said.is_run and one.said.door and one not in unsure for one in entries):
        return list(entries)
    last = {(row.grid_id, row.building, row.unit) for row in _lately(turn, running)}
    if len(last) != 1:
        return list(entries)
    at, building, unit = last.pop()
    found: list[Entry] = []
    for entry in entries:
        here = [
            door
            for door in entry.doors
            if (door.grid_id, door.building) == (at, building) and (entry.said.door.unit or door.unit == unit)
        ]
        found.append(replace(entry, doors=here) if here and (entry in unsure or entry.said.rest) else entry)
    return found


def _of_several_stairs(entry: Entry, every: Sequence[str]) -> bool:
    """ "3楼都好" of a leader who is in one staircase; "3楼全部平安" is said of each of them."""
    run = entry.said.is_run and entry.said.door and not entry.said.door.either
    whole = any(word in entry.said.words for word in every)
    return bool(run) and not whole and len({(door.grid_id, door.building, door.unit) for door in entry.doors}) > 1


def _without_register(
    turn: Turn, running: Running, where: Sequence[Grid], answers: Sequence[Said], words: str, *, cried: bool
) -> list[Reply]:
    """Too many households for one neighbourhood must be told apart; where there is no table, what is named counts."""
    if not census_bare.is_bare(turn, running.number, where):
        return [_to_speaker(turn, Reply("census/which_estate"))]
    few = [place for grid in where for place in census_bare.places(turn, grid, CHOICES)]
    if len(few) > CHOICES:
        return [_to_speaker(turn, Reply("census/which_estate"))]
    if len(few) > 1:
        return [_to_speaker(turn, _which(turn, running, [grid.id for grid in few], words))]
    known = census.heard_doors(turn.session, few[0].code)
    told_of = [at_door.understood(turn, one) for one in answers]
    whole, some = _in_part(
        [Entry(one.said, census_bare.doors(known, few[0], one.said), one.reports) for one in told_of]
    )
    unclear = _which_of_them(turn, running, some, words, cried=cried)
    entries, apart = _apart(whole)
    if any(_doubtful(entry) for entry in entries):
        return [_to_speaker(turn, Reply("census/which_stairs"))]
    lost = [entry.said for entry in entries if entry.said.is_run and not entry.doors and not entry.said.left_out]
    asked = without_doors.keep(turn, running, few[0], lost, words)
    written = any(entry.doors for entry in entries)
    told = _write(turn, running, entries, words, apart, cried=cried) if written else []
    if not told and asked is None:
        return unclear or [_to_speaker(turn, Reply("census/no_such_door"))]
    return [*told, *([_to_speaker(turn, asked)] if asked else []), *unclear]


def _doors(register: Sequence[Door], grid: Grid, one: Said) -> list[Door]:
    """The doors that were meant; one that the register does not have, as it was said."""
    if one.is_run or (one.left_out and (one.door.until or not one.door.room)):
        return census_doors.in_run(register, one)
    fitting = [door for door in register if door.room == one.door.room and census_doors.fits(door, one.door)]
    if fitting or one.left_out:
        return fitting
    return [Door(None, grid.id, one.door.building or one.door.either, one.door.unit, one.door.room)]


def _apart(entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The entries, no door in two of them; and the doors that stay missing: left out, or one of several, but which?

    "都好，除了402" and "都好，402没人应" never say of 402 that it is well.
    """
    run = [door for one in entries if one.said.is_run for door in one.doors]
    if not run:
        return list(entries), []
    alone: list[Entry] = []
    missing: list[Entry] = []
    for one in entries:
        if one.said.is_run:
            continue
        within = [door for door in one.doors if door in run]
        named = replace(one, doors=within or ([] if one.said.left_out else one.doors))
        unsure = len(named.doors) > 1
        (missing if one.said.left_out or unsure else alone).append(named)
    spoken_of = [door for one in (*alone, *missing) for door in one.doors]
    narrow_first = sorted((one for one in entries if one.said.is_run), key=lambda one: len(one.doors))
    runs: list[Entry] = []
    for one in narrow_first:  # "3楼没人，其余都好": what is said of fewer doors is not said of them again
        runs.append(replace(one, doors=[door for door in one.doors if door not in spoken_of]))
        spoken_of += runs[-1].doors
    return [*runs, *alone], missing


def _doubtful(entry: Entry) -> bool:
    """One door was meant, and several fit; or one run of rooms or one staircase, and several buildings have them."""
    said = entry.said.door
    if entry.said.is_run and said.unit and not said.building:
        return len({(door.grid_id, door.building) for door in entry.doors}) > 1
    if said.until:
        named = said.building or said.unit or said.either
        return not named and len({(door.grid_id, door.building, door.unit) for door in entry.doors}) > 1
    return not entry.said.is_run and len(entry.doors) > 1


def _which(turn: Turn, running: Running, found: Sequence[int], words: str) -> Reply:
    """In which grid, or which stairwell?"""
    if len(found) < 2:
        return Reply("census/which_stairs")
    few = grids.by_ids(turn.session, found[:CHOICES])
    buttons = tuple(Button(f"{LITERAL}{one.name}", f"census_in {running.number} {one.id}") for one in few.values())
    return Reply("census/which_grid", buttons=buttons, ask=Ask(held=words[:200], lasts_s=ANSWER_S))


def _write(
    turn: Turn,
    running: Running,
    entries: Sequence[Entry],
    words: str,
    apart: Sequence[Entry] = (),
    *,
    cried: bool = False,
) -> list[Reply]:
    account = turn.speaker()
    session = turn.session
    in_runs = [door for entry in entries if entry.said.is_run for door in entry.doors]
    before = census.accounted_at(session, running.number, in_runs) if in_runs else set[At]()
    tried = census.tried_at(session, running.number, in_runs) if in_runs else set[At]()
    kept = 0
    written: list[Door] = []
    silent = [door for one in apart for door in one.doors]
    waits = [door for door in in_runs if _at(door) in tried]
    silent += [door for door in waits if door not in silent]
    replies: list[Reply] = []
    for entry in entries:
        said = entry.said
        for door in entry.doors:
            if said.is_run and _at(door) in before:
                kept += 1
                continue
            if said.is_run and _at(door) in tried:
                continue
            people, present = (None, None) if said.is_run else (said.people, said.present)
            kept_words = words[:LONGEST]
            answer = Answer(door, account.id, LEADER, said.state, people, present, said.needs, kept_words)
            census.put(session, running.number, [answer], turn.now)
            (silent if in_runs and said.state == UNKNOWN and not said.is_run else written).append(door)
        if said.needs and not said.is_run and entry.doors and not (cried and entry is _cried_of(turn, entries)):
            own = f"{said.words.strip(at_door.PAUSES)}" if in_runs else words
            replies += census_needs.raise_matter(turn, entry.doors[0], said.needs, own or words, entry.reports)
    replies += _needs_of_unsure(turn, apart, words, cried=cried)
    written.sort(key=lambda door: (door.building, door.unit, len(door.room), door.room))
    without_doors.found(turn, running, written)
    grid = grids.get(session, [*written, *(door for entry in entries for door in entry.doors), *silent][0].grid_id)
    _note(turn, running, grid, len(written))
    done = census.by_grid(session, running.number, Part(grid.code)).get(grid.id, Completeness())
    states = {entry.said.state for entry in entries if entry.doors and not set(entry.doors) <= set(silent)}
    values: dict[str, object] = {
        "grid": grid,
        "stairs": census_marks.stairs(written),
        "count": len(written),
        "silent": census_marks.stairs(silent),
        "which": any(len(one.doors) > 1 and one.said.door.room and not one.said.door.until for one in apart),
        "state": states.pop() if len(states) == 1 else "",
        "waits": bool(waits),
        "kept": kept,
        "done": done,
        "open": any(entry.said.is_run and not entry.said.door.until for entry in entries) and not done.expected,
    }
    missing = Button("census_missing", f"census_missing {running.number} {grid.id}")
    undo = taking_back.button(turn, running, grid) if written else None
    buttons = tuple(one for one in (missing if done.missing else None, undo) if one is not None)
    ask = Ask(lasts_s=ANSWER_S) if undo else None
    told = Reply("census/entered", values, buttons=buttons, about=running.number, ask=ask)
    return [_to_speaker(turn, told), *replies]


def _cried_of(turn: Turn, entries: Sequence[Entry]) -> Entry | None:
    """The entry of the door from which help is called."""
    needy = [one for one in entries if one.said.needs and not one.said.is_run]
    room = turn.utterance.place.room
    return next((one for one in needy if one.said.door.room == room), needy[0] if needy else None)


def _at(door: Door) -> At:
    return door.grid_id, door.building, door.unit, door.room


@router.order(taking_back.UNDO)
def undo(turn: Turn) -> list[Reply]:
    """记错了: what was just entered of several doors is taken back."""
    running, grid = _tapped(turn)
    return [_to_speaker(turn, taking_back.take_back(turn, running, grid))]


@router.order("census_in")
def in_this_grid(turn: Turn) -> list[Reply]:
    """The answer to "in which grid?"."""
    running, grid = _tapped(turn)
    words = turn.asked.held if turn.asked else ""
    answers = grammar(turn.catalog).read(words, leads=True)
    if not answers:
        raise UserMistake("census/say_again")
    return enter(turn, running, [grid], answers, words)


@router.order(without_doors.DOORS)
def these_doors(turn: Turn) -> list[Reply]:
    """Which doors a floor without a table has: what was said of the floor is said of them."""
    running, grid = _tapped(turn)
    words = without_doors.whole(turn, turn.words, turn.asked.held if turn.asked else "")
    answers = grammar(turn.catalog).read(words, leads=True)
    if not answers:
        return [_to_speaker(turn, Reply("census/no_door", {"example": rules(turn.catalog).example}))]
    return enter(turn, running, [grid], answers, words)


@router.order("census_rest")
def the_rest(turn: Turn) -> list[Reply]:
    """其余都平安: asked once more with the number of doors, then entered."""
    running, grid = _tapped(turn)
    missing, doors = _untold(turn, running, grid)
    if missing and not doors:
        return [_to_speaker(turn, Reply("census/only_tried", {"grid": grid, "stairs": census_marks.stairs(missing)}))]
    if not doors:
        return [_to_speaker(turn, Reply("census/nobody_missing", {"grid": grid}))]
    if turn.order is None or not turn.order.argument.endswith(" yes"):
        return [_sure_of_rest(turn, running, grid, len(doors), len(missing) - len(doors))]
    return _write(turn, running, [Entry(Said(census_doors.NOWHERE, SAFE, rest=True), doors)], "")


@router.order("census_missing")
def who_is_missing(turn: Turn) -> list[Reply]:
    """还差谁: those of whom nothing is known, in the order in which one walks."""
    if turn.chat is not None and turn.chat.audience == "residents":
        return []
    if turn.order and turn.order.argument:
        running, grid = _tapped(turn)
        start = turn.order.argument.partition(" ")[2]
        return [_list(turn, running, grid, int(start) if start.isdecimal() and len(start) < 6 else 0)]
    running, where = _scope(turn)
    if running is None:
        raise UserMistake("census/none_running")
    few = [grid for grid in where if census.register(turn.session, grid)][:CHOICES]
    if not few and where and census_bare.is_bare(turn, running.number, where):
        done = sum((census.completeness(turn.session, running.number, one.code) for one in where), Completeness())
        return [_to_speaker(turn, Reply("census/no_table", {"grid": where[0], "many": len(where), "done": done}))]
    if not few:
        raise UserMistake("census/too_many_to_list")
    return [_list(turn, running, grid) for grid in few]


def _list(turn: Turn, running: Running, grid: Grid, start: int = 0) -> Reply:
    session, part = turn.session, Part(grid.code)
    done = census.completeness(session, running.number, grid.code)
    doors = census.missing(session, running.number, part)
    tried = census.tried(session, running.number, part)
    voices = census.conflicts(session, running.number, part)
    if not doors and not voices and done.bare:
        return _to_speaker(turn, Reply("census/no_table", {"grid": grid, "many": done.bare, "done": done}))
    if not doors and not voices:
        return _to_speaker(turn, Reply("census/nobody_missing", {"grid": grid}))
    account = turn.speaker()
    to = Address(account.channel, account.external, private=True)
    told = census_marks.missing_list(
        turn, _notice(turn, running.number), grid, done, doors, tried, voices, to=to, start=start
    )
    further = any(button.label == "census_further" for button in told.buttons)
    return replace(told, ask=Ask(lasts_s=ANSWER_S)) if further else told


def _tapped(turn: Turn) -> tuple[Running, Grid]:
    """The census and the grid of a button, if the speaker leads there and it still runs."""
    order = turn.order
    number = order.number if order else None
    head = order.argument.partition(" ")[0] if order else ""
    running = next((one for one in census.running(turn.session) if one.number == number), None)
    if running is None:
        raise UserMistake("census/none_running")
    grid = grids.by_ids(turn.session, [int(head)]).get(int(head)) if head.isdecimal() and len(head) < 10 else None
    if (
        grid is None
        or not grid.code.startswith(running.code)
        or authority.post_over(turn, turn.posts, HANDLES, grid.code) is None
    ):
        raise UserMistake("census/unknown", number=number)
    return running, grid


def _notice(turn: Turn, number: int) -> Notice:
    return notices.get(turn.session, number)


def _to_speaker(turn: Turn, reply: Reply) -> Reply:
    """In a group it is nothing for others: doors are said in private only."""
    if not turn.in_group:
        return reply
    account = turn.speaker()
    to = Address(account.channel, account.external, private=True)
    return Reply(reply.template, reply.values, to, reply.buttons, Lane.REPLY, reply.about, reply.ask)


def _note(turn: Turn, running: Running, grid: Grid, many: int) -> None:
    post = authority.post_over(turn, turn.posts, HANDLES, grid.code)
    journal.note(
        turn.session, turn.now, "census_enter", matter_id=running.number, grid_id=grid.id, account_id=turn.speaker().id,
        post_id=post.id if post else None, detail=str(many),
    )  # fmt: skip
