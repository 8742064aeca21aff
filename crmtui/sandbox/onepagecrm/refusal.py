"""What the rules of the account refuse; each dialect turns it into an answer of its own."""

from collections.abc import Mapping


class Refused(Exception):
    """A change that is not made: a sentence, and per member of the body what is wrong with it."""

    def __init__(self, message: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.errors = dict(errors or {})


class Invalid(Refused):
    """A body that the rules do not allow."""


class Conflict(Refused):
    """A change that the present state of a record does not allow."""


class Forbidden(Refused):
    """A change that this user may not make."""


class Full(Refused):
    """A change that the limits of the account forbid: of `contacts`, or `deals`."""

    def __init__(self, what: str, message: str) -> None:
        super().__init__(message)
        self.what = what


class Missing(Exception):
    """Something that the account does not have: `contact`, `company`, `deal`, `action`, `status` …"""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def invalid(field: str, message: str) -> Invalid:
    """A body in which one member is wrong."""
    return Invalid("A validation error has occurred", {field: message})
