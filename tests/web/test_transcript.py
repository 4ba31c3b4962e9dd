"""The transcript's file: shared by several writers, torn by none, not even by one that is killed."""

import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import msgspec
import pytest

from bot.channels.transcript import Line, Transcript

WRITER = """
import sys
from pathlib import Path
from bot.channels.transcript import Transcript
from tests.web.test_transcript import line
transcript = Transcript(Path(sys.argv[1]))
for i in range(10**9):
    n = transcript.append(line(f"{sys.argv[2]}-{i}"))
    print(n, flush=True)
"""


def line(id: str, text: str = "停水了", chat: str = "g-1") -> Line:
    """A neighbour's line."""
    return Line(chat, "u-1", "u-1", text, (), None, "text", datetime(2026, 3, 2, tzinfo=UTC), id)


def ids(transcript: Transcript, chat: str | None = None) -> list[str]:
    """The ids of all lines, read to the end."""
    found: list[str] = []
    after = 0
    while True:
        lines, after = transcript.since(after, chat)
        if not lines:
            return found
        found += [msgspec.json.decode(shown.json, type=Line).id for shown in lines]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lines.jsonl"


def test_a_line_said_to_several_at_the_same_time_is_shown_once(path: Path) -> None:
    transcripts = [Transcript(path) for _ in range(4)]
    together = Barrier(4)

    def say_all(transcript: Transcript) -> list[int | None]:
        numbers: list[int | None] = []
        for i in range(300):
            together.wait()
            numbers.append(transcript.append(line(f"m-{i}")))
        return numbers

    with ThreadPoolExecutor(4) as pool:
        shown = [n for numbers in pool.map(say_all, transcripts) for n in numbers if n is not None]

    assert len(shown) == len(set(shown)) == 300
    assert all(sorted(ids(transcript)) == sorted(f"m-{i}" for i in range(300)) for transcript in transcripts)


def test_the_number_of_a_line_finds_that_line(path: Path) -> None:
    transcript = Transcript(path)
    first, second = transcript.append(line("a", "头一句")), transcript.append(line("b", "第二句"))
    assert first is not None
    assert second is not None
    assert [(found := transcript.line(n)) and found.text for n in (first, second, first + 1, 0)] == [
        "头一句", "第二句", None, None,
    ]  # fmt: skip


def test_a_page_of_very_long_lines_ends_early_and_loses_none(path: Path) -> None:
    transcript = Transcript(path)
    for i in range(12):
        transcript.append(line(f"m-{i}", "长" * 300_000))
    page, after = transcript.since(0)
    assert 0 < len(page) < 12
    assert len(page) + len(transcript.since(after)[0]) + len(transcript.since(transcript.since(after)[1])[0]) == 12
    assert ids(transcript) == [f"m-{i}" for i in range(12)]


def test_writers_that_are_killed_lose_no_line_and_harm_nobody(path: Path) -> None:
    survivor = Transcript(path)
    promised = 0
    for round_ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(round_)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert writer.stdout is not None
        for _ in range(50):
            writer.stdout.readline()
            survivor.append(line(f"s-{round_}-{_}"))
        os.kill(writer.pid, signal.SIGKILL)
        promised += 50 + len(writer.stdout.read().splitlines())
        writer.wait()
        writer.stdout.close()
        with path.open("ab") as torn:
            torn.write(b'{"chat":"g-1","user":"u')
    survivor.append(line("last"))
    seen = Counter(ids(survivor))
    assert ids(Transcript(path)) == list(seen)
    assert set(seen.values()) == {1}
    assert sum(not seen_id.startswith(("s-", "last")) for seen_id in seen) >= promised
    assert sum(seen_id.startswith("s-") for seen_id in seen) == 150
    assert ids(survivor)[-1] == "last"
