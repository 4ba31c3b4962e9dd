"""定期通知: one notice stands, and by its rule a fresh one is made of it and goes down like any other."""

from collections.abc import Sequence

from bot.message import Lane, Reply
from bot.router import Router
from bot.turn import Scene
from handlers.notices import conflicts, crons, leaving
from handlers.people import authority
from storage import grids, journal, notices, numbers, posts, repeats, timers
from storage.notices import Notice
from storage.posts import Post
from storage.repeats import Repeat
from storage.timers import Timer

router = Router()

STANDING = "standing"
"""The state of the one that is never sent itself."""
AGAIN = "notice_again_by_rule"
COPIED = (
    "kind", "drill", "grid_id", "audience", "topic", "summary", "text", "attachment", "plan", "wants_ack", "lane",
    "account_id", "post_id", "approved_by",
)  # fmt: skip


def stand(scene: Scene, notice: Notice, rule: Repeat, *, by: int) -> list[Reply]:
    """From now on it is sent by its rule."""
    standing = {"state": STANDING, "released_by": by}
    if notices.change(scene.session, notice.number, only_if=(notices.DRAFT, notices.WAITING), **standing):
        journal.note(
            scene.session, scene.now, "repeat", matter_id=notice.number, grid_id=notice.grid_id, account_id=by,
            detail=rule.cron,
        )  # fmt: skip
        _arm(scene, notice, rule)
    return []


def _arm(scene: Scene, notice: Notice, rule: Repeat) -> None:
    """The next time; none after its end."""
    at = crons.after(rule.cron, max(scene.now, notice.begins_at or scene.now), scene.settings.zone)
    if at is None or (notice.until and at > notice.until):
        repeats.change(scene.session, notice.number, ended_at=scene.now, next_at=None)
        notices.change(scene.session, notice.number, state=notices.ENDED, ended_at=scene.now, ended_why="until")
        return
    repeats.change(scene.session, notice.number, next_at=at)
    timers.arm(scene.session, AGAIN, notice.number, at)


def end(scene: Scene, notice: Notice) -> bool:
    """It is sent no more by its rule; False when it had none."""
    ended = {"state": notices.STOPPED, "stopped_at": scene.now}
    if not notices.change(scene.session, notice.number, only_if=(STANDING,), **ended):
        return False
    repeats.change(scene.session, notice.number, ended_at=scene.now, next_at=None)
    timers.disarm(scene.session, AGAIN, notice.number)
    return True


@router.timer(AGAIN)
def once_more(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Make the next one and let it go down; what its writer could no longer send is not sent, and said."""
    replies: list[Reply] = []
    for timer in due:
        notice, rule = notices.get(scene.session, timer.about), repeats.of(scene.session, timer.about)
        if notice.state != STANDING or rule is None:
            continue
        if not _still_may(scene, notice):
            end(scene, notice)
            to = leaving.to_author(scene, notice)
            replies.append(Reply("notices/may_no_more", {"notice": notice}, to=to, lane=Lane.DUTY))
            continue
        _arm(scene, notice, rule)
        fresh = _copy(scene, notice)
        repeats.change(scene.session, notice.number, times=rule.times + 1, latest=fresh.number)
        replies += leaving.go(scene, fresh, by=notice.account_id)
    return replies


def _still_may(scene: Scene, notice: Notice) -> bool:
    """Its writer still speaks for the place, and nothing stands in the way that nobody agreed to."""
    held: list[Post] = [posts.get(scene.session, notice.post_id)] if notice.post_id else []
    held = [one for one in held if one.until is None or one.until > scene.now]
    if authority.speaking_post(scene, held, grids.get(scene.session, notice.grid_id).code) is None:
        return False
    why = conflicts.reasons(scene, notice, proposes=conflicts.proposed(scene, notice))
    return not why or notice.approved_by is not None


def _copy(scene: Scene, notice: Notice) -> Notice:
    values: dict[str, object] = {name: getattr(notice, name) for name in COPIED}
    own = {"number": numbers.give(scene.session, "notice"), "state": notices.DRAFT, "order_key": "", "called": 0}
    return notices.compose(scene.session, {**values, **own, "composed_at": scene.now, "ended_why": ""})
