"""Short ways to ask the adapter of Capsule v1, bytes in and bytes out."""

from collections.abc import Mapping, Sequence
from typing import Any

from crmtui.crm.capsule.v1.adapter import CapsuleV1
from crmtui.crm.capsule.v1.said import said_in
from crmtui.model.bind import bind
from crmtui.model.call import Answer, Call
from crmtui.model.query import Asked, Order, Query
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Field
from crmtui.model.where import parse_argument
from crmtui.model.write import Op, Write

from .spotler import TODAY

NAME = "acme"
FORMATS = ("xml", "json")
DEFINITIONS = (
    "<customFieldDefinitions>"
    "<customFieldDefinition><tag>Membership</tag><label>Level</label><type>Text</type></customFieldDefinition>"
    "<customFieldDefinition><tag>Membership</tag><label>Joined</label><type>Date</type></customFieldDefinition>"
    "<customFieldDefinition><tag>Membership</tag><label>Newsletter</label><type>Boolean</type>"
    "</customFieldDefinition>"
    "<customFieldDefinition><label>Type</label><type>Text</type></customFieldDefinition>"
    "<customFieldDefinition><label>Score</label><type>Number</type></customFieldDefinition>"
    "</customFieldDefinitions>"
)


def adapter(format_: str = "xml") -> CapsuleV1:
    return CapsuleV1(NAME, format_)


def ref(kind: str, id_: str = "") -> Ref:
    return Ref(NAME, kind, id_)


def said(body: str = "", status: int = 200, **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body.encode())


def read(call: Call, body: str = "", status: int = 200, **headers: str) -> Any:
    return adapter().read(call, said(body, status, **headers))


def shown(kind: str, body: str) -> Record:
    """The record in an answer to being asked for."""
    call = Call("GET", f"/api/{kind}", "record", args={"kind": kind, "what": kind})
    record = adapter().read(call, said(body))
    assert isinstance(record, Record)
    return record


def fields_of(kind: str, definitions: str = DEFINITIONS) -> Mapping[str, Field]:
    call = adapter().schema(kind)
    if call is None:
        return adapter().built_in(kind).by_name
    fields: Mapping[str, Field] = adapter().read(call, said(definitions)).by_name
    return fields


def asked(kind: str, *arguments: str, order: str = "", size: int = 100) -> Asked:
    fields = fields_of(kind)
    where = bind([parse_argument(argument) for argument in arguments], fields, today=TODAY)
    query = Query(kind, where if arguments else None, (Order.parse(order),) if order else ())
    return adapter().list(query, fields, size)


def calls(
    op: Op,
    of: Ref,
    edits: Mapping[str, Any] = {},
    current: Mapping[str, Any] | None = None,
    format_: str = "xml",
) -> Sequence[Call]:
    now = None if current is None else Record(of, "", current)
    return adapter(format_).write(Write("1", op, of, edits), now, fields_of(of.kind))


def document(call: Call) -> Any:
    """The document of a request, whichever format it is in, by its root."""
    root, node, _ = said_in(call.body)
    return {root: node}


def lines(of: Sequence[Call]) -> list[str]:
    return [f"{call.method} {call.path}" for call in of]
