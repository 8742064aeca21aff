"""One SQLite file per service: made once, kept for the same world, made anew for another one."""

import contextlib
import gc
import sqlite3
from collections.abc import Callable
from pathlib import Path

from .text import fold


def open_database(
    path: Path, world: str, *, fresh: bool, fill: Callable[[sqlite3.Connection], None]
) -> sqlite3.Connection:
    """The database at a path; unless it holds the world that is asked for it is filled anew."""
    if fresh or not _holds(path, world):
        _make(path, world, fill)
    connection = _connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    # Opened in the thread that starts the sandbox, used in the one that serves, never in both at a time.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.create_function("fold", 1, fold, deterministic=True)
    return connection


def _holds(path: Path, world: str) -> bool:
    if not path.exists():
        return False
    with contextlib.closing(_connect(path)) as connection:
        try:
            row = connection.execute("SELECT world FROM meta").fetchone()
        except sqlite3.DatabaseError:
            return False
    return row is not None and row[0] == world


def _make(path: Path, world: str, fill: Callable[[sqlite3.Connection], None]) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    with contextlib.closing(_connect(part)) as connection:
        # An interrupted filling is thrown away, so it needs no journal.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE meta (world TEXT NOT NULL)")
        connection.execute("INSERT INTO meta VALUES (?)", (world,))
        # Hundreds of thousands of rows pass by; looking through them for cycles would double the time.
        gc.disable()
        try:
            fill(connection)
        finally:
            gc.enable()
        connection.execute("COMMIT")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    part.replace(path)


def statement(*parts: str) -> str:
    """An SQL statement of its parts: names come from our own dictionary and are quoted, values are bound."""
    return " ".join(parts)


def quoted(identifier: str) -> str:
    """An SQL identifier: field names may begin with a digit or hold a slash."""
    return '"' + identifier.replace('"', '""') + '"'
