"""`quota` and `log`: what was sent and what became of it, from the journal and without a call."""

from contextlib import closing
from typing import Any

from crmtui.cli.entries import moment, print_entries
from crmtui.cli.failure import say
from crmtui.cli.output import Format, members, print_said
from crmtui.cli.session import journal_of, named
from crmtui.config import Connection
from crmtui.model.quota import Quota
from crmtui.store.ledger import Ledger
from crmtui.store.writes import Writes
from crmtui.workspace.alerts import usage

_QUOTA = ("connection", "used", "limit", "resets_at", "source")
_CALL = ("at", "method", "path", "status", "ms", "cost")
_ALL = 2**62
"""More rows than a journal ever has: nothing of it is left out."""


def print_quota(name: str | None, format_: Format) -> int:
    """Prints the calls used and allowed: of one connection, or an array of all."""
    found = [(connection, _quota(connection)) for connection in named(name)]
    said = [_said(connection, quota) for connection, quota in found]
    print_said(format_, said[0] if name is not None else said, lambda: members(said, _QUOTA))
    for connection, quota in found:
        if quota.is_spent_for_a_day:
            say(usage(connection.name, quota))
    return 0


def print_calls(name: str | None, format_: Format) -> int:
    """Prints every request that left, the newest first."""
    found = []
    for connection in named(name):
        with closing(journal_of(connection)) as journal:
            found += Ledger(journal).entries(_ALL)
    found.sort(key=lambda entry: -entry.at)
    said = [
        {
            "at": moment(entry.at),
            "method": entry.method,
            "path": entry.path,
            "status": entry.status,
            "ms": entry.ms,
            "cost": entry.cost,
        }
        for entry in found
    ]
    print_said(format_, said, lambda: members(said, _CALL))
    return 0


def print_writes(name: str | None, format_: Format) -> int:
    """Prints every write and what became of it, the newest first."""
    found = []
    for connection in named(name):
        with closing(journal_of(connection)) as journal:
            found += Writes(journal, connection.name).all(_ALL)
    found.sort(key=lambda entry: -entry.write.created)
    print_entries(found, format_)
    return 0


def _quota(connection: Connection) -> Quota:
    with closing(journal_of(connection)) as journal:
        return Ledger(journal, connection.call_limit).quota()


def _said(connection: Connection, quota: Quota) -> dict[str, Any]:
    return {
        "connection": connection.name,
        "used": quota.used,
        "limit": quota.limit,
        "resets_at": None if quota.resets_at is None else moment(quota.resets_at),
        "source": quota.source,
    }
