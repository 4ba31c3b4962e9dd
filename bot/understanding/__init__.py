"""Text in, Utterance out: pure, deterministic, explained; no I/O."""

from bot.understanding.reader import Reader
from bot.understanding.utterance import Intent, Place, Urgency, Utterance

__all__ = ["Intent", "Place", "Reader", "Urgency", "Utterance"]
