"""Parts of OnePageCRM v1.2's answers as records: one form of every value, whatever it was read from.

Source: facts `onepagecrm.md`, sections 1 and 4, and recorded answers.
"""

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from crmtui.crm.onepagecrm.v1 import kinds
from crmtui.crm.onepagecrm.v1.envelope import listed, whole
from crmtui.crm.onepagecrm.v1.fields import BY_NAME, NEXT_MEMBERS, ROW_MEMBERS
from crmtui.model import dates
from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.schema import NUMBERS, Field, FieldType, Kind
from crmtui.model.text import clean
from crmtui.model.value import canonical, text_of

_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_UNIX = 9
"""Digits of seconds since 1970 at the least, where they come as a text: fewer may be a day in digits."""
_TEXTS = frozenset(
    {FieldType.TEXT, FieldType.MULTILINE, FieldType.CHOICE, FieldType.REFERENCE, FieldType.UNKNOWN}
)
_RAW: Mapping[str, str] = {
    "contact_id": kinds.CONTACT,
    "deal_amount": "amount",
    "deal_status": "status",
    "deal_closed": "closed",
}
"""Members of a note as the answers to its writes name them, which are those of the service's own model."""
_ONLY_READ = frozenset({"deal_stage", "exp_close"})
"""Members of a deal that those answers leave out."""
_DEAL_MEMBERS = frozenset({"amount", "status", "closed", *_ONLY_READ})
_HANGING = frozenset({"actions", "notes"})
"""What a contact is told with and is no member of it."""
_THINGS = ("address", "url", "value", "number")
"""How the member of a row may be called that holds the thing itself; that of web addresses is a guess."""


def kind_of(resource: str, node: Mapping[str, Any]) -> str:
    """The kind of a record of a kind's resource: of notes, those that are deals have a kind of their own."""
    if resource not in kinds.NOTE_TYPES:
        return resource
    is_deal = canonical(Field("is_deal", type=FieldType.BOOLEAN), node.get("is_deal"))
    return kinds.DEALS if is_deal is True or node.get("type") == "deal" else kinds.NOTES


def record_of(connection: str, kind: Kind, node: Mapping[str, Any], at: float | None = None) -> Record:
    """One record; `at` is when it was read, UTC seconds."""
    id_ = text_of(node.get("id"))
    values = values_of(kind.name, node)
    title = kind.title_of(id_, values)
    company = values.get("company")
    if kind.name == kinds.CONTACTS and isinstance(company, str) and company.strip():
        # A contact without any name is a company.
        title = (
            title if any(not is_empty(values.get(name)) for name in kind.title) else clean(company.strip())
        )
    return Record(
        Ref(connection, kind.name, id_),
        title,
        values,
        _labels(node, values),
        fetched_at=time.time() if at is None else at,
        unread=_ONLY_READ if kind.name == kinds.DEALS and "is_deal" in node else None,
    )


def values_of(kind: str, node: Mapping[str, Any]) -> dict[str, Value]:
    """The members of a record in the one form of their fields."""
    told = {name: part for name, part in node.items() if name != "id"}
    if kind == kinds.CONTACTS:
        told = {name: part for name, part in told.items() if name not in _HANGING}
    elif kind in kinds.NOTE_TYPES:
        told = _note(kind, told)
    fields = BY_NAME[kind]
    # In one order, for the service's own is none: the fields', then the others by name.
    order = [*(name for name in fields if name in told), *sorted(told.keys() - fields.keys())]
    return {
        name: _next_action(told[name])
        if name == kinds.NEXT_ACTION
        else plain(fields.get(name) or Field(name), told[name])
        for name in order
    }


def _note(kind: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a note or deal, whichever of the two ways it is told."""
    values = {_RAW.get(name, name): part for name, part in told.items() if name not in ("deal", "is_deal")}
    values.pop("contact", None)
    deal = told.get("deal")
    if kind == kinds.NOTES:
        values = {name: part for name, part in values.items() if name not in _DEAL_MEMBERS}
    elif isinstance(deal, dict):
        # What is not told of a deal is not so of one in its state.
        values |= dict.fromkeys(_DEAL_MEMBERS) | deal
    return {**values, "type": kinds.NOTE_TYPES[kind]}


def plain(field: Field, value: Value) -> Value:
    """A value in its field's one form: days and moments ISO 8601, texts text, lists lists."""
    if field.name == "country" and value == "EL":
        return "GR"
    if field.type is FieldType.ROWS:
        return [_row(field.name, row) for row in listed(value) if isinstance(row, dict)]
    if field.type is FieldType.CHOICES:
        return [text_of(part) for part in listed(value)]
    if field.type is FieldType.DATE:
        return _day(value)
    if field.type is FieldType.DATETIME:
        return _moment(value)
    if field.type in NUMBERS or field.type is FieldType.BOOLEAN:
        return canonical(field, value)
    if field.type in _TEXTS and field.name in _KNOWN:
        return None if value == {} else canonical(_PLAIN, value)
    return value


_PLAIN = Field("text")
_KNOWN = frozenset(name for fields in BY_NAME.values() for name in fields) | {f.name for f in NEXT_MEMBERS}


def _day(value: Value) -> Value:
    """A day as `dd.mm.yyyy`, ISO 8601 or unix seconds; what is none stays what it is."""
    if isinstance(value, str) and (found := _DAY.fullmatch(value.strip())):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    if isinstance(value, str) and not (whole(value) and len(value) >= _UNIX):
        return dates.day_of(value) or (value or None)
    moment = _moment(value)
    return moment[:10] if isinstance(moment, str) else moment


def _moment(value: Value) -> Value:
    """A moment as unix seconds or ISO 8601; what is none stays what it is."""
    seconds = whole(value)
    if seconds is not None:
        try:
            return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        except (ValueError, OverflowError, OSError):
            return value
    if not isinstance(value, str):
        return value
    return dates.iso(value) or _day(value)


def _row(name: str, row: Mapping[str, Any]) -> dict[str, Value]:
    """A row with the member that it is there for under its one name."""
    ours = ROW_MEMBERS[name]
    found = next((other for other in (ours, *_THINGS) if other in row), ours)
    members = {ours if member == found else member: _text(value) for member, value in row.items()}
    first = [member for member in ("type", ours) if member in members]
    return {member: members[member] for member in (*first, *sorted(members.keys() - set(first)))}


def _text(value: Value) -> Value:
    return canonical(_PLAIN, value)


def _next_action(node: Value) -> Value:
    """The next action of a contact, `{text, next, date}`; None of the empty hash that says there is none."""
    if not isinstance(node, dict) or not any(not is_empty(part) for part in node.values()):
        return None
    order = [*(name for name in _NEXT if name in node), *sorted(node.keys() - _NEXT.keys())]
    return {name: plain(_NEXT.get(name) or Field(name), node[name]) for name in order}


_NEXT: Mapping[str, Field] = {field.name: field for field in NEXT_MEMBERS}


def _labels(node: Mapping[str, Any], values: Mapping[str, Value]) -> dict[str, str]:
    """A next action in words, and the contact of a deal by what the deal tells of it."""
    labels: dict[str, str] = {}
    following = values.get(kinds.NEXT_ACTION)
    if isinstance(following, dict):
        parts = (text_of(following.get(name)) for name in ("date", "text"))
        labels[kinds.NEXT_ACTION] = " ".join(part for part in parts if part)
    contact = node.get("contact")
    if isinstance(contact, dict):
        names = " ".join(text_of(contact[n]) for n in ("firstname", "lastname") if contact.get(n))
        if name := names or text_of(contact.get("company")):
            labels[kinds.CONTACT] = name
    return labels
