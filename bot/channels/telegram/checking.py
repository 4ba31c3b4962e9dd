"""Looks how the bot is set up on Telegram's side, by calls that change nothing."""

from collections.abc import Iterator

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import WebhookInfo

from bot import settings
from bot.channels.apart import MOST_APART_S, seconds_apart
from bot.channels.base import Finding
from bot.channels.telegram.asking import own_name
from bot.channels.telegram.reading import WANTED
from bot.channels.telegram.words import Words


async def check(bot: Bot, of: settings.Telegram, words: Words) -> list[Finding]:
    """What there is to mend; one finding that all is well where there is nothing."""

    def found(what: str, **values: object) -> Finding:
        said = words.checks[what]
        return Finding(what == "well", said.says.format_map(values), said.do.format_map(values))

    try:
        (name, reads_all), hook = await own_name(bot), await bot.get_webhook_info()
    except (TelegramUnauthorizedError, TelegramNotFound):
        return [found("token")]
    except (AiogramError, OSError) as fault:
        return [found("unreachable", api=of.api, error=type(fault).__name__)]
    wrong = [found(what, **values) for what, values in _hook(of, hook)]
    if not reads_all:
        wrong.append(found("privacy"))
    if of.name and of.name.removeprefix("@").lower() != name.lower():
        wrong.append(found("name", set=of.name.removeprefix("@"), name=name))
    if (apart := await seconds_apart(of.api)) > MOST_APART_S:
        wrong.append(found("clock", seconds=apart))
    return wrong or [found("well", name=name)]


def _hook(of: settings.Telegram, hook: WebhookInfo) -> Iterator[tuple[str, dict[str, object]]]:
    """What is wrong with the way updates come."""
    if not of.secret.get_secret_value():
        if hook.url:
            yield "hook_in_the_way", {"url": hook.url}
        return
    if of.hook and not of.hook.startswith("https://"):
        yield "hook_open", {"hook": of.hook}
    if not hook.url:
        yield "hook_missing", {}
        return
    if of.hook and hook.url != of.hook:
        yield "hook_elsewhere", {"url": hook.url, "hook": of.hook}
    if hook.last_error_message:
        yield (
            "hook_failing",
            {
                "url": hook.url,
                "error": hook.last_error_message,
                "waiting": hook.pending_update_count,
            },
        )
    if hook.allowed_updates and not set(WANTED) <= set(hook.allowed_updates):
        yield "hook_wants", {}
