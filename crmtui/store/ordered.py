"""The list that each kind begins with, read from an index of sort keys: a change moves one row."""

from collections.abc import Iterator, Mapping, Sequence

from crmtui.model.query import Order
from crmtui.model.record import Record
from crmtui.store.body import record_of
from crmtui.store.database import Database
from crmtui.store.sort_key import Key


class Ordered:
    """The mirrored records of each kind in the order that its list begins with."""

    def __init__(self, database: Database, connection: str, orders: Mapping[str, Sequence[Order]]) -> None:
        self._database = database
        self._connection = connection
        self._orders = orders

    def rows(self, kind: str, first: int, count: int) -> list[Record]:
        """Records by position."""
        way = "DESC" if self._descends(kind) else "ASC"
        order = f"sort1 {way}, sort2 {way}, number {way}"
        rows = self._database.sql.execute(
            "SELECT id, title, body, stamp, fetched_at FROM record JOIN"  # noqa: S608 (words of our own)
            f" (SELECT number AS found FROM record WHERE kind=? ORDER BY {order} LIMIT ? OFFSET ?)"
            f" ON number=found ORDER BY {order}",
            (kind, count, first),
        )
        return [record_of(self._connection, kind, row) for row in rows]

    def position(self, kind: str, id_: str) -> int | None:
        """Where a record stands: the number of those before it."""
        keys = self._database.sql.execute(
            "SELECT sort1, sort2, number FROM record WHERE kind=? AND id=?", (kind, id_)
        ).fetchone()
        if keys is None:
            return None
        found = 0
        for clause, values in _before(keys, descending=self._descends(kind)):
            row = self._database.sql.execute(
                f"SELECT count(*) FROM record WHERE kind=? AND {clause}",  # noqa: S608 (words of our own)
                (kind, *values),
            ).fetchone()
            found += row[0]
        return found

    def _descends(self, kind: str) -> bool:
        order = self._orders.get(kind, ())
        return bool(order) and order[0].descending


def _before(keys: Sequence[Key], *, descending: bool) -> Iterator[tuple[str, Sequence[Key]]]:
    """Stretches of the index that stand before these keys; none overlaps another. Null is the least."""
    same = ""
    values: list[Key] = []
    for column, key in zip(("sort1", "sort2", "number"), keys, strict=True):
        if key is None:
            if descending:
                yield f"{same}{column} IS NOT NULL", values
            same += f"{column} IS NULL AND "
            continue
        yield f"{same}{column} {'>' if descending else '<'} ?", [*values, key]
        if not descending:
            yield f"{same}{column} IS NULL", values
        same += f"{column} = ? AND "
        values = [*values, key]
