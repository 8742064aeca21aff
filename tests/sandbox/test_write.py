"""What the service accepts, refuses and sets itself in a write."""

import pytest

from .conftest import Client, Json

ACME = 95920978
REFUSALS: list[tuple[str, Json, Json]] = [
    ("/accounts", {}, {"name": [{"Required": []}]}),
    ("/accounts", {"name": ""}, {"name": [{"Required": []}]}),
    ("/accounts", {"name": "x" * 101}, {"name": [{"Max": ["100"]}]}),
    ("/accounts", {"name": 5}, {"name": [{"String": []}]}),
    ("/accounts", {"name": "x", "nosuch": 1}, {"nosuch": [{"Unknown": []}]}),
    ("/accounts", {"name": "x", "creditlimit": "much"}, {"creditlimit": [{"Numeric": []}]}),
    ("/accounts", {"name": "x", "creditlimit": True}, {"creditlimit": [{"Numeric": []}]}),
    ("/accounts", {"name": "x", "campaignid": 7}, {"campaignid": [{"Exists": ["campaigns", "id"]}]}),
    ("/accounts", {"name": "x", "2yearpolicy": "maybe"}, {"2yearpolicy": [{"Boolean": []}]}),
    ("/accounts", {"name": "x", "invoiceemail": "nobody"}, {"invoiceemail": [{"Email": []}]}),
    ("/accounts", {"name": "x", "renewaldate": "soon"}, {"renewaldate": [{"Date": []}]}),
    ("/accounts", {"name": "x", "renewaldate": "2026-02-30"}, {"renewaldate": [{"Date": []}]}),
    (
        "/accounts",
        {"name": "x", "renewaldate": "2026-01-01 10:00:00"},
        {"renewaldate": [{"DateFormat": ["Y-m-d"]}]},
    ),
    ("/contacts", {"last": "x", "accountid": 7}, {"accountid": [{"Exists": ["accounts", "id"]}]}),
    (
        "/contacts",
        {"accountid": 0},
        {"accountid": [{"Exists": ["accounts", "id"]}], "last": [{"Required": []}]},
    ),
    ("/activities", {"accountid": ACME, "type": "Call"}, {"date": [{"Required": []}]}),
    (
        "/activities",
        {"accountid": ACME, "type": "Call", "date": "2026-01-01T10:00:00"},
        {"date": [{"Date": []}]},
    ),
]


@pytest.mark.parametrize(("path", "body", "validation"), REFUSALS)
def test_invalid_data_is_refused_by_field(client: Client, path: str, body: Json, validation: Json) -> None:
    response = client.http.post(path, json=body)
    assert response.status_code == 422
    assert response.json()["validation"] == validation


def test_values_take_the_types_of_their_fields(client: Client) -> None:
    sent: Json = {
        "name": "Types",
        "ownerid": "90501",
        "creditlimit": "12.50",
        "noofmonitoredaccounts": "",
        "2yearpolicy": 1,
        "247alerts": None,
        "campaignid": 0,
        "sector": "",
        "notes": None,
        "discount": 5,
    }
    record = client.http.post("/accounts", json=sent).json()["record"]
    got = {name: record[name] for name in sent}
    assert got == {
        **sent,
        "ownerid": 90501,
        "creditlimit": 12.5,
        "noofmonitoredaccounts": None,
        "2yearpolicy": "1",
    }
    contact = client.http.post(
        "/contacts", json={"accountid": ACME, "last": "x", "decisionmaker": "1"}
    ).json()
    assert contact["record"]["decisionmaker"] == 1
    activity = client.http.post(
        "/activities", json={"accountid": ACME, "type": "Call", "date": "2023-01-20 22:14:30.123456"}
    )
    assert activity.json()["record"]["date"] == "2023-01-20 22:14:30"


def test_what_the_service_sets_is_ignored(client: Client) -> None:
    sent = {"id": 5, "name": "Mine", "createddate": "2001-01-01 00:00:00", "createdby": 1, "leadscore": 99}
    record = client.http.post("/accounts", json=sent).json()["record"]
    assert record["id"] != 5
    assert record["createddate"] > "2020"
    assert (record["createdby"], record["modifiedby"], record["leadscore"]) == (90505, 90505, None)
    assert client.http.patch(f"/accounts/{record['id']}", json={"id": 6}).json()["record"] == record


def test_only_a_change_moves_the_stamp(client: Client) -> None:
    (before,) = client.records("/accounts", q={"id": ACME + 3})
    path = f"/accounts/{ACME + 3}"
    assert client.http.patch(path, json={"name": before["name"]}).json()["record"] == before
    after = client.http.patch(path, json={"phone": "1"}).json()["record"]
    assert after["modifieddate"] > str(before["modifieddate"])
    assert after["modifiedby"] == 90505
    assert after["createddate"] == before["createddate"]
    newest = client.records("/accounts", order={"modifieddate": "desc"}, limit=100)
    assert ACME + 3 in [record["id"] for record in newest]


def test_form_encoded_bodies_are_read(client: Client) -> None:
    record = client.http.post("/accounts", data={"name": "Formé & Co", "creditlimit": "3"}).json()["record"]
    assert (record["name"], record["creditlimit"]) == ("Formé & Co", 3)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"name": NaN}', b"[" * 20_000])
def test_bodies_that_are_no_json_object_are_refused(client: Client, body: bytes) -> None:
    response = client.http.post("/accounts", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert response.json()["message"]


def test_text_of_any_kind_comes_back_as_sent(client: Client) -> None:
    name = '\ud800 \u202e[/] \x1b]0;x\x07 \x9b 👨‍👩‍👧 \x00 / \\ " \udfff'
    body = b'{"name":"' + "".join(f"\\u{ord(c):04x}" for c in name if ord(c) < 0x10000).encode() + b'"}'
    response = client.http.post("/accounts", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 201
    wanted = "".join(c for c in name if ord(c) < 0x10000)
    assert response.json()["record"]["name"] == wanted
    assert "\\ud800" in response.text
    found = client.get("/accounts", q='{"name": {"$sw": "\\ud800 \\u202e"}}').json()["list"]
    assert [item["record"]["name"] for item in found] == [wanted]


def test_a_changed_opportunity_gets_a_history_row(client: Client) -> None:
    path = "/opportunities/7300205"
    before = client.records(f"{path}/opportunityhistories")
    client.http.patch(path, json={"nextstep": "Wait"})
    assert client.records(f"{path}/opportunityhistories") == before
    client.http.patch(path, json={"status": "Won", "value": 123.5})
    (row,) = [each for each in client.records(f"{path}/opportunityhistories") if each not in before]
    assert (row["opportunitystatus"], row["value"], row["modifiedby"]) == ("Won", 123.5, 90505)
    assert "opportunityid" not in row
    listed = client.get("/opportunityhistories", q={"id": row["id"]}).json()["list"][0]
    assert listed["metadata"]["parent"] == path


def test_ids_of_deleted_records_do_not_come_back(client: Client) -> None:
    first = client.http.post("/claims", json={"name": "a", "accountid": ACME}).json()["record"]["id"]
    client.http.delete(f"/claims/{first}")
    second = client.http.post("/claims", json={"name": "b", "accountid": ACME}).json()["record"]["id"]
    assert second == first + 1


def test_lines_are_written_as_records(client: Client) -> None:
    sent = {"opportunityid": 7300205, "product": "Onboarding Day", "quantity": 2, "unitprice": 950}
    record = client.http.post("/opportunity_lines", json=sent).json()["record"]
    lines = client.get("/opportunities/7300205", lines="true").json()["record"]["lines"]
    assert {"id": record["id"], **sent} in lines
    refused = client.http.patch("/opportunities/7300205", json={"lines": []})
    assert refused.json()["validation"] == {"lines": [{"Unknown": []}]}


def test_methods_and_paths_that_are_not_there(client: Client) -> None:
    statuses = {
        (method, path): client.http.request(method, path).status_code
        for method, path in [
            ("PATCH", "/accounts"),
            ("DELETE", "/accounts"),
            ("PUT", f"/accounts/{ACME}"),
            ("POST", f"/accounts/{ACME}"),
            ("POST", "/users"),
            ("DELETE", "/users/90501"),
            ("OPTIONS", "/accounts"),
            ("POST", "/datadictionary/accounts"),
        ]
    }
    assert set(statuses.values()) == {405}
    for path in ("/", "/accounts/abc", "/accounts/1", "/accounts/9" + "9" * 30, "/accounts/", "/a/b/c/d"):
        assert client.get(path).status_code == 404
    for path in ("/%00", "/..%2f..%2fetc%2fpasswd", "/%ff"):
        assert client.get(path).status_code == 500
        assert client.get(path).json()["message"].startswith("Invalid record type")
    head = client.http.head("/accounts")
    assert (head.status_code, head.content) == (200, b"")


def test_body_too_long_is_refused(client: Client) -> None:
    response = client.http.post("/accounts", content=b"x" * (5 * 1024 * 1024))
    assert response.status_code == 413
    assert client.get("/accounts").status_code == 200
