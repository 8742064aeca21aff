"""Short ways to ask the adapter of Capsule's API v2, bytes in and bytes out."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crmtui.crm.capsule.v2.adapter import Capsule
from crmtui.model.bind import bind
from crmtui.model.call import Answer, Call
from crmtui.model.query import Asked, Query
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Choice, Field, FieldType
from crmtui.model.where import parse_argument
from crmtui.model.write import Op, Write

from .spotler import TODAY

NAME = "cap"
USERS = (Choice("ted", "Ted Danson", key="61"), Choice("jane", "Jane Smith", key="62"))
CUSTOM = {
    "Score": Field("Score", "Score", FieldType.DECIMAL, key=("51", "")),
    "Born": Field("Born", "Born", FieldType.DATE, key=("46", "")),
    "Local": Field("Local", "Local", FieldType.BOOLEAN, key=("48", "")),
    "Lead/Grade": Field("Lead/Grade", "Grade", key=("52", "Lead")),
}


def adapter() -> Capsule:
    return Capsule(NAME)


def ref(kind: str = "parties", id_: str = "") -> Ref:
    return Ref(NAME, kind, id_)


def fields_of(kind: str) -> dict[str, Field]:
    """The fields of a kind as the workspace gives them: with the users and tags that are known."""
    from msgspec.structs import replace

    found = dict(adapter().built_in(kind).by_name) | CUSTOM
    for name, choices in (("owner", USERS), ("tags", (Choice("VIP", "VIP", key="7"),))):
        if name in found:
            found[name] = replace(found[name], choices=choices)
    return found


def asked(kind: str, *arguments: str, size: int = 100) -> Asked:
    fields = fields_of(kind)
    where = bind([parse_argument(argument) for argument in arguments], fields, today=TODAY)
    return adapter().list(Query(kind, where if arguments else None), fields, size)


def calls(op: Op, of: Ref, edits: Mapping[str, Value], current: Record | None = None) -> Sequence[Call]:
    return adapter().write(Write("1", op, of, edits), current, fields_of(of.kind))


def sent(op: Op, of: Ref, edits: Mapping[str, Value], current: Record | None = None) -> Any:
    """The members that the one request of a write sends."""
    [call] = calls(op, of, edits, current)
    [(_, members)] = json.loads(call.body).items()
    return members


def record(kind: str = "parties", id_: str = "5", **values: Value) -> Record:
    return Record(ref(kind, id_), "", values)


def said(body: Any = None, status: int = 200, **headers: str) -> Answer:
    raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)
