"""A queue before it leaves: what is missing is asked; then the whole, whom it reaches, and the words that let it go."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.message import LITERAL, Ask, Button, Reply
from bot.turn import Scene, Turn
from handlers.slots import planning
from handlers.slots import rules as slot_rules
from handlers.slots.planning import Clash, Plan
from handlers.slots.rules import Timed
from handlers.slots.standing import CHOICES
from storage.chats import Chat
from storage.grids import Grid
from storage.slots import SlotQueue

OPENS = "slot_open"
ANSWER_S = 1800
MISSING = ("title", "when", "place", "pace")


@dataclass(frozen=True, slots=True)
class Whole:
    """A queue as it would leave now, and whom it would reach."""

    draft: SlotQueue
    plan: Plan
    told: Sequence[tuple[Chat, list[Timed]]]
    silent: Sequence[Grid]
    clash: Clash | None
    over: bool
    """Its time has passed since it was written."""

    @property
    def reached(self) -> int:
        """Households whose group hears of it."""
        return sum(one.building.households for _, theirs in self.told for one in theirs)

    @property
    def may_leave(self) -> bool:
        """Whether nothing stands in its way."""
        return not (self.over or self.plan.left_over or self.clash)

    @property
    def mark(self) -> str:
        """A fingerprint of what was shown: a yes to one queue, and to one audience, lets no other go."""
        draft = self.draft
        shown = (draft.grid_id, draft.title, draft.place, draft.starts_at, draft.ends_at, draft.per_quarter, draft.drill,
                 self.plan.households, sorted(chat.id for chat, _ in self.told), [one.id for one in self.silent])  # fmt: skip
        return f"{zlib.crc32(repr(shown).encode()):08x}"


def whole(scene: Scene, draft: SlotQueue) -> Whole:
    """Looked up anew: groups may have come, households moved, time passed."""
    planned = planning.plan(scene, draft)
    told, silent = planning.groups(scene, planned.timed)
    over = planned.ends_at <= scene.now
    return Whole(draft, planned, told, silent, planning.clashing(scene, draft, planned), over)


def local(scene: Scene) -> datetime:
    """Now, on the community's own clock."""
    return scene.now.astimezone(scene.settings.zone)


def missing(draft: SlotQueue) -> str | None:
    """What of a queue has not been said yet."""
    known = (draft.title, draft.starts_at, draft.place, draft.per_quarter)
    return next((name for name, value in zip(MISSING, known, strict=True) if not value), None)


def go_on(turn: Turn, draft: SlotQueue, *, again: bool = False, why: str = "") -> Reply:
    """Ask for what is missing, one thing a message, then show the whole; `why` it is shown once more."""
    lacks = missing(draft)
    if lacks is None:
        return _preview(turn, whole(turn, draft), why)
    rows = slot_rules.rules(turn.catalog)
    offered: Sequence[str] = ()
    if lacks == "title":
        offered = rows.titles
    elif lacks == "pace":
        offered = [str(many) for many in rows.offers]
    buttons = tuple(Button(f"{LITERAL}{word}", f"slot_say {draft.number} {word}") for word in offered[:CHOICES])
    values = {"missing": lacks, "again": again, "title": draft.title}
    ask = Ask(takes=f"slot_say {draft.number}", lasts_s=ANSWER_S)
    return Reply("slots/ask", values, buttons=buttons, ask=ask)


def _preview(turn: Turn, shown: Whole, why: str) -> Reply:
    """The whole queue as it will be, whom it reaches and whom not; nothing has left yet."""
    draft, planned, rows = shown.draft, shown.plan, slot_rules.rules(turn.catalog)
    pace, end = planning.pace_needed(turn, planned), planning.end_needed(turn, draft, planned)
    number, clash = draft.number, shown.clash
    label = label_of(rows, shown)
    buttons = [Button(LITERAL + label, f"{OPENS} {number} {shown.mark}")]
    if shown.over:
        buttons = []
    elif planned.left_over:
        buttons = [Button("slot_extend", f"slot_extend {number}")]
        if pace <= rows.most_per_quarter:
            buttons.insert(0, Button("slot_raise", f"slot_raise {number}"))
    elif clash is not None:
        moved = rows.move.format(at=f"{clash.until.astimezone(turn.settings.zone):%H:%M}")
        buttons = [Button(LITERAL + moved, f"slot_move {number}")]
    buttons += [Button("slot_change", f"slot_change {number}"), Button("slot_drop", f"slot_drop {number}")]
    values = {
        "queue": draft,
        "plan": planned,
        "lines": planning.lines(turn, planned.timed),
        "groups": [chat.name for chat, _ in shown.told],
        "reached": shown.reached,
        "silent": [grid.name for grid in shown.silent],
        "quarter": rows.quarter_minutes,
        "pace": pace,
        "end": end,
        "clash": clash,
        "over": shown.over,
        "label": label,
        "why": why,
    }
    return Reply("slots/preview", values, buttons=tuple(buttons), about=number, ask=Ask(lasts_s=ANSWER_S))


def label_of(rows: slot_rules.Rules, shown: Whole) -> str:
    """What stands on the button that lets it go: it names the audience."""
    form = rows.labels.groups if shown.told else rows.labels.nobody
    return form.format(place=shown.plan.grid.name, groups=len(shown.told), households=shown.reached)
