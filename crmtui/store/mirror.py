"""The local copy of what was read: records, and lists in the service's order."""

import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from crmtui.model.dates import holds_time
from crmtui.model.query import Order
from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.value import fold
from crmtui.store import full_text
from crmtui.store.body import decode, encode
from crmtui.store.database import Database
from crmtui.store.full_text import Changes, words_of
from crmtui.store.known import times_in
from crmtui.store.sort_key import keys_of


class Listing(msgspec.Struct, frozen=True):
    """A list that was read, in parts or whole; `fetched_at` is when its beginning was, UTC seconds."""

    number: int
    total: int | None
    fetched_at: float


class Mirror:
    """The records of one connection, as they were last read."""

    def __init__(
        self, database: Database, connection: str, orders: Mapping[str, Sequence[Order]] | None = None
    ) -> None:
        """`orders`: what the list of each kind begins ordered by, its title where nothing is said."""
        self._database = database
        self._connection = connection
        self._orders = orders or {}
        self._seen: dict[str, set[str]] = {}
        self._formed: set[tuple[str, str]] = set()
        self._timed: set[tuple[str, str]] = set()

    @property
    def _sql(self) -> sqlite3.Connection:
        return self._database.sql

    def begin_anew(self) -> None:
        """The file is another one now: nothing was learnt yet."""
        self._seen.clear()
        self._formed.clear()
        self._timed.clear()

    # -- records

    def upsert(self, records: Iterable[Record], *, whole: bool = False) -> None:
        """Stores what was read. A list's row is merged into the record, a `whole` one replaces it."""
        try:
            with self._database.write() as sql:
                changes = full_text.changes(sql)
                for record in records:
                    self._upsert(record, whole, changes)
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
        return self._record(ref.kind, row) if row else None

    def remove(self, ref: Ref) -> None:
        """Forgets a record that is gone, and closes its gap in every list."""
        with self._database.write() as sql:
            self._forget(sql, ref.kind, [ref.id])
            places = sql.execute(
                "SELECT listing, position FROM listing_row JOIN listing ON listing=number"
                " WHERE id=? AND kind=?",
                (ref.id, ref.kind),
            ).fetchall()
            for listing, position in places:
                sql.execute("DELETE FROM listing_row WHERE listing=? AND position=?", (listing, position))
                # Through the negatives: the positions must stay unique at every step.
                sql.execute(
                    "UPDATE listing_row SET position=-position WHERE listing=? AND position>?",
                    (listing, position),
                )
                sql.execute(
                    "UPDATE listing_row SET position=-position-1 WHERE listing=? AND position<0", (listing,)
                )
                sql.execute("UPDATE listing SET total=total-1 WHERE number=? AND total>0", (listing,))

    def remove_all(self, kind: str, ids: Sequence[str]) -> None:
        """Forgets records that are gone; lists that hold one are read again from there on."""
        with self._database.write() as sql:
            self._forget(sql, kind, ids)
            for id_ in ids:
                places = sql.execute(
                    "SELECT listing, position FROM listing_row JOIN listing ON listing=number"
                    " WHERE id=? AND kind=?",
                    (id_, kind),
                ).fetchall()
                for listing, position in places:
                    sql.execute(
                        "DELETE FROM listing_row WHERE listing=? AND position>=?", (listing, position)
                    )
                    sql.execute("UPDATE listing SET total=total-1 WHERE number=? AND total>0", (listing,))

    def all(self, kind: str) -> Iterable[Record]:
        """Every mirrored record of a kind, by title."""
        rows = self._sql.execute(
            "SELECT id, title, body, stamp, fetched_at FROM record WHERE kind=?"
            " ORDER BY title COLLATE NOCASE, id",
            (kind,),
        )
        return (self._record(kind, row) for row in rows)

    def count(self, kind: str) -> int:
        """How many records of a kind are mirrored."""
        found: int = self._sql.execute("SELECT count(*) FROM record WHERE kind=?", (kind,)).fetchone()[0]
        return found

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

    def fetched(self, kind: str) -> list[tuple[str, float]]:
        """(id, UTC seconds of when it was read) of every mirrored record of a kind."""
        return self._sql.execute("SELECT id, fetched_at FROM record WHERE kind=?", (kind,)).fetchall()

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
        found: int = self._sql.execute("PRAGMA data_version").fetchone()[0]
        return found

    def newest(self, kind: str) -> float | None:
        """When a record of a kind was last read, UTC seconds; None if none ever was."""
        found: float | None = self._sql.execute(
            "SELECT max(fetched_at) FROM record WHERE kind=?", (kind,)
        ).fetchone()[0]
        return found

    # -- search, and the list that a kind begins with

    def search(self, text: str, kind: str | None = None, limit: int | None = 50) -> list[Record]:
        """The records that have all the words of a text: see `full_text.find`."""
        rows = (
            self._sql.execute(
                "SELECT kind, id, title, body, stamp, fetched_at FROM record WHERE number=?", (number,)
            ).fetchone()
            for number in full_text.find(self._sql, text, kind, limit)
        )
        return [self._record(row[0], row[1:]) for row in rows if row]

    def count_found(self, text: str, kind: str | None = None) -> int:
        """How many records a search finds in all."""
        return full_text.count(self._sql, text, kind)

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

    def ordered(self, kind: str, first: int, count: int) -> list[Record]:
        """Mirrored records in the order that their list begins with, by position."""
        way = self._way(kind)
        rows = self._sql.execute(
            "SELECT id, title, body, stamp, fetched_at FROM record JOIN"  # noqa: S608 (words of our own)
            f" (SELECT number AS found FROM record WHERE kind=? ORDER BY {way} LIMIT ? OFFSET ?)"
            f" ON number=found ORDER BY {way}",
            (kind, count, first),
        )
        return [self._record(kind, row) for row in rows]

    def ordered_position(self, kind: str, id_: str) -> int | None:
        """Where a record stands in that order."""
        row = self._sql.execute("SELECT number FROM record WHERE kind=? AND id=?", (kind, id_)).fetchone()
        if row is None:
            return None
        way = self._way(kind)
        rows = self._sql.execute(
            f"SELECT number FROM record WHERE kind=? ORDER BY {way}",  # noqa: S608
            (kind,),
        )
        return next((at for at, found in enumerate(rows) if found == row), None)

    def _way(self, kind: str) -> str:
        order = self._orders.get(kind, ())
        way = "DESC" if order and order[0].descending else "ASC"
        return f"sort1 {way}, sort2 {way}, number {way}"

    # -- lists

    def listing(self, kind: str, question: str) -> Listing | None:
        """The list that answered a question, if it was ever asked."""
        row = self._sql.execute(
            "SELECT number, total, fetched_at FROM listing WHERE kind=? AND question=?", (kind, question)
        ).fetchone()
        return Listing(*row) if row else None

    def begin_listing(self, kind: str, question: str, total: int | None, ids: Sequence[str]) -> Listing:
        """The first page of a list: begins it anew where its rows are not those known already."""
        with self._database.write() as sql:
            known = self.listing(kind, question)
            if known and (known.total != total or self.listed(known, 0, len(ids)) != list(ids)):
                sql.execute("DELETE FROM listing_row WHERE listing=?", (known.number,))
            row = sql.execute(
                "INSERT INTO listing (kind, question, total, fetched_at) VALUES (?,?,?,?)"
                " ON CONFLICT (kind, question) DO UPDATE"
                " SET total=excluded.total, fetched_at=excluded.fetched_at"
                " RETURNING number, total, fetched_at",
                (kind, question, total, time.time()),
            ).fetchone()
            begun = Listing(*row)
            self._place(begun, 0, ids)
        return begun

    def place(self, listing: Listing, position: int, ids: Sequence[str]) -> None:
        """Further rows of a list, from a position on."""
        with self._database.write():
            self._place(listing, position, ids)

    def resize(self, listing: Listing, total: int) -> None:
        """A list turned out to have another number of rows."""
        with self._database.write() as sql:
            sql.execute("UPDATE listing SET total=? WHERE number=?", (total, listing.number))
            sql.execute("DELETE FROM listing_row WHERE listing=? AND position>=?", (listing.number, total))

    def listed(self, listing: Listing, first: int, count: int) -> list[str | None]:
        """The ids at `count` positions from `first` on, None where they were never read."""
        found: list[str | None] = [None] * count
        rows = self._sql.execute(
            "SELECT position, id FROM listing_row WHERE listing=? AND position>=? AND position<?",
            (listing.number, first, first + count),
        )
        for position, id_ in rows:
            found[position - first] = id_
        while found and found[-1] is None and first + len(found) > (listing.total or 0):
            found.pop()
        return found

    def rows(self, kind: str, listing: Listing, first: int, count: int) -> dict[int, Record]:
        """The records of a stretch of a list by position; those never read are missing."""
        rows = self._sql.execute(
            "SELECT position, record.id, title, body, stamp, fetched_at FROM listing_row"
            " JOIN record ON record.kind=? AND record.id=listing_row.id"
            " WHERE listing=? AND position>=? AND position<?",
            (kind, listing.number, first, first + count),
        )
        return {position: self._record(kind, row) for position, *row in rows}

    def position(self, listing: Listing, id_: str) -> int | None:
        """Where a record stands in a list."""
        row = self._sql.execute(
            "SELECT position FROM listing_row WHERE listing=? AND id=?", (listing.number, id_)
        ).fetchone()
        return row[0] if row else None

    # -- what was learnt of fields

    def seen(self, kind: str) -> set[str]:
        """The members that answers for this kind held."""
        if kind not in self._seen:
            rows = self._sql.execute("SELECT field FROM seen WHERE kind=?", (kind,))
            self._seen[kind] = {name for (name,) in rows}
        return self._seen[kind]

    def empties(self, ref: Ref) -> dict[str, Value]:
        """The form of "none" for each field: this record's last one, else the kind's."""
        rows = self._sql.execute(
            "SELECT field, form FROM seen WHERE kind=? AND form IS NOT NULL", (ref.kind,)
        )
        forms: dict[str, Value] = {name: decode(form) for name, form in rows}
        known = self.get(ref)
        return forms | dict(known.empties) if known else forms

    # -- inner parts

    def _upsert(self, record: Record, whole: bool, changes: Changes) -> None:
        ref, sql = record.ref, self._sql
        row = sql.execute(
            "SELECT number, title, stamp, body FROM record WHERE kind=? AND id=?", (ref.kind, ref.id)
        ).fetchone()
        values, labels, empties = dict(record.values), dict(record.labels), dict(record.empties)
        self._learn(record)
        old: dict[str, Any] = {}
        if row:
            number, title, stamp, body = row
            old = decode(body)
            unread = _unread(old["values"], record, whole=whole, same=record.stamp == stamp)
            values, labels, empties = _merged(old, values, labels, empties, unread)
        body = encode({"values": values, "labels": labels, "empties": empties})
        keys = keys_of(self._orders.get(ref.kind, ()), record.title, values)
        stored = (record.title, body, record.stamp, record.fetched_at, *keys)
        if row:
            sql.execute(
                "UPDATE record SET title=?, body=?, stamp=?, fetched_at=?, sort1=?, sort2=? WHERE number=?",
                (*stored, number),
            )
        else:
            number = sql.execute(
                "INSERT INTO record (title, body, stamp, fetched_at, sort1, sort2, kind, id)"
                " VALUES (?,?,?,?,?,?,?,?)",
                (*stored, ref.kind, ref.id),
            ).lastrowid
        if row and (title, stamp, old["values"], old["labels"]) == (
            record.title,
            record.stamp,
            values,
            labels,
        ):
            return
        was = words_of(number, ref.kind, ref.id, title, stamp, old["values"], old["labels"]) if row else None
        now = words_of(number, ref.kind, ref.id, record.title, record.stamp, values, labels)
        changes.add(number, was, now)

    def _forget(self, sql: sqlite3.Connection, kind: str, ids: Iterable[str]) -> None:
        """Takes records and their words away, within a transaction."""
        changes = full_text.changes(sql)
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

    def _learn(self, record: Record) -> None:
        """Keeps the names of members never seen before, which hold moments, and each form of "none"."""
        kind = record.ref.kind
        known = self.seen(kind)
        for name in record.values.keys() - known:
            self._sql.execute("INSERT OR IGNORE INTO seen (kind, field) VALUES (?,?)", (kind, name))
            known.add(name)
        for name, value in record.values.items():
            if (kind, name) not in self._timed and isinstance(value, str) and holds_time(value):
                self._sql.execute(
                    "INSERT OR IGNORE INTO fact (name, body, at) VALUES (?,?,?)",
                    (times_in(kind, name), b"true", time.time()),
                )
                self._timed.add((kind, name))
            if not value and is_empty(value) and (kind, name) not in self._formed:
                form = encode(record.empties.get(name, value))
                self._sql.execute("UPDATE seen SET form=? WHERE kind=? AND field=?", (form, kind, name))
                self._formed.add((kind, name))

    def _place(self, listing: Listing, position: int, ids: Sequence[str]) -> None:
        self._sql.executemany(
            "INSERT INTO listing_row (listing, position, id) VALUES (?,?,?)"
            " ON CONFLICT (listing, position) DO UPDATE SET id=excluded.id",
            ((listing.number, place, id_) for place, id_ in enumerate(ids, position)),
        )

    def _record(self, kind: str, row: Sequence[Any]) -> Record:
        id_, title, body, stamp, fetched_at = row
        parts: Mapping[str, Any] = decode(body)
        return Record(
            Ref(self._connection, kind, id_),
            title,
            parts["values"],
            parts["labels"],
            stamp,
            fetched_at,
            parts["empties"],
        )


def _unread(old: Mapping[str, Value], record: Record, *, whole: bool, same: bool) -> Mapping[str, Value]:
    """The mirrored values of which an answer tells nothing; `same`: the record has not changed since."""
    if record.unread is None:
        return {} if whole else old
    return old if same and not whole else {n: value for n, value in old.items() if n in record.unread}


def _merged(
    old: Mapping[str, Any],
    values: dict[str, Value],
    labels: dict[str, str],
    empties: dict[str, Value],
    unread: Mapping[str, Value],
) -> tuple[dict[str, Value], dict[str, str], dict[str, Value]]:
    """Values, labels and forms of "none" of a record that is known already; see `Mirror.upsert`."""
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
    return {**unread, **values}, kept | labels, former | was_empty | empties
