"""The channel: how words leave for Telegram, and how its failures are told."""

from collections.abc import Awaitable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from aiohttp import web

from bot import settings
from bot.ability import Ability
from bot.channels.base import Ears
from bot.channels.fitting import fitted
from bot.channels.telegram import listening, words
from bot.channels.telegram.hearing import Hearing
from bot.channels.telegram.signing import Presses
from bot.errors import SendError
from bot.message import Delivery
from bot.pace import Limit, Pace

NAME = "telegram"
ABLE = Ability(buttons=20, edits=True, quotes=True, longest=4096, speaks_first=False)
PACE = Pace(app=(Limit(30, 1.0, burst=5),), group=(Limit(20, 60.0, burst=5),), private=(Limit(1, 1.0),))
"""As its documents say: 30 a second in all, 20 a minute in a group, one a second in a chat."""
BUTTONS_IN_A_ROW = 3
LONG_LABEL = 6
NOT_CHANGED = "message is not modified"
UNREACHABLE = ("chat not found", "user is deactivated", "peer_id_invalid", "group chat was deactivated")
Answer = TypeVar("Answer")


class Telegram:
    """One bot on Telegram."""

    name = NAME
    pace = PACE
    able = ABLE
    edits = True

    def __init__(self, of: settings.Telegram, hint: str, menu: Path) -> None:
        self._settings = of
        self._hint = hint
        self._token = of.token.get_secret_value()
        self._bot: Bot | None = None
        self._ears: Ears | None = None
        self.menu = words.load(menu)
        self.presses = Presses(self._token)
        self.hearing = Hearing(NAME, self.presses, self.menu)
        self.invite = f"https://t.me/{of.name}?start=hello" if of.name else ""

    @property
    def bot(self) -> Bot:
        """The client; made within the loop that it lives in."""
        if self._bot is None:
            server = TelegramAPIServer.from_base(self._settings.api)
            self._bot = Bot(self._token, session=AiohttpSession(api=server, timeout=20))
        return self._bot

    async def send(self, delivery: Delivery) -> str:
        """Say it, in several messages where it is too long; the id of the last."""
        said = ""
        for piece in self._fitted(delivery):
            quote = int(piece.quote) if piece.quote and piece.quote.isdecimal() else None
            message = await self._ask(
                self.bot.send_message(
                    piece.address.target,
                    piece.text,
                    reply_markup=self._keyboard(piece),
                    reply_parameters=ReplyParameters(message_id=quote, allow_sending_without_reply=True)
                    if quote
                    else None,
                ),
                delivery,
            )
            said = str(message.message_id)
        return said

    async def edit(self, platform_id: str, delivery: Delivery) -> str:
        """Say it in place of that message; where it is too long for one, or that one is gone, the error is final."""
        pieces = self._fitted(delivery)
        if len(pieces) > 1 or not platform_id.isdecimal():
            raise SendError("too long for one message", final=True)
        keyboard = self._keyboard(pieces[0])
        try:
            await self.bot.edit_message_text(
                pieces[0].text, chat_id=delivery.address.target, message_id=int(platform_id), reply_markup=keyboard
            )
        except TelegramBadRequest as refusal:
            if NOT_CHANGED not in refusal.message.lower():
                raise await self._failure(refusal, delivery) from refusal
        except (TelegramAPIError, OSError) as fault:
            raise await self._failure(fault, delivery) from fault
        return platform_id

    def routes(self, ears: Ears) -> Sequence[web.RouteDef]:
        """The web hook, where a secret is set."""
        self._ears = ears
        return listening.routes(self, self._settings, ears)

    async def run(self, ears: Ears) -> None:
        """Long polling, where no secret is set; else nothing."""
        self._ears = ears
        try:
            await listening.run(self, self._settings, ears)
        finally:
            if self._bot is not None:
                await self._bot.session.close()
                self._bot = None

    def _fitted(self, delivery: Delivery) -> list[Delivery]:
        able = ABLE if all(self.presses.fits(press) for _, press in delivery.buttons) else NO_BUTTONS
        return fitted(delivery, able, self._hint)

    def _keyboard(self, delivery: Delivery) -> InlineKeyboardMarkup | None:
        if not delivery.buttons:
            return None
        buttons = [
            InlineKeyboardButton(text=label, callback_data=self.presses.signed(press, delivery.address.target))
            for label, press in delivery.buttons
        ]
        wide = any(len(button.text) > LONG_LABEL for button in buttons)
        row = 1 if wide else BUTTONS_IN_A_ROW
        return InlineKeyboardMarkup(inline_keyboard=[buttons[at : at + row] for at in range(0, len(buttons), row)])

    async def _ask(self, call: Awaitable[Answer], delivery: Delivery) -> Answer:
        try:
            return await call
        except (TelegramAPIError, OSError) as fault:
            raise await self._failure(fault, delivery) from fault

    async def _failure(self, fault: Exception, delivery: Delivery) -> SendError:
        """The failure as the sender understands it."""
        says = type(fault).__name__
        match fault:
            case TelegramRetryAfter():
                return SendError(says, retry_after_s=fault.retry_after)
            case TelegramMigrateToChat() if self._ears is not None:
                await self._ears.moved(NAME, delivery.address.target, str(fault.migrate_to_chat_id))
                return SendError(says)
            case TelegramForbiddenError():
                return SendError(_brief(fault), gone=True)
            case TelegramBadRequest():
                gone = any(words in fault.message.lower() for words in UNREACHABLE)
                return SendError(_brief(fault), gone=gone, final=not gone)
            case TelegramUnauthorizedError() | TelegramNotFound():
                return SendError("The token is not accepted; see: xiaoge channels check", everyone=True)
            case TelegramNetworkError() | TelegramServerError():
                return SendError(says, everyone=True)
            case _:
                return SendError(says)


NO_BUTTONS = Ability(longest=ABLE.longest, edits=True, quotes=True, speaks_first=False)


def _brief(fault: TelegramAPIError) -> str:
    """The platform's reason, without what was sent."""
    with suppress(AttributeError):
        return fault.message[:120]
    return type(fault).__name__
