"""A call and its answer, before it becomes bytes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crmtui.sandbox.capsule.refusal import Fault

Json = dict[str, Any]
BASE = "/api/v2"


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: the steps of its path below /api/v2, its parameters, and where it was sent."""

    method: str
    steps: tuple[str, ...]
    parameters: Mapping[str, str]
    address: str
    """Scheme, host and path, of which links to other pages are made."""
    origin: str
    """Scheme and host."""
    media: str
    body: bytes = field(repr=False)

    def json(self) -> Json:
        """The body, an object."""
        if self.media != "application/json":
            raise Problem(415, "Unsupported Media Type")
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Problem(400, "Problems parsing JSON") from error
        if not isinstance(found, dict):
            raise Problem(400, "Problems parsing JSON")
        return found

    def wrapped(self, name: str) -> Json:
        """The object of a name in the body."""
        found = self.json().get(name)
        if not isinstance(found, dict):
            raise invalid(f"{name} is required", name, None)
        return found


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: its body (None for an empty one), status and headers of its own."""

    body: Json | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Problem(Exception):
    """A call that is not done: status, message and, of a body that is not valid, its faults."""

    def __init__(self, status: int, message: str, faults: list[Fault] | None = None) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.faults = faults

    @property
    def body(self) -> Json:
        """The documented body of a failure."""
        if self.status == 429:
            return {"error": self.message}
        if self.faults is None:
            return {"message": self.message}
        errors = [
            {name: value for name, value in fault._asdict().items() if value is not None}
            for fault in self.faults
        ]
        return {"message": self.message, "errors": errors}


def unprocessable(faults: list[Fault]) -> Problem:
    """A body or parameter that the service does not take."""
    return Problem(422, "Validation Failed", faults)


def invalid(message: str, resource: str, name: str | None) -> Problem:
    """The same of one fault."""
    return unprocessable([Fault(message, resource, name)])


def nowhere() -> Problem:
    """A path that leads nowhere."""
    return Problem(404, "Could not find resource")
