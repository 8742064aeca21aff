"""What the service accepts in a write (API document, "POST Requests" and the 422 of "Error Responses")."""

import re
from collections.abc import Mapping
from datetime import datetime

from .addons import DOCUMENT_PARENTS, PARENT_OBJECT
from .columns import OWNER
from .envelope import Problem, Refused, Value
from .field import Field, Kind, Type
from .query import number
from .records import Records

Failure = dict[str, list[str]]

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d)(:\d\d)?(\.\d+)?", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class _Failed(Exception):
    def __init__(self, rule: str, *parameters: str) -> None:
        super().__init__(rule)
        self.failure: Failure = {rule: list(parameters)}


def validated(kind: Kind, given: Mapping[str, object], records: Records, *, new: bool) -> dict[str, Value]:
    """The values to store, in the types of their fields; raises Refused naming every failed field."""
    values: dict[str, Value] = {}
    failures: dict[str, list[Failure]] = {}
    fields = {field.name: field for field in (kind.fields if new else kind.visible)}
    for name, value in given.items():
        field = fields.get(name)
        try:
            if field is None:
                raise _Failed("Unknown")
            # What the service sets itself is left out without a word, as Laravel's mass assignment does.
            if not field.server_set:
                values[name] = _value(field, value, records)
        except _Failed as failed:
            failures[name] = [failed.failure]
    if new:
        for field in kind.fields:
            if field.required and field.name not in given:
                failures[field.name] = [{"Required": []}]
    if failures:
        raise Refused(failures)
    return values


def _value(field: Field, value: object, records: Records) -> Value:
    if value is None or value == "":
        if field.required:
            raise _Failed("Required")
        return "" if value == "" and field.is_text else None
    if field.type is Type.CHECKBOX:
        return _checkbox(field, value)
    if field.is_number:
        return _number(field, value, records)
    if not isinstance(value, str):
        raise _Failed("String")
    if field.type is Type.DATE:
        return _date(field, value)
    if field.max_length is not None and len(value) > field.max_length:
        raise _Failed("Max", str(field.max_length))
    if field.type is Type.EMAIL and not _EMAIL.fullmatch(value):
        raise _Failed("Email")
    if field is PARENT_OBJECT and value not in DOCUMENT_PARENTS:
        raise _Failed("In", *DOCUMENT_PARENTS)
    return value


def _checkbox(field: Field, value: object) -> Value:
    word = str(int(value)) if isinstance(value, bool) else str(value)
    if word not in ("0", "1"):
        raise _Failed("Boolean")
    return word if field.as_string else int(word)


def _number(field: Field, value: object, records: Records) -> Value:
    try:
        parsed = number(field, value)
    except Problem as problem:
        raise _Failed("Numeric") from problem
    if not field.refers_to:
        return parsed
    if isinstance(parsed, float):
        raise _Failed("Integer")
    if records.exists(field.refers_to, parsed):
        return parsed
    # The document's own POST sends an owner who does not exist and is answered with another one.
    if field.name == OWNER.name:
        return records.user
    # None is written as 0 (the document's "campaignid": 0).
    if parsed == 0 and not field.required:
        return 0
    raise _Failed("Exists", field.refers_to, "id")


def _date(field: Field, text: str) -> str:
    match = _MOMENT.fullmatch(text)
    if not match and not _DAY.fullmatch(text):
        raise _Failed("Date")
    if match and field.day_only:
        raise _Failed("DateFormat", "Y-m-d")
    moment = f"{match[1]} {match[2]}{match[3] or ':00'}" if match else f"{text} 00:00:00"
    try:
        datetime.fromisoformat(moment)
    except ValueError as error:
        raise _Failed("Date") from error
    return text if field.day_only else moment
