"""Which wish is meant, and who may hear of it."""

from dataclasses import replace

from bot.errors import UserMistake
from bot.message import Address, Ask, Button, Reply
from bot.turn import Scene, Turn
from handlers.people import authority, duty
from handlers.wishes.terms import terms
from storage import chats, grids, matters, people, posts, wishes
from storage.chats import Chat
from storage.grids import Grid
from storage.matters import ENDED, Matter
from storage.posts import Seat
from storage.wishes import KIND

A_DAY_S = 24 * 3600


def numbered(turn: Turn) -> Matter | None:
    """The wish whose number was given or quoted; UserMistake when there is no wish of that number."""
    number = turn.order.number if turn.order and turn.order.number else turn.quoted
    if number is None:
        return None
    found = matters.by_number(turn.session, number)
    if found is None or found.kind != KIND:
        raise UserMistake("wishes/unknown", number=number)
    return found


def to_vet(turn: Turn) -> Matter:
    """The wish a vetter means; for everybody else there is none of this number."""
    found = numbered(turn)
    if found is not None:
        if authority.vetting_post(turn, found) is None:
            raise UserMistake("wishes/unknown", number=found.number)
        return found
    waiting = [one for one in waiting_here(turn) if one.state == "vetting"]
    if len(waiting) == 1:
        return waiting[0]
    raise UserMistake("wishes/which_number" if waiting else "wishes/nothing_to_vet")


def waiting_here(turn: Turn) -> list[Matter]:
    """What waits for a vetter's word wherever the speaker may vet."""
    held = {post.grid_id for post in turn.posts if post.grid_id is not None}
    over = [grid for grid in grids.by_ids(turn.session, held).values() if _vets(turn, grid)]
    found = [one for grid in over for one in wishes.waiting_for(turn.session, ("vetting", "unmet"), grid.code)]
    return list({one.id: one for one in found}.values())


def own(turn: Turn) -> Matter:
    """The speaker's own wish: the named one, or the newest living one."""
    if found := numbered(turn):
        if not authority.is_reporter(turn, found):
            raise UserMistake("wishes/not_your_wish", number=found.number)
        return found
    if mine := of_speaker(turn):
        return mine[0]
    raise UserMistake("wishes/none_yet")


def in_hand(turn: Turn) -> Matter:
    """The wish the speaker has claimed: the named one, or the only one."""
    if found := numbered(turn):
        if not authority.is_claimer(turn, found):
            raise UserMistake("wishes/not_claimed_by_you", number=found.number)
        return found
    claimed = wishes.open_claims(turn.session, turn.account.id) if turn.account else []
    if len(claimed) == 1:
        return claimed[0]
    if not claimed:
        raise UserMistake("wishes/nothing_claimed")
    raise UserMistake("wishes/which_claim", wishes=public_of(turn, claimed), code=turn.order.code if turn.order else "")


def of_speaker(turn: Turn) -> list[Matter]:
    """The speaker's living wishes, the newest first."""
    if turn.account is None:
        return []
    found = matters.of_account(turn.session, turn.account.id)
    return [one for one in found if one.kind == KIND and one.state not in ENDED]


def public_of(scene: Scene, found: list[Matter]) -> list[tuple[int, str]]:
    """(number, wording for others) of each."""
    return [(one.number, wishes.of(scene.session, one.id).public) for one in found]


def vetters(scene: Scene, grid: Grid) -> list[Seat]:
    """Who may vet what is wished there, in the order of the terms; then whoever else may, the nearest level first."""
    on_duty = duty.over(scene, grid)
    order = {role: at for at, role in enumerate(terms(scene.catalog).vetters)}
    able = duty.able(scene.catalog, on_duty.seats, "vet")
    ranked = sorted(able, key=lambda seat: (order.get(seat.role, len(order)), on_duty.level_of(seat), seat.seat))
    return list({seat.person_id: seat for seat in reversed(ranked)}.values())[::-1]


def owner(scene: Scene, matter: Matter) -> Seat | None:
    """The vetter who has it, if that person can be reached."""
    seat = posts.seats(scene.session, [matter.owner_id]).get(matter.owner_id) if matter.owner_id else None
    return seat if seat and seat.channel else None


def seated(turn: Turn) -> Grid | None:
    """Where a leader who lives nowhere known is seated: the smallest of those grids."""
    held = {post.grid_id for post in turn.posts if post.grid_id is not None}
    return max(grids.by_ids(turn.session, held).values(), key=lambda grid: grid.depth, default=None)


def names_of(scene: Scene, matter: Matter) -> set[str]:
    """How the wisher, and whom it is for, are called."""
    account = people.get_account(scene.session, matter.account_id)
    known = people.get(scene.session, account.person_id).name if account.person_id else ""
    return {name for name in (account.name, known, matter.behalf) if name}


def private(scene: Scene, account_id: int) -> Address:
    """Where this account is told something in private."""
    account = people.get_account(scene.session, account_id)
    return Address(account.channel, account.external, private=True)


def _vets(turn: Turn, grid: Grid) -> bool:
    return authority.post_over(turn, turn.posts, "vet", grid.code) is not None


def aside(turn: Turn, reply: Reply) -> Reply:
    """The reply in private, wherever it was asked for."""
    return replace(reply, to=private(turn, turn.speaker().id)) if turn.in_group else reply


def in_hand_buttons(matter: Matter) -> tuple[Button, ...]:
    """What whoever has it on hand may tap."""
    return (
        Button("fulfil", f"fulfil {matter.number}"),
        Button("partly", f"partly {matter.number}"),
        Button("let_go", f"let_go {matter.number}"),
    )


def word_for_word(turn: Turn, longest: int) -> str:
    """What came with the order, with the signs at its end."""
    words, said = turn.words, turn.utterance.text
    at = said.rfind(words) if words else -1
    return (said[at:] if at >= 0 else words).strip()[:longest]


def groups_near(scene: Scene, grid: Grid) -> list[Chat]:
    """The residents' groups around a place: those one level above it, so that nobody's own building is told."""
    above = grids.get(scene.session, grid.parent_id) if grid.parent_id is not None and grid.depth > 1 else grid
    groups = chats.all_bound(scene.session, "residents")
    theirs = grids.by_ids(scene.session, {chat.grid_id for chat in groups if chat.grid_id is not None})
    near = {one.id for one in theirs.values() if one.code.startswith(above.code)}
    return [chat for chat in groups if chat.grid_id in near]


def asking(matter: Matter, template: str, takes: str, lasts_s: int = A_DAY_S) -> Reply:
    """A question about a wish: the next sentence completes the order `takes`."""
    ask = Ask(takes=f"{takes} {matter.number}", lasts_s=lasts_s)
    return Reply(template, {"number": matter.number}, about=matter.number, ask=ask)
