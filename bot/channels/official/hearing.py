"""What the account's calls say: each as the one thing that happened, or nothing."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from xml.parsers.expat import ExpatError

from wechatpy import parse_message  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from bot.errors import BadRequest
from bot.message import Happening, Incoming

log = logging.getLogger(__name__)

NAME_LETTERS = 128
"""No OpenID, nor anything else that names somebody, is longer."""
UNREADABLE = (ExpatError, KeyError, ValueError, TypeError, AttributeError, RecursionError)
"""What wechatpy raises at what is no message."""
WORDLESS = ("video", "shortvideo", "link", "miniprogrampage")
"""Somebody wants something, but has said nothing that can be read: they are asked to type it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one call says."""

    happened: Incoming | None
    """None for whatever does not concern us."""
    account: str
    """The account's own name, which signs the answer."""
    opener: str
    """The OpenID of whoever did it."""
    sent_at: int
    """The platform's moment: the same in every repeat."""
    tapped: bool = False
    """Followed, scanned or tapped the menu: that allows fewer words than a message does."""


def read(xml: str, channel: str, at: datetime) -> Heard:
    """What it says. BadRequest: it is no message."""
    try:
        message: object = cast("object", parse_message(xml))
        return _heard(message, channel, at)
    except UNREADABLE as fault:
        raise BadRequest("not a message") from fault


def _heard(message: object, channel: str, at: datetime) -> Heard:
    opener, account, sent_at = _of(message, "source"), _of(message, "target"), int(_of(message, "time"))
    if not (0 < len(opener) <= NAME_LETTERS and 0 < len(account) <= NAME_LETTERS):
        raise ValueError(opener)
    kind, number = _of(message, "type"), int(_of(message, "id") or 0)
    event = kind == "event"
    found = _happened(message) if event else _said(message, kind)
    if found is None:
        return Heard(None, account, opener, sent_at)
    happening, text = found
    key = f"{opener} {sent_at} {_of(message, 'event')} {_of(message, 'key') or _of(message, 'scene_id')}"
    incoming = Incoming(
        channel=channel,
        key=str(number) if number and not event else key[: 4 * NAME_LETTERS],
        sender=opener,
        chat=None,
        at=at,
        happening=happening,
        text=text.replace("\0", ""),
    )
    return Heard(incoming, account, opener, sent_at, tapped=event)


def _said(message: object, kind: str) -> tuple[Happening, str] | None:
    if kind == "text":
        return "text", _of(message, "content")
    if kind == "image":
        return "photo", _of(message, "media_id") or _of(message, "image")
    if kind == "location":
        spot = f"{float(_of(message, 'location_x')):.6f},{float(_of(message, 'location_y')):.6f}"
        return "place", _of(message, "label").strip() or spot
    if kind == "voice":
        words = _of(message, "recognition")
        return ("text", words) if words else ("voice", _of(message, "media_id"))
    if kind in WORDLESS:
        return "text", ""
    return None


def _happened(message: object) -> tuple[Happening, str] | None:
    """An event; positions (LOCATION), pages that were opened and whatever else there is do not concern us."""
    event = _of(message, "event")
    if event in ("subscribe_scan", "scan"):
        return "scan", _of(message, "scene_id")
    if event == "subscribe":
        return "joined", ""
    if event == "unsubscribe":
        return "left", ""
    if event == "click" and _of(message, "key"):
        return "text", _of(message, "key")
    if event == "templatesendjobfinish" and _of(message, "status") != "success":
        log.warning("a template message did not arrive", extra={"why": _of(message, "status")[:40]})
    return None


def _of(message: object, name: str) -> str:
    """One of its fields as words; nothing where it has none."""
    value: object = getattr(message, name, None)
    return "" if value is None else str(value)
