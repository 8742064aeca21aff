"""A call and its answer apart from the connection they travel on: a batch holds many of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .tree import Members, Tree

HOST = "http://secure.solve360.com"
"""The address that Location names in the document, whatever the client called."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One call; header names are in small letters."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def media(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one call, before it takes a wire form."""

    members: Members
    status: int = 200
    location: str = ""
    """The path of what was created."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one call as bytes, its headers in the order in which they are sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = field(repr=False)


class Problem(Exception):
    """A call that cannot be done: its status and the elements under `<errors>`."""

    def __init__(self, status: int, /, **errors: str) -> None:
        super().__init__(status, errors)
        self.status = status
        self.errors = errors

    def members(self) -> Members:
        """The document's body of a failure."""
        return Members([("errors", Members([*self.errors.items()])), ("status", "failed")])


class Unauthorized(Exception):
    """Wrong or missing credentials; the answer is no XML."""


def succeeded(*pairs: tuple[str, Tree]) -> Members:
    """The members with the status that follows them all."""
    return Members([*pairs, ("status", "success")])
