"""Moves a matter along its lifecycle: one guarded change, one journal line, its clock, and who hears of it."""

from collections.abc import Callable, Collection, Mapping

from bot.errors import UserMistake
from bot.message import Reply
from bot.turn import Scene, Turn
from handlers.matters import cards, clocks, rules
from handlers.people import authority
from storage import journal, matters, posts
from storage.matters import Matter

Values = Mapping[str, object]
ASKS = "closing/ask"
"""The text that asks whether it is really solved."""


def check(turn: Turn, matter: Matter, verb: str) -> None:
    """Raise a UserMistake that says what is possible, unless the speaker may do `verb` to it now."""
    table = rules.lifecycle(turn.catalog, matter.kind)
    wanted = table.verbs.get(verb)
    if wanted is None:
        raise UserMistake("matters/not_for_this", number=matter.number, kind=table.name)
    state = table.states[matter.state]
    if not any(authority.may(turn, who, matter) for who in wanted.who):
        seen = authority.may_see(turn, matter)
        raise UserMistake("matters/not_yours" if seen else "matters/unknown", number=matter.number, verb=wanted.name)
    if matter.state not in wanted.starts:
        owner = cards.owner(turn, matter)
        theirs = owner is not None and owner.person_id not in {post.person_id for post in turn.posts}
        if turn.posts and theirs and verb == "accept" and state.buttons:
            raise UserMistake("matters/theirs", number=matter.number, owner=owner, state=state.name)
        can = [table.verbs[button].name for button in state.buttons] if turn.posts else []
        says = {"number": matter.number, "verb": wanted.name, "state": state.name, "can": can, "hint": state.hint}
        raise UserMistake("matters/not_now", **says)


def possible(scene: Scene, matter: Matter) -> frozenset[str]:
    """The verbs that fit its state, whoever may do them."""
    verbs = rules.lifecycle(scene.catalog, matter.kind).verbs
    return frozenset(code for code, verb in verbs.items() if matter.state in verb.starts)


def ends(scene: Scene, matter: Matter, verb: str) -> str:
    """The state that `verb` leads to; empty where it stays as it is."""
    return rules.lifecycle(scene.catalog, matter.kind).verbs[verb].ends


def advance(
    scene: Scene,
    matter: Matter,
    verb: str,
    *,
    by: int | None,
    values: Mapping[str, object] | None = None,
    post_id: int | None = None,
    why: str = "",
    detail: str = "",
) -> Matter:
    """The matter after `verb`, done by the account `by` (None: a clock); journalled, its clock set anew.

    Raises UserMistake when somebody was faster and the verb no longer fits.
    """
    table = rules.lifecycle(scene.catalog, matter.kind)
    done = table.verbs[verb]
    changes: dict[str, object] = dict(values or {})
    if done.ends:
        changes |= {"state": done.ends, "rung": 0, **clocks.entering(scene, matter, done.ends, changes)}
    if done.stamp:
        changes[done.stamp] = scene.now
    after = matters.advance(scene.session, matter.id, states=done.starts, values=changes) if changes else matter
    if after is None:
        raise UserMistake("matters/taken_already", number=matter.number)
    journal.note(
        scene.session,
        scene.now,
        verb,
        phase=done.phase,
        matter_id=matter.id,
        grid_id=matter.grid_id,
        account_id=by,
        post_id=post_id,
        why=why,
        detail=detail,
    )
    if done.ends:
        clocks.wind(scene, after)
    return after


def tell(scene: Scene, matter: Matter, verb: str, *, but: Collection[int] = (), **values: object) -> list[Reply]:
    """Everybody who hears of `verb`, as the lifecycle says; the people in `but` know already."""
    tells = rules.lifecycle(scene.catalog, matter.kind).verbs[verb].tells
    return [reply for heard, template in tells.items() for reply in HEARD[heard](scene, matter, template, but, values)]


def _reporter(scene: Scene, matter: Matter, template: str, _but: Collection[int], values: Values) -> list[Reply]:
    return [_asked(scene, matter, matter.account_id, template, values)]


def _followers(scene: Scene, matter: Matter, template: str, _but: Collection[int], values: Values) -> list[Reply]:
    others = [one for one in matters.followers(scene.session, matter.id) if one != matter.account_id]
    return [_asked(scene, matter, account, template, values) for account in others]


def _asked(scene: Scene, matter: Matter, account: int, template: str, values: Values) -> Reply:
    if template == ASKS:
        return cards.solved(scene, matter, account)
    return cards.to_account(scene, matter, account, template, values=values)


def _owner(scene: Scene, matter: Matter, template: str, _but: Collection[int], values: Values) -> list[Reply]:
    owner = cards.owner(scene, matter)
    return [cards.to_seat(scene, matter, owner, template, **values)] if owner else []


def _rung(scene: Scene, matter: Matter, template: str, but: Collection[int], values: Values) -> list[Reply]:
    """Who was called about it since it came to its owner, but not its owner."""
    called = journal.rung_since(scene.session, matter.id, matter.assigned_at or matter.opened_at)
    seats = posts.seats(scene.session, {*called, matter.owner_id or 0, matter.supervisor_id or 0})
    concerned = [seats[post] for post in (matter.owner_id, matter.supervisor_id) if post in seats]
    known = {*but, *(seat.person_id for seat in concerned)}
    others = {seat.person_id: seat for seat in seats.values() if seat.channel and seat.person_id not in known}
    return [cards.plain(matter, seat, template, **values) for seat in others.values()]


def _group(scene: Scene, matter: Matter, template: str, _but: Collection[int], values: Values) -> list[Reply]:
    return cards.to_group(scene, matter, template, **values)


HEARD: dict[str, Callable[[Scene, Matter, str, Collection[int], Values], list[Reply]]] = {
    "reporter": _reporter,
    "followers": _followers,
    "owner": _owner,
    "rung": _rung,
    "group": _group,
}
"""Who is meant by each word of `tells`."""
