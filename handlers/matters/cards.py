"""The card a leader gets: in private to the door, in the staff group without it, with the same buttons."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.message import Address, Ask, Button, Lane, Reply
from bot.turn import Scene, Turn
from handlers.matters import rules
from handlers.people import duty, modes
from storage import chats, grids, people, posts
from storage.chats import Chat
from storage.grids import Grid
from storage.matters import Matter
from storage.people import Account
from storage.posts import Seat

CRYING = ("assigned", "deciding", "accepted")
"""States in which nobody is there yet."""
ANSWER_S = 600
"""How long the next sentence of a leader is taken for the answer."""


def buttons(scene: Scene, matter: Matter) -> tuple[Button, ...]:
    """What the owner may tap now."""
    state = rules.lifecycle(scene.catalog, matter.kind).states[matter.state]
    return tuple(Button(verb, f"{verb} {matter.number}") for verb in state.buttons)


def to_seat(scene: Scene, matter: Matter, seat: Seat, template: str, **values: object) -> Reply:
    """The card in private."""
    grid = grids.get(scene.session, matter.grid_id)
    return Reply(
        modes.worded(scene, grid, template),
        {"matter": matter, "grid": grid, **values},
        to=duty.address(seat),
        buttons=buttons(scene, matter),
        lane=lane_of(matter),
        about=matter.number,
    )


def fresh(turn: Turn, matter: Matter, seats: Iterable[Seat]) -> list[Reply]:
    """The first card."""
    says = origin(turn, matter, turn.account, turn.chat)
    return [to_seat(turn, matter, seat, "reports/card", **says) for seat in seats]


def origin(
    scene: Scene, matter: Matter, account: Account | None = None, group: Chat | None = None
) -> dict[str, object]:
    """Who reported it and where it was said; in an emergency the number to call, if it is known."""
    if account is None or account.id != matter.account_id:
        account = people.get_account(scene.session, matter.account_id)
    if matter.chat_id is not None and (group is None or group.id != matter.chat_id):
        group = chats.get(scene.session, matter.chat_id)
    crying = matter.urgency == "emergency" and account.person_id is not None
    return {
        "reporter": account.name,
        "phone": people.get(scene.session, account.person_id or 0).phone if crying else "",
        "group": group.name if group and matter.chat_id is not None else "",
    }


def solved(scene: Scene, matter: Matter, account_id: int) -> Reply:
    """Whether it is really solved: asked of whoever asked for it."""
    presses = (Button("solved", f"confirm {matter.number}"), Button("unsolved", f"reopen {matter.number}"))
    return to_account(scene, matter, account_id, "closing/ask", presses=presses)


def owner(scene: Scene, matter: Matter) -> Seat | None:
    """Who has it, if that person can be reached."""
    if matter.owner_id is None:
        return None
    seat = posts.seats(scene.session, [matter.owner_id]).get(matter.owner_id)
    return seat if seat and seat.channel else None


def plain(matter: Matter, seat: Seat, template: str, **values: object) -> Reply:
    """A word in private that asks for nothing."""
    return Reply(
        template, {"matter": matter, **values}, to=duty.address(seat), lane=lane_of(matter), about=matter.number
    )


def to_staff(scene: Scene, matter: Matter, lineage: Iterable[Grid], whose: Seat | None, template: str) -> list[Reply]:
    """The card in the nearest staff group above the matter's place; none where there is none."""
    near = {grid.id: grid.depth for grid in lineage}
    groups = chats.bound_to(scene.session, list(near), "staff")
    if not groups:
        return []
    group = max(groups, key=lambda chat: near[chat.grid_id or 0])
    grid = grids.get(scene.session, matter.grid_id)
    return [
        Reply(
            modes.worded(scene, grid, template),
            {"matter": matter, "grid": grid, "owner": whose.name if whose else ""},
            to=Address(group.channel, group.external),
            buttons=buttons(scene, matter),
            lane=lane_of(matter),
            about=matter.number,
        )
    ]


def to_account(
    scene: Scene,
    matter: Matter,
    account_id: int,
    template: str,
    *,
    presses: Iterable[Button] = (),
    values: Mapping[str, object] | None = None,
) -> Reply:
    """A word in private to somebody who asked for the matter."""
    account = people.get_account(scene.session, account_id)
    buttons = tuple(presses)
    return Reply(
        template,
        {"matter": matter, **(values or {})},
        to=Address(account.channel, account.external, private=True),
        buttons=buttons,
        about=matter.number,
        ask=Ask() if buttons else None,
    )


def to_group(scene: Scene, matter: Matter, template: str, **values: object) -> list[Reply]:
    """A short line in the group it was said in, if it was said in one and the bot still sits there."""
    if matter.chat_id is None:
        return []
    group = chats.get(scene.session, matter.chat_id)
    if group.gone_at is not None:
        return []
    address = Address(group.channel, group.external)
    return [Reply(template, {"matter": matter, **values}, to=address, about=matter.number)]


def lane_of(matter: Matter) -> Lane:
    """How fast words about it go: an emergency that somebody has on hand no longer overtakes others."""
    return Lane.EMERGENCY if matter.urgency == "emergency" and matter.state in CRYING else Lane.DUTY


def aside(turn: Turn, reply: Reply) -> Reply:
    """A leader who works in the residents' group is answered in private: it is nothing for the neighbours."""
    if turn.chat is None or turn.chat.audience != "residents":
        return reply
    account = turn.speaker()
    return replace(reply, to=Address(account.channel, account.external, private=True))


def asking(matter: Matter, template: str, takes: str, buttons: tuple[Button, ...] = (), **values: object) -> Reply:
    """A question about a matter: the next sentence, or one of the buttons, completes the press `takes`."""
    ask = Ask(takes=takes, lasts_s=ANSWER_S)
    return Reply(template, {"matter": matter, **values}, buttons=buttons, about=matter.number, ask=ask)
