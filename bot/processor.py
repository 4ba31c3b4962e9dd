"""Keeps this process to one processor: its threads take turns anyway, and there each finds what the other left in the cache."""

import os

from bot.errors import SetupError


def keep_to(processor: int | None) -> None:
    """All threads begun from now on too; None leaves it to the system. SetupError says which processors there are."""
    if processor is None:
        return
    if not hasattr(os, "sched_setaffinity"):
        raise SetupError("This system keeps no program to one processor; unset XIAOGE_PROCESSOR.")
    able = sorted(os.sched_getaffinity(0))
    if processor not in able:
        ways = ", ".join(map(str, able))
        raise SetupError(f"There is no processor {processor} for this program; set XIAOGE_PROCESSOR to one of: {ways}.")
    os.sched_setaffinity(0, {processor})
