"""Recorded exchanges of Capsule v1: what was answered is read whole, what was sent is sent alike."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from crmtui.crm import json_body
from crmtui.crm.capsule.v1.records import members_of
from crmtui.crm.capsule.v1.said import said_in
from crmtui.model.call import Answer, Call
from crmtui.model.errors import NotFound
from crmtui.model.query import Page
from crmtui.model.record import Part, Record, Ref
from crmtui.model.schema import Choice, Schema
from crmtui.model.write import Op

from .capsule_v1 import adapter, calls, document, fields_of, ref

FOLDER = Path(os.environ.get("CRMTUI_RECORDINGS") or "/nonexistent") / "capsule-v1"
FILES = sorted(FOLDER.glob("*.http"))
ANSWERED = [file for file in FILES if "tracks" not in file.stem]
SENT = [file for file in FILES if re.match(r"POST_(person|organisation|party-ID-(opp|task))|PUT_", file.stem)]
TAGGED = [file for file in FILES if file.stem.startswith("POST_party-ID-tag")]
KINDS = {
    "person": "parties",
    "organisation": "parties",
    "party": "parties",
    "people": "parties",
    "task": "tasks",
    "opportunity": "opportunities",
    "kase": "kases",
    "history": "entries",
    "tasks": "tasks",
}
PARTS = {"tag": "tagged", "customfield": "customs", "customfields": "customs"}
LISTS = {"/api/users": "users", "/api/opportunity/milestones": "milestones"}
WORDS = {
    "/api/task/categories": ("taskCategories", "taskCategory"),
    "/api/countries": ("countries", "country"),
    "/api/currencies": ("currencies", "currency"),
}
NO_VALUES = {"customField": {"id"}, "tag": {"id"}}
"""What identifies a row that is known by its name."""
KEPT = {
    "user": {"username", "name"},
    "milestone": {"id", "name"},
    "customFieldDefinition": {"tag", "label", "type", "options"},
}
"""What is asked of those that are only chosen from."""


def parts(file: Path) -> tuple[str, str, str, int, str]:
    """Method, path, request body, status and answer of a recording."""
    request, _, response = file.read_text("utf-8").partition("--- RESPONSE ---\n")
    head, _, body = response.partition("\n\n")
    method, target, _ = request.split("\n", 1)[0].split(" ")
    sent = request.partition("\n\n")[2].strip()
    return method, target.partition("?")[0], sent, int(head.split(" ")[1]), body.strip()


def call_of(method: str, path: str) -> Call:
    """The Call that a recorded request would have been here."""
    segments = path.removeprefix("/api/").split("/")
    args: dict[str, Any] = {"what": path, "start": 0, "size": 100}
    args["kind"] = next(KINDS[word] for word in reversed(["party", *segments]) if word in KINDS)
    if path in LISTS:
        reader = LISTS[path]
    elif path in WORDS:
        reader, (args["root"], args["element"]) = "words", WORDS[path]
    elif path.endswith("definitions"):
        reader = "schema"
    elif part := next((PARTS[word] for word in segments if word in PARTS), None):
        reader = part
    elif method == "GET":
        reader = "page" if segments[-1] in KINDS else "record"
    else:
        reader = {"POST": "made", "PUT": "edited", "DELETE": "gone"}[method]
    return Call(method, path, reader, args=args, safe=method == "GET")


def told(name: str, node: Any) -> Iterator[str]:
    """Every text of a document, as it is to be found in what was read."""
    if isinstance(node, list):
        for part in node:
            yield from told(name, part)
    elif isinstance(node, dict):
        if name in ("person", "organisation"):
            yield name
        for member, part in node.items():
            kept = name not in KEPT or member in KEPT[name]
            if member[:1] != "@" and member not in NO_VALUES.get(name, ()) and kept:
                yield from told(member, part)
    elif isinstance(node, str) and node:
        yield node.removesuffix("T00:00:00Z") if "Close" in name or name in ("date", "dueDate") else node


def plain(body: str) -> Iterator[str]:
    """Every text of a body, read by another parser than the program's."""
    if body.startswith("<"):
        root = ElementTree.fromstring(body)
        yield from told(root.tag, as_object(root))
    else:
        [(name, node)] = json_body.decode(body.encode()).items()
        yield from told(name, node)


def as_object(element: ElementTree.Element) -> Any:
    if not len(element):
        return element.text or ""
    found: dict[str, list[Any]] = {}
    for child in element:
        found.setdefault(child.tag, []).append(as_object(child))
    return found


def found(read: Any) -> Iterator[str]:
    """Every text in what an answer was read to."""
    match read:
        case Page(records=records):
            for record in records:
                yield from found(record)
        case Record(ref=of, values=values, labels=labels):
            values = dict(values)
            if time := values.pop("dueTime", None):
                values["dueOn"] = f"{values['dueOn']}T{time}:00Z"
            yield from (of.id, *labels.values())
            yield from texts(values)
        case Part(part="tags", values=values):
            yield from texts(values)
        case Part(values=values):
            for name, value in values.items():
                yield from name.split("/")
                yield from texts(value)
        case Schema():
            for field in read.fields:
                if field.part == "customfields":
                    yield from filter(None, field.key)
                    yield "List" if field.choices else "Text"
                    yield from filter(None, (field.pattern, ";".join(c.value for c in field.choices or ())))
        case tuple():
            for choice in read:
                assert isinstance(choice, Choice)
                yield from {choice.value: 0, choice.label: 0}


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from texts(part)
    elif node is not None:
        yield str(node).lower() if isinstance(node, bool) else str(node)


@pytest.mark.recordings
@pytest.mark.parametrize("file", ANSWERED, ids=lambda file: file.stem)
def test_nothing_lost_and_nothing_made_up(file: Path) -> None:
    method, path, _, status, body = parts(file)
    call = call_of(method, path)
    headers = {"location": "https://sample.capsulecrm.com/api/party/77"} if status == 201 else {}
    answer = Answer(status, headers, body.encode())
    if status == 404:
        with pytest.raises(NotFound, match="party not found"):
            adapter().read(call, answer)
        return
    read = adapter().read(call, answer)
    if not body:
        assert read == (ref(call.args["kind"], "77") if call.reader == "made" else None)
        return
    assert Counter(found(read)) == Counter(plain(body))


@pytest.mark.recordings
def test_people_and_organisations_stand_as_the_service_lists_them() -> None:
    file = FOLDER / "GET_party-tag_200_sizemany_1.http"
    body = parts(file)[4]
    # Whoever is called Sam Example was called otherwise when the list was ordered.
    listed = [
        row.findtext("id") for row in ElementTree.fromstring(body) if row.findtext("firstName") != "Sam"
    ]
    page = adapter().read(call_of("GET", "/api/party"), Answer(200, {}, body.encode()))
    assert [record.ref.id for record in page.records if record.title != "Sam Example"] == listed
    assert len(listed) == 60


@pytest.mark.recordings
@pytest.mark.parametrize("file", SENT, ids=lambda file: file.stem)
def test_requests_have_the_recorded_shape(file: Path) -> None:
    method, path, sent, _, _ = parts(file)
    root, node, _ = said_in(sent.encode())
    segments = path.removeprefix("/api/").split("/")
    if root == "customFields":
        of: Ref = ref(KINDS[segments[0]], segments[1])
        row = node["customField"]
        name = "/".join(filter(None, (row["tag"], row["label"])))
        value = row["text"] or row["date"] or row["boolean"] == "true"
        made = calls(Op.EDIT, of, {name: value}, {"tags": ["Membership", "DirectoryEntry"]})
        if not made:  # not among the definitions here
            assert name not in fields_of("parties")
            return
        # A text was sent with a box that is not ticked, in 2013.
        drop = {"boolean"} if row["text"] else set()
        node = {"customField": {part: text for part, text in row.items() if part not in drop}}
    else:
        edits, _ = members_of(node)
        kind = KINDS[root]
        if root == "task":
            edits |= {"dueOn": "2013-09-14", "dueTime": "08:00"}
            edits.pop("dueDateTime")
            node["dueDateTime"] = "2013-09-14T08:00:00Z"
        if method == "POST":
            edits |= {"type": root} if kind == "parties" else {"party": segments[1]}
            of = ref(kind)
        else:
            edits = {part: value for part, value in edits.items() if value}
            of = ref(kind, segments[-1])
        made = calls(Op("create" if method == "POST" else "edit"), of, edits, {"type": root})
    [call] = made
    assert (call.method, call.path) == (method, path)
    assert dict(call.headers)["Content-Type"] == "text/xml"
    assert ordered(said_in(call.body).node) == ordered(node)


def ordered(node: Any) -> Any:
    """A document's elements in their order, those of no value left out."""
    if isinstance(node, dict):
        return [(name, told) for name, part in node.items() if (told := ordered(part))]
    return [ordered(part) for part in node] if isinstance(node, list) else node


@pytest.mark.recordings
@pytest.mark.parametrize("file", TAGGED, ids=lambda file: file.stem)
def test_a_tag_is_added_at_the_recorded_path(file: Path) -> None:
    method, path, _, _, _ = parts(file)
    _, id_, _, tag = path.removeprefix("/api/").split("/")
    [call] = calls(Op.EDIT, ref("parties", id_), {"tags": [tag]}, {"tags": []})
    assert (call.method, call.path, call.body) == (method, path, b"")


@pytest.mark.recordings
def test_both_formats_write_one_document() -> None:
    for file in SENT:
        _, _, sent, _, _ = parts(file)
        root, node, _ = said_in(sent.encode())
        if root in ("person", "organisation"):
            edits = {**members_of(node)[0], "type": root}
            [xml], [json] = (calls(Op.CREATE, ref("parties"), edits, {}, form) for form in ("xml", "json"))
            assert document(xml) == document(json)
