"""A call and its answer, before it becomes bytes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crmtui.sandbox.onepagecrm.refusal import Conflict, Forbidden, Full, Refused

Json = dict[str, Any]
BASE = "/api/v3"
YES, NO = ("true", "1"), ("false", "0", "")
_NAMES = {
    400: ("Invalid request data", "invalid_request_data"),
    401: ("Authorization data not found", "authorization_data_not_found"),
    403: ("Forbidden", "forbidden"),
    404: ("Resource not found", "resource_not_found"),
    405: ("Method not allowed", "method_not_allowed"),
    409: ("Conflict", "conflict"),
    500: ("Internal server error", "internal_server_error"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: the steps of its path below /api/v3, its parameters, and where it was sent."""

    method: str
    steps: tuple[str, ...]
    parameters: Mapping[str, str]
    origin: str
    """Scheme and host."""
    body: bytes = field(repr=False)

    def json(self) -> Json:
        """The body, an object; nothing is an empty one."""
        if not self.body:
            return {}
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Problem(400, "The request body is not valid JSON") from error
        if not isinstance(found, dict):
            raise Problem(400, "The request body is not an object")
        return found

    def flag(self, name: str) -> bool | None:
        """A parameter that means yes or no; None where it is not given."""
        word = self.parameters.get(name)
        if word is None:
            return None
        if word.lower() not in (*YES, *NO):
            raise wrong(name, "must be true or false")
        return word.lower() in YES


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: its data, what stands beside them, and its status."""

    data: Any
    status: int = 200
    beside: Mapping[str, Any] = field(default_factory=dict)


class Problem(Exception):
    """A call that is not done: status, sentence, and per member or parameter what is wrong with it."""

    def __init__(self, status: int, message: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.errors = dict(errors or {})

    @property
    def body(self) -> Json:
        """The documented body of a failure."""
        message, name = _NAMES[self.status]
        return {
            "status": self.status,
            "message": message,
            "error_name": name,
            "error_message": self.message,
            "errors": self.errors,
        }


def of_refusal(refusal: Refused) -> Problem:
    """What the rules of the account refuse."""
    match refusal:
        case Conflict():
            status = 409
        case Forbidden() | Full():
            status = 403
        case _:
            status = 400
    return Problem(status, refusal.message, refusal.errors)


def wrong(name: str, message: str) -> Problem:
    """A parameter that is not taken."""
    return Problem(400, "A validation error has occurred", {name: message})


def missing(what: str) -> Problem:
    """A record or path that there is not."""
    return Problem(404, f"The {what} you are looking for does not exist")
