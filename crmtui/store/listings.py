"""Lists as the service ordered them: which record stands where, as far as that was read."""

import sqlite3
import time
from collections.abc import Sequence

import msgspec

from crmtui.model.record import Record
from crmtui.store.body import record_of
from crmtui.store.database import Database


class Listing(msgspec.Struct, frozen=True):
    """A list that was read, in parts or whole; `fetched_at` is when its beginning was, UTC seconds."""

    number: int
    total: int | None
    fetched_at: float


class Listings:
    """The lists of one connection's mirror."""

    def __init__(self, database: Database, connection: str) -> None:
        self._database = database
        self._connection = connection

    @property
    def _sql(self) -> sqlite3.Connection:
        return self._database.sql

    def known(self, kind: str, question: str) -> Listing | None:
        """The list that answered a question, if it was ever asked."""
        row = self._sql.execute(
            "SELECT number, total, fetched_at FROM listing WHERE kind=? AND question=?", (kind, question)
        ).fetchone()
        return Listing(*row) if row else None

    def begin(self, kind: str, question: str, total: int | None, ids: Sequence[str]) -> Listing:
        """The first page of a list: begins it anew where its rows are not those known already."""
        with self._database.write() as sql:
            known = self.known(kind, question)
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
        return {position: record_of(self._connection, kind, row) for position, *row in rows}

    def position(self, listing: Listing, id_: str) -> int | None:
        """Where a record stands in a list."""
        row = self._sql.execute(
            "SELECT position FROM listing_row WHERE listing=? AND id=?", (listing.number, id_)
        ).fetchone()
        return row[0] if row else None

    # -- records that are gone, within the transaction that forgets them

    def close_gap(self, sql: sqlite3.Connection, kind: str, id_: str) -> None:
        """Takes a record out of every list; what stood after it moves up."""
        for listing, position in self._places(kind, id_):
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

    def cut(self, sql: sqlite3.Connection, kind: str, id_: str) -> None:
        """Ends every list before a record: it is read again from there on."""
        for listing, position in self._places(kind, id_):
            sql.execute("DELETE FROM listing_row WHERE listing=? AND position>=?", (listing, position))
            sql.execute("UPDATE listing SET total=total-1 WHERE number=? AND total>0", (listing,))

    def _places(self, kind: str, id_: str) -> list[tuple[int, int]]:
        return self._sql.execute(
            "SELECT listing, position FROM listing_row JOIN listing ON listing=number WHERE id=? AND kind=?",
            (id_, kind),
        ).fetchall()

    def _place(self, listing: Listing, position: int, ids: Sequence[str]) -> None:
        self._sql.executemany(
            "INSERT INTO listing_row (listing, position, id) VALUES (?,?,?)"
            " ON CONFLICT (listing, position) DO UPDATE SET id=excluded.id",
            ((listing.number, place, id_) for place, id_ in enumerate(ids, position)),
        )
