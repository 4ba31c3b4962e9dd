"""Somebody's Telegram: what they do becomes updates, what they see is what the stand-in keeps."""

from tests.channels.conversation import Shown, until
from tests.channels.telegram.stand_in import Json, Room, Said, Telegram, person


class Phone:
    """One person, in private with the bot and in a group."""

    def __init__(self, telegram: Telegram, id: int, name: str, group: Room) -> None:
        self.telegram = telegram
        self.me = person(id, name)
        self.private = telegram.private(id, name)
        self.group = group

    async def opens(self) -> None:
        """/start."""
        self.telegram.open(self.me["id"])
        await self.says("/start")

    async def says(self, words: str, *, aloud: bool = False, quote: Said | None = None, **more: object) -> None:
        room = self.group if aloud else self.private
        content: Json = {"text": words, **more}
        if quote is not None:
            content["reply_to_message"] = self.telegram._shown(quote)  # pyright: ignore[reportPrivateUsage]
        await self.telegram.tell(self.telegram.heard(room, self.me, **content))

    async def sees(self, words: str) -> Shown:
        said = await until(lambda: self.said(words), words)
        return Shown(str(said.id), said.text, said.labels)

    def said(self, words: str) -> Said | None:
        """The newest message of the bot's with these words."""
        seen = [one for room in (self.private, self.group) for one in room.said if one.ours and words in one.text]
        return max(seen, key=lambda one: one.id, default=None)

    async def taps(self, shown: Shown, label: str) -> None:
        rooms = (self.private, self.group)
        said = next(one for room in rooms for one in room.said if str(one.id) == shown.id)
        data = next(button["callback_data"] for button in said.buttons if button["text"] == label)
        await self.telegram.tell(self.telegram.tapped(said, data, self.me))
