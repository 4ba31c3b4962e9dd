"""How updates come: the web hook with its secret, or long polling for those without a public address."""

import asyncio
import hmac
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, Update
from aiohttp import web
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from bot import settings
from bot.channels.base import Ears

if TYPE_CHECKING:
    from bot.channels.telegram.channel import Telegram

log = logging.getLogger(__name__)

PATH = "/telegram"
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
WANTED = ["message", "callback_query", "my_chat_member"]
POLL_S = 25
REST_S, LONGEST_REST_S = 1.0, 60.0
JSON = msgspec.json.Decoder(dict[str, object])


def routes(telegram: "Telegram", of: settings.Telegram, ears: Ears) -> Sequence[web.RouteDef]:
    """The web hook; none where no secret is set."""
    secret = of.secret.get_secret_value().encode()
    if not secret:
        return []

    async def called(request: web.Request) -> web.StreamResponse:
        """200 once everything it says is durable; a wrong secret sees what nobody listens to."""
        given = request.headers.get(SECRET, "").encode()
        if not hmac.compare_digest(given, secret):
            return web.Response(status=404)
        try:
            update = Update.model_validate(JSON.decode(await request.read()))
        except (msgspec.DecodeError, ValidationError, UnicodeDecodeError, RecursionError):
            return web.Response(status=400)
        callback = await take(telegram, update, ears)
        if not callback:
            return web.Response()
        return web.json_response({"method": "answerCallbackQuery", "callback_query_id": callback})

    return [web.post(PATH, called)]


async def take(telegram: "Telegram", update: Update, ears: Ears) -> str:
    """Return once it has its effect; the id of a tap that waits for its answer."""
    heard = telegram.hearing.read(update, ears.now())
    if heard.moved is not None:
        await ears.moved(telegram.name, *heard.moved)
    for one in heard.happened:
        await ears.heard(one)
    return heard.callback


async def run(telegram: "Telegram", of: settings.Telegram, ears: Ears) -> None:
    """Settle the menu and the way updates come; then poll, where no web hook is set."""
    rest_s = REST_S
    while True:
        try:
            await _settle(telegram, of)
            break
        except (TelegramAPIError, OSError) as fault:
            log.warning("telegram cannot be reached", extra={"error": type(fault).__name__})
            await asyncio.sleep(rest_s)
            rest_s = min(LONGEST_REST_S, rest_s * 2)
    if of.secret.get_secret_value():
        return
    offset, rest_s = 0, REST_S
    while True:
        try:
            updates = await telegram.bot.get_updates(
                offset=offset, timeout=POLL_S, allowed_updates=WANTED, request_timeout=POLL_S + 10
            )
            for update in updates:
                if callback := await take(telegram, update, ears):
                    await _answer(telegram, callback)
                offset = update.update_id + 1
            rest_s = REST_S
        except (TelegramAPIError, OSError, SQLAlchemyError) as fault:
            log.warning("telegram could not be asked", extra={"error": type(fault).__name__})
            await asyncio.sleep(rest_s)
            rest_s = min(LONGEST_REST_S, rest_s * 2)


async def _settle(telegram: "Telegram", of: settings.Telegram) -> None:
    me = await telegram.bot.get_me()
    telegram.hearing.name = me.username or ""
    if not me.can_read_all_group_messages:
        log.warning("telegram hides group messages from the bot (privacy mode); see: xiaoge channels check")
    await telegram.bot.set_my_commands(
        [BotCommand(command=command, description=entry.about) for command, entry in telegram.menu.items()]
    )
    if not of.secret.get_secret_value():
        await telegram.bot.delete_webhook(drop_pending_updates=False)
    elif of.hook:
        await telegram.bot.set_webhook(
            of.hook, secret_token=of.secret.get_secret_value(), allowed_updates=WANTED, max_connections=40
        )


async def _answer(telegram: "Telegram", callback: str) -> None:
    try:
        await telegram.bot.answer_callback_query(callback)
    except (TelegramAPIError, OSError) as fault:  # it is too old, or the network is down: the spinner ends by itself
        log.info("a tap could not be answered", extra={"error": type(fault).__name__})
