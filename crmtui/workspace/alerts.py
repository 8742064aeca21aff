"""Alerts: which sentences are due after a call, each once in its time, and where they go.

As the vendor's web page offers by e-mail: usage alerts at percents of the call limit, and failed calls.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import msgspec

from crmtui.config import Connection
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    CrmError,
    OutcomeUnknown,
    QuotaSpent,
    RateLimited,
    Unavailable,
    Unreachable,
)
from crmtui.model.quota import Quota
from crmtui.model.text import clean
from crmtui.store.ledger import Ledger
from crmtui.store.told import Told
from crmtui.workspace.alert_command import AlertCommand
from crmtui.workspace.token_end import warning

_QUIET = 900.0
"""Seconds for which a cause of failed calls is not told again."""
_CAUSES: Sequence[tuple[type[CrmError], str]] = (
    (AuthFailed, "token"),
    (QuotaSpent, "limit"),
    (RateLimited, "limit"),
    (Unreachable, "unreachable"),
    (Unavailable, "failing"),
    (BadAnswer, "unreadable"),
    (OutcomeUnknown, "unanswered"),
)
"""What counts as a failed call. What is missing, forbidden or invalid was answered as it should be."""


class Alert(msgspec.Struct, frozen=True):
    """A sentence that is due; `failure`: it is of a failed call, whose error whoever made it gets too."""

    sentence: str
    failure: bool = False


class Alerts:
    """One connection's alerts."""

    def __init__(
        self,
        connection: Connection,
        ledger: Ledger,
        told: Told,
        *,
        command: Sequence[str],
        redact: Callable[[str], str],
        help_: str,
    ) -> None:
        """`command` is the configuration's `alert_command`; `help_` says where a token is made."""
        self._connection = connection
        self._ledger = ledger
        self._told = told
        self._redact = redact
        self._help = help_
        self._command = AlertCommand(command, lambda complaint: self._say(Alert(complaint)))
        self.token_ends: float | None = None
        """When the token in use ends, in UTC seconds."""
        self.tells_end = False
        """Whether an end of the token that is near is told once a day."""
        self.say: Callable[[Alert], None] | None = None
        """Shows an alert to the person; while there is neither this nor a command nothing is told."""

    @contextmanager
    def watch(self) -> Iterator[None]:
        """A call: tells if it fails, and if the quota is used so far."""
        try:
            yield
        except CrmError as error:
            with contextlib.suppress(CrmError):
                self._failed(error)
            raise
        finally:
            # A journal that cannot be written to must not make an answer look like a failure.
            with contextlib.suppress(CrmError):
                self._used()
                self._ending()

    async def close(self) -> None:
        """Waits for what was started."""
        await self._command.close()

    def _failed(self, error: CrmError) -> None:
        cause = next((name for type_, name in _CAUSES if isinstance(error, type_)), None)
        now = time.time()
        if cause is not None and self._claim(f"failed: {cause}", now, now + _QUIET):
            self._tell(f"{self._connection.name}: {error.message}", failure=True)

    def _used(self) -> None:
        if not self._connection.alerts:
            return
        now = time.time()
        quota = self._ledger.quota(now)
        if not (percent := used_percent(quota)):
            return
        until = quota.resets_at or _midnight(now)
        token = self._ledger.token
        reached = [mark for mark in self._connection.alerts if percent >= mark]
        # Each is noted, so that a window in which several are passed at once is told of once.
        due = [self._claim(f"used: {mark} {token}", now, until) for mark in reached]
        if due and due[-1]:
            self._tell(usage(self._connection.name, quota))

    def _ending(self) -> None:
        if not self.tells_end or self.token_ends is None:
            return
        sentence = warning(self._connection.name, self.token_ends, self._help)
        if sentence and self._claim("token ends", time.time(), _tomorrow()):
            self._tell(sentence)

    def _claim(self, what: str, now: float, until: float) -> bool:
        return (self.say is not None or bool(self._command)) and self._told.claim(what, now, until)

    def _tell(self, sentence: str, *, failure: bool = False) -> None:
        harmless = clean(self._redact(sentence))
        self._say(Alert(harmless, failure))
        self._command.tell(harmless)

    def _say(self, alert: Alert) -> None:
        if self.say is not None:
            self.say(alert)


def usage(name: str, quota: Quota) -> str:
    """The sentence of a quota whose limit is known."""
    anew = "" if quota.resets_at is None else f"; they start anew at {_clock(quota.resets_at)}"
    anew = "; they start anew within 24 hours" if quota.is_spent_for_a_day else anew
    return f"{name} has used {used_percent(quota)} % of its {quota.limit:,} API calls{anew}."


def used_percent(quota: Quota) -> int:
    """The whole percents that are used, 0 where that is not known."""
    return 100 * quota.used // quota.limit if quota.used and quota.limit else 0


def _clock(moment: float) -> str:
    """A UTC second as a time of day, with the day where that is not within the next 24 hours."""
    at = datetime.fromtimestamp(moment, UTC)
    far = moment - time.time() > 86_400
    return f"{at:%H:%M} UTC" + (f" on {at.day} {at:%b}" if far else "")


def _midnight(now: float) -> float:
    """The next 00:00 UTC, where a service tells no end of its window."""
    return now - now % 86_400 + 86_400


def _tomorrow() -> float:
    """The beginning of the person's next day."""
    start = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return start.timestamp()
