"""The records of all objects: listing, reading and writing them in SQLite."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from crmtui.sandbox.database import quoted, statement
from crmtui.sandbox.text import restored, storable

from . import query
from .columns import CREATED, CREATED_BY, MODIFIED, MODIFIED_BY
from .dictionary import HISTORIES, LINES, OPPORTUNITIES
from .envelope import Problem, Row, Value
from .field import Field, Kind
from .query import Sql

_LARGEST_ID = 2**62
_TRACKED = ("status", "value", "closedate")


def create_table(connection: sqlite3.Connection, kind: Kind) -> None:
    """The table of an object; its columns have no type, so that values stay as they are."""
    columns = ", ".join(quoted(field.name) for field in kind.fields if field.name != "id")
    connection.execute(f"CREATE TABLE {quoted(kind.name)} (id INTEGER PRIMARY KEY, {columns})")


def create_indexes(connection: sqlite3.Connection, kind: Kind) -> None:
    """The indexes of an object's usual filters and orders."""
    fields = {field.name: field for field in kind.fields}
    for name in kind.indexed:
        index = quoted(f"{kind.name} by {name}")
        connection.execute(f"CREATE INDEX {index} ON {quoted(kind.name)} ({query.comparable(fields[name])})")


def create_serials(connection: sqlite3.Connection, kinds: Iterable[Kind]) -> None:
    """The next id of every object: ids of deleted records never come back."""
    connection.execute("CREATE TABLE serial (kind TEXT PRIMARY KEY, next INTEGER NOT NULL)")
    for kind in kinds:
        sql = statement("SELECT coalesce(max(id) + 1, ?) FROM", quoted(kind.name))
        following = connection.execute(sql, [kind.first_id]).fetchone()[0]
        connection.execute("INSERT INTO serial VALUES (?, ?)", [kind.name, following])


def insert_sql(kind: Kind) -> str:
    """The statement that inserts a whole row, its values in the order of the object's fields."""
    return _insertion(kind, [field.name for field in kind.fields])


class Records:
    """Reads and writes records on behalf of one user."""

    def __init__(self, connection: sqlite3.Connection, user: int) -> None:
        self._connection = connection
        self.user = user

    def page(self, kind: Kind, condition: Sql, order: str, limit: int, offset: int) -> tuple[list[Row], int]:
        """One page of the matching records, and how many match in all."""
        sql, values = condition
        counting = statement("SELECT count(*) FROM", quoted(kind.name), "WHERE", sql)
        try:
            total: int = self._connection.execute(counting, values).fetchone()[0]
        except sqlite3.OperationalError as error:
            # The statement itself is refused when a filter has more values or levels than SQLite takes.
            if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
                raise Problem(400, "The q parameter is too complex") from error
            raise
        if offset >= total:
            return [], total
        rows = self._select(kind, f"WHERE {sql} ORDER BY {order} LIMIT ? OFFSET ?", [*values, limit, offset])
        return rows, total

    def get(self, kind: Kind, record_id: int) -> Row | None:
        """One record."""
        if record_id > _LARGEST_ID:
            return None
        rows = self._select(kind, "WHERE id = ?", [record_id])
        return rows[0] if rows else None

    def parent_id(self, kind: Kind, record_id: object) -> int:
        """The id of the record that this one hangs under."""
        sql = statement("SELECT", quoted(kind.parent), "FROM", quoted(kind.name), "WHERE id = ?")
        found: int = self._connection.execute(sql, [record_id]).fetchone()[0]
        return found

    def lines(self, opportunity: object) -> list[Row]:
        """The lines of an opportunity, as they stand inside it."""
        hidden = {CREATED_BY.name, MODIFIED_BY.name}
        rows = self._select(LINES, "WHERE opportunityid = ? ORDER BY id", [opportunity])
        return [{name: value for name, value in row.items() if name not in hidden} for row in rows]

    def exists(self, name: str, record_id: object) -> bool:
        """Whether an object has a record of this id."""
        sql = statement("SELECT 1 FROM", quoted(name), "WHERE id = ?")
        return self._connection.execute(sql, [record_id]).fetchone() is not None

    def create(self, kind: Kind, given: Mapping[str, Value]) -> int:
        """Insert a record with the service's defaults and stamps, and return its id."""
        values: dict[str, Value] = {field.name: field.default for field in kind.fields}
        if "ownerid" in kind.by_name:
            values["ownerid"] = self.user
        values |= given
        created = self._next_id(kind)
        values["id"] = created
        now = _now()
        stamps: dict[Field, Value] = {
            CREATED: now,
            MODIFIED: now,
            CREATED_BY: self.user,
            MODIFIED_BY: self.user,
        }
        values |= _present(kind, stamps)
        if "modified" in kind.by_name:
            values["modified"] = now
        self._connection.execute(
            _insertion(kind, list(values)), [_stored(value) for value in values.values()]
        )
        return created

    def update(self, kind: Kind, record: Row, given: Mapping[str, Value]) -> None:
        """Write what differs; a record that does not change keeps its stamp."""
        changed = {name: value for name, value in given.items() if record[name] != value}
        if not changed:
            return
        values = {**changed, **_present(kind, {MODIFIED: _now(), MODIFIED_BY: self.user})}
        if "modified" in kind.by_name:
            values["modified"] = _now()
        terms = ", ".join(f"{quoted(name)} = ?" for name in values)
        self._connection.execute(
            statement("UPDATE", quoted(kind.name), "SET", terms, "WHERE id = ?"),
            [*(_stored(value) for value in values.values()), record["id"]],
        )
        if kind is OPPORTUNITIES and not changed.keys().isdisjoint(_TRACKED):
            self._add_history(record["id"])

    def delete(self, kind: Kind, record_id: int) -> None:
        """Delete a record; what refers to it stays."""
        self._connection.execute(statement("DELETE FROM", quoted(kind.name), "WHERE id = ?"), [record_id])

    def _next_id(self, kind: Kind) -> int:
        sql = "UPDATE serial SET next = next + 1 WHERE kind = ? RETURNING next - 1"
        return int(self._connection.execute(sql, [kind.name]).fetchone()[0])

    def _add_history(self, opportunity: object) -> None:
        copied = "forecast, probability, value, closedate, modifiedby, modifieddate"
        self._connection.execute(
            statement(
                "INSERT INTO opportunityhistories",
                f"(id, opportunityid, opportunitystatus, {copied})",
                "SELECT ?, id, status,",
                copied,
                "FROM opportunities WHERE id = ?",
            ),
            [self._next_id(HISTORIES), opportunity],
        )

    def _select(self, kind: Kind, rest: str, values: Sequence[object]) -> list[Row]:
        names = [field.name for field in kind.visible]
        columns = ", ".join(quoted(name) for name in names)
        sql = statement("SELECT", columns, "FROM", quoted(kind.name), rest)
        return [
            {
                name: restored(value) if type(value) is str else value
                for name, value in zip(names, row, strict=True)
            }
            for row in self._connection.execute(sql, values)
        ]


def _insertion(kind: Kind, names: Sequence[str]) -> str:
    columns = ", ".join(quoted(name) for name in names)
    places = ", ".join("?" * len(names))
    return statement("INSERT INTO", quoted(kind.name), f"({columns}) VALUES ({places})")


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


def _present(kind: Kind, stamps: Mapping[Field, Value]) -> dict[str, Value]:
    return {field.name: value for field, value in stamps.items() if field.name in kind.by_name}


def _stored(value: Value) -> Value:
    return storable(value) if isinstance(value, str) else value
