"""What the rules of the account refuse; each dialect turns it into an answer of its own."""

from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong with a body: `resource` is party, phoneNumber, field …"""

    message: str
    resource: str
    field: str | None = None


class Refused(Exception):
    """A body that the rules do not allow, with everything that is wrong with it."""

    def __init__(self, errors: list[Fault]) -> None:
        super().__init__(errors)
        self.errors = errors


class Missing(Exception):
    """Something that the account does not have: `party`, `opportunity`, `kase`, `task`, `entry`, `tag` …"""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def refused(message: str, resource: str, field: str | None = None) -> Refused:
    """A refusal of one thing."""
    return Refused([Fault(message, resource, field)])
