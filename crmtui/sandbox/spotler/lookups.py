"""Lookup lists (dropdowns) and the shapes that lookups and data dictionaries may have on the wire.

The document shows no sample of either, so a client has to read several shapes; a switch chooses one.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence

from crmtui.sandbox.text import restored, storable

from .field import Field, Kind

Item = dict[str, str | int]


def create_lookups(
    connection: sqlite3.Connection, lists: Mapping[str, Sequence[str]], ids: Mapping[str, int]
) -> None:
    """The table of lookup values; lists named in `ids` count from there, others have their texts as ids."""
    connection.execute(
        "CREATE TABLE lookup (place INTEGER PRIMARY KEY, list TEXT NOT NULL, id, value TEXT NOT NULL)"
    )
    for name, values in lists.items():
        first = ids.get(name)
        rows = [
            (name, value if first is None else first + index, value) for index, value in enumerate(values)
        ]
        connection.executemany("INSERT INTO lookup (list, id, value) VALUES (?, ?, ?)", rows)


class Lookups:
    """The lookup lists of the edition."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def items(self, name: str) -> list[Item]:
        """The values of a list, in their order; an unknown list has none."""
        rows = self._connection.execute("SELECT value, id FROM lookup WHERE list = ? ORDER BY place", [name])
        return [
            {"value": restored(value), "id": restored(key) if isinstance(key, str) else key}
            for value, key in rows
        ]

    def users(self) -> list[Item]:
        """The users an owner can be chosen from."""
        rows = self._connection.execute(
            "SELECT first || ' ' || last, id FROM users WHERE live = 1 ORDER BY id"
        )
        return [{"value": restored(name), "id": key} for name, key in rows]

    def append(self, name: str, values: Sequence[str]) -> None:
        """Add values at the end of a list; those it has already are left out."""
        known = self.items(name)
        taken = {item["value"] for item in known}
        numbers = [item["id"] for item in known if isinstance(item["id"], int)]
        following = max(numbers) + 1 if numbers else None
        for value in dict.fromkeys(values):
            if value in taken:
                continue
            key = storable(value) if following is None else following
            following = None if following is None else following + 1
            self._connection.execute(
                "INSERT INTO lookup (list, id, value) VALUES (?, ?, ?)", [name, key, storable(value)]
            )


def _metadata(address: str, object_type: str, kind: Kind) -> dict[str, object]:
    return {"url": address, "object_type": object_type, "record_type": kind.record_type}


def _described(field: Field) -> dict[str, object]:
    entry: dict[str, object] = {
        "name": field.name,
        "label": field.label,
        "type": field.type.value,
        "required": field.required,
    }
    if field.max_length is not None:
        entry["maxlength"] = field.max_length
    if field.lookup:
        entry["lookup"] = field.lookup
    return entry


DictionaryShape = Callable[[dict[str, object], list[dict[str, object]]], object]
DICTIONARY_SHAPES: dict[str, DictionaryShape] = {
    "list": lambda metadata, entries: {"metadata": metadata, "list": entries},
    "map": lambda metadata, entries: {str(entry.pop("name")): entry for entry in entries},
    "fields": lambda metadata, entries: {"fields": entries},
    "wrapped": lambda metadata, entries: {
        "metadata": metadata,
        "list": [{"metadata": metadata, "record": entry} for entry in entries],
    },
    "names": lambda metadata, entries: [entry["name"] for entry in entries],
}
LookupShape = Callable[[dict[str, object], list[Item]], object]
LOOKUP_SHAPES: dict[str, LookupShape] = {
    "items": lambda metadata, items: {"metadata": metadata, "items": items},
    "strings": lambda metadata, items: [item["value"] for item in items],
    "list": lambda metadata, items: [{"id": item["id"], "name": item["value"]} for item in items],
    "wrapped": lambda metadata, items: {"metadata": metadata, "list": [{"record": item} for item in items]},
    "map": lambda metadata, items: {str(item["id"]): item["value"] for item in items},
}
LABELS: dict[str, Callable[[list[Item]], list[Item]]] = {
    "same": lambda items: items,
    "other": lambda items: [{"value": f"{item['value']} ({item['id']})", "id": item["id"]} for item in items],
}
"""What the values of a list are called: where its ids are texts they are their own names, or have others."""


def dictionary_payload(kind: Kind, shape: str) -> object:
    """An object's data dictionary."""
    metadata = _metadata(f"/datadictionary/{kind.name}", "datadictionary", kind)
    return DICTIONARY_SHAPES[shape](metadata, [_described(field) for field in kind.visible])


def lookup_payload(kind: Kind, field: Field, items: list[Item], shape: str) -> object:
    """The values of a field's lookup list."""
    return LOOKUP_SHAPES[shape](_metadata(f"/lookup/{kind.name}/{field.name}", "lookup", kind), items)
