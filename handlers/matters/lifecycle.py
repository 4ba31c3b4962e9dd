"""Moves a matter along its lifecycle: one guarded change, one journal line, its clock, and who hears of it."""

from collections.abc import Mapping

from bot.errors import UserMistake
from bot.message import Button, Reply
from bot.turn import Scene, Turn
from handlers.matters import cards, clocks, rules
from handlers.people import authority
from storage import journal, matters, posts
from storage.matters import Matter

ASKED_FOR = ("closing/ask",)
"""Texts that ask whether it is really solved."""


def check(turn: Turn, matter: Matter, verb: str) -> None:
    """Raise a UserMistake that says what is possible, unless the speaker may do `verb` to it now."""
    table = rules.lifecycle(turn.catalog, matter.kind)
    wanted = table.verbs[verb]
    if not any(authority.may(turn, who, matter) for who in wanted.who):
        seen = authority.may_see(turn, matter)
        raise UserMistake("matters/not_yours" if seen else "matters/unknown", number=matter.number, verb=wanted.name)
    if matter.state not in wanted.starts:
        raise UserMistake(
            "matters/not_now",
            number=matter.number,
            verb=wanted.name,
            state=table.states[matter.state].name,
            can=[table.verbs[button].name for button in table.states[matter.state].buttons],
        )


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


def tell(scene: Scene, matter: Matter, verb: str, *, but: int | None = None, **values: object) -> list[Reply]:
    """Everybody who hears of `verb`, as the lifecycle says; the account `but` knows already."""
    tells = rules.lifecycle(scene.catalog, matter.kind).verbs[verb].tells
    replies: list[Reply] = []
    for heard, template in tells.items():
        if heard == "group":
            replies += cards.to_group(scene, matter, template, **values)
        elif heard in ("reporter", "followers"):
            asked = (Button("solved", f"confirm {matter.number}"), Button("unsolved", f"reopen {matter.number}"))
            presses = asked if template in ASKED_FOR else ()
            whom = [matter.account_id] if heard == "reporter" else matters.followers(scene.session, matter.id)
            replies += [
                cards.to_account(scene, matter, account, template, presses=presses, **values)
                for account in whom
                if account != but and (heard == "reporter" or account != matter.account_id)
            ]
        elif heard == "owner":
            owner = cards.owner(scene, matter)
            replies += [cards.to_seat(scene, matter, owner, template, **values)] if owner else []
        elif heard == "rung":
            since = matter.assigned_at or matter.opened_at
            rung = posts.seats(scene.session, journal.rung_since(scene.session, matter.id, since)).values()
            others = {seat.person_id: seat for seat in rung if seat.channel and seat.id != matter.owner_id}
            replies += [cards.plain(matter, seat, template, **values) for seat in others.values()]
    return replies
