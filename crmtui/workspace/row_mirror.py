"""Rows of a record that are records of a kind of their own, mirrored as both: read or written as either."""

from collections.abc import Mapping, Sequence

import msgspec

from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Field, FieldType
from crmtui.model.value import text_of
from crmtui.workspace.account import Account


def rows_fields(account: Account, kind: str) -> list[Field]:
    """The fields of a kind whose rows are records."""
    fields = account.adapter.built_in(kind).fields
    return [field for field in fields if field.type is FieldType.ROWS and field.refers_to]


def link(account: Account, rows: Field, parent: str) -> str:
    """The field by which the records that are rows name the record they belong to."""
    fields = account.adapter.built_in(rows.refers_to or "").fields
    return next(f.name for f in fields if f.type is FieldType.REFERENCE and f.refers_to == parent)


def records(account: Account, rows: Field, parent: Record) -> list[Record]:
    """The rows of a record as records: as they were mirrored last, else as they stand in it."""
    found = (_record(account, rows, parent, row) for row in _rows(parent, rows))
    return [account.mirror.get(row.ref) or row for row in found]


def keep(account: Account, record: Record, former: Record | None) -> None:
    """A record was read: its rows are mirrored, and those that are gone since are forgotten."""
    for field in rows_fields(account, record.ref.kind):
        if not isinstance(record.values.get(field.name), list):
            continue
        rows = [_record(account, field, record, row) for row in _rows(record, field)]
        account.mirror.upsert(rows)
        here = {row.ref for row in rows}
        for row in _rows(former, field) if former else ():
            ref = _ref(account, field, row)
            if ref not in here:
                account.mirror.remove(ref)


def follow(account: Account, former: Record | None, now: Record | None) -> None:
    """A record was written, or is gone: the record in which it is a row has it so."""
    known = now or former
    if known is None:
        return
    for kind in account.adapter.kinds:
        for field in rows_fields(account, kind):
            if field.refers_to == known.ref.kind:
                name = link(account, field, kind)
                before, after = (_above(account, kind, name, each) for each in (former, now))
                if before is not None and (after is None or after.ref != before.ref):
                    _replace(account, field, before, [r for r in _rows(before, field) if not _is(r, known)])
                if after is not None and now is not None:
                    _replace(account, field, after, _with(field, name, _rows(after, field), now))


def _above(account: Account, kind: str, name: str, record: Record | None) -> Record | None:
    """The mirrored record that a row belongs to."""
    id_ = text_of(record.values.get(name)) if record else ""
    return account.mirror.get(Ref(account.name, kind, id_)) if id_ else None


def _replace(account: Account, field: Field, parent: Record, rows: Sequence[Mapping[str, Value]]) -> None:
    if isinstance(parent.values.get(field.name), list):
        values: dict[str, Value] = {field.name: [dict(row) for row in rows]}
        account.mirror.upsert([msgspec.structs.replace(parent, values=values, labels={}, empties={})])


def _with(
    field: Field, name: str, rows: Sequence[Mapping[str, Value]], record: Record
) -> list[Mapping[str, Value]]:
    """The rows with a record among them, in the members that rows have."""
    members = next(iter(rows), None) or ("id", name, *(member.name for member in field.fields))
    id_: Value = int(record.ref.id) if record.ref.id.isdigit() else record.ref.id
    values: Mapping[str, Value] = {**record.values, "id": id_}
    row: Mapping[str, Value] = {member: values[member] for member in members if member in values}
    if not any(_is(each, record) for each in rows):
        return [*rows, row]
    return [{**each, **row, "id": each["id"]} if _is(each, record) else each for each in rows]


def _rows(record: Record, field: Field) -> list[dict[str, Value]]:
    value = record.values.get(field.name)
    rows = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, dict) and text_of(row.get("id"))]


def _is(row: Mapping[str, Value], record: Record) -> bool:
    return text_of(row["id"]) == record.ref.id


def _ref(account: Account, field: Field, row: Mapping[str, Value]) -> Ref:
    return Ref(account.name, field.refers_to or "", text_of(row["id"]))


def _record(account: Account, field: Field, parent: Record, row: Mapping[str, Value]) -> Record:
    """A row as the record that it is; what it says of the record it stands in goes without saying."""
    ref = _ref(account, field, row)
    values = {name: value for name, value in row.items() if name != "id"}
    values.setdefault(link(account, field, parent.ref.kind), parent.ref.id)
    title = account.kind(ref.kind).title_of(ref.id, values)
    return Record(ref, title, values, fetched_at=parent.fetched_at)
