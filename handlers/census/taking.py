"""Takes the answers of a census as neighbours give them; a message that is none costs no statement and no word."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.message import Ask, Reply
from bot.orders import parse_press
from bot.router import Handler, Router
from bot.turn import Scene, Turn
from handlers.census import beside, how_many, not_back
from handlers.census import doors as census_doors
from handlers.census import entering as census_entering
from handlers.census import needs as census_needs
from handlers.census.doors import Known
from handlers.census.reading import Door as SaidDoor
from handlers.census.reading import Said, grammar
from handlers.census.rules import rules
from handlers.matters import intake
from handlers.notices import troubles
from handlers.people import authority
from storage import census, numbers, timers
from storage.census import AWAY, DOOR, LEADER, OWN, PROXY, SAFE, UNKNOWN, Answer, Door, Running
from storage.timers import Timer

router = Router()

HANDLES = "handle"
OURS = "census_door"
CORRECTS = "correct"
WHERE = frozenset(("locate", "door"))
"""Questions for the place of somebody's danger."""
YIELDS = WHERE | {
    "report",
    "report_place",
    "report_place_again",
    "add",
    "correct",
    "reopen",
    "verify",
    "wish",
    "wish_for",
    "favour",
    "resource",
}
"""Questions that an answer to the census leaves waiting."""
ASKED_DOOR = "census_asked_door"
"""The timer of the pause in which a group is not asked again for doors."""
LONGEST = 120
"""Characters of an answer that are kept."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """An answer and its door; None where it does not tell which."""

    said: Said
    door: Door | None


@router.guard
def answering(turn: Turn) -> Handler | None:
    """While a census runs here: whoever answers it is noted; everything else passes."""
    if turn.incoming.happening != "text" or not census.running(turn.session):
        return None
    said = turn.utterance
    if said.intent == "emergency":
        if not_back.is_only_late(turn, said) and (taken := _not_back(turn)):
            return taken
        census_entering.found_its_place(turn)
        _of_this_home(turn)
        return None
    if asking := census_entering.asks_who(turn):
        return asking
    if said.digit is not None or turn.order is not None:
        return None
    if said.command is not None and not _corrects_a_door(turn):
        return None
    waits = parse_press(turn.asked.takes).code if turn.asked is not None else ""
    if waits and waits not in YIELDS and not waits.startswith(OURS):
        return None
    if waits in YIELDS and not _plainly_answers(turn, waits):
        return None
    if entering := census_entering.heard(turn):
        return entering
    running = _here(turn)
    if running is None:
        return None
    answers = _answers(turn) or how_many.answers(turn)
    if not answers:
        door = grammar(turn.catalog).bare_door(said.text)
        return (lambda turn: _found_its_door(turn, running, door)) if door else None
    if _reports(turn, answers) or (all(one.corrects for one in answers) and not _said_before(turn)):
        return None
    if trouble := beside.trouble(turn, answers):
        return lambda turn: [*_silently(turn, running, answers), *intake.take(turn, trouble)]
    return lambda turn: take(turn, running, answers)


def _not_back(turn: Turn) -> Handler | None:
    """Somebody who has not come home yet: told by a neighbour, or by a leader of one door; the words are no alarm then."""
    alarm, running = turn.utterance, _here(turn)
    answers = _answers(turn)
    turn.utterance = not_back.calmed(alarm)
    if turn.posts and (entering := census_entering.heard(turn)):
        return entering
    if running is not None:
        return lambda turn: take(turn, running, not_back.answered(turn, answers))
    turn.utterance = alarm
    return None


def _of_this_home(turn: Turn) -> None:
    """A danger told in an answer is that household's own, however alike the words of another are."""
    read = grammar(turn.catalog).read(turn.utterance.text)
    if _here(turn) is not None and any(one.door.room or one.mine for one in read):
        turn.utterance = replace(turn.utterance, why=(*turn.utterance.why, intake.OF_ONE_HOME))


def _plainly_answers(turn: Turn, waits: str) -> bool:
    """Whether it is an answer to the census, though the bot waits to hear something else; asked where somebody is in
    danger, only that everybody is well is no answer to it."""
    read, text = grammar(turn.catalog), turn.utterance.text
    answers = read.read(text, leads=bool(turn.posts))
    if waits in WHERE and not read.all_well(text) and not (turn.posts and _of_many_doors(answers)):
        return False
    return any(one.state in (SAFE, AWAY) and (one.door or one.mine or one.rest) for one in answers)


def _of_many_doors(answers: Sequence[Said]) -> bool:
    """Whether it is said of so many doors that nobody is found by it."""
    return len({one.door for one in answers if one.door}) > 1 or any(one.is_run for one in answers)


def _corrects_a_door(turn: Turn) -> bool:
    """ "更正：302是5口人" begins like an order about a matter, and speaks of a door of this census."""
    said = turn.utterance
    if said.command != CORRECTS or any(number >= numbers.FIRST for number in said.numbers):
        return False
    return any(one.door.room for one in _answers(turn))


@router.afterword
def besides(turn: Turn) -> Handler | None:
    """A cry for help, or a report, that also says who is at home: it is counted, and nothing more is said."""
    if turn.incoming.happening != "text" or turn.utterance.intent not in ("emergency", "report"):
        return None
    if not census.running(turn.session):
        return None
    if turn.utterance.intent == "emergency" and (others := census_entering.cried(turn)):
        return others
    running = _here(turn)
    answers = _answers(turn) if running else ()
    if running is None or not answers:
        return None
    if turn.utterance.intent == "report" and not _reports(turn, answers):
        return None
    return lambda turn: _silently(turn, running, answers)


def _said_before(turn: Turn) -> bool:
    """Whether the speaker has a door that can be put right."""
    return turn.account is not None and census.last_door_of(turn.session, turn.account.id) is not None


def _silently(turn: Turn, running: Running, answers: Sequence[Said]) -> list[Reply]:
    _keep(turn, running, _place(turn, running, answers))
    return []


def _here(turn: Turn) -> Running | None:
    """The census that neighbours answer here; in a staff group nobody answers for a home."""
    if turn.grid is None or (turn.chat is not None and turn.chat.audience != "residents"):
        return None
    return census.running_at(turn.session, turn.grid.code)


def _answers(turn: Turn) -> tuple[Said, ...]:
    """What the words answer; runs of doors are a leader's to say."""
    found = grammar(turn.catalog).read(turn.utterance.text)
    return tuple(
        replace(one, rest=False) if one.rest and one.mine else one
        for one in found
        if not (_is_run(one) or one.left_out)
    )


def _is_run(one: Said) -> bool:
    return one.is_run and not (one.rest and one.mine)


def _reports(turn: Turn, answers: Sequence[Said]) -> bool:
    """Whether the words are a report in the first place: a burst pipe, and nobody at home."""
    if any(one.needs for one in answers) or beside.only_unanswered(turn.utterance, answers):
        return False
    return troubles.reports(turn, turn.utterance) and not grammar(turn.catalog).only_tells(turn.utterance.text)


def take(turn: Turn, running: Running, answers: Sequence[Said]) -> list[Reply]:
    """Keep the answers; say only what is needed: in a group next to nothing."""
    placed = _place(turn, running, answers)
    _keep(turn, running, placed)
    needs = [one for one in placed if one.said.needs]
    replies = [reply for one in needs for reply in _need(turn, one)]
    lost = [one for one in placed if one.door is None]
    if turn.in_group:
        return [*replies, *(_ask_in_group(turn, running) if lost else [])]
    if lost:
        ask = Ask(takes=f"{OURS} {running.number}", lasts_s=1800)
        return [*replies, Reply("census/which_door", {"example": rules(turn.catalog).example}, ask=ask)]
    return replies or [Reply("census/noted", {"answers": [_shown(one) for one in placed]}, about=running.number)]


def _shown(one: _Placed) -> dict[str, object]:
    """An answer as whoever gave it is told in private."""
    return {"door": one.door, "people": one.said.people, "state": one.said.state}


def _place(turn: Turn, running: Running, answers: Sequence[Said]) -> list[_Placed]:
    """Each answer with its door."""
    if turn.grid is None:
        return []
    mine: Known | None = None
    looked = False
    found: list[_Placed] = []
    for one in answers:
        door = census_doors.named(turn, turn.grid, one.door, None) if one.door.room else None
        if door is None and not looked:
            looked, mine = True, _known(turn, running)
        if door is None:
            where = one.door
            door = (
                census_doors.named(turn, turn.grid, where, mine)
                if where.room
                else census_doors.at_home(turn, turn.grid, mine)
            )
        found.append(_Placed(one, door))
    return found


def _known(turn: Turn, running: Running) -> Known | None:
    """The speaker's own door, or the stairwell that was just spoken of."""
    if turn.account is None:
        return None
    return census_doors.known(turn, turn.account.id) or census_doors.near(turn, running.number, turn.account.id)


def _keep(turn: Turn, running: Running, placed: Sequence[_Placed]) -> None:
    account = turn.speaker()
    grid = turn.grid
    if grid is None:
        return
    words = turn.utterance.text[:LONGEST]
    leads = bool(turn.posts) and authority.post_over(turn, turn.posts, HANDLES, grid.code) is not None
    answers: list[Answer] = []
    for one in placed:
        nowhere = Door(None, grid.id, "", "", "")
        _put_in_place_of_less(turn, running, one.door, account.id)
        how = LEADER if leads and one.said.door else _how(one.said, several=len(placed) > 1)
        said = _kept_from_before(turn, running, one, account.id)
        answers.append(
            Answer(one.door or nowhere, account.id, how, said.state, said.people, said.present, said.needs, words)
        )
    census.put(turn.session, running.number, answers, turn.now)


def _put_in_place_of_less(turn: Turn, running: Running, door: Door | None, account_id: int) -> None:
    """ "501", and a minute later "3栋2单元501": where no table tells that it is one door, whoever said both does."""
    if door is None or door.id is not None:
        return
    for row in census.unlisted_of(turn.session, running.number, account_id, door.room):
        before = Door(None, row.grid_id, row.building, row.unit, row.room)
        if before != door and census_doors.vaguer(before, door):
            census.take_back(turn.session, row)


def _kept_from_before(turn: Turn, running: Running, one: _Placed, account_id: int) -> Said:
    """Who only puts right how many they are is as well, or as much in need, as before."""
    said = one.said
    if one.door is None or said.state != UNKNOWN or said.people is None:
        return said
    before = census.answer_at(turn.session, running.number, one.door, account_id)
    if before is None or before.state == AWAY:
        return said
    return replace(said, state=before.state, needs=tuple(code for code in before.needs.split(",") if code))


def _how(said: Said, *, several: bool) -> str:
    """Who says so: somebody for the own home, somebody who names one door, somebody for others."""
    if said.mine and not said.proxy:
        return OWN
    return PROXY if said.proxy or several else DOOR


def _need(turn: Turn, one: _Placed) -> list[Reply]:
    if turn.grid is None:
        return []
    door = one.door or Door(None, turn.grid.id, "", "", "")
    return census_needs.raise_matter(turn, door, one.said.needs, turn.utterance.text)


def _ask_in_group(turn: Turn, running: Running) -> list[Reply]:
    """One line for all who left out their door, and then a pause."""
    if turn.chat is None or timers.armed(turn.session, ASKED_DOOR, turn.chat.id):
        return []
    pause = timedelta(minutes=rules(turn.catalog).ask_door_minutes)
    timers.arm(turn.session, ASKED_DOOR, turn.chat.id, turn.now + pause)
    return [Reply("census/doors_please", {"example": rules(turn.catalog).example}, about=running.number)]


@router.timer(ASKED_DOOR)
def may_ask_again(_scene: Scene, _due: Sequence[Timer]) -> list[Reply]:
    """The pause is over; nothing is said."""
    return []


def _found_its_door(turn: Turn, running: Running, said: SaidDoor) -> list[Reply]:
    """A door and no more, from somebody whose answer waits for one: now it has it."""
    row = census.unplaced_of(turn.session, running.number, turn.account.id) if turn.account else None
    if row is None or turn.grid is None:
        return []
    read = grammar(turn.catalog).read(row.words)
    before = next((one.door for one in read if one.door), SaidDoor())
    whole = replace(
        said,
        building=said.building or before.building,
        unit=said.unit or said.either or before.unit if not said.room else said.unit,
        room=said.room or before.room,
    )
    door = census_doors.named(turn, turn.grid, whole, None) if whole.room else None
    if door is None:
        if turn.in_group:
            return []
        ask = Ask(takes=f"{OURS} {running.number}", lasts_s=1800)
        return [Reply("census/which_door", {"example": rules(turn.catalog).example}, ask=ask)]
    census.take_back(turn.session, row)
    needs = tuple(code for code in row.needs.split(",") if code)
    how = OWN if row.how == OWN else DOOR
    answer = Answer(door, row.account_id, how, row.state, row.people, row.present, needs, row.words)
    census.put(turn.session, running.number, [answer], turn.now)
    replies = census_needs.raise_matter(turn, door, needs, f"{turn.utterance.text} {row.words}") if needs else []
    if turn.in_group or replies:
        return replies
    shown = {"door": door, "people": row.people, "state": row.state}
    return [Reply("census/noted", {"answers": [shown]}, about=running.number)]


@router.order(OURS)
def which_door(turn: Turn) -> list[Reply]:
    """What was said when a door was asked for, and is none."""
    running = _here(turn)
    if running is None or turn.in_group:
        return []
    door = grammar(turn.catalog).bare_door(turn.words)
    if door is not None:
        return _found_its_door(turn, running, door)
    return [Reply("census/no_door", {"example": rules(turn.catalog).example})]
