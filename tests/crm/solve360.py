"""Short ways to ask the Solve360 adapter, bytes in and bytes out."""

from collections.abc import Mapping

from crmtui.crm.solve360 import Solve360
from crmtui.model.bind import bind
from crmtui.model.call import Answer, Call
from crmtui.model.query import Asked, Order, Query
from crmtui.model.record import Record, Ref, Value
from crmtui.model.where import parse_argument
from crmtui.model.write import Op, Write

from .spotler import TODAY

NAME = "acme"
USER = "ann@acme.example"


def adapter() -> Solve360:
    return Solve360(NAME, USER)


def ref(kind: str = "contacts", id_: str = "") -> Ref:
    return Ref(NAME, kind, id_)


def asked(kind: str = "contacts", *arguments: str, order: str = "", size: int = 100) -> Asked:
    service = adapter()
    fields = service.built_in(kind).by_name
    where = bind([parse_argument(argument) for argument in arguments], fields, today=TODAY)
    query = Query(kind, where if arguments else None, (Order.parse(order),) if order else ())
    return service.list(query, fields, size)


def write_call(op: Op, of: Ref, edits: Mapping[str, Value], current: Record | None = None) -> Call:
    service = adapter()
    [call] = service.write(Write("1", op, of, edits), current, service.built_in(of.kind).by_name)
    return call


def said(body: str, status: int = 200, **headers: str) -> Answer:
    """An answer; elements that stand alone get the declaration and the wrapper."""
    whole = body
    if body.startswith("<") and not body.startswith(("<?xml", "<response", "<html", "<!")):
        whole = f'<?xml version="1.0" encoding="utf-8"?>\n<response>{whole}</response>'
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, whole.encode())


def schema_call(kind: str) -> Call:
    call = adapter().schema(kind)
    assert call is not None
    return call


def quota(used: int, limit: int = 12000) -> dict[str, str]:
    return {"http_x_solve360_api_call_limit": f"{used}/{limit}"}
