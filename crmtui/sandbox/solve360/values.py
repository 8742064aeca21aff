"""Values of fields: what is taken from a client, how it is kept, and how it is told."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from .dialect import Dialect
from .field import Field, Type
from .message import Problem
from .reading import Data
from .staff import NAMES, USER_IDS
from .tree import Marked, Scalar

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\+00:00|Z)?)?", re.ASCII)


def stamp() -> str:
    """Now, in UTC to the second, as the service writes it."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}+00:00"


def unix(moment: str) -> int:
    """The seconds of a stamp: the dates among a record's fields are told this way."""
    return int(datetime.fromisoformat(moment).timestamp())


def taken(fields: Mapping[str, Field], data: Mapping[str, Data], dialect: Dialect) -> dict[str, str]:
    """The values to keep, or a refusal of unknown fields and of what is not of a field's type."""
    found: dict[str, str] = {}
    refused: dict[str, str] = {}
    for name, value in data.items():
        field = fields.get(name)
        if field is None or field.computed:
            raise Problem(400, incorrectfield="Incorrect field specified")
        kept = _kept(field, value)
        if kept is None:
            refused[name] = f"Incorrect value of {field.label}"
        else:
            found[name] = kept
    if refused and dialect.field_errors == "generic":
        raise Problem(400, incorrectfield="Incorrect field specified")
    if refused:
        raise Problem(400, **refused)
    return found


def moment_of(text: str) -> str | None:
    """A date in one of the three forms of the document as a stamp, or None."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    try:
        datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00:00'}")
    except ValueError:
        return None
    return f"{found[1]}T{found[2] or '00:00:00'}+00:00"


def told(field: Field, value: str, dialect: Dialect) -> Scalar:
    """A kept value as answers hold it."""
    if field.type is Type.DATE and value and dialect.dates == "midnight":
        return f"{value}T00:00:00+00:00"
    return value


def marked(field: Field, value: str, dialect: Dialect, *, labelled: bool = False) -> Scalar | Marked:
    """A value with its attributes: the label where records show it, the display name of a user."""
    attributes = {"label": field.label} if labelled else {}
    if field.type is Type.USER and value:
        attributes["cn"] = NAMES.get(int(value), "")
    text = told(field, value, dialect)
    return Marked(text, attributes) if attributes else text


def _kept(field: Field, value: Data) -> str | None:
    if not isinstance(value, str):
        return None
    text = value.strip()
    if not text:
        return value if field.type in (Type.TEXT, Type.TEXTAREA) else ""
    match field.type:
        case Type.NUMBER | Type.CURRENCY:
            return text if _NUMBER.fullmatch(text) else None
        case Type.DATE | Type.MOMENT:
            moment = moment_of(text)
            return moment[:10] if moment and field.type is Type.DATE else moment
        case Type.SELECT:
            return text if text in field.choices else None
        case Type.USER:
            return text if text in USER_IDS else None
        case Type.CHECKBOX:
            return {"0": "", "1": "1"}.get(text)
        case _:
            return value
