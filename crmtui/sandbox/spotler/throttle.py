"""A limit of calls, which the document does not know but Laravel services usually have."""

import time

from .envelope import Problem

MINUTE = 60


class Throttle:
    """A limit of calls a minute, with the headers of Laravel's throttle; none unless a limit is given."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._used = 0
        self._ends = 0.0

    def count(self) -> None:
        """Count a call, or refuse it."""
        if self._limit is None:
            return
        now = time.monotonic()
        if now >= self._ends:
            self._used, self._ends = 0, now + MINUTE
        if self._used >= self._limit:
            wait = {"Retry-After": str(int(self._ends - now) + 1)}
            raise Problem(429, "API call limit reached", kind="Too Many Requests", headers=wait)
        self._used += 1

    def headers(self) -> dict[str, str]:
        """What an answer says about the limit."""
        if self._limit is None:
            return {}
        return {
            "X-RateLimit-Limit": str(self._limit),
            "X-RateLimit-Remaining": str(max(0, self._limit - self._used)),
        }
