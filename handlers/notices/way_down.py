"""The way down as it goes: sent, delivered, acknowledged per hop; the weakest links, 补发, 越级, and doors unread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import UserMistake
from bot.message import Address, Ask, Button, Lane, Reply
from bot.router import Router
from bot.turn import Scene, Turn
from handlers.notices import by_hand, correcting, doors, faces, release, whose
from handlers.notices.release import Face
from handlers.notices.terms import terms
from handlers.people import authority, duty
from storage import census, grids, journal, notices, passages, posts
from storage.grids import Grid
from storage.notices import Hop, Notice

router = Router()

AGAIN, SKIP = "notice_again", "notice_skip"
MINUTES_10 = 600
MOST_DOORS, MOST_OF_ONE = 40, 160
"""Doors in one message: of several places, and of one."""


@dataclass(frozen=True, slots=True)
class Level:
    """All hops of one depth of the tree."""

    name: str
    called: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class Link:
    """One hop that is behind."""

    grid: Grid
    called: int
    acknowledged: int


def how_far(turn: Turn) -> list[Reply]:
    """1041 到哪了: the numbers for whoever serves there; for anybody else only whether it holds."""
    notice = whose.named(turn)
    if notice.released_at is None and not whose.may_see(turn, notice):
        raise UserMistake("notices/unknown", number=notice.number)
    if not whose.may_see(turn, notice) or turn.in_group:
        return [state(turn, notice)]
    if notice.released_at is None:
        return [Reply("notices/not_yet", {"notice": notice}, about=notice.number)]
    return [_shown(turn, notice)]


def state(turn: Turn, notice: Notice) -> Reply:
    """Whether it holds, in one line."""
    if notice.superseded_by is not None:
        return correcting.holds_now(turn, notice)
    return Reply("notices/holds", {**faces.values(turn, notice), "now": turn.now}, about=notice.number)


def _shown(turn: Turn, notice: Notice) -> Reply:
    code = _code_for(turn, notice)
    hops = notices.hops(turn.session, notice.number, code)
    links = [Link(grids.get(turn.session, hop.grid_id), hop.called, _answered(hop)) for hop in hops]
    late = sorted(
        (link for link in links if link.acknowledged < link.called),
        key=lambda link: (link.acknowledged / link.called, link.acknowledged - link.called, link.grid.code),
    )
    ways: dict[str, dict[str, int]] = {}
    for one in notices.told(turn.session, notice.number):
        states = ways.setdefault(one.listeners, {})
        states[one.state] = states.get(one.state, 0) + one.many
    others = notices.answered_uncalled(turn.session, notice.number)
    values = {
        **faces.values(turn, notice),
        **faces.whom(turn, notice),
        "now": turn.now,
        "queued": passages.queued(turn.session, notice.number),
        "ways": ways,
        "levels": _levels(links),
        "called": sum(link.called for link in links),
        "acknowledged": sum(link.acknowledged for link in links),
        "others": others,
        "late": late[: terms(turn.catalog).weakest],
        "more": max(0, len(late) - terms(turn.catalog).weakest),
        "stuck": len(_stuck(turn, notice, links)),
        "table": notices.households(turn.session, code) > 0,
        "hands": by_hand.progress(turn, notice, code),
    }
    buttons: list[Button] = []
    if notice.state == notices.GOING and _over_all(turn, notice):
        buttons.append(Button(AGAIN, f"{AGAIN} {notice.number}"))
        if values["stuck"]:
            buttons.append(Button(SKIP, f"{SKIP} {notice.number}"))
    return Reply("notices/how_far", values, buttons=tuple(buttons), about=notice.number, ask=Ask() if buttons else None)


def _code_for(turn: Turn, notice: Notice) -> str:
    """The subtree that the speaker may look at: all of it, or the highest part that is theirs."""
    return (whose.part_of(turn, notice) or whose.grid_of(turn, notice)).code


def _answered(hop: Hop) -> int:
    return min(hop.called, max(hop.acknowledged, hop.arrived))


def _levels(links: Sequence[Link]) -> list[Level]:
    by_depth: dict[int, list[Link]] = {}
    for link in links:
        by_depth.setdefault(link.grid.depth, []).append(link)
    return [
        Level(some[0].grid.level, sum(one.called for one in some), sum(one.acknowledged for one in some))
        for _, some in sorted(by_depth.items())
    ]


def _stuck(scene: Scene, notice: Notice, links: Sequence[Link]) -> list[Link]:
    """Hops in which nobody has answered for too long."""
    waits = timedelta(minutes=terms(scene.catalog).stuck_minutes)
    if not notice.wants_ack or notice.released_at is None or scene.now - notice.released_at < waits:
        return []
    return [link for link in links if link.acknowledged == 0]


def _going(turn: Turn) -> tuple[Notice, str]:
    """A notice that is on its way, named with its number, and the speaker's part of it."""
    if turn.order is None or len(turn.order.numbers) != 1:
        raise UserMistake("notices/which_again")
    whose.only_where_staff_hear(turn)
    notice = whose.named(turn)
    top = whose.grid_of(turn, notice).code
    if not _over_all(turn, notice):
        if whose.may_see(turn, notice):
            raise UserMistake("notices/again_not_yours", notice=notice, place=whose.place_of(turn, notice))
        raise UserMistake("notices/unknown", number=notice.number)
    if notice.state != notices.GOING:
        raise UserMistake("notices/not_going", notice=notice)
    return notice, top


def _over_all(turn: Turn, notice: Notice) -> bool:
    """Whether the speaker publishes in all of its places: whoever has a part of them asks the people there."""
    top = whose.grid_of(turn, notice).code
    return any(top.startswith(grid.code) for _, grid in authority.seated(turn, turn.posts, "publish"))


@router.order(AGAIN)
def again(turn: Turn) -> list[Reply]:
    """补发 1041: whom it would reach, said first."""
    notice, code = _going(turn)
    missing, failed = _to_tell_again(turn, notice, code)
    go = Button("notice_again_go", f"notice_again_go {notice.number} {missing}")
    hands = by_hand.progress(turn, notice, code)
    values = {
        "notice": notice,
        "missing": missing,
        "failed": failed,
        "grid": whose.grid_of(turn, notice),
        "hands": hands,
    }
    buttons = (go, Button("notice_not_now", f"notice_not_now {notice.number}"))
    return [Reply("notices/again_sure", values, buttons=buttons, about=notice.number, ask=Ask(lasts_s=MINUTES_10))]


def _to_tell_again(turn: Turn, notice: Notice, code: str) -> tuple[int, int]:
    hops = notices.hops(turn.session, notice.number, code) if notice.wants_ack else []
    missing = sum(hop.called - _answered(hop) - hop.declined for hop in hops)
    states = notices.told(turn.session, notice.number)
    return max(0, missing), sum(one.many for one in states if one.state in ("refused", "gone"))


@router.order("notice_again_go")
def again_now(turn: Turn) -> list[Reply]:
    """A reminder to those called who have not answered; the words themselves to those who came since or were refused."""
    notice, code = _going(turn)
    if not _asked_just_now(turn):
        return again(turn)
    missing, _ = _to_tell_again(turn, notice, code)
    said = release.again(turn, notice)
    face = Face(
        "missing",
        "notices/reminder",
        faces.values(turn, notice),
        (Button("notice_ack", f"{faces.ACK} {notice.number}"),),
    )
    reminders = release.go_down(turn, notice, [face] if missing else [])
    by = turn.speaker().id
    journal.note(
        turn.session, turn.now, "again", matter_id=notice.number, grid_id=notice.grid_id, account_id=by,
        detail=str(missing),
    )  # fmt: skip
    return [*said, *reminders, Reply("notices/again_done", {"notice": notice, "missing": missing}, about=notice.number)]


def _asked_just_now(turn: Turn) -> bool:
    """Whether it answers the question that waits: a second tap, or one on an old message, is asked again."""
    return turn.order is not None and turn.order.answers


@router.order("notice_not_now")
def not_now(_turn: Turn) -> list[Reply]:
    """Thought better of it."""
    return [Reply("notices/not_now")]


@router.order(SKIP)
def skip(turn: Turn) -> list[Reply]:
    """越级 1041: the hops that are stuck, and who would be asked to go round them, said first."""
    notice, code = _going(turn)
    by_grid = _helpers(turn, notice, code)
    if not by_grid:
        raise UserMistake("notices/nothing_stuck", notice=notice)
    stuck = [link.grid for _, links in by_grid.values() for link in links]
    values = {"notice": notice, "stuck": stuck, "helpers": len({duty.address(seat) for seats, _ in by_grid.values() for seat in seats}),
              "named": terms(turn.catalog).named}  # fmt: skip
    go = Button("notice_skip_go", f"notice_skip_go {notice.number} {len(stuck)}")
    buttons = (go, Button("notice_not_now", f"notice_not_now {notice.number}"))
    return [Reply("notices/skip_sure", values, buttons=buttons, about=notice.number, ask=Ask(lasts_s=MINUTES_10))]


def _helpers(turn: Turn, notice: Notice, code: str) -> dict[int, tuple[list[posts.Seat], list[Link]]]:
    """By grid above: who serves there, and the stuck hops below."""
    hops = notices.hops(turn.session, notice.number, code)
    links = [Link(grids.get(turn.session, hop.grid_id), hop.called, _answered(hop)) for hop in hops]
    found: dict[int, tuple[list[posts.Seat], list[Link]]] = {}
    for link in _stuck(turn, notice, links):
        if link.grid.parent_id is None:
            continue
        if link.grid.parent_id not in found:
            above = duty.over(turn, grids.get(turn.session, link.grid.parent_id))
            found[link.grid.parent_id] = (_nearest(turn, above), [])
        found[link.grid.parent_id][1].append(link)
    return {grid_id: (seats, some) for grid_id, (seats, some) in found.items() if seats}


def _nearest(scene: Scene, above: duty.Duty) -> list[posts.Seat]:
    """Who hands out work on the nearest level that has anybody."""
    able = duty.able(scene.catalog, above.seats, "dispatch")
    level = min((above.level_of(seat) for seat in able), default=0)
    each = {seat.person_id: seat for seat in reversed(able) if above.level_of(seat) == level}
    return list(each.values())[::-1][: terms(scene.catalog).asked_at_once]


@router.order("notice_skip_go")
def skip_now(turn: Turn) -> list[Reply]:
    """The level above each stuck hop is asked to go round it."""
    notice, code = _going(turn)
    if not _asked_just_now(turn):
        return skip(turn)
    replies: list[Reply] = []
    for seats, links in _helpers(turn, notice, code).values():
        values = {
            **faces.values(turn, notice),
            "stuck": [link.grid for link in links],
            "named": terms(turn.catalog).named,
        }
        replies += [
            Reply("notices/skip", values, to=duty.address(seat), lane=Lane.DUTY, about=notice.number) for seat in seats
        ]
        for link in links:
            journal.note(
                turn.session, turn.now, "skip", matter_id=notice.number, grid_id=link.grid.id,
                account_id=turn.speaker().id, post_id=seats[0].id,
            )  # fmt: skip
    told = len({reply.to for reply in replies if isinstance(reply.to, Address)})
    return [*replies, Reply("notices/skip_done", {"notice": notice, "told": told}, about=notice.number)]


@router.order("notice_doors")
def unread(turn: Turn) -> list[Reply]:
    """没收到的户 1041: doors from which nobody has said 收到, in walking order; in private only."""
    if turn.order is None or turn.order.number is None:
        raise UserMistake("notices/which_again")
    if turn.in_group:
        raise UserMistake("notices/in_private")
    notice = whose.named(turn)
    if not whose.may_see(turn, notice) or notice.released_at is None:
        raise UserMistake("notices/unknown", number=notice.number)
    part = _named_in(turn, whose.part_of(turn, notice) or whose.grid_of(turn, notice))
    listed = doors.unread(turn.session, notice.number, part.code)
    most = MOST_DOORS if len(listed) > 1 else MOST_OF_ONE
    bare = census.without_table(turn.session, part.code)
    values = {
        "notice": notice,
        "grid": part,
        "listed": _first(listed, most),
        "example": listed[-1][0].name if len(listed) > 1 else "",
        "many": sum(len(rows) for _, rows in listed),
        "most": most,
        "table": bool(listed) or notices.households(turn.session, part.code) > 0,
        "bare": bare[: terms(turn.catalog).named],
        "bare_many": len(bare),
        "others": notices.answered_uncalled(turn.session, notice.number),
    }
    return [Reply("notices/doors", values)]


def _named_in(turn: Turn, part: Grid) -> Grid:
    """The place below this one that the words name, else this one."""
    words, names = turn.words, grids.called(turn.session)
    near = {pair for at in range(len(words) - 1) for pair in names.get(words[at : at + 2], ()) if pair[0] in words}
    for _, grid_id in sorted(near, key=lambda pair: (-len(pair[0]), pair[1])):
        found = grids.get(turn.session, grid_id)
        if found.code.startswith(part.code):
            return found
    return part


def _first(listed: Sequence[doors.OfGrid], most: int) -> list[doors.OfGrid]:
    """As many doors as fit a message."""
    left, shown = most, list[doors.OfGrid]()
    for grid, rows in listed:
        if left > 0:
            shown.append((grid, rows[:left]))
            left -= len(rows)
    return shown
