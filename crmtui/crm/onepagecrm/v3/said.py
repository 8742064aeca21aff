"""A record of API v3 as values: objects become members of their own, custom fields stand by their names.

Source: facts `onepagecrm.md`, section 6, and the recordings. A record stands in an object of its kind's
name; what stands beside it there are records of other kinds, which are read by themselves, but for the
actions that are next on a contact.
"""

from collections.abc import Mapping
from typing import Any

from crmtui.crm.onepagecrm.v3 import kinds
from crmtui.crm.onepagecrm.v3.custom import name_of, taken_of
from crmtui.crm.onepagecrm.v3.fields import CUSTOM, UNIX
from crmtui.crm.onepagecrm.v3.wire import moment_in
from crmtui.model.errors import BadAnswer
from crmtui.model.record import Value

_BESIDE: Mapping[str, tuple[str, ...]] = {kinds.CONTACTS: ("next_actions", "queued_actions")}
_OTHERS: Mapping[str, tuple[str, ...]] = {kinds.COMPANIES: ("contacts", "pending_deals")}
"""The members that are lists of records of other kinds."""
_NAMES: Mapping[str, tuple[str, ...]] = {
    "status_id": ("status",),
    "lead_source_id": ("lead_source",),
    "company_id": ("company_name",),
    "linked_deal_id": ("linked_deal_name",),
    "owner_id": ("owner.name",),
    "contact_id": ("contact_info.contact_name",),
}
"""The members that tell what a record or a value is called, by the one that holds its id."""
_SAID_ELSEWHERE: Mapping[str, str] = {
    "owner.id": "owner_id",
    "owner.name": "owner_id",
    "contact_info.contact_name": "contact_id",
}
"""Members that say no more than an id and its label, by the member that holds the id."""


def rows_of(data: Any, kind: str) -> list[Mapping[str, Any]]:
    """The records of an answer, each with what stands beside it; raises `BadAnswer` where there are none."""
    held = data if isinstance(data, dict) else {}
    rows = held.get(kind, data if kinds.SINGULAR[kind] in held else None)
    found: list[Any] = rows if isinstance(rows, list) else [rows]
    if rows is None or not all(record_in(row, kind) for row in found):
        raise BadAnswer(f"The service answered without the {kind} that it was asked for.")
    return found


def record_in(row: Any, kind: str) -> Mapping[str, Any]:
    """The record of a row, which may stand in it by its kind's name; empty where there is none."""
    held = row.get(kinds.SINGULAR[kind], row) if isinstance(row, dict) else None
    return held if isinstance(held, dict) and text_in(held, "id") else {}


def text_in(row: Any, name: str) -> str:
    """A member that is a text; empty where it is none."""
    found = row.get(name) if isinstance(row, dict) else None
    return found if isinstance(found, str) else ""


def members_of(kind: str, row: Mapping[str, Any]) -> tuple[dict[str, Value], dict[str, str]]:
    """The values of a record by name, and the texts of those that are ids."""
    held = record_in(row, kind)
    values: dict[str, Value] = {}
    flat: dict[str, Value] = {}
    defined, _ = CUSTOM.get(kind, ("", ""))
    for name, node in held.items():
        if name in ("id", defined) or name in _OTHERS.get(kind, ()):
            continue
        if isinstance(node, dict):
            flat |= {f"{name}.{member}": part for member, part in node.items()}
        else:
            values[name] = moment_in(node) if name in UNIX else node
    labels = _labels(values | flat)
    values |= {name: part for name, part in flat.items() if not _is_said(name, part, values, labels)}
    values |= {name: row[name] for name in _BESIDE.get(kind, ()) if row is not held and name in row}
    for name in _BESIDE.get(kind, ()):
        if text := "; ".join(map(_action, rows if isinstance(rows := values.get(name), list) else [])):
            labels[name] = text
    if defined in held:
        values |= _custom(kind, held[defined], values)
    return values, labels


def custom_ids(kind: str, row: Mapping[str, Any]) -> dict[str, str]:
    """The ids of a record's custom fields, by the names that these have here."""
    defined, about = CUSTOM.get(kind, ("", ""))
    held = record_in(row, kind).get(defined)
    taken = set(taken_of(kind))
    found: dict[str, str] = {}
    for part in held if isinstance(held, list) else ():
        if isinstance(part, dict) and isinstance(part.get(about), dict):
            name = _name(part[about], taken)
            taken.add(name)
            found[name] = text_in(part[about], "id")
    return found


def _labels(values: Mapping[str, Value]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, sources in _NAMES.items():
        texts = (values.get(source) for source in sources)
        text = next((text for text in texts if isinstance(text, str) and text), "")
        if text and isinstance(values.get(name), str) and values[name]:
            found[name] = text
    return found


def _action(row: Any) -> str:
    """An action that is next, in words: when, and what."""
    when = text_in(row, "date") or text_in(row, "status")
    return f"{when}: {text_in(row, 'text')}"


def _is_said(name: str, part: Value, values: Mapping[str, Value], labels: Mapping[str, str]) -> bool:
    """Whether a member says what its id or the label of that says."""
    of = _SAID_ELSEWHERE.get(name)
    return of is not None and part in (values.get(of), labels.get(of))


def _custom(kind: str, held: Any, values: Mapping[str, Value]) -> dict[str, Value]:
    """Each custom field by its name; what is none stays where it was."""
    defined, about = CUSTOM[kind]
    taken = set(taken_of(kind))
    found: dict[str, Value] = {}
    left: list[Value] = []
    for part in held if isinstance(held, list) else [held]:
        if not isinstance(part, dict) or not isinstance(part.get(about), dict):
            left.append(part)
            continue
        name = _name(part[about], taken)
        taken.add(name)
        if text_in(part[about], "type") != "section_divider" or part.get("value") is not None:
            found[name] = part.get("value")
    return {**found, defined: left} if left and left != [None] else found


def _name(about: Mapping[str, Any], taken: set[str]) -> str:
    return name_of(text_in(about, "name") or text_in(about, "id"), taken)
