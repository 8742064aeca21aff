"""The calls that a user may make in a window of an hour, told by every answer that succeeds (recordings)."""

import time
from collections.abc import Callable

from .message import Problem

WINDOW = 3600


class Quota:
    """Counts calls in fixed windows, the first of which begins with the service."""

    def __init__(self, limit: int, used: int, throttle_at: int, now: Callable[[], float] = time.time) -> None:
        self._limit = limit
        self._used = used
        self._throttle_at = throttle_at
        self._now = now
        self._calls = 0
        self._ends = int(now()) + WINDOW

    def count(self) -> None:
        """Count a call; 429 where the window's calls are spent, or it is the one to be refused."""
        if self._now() >= self._ends:
            self._used = 0
            self._ends += WINDOW * (int(self._now() - self._ends) // WINDOW + 1)
        self._calls += 1
        if self._used >= self._limit or self._calls == self._throttle_at:
            self._used = self._limit
            raise Problem(429, "rate limit reached")
        self._used += 1

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What an answer says of the limit; the reset in seconds since 1970."""
        return [
            ("X-Ratelimit-Remaining", str(self._limit - self._used)),
            ("X-Ratelimit-Reset", str(self._ends)),
            ("X-Ratelimit-Limit", str(self._limit)),
        ]
