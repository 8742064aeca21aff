"""One SQLite file: opened, migrated, and written in short immediate transactions."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crmtui.model.errors import ConfigError
from crmtui.paths import ensure_private

_BUSY_SECONDS = 5.0
_MEMORY = ":memory:"


class Database:
    """A file of one of the two schemas, `mirror` or `journal`, shared with other instances."""

    def __init__(self, path: Path | None, schema: str, *, durable: bool) -> None:
        """`path` None keeps it in memory; `durable` syncs each transaction before it returns."""
        self.path = path
        self._schema = schema
        try:
            if path is not None:
                ensure_private(path.parent)
            self.sql = sqlite3.connect(
                path or _MEMORY, timeout=_BUSY_SECONDS, isolation_level=None, cached_statements=256
            )
            if path is not None:
                self.sql.execute("PRAGMA journal_mode=WAL")
                path.chmod(0o600)
            self.sql.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self.sql.execute("PRAGMA foreign_keys=ON")
            self._migrate()
        except sqlite3.OperationalError as error:
            raise ConfigError(
                f"{path} cannot be opened: {error}. Check the folder's rights and free space."
            ) from error

    def close(self) -> None:
        """Closes the file."""
        self.sql.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction that waits its turn at the beginning and so never fails in the middle."""
        try:
            self.sql.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise self._unwritable(error) from error
        try:
            yield self.sql
            self.sql.execute("COMMIT")
        except BaseException as error:
            if self.sql.in_transaction:
                self.sql.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError):
                raise self._unwritable(error) from error
            raise

    def _unwritable(self, error: sqlite3.OperationalError) -> ConfigError:
        return ConfigError(f"{self.path} cannot be written: {error}. Check free space and rights.")

    def _migrate(self) -> None:
        version: int = self.sql.execute("PRAGMA user_version").fetchone()[0]
        steps = _steps(self._schema)
        if version > len(steps):
            raise ConfigError(f"{self.path} was written by a newer crmtui; update this one.")
        if version == len(steps):
            return
        with self.write():
            version = self.sql.execute("PRAGMA user_version").fetchone()[0]
            for number, step in enumerate(steps[version:], version + 1):
                for statement in _statements(step.read_text("utf-8")):
                    self.sql.execute(statement)
                self.sql.execute(f"PRAGMA user_version={number}")


def open_mirror(path: Path | None) -> Database:
    """The cache; one that is no database any more is set aside and begun anew."""
    try:
        database = Database(path, "mirror", durable=False)
        # What is read at every start is looked at now: damage there would stop every start.
        for table in ("fact", "seen", "schema", "listing"):
            database.sql.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 (names of our own)
        return database
    except sqlite3.DatabaseError:
        if path is None:
            raise
        for part in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            if part.exists():
                part.rename(part.with_name(f"{part.name}.damaged-{int(time.time())}"))
        return Database(path, "mirror", durable=False)


def open_journal(path: Path | None) -> Database:
    """The user's own file."""
    try:
        return Database(path, "journal", durable=True)
    except sqlite3.DatabaseError as error:
        raise ConfigError(
            f"{path} is damaged ({error}); move it away to go on without its drafts."
        ) from error


def _steps(schema: str) -> list[Path]:
    """The migration scripts of a schema, in order."""
    return sorted((Path(__file__).parent / "migrations").glob(f"{schema}_*.sql"))


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
