"""How old a record is, in words that stay true for a minute."""

from crmtui.model.record import Record
from crmtui.tui.format import ago
from crmtui.workspace.desk import Desk
from crmtui.workspace.due import synced_at


def age_of(desk: Desk, record: Record, now: float) -> str:
    """When it was read, or when a sync last found that it is still as it was read."""
    synced = synced_at(desk.account, record.ref.kind)
    if synced is not None and synced > record.fetched_at:
        return f"synced {ago(synced, now)}"
    return f"read {ago(record.fetched_at, now)}"
