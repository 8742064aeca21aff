"""What Solve360 wants written: values as text, dates in UTC, and what every request says of itself.

Source: the vendor's page "API Reference", sections "Creating data" and "Updating data".
"""

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from crmtui.crm.solve360.kinds import CATEGORIES, RELATED
from crmtui.crm.xml_body import XML
from crmtui.model.record import Record, Value, is_empty
from crmtui.model.schema import DATES, Field, FieldType
from crmtui.model.value import canonical, text_of

ACCEPTS: Final = (("Accept", XML),)
SENDS: Final = (("Content-Type", XML), *ACCEPTS)


def path_part(text: str) -> str:
    """An id or a word as one part of a path, whatever a person typed."""
    part = quote(text, safe="")
    return part if text.strip(".") else part.replace(".", "%2E")


def to_wire(field: Field, value: Value) -> str | None:
    """The text of a value, null for none."""
    if is_empty(value):
        return None
    if field.type is FieldType.BOOLEAN:
        return {True: "1", False: "0"}.get(canonical(field, value), text_of(value))  # type: ignore[call-overload, no-any-return]
    if field.type in DATES and isinstance(value, str):
        return _moment(value)
    return text_of(value)


def categories_of(value: Value, current: Record | None) -> dict[str, Any]:
    """The categories to add and to remove, so that a record has just those of the value."""
    wanted, had = _ids(value), _ids(current.values.get(CATEGORIES) if current else None)
    parts = {
        "add": [id_ for id_ in wanted if id_ not in had],
        "remove": [id_ for id_ in had if id_ not in wanted],
    }
    return {way: {"category": ids} for way, ids in parts.items() if ids}


def related_of(value: Value, current: Record | None) -> dict[str, Any]:
    """The related items to add and to remove; one whose note is another is added again."""
    wanted, had = _notes(value), _notes(current.values.get(RELATED) if current else None)
    add = [
        {"id": id_, "note": note} if note or id_ in had else {"id": id_}
        for id_, note in wanted.items()
        if had.get(id_) != note
    ]
    remove = [{"id": id_} for id_ in had if id_ not in wanted]
    return {way: {"relatedto": rows} for way, rows in (("add", add), ("remove", remove)) if rows}


def _notes(value: Value) -> dict[str, str]:
    rows = value if isinstance(value, list) else []
    held = (row for row in rows if isinstance(row, dict))
    return {id_: text_of(row.get("note")) for row in held if (id_ := text_of(row.get("id")))}


def _ids(value: Value) -> list[str]:
    parts = value if isinstance(value, list) else [] if is_empty(value) else text_of(value).split(";")
    return [text_of(part) for part in parts]


def _moment(text: str) -> str:
    """`YYYY-MM-DD HH:MM:SS` in UTC; a day stays a day."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) == len("2004-02-12"):
        return text
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S")
