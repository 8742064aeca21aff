"""The limit of calls of one caller: so many a second, and some more at once after a pause."""

import time
from collections.abc import Callable


class Throttle:
    """A bucket of tokens that fills steadily; each call takes one."""

    def __init__(
        self, rate: int, burst: int, refused: int = 0, now: Callable[[], float] = time.monotonic
    ) -> None:
        """`rate` in calls a second, 0 for no limit; the call of number `refused` is refused anyway."""
        self._rate = rate
        self._burst = burst
        self._refused = refused
        self._now = now
        self._left = float(burst)
        self._filled = now()
        self._calls = 0

    def take(self) -> bool:
        """Count a call; false when it comes too soon."""
        now = self._now()
        self._left = min(self._burst, self._left + (now - self._filled) * self._rate)
        self._filled = now
        self._calls += 1
        if self._calls == self._refused or (self._rate and self._left < 1):
            return False
        self._left -= 1 if self._rate else 0
        return True
