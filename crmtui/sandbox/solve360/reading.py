"""Bodies of requests as nested data, whichever of the three formats they came in."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl
from xml.parsers import expat

from .message import Asked, Problem

Data = str | list["Data"] | dict[str, "Data"]
_DEEPEST = 32


def body_data(asked: Asked) -> dict[str, Data]:
    """The members of a request's body; empty when there is none."""
    if not asked.body.strip():
        return {}
    reader = _READERS.get(asked.media)
    if reader is None:
        raise Problem(406, incorrectformat="Incorrect request format specified")
    try:
        return reader(asked.body)
    except (ValueError, RecursionError, expat.ExpatError) as error:
        raise Problem(400, incorrectrequest="Request cannot be parsed") from error


def arguments(asked: Asked) -> dict[str, str]:
    """The arguments of a list or report, from the query and from a `<request>` body on GET."""
    try:
        found = dict(_pairs(asked.query))
    except ValueError as error:
        raise Problem(400, incorrectrequest="Request cannot be parsed") from error
    for name, value in body_data(asked).items():
        if not isinstance(value, str):
            raise Problem(400, incorrectparameter=f"Incorrect parameter specified: {name}")
        found[name] = value
    return found


def several(data: Data | None) -> list[Data]:
    """One value, several or none, as a list: XML does not tell a single child from a list of one."""
    if data is None or data == "":
        return []
    return data if isinstance(data, list) else [data]


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, max_num_fields=10_000)


def _from_json(body: bytes) -> dict[str, Data]:
    data = _texts(json.loads(body))
    if not isinstance(data, dict):
        raise ValueError("no object")
    return data


def _texts(value: object) -> Data:
    match value:
        case dict():
            return {str(name): _texts(each) for name, each in value.items()}
        case list():
            return [_texts(each) for each in value]
        case bool():
            return "1" if value else ""
        case None:
            return ""
        case _:
            return str(value)


def _from_form(body: bytes) -> dict[str, Data]:
    """PHP's reading of names: `data[details]=x`, `categories[add][]=1`."""
    root: dict[str, Data] = {}
    for name, value in _pairs(body.decode()):
        steps = [step.rstrip("]") for step in name.split("[")]
        _put(root, steps, value)
    return {name: _arrays(data) for name, data in root.items()}


def _put(at: dict[str, Data], steps: list[str], value: str) -> None:
    step = steps[0] or str(len(at))
    if len(steps) == 1:
        at[step] = value
        return
    inner = at.setdefault(step, {})
    if not isinstance(inner, dict) or len(steps) > _DEEPEST:
        raise ValueError("a name that is both a value and a group")
    _put(inner, steps[1:], value)


def _arrays(data: Data) -> Data:
    if not isinstance(data, dict):
        return data
    members = {name: _arrays(each) for name, each in data.items()}
    return [*members.values()] if all(name.isdigit() for name in members) else members


def _from_xml(body: bytes) -> dict[str, Data]:
    """The children of `<request>`; an element that occurs twice becomes a list."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = builder.refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.buffer_text = True
    parser.Parse(body, True)
    root = builder.root.get("request")
    if not isinstance(root, dict):
        if root == "":
            return {}
        raise ValueError("no <request>")
    return root


class _Builder:
    """Builds nested data from the events of the XML parser."""

    def __init__(self) -> None:
        self.root: dict[str, Data] = {}
        self._open: list[dict[str, Data]] = [self.root]
        self._texts: list[list[str]] = [[]]

    def refuse(self, *_: object) -> None:
        raise ValueError("a document type is not allowed")

    def start(self, _name: str, _attributes: Mapping[str, str]) -> None:
        if len(self._open) > _DEEPEST:
            raise ValueError("too deep")
        self._open.append({})
        self._texts.append([])

    def text(self, text: str) -> None:
        self._texts[-1].append(text)

    def end(self, name: str) -> None:
        children = self._open.pop()
        text = "".join(self._texts.pop())
        # Line ends between tags are no value.
        value: Data = children or ("" if text.isspace() else text)
        parent = self._open[-1]
        if name not in parent:
            parent[name] = value
            return
        before = parent[name]
        parent[name] = [*before, value] if isinstance(before, list) else [before, value]


_READERS = {
    "application/xml": _from_xml,
    "text/xml": _from_xml,
    "application/json": _from_json,
    "application/x-www-form-urlencoded": _from_form,
}
