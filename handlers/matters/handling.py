"""What a leader does with a matter, by a tap, a digit or a word: 接单 到场 办结 督办 待办."""

from bot.errors import UserMistake
from bot.message import Reply
from bot.router import Router
from bot.turn import Turn
from handlers.matters import cards, finding, lifecycle, rules
from handlers.people import authority
from storage import grids, matters, posts
from storage.matters import Matter

router = Router()

SAYS = {"accept": "handling/accepted", "arrive": "handling/arrived"}


@router.order("accept", "arrive")
def step(turn: Turn) -> list[Reply]:
    """接单 or 到场: it is mine now; whoever else was rung, or had it, hears so."""
    verb = turn.order.code if turn.order else "accept"
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, verb)
    after = _mine(turn, matter, verb)
    said = Reply(SAYS[verb], _values(turn, after), buttons=cards.buttons(turn, after), about=after.number)
    return [
        cards.aside(turn, said),
        *lifecycle.tell(turn, after, verb, who=turn.speaker().name),
        *(_relieved(turn, matter) if verb != "accept" else []),
    ]


@router.order("finish")
def finish(turn: Turn) -> list[Reply]:
    """办结 with one sentence on what was done."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "finish")
    result = turn.words
    if not result:
        return [cards.aside(turn, cards.asking(matter, "handling/how", f"finish {matter.number}"))]
    after = _mine(turn, matter, "finish", {"result": result}, detail=result)
    return [
        cards.aside(
            turn, Reply("handling/finished", {"matter": after, "followers": after.followers}, about=after.number)
        ),
        *lifecycle.tell(turn, after, "finish"),
        *_relieved(turn, matter),
    ]


@router.order("supervise")
def supervise(turn: Turn) -> list[Reply]:
    """督办: it may not be closed before this post agrees."""
    matter = finding.to_handle(turn)
    lifecycle.check(turn, matter, "supervise")
    post = authority.acting_post(turn, matter, "supervise")
    if post is None:
        raise UserMistake("matters/not_yours", number=matter.number, verb="督办")
    former = (
        posts.seats(turn.session, [matter.supervisor_id]).get(matter.supervisor_id) if matter.supervisor_id else None
    )
    if former and former.id != post.id and _level(turn, former.grid_id) <= _level(turn, post.grid_id):
        raise UserMistake("handling/supervised_already", number=matter.number, supervisor=former)
    after = matters.change(turn.session, matter.id, {"supervisor_id": post.id})
    lifecycle.advance(turn, after, "supervise", by=turn.speaker().id, post_id=post.id, why=turn.words)
    who = turn.speaker().name
    replaced = former if former and former.id != post.id and former.channel else None
    return [
        Reply("handling/supervising", {"matter": after}, about=after.number),
        *lifecycle.tell(turn, after, "supervise", who=who),
        *([cards.plain(after, replaced, "handling/supervised_above", who=who)] if replaced else []),
    ]


def _level(turn: Turn, grid_id: int | None) -> int:
    """How far down the hierarchy a post sits: 0 at its top."""
    return grids.get(turn.session, grid_id).depth if grid_id is not None else 0


@router.order("list")
def mine(turn: Turn) -> list[Reply]:
    """待办: what waits for me, the most pressing first, and what waits for my yes or no."""
    if not turn.posts:
        raise UserMistake("handling/nothing_waits")
    held = [post.id for post in turn.posts]
    waiting, asked = matters.owned_by(turn.session, held), matters.to_decide(turn.session, held, turn.now)
    states = {one.number: rules.lifecycle(turn.catalog, one.kind).states[one.state].name for one in waiting}
    values = {"matters": waiting[:10], "more": max(0, len(waiting) - 10), "states": states, "now": turn.now}
    found = (
        Reply("handling/list", {**values, "asked": asked[:10]}) if waiting or asked else Reply("handling/list_empty")
    )
    return [cards.aside(turn, found)]


def _mine(turn: Turn, matter: Matter, verb: str, values: dict[str, object] | None = None, detail: str = "") -> Matter:
    """The matter after `verb`, owned by the post by which the speaker acts."""
    post = authority.acting_post(turn, matter)
    changes: dict[str, object] = {**(values or {})}
    if post is not None and post.id != matter.owner_id:
        changes["owner_id"] = post.id
    if verb != "accept" and matter.accepted_at is None:
        changes["accepted_at"] = turn.now
    return lifecycle.advance(
        turn, matter, verb, by=turn.speaker().id, values=changes, post_id=post.id if post else None, detail=detail
    )


def _relieved(turn: Turn, before: Matter) -> list[Reply]:
    """The owner until now hears that somebody else has done it."""
    owner = cards.owner(turn, before)
    if owner is None or any(post.person_id == owner.person_id for post in turn.posts):
        return []
    return [cards.plain(before, owner, "handling/taken_over", who=turn.speaker().name)]


def _values(turn: Turn, matter: Matter) -> dict[str, object]:
    return {"matter": matter, "grid": grids.get(turn.session, matter.grid_id)}
