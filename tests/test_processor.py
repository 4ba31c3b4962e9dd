"""A process keeps to the processor that the operator names; one that is not there is told before anything begins."""

import os
import threading
from collections.abc import Generator

import pytest

from bot.errors import SetupError
from bot.processor import keep_to

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system keeps nothing to a processor")


@pytest.fixture(autouse=True)
def as_before() -> Generator[None]:
    before = os.sched_getaffinity(0)
    yield
    os.sched_setaffinity(0, before)


def test_threads_begun_afterwards_keep_to_it_too() -> None:
    last = max(os.sched_getaffinity(0))
    keep_to(last)

    seen: list[set[int]] = []
    thread = threading.Thread(target=lambda: seen.append(os.sched_getaffinity(0)))
    thread.start()
    thread.join()

    assert seen == [{last}]


def test_without_the_setting_nothing_changes() -> None:
    before = os.sched_getaffinity(0)
    keep_to(None)
    assert os.sched_getaffinity(0) == before


def test_one_that_is_not_there_is_told_with_those_that_are() -> None:
    able = os.sched_getaffinity(0)
    with pytest.raises(SetupError, match=f"one of: {min(able)}"):
        keep_to(max(able) + 1)
    assert os.sched_getaffinity(0) == able
