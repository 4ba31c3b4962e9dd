"""Reads an update's bytes with aiogram's types: only what concerns us, so that news from Telegram elsewhere breaks nothing."""

from collections.abc import Iterable, Mapping
from typing import cast

import msgspec
from aiogram.types import Update
from pydantic import ValidationError

MEMBERSHIPS = ("my_chat_member", "chat_member")
"""The bot itself, and others: of those Telegram tells only where the bot is an administrator."""
WANTED = ("message", "callback_query", *MEMBERSHIPS)
"""What people change in their words afterwards is nothing to us."""
UNREADABLE = (msgspec.DecodeError, ValidationError, UnicodeError, RecursionError)
"""What `decoded` and `read` raise for what is no update."""
NAMED = ("message_id", "date", "chat", "message_thread_id", "is_topic_message")
SAID = (
    *NAMED,
    *("from", "sender_chat", "author_signature", "is_automatic_forward", "text", "caption"),
    *("photo", "video", "document", "venue", "location", "voice", "video_note", "audio"),
    *("migrate_to_chat_id", "migrate_from_chat_id", "reply_to_message"),
)
QUOTED = (*NAMED, "forum_topic_created")
TAPPED = ("id", "from", "chat_instance", "message", "data")
CHANGED = ("chat", "from", "date", "old_chat_member", "new_chat_member")
PRESENT = frozenset(("member", "administrator", "creator"))
JSON = msgspec.json.Decoder(dict[str, object])


def decoded(body: bytes) -> dict[str, object]:
    """The object that these bytes are."""
    return JSON.decode(body)


def read(update: Mapping[str, object]) -> Update:
    """The part of it that concerns us."""
    parts: dict[str, object] = {name: update[name] for name in ("update_id", *WANTED) if name in update}
    if message := _some(parts, "message", SAID):
        _some(message, "reply_to_message", QUOTED)
    if tap := _some(parts, "callback_query", TAPPED):
        tap.setdefault("chat_instance", "")
        _some(tap, "message", NAMED)
    for membership in MEMBERSHIPS:
        if change := _some(parts, membership, CHANGED):
            for when in ("old_chat_member", "new_chat_member"):
                change[when] = _presence(change.get(when))
    return Update.model_validate(parts)


def _some(of: dict[str, object], part: str, names: Iterable[str]) -> dict[str, object] | None:
    """That part of it, which has only these names from now on; None where there is none."""
    found = of.get(part)
    if not isinstance(found, dict):
        return None
    whole = cast("dict[str, object]", found)
    kept = of[part] = {name: whole[name] for name in names if name in whole}
    return kept


def _presence(member: object) -> object:
    """A member who is there, or one who left: the rights that administrators have grow with every year."""
    if not isinstance(member, dict):
        return member
    whole = cast("dict[str, object]", member)
    status = whole.get("status")
    there = status in PRESENT or (status == "restricted" and whole.get("is_member") is True)
    return {"user": whole.get("user"), "status": "member" if there else "left"}
