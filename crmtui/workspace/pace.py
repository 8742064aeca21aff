"""How much of the quota background work may use, and when a service wants to be left alone."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from crmtui.model.errors import QuotaSpent, RateLimited
from crmtui.workspace.account import Account

T = TypeVar("T")
_REST = "sync rests until"
_USUAL_REST = 60.0
"""Seconds without calls where a service that wants fewer names no time."""


class Pace:
    """The calls of a sync: they leave the person's reserve alone, and the service when it says so."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.calls = 0
        """Calls made."""

    async def do(self, step: Callable[[], Awaitable[T]]) -> T:
        """Does one step of a call or few, `QuotaSpent` or `RateLimited` where it must not be done now."""
        self._check()
        before = self._account.ledger.count
        try:
            return await step()
        except RateLimited as error:
            rest = error.retry_after if error.retry_after is not None else _USUAL_REST
            self._account.known.keep_fact(_REST, time.time() + rest)
            raise
        finally:
            self.calls += self._account.ledger.count - before

    def _check(self) -> None:
        rest = (self._account.known.fact(_REST, float) or 0.0) - time.time()
        if 0 < rest <= 3600:
            raise RateLimited(
                f"The service asked for fewer calls; it can be asked again in {rest:.0f} seconds.", rest
            )
        quota, reserve = self._account.quota(), self._account.connection.reserve
        if quota.used is None or not quota.limit or quota.used < quota.limit * (100 - reserve) / 100:
            return
        raise QuotaSpent(
            f"{quota.used} of {quota.limit} calls are used, and the last {reserve} % are kept for the person"
            " (reserve in the configuration)."
        )
