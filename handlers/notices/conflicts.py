"""What speaks against a notice now: quiet hours, the week's disturbance budget, personal data, who must agree first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.message import Lane
from bot.turn import Scene
from bot.understanding import personal
from handlers.notices import audience, by_hand, whose
from handlers.notices.audience import Audience
from handlers.notices.terms import terms
from handlers.people import authority, duty, modes
from storage import grids, notices, people, posts
from storage.grids import Grid
from storage.notices import Notice
from storage.posts import Post, Seat

NEVER_IN_A_GROUP = ("id_number", "bank_card", "home")
HIDDEN_IN_A_GROUP = ("mobile",)
DEEPEST = 99
ADMISSION, DISTRICT, AT_WAR, SENSITIVE = "admission", "district", "war", "sensitive"


@dataclass(frozen=True, slots=True)
class Budget:
    """How much the groups of a subtree have heard this week."""

    most: int
    """What the group that heard most has heard."""
    weekly: int
    full: tuple[str, ...]
    """Names of the grids whose groups have heard as much as a week may bring; the first is the whole subtree."""


def leaves_at(scene: Scene, notice: Notice) -> datetime:
    """When its first word may leave: not before it begins, and not in quiet hours unless it is an emergency."""
    begins = max(notice.begins_at, scene.now) if notice.begins_at else scene.now
    if notice.lane == Lane.EMERGENCY:
        return begins
    return modes.quiet_until(scene, whose.grid_of(scene, notice), begins)


def budget(scene: Scene, notice: Notice) -> Budget | None:
    """What the groups have heard in the week before; None where no group of residents is meant, or nothing counts."""
    if not audience.of(notice).residents_groups or notice.drill or notice.lane == Lane.EMERGENCY:
        return None
    grid, weekly = whose.grid_of(scene, notice), terms(scene.catalog).budget.weekly
    released = notices.released_over(scene.session, grid.code, scene.now - timedelta(days=7))
    heard = [
        (name, code)
        for one, name, code in released
        if audience.of(one).residents_groups and not one.drill and one.lane != Lane.EMERGENCY
    ]
    codes = [code for _, code in heard]
    names = {code: name for name, code in heard} | {grid.code: grid.name}
    counts = {code: sum(code.startswith(above) for above in codes) for code in {grid.code, *codes}}
    inside = {code: many for code, many in counts.items() if code.startswith(grid.code)}
    full = sorted(code for code, many in inside.items() if many >= weekly)
    tops = [code for code in full if not any(code != other and code.startswith(other) for other in full)]
    return Budget(max(inside.values()), weekly, tuple(names[code] for code in tops))


def private_words(notice: Notice, kinds: Collection[str]) -> list[str]:
    """The personal data of these kinds that a group would read."""
    said = audience.of(notice)
    if not (said.residents_groups or said.staff_groups):
        return []
    text = f"{notice.topic}\n{notice.summary}\n{notice.text}"
    found = [text[piece.start : piece.end] for piece in personal.find(text) if piece.kind in kinds]
    return list(dict.fromkeys(found))


def reasons(scene: Scene, notice: Notice, *, proposes: bool) -> list[str]:
    """Why somebody else must agree before it leaves; nothing when nobody must. A drill needs no second person."""
    grid = whose.grid_of(scene, notice)
    found = [ADMISSION] if proposes else []
    if not notice.drill:
        found += [DISTRICT] if grid.parent_id is None else []
        found += [AT_WAR] if modes.at_war(scene, grid) else []
    if any(tag.sensitive for tag in terms(scene.catalog).tags(audience.of(notice).tags)):
        found.append(SENSITIVE)
    return found


def who_agrees(scene: Scene, notice: Notice, why: Collection[str]) -> list[Seat]:
    """Who is asked for a yes: the nearest level from the author's own up that may, never the author."""
    author, depth = people.get_account(scene.session, notice.account_id).person_id, _depth(scene, notice, why)
    on_duty = duty.over(scene, whose.grid_of(scene, notice))
    below = {grid.id for grid in on_duty.lineage if grid.depth > depth}
    may = [seat for seat in duty.able(scene.catalog, on_duty.seats, deed_for(why)) if seat.person_id != author]
    able = [seat for seat in may if seat.grid_id not in below]
    nearest = min((on_duty.level_of(seat) for seat in able), default=0)
    each = {seat.person_id: seat for seat in reversed(able) if on_duty.level_of(seat) == nearest}
    return list(each.values())[::-1][: terms(scene.catalog).asked_at_once]


def may_agree(scene: Scene, held: Collection[Post], notice: Notice, why: Collection[str]) -> Post | None:
    """The post by which its holder may say yes: as high as the author's at least, and never the author's."""
    author, depth = people.get_account(scene.session, notice.account_id).person_id, _depth(scene, notice, why)
    others = [post for post in held if post.person_id != author]
    return authority.highest_over(scene, others, deed_for(why), whose.grid_of(scene, notice), depth=depth)


def _depth(scene: Scene, notice: Notice, why: Collection[str]) -> int:
    """How deep in the tree whoever agrees may be seated: no deeper than the author, but for a department's wish."""
    post = posts.get(scene.session, notice.post_id) if notice.post_id else None
    if post is None or post.grid_id is None or ADMISSION in why:
        return DEEPEST
    return grids.get(scene.session, post.grid_id).depth


def deed_for(why: Collection[str]) -> str:
    """The deed of roles.toml that says yes: the street's for what a department wants, else a superior's."""
    return "admit" if ADMISSION in why else "approve"


def proposed(scene: Scene, notice: Notice) -> bool:
    """Whether the post that wrote it only proposes."""
    post = posts.get(scene.session, notice.post_id) if notice.post_id else None
    if post is None:
        return False
    found = authority.speaking_post(scene, [post], whose.grid_of(scene, notice).code)
    return found is None or found[1]


def reach(scene: Scene, notice: Notice) -> audience.Reach:
    """Who would be told now."""
    return audience.reach(
        scene, whose.grid_of(scene, notice), audience.of(notice), by_hand=notice.kind in by_hand.KINDS
    )


def is_empty(said: Audience) -> bool:
    """Whether it reaches nobody."""
    return not audience.listeners(said)


def same_place(one: Grid, other: Grid) -> bool:
    """Whether one of the two is within the other."""
    return one.code.startswith(other.code) or other.code.startswith(one.code)
