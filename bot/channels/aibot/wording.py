"""How words look to an aibot's readers: a card where there is something to tap, else text, which is markdown."""

import hashlib
import re
from collections.abc import Mapping, Sequence

from bot.channels.wecom import cards
from bot.channels.wecom.cards import Size
from bot.message import Delivery

SIZE = Size(26, 112)
"""Letters that a bot's card shows of its title and of what stands below."""
LONGEST_BYTES = 20_480
MISREAD = re.compile(r"(?<=\])(?=\()|(?<=<)(?=[@/a-zA-Z])")
"""Where markdown would show somebody's words as a link, a mention or a colour of the bot's."""
Body = Mapping[str, object]


def fits(delivery: Delivery) -> bool:
    """Whether a card can hold it."""
    return cards.fits(delivery, SIZE)


def stream(call: str, words: str) -> Body:
    """The whole answer to a message, in one go; the same call has the same one."""
    return {"msgtype": "stream", "stream": _stream(call, words)}


def stream_and_card(call: str, words: str, buttons: Sequence[tuple[str, str]]) -> Body:
    """Words that no card could hold, and the card below them."""
    card = cards.card(cards.head(words, SIZE), buttons, task(call), SIZE)
    return {"msgtype": "stream_with_template_card", "stream": _stream(call, words), "template_card": card}


def welcome(words: str) -> Body:
    """What greets whoever opens the chat."""
    return {"msgtype": "text", "text": {"content": words}}


def markdown(words: str) -> Body:
    """Words of their own."""
    return {"msgtype": "markdown", "markdown": {"content": plain(words)}}


def template(words: str, buttons: Sequence[tuple[str, str]], name: str) -> Body:
    """A card; `name` is unique for the bot."""
    return {"msgtype": "template_card", "template_card": cards.card(words, buttons, name, SIZE)}


def update(words: str, buttons: Sequence[tuple[str, str]], name: str, *, whose: str, link: str) -> Body:
    """What stands in place of the card that was tapped: for everybody while it can be tapped, else for who tapped."""
    if buttons:
        card = cards.card(words, buttons, name, SIZE)
    else:
        card = cards.card(words, (), name, SIZE) | {"card_type": "text_notice", "card_action": {"type": 1, "url": link}}
        del card["button_list"]
    users = {"userids": [whose]} if whose and not buttons else {}
    return {"response_type": "update_template_card", **users, "template_card": card}


def cut(words: str) -> str:
    """As much as a card holds."""
    first, _, rest = words.partition("\n")
    if len(first) > SIZE.title:
        return words if len(words) <= SIZE.body else words[: SIZE.body - 1] + "…"
    return f"{first}\n{rest if len(rest) <= SIZE.body else rest[: SIZE.body - 1] + '…'}".strip("\n")


def task(call: str) -> str:
    """The name of the card in the answer to a call."""
    return f"a{_short(call)}"


def plain(words: str) -> str:
    """The words as markdown shows them as they are."""
    return MISREAD.sub(" ", words)


def _stream(call: str, words: str) -> Body:
    return {"id": _short(call), "finish": True, "content": plain(words)}


def _short(call: str) -> str:
    return hashlib.sha256(call.encode(errors="replace")).hexdigest()[:32]
