"""How Telegram's failures are told to the sender: one table of its words."""

import time

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.errors import SendError

NOT_CHANGED = "message is not modified"
NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")
UNOPENED = "can't initiate conversation"
"""Nobody may begin a private chat but its owner."""
GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "group chat was deactivated",
    "chat_write_forbidden",
    "not enough rights to send",
    "have no rights to send",
    "chat_restricted",
)
"""400, and there is nobody to hear it: 403 always says so."""
NO_TOKEN = "The token is not accepted; see: xiaoge channels check"  # noqa: S105 - a sentence
MOST_SAID = 120
REFUSED = (TelegramUnauthorizedError, TelegramNotFound)
"""There is no such bot, or no longer by this token."""
Fault = AiogramError | OSError


class Failures:
    """Tells one channel's failures; it remembers who was told to wait."""

    def __init__(self) -> None:
        self._floods: dict[str, float] = {}
        """Until when each target waits, on the monotonic clock."""

    def told(self, fault: Fault, target: str) -> SendError:
        """The failure as the sender understands it."""
        says = _brief(fault)
        match fault:
            case TelegramRetryAfter():
                return self._flood(fault, target)
            case TelegramForbiddenError():
                unopened = UNOPENED in fault.message.lower()
                return SendError(says, gone=not unopened, later=unopened)
            case TelegramBadRequest():
                gone = any(words in fault.message.lower() for words in GONE)
                return SendError(says, gone=gone, final=not gone)
            case TelegramEntityTooLarge():
                return SendError(says, final=True)
            case _ if isinstance(fault, REFUSED):
                return SendError(NO_TOKEN, everyone=True)
            case TelegramNetworkError() | TelegramServerError() | ClientDecodeError() | OSError():
                return SendError(type(fault).__name__, everyone=True)
            case _:
                return SendError(says)

    def _flood(self, fault: TelegramRetryAfter, target: str) -> SendError:
        """Told to wait at two places at once, the whole bot is meant, though Telegram does not say so."""
        now = time.monotonic()
        self._floods = {one: until for one, until in self._floods.items() if until > now}
        self._floods[target] = now + fault.retry_after
        return SendError("429", retry_after_s=fault.retry_after, everyone=len(self._floods) > 1)


def concerns(fault: Fault, *words: str) -> bool:
    """Whether Telegram refused it with one of these words."""
    return isinstance(fault, TelegramBadRequest) and any(word in fault.message.lower() for word in words)


def _brief(fault: Fault) -> str:
    """The platform's reason, without what was sent."""
    return fault.message[:MOST_SAID] if isinstance(fault, TelegramAPIError) else type(fault).__name__
