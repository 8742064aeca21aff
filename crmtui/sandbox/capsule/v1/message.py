"""A call to the v1 API and its outcome, apart from their wire form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from .element import Element, holding


@dataclass(frozen=True, slots=True)
class Asked:
    """One call; header names are in small letters, the path is still quoted."""

    method: str
    path: str
    query: str
    scheme: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def media(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def arguments(self) -> dict[str, str]:
        """The query's arguments; of one that is given twice the last."""
        try:
            return dict(parse_qsl(self.query, keep_blank_values=True, max_num_fields=100))
        except ValueError as error:
            raise Problem(400, "the query cannot be read") from error


@dataclass(frozen=True, slots=True)
class Answered:
    """What a call that succeeded answers: a document, or nothing but its status."""

    root: Element | None = None
    status: int = 200
    location: str = ""
    """The path of what was created."""


class Problem(Exception):
    """A call that cannot be done: its status, and the message in the answer's body."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message

    @property
    def root(self) -> Element:
        """The recorded body of a 404: `<response><message>party not found</message></response>`."""
        return holding("response", ("message", self.message))


def not_found(noun: str) -> Problem:
    """The refusal of an id that nothing has."""
    return Problem(404, f"{noun} not found")
