"""What an aibot's calls say: each as the things that happened, or nothing; the same by callback and on the line."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from bot.errors import BadRequest
from bot.message import Happening, Incoming

ID_LETTERS = 256
URL_LETTERS = 2048
LONGEST = 20_000
"""Letters of what somebody says; WeCom takes less than half of that."""
GROUP = "group"
GAP = "[\\s\u200b\ufeff]"
"""What stands beside a mention: WeCom writes a blank, WeChat one of its own (U+2005), whoever types it perhaps none."""
AFTER_A_NAME = "，,：:、"
"""What people write between a name that they call and what they have to say."""
Kind = Literal["message", "welcome", "click"]
"""How the call wants to be answered."""


class _Words(msgspec.Struct, frozen=True):
    content: str = ""


class _Media(msgspec.Struct, frozen=True):
    url: str = ""


class _Part(msgspec.Struct, frozen=True):
    msgtype: str = ""
    text: _Words = _Words()
    image: _Media = _Media()


class _Mixed(msgspec.Struct, frozen=True):
    msg_item: tuple[_Part, ...] = ()


class _Quote(msgspec.Struct, frozen=True):
    msgtype: str = ""
    text: _Words = _Words()
    voice: _Words = _Words()
    mixed: _Mixed = _Mixed()

    @property
    def words(self) -> str:
        """What was quoted, as far as it is words."""
        said = [self.text.content, self.voice.content, *(part.text.content for part in self.mixed.msg_item)]
        return "\n".join(one for one in said if one)


class _From(msgspec.Struct, frozen=True):
    userid: str = ""


class _Tap(msgspec.Struct, frozen=True):
    event_key: str = ""
    task_id: str = ""


class _Event(msgspec.Struct, frozen=True):
    eventtype: str = ""
    template_card_event: _Tap = _Tap()


class _Body(msgspec.Struct, frozen=True):
    """One call, as far as we look."""

    msgtype: str
    msgid: str = ""
    chatid: str = ""
    chattype: str = ""
    sender: _From = msgspec.field(default=_From(), name="from")
    response_url: str = ""
    create_time: int | str = 0
    text: _Words = _Words()
    image: _Media = _Media()
    video: _Media = _Media()
    voice: _Words = _Words()
    mixed: _Mixed = _Mixed()
    quote: _Quote = _Quote()
    event: _Event = _Event()


BODY = msgspec.json.Decoder(_Body)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one call says; nothing happened in what does not concern us."""

    happened: Sequence[Incoming] = ()
    kind: Kind = "message"
    task: str = ""
    """The card that was tapped."""
    reply_url: str = ""
    """Where one later word may be said, once."""
    displaced: bool = False
    """Somebody else has taken the line."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Reads one bot's calls."""

    channel: str
    name: str
    """Its own in WeCom, which stands behind the @."""
    called: str
    """What it is called in our words."""

    def read(self, words: str | bytes, at: datetime) -> Heard:
        """What it says. BadRequest: it is no message."""
        try:
            body = BODY.decode(words)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
            raise BadRequest("no message") from fault
        if body.event.eventtype == "disconnected_event":
            return Heard(displaced=True)
        group = body.chattype == GROUP
        if not _is_name(body.sender.userid) or (group and not _is_name(body.chatid)):
            return Heard()
        kind, found = _event(body) if body.msgtype == "event" else ("message", self._said(body, group=group))
        key = body.msgid if _is_name(body.msgid) else _key(body)
        url = body.response_url if _is_url(body.response_url) else ""
        happened = [
            Incoming(
                channel=self.channel,
                key=f"{key} {n}" if n else key,
                sender=body.sender.userid,
                chat=body.chatid if group else None,
                at=at,
                happening=happening,
                text=_clean(text)[:LONGEST],
                quoted=_clean(body.quote.words)[:LONGEST],
                message=url or key,
            )
            for n, (happening, text) in enumerate(found)
        ]
        return Heard(happened, kind, body.event.template_card_event.task_id, url)

    def _said(self, body: _Body, *, group: bool) -> list[tuple[Happening, str]]:
        """One message; a picture with words is two things: first what is the matter, then the picture of it."""
        match body.msgtype:
            case "text":
                return [("text", self._meant(body.text.content, body.quote.words, group=group))]
            case "mixed":
                texts = "\n".join(part.text.content for part in body.mixed.msg_item if part.text.content)
                said = self._meant(texts, body.quote.words, group=group)
                pictures = [part.image.url for part in body.mixed.msg_item if part.msgtype == "image"]
                words: list[tuple[Happening, str]] = [("text", said)] if said.strip() or not pictures else []
                return words + [("photo", url) for url in pictures[:1]]
            case "image":
                return [("photo", body.image.url)]
            case "video":
                return [("photo", body.video.url)]
            case "voice":
                return [("text", body.voice.content) if body.voice.content.strip() else ("voice", "")]
            case "file":
                return [("text", "")]  # somebody wants something, but has said nothing that can be read
            case _:
                return []

    def _meant(self, words: str, quoted: str, *, group: bool) -> str:
        """The words without the bot's name, wherever it was called; in a group by the name that we know it by."""
        rest = _uncalled(words, self.name, loosely=not quoted) if self.name else words
        if not group or rest == words or (quoted and not rest.strip()):
            return rest
        return f"@{self.called} {rest}".rstrip()


def _uncalled(words: str, name: str, *, loosely: bool) -> str:
    """The words without the mentions of this name; mentions of others, whose names may begin with it, stay.

    Their names end with a blank. Where nobody but the bot can be meant, it need not: with `loosely`.
    """
    mention = f"(?P<before>{GAP}*)[@＠]{re.escape(name)}"
    whole = re.compile(rf"{mention}(?!\w)(?P<after>{GAP}*)")
    called = whole if not loosely or whole.search(words) else re.compile(rf"{mention}(?P<after>{GAP}*)")
    rest = called.sub(_in_its_place, words)
    if rest == words:
        return words
    return rest.strip().lstrip(AFTER_A_NAME).lstrip() if called.match(words) else rest.strip()


def _in_its_place(mention: re.Match[str]) -> str:
    """The gap that is left: the blank behind a mention is its own, what stood before it is the sentence's."""
    if "\n" in mention["before"] + mention["after"]:
        return "\n"
    return " " if mention["before"] else ""


def _event(body: _Body) -> tuple[Kind, list[tuple[Happening, str]]]:
    match body.event.eventtype:
        case "template_card_event":
            tap = body.event.template_card_event
            return "click", [("press", tap.event_key)] if tap.event_key else []
        case "enter_chat":
            return "welcome", [("joined", "")]
        case _:
            return "message", []


def _key(body: _Body) -> str:
    """What tells one call from another where there is no msgid."""
    tap = body.event.template_card_event
    held = (
        body.sender.userid, body.chatid, body.msgtype, body.create_time, body.text.content, body.event.eventtype,
        tap.event_key, tap.task_id, body.response_url,
    )  # fmt: skip
    return hashlib.sha256("\n".join(map(str, held)).encode(errors="replace")).hexdigest()[:40]


def _is_name(name: str) -> bool:
    return 0 < len(name) <= ID_LETTERS and name.isprintable()


def _is_url(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= URL_LETTERS and url.isascii() and url.isprintable()


def _clean(words: str) -> str:
    """Without what no database keeps."""
    return words.replace("\0", "").encode(errors="ignore").decode()
