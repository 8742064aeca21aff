"""The records that a record's own rows name, by name: a pane that costs no call of its own."""

from collections.abc import Sequence

from crmtui.model.errors import CrmError
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Field
from crmtui.model.text import clean
from crmtui.tui.panes import Beginning
from crmtui.tui.widgets.columns import Column, Row
from crmtui.workspace.desk import Desk
from crmtui.workspace.named_rows import Named, named_in


class RelationsSource:
    """The rows of one field: what each names, which sort of record that is, and the note."""

    hint = "enter opens · e on the record changes them"
    columns: Sequence[Column] = (
        Column("name", "Name", 16, 3),
        Column("kind", "", 8, 0),
        Column("note", "", 8, 2),
    )
    cost = 1
    exact = True
    with_record = True

    def __init__(self, desk: Desk, ref: Ref, field: Field) -> None:
        self._desk = desk
        self._ref = ref
        self._field = field
        self._rows: list[Named] = []
        self.title = clean(field.title)

    @property
    def known(self) -> bool:
        """See `PaneSource`: the record was read by itself."""
        record = self._desk.record(self._ref)
        return record is not None and self._field.name in record.values

    @property
    def count(self) -> str:
        """See `PaneSource`."""
        return str(len(self._rows)) if self.known else ""

    async def ask(self) -> CrmError | None:
        """See `PaneSource`."""
        try:
            await self._desk.read(self._ref)
        except CrmError as error:
            return error
        return None

    def forget(self, record: Record | None, width: int) -> None:
        """See `PaneSource`."""
        value = record.values.get(self._field.name) if record else None
        naming = self._field.naming
        self._rows = named_in(self._desk.account, naming, value) if naming else []

    def record(self, index: int) -> Record | None:
        """See `PaneSource`: as it is mirrored, else by its name alone."""
        named = self._rows[index] if 0 <= index < len(self._rows) else None
        if named is None or named.ref is None:
            return None
        return self._desk.record(named.ref) or Record(named.ref, named.name, {})

    def beginning(self, index: int) -> Beginning | None:
        """See `PaneSource`: rows are made in the record's own form."""
        return None

    def beginnings(self, index: int) -> Sequence[Beginning]:
        """See `PaneSource`."""
        return ()

    def take(self, record: Record) -> bool:
        """See `PaneSource`."""
        return any(named.ref == record.ref for named in self._rows)

    def total(self) -> int | None:
        """See `RowSource`."""
        return len(self._rows)

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        named = self._rows[index]
        kind = self._desk.account.kind(named.ref.kind).singular if named.ref else ""
        return Row(named.id, (named.name, kind, named.note), styles=(None, "muted", "dim"))

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`."""
