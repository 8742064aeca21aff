"""When each kind was last synced, and which of them are due."""

import time
from collections.abc import Collection

from crmtui.model.schema import Kind
from crmtui.store.known import DAY
from crmtui.workspace.account import Account
from crmtui.workspace.asking import total_of
from crmtui.workspace.closed import why_closed

_JUST_NOW = 60.0
"""Seconds after which a kind that was synced is looked at again."""


def tells_changes(kind: Kind) -> bool:
    """Whether a service tells what changed in a kind: by its order, or when it is asked for that."""
    return kind.can.stamp is not None and (kind.can.order or kind.can.changes)


def synced_at(account: Account, kind: str) -> float | None:
    """When a kind was last synced to the end, UTC seconds; None if it never was."""
    return account.known.fact(_synced(kind), float)


class Due:
    """Tells which kinds a sync reads, and remembers what it has done."""

    def __init__(self, account: Account, named: Collection[str], *, catches_up: bool) -> None:
        """`named`: kinds that are synced whatever is known of them. `catches_up`: see `Sync`."""
        self._account = account
        self._named = named
        self._catches_up = catches_up

    def is_due(self, kind: Kind) -> bool:
        """Whether a kind is to be looked at."""
        if kind.name in self._named:
            return True
        if not kind.can.listed or why_closed(self._account, kind.name) is not None:
            return False
        if self._catches_up:
            before = synced_at(self._account, kind.name)
            if before is None or 0 <= time.time() - before < _JUST_NOW:
                return False
        return kind.can.stamp is not None or self.is_sweep_due(kind)

    def is_sweep_due(self, kind: Kind) -> bool:
        """Whether a kind that does not tell what changed is to be read whole: once a day, or if named.

        So it is each time where it has a stamp, and one page holds all of it.
        """
        untold = not tells_changes(kind)
        if (untold and kind.name in self._named) or self._account.marks.of(kind.name).swept is not None:
            return True
        if (
            untold
            and kind.can.stamp
            and self._account.mirror.count(kind.name) < self._account.adapter.page_size
        ):
            return True
        return self._account.known.fact(_swept(kind.name), bool, older=DAY) is None

    def guess(self, kind: Kind) -> int:
        """The rows of a kind that are thought to be read, before it was asked for."""
        mark = self._account.marks.of(kind.name)
        total = self._account.known.fact(total_of(kind.name), int) or 0
        return total if mark.done is None or mark.run is not None else 0

    def note_synced(self, kind: Kind) -> None:
        """A kind was synced to its end."""
        self._account.known.keep_fact(_synced(kind.name), time.time())

    def note_swept(self, kind: Kind) -> None:
        """A kind was read whole."""
        self._account.known.keep_fact(_swept(kind.name), True)


def _synced(kind: str) -> str:
    return f"synced {kind}"


def _swept(kind: str) -> str:
    return f"swept {kind}"
