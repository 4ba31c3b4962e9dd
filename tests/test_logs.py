"""What the operator reads when something happened."""

import logging

import pytest

from bot import logs


def test_a_line_carries_its_values(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    logs.to_stderr(logging.INFO)

    logging.getLogger("bot.sender").warning("a target is gone", extra={"channel": "telegram", "waiting": 3})

    assert capsys.readouterr().err.endswith("WARNING bot.sender: a target is gone channel='telegram' waiting=3\n")
