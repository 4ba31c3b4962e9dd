"""一码扫楼: a scanned or typed code says where somebody lives, so that nobody has to write an address again."""

import hmac
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from bot import orders
from bot.catalog import Catalog
from bot.message import Address, Ask, Button, Reply
from bot.router import Handler, Router
from bot.settings import Settings
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.people import authority, consent, said_since, signing
from storage import codes, grids, journal, people
from storage.codes import Door, Home, PlaceCode
from storage.grids import Grid
from storage.session import Session

router = Router()

HOME = "home"
"""The purpose for which the door is kept."""
SAID = ("approve", "refuse")
"""The commands that 同意 and 不同意 are."""
ASKS_FOR_DOOR = f"{consent.AGREE} {HOME} "
MOVED, PASSING = "code_moved", "code_passing"
AN_HOUR = timedelta(hours=1)
A_WHILE = timedelta(hours=24)
"""How long after the scan a bare 同意 is about its door."""
TAKES = "code"
"""What the question for a code takes."""
A_LETTER = re.compile(r"[\u4e00-\u9fff]")
SHORT = 24
"""Characters of a message that can be a bare code."""


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands on a printed sheet."""

    whole_building: str
    whole_unit: str
    room: str
    scanned: str
    """What a scanner reads where no link is set."""
    how: tuple[str, ...]
    how_followed: tuple[str, ...]
    """The same where the square is the official account's."""
    group: str
    """Above the square by which a grid's customer group is joined."""
    how_joined: tuple[str, ...]
    page: str


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """codes.toml."""

    wrong_per_hour: int
    at_home: tuple[str, ...]
    """Words that say it is inside the speaker's own four walls."""
    called: tuple[str, ...]
    """Beside a code: that it is one."""
    sheets: tuple[str, ...]
    """What the printed codes are called."""
    printing: tuple[str, ...]
    """With one of these beside it somebody wants them on paper."""
    inside: tuple[str, ...]
    """Spots inside a building."""
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Printed:
    """One code as it is printed."""

    text: str
    place: PlaceCode


def rules(catalog: Catalog) -> Rules:
    """What a community may set about codes."""
    return catalog.read("codes.toml", Rules)


def home_of(turn: Turn) -> Home | None:
    """Where the speaker lives, as far as a code told; None in a group, where nobody else may learn it."""
    if turn.in_group or turn.account is None:
        return None
    home = codes.home_of(turn.session, turn.account.id)
    return home if home and grids.get(turn.session, home.grid_id).ended_at is None else None


@router.guard_where("alone")
def bare_code(turn: Turn) -> Handler | None:
    """A code alone, as a phone's scanner copies it, or with 码 beside it, is as good as 码 with it; in private only."""
    said = turn.utterance
    if turn.incoming.happening != "text" or said.command or len(said.text) > SHORT:
        return None
    found = signing.found_in(said.text)
    alone = found is not None and said.text.strip().upper() == found
    named = found is not None and any(word in said.text for word in rules(turn.catalog).called)
    if found and (alone or named) and not found.replace("-", "").isdecimal():
        turn.order = Order("code", (), found, answers=turn.asked is not None and turn.asked.takes == TAKES)
    return None


@router.guard
def something_else(turn: Turn) -> Handler | None:
    """Asked for a code, somebody says what can be none: it is heard as it is, and nobody is held there."""
    waits = turn.asked is not None and turn.asked.takes == TAKES and turn.incoming.happening == "text"
    if not waits or phrases.only(turn.utterance.text, orders.words(turn, orders.NEVER_MIND)):
        return None
    if turn.order is None and not may_be_code(turn):
        turn.asked = None
    return None


def may_be_code(turn: Turn) -> bool:
    """Whether the words are a code, or a try at one: nothing but its characters, or 码 beside them."""
    text = turn.utterance.text.strip()
    if text.isdecimal() and len(text) < signing.SHORTEST:
        return False
    for word in ("是", "的", *rules(turn.catalog).called):
        text = text.replace(word, "")
    return signing.found_in(turn.utterance.text) is not None or A_LETTER.search(text) is None


@router.guard_where("alone")
def wants_sheets(turn: Turn) -> Handler | None:
    """打印楼栋码, 我要门口的码: how they come onto paper; a fault that is told beside stays a report."""
    said, words = turn.utterance, rules(turn.catalog)
    if turn.incoming.happening != "text" or said.command not in (None, "code") or turn.order:
        return None
    if said.intent == "emergency" or len(said.text) > SHORT or (turn.asked is not None and turn.asked.takes):
        return None
    named = any(word in said.text for word in words.sheets) and any(word in said.text for word in words.printing)
    return how_to_print if named and (turn.posts or said.intent != "report") else None


def how_to_print(turn: Turn) -> list[Reply]:
    """The command with the grid of the speaker's post; neighbours are told who brings one."""
    held = authority.seated(turn, turn.posts, "see")
    return [Reply("codes/how_to_print", {"grid": held[0][1] if held else None})]


@router.happening("scan")
def scanned(turn: Turn) -> list[Reply]:
    """A scanned code binds whoever scanned it; what is none of ours is refused in private only."""
    text = signing.found_in(turn.incoming.text)
    if text is not None:
        return _meet(turn, text)
    return [] if turn.in_group else [Reply("codes/refused")]


@router.order("code")
def typed(turn: Turn) -> list[Reply]:
    """码 with the characters below the square; not in a group, where others would read them."""
    text = signing.found_in(turn.utterance.text)
    if turn.in_group:
        return [Reply("codes/in_private")] if text else []
    if text is not None:
        return _meet(turn, text)
    return [Reply("codes/refused" if turn.words else "codes/which", ask=Ask(takes=TAKES, lasts_s=600))]


@router.guard
def yes_to_the_door(turn: Turn) -> Handler | None:
    """同意 some talk later, or any yes or no while just that is asked: about the door of the code scanned lately."""
    said, sure = turn.utterance, _yes_or_no(turn)
    if sure is None or said.numbers or said.argument or turn.order is not None:
        return None
    home = home_of(turn) if turn.quoted is None else None
    if home is None or home.room or turn.now - home.since > A_WHILE or not _may_keep(turn, home):
        return None
    if said.command in SAID and turn.asked is not None and orders.meant(turn) != Order(said.command or ""):
        return None
    consent.record(turn, HOME, given=sure)
    turn.order = Order("keep_door" if sure else consent.DISAGREE, (), HOME, answers=_asks_for_door(turn))
    return None if sure else consent.disagreed


def _yes_or_no(turn: Turn) -> bool | None:
    """Whether it is a yes or a no: the very words at any time, every other only as the next thing that is said."""
    said = turn.utterance
    if said.command in SAID:
        return said.command == "approve"
    if turn.incoming.happening != "text" or not _asks_for_door(turn) or said_since.happened(turn):
        return None
    if phrases.only(said.text, orders.words(turn, "door_no")):
        return False
    return True if phrases.only(said.text, orders.words(turn, "door_yes")) else None


def _asks_for_door(turn: Turn) -> bool:
    return turn.asked is not None and turn.asked.options.startswith(ASKS_FOR_DOOR)


@router.afterword
def other_talk(turn: Turn) -> Handler | None:
    """Keep in mind that something else was said while the door is asked about."""
    said_since.mark(turn, ASKS_FOR_DOOR)
    said_since.mark(turn, f"{MOVED} ")


def _may_keep(turn: Turn, home: Home) -> bool:
    """Whether it was a door's code, and neither yes nor no was said."""
    code = codes.get(turn.session, home.code_id)
    known = consent.given(turn, home.account_id, HOME) or consent.refused(turn, home.account_id, HOME)
    return code is not None and bool(code.room) and code.revoked_at is None and not known


@router.order("keep_door")
def keep_door(turn: Turn) -> list[Reply]:
    """The door of the code scanned last is kept too: its owner has just said yes."""
    home = home_of(turn)
    code = codes.get(turn.session, home.code_id) if home else None
    if home is None or code is None or code.revoked_at is not None:
        return [Reply("codes/which", ask=Ask(takes=TAKES, lasts_s=600))]
    if not consent.given(turn, home.account_id, HOME):
        return [_asked(turn, home)] if code.room else [_bound(turn, home)]
    return [_bound(turn, _settle(turn, code, with_room=True))]


def _meet(turn: Turn, text: str, *, moved: bool = False) -> list[Reply]:
    """Bind to the place of a good code; a bad one is counted, and after a few of them no code is good for a while."""
    secret = secret_of(turn.session, turn.settings)
    who = hmac.digest(secret.encode(), turn.incoming.channel.encode() + b"/" + turn.incoming.sender.encode(), "sha256")
    key = who.hex()[:32]
    most = rules(turn.catalog).wrong_per_hour
    if codes.wrong_guesses(turn.session, key, turn.now - AN_HOUR) >= most:
        return [Reply("codes/slowly")]
    code = _standing(turn.session, text, secret)
    if code is not None:
        return _bind(turn, code, moved=moved)
    codes.guessed_wrong(turn.session, key, turn.now, AN_HOUR)
    account = turn.account.id if turn.account else None
    journal.note(
        turn.session, turn.now, "code_refused", account_id=account, grid_id=turn.grid.id if turn.grid else None
    )
    return [Reply("codes/refused")]


def standing(turn: Turn, words: str) -> PlaceCode | None:
    """The good code in these words; it binds nobody."""
    text = signing.found_in(words)
    return _standing(turn.session, text, secret_of(turn.session, turn.settings)) if text else None


def _standing(session: Session, text: str, secret: str) -> PlaceCode | None:
    """The code that this text was printed from, unless it is forged, foreign, revoked or of a grid that is no more."""
    number = signing.number_of(text, secret)
    code = codes.get(session, number) if number else None
    good = code is not None and code.revoked_at is None and grids.get(session, code.grid_id).ended_at is None
    return code if good else None


def _bind(turn: Turn, code: PlaceCode, *, moved: bool = False) -> list[Reply]:
    account = turn.speaker()
    home = codes.home_of(turn.session, account.id)
    former = None if moved else _lives_elsewhere(turn, home, code)
    if former is not None:
        return [*([Reply("codes/asked_group")] if turn.in_group else []), _moved_or_passing(turn, former, code)]
    if home is None or not _is_more_of(home, code):
        home = _settle(turn, code, with_room=consent.given(turn, account.id, HOME))
    here = [Reply("codes/bound_group")] if turn.in_group else []
    if code.room and not home.room and not consent.refused(turn, account.id, HOME):
        return [*here, _asked(turn, home)]
    return here or [_bound(turn, home)]


def _lives_elsewhere(turn: Turn, home: Home | None, code: PlaceCode) -> Grid | None:
    """The grid where the speaker is known already, when the code is of another one; a grid above it is the same."""
    known = home.grid_id if home else turn.speaker().grid_id
    grid = grids.get(turn.session, known) if known is not None and known != code.grid_id else None
    here = grids.get(turn.session, code.grid_id)
    return grid if grid and grid.ended_at is None and not here.code.startswith(grid.code) else None


def _moved_or_passing(turn: Turn, former: Grid, code: PlaceCode) -> Reply:
    """Asked before anything is moved; each button carries the signed code, so that nobody taps another one."""
    signed = signing.signed(code.id, secret_of(turn.session, turn.settings))
    account = turn.speaker()
    private = Address(account.channel, account.external, private=True)
    here = grids.get(turn.session, code.grid_id)
    buttons = (Button("code_moved", f"{MOVED} {signed}"), Button("code_passing", PASSING))
    return Reply("codes/moved_or_passing", {"grid": here, "former": former}, to=private, buttons=buttons, ask=Ask())


@router.guard_where("alone")
def yes_to_either(turn: Turn) -> Handler | None:
    """是的 says neither that somebody moved nor that they pass: the two are named once more."""
    waits = turn.asked.options if turn.asked else ""
    if not waits.startswith(f"{MOVED} ") or turn.incoming.happening != "text":
        return None
    if not phrases.only(turn.utterance.text, orders.words(turn, "yes")):
        return None
    turn.order = orders.parse_press(waits.partition(orders.LABEL)[0])
    return moved_here


@router.order(MOVED)
def moved_here(turn: Turn) -> list[Reply]:
    """The speaker lives where the code is, from now on; a digit after other talk is no such answer."""
    text = signing.found_in(turn.words)
    if turn.in_group or text is None:
        return [] if turn.in_group else [Reply("codes/refused")]
    unsure = turn.order is None or not turn.order.answers or (turn.utterance.digit and said_since.happened(turn))
    return _meet(turn, text, moved=turn.incoming.happening == "press" or not unsure)


@router.order(PASSING)
def only_passing(turn: Turn) -> list[Reply]:
    """Nothing is moved."""
    if turn.in_group:
        return []
    account = turn.speaker()
    home = codes.home_of(turn.session, account.id)
    known = home.grid_id if home else account.grid_id
    return [Reply("codes/as_it_was", {"grid": grids.get(turn.session, known) if known is not None else None})]


def _is_more_of(home: Home, code: PlaceCode) -> bool:
    """Whether the account's door is in the building or unit of this code: then it is known better already."""
    same = home.grid_id == code.grid_id and home.building == code.building and code.unit in ("", home.unit)
    return same and not code.room and bool(home.unit or not code.unit)


def _settle(turn: Turn, code: PlaceCode, *, with_room: bool) -> Home:
    account = turn.speaker()
    home = codes.settle(turn.session, account.id, code, turn.now, with_room=with_room)
    if not turn.posts and account.grid_id != code.grid_id:
        people.settle(turn.session, account.id, code.grid_id)
        turn.account = people.get_account(turn.session, account.id)
    kept = "room" if home.room else "unit" if home.unit else "building"
    why = f"code {code.id}"
    journal.note(turn.session, turn.now, "home", grid_id=code.grid_id, account_id=account.id, why=why, detail=kept)
    return home


def _bound(turn: Turn, home: Home) -> Reply:
    return Reply("codes/bound", {"home": home, "grid": grids.get(turn.session, home.grid_id)})


def _asked(turn: Turn, home: Home) -> Reply:
    grid = grids.get(turn.session, home.grid_id)
    return consent.ask(turn, HOME, "keep_door", template="codes/bound_ask", home=home, grid=grid)


def secret_of(session: Session, settings: Settings) -> str:
    """What codes are signed with: the operator's, else one that this deployment made for itself once."""
    return settings.secret_key or codes.kept_secret(session, "place_codes", secrets.token_hex(32))


def printed(session: Session, settings: Settings, code: str, now: datetime) -> Iterator[tuple[Grid, list[Printed]]]:
    """Every code of every grid below this one, made where there was none: building, its units, their doors."""
    secret = secret_of(session, settings)
    for grid in codes.grids_with_doors(session, code):
        new = codes.make(session, grid.id, _places(codes.doors(session, grid.id)), now)
        if new:
            journal.note(session, now, "codes_made", grid_id=grid.id, detail=str(new))
        standing = sorted(codes.of_grid(session, grid.id), key=_walking)
        yield grid, [Printed(signing.signed(one.id, secret), one) for one in standing]


def revoke(session: Session, settings: Settings, words: str, now: datetime) -> tuple[PlaceCode, int] | None:
    """The code is worth nothing from now on: it, and how many live where it says; None where it is none that stands."""
    text = signing.found_in(words)
    number = signing.number_of(text, secret_of(session, settings)) if text else None
    code = codes.get(session, number) if number else None
    if code is None or not codes.revoke(session, code.id, now):
        return None
    journal.note(session, now, "code_revoked", grid_id=code.grid_id, why=f"code {code.id}")
    return code, codes.bound_count(session, code.id)


def _places(doors: Sequence[Door]) -> list[Door]:
    """The doors with their units and buildings, each once."""
    wanted: dict[Door, None] = {}
    for door in doors:
        for place in (Door(door.building, "", ""), Door(door.building, door.unit, ""), _plain(door)):
            wanted[place] = None
    return list(wanted)


def _plain(door: Door) -> Door:
    return Door(door.building, door.unit, door.room)


def _walking(code: PlaceCode) -> list[tuple[int, str]]:
    """The order in which one walks: 2栋 before 10栋, 201 before 1001, a building before its units and doors."""
    return [(len(part), part) for part in (code.building, code.unit, code.room)]
