"""How a notice looks: its words for each kind of listener, and what the one who writes it is shown before."""

import zlib
from datetime import datetime

from bot.message import LITERAL, Ask, Button, Reply
from bot.turn import Scene
from handlers.notices import audience, by_hand, conflicts, crons, days, reading, whose
from handlers.notices.audience import Reach
from handlers.notices.release import Face
from handlers.notices.terms import terms
from handlers.people import modes
from storage import notices, repeats
from storage.notices import Notice

ACK = "acknowledge"
"""The order behind the button 收到."""


def values(scene: Scene, notice: Notice) -> dict[str, object]:
    """What every text about a notice may name."""
    return {
        "notice": notice,
        "grid": whose.grid_of(scene, notice),
        "place": whose.place_of(scene, notice),
        "original": notices.find(scene.session, notice.refers_to) if notice.refers_to else None,
        "order": order_of(notice),
        "words": days.read_now(scene, notice),
    }


def order_of(notice: Notice) -> str:
    """Its order number as people write it."""
    return notice.order_key.partition("@")[0]


def of(scene: Scene, notice: Notice) -> list[Face]:
    """A face for each way down; its words leave when the notice begins and quiet hours are over."""
    words, due_at = values(scene, notice), conflicts.leaves_at(scene, notice)
    buttons = (Button("notice_ack", f"{ACK} {notice.number}"),) if notice.wants_ack else ()
    later = due_at if due_at > scene.now else None
    ways = audience.listeners(audience.of(notice))
    told = [Face(way, "notices/face", words, buttons, later) for way in ways]
    if "residents_groups" in ways and by_hand.is_wanted(scene, notice):
        told.append(Face("customer_groups", "notices/face_by_hand", words, due_at=later))
    return told


def mark(notice: Notice) -> str:
    """A fingerprint of what was shown: a yes to one text releases no other."""
    parts = (notice.grid_id, notice.audience, notice.topic, notice.summary, notice.text, notice.attachment,
             notice.begins_at, notice.until, notice.wants_ack, notice.lane, notice.drill, notice.order_key)  # fmt: skip
    return f"{zlib.crc32(repr(parts).encode()):08x}"


def whom(scene: Scene, notice: Notice) -> dict[str, object]:
    """The audience, for a text to say it in words."""
    said = audience.of(notice)
    return {
        "audience": said,
        "tags": [tag.name for tag in terms(scene.catalog).tags(said.tags)],
        "roles": said.roles,
    }


def about(scene: Scene, notice: Notice, reach: Reach | None = None) -> dict[str, object]:
    """Everything that is shown before a release."""
    reach, rows = reach or conflicts.reach(scene, notice), terms(scene.catalog)
    why = conflicts.reasons(scene, notice, proposes=conflicts.proposed(scene, notice))
    leaves = conflicts.leaves_at(scene, notice)
    rule = repeats.of(scene.session, notice.number) if notice.state in (notices.DRAFT, notices.WAITING) else None
    return {
        **values(scene, notice),
        **whom(scene, notice),
        "reach": reach,
        "now": scene.now,
        "leaves": leaves,
        "last": leaves + reach.lasts,
        "quiet": modes.quiet(scene, whose.grid_of(scene, notice), max(notice.begins_at or scene.now, scene.now)),
        "budget": conflicts.budget(scene, notice),
        "forbidden": conflicts.private_words(notice, conflicts.NEVER_IN_A_GROUP),
        "hidden": conflicts.private_words(notice, conflicts.HIDDEN_IN_A_GROUP),
        "why": why,
        "agree": conflicts.who_agrees(scene, notice, why) if why else [],
        "rule": crons.spoken(rule.cron) if rule else None,
        "next_at": next_time(scene, rule.cron) if rule else None,
        "named": rows.named,
        "late": _waits_too_long(scene, notice, leaves),
        "dated": leaves > scene.now and reading.DATE_BEHIND.search(f"{notice.text}{notice.summary}") is not None,
    }


def _waits_too_long(scene: Scene, notice: Notice, leaves: datetime) -> bool:
    """Whether quiet hours hold it until what it tells of has begun, or nearly so."""
    return notice.begins_at is None and leaves > scene.now and days.too_late(scene, notice, leaves)


def next_time(scene: Scene, rule: str) -> datetime | None:
    """When the rule names the next moment."""
    return crons.after(rule, scene.now, scene.settings.zone)


def preview(scene: Scene, notice: Notice) -> list[Reply]:
    """What people will see; then whom it reaches, what speaks against it and how it is released."""
    shown = about(scene, notice)
    ack = "notice_no_ack" if notice.wants_ack else "notice_want_ack"
    buttons = (Button(ack, f"{ack} {notice.number}"), Button("notice_drop", f"notice_drop {notice.number}"))
    if shown["late"] and not shown["rule"]:
        buttons = (
            Button("notice_now", f"notice_change {notice.number} {terms(scene.catalog).fields.urgent[0]}"),
            *buttons,
        )
    ask = Ask(takes=f"notice_change {notice.number}", lasts_s=3600)
    return [
        Reply("notices/preview_face", shown, about=notice.number),
        Reply("notices/preview", shown, buttons=buttons, about=notice.number, ask=ask),
    ]


def label(scene: Scene, notice: Notice, reach: Reach) -> str:
    """What stands on the button that releases it: it names the audience."""
    says, people = terms(scene.catalog).labels, reach.staff + reach.residents
    groups = reach.all_groups
    form = says.both if groups and people else says.groups if groups else says.people
    return LITERAL + form.format(place=whose.grid_of(scene, notice).name, groups=groups, people=people)
