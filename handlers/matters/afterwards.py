"""After the first words: a photo, a sentence, a better place, a second thought, a push."""

from datetime import timedelta

from bot.message import Ask, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding.utterance import Place
from handlers.matters import cards, finding, intake, lifecycle, routing, rules
from storage import grids, journal, matters, people
from storage.matters import ENDED, Matter
from storage.posts import Seat

router = Router()

PARTS = ("building", "unit", "floor", "room", "spot")


@router.happening("photo")
def photo(turn: Turn) -> list[Reply]:
    """A photo joins the matter just made; in private without one, the bot asks what it shows."""
    matter = _meant(turn)
    if matter is None:
        return [] if turn.in_group else [Reply("reports/photo_of_what", ask=Ask(takes="report", lasts_s=1800))]
    return _add(turn, matter, "photo", turn.incoming.text)


@router.happening("place")
def place(turn: Turn) -> list[Reply]:
    """A place joins the matter just made."""
    matter = _meant(turn)
    if matter is None:
        return [] if turn.in_group else [Reply("reports/place_of_what", ask=Ask(takes="report", lasts_s=1800))]
    return _moved(turn, matter, turn.read(turn.incoming.text, True).place, turn.incoming.text)


@router.guard
def quoting(turn: Turn) -> Handler | None:
    """Who quotes the bot's word on their own matter adds to it; others quoting it only talk."""
    said = turn.utterance
    if turn.quoted is None or turn.incoming.happening != "text" or turn.account is None:
        return None
    if said.command is not None or said.digit is not None or said.intent == "emergency" or not said.text:
        return None
    matter = matters.by_number(turn.session, turn.quoted)
    ours = matter is not None and matter.account_id == turn.account.id and matter.state not in ENDED
    if not ours or (turn.asked is not None and turn.asked.about == turn.quoted):
        return None
    turn.order = Order("add", (turn.quoted,), said.text)
    return sentence


@router.order("add")
def sentence(turn: Turn) -> list[Reply]:
    """补充 with the words."""
    matter = finding.own(turn)
    words = turn.words
    if not words:
        return [Reply("reports/add_what", {"matter": matter}, ask=Ask(takes=f"add {matter.number}"))]
    return _add(turn, matter, "sentence", words)


@router.order("correct")
def correct(turn: Turn) -> list[Reply]:
    """更正 with the right place."""
    matter = finding.own(turn)
    lifecycle.check(turn, matter, "urge")
    words = turn.words
    if not words:
        return [Reply("reports/where_then", {"matter": matter}, ask=Ask(takes=f"correct {matter.number}"))]
    return _moved(turn, matter, turn.read(words, True).place, words)


@router.order("withdraw")
@router.intent("withdraw")
def withdraw(turn: Turn) -> list[Reply]:
    """The reporter takes it back; whoever has it is told."""
    if turn.order is None and finding.lately(turn, rules.routes(turn.catalog).add_minutes * 96) is None:
        return []  # free words of somebody who reported nothing lately
    matter = finding.own(turn)
    lifecycle.check(turn, matter, "withdraw")
    after = lifecycle.advance(turn, matter, "withdraw", by=turn.speaker().id)
    return [
        Reply("reports/withdrawn", {"matter": after}, about=after.number),
        *lifecycle.tell(turn, after, "withdraw"),
    ]


@router.order("urge")
def urge(turn: Turn) -> list[Reply]:
    """催办: the owner is asked again; when it is late already, the level above too."""
    matter = finding.own(turn)
    lifecycle.check(turn, matter, "urge")
    again = timedelta(minutes=rules.routes(turn.catalog).urge_again_minutes)
    last = [entry.at for entry in journal.of_matter(turn.session, matter.id) if entry.act == "urge"]
    late = matter.deadline is not None and matter.deadline < turn.now
    owner = cards.owner(turn, matter)
    values = {"matter": matter, "owner": owner, "late": late}
    if last and turn.now - last[-1] < again:
        return [Reply("reports/urged_already", values, about=matter.number)]
    lifecycle.advance(turn, matter, "urge", by=turn.speaker().id)
    seats = [owner] if owner else []
    ladder = routing.rungs(turn, matter, grids.get(turn.session, matter.grid_id))
    if (late or not seats) and ladder:
        seats += ladder[0]
    told = [cards.to_seat(turn, matter, seat, "reports/urge_owner", late=late) for seat in seats]
    return [Reply("reports/urged", values, about=matter.number), *told]


def _meant(turn: Turn) -> Matter | None:
    """The matter that a photo or a place without a word belongs to."""
    if turn.quoted is not None:
        matter = matters.by_number(turn.session, turn.quoted)
        if matter and turn.account and turn.account.id == matter.account_id and matter.state not in ENDED:
            return matter
    return finding.lately(turn, rules.routes(turn.catalog).add_minutes)


def _add(turn: Turn, matter: Matter, kind: str, words: str) -> list[Reply]:
    matters.add(turn.session, matter, turn.speaker().id, kind, words[: intake.LONGEST], turn.now)
    _note(turn, matter, "add", kind)
    owner = cards.owner(turn, matter)
    told = [cards.to_seat(turn, matter, owner, "reports/added_owner", kind=kind, words=words)] if owner else []
    return [Reply("reports/added", {"matter": matter, "kind": kind}, about=matter.number), *told]


def _moved(turn: Turn, matter: Matter, where: Place, words: str) -> list[Reply]:
    """The matter at its right place; another grid means another owner, and the former one is told."""
    if not where:
        return _add(turn, matter, "place", words)
    changes: dict[str, object] = {part: getattr(where, part) for part in PARTS}
    grid = grids.get(turn.session, matter.grid_id)
    home = turn.grid if turn.grid and grid.code.startswith(turn.grid.code) else grid
    narrower = people.grid_of_door(turn.session, home.code, where.building, where.unit) if where.building else None
    after = matters.change(turn.session, matter.id, changes)
    _note(turn, matter, "correct", words[:100])
    said = Reply("reports/corrected", {"matter": after}, about=after.number)
    owner = cards.owner(turn, matter)
    if narrower is None or narrower == matter.grid_id:
        return [said, *([cards.to_seat(turn, after, owner, "reports/corrected_owner")] if owner else [])]
    return [said, *_rehome(turn, after, narrower, owner)]


def _rehome(turn: Turn, matter: Matter, grid_id: int, former: Seat | None) -> list[Reply]:
    grid = grids.get(turn.session, grid_id)
    found = routing.assign(turn, grid, matter.category, matter.urgency)
    if found.seat is None:
        return []
    changes = {"grid_id": grid_id, "owner_id": found.seat.id, "route": found.why, "assigned_at": turn.now}
    after = matters.change(turn.session, matter.id, changes)
    _note(turn, after, "route", found.why)
    gone = (
        [cards.plain(after, former, "reports/moved_away", grid=grid)] if former and former.id != found.seat.id else []
    )
    return [*gone, cards.to_seat(turn, after, found.seat, "reports/card", owner=found.seat, behalf=after.behalf)]


def _note(turn: Turn, matter: Matter, act: str, detail: str) -> None:
    account = turn.speaker().id
    journal.note(
        turn.session, turn.now, act, matter_id=matter.id, grid_id=matter.grid_id, account_id=account, detail=detail
    )
