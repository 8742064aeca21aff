"""A search in everything that is mirrored: it costs no call."""

from collections.abc import Sequence

import msgspec

from crmtui.model.record import Record
from crmtui.workspace.account import Account
from crmtui.workspace.closed import why_closed
from crmtui.workspace.due import synced_at


class Found(msgspec.Struct, frozen=True):
    """The records, how many there are in all, and the kinds of which something may be missing.

    `is_empty`: nothing at all is mirrored.
    """

    records: Sequence[Record]
    total: int
    unsynced: Sequence[str]
    is_empty: bool


async def search(account: Account, text: str, kind: str | None = None, limit: int | None = 100) -> Found:
    """The records that have all the words of a text: see `store.full_text.find`. `limit` None is all."""
    mirror = account.mirror
    await account.index()
    records = mirror.search(text, kind, limit)
    total = len(records) if limit is None or len(records) < limit else mirror.count_found(text, kind)
    kinds = [k for k in account.adapter.kinds.values() if k.can.listed and (kind is None or k.name == kind)]
    unsynced = [
        k.name for k in kinds if synced_at(account, k.name) is None and not why_closed(account, k.name)
    ]
    return Found(records, total, unsynced, not any(mirror.newest(k.name) for k in kinds))
