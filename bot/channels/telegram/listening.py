"""How updates come: the web hook with its secret, or long polling for those without a public address."""

import asyncio
import hmac
import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aiogram.exceptions import AiogramError, TelegramConflictError, TelegramRetryAfter
from aiogram.types import BotCommand, Update
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot import settings
from bot.channels.base import Ears
from bot.channels.telegram.asking import GetUpdates, own_name
from bot.channels.telegram.failing import REFUSED
from bot.channels.telegram.reading import UNREADABLE, WANTED, decoded, read

if TYPE_CHECKING:
    from bot.channels.telegram.channel import Telegram

log = logging.getLogger(__name__)

PATH = "/hooks/telegram"
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
MOST_AT_ONCE = 40
"""Calls of the web hook that are open at the same time."""
POLL_S = 25
PATIENCE_S = 10
HASTE_S = 0.5
REST_S, LONGEST_REST_S = 1.0, 60.0
LOOK_S = 0.5
"""How often it is looked for whether this process is the one that speaks, and so the one that asks."""
STALE_MOST = 200
"""Characters that Telegram shows for a tap."""


def routes(telegram: "Telegram", of: settings.Telegram, ears: Ears) -> Sequence[web.RouteDef]:
    """The web hook; none where no secret is set."""
    secret = of.secret.get_secret_value().encode()
    if not secret:
        return []

    async def called(request: web.Request) -> web.StreamResponse:
        """200 once everything it says is durable; who does not know the secret sees what nobody listens to."""
        given = request.headers.get(SECRET, "").encode(errors="replace")
        if not hmac.compare_digest(given, secret) or request.method != "POST":
            raise web.HTTPNotFound
        try:
            update = read(decoded(await request.read()))
        except UNREADABLE:
            raise web.HTTPBadRequest from None
        callback, says = await take(telegram, update, ears)
        if not callback:
            return web.Response()
        answer = {"method": "answerCallbackQuery", "callback_query_id": callback}
        return web.json_response(answer | ({"text": says} if says else {}))

    return [web.route("*", PATH, called)]


async def take(telegram: "Telegram", update: Update, ears: Ears) -> tuple[str, str]:
    """Return once it has its effect; the id of a tap that waits for its answer, and the words of that."""
    heard = telegram.hearing.read(update, ears.now())
    if heard.moved is not None:
        await ears.moved(telegram.name, *heard.moved)
    for one in heard.happened:
        await ears.heard(one)
    return heard.callback, "" if heard.happened else telegram.words.stale[:STALE_MOST]


async def run(telegram: "Telegram", of: settings.Telegram, ears: Ears) -> None:
    """Settle the menu and the way updates come; then poll, where no web hook is set and this process is the one to."""
    rest_s = REST_S
    while (fault := await _settled(telegram, of)) is not None:
        rest_s = await _rest(rest_s, fault)
    if of.secret.get_secret_value():
        await asyncio.Event().wait()  # until cancelled: the client serves the sender meanwhile
    offset, rest_s = 0, REST_S
    while True:
        try:
            while not await ears.speaks(telegram.name):
                telegram.twice = False
                await asyncio.sleep(LOOK_S)
            offset = await _poll(telegram, ears, offset)
            telegram.twice, rest_s = False, REST_S
        except TelegramConflictError as fault:
            telegram.twice = True
            log.warning("another program asks telegram with the same token, or a web hook is set")
            rest_s = await _rest(rest_s, fault)
        except (AiogramError, OSError, SQLAlchemyError) as fault:
            telegram.refused = isinstance(fault, REFUSED)
            log.warning("telegram could not be asked", extra={"error": type(fault).__name__})
            rest_s = await _rest(rest_s, fault)


async def _rest(seconds: float, fault: Exception) -> float:
    """As long as it says, and no less than this; how long to rest the next time."""
    told_s = fault.retry_after if isinstance(fault, TelegramRetryAfter) else 0.0
    await asyncio.sleep(max(seconds, told_s))
    return min(LONGEST_REST_S, seconds * 2)


async def _poll(telegram: "Telegram", ears: Ears, offset: int) -> int:
    """Ask once, and take what there is; where to go on."""
    asking, began = GetUpdates(offset=offset, timeout=POLL_S, allowed_updates=list(WANTED)), time.monotonic()
    updates = await telegram.bot(asking, request_timeout=POLL_S + PATIENCE_S)
    if not updates and time.monotonic() - began < HASTE_S:
        await asyncio.sleep(
            HASTE_S
        )  # a server that does not wait until something happens is not asked without a breath
    for raw in updates:
        try:
            callback, says = await take(telegram, read(raw), ears)
            if callback:
                await _answer(telegram, callback, says)
        except SQLAlchemyError:
            raise  # not stored: Telegram tells it again
        except UNREADABLE as fault:  # no traceback: it would show what was said
            log.error("an update could not be read", extra={"error": type(fault).__name__})
        except Exception as fault:  # one that cannot be read is left behind, or nothing after it would be heard
            log.exception("an update hit a bug", extra={"error": type(fault).__name__})
        number = raw.get("update_id")
        offset = max(offset, number + 1) if isinstance(number, int) else offset
    return offset


async def _settled(telegram: "Telegram", of: settings.Telegram) -> Exception | None:
    """What kept Telegram from knowing how we want to hear, or us our own name; the menu is shown where it can be."""
    secret, bot = of.secret.get_secret_value(), telegram.bot
    try:
        name, telegram.reads_all = await own_name(bot)
        telegram.hearing.name = name or telegram.hearing.name
        telegram.refused = False
        if not telegram.reads_all:
            log.warning("telegram hides what is said in groups from the bot (privacy mode); see: xiaoge channels check")
        if not secret:
            await bot.delete_webhook(drop_pending_updates=False)
        elif of.hook:
            await bot.set_webhook(
                of.hook, secret_token=secret, allowed_updates=list(WANTED), max_connections=MOST_AT_ONCE
            )
    except (AiogramError, OSError) as fault:
        telegram.refused = isinstance(fault, REFUSED)
        log.warning("telegram cannot be reached", extra={"error": type(fault).__name__})
        return fault
    menu = [BotCommand(command=command, description=entry.about) for command, entry in telegram.words.menu.items()]
    try:
        await bot.set_my_commands(menu)
    except (AiogramError, OSError) as fault:
        log.warning("the menu could not be shown", extra={"error": type(fault).__name__})
    return None


async def _answer(telegram: "Telegram", callback: str, says: str) -> None:
    try:
        await telegram.bot.answer_callback_query(callback, text=says or None)
    except (AiogramError, OSError) as fault:  # it is too old, or the network is down: the spinner ends by itself
        log.info("a tap could not be answered", extra={"error": type(fault).__name__})
