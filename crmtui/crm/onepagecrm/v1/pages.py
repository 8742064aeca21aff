"""Pages of contacts: those that do not wait, then those that do, as one list.

The service lists either, and its pages are as long as the account's user has set. Source: facts
`onepagecrm.md`, section 4.
"""

from typing import Any, NamedTuple

import msgspec

from crmtui.model.call import Call, More
from crmtui.model.query import Page
from crmtui.model.record import Record

_AHEAD = 3
"""Pages that are read after the one that a stretch begins with, whose rows are known."""


class _Extent(NamedTuple):
    """One of the two lists: rows of a page and in all, and its last page."""

    size: int
    rows: int
    last: int


class Pages:
    """Knows how long the lists of one connection are, from the pages that were read."""

    def __init__(self) -> None:
        self._extents: dict[str, _Extent] = {}

    def first(self, call: Call) -> Call:
        """A list's first page."""
        return _at(call, waiting=False, page=1)

    def page(
        self, call: Call, records: tuple[Record, ...], count: int | None, last: int | None
    ) -> Page | More:
        """The page that an answer holds; of a stretch what comes after it is asked for as well."""
        args, now = call.args, len(records)
        key = _key(call, args["waiting"])
        if count is not None and last is not None and (now or args["page"] == 1):
            self._extents[key] = _extent(args["page"], now, count, last, self._extents.get(key))
        extent = self._extents.get(key)
        ended = not now or (extent is not None and args["page"] >= extent.last)
        before = self._count(call) if args["waiting"] else 0
        total = before + extent.rows if args["waiting"] and extent and before is not None else None
        found = (*args.get("found", ()), *records)
        following = self.following(call, empty=not now)
        if following is not None and args.get("ahead", 0):
            more = {"ahead": args["ahead"] - 1, "found": found}
            return More(msgspec.structs.replace(following, args={**following.args, **more}))
        number = 2 * args["page"] - 2 + (10_000_000 if args["waiting"] else 0)
        return Page(found, total, not (ended and args["waiting"]), number)

    def following(self, call: Call, *, empty: bool = False) -> Call | None:
        """The page after one; None after the last of both lists."""
        waiting, page = call.args["waiting"], call.args["page"]
        extent = self._extents.get(_key(call, waiting))
        if not empty and (extent is None or page < extent.last):
            return _at(call, waiting=waiting, page=page + 1)
        return None if waiting else _at(call, waiting=True, page=1)

    def stretch(self, call: Call, place: int) -> tuple[int, Call]:
        """The page that holds a place, with some after it; the first where pages are not yet known."""
        extent = self._extents.get(_key(call, waiting=False))
        if extent is None:
            return 0, _ahead(self.first(call))
        if place < extent.rows:
            page = place // extent.size
            return page * extent.size, _ahead(_at(call, waiting=False, page=page + 1))
        other = self._extents.get(_key(call, waiting=True))
        page = (place - extent.rows) // other.size if other else 0
        begins = extent.rows + page * (other.size if other else 0)
        return begins, _ahead(_at(call, waiting=True, page=page + 1))

    def _count(self, call: Call) -> int | None:
        extent = self._extents.get(_key(call, waiting=False))
        return extent.rows if extent else None


def _extent(page: int, now: int, count: int, last: int, known: _Extent | None) -> _Extent:
    """How long a list is, as a page of `now` rows tells.

    GUESS: `count` is that of all rows. One that is no more than the rows of a page among several is of those.
    """
    if last > 1 and count <= now:
        size = known.size if known and page >= last else now
        return _Extent(max(1, size), size * (last - 1) + (now if page >= last else size), last)
    # A last page is no shorter than the others only if it is full.
    return _Extent(
        max(1, now if page < last or last <= 1 else (count - now) // max(1, last - 1)), count, last
    )


def _at(call: Call, *, waiting: bool, page: int) -> Call:
    query = {**dict(call.query), "waiting": "1" if waiting else "0", "page": str(page)}
    args: dict[str, Any] = {n: v for n, v in call.args.items() if n not in ("ahead", "found")}
    return msgspec.structs.replace(
        call, query=tuple(query.items()), args={**args, "waiting": waiting, "page": page}
    )


def _ahead(call: Call) -> Call:
    return msgspec.structs.replace(call, args={**call.args, "ahead": _AHEAD})


def _key(call: Call, waiting: bool) -> str:
    """What names a list, whatever its page."""
    asked = [f"{name}={value}" for name, value in call.query if name not in ("waiting", "page")]
    return "&".join([str(waiting), *asked])
