"""The menu of commands: Telegram's are Latin, people's are not."""

from pathlib import Path

import msgspec

from bot.errors import CatalogError


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One command of the menu."""

    says: str
    """What it means, as a person would type it."""
    about: str
    """What the menu says of it."""


def load(path: Path) -> dict[str, Entry]:
    """The menu by command, in its order; CatalogError says what is wrong with the file."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=dict[str, Entry])
    except (OSError, msgspec.DecodeError) as fault:
        raise CatalogError(f"{path}: {fault}") from fault
