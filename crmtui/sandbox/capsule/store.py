"""Records in SQLite: each is a JSON object in which other records stand by their ids."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from crmtui.sandbox.database import statement
from crmtui.sandbox.text import fold, restored, storable

from .entity import ENTITIES, Entity, Json, party_name

ORDERS = {"id": "id", "name": "words, id", "newest": "words DESC, id DESC"}
LARGEST_ID = 2**62
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def create_tables(connection: sqlite3.Connection) -> None:
    """The tables, empty."""
    for entity in ENTITIES.values():
        references = "".join(f", {name} INTEGER" for name in entity.references)
        connection.execute(
            f"CREATE TABLE {entity.table} (id INTEGER PRIMARY KEY, updated TEXT NOT NULL, words TEXT NOT NULL"
            f"{references}, doc TEXT NOT NULL)"
        )
    connection.execute("CREATE TABLE deletion (entity TEXT, record INTEGER, moment TEXT)")
    connection.execute(
        "CREATE TABLE related (entity TEXT, record INTEGER, party INTEGER, UNIQUE (entity, record, party))"
    )
    connection.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY, entity TEXT, doc TEXT)")
    connection.execute("CREATE TABLE serial (next INTEGER NOT NULL)")


def create_indexes(connection: sqlite3.Connection) -> None:
    """The indexes of the usual orders and look-ups."""
    for entity in ENTITIES.values():
        for column in ("words", "updated", *entity.references):
            index = f'"{entity.table} by {column}"'
            connection.execute(f"CREATE INDEX {index} ON {entity.table} ({column})")
    connection.execute("CREATE INDEX related_party ON related (party)")


def insert(connection: sqlite3.Connection, entity: Entity, docs: Iterator[Json]) -> None:
    """Insert records, or put them in the place of older ones; of each, what is worth keeping."""
    places = ", ".join("?" * (4 + len(entity.references)))
    sql = statement("INSERT OR REPLACE INTO", entity.table, f"VALUES ({places})")
    connection.executemany(sql, (_row(entity, doc) for doc in docs))


def stamp() -> str:
    """Now, in UTC to the second."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def dumped(doc: object) -> str:
    """A value as it is kept."""
    return storable(_ENCODE(doc))


def loaded(text: str) -> Json:
    """A value as it was."""
    found: Json = json.loads(restored(text))
    return found


class Store:
    """Reads and writes records without knowing any rule."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, entity: str, number: int) -> Json | None:
        """One record."""
        if not 0 < number <= LARGEST_ID:
            return None
        sql = statement("SELECT doc FROM", ENTITIES[entity].table, "WHERE id = ?")
        row = self._connection.execute(sql, [number]).fetchone()
        return ENTITIES[entity].whole(loaded(row[0])) if row else None

    def scan(
        self,
        entity: str,
        *,
        since: str | None = None,
        words: str = "",
        within: tuple[str, int] | None = None,
        order: str = "id",
    ) -> Iterator[Json]:
        """Records in an order, all or those changed since, with words in their name, or within another."""
        terms, values = _terms(since, words, within)
        sql = statement("SELECT doc FROM", ENTITIES[entity].table, terms, "ORDER BY", ORDERS[order])
        whole = ENTITIES[entity].whole
        for (text,) in self._connection.execute(sql, values):
            yield whole(loaded(text))

    def slice(
        self,
        entity: str,
        start: int,
        limit: int,
        *,
        since: str | None = None,
        words: str = "",
        within: tuple[str, int] | None = None,
        order: str = "id",
        keep: Callable[[Json], bool] | None = None,
    ) -> list[Json]:
        """A part of what `scan` gives; `keep` chooses by the record itself."""
        if keep is not None:
            kept = (doc for doc in self.scan(entity, since=since, words=words, within=within, order=order))
            return _part((doc for doc in kept if keep(doc)), start, limit)
        terms, values = _terms(since, words, within)
        named = ENTITIES[entity]
        sql = statement("SELECT doc FROM", named.table, terms, "ORDER BY", ORDERS[order], "LIMIT ? OFFSET ?")
        found = self._connection.execute(sql, [*values, limit, start])
        return [named.whole(loaded(text)) for (text,) in found]

    def put(self, entity: str, doc: Json) -> None:
        """Keep a record under its id."""
        named = ENTITIES[entity]
        insert(self._connection, named, iter([named.kept(doc)]))

    def remove(self, entity: str, number: int) -> None:
        """Delete a record, and note when."""
        self._run(statement("DELETE FROM", ENTITIES[entity].table, "WHERE id = ?"), number)
        self._run("INSERT INTO deletion VALUES (?, ?, ?)", entity, number, stamp())
        self._run("DELETE FROM related WHERE entity = ? AND record = ?", entity, number)

    def deleted(self, entity: str, since: str) -> list[Json]:
        """What was deleted at a moment or later: `{id, deletedAt}`."""
        sql = "SELECT record, moment FROM deletion WHERE entity = ? AND moment >= ? ORDER BY rowid"
        found = self._connection.execute(sql, [entity, since])
        return [{"id": number, "deletedAt": moment} for number, moment in found]

    def next_id(self) -> int:
        """An id that nothing in the account has had."""
        sql = "UPDATE serial SET next = next + 1 RETURNING next - 1"
        return int(self._connection.execute(sql).fetchone()[0])

    def related(self, entity: str, number: int) -> list[int]:
        """The additional parties of an opportunity or a kase."""
        sql = "SELECT party FROM related WHERE entity = ? AND record = ? ORDER BY rowid"
        return [party for (party,) in self._connection.execute(sql, [entity, number])]

    def relate(self, entity: str, number: int, party: int) -> None:
        """Add an additional party."""
        self._run("INSERT INTO related VALUES (?, ?, ?)", entity, number, party)

    def unrelate(self, entity: str, number: int, party: int) -> None:
        """Take an additional party away."""
        sql = "DELETE FROM related WHERE entity = ? AND record = ? AND party = ?"
        self._run(sql, entity, number, party)

    def forget_party(self, party: int) -> None:
        """Take a party away wherever it is an additional one."""
        self._run("DELETE FROM related WHERE party = ?", party)

    def tags(self, entity: str) -> list[Json]:
        """The tags of an entity: `{id, name, description, dataTag}`."""
        sql = "SELECT doc FROM tag WHERE entity = ? ORDER BY id"
        return [loaded(text) for (text,) in self._connection.execute(sql, [entity])]

    def put_tag(self, entity: str, tag: Json) -> None:
        """Keep a tag."""
        self._run("INSERT OR REPLACE INTO tag VALUES (?, ?, ?)", tag["id"], entity, dumped(tag))

    def remove_tag(self, number: int) -> None:
        """Delete a tag; the records that have it are not looked at."""
        self._run("DELETE FROM tag WHERE id = ?", number)

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


def _terms(since: str | None, words: str, within: tuple[str, int] | None) -> tuple[str, list[object]]:
    terms: list[str] = []
    values: list[object] = []
    if since is not None:
        terms.append("updated >= ?")
        values.append(since)
    if words:
        terms.append("instr(words, ?) > 0")
        values.append(storable(fold(words) or ""))
    if within is not None:
        terms.append(f"{within[0]} = ?")
        values.append(within[1])
    return f"WHERE {' AND '.join(terms)}" if terms else "", values


def _part(docs: Iterator[Json], start: int, limit: int) -> list[Json]:
    found: list[Json] = []
    for place, doc in enumerate(docs):
        if place >= start + limit:
            break
        if place >= start:
            found.append(doc)
    return found


def _row(entity: Entity, doc: Json) -> Sequence[object]:
    references = [doc.get(name) for name in entity.references]
    return [doc["id"], doc["updatedAt"], _words(entity, doc), *references, dumped(doc)]


def _words(entity: Entity, doc: Json) -> str:
    """What a record is ordered and found by: its name first, folded, and how a party is reached."""
    match entity.name:
        case "parties":
            parts = [party_name(doc), *(row["address"] for row in doc.get("emailAddresses", ()))]
            parts += [row["number"] for row in doc.get("phoneNumbers", ())]
        case "entries":
            # Of the same second the id tells which is newer.
            parts = [doc["entryAt"]]
        case "tasks":
            parts = [doc["description"]]
        case _:
            parts = [doc["name"]]
    return storable("\n".join(parts).casefold())
