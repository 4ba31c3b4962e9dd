"""Which notice is meant, and what the speaker may do with it."""

from bot.errors import UserMistake
from bot.turn import Scene, Turn
from handlers.people import authority
from storage import grids, notices, posts
from storage.grids import Grid
from storage.notices import Notice
from storage.posts import Post


def named(turn: Turn) -> Notice:
    """The notice whose number was given or quoted."""
    number = turn.order.number if turn.order and turn.order.number else turn.quoted
    notice = notices.find(turn.session, number) if number else None
    if notice is None:
        raise UserMistake("notices/unknown", number=number)
    return notice


def grid_of(scene: Scene, notice: Notice) -> Grid:
    """The top of its subtree."""
    return grids.get(scene.session, notice.grid_id)


def speaks(turn: Turn, grid: Grid) -> tuple[Post, bool]:
    """The speaker's post for notices of this grid, and whether it only proposes them; UserMistake when there is none."""
    found = authority.speaking_post(turn, turn.posts, grid.code)
    if found is None:
        raise UserMistake("notices/not_yours", grid=grid)
    return found


def own_draft(turn: Turn) -> Notice:
    """The speaker's own notice that is still being written."""
    notice = named(turn)
    if turn.account is None or notice.account_id != turn.account.id:
        raise UserMistake("notices/unknown", number=notice.number)
    if notice.state != notices.DRAFT:
        raise UserMistake("notices/no_draft", notice=notice)
    return notice


def to_act(turn: Turn) -> Notice:
    """A notice over whose subtree the speaker may publish, or which is the speaker's own."""
    notice = named(turn)
    mine = turn.account is not None and notice.account_id == turn.account.id
    if not mine and authority.post_over(turn, turn.posts, "publish", grid_of(turn, notice).code) is None:
        raise UserMistake("notices/unknown", number=notice.number)
    speaks(turn, grid_of(turn, notice))
    return notice


def place_of(scene: Scene, notice: Notice) -> str:
    """In whose name it is said: the unit, or the grid of the post that wrote it."""
    post = posts.get(scene.session, notice.post_id) if notice.post_id else None
    if post is not None and post.unit_id is not None:
        return posts.get_unit(scene.session, post.unit_id).name
    home = post.grid_id if post is not None and post.grid_id is not None else notice.grid_id
    return grids.get(scene.session, home).name


def only_where_staff_hear(turn: Turn) -> None:
    """Notices are written in private or in a staff group, never among neighbours."""
    if turn.in_group and (turn.chat is None or turn.chat.audience != "staff"):
        raise UserMistake("notices/in_private")


def may_see(turn: Turn, notice: Notice) -> bool:
    """Whether the speaker may hear how it goes: whoever wrote it, and who serves above or in its subtree."""
    code = grid_of(turn, notice).code
    mine = turn.account is not None and notice.account_id == turn.account.id
    below = any(grid.code.startswith(code) for _, grid in authority.seated(turn, turn.posts, "see"))
    return mine or below or authority.post_over(turn, turn.posts, "see", code) is not None


def part_of(turn: Turn, notice: Notice) -> Grid | None:
    """The part of its subtree that the speaker may look at: all of it, or the highest of theirs; None when nothing."""
    top = grid_of(turn, notice)
    mine = turn.account is not None and notice.account_id == turn.account.id
    if mine or authority.post_over(turn, turn.posts, "see", top.code) is not None:
        return top
    below = [grid for _, grid in authority.seated(turn, turn.posts, "see") if grid.code.startswith(top.code)]
    return min(below, key=lambda grid: (grid.depth, grid.code), default=None)
