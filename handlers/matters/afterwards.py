"""After the first words: a photo, a sentence, a better place, a second thought, a push."""

import re
from datetime import timedelta

from bot.message import Ask, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.matters import cards, finding, intake, lifecycle, moving, routing, rules
from storage import grids, journal, matters
from storage.matters import ENDED, Matter

router = Router()

A_DAY_MINUTES = 24 * 60
"""Free words like "不用来了" take back what was reported within a day; later it takes an order."""
SHORT = 16
"""Characters of an answer to "where?"."""
ASKING = re.compile(r"[?？吗呢]$|怎么样|啥时候|什么时候|到哪|几时|多久")
"""A question about a matter adds nothing to it."""


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
    where = turn.read(turn.incoming.text, True).place
    if matter.building or not where:
        return _add(turn, matter, "place", turn.incoming.text)
    return moving.corrected(turn, matter, where, turn.incoming.text)


@router.guard
def answering_where(turn: Turn) -> Handler | None:
    """A place and no more, from whoever just reported something without one."""
    said = turn.utterance
    bare = said.place.building is not None and said.intent == "chat" and said.command is None
    if not bare or turn.account is None or len(said.text) > SHORT or turn.asked is not None:
        return None
    matter = finding.lately(turn, rules.routes(turn.catalog).add_minutes)
    if matter is not None and matter.building is None:
        turn.order = Order("correct", (matter.number,), said.text)
    return None


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
    if said.intent == "progress" or ASKING.search(said.text):
        turn.order = Order("progress", (turn.quoted,))
    else:
        turn.order = Order("add", (turn.quoted,), said.text)
    return None


@router.guard
def joining_in(turn: Turn) -> Handler | None:
    """我家也是, +1, 同问: of what somebody else reported here a moment ago, or of what is quoted."""
    if not turn.utterance.joins or turn.chat is None or turn.utterance.intent not in ("chat", "report"):
        return None
    since = turn.now - timedelta(minutes=rules.routes(turn.catalog).add_minutes)
    matter = matters.latest_in(turn.session, turn.chat.id, since)
    if turn.quoted is not None:
        matter = matters.by_number(turn.session, turn.quoted)
    theirs = matter is not None and (turn.account is None or matter.account_id != turn.account.id)
    if matter is None or not theirs or matter.chat_id != turn.chat.id or matter.state in ENDED:
        return None
    return lambda turn: intake.second_voice(turn, matter)


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
    lifecycle.check(turn, matter, "correct")
    words = turn.words
    if not words:
        return [Reply("reports/where_then", {"matter": matter}, ask=Ask(takes=f"correct {matter.number}"))]
    return moving.corrected(turn, matter, turn.read(words, True).place, words)


@router.order("withdraw")
@router.intent("withdraw")
def withdraw(turn: Turn) -> list[Reply]:
    """The reporter takes it back; whoever has it is told."""
    if turn.order is None and finding.lately(turn, A_DAY_MINUTES) is None:
        return []  # free words of somebody who reported nothing lately
    matter = finding.own(turn)
    lifecycle.check(turn, matter, "withdraw")
    others = [one for one in matters.followers(turn.session, matter.id) if one != matter.account_id]
    if others:
        return [_passed_on(turn, matter, others[0])]
    after = lifecycle.advance(turn, matter, "withdraw", by=turn.speaker().id)
    return [
        Reply("reports/withdrawn", {"matter": after}, about=after.number),
        *lifecycle.tell(turn, after, "withdraw"),
    ]


def _passed_on(turn: Turn, matter: Matter, follower: int) -> Reply:
    """Neighbours still wait for it: the first of them is the reporter now."""
    matters.unfollow(turn.session, matter, follower)
    after = matters.change(turn.session, matter.id, {"account_id": follower})
    _note(turn, after, "pass_on", "withdrawn by the reporter")
    return Reply("reports/passed_on", {"matter": after}, about=after.number)


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


def _note(turn: Turn, matter: Matter, act: str, detail: str) -> None:
    account = turn.speaker().id
    journal.note(
        turn.session, turn.now, act, matter_id=matter.id, grid_id=matter.grid_id, account_id=account, detail=detail
    )
