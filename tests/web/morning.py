"""A demo begins at the real hour; whoever expects day shift and working hours moves its clock there first."""

import json
from datetime import datetime, time, timedelta
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

from bot.catalog import Catalog
from bot.settings import PROJECT
from handlers.matters.worktime import WorkTime

ZONE = ZoneInfo("Asia/Shanghai")
TEN = time(10)
PATIENCE_S = 60


def begin(address: str) -> None:
    """Move the demo's clock to ten in the morning of the next working day."""
    clock = address.rstrip("/") + "/simulator/clock"
    with urlopen(clock, timeout=PATIENCE_S) as answer:  # noqa: S310 - our own server
        now = datetime.fromisoformat(json.load(answer)["now"])
    body = json.dumps({"advance_s": (next_working_morning(now) - now).total_seconds()}).encode()
    urlopen(Request(clock, body, method="POST"), timeout=PATIENCE_S).close()  # noqa: S310


def next_working_morning(now: datetime) -> datetime:
    """Ten o'clock of the first working day whose ten o'clock is yet to come."""
    hours = WorkTime(Catalog(PROJECT / "templates" / "catalog"), ZONE)
    morning = datetime.combine(now.astimezone(ZONE).date(), TEN, ZONE)
    while morning <= now or not hours.is_working(morning):
        morning += timedelta(days=1)
    return morning
