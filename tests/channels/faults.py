"""What a stand-in lets happen to a call instead of its answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """An error's code, a bare status, or no answer at all."""

    code: int = 0
    status: int = 200
    hangs: bool = False
    drops: bool = False
    """The connection ends without an answer."""
    heard: bool = False
    """It took effect all the same: only the answer is lost."""
    words: str = ""
