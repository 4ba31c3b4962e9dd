"""An answer to a platform's own call, with words in it: they count as said once it has left."""

import logging

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.base import Ears
from bot.message import Incoming

log = logging.getLogger(__name__)


async def leave(request: web.Request, answer: web.Response, incoming: Incoming, ears: Ears) -> None:
    """Let the answer go, and only then count its words as said: where nobody is there any more they are said later."""
    try:
        await answer.prepare(request)
        await answer.write_eof()
        if request.transport is not None and not request.transport.is_closing():
            await ears.told(incoming)
    except (ConnectionError, SQLAlchemyError) as fault:
        log.warning("an answer may not have arrived", extra={"error": type(fault).__name__})
