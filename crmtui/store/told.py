"""Alerts that were given, so that neither a second start nor a second instance gives them again."""

from crmtui.store.database import Database


class Told:
    """A connection's alerts by what they are about."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, what: str, now: float, until: float) -> bool:
        """Whether this is to be told now; if so it is not again before `until`. Both are UTC seconds."""
        if self._is_told(what, now):
            return False
        with self._database.write() as sql:
            if self._is_told(what, now):
                return False
            sql.execute("INSERT OR REPLACE INTO told (what, until) VALUES (?,?)", (what, until))
        return True

    def _is_told(self, what: str, now: float) -> bool:
        found = self._database.sql.execute("SELECT 1 FROM told WHERE what=? AND until>?", (what, now))
        return found.fetchone() is not None
