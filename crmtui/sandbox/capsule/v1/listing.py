"""The part of a list that a call asks for by `start` and `limit`."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from .dialect import Dialect
from .message import Problem

Json = dict[str, Any]


class Window(NamedTuple):
    """Rows from the one at `start`, counted from 0, `limit` at most."""

    start: int
    limit: int


def window(arguments: dict[str, str], dialect: Dialect) -> Window:
    """The window that a call names; 400 where it is none."""
    start = _number(arguments, "start", 0)
    return Window(start, min(_number(arguments, "limit", dialect.default_limit), dialect.max_limit))


def told_size(rows: Sequence[object], total: int, dialect: Dialect) -> int:
    """What `size` says of a list."""
    return total if dialect.size == "total" else len(rows)


def _number(arguments: dict[str, str], name: str, default: int) -> int:
    text = arguments.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Problem(400, f"{name} must be a whole number")
    return int(text)
