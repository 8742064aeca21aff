"""Solve360's answers as one shape, whether they came as XML or as JSON.

XML gives `<response>` round everything, rows named `<id123>`, and what goes with a text as attributes;
JSON gives no wrapper, rows named by bare ids, and the name of a user as a neighbour `FIELD_cn`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crmtui.crm import json_body, xml_body
from crmtui.model.call import Answer
from crmtui.model.errors import BadAnswer
from crmtui.model.record import Value

_ROW = re.compile(r"(?:id)?([0-9]+)")
_CN = "_cn"
_NEW_ID = re.compile(r"/([0-9]+)/?$")


def response_of(body: bytes) -> dict[str, Any]:
    """What an answer says, without the wrapper; its first byte tells the form."""
    said: Any = xml_body.decode(body) if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else _json(body)
    if isinstance(said, dict) and said.keys() == {"response"}:
        said = said["response"]
    if said is None or said == "" or said == []:
        return {}
    if not isinstance(said, dict) or "html" in said:
        raise BadAnswer("The service answered something else than a response; check the connection's url.")
    return said


def _json(body: bytes) -> Any:
    return json_body.decode(body)


def rows_of(said: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(id, members) of the elements named by ids, in the service's order."""
    for name, node in said.items():
        if found := _ROW.fullmatch(name):
            for row in node if isinstance(node, list) else [node]:
                if isinstance(row, dict):
                    yield found[1], row


def parts_of(holder: Any, *names: str) -> list[Any]:
    """The members of a collection: none, one that stands alone, or several; `names` are their element's."""
    if isinstance(holder, list):
        return holder
    if not isinstance(holder, dict):
        return []
    if "id" in holder and not any(isinstance(holder.get(name), dict | list) for name in names):
        return [holder]
    found = [holder[name] for name in names if holder.get(name) is not None]
    if not found:
        return [row for _, row in rows_of(holder)]
    return [part for node in found for part in (node if isinstance(node, list) else [node])]


def members_of(row: Mapping[str, Any]) -> tuple[dict[str, Value], dict[str, str]]:
    """The values of a row by name, and the texts of those that are ids of users."""
    values: dict[str, Value] = {}
    labels: dict[str, str] = {}
    for name, node in row.items():
        if name[:1] in ("@", "#"):
            continue
        if name.endswith(_CN) and name.removesuffix(_CN) in row:
            told, of = node, name.removesuffix(_CN)
        else:
            values[name] = value_of(node)
            told, of = node.get("@cn") if isinstance(node, dict) else None, name
        if isinstance(told, str) and told:
            labels[of] = told
    return values, labels


def value_of(node: Any) -> Value:
    """A value without what its element carries besides; an empty element is null."""
    if isinstance(node, dict):
        inner = {name: value_of(part) for name, part in node.items() if name[:1] not in ("@", "#")}
        return inner if inner else (value_of(node["#text"]) if "#text" in node else None)
    if isinstance(node, list):
        return [value_of(part) for part in node]
    return node  # type: ignore[no-any-return]


def text_in(node: Any) -> str:
    """The text of a node, empty where it has none."""
    value = value_of(node)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def whole(node: Any) -> int | None:
    """A count as a number or as digits."""
    text = text_in(node)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def id_located(answer: Answer) -> str:
    """The id at the end of `Location`, which is never fetched; empty where there is none."""
    found = _NEW_ID.search(answer.headers.get("location", ""))
    return found[1] if found else ""
