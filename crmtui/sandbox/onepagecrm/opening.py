"""The file of the account, which both dialects may serve at the same time."""

from collections.abc import Callable
from pathlib import Path

from crmtui.sandbox.database import open_database
from crmtui.sandbox.service import Setting

from .office import Office
from .seed import fill
from .terms import Terms

VERSION = 3
"""Raised when the generated world or its tables change, so that older files are made anew."""
_served: list[Path] = []


def open_office(setting: Setting) -> tuple[Office, Callable[[], None]]:
    """The account in the sandbox's folder, and how to close it."""
    path = setting.home / "onepagecrm.db"
    terms = Terms.read(setting.switches)
    connection = open_database(
        path,
        f"{VERSION}:{setting.records}",
        # The other dialect may have begun anew already, and must not lose its file.
        fresh=setting.fresh and path not in _served,
        fill=lambda empty: fill(empty, setting.records),
    )
    # Counting goes through all contacts, which shall be in memory.
    connection.execute("PRAGMA cache_size = -65536")
    _served.append(path)

    def close() -> None:
        connection.close()
        _served.remove(path)

    return Office(connection, terms), close
