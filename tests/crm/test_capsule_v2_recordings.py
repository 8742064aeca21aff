"""Recorded exchanges of Capsule's API v2: what a body says is found in what was read, and nothing else is."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crmtui.crm.capsule.v2 import lists
from crmtui.model.call import Answer, Call, More, Pending
from crmtui.model.errors import AuthFailed, QuotaSpent
from crmtui.model.record import Record
from crmtui.model.schema import Choice, FieldType

from .capsule_v2 import adapter, ref

FOLDER = Path(os.environ.get("CRMTUI_RECORDINGS") or "/nonexistent") / "capsule"
pytestmark = pytest.mark.recordings

RECORDS = {
    "opportunity_list_item": "opportunities",
    "kase_list": "kases",
    "tasks_first": "tasks",
    "entries": "entries",
}


def recorded(name: str) -> tuple[Any, Answer]:
    _, _, response = (FOLDER / f"{name}.http").read_text("utf-8").partition("--- RESPONSE ---\n")
    head, _, body = response.partition("\n\n")
    return json.loads(body), Answer(int(head.split(" ")[1]), {}, body.encode())


def meant(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """The values of a recorded row by the words of the design, written down once more."""
    found: dict[str, Any] = {}
    for name, node in row.items():
        if name == "id":
            continue
        if name == "value":
            found |= {"value": node["amount"], "currency": node["currency"]}
        elif isinstance(node, dict):
            found[name] = node.get("username", str(node["id"]))
        elif isinstance(node, list):
            found[name] = [{**part, "id": str(part["id"])} for part in node]
        else:
            found[name] = node
    return found


def named(node: Any) -> Iterator[tuple[str, str]]:
    for name, part in node.items():
        if isinstance(part, dict) and "name" in part:
            yield name, part["name"]


@pytest.mark.parametrize("name", RECORDS)
def test_no_value_of_a_record_is_lost_or_made_up(name: str) -> None:
    said, answer = recorded(name)
    kind = RECORDS[name]
    page = adapter().read(adapter().changed(kind, "2015-01-01T00:00:00Z"), answer)
    assert [record.ref.id for record in page.records] == [str(row["id"]) for row in said[kind]]
    for record, row in zip(page.records, said[kind], strict=True):
        assert record.values == meant(kind, row)
        assert dict(record.labels) == dict(named(row))
        assert record.stamp == row["updatedAt"]


def test_a_party_just_made() -> None:
    said, answer = recorded("party_created_201")
    call = Call("POST", "/api/v2/parties", "saved", args={"kind": "parties", "what": "x"}, safe=False)
    made: Record = adapter().read(call, answer)
    row = {name: value for name, value in said["party"].items() if name != "id"}
    assert (made.ref, made.title, made.values) == (ref("parties", "100"), "Acme INC", row)
    assert made.unread is None  # nothing is told of its tags


def test_definitions() -> None:
    said, answer = recorded("field_definitions")
    call = adapter().schema("parties")
    assert call is not None
    schema = adapter().read(call, answer)
    by_key = {field.key: field for field in schema.fields if field.key}
    assert schema.told == len(by_key) == len(said["definitions"])
    assert schema.strange == ()
    assert by_key["45", ""].name == "Refering Site"
    assert by_key["51", "Lead"].name == "Lead/Lead Score"
    assert by_key["51", "Lead"].type is FieldType.DECIMAL
    assert (by_key["46", ""].type, by_key["46", ""].given) == (FieldType.DATE, ("type", "person"))
    sector = by_key["47", ""]
    assert (sector.type, sector.open, sector.given) == (FieldType.CHOICE, False, ("type", "organisation"))
    assert [choice.value for choice in sector.choices or ()] == said["definitions"][3]["options"]
    assert by_key["48", ""].type is FieldType.BOOLEAN


@pytest.mark.parametrize(
    ("name", "field", "choices"),
    [
        ("users", "owner", [Choice("scott", "Scott Spacey", key="1")]),
        (
            "tags",
            "tags",
            [Choice("Nice Guy", "Nice Guy", key="1840253"), Choice("Customer", "Customer", key="1199")],
        ),
        ("titles", "title", [Choice("Sir", "Sir"), Choice("Madam", "Madam")]),
        ("stages", "stage", [Choice("1", "Planning"), Choice("156", "Concept")]),
        (
            "currencies",
            "currency",
            [Choice("AED", "AED"), Choice("ARS", "ARS"), Choice("AUD", "AU Dollar")],
        ),
        (
            "countries",
            "country",
            [Choice(name, name) for name in ("Afghanistan", "Åland Islands", "Albania", "Algeria")],
        ),
    ],
)
def test_lists_of_values(name: str, field: str, choices: list[Choice]) -> None:
    _, answer = recorded(name)
    assert adapter().read(lists.asked(field, "/x"), answer) == tuple(choices)


def test_milestones_of_several_pipelines() -> None:
    service, call = adapter(), lists.all_milestones()
    more = service.read(call, recorded("pipelines")[1])
    assert isinstance(more, More)
    assert more.call.path == "/api/v2/pipelines/11589/milestones"
    more = service.read(more.call, recorded("milestones")[1])
    assert isinstance(more, More)
    assert more.call.path == "/api/v2/pipelines/11588/milestones"
    found = service.read(more.call, Answer(200, {}, b'{"milestones":[{"id":9,"name":"New"}]}'))
    assert [(each.value, each.label, each.key) for each in found] == [
        ("1", "New (SMB clients)", "New"),
        ("2", "Bid", "Bid"),
        ("3", "Won", "Won"),
        ("4", "Lost", "Lost"),
        ("9", "New (Sales Pipeline)", "New"),
    ]


def test_a_job_that_is_done() -> None:
    call = Call("GET", "/api/v2/jobs/1", "job", args={"what": "cap/parties/5"})
    said, answer = recorded("job")
    assert adapter().read(call, answer) is None
    under_way = {"job": {**said["job"], "status": "in_progress", "progress": 40}}
    pending = adapter().read(call, Answer(200, {}, json.dumps(under_way).encode()))
    assert pending == Pending(call, 40)


def test_refusals() -> None:
    with pytest.raises(AuthFailed, match="Requires authentication"):
        adapter().read(adapter().check(), recorded("error_401")[1])
    with pytest.raises(QuotaSpent, match="rate limit reached"):
        adapter().read(adapter().check(), recorded("error_429")[1])
