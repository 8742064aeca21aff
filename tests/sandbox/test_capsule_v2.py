"""Records of the emulated Capsule over API v2: what is made, changed and deleted, and by which rules."""

from datetime import UTC, datetime

import httpx
import pytest

from .conftest import CapsuleClient, StartCapsule, faults


def today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


def test_without_a_token_nothing_is_told(capsule: CapsuleClient) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp4"}):
        response = httpx.get(f"{capsule.url}/api/v2/parties", headers=headers, trust_env=False)
        assert (response.status_code, response.json()) == (401, {"message": "Requires authentication"})
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="capsule", error="invalid_token"'


def test_a_person_of_the_world(capsule: CapsuleClient) -> None:
    person = capsule.get("/parties/1002")
    assert (person["type"], person["firstName"], person["lastName"]) == ("person", "Ann", "Lee")
    assert person["organisation"]["name"] == "Acme Ltd"
    assert [row["type"] for row in person["phoneNumbers"]] == ["Work", "Mobile"]
    assert [row["type"] for row in person["addresses"]] == ["Office", "Home"]
    assert person["updatedAt"] < f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert "name" not in person
    assert "tags" not in person
    organisation = capsule.get("/parties/1001", embed="tags,fields")
    assert (organisation["name"], organisation["tags"][0]["name"]) == ("Acme Ltd", "Customer")
    assert "lastName" not in organisation


def test_a_party_is_made_read_changed_and_deleted(capsule: CapsuleClient) -> None:
    made = capsule.new("/parties", type="organisation", name="Ægir & Söhne", about="")
    assert (made["owner"]["username"], made["addresses"], made["about"]) == ("ted", [], None)
    path = f"/parties/{made['id']}"
    assert capsule.get(path) == made
    assert capsule.put(path, about="New\nlines", owner={"username": "jane.smith"})["owner"]["id"] == 62
    assert capsule.get(path)["name"] == "Ægir & Söhne"
    gone = capsule.http.delete(path)
    assert (gone.status_code, gone.content) == (204, b"")
    for again in (capsule.http.delete(path), capsule.http.get(path), capsule.change(path, about="x")):
        assert (again.status_code, again.json()) == (404, {"message": "party not found"})
        assert "X-RateLimit-Remaining" not in again.headers


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/parties", {}, [("type is required", "party", "type")]),
        ("/parties", {"type": "organisation"}, [("name is required", "party", "name")]),
        ("/parties", {"type": "person"}, [("firstName or lastName is required", "party", "lastName")]),
        (
            "/parties",
            {"type": "person", "lastName": "X", "title": "Baron", "jobTitel": "x"},
            [("unknown title", "party", "title"), ("unknown property jobTitel", "party", "jobTitel")],
        ),
        (
            "/parties",
            {"type": "person", "lastName": "X", "phoneNumbers": [{"type": "Work"}]},
            [("number is required", "phoneNumber", "number")],
        ),
        (
            "/parties",
            {"type": "person", "lastName": "X", "addresses": [{"country": "UK"}]},
            [("unknown country", "address", "country")],
        ),
        (
            "/parties",
            {"type": "person", "lastName": "X", "emailAddresses": [{"address": "a@b", "type": "Boat"}]},
            [("options are: Home, Work", "emailAddress", "type")],
        ),
        (
            "/parties",
            {"type": "person", "lastName": 5, "organisation": {"id": 1002}},
            [("must be a string", "party", "lastName")],
        ),
        (
            "/parties",
            {"type": "person", "lastName": "X", "organisation": {"id": 1002}},
            [("organisation not found", "party", "organisation")],
        ),
        (
            "/parties",
            {"type": "organisation", "name": "X", "owner": {"id": 67}, "team": {"id": 71}},
            [("owner is not a member of the team", "party", "owner")],
        ),
        (
            "/opportunities",
            {"name": "X"},
            [
                ("party is required", "opportunity", "party"),
                ("milestone is required", "opportunity", "milestone"),
            ],
        ),
        (
            "/opportunities",
            {"name": "X", "party": {"id": 1}, "milestone": {"id": 81}},
            [("party not found", "opportunity", "party")],
        ),
        (
            "/opportunities",
            {"name": "X", "party": {"id": 1001}, "milestone": {"id": 81}, "value": {"amount": "5"}},
            [("must be a number", "opportunity", "value")],
        ),
        (
            "/opportunities",
            {"name": "X", "party": {"id": 1001}, "milestone": {"id": 81}, "durationBasis": "MONTH"},
            [("duration is required", "opportunity", "duration")],
        ),
        (
            "/opportunities",
            {"name": "X", "party": {"id": 1001}, "milestone": {"id": 85}, "probability": 30},
            [
                (
                    "probability can be updated only for open opportunity",
                    "opportunity",
                    "probability",
                )
            ],
        ),
        ("/kases", {"party": {"id": 1001}}, [("name is required", "kase", "name")]),
        (
            "/tasks",
            {"description": "X", "dueOn": "2026-02-30"},
            [("invalid date", "task", "dueOn")],
        ),
        (
            "/tasks",
            {"description": "X", "dueOn": "2026-02-03", "status": "PENDING"},
            [("cannot set task status to PENDING", "task", "status")],
        ),
        (
            "/entries",
            {"content": "X"},
            [("entry must be linked to either a party, opportunity or kase", "entry", "party")],
        ),
        (
            "/entries",
            {"content": "X", "party": {"id": 1001}, "kase": {"id": 1181}},
            [("entry must be linked to either a party, opportunity or kase", "entry", "party")],
        ),
        ("/entries", {"party": {"id": 1001}}, [("content is required", "entry", "content")]),
    ],
)
def test_what_the_rules_refuse(
    capsule: CapsuleClient, path: str, body: dict[str, object], expected: list[tuple[str, str, str]]
) -> None:
    words = {"/parties": "party", "/opportunities": "opportunity", "/kases": "kase", "/tasks": "task"}
    response = capsule.http.post(path, json={words.get(path, "entry"): body})
    assert faults(response) == expected


def test_what_is_no_body(capsule: CapsuleClient) -> None:
    http = capsule.http
    assert http.post("/parties", content=b"{").status_code == 415
    assert (
        http.post("/parties", content=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    )
    assert faults(http.post("/parties", json={"parties": {}})) == [("party is required", "party", None)]


def test_rows_are_added_changed_and_taken_away_one_by_one(capsule: CapsuleClient) -> None:
    numbers = [{"type": "Work", "number": "1"}, {"type": "mobile", "number": "2"}, {"number": "3"}]
    made = capsule.new(
        "/parties",
        type="person",
        lastName="Rows",
        phoneNumbers=numbers,
        websites=[{"service": "TWITTER", "address": "@rows"}],
    )
    assert made["websites"][0]["url"] == "https://twitter.com/rows"
    first, second, third = made["phoneNumbers"]
    assert (second["type"], third["type"]) == ("Mobile", None)
    path = f"/parties/{made['id']}"
    rows = [{"id": second["id"], "number": "22"}, {"number": "4"}, {"id": first["id"], "_delete": True}]
    changed = capsule.put(path, phoneNumbers=rows)
    assert [row["number"] for row in changed["phoneNumbers"]] == ["22", "3", "4"]
    assert changed["phoneNumbers"][0] == {"id": second["id"], "type": "Mobile", "number": "22"}
    assert changed["websites"] == made["websites"]
    # An empty array and another word than _delete change nothing.
    same = capsule.put(path, phoneNumbers=[{"id": third["id"], "_destroy": True}], websites=[])
    assert same["phoneNumbers"] == changed["phoneNumbers"]
    assert same["websites"] == made["websites"]
    assert capsule.change(path, phoneNumbers=[{"id": first["id"], "number": "5"}]).status_code == 404
    assert capsule.get(path)["phoneNumbers"] == changed["phoneNumbers"]


def test_tags_by_name_and_id(capsule: CapsuleClient) -> None:
    made = capsule.new("/parties", type="person", lastName="Tags")
    path = f"/parties/{made['id']}"
    capsule.put(path, tags=[{"name": "customer"}, {"name": "Brand new"}, {"id": 205}])
    tags = capsule.get(path, embed="tags")["tags"]
    assert [tag["name"] for tag in tags] == ["Customer", "Brand new", "Membership"]
    assert [tag["dataTag"] for tag in tags] == [False, False, True]
    assert tags[1]["id"] in [tag["id"] for tag in capsule.get("/parties/tags")]
    capsule.put(path, tags=[{"id": 201, "_delete": True}])
    assert [tag["id"] for tag in capsule.get(path, embed="tags")["tags"]] == [tags[1]["id"], 205]
    gone = capsule.change(path, tags=[{"id": 201, "_delete": True}])
    assert faults(gone) == [("tag not found to delete", "tag", "id")]
    assert faults(capsule.change(path, tags=[{"id": 999}])) == [("tag not found", "tag", "id")]


def test_custom_fields_by_definition(capsule: CapsuleClient) -> None:
    made = capsule.new("/parties", type="person", lastName="Fields")
    path = f"/parties/{made['id']}"

    def put(number: int, value: object) -> httpx.Response:
        return capsule.change(path, fields=[{"definition": {"id": number}, "value": value}])

    def values() -> dict[str, object]:
        fields = capsule.get(path, embed="tags,fields")["fields"]
        return {row["definition"]["name"]: row["value"] for row in fields}

    given = {301: "R&D", 302: "1990-01-31", 305: 7.5, 306: True, 307: "https://x.example", 308: "a\nb"}
    for number, value in given.items():
        assert put(number, value).status_code == 200
    assert values() == {
        "Lead source": "R&D",
        "Birthday": "1990-01-31",
        "Lead score": "7.5",
        "Sends a catalogue": True,
        "Wiki page": "https://x.example",
        "Background": "a\nb",
    }
    put(301, None)
    put(306, False)
    assert ("Lead source" in values(), values()["Sends a catalogue"]) == (False, False)
    wrong = [("invalid type for field", "field", "value")]
    assert [faults(put(306, None)), faults(put(305, "many"))] == [wrong, wrong]
    assert faults(put(301, "Rumour")) == [("value is not one of the options", "field", "value")]
    assert faults(put(999, "x")) == [("field definition not found", "field", "definition")]
    row = next(row for row in capsule.get(path, embed="fields")["fields"] if row["value"] is False)
    capsule.put(path, fields=[{"id": row["id"], "_delete": True}])
    assert "Sends a catalogue" not in values()


def test_a_data_tag_is_not_attached_by_its_fields(capsule: CapsuleClient) -> None:
    made = capsule.new("/parties", type="person", lastName="Member")
    capsule.put(f"/parties/{made['id']}", fields=[{"definition": {"id": 311}, "value": "partner"}])
    read = capsule.get(f"/parties/{made['id']}", embed="tags,fields")
    assert (read["tags"], read["fields"][0]["tagId"]) == ([], 205)


def test_milestones_close_and_reopen_an_opportunity(capsule: CapsuleClient) -> None:
    made = capsule.new(
        "/opportunities",
        name="Deal",
        party={"id": 1001},
        milestone={"name": "bid"},
        value={"amount": 12.5},
        expectedCloseOn="2027-01-01",
    )
    assert (made["milestone"], made["probability"], made["closedOn"]) == ({"id": 83, "name": "Bid"}, 50, None)
    assert made["value"] == {"amount": 12.5, "currency": "GBP"}
    path = f"/opportunities/{made['id']}"
    assert capsule.put(path, probability=45)["probability"] == 45
    won = capsule.put(path, milestone={"id": 85})
    assert (won["closedOn"], won["probability"]) == (today(), 100)
    assert won["lastOpenMilestone"]["name"] == "Bid"
    lost = capsule.put(path, milestone={"id": 86}, lostReason={"id": 141})
    assert (lost["probability"], lost["lostReason"]["name"]) == (0, "Competitor")
    assert capsule.put(path, value={"currency": "EUR"})["value"] == {"amount": 12.5, "currency": "EUR"}
    reopened = capsule.put(path, milestone={"id": 81})
    assert [reopened[name] for name in ("closedOn", "lostReason", "lastOpenMilestone")] == [None] * 3
    # A milestone of another pipeline is taken without a word.
    assert capsule.put(path, milestone={"id": 91})["probability"] == 60
    assert capsule.put(path, durationBasis="month", duration=6)["duration"] == 6
    assert capsule.put(path, durationBasis="FIXED")["duration"] is None


def test_the_owner_and_team_of_a_kase_are_a_pair(capsule: CapsuleClient) -> None:
    plain = capsule.new("/kases", name="Plain", party={"id": 1001})
    assert (plain["owner"], plain["team"], plain["status"]) == (None, None, "OPEN")
    staged = capsule.new("/kases", name="Staged", party={"id": 1001}, stage=101, owner={"id": 61})
    assert (staged["owner"], staged["team"]["id"], staged["stage"]["name"]) == (None, 72, "Planning")
    path = f"/kases/{staged['id']}"
    assert capsule.put(path, name="Same")["team"]["id"] == 72
    owned = capsule.put(path, owner={"id": 61})
    assert (owned["owner"]["id"], owned["team"]) == (61, None)
    both = capsule.put(path, owner={"id": 61}, team={"id": 72})
    assert (both["owner"]["id"], both["team"]["id"]) == (61, 72)
    assert faults(capsule.change(path, owner=None)) == [("owner or team is required", "kase", "owner")]
    wrong = capsule.change(path, owner={"id": 62}, team={"id": 72})
    assert faults(wrong) == [("owner is not a member of the team", "kase", "owner")]


def test_a_kase_is_closed_and_opened(capsule: CapsuleClient) -> None:
    path = f"/kases/{capsule.new('/kases', name='Close me', party={'id': 1001})['id']}"
    closed = capsule.put(path, status="CLOSED")
    assert (closed["status"], closed["closedOn"]) == ("CLOSED", today())
    assert capsule.put(path, status="open")["closedOn"] is None


def test_a_task_is_completed_and_reopened(capsule: CapsuleClient) -> None:
    kase = capsule.new("/kases", name="With a task", party={"id": 1001})
    made = capsule.new(
        "/tasks", description="Ring", dueOn="2027-03-04", dueTime="09:30", kase={"id": kase["id"]}
    )
    assert (made["owner"]["id"], made["kase"]["name"], made["status"]) == (61, "With a task", "OPEN")
    path = f"/tasks/{made['id']}"
    two = capsule.change(path, party={"id": 1001})
    assert faults(two)[0][2] == "party"
    done = capsule.put(path, status="COMPLETED")
    assert (done["completedBy"]["username"], done["completedAt"][:10]) == ("ted", today())
    (entry,) = capsule.get(f"/kases/{kase['id']}/entries")
    assert (entry["type"], entry["activityType"]["name"]) == ("task", "Task completed")
    assert capsule.put(path, status="OPEN")["completedAt"] is None
    moved = capsule.put(path, kase=None, party={"id": 1001}, category={"name": "Call"})
    assert (moved["kase"], moved["party"]["name"], moved["category"]["id"]) == (None, "Acme Ltd", 121)
    assert faults(capsule.change(path, owner=None)) == [("owner is required", "task", "owner")]


def test_notes_stand_in_the_timeline(capsule: CapsuleClient) -> None:
    party = capsule.new("/parties", type="person", lastName="Noted")
    older = capsule.new(
        "/entries", party={"id": party["id"]}, content="*Old*", entryAt="2020-01-01T10:00:00+02:00"
    )
    assert (older["entryAt"], older["activityType"]["id"]) == ("2020-01-01T08:00:00Z", -1)
    newer = capsule.new("/entries", party={"id": party["id"]}, content="New", activityType={"id": 151})
    listed = capsule.get(f"/parties/{party['id']}/entries")
    assert [entry["id"] for entry in listed] == [newer["id"], older["id"]]
    assert capsule.get("/entries", perPage=1)[0]["id"] == newer["id"]
    # A call counts as contact, a note does not.
    assert capsule.get(f"/parties/{party['id']}")["lastContactedAt"] == newer["entryAt"]
    path = f"/entries/{older['id']}"
    assert capsule.put(path, content="Changed")["content"] == "Changed"
    assert capsule.http.delete(path).status_code == 204
    assert capsule.http.get(path).json() == {"message": "entry not found"}


def test_additional_parties(capsule: CapsuleClient) -> None:
    deal = capsule.new("/opportunities", name="Many", party={"id": 1001}, milestone={"id": 81})
    path = f"/opportunities/{deal['id']}/parties"
    added = capsule.http.post(f"{path}/1002")
    assert (added.status_code, added.content) == (204, b"")
    assert [party["id"] for party in capsule.get(path)] == [1002]
    related = capsule.http.post(f"{path}/1001")
    assert faults(related)[0][0] == "party is already related to this opportunity"
    again = capsule.http.post(f"{path}/1002")
    assert faults(again)[0][0] == "party is already a contact for this opportunity"
    assert capsule.http.post(f"{path}/1").status_code == 404
    assert [capsule.http.delete(f"{path}/1002").status_code for _ in range(2)] == [204, 404]


def test_deleting_a_party_takes_what_belongs_to_it(capsule: CapsuleClient) -> None:
    firm = capsule.new("/parties", type="organisation", name="Short-lived")
    worker = capsule.new("/parties", type="person", lastName="Stays", organisation={"id": firm["id"]})
    deal = capsule.new("/opportunities", name="D", party={"id": firm["id"]}, milestone={"id": 81})
    note = capsule.new("/entries", opportunity={"id": deal["id"]}, content="n")
    task = capsule.new("/tasks", description="t", dueOn="2027-01-01", opportunity={"id": deal["id"]})
    other = capsule.new("/kases", name="Other's", party={"id": 1001}, opportunity={"id": deal["id"]})
    assert [row["id"] for row in capsule.get(f"/parties/{firm['id']}/people")] == [worker["id"]]
    assert capsule.http.delete(f"/parties/{firm['id']}").status_code == 204
    for path in (f"/opportunities/{deal['id']}", f"/entries/{note['id']}", f"/tasks/{task['id']}"):
        assert capsule.http.get(path).status_code == 404
    assert capsule.get(f"/parties/{worker['id']}")["organisation"] is None
    assert capsule.get(f"/kases/{other['id']}")["opportunity"] is None
    for entity, word, number in (
        ("parties", "deletedParties", firm["id"]),
        ("opportunities", "deletedOpportunities", deal["id"]),
    ):
        feed = capsule.http.get(f"/{entity}/deleted", params={"since": f"{today()}T00:00:00Z"}).json()
        assert feed[word][-1]["id"] == number
        assert feed[word][-1]["deletedAt"].startswith(today())


def test_an_organisation_by_name_is_found_or_made(start_capsule: StartCapsule) -> None:
    capsule = start_capsule()
    found = capsule.new("/parties", type="person", lastName="A", organisation={"name": "acme ltd"})
    assert found["organisation"]["id"] == 1001
    made = capsule.new("/parties", type="person", lastName="B", organisation={"name": "Newly made"})
    assert capsule.get(f"/parties/{made['organisation']['id']}")["name"] == "Newly made"
    assert capsule.put(f"/parties/{made['id']}", organisation=None)["organisation"] is None
