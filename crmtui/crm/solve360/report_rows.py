"""The answers of reports: rows by whichever names, flat or with their fields in an element of their own.

Source: one recorded answer of 2009 and public client code; the elements of three reports were seen nowhere.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from crmtui.crm.solve360.html_text import to_text
from crmtui.crm.solve360.report_fields import FIELDS
from crmtui.crm.solve360.said import members_of, text_in
from crmtui.model.errors import BadAnswer
from crmtui.model.query import Order, Page
from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.schema import Field, FieldType, Kind
from crmtui.model.value import canonical, fold, text_of

Row: TypeAlias = Mapping[str, Any]

_KEY = re.compile(r"(?:id)?([0-9]+)")
_DEEPEST = 3
_NAMES = ("name", "title", "description", "details")
"""What a row may be called by, the best first."""
_LONGEST = 200
_SAME = {"followups": ("assignedto", "responsible")}
"""A report's argument has another name than the field in its rows."""


def page_of(connection: str, kind: Kind, said: Mapping[str, Any], order: Sequence[str]) -> Page:
    """All rows of a report, in an order that is made here: a report itself takes none."""
    rows = list(_rows(said, _DEEPEST))
    if not rows and "status" not in said:
        raise BadAnswer("The service answered without a report.")
    records = {id_: _record(connection, kind, id_, row) for id_, row in rows}
    return Page(tuple(_ordered(kind.name, list(records.values()), order)), len(records))


def _rows(node: Any, depth: int, key: str = "") -> Iterator[tuple[str, Row]]:
    """(id, members) of the rows in a collection: a list, elements of one name, or members named by ids."""
    if isinstance(node, list):
        for part in node:
            yield from _rows(part, depth, key)
    elif isinstance(node, dict):
        if id_ := text_in(node.get("id")) or key:
            yield id_, node
        elif depth:
            for name, part in node.items():
                found = _KEY.fullmatch(name)
                yield from _rows(part, depth - 1, found[1] if found else "")


def _record(connection: str, kind: Kind, id_: str, row: Row) -> Record:
    values, labels = members_of(row)
    values.pop("id", None)
    inner = row.get("fields")
    if isinstance(inner, dict):
        del values["fields"]
        more, named = members_of(inner)
        values |= {name: value for name, value in more.items() if is_empty(values.get(name))}
        labels = named | labels
    if kind.name in _SAME:
        told, asked = _SAME[kind.name]
        if told in values and asked not in values:
            values[asked] = values[told]
            labels |= {asked: labels[told]} if told in labels else {}
    _read_texts(values)
    if isinstance(name := values.get("itemname"), str):
        labels["itemid"] = name
    stamp = values.get("updated") or values.get("modified")
    return Record(
        Ref(connection, kind.name, id_),
        _title(kind, id_, values),
        values,
        {name: text for name, text in labels.items() if text != values.get(name)},
        stamp if isinstance(stamp, str) else None,
        time.time(),
        unread=frozenset(),
    )


def _read_texts(values: dict[str, Value]) -> None:
    """Notes are HTML, and so is a name that repeats one; nobody writes these back from here.

    Attendees are the ids of users in one text.
    """
    details, name = values.get("details"), values.get("name")
    if isinstance(details, str):
        values["details"] = to_text(details)
        if isinstance(name, str) and details.startswith(name):
            values["name"] = " ".join(to_text(name).split())
    if isinstance(people := values.get("attendees"), str):
        values["attendees"] = [each for part in people.split(",") if (each := part.strip())]
    # As a number in JSON: which kind of record it is, is compared with a text.
    if not is_empty(type_ := values.get("itemtype")):
        values["itemtype"] = text_of(type_)


def _title(kind: Kind, id_: str, values: Mapping[str, Value]) -> str:
    """The first text that there is, on one line."""
    texts = (value for name in _NAMES if isinstance(value := values.get(name), str) and value.strip())
    words = " ".join(next(texts, "").split())
    short = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    return kind.title_of(id_, dict.fromkeys(kind.title, short))


def _ordered(kind: str, records: list[Record], order: Sequence[str]) -> list[Record]:
    """The rows by the fields of an order, those without a value last either way."""
    fields = {field.name: field for field in FIELDS[kind]}
    for key in reversed([Order.parse(text) for text in order]):
        field = fields.get(key.field) or Field(key.field, type=FieldType.UNKNOWN)
        placed = [(_place(field, record), record) for record in records]
        valued = [(place, record) for place, record in placed if place is not None]
        valued.sort(key=lambda pair: pair[0], reverse=key.descending)
        records = [record for _, record in valued] + [record for place, record in placed if place is None]
    return records


def _place(field: Field, record: Record) -> tuple[int, Decimal | int | str] | None:
    value = canonical(field, record.ref.id if field.name == "id" else record.values.get(field.name))
    if is_empty(value):
        return None
    if isinstance(value, int | Decimal):
        return 0, value
    if field.name == "id" and isinstance(value, str) and value.isdecimal():
        return 0, int(value)
    return 1, fold(record.labels.get(field.name) or text_of(value))
