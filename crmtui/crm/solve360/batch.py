"""Several Calls as one request, and its answer as theirs.

Source: the vendor's page "API Reference: Batching Requests".
"""

import re
import secrets
from collections.abc import Mapping, Sequence

from crmtui.crm.solve360.wire import SENDS
from crmtui.model.call import Answer, Call
from crmtui.model.errors import BadAnswer

MOST = 100
"""The requests of one container: "currently the number of requests in a batch is limited to 100"."""
_PART = b"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID:\r\n\r\n"
_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^;\s]+))', re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: .*)?")
_BLANK = re.compile(rb"\r?\n\r?\n")
_LIMIT = "http-x-solve360-api-call-limit"


def pack(calls: Sequence[Call]) -> Call:
    """The container of 1 to `MOST` calls; it costs what they cost, and is safe if all of them are."""
    parts = [_part(call) for call in calls]
    boundary = _boundary_of(parts)
    pieces = [b"--" + boundary + b"\r\n" + _PART + part + b"\r\n" for part in parts]
    return Call(
        "POST",
        "/batch",
        "batch",
        headers=(("Content-Type", f"multipart/mixed; boundary={boundary.decode()}"),),
        body=b"".join(pieces) + b"--" + boundary + b"--",
        cost=sum(call.cost for call in calls),
        safe=all(call.safe for call in calls),
    )


def unpack(answer: Answer) -> list[Answer]:
    """The answers in the container, in its order; raises `BadAnswer`.

    Each is read on its own, up to the next boundary: the lengths that are told are wrong in the
    document's own example. One that says nothing of the calls left has what the container says.
    """
    found = _BOUNDARY.search(answer.headers.get("content-type", ""))
    if found is None:
        raise BadAnswer("The service answered a batch with something else.")
    delimiter = b"\n--" + (found[1] or found[2]).encode("latin-1", "replace")
    _, *pieces = (b"\n" + answer.body).split(delimiter)
    if not pieces or not pieces[-1].startswith(b"--"):
        raise BadAnswer("The answer to a batch breaks off.")
    told = {_LIMIT: answer.headers[_LIMIT]} if _LIMIT in answer.headers else {}
    return [_answer(piece, told) for piece in pieces[:-1]]


def _part(call: Call) -> bytes:
    # What a part does not say itself is the container's, the content type too.
    headers = {**dict(SENDS), **dict(call.headers), "Content-Length": str(len(call.body))}
    lines = [
        f"{call.method} {call.target} HTTP/1.1",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + call.body


def _boundary_of(parts: Sequence[bytes]) -> bytes:
    """As the document's, and in none of the parts."""
    while True:
        boundary = b"====%d===" % (10**9 + secrets.randbelow(9 * 10**9))
        if not any(boundary in part for part in parts):
            return boundary


def _answer(piece: bytes, told: Mapping[str, str]) -> Answer:
    """A part's own status line, headers and body, after the headers of the part."""
    _, *rest = _BLANK.split(piece, 1)
    head, *body = _BLANK.split(rest[0], 1) if rest else (b"",)
    first, *fields = head.splitlines() or [b""]
    status = _STATUS.fullmatch(first.strip())
    if status is None:
        raise BadAnswer("A part of the answer to a batch is no answer.")
    pairs = (line.decode("latin-1").partition(":") for line in fields)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    # The line end before the boundary belongs to it.
    return Answer(int(status[1]), {**told, **headers}, (body[0] if body else b"").removesuffix(b"\r"))
