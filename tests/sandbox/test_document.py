"""The examples of the vendor's document, asked of the emulator."""

import re

from .conftest import Client

NOW = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def test_list_of_accounts_has_the_documents_shape(client: Client) -> None:
    response = client.get("/accounts")
    assert response.headers["content-type"] == "application/json"
    assert response.text.startswith('{"metadata":{"url":"\\/account","object_type":"list","total_count":')
    body = response.json()
    assert list(body) == ["metadata", "list"]
    assert body["metadata"]["has_more"] is True
    assert len(body["list"]) == 10
    first = body["list"][0]
    assert first["metadata"] == {
        "url": "/accounts/95920978",
        "list_url": "/accounts",
        "parent": "/",
        "object_type": "record",
        "record_type": "account",
    }
    assert first["record"]["name"] == "Acme Ltd"
    assert {"addresscounty/state", "addresspostcode/zip", "ownerid", "createddate"} <= first["record"].keys()


def test_account_is_created_updated_and_deleted(client: Client) -> None:
    created = client.http.post("/accounts", json={"name": "testing API", "ownerid": 1})
    assert created.status_code == 201
    record = created.json()["record"]
    assert created.json()["metadata"]["parent"] is None
    expected = {
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
    }
    assert {name: record[name] for name in expected} == expected
    assert NOW.fullmatch(record["createddate"])
    path = f"/accounts/{record['id']}"
    updated = client.http.patch(path, json={"name": "testing API Updated"})
    assert updated.status_code == 200
    assert updated.json()["record"]["name"] == "testing API Updated"
    assert updated.json()["metadata"]["url"] == path
    deleted = client.http.delete(path)
    assert (deleted.status_code, deleted.text) == (200, "{}")
    assert client.get(path).status_code == 404


def test_errors_have_the_documents_shape(client: Client) -> None:
    unknown = client.get("/accountss")
    assert unknown.status_code == 500
    assert unknown.json() == {
        "type": "Invalid Request error",
        "code": 500,
        "message": "Invalid record type (accountss)",
    }
    refused = client.http.post("/contacts", json={"last": "Lee"})
    assert refused.status_code == 422
    assert refused.json() == {
        "type": "Validation error",
        "code": 422,
        "message": "The given data was invalid.",
        "validation": {"accountid": [{"Required": []}]},
    }


def test_lines_come_inside_opportunities(client: Client) -> None:
    (line, *_) = client.records("/opportunity_lines")
    path = f"/opportunities/{line['opportunityid']}"
    record = client.get(path, lines="true").json()["record"]
    assert list(record["lines"][0]) == ["id", "opportunityid", "product", "quantity", "unitprice"]
    assert record["lines"][0]["id"] == line["id"]
    assert "lines" not in client.get(path).json()["record"]
    assert all("lines" in record for record in client.records("/opportunities", lines="true"))
    assert client.get("/accounts", lines="true").status_code == 400


def test_lookup_is_read_and_appended_to(client: Client) -> None:
    before = client.get("/lookup/accounts/type").json()["items"]
    assert {"value": "Customer", "id": "Customer"} in before
    reply = client.http.patch("/lookup/accounttype", json={"items": ["new one", "another new one"]})
    assert reply.status_code == 200
    assert reply.json()["message"] == "Lookup values added"
    after = [
        *before,
        {"value": "new one", "id": "new one"},
        {"value": "another new one", "id": "another new one"},
    ]
    assert reply.json()["items"] == after
    assert client.get("/lookup/accounts/type").json()["items"] == after


def test_lookup_of_owners_and_levels_has_numbers_for_ids(client: Client) -> None:
    owners = client.get("/lookup/accounts/ownerid").json()["items"]
    assert {"value": "Jane Smith", "id": 90501} in owners
    assert client.get("/lookup/accounts/slaid").json()["items"][0] == {"value": "Standard", "id": 125357}
    assert client.get("/lookup/accounts/name").status_code == 404
    assert client.get("/lookup/accounts/addresscounty%2Fstate").status_code == 404
    assert client.http.patch("/lookup/nowhere", json={"items": ["a"]}).status_code == 404
    assert client.http.patch("/lookup/accounttype", json={"items": "a"}).status_code == 422


def test_dictionary_describes_every_field_of_the_answers(client: Client) -> None:
    for name in ("accounts", "contacts", "opportunities", "activities", "cases", "claims", "users"):
        fields = {field["name"]: field for field in client.get(f"/datadictionary/{name}").json()["list"]}
        assert list(fields) == list(client.records(f"/{name}")[0])
    fields = {field["name"]: field for field in client.get("/datadictionary/accounts").json()["list"]}
    described = {"name": "name", "label": "Account Name", "type": "Text", "required": True, "maxlength": 100}
    assert fields["name"] == described
    assert fields["type"]["lookup"] == "accounttype"
    assert fields["dljustification"]["label"] == "D/L Justification"
    assert fields["2yearpolicy"]["type"] == "Checkbox"
    assert client.get("/datadictionary/accountss").status_code == 500
