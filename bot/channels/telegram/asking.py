"""Calls of which we read the answers ourselves: a field more or less in them breaks nothing."""

from typing import cast

from aiogram import Bot
from aiogram.methods import TelegramMethod


class GetUpdates(TelegramMethod[list[dict[str, object]]]):
    """Each update as it is: one that cannot be read does not take the others with it."""

    __returning__ = list[dict[str, object]]
    __api_method__ = "getUpdates"

    offset: int
    timeout: int
    allowed_updates: list[str]


class _GetMe(TelegramMethod[dict[str, object]]):
    __returning__ = dict[str, object]
    __api_method__ = "getMe"


async def own_name(bot: Bot) -> tuple[str, bool]:
    """The bot's user name, and whether it hears all that is said in groups; raises as every call does."""
    me = await bot(_GetMe())
    return cast("str", me.get("username") or ""), me.get("can_read_all_group_messages") is True
