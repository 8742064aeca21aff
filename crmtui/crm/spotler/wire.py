"""A value as SpotlerCRM wants it written: in the type that was read, which differs between tables."""

from decimal import Decimal

from crmtui.model.record import Record, Value, is_empty
from crmtui.model.schema import IDS, NUMBERS, Field, FieldType
from crmtui.model.value import number


def to_wire(field: Field, value: Value, current: Record | None, *, custom: bool) -> Value:
    """The value in the form last read of this field; without one, in the service's usual form.

    `custom`: the record is of a custom table, whose checkboxes are texts "1" and "0".
    """
    read = current.values.get(field.name) if current else None
    if is_empty(value):
        return current.empties.get(field.name) if current else None
    if field.type is FieldType.BOOLEAN:
        return _truth(value, read, custom)
    if field.type in NUMBERS:
        return _number(value, read)
    if field.type in IDS:
        found = number(value) if isinstance(value, str) else value
        return str(value) if isinstance(read, str) or not isinstance(found, int) else found
    if field.type in (FieldType.DATE, FieldType.DATETIME) and isinstance(value, str):
        return _date(field, value, read)
    if field.type is FieldType.CHOICES and isinstance(value, list) and not isinstance(read, list):
        return ";".join(str(part) for part in value)
    return value


def _truth(value: Value, read: Value, custom: bool) -> Value:
    yes = value in (True, 1, "1", "true")
    if isinstance(read, bool):
        return yes
    if isinstance(read, str) and read != "":
        words = {"1": ("0", "1"), "0": ("0", "1"), "yes": ("no", "yes"), "no": ("no", "yes")}
        return words.get(read.lower(), ("false", "true"))[yes]
    if read is None and custom:
        return "1" if yes else "0"
    return 1 if yes else 0


def _number(value: Value, read: Value) -> Value:
    found = number(value) if isinstance(value, str) else value
    if isinstance(read, str) and read != "" and isinstance(found, int | Decimal):
        return format(found, "f") if isinstance(found, Decimal) else str(found)
    return value if found is None else found


def _date(field: Field, value: str, read: Value) -> Value:
    """Section "Examples": `YYYY-MM-DD HH:MM:SS`; a day stays a day unless the field holds times."""
    text = value.replace("T", " ", 1)
    with_time = isinstance(read, str) and len(read) > len("2018-09-17")
    if len(text) == len("2018-09-17") and (with_time or field.type is FieldType.DATETIME):
        return f"{text} 00:00:00"
    return text
