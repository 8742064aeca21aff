"""The wire form of answers (API document, "Examples" and "Error Responses")."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.responses import Response

from .field import Kind

Value = str | int | float | None
Row = dict[str, object]
Headers = Mapping[str, str]


class Problem(Exception):
    """A request that cannot be done, with the status and words the client gets."""

    def __init__(self, status: int, message: str, *, kind: str = "", headers: Headers | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind or "Invalid Request error"
        self.headers = headers

    def payload(self) -> dict[str, object]:
        """The error object."""
        return {"type": self.kind, "code": self.status, "message": self.message}


class Refused(Problem):
    """Data that does not pass validation: per field the failed rules with their parameters."""

    def __init__(self, failures: Mapping[str, list[dict[str, list[str]]]]) -> None:
        super().__init__(422, "The given data was invalid.", kind="Validation error")
        self._failures = failures

    def payload(self) -> dict[str, object]:
        return {**super().payload(), "validation": self._failures}


def answer(payload: object, status: int = HTTPStatus.OK, headers: Headers | None = None) -> Response:
    """JSON as PHP's json_encode prints it: compact, ASCII, slashes escaped."""
    # A slash can only stand inside a string of JSON, so it can be escaped afterwards.
    text = json.dumps(payload, separators=(",", ":")).replace("/", "\\/")
    return Response(text, status, headers, "application/json")


def record_envelope(kind: Kind, record: Row, parent: str | None) -> dict[str, object]:
    """One record with its metadata."""
    return {
        "metadata": {
            "url": f"/{kind.name}/{record['id']}",
            "list_url": f"/{kind.name}",
            "parent": parent,
            "object_type": "record",
            "record_type": kind.record_type,
        },
        "record": record,
    }


def list_envelope(
    kind: Kind, items: Sequence[dict[str, object]], total: int, *, has_more: bool
) -> dict[str, object]:
    """A page of records; its address is in the singular, as in the document's example."""
    return {
        "metadata": {
            "url": f"/{kind.record_type}",
            "object_type": "list",
            "total_count": total,
            "has_more": has_more,
        },
        "list": items,
    }
