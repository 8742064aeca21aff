"""When a write of the outbox is tried again."""

import time
from collections.abc import Callable

from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    ConfigError,
    CrmError,
    NotFound,
    OutcomeUnknown,
    QuotaSpent,
    RateLimited,
    Unavailable,
    Unreachable,
)
from crmtui.model.quota import Quota
from crmtui.model.write import Op
from crmtui.store.writes import NEVER, Entry
from crmtui.workspace.saved import Clashed

_FIRST, _LAST = 15.0, 300.0
"""Seconds until a line that is down is tried again; each time twice as long, up to the last."""
_RATE_SECONDS = 60.0
_QUOTA_SECONDS = 86_400.0
"""Until calls that are used up are there again for certain, where the service names no time."""
_TRIES = 3
"""After so many answers that the service cannot, a person decides."""


class NotYet(OutcomeUnknown):
    """A write was not done so far, but the try that was not answered may still be under way."""

    def __init__(self, until: float) -> None:
        """`until` is UTC seconds."""
        super().__init__(
            "It was not done so far; it is sent again as soon as the unanswered try cannot come in late."
        )
        self.until = until


class Pauses:
    """The times of next tries, UTC seconds: `NEVER` is a person's decision, None gives the write up."""

    def __init__(self, quota: Callable[[], Quota]) -> None:
        self._quota = quota
        self._seconds = _FIRST
        self.down = False
        """Whether the last try found no way to the service."""
        self._answered = False
        self._spent = False

    def reset(self) -> bool:
        """The line is there; whether that was not known before."""
        news = self.down or self._spent or not self._answered
        self.down, self._spent, self._answered, self._seconds = False, False, True, _FIRST
        return news

    def of_unknown(self, entry: Entry, error: BaseException) -> float | None:
        """Of a write whose last try was not answered, and that could not be settled because of an error."""
        if isinstance(error, NotYet):
            return error.until
        if not isinstance(error, Exception):
            return 0.0  # the program ends
        if isinstance(error, NotFound) and entry.write.op is not Op.CREATE:
            return None
        return self._passing(error) or NEVER

    def of_unsent(self, entry: Entry, error: BaseException, *, asked: bool) -> float | None:
        """Of a write that was not done; one that does not keep, or whose person was `asked`, is given up."""
        if not entry.keeps:
            return None
        if not isinstance(error, Exception):
            return 0.0  # the program ends
        if isinstance(error, Clashed):
            return None if asked else NEVER
        if not isinstance(error, CrmError):
            return NEVER
        answered = isinstance(error, Unavailable | BadAnswer) and not isinstance(error, Unreachable)
        return NEVER if answered and entry.tries >= _TRIES else self._passing(error)

    def _passing(self, error: BaseException) -> float | None:
        """Of an error that may be gone a while later."""
        now = time.time()
        if isinstance(error, RateLimited):
            return now + (error.retry_after or _RATE_SECONDS)
        if isinstance(error, QuotaSpent):
            # Nothing asks by itself meanwhile; what a person asks and is answered sends this too.
            self._spent = True
            resets_at = self._quota().resets_at
            return resets_at if resets_at and resets_at > now else now + _QUOTA_SECONDS
        if isinstance(error, AuthFailed | ConfigError):
            return now + _LAST
        if isinstance(error, Unavailable | BadAnswer):
            self.down = self.down or isinstance(error, Unreachable)
            seconds, self._seconds = self._seconds, min(2 * self._seconds, _LAST)
            return now + seconds
        return None
