"""Whether a SQLite file is sound; it is looked at and never changed."""

import sqlite3
from pathlib import Path

_MOST = 3


def fault(path: Path) -> str | None:
    """What is wrong with a file as `quick_check` says it, None where it is sound."""
    try:
        # Opened for writing, because a reader cannot always look into a write-ahead log.
        sql = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=5, uri=True)
        try:
            found = [str(row[0]) for row in sql.execute(f"PRAGMA quick_check({_MOST})")]
        finally:
            sql.close()
    except sqlite3.Error as error:
        return str(error)
    return None if found == ["ok"] else "; ".join(found)
