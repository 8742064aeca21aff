"""Recorded exchanges: what the body says is found in what was read, with its type, and nothing else is."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from crmtui.crm.spotler import Spotler
from crmtui.crm.spotler.errors import message_of
from crmtui.model.call import Answer, Call
from crmtui.model.errors import CrmError, Invalid
from crmtui.model.query import Page
from crmtui.model.record import Record
from crmtui.model.schema import Choice, Schema

FOLDER = Path(os.environ.get("CRMTUI_RECORDINGS") or "/nonexistent") / "spotler"
FILES = sorted(FOLDER.glob("*.http"))
Scalar = tuple[str, str]


def scalars(node: Any) -> Iterator[Scalar]:
    """Type and text of every scalar in a JSON value."""
    if isinstance(node, dict):
        for value in node.values():
            yield from scalars(value)
    elif isinstance(node, list):
        for value in node:
            yield from scalars(value)
    else:
        yield type(node).__name__, str(node)


def call_of(head: str) -> tuple[Spotler, Call]:
    """The adapter and the Call whose reader a recorded request needs."""
    method, target, _ = head.split("\n", 1)[0].split(" ")
    parts = urlsplit(target)
    first, *rest = [unquote(part) for part in parts.path.strip("/").split("/")]
    adapter = Spotler("acme", (first,))
    reader, kind = "page", first
    if first in ("lookup", "datadictionary"):
        reader, kind = ("choices" if first == "lookup" else "schema"), rest[0]
    elif method == "DELETE":
        reader = "gone"
    elif rest or method == "POST":
        reader = "record"
    args = {"kind": kind, "what": parts.path, "page": 0, "size": 10}
    query = tuple(parse_qsl(parts.query))
    return adapter, Call(method, parts.path, reader, query, args=args, safe=method == "GET")


def found(read: Any) -> Iterator[Scalar]:
    """The scalars in the objects that an answer was read to, its forms of "none" instead of null."""
    match read:
        case Page(records=records, total=total, has_more=more):
            if total is not None:
                yield from scalars([total, more])
            for record in records:
                yield from found(record)
        case Record():
            # An id that came as a number is kept as text; it is told by its digits.
            yield "id", read.ref.id
            yield from scalars({**read.values, **read.empties})
        case tuple():
            for choice in read:
                assert isinstance(choice, Choice)
                yield from scalars([choice.value, choice.label])


def told(body: Any, *, inner: bool = False) -> Iterator[Scalar]:
    """The scalars of a recorded body that objects must hold: all but the words about addresses."""
    match body:
        case {"list": list(rows), "metadata": {"total_count": total, "has_more": more}}:
            yield from scalars([total, more])
            for row in rows:
                yield from told(row)
        case {"record": dict(record)}:
            yield "id", str(record["id"])
            yield from scalars({name: value for name, value in record.items() if name != "id"})
            # Only its address tells which opportunity a history is of.
            parent = (body.get("metadata") or {}).get("parent") or ""
            if parent.startswith("/opportunities/") and "opportunityid" not in record:
                yield from scalars(int(parent.removeprefix("/opportunities/")))
        case {"items": list(items)}:
            for item in items:
                yield from scalars(item)
        case {"lines": list(lines)}:
            for id_ in dict.fromkeys(str(line["opportunityid"]) for line in lines):
                yield "id", id_
            yield from scalars(lines)
        case _:
            raise AssertionError(f"a shape that nobody foresaw: {body}")


def judge(recording: str) -> None:
    """Reads a recording, and compares what was read with what it says."""
    request, _, response = recording.partition("--- RESPONSE ---\n")
    head, _, text = response.partition("\n\n")
    status = int(head.split(" ")[1])
    adapter, call = call_of(request)
    answer = Answer(status, {}, text.encode())
    body = json.loads(text, parse_float=Decimal)
    if status < 400:
        read = adapter.read(call, answer)
        if isinstance(read, Schema):
            names = {(field.name, field.label) for field in read.fields}
            assert names >= {(entry["name"], entry["label"]) for entry in body["list"]} - {("id", "ID")}
        else:
            assert Counter(found(read)) == Counter(told(body))
        return
    with pytest.raises(CrmError) as caught:
        adapter.read(call, answer)
    assert body["message"].rstrip(".") in caught.value.message
    assert message_of(body)
    if "validation" in body:
        assert isinstance(caught.value, Invalid)
        assert caught.value.fields.keys() == body["validation"].keys()


@pytest.mark.recordings
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_lost_and_nothing_made_up(file: Path) -> None:
    judge(file.read_text("utf-8"))
