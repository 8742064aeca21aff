"""What comes of a write, where it was settled and where it was not."""

from collections.abc import Mapping, Sequence

import msgspec

from crmtui.model.errors import Conflict, CrmError
from crmtui.model.record import Record, Value
from crmtui.model.write import Clash, Write


class Clashed(Conflict):
    """Fields that somebody else changed too; nothing was sent."""

    def __init__(self, clashes: Sequence[Clash], theirs: Record) -> None:
        names = ", ".join(clash.field for clash in clashes)
        super().__init__(f"Somebody else changed {names} in the meantime; nothing was sent.")
        self.clashes = tuple(clashes)
        self.theirs = theirs


class Saved(msgspec.Struct, frozen=True):
    """What a write did: the record as it is now (None once deleted, or not yet made), whether anything was
    sent, and the fields that came back other than they were sent. `waits`: why it stays in the outbox."""

    record: Record | None
    sent: bool
    other: Mapping[str, Value] = {}
    waits: str = ""


class SavedAll(msgspec.Struct, frozen=True):
    """What came of one edit of several records: of each write, and how many records needed none."""

    writes: Sequence[Write]
    came: Sequence[Saved | CrmError]
    same: int = 0

    @property
    def failed(self) -> list[tuple[Write, CrmError]]:
        """The writes that were refused, or met a conflict."""
        pairs = zip(self.writes, self.came, strict=True)
        return [(write, error) for write, error in pairs if isinstance(error, CrmError)]
