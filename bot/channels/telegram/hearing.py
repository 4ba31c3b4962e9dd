"""What Telegram's updates say: each as the things that happened, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram.types import CallbackQuery, Chat, ChatMemberUpdated, InaccessibleMessage, Message, Update, User

from bot.channels.telegram.signing import Presses
from bot.channels.telegram.words import Entry
from bot.message import Happening, Incoming

PRESENT = frozenset(("member", "administrator", "creator", "restricted"))


@dataclass(frozen=True, slots=True)
class Heard:
    """What one update says."""

    happened: tuple[Incoming, ...] = ()
    callback: str = ""
    """The id of a tap that wants its answer, whatever it meant."""
    moved: tuple[str, str] | None = None
    """A group's old and new id."""


class Hearing:
    """Reads updates; `name` is the bot's own, once it is known."""

    def __init__(self, channel: str, presses: Presses, menu: Mapping[str, Entry]) -> None:
        self.name = ""
        self._channel = channel
        self._presses = presses
        self._menu = menu

    def read(self, update: Update, at: datetime) -> Heard:
        """What it says; empty for whatever does not concern us."""
        key = str(update.update_id)
        if update.callback_query is not None:
            return self._tap(update.callback_query, key, at)
        if update.my_chat_member is not None:
            return self._membership(update.my_chat_member, key, at)
        message = update.message
        if message is None or message.from_user is None or message.from_user.is_bot:
            return self._service(message)
        if message.migrate_to_chat_id is not None or message.migrate_from_chat_id is not None:
            return self._service(message)
        return Heard(tuple(self._said(message, message.from_user, key, at)))

    def _service(self, message: Message | None) -> Heard:
        if message is None:
            return Heard()
        if message.migrate_to_chat_id is not None:
            return Heard(moved=(str(message.chat.id), str(message.migrate_to_chat_id)))
        if message.migrate_from_chat_id is not None:
            return Heard(moved=(str(message.migrate_from_chat_id), str(message.chat.id)))
        return Heard()

    def _said(self, message: Message, who: User, key: str, at: datetime) -> list[Incoming]:
        """One message; a picture with words is two things that happened."""
        quoted = message.reply_to_message
        quote = None if quoted is None or quoted.forum_topic_created is not None else str(quoted.message_id)
        happened: list[tuple[Happening, str]] = []
        if message.photo:
            happened.append(("photo", message.photo[-1].file_id))
        elif message.document is not None and (message.document.mime_type or "").startswith("image/"):
            happened.append(("photo", message.document.file_id))
        elif message.venue is not None:
            happened.append(("place", f"{message.venue.title} {message.venue.address}".strip()))
        elif message.location is not None:
            happened.append(("place", f"{message.location.latitude:.6f},{message.location.longitude:.6f}"))
        elif message.voice is not None or message.video_note is not None or message.audio is not None:
            happened.append(("text", ""))
        words = message.text or message.caption
        if words:
            happened.append(self._meant(words, message.chat))
        return [
            self._incoming(f"{key}/{n}" if n else key, who, message.chat, at, happening, text, quote)
            for n, (happening, text) in enumerate(happened)
        ]

    def _meant(self, words: str, chat: Chat) -> tuple[Happening, str]:
        """A command as a person would type it; a link's code as what was scanned; all else as it is."""
        if not words.startswith("/"):
            return "text", words
        head, _, rest = words[1:].partition(" ")
        command, _, to = head.partition("@")
        if to and self.name and to.lower() != self.name.lower():
            return "text", ""  # another bot's
        if command == "start":
            code = rest.strip()
            if code and code != "hello":
                return "scan", code
            return "joined", ""
        entry = self._menu.get(command)
        return "text", f"{entry.says} {rest}".strip() if entry else words[1:].replace(f"@{to}", "", 1) if to else words[
            1:
        ]

    def _tap(self, tap: CallbackQuery, key: str, at: datetime) -> Heard:
        message = tap.message
        if message is None or tap.data is None:
            return Heard(callback=tap.id)
        press = self._presses.checked(tap.data, str(message.chat.id))
        if press is None:
            return Heard(callback=tap.id)
        quote = None if isinstance(message, InaccessibleMessage) else str(message.message_id)
        return Heard((self._incoming(key, tap.from_user, message.chat, at, "press", press, quote),), tap.id)

    def _membership(self, change: ChatMemberUpdated, key: str, at: datetime) -> Heard:
        before, after = change.old_chat_member.status in PRESENT, change.new_chat_member.status in PRESENT
        if before == after:
            return Heard()  # a right was given or taken
        happening: Happening = "joined" if after else "left"
        return Heard((self._incoming(key, change.from_user, change.chat, at, happening, "", None),))

    def _incoming(
        self, key: str, who: User, chat: Chat, at: datetime, happening: Happening, text: str, quote: str | None
    ) -> Incoming:
        return Incoming(
            channel=self._channel,
            key=key,
            sender=str(who.id),
            chat=None if chat.type == "private" else str(chat.id),
            at=at,
            happening=happening,
            text=text.replace("\0", ""),
            quote=quote,
            sender_name=who.full_name[:64],
            chat_name=(chat.title or "")[:64],
        )
