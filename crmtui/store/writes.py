"""Every write from the moment a person decided on it: outbox while it waits, journal for ever."""

import math
import sqlite3
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from crmtui.model.record import Ref, Value
from crmtui.model.write import Op, State, Write
from crmtui.store.body import decode, encode
from crmtui.store.database import Database
from crmtui.store.instance import Instance

NEVER = math.inf
"""The time of a next try that only a person brings about."""
WAITING = (State.QUEUED, State.SENDING, State.UNKNOWN)
"""The states of the outbox: not yet settled."""


class Entry(msgspec.Struct, frozen=True):
    """A write and where it is; times are UTC seconds.

    `why` is a sentence, empty where nothing need be said. `keeps`: it waits for a later try if it cannot
    be sent now, and not before `next_try`. `tried_at`: when it was sent last, None if it never was;
    `tries`: how often it was. `held`: another instance is at work on it.
    `before` and `after` are the fields that it changed, as it found and left them; None until it is done.
    """

    write: Write
    state: State
    why: str
    keeps: bool = False
    next_try: float = 0.0
    tried_at: float | None = None
    tries: int = 0
    held: bool = False
    before: Mapping[str, Value] | None = None
    after: Mapping[str, Value] | None = None

    @property
    def waits_for_person(self) -> bool:
        """Whether it goes only once a person said so."""
        return self.next_try == NEVER


_SELECT = (
    "SELECT *, (SELECT max(at) FROM attempt WHERE attempt.write=write.id) AS tried_at,"
    " (SELECT count(*) FROM attempt WHERE attempt.write=write.id) AS tries FROM write"
)
_IN_OUTBOX = "state IN (?,?,?)"
# ruff: noqa: S608 (statements are put together of these constants only)
_OLDEST_FIRST = "ORDER BY created, rowid"


class Writes:
    """The outbox and the journal of a connection.

    A write is worked on by one instance at a time, its holder; one whose holder is gone is anybody's.
    """

    def __init__(self, database: Database, connection: str) -> None:
        self._database = database
        self._connection = connection
        self._me = Instance(database.path.parent / "instances" if database.path else None)

    def close(self) -> None:
        """Lets go of all that this instance holds."""
        self._me.close()

    # -- the way of a write

    def queue(self, *writes: Write, keeps: bool = False, draft: Ref | None = None) -> None:
        """Stores intents, held by this instance; they are on disk when this returns, all of them or none.

        `draft` goes in the same moment, so that no text is in two places or in none.
        """
        with self._database.write() as sql:
            sql.executemany(
                "INSERT INTO write (id, op, kind, record, body, state, created, undoes, holder, keeps)"
                " VALUES (?,?,?,?,?,?,?,?,?,?)",
                [(*_row(write), self._me.id, keeps) for write in writes],
            )
            if draft is not None:
                sql.execute("DELETE FROM draft WHERE kind=? AND id=?", (draft.kind, draft.id))

    def hold(self, id_: str) -> Entry | None:
        """The waiting write of that id, held by this instance from now on; None if it is another's."""
        with self._database.write() as sql:
            row = sql.execute(f"SELECT holder FROM write WHERE id=? AND {_IN_OUTBOX}", (id_, *WAITING))
            found = row.fetchone()
            if found is None or (found[0] and found[0] != self._me.id and self._me.lives(found[0])):
                return None
            self._bring_up_to_date(id_, found[0])
            sql.execute("UPDATE write SET holder=? WHERE id=?", (self._me.id, id_))
            return next(iter(self._entries(f"{_SELECT} WHERE id=? AND {_IN_OUTBOX}", (id_, *WAITING))), None)

    def held(self, id_: str) -> Entry | None:
        """The waiting write of that id if this instance holds it."""
        statement = f"{_SELECT} WHERE id=? AND holder=? AND {_IN_OUTBOX}"
        return next(iter(self._entries(statement, (id_, self._me.id, *WAITING))), None)

    def begin(self, write: Write) -> None:
        """Notes a try; it is on disk when this returns, and only then a byte may leave."""
        with self._database.write() as sql:
            sql.execute("INSERT INTO attempt (write, at) VALUES (?,?)", (write.id, time.time()))
            sql.execute("UPDATE write SET state=? WHERE id=?", (State.SENDING, write.id))

    def take_back(self, write: Write) -> None:
        """The last try was answered and did nothing: it is as before, and still held."""
        with self._database.write() as sql:
            self._note_outcome(write.id, State.QUEUED)
            sql.execute("UPDATE write SET state=? WHERE id=?", (State.QUEUED, write.id))

    def settle(
        self,
        write: Write,
        state: State,
        why: str = "",
        ref: Ref | None = None,
        *,
        before: Mapping[str, Value] | None = None,
        after: Mapping[str, Value] | None = None,
    ) -> None:
        """What became of the last try, and nobody holds it any more; `ref` is a created record's name."""
        settled = None if state in WAITING else time.time()
        with self._database.write() as sql:
            self._note_outcome(write.id, state)
            sql.execute(
                "UPDATE write SET state=?, why=?, settled=?, record=coalesce(?, record), before=?, after=?,"
                " holder=NULL, next_try=0 WHERE id=?",
                (state, why, settled, ref.id if ref else None, _stored(before), _stored(after), write.id),
            )

    def wait(self, id_: str, why: str, next_try: float, state: State | None = None) -> None:
        """It stays in the outbox and nobody holds it; `state` where that changes."""
        with self._database.write() as sql:
            if state is not None:
                self._note_outcome(id_, state)
            sql.execute(
                "UPDATE write SET why=?, next_try=?, state=coalesce(?, state), holder=NULL WHERE id=?",
                (why, next_try, state, id_),
            )

    def rewrite(self, write: Write) -> None:
        """A waiting write means something else from now on, as a person decided after a conflict.

        Nobody holds it any more.
        """
        body = encode({"edits": write.edits, "base": write.base, "version": write.version})
        with self._database.write() as sql:
            sql.execute(
                "UPDATE write SET body=?, why='', next_try=0, holder=NULL WHERE id=?", (body, write.id)
            )

    # -- what there is

    def waiting(self, ref: Ref | None = None) -> list[Entry]:
        """What is not yet settled, the oldest first: of one record, or all of it."""
        self._bring_all_up_to_date()
        if ref is None:
            return self._entries(f"{_SELECT} WHERE {_IN_OUTBOX} {_OLDEST_FIRST}", WAITING)
        where = f"kind=? AND record=? AND {_IN_OUTBOX}"
        return self._entries(f"{_SELECT} WHERE {where} {_OLDEST_FIRST}", (ref.kind, ref.id, *WAITING))

    def settled(self, first: int, count: int) -> list[Entry]:
        """What was done or refused, the newest first: so many from that place on."""
        return self._entries(
            f"{_SELECT} WHERE state IN (?,?) ORDER BY created DESC, rowid DESC LIMIT ? OFFSET ?",
            (State.DONE, State.REFUSED, count, first),
        )

    def count_settled(self) -> int:
        """How many writes were done or refused."""
        row = self._database.sql.execute(
            "SELECT count(*) FROM write WHERE state IN (?,?)", (State.DONE, State.REFUSED)
        )
        count: int = row.fetchone()[0]
        return count

    def all(self, limit: int = 1000) -> list[Entry]:
        """All writes, the newest first."""
        return self._entries(f"{_SELECT} ORDER BY created DESC, rowid DESC LIMIT ?", (limit,))

    def get(self, id_: str) -> Entry | None:
        """The write of that id."""
        return next(iter(self._entries(f"{_SELECT} WHERE id=?", (id_,))), None)

    def undoable(self, limit: int = 1000) -> list[Entry]:
        """Writes that were done, are no undo and were not undone, the newest first."""
        return self._entries(
            f"{_SELECT} WHERE state=? AND undoes='' AND after IS NOT NULL AND id NOT IN"
            " (SELECT undoes FROM write WHERE undoes<>'' AND state<>?)"
            " ORDER BY created DESC, rowid DESC LIMIT ?",
            (State.DONE, State.REFUSED, limit),
        )

    def undo_of(self, id_: str) -> str | None:
        """The id of the write that undid another, or is about to."""
        row = self._database.sql.execute(
            "SELECT id FROM write WHERE undoes=? AND state<>?", (id_, State.REFUSED)
        ).fetchone()
        return row[0] if row else None

    def created(self, kind: str) -> set[str]:
        """The ids of records that writes of this journal are known to have made."""
        rows = self._database.sql.execute(
            "SELECT record FROM write WHERE kind=? AND op=? AND state=?", (kind, Op.CREATE, State.DONE)
        )
        return {id_ for (id_,) in rows}

    # -- inner parts

    def _bring_all_up_to_date(self) -> None:
        """What instances that are gone left under way is told apart: sent, or never sent."""
        rows = self._database.sql.execute(
            f"SELECT id, holder FROM write WHERE {_IN_OUTBOX} AND (holder IS NOT NULL OR state=?)",
            (*WAITING, State.SENDING),
        ).fetchall()
        gone = [(id_, holder) for id_, holder in rows if not (holder and self._me.lives(holder))]
        if gone:
            with self._database.write():
                for id_, holder in gone:
                    self._bring_up_to_date(id_, holder)

    def _bring_up_to_date(self, id_: str, holder: str | None) -> None:
        """A write whose holder is gone: a try is unknown; where there was none it waits, or is given up."""
        if holder and self._me.lives(holder):
            return
        sql = self._database.sql
        sql.execute(
            "UPDATE write SET holder=NULL, state=?, why='crmtui ended before the answer came.'"
            " WHERE id=? AND state=? AND holder IS ?",
            (State.UNKNOWN, id_, State.SENDING, holder),
        )
        if holder:
            why = "Interrupted before anything was sent."
            sql.execute(
                "UPDATE write SET holder=NULL, state=?, settled=?, why=?"
                " WHERE id=? AND state=? AND holder=? AND NOT keeps",
                (State.REFUSED, time.time(), why, id_, State.QUEUED, holder),
            )
            sql.execute("UPDATE write SET holder=NULL WHERE id=? AND holder=?", (id_, holder))

    def _note_outcome(self, id_: str, state: State) -> None:
        self._database.sql.execute(
            "UPDATE attempt SET outcome=? WHERE number=(SELECT max(number) FROM attempt WHERE write=?)",
            (state, id_),
        )

    def _entries(self, statement: str, values: Sequence[str | int]) -> list[Entry]:
        cursor = self._database.sql.cursor()
        cursor.row_factory = sqlite3.Row
        return [self._entry(row) for row in cursor.execute(statement, values)]

    def _entry(self, row: sqlite3.Row) -> Entry:
        parts, ref = decode(row["body"]), Ref(self._connection, row["kind"], row["record"])
        edits, base, version = parts["edits"], parts["base"], parts["version"]
        return Entry(
            Write(row["id"], Op(row["op"]), ref, edits, base, row["created"], row["undoes"], version),
            State(row["state"]),
            row["why"],
            keeps=bool(row["keeps"]),
            next_try=row["next_try"],
            tried_at=row["tried_at"],
            tries=row["tries"],
            held=self._me.is_other(row["holder"]),
            before=_read(row["before"]),
            after=_read(row["after"]),
        )


def _stored(values: Mapping[str, Value] | None) -> bytes | None:
    return None if values is None else encode(values)


def _read(body: bytes | None) -> Any:
    return None if body is None else decode(body)


def _row(write: Write) -> tuple[Any, ...]:
    body = encode({"edits": write.edits, "base": write.base, "version": write.version})
    ref = write.ref
    return write.id, write.op, ref.kind, ref.id, body, State.QUEUED, write.created, write.undoes
