"""What answers taught of fields: their names, which hold moments, and how each says "none"."""

import sqlite3
import time

from crmtui.model.dates import holds_time
from crmtui.model.record import Record, Value, is_empty
from crmtui.store.body import decode, encode
from crmtui.store.database import Database
from crmtui.store.known import times_in


class Learnt:
    """The fields that the records of each kind were seen to have."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._version = 0
        self._seen: dict[str, set[str]] = {}
        self._formed: dict[str, set[str]] = {}
        self._timed: dict[str, set[str]] = {}

    def forget(self) -> None:
        """The file is another one now, or what was learnt was rolled back: it is looked up again."""
        self._seen.clear()
        self._formed.clear()
        self._timed.clear()

    def seen(self, kind: str) -> set[str]:
        """The members that answers for this kind held."""
        version = self._database.version
        if version != self._version:
            # Another connection has written; forms and times are only learnt once more.
            self._version = version
            self._seen.clear()
        if kind not in self._seen:
            rows = self._database.sql.execute("SELECT field FROM seen WHERE kind=?", (kind,))
            self._seen[kind] = {name for (name,) in rows}
        return self._seen[kind]

    def forms(self, kind: str) -> dict[str, Value]:
        """The form of "none" that each field of a kind had last, where it was ever seen."""
        rows = self._database.sql.execute(
            "SELECT field, form FROM seen WHERE kind=? AND form IS NOT NULL", (kind,)
        )
        return {name: decode(form) for name, form in rows}

    def learn(self, sql: sqlite3.Connection, record: Record) -> None:
        """Keeps what is new in a record, within a transaction that has asked for the kind's `seen`."""
        kind = record.ref.kind
        known = self._seen.get(kind)
        known = self.seen(kind) if known is None else known
        formed = self._formed.setdefault(kind, set())
        timed = self._timed.setdefault(kind, set())
        for name, value in record.values.items():
            if name not in known:
                sql.execute("INSERT OR IGNORE INTO seen (kind, field) VALUES (?,?)", (kind, name))
                known.add(name)
            if not value:
                if name not in formed and is_empty(value):
                    form = encode(record.empties.get(name, value))
                    sql.execute("UPDATE seen SET form=? WHERE kind=? AND field=?", (form, kind, name))
                    formed.add(name)
            elif name not in timed and isinstance(value, str) and holds_time(value):
                sql.execute(
                    "INSERT OR IGNORE INTO fact (name, body, at) VALUES (?,?,?)",
                    (times_in(kind, name), b"true", time.time()),
                )
                timed.add(name)
