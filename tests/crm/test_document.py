"""The vendor's page "CRM API Version 4.0": its own requests are made, its own answers are read."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from crmtui.model.call import Call
from crmtui.model.errors import Invalid, NotFound
from crmtui.model.query import Query
from crmtui.model.record import Record
from crmtui.model.schema import Choice, Field, FieldType
from crmtui.model.write import Op

from .spotler import adapter, list_call, parameter, ref, said, where, write_call

ACCOUNT_IN_LIST: dict[str, Any] = {
    "id": 95920978,
    "name": "test",
    "addressline": None,
    "addresscity": "",
    "addresscounty/state": "",
    "addresspostcode/zip": "",
    "addresscountry": "",
    "ownerid": 90505,
    "source": "",
    "notes": None,
    "phone": None,
    "website": None,
    "type": None,
    "sector": None,
    "createddate": "2018-09-17 11:29:59",
    "modifieddate": "2018-09-17 11:29:59",
}
CREATED: dict[str, Any] = {
    "id": 95950731,
    "name": "testing API",
    "addressline": None,
    "addresscity": "",
    "addresscounty/state": "",
    "addresspostcode/zip": "",
    "addresscountry": "United Kingdom",
    "ownerid": 90505,
    "campaignid": 0,
    "source": "",
    "notes": None,
    "slaid": 125357,
    "phone": None,
    "website": None,
    "type": None,
    "sector": None,
    "createddate": "2018-09-27 08:48:22",
    "modifieddate": "2018-09-27 08:48:22",
}


def enveloped(record: dict[str, Any]) -> dict[str, Any]:
    about = {
        "url": f"/accounts/{record['id']}",
        "list_url": "/accounts",
        "parent": None,
        "object_type": "record",
        "record_type": "account",
    }
    return {"metadata": about, "record": record}


def asked(call: Call) -> tuple[str, str, dict[str, Any]]:
    """Method, path and query as they stand in the request line, JSON parameters decoded."""
    parts = urlsplit(call.target)
    query = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    return call.method, parts.path, {k: json.loads(v) if k in ("q", "order") else v for k, v in query.items()}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (list_call("accounts", size=50), ("GET", "/accounts", {"limit": "50"})),
        (list_call("contacts", size=100), ("GET", "/contacts", {"limit": "100"})),
        (
            list_call("accounts", "name=Test"),
            ("GET", "/accounts", {"limit": "100", "q": {"name": "Test"}}),
        ),
        (
            list_call("accounts", "name=Test", "sector=Design"),
            ("GET", "/accounts", {"limit": "100", "q": {"name": "Test", "sector": "Design"}}),
        ),
        (
            list_call("accounts", order="name,phone:desc"),
            ("GET", "/accounts", {"limit": "100", "order": {"name": "asc", "phone": "desc"}}),
        ),
        (
            adapter().page_at(list_call("accounts"), 3),
            ("GET", "/accounts", {"limit": "100", "page": "4"}),
        ),
        (adapter().show(ref("accounts", "12345")), ("GET", "/accounts/12345", {})),
        (adapter().schema("accounts"), ("GET", "/datadictionary/accounts", {})),
        (
            adapter().choices("accounts", Field("type", type=FieldType.CHOICE)),
            ("GET", "/lookup/accounts/type", {}),
        ),
        (
            adapter().choices("accounts", Field("addresscounty/state", type=FieldType.CHOICE)),
            ("GET", "/lookup/accounts/addresscounty%2Fstate", {}),
        ),
        (write_call(Op.DELETE, ref("accounts", "12345"), {}), ("DELETE", "/accounts/12345", {})),
    ],
)
def test_requests_without_a_body(call: Call, expected: tuple[str, str, dict[str, Any]]) -> None:
    assert asked(call) == expected
    assert call.body == b""
    assert ("Accept", "application/json") in call.headers
    assert call.safe == (call.method == "GET")


def test_order_of_keys_is_the_order_of_fields() -> None:
    call = list_call("accounts", order="phone:desc,name,addresscity")
    assert dict(call.query)["order"] == '{"phone":"desc","name":"asc","addresscity":"asc"}'


@pytest.mark.parametrize(
    ("call", "method", "path", "body"),
    [
        (
            write_call(Op.CREATE, ref("accounts"), {"name": "testing API", "ownerid": "1"}),
            "POST",
            "/accounts",
            {"name": "testing API", "ownerid": 1},
        ),
        (
            write_call(Op.EDIT, ref("accounts", "95950731"), {"name": "testing API Updated"}),
            "PATCH",
            "/accounts/95950731",
            {"name": "testing API Updated"},
        ),
    ],
)
def test_requests_with_a_body(call: Call, method: str, path: str, body: dict[str, Any]) -> None:
    assert asked(call) == (method, path, {})
    assert json.loads(call.body) == body
    assert dict(call.headers)["Content-Type"] == "application/json"
    assert not call.safe


def test_the_token_goes_into_the_header_of_the_document() -> None:
    assert adapter().sign(list_call(), "T0K") == {"Authorization": "Bearer T0K"}
    assert "T0K" not in repr(list_call())


def test_a_list_of_accounts() -> None:
    about = {"url": "/account", "object_type": "list", "total_count": 100, "has_more": True}
    one = enveloped(ACCOUNT_IN_LIST)
    page = adapter().read(list_call(), said({"metadata": about, "list": [one]}))
    assert (page.total, page.has_more, page.number) == (100, True, 0)
    [record] = page.records
    assert record.ref == ref("accounts", "95920978")
    assert record.title == "test"
    assert record.stamp == "2018-09-17 11:29:59"
    assert record.values == {name: value for name, value in ACCOUNT_IN_LIST.items() if name != "id"}
    assert record.empties == {}


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("op", [Op.CREATE, Op.EDIT])
def test_a_written_account(op: Op, status: int) -> None:
    call = write_call(op, ref("accounts", "95950731" if op is Op.EDIT else ""), {"name": "testing API"})
    record: Record = adapter().read(call, said(enveloped(CREATED), status))
    assert record.ref == ref("accounts", "95950731")
    assert record.values["addresscountry"] == "United Kingdom"
    assert (record.values["addressline"], record.values["addresscity"]) == (None, "")
    # The 0 of a reference means none, and is what none is written as.
    assert record.values["campaignid"] is None
    assert record.empties == {"campaignid": 0}
    assert record.values["slaid"] == 125357


@pytest.mark.parametrize("body", [{}, b"", b" \n"])
def test_a_deleted_account(body: Any) -> None:
    assert adapter().read(write_call(Op.DELETE, ref("accounts", "1"), {}), said(body)) is None


def test_lookup_values() -> None:
    body = {"message": "Lookup values added", "items": [{"value": "new one", "id": "new one"}]}
    call = adapter().choices("accounts", Field("type", type=FieldType.CHOICE))
    assert call is not None
    assert adapter().read(call, said(body)) == (Choice("new one", "new one"),)


@pytest.mark.parametrize("answer_has", ["record", "envelope"])
def test_lines_inside_and_beside_the_record(answer_has: str) -> None:
    lines = [{"id": 1, "opportunityid": 1, "product": "User Subscription", "quantity": 30, "unitprice": 420}]
    body: dict[str, Any] = {"metadata": {}, "record": {"id": 1, "name": "Deal"}}
    (body["record"] if answer_has == "record" else body)["lines"] = lines
    record: Record = adapter().read(adapter().show(ref("opportunities", "1")), said(body))
    assert record.values["lines"] == lines


def test_an_unknown_record_type() -> None:
    body = {"type": "Invalid Request error", "code": 500, "message": "Invalid record type (accountss)"}
    with pytest.raises(NotFound, match=r'says: "Invalid record type \(accountss\)"'):
        adapter("accountss").read(list_call_of("accountss"), said(body, 500))
    assert not adapter().passes(said(body, 500))


def list_call_of(kind: str) -> Call:
    from crmtui.model.query import Query

    return adapter(kind).list(Query(kind), {}, 100).call


def test_a_refused_write() -> None:
    body = {
        "type": "Validation error",
        "code": 422,
        "message": "The given data was invalid.",
        "validation": {"accountid": [{"Required": []}]},
    }
    call = write_call(Op.CREATE, ref("contacts"), {"last": "Lee"})
    with pytest.raises(Invalid, match=r"accountid is required.*The given data was invalid") as refused:
        adapter().read(call, said(body, 422))
    assert refused.value.fields == {"accountid": "is required"}


def test_items_are_appended_to_a_list() -> None:
    service = adapter()
    call = service.add_choices(
        "accounts", Field("type", type=FieldType.CHOICE), ["Item 1", "Item 2"], "account/type"
    )
    assert call is not None
    assert (call.method, call.target, call.safe, call.cost) == ("PATCH", "/lookup/account%2Ftype", False, 1)
    assert json.loads(call.body) == {"items": ["Item 1", "Item 2"]}
    items = [{"value": "new one", "id": "new one"}, {"value": "another new one", "id": "another new one"}]
    assert service.read(call, said({"message": "Lookup values added", "items": items})) is None
    assert service.read(call, said(b"")) is None
    assert service.add_choices("accounts", Field("ownerid", type=FieldType.USER), ["x"], "users") is None


def test_only_one_opportunity_is_asked_for_with_its_lines() -> None:
    assert dict(adapter().show(ref("opportunities", "7")).query) == {"lines": "true"}
    assert "lines" not in dict(adapter().show(ref("accounts", "7")).query)
    assert "lines" not in dict(list_call("opportunities", "value>5").query)
    assert dict(list_call("opportunities", "lines.product=X").query)["lines"] == "true"


@pytest.mark.parametrize(
    ("row", "above"),
    [
        ({"metadata": {"parent": "/opportunities/7"}, "record": {"id": 1, "opportunityid": 8}}, 8),
        ({"metadata": {"parent": "/opportunities/7"}, "record": {"id": 1}}, 7),
        ({"metadata": {"parent": "/opportunities/7"}, "record": {"id": 1, "opportunityid": None}}, 7),
        ({"metadata": {"parent": "/"}, "record": {"id": 1}}, 9),
        ({"metadata": {}, "record": {"id": 1}}, 9),
        ({"id": 1}, 9),
    ],
)
def test_a_history_s_opportunity_by_member_by_parent_and_by_path(row: dict[str, Any], above: int) -> None:
    call = list_call("opportunityhistories", "opportunityid=9")
    assert call.path == "/opportunities/9/opportunityhistories"
    page = adapter().read(call, said({"list": [row]}))
    assert page.records[0].values["opportunityid"] == above


def test_histories_in_general_are_asked_for_as_any_kind() -> None:
    assert list_call("opportunityhistories", "value>5").path == "/opportunityhistories"
    flat = adapter()
    flat.nested = False
    fields = flat.built_in("opportunityhistories").by_name
    asked = flat.list(Query("opportunityhistories", where(fields, "opportunityid=9")), fields, 100)
    assert (asked.call.path, parameter(asked.call, "q")) == ("/opportunityhistories", {"opportunityid": 9})
