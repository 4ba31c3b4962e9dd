"""What a community may edit of the account: its menu, and the fields of its template messages."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from bot.errors import CatalogError

TOP, UNDER = 3, 5
"""Entries of a menu, and entries under one of them."""
TOP_BYTES, UNDER_BYTES, KEY_BYTES = 16, 60, 128
LaneName = Literal["emergency", "reply", "duty", "notice", "digest"]
LONGEST = {
    "thing": 20, "character_string": 32, "phrase": 5, "name": 10, "const": 20, "letter": 32, "symbol": 5,
    "number": 32, "phone_number": 17, "car_number": 8,
}  # fmt: skip
"""Characters that a field holds, by the kind that its name begins with; the platform refuses longer ones."""
KIND = re.compile(r"[a-z_]+")


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the menu: it says something, opens a page, or has others under it."""

    name: str
    says: str = ""
    """What a tap on it means, as a person would type it."""
    url: str = ""
    under: tuple["Entry", ...] = ()


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One template message 模板消息 or subscription message 订阅通知."""

    fields: dict[str, str]
    """What each field says; {words} and {time} are filled in."""
    way: Literal["template", "subscription"] = "template"
    url: str = ""
    page: str = ""

    def filled(self, words: str, at: datetime) -> tuple[dict[str, dict[str, str]], bool]:
        """The fields as the platform takes them, and whether they hold all the words."""
        line, time = " ".join(words.split()), f"{at:%Y-%m-%d %H:%M}"
        data: dict[str, dict[str, str]] = {}
        whole = False
        for name, says in self.fields.items():
            text = says.replace("{time}", time).replace("{words}", line)
            held = _cut(name, text)
            whole = whole or ("{words}" in says and held == text)
            data[name] = {"value": held}
        return data, whole


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """templates/channels/official.toml."""

    menu: tuple[Entry, ...] = ()
    lanes: Mapping[LaneName, Template] = {}


def load(path: Path) -> Words:
    """The file; CatalogError says what is wrong with it."""
    try:
        words = msgspec.toml.decode(path.read_bytes(), type=Words)
    except (OSError, msgspec.DecodeError) as fault:
        raise CatalogError(f"{path}: {fault}") from fault
    for fault in _faults(words.menu):
        raise CatalogError(f"{path}: {fault}")
    return words


def menu(entries: tuple[Entry, ...]) -> dict[str, object]:
    """As the platform takes it. What an entry says is its key: so a menu of yesterday still means what it said."""
    return {"button": [_button(entry) for entry in entries]}


def _button(entry: Entry) -> dict[str, object]:
    if entry.under:
        return {"name": entry.name, "sub_button": [_button(one) for one in entry.under]}
    if entry.url:
        return {"type": "view", "name": entry.name, "url": entry.url}
    return {"type": "click", "name": entry.name, "key": entry.says}


def _faults(entries: tuple[Entry, ...]) -> list[str]:
    faults = [f"the menu has more than {TOP} entries"] * (len(entries) > TOP)
    for entry in entries:
        if len(entry.name.encode()) > TOP_BYTES:
            faults.append(f"menu {entry.name}: at most {TOP_BYTES} bytes")
        if len(entry.under) > UNDER:
            faults.append(f"menu {entry.name}: more than {UNDER} entries under it")
        for one in entry.under or (entry,):
            if entry.under and (one.under or len(one.name.encode()) > UNDER_BYTES):
                faults.append(f"menu {one.name}: at most {UNDER_BYTES} bytes, and nothing under it")
            if bool(one.says) == bool(one.url) or len(one.says.encode()) > KEY_BYTES:
                faults.append(f"menu {one.name}: either says (at most {KEY_BYTES} bytes) or url")
    return faults


def _cut(name: str, text: str) -> str:
    kind = KIND.match(name)
    longest = LONGEST.get(kind[0].rstrip("_") if kind else "", 200)
    return text if len(text) <= longest else text[: longest - 1] + "…"
