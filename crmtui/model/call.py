"""Everything the app wants of a CRM is a Call: a value that can be shown, priced, stored and sent."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias
from urllib.parse import quote

import msgspec

from crmtui.model.quota import Quota

CALL_SECONDS = 45.0
"""The longest that a call takes, its repeats included, and that a file's transfer stands still."""

Progress: TypeAlias = Callable[[int, int | None], None]
"""Told of a transfer: the bytes that moved so far, and how many there are where that is known."""


def unwatched(done: int, total: int | None) -> None:
    """The progress of a transfer that nobody looks at."""


class Upload(msgspec.Struct, frozen=True):
    """A multipart body: text fields, then the file at `path` under the name `name`.

    The file is named and not held: the driver reads it from disk while it is sent. `boundary` parts
    the fields, and is the one in the call's Content-Type.
    """

    path: str
    name: str
    fields: tuple[tuple[str, str], ...]
    boundary: str


class Call(msgspec.Struct, frozen=True):
    """One request to a service, without its token, and the name of what reads the answer.

    `path` is absolute below the service's origin and already percent-encoded; `query` is not.
    `cost` is in the service's quota units; `beside` says in words what it costs more where only the
    service knows how much. `safe`: sending it twice does no more than sending it once did, so that an
    unanswered one may be repeated. `reader` names a function in the adapter's table, `args` is what
    that function must know besides the answer. `upload` stands for a body that is a file. `reads_back`:
    its answer only names the record that it made, which is read then. `signed`: the token goes along.
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
    upload: Upload | None = None
    beside: str = ""
    signed: bool = True
    reads_back: bool = False

    @property
    def body_text(self) -> str:
        """The body as people read it; of an upload its parts, a line each, and not the file's content."""
        if self.upload is None:
            return self.body.decode(errors="replace")
        lines = [f"{name}: {value}" for name, value in self.upload.fields]
        return "\n".join([*lines, f"file: {self.upload.name} (the content of {self.upload.path})"])

    @property
    def target(self) -> str:
        """Path and query as they stand in the request line."""
        if not self.query:
            return self.path
        pairs = (f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.query)
        return f"{self.path}?{'&'.join(pairs)}"


class Pending(msgspec.Struct, frozen=True):
    """The service took an order and is at it: `call` asks how far it is, in percent where it says so."""

    call: Call
    percent: int | None = None


class More(msgspec.Struct, frozen=True):
    """Not all that was asked for: `call` asks for the rest, and reads to the whole, or to `More` again."""

    call: Call


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


def cost_of(calls: Sequence[Call]) -> str:
    """What calls cost in words, with what only the service knows of it."""
    cost = sum(call.cost for call in calls)
    return " ".join([f"{cost} {'call' if cost == 1 else 'calls'}", *filter(None, (c.beside for c in calls))])
