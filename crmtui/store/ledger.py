"""The call ledger: every request that left, and what the service last said of its quota."""

import time

import msgspec

from crmtui.model.call import Call
from crmtui.model.quota import Quota
from crmtui.store.database import Database


class Entry(msgspec.Struct, frozen=True):
    """One request; `at` is UTC seconds, `status` and `ms` are None when it was not answered."""

    at: float
    method: str
    path: str
    status: int | None
    ms: int | None
    cost: int


class Ledger:
    """A connection's `Recorder`."""

    def __init__(self, database: Database, limit: int | None = None) -> None:
        """`limit`: the calls of a day where the service reports none."""
        self._database = database
        self._limit = limit

    def record_call(
        self, call: Call, status: int | None, ms: int | None, quota: Quota | None, at: float
    ) -> None:
        """Notes one request that left at `at`."""
        with self._database.write() as sql:
            sql.execute(
                "INSERT INTO call (at, method, path, status, ms, cost) VALUES (?,?,?,?,?,?)",
                (at, call.method, call.path, status, ms, call.cost),
            )
            if quota is not None:
                sql.execute(
                    "INSERT OR REPLACE INTO quota (one, body) VALUES (1, ?)", (msgspec.json.encode(quota),)
                )

    def quota(self, now: float | None = None) -> Quota:
        """What the service last said, else our own count since 00:00 UTC."""
        now = time.time() if now is None else now
        row = self._database.sql.execute("SELECT body FROM quota").fetchone()
        if row is not None:
            return msgspec.json.decode(row[0], type=Quota).at(now)
        midnight = now - now % 86_400
        used: int = self._database.sql.execute(
            "SELECT coalesce(sum(cost), 0) FROM call WHERE at>=?", (midnight,)
        ).fetchone()[0]
        return Quota(used, self._limit, midnight + 86_400, "counted", now)

    def entries(self, limit: int = 1000) -> list[Entry]:
        """The newest requests first."""
        rows = self._database.sql.execute(
            "SELECT at, method, path, status, ms, cost FROM call ORDER BY number DESC LIMIT ?", (limit,)
        )
        return [Entry(*row) for row in rows]
