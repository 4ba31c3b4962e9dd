"""删除: an account is forgotten, once nothing of it is under way or its owner has decided about that."""

from collections.abc import Sequence
from datetime import timedelta

from bot import orders
from bot.errors import UserMistake
from bot.message import Address, Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Scene, Turn
from bot.understanding import phrases
from handlers.desk.personal import ERASE
from handlers.forms import mine
from handlers.matters import afterwards, intake, lifecycle
from handlers.people import said_since
from storage import erasing, journal, matters, people, timers
from storage.matters import Matter
from storage.people import Account
from storage.timers import Timer

router = Router()

CONFIRMS = ("确认", "确定")
SURE_FOR_S = 1800
"""How long a question that ends everything can be answered."""
LOOK_AGAIN = timedelta(hours=12)
SHOWN = 5
FORGET, TAKE_BACK, LATER = "erase_now", "erase_all", "erase_later"
EVERYTHING = "all"
"""Also what is under way: it is taken back first."""


@router.guard_where("asked", "alone")
def which_way(turn: Turn) -> Handler | None:
    """A bare yes to the question how to delete says nothing of it, and is no answer to an older question."""
    if turn.asked is None or f"{TAKE_BACK}{orders.LABEL}" not in turn.asked.options:
        return None
    if turn.incoming.happening != "text" or said_since.happened(turn):
        return None
    yes = (*orders.words(turn, "yes"), *orders.words(turn, "confirm"))
    return erase if phrases.only(turn.utterance.text, (*yes, *CONFIRMS)) else None


@router.afterword
def other_talk(turn: Turn) -> Handler | None:
    """Keep in mind that something else was said while it is asked whether to delete."""
    said_since.mark(turn, "erase_")


def _too_late(turn: Turn) -> bool:
    """After other talk only the button, or words that name the deletion, are an answer."""
    if turn.incoming.happening != "text" or not said_since.happened(turn) or turn.order is None:
        return False
    return not phrases.only(turn.utterance.text, orders.words(turn, f"{turn.order.code}_plain"))


@router.order(ERASE)
def erase(turn: Turn) -> list[Reply]:
    """Asked about first: what is under way, then whether it is meant."""
    if turn.in_group:
        return [Reply("privacy/in_private")]
    account = _erasable(turn)
    living = erasing.living_of(turn.session, account.id)
    never_mind = Button("keep_me", "erase_not")
    if living:
        buttons = (Button(LATER, LATER), Button(TAKE_BACK, TAKE_BACK), never_mind)
        values = {"matters": living[:SHOWN], "more": max(0, len(living) - SHOWN)}
        return [Reply("privacy/erase_living", values, buttons=buttons, ask=Ask(lasts_s=SURE_FOR_S))]
    return [_sure(turn, account, FORGET, 0)]


def _sure(turn: Turn, account: Account, press: str, taken_back: int) -> Reply:
    """Whether it is meant, with all that goes; nothing of it can be got back."""
    values = {"listed": account.person_id is not None, "human": turn.settings.human, "taken_back": taken_back}
    sure = (Button(FORGET, press), Button("keep_me", "erase_not"))
    return Reply("privacy/erase_sure", values, buttons=sure, ask=Ask(lasts_s=SURE_FOR_S))


@router.order("erase_not")
def erase_not(turn: Turn) -> list[Reply]:
    """Nothing is deleted, now or later."""
    if turn.account is None or turn.in_group:
        return []
    timers.disarm(turn.session, ERASE, turn.account.id)
    return [Reply("privacy/erase_not")]


@router.order(FORGET)
def erase_now(turn: Turn) -> list[Reply]:
    """Forgotten, if that was just asked and nothing new is under way."""
    if turn.in_group:
        return []
    account = _erasable(turn)
    fresh = turn.order is not None and turn.order.answers and not _too_late(turn)
    if fresh and turn.words == EVERYTHING:
        return _all_of_it(turn, account)
    if not fresh or erasing.living_of(turn.session, account.id):
        return erase(turn)
    return _forget(turn, account)


@router.order(LATER)
def erase_later(turn: Turn) -> list[Reply]:
    """Forgotten as soon as everything has ended."""
    if turn.in_group:
        return []
    account = _erasable(turn)
    if _too_late(turn) or not erasing.living_of(turn.session, account.id):
        return erase(turn)
    timers.arm(turn.session, ERASE, account.id, turn.now + LOOK_AGAIN)
    journal.note(turn.session, turn.now, "erase_asked", grid_id=account.grid_id, account_id=account.id)
    return [Reply("privacy/erase_later")]


@router.order(TAKE_BACK)
def take_back_and_erase(turn: Turn) -> list[Reply]:
    """Asked once more: everything that was reported would be taken back, and the account forgotten."""
    if turn.in_group:
        return []
    account = _erasable(turn)
    living = erasing.living_of(turn.session, account.id)
    if not living or turn.order is None or not turn.order.answers or _too_late(turn):
        return erase(turn)
    _check(turn, living)
    return [_sure(turn, account, f"{FORGET} {EVERYTHING}", len(living))]


def _check(turn: Turn, living: Sequence[Matter]) -> None:
    """UserMistake where something of it has to be taken back by its owner first."""
    others = [one for one in living if one.kind != intake.KIND or "withdraw" not in lifecycle.possible(turn, one)]
    if others:
        raise UserMistake("privacy/take_back_first", matters=others[:SHOWN])


def _all_of_it(turn: Turn, account: Account) -> list[Reply]:
    """Whoever has a matter of theirs is told, and the account is forgotten."""
    living = erasing.living_of(turn.session, account.id)
    _check(turn, living)
    told = [reply for one in living for reply in _take_back(turn, one)]
    return [*told, *_forget(turn, account)]


@router.timer(ERASE)
def when_all_has_ended(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Whoever waited for the end of a matter is forgotten now, or looked at again."""
    replies: list[Reply] = []
    for timer in due:
        account = people.get_account(scene.session, timer.about)
        under_way = erasing.living_of(scene.session, account.id) or erasing.held(scene.session, account.id).promised
        if under_way:
            timers.arm(scene.session, ERASE, account.id, scene.now + LOOK_AGAIN)
        elif not account.external.startswith(erasing.GONE):
            replies += _forgotten(scene, account)
    return replies


def _erasable(turn: Turn) -> Account:
    """The speaker's account; UserMistake where there is none, where it is on duty, or where a neighbour counts on it."""
    if turn.posts:
        raise UserMistake("privacy/on_duty")
    if turn.account is None:
        raise UserMistake("privacy/nothing_kept")
    if promised := erasing.held(turn.session, turn.account.id).promised:
        raise UserMistake("privacy/promised", many=promised)
    return turn.account


def _take_back(turn: Turn, matter: Matter) -> list[Reply]:
    """Taken back as by 撤回; where a neighbour goes on waiting for it, without the door of who leaves."""
    told = [reply for reply in afterwards.take_back(turn, matter, "") if reply.to is not None]
    if matters.get(turn.session, matter.id).account_id != matter.account_id:
        matters.change(turn.session, matter.id, {"room": None, "floor": None, "behalf": ""})
    return told


def _forget(turn: Turn, account: Account) -> list[Reply]:
    replies = _forgotten(turn, account)
    turn.account = None
    return replies


def _forgotten(scene: Scene, account: Account) -> list[Reply]:
    told = mine.of_whom_leaves(scene, account.id)
    erasing.erase(scene.session, account, scene.now)
    timers.disarm(scene.session, ERASE, account.id)
    journal.note(scene.session, scene.now, "erase", grid_id=account.grid_id, account_id=account.id)
    return [Reply("privacy/erased", to=Address(account.channel, account.external, private=True)), *told]
