"""The limit of calls, which since 2014 holds for all of `/api`: 5 a second, 10 in a burst."""

import time
from collections.abc import Callable

RATE = 5.0
BURST = 10.0
_EARLY = 0.5
"""The part of a call that may be missing: calls sent in time arrive a tenth of a second early at most."""


class Throttle:
    """A bucket of calls that fills again with time."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._left = BURST
        self._at = now()

    def admits(self) -> bool:
        """Whether one more call is allowed, which then counts."""
        now = self._now()
        self._left = min(BURST, self._left + (now - self._at) * RATE)
        self._at = now
        if self._left < 1 - _EARLY:
            return False
        self._left -= 1
        return True
