"""What a button carries: its press with a short signature, so that nobody sends a press that was never offered there."""

import base64
import hashlib
import hmac

LONGEST = 64
"""Bytes of a button's data."""
MARK_BYTES = 6
MARK_LETTERS = 8
LONGEST_PRESS = LONGEST - MARK_LETTERS
"""Bytes that are left for the press."""


class Presses:
    """Signs and checks for one bot; the key comes from its token, which only Telegram and we know."""

    def __init__(self, token: str) -> None:
        self._key = hashlib.sha256(b"xiaoge buttons " + token.encode()).digest()

    def signed(self, press: str, chat: str) -> str:
        """What the button in this chat carries."""
        return self._mark(press, chat) + press

    def checked(self, data: str, chat: str) -> str | None:
        """The press; None where it was not offered in this chat."""
        mark, press = data[:MARK_LETTERS], data[MARK_LETTERS:]
        given, right = (words.encode(errors="replace") for words in (mark, self._mark(press, chat)))
        return press if hmac.compare_digest(given, right) else None

    def _mark(self, press: str, chat: str) -> str:
        digest = hmac.new(self._key, f"{chat}\n{press}".encode(errors="replace"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:MARK_BYTES]).decode()
