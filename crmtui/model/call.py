"""Everything the app wants of a CRM is a Call: a value that can be shown, priced, stored and sent."""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote

import msgspec

from crmtui.model.quota import Quota


class Call(msgspec.Struct, frozen=True):
    """One request to a service, without its token, and the name of what reads the answer.

    `path` is absolute below the service's origin and already percent-encoded; `query` is not.
    `cost` is in the service's quota units. `safe`: sending it twice does no more than sending it
    once did, so that an unanswered one may be repeated. `reader` names a function in the adapter's
    table, `args` is what that function must know besides the answer.
    """

    method: str
    path: str
    reader: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    args: Mapping[str, Any] = {}
    cost: int = 1
    safe: bool = True

    @property
    def target(self) -> str:
        """Path and query as they stand in the request line."""
        if not self.query:
            return self.path
        pairs = (f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.query)
        return f"{self.path}?{'&'.join(pairs)}"


class Answer(msgspec.Struct, frozen=True):
    """What came back: status, headers with lower-case names, the decoded body (8 MB at most)."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the service says that it did what was asked."""
        return 200 <= self.status < 300


class Recorder(Protocol):
    """Keeps account of every request that leaves; the store is one."""

    def record_call(
        self, call: Call, status: int | None, ms: int | None, quota: Quota | None, at: float
    ) -> None:
        """One request left at `at` (UTC seconds); `status` and `ms` are None when unanswered."""
