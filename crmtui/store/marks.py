"""How far each kind is synced: the mark that the next sync reads down to, and what one left unfinished."""

from collections.abc import Collection, Iterable

import msgspec

from crmtui.store.database import Database

MOST_IDS = 1000
"""Of very many records with one and the same stamp: some pages of them are enough to know the others by."""

_SLICE = 2000
"""Rows that are looked at before others get their turn: a few milliseconds."""


class Point(msgspec.Struct, frozen=True):
    """A place in a list that has the newest first: a stamp, and the ids that were read with it."""

    stamp: str | None
    ids: tuple[str, ...]

    def with_first(self, ids: Iterable[str]) -> "Point":
        """More ids of the same stamp, where those count that came first."""
        return Point(self.stamp, tuple(dict.fromkeys((*self.ids, *ids)))[:MOST_IDS])

    def with_last(self, ids: Iterable[str]) -> "Point":
        """More ids of the same stamp, where those count that came last."""
        return Point(self.stamp, tuple(dict.fromkeys((*self.ids, *ids)))[-MOST_IDS:])


class Run(msgspec.Struct, frozen=True):
    """A reading from `top` down that is not at its end: `low` is as far as it came, after `place` rows.

    `total`: the rows of the list when `place` was counted.
    """

    top: Point
    low: Point
    place: int
    total: int | None


class Mark(msgspec.Struct, frozen=True):
    """The state of a kind.

    `done`: the beginning of the list at the last completed sync, None before the first. `sure`: a later
    sync saw the same records with that stamp, so that the second in which it was made is over. `run`: a
    reading to go on with. `swept`: the rows that an unfinished sweep has read, None where there is none.
    `excess`: how many records more than the service tells of remained after a completed sweep.
    """

    done: Point | None = None
    sure: bool = False
    run: Run | None = None
    swept: int | None = None
    excess: int = 0


class Marks:
    """The marks of a connection, beside the records that they tell of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, kind: str) -> Mark:
        """A kind's mark; one of another version is as none, and the kind is read anew."""
        row = self._database.sql.execute("SELECT body FROM mark WHERE kind=?", (kind,)).fetchone()
        try:
            return msgspec.json.decode(row[0], type=Mark) if row else Mark()
        except msgspec.MsgspecError:
            return Mark()

    def keep(self, kind: str, mark: Mark) -> None:
        """Stores a kind's mark."""
        with self._database.write() as sql:
            sql.execute(
                "INSERT OR REPLACE INTO mark (kind, body) VALUES (?,?)", (kind, msgspec.json.encode(mark))
            )

    # -- the ids that a sweep has seen

    def sweep(self, kind: str, ids: Collection[str]) -> None:
        """A sweep has seen these."""
        with self._database.write() as sql:
            sql.executemany("INSERT OR IGNORE INTO swept (kind, id) VALUES (?,?)", ((kind, i) for i in ids))

    def has_swept(self, kind: str, id_: str) -> bool:
        """Whether the unfinished sweep has seen a record."""
        row = self._database.sql.execute("SELECT 1 FROM swept WHERE kind=? AND id=?", (kind, id_)).fetchone()
        return row is not None

    def missed(self, kind: str, after: int) -> tuple[list[str], int | None]:
        """Some of the records that a sweep has not seen, from a number on; the next, None at the end."""
        rows = self._database.sql.execute(
            "SELECT number, id FROM record WHERE kind=? AND number>? ORDER BY number LIMIT ?",
            (kind, after, _SLICE),
        ).fetchall()
        missed = [id_ for _, id_ in rows if not self.has_swept(kind, id_)]
        return missed, rows[-1][0] if len(rows) == _SLICE else None

    def end_sweep(self, kind: str) -> bool:
        """Forgets some of what a sweep has seen; whether there is more."""
        with self._database.write() as sql:
            done = sql.execute(
                "DELETE FROM swept WHERE kind=? AND id IN (SELECT id FROM swept WHERE kind=? LIMIT ?)",
                (kind, kind, _SLICE),
            )
            return done.rowcount == _SLICE
