"""How far a transfer is, in words, and when it is worth saying."""

import time

_EVERY = 1.0
"""Seconds between two words of a slow transfer; a fast one is told of each tenth."""


class Steps:
    """Says of each report whether a person is to see it."""

    def __init__(self) -> None:
        self._at = float("-inf")
        self._tenth = -1

    def due(self, done: int, total: int | None) -> bool:
        """Whether a second or a tenth of the whole went by since the last time."""
        tenth = done * 10 // total if total else -1
        now = time.monotonic()
        if tenth == self._tenth and now - self._at < _EVERY:
            return False
        self._at, self._tenth = now, tenth
        return True


def share(done: int, total: int | None) -> float | None:
    """The part that is done, 0 to 1; None where nobody knows the whole."""
    return min(1.0, done / total) if total else None


def amount(done: int, total: int | None) -> str:
    """`1.2 of 4.0 MB · 30 %`; without a total what has moved."""
    if not total:
        return size(done)
    return f"{size(done)} of {size(total)} · {min(100, done * 100 // total)} %"


def size(count: int) -> str:
    """Bytes in a unit that people read."""
    if count < 1024:
        return "1 byte" if count == 1 else f"{count} bytes"
    value, unit = count / 1024, "KB"
    if value >= 1024:
        value, unit = value / 1024, "MB"
    return f"{value:.1f} {unit}" if value < 100 else f"{value:,.0f} {unit}"


def lasting(seconds: float) -> str:
    """A span of time in one figure."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
