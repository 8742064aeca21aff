"""Short ways to ask the adapter of OnePageCRM's API v3, bytes in and bytes out."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crmtui.crm.onepagecrm.v3.adapter import OnePage
from crmtui.model.bind import bind
from crmtui.model.call import Answer, Call
from crmtui.model.query import Asked, Order, Query
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Choice, Field, FieldType
from crmtui.model.where import parse_argument
from crmtui.model.write import Op, Write

from .spotler import TODAY

NAME = "one"
USER = "559cd1866f6e656707000001"
CUSTOM = {
    "Score": Field("Score", "Score", FieldType.DECIMAL, key=("c1",)),
    "Born": Field("Born", "Born", FieldType.DATE, key=("c2",)),
}


def adapter() -> OnePage:
    return OnePage(NAME, USER)


def ref(kind: str = "contacts", id_: str = "") -> Ref:
    return Ref(NAME, kind, id_)


def fields_of(kind: str) -> dict[str, Field]:
    """The fields of a kind as the workspace gives them: with the tags that are known."""
    from msgspec.structs import replace

    found = dict(adapter().built_in(kind).by_name) | CUSTOM
    if "tags" in found:
        found["tags"] = replace(found["tags"], choices=(Choice("VIP", "VIP"),))
    return found


def asked(kind: str, *arguments: str, order: str = "", size: int = 100) -> Asked:
    fields = fields_of(kind)
    where = bind([parse_argument(argument) for argument in arguments], fields, today=TODAY)
    by = (Order.parse(order),) if order else ()
    return adapter().list(Query(kind, where if arguments else None, by), fields, size)


def calls(op: Op, of: Ref, edits: Mapping[str, Value], current: Record | None = None) -> Sequence[Call]:
    return adapter().write(Write("1", op, of, edits), current, fields_of(of.kind))


def sent(op: Op, of: Ref, edits: Mapping[str, Value], current: Record | None = None) -> Any:
    """The members that the one request of a write sends."""
    [call] = calls(op, of, edits, current)
    return json.loads(call.body)


def record(kind: str = "contacts", id_: str = "5", **values: Value) -> Record:
    return Record(ref(kind, id_), "", values)


def said(data: Any = None, status: int = 200, **beside: Any) -> Answer:
    """An answer in its envelope."""
    body = {"status": 0, "message": "OK", "timestamp": 1, "data": data, **beside}
    return Answer(status, {"content-type": "application/json"}, json.dumps(body).encode())


def refusal(
    status: int, errors: Mapping[str, str] | None = None, message: str = "Invalid request data"
) -> Answer:
    body = {
        "status": status,
        "message": message,
        "error_name": "x",
        "error_message": "A validation error has occurred",
        "errors": errors or {},
    }
    return Answer(status, {"content-type": "application/json; charset=utf-8"}, json.dumps(body).encode())
