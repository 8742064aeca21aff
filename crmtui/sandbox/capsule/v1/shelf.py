"""The account as v1 reads it: records by the number in a path, and parts of lists."""

from collections.abc import Callable
from typing import Any

from crmtui.sandbox.capsule.office import WORDS, Office

from . import scalars
from .dialect import Dialect
from .message import Problem, not_found

Json = dict[str, Any]
Keep = Callable[[Json], bool]
SEGMENTS = {"party": "parties", "opportunity": "opportunities", "kase": "kases"}
"""The entities that have tags, fields and a history, by their segment of a path."""


class Shelf:
    """Reads records in the shape of v2; what this user has no access to does not exist for them."""

    def __init__(self, office: Office, dialect: Dialect) -> None:
        self._office = office
        self._dialect = dialect

    def found(self, entity: str, number: str) -> Json:
        """The record of a number in a path, or 404."""
        known = number.isascii() and number.isdigit() and len(number) < 19
        record = (
            None if not known or number in self._dialect.private else self._office.get(entity, int(number))
        )
        if record is None:
            raise not_found(WORDS[entity])
        return record

    def page(
        self,
        entity: str,
        arguments: dict[str, str],
        *,
        words: str = "",
        within: tuple[str, int] | None = None,
        order: str = "name",
        keep: Keep | None = None,
    ) -> tuple[list[Json], int]:
        """The rows that `start`, `limit` and `lastmodified` ask for, and the `size` that the list tells."""
        start = _whole(arguments, "start", 0)
        limit = min(_whole(arguments, "limit", self._dialect.default_limit), self._dialect.max_limit)
        since = scalars.since(arguments["lastmodified"]) if arguments.get("lastmodified") else None
        keep = self._seen(keep)
        rows = self._office.select(
            entity, start, limit, since=since, words=words, within=within, order=order, keep=keep
        )
        if self._dialect.size == "page":
            return rows, len(rows)
        every = self._office.select(entity, since=since, words=words, within=within, order=order, keep=keep)
        return rows, len(every)

    def tagged(self, entity: str, name: str) -> Keep:
        """Whether a record has the tag of a name."""
        wanted = {tag["id"] for tag in self._office.tags(entity) if tag["name"].casefold() == name.casefold()}
        return lambda kept: not wanted.isdisjoint(kept["tags"])

    def _seen(self, keep: Keep | None) -> Keep | None:
        private = self._dialect.private
        if not private:
            return keep
        return lambda kept: str(kept["id"]) not in private and (keep is None or keep(kept))


def filled(body: Json) -> Json:
    """The members of a new record that have a value: there is nothing to take away yet."""
    return {name: value for name, value in body.items() if value is not None}


def gone(row: Json) -> Json:
    """The change of v2 that takes a row away."""
    return {"id": row["id"], "_delete": True}


def together(*tests: Keep | None) -> Keep | None:
    """All tests that there are, as one."""
    wanted = [test for test in tests if test is not None]
    return (lambda kept: all(test(kept) for test in wanted)) if wanted else None


def _whole(arguments: dict[str, str], name: str, default: int) -> int:
    text = arguments.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Problem(400, f"{name} must be a whole number")
    return int(text)
