"""Pages of lists: which part is asked for, and how an answer tells that there is more."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from .dialect import Dialect
from .message import Answered, Asked, invalid

Json = dict[str, Any]
Part = Callable[[int, int], Sequence[Any]]
"""Gives the rows from a start, a number of them at most."""
DEFAULT = 50
MOST = 100
FURTHEST = 2**31


def paged(asked: Asked, dialect: Dialect, key: str, part: Part, most: int = MOST) -> Answered:
    """The page of a list that is asked for, under its key."""
    page = _number(asked, "page", 1, FURTHEST)
    size = _number(asked, "perPage", min(DEFAULT, most), most)
    if dialect.page_cap:
        size = min(size, dialect.page_cap)
    rows = part((page - 1) * size, size + 1)
    more = len(rows) > size
    headers = []
    if dialect.more != "link":
        headers.append(("X-Pagination-Has-More", str(more).lower()))
    if dialect.more != "header":
        links = [_link(asked, page + 1, size, "next")] if more else []
        links += [_link(asked, page - 1, size, "prev")] if page > 1 else []
        headers += [("Link", ", ".join(links))] if links else []
    return Answered({key: list(rows[:size])}, headers=tuple(headers))


def rows_of(rows: Sequence[Any]) -> Part:
    """The parts of a list that is there as a whole."""
    return lambda start, limit: rows[start : start + limit]


def _number(asked: Asked, name: str, default: int, most: int) -> int:
    word = asked.parameters.get(name)
    if word is None:
        return default
    if not (word.isascii() and word.isdigit() and len(word) < 19) or not 1 <= int(word) <= most:
        raise invalid(f"{name} must be between 1 and {most}", "query", name)
    return int(word)


def _link(asked: Asked, page: int, size: int, relation: str) -> str:
    kept = {name: value for name, value in asked.parameters.items() if name not in ("page", "perPage")}
    query = urlencode({**kept, "page": page, "perPage": size})
    return f'<{asked.address}?{query}>; rel="{relation}"'
