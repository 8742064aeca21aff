"""The records that point at one, as the source of a pane; what its rows are, each such pane says itself."""

from collections.abc import Collection, Sequence

from crmtui.model.errors import CrmError
from crmtui.model.record import Record, Ref
from crmtui.tui.panes import Beginning
from crmtui.workspace.around import Around, Group
from crmtui.workspace.desk import Desk


class AroundSource:
    """The part of a `PaneSource` that asks for records of some kinds."""

    with_record = False

    def __init__(self, desk: Desk, ref: Ref, kinds: Collection[str], *, learns: bool = False) -> None:
        """`learns`: see `Around`."""
        self._desk = desk
        self._around = Around(desk, ref, kinds, learns=learns)

    @property
    def cost(self) -> int:
        """See `PaneSource`."""
        return self._around.cost

    @property
    def exact(self) -> bool:
        """See `PaneSource`."""
        return self._around.exact

    @property
    def known(self) -> bool:
        """See `PaneSource`."""
        return self._around.known

    @property
    def count(self) -> str:
        """See `PaneSource`."""
        read = [group for group in self._around.groups if group.is_read]
        return f"{sum(_size(group) for group in read):,}" if read else ""

    async def ask(self) -> CrmError | None:
        """See `PaneSource`."""
        return await self._around.ask()

    def beginning(self, index: int) -> Beginning | None:
        """See `PaneSource`."""
        return None

    def beginnings(self, index: int) -> Sequence[Beginning]:
        """See `PaneSource`."""
        one = self.beginning(index)
        return (one,) if one else ()

    def take(self, record: Record) -> bool:
        """See `PaneSource`."""
        return self._around.take(record)

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`: nothing is fetched by scrolling here."""


def _size(group: Group) -> int:
    """How many there are; where nobody says, as many as were read."""
    return len(group.records()) if group.list.total is None else group.list.total
