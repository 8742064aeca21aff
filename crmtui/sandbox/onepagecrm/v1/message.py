"""A call to the v1 API and its outcome, apart from their wire form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

MESSAGES = {
    0: "OK",
    101: "Expired",
    102: "Account inactive or blocked",
    103: "Invalid login details",
    104: "Invalid authorization token",
    105: "Authorization data not found",
    106: "Requested resource not found",
    107: "Resource with given details already exists",
    108: "Invalid request data",
    109: "Incomplete request data",
    201: "User exceeded allowed number of contacts",
    202: "User exceeded allowed number of given resource",
    999: "Internal server error",
}
"""The page "response codes"."""
FORMATS = ("xml", "json", "yaml")


class Problem(Exception):
    """A call that cannot be done, by its status code in the body."""

    def __init__(self, code: int) -> None:
        super().__init__(code, MESSAGES[code])
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """One call; header names are in small letters, `path` and `query` are as they came."""

    method: str
    scheme: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def url(self) -> str:
        """The whole address as it was called, which the signature is over."""
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.headers.get('host', '')}{self.path}{query}"

    @property
    def format(self) -> str:
        """The suffix of the path, whatever it is."""
        return self.path.rpartition("/")[2].rpartition(".")[2]

    @property
    def steps(self) -> list[str]:
        """The parts of the path behind `/api/`, without the suffix; none of any other path."""
        first, _, rest = self.path.lstrip("/").partition("/")
        return [unquote(step) for step in rest.rpartition(".")[0].split("/")] if first == "api" else []

    @property
    def arguments(self) -> dict[str, str]:
        """What the query says, or the form of a POST or PUT: texts are trimmed, of two the last counts."""
        try:
            text = self.body.decode() if self.method in ("POST", "PUT") else self.query
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=200, errors="strict")
        except ValueError as error:
            raise Problem(108) from error
        return {name: value.strip() for name, value in pairs}


@dataclass(slots=True)
class Answered:
    """What a call that succeeded answers, and which of `tags`, `statuses`, `sales` come with it."""

    data: Any = field(default_factory=dict)
    blocks: tuple[str, ...] = ()
