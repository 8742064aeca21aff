"""Many calls in one container (document 001, "Batching Requests")."""

import random
import re
from collections.abc import Callable

from .dialect import Dialect
from .message import Asked, Problem, Reply

LARGEST = 100
_LINE = "\r\n"
_OWN = frozenset({"content-length", "transfer-encoding", "connection", "host", "expect"})
"""Headers of the container that belong to its own connection; all others count for the calls in it."""
_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^;\s]+))', re.IGNORECASE)
_REQUEST_LINE = re.compile(r"([A-Z]+) (/[^ ?]*)(?:\?([^ ]*))? HTTP/1\.[01]")
_WRONG_BY = 78
"""By how much the document's first answer is shorter than its Content-Length."""


def answered(container: Asked, call: Callable[[Asked | Problem], Reply], dialect: Dialect) -> Reply:
    """The answers to a container's calls, each made by `call`, in the order of the calls."""
    parts = _parts(container)
    boundary = f"solve360batch_{random.randrange(10**9, 10**10)}==="  # noqa: S311
    pieces = [_piece(call(_nested(container, part)), boundary, dialect) for part in parts]
    body = b"".join([*pieces, f"--{boundary}--{_LINE}".encode()])
    headers = [
        ("Server", "Apache"),
        ("Access-Control-Allow-Origin", "*"),
        ("Content-Type", f"multipart/mixed; boundary={boundary}"),
    ]
    return Reply(200, headers, body)


def _parts(container: Asked) -> list[bytes]:
    """The parts between the boundaries; the text before and after them counts for nothing."""
    found = _BOUNDARY.search(container.headers.get("content-type", ""))
    if container.media != "multipart/mixed" or found is None:
        raise Problem(406, incorrectformat="Batch request must be multipart/mixed")
    delimiter = b"\r\n--" + (found[1] or found[2]).encode("latin-1")
    _, *rest = (b"\r\n" + container.body).split(delimiter)
    if len(rest) < 2 or not rest[-1].startswith(b"--"):
        raise Problem(400, incorrectrequest="Batch request cannot be parsed")
    if any(not part.startswith(b"\r\n") for part in rest[:-1]):
        raise Problem(400, incorrectrequest="Batch request cannot be parsed")
    if len(rest) - 1 > LARGEST:
        raise Problem(400, batchlimit=f"No more than {LARGEST} requests are allowed in a batch")
    return [part[2:] for part in rest[:-1]]


def _nested(container: Asked, part: bytes) -> Asked | Problem:
    """The call in a part, with the container's headers where it has none of its own."""
    invalid = Problem(400, incorrectrequest="Nested request cannot be parsed")
    outer, blank, inner = part.partition(b"\r\n\r\n")
    head, ended, body = inner.partition(b"\r\n\r\n")
    line, _, fields = head.partition(b"\r\n")
    request = _REQUEST_LINE.fullmatch(line.decode("latin-1"))
    around, own = _headers(outer), _headers(fields)
    if not blank or not ended or request is None or around is None or own is None:
        return invalid
    if around.get("content-type", "").partition(";")[0].strip().lower() != "application/http":
        return invalid
    length = own.get("content-length", "")
    if length:
        if not (length.isascii() and length.isdigit()) or int(length[:12]) > len(body):
            return invalid
        body = body[: int(length)]
    inherited = {name: value for name, value in container.headers.items() if name not in _OWN}
    method, path, query = request.groups()
    if path.strip("/") == "batch":
        return Problem(400, incorrectrequest="A batch cannot be nested")
    return Asked(method, path, query or "", {**inherited, **own}, body)


def _headers(raw: bytes) -> dict[str, str] | None:
    """Header lines by name in small letters, None where one has no colon."""
    found: dict[str, str] = {}
    for line in filter(None, raw.decode("latin-1").split(_LINE)):
        name, colon, value = line.partition(":")
        if not colon or "\n" in line:
            return None
        found[name.strip().lower()] = value.strip()
    return found


def _piece(reply: Reply, boundary: str, dialect: Dialect) -> bytes:
    length = len(reply.body) + (_WRONG_BY if dialect.inner_lengths == "wrong" else 0)
    lines = [
        f"--{boundary}",
        "Content-Type: application/http",
        # Empty whatever the client sent: answers are told apart by their order alone.
        "Content-ID:",
        "",
        # Without a reason phrase, as in the document.
        f"HTTP/1.1 {reply.status}",
        *(f"{name}: {value}" for name, value in reply.headers),
        f"Content-Length: {length}",
        "",
        "",
    ]
    return _LINE.join(lines).encode("latin-1") + reply.body + _LINE.encode()
