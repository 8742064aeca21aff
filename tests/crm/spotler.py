"""Short ways to ask the SpotlerCRM adapter, bytes in and bytes out."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from crmtui.crm.spotler import Spotler
from crmtui.model.bind import Where, bind
from crmtui.model.call import Answer, Call
from crmtui.model.query import Order, Query
from crmtui.model.record import Ref, Value
from crmtui.model.schema import Field
from crmtui.model.where import parse_argument
from crmtui.model.write import Op, Write

TODAY = date(2026, 11, 22)
NAME = "acme"


def adapter(*custom: str, pages_from: int = 1) -> Spotler:
    return Spotler(NAME, custom, pages_from=pages_from)


def ref(kind: str, id_: str = "") -> Ref:
    return Ref(NAME, kind, id_)


def where(fields: Mapping[str, Field], *arguments: str) -> Where:
    """The command line's WHERE, bound to fields."""
    return bind([parse_argument(argument) for argument in arguments], fields, today=TODAY)


def list_call(kind: str = "accounts", *arguments: str, order: str = "", size: int = 100) -> Call:
    service = adapter("claims")
    fields = service.built_in(kind).by_name
    query = Query(
        kind,
        where(fields, *arguments) if arguments else None,
        tuple(Order.parse(key) for key in order.split(",") if key),
    )
    return service.list(query, fields, size).call


def write_call(op: Op, of: Ref, edits: Mapping[str, Value]) -> Call:
    service = adapter()
    [call] = service.write(Write("1", op, of, edits), None, service.built_in(of.kind).by_name)
    return call


def said(body: Any, status: int = 200, **headers: str) -> Answer:
    """An answer with a JSON body, or with the bytes given."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)


def parameter(call: Call, name: str) -> Any:
    """A query parameter, its JSON decoded."""
    text = dict(call.query).get(name)
    return None if text is None else json.loads(text, parse_float=Decimal)


def rows(*ids: int, total: Any = None, has_more: Any = None) -> dict[str, Any]:
    """A page of accounts with these ids; what is None is left out of its metadata."""
    about = {"url": "/account", "object_type": "list", "total_count": total, "has_more": has_more}
    return {
        "metadata": {name: value for name, value in about.items() if value is not None},
        "list": [{"metadata": {}, "record": {"id": id_, "name": f"n{id_}"}} for id_ in ids],
    }
