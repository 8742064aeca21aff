"""One SQLite file: opened, migrated, and written in short immediate transactions."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crmtui.model.errors import ConfigError
from crmtui.paths import ensure_private
from crmtui.store.lock import Lock
from crmtui.store.place import is_network, is_read_only

_BUSY_SECONDS = 5.0
_MEMORY = ":memory:"


class Database:
    """A file of one of the two schemas, `mirror` or `journal`, shared with other instances."""

    def __init__(self, path: Path | None, schema: str, *, durable: bool) -> None:
        """`path` None keeps it in memory; `durable` syncs each transaction before it returns.

        A file in a place that cannot be written is read into memory, and what becomes of it is lost.
        """
        self.path = path
        self.is_kept = path is None or not is_read_only(path)
        """False where nothing that is written outlives this run, although it should."""
        self._schema = schema
        self._durable = durable
        self._presence = Lock(path.with_name("open.lock") if path and self.is_kept else None)
        wal = path is not None and path.with_name(f"{path.name}-wal").exists()
        self.is_suspect = wal and self._presence.take()
        """Whether its last user ended without closing it, so that it may be damaged."""
        self._presence.take(shared=True)
        self.sql = self._open()

    def _open(self) -> sqlite3.Connection:
        path = self.path
        try:
            if path is not None and self.is_kept:
                ensure_private(path.parent)
            self.sql = sqlite3.connect(
                (self.is_kept and path) or _MEMORY,
                timeout=_BUSY_SECONDS,
                isolation_level=None,
                cached_statements=256,
            )
            if path is not None and self.is_kept:
                self.sql.execute(f"PRAGMA journal_mode={'DELETE' if is_network(path) else 'WAL'}")
                path.chmod(0o600)
            elif path is not None and path.exists():
                _copy(path, self.sql)
            self.sql.execute(f"PRAGMA synchronous={'FULL' if self._durable else 'NORMAL'}")
            self.sql.execute("PRAGMA foreign_keys=ON")
            self._migrate()
        except sqlite3.OperationalError as error:
            raise ConfigError(
                f"{path} cannot be opened: {error}. Check the folder's rights and free space."
            ) from error
        return self.sql

    @property
    def version(self) -> int:
        """Another number whenever another connection has written."""
        found: int = self.sql.execute("PRAGMA data_version").fetchone()[0]
        return found

    def close(self) -> None:
        """Closes the file."""
        self.sql.close()
        self._presence.leave()

    def begin_anew(self) -> None:
        """Sets the file aside, as one that is damaged, and goes on with an empty one."""
        self.sql.close()
        if self.path is not None and self.is_kept:
            _set_aside(self.path)
        self.is_suspect = False
        self.sql = self._open()

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction that waits its turn at the beginning and so never fails in the middle.

        `durable` False: in a file that syncs each transaction, one that a power cut may take.
        """
        if self._durable and not durable:
            self.sql.execute("PRAGMA synchronous=NORMAL")
            try:
                with self.write() as sql:
                    yield sql
            finally:
                self.sql.execute("PRAGMA synchronous=FULL")
            return
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
        _set_aside(path)
        return Database(path, "mirror", durable=False)


def open_journal(path: Path | None) -> Database:
    """The user's own file."""
    try:
        return Database(path, "journal", durable=True)
    except sqlite3.DatabaseError as error:
        raise ConfigError(
            f"{path} is damaged ({error}); move it away to go on without its drafts."
        ) from error


def _set_aside(path: Path) -> None:
    for part in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        if part.exists():
            part.rename(part.with_name(f"{part.name}.damaged-{int(time.time())}"))


def _copy(path: Path, into: sqlite3.Connection) -> None:
    """Reads a file that cannot be written; without its log where even that would have to be written to."""
    for how in ("mode=ro", "mode=ro&immutable=1"):
        source = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)
        try:
            source.backup(into)
        except sqlite3.OperationalError:
            if "immutable" in how:
                raise
        else:
            return
        finally:
            source.close()


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
