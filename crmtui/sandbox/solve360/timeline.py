"""Activities in SQLite: they hang under a record or under another activity, the newest first."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crmtui.sandbox.text import restored, storable

from .activities import BY_TYPE
from .field import Activity
from .items import LARGEST_ID, Items
from .values import stamp

_COLUMNS = "id, item, parent, type, rank, flagged, creatorid, modificatorid, created, updated, viewed, data"


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity; `parent` is its record's id or another activity's, `rank` its place among siblings."""

    number: int
    item: int
    parent: int
    type: Activity
    rank: float
    flagged: str
    creator: int
    modifier: int | None
    created: str
    updated: str
    viewed: str
    values: Mapping[str, str]

    @property
    def name(self) -> str:
        """What stands for it in a list: a note's text, a task's title."""
        return self.values.get(self.type.title, "") or self.type.label


def create_table(connection: sqlite3.Connection) -> None:
    """The table of activities; values are a JSON object."""
    connection.execute(
        "CREATE TABLE activity (id INTEGER PRIMARY KEY, item INTEGER NOT NULL, parent INTEGER NOT NULL,"
        " type INTEGER NOT NULL, rank REAL NOT NULL, flagged TEXT NOT NULL, creatorid INTEGER NOT NULL,"
        " modificatorid INTEGER, created TEXT NOT NULL, updated TEXT NOT NULL, viewed TEXT NOT NULL,"
        " data TEXT NOT NULL)"
    )


def create_indexes(connection: sqlite3.Connection) -> None:
    """The indexes by which records and reports find their activities."""
    connection.execute('CREATE INDEX "activity by item" ON activity (item)')
    connection.execute('CREATE INDEX "activity by type" ON activity (type)')


def insert(connection: sqlite3.Connection, rows: Iterable[tuple[object, ...]]) -> None:
    """Insert rows of all columns in their order."""
    connection.executemany(f"INSERT INTO activity ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", rows)  # noqa: S608


class Timeline:
    """Reads and writes activities on behalf of one user."""

    def __init__(self, connection: sqlite3.Connection, items: Items, user: int) -> None:
        self._connection = connection
        self._items = items
        self._user = user

    def get(self, number: int) -> Entry | None:
        """One activity."""
        if number > LARGEST_ID:
            return None
        return next(iter(self.select("id = ?", [number])), None)

    def of_item(self, item: int) -> list[Entry]:
        """A record's activities by their place among their siblings, the newest first."""
        return self.select("item = ?", [item], "rank, id")

    def select(self, condition: str, values: list[object], order: str = "id") -> list[Entry]:
        """The activities that meet a condition of ours."""
        sql = f"SELECT {_COLUMNS} FROM activity WHERE {condition} ORDER BY {order}"  # noqa: S608
        return [_entry(*row) for row in self._connection.execute(sql, values)]

    def create(self, kind: Activity, item: int, parent: int, rank: float, values: Mapping[str, str]) -> int:
        """Insert an activity and return its id."""
        number = self._items.next_id()
        now = stamp()
        data = _packed(self._completed(kind, {}, values))
        row = (number, item, parent, kind.type_id, rank, "", self._user, self._user, now, now, now, data)
        insert(self._connection, [row])
        return number

    def update(self, entry: Entry, values: Mapping[str, str], item: int, parent: int, rank: float) -> None:
        """Change an activity, and move it with what hangs under it."""
        data = _packed(self._completed(entry.type, entry.values, values))
        row = [item, parent, rank, self._user, stamp(), data, entry.number]
        self._connection.execute(
            "UPDATE activity SET item = ?, parent = ?, rank = ?, modificatorid = ?, updated = ?, data = ?"
            " WHERE id = ?",
            row,
        )
        if item != entry.item:
            for number in self.under(entry.number):
                self._connection.execute("UPDATE activity SET item = ? WHERE id = ?", [item, number])

    def delete(self, number: int) -> None:
        """Delete an activity and what hangs under it."""
        for each in [number, *self.under(number)]:
            self._connection.execute("DELETE FROM activity WHERE id = ?", [each])

    def forget(self, item: int) -> None:
        """Delete all activities of a deleted record."""
        self._connection.execute("DELETE FROM activity WHERE item = ?", [item])

    def under(self, number: int) -> list[int]:
        """The ids of all activities that hang under one, however deep."""
        found = self._connection.execute(
            "WITH RECURSIVE below(id) AS (SELECT id FROM activity WHERE parent = ?1"
            " UNION SELECT activity.id FROM activity JOIN below ON activity.parent = below.id)"
            " SELECT id FROM below",
            [number],
        )
        return [row[0] for row in found]

    def rank(self, parent: int, *, before: int | None = None, after: int | None = None) -> float | None:
        """The place before or after a sibling, or the first one; None where the sibling is none."""
        found = self._connection.execute(
            "SELECT id, rank FROM activity WHERE parent = ? ORDER BY rank", [parent]
        )
        ranks: dict[int, float] = dict(found.fetchall())
        order = [*ranks.values()]
        if before is None and after is None:
            return order[0] - 1 if order else 0.0
        at = ranks.get((after or 0) if before is None else before)
        if at is None:
            return None
        if before is None:
            behind = [rank for rank in order if rank > at]
            return (at + behind[0]) / 2 if behind else at + 1
        ahead = [rank for rank in order if rank < at]
        return (ahead[-1] + at) / 2 if ahead else at - 1

    def _completed(
        self, kind: Activity, before: Mapping[str, str], given: Mapping[str, str]
    ) -> dict[str, str]:
        """The values with who completed it and when, which the service writes itself."""
        values = {**before, **given}
        if kind.completable and "completed" in given and given["completed"] != before.get("completed", ""):
            done = bool(given["completed"])
            values["completedon"] = stamp() if done else ""
            values["completedby"] = str(self._user) if done else ""
        return values


def _entry(number: int, item: int, parent: int, type_id: int, *rest: Any) -> Entry:
    head, values = rest[:-1], json.loads(restored(rest[-1]))
    return Entry(number, item, parent, BY_TYPE[type_id], *(*head, values))


def _packed(values: Mapping[str, str]) -> str:
    return storable(json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False))
