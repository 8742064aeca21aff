"""What a write sends: only the edits, but lists, custom fields and addresses whole.

Source: facts `onepagecrm.md`, section 6: even with `partial=true` a list replaces the one that is there.
"""

from collections.abc import Mapping
from typing import Any

from crmtui.crm.onepagecrm.v3 import kinds
from crmtui.crm.onepagecrm.v3.fields import ADDRESS, CUSTOM, FIELDS, ONCE
from crmtui.crm.onepagecrm.v3.wire import to_wire
from crmtui.model.errors import Invalid
from crmtui.model.record import Record, Value, is_empty
from crmtui.model.schema import Field, FieldType

_DATED = ("date", "date_time", "queued_with_date")
DONE = "done"


class Body:
    """The members that a write of a record sends."""

    def __init__(
        self,
        kind: str,
        edits: Mapping[str, Value],
        current: Record | None,
        fields: Mapping[str, Field],
        custom: Mapping[str, str],
    ) -> None:
        """`custom`: the ids of custom fields that records have, by name; `fields` may not know them yet."""
        self._kind = kind
        self._edits = edits
        self._now: Mapping[str, Value] = current.values if current else {}
        self._fields = fields
        self._ids = {**custom, **{name: field.key[0] for name, field in fields.items() if field.key}}
        self.custom = [name for name in edits if name in self._ids]
        """The custom fields that are edited."""

    def members(self) -> dict[str, Any]:
        """What is sent."""
        found: dict[str, Any] = {}
        for name, value in self._edits.items():
            if name not in self.custom and not name.startswith(f"{ADDRESS}."):
                found[name] = to_wire(self._field(name), value)
        found |= self._address() | self._custom()
        if "deal_items" in found:
            found["has_deal_items"] = bool(found["deal_items"])
        return found | (self._status() if self._kind == kinds.ACTIONS else {})

    def _field(self, name: str) -> Field:
        return self._fields.get(name) or Field(name, type=FieldType.UNKNOWN)

    def _address(self) -> dict[str, Any]:
        """The address of an organization, of which no part is left out."""
        prefix = f"{ADDRESS}."
        if not any(name.startswith(prefix) for name in self._edits):
            return {}
        values = {**self._now, **self._edits}
        parts = {n: values[n] for n in values if n.startswith(prefix)}
        return {ADDRESS: {n.removeprefix(prefix): to_wire(self._field(n), v) for n, v in parts.items()}}

    def _custom(self) -> dict[str, Any]:
        """All that the custom fields hold, for those left out might be emptied."""
        if not self.custom:
            return {}
        member, about = CUSTOM[self._kind]
        values = {
            name: value
            for name, value in {**self._now, **self._edits}.items()
            if name in self._ids and (name in self.custom or not is_empty(value))
        }
        rows = [{about: {"id": self._ids[n]}, "value": to_wire(self._field(n), v)} for n, v in values.items()]
        return {member: rows}

    def _status(self) -> dict[str, str]:
        """The status that makes a day or a time count, where nobody gave one."""
        if "status" in self._edits:
            return {}
        now = self._now.get("status")
        if not is_empty(self._edits.get("exact_time")):
            return {"status": "date_time"} if now != "date_time" else {}
        if is_empty(self._edits.get("date")) or (now in _DATED and now != "date_time"):
            return {}
        return {"status": "date"}


def refuse(kind: str, edits: Mapping[str, Value], *, new: bool) -> None:
    """Raises `Invalid` for what the service would pass over in silence."""
    why: dict[str, str] = {}
    if new and kind == kinds.CONTACTS and "company_id" in edits and "company_name" not in edits:
        why["company_id"] = (
            "cannot be given to a new contact: give company_name, which finds the organization"
        )
    if new and kind == kinds.ACTIONS and (edits.get(DONE) is True or edits.get("status") == DONE):
        why[DONE] = "cannot be given to a new action: complete it once it is made"
    if not new:
        labels = {field.name: field.label for field in FIELDS[kind]}
        for name in ONCE.get(kind, ()):
            if name in edits:
                why[name] = f"cannot be changed: a record stays with its {labels[name].lower()}"
    if why:
        told = "; ".join(f"{name} {reason}" for name, reason in why.items())
        raise Invalid(f"Nothing was sent: {told}.", why)
