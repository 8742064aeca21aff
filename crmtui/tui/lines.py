"""The rows of a record that are records themselves, as a table with what each comes to and their sum."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from crmtui.model.errors import CrmError
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Field, FieldType, Kind
from crmtui.model.text import clean
from crmtui.model.value import canonical
from crmtui.tui.format import EMPTY, cell, is_right, money
from crmtui.tui.panes import Beginning
from crmtui.tui.widgets.columns import Column, Row
from crmtui.workspace import row_mirror
from crmtui.workspace.around import Around
from crmtui.workspace.desk import Desk

TOTAL = "total"
_LARGE = 10**15
_WIDTHS = {FieldType.DECIMAL: 8, FieldType.INTEGER: 8, FieldType.MONEY: 12}


class LinesSource:
    """The rows of one field of a record."""

    with_record = True

    hint = "enter edits · n new · x deletes"
    exact = True

    def __init__(self, desk: Desk, ref: Ref, field: Field) -> None:
        self._desk = desk
        self._ref = ref
        self._field = field
        self._kind: Kind = desk.account.kind(field.refers_to or "")
        self._link = row_mirror.link(desk.account, field, ref.kind)
        # For a service that leaves the rows out of the record.
        self._around = Around(desk, ref, (self._kind.name,))
        self._known = False
        self._records: list[Record] = []
        self.title = clean(field.title)

    @property
    def cost(self) -> int:
        """See `PaneSource`: they come with the record."""
        return 1

    @property
    def known(self) -> bool:
        """See `PaneSource`."""
        return self._known

    @property
    def count(self) -> str:
        """How many, and what they come to."""
        if not self._known:
            return ""
        amounts = [amount(record, self._kind, self._fields()) for record in self._records]
        told = [each for each in amounts if each is not None]
        words = [f"{len(self._records):,}"]
        if told:
            words.append(money(sum(told, Decimal(0))))
        if told and len(told) < len(amounts):
            words.append(f"{len(amounts) - len(told)} without a total")
        return " · ".join(words)

    async def ask(self) -> CrmError | None:
        """See `PaneSource`."""
        try:
            record = await self._desk.read(self._ref)
        except CrmError as error:
            return error
        return None if self._field.name in record.values else await self._around.ask()

    def forget(self, record: Record | None, width: int) -> None:
        """See `PaneSource`."""
        inside = record is not None and isinstance(record.values.get(self._field.name), list)
        self._known = inside or all(group.is_read for group in self._around.groups)
        if inside and record is not None:
            self._records = row_mirror.records(self._desk.account, self._field, record)
        else:
            self._records = [each for group in self._around.groups for each in group.records()]

    def record(self, index: int) -> Record | None:
        """See `PaneSource`."""
        return self._records[index] if 0 <= index < len(self._records) else None

    def beginning(self, index: int) -> Beginning | None:
        """See `PaneSource`."""
        return Beginning(self._kind, {self._link: self._ref.id}, self.columns[0].name)

    def beginnings(self, index: int) -> Sequence[Beginning]:
        """See `PaneSource`."""
        one = self.beginning(index)
        return (one,) if one else ()

    def take(self, record: Record) -> bool:
        """See `PaneSource`."""
        ours = record.ref.kind == self._kind.name and str(record.values.get(self._link)) == self._ref.id
        return ours or self._around.take(record)

    def total(self) -> int | None:
        """See `RowSource`."""
        return len(self._records)

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        record = self._records[index]
        fields = self._fields()
        labels = self._desk.labels(self._desk.schema(self._kind.name)).of(record)
        cells = [self._cell(field, record, labels.get(field.name)) for field in fields]
        if self._kind.amount:
            worth = amount(record, self._kind, fields)
            cells.append(EMPTY if worth is None else money(worth))
        return Row(str(record.ref), tuple(cells), styles=tuple("dim" if c == EMPTY else None for c in cells))

    def index_of(self, key: str) -> int | None:
        """See `RowSource`."""
        return next((at for at, record in enumerate(self._records) if str(record.ref) == key), None)

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`: all of them are here."""

    def _cell(self, field: Field, record: Record, label: str | None) -> str:
        value = canonical(field, record.values.get(field.name))
        if field.type is FieldType.DECIMAL and isinstance(value, int | Decimal) and label is None:
            return f"{value:,.{self._places(field)}f}" if -_LARGE < value < _LARGE else str(value)
        return cell(field, record.values.get(field.name), label, date.today())

    def _places(self, field: Field) -> int:
        """The most decimals in a column, so that its points stand beneath each other."""
        most = 0
        for record in self._records:
            value = canonical(field, record.values.get(field.name))
            exponent = value.normalize().as_tuple().exponent if isinstance(value, Decimal) else 0
            if isinstance(exponent, int):
                most = max(most, -exponent)
        return min(most, 6)

    def _fields(self) -> list[Field]:
        schema = self._desk.schema(self._kind.name)
        return [schema.field(name) for name in self._kind.columns if name != self._link]

    @property
    def columns(self) -> Sequence[Column]:
        """See `PaneSource`."""
        columns = [
            Column(
                field.name,
                clean(field.title),
                _WIDTHS.get(field.type, 12),
                0 if is_right(field) else 1,
                "right" if is_right(field) else "left",
            )
            for field in self._fields()
        ]
        return [*columns, Column(TOTAL, "Total", 12, 0, "right")] if self._kind.amount else columns


def amount(record: Record, kind: Kind, fields: Sequence[Field]) -> Decimal | None:
    """What a row comes to; None where one of its figures is missing or none."""
    product = Decimal(1)
    for field in fields:
        if field.name in kind.amount:
            value = canonical(field, record.values.get(field.name))
            if isinstance(value, bool) or not isinstance(value, int | Decimal):
                return None
            product *= value
    return product
