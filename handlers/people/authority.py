"""Who may: role x subtree x class of data, decided here and nowhere else."""

from collections.abc import Callable, Sequence

from bot.turn import Scene, Turn
from storage import grids, journal, matters, posts, wishes
from storage.grids import Grid
from storage.matters import Matter
from storage.posts import Post


def post_over(scene: Scene, held: Sequence[Post], deed: str, code: str) -> Post | None:
    """The first of these posts whose role may do `deed` in the grid of this code; None when none may."""
    able = [post for post in held if _may(scene, post.role, deed)]
    seated = grids.by_ids(scene.session, {post.grid_id for post in able if post.grid_id is not None})
    over = [post for post in able if post.grid_id is not None and code.startswith(seated[post.grid_id].code)]
    return min(over, key=lambda post: (-seated[post.grid_id or 0].depth, post.seat), default=None)


def seated(scene: Scene, held: Sequence[Post], deed: str) -> list[tuple[Post, Grid]]:
    """The posts whose role may do `deed`, each with the grid in whose subtree it may."""
    able = [post for post in held if post.grid_id is not None and _may(scene, post.role, deed)]
    found = grids.by_ids(scene.session, {post.grid_id for post in able if post.grid_id is not None})
    return [(post, found[post.grid_id]) for post in able if post.grid_id in found]


def highest_over(scene: Scene, held: Sequence[Post], deed: str, grid: Grid, *, depth: int = 99) -> Post | None:
    """The highest of these posts that may do `deed` in this grid, seated at this depth of the tree or above."""
    over = [
        (seat.depth, post.seat, post)
        for post, seat in seated(scene, held, deed)
        if grid.code.startswith(seat.code) and seat.depth <= depth
    ]
    return min(over, key=lambda each: each[:2], default=(0, 0, None))[2]


def speaking_posts(scene: Scene, held: Sequence[Post]) -> list[tuple[Post, Grid, bool]]:
    """The posts that write notices, the grid for which and whether they only propose them; the highest first."""
    found = [(post, grid, False) for post, grid in seated(scene, held, "publish")]
    for post in held:
        if _may(scene, post.role, "propose"):
            unit = posts.get_unit(scene.session, post.unit_id) if post.unit_id is not None else None
            home = unit.grid_id if unit else post.grid_id
            found += [(post, grids.get(scene.session, home), True)] if home is not None else []
    return sorted(found, key=lambda each: (each[2], each[1].depth, each[0].seat))


def speaking_post(scene: Scene, held: Sequence[Post], code: str) -> tuple[Post, bool] | None:
    """The post by which a notice for the grid of this code is written, and whether it only proposes it."""
    own = post_over(scene, held, "publish", code)
    if own is not None:
        return own, False
    found = speaking_posts(scene, held)
    return next(((post, True) for post, grid, proposes in found if proposes and code.startswith(grid.code)), None)


def strictly_above(scene: Scene, held: Sequence[Post], deed: str, grid: Grid) -> Post | None:
    """Like post_over, for a post seated above this grid and not in it."""
    elsewhere = [post for post in held if post.grid_id != grid.id]
    return post_over(scene, elsewhere, deed, grid.code)


def acting_post(turn: Turn, matter: Matter, deed: str = "handle") -> Post | None:
    """The post by which the speaker may do `deed` to this matter: the owner's own, or one over its grid."""
    for post in turn.posts:
        if post.id == matter.owner_id:
            return post
    owner = posts.get(turn.session, matter.owner_id) if matter.owner_id else None
    if owner and owner.unit_id is not None:
        for post in turn.posts:
            if post.unit_id == owner.unit_id:
                return post
    return post_over(turn, turn.posts, deed, grids.get(turn.session, matter.grid_id).code)


def is_reporter(turn: Turn, matter: Matter) -> bool:
    """Whether the speaker reported it."""
    return turn.account is not None and turn.account.id == matter.account_id


def is_follower(turn: Turn, matter: Matter) -> bool:
    """Whether the speaker asked for the same."""
    return turn.account is not None and matters.follows(turn.session, matter.id, turn.account.id)


def is_claimer(turn: Turn, matter: Matter) -> bool:
    """Whether the speaker has this wish on hand."""
    claim = wishes.claimed_by(turn.session, matter.id)
    return claim is not None and turn.account is not None and claim.account_id == turn.account.id


def vetting_post(turn: Turn, matter: Matter) -> Post | None:
    """The post by which the speaker may vet what is published there."""
    return post_over(turn, turn.posts, "vet", grids.get(turn.session, matter.grid_id).code)


def may_see(turn: Turn, matter: Matter) -> bool:
    """Whether the speaker may hear how it stands: who asked for it, and who serves its grid."""
    if is_reporter(turn, matter) or is_follower(turn, matter) or acting_post(turn, matter, "see") is not None:
        return True
    held = {post.id for post in turn.posts}
    asked = [entry for entry in journal.of_matter(turn.session, matter.id) if entry.act == "assist"] if held else []
    return any(entry.post_id in held for entry in asked)


def may(turn: Turn, who: str, matter: Matter) -> bool:
    """Whether the speaker is `who` (see lifecycles/*.toml) to this matter."""
    return WHO[who](turn, matter)


def _owner(turn: Turn, matter: Matter) -> bool:
    acting = acting_post(turn, matter)
    if acting is None or matter.owner_id is None:
        return False
    owner = posts.get(turn.session, matter.owner_id)
    return acting.id == owner.id or (acting.unit_id is not None and acting.unit_id == owner.unit_id)


def _above(turn: Turn, matter: Matter) -> bool:
    """A post above whoever has it: nobody grants or supervises what is their own."""
    owner = posts.get(turn.session, matter.owner_id) if matter.owner_id else None
    if owner is not None and any(post.person_id == owner.person_id for post in turn.posts):
        return False
    seat = owner.grid_id if owner and owner.grid_id else matter.grid_id
    grid = grids.get(turn.session, seat)
    over = turn.posts if owner is None or owner.grid_id is None else [p for p in turn.posts if p.grid_id != grid.id]
    return any(post_over(turn, over, deed, grid.code) is not None for deed in ("approve", "supervise"))


def _supervisor(turn: Turn, matter: Matter) -> bool:
    return any(post.id == matter.supervisor_id for post in turn.posts)


def _may(scene: Scene, role: str, deed: str) -> bool:
    found = scene.catalog.roles.get(role)
    return found is not None and deed in found.deeds


WHO: dict[str, Callable[[Turn, Matter], bool]] = {
    "owner": _owner,
    "handler": lambda turn, matter: acting_post(turn, matter) is not None,
    "above": _above,
    "reporter": is_reporter,
    "follower": is_follower,
    "supervisor": _supervisor,
    "vetter": lambda turn, matter: vetting_post(turn, matter) is not None,
    "claimer": is_claimer,
    "neighbour": lambda _turn, _matter: True,
    "clock": lambda _turn, _matter: False,
}
"""What each word of `who` means."""
