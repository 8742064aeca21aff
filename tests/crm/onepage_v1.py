"""Short ways to ask the adapter of OnePageCRM v1.2, bytes in and bytes out, in any of its formats."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from crmtui.crm.onepagecrm.v1.adapter import OnePageV1
from crmtui.model.bind import bind
from crmtui.model.call import Answer, Call
from crmtui.model.query import Asked, Order, Query
from crmtui.model.record import Record, Ref
from crmtui.model.where import parse_argument
from crmtui.model.write import Op, Write

from .spotler import TODAY

NAME = "acme"
UID = "4e0046526381906f7e000002"
KEY = "AJfSRLr7uhsa9lOIgKQ4Vu72zzg3QTE7pJL2iSeA6Mo="
URL = "https://app.onepagecrm.com"
FORMATS = ("xml", "json", "yaml")
_SINGULAR = {"statuses": "status", "data": "datum"}


def adapter(format_: str = "json", user: str = UID) -> OnePageV1:
    return OnePageV1(NAME, URL, user, format_)


def ref(kind: str, id_: str = "") -> Ref:
    return Ref(NAME, kind, id_)


def envelope(data: Any, **more: Any) -> dict[str, Any]:
    return {"data": data, "timestamp": 1317129567, "message": "OK", "status": 0, **more}


def written(document: Any, format_: str, **style: Any) -> bytes:
    """A document as the service is thought to write it in a format."""
    if format_ == "json":
        return json.dumps(document).encode()
    if format_ == "xml":
        return "".join(_xml("hash", document, style.get("dashes", True))).encode()
    return f"--- {_yaml(document, 0, style.get('colons', False))}\n".encode()


def said(document: Any, format_: str = "json", status: int = 200, **style: Any) -> Answer:
    return Answer(status, {}, written(document, format_, **style))


def asked(kind: str, *arguments: str, order: str = "") -> Asked:
    at = adapter()
    fields = at.built_in(kind).by_name
    where = bind([parse_argument(argument) for argument in arguments], fields, today=TODAY)
    query = Query(kind, where if arguments else None, (Order.parse(order),) if order else ())
    return at.list(query, fields, 25)


def calls(
    op: Op,
    of: Ref,
    edits: Mapping[str, Any] = {},
    current: Mapping[str, Any] | None = None,
    undoes: str = "",
) -> Sequence[Call]:
    now = None if current is None else Record(of, "", current)
    return adapter().write(Write("1", op, of, edits, undoes=undoes), now, {})


def form(call: Call) -> dict[str, str]:
    """The fields of a request, empty ones too."""
    return dict(parse_qsl(call.body.decode(), keep_blank_values=True))


def lines(of: Sequence[Call]) -> list[str]:
    return [f"{call.method} {call.path}" for call in of]


def _xml(name: str, value: Any, dashes: bool) -> list[str]:
    tag = name.replace("_", "-") if dashes else name
    match value:
        case dict():
            inner = [line for key, part in value.items() for line in _xml(key, part, dashes)]
            return [f"<{tag}>\n", *inner, f"</{tag}>\n"]
        case []:
            return [f'<{tag} type="array"/>\n']
        case list():
            one = _SINGULAR.get(name, name.removesuffix("s"))
            inner = [line for part in value for line in _xml(one, part, dashes)]
            return [f'<{tag} type="array">\n', *inner, f"</{tag}>\n"]
        case None:
            return [f'<{tag} nil="true"></{tag}>\n']
        case bool():
            return [f'<{tag} type="boolean">{str(value).lower()}</{tag}>\n']
        case int() | float():
            word = "integer" if isinstance(value, int) else "float"
            return [f'<{tag} type="{word}">{value!r}</{tag}>\n']
    return [f"<{tag}>{escape(value)}</{tag}>\n"]


def _yaml(value: Any, depth: int, colons: bool) -> str:
    pad, colon = "  " * depth, ":" if colons else ""
    match value:
        case {} if not value:
            return "!map:HashWithIndifferentAccess {}"
        case dict():
            tag = "!map:HashWithIndifferentAccess"
            pairs = (f"\n{pad}{colon}{k}: {_yaml(v, depth + 1, colons)}" for k, v in value.items())
            return tag + "".join(pairs)
        case []:
            return "!seq:BSON::OrderedArray []"
        case list():
            return "".join(f"\n{pad}- {_yaml(part, depth + 1, colons)}" for part in value)
        case None:
            return ""
        case bool() | int() | float():
            return str(value).lower()
    plain = value.isalpha() and value not in ("true", "null", "false")
    return f"!str {value}" if plain else json.dumps(value)
