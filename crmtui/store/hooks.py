"""Webhooks that were made from here, without their secrets."""

import time

import msgspec

from crmtui.model.hook import Hook
from crmtui.store.database import Database


class Made(msgspec.Struct, frozen=True):
    """One of them: `at` is when it was sent, in UTC seconds; without an id no answer came."""

    number: int
    hook: Hook
    at: float


class MadeHooks:
    """The webhooks of a connection that are remembered here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Made]:
        """Every one, the oldest first."""
        rows = self._database.sql.execute("SELECT number, body, at FROM hook ORDER BY number")
        return [Made(number, msgspec.json.decode(body, type=Hook), at) for number, body, at in rows]

    def begin(self, hook: Hook) -> int:
        """One is about to be sent; its number here."""
        with self._database.write() as sql:
            row = sql.execute(
                "INSERT INTO hook (body, at) VALUES (?,?)", (msgspec.json.encode(hook), time.time())
            )
            return row.lastrowid or 0

    def answered(self, number: int, hook: Hook) -> None:
        """It was made, as this."""
        with self._database.write() as sql:
            sql.execute("UPDATE hook SET body=? WHERE number=?", (msgspec.json.encode(hook), number))

    def drop(self, number: int) -> None:
        """It was not made, or is no more."""
        with self._database.write() as sql:
            sql.execute("DELETE FROM hook WHERE number=?", (number,))
