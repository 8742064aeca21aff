"""Capsule's API v2: what is sent of a write, and what its answers are read to."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from crmtui.model.call import Call, Pending
from crmtui.model.errors import Invalid
from crmtui.model.record import Record, Value
from crmtui.model.write import Op, Write

from .capsule_v2 import adapter, calls, fields_of, record, ref, said, sent

PHONES: list[Value] = [
    {"id": "3", "type": "Work", "number": "+44 20 7946 0000"},
    {"id": "4", "type": "Home", "number": "1"},
]
SITE: Value = {"id": "8", "type": None, "service": "URL", "address": "x", "url": "https://x"}
ANN = record(type="person", phoneNumbers=PHONES, websites=[SITE], tags=["VIP", "Old"], owner="ted")


def edit(edits: Mapping[str, Value], current: Record | None = ANN) -> Any:
    of = current.ref if current else ref(id_="5")
    return sent(Op.EDIT, of, edits, current)


def test_the_requests() -> None:
    [call] = calls(Op.EDIT, ref(id_="5"), {"jobTitle": "CEO"}, ANN)
    assert (call.method, call.target) == ("PUT", "/api/v2/parties/5?embed=tags%2Cfields")
    assert (call.safe, call.body) == (False, b'{"party":{"jobTitle":"CEO"}}')
    assert dict(call.headers)["Content-Type"] == "application/json"
    [call] = calls(Op.CREATE, ref("kases"), {"name": "Build", "party": "5", "description": None})
    assert (call.method, call.path) == ("POST", "/api/v2/kases")
    assert call.body == b'{"kase":{"name":"Build","party":{"id":5}}}'
    [call] = calls(Op.DELETE, ref("tasks", "5"), {}, None)
    assert (call.method, call.target, call.body) == ("DELETE", "/api/v2/tasks/5", b"")


@pytest.mark.parametrize(
    ("kind", "edits", "members"),
    [
        ("parties", {"organisation": "892"}, {"organisation": {"id": 892}}),
        ("parties", {"organisation": None}, {"organisation": None}),
        ("parties", {"team": "71", "title": "Sir"}, {"team": {"id": 71}, "title": "Sir"}),
        ("parties", {"owner": "Jane"}, {"owner": {"id": 62, "username": "jane"}}),
        ("parties", {"owner": "stranger"}, {"owner": {"username": "stranger"}}),
        ("kases", {"stage": "101"}, {"stage": 101}),
        ("kases", {"stage": None}, {"stage": None}),
        ("opportunities", {"milestone": "14"}, {"milestone": {"id": 14}}),
        ("opportunities", {"probability": 50, "expectedCloseOn": "2026-12-01"}, None),
        ("tasks", {"category": "Call"}, {"category": {"name": "Call"}}),
        ("tasks", {"status": "COMPLETED"}, {"status": "COMPLETED"}),
        ("entries", {"entryAt": "2026-11-22T10:00:00+01:00"}, {"entryAt": "2026-11-22T09:00:00Z"}),
        ("entries", {"entryAt": "2026-11-22"}, {"entryAt": "2026-11-22T00:00:00Z"}),
    ],
)
def test_values(kind: str, edits: dict[str, Value], members: Any) -> None:
    assert edit(edits, record(kind)) == (edits if members is None else members)


@pytest.mark.parametrize(
    ("edits", "value"),
    [
        ({"value": Decimal("500.50")}, {"amount": 500.5, "currency": "GBP"}),
        ({"currency": "EUR"}, {"amount": 420, "currency": "EUR"}),
        ({"value": 1, "currency": "EUR"}, {"amount": 1, "currency": "EUR"}),
        ({"value": None}, None),
    ],
)
def test_money(edits: dict[str, Value], value: Any) -> None:
    assert edit(edits, record("opportunities", value=420, currency="GBP")) == {"value": value}


def test_a_currency_of_no_value() -> None:
    with pytest.raises(Invalid) as caught:
        edit({"currency": "EUR"}, record("opportunities", value=None))
    assert "give a value" in caught.value.fields["currency"]


def test_digits_are_kept() -> None:
    amount = Decimal("12345678901234567890.10")
    [call] = calls(Op.EDIT, ref("opportunities", "5"), {"value": amount}, record("opportunities"))
    assert b"12345678901234567890.10" in call.body


@pytest.mark.parametrize(
    ("current", "edits", "members"),
    [
        ({"owner": "ted", "team": "71"}, {"owner": "jane"}, {"owner": {"id": 62, "username": "jane"}}),
        ({"owner": "ted", "team": None}, {"team": "71"}, {"owner": {"id": 61, "username": "ted"}}),
    ],
)
def test_a_project_keeps_its_team_and_its_owner(
    current: dict[str, Value], edits: dict[str, Value], members: Any
) -> None:
    assert edit(edits, record("kases", "5", **current)) == {"team": {"id": 71}, **members}


def test_one_phone_is_changed_and_no_other() -> None:
    rows: list[Value] = [{"id": "3", "type": "Work", "number": "+44 1"}, PHONES[1]]
    assert edit({"phoneNumbers": rows}) == {"phoneNumbers": [{"id": 3, "number": "+44 1"}]}


def test_rows_are_added_and_removed() -> None:
    rows: list[Value] = [PHONES[0], {"type": "Fax", "number": "9"}, {"type": None, "number": None}]
    assert edit({"phoneNumbers": rows}) == {
        "phoneNumbers": [{"type": "Fax", "number": "9"}, {"id": 4, "_delete": True}]
    }
    # What the service works out itself is not sent.
    site: list[Value] = [{**SITE, "address": "y", "url": "https://other"}]  # type: ignore[dict-item]
    assert edit({"websites": site}) == {"websites": [{"id": 8, "address": "y"}]}
    there = record(addresses=[{"id": "1", "city": "Bath", "country": "France"}])
    home: list[Value] = [{"id": "1", "city": None, "country": None}]
    assert edit({"addresses": home}, there) == {"addresses": [{"id": 1, "city": None, "country": ""}]}


def test_rows_as_they_are_send_nothing() -> None:
    assert calls(Op.EDIT, ANN.ref, {"phoneNumbers": PHONES}, ANN) == []
    assert edit({"phoneNumbers": PHONES, "jobTitle": "CEO"}) == {"jobTitle": "CEO"}


def test_rows_of_a_copy_are_new() -> None:
    edits: dict[str, Value] = {"type": "person", "firstName": "Ann", "phoneNumbers": [PHONES[1]]}
    assert sent(Op.CREATE, ref(), edits)["phoneNumbers"] == [{"type": "Home", "number": "1"}]


def test_tags() -> None:
    assert edit({"tags": ["VIP", "Old", "New"]}) == {"tags": [{"name": "New"}]}
    # By its id where that is known, else by its name.
    assert edit({"tags": ["Old"]}) == {"tags": [{"id": 7, "_delete": True}]}
    assert edit({"tags": ["VIP"]}) == {"tags": [{"name": "Old", "_delete": True}]}


def test_custom_fields() -> None:
    assert edit({"Score": Decimal("7.5"), "Born": None, "Local": None}) == {
        "fields": [
            {"definition": {"id": 51}, "value": 7.5},
            {"definition": {"id": 46}, "value": None},
            {"definition": {"id": 48}, "value": False},  # null is refused of these
        ]
    }


def test_a_data_tag_goes_along_with_its_first_field() -> None:
    grade = {"definition": {"id": 52}, "value": "A"}
    assert edit({"Lead/Grade": "A"}) == {"fields": [grade], "tags": [{"name": "Lead"}]}
    assert edit({"Lead/Grade": "A"}, record(tags=["Lead"])) == {"fields": [grade]}
    assert edit({"Lead/Grade": None}) == {"fields": [{**grade, "value": None}]}
    assert edit({"Lead/Grade": "A", "tags": ["VIP", "Old", "Lead"]})["tags"] == [{"name": "Lead"}]


def test_additional_parties() -> None:
    held: list[Value] = [{"id": "3", "type": "person", "name": "Ann"}, {"id": "4", "name": "Bob"}]
    current = record("kases", parties=held)
    wanted: list[Value] = [held[0], {"id": "9", "name": "Zestia"}]
    ways = calls(Op.EDIT, current.ref, {"name": "New", "parties": wanted}, current)
    assert [(call.method, call.path) for call in ways] == [
        ("PUT", "/api/v2/kases/5"),
        ("POST", "/api/v2/kases/5/parties/9"),
        ("DELETE", "/api/v2/kases/5/parties/4"),
    ]
    assert json.loads(ways[0].body) == {"kase": {"name": "New"}}
    assert adapter().read(ways[1], said(None, 204)) is None
    there = {"message": "x", "errors": [{"message": "party is already related to this opportunity"}]}
    assert adapter().read(ways[1], said(there, 422)) is None
    assert adapter().read(ways[2], said({"message": "party not found"}, 404)) is None


def test_notes_and_what_they_hang_on() -> None:
    note = sent(Op.CREATE, ref("entries"), {"content": "Hello", "party": "5"})
    assert note == {"type": "note", "content": "Hello", "party": {"id": 5}}
    with pytest.raises(Invalid, match="party is missing"):
        sent(Op.CREATE, ref("entries"), {"content": "Hello"})
    with pytest.raises(Invalid) as caught:
        sent(Op.CREATE, ref("tasks"), {"description": "Call", "party": "5", "kase": "6"})
    assert caught.value.fields.keys() == {"party", "kase"}
    with pytest.raises(Invalid):
        edit({"kase": "6"}, record("tasks", party="5"))
    assert edit({"kase": "6", "party": None}, record("tasks", party="5")) == {
        "kase": {"id": 6},
        "party": None,
    }


@pytest.mark.parametrize(
    ("edits", "field"), [({"type": "organisation"}, "type"), ({"organisation": "Zestia"}, "organisation")]
)
def test_what_nobody_can_write(edits: dict[str, Value], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        edit(edits)
    assert caught.value.fields.keys() == {field}


# -- answers


def answered(edits: Mapping[str, Value], body: Any, status: int = 200, **headers: str) -> Any:
    op = Op.CREATE if status == 201 else Op.EDIT
    [call] = calls(op, ref() if op is Op.CREATE else ANN.ref, edits, None if op is Op.CREATE else ANN)
    return adapter().read(call, said(body, status, **headers))


def test_an_answer_that_lacks_what_was_written_of_it() -> None:
    bare = {"id": 5, "type": "person", "firstName": "Ann", "lastName": "Lee"}
    read: Record = answered({"tags": ["VIP"], "Score": 5}, {"party": bare})
    assert read.values == {**{n: v for n, v in bare.items() if n != "id"}, "tags": ["VIP"], "Score": 5}
    assert read.unread is None
    told = answered({"tags": ["VIP"]}, {"party": {**bare, "tags": [{"id": 1, "name": "X"}], "fields": []}})
    assert told.values["tags"] == ["X"]


def test_an_answer_without_tags_and_custom_fields_leaves_them_as_they_were() -> None:
    ann = record(type="person", tags=["VIP"], Score="5", jobTitle="CTO")
    [call] = calls(Op.EDIT, ann.ref, {"jobTitle": "CEO"}, ann)
    read: Record = adapter().read(call, said({"party": {"id": 5, "type": "person", "jobTitle": "CEO"}}))
    assert read.values == {"type": "person", "jobTitle": "CEO", "tags": ["VIP"], "Score": "5"}


def test_a_tag_that_a_record_was_seen_with_is_removed_by_its_id() -> None:
    service = adapter()
    party = {"id": 5, "type": "person", "tags": [{"id": 31, "name": "Old"}], "fields": []}
    ann = service.read(service.show(ref(id_="5")), said({"party": party}))
    [call] = service.write(Write("1", Op.EDIT, ann.ref, {"tags": []}), ann, fields_of("parties"))
    assert json.loads(call.body) == {"party": {"tags": [{"id": 31, "_delete": True}]}}


def test_a_new_record_that_is_only_located() -> None:
    place = "https://api.capsulecrm.com/api/v2/parties/77"
    made = answered({"type": "person", "firstName": "Zoe"}, None, 201, location=place)
    assert made == ref(id_="77")
    assert answered({"jobTitle": "CEO"}, None, 200) is None


GONE = calls(Op.DELETE, ref(id_="5"), {})[0]


def test_a_long_delete() -> None:
    service = adapter()
    assert service.read(GONE, said(None, 204)) is None
    place = "https://elsewhere.example/api/v2/jobs/02ae8e16-9199-426c-9984-6362b08f8555"
    pending = service.read(GONE, said(None, 202, location=place))
    assert isinstance(pending, Pending)
    assert pending.call.target == "/api/v2/jobs/02ae8e16-9199-426c-9984-6362b08f8555"
    under_way = said({"job": {"status": "in_progress", "progress": 33}})
    assert service.read(pending.call, under_way) == Pending(pending.call, 33)
    assert service.read(pending.call, said({"job": {"status": "completed", "progress": 100}})) is None
    with pytest.raises(Invalid, match="Deleting Party: failed"):
        service.read(pending.call, said({"job": {"status": "failed", "action": "Deleting Party"}}))


@pytest.mark.parametrize("place", ["https://evil.example/x", "/api/v2/parties/5", ""])
def test_nobody_is_asked_at_another_place(place: str) -> None:
    assert adapter().read(GONE, said(None, 202, location=place)) is None


def refused(edits: Mapping[str, Value], *errors: Any, current: Record = ANN) -> Invalid:
    [call] = calls(Op.EDIT, current.ref, edits, current)
    with pytest.raises(Invalid) as caught:
        adapter().read(call, said({"message": "Validation Failed", "errors": [*errors]}, 422))
    return caught.value


def fault(message: str, resource: str = "", field: str = "") -> dict[str, str]:
    return {"message": message, "resource": resource, "field": field}


@pytest.mark.parametrize(
    ("edits", "error", "fields"),
    [
        (
            {"phoneNumbers": [{"number": ""}, {"type": "Fax"}]},
            fault("number is required", "phoneNumber", "number"),
            {"phoneNumbers": "number is missing"},
        ),
        (
            {"phoneNumbers": [{"type": "Fax"}]},
            fault("number is required", "party", "phoneNumber.number"),
            {"phoneNumbers": "number is missing"},
        ),
        (
            {"addresses": [{"country": "UK"}]},
            fault("unknown country", "address", "country"),
            {"addresses": "unknown country"},
        ),
        (
            {"Score": 5, "jobTitle": "x"},
            fault("invalid type for field", "field", "value"),
            {"Score": "invalid type for field"},
        ),
        (
            {"Score": 5, "Born": "1990-01-01"},
            fault("invalid type for field Born", "field", "definition"),
            {"Born": "invalid type for field Born"},
        ),
        ({"owner": "x"}, fault("owner not found", "party", "owner"), {"owner": "not found"}),
        ({"lastName": None}, fault("lastName is required", "party", "lastName"), {"lastName": "is missing"}),
        ({"jobTitle": "x"}, fault("something else", "", ""), {}),
        ({"jobTitle": "x"}, "no object", {}),
    ],
)
def test_where_a_refusal_stands(edits: dict[str, Value], error: Any, fields: dict[str, str]) -> None:
    caught = refused(edits, error)
    assert caught.fields == fields
    words = error if isinstance(error, str) else error["message"]
    assert words in caught.message
    assert all(name in caught.message for name in fields)


def test_what_a_project_must_have() -> None:
    project = record("kases", name="Build")
    caught = refused({"name": None}, fault("name is required", "kase", "name"), current=project)
    assert caught.fields == {"name": "is required"}


def test_a_tag_that_is_gone_already() -> None:
    gone = {"message": "Validation Failed", "errors": [fault("tag not found to delete", "tag", "id")]}
    assert answered({"tags": ["Old"]}, gone, 422) is None
    # With anything else in the body nothing of it was done.
    with pytest.raises(Invalid) as caught:
        answered({"tags": ["Old"], "jobTitle": "CEO"}, gone, 422)
    assert caught.value.fields.keys() == {"tags"}


def test_samples_can_be_read_by_their_kinds() -> None:
    paths = [call.path for call in adapter().samples()]
    assert len(paths) == len(set(paths))
    assert {"/api/v2/parties", "/api/v2/users", "/api/v2/pipelines", "/api/v2/countries"} <= {*paths}
    assert all(isinstance(call, Call) and call.safe for call in adapter().samples())
