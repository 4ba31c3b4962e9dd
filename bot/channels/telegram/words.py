"""What Telegram shows of its own accord: the menu of commands (its are Latin, people's are not), a word for dead buttons."""

from pathlib import Path

import msgspec

from bot.errors import CatalogError

CHECKS = frozenset(
    (
        *("well", "token", "unreachable", "privacy", "name", "clock"),
        *("hook_missing", "hook_elsewhere", "hook_failing", "hook_wants", "hook_in_the_way", "hook_open"),
    )
)


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One command of the menu."""

    says: str
    """What it means, as a person would type it."""
    about: str
    """What the menu says of it."""


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of one thing that was looked at."""

    says: str
    do: str = ""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """telegram.toml."""

    called: str
    """What the bot is called by whoever mentions its user name."""
    stale: str
    """Shown where a button was tapped that is none of ours, or no longer."""
    checks: dict[str, Check]
    """What `xiaoge channels check` may find."""
    menu: dict[str, Entry]
    """By command, in its order."""


def load(path: Path) -> Words:
    """The file's words; CatalogError says what is wrong with it."""
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=Words)
    except (OSError, msgspec.DecodeError) as fault:
        raise CatalogError(f"{path}: {fault}") from fault
    if missing := CHECKS - found.checks.keys():
        raise CatalogError(f"{path}: [checks.{min(missing)}] is missing")
    return found
