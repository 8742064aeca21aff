"""What a person typed and did not send: on disk within a quarter of a second of the key."""

import time
from collections.abc import Mapping

import msgspec

from crmtui.model.record import Ref, Value
from crmtui.store.body import decode, encode
from crmtui.store.database import Database


class Draft(msgspec.Struct, frozen=True):
    """A form as it was left: `texts` are what stands in the changed editors, by field.

    `base` are the values that the form began with, `field` and `cursor` where the person was,
    `updated_at` is UTC seconds. A draft of a new record has an id of its own in its ref, `+…`.
    """

    ref: Ref
    texts: Mapping[str, str]
    base: Mapping[str, Value] = {}
    field: str = ""
    cursor: int = 0
    updated_at: float = 0.0


class Drafts:
    """The drafts of a connection, one a record."""

    def __init__(self, database: Database, connection: str) -> None:
        self._database = database
        self._connection = connection

    def keep(self, draft: Draft) -> None:
        """Stores a draft in the place of the record's last one."""
        body = encode(
            {"texts": draft.texts, "base": draft.base, "field": draft.field, "cursor": draft.cursor}
        )
        with self._database.write() as sql:
            sql.execute(
                "INSERT OR REPLACE INTO draft (kind, id, body, updated_at) VALUES (?,?,?,?)",
                (draft.ref.kind, draft.ref.id, body, time.time()),
            )

    def drop(self, ref: Ref) -> None:
        """Discards a record's draft."""
        with self._database.write() as sql:
            sql.execute("DELETE FROM draft WHERE kind=? AND id=?", (ref.kind, ref.id))

    def get(self, ref: Ref) -> Draft | None:
        """The draft of a record."""
        row = self._database.sql.execute(
            "SELECT kind, id, body, updated_at FROM draft WHERE kind=? AND id=?", (ref.kind, ref.id)
        ).fetchone()
        return self._draft(*row) if row else None

    def all(self) -> list[Draft]:
        """Every draft, the newest first."""
        rows = self._database.sql.execute(
            "SELECT kind, id, body, updated_at FROM draft ORDER BY updated_at DESC"
        )
        return [self._draft(*row) for row in rows]

    def _draft(self, kind: str, id_: str, body: bytes, updated_at: float) -> Draft:
        parts = decode(body)
        return Draft(Ref(self._connection, kind, id_), **parts, updated_at=updated_at)
