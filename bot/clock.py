"""The one clock that everything is given; the simulator may move it on."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time, plus what was added to it."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC) + self.ahead

    def move_to(self, moment: datetime) -> None:
        """Let it be `moment` now; never backwards."""
        self.ahead = max(self.ahead, moment - datetime.now(UTC))


class StillClock(Clock):
    """A clock that stands until it is moved: for tests that read like a story."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.at

    def move_to(self, moment: datetime) -> None:
        """Stand at `moment`; never backwards."""
        self.at = max(self.at, moment)
