"""The local copy of what was read: the records, each with the words that it is found by."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from crmtui.model.query import Order
from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.value import fold
from crmtui.store import full_text
from crmtui.store.body import decode, encode, record_of
from crmtui.store.database import Database
from crmtui.store.full_text import Changes, words_of
from crmtui.store.learnt import Learnt
from crmtui.store.listings import Listings
from crmtui.store.ordered import Ordered
from crmtui.store.sort_key import keys_of

_INSERT: Final = (
    "INSERT INTO record (title, body, stamp, fetched_at, sort1, sort2, kind, id, first_at)"
    " VALUES (?,?,?,?,?,?,?,?,?)"
)
_TOUCH: Final = "UPDATE record SET body=?, stamp=?, fetched_at=? WHERE number=?"
_MOVE: Final = "UPDATE record SET title=?, body=?, stamp=?, fetched_at=?, sort1=?, sort2=? WHERE number=?"
"""For a record whose title or place in its list changed, which costs entries of two indexes more."""
_SOME: Final = 200
"""Records that are read at once where all of a kind are."""


class Mirror:
    """The records of one connection, as they were last read."""

    def __init__(
        self, database: Database, connection: str, orders: Mapping[str, Sequence[Order]] | None = None
    ) -> None:
        """`orders`: what the list of each kind begins ordered by, its title where nothing is said."""
        self._database = database
        self.connection = connection
        self._orders = orders or {}
        self._counts: dict[str, int] = {}
        self._version = 0
        self.learnt = Learnt(database)
        self.lists = Listings(database, connection)
        self.ordered = Ordered(database, connection, self._orders)

    @property
    def _sql(self) -> sqlite3.Connection:
        return self._database.sql

    def begin_anew(self) -> None:
        """The file is another one now: nothing was learnt yet."""
        self.learnt.forget()
        self._counts.clear()

    # -- records

    def upsert(self, records: Iterable[Record], *, whole: bool = False) -> None:
        """Stores what was read. A list's row is merged into the record, a `whole` one replaces it."""
        try:
            with self._database.write() as sql:
                changes = full_text.changes(sql)
                for record in records:
                    self._upsert(sql, record, whole, changes)
                changes.write(sql)
        except BaseException:
            # What was learnt was rolled back with the rest.
            self.begin_anew()
            raise

    def get(self, ref: Ref) -> Record | None:
        """The record as it was last read."""
        row = self._sql.execute(
            "SELECT id, title, body, stamp, fetched_at FROM record WHERE kind=? AND id=?", (ref.kind, ref.id)
        ).fetchone()
        return record_of(self.connection, ref.kind, row) if row else None

    def remove(self, ref: Ref) -> None:
        """Forgets a record that is gone, and closes its gap in every list."""
        with self._database.write() as sql:
            self._forget(sql, ref.kind, [ref.id])
            self.lists.close_gap(sql, ref.kind, ref.id)

    def remove_all(self, kind: str, ids: Sequence[str]) -> None:
        """Forgets records that are gone; lists that hold one are read again from there on."""
        with self._database.write() as sql:
            self._forget(sql, kind, ids)
            for id_ in ids:
                self.lists.cut(sql, kind, id_)

    def all(self, kind: str) -> Iterator[Record]:
        """Every mirrored record of a kind, by title; whoever pauses on the way keeps nobody from writing."""
        # Not one statement all along: while one is open, SQLite lets nobody write from its connection.
        numbers = [
            number
            for (number,) in self._sql.execute(
                "SELECT number FROM record WHERE kind=? ORDER BY title COLLATE NOCASE, number", (kind,)
            )
        ]
        for at in range(0, len(numbers), _SOME):
            some = numbers[at : at + _SOME]
            found = self._sql.execute(
                "SELECT number, id, title, body, stamp, fetched_at FROM record"
                " WHERE number IN (SELECT value FROM json_each(?))",
                (str(some),),
            ).fetchall()
            rows = {number: row for number, *row in found}
            yield from (record_of(self.connection, kind, rows[number]) for number in some if number in rows)

    def ids(self, kind: str) -> list[str]:
        """The ids of all mirrored records of a kind."""
        return [id_ for (id_,) in self._sql.execute("SELECT id FROM record WHERE kind=?", (kind,))]

    def count(self, kind: str) -> int:
        """How many records of a kind are mirrored."""
        if self._version != (version := self.version):
            self._version = version
            self._counts.clear()
        if kind not in self._counts:
            found = self._sql.execute("SELECT count(*) FROM record WHERE kind=?", (kind,)).fetchone()
            self._counts[kind] = found[0]
        return self._counts[kind]

    def titles(self, kind: str, ids: Iterable[str]) -> dict[str, str]:
        """The titles of those of the records that are mirrored."""
        found: dict[str, str] = {}
        for id_ in set(ids):
            row = self._sql.execute("SELECT title FROM record WHERE kind=? AND id=?", (kind, id_)).fetchone()
            if row and row[0]:
                found[id_] = row[0]
        return found

    def like(self, kind: str, text: str, limit: int) -> list[tuple[str, str]]:
        """(id, title) of records whose title begins with or contains a text, the beginners first."""
        pattern = "".join(f"\\{c}" if c in "\\%_" else c for c in text)
        rows = self._sql.execute(
            "SELECT id, title FROM record WHERE kind=? AND title LIKE ? ESCAPE '\\'"
            " ORDER BY title NOT LIKE ? ESCAPE '\\', title COLLATE NOCASE LIMIT ?",
            (kind, f"%{pattern}%", f"{pattern}%", limit),
        )
        return [(id_, title) for id_, title in rows]

    def titled(self, kind: str, text: str) -> list[tuple[str, str]]:
        """(id, title) of the records whose title is a text, without regard to case."""
        if text.isascii():
            # Through the index; letters that only fold to plain ones are looked for where this finds none.
            same = "SELECT id, title FROM record WHERE kind=? AND title=? COLLATE NOCASE"
            if found := self._sql.execute(same, (kind, text)).fetchall():
                return [(id_, title) for id_, title in found]
        wanted = fold(text)
        rows = self._sql.execute("SELECT id, title FROM record WHERE kind=?", (kind,))
        return [(id_, title) for id_, title in rows if fold(title) == wanted]

    def known_before(self, kind: str, ids: Iterable[str], moment: float) -> set[str]:
        """Those of the records that were read before a moment (UTC seconds), whenever they were last."""
        one = "SELECT 1 FROM record WHERE kind=? AND id=? AND first_at<?"
        return {id_ for id_ in ids if self._sql.execute(one, (kind, id_, moment)).fetchone()}

    def count_where(self, kind: str, field: str, value: str) -> int:
        """How many mirrored records of a kind hold a value in a field, numbers by their digits."""
        path = '$.values."' + field.replace('"', "") + '"'
        found: int = self._sql.execute(
            "SELECT count(*) FROM record WHERE kind=? AND CAST(json_extract(body, ?) AS TEXT)=?",
            (kind, path, value),
        ).fetchone()[0]
        return found

    @property
    def version(self) -> int:
        """Another number whenever another process has written."""
        return self._database.version

    def newest(self, kind: str) -> float | None:
        """When a record of a kind was last read, UTC seconds; None if none ever was."""
        found: float | None = self._sql.execute(
            "SELECT max(fetched_at) FROM record WHERE kind=?", (kind,)
        ).fetchone()[0]
        return found

    def newest_stamp(self, kind: str, before: float) -> str | None:
        """The latest stamp, as text, of the records of a kind that were read up to a moment (UTC seconds)."""
        found: str | None = self._sql.execute(
            "SELECT max(stamp) FROM record WHERE kind=? AND fetched_at<=?", (kind, before)
        ).fetchone()[0]
        return found

    # -- search

    def search(self, text: str, kind: str | None = None, limit: int | None = 50) -> list[Record]:
        """The records that have all the words of a text: see `full_text.find`."""
        rows = (
            self._sql.execute(
                "SELECT kind, id, title, body, stamp, fetched_at FROM record WHERE number=?", (number,)
            ).fetchone()
            for number in full_text.find(self._sql, text, kind, limit)
        )
        return [record_of(self.connection, row[0], row[1:]) for row in rows if row]

    def count_found(self, text: str, kind: str | None = None) -> int:
        """How many records a search finds in all."""
        return full_text.count(self._sql, text, kind)

    def found(self, text: str, kind: str | None, limit: int) -> list[tuple[str, str]]:
        """(kind, id) of the records that have all the words of a text: see `full_text.find`."""
        rows = (
            self._sql.execute("SELECT kind, id FROM record WHERE number=?", (number,)).fetchone()
            for number in full_text.find(self._sql, text, kind, limit)
        )
        return [row for row in rows if row]

    @property
    def is_indexed(self) -> bool:
        """Whether every mirrored record can be found, and none waits for `index_more`."""
        return full_text.is_whole(self._sql)

    def index_more(self, most: int = 100) -> bool:
        """Indexes and orders some of the records that an older version left; whether there are more."""
        with self._database.write() as sql:
            found, more = full_text.index_more(sql, most)
            for one in found:
                keys = keys_of(self._orders.get(one.kind, ()), one.title, one.values)
                sql.execute("UPDATE record SET sort1=?, sort2=? WHERE number=?", (*keys, one.number))
        return more

    def empties(self, ref: Ref) -> dict[str, Value]:
        """The form of "none" for each field: this record's last one, else the kind's."""
        forms, known = self.learnt.forms(ref.kind), self.get(ref)
        return forms | dict(known.empties) if known else forms

    # -- inner parts

    def _upsert(self, sql: sqlite3.Connection, record: Record, whole: bool, changes: Changes) -> None:
        ref = record.ref
        row = sql.execute(
            "SELECT number, title, stamp, body, sort1, sort2 FROM record WHERE kind=? AND id=?",
            (ref.kind, ref.id),
        ).fetchone()
        self.learnt.learn(sql, record)
        if row is None:
            self._insert(sql, record, changes)
            return
        number, title, stamp, body, *places = row
        old = decode(body)
        unread = _unread(old["values"], record, whole=whole, same=record.stamp == stamp)
        values, labels, empties = _merged(old, record, unread)
        body = encode({"values": values, "labels": labels, "empties": empties})
        keys = keys_of(self._orders.get(ref.kind, ()), record.title, values)
        if title == record.title and places == [*keys]:
            sql.execute(_TOUCH, (body, record.stamp, record.fetched_at, number))
        else:
            sql.execute(_MOVE, (record.title, body, record.stamp, record.fetched_at, *keys, number))
        told = (record.title, record.stamp, values, labels)
        if (title, stamp, old["values"], old["labels"]) != told:
            was = words_of(number, ref.kind, ref.id, title, stamp, old["values"], old["labels"])
            changes.add(number, was, words_of(number, ref.kind, ref.id, *told[:2], values, labels))

    def _insert(self, sql: sqlite3.Connection, record: Record, changes: Changes) -> None:
        ref, values, labels = record.ref, record.values, record.labels
        body = encode({"values": values, "labels": labels, "empties": record.empties})
        keys = keys_of(self._orders.get(ref.kind, ()), record.title, values)
        stored = (
            record.title,
            body,
            record.stamp,
            record.fetched_at,
            *keys,
            ref.kind,
            ref.id,
            record.fetched_at,
        )
        number = sql.execute(_INSERT, stored).lastrowid or 0
        self._counts.pop(ref.kind, None)
        changes.add(
            number, None, words_of(number, ref.kind, ref.id, record.title, record.stamp, values, labels)
        )

    def _forget(self, sql: sqlite3.Connection, kind: str, ids: Iterable[str]) -> None:
        """Takes records and their words away, within a transaction."""
        changes = full_text.changes(sql)
        self._counts.pop(kind, None)
        for id_ in ids:
            row = sql.execute(
                "DELETE FROM record WHERE kind=? AND id=? RETURNING number, title, stamp, body", (kind, id_)
            ).fetchone()
            if row:
                number, title, stamp, body = row
                old = decode(body)
                words = words_of(number, kind, id_, title, stamp, old["values"], old["labels"])
                changes.add(number, words, None)
        changes.write(sql)


def _unread(old: Mapping[str, Value], record: Record, *, whole: bool, same: bool) -> Mapping[str, Value]:
    """The mirrored values of which an answer tells nothing; `same`: the record has not changed since."""
    if record.unread is None:
        return {} if whole else old
    return old if same and not whole else {n: value for n, value in old.items() if n in record.unread}


def _merged(
    old: Mapping[str, Any], record: Record, unread: Mapping[str, Value]
) -> tuple[Mapping[str, Value], Mapping[str, str], Mapping[str, Value]]:
    """Values, labels and forms of "none" of a record that is known already; see `Mirror.upsert`."""
    values = record.values
    was_empty = {
        name: old["empties"].get(name, value)
        for name, value in old["values"].items()
        if is_empty(value) and not is_empty(values.get(name))
    }
    # Of a field that is empty now, its present form counts and no former one.
    former = {
        name: form
        for name, form in old["empties"].items()
        if name not in values or not is_empty(values[name])
    }
    same = {n for n, value in old["values"].items() if values.get(n, unread.get(n)) == value}
    kept = {n: text for n, text in old["labels"].items() if n in same}
    return (
        {**unread, **values},
        kept | dict(record.labels),
        former | was_empty | dict(record.empties),
    )
