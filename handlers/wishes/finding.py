"""Which wish is meant, and who may hear of it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import wraps

from bot import orders
from bot.errors import UserMistake
from bot.message import Address, Ask, Button, Reply
from bot.router import Handler
from bot.turn import Order, Scene, Turn
from bot.understanding import personal, phrases
from bot.understanding.clean import tidy
from handlers.people import authority, duty
from handlers.wishes import wording
from handlers.wishes.terms import Terms, terms
from storage import chats, grids, matters, people, posts, wishes
from storage.chats import Chat
from storage.grids import Grid
from storage.matters import ENDED, Matter
from storage.posts import Seat
from storage.wishes import KIND

A_DAY_S = 24 * 3600
MORE_NUMBERS = re.compile(r"(?:[和跟与及、,，\s]*\d{3,6}号?)+")
"""What follows an order's first number and is nothing but numbers."""
A_NUMBER = re.compile(r"\d{3,6}")
MOST_NUMBERS = 8
CHOICES = 4
"""Buttons under one question."""
SIGNS_AROUND = 40
"""Signs that tidying may have taken away."""
FEWEST = 2
"""Characters of the shortest thing that can be wished for: 米 alone is a slip."""
SHORT = 14
"""Characters of a wish on a button."""
TO_REACH = ("mobile", "phone", "plate")
"""Numbers that two who are linked may tell each other."""
FOR_THE_GROUP = frozenset(
    (
        *("wishes/claimed_group", "wishes/taken_already", "wishes/not_open", "wishes/claim_which"),
        *("favours/answered_group", "favours/answered_already", "favours/over", "favours/which"),
    )
)
"""What tells nothing of whoever spoke: it may be answered where it was said."""


def own_affair(handler: Handler) -> Handler:
    """Said in a group, whatever tells that a wish is the speaker's own is answered in private."""

    @wraps(handler)
    def answered(turn: Turn) -> list[Reply]:
        if not turn.in_group:
            return handler(turn)
        try:
            with turn.session.savepoint():
                replies = handler(turn)
        except UserMistake as mistake:
            replies = [Reply(mistake.template, mistake.values)]
        return [reply if reply.to or reply.template in FOR_THE_GROUP else aside(turn, reply) for reply in replies]

    return answered


def each_number(handler: Handler) -> Handler:
    """An order that names several wishes is done for every one of them; what cannot be done of it is said."""

    @wraps(handler)
    def done(turn: Turn) -> list[Reply]:
        order = turn.order
        named = order.numbers if order else ()
        if order and named and MORE_NUMBERS.fullmatch(order.argument):
            more = tuple(int(found) for found in A_NUMBER.findall(order.argument))
            named, order = (*named, *more), replace(order, argument="")
        if order is None or len(named) < 2:
            return handler(turn)
        return for_each(turn, replace(order, numbers=tuple(dict.fromkeys(named))[:MOST_NUMBERS]), handler)

    return done


def for_each(turn: Turn, order: Order, handler: Handler) -> list[Reply]:
    """The order done for every wish that it names, each by itself; what cannot be done of it is said."""
    turn.speaker()
    replies: list[Reply] = []
    for number in order.numbers:
        turn.order = replace(order, numbers=(number,))
        try:
            with turn.session.savepoint():
                replies += handler(turn)
        except UserMistake as mistake:
            said = Reply(mistake.template, mistake.values)
            replies += [said] if said not in replies else []
    turn.order = order
    return replies


def words(turn: Turn) -> str:
    """What came with the order, or was kept while the bot asked which wish is meant."""
    if turn.words or turn.order is None:
        return turn.words if not turn.words.isdecimal() else ""
    return turn.asked.held if turn.asked and turn.order.answers else ""


def which(turn: Turn, template: str, found: list[Matter]) -> Reply:
    """The question which of these wishes is meant; what was said is kept until it is answered."""
    code = turn.order.code if turn.order else ""
    lines = public_of(turn, found)
    buttons = tuple(Button(f"={number} {public[:SHORT]}", f"{code} {number}") for number, public in lines[:CHOICES])
    return aside(turn, Reply(template, {"wishes": lines}, buttons=buttons, ask=Ask(held=turn.words[:300])))


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
            raise UserMistake("desk/no_such_number", number=found.number)
        return found
    waiting = vetting_here(turn)
    if len(waiting) == 1:
        return waiting[0]
    raise UserMistake("wishes/which_number" if waiting else "wishes/nothing_to_vet")


def vetting_here(turn: Turn) -> list[Matter]:
    """What waits to be vetted wherever the speaker may vet."""
    return [one for one in waiting_here(turn) if one.state == "vetting"]


def which_to_vet(turn: Turn) -> list[Reply]:
    """The question which one, where no number was given and several wait."""
    if numbered(turn) is not None:
        return []
    waiting = vetting_here(turn)
    return [which(turn, "wishes/which_to_vet", waiting)] if len(waiting) > 1 else []


def waiting_here(turn: Turn, states: Sequence[str] = ("vetting", "unmet")) -> list[Matter]:
    """What waits for a vetter's word wherever the speaker may vet."""
    held = {post.grid_id for post in turn.posts if post.grid_id is not None}
    over = [grid for grid in grids.by_ids(turn.session, held).values() if _vets(turn, grid)]
    found = [one for grid in over for one in wishes.waiting_for(turn.session, states, grid.code)]
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
    raise UserMistake("wishes/which_number" if claimed else "wishes/nothing_claimed")


def which_in_hand(turn: Turn) -> list[Reply]:
    """The question which one, where no number was given and the speaker has several on hand."""
    if turn.account is None or numbered(turn) is not None:
        return []
    claimed = wishes.open_claims(turn.session, turn.account.id)
    return [which(turn, "wishes/which_claim", claimed)] if len(claimed) > 1 else []


def of_speaker(turn: Turn) -> list[Matter]:
    """The speaker's living wishes, the newest first."""
    if turn.account is None:
        return []
    found = matters.of_account(turn.session, turn.account.id)
    return [one for one in found if one.kind == KIND and one.state not in ENDED]


def public_of(scene: Scene, found: Sequence[Matter]) -> list[tuple[int, str]]:
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


def may_vet(turn: Turn) -> bool:
    """Whether the speaker vets wishes anywhere."""
    held = {post.grid_id for post in turn.posts if post.grid_id is not None}
    return any(_vets(turn, grid) for grid in grids.by_ids(turn.session, held).values())


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


def without_names(turn: Turn, words: str, names: set[str]) -> str:
    """Words for a neighbour who is not to know who says them: no name of these, no number, no door."""
    rows = terms(turn.catalog)
    kin = {called for word in rows.kin for called in (word, word * 2)}
    return wording.covered(words, names - kin, rows.hidden)


def names_of_speaker(turn: Turn) -> set[str]:
    """How whoever speaks is called."""
    account = turn.speaker()
    known = people.get(turn.session, account.person_id).name if account.person_id else ""
    return {name for name in (account.name, known) if name}


def word_for_word(turn: Turn, longest: int, *, linked: bool = False) -> str:
    """What came with the order as it was typed, with the signs at its end; numbers that are somebody's are covered.

    Between two who may reach each other a number to call goes on; the number of a paper or a card never does.
    """
    words, said = turn.words, turn.utterance.text
    at = said.rfind(words) if words else -1
    tail = (said[at:] if at >= 0 else words).strip()
    mask = terms(turn.catalog).hidden
    return _covered(_as_typed(turn.incoming.text, tail), mask, linked=linked)[:longest] if tail else ""


def _as_typed(typed: str, tail: str) -> str:
    """The end of what was typed that reads as `tail` once it is tidied: 孃孃 stays 孃孃."""
    begin = max(0, len(typed) - 2 * len(tail) - SIGNS_AROUND)
    found = next((at for at in range(begin, len(typed)) if tidy(typed[at:]) == tail), None)
    return tail if found is None else typed[found:].strip()


def _covered(words: str, mask: str, *, linked: bool) -> str:
    found = (piece for piece in personal.numbers(words) if not linked or piece.kind not in TO_REACH)
    for piece in sorted(found, key=lambda piece: -piece.start):
        words = words[: piece.start] + mask + words[piece.end :]
    return words


def groups_near(scene: Scene, grid: Grid) -> list[Chat]:
    """The residents' groups around a place: those one level above it, so that nobody's own building is told, and
    never beyond the community whose own people vet there."""
    over = grids.get(scene.session, grid.parent_id) if grid.parent_id is not None and grid.depth > 1 else grid
    seat = next(iter(vetters(scene, grid)), None)
    at_most = grids.get(scene.session, seat.grid_id).code if seat and seat.grid_id is not None else grid.code
    above = over if over.code.startswith(at_most) else grid
    return chats.bound_within(scene.session, above.code, "residents")


def asking(matter: Matter, template: str, takes: str, lasts_s: int = A_DAY_S) -> Reply:
    """A question about a wish: the next sentence completes the order `takes`."""
    ask = Ask(takes=f"{takes} {matter.number}", lasts_s=lasts_s)
    return Reply(template, {"number": matter.number}, about=matter.number, ask=ask)


def said_freely(turn: Turn) -> bool:
    """Whether these words are no order and answer nothing that was asked: a button left untouched keeps nobody silent."""
    said, asked = turn.utterance, turn.asked
    if not said.text or said.command is not None or said.digit is not None or turn.order is not None:
        return False
    return asked is None or (not asked.takes and orders.meant(turn) is None)


def says_nothing(turn: Turn, words: str) -> bool:
    """Whether these words are no more than a yes, a no or a greeting: nothing that could be wanted or lent."""
    known = (*orders.words(turn, "yes"), *orders.words(turn, "no"), *orders.words(turn, "later"))
    return len(words.strip()) < FEWEST or phrases.only(words, (*known, *orders.words(turn, orders.NEVER_MIND)))


def word_anew(scene: Scene, matter: Matter, words: str) -> None:
    """What was said later joins the wording that the vetter is shown."""
    kept = wishes.of(scene.session, matter.id)
    public = wording.joined(kept.public, words, names_of(scene, matter), terms(scene.catalog))
    wishes.change(scene.session, matter.id, {"public": public})


def names_it(rows: Terms, text: str, said: str, everyday: Sequence[str]) -> bool:
    """Whether the thing wished for is named."""
    things = rows.words_in(text)
    return any(thing in said for thing in things) if things else alike(text, said, everyday)


def alike(text: str, said: str, everyday: Sequence[str] = ()) -> bool:
    """Whether two characters in a row stand in both that are no everyday word: they name something."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1)} - set(everyday)
    return any(pair in pairs and pair.isalpha() for pair in (said[at : at + 2] for at in range(len(said) - 1)))
