"""After the first words: a photo, a sentence, a better place, a second thought, a push."""

import re
from dataclasses import replace
from datetime import timedelta

from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import threads
from bot.understanding.utterance import Place
from handlers.matters import alike, cards, finding, intake, lifecycle, moving, routing, rules
from storage import grids, journal, matters
from storage.matters import ENDED, Matter

router = Router()

WITHDRAW_SURE = "withdraw_sure"
"""The order to ask whether it is over."""
CORRECTING = re.compile(r"错了|不对|说错|搞错|打错|更正|应该是|不是.{1,8}是|改成")
"""The place named before was not the right one."""
EMERGENCY = "emergency"
JUST_NOW = timedelta(minutes=5)
"""What is older is taken back without its number only after a question."""
A_DAY_MINUTES = 24 * 60
"""Free words like "不用来了" take back what was reported within a day; later it takes an order."""
SHORT = 16
"""Characters of an answer to "where?"."""
IN_PASSING = 40
"""Characters in which somebody calls a danger off; what is longer tells how it goes on."""
ASKING = re.compile(r"[?？吗呢]$|怎么样|啥时候|什么时候|到哪|几时|多久")
"""A question about a matter adds nothing to it."""
ONLY_ASKS = 8
"""In so few characters ("啥时候来修") nothing is told beside the question."""


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


@router.guard_where("quoting")
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
    elif said.place and CORRECTING.search(said.text):
        turn.order = Order("correct", (turn.quoted,), said.text)
    else:
        turn.order = Order("add", (turn.quoted,), said.text)
    return None


@router.guard_where("quoting")
def joining_quoted(turn: Turn) -> Handler | None:
    """我家也是, +1, 同问: said on a quoted word about somebody else's matter."""
    if not turn.utterance.joins or turn.chat is None or turn.quoted is None:
        return None
    matter = matters.by_number(turn.session, turn.quoted)
    if matter is None or _is_mine(turn, matter) or matter.chat_id != turn.chat.id or matter.state in ENDED:
        return None
    here = turn.utterance.place.building
    if here and matter.building and here != matter.building:
        same_elsewhere = replace(intake.as_report(turn, turn.utterance.text), category=matter.category)
        return lambda turn: intake.take(turn, replace(same_elsewhere, text=f"{same_elsewhere.text}（{matter.text}）"))
    return lambda turn: intake.second_voice(turn, matter)


@router.guard
def going_on(turn: Turn) -> Handler | None:
    """What is said soon after a report, by its reporter or a neighbour: more of it, the same, or its end."""
    said = turn.utterance
    free = said.text and said.command is None and said.digit is None and said.intent != "emergency"
    if not free or turn.order is not None or turn.quoted is not None or (turn.asked and turn.asked.takes):
        return None
    mine, theirs = _lately(turn)
    if turn.asked is not None:  # about something else: only a cry for help is called off in passing
        cried = mine is not None and mine.urgency == EMERGENCY and mine.number != turn.asked.about
        if mine is not None and cried and _sounds_over(turn):
            turn.order = Order(WITHDRAW_SURE, (mine.number,))
        return None
    if mine is None and theirs is None:
        return None
    deed = turn.reader.deed(said, _before(mine), _before(theirs))
    if deed == "joins" and theirs and not _of_another_home(turn, theirs):
        return lambda turn: intake.second_voice(turn, theirs)
    if deed == "withdraws" and mine:
        plain = threads.plainly_over(said.text) and mine.urgency != EMERGENCY
        turn.order = Order("withdraw" if plain else WITHDRAW_SURE, (mine.number,))
    elif mine and deed != "new" and mine.urgency == EMERGENCY and _sounds_over(turn):
        turn.order = Order(WITHDRAW_SURE, (mine.number,))
    elif deed == "adds" and mine and not turn.in_group and len(said.text) <= ONLY_ASKS and ASKING.search(said.text):
        turn.order = Order("progress", (mine.number,))
    elif deed == "adds" and mine:
        bare = said.place.building is not None and mine.building is None and len(said.text) <= SHORT
        bare = bare or (bool(said.place) and bool(CORRECTING.search(said.text)))
        turn.order = Order("correct" if bare else "add", (mine.number,), said.text)
    if deed == "nothing" and said.intent == "withdraw" and turn.in_group:
        return _silently  # something else is called off
    return None


def _of_another_home(turn: Turn, theirs: Matter) -> bool:
    """Whether it is said of another door; of one family's illness or need, whether it is not said of that door."""
    said = turn.utterance
    table = rules.routes(turn.catalog)
    if alike.agree(theirs, said.place):
        named = bool(said.place.building or said.place.room)
        return theirs.category in table.of_one_home and not named and not said.joins
    return not said.joins or theirs.category in table.of_one_home


def _sounds_over(turn: Turn) -> bool:
    """Whether somebody who cried for help says in passing that it was nothing: those who were called still run."""
    said, table = turn.utterance.text, rules.routes(turn.catalog).called_off
    told = any(word in said for word in table.words)
    return told and len(said) <= IN_PASSING and not any(word in said for word in table.unless)


def _silently(_turn: Turn) -> list[Reply]:
    return []


def _lately(turn: Turn) -> tuple[Matter | None, Matter | None]:
    """The speaker's own matter of a moment ago in this conversation, and a neighbour's."""
    minutes = rules.routes(turn.catalog).add_minutes
    mine = finding.lately(turn, minutes)
    if turn.chat is None:
        return mine, None
    mine = mine if mine and mine.chat_id == turn.chat.id else None
    latest = matters.latest_in(turn.session, turn.chat.id, turn.now - timedelta(minutes=minutes))
    return mine, latest if latest and latest.kind == "report" and not _is_mine(turn, latest) else None


def _is_mine(turn: Turn, matter: Matter) -> bool:
    return turn.account is not None and matter.account_id == turn.account.id


def _before(matter: Matter | None) -> threads.Before | None:
    if matter is None:
        return None
    place = Place(matter.building, matter.unit, matter.floor, matter.room, matter.spot)
    return threads.Before(matter.category, place)


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
    """The reporter takes it back; whoever has it is told. Without its number only what was just said and is no emergency."""
    if turn.order is None:
        lately = finding.lately(turn, A_DAY_MINUTES)
        if lately is None:
            return []  # free words of somebody who reported nothing lately
        if not threads.plainly_over(turn.utterance.text):
            return _sure(lately)
    matter = finding.own(turn)
    numbered = turn.order is not None and turn.order.code == "withdraw" and turn.order.number is not None
    if numbered or _alone(turn, matter):
        return take_back(turn, matter, turn.utterance.text)
    lifecycle.check(turn, matter, "withdraw")
    return _sure(matter)


def just_said(turn: Turn, matter: Matter) -> bool:
    """Whether it may be taken back without a question: no emergency, and said a moment ago."""
    return matter.urgency != EMERGENCY and turn.now - matter.opened_at <= JUST_NOW


def own_living(turn: Turn) -> list[Matter]:
    """What the speaker may take back, wishes too; in a group only what was said there."""
    mine = [one for one in finding.of_speaker(turn) if _is_mine(turn, one)]
    return [one for one in mine if "withdraw" in lifecycle.possible(turn, one)]


def _alone(turn: Turn, matter: Matter) -> bool:
    """Whether these words can mean nothing else: quoted, or the only thing, said a moment ago."""
    if turn.quoted is not None:
        return matter.urgency != EMERGENCY
    return just_said(turn, matter) and len(own_living(turn)) <= 1


def take_back(turn: Turn, matter: Matter, words: str) -> list[Reply]:
    """The matter without its reporter: withdrawn, or passed on to the first neighbour who waits for it too."""
    lifecycle.check(turn, matter, "withdraw")
    others = [one for one in matters.followers(turn.session, matter.id) if one != matter.account_id]
    if others:
        return _passed_on(turn, matter, others[0], words)
    after = lifecycle.advance(turn, matter, "withdraw", by=turn.speaker().id)
    return [
        Reply("reports/withdrawn", {"matter": after}, about=after.number),
        *lifecycle.tell(turn, after, "withdraw"),
    ]


@router.order(WITHDRAW_SURE)
def is_it_over(turn: Turn) -> list[Reply]:
    """Words that may call it off, and may mean something else: asked once."""
    return _sure(finding.own(turn))


def _sure(matter: Matter) -> list[Reply]:
    buttons = (Button("call_off", f"withdraw {matter.number}"), Button("go_on", f"go_on {matter.number}"))
    return [Reply("reports/withdraw_sure", {"matter": matter}, buttons=buttons, about=matter.number, ask=Ask())]


@router.order("go_on")
def goes_on(turn: Turn) -> list[Reply]:
    """It is not over: nothing changes."""
    return [Reply("reports/goes_on", {"matter": finding.own(turn)})]


def _passed_on(turn: Turn, matter: Matter, follower: int, words: str) -> list[Reply]:
    """Neighbours still wait for it: the first of them is the reporter now."""
    matters.unfollow(turn.session, matter, follower)
    after = matters.change(turn.session, matter.id, {"account_id": follower})
    _note(turn, after, "pass_on", "withdrawn by the reporter")
    owner = cards.owner(turn, after)
    told = [cards.plain(after, owner, "reports/passed_on_owner", words=words)] if owner else []
    return [Reply("reports/passed_on", {"matter": after}, about=after.number), *told]


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
