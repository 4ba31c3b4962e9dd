"""How words look in WeCom: a card with buttons where it can hold them, else a text."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.message import Delivery


@dataclass(frozen=True, slots=True)
class Size:
    """Letters that a card shows of its title and of what stands below."""

    title: int
    body: int


APP = Size(36, 160)
BUTTONS = 6
KEY_BYTES = 1024


def fits(delivery: Delivery, size: Size = APP) -> bool:
    """Whether a card can hold it."""
    keys = [press.encode() for _, press in delivery.buttons]
    held = 1 <= len(keys) <= BUTTONS and all(len(key) <= KEY_BYTES for key in keys)
    return held and len(_parts(delivery.text, size)[1]) <= size.body


def card(text: str, buttons: Sequence[tuple[str, str]], task: str, size: Size = APP) -> dict[str, object]:
    """A button_interaction card; `task` is unique in the app."""
    title, body = _parts(text, size)
    held: dict[str, object] = {
        "card_type": "button_interaction",
        "main_title": {"title": title},
        "button_list": [{"text": label, "key": press} for label, press in buttons],
        "task_id": task,
    }
    if body:
        held["sub_title_text"] = body
    return held


def head(text: str, size: Size = APP) -> str:
    """As much of it as a title holds, for the card below a text that is too long for one."""
    first = text.partition("\n")[0]
    return first if len(first) <= size.title else first[: size.title - 1] + "…"


def _parts(text: str, size: Size) -> tuple[str, str]:
    """The first line as the title where it fits one; else all of it stands below."""
    first, _, rest = text.partition("\n")
    return (first, rest.strip("\n")) if len(first) <= size.title else ("", text)
