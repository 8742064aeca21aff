"""The rules of companies, which come and go with their contacts."""

from typing import Any

from . import contact, fields, values
from .records import Records
from .refusal import invalid
from .values import Wrong

Json = dict[str, Any]


def _address(value: Any) -> Json:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Wrong("must be an object")
    parts = contact.address(value)
    return parts if any(parts.values()) else {}


def changed(records: Records, old: Json | None, body: Json, *, partial: bool) -> Json:
    """A company after a change; they are made with their first contact only."""
    if old is None:
        raise invalid("name", "companies are created with their contacts")
    checks = {
        "name": values.text(55, cut=True),
        "description": values.text(10_240),
        "phone": values.text(255),
        "url": values.text(1024),
        "address": _address,
        "company_fields": fields.check("company_fields", records.setup("company_fields")),
    }
    given = values.taken(body, checks)
    emptied = {"description": "", "phone": "", "url": "", "address": {}, "company_fields": {}}
    doc = {**old, **({} if partial else emptied), **given}
    if not doc["name"]:
        raise invalid("name", "is required")
    if doc["name"].casefold() != old["name"].casefold() and records.chosen("companies", named=doc["name"]):
        raise invalid("name", "is already taken")
    return doc
