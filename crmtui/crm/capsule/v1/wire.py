"""What Capsule v1 wants written: documents in either format, and values as text.

Source: facts `capsule.md`, sections 1.3 and 1.4, and recorded requests.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from crmtui.crm import json_body, xml_body
from crmtui.crm.capsule.v1.names import CONTACTS, WRITTEN
from crmtui.crm.xml_body import NIL, Node
from crmtui.model import dates
from crmtui.model.errors import Invalid
from crmtui.model.record import Value, is_empty
from crmtui.model.schema import DATES, Field, FieldType
from crmtui.model.value import canonical, text_of

Headers = tuple[tuple[str, str], ...]
JSON: Final = "application/json"
_TIME = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?")
_COMPUTED = frozenset({"id", "url"})
_TYPED: Mapping[FieldType, str] = {
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "date",
    FieldType.DECIMAL: "number",
}
"""The element that a custom field's value stands in; all others are `text`."""


class Form:
    """How documents are written: `xml` or `json`."""

    def __init__(self, format_: str) -> None:
        self._is_json = format_ == "json"
        accepts = JSON if self._is_json else xml_body.XML
        sends = JSON if self._is_json else "text/xml"
        self.accepts: Headers = (("Accept", accepts),)
        self.sends: Headers = (("Content-Type", sends), *self.accepts)

    def body(self, root: str, members: Mapping[str, Node]) -> bytes:
        """A document: elements by their names, several of one name as a list, an empty one as None."""
        if self._is_json:
            return json_body.encode({root: _as_json(members)})
        return xml_body.encode(root, members)


def path_part(text: str) -> str:
    """An id or a name as one part of a path, whatever a person typed."""
    part = quote(text, safe="")
    return part if text.strip(".") else part.replace(".", "%2E")


def members_of(element: str, edits: Mapping[str, Value], fields: Mapping[str, Field]) -> dict[str, Node]:
    """The elements of the edits in the service's order; what is cleared is an empty one."""
    found: dict[str, Node] = {}
    for name, ours in WRITTEN[element]:
        if ours in edits:
            value = to_wire(fields.get(ours) or Field(ours), edits[ours])
            # A milestone that is no id is a name.
            by_name = ours == "milestone" and value is not None and not value.isdigit()
            found["milestone" if by_name else name] = value
    return found


def to_wire(field: Field, value: Value) -> str | None:
    """The text of a value, None for none."""
    if is_empty(value):
        return None
    if field.type in DATES and isinstance(value, str):
        return dates.day_of(value) if field.type is FieldType.DATE else _moment(value)
    return text_of(canonical(field, value))


def due_of(day: Value, time: Value) -> tuple[str, str | None]:
    """The element that says when a task is due, and its text."""
    if is_empty(time):
        return "dueDate", to_wire(Field("dueOn", type=FieldType.DATE), day)
    if is_empty(day):
        raise Invalid("Nothing was sent: dueTime needs a day.", {"dueTime": "needs a day"})
    clock = text_of(time).strip()
    if not _TIME.fullmatch(clock):
        raise Invalid(
            f'Nothing was sent: dueTime is no time: "{clock}".', {"dueTime": "is no time; write HH:MM"}
        )
    hour, *others = clock.split(":")
    return "dueDateTime", f"{text_of(day)}T{int(hour):02}:{':'.join(others)}{':00' * (len(others) < 2)}Z"


def row_of(element: str, row: Mapping[str, Value]) -> dict[str, Node]:
    """One child of `contacts`; one with an id is changed, one without is added."""
    names = {ours: name for name, ours in CONTACTS[element][1].items()}
    known = {"id": text_of(row["id"])} if not is_empty(row.get("id")) else {}
    told = {names.get(ours, ours): value for ours, value in row.items() if ours not in _COMPUTED}
    # Of a new row what is empty is left out: there is nothing to clear.
    return {**known, **{n: text_of(v) or None for n, v in told.items() if known or not is_empty(v)}}


def custom_row(field: Field, value: Value) -> dict[str, Node]:
    """A custom field as it was recorded: what it is called, and one value.

    One is cleared by none of its values, a box that is ticked by `false`.
    """
    label, tag = (*field.key, "", "")[:2]
    member = _TYPED.get(field.type, "text")
    values: dict[str, Node] = {"text": NIL, "date": NIL, "boolean": NIL}
    if member == "boolean":
        values = {member: "true" if canonical(field, value) is True else "false"}
    elif not is_empty(value):
        values = {member: to_wire(field, value)}
    elif member not in values:
        values[member] = NIL
    order: Sequence[str] = ("label", "text", "tag", "date", "boolean", "number")
    row: dict[str, Node] = {"label": label, "tag": tag, **values}
    return {name: row[name] for name in order if name in row and (name != "tag" or tag)}


def _as_json(node: Node) -> Any:
    """A document's JSON: one child is an object, several are an array, an empty element is an empty text."""
    if node is NIL:
        return None
    if isinstance(node, Mapping):
        return {name: _as_json(part) for name, part in node.items()}
    if isinstance(node, list):
        return _as_json(node[0]) if len(node) == 1 else [_as_json(part) for part in node]
    return "" if node is None else node


def _moment(text: str) -> str:
    """A moment in UTC; a day stays a day, and without an offset it is UTC already."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if dates.is_day(text):
        return text
    utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")
