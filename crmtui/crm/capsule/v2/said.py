"""A record of API v2 as values: objects with an id become it, and custom fields stand by their names.

Source: facts `capsule.md`, section 2.3.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from crmtui.crm.capsule import custom, fields, kinds
from crmtui.model.errors import BadAnswer
from crmtui.model.record import Value
from crmtui.model.schema import FieldType

FIELDS = "fields"
_USERS = frozenset(
    field.name for each in fields.FIELDS.values() for field in each if field.type is FieldType.USER
)


def id_of(row: Any) -> str:
    """The id of an object as text; empty where it has none."""
    found = row.get("id") if isinstance(row, dict) else None
    return str(found) if isinstance(found, int | str) and not isinstance(found, bool) else ""


def rows_of(said: Any, kind: str) -> list[Mapping[str, Any]]:
    """The records of an answer, which holds several by the kind's name or one by its singular."""
    held = said if isinstance(said, dict) else {}
    rows = held.get(kind, held.get(kinds.SINGULAR[kind]))
    found: list[Any] = rows if isinstance(rows, list) else [rows]
    if rows is None or not all(id_of(row) for row in found):
        raise BadAnswer(f"The service answered without the {kind} that it was asked for.")
    return found


def array_of(said: Any) -> list[Mapping[str, Any]]:
    """The one list of an answer, whatever it is called."""
    lists = [part for part in said.values() if isinstance(part, list)] if isinstance(said, dict) else []
    if not lists:
        raise BadAnswer("The service answered without a list.")
    return [row for row in lists[0] if isinstance(row, dict)]


def name_in(row: Mapping[str, Any]) -> str:
    """What an object is called: by a name, as a person, or by a description."""
    person = " ".join(text for name in ("firstName", "lastName") if (text := text_in(row, name)))
    return text_in(row, "name") or person or text_in(row, "description") or text_in(row, "title")


def text_in(row: Mapping[str, Any], name: str) -> str:
    """A member that is a text; empty where it is none."""
    found = row.get(name)
    return found if isinstance(found, str) else ""


def members_of(
    kind: str, row: Mapping[str, Any], names: Mapping[str, str]
) -> tuple[dict[str, Value], dict[str, str]]:
    """The values of a record by name, and the texts of those that are ids or users.

    `names`: what custom fields are called, by the ids of their definitions.
    """
    values: dict[str, Value] = {}
    labels: dict[str, str] = {}
    for name, node in row.items():
        if name == "id":
            continue
        if name == "value" and kind == kinds.OPPORTUNITIES and (node is None or isinstance(node, dict)):
            held = node or {}
            values |= {"value": held.get("amount"), "currency": held.get("currency")}
        elif isinstance(node, dict) and id_of(node):
            values[name] = text_in(node, "username") or id_of(node)
            if (label := name_in(node)) and label != values[name]:
                labels[name] = label
        elif (
            isinstance(node, dict)
            and name in _USERS
            and (known := text_in(node, "username") or name_in(node))
        ):
            values[name] = known
        elif isinstance(node, list):
            values[name] = [*_parts(name, node)]
        else:
            values[name] = node
    if isinstance(customs := values.pop(FIELDS, None), list):
        _add_custom(kind, values, customs, row.get(kinds.TAGS), names)
    return values, labels


def _parts(name: str, node: list[Any]) -> Iterator[Value]:
    for part in node:
        if name == kinds.TAGS and isinstance(part, dict) and text_in(part, "name"):
            yield part["name"]
        elif name != FIELDS and id_of(part):
            yield {**part, "id": id_of(part)}
        else:
            yield part


def _add_custom(
    kind: str, values: dict[str, Value], held: list[Value], tags: Any, names: Mapping[str, str]
) -> None:
    """Adds each custom field by its name; what is none stays where it was.

    One whose definition is not known is called by its label, and by its tag if the record has that.
    """
    known = {id_of(tag): text_in(tag, "name") for tag in tags or () if isinstance(tag, dict)}
    taken = taken_of(kind) | {*names.values()}
    left: list[Value] = []
    for part in held:
        about = part.get("definition") if isinstance(part, dict) else None
        if not isinstance(part, dict) or not isinstance(about, dict):
            left.append(part)
            continue
        label = text_in(about, "name") or id_of(about)
        name = names.get(id_of(about)) or custom.name_of(label, known.get(str(part.get("tagId")), ""), taken)
        while name in values:
            name = f"custom/{name}"
        values[name] = part.get("value")
    if left:
        values[FIELDS] = left


def taken_of(kind: str) -> frozenset[str]:
    """The names that no custom field of a kind can have."""
    return frozenset({"id", FIELDS, *(field.name for field in fields.FIELDS[kind])})
