"""The daily limit of calls, and the header that tells of it (API document, "API limit")."""

import time
from collections.abc import Callable

from .message import Problem

HEADER = "Http-X-Solve360-Api-Call-Limit"
DAY = 24 * 3600.0


class Quota:
    """Counts calls in windows of 24 hours, the first of which begins with the first call."""

    def __init__(
        self, limit: int, used: int, throttle_every: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._used = used
        self._every = throttle_every
        self._now = now
        self._ends = now() + DAY
        self._calls = 0

    def count(self) -> None:
        """Count a call, or refuse it: 403 when the day's calls are spent, 400 when it comes too soon."""
        if self._now() >= self._ends:
            self._used, self._ends = 0, self._now() + DAY
        if self._used >= self._limit:
            raise Problem(403, apicalllimit="API call limit has been reached")
        self._used += 1
        self._calls += 1
        if self._every and self._calls % self._every == 0:
            raise Problem(400, ratelimit="Too many requests, please try again later")

    def charge(self, calls: int) -> None:
        """Count what a call did besides itself; it is done already, so the limit may be passed."""
        self._used += calls

    @property
    def header(self) -> tuple[str, str]:
        """What every answer says of the limit."""
        return HEADER, f"{self._used}/{self._limit}"
