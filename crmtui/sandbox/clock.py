"""Dates around the day on which a world is made, as text, looked up instead of formatted for speed."""

from datetime import date, timedelta

_FIRST = 6000
_LAST = 800


class Clock:
    """Days by their distance from today, and moments of working days."""

    def __init__(self, today: date) -> None:
        self._days = [(today + timedelta(days=day)).isoformat() for day in range(-_FIRST, _LAST + 1)]
        self._times = [
            f"{8 + minute // 60:02d}:{minute % 60:02d}:{minute * 7 % 60:02d}" for minute in range(600)
        ]

    def day(self, distance: int) -> str:
        """The day that many days after today (before, if negative), as YYYY-MM-DD."""
        return self._days[min(max(distance, -_FIRST), _LAST) + _FIRST]

    def moment(self, distance: int, minute: int) -> str:
        """A moment of that day, some minutes after eight o'clock."""
        return f"{self.day(distance)} {self._times[minute % 600]}"
