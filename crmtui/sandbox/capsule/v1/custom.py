"""Custom fields: v2's rows as v1's elements, and what a request makes of them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .element import Element, holding, listed
from .scalars import amount, day, midnight, mismatch, truth
from .shelf import gone

Json = dict[str, Any]
_DATE, _BOOLEAN, _NUMBER, _TEXT = "date", "boolean", "number", "text"
_VALUES = (_TEXT, _DATE, _BOOLEAN, _NUMBER)
_READ: Mapping[str, Callable[[Element], object]] = {
    # An unticked box is not listed: false takes the row away.
    _BOOLEAN: lambda element: truth(element) or None,
    _DATE: day,
    _NUMBER: lambda element: element.value if amount(element) is not None else None,
    _TEXT: lambda element: element.value,
}
_CLASSES = {"person": "Person", "organisation": "Organisation"}


def fields_element(rows: Iterable[Json], definitions: Iterable[Json], number: str) -> Element:
    """The values of a record in the order in which they were set; numbers stand in an element `number`."""
    known = {definition["id"]: definition for definition in definitions}
    return listed(
        "customFields",
        (
            field_element(row, known[row["definition"]["id"]], number)
            for row in sorted(rows, key=lambda row: int(row["id"]))
            if row["definition"]["id"] in known and row.get("value") not in (None, "", False, [])
        ),
    )


def field_element(row: Json, definition: Json, number: str) -> Element:
    """One value: its data tag if it has one, and exactly one of text, date, boolean, number."""
    held, value = _held(definition), row["value"]
    if held == _DATE:
        value = midnight(value)
    elif isinstance(value, list):
        value = ";".join(map(str, value))
    return holding(
        "customField",
        ("id", row["id"]),
        ("tag", _tag(definition)),
        ("label", definition["name"]),
        (number if held == _NUMBER else held, value),
    )


def definitions_element(definitions: Iterable[Json], form: str) -> Element:
    """The fields that an account defines: bare, with their ids, or with all that later versions told."""
    return listed("customFieldDefinitions", (_definition(each, form) for each in definitions))


def changes(asked: Iterable[Element], rows: Iterable[Json], definitions: Iterable[Json]) -> list[Json]:
    """The rows of a v2 body that a request means; a label that the account does not know is passed over."""
    present = {row["definition"]["id"]: row for row in rows}
    known = {(_tag(definition), definition["name"]): definition for definition in definitions}
    found: list[Json] = []
    for element in asked:
        tag, label = element.find("tag"), element.find("label")
        definition = known.get((tag.value if tag else None, (label.value if label else None) or ""))
        if definition is None:
            continue
        row, value = present.get(definition["id"]), field_value(element, definition)
        if value is not None:
            found.append({"definition": {"id": definition["id"]}, "value": value})
        elif row is not None:
            found.append(gone(row))
    return found


def field_value(element: Element, definition: Json) -> object:
    """The value that a request gives a field; None takes it away. A value of another type is refused."""
    held = _held(definition)
    given = {name: child for name in _VALUES if (child := element.find(name)) is not None and child.value}
    fitting = given.pop(held, None) or (given.pop(_TEXT, None) if held == _NUMBER else None)
    if fitting is not None:
        return _READ[held](fitting)
    for name, child in given.items():
        if name != _BOOLEAN or truth(child):
            raise mismatch(definition["name"], child.text)
    return None


def _held(definition: Json) -> str:
    kind: str = definition["type"]
    return kind if kind in (_DATE, _BOOLEAN, _NUMBER) else _TEXT


def _tag(definition: Json) -> str | None:
    return (definition.get("tag") or {}).get("name")


def _definition(definition: Json, form: str) -> Element:
    kind = "list" if definition.get("options") is not None else _held(definition)
    options = definition.get("options")
    full = form == "full"
    return holding(
        "customFieldDefinition",
        ("id", None if form == "bare" else definition["id"]),
        ("tag", _tag(definition)),
        ("tagId", (definition.get("tag") or {}).get("id") if full else None),
        ("label", definition["name"]),
        ("type", kind.capitalize()),
        ("options", definition.get("pattern") if options is None else ";".join(options)),
        ("forPartyClass", _CLASSES.get(definition.get("captureRule") or "") if full else None),
        ("displayOrder", definition.get("displayOrder") if full else None),
    )
