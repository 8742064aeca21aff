"""Filters, orders and pages, each operator of the document among them."""

import pytest

from .conftest import Client, Json


@pytest.fixture(scope="module")
def made(client: Client) -> str:
    """A mark in the source field of five accounts made for these tests."""
    mark = "query tests"
    rows: list[Json] = [
        {"name": "Test", "sector": "Design", "creditlimit": 1000, "renewaldate": "2026-01-10"},
        {"name": "Testing", "sector": "design", "creditlimit": 1500.5, "renewaldate": "2026-02-10"},
        {"name": "Contest", "sector": "Retail", "creditlimit": 2000},
        {"name": "ÉCOLE 100%", "sector": None, "creditlimit": None, "phone": "1000"},
        {"name": "Straße_x", "sector": "", "creditlimit": 0, "2yearpolicy": True},
    ]
    for row in rows:
        response = client.http.post("/accounts", json={**row, "source": mark})
        assert response.status_code == 201, response.text
    return mark


CASES: list[tuple[Json, str]] = [
    ({"name": "Test"}, "Test"),
    ({"name": "tEST"}, "Test"),
    ({"name": "école 100%"}, "ÉCOLE 100%"),
    ({"name": "Test", "sector": "Design"}, "Test"),
    ({"name": "Test", "sector": "Retail"}, ""),
    ({"sector": {"$not": "design"}}, "Contest|Straße_x"),
    ({"sector": {"$in": ["DESIGN", "retail"]}}, "Test|Testing|Contest"),
    ({"sector": {"$in": []}}, ""),
    ({"sector": {"$nin": ["Design"]}}, "Contest|Straße_x"),
    ({"sector": {"$nin": ["Design", None]}}, ""),
    ({"sector": {"$nin": []}}, "Test|Testing|Contest|Straße_x"),
    ({"sector": None}, "ÉCOLE 100%"),
    ({"sector": {"$not": None}}, "Test|Testing|Contest|Straße_x"),
    ({"sector": ""}, "Straße_x"),
    ({"$or": [{"sector": {"$not": "design"}}, {"sector": None}]}, "Contest|ÉCOLE 100%|Straße_x"),
    ({"$or": [{"name": "Test"}, {"name": "Contest", "sector": "Retail"}]}, "Test|Contest"),
    ({"creditlimit": "1000"}, "Test"),
    ({"creditlimit": 1000.0}, "Test"),
    ({"phone": 1000}, "ÉCOLE 100%"),
    ({"creditlimit": {"$gt": 1000}}, "Testing|Contest"),
    ({"creditlimit": {"$gte": "1000"}}, "Test|Testing|Contest"),
    ({"creditlimit": {"$lt": 1500.5}}, "Test|Straße_x"),
    ({"creditlimit": {"$lte": 1500.5}}, "Test|Testing|Straße_x"),
    ({"creditlimit": {"$bt": [1000, 1500.5]}}, "Test|Testing"),
    ({"creditlimit": {"$gte": 1, "$lt": 2000}}, "Test|Testing"),
    ({"name": {"$sw": "tes"}}, "Test|Testing"),
    ({"name": {"$ew": "TEST"}}, "Test|Contest"),
    ({"name": {"$con": "test"}}, "Test|Testing|Contest"),
    ({"name": {"$con": "%"}}, "ÉCOLE 100%"),
    ({"name": {"$con": "_"}}, "Straße_x"),
    ({"name": {"$sw": "éco"}}, "ÉCOLE 100%"),
    ({"name": {"$ew": "a rather long ending that no name has"}}, ""),
    ({"creditlimit": {"$sw": "15"}}, "Testing"),
    ({"renewaldate": "2026-01-10"}, "Test"),
    ({"renewaldate": {"$gt": "2026-01-10 00:00:00"}}, "Testing"),
    ({"renewaldate": {"$gt": "2026-01-09 12:00:00"}}, "Test|Testing"),
    ({"renewaldate": {"$bt": ["2026-01-01", "2026-01-31"]}}, "Test"),
    ({"2yearpolicy": 1}, "Straße_x"),
    ({"2yearpolicy": {"$not": "1"}}, "Test|Testing|Contest|ÉCOLE 100%"),
    ({"createddate": {"$gte": "2023-01-20 22:14:30.123456"}}, "Test|Testing|Contest|ÉCOLE 100%|Straße_x"),
    ({"createddate": {"$lt": "2023-01-20"}}, ""),
    ({}, "Test|Testing|Contest|ÉCOLE 100%|Straße_x"),
]


@pytest.mark.parametrize(("query", "names"), CASES, ids=[str(query) for query, _ in CASES])
def test_filter(client: Client, made: str, query: Json, names: str) -> None:
    assert "|".join(map(str, client.names({"source": made, **query}))) == names


@pytest.mark.parametrize(
    "query",
    [
        "",
        "{",
        "[]",
        '"name"',
        '{"nosuch": 1}',
        '{"name": {"$regex": "a"}}',
        '{"name": {}}',
        '{"name": ["a"]}',
        '{"name": {"$in": "a"}}',
        '{"name": {"$bt": [1]}}',
        '{"name": {"$not": {"$sw": "a"}}}',
        '{"creditlimit": "many"}',
        '{"creditlimit": true}',
        '{"creditlimit": NaN}',
        '{"creditlimit": 1e400}',
        '{"id": 99999999999999999999}',
        '{"createddate": "yesterday"}',
        '{"$or": []}',
        '{"$or": {"name": "a"}}',
        '{"$or": [{}]}',
        '{"$and": [{"name": "a"}]}',
        '{"name": {"$gt": null}}',
        pytest.param("[" * 10_000, id="deep"),
        pytest.param('{"$or":[' * 600 + '{"name": "a"}' + "]}" * 600, id="many levels"),
        pytest.param('{"$or":[' * 950 + '{"name": "a"}' + "]}" * 950, id="too many levels"),
    ],
)
def test_filter_that_makes_no_sense_is_refused(client: Client, query: str) -> None:
    response = client.get("/accounts", q=query)
    assert response.status_code == 400
    assert response.json()["code"] == 400
    assert response.json()["message"]


def test_ids_may_be_strings(client: Client) -> None:
    ids = [record["id"] for record in client.records("/accounts", limit=5)]
    found = client.records("/accounts", q={"id": {"$in": [str(each) for each in ids]}})
    assert [record["id"] for record in found] == ids


def test_order_by_several_fields(client: Client, made: str) -> None:
    def ordered(order: Json) -> list[object]:
        return [record["name"] for record in client.records("/accounts", q={"source": made}, order=order)]

    assert ordered({"name": "asc"}) == ["Contest", "Straße_x", "Test", "Testing", "ÉCOLE 100%"]
    assert ordered({"sector": "desc", "creditlimit": "desc"})[:3] == ["Contest", "Testing", "Test"]
    assert ordered({"sector": "desc", "creditlimit": "asc"})[:3] == ["Contest", "Test", "Testing"]
    for bad in ('{"name": "up"}', '{"name": 1}', '{"nosuch": "asc"}', "[]"):
        assert client.get("/accounts", order=bad).status_code == 400


def test_pages_hold_every_record_once(client: Client) -> None:
    seen: list[object] = []
    page = 1
    while True:
        body = client.get("/contacts", limit=70, page=page, order={"modifieddate": "desc"}).json()
        seen += [item["record"]["id"] for item in body["list"]]
        if not body["metadata"]["has_more"]:
            break
        page += 1
    assert page == 6
    assert len(seen) == len(set(seen)) == body["metadata"]["total_count"]
    beyond = client.get("/contacts", limit=70, page=7).json()
    assert (beyond["list"], beyond["metadata"]["has_more"]) == ([], False)
    assert client.get("/contacts", page=10**18).json()["list"] == []


def test_limit_is_clamped_and_strict(client: Client) -> None:
    assert len(client.get("/accounts", limit=1000).json()["list"]) == 100
    assert client.get("/accounts", page=0).json() == client.get("/accounts", page=1).json()
    for name, value in (
        ("limit", "many"),
        ("limit", "0"),
        ("limit", "1.5"),
        ("page", "two"),
        ("fields", "id"),
    ):
        assert client.get("/accounts", **{name: value}).status_code == 400


def test_records_under_another(client: Client) -> None:
    body = client.get("/accounts/95920978/contacts", limit=2).json()
    assert body["metadata"]["total_count"] >= 3
    assert body["metadata"]["has_more"] is True
    assert body["list"][0]["metadata"]["parent"] == "/accounts/95920978"
    assert {item["record"]["accountid"] for item in body["list"]} == {95920978}
    last = body["list"][0]["record"]["last"]
    assert len(client.records("/accounts/95920978/contacts", q={"last": last})) == 1
    assert client.get("/accounts/1/contacts").status_code == 404
    assert client.get("/accounts/95920978/users").status_code == 404
    assert client.get("/accounts/95920978/nosuch").status_code == 500
    assert all(
        record["parentobject"] == "Account" for record in client.records("/accounts/95920978/documents")
    )
