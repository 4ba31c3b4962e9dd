"""What Telegram's updates say: each as the things that happened, or nothing."""

import re
from dataclasses import dataclass
from datetime import datetime

from aiogram.types import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    Message,
    Update,
    User,
)

from bot.channels.telegram.signing import Presses
from bot.channels.telegram.words import Words
from bot.message import Happening, Incoming

GROUPS = frozenset(("group", "supergroup"))
SERVICE = 777000
"""Telegram itself speaks: a channel's post that comes into the group linked to it."""
IN_A_NAME = "as"
"""What the sender's id begins with where somebody speaks as a group or a channel: nobody can be told anything there."""
HELLO = "hello"
"""What our own link carries, which names no place."""
LONGEST = 4096
"""Characters; Telegram lets nobody say more at once."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one update says."""

    happened: tuple[Incoming, ...] = ()
    callback: str = ""
    """The id of a tap that wants its answer, whatever it meant."""
    moved: tuple[str, str] | None = None
    """A group's old and new id."""


@dataclass(frozen=True, slots=True)
class _Who:
    """Who speaks, as far as Telegram tells."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What every thing that one update says has in common."""

    key: str
    at: datetime
    who: _Who
    chat: Chat
    quote: str | None = None
    message: str = ""


class Hearing:
    """Reads one bot's updates; `name` is its own, once it is known."""

    def __init__(self, channel: str, bot: str, presses: Presses, words: Words) -> None:
        self.name = ""
        self._channel = channel
        self._bot = bot
        self._presses = presses
        self._words = words

    def read(self, update: Update, at: datetime) -> Heard:
        """What it says; empty for whatever does not concern us."""
        key = f"{self._bot}/{update.update_id}"
        if update.callback_query is not None:
            return self._tap(update.callback_query, key, at)
        if update.my_chat_member is not None:
            return self._membership(update.my_chat_member, key, at)
        if update.chat_member is not None:
            return self._neighbour(update.chat_member, key, at)
        return self._spoken(update.message, key, at) if update.message is not None else Heard()

    def _spoken(self, message: Message, key: str, at: datetime) -> Heard:
        here = str(message.chat.id)
        if message.migrate_to_chat_id is not None:
            return Heard(moved=(here, str(message.migrate_to_chat_id)))
        if message.migrate_from_chat_id is not None:
            return Heard(moved=(str(message.migrate_from_chat_id), here))
        who = _speaker(message)
        if who is None or message.chat.type not in (*GROUPS, "private"):
            return Heard()
        quoted = message.reply_to_message
        quote = None if quoted is None or quoted.forum_topic_created is not None else str(quoted.message_id)
        said = _Said(key, at, who, message.chat, quote, _named(message))
        return Heard(tuple(self._incoming(said, *one, n) for n, one in enumerate(self._happened(message))))

    def _happened(self, message: Message) -> list[tuple[Happening, str]]:
        """One message; a picture with words is two things: first what is the matter, then the picture of it."""
        happened: list[tuple[Happening, str]] = []
        if words := (message.text or message.caption or "")[:LONGEST].strip():
            happened += self._meant(words)
        if pictured := _pictured(message):
            happened.append(("photo", pictured))
        elif message.venue is not None:
            happened.append(("place", message.venue.title))
        elif message.location is not None:
            happened.append(("place", f"{message.location.latitude:.6f},{message.location.longitude:.6f}"))
        elif not words and (message.voice or message.video_note or message.audio):
            happened.append(("voice", ""))
        return happened

    def _meant(self, words: str) -> list[tuple[Happening, str]]:
        """A command as a person would type it; a link's code as what was scanned; all else as it is."""
        if not words.startswith("/"):
            return [("text", self._called(words))]
        head, *more = words[1:].split(maxsplit=1)[:2] or [""]
        rest = more[0] if more else ""
        command, _, to = head.partition("@")
        if to and self.name and to.lower() != self.name.lower():
            return []  # another bot's
        if command == "start":
            return [("scan", rest) if rest and rest != HELLO else ("joined", "")]
        entry = self._words.menu.get(command)
        meant = f"{entry.says if entry else command} {rest}".strip()
        return [("text", meant)] if meant else []

    def _called(self, words: str) -> str:
        """The bot's user name is as good as what people call it."""
        if not self.name or "@" not in words:
            return words
        return re.sub(rf"@{re.escape(self.name)}\b", f"@{self._words.called} ", words, flags=re.IGNORECASE | re.ASCII)

    def _tap(self, tap: CallbackQuery, key: str, at: datetime) -> Heard:
        message = tap.message
        press = self._presses.checked(tap.data, str(message.chat.id)) if message and tap.data else None
        if message is None or press is None:
            return Heard(callback=tap.id)
        named = _named(message) if isinstance(message, Message) else ""
        said = _Said(key, at, _person(tap.from_user), message.chat, str(message.message_id), named)
        return Heard((self._incoming(said, "press", press),), tap.id)

    def _membership(self, change: ChatMemberUpdated, key: str, at: datetime) -> Heard:
        """The bot came into a group, was removed, was blocked, or is blocked no longer: /start may follow, or nothing."""
        before, after = _presence(change)
        private = change.chat.type == "private"
        if before == after or not (private or change.chat.type in GROUPS):
            return Heard()  # a right was given or taken, or it is a channel, where nobody speaks
        came: Happening = "back" if private else "joined"
        said = _Said(key, at, _person(change.from_user), change.chat)
        return Heard((self._incoming(said, came if after else "left", ""),))

    def _neighbour(self, change: ChatMemberUpdated, key: str, at: datetime) -> Heard:
        """Somebody else came into a group or left it, whoever it was that let them in or put them out."""
        before, after = _presence(change)
        who = change.new_chat_member.user
        if before == after or who.is_bot or change.chat.type not in GROUPS:
            return Heard()
        return Heard((self._incoming(_Said(key, at, _person(who), change.chat), "came" if after else "went", ""),))

    def _incoming(self, said: _Said, happening: Happening, text: str, nth: int = 0) -> Incoming:
        return Incoming(
            channel=self._channel,
            key=f"{said.key}/{nth}" if nth else said.key,
            sender=said.who.id,
            chat=None if said.chat.type == "private" else str(said.chat.id),
            at=said.at,
            happening=happening,
            text=_clean(text),
            quote=said.quote,
            sender_name=_clean(said.who.name)[:64],
            chat_name=_clean(said.chat.title or "")[:64],
            message=said.message,
        )


def _speaker(message: Message) -> _Who | None:
    """Who says it; None for other bots and for what nobody says."""
    voice = message.sender_chat
    if message.from_user is None or message.from_user.id == SERVICE or message.is_automatic_forward:
        return None
    if voice is not None:
        return _Who(f"{IN_A_NAME} {voice.id}", message.author_signature or voice.title or "")
    return None if message.from_user.is_bot else _person(message.from_user)


def _presence(change: ChatMemberUpdated) -> tuple[bool, bool]:
    """Whether they were there before, and are now."""
    return change.old_chat_member.status == "member", change.new_chat_member.status == "member"


def _person(user: User) -> _Who:
    return _Who(str(user.id), user.full_name)


def _pictured(message: Message) -> str:
    """The reference of the picture or film in it."""
    if message.photo:
        return message.photo[-1].file_id
    if message.video is not None:
        return message.video.file_id
    document = message.document
    return document.file_id if document and (document.mime_type or "").startswith(("image/", "video/")) else ""


def _named(message: Message) -> str:
    """What an answer needs: in a group the message, so that it is seen whom it answers, and the topic it stands in."""
    if message.is_topic_message and message.message_thread_id is not None:
        return f"{message.message_id} {message.message_thread_id}"
    return "" if message.chat.type == "private" else str(message.message_id)


def _clean(words: str) -> str:
    """Without what no database keeps."""
    return words.replace("\0", "").encode(errors="ignore").decode()
