"""Capsule's API v2: what is asked for, and what its answers are read to."""

import time
from typing import Any

import pytest

from crmtui.crm.capsule.v2.adapter import Capsule
from crmtui.model.call import Answer, Call, More
from crmtui.model.errors import (
    BadAnswer,
    CrmError,
    Forbidden,
    Invalid,
    NoRoute,
    NotFound,
    QuotaSpent,
    Restricted,
    Unavailable,
)
from crmtui.model.query import Order, Page, Query
from crmtui.model.record import Part, Record
from crmtui.model.schema import Choice, Field, FieldType, Schema

from .capsule_v2 import adapter, asked, ref, said

PARTY = {
    "id": 5,
    "type": "person",
    "firstName": "Ann",
    "lastName": "Lee",
    "owner": {"id": 61, "username": "ted", "name": "Ted Danson"},
    "team": None,
    "organisation": {"id": 892, "type": "organisation", "name": "Zestia", "pictureURL": "x"},
    "phoneNumbers": [{"id": 3, "type": "Work", "number": "+44 20 7946 0000"}],
    "tags": [{"id": 7, "name": "VIP", "dataTag": False}, {"id": 8, "name": "Lead", "dataTag": True}],
    "fields": [
        {"id": 1, "value": "7.50", "definition": {"id": 51, "name": "Score"}, "tagId": 8},
        {"id": 2, "value": True, "definition": {"id": 48, "name": "Local"}},
        {"id": 3, "value": "x", "definition": {"id": 49, "name": "about"}},
        {"id": 4, "value": "y", "definition": {"id": 50, "name": "Lost"}, "tagId": 999},
    ],
    "nextTask": {"id": 12, "description": "Call", "dueOn": "2026-11-30"},
    "brandNew": {"without": "id"},
    "updatedAt": "2026-11-22T10:00:00Z",
}
SHOW = adapter().show(ref(id_="5"))


def read(call: Call | None, body: Any, status: int = 200, **headers: str) -> Any:
    assert call is not None
    return adapter().read(call, said(body, status, **headers))


@pytest.mark.parametrize(
    ("call", "method", "target"),
    [
        (asked("parties").call, "GET", "/api/v2/parties?perPage=100&embed=tags%2Cfields"),
        (asked("parties", size=25).call, "GET", "/api/v2/parties?perPage=25&embed=tags%2Cfields"),
        (SHOW, "GET", "/api/v2/parties/5?embed=tags%2Cfields"),
        (adapter().show(ref(id_="../x")), "GET", "/api/v2/parties/..%2Fx?embed=tags%2Cfields"),
        (adapter().part(ref("kases", "7"), "parties"), "GET", "/api/v2/kases/7/parties?perPage=100"),
        (
            adapter().changed("kases", "2026-11-22T00:00:00Z"),
            "GET",
            "/api/v2/kases?perPage=100&embed=tags%2Cfields&since=2026-11-22T00%3A00%3A00Z",
        ),
        (adapter().schema("kases"), "GET", "/api/v2/kases/fields/definitions?perPage=100"),
        (adapter().users(), "GET", "/api/v2/users?perPage=100"),
        (
            adapter().choices("parties", Field("addresses.country")),
            "GET",
            "/api/v2/countries?perPage=100",
        ),
        (adapter().choices("kases", Field("tags")), "GET", "/api/v2/kases/tags?perPage=100"),
        (adapter().check(), "GET", "/api/v2/users/current"),
    ],
)
def test_reading(call: Call, method: str, target: str) -> None:
    assert (call.method, call.target, call.body, call.safe) == (method, target, b"", True)
    assert call.headers == (("Accept", "application/json"),)
    assert adapter().sign(call, "secret") == {"Authorization": "Bearer secret"}


def test_what_is_not_asked_for() -> None:
    service = adapter()
    assert service.schema("tasks") is None
    assert service.deleted("tasks", "2026-11-22T00:00:00Z") is None
    assert service.choices("parties", Field("name")) is None
    assert service.choices("tasks", Field("tags")) is None
    # A custom field may be called as a list is.
    assert service.choices("parties", Field("country", key=("9", ""))) is None
    with pytest.raises(Restricted, match="order of its own"):
        service.list(Query("parties", None, (Order("name"),)), {}, 100)


def test_a_record() -> None:
    record: Record = read(SHOW, {"party": PARTY})
    assert (record.ref, record.title, record.stamp) == (ref(id_="5"), "Ann Lee", "2026-11-22T10:00:00Z")
    assert record.values == {
        "type": "person",
        "firstName": "Ann",
        "lastName": "Lee",
        "owner": "ted",
        "team": None,
        "organisation": "892",
        "phoneNumbers": [{"id": "3", "type": "Work", "number": "+44 20 7946 0000"}],
        "tags": ["VIP", "Lead"],
        "Lead/Score": "7.50",
        "Local": True,
        "custom/about": "x",
        "Lost": "y",  # of a tag that the answer does not name
        "nextTask": "12",
        "brandNew": {"without": "id"},
        "updatedAt": "2026-11-22T10:00:00Z",
    }
    assert record.labels == {"owner": "Ted Danson", "organisation": "Zestia", "nextTask": "Call"}
    assert record.unread == frozenset()


def test_custom_fields_are_called_as_their_definitions_say() -> None:
    fields = (
        Field("Lead/Score", "Score", FieldType.DECIMAL, key=("51", "Lead")),
        Field("Born", "Born", key=("46", "")),
        Field("custom/Born", "Born", key=("47", "")),
    )
    service = Capsule("cap", lambda kind: Schema(kind, fields))
    held = [
        {"id": n, "value": str(n), "definition": {"id": id_, "name": label}, "tagId": 1499}
        for n, (id_, label) in enumerate([(51, "Score"), (47, "Born"), (46, "Born"), (99, "Score")])
    ]
    party = {"id": 5, "type": "person", "tags": [], "fields": held}
    values = service.read(service.show(ref(id_="5")), said({"party": party})).values
    customs = {name: value for name, value in values.items() if name not in ("type", "tags")}
    assert customs == {"Lead/Score": "0", "custom/Born": "1", "Born": "2", "Score": "3"}


def test_two_definitions_of_one_label_are_two_fields() -> None:
    rows = [{"id": 1, "name": "Born", "type": "date"}, {"id": 2, "name": "Born", "type": "text"}]
    schema: Schema = read(adapter().schema("parties"), {"definitions": rows})
    defined = {field.name: field.key for field in schema.fields if field.key}
    assert defined == {"Born": ("1", ""), "custom/Born": ("2", "")}


def test_a_user_without_an_id_is_called_by_name() -> None:
    party = {"id": 5, "type": "household", "owner": {"name": "Ted Danson"}, "tags": None, "fields": None}
    assert read(SHOW, {"party": party}).values["owner"] == "Ted Danson"


def test_what_an_answer_leaves_out_is_not_empty() -> None:
    bare = {name: value for name, value in PARTY.items() if name not in ("tags", "fields")}
    assert read(SHOW, {"party": bare}).unread is None
    sale = {"id": 5, "name": "Sale", "tags": [], "fields": [], "value": None}
    record: Record = read(adapter().show(ref("opportunities", "5")), {"opportunity": sale})
    assert record.unread == frozenset({"parties"})
    assert record.values == {"name": "Sale", "tags": [], "value": None, "currency": None}


def test_another_record_is_none() -> None:
    with pytest.raises(BadAnswer, match="another record"):
        read(SHOW, {"party": {**PARTY, "id": 6}})
    none: list[Any] = [{}, {"party": None}, {"parties": []}, [], {"party": {"name": "x"}}]
    for body in none:
        with pytest.raises(BadAnswer):
            read(SHOW, body)


@pytest.mark.parametrize(
    ("headers", "size", "more"),
    [
        ({"x_pagination_has_more": "true"}, 100, True),
        ({"x_pagination_has_more": "false"}, 1, False),
        ({"link": '<https://x/api/v2/parties?page=2>; rel="next"'}, 100, True),
        ({"link": '<https://x/api/v2/parties?page=1>; rel="prev"'}, 1, False),
        ({}, 1, True),  # nothing tells, and the page is full
        ({}, 2, False),
    ],
)
def test_whether_rows_follow(headers: dict[str, str], size: int, more: bool) -> None:
    call = asked("parties", size=size).call
    page: Page = read(call, {"parties": [PARTY]}, 200, **headers)
    assert (page.has_more, page.total, page.number) == (more, None, 0)
    following = adapter().next_page(call, page, 1)
    assert (following is not None) is more
    if following is not None:
        assert dict(following.query)["page"] == "2"
        assert read(following, {"parties": [PARTY]}, 200, **headers).number == 1


def test_places_in_a_list() -> None:
    assert dict(adapter().page_at(asked("parties").call, 2).query)["page"] == "3"
    # Entries come by fifty, whatever is wished.
    for kind, most in (("parties", 100), ("entries", 50)):
        call = asked(kind).call
        assert dict(call.query)["perPage"] == str(most)
        for place in (0, 1, 49, 99, 100, 199, 12_345):
            begins, stretch = adapter().stretch(call, place, 100)
            size, page = (int(dict(stretch.query)[name]) for name in ("perPage", "page"))
            assert begins == (page - 1) * size <= place
            # The place lies well within it, so that what follows comes along.
            assert most // 2 <= size <= most
            assert begins + size > place + most // 4


def test_a_service_that_gives_smaller_pages() -> None:
    service, call = adapter(), asked("parties").call
    rows = {"parties": [{**PARTY, "id": id_} for id_ in range(25)]}
    assert service.read(call, said(rows, 200, x_pagination_has_more="true")).has_more
    begins, stretch = service.stretch(call, 24, 100)
    size, page = (int(dict(stretch.query)[name]) for name in ("perPage", "page"))
    assert size <= 25
    assert begins == (page - 1) * size <= 24 < begins + size - 1


def test_schema() -> None:
    rows = [
        {"id": 1, "name": "Notes", "type": "large text"},
        {"id": 2, "name": "Likes", "type": "MULTI_SELECT_LIST", "options": ["Tea", {"name": "Milk"}]},
        {"id": 3, "name": "Odd", "type": "hologram", "tag": {"id": 9, "name": "Lead", "dataTag": True}},
        {"id": 4, "name": "Odd", "type": "link", "captureRule": "organisation"},
    ]
    schema: Schema = read(adapter().schema("parties"), {"definitions": rows})
    custom = {field.name: field for field in schema.fields if field.key}
    assert {name: field.type for name, field in custom.items()} == {
        "Notes": FieldType.MULTILINE,
        "Likes": FieldType.CHOICES,
        "Lead/Odd": FieldType.UNKNOWN,
        "Odd": FieldType.URL,
    }
    assert [choice.value for choice in custom["Likes"].choices or ()] == ["Tea", "Milk"]
    assert (custom["Lead/Odd"].label, custom["Lead/Odd"].key) == ("Odd (Lead)", ("3", "Lead"))
    assert (schema.told, schema.strange) == (4, ("hologram",))
    assert schema.field("addresses").type is FieldType.ROWS


def test_a_list_of_several_pages() -> None:
    call = adapter().users()
    first = {"users": [{"id": 1, "username": "ted", "name": "Ted"}]}
    more = read(call, first, 200, x_pagination_has_more="true")
    assert isinstance(more, More)
    assert more.call.target == "/api/v2/users?perPage=100&page=2"
    second = {"users": [{"id": 2, "username": "ann", "name": "Ann"}]}
    found = read(more.call, second, 200, x_pagination_has_more="false")
    assert found == (Choice("ted", "Ted", key="1"), Choice("ann", "Ann", key="2"))


def test_milestones_where_there_are_no_pipelines() -> None:
    call = adapter().choices("opportunities", Field("milestone"))
    assert call is not None
    more = read(call, {"message": "Could not find resource"}, 404)
    assert more.call.path == "/api/v2/milestones"
    milestones = [{"id": 1, "name": "New", "pipeline": {"id": 3, "name": "Sales"}}]
    assert read(more.call, {"milestones": milestones}) == (Choice("1", "New", key="New"),)


def test_additional_parties() -> None:
    call = adapter().part(ref("kases", "7"), "parties")
    rows = [
        {"id": 3, "type": "person", "firstName": "Ann", "lastName": "Lee", "pictureURL": "x"},
        {"id": 4, "type": "organisation", "name": "Zestia"},
    ]
    assert read(call, {"parties": rows}) == Part(
        "parties",
        {
            "parties": [
                {"id": "3", "type": "person", "name": "Ann Lee"},
                {"id": "4", "type": "organisation", "name": "Zestia"},
            ]
        },
    )
    assert read(call, {"parties": []}) == Part("parties", {})


@pytest.mark.parametrize("name", ["deletedParties", "parties", "deleted"])
def test_what_was_deleted(name: str) -> None:
    call = adapter().deleted("parties", "2026-11-22T00:00:00Z")
    rows = [{"id": 3, "deletedAt": "2026-11-22T10:00:00Z"}, {"id": 4}]
    assert read(call, {name: rows}) == ("3", "4")


def test_an_entry_beneath_a_record_that_it_does_not_name() -> None:
    call = asked("entries", "party=5").call
    assert call.path == "/api/v2/parties/5/entries"
    page: Page = read(call, {"entries": [{"id": 1, "type": "note"}, {"id": 2, "kase": {"id": 9}}]})
    assert [record.values for record in page.records] == [{"type": "note", "party": "5"}, {"kase": "9"}]
    assert read(call, {"message": "party not found"}, 404) == Page(())


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (400, Invalid, "refused the request"),
        (403, Forbidden, "closed to the token"),
        (404, NotFound, "cap/parties/5 does not exist, or this token has no access"),
        (500, Unavailable, "nothing was done"),
    ],
)
def test_errors(status: int, error: type[CrmError], words: str) -> None:
    with pytest.raises(error, match=words) as caught:
        read(SHOW, {"message": "Own words\u001b[31m"}, status)
    assert 'The service says: "Own words' in caught.value.message
    assert "\u001b" not in caught.value.message
    with pytest.raises(error, match=str(status)):
        read(SHOW, b"<html>", status)


def test_spent_calls() -> None:
    reset = int(time.time()) + 1800
    answer = said({"error": "rate limit reached"}, 429, x_ratelimit_reset=str(reset))
    at = time.strftime("%H:%M", time.localtime(reset))
    with pytest.raises(QuotaSpent, match=f"anew at {at}"):
        adapter().read(SHOW, answer)
    assert not adapter().passes(answer)
    assert not adapter().passes(said({}, 429))
    assert adapter().passes(said({}, 429, x_ratelimit_reset=str(int(time.time()) + 1)))
    assert adapter().passes(said({}, 503))
    assert not adapter().passes(said({}, 404))


def test_quota() -> None:
    headers = {
        "x_ratelimit_limit": "4000",
        "x_ratelimit_remaining": "3990",
        "x_ratelimit_reset": "1796000000",
    }
    quota = adapter().quota(said({}, 200, **headers), 5.0)
    assert quota is not None
    assert (quota.used, quota.limit, quota.resets_at, quota.source) == (10, 4000, 1796000000, "reported")
    assert adapter().quota(said({}, 404), 5.0) is None
    assert adapter().quota(said({}, x_ratelimit_limit="4000", x_ratelimit_remaining="-1"), 5.0) is None


def test_a_filter_that_the_service_refuses_is_done_here() -> None:
    wish = asked("parties", "jobTitle=CEO")
    with pytest.raises(NoRoute):
        adapter().read(wish.call, said({"message": "invalid field name"}, 422))
    assert wish.instead is not None
    assert wish.instead.call == asked("parties").call
    assert wish.instead.rest == wish.rest


def test_a_body_that_is_no_json() -> None:
    with pytest.raises(BadAnswer, match="web page"):
        adapter().read(SHOW, Answer(200, {}, b"<html>login"))
