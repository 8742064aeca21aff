"""Records in SQLite: contacts, companies, project blogs and tickets, a table each."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crmtui.sandbox.database import quoted, statement
from crmtui.sandbox.text import restored, storable

from .field import Field, Kind
from .kinds import KINDS
from .values import stamp

HEAD = ("id", "name", "ownership", "flagged", "created", "viewed", "updated", "creatorid", "modificatorid")
"""The columns that every kind has; modificatorid is null until somebody changed the record."""
LARGEST_ID = 2**62
Sql = tuple[str, list[object]]


@dataclass(frozen=True, slots=True)
class Item:
    """One record: its head by column, and the values of its fields, `""` where there is none."""

    kind: Kind
    head: Mapping[str, str]
    values: Mapping[str, str]

    @property
    def number(self) -> int:
        """Its id, unique among all records and activities."""
        return int(self.head["id"])


def create_tables(connection: sqlite3.Connection) -> None:
    """The tables of all kinds, and the serial of ids."""
    for kind in KINDS.values():
        columns = ", ".join(quoted(name) for name in (*HEAD[1:], *(field.name for field in stored(kind))))
        connection.execute(f"CREATE TABLE {quoted(kind.segment)} (id INTEGER PRIMARY KEY, {columns})")
    connection.execute("CREATE TABLE serial (next INTEGER NOT NULL)")
    connection.execute("INSERT INTO serial VALUES (200000001)")


def create_indexes(connection: sqlite3.Connection) -> None:
    """The indexes of a list's usual orders."""
    for kind in KINDS.values():
        for column in ("updated", "created"):
            index = quoted(f"{kind.segment} by {column}")
            connection.execute(f"CREATE INDEX {index} ON {quoted(kind.segment)} ({column}, id)")


def stored(kind: Kind) -> tuple[Field, ...]:
    """The fields that have a column besides the head: a company's name is in the head already."""
    return tuple(field for field in kind.stored if field.name != "name")


class Items:
    """Reads and writes records on behalf of one user."""

    def __init__(self, connection: sqlite3.Connection, user: int) -> None:
        self._connection = connection
        self._user = user

    def get(self, kind: Kind, number: int) -> Item | None:
        """One record."""
        if number > LARGEST_ID:
            return None
        found = self._select(kind, "WHERE id = ?", [number])
        return found[0] if found else None

    def find(self, number: int) -> Item | None:
        """The record of an id, whatever its kind."""
        return next((item for kind in KINDS.values() if (item := self.get(kind, number))), None)

    def title(self, number: int) -> tuple[Kind, str] | None:
        """The kind and name of the record of an id: reports tell no more of thousands."""
        for kind in KINDS.values():
            sql = statement("SELECT name FROM", quoted(kind.segment), "WHERE id = ?")
            found = self._connection.execute(sql, [number]).fetchone()
            if found:
                return kind, _text(found[0])
        return None

    def page(self, kind: Kind, condition: Sql, order: str, limit: int, offset: int) -> tuple[list[Item], int]:
        """One page of the matching records, and how many match in all."""
        sql, values = condition
        counting = statement("SELECT count(*) FROM", quoted(kind.segment), "WHERE", sql)
        total: int = self._connection.execute(counting, values).fetchone()[0]
        if offset >= total:
            return [], total
        rest = f"WHERE {sql} ORDER BY {order} LIMIT ? OFFSET ?"
        return self._select(kind, rest, [*values, limit, offset]), total

    def create(self, kind: Kind, given: Mapping[str, str], ownership: str) -> int:
        """Insert a record and return its id."""
        number = self.next_id()
        now = stamp()
        head = {
            "id": number,
            "ownership": ownership,
            "flagged": given.get("flagged", ""),
            "created": now,
            "viewed": now,
            "updated": now,
            "creatorid": self._user,
            "modificatorid": self._user,
        }
        values = {field.name: given.get(field.name, "") for field in kind.stored}
        row = {**head, **values, "name": _name(kind, values)}
        names = ", ".join(quoted(name) for name in row)
        places = ", ".join("?" * len(row))
        sql = statement("INSERT INTO", quoted(kind.segment), f"({names}) VALUES ({places})")
        self._connection.execute(sql, [_kept(value) for value in row.values()])
        return number

    def update(self, item: Item, given: Mapping[str, str], ownership: str) -> None:
        """Change a record; its stamp moves even when no value does."""
        row: dict[str, object] = {
            **given,
            "name": _name(item.kind, {**item.values, **given}),
            "ownership": ownership,
            "updated": stamp(),
            "modificatorid": self._user,
        }
        self._set(item.kind, item.number, row)

    def touch(self, item: Item, column: str) -> None:
        """Move a record's `viewed` or `updated` to now."""
        self._set(item.kind, item.number, {column: stamp()})

    def delete(self, item: Item) -> None:
        """Delete a record; what hangs on it is deleted by those who know it."""
        sql = statement("DELETE FROM", quoted(item.kind.segment), "WHERE id = ?")
        self._connection.execute(sql, [item.number])

    def next_id(self) -> int:
        """An id that nothing has had."""
        return int(
            self._connection.execute("UPDATE serial SET next = next + 1 RETURNING next - 1").fetchone()[0]
        )

    def _set(self, kind: Kind, number: int, row: Mapping[str, object]) -> None:
        terms = ", ".join(f"{quoted(name)} = ?" for name in row)
        sql = statement("UPDATE", quoted(kind.segment), "SET", terms, "WHERE id = ?")
        self._connection.execute(sql, [*(_kept(value) for value in row.values()), number])

    def _select(self, kind: Kind, rest: str, values: Sequence[object]) -> list[Item]:
        names = [field.name for field in kind.stored]
        columns = ", ".join(quoted(name) for name in (*HEAD, *names))
        sql = statement("SELECT", columns, "FROM", quoted(kind.segment), rest)
        return [
            Item(
                kind,
                {name: _text(value) for name, value in zip(HEAD, row, strict=False)},
                {name: _text(value) for name, value in zip(names, row[len(HEAD) :], strict=True)},
            )
            for row in self._connection.execute(sql, values)
        ]


def _name(kind: Kind, values: Mapping[str, str]) -> str:
    return " ".join(values[name] for name in kind.title if values[name]).strip()


def _text(value: object) -> str:
    return "" if value is None else restored(str(value))


def _kept(value: object) -> object:
    return storable(value) if isinstance(value, str) else value
