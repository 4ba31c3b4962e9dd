"""What WeCom's error codes mean to the sender: a table of the documented ones."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import SendError


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is to be done about one code; nothing of it: try this message again, later each time."""

    gone: bool = False
    final: bool = False
    everyone: bool = False
    wait_s: float | None = None
    trouble: str = ""
    """Which row of health.toml says what the operator has to do."""


BUSY = -1
STALE = frozenset((40001, 40014, 41001, 42001))
"""The token is none, or none any more: a new one, once. (40001 from `gettoken` itself is the wrong secret.)"""
AGAIN = Meaning()
GONE, REFUSED = Meaning(gone=True), Meaning(final=True)
LOOKED_AT_AGAIN_S = 60.0
"""What an operator has mended works a minute later."""


def _to_mend(trouble: str) -> Meaning:
    return Meaning(everyone=True, wait_s=LOOKED_AT_AGAIN_S, trouble=trouble)


MEANINGS: Mapping[int, Meaning] = {
    BUSY: AGAIN,
    45009: Meaning(everyone=True, wait_s=60.0),  # too many calls
    45033: Meaning(everyone=True),  # too many at once
    60020: _to_mend("channels/wecom_ip"),
    40001: _to_mend("channels/wecom_secret"),
    40013: _to_mend("channels/wecom_secret"),  # corp id
    40091: _to_mend("channels/wecom_secret"),
    40056: _to_mend("channels/wecom_rights"),  # agent id
    48002: _to_mend("channels/wecom_rights"),
    60011: _to_mend("channels/wecom_rights"),
    301002: _to_mend("channels/wecom_rights"),
    50002: GONE,  # the person has no place in the app
    40003: GONE,
    60111: GONE,
    81013: GONE,
    82001: GONE,
    86001: GONE,
    86003: GONE,
    86008: GONE,
    93000: GONE,  # the robot's key
    40008: REFUSED,
    40033: REFUSED,
    40035: REFUSED,
    40058: REFUSED,
    42045: REFUSED,
    44004: REFUSED,
    45002: REFUSED,
}
"""A code that is not here is tried again for a while, then given up and shown."""


class Refused(SendError):
    """The platform answered, with this code: the message is not on its way."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.meaning = MEANINGS.get(code, AGAIN)
        super().__init__(
            f"errcode {code}",
            gone=self.meaning.gone,
            final=self.meaning.final,
            everyone=self.meaning.everyone,
            retry_after_s=self.meaning.wait_s,
        )


class Unanswered(SendError):
    """Nobody knows whether the platform heard it: the whole channel rests, and what is tried again may be there."""

    def __init__(self, says: str, *, wait_s: float | None = None) -> None:
        super().__init__(says, everyone=True, retry_after_s=wait_s)
