"""Every write from the moment a person decided on it: outbox while it waits, journal for ever."""

import time
from collections.abc import Sequence

import msgspec

from crmtui.model.record import Ref
from crmtui.model.write import Op, State, Write
from crmtui.store.body import decode, encode
from crmtui.store.database import Database


class Entry(msgspec.Struct, frozen=True):
    """A write and where it is; `why` is a sentence, empty where nothing need be said."""

    write: Write
    state: State
    why: str


WAITING = (State.QUEUED, State.SENDING, State.UNKNOWN)
"""The states of the outbox: not yet settled."""
_SELECT = "SELECT id, op, kind, record, body, state, why, created FROM write"


class Writes:
    """The outbox and the journal of a connection."""

    def __init__(self, database: Database, connection: str) -> None:
        self._database = database
        self._connection = connection

    def queue(self, write: Write) -> None:
        """Stores an intent; it is on disk when this returns."""
        body = encode({"edits": write.edits, "base": write.base, "version": write.version})
        with self._database.write() as sql:
            sql.execute(
                "INSERT INTO write (id, op, kind, record, body, state, created) VALUES (?,?,?,?,?,?,?)",
                (write.id, write.op, write.ref.kind, write.ref.id, body, State.QUEUED, write.created),
            )

    def begin(self, write: Write) -> None:
        """Notes a try; it is on disk when this returns, and only then a byte may leave."""
        with self._database.write() as sql:
            sql.execute("INSERT INTO attempt (write, at) VALUES (?,?)", (write.id, time.time()))
            sql.execute("UPDATE write SET state=? WHERE id=?", (State.SENDING, write.id))

    def settle(self, write: Write, state: State, why: str = "", ref: Ref | None = None) -> None:
        """What became of the last try; `ref` is a created record's name."""
        now = time.time()
        with self._database.write() as sql:
            sql.execute(
                "UPDATE attempt SET outcome=? WHERE number=(SELECT max(number) FROM attempt WHERE write=?)",
                (state, write.id),
            )
            sql.execute(
                "UPDATE write SET state=?, why=?, settled=?, record=coalesce(?, record) WHERE id=?",
                (state, why, None if state in WAITING else now, ref.id if ref else None, write.id),
            )

    def waiting(self) -> list[Entry]:
        """What is not yet settled, the oldest first."""
        return self._entries(f"{_SELECT} WHERE state IN (?,?,?) ORDER BY created, rowid", WAITING)

    def all(self, limit: int = 1000) -> list[Entry]:
        """All writes, the newest first."""
        return self._entries(f"{_SELECT} ORDER BY created DESC, rowid DESC LIMIT ?", (limit,))

    def _entries(self, statement: str, values: Sequence[str | int]) -> list[Entry]:
        return [self._entry(*row) for row in self._database.sql.execute(statement, values)]

    def _entry(
        self, id_: str, op: str, kind: str, record: str, body: bytes, state: str, why: str, created: float
    ) -> Entry:
        parts = decode(body)
        ref = Ref(self._connection, kind, record)
        write = Write(id_, Op(op), ref, parts["edits"], parts["base"], created, parts["version"])
        return Entry(write, State(state), why)
