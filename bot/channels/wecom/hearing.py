"""What WeCom's calls say: each as the things that happened, or nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from xml.parsers.expat import ExpatError

from wechatpy.enterprise import parse_message  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from bot.errors import BadRequest
from bot.message import Happening, Incoming

STRONG = ("FromUserName", "CreateTime", "Event", "EventKey", "AgentID", "ChangeType", "TaskId", "ResponseCode")
"""What tells one event from another: they have no MsgId, and two may happen in one second."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one call says."""

    happened: Incoming | None = None
    clicked: tuple[str, str] | None = None
    """The task of the card that was tapped, and the code by which it can be changed once."""
    group: str = ""
    """The customer group in which something changed: its name, its owner, who is in it."""


def read(channel: str, xml: str, at: datetime) -> Heard:
    """What it says; empty for whatever does not concern us. BadRequest where it is no message."""
    says = _fields(xml)
    who = says.get("FromUserName", "")
    if says["MsgType"] == "event" and says.get("Event", "").lower() == "change_external_chat":
        return Heard(group=says.get("ChatId", ""))
    found = _event(says) if says["MsgType"] == "event" else _message(says)
    if found is None or not who:
        return Heard()
    key, happening, text = found
    incoming = Incoming(channel, key, who, None, at, happening, text.replace("\0", ""))
    task, code = says.get("TaskId", ""), says.get("ResponseCode", "")
    return Heard(incoming, (task, code) if task and code else None)


def _fields(xml: str) -> Mapping[str, str]:
    try:
        message = cast("object", parse_message(xml))
        held = cast("Mapping[str, object]", vars(message)["_data"])
    except (ExpatError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise BadRequest("no message") from fault
    says = {name: value for name, value in held.items() if isinstance(value, str)}
    if "MsgType" not in says:
        raise BadRequest("no message")
    return {**says, "MsgType": says["MsgType"].lower()}


def _message(says: Mapping[str, str]) -> tuple[str, Happening, str] | None:
    key = says.get("MsgId") or _key(says)
    match says["MsgType"]:
        case "text":
            return key, "text", says.get("Content", "")
        case "image":
            return key, "photo", says.get("MediaId", "")
        case "location":
            where = f"{says.get('Location_X', '')},{says.get('Location_Y', '')}"
            return key, "place", says.get("Label", "").strip() or where
        case "voice":
            return key, "voice", ""
        case "link":
            return key, "text", says.get("Title", "")
        case _:
            return None


def _event(says: Mapping[str, str]) -> tuple[str, Happening, str] | None:
    match says.get("Event", "").lower():
        case "template_card_event":
            return _key(says), "press", says.get("EventKey", "")
        case "click":
            return _key(says), "text", says.get("EventKey", "")  # the menu's keys are the words they stand for
        case "subscribe":
            return _key(says), "joined", ""
        case "enter_agent":
            # it comes whenever somebody looks in: who was greeted is not greeted at each look
            return f"entered {says.get('FromUserName', '')}", "joined", ""
        case "unsubscribe":
            return _key(says), "left", ""
        case _:
            return None


def _key(says: Mapping[str, str]) -> str:
    held = "\n".join(f"{name} {says.get(name, '')}" for name in STRONG)
    return hashlib.sha256(held.encode(errors="replace")).hexdigest()[:40]
