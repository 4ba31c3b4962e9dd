"""What the operator reads: one line an event, with its values behind it."""

import logging

ALWAYS_THERE = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _Line(logging.Formatter):
    """The sentence, then every value of `extra` as name=value."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        values = (f"{name}={value!r}" for name, value in vars(record).items() if name not in ALWAYS_THERE)
        return " ".join([super().formatMessage(record), *values])


def to_stderr(level: int) -> None:
    """From now on write what happens, from this level up."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
