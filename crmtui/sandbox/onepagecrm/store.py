"""Records in SQLite: each is a JSON object, with columns for what it is found by."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from crmtui.sandbox.database import statement
from crmtui.sandbox.text import restored, storable

from .account import ident
from .entity import ENTITIES, Entity, Json

_INDEXES = {
    "contacts": (
        ("sort", "id"),
        ("owner", "sort", "id"),
        ("status", "owner"),
        ("source", "owner"),
        ("starred", "owner"),
        ("letter", "owner"),
        ("company",),
        ("created", "id"),
        ("modified", "id"),
    ),
    "companies": (("name", "id"), ("modified", "id")),
    "deals": (("contact",), ("status", "owner", "closed", "total"), ("modified", "id")),
    "actions": (("contact", "done"), ("rank", "id"), ("modified", "id")),
    "notes": (("contact",), ("deal",), ("modified", "id")),
    **dict.fromkeys(("calls", "meetings"), (("contact",), ("modified", "id"))),
}
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
INSERT_STREAM = "INSERT INTO stream VALUES (?, ?, ?, ?, ?, ?)"
Conditions = Mapping[str, Any]
"""What records must meet, by the names that their entity has for conditions."""


def create_tables(connection: sqlite3.Connection) -> None:
    """The tables, empty."""
    for entity in ENTITIES.values():
        columns = ", ".join(("id TEXT PRIMARY KEY", *entity.columns, "doc TEXT NOT NULL"))
        connection.execute(f"CREATE TABLE {entity.name} ({columns})")
    connection.execute("CREATE TABLE tagged (contact TEXT, tag TEXT, PRIMARY KEY (contact, tag))")
    # What is counted of contacts in streams stands there too.
    places = "contact TEXT, user TEXT, rank TEXT, its_status TEXT, its_source TEXT, its_starred INTEGER"
    connection.execute(f"CREATE TABLE stream ({places}, PRIMARY KEY (contact, user))")
    connection.execute("CREATE TABLE setup (kind TEXT, id TEXT, doc TEXT, PRIMARY KEY (kind, id))")
    connection.execute("CREATE TABLE trash (entity TEXT, id TEXT, moment TEXT, docs TEXT)")
    connection.execute("CREATE TABLE serial (next INTEGER NOT NULL)")


def create_indexes(connection: sqlite3.Connection) -> None:
    """The indexes of the usual orders and look-ups."""
    for name, indexes in _INDEXES.items():
        for columns in indexes:
            index = f'"{name} by {" and ".join(columns)}"'
            connection.execute(f"CREATE INDEX {index} ON {name} ({', '.join(columns)})")
    # Whose a tagged contact is.
    connection.execute("CREATE INDEX owned ON contacts (id, owner)")
    connection.execute("CREATE INDEX tagged_by_tag ON tagged (tag)")
    connection.execute("CREATE INDEX stream_by_rank ON stream (user, rank, contact)")
    connection.execute("CREATE INDEX counted ON stream (user, its_status, its_source, its_starred)")
    # Without knowing how much there is, a few records are looked for in the order of all.
    connection.execute("PRAGMA analysis_limit = 1000")
    connection.execute("ANALYZE")


def insert(connection: sqlite3.Connection, entity: Entity, docs: Iterable[Json]) -> None:
    """Insert records, or put them in the place of older ones; of each, what is worth keeping."""
    places = ", ".join("?" * (2 + len(entity.columns)))
    sql = statement("INSERT OR REPLACE INTO", entity.name, f"VALUES ({places})")
    connection.executemany(sql, (_row(entity, doc) for doc in docs))


def streamed(doc: Json, ranks: Mapping[str, str]) -> list[tuple[object, ...]]:
    """The rows of a contact in the streams of users."""
    counted = [ENTITIES["contacts"].columns[name](doc) for name in ("status", "source", "starred")]
    return [(doc["id"], user, rank, *counted) for user, rank in ranks.items()]


def _row(entity: Entity, doc: Json) -> list[object]:
    columns = [_bound(column(doc)) for column in entity.columns.values()]
    return [doc["id"], *columns, dumped(entity.kept(doc))]


def _bound(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


def stamp() -> str:
    """Now, in UTC to the second."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def dumped(doc: object) -> str:
    """A value as it is kept."""
    return storable(_ENCODE(doc))


def loaded(text: str) -> Any:
    """A value as it was."""
    return json.loads(restored(text))


class Store:
    """Reads and writes records without knowing any rule."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def version(self) -> tuple[int, int]:
        """Another one after every change, whoever made it."""
        (others,) = self._connection.execute("PRAGMA data_version").fetchone()
        return others, self._connection.total_changes

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a question of one's own."""
        return self._connection.execute(sql, values).fetchall()

    def get(self, entity: str, ident: str) -> Json | None:
        """One record."""
        found = self.rows(statement("SELECT doc FROM", entity, "WHERE id = ?"), ident)
        return ENTITIES[entity].whole(loaded(found[0][0])) if found else None

    def select(
        self,
        entity: str,
        conditions: Conditions,
        *,
        order: str = "id",
        descending: bool = False,
        start: int = 0,
        limit: int = -1,
        stream: str | None = None,
    ) -> list[Json]:
        """The records that meet conditions, in an order, or in that of a user's stream (`""` for all)."""
        source, terms, values = _question(entity, conditions, stream)
        ways = " DESC" if descending else ""
        if stream is not None:
            by = f"ORDER BY stream.rank{ways}, stream.contact{ways} LIMIT ? OFFSET ?"
        else:
            by = f"ORDER BY {ENTITIES[entity].orders[order]}{ways}, id{ways} LIMIT ? OFFSET ?"
        sql = statement(f"SELECT {entity}.doc FROM", source, terms, by)
        whole = ENTITIES[entity].whole
        return [whole(loaded(text)) for (text,) in self.rows(sql, *values, limit, start)]

    def count(self, entity: str, conditions: Conditions, *, stream: str | None = None) -> int:
        """How many records meet conditions."""
        source, terms, values = _question(entity, conditions, stream)
        return int(self.rows(statement("SELECT count(*) FROM", source, terms), *values)[0][0])

    def after(self, entity: str, conditions: Conditions, last: str, order: str, limit: int) -> list[Json]:
        """The records that come after one in an order; none where there is no such one."""
        terms, values = _later(entity, conditions, last, order)
        column = ENTITIES[entity].orders[order]
        sql = statement("SELECT doc FROM", entity, terms, f"ORDER BY {column}, id LIMIT ?")
        whole = ENTITIES[entity].whole
        return [whole(loaded(text)) for (text,) in self.rows(sql, *values, limit)]

    def left(self, entity: str, conditions: Conditions, last: str, order: str) -> int:
        """How many records come after one in an order."""
        terms, values = _later(entity, conditions, last, order)
        return int(self.rows(statement("SELECT count(*) FROM", entity, terms), *values)[0][0])

    def put(self, entity: str, doc: Json) -> None:
        """Keep a record under its id."""
        insert(self._connection, ENTITIES[entity], [doc])
        if entity == "contacts":
            self._run("DELETE FROM tagged WHERE contact = ?", doc["id"])
            for tag in doc["tags"]:
                self._run("INSERT OR IGNORE INTO tagged VALUES (?, ?)", doc["id"], _bound(tag.casefold()))

    def remove(self, entity: str, ident: str) -> None:
        """Delete a record."""
        self._run(statement("DELETE FROM", entity, "WHERE id = ?"), ident)
        if entity == "contacts":
            self._run("DELETE FROM tagged WHERE contact = ?", ident)
            self._run("DELETE FROM stream WHERE contact = ?", ident)

    def put_stream(self, doc: Json, ranks: Mapping[str, str]) -> None:
        """Keep where a contact stands in the streams of users."""
        self._run("DELETE FROM stream WHERE contact = ?", doc["id"])
        self._connection.executemany(INSERT_STREAM, streamed(doc, ranks))

    def setup(self, kind: str) -> list[Json]:
        """What the account has set up of a kind, in its order."""
        found = self.rows("SELECT doc FROM setup WHERE kind = ? ORDER BY rowid", kind)
        return [loaded(text) for (text,) in found]

    def put_setup(self, kind: str, ident: str, doc: Json) -> None:
        """Keep one of what the account has set up, in its place or as the last."""
        sql = "INSERT INTO setup VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET doc = excluded.doc"
        self._run(sql, kind, _bound(ident), dumped(doc))

    def remove_setup(self, kind: str, ident: str) -> None:
        """Take away one of what the account has set up."""
        self._run("DELETE FROM setup WHERE kind = ? AND id = ?", kind, _bound(ident))

    def throw_away(self, entity: str, ident: str, docs: Mapping[str, list[Json]]) -> None:
        """Keep what is deleted with a record, so that it can come back."""
        self._run("INSERT INTO trash VALUES (?, ?, ?, ?)", entity, ident, stamp(), dumped(docs))

    def thrown_away(self, entity: str, ident: str | None = None) -> tuple[str, dict[str, list[Json]]] | None:
        """The last deleted record, or the last of an id: its id, and what was deleted with it."""
        sql = (
            "SELECT id, docs FROM trash WHERE entity = ? AND id = coalesce(?, id) ORDER BY rowid DESC LIMIT 1"
        )
        found = self.rows(sql, entity, ident)
        return (found[0][0], loaded(found[0][1])) if found else None

    def take_back(self, entity: str, ident: str) -> None:
        """Forget what was kept of a deleted record."""
        self._run("DELETE FROM trash WHERE entity = ? AND id = ?", entity, ident)

    def next_id(self) -> str:
        """An id that nothing in the account has had, greater than all before."""
        sql = "UPDATE serial SET next = next + 1 RETURNING next - 1"
        return ident(int(self.rows(sql)[0][0]))

    def begin(self) -> None:
        """Begin a change that happens as a whole or not at all."""
        self._run("SAVEPOINT change")

    def finish(self, *, done: bool) -> None:
        """Keep the change, or take it back."""
        if not done:
            self._run("ROLLBACK TO change")
        self._run("RELEASE change")

    def _run(self, sql: str, *values: object) -> None:
        self._connection.execute(sql, values)


def _question(entity: str, conditions: Conditions, stream: str | None) -> tuple[str, str, list[object]]:
    """Where records are looked for, which are meant, and the values of that."""
    named = ENTITIES[entity].conditions
    terms = []
    values: list[object] = []
    source = entity
    if stream is not None:
        source = f"stream JOIN {entity} ON {entity}.id = stream.contact"
        terms.append("stream.user = ?")
        values.append(stream)
    for name, value in conditions.items():
        sql, adapted = named[name]
        terms.append(sql)
        values.append(_bound(adapted(value)))
    return source, f"WHERE {' AND '.join(terms)}" if terms else "", values


def _later(entity: str, conditions: Conditions, last: str, order: str) -> tuple[str, list[object]]:
    """Which records come after one in an order, and the values of that."""
    _, terms, values = _question(entity, conditions, None)
    column = ENTITIES[entity].orders[order]
    place = statement("SELECT", column, ", id FROM", entity, "WHERE id = ?")
    later = f"({column}, id) > ({place})"
    return (f"{terms} AND {later}" if terms else f"WHERE {later}"), [*values, last]
