"""What the adapter of OnePageCRM's API v3 sends, and how it reads refusals."""

import json
from decimal import Decimal
from typing import Any

import pytest

from crmtui.crm.onepagecrm.v3.envelope import news
from crmtui.model.call import Answer
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Restricted,
    Unavailable,
)
from crmtui.model.news import News, Sales
from crmtui.model.write import Op, Write

from .onepage_v3 import adapter, asked, calls, fields_of, record, ref, refusal, said, sent

ANN = ref("contacts", "5")
TEXT = {"content-type": "text/plain; charset=utf-8"}


def test_user_and_key_sign_a_call() -> None:
    signed = adapter().sign(adapter().check(), "key=")
    assert signed == {"Authorization": "Basic NTU5Y2QxODY2ZjZlNjU2NzA3MDAwMDAxOmtleT0="}


def test_only_the_edits_are_sent() -> None:
    [call] = calls(Op.EDIT, ANN, {"first_name": "Ann"}, record(first_name="An", last_name="Lee"))
    assert (call.method, call.target) == ("PUT", "/api/v3/contacts/5?partial=true")
    assert json.loads(call.body) == {"first_name": "Ann"}
    assert not call.safe


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("contacts", "job_title", ""),
        ("contacts", "lead_source_id", ""),
        ("contacts", "tags", []),
        ("contacts", "phones", []),
        ("contacts", "company_id", None),
        ("deals", "amount", None),
        ("deals", "close_date", None),
        ("notes", "linked_deal_id", None),
    ],
)
def test_how_a_field_is_cleared(kind: str, field: str, value: Any) -> None:
    assert sent(Op.EDIT, ref(kind, "5"), {field: None}, record(kind)) == {field: value}


def test_rows_are_sent_whole() -> None:
    rows: Any = [{"type": "work", "value": "1"}, {"type": None, "value": "2"}, {"type": "home", "value": ""}]
    assert sent(Op.EDIT, ANN, {"phones": rows}, record(phones=rows[:1])) == {
        "phones": [{"type": "work", "value": "1"}, {"type": "work", "value": "2"}]
    }


def test_items_of_a_deal() -> None:
    deal = ref("deals", "7")
    item: Any = {"id": "1", "name": "Panel", "qty": 2, "price": 3, "amount": 6}
    body = sent(Op.EDIT, deal, {"deal_items": [item]}, record("deals", "7"))
    assert body == {"deal_items": [{"name": "Panel", "qty": 2, "price": 3}], "has_deal_items": True}
    assert sent(Op.EDIT, deal, {"deal_items": []}, record("deals", "7")) == {
        "deal_items": [],
        "has_deal_items": False,
    }


def test_custom_fields_are_sent_with_those_that_stay() -> None:
    body = sent(Op.EDIT, ANN, {"Score": 7}, record(Score=5, Born="1990-02-03"))
    assert {row["custom_field"]["id"]: row["value"] for row in body["custom_fields"]} == {
        "c1": 7,
        "c2": "1990-02-03",
    }
    assert sent(Op.EDIT, ANN, {"Born": None}, record(Born="1990-02-03"))["custom_fields"] == [
        {"custom_field": {"id": "c2"}, "value": None}
    ]


def test_a_custom_field_that_only_the_record_told_of_is_kept() -> None:
    service = adapter()
    held = [{"custom_field": {"id": "c9", "name": "New one", "type": "number"}, "value": 3}]
    contact = {"id": "5", "last_name": "Lee", "custom_fields": held}
    current = service.read(service.show(ANN), said({"contact": contact}))
    [call] = service.write(Write("1", Op.EDIT, ANN, {"Score": 7}), current, fields_of("contacts"))
    assert {"custom_field": {"id": "c9"}, "value": 3} in json.loads(call.body)["custom_fields"]


def test_an_address_is_sent_whole() -> None:
    now = {"address.address": "1 Quay", "address.city": "Cork", "address.zip_code": None}
    body = sent(Op.EDIT, ref("companies", "5"), {"address.city": "Galway"}, record("companies", "5", **now))
    assert body == {"address": {"address": "1 Quay", "city": "Galway", "zip_code": ""}}


def test_a_new_contact_is_linked_by_its_organizations_name() -> None:
    with pytest.raises(Invalid, match="give company_name") as refused:
        calls(Op.CREATE, ref(), {"last_name": "Lee", "company_id": "9"})
    assert "company_id" in refused.value.fields
    body = sent(
        Op.CREATE, ref(), {"last_name": "Lee", "company_id": "9", "company_name": "Acme", "title": None}
    )
    assert body == {"last_name": "Lee", "company_name": "Acme"}


def test_an_organization_is_neither_made_nor_deleted() -> None:
    for op in (Op.CREATE, Op.DELETE):
        with pytest.raises(Restricted, match="giving a contact its name"):
            calls(op, ref("companies", "5"), {"name": "Acme"})


@pytest.mark.parametrize("edits", [{"done": True}, {"status": "done"}])
def test_completing(edits: Any) -> None:
    first, second = calls(Op.EDIT, ref("actions", "5"), {**edits, "text": "Call"}, record("actions"))
    assert (first.method, json.loads(first.body)) == ("PUT", {"text": "Call"})
    assert (second.method, second.target, second.body) == ("PUT", "/api/v3/actions/5/mark_as_done", b"")


def test_reopening_comes_before_what_else_is_changed() -> None:
    first, second = calls(Op.EDIT, ref("actions", "5"), {"done": False, "status": "asap"}, record("actions"))
    assert first.target == "/api/v3/actions/5/undo_completion"
    assert json.loads(second.body) == {"status": "asap"}


@pytest.mark.parametrize(
    ("status", "edits", "sends"),
    [
        ("asap", {"date": "2026-12-01"}, {"date": "2026-12-01", "status": "date"}),
        ("date", {"date": "2026-12-01"}, {"date": "2026-12-01"}),
        ("date_time", {"date": "2026-12-01"}, {"date": "2026-12-01", "status": "date"}),
        ("date", {"exact_time": "2018-05-16T12:00:00Z"}, {"exact_time": 1526472000, "status": "date_time"}),
        ("asap", {"date": "2026-12-01", "status": "waiting"}, {"date": "2026-12-01", "status": "waiting"}),
    ],
)
def test_a_day_counts(status: str, edits: Any, sends: Any) -> None:
    assert sent(Op.EDIT, ref("actions", "5"), edits, record("actions", status=status)) == sends


def test_what_stays_with_its_contact() -> None:
    for kind in ("deals", "actions"):
        with pytest.raises(Invalid, match="stays with its contact"):
            calls(Op.EDIT, ref(kind, "5"), {"contact_id": "6"}, record(kind))
    with pytest.raises(Invalid, match="complete it"):
        calls(Op.CREATE, ref("actions"), {"text": "x", "contact_id": "6", "done": True})


def test_what_a_write_is_answered() -> None:
    service = adapter()
    [call] = service.write(
        _write(Op.CREATE, {"last_name": "Lee"}), None, dict(service.built_in("contacts").by_name)
    )
    made = service.read(call, said({"contact": {"id": "9", "last_name": "Lee"}, "next_actions": []}, 201))
    assert (made.ref, made.title) == (ref("contacts", "9"), "Lee")
    [call] = service.write(_write(Op.DELETE, {}), None, {})
    assert (call.method, call.path) == ("DELETE", "/api/v3/contacts/")
    assert service.read(call, said({})) is None


def _write(op: Op, edits: Any) -> Write:
    return Write("1", op, ref(), edits)


def test_a_contact_without_a_name_is_called_by_its_organization() -> None:
    service = adapter()
    contact = {"id": "5", "first_name": "", "last_name": "", "company_name": "Acme"}
    assert service.read(service.show(ANN), said({"contact": contact})).title == "Acme"
    with pytest.raises(BadAnswer, match="another record"):
        service.read(service.show(ref("contacts", "6")), said({"contact": contact}))


def test_refused_values_are_told_by_field() -> None:
    [call] = calls(Op.EDIT, ANN, {"Score": 1, "last_name": "x" * 9}, record())
    wrong = {"lastname": "Either last name or company name are required", "custom_fields": "is no number"}
    with pytest.raises(Invalid, match="Either last name") as refused:
        adapter().read(call, refusal(400, wrong))
    assert refused.value.fields == {
        "last_name": "Either last name or company name are required",
        "Score": "is no number",
    }


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, AuthFailed),
        (403, Forbidden),
        (404, NotFound),
        (409, Invalid),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
def test_other_refusals(status: int, error: Any) -> None:
    with pytest.raises(error, match="A validation error has occurred"):
        adapter().read(adapter().show(ANN), refusal(status))
    ok = Answer(200, {}, refusal(status).body)
    with pytest.raises(error):
        adapter().read(adapter().show(ANN), ok)


def test_too_many_calls_are_no_missing_right() -> None:
    throttled = Answer(403, TEXT, b"403 Forbidden (Rate Limit Exceeded)")
    with pytest.raises(RateLimited, match="Rate Limit Exceeded"):
        adapter().read(adapter().check(), throttled)
    assert adapter().passes(throttled)
    assert not adapter().passes(refusal(403))


def test_users() -> None:
    users = [{"user": {"id": "1", "first_name": "Rosa", "last_name": "Rossi", "email": "r@x.example"}}]
    [rosa] = adapter().read(adapter().users(), said(users))
    assert (rosa.value, rosa.label, rosa.mail) == ("1", "Rosa Rossi", "r@x.example")


def test_stages_of_several_pipelines() -> None:
    pipelines = [
        {"pipeline": {"id": "p1", "name": "Sales", "stages": [{"stage": 25, "label": "Bid"}]}},
        {"pipeline": {"id": "p2", "name": "Care", "stages": [{"stage": 25, "label": "Visit"}]}},
    ]
    call = adapter().schema("deals")
    assert call is not None
    schema = adapter().read(call, said({"settings": {"pipelines": pipelines}}))
    [stage] = schema.by_name["stage"].choices
    assert (stage.value, stage.label) == ("25", "Bid / Visit")
    assert [choice.label for choice in schema.by_name["pipeline_id"].choices] == ["Sales", "Care"]


def test_sales_and_notifications_beside_an_answer() -> None:
    told = news(
        said(
            {},
            sales={"target": 4400.5, "won": 2, "pending": 3, "period": "month"},
            notifications=["x"],
            tags={},
        )
    )
    assert told == News(sales=Sales(Decimal("4400.5"), 2, 3, "month"), notices=("x",))
    assert news(said({}, sales={})) == News()


def test_samples_do_not_ask_for_the_key() -> None:
    paths = [call.path for call in adapter().samples()]
    assert "/api/v3/bootstrap" not in paths
    assert {f"/api/v3/{kind}" for kind in adapter().kinds} < set(paths)


def test_more_than_10000_contacts() -> None:
    service = adapter()
    call = service.page_at(asked("contacts").call, 99)
    rows = {"contacts": [{"contact": {"id": "a1"}}], "total_count": 10_050, "max_page": 101}
    page = service.read(call, said(rows))
    following = service.next_page(call, page, 10_000)
    assert following is not None
    assert following.target == "/api/v3/contacts/cascade/a1?team=1"
    more = {
        "contacts": [{"contact": {"id": "b2"}}],
        "items_left": 3,
        "next_set_url": "https://elsewhere.example/",
    }
    page = service.read(following, said(more))
    last = service.next_page(following, page, 10_001)
    assert last is not None
    assert last.path == "/api/v3/contacts/cascade/b2"
    page = service.read(last, said({**more, "items_left": 0}))
    assert service.next_page(last, page, 10_002) is None
