"""Pages of lists: which part is asked for, and what an answer tells of the whole."""

from collections.abc import Callable, Sequence
from typing import Any

from .dialect import Dialect
from .message import Asked, Problem, wrong

Json = dict[str, Any]
Part = Callable[[int, int], Sequence[Any]]
"""Gives the rows from a start, a number of them at most."""
DEFAULT = 10
MOST = 100
DEEPEST = 10_000
"""So many contacts can be paged through; further ones are in the cascade."""
FURTHEST = 2**31


def paged(
    asked: Asked, dialect: Dialect, key: str, part: Part, total: int, *, deep: bool = True, fixed: int = 0
) -> Json:
    """The page of a list that is asked for, under its key; a page beyond the last one is empty.

    Lists that are not `deep` end with the 10,000th record; `fixed` is the size of pages that nobody chooses.
    """
    page = _number(asked, "page", 1)
    size = fixed or _size(asked, dialect)
    start = (page - 1) * size
    beyond = not deep and dialect.deep != "given" and start + size > DEEPEST
    if beyond and dialect.deep == "refused":
        raise Problem(400, "Use contacts/cascade for more than 10000 contacts", {"page": "is too large"})
    rows = [] if beyond else part(start, size)
    return {
        key: list(rows),
        "total_count": total,
        "page": page,
        "max_page": max(1, -(-total // size)),
        "per_page": size,
    }


def rows_of(rows: Sequence[Any]) -> Part:
    """The parts of a list that is there as a whole."""
    return lambda start, limit: rows[start : start + limit]


def _size(asked: Asked, dialect: Dialect) -> int:
    size = _number(asked, "per_page", DEFAULT)
    if size > MOST and dialect.per_page == "refused":
        raise wrong("per_page", f"must be less than or equal to {MOST}")
    return min(size, MOST, dialect.page_cap or MOST)


def _number(asked: Asked, name: str, default: int) -> int:
    word = asked.parameters.get(name)
    if not word:
        return default
    if not (word.isascii() and word.isdigit()) or not 1 <= int(word) <= FURTHEST:
        raise wrong(name, "must be greater than 0")
    return int(word)
