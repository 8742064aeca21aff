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
        self._token: str | None = None
        self._counted: tuple[str, float, int] | None = None
        """Of which token, since when, and at which version of the file the calls were counted."""
        self._used = 0
        self.count = 0
        """Requests that left since this was opened."""

    @property
    def salt(self) -> bytes:
        """What the names of tokens are made with here."""
        salt: bytes = self._database.sql.execute("SELECT body FROM salt").fetchone()[0]
        return salt

    @property
    def token(self) -> str:
        """The name of the token in use, else of the one that the newest call was made with."""
        if self._token is not None:
            return self._token
        row = self._database.sql.execute("SELECT token FROM call ORDER BY number DESC LIMIT 1").fetchone()
        return row[0] if row else ""

    def count_for(self, token: str) -> None:
        """The calls from now on are made with the token of this name, a hash."""
        self._token = token

    def record_call(
        self, call: Call, status: int | None, ms: int | None, quota: Quota | None, at: float
    ) -> None:
        """Notes one request that left at `at`; no screen waits for the disk, so a power cut may take it."""
        self.count += 1
        with self._database.write(durable=False) as sql:
            sql.execute(
                "INSERT INTO call (at, method, path, status, ms, cost, token) VALUES (?,?,?,?,?,?,?)",
                (at, call.method, call.path, status, ms, call.cost, self.token),
            )
            if quota is not None:
                sql.execute(
                    "INSERT OR REPLACE INTO quota (token, body) VALUES (?,?)",
                    (self.token, msgspec.json.encode(quota)),
                )
        if self._counted is not None and self._counted[0] == self.token and at >= self._counted[1]:
            self._used += call.cost

    def quota(self, now: float | None = None) -> Quota:
        """What the service last said of the token, else our own count of its calls since 00:00 UTC."""
        now = time.time() if now is None else now
        token = self.token
        row = self._database.sql.execute(
            "SELECT body FROM quota WHERE token IN (?, '') ORDER BY token DESC", (token,)
        ).fetchone()
        if row is not None:
            return msgspec.json.decode(row[0], type=Quota).at(now)
        midnight = now - now % 86_400
        return Quota(self._spent(token, midnight), self._limit, midnight + 86_400, "counted", now)

    def _spent(self, token: str, midnight: float) -> int:
        """Our own count since a midnight: read once, then added to, unless another instance has written."""
        known = (token, midnight, self._database.version)
        if self._counted != known:
            self._counted = known
            self._used = self._database.sql.execute(
                "SELECT coalesce(sum(cost), 0) FROM call WHERE at>=? AND token IN (?, '')", (midnight, token)
            ).fetchone()[0]
        return self._used

    def entries(self, limit: int = 1000) -> list[Entry]:
        """The newest requests first."""
        rows = self._database.sql.execute(
            "SELECT at, method, path, status, ms, cost FROM call ORDER BY number DESC LIMIT ?", (limit,)
        )
        return [Entry(*row) for row in rows]
