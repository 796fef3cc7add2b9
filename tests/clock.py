"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


class Clock:
    """Call it for the time; it starts on 20 November 2026, 10:00 UTC."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def forward(self, **by: float) -> datetime:
        """Move the hands: `forward(hours=1)`."""
        self._now += timedelta(**by)
        return self._now
