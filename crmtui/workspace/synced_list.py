"""The list that a kind begins with, once it is synced: all of it is in the mirror, and in order."""

from crmtui.model.query import Query
from crmtui.model.record import Record
from crmtui.workspace.account import Account
from crmtui.workspace.due import synced_at, tells_changes
from crmtui.workspace.lists import RecordList
from crmtui.workspace.sync import Sync


class SyncedList(RecordList):
    """Every record of a kind in its first order; asking for it anew is a sync, mostly of one call."""

    @property
    def total(self) -> int | None:
        """Records of the kind."""
        return self._account.mirror.count(self.query.kind)

    @property
    def fetched_at(self) -> float | None:
        """When the kind was last synced, UTC seconds."""
        return synced_at(self._account, self.query.kind)

    @property
    def sequential(self) -> bool:
        """All rows are here."""
        return False

    @property
    def ended(self) -> bool:
        """All rows are here."""
        return True

    def rows(self, first: int, count: int) -> dict[int, Record]:
        """The records at these positions."""
        return dict(enumerate(self._account.mirror.ordered.rows(self.query.kind, first, count), first))

    def position(self, id_: str) -> int | None:
        """Where a record stands in the list."""
        return self._account.mirror.ordered.position(self.query.kind, id_)

    def include(self, id_: str) -> None:
        """A record just made stands where it belongs already."""

    async def begin(self) -> None:
        """Takes what changed at the service; where a sync of all is under way it brings that too."""
        sync = Sync(self._account, [self.query.kind])
        await sync.run(wait=False)

    async def fill(self, first: int, last: int) -> bool:
        """There is nothing to read on."""
        return False


def is_synced(account: Account, query: Query) -> bool:
    """Whether a question is the one that a kind's list begins with, and can be answered from the mirror."""
    kind = account.kind(query.kind)
    return (
        query.where is None
        and tuple(map(str, query.order)) == kind.order
        and tells_changes(kind)
        and account.mirror.is_indexed
        and synced_at(account, query.kind) is not None
    )
