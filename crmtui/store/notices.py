"""What a service said last of what an account is not allowed at present."""

from collections.abc import Sequence

from crmtui.store.database import Database


class Notices:
    """The notices of a connection, as its last successful answer told them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, words: Sequence[str], at: float) -> None:
        """An answer told these, and no others; `at` is UTC seconds. With nothing new nothing is written."""
        if not words and not self.all():
            return
        with self._database.write() as sql:
            sql.execute("DELETE FROM notice")
            sql.executemany("INSERT OR REPLACE INTO notice (word, at) VALUES (?,?)", ((w, at) for w in words))

    def all(self) -> list[tuple[str, float]]:
        """Each with the moment at which it was told, UTC seconds."""
        return self._database.sql.execute("SELECT word, at FROM notice ORDER BY word").fetchall()
