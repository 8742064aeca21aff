"""Writes of the journal as commands print them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from crmtui.cli.output import Format, members, print_said
from crmtui.store.writes import Entry

_MEMBERS = ("id", "op", "ref", "state", "why", "created")


def print_entries(entries: Sequence[Entry], format_: Format) -> None:
    """Prints writes in the order given."""
    said = [
        {
            "id": entry.write.id,
            "op": entry.write.op.value,
            "ref": str(entry.write.ref),
            "state": entry.state.value,
            "why": entry.why,
            "created": moment(entry.write.created),
        }
        for entry in entries
    ]
    print_said(format_, said, lambda: members(said, _MEMBERS))


def moment(at: float) -> str:
    """A time of our own: UTC, to the second."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
