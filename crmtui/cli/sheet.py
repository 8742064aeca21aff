"""Records of one kind as they are printed: their canonical values, their labels, their cells."""

from collections.abc import Sequence
from typing import Any

from crmtui.cli.output import Format, Grid, print_said
from crmtui.model import dates
from crmtui.model.errors import UsageError
from crmtui.model.record import Record
from crmtui.model.schema import FieldType, Kind, Schema
from crmtui.model.value import canonical, shown
from crmtui.workspace.desk import Desk

_MOST_COLUMNS = 8


class Sheet:
    """What is printed of the records of a kind."""

    def __init__(self, desk: Desk, kind: Kind, schema: Schema, columns: str | None = None) -> None:
        """`columns` are names with commas between them: these alone, in every format."""
        self._schema = schema
        self._labels = desk.labels(schema)
        self._wanted = _wanted(kind, schema, columns) if columns is not None else None
        self._columns = self._wanted if self._wanted is not None else _usual(kind, schema)

    def said(self, record: Record) -> dict[str, Any]:
        """A record as the object that the formats print."""
        labels = self._labels.of(record)
        names = list(record.values) if self._wanted is None else self._wanted
        stamp = record.stamp
        return {
            "connection": record.ref.connection,
            "kind": record.ref.kind,
            "id": record.ref.id,
            "title": record.title,
            "modified": None if stamp is None else dates.iso(stamp) or stamp,
            "values": {name: canonical(self._schema.field(name), record.values.get(name)) for name in names},
            "labels": {name: labels[name] for name in names if name in labels},
        }

    def many(self, records: Sequence[Record]) -> list[dict[str, Any]]:
        """Records as an array of objects."""
        self._labels.warm(records)
        return [self.said(record) for record in records]

    def grid(self, records: Sequence[Record], format_: Format) -> Grid:
        """Records as cells: their values, or in a table the texts that people know those by."""
        self._labels.warm(records)
        rows = [self._cells(record, labelled=format_ is Format.TABLE) for record in records]
        return Grid(["id", *self._columns], rows)

    def print_many(self, format_: Format, records: Sequence[Record]) -> None:
        """Prints an array of records."""
        said = self.many(records) if format_ not in (Format.CSV, Format.TABLE) else []
        print_said(format_, said, lambda: self.grid(records, format_))

    def print_one(self, format_: Format, record: Record) -> None:
        """Prints one record as one object."""
        print_said(format_, self.said(record), lambda: self.grid([record], format_))

    def _cells(self, record: Record, *, labelled: bool) -> list[Any]:
        labels = self._labels.of(record) if labelled else {}
        cells: list[Any] = [record.ref.id]
        for name in self._columns:
            field = self._schema.field(name)
            value = record.values.get(name)
            told = name in labels or (labelled and field.embedded)
            cells.append(shown(field, value, labels.get(name)) if told else canonical(field, value))
        return cells


def _wanted(kind: Kind, schema: Schema, columns: str) -> list[str]:
    """The columns that were asked for; the id is shown anyway."""
    names = list(dict.fromkeys(part.strip() for part in columns.split(",")))
    known = schema.by_name
    for name in names:
        if name not in known and name != "id":
            raise UsageError(
                f'There is no field "{name}" in {kind.name}; crmtui fields CONN/{kind.name} names them.'
            )
    return [name for name in names if name != "id"]


def _usual(kind: Kind, schema: Schema) -> list[str]:
    """The columns that the app shows; of a custom table the first fields."""
    if kind.columns:
        return list(kind.columns)
    told = (field.name for field in schema.fields if field.type is not FieldType.UNKNOWN)
    return [*told][:_MOST_COLUMNS]
