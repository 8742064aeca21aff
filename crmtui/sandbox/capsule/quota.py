"""The hourly limit of calls of a user, which both dialects tell of in the same headers."""

import time
from collections.abc import Callable


class Quota:
    """Counts calls in fixed windows, the first of which begins with the service."""

    def __init__(
        self,
        limit: int,
        used: int,
        window: int,
        refused: int = 0,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`window` in seconds; the call of number `refused` is refused whatever is left, 0 for none."""
        self._limit = limit
        self._used = used
        self._window = window
        self._refused = refused
        self._now = now
        self._ends = now() + window
        self._calls = 0

    def count(self) -> bool:
        """Count a call; false when it is one too many."""
        if self._now() >= self._ends:
            self._used, self._ends = 0, self._now() + self._window
        self._calls += 1
        if self._used >= self._limit or self._calls == self._refused:
            return False
        self._used += 1
        return True

    def headers(self, *, spent: bool = False) -> list[tuple[str, str]]:
        """What an answer says of the limit; the reset is in seconds of the epoch."""
        left = 0 if spent else self._limit - self._used
        return [
            ("X-RateLimit-Limit", str(self._limit)),
            ("X-RateLimit-Remaining", str(max(0, left))),
            ("X-RateLimit-Reset", str(int(self._ends))),
        ]
