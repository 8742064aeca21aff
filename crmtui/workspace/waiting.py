"""What waits in the outbox, as it bears on the records that are shown."""

from collections.abc import Mapping, Sequence

import msgspec

from crmtui.model.record import Record, Ref, Value
from crmtui.model.write import Op
from crmtui.store.writes import Entry
from crmtui.workspace.account import Account


class Waiting:
    """The unsettled writes of an account at one moment, by the records they are of."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.entries: Sequence[Entry] = account.writes.waiting()
        """All of them, the oldest first."""
        self._of: dict[Ref, list[Entry]] = {}
        for entry in self.entries:
            if entry.write.ref.id:
                self._of.setdefault(entry.write.ref, []).append(entry)

    def of(self, ref: Ref) -> Sequence[Entry]:
        """Those of one record, the oldest first."""
        return self._of.get(ref, ())

    def edits(self, ref: Ref) -> Mapping[str, Value]:
        """The fields of a record as waiting edits will have them."""
        edits: dict[str, Value] = {}
        for entry in self.of(ref):
            edits |= entry.write.edits if entry.write.op is Op.EDIT else {}
        return edits

    def deletes(self, ref: Ref) -> bool:
        """Whether the record is to be deleted."""
        return any(entry.write.op is Op.DELETE for entry in self.of(ref))

    def over(self, record: Record) -> Record:
        """A record as it will be once its edits are done."""
        edits = self.edits(record.ref)
        if not edits:
            return record
        values = {**record.values, **edits}
        kind = self._account.kind(record.ref.kind)
        labels = {name: text for name, text in record.labels.items() if name not in edits}
        title = kind.title_of(record.ref.id, values)
        return msgspec.structs.replace(record, values=values, labels=labels, title=title)
