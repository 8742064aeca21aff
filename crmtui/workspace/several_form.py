"""The form of several records: what all of them have alike stands in it, and what is typed goes to each."""

from collections.abc import Sequence
from datetime import date

from crmtui.model.call import Call, cost_of
from crmtui.model.errors import CrmError
from crmtui.model.record import Record, Value
from crmtui.model.schema import Schema
from crmtui.model.value import same
from crmtui.model.write import Op, Write, changed
from crmtui.store.drafts import Draft
from crmtui.workspace.desk import Desk
from crmtui.workspace.forms import Form
from crmtui.workspace.looking import Looking
from crmtui.workspace.several import several

_MIXED = "several values"


class SeveralForm(Form):
    """The editable fields of several records of one kind; rows that are part of each are left out."""

    unfolded = False

    def __init__(
        self, desk: Desk, schema: Schema, records: Sequence[Record], draft: Draft | None = None
    ) -> None:
        self.records = records
        kind = desk.account.kind(schema.kind)
        alike = _alike(schema, records)
        labels = {name: text for name, text in records[0].labels.items() if name in alike}
        ref = several([record.ref for record in records])
        super().__init__(
            desk, schema, Record(ref, f"{len(records)} {kind.label.lower()}", alike, labels), draft
        )

    @property
    def title(self) -> str:
        """How many of what they are."""
        return self.record.title if self.record else ""

    def lines(self) -> list[tuple[str, str]]:
        """See `Form`; and why there are no rows."""
        rows = [field.title for field in self.schema.fields if field.embedded]
        shown = [line for line in super().lines() if line[0] not in rows]
        return shown + [(title, "each record has its own: e changes them there") for title in rows]

    def is_mixed(self, name: str) -> bool:
        """See `Form`."""
        return self.record is not None and name not in self.record.values

    def hint(self, name: str, today: date) -> str:
        """See `Form`; what an empty editor stands for is told first."""
        told = super().hint(name, today)
        if not self.is_mixed(name) or self.fields[name].changed:
            return told
        return " · ".join(part for part in ("they differ; what is typed goes to all", told) if part)

    def changes(self, write: Write) -> list[tuple[str, str, str]]:
        """See `Form`."""
        told = zip(write.edits, super().changes(write), strict=True)
        return [(label, _MIXED if self.is_mixed(name) else old, new) for name, (label, old, new) in told]

    def cost(self) -> str:
        """See `Form`: at the most, for a record may have the values already."""
        changed = dict.fromkeys(self.changed)
        try:
            return cost_of(
                self._calls([self.desk.edits.intent(Op.EDIT, r.ref, changed) for r in self.records])
            )
        except CrmError:
            return ""

    def spread(self, write: Write) -> list[Write]:
        """The write of each record that has not the values already."""
        found: list[Write] = []
        for record in self.records:
            if edits := changed(self.schema, record.values, write.edits):
                base = {name: record.values[name] for name in edits if name in record.values}
                found.append(self.desk.edits.intent(Op.EDIT, record.ref, edits, base))
        return found

    def calls(self, write: Write) -> Sequence[Call]:
        """See `Form`: the look at all of them, then the writes."""
        return self._calls(self.spread(write))

    def _calls(self, writes: Sequence[Write]) -> Sequence[Call]:
        by_ref = {record.ref: record for record in self.records}
        looking = Looking(self.desk.account, self.desk.edits, self.schema, ())
        calls = list(looking.calls([one.ref for one in writes]))
        for one in writes:
            calls += self.desk.edits.calls(one, by_ref[one.ref], self.schema, looked=True)
        return calls


def _alike(schema: Schema, records: Sequence[Record]) -> dict[str, Value]:
    """The values that all records have; a listed field that none of them has is alike too."""
    found: dict[str, Value] = {}
    for field in schema.fields:
        values = [record.values.get(field.name) for record in records]
        read = field.listed or all(field.name in record.values for record in records)
        if read and all(same(field, values[0], value) for value in values[1:]):
            found[field.name] = values[0]
    return found
