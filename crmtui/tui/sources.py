"""Rows for a list on the screen: from the mirror at once, and fetched behind where they are missing."""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date
from typing import Literal, TypeAlias

from crmtui.model.query import Order
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Field, FieldType, Kind, Schema
from crmtui.model.text import clean
from crmtui.tui.format import cell, is_right
from crmtui.tui.widgets.columns import Column, Row
from crmtui.workspace.labels import Labels
from crmtui.workspace.lists import FoundHere, RecordList
from crmtui.workspace.waiting import Waiting

Rows: TypeAlias = RecordList | FoundHere
"""What rows can come from."""

_TITLE = ""
"""The name of a column that holds no field, but what a record is called."""
_FIRST = (18, 4)
"""The least width of the first column, and its part of what is left."""
_CHUNK = 64
_CHUNKS = 12

_WIDTHS: Mapping[FieldType, tuple[int, int]] = {
    FieldType.BOOLEAN: (5, 0),
    FieldType.DATE: (10, 0),
    FieldType.DATETIME: (15, 0),
    FieldType.MONEY: (12, 0),
    FieldType.PERCENT: (6, 0),
    FieldType.INTEGER: (8, 0),
    FieldType.DECIMAL: (10, 0),
    FieldType.CHOICE: (9, 1),
    FieldType.USER: (11, 1),
    FieldType.PHONE: (16, 0),
    FieldType.EMAIL: (18, 2),
    FieldType.REFERENCE: (14, 2),
}


def columns_of(kind: Kind, schema: Schema, order: Sequence[Order]) -> list[Column]:
    """The columns of a kind's list: those it shows by default and has."""
    fields = schema.by_name
    names = [name for name in kind.columns if name in fields] or [f.name for f in schema.fields[:5]]
    ranks = {key.field: (rank, key) for rank, key in enumerate(order, 1)}

    def turn(*names: str) -> tuple[Literal["", "asc", "desc"], int]:
        """Which way it is ordered by one of these, and as which of several keys."""
        rank, key = next((ranks[name] for name in names if name in ranks), (0, None))
        return "" if key is None else "desc" if key.descending else "asc", rank if len(order) > 1 else 0

    columns = [Column(_TITLE, kind.heading, *_FIRST, "left", *turn(*kind.title))] if kind.heading else []
    names = [name for name in names if not (kind.heading and name in kind.title)]
    for name in names:
        width, flex = _WIDTHS.get(fields[name].type, (12, 1))
        columns.append(
            Column(
                name,
                clean(fields[name].title),
                width if columns else max(width, _FIRST[0]),
                flex if columns else _FIRST[1],
                "right" if is_right(fields[name]) else "left",
                *turn(name),
            )
        )
    return columns


def ordered_by(kind: Kind, column: Column) -> str:
    """The field that a column is ordered by: of names in several parts the one that the service can take."""
    if column.name != _TITLE:
        return column.name
    return next(filter(kind.can.orders_by, _parts(kind)), kind.title[0])


def _parts(kind: Kind) -> Sequence[str]:
    """The fields of the parts of a name, that which the kind is ordered by first."""
    return sorted(kind.title, key=lambda name: name not in kind.order)


class NoRows:
    """The source of a list that has none yet."""

    def total(self) -> int | None:
        """See `RowSource`."""
        return 0

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        return None

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`."""


class ListSource:
    """The rows of one list, a stretch of them in memory."""

    def __init__(
        self,
        rows: Rows,
        kind: Kind,
        schema: Schema,
        labels: Labels,
        wanted: Callable[[int, int], None],
        waiting: Callable[[], Waiting],
        marks: Container[Ref] = (),
    ) -> None:
        """`wanted` hears of rows that are on the screen and were never read.

        `waiting` tells of the writes that are laid over what the mirror has; `marks` are drawn.
        """
        self.list = rows
        names = (column.name for column in columns_of(kind, schema, ()))
        self._fields = [None if name == _TITLE else schema.field(name) for name in names]
        self._labels = labels
        self._wanted = wanted
        self._ask_waiting = waiting
        self._marks = marks
        self._waiting = waiting()
        self._chunks: dict[int, dict[int, Record]] = {}
        self._today = date.today()

    def forget(self) -> None:
        """The mirror or the outbox changed: what is in memory is read again."""
        self._waiting = self._ask_waiting()
        self._chunks.clear()
        self._today = date.today()

    def total(self) -> int | None:
        """See `RowSource`."""
        return self.list.total

    def record(self, index: int) -> Record | None:
        """The record at a position, if it was ever read."""
        chunk = index // _CHUNK
        if chunk not in self._chunks:
            if len(self._chunks) >= _CHUNKS:
                del self._chunks[next(iter(self._chunks))]
            found = self.list.rows(chunk * _CHUNK, _CHUNK)
            records = {at: self._waiting.over(record) for at, record in found.items()}
            self._labels.warm(records.values())
            self._chunks[chunk] = records
        return self._chunks[chunk].get(index)

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        record = self.record(index)
        if record is None:
            return None
        labels = self._labels.of(record)
        cells = tuple(self._cell(field, record, labels) for field in self._fields)
        styles = tuple("dim" if text == "—" else None for text in cells)
        waits = bool(self._waiting.of(record.ref))
        return Row(record.ref.id, cells, record.ref in self._marks, styles=styles, waits=waits)

    def index_of(self, key: str) -> int | None:
        """See `RowSource`."""
        return self.list.position(key)

    def at(self, ref: Ref) -> int | None:
        """Where a record stands."""
        return self.index_of(ref.id)

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`."""
        total = self.list.total
        last = last if total is None else min(last, total - 1)
        if self.list.sequential:
            if not self.list.ended and (self.record(last) is None or self.record(last + 1) is None):
                self._wanted(first, last + _CHUNK)
        elif any(self.record(index) is None for index in range(first, last + 1)):
            self._wanted(first, last)

    def _cell(self, field: Field | None, record: Record, labels: Mapping[str, str]) -> str:
        if field is None:
            return clean(record.title)
        return cell(field, record.values.get(field.name), labels.get(field.name), self._today)
