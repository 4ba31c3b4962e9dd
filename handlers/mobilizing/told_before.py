"""What whoever ordered a mobilization had told of the danger: the all-clear ends that too, and nobody is rung for it."""

from datetime import timedelta

from bot.message import Reply
from bot.turn import Scene
from handlers.matters import lifecycle
from handlers.mobilizing import plans
from storage import grids, matters
from storage.matters import Matter
from storage.notices import Notice

FINISH, EMERGENCY = "finish", "emergency"


def open_still(scene: Scene, notice: Notice) -> list[Matter]:
    """Emergencies there told by whoever ordered it or let it go, not long before; never what a neighbour told or follows."""
    if notice.drill:
        return []
    since = notice.composed_at - timedelta(minutes=plans.terms(scene.catalog).told_minutes)
    code = grids.get(scene.session, notice.grid_id).code
    found: list[Matter] = []
    for account in sorted({one for one in (notice.account_id, notice.released_by, notice.approved_by) if one}):
        for matter in matters.of_account(scene.session, account):
            here = grids.get(scene.session, matter.grid_id).code
            fits = (
                matter.account_id == account
                and matter.urgency == EMERGENCY
                and not matter.followers
                and FINISH in lifecycle.possible(scene, matter)
            )
            if fits and matter.opened_at >= since and (here.startswith(code) or code.startswith(here)):
                found.append(matter)
    return found


def end(scene: Scene, notice: Notice, *, by: int) -> list[Reply]:
    """Each is done with the all-clear; whoever told it may still say that it is not."""
    replies: list[Reply] = []
    for matter in open_still(scene, notice):
        result = plans.terms(scene.catalog).over.format(number=notice.number)
        after = lifecycle.advance(
            scene, matter, FINISH, by=by, values={"result": result}, why=f"all_clear {notice.number}"
        )
        replies += lifecycle.tell(scene, after, FINISH)
    return replies
