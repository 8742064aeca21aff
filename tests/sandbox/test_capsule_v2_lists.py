"""Lists of the emulated Capsule over API v2: pages, changes, search, several by id, filters, choices."""

from datetime import UTC, datetime, timedelta

import pytest

from .conftest import CapsuleClient, StartCapsule, faults


def test_pages_by_link_and_header(capsule: CapsuleClient) -> None:
    seen: list[int] = []
    response = capsule.http.get("/parties", params={"perPage": 40, "embed": "tags,fields"})
    pages = 1
    while True:
        seen += [party["id"] for party in response.json()["parties"]]
        more = response.headers["X-Pagination-Has-More"]
        assert more == str("next" in response.links).lower()
        assert ("prev" in response.links) is (pages > 1)
        if more == "false":
            break
        assert "embed=" in response.links["next"]["url"]
        response = capsule.http.get(response.links["next"]["url"])
        pages += 1
    assert pages >= 3
    assert seen == sorted(set(seen))
    assert len(seen) >= 90
    assert len(capsule.get("/parties")) == 50


@pytest.mark.parametrize(
    ("path", "parameters", "field"),
    [
        ("/parties", {"perPage": "101"}, "perPage"),
        ("/parties", {"perPage": "0"}, "perPage"),
        ("/parties", {"page": "0"}, "page"),
        ("/parties", {"page": "x"}, "page"),
        ("/parties", {"embed": "tags,organization"}, "embed"),
        ("/tasks", {"embed": "tags"}, "embed"),
        ("/parties", {"since": "yesterday"}, "since"),
        ("/parties/deleted", {}, "since"),
        ("/parties/search", {"q": " "}, "q"),
        ("/parties/1001/entries", {"perPage": "51"}, "perPage"),
        ("/tasks", {"status": "late"}, "status"),
        ("/parties/" + ",".join(str(number) for number in range(1001, 1012)), {}, "id"),
    ],
)
def test_parameters_that_are_refused(
    capsule: CapsuleClient, path: str, parameters: dict[str, str], field: str
) -> None:
    assert [fault[1:] for fault in faults(capsule.http.get(path, params=parameters))] == [("query", field)]


def test_what_changed_since(start_capsule: StartCapsule) -> None:
    capsule = start_capsule(60)
    stamps = sorted(party["updatedAt"] for party in capsule.get("/parties", perPage=100))
    since = stamps[-10]
    found = capsule.get("/parties", since=since, perPage=100)
    assert len(found) == sum(stamp >= since for stamp in stamps)
    assert min(party["updatedAt"] for party in found) == since
    changed = capsule.put("/kases/1121", name="Just now")
    assert [kase["id"] for kase in capsule.get("/kases", since=changed["updatedAt"])] == [1121]
    later = datetime.now(UTC) + timedelta(hours=1)
    assert capsule.get("/parties", since=later.isoformat()) == []


def test_embeds_tell_more(capsule: CapsuleClient) -> None:
    (deal,) = [row for row in capsule.get("/opportunities", embed="party,milestone") if row["id"] == 1092]
    assert deal["party"]["emailAddresses"][0]["address"] == "ann.lee@acme.example"
    assert deal["milestone"]["pipeline"]["name"] == "Renewals"
    person = capsule.get("/parties/1002", embed="organisation,missingImportantFields")
    assert person["organisation"]["addresses"][0]["city"] == "London"
    assert person["missingImportantFields"] is True
    assert capsule.get("/parties/1005", embed="missingImportantFields")["missingImportantFields"] is False
    (task,) = [row for row in capsule.get("/tasks", embed="owner") if row["id"] == 1272]
    assert task["owner"]["timezone"] == "Europe/London"


def test_several_by_id(capsule: CapsuleClient) -> None:
    assert [party["id"] for party in capsule.get("/parties/1003,1001")] == [1003, 1001]
    assert [kase["id"] for kase in capsule.get("/kases/1181,1182", embed="tags")] == [1181, 1182]
    for path in ("/parties/1001,5", "/entries/1361,1362", "/parties/x", "/parties/1001,"):
        response = capsule.http.get(path)
        assert response.status_code == 404, path


def test_search_looks_at_names_and_addresses(capsule: CapsuleClient) -> None:
    assert {1001, 1002} <= {party["id"] for party in capsule.get("/parties/search", q="ACME")}
    assert [party["id"] for party in capsule.get("/parties/search", q="ann.lee@mail")] == [1002]
    assert capsule.get("/kases/search", q="no such name") == []
    # A plain list knows no words.
    assert len(capsule.get("/parties", q="ACME", perPage=100)) > 50


def test_lists_of_what_belongs_to_a_record(capsule: CapsuleClient) -> None:
    people = capsule.get("/parties/1001/people")
    assert {person["organisation"]["id"] for person in people} == {1001}
    assert {deal["party"]["id"] for deal in capsule.get("/parties/1001/opportunities")} == {1001}
    assert {kase["party"]["id"] for kase in capsule.get("/parties/1002/kases")} == {1002}
    assert capsule.get("/opportunities/1091/parties")[0]["id"] == 1003
    entries = capsule.get("/parties/1002/entries")
    assert [entry["entryAt"] for entry in entries] == sorted(
        (each["entryAt"] for each in entries), reverse=True
    )
    assert capsule.http.get("/parties/1/people").json() == {"message": "party not found"}
    assert capsule.http.get("/parties/1001/boats").json() == {"message": "Could not find resource"}


def test_tasks_by_status_and_owner(capsule: CapsuleClient) -> None:
    def statuses(**parameters: object) -> set[str]:
        return {task["status"] for task in capsule.get("/tasks", **parameters)}

    assert statuses() == {"OPEN"}
    assert statuses(status="completed") == {"COMPLETED"}
    assert statuses(status="open,completed,pending") == {"OPEN", "COMPLETED"}
    assert {task["owner"]["id"] for task in capsule.get("/tasks", owner=62)} == {62}
    assert {kase["status"] for kase in capsule.get("/kases", status="CLOSED")} == {"CLOSED"}


@pytest.mark.parametrize(
    ("entity", "condition"),
    [
        ("parties", ("name", "starts with", "acme")),
        ("parties", ("type", "is", "organisation")),
        ("parties", ("email", "contains", "@ACME.example")),
        ("parties", ("phone", "contains", "7946")),
        ("parties", ("city", "is", "London")),
        ("parties", ("country", "is not", "United Kingdom")),
        ("parties", ("tag", "is", "Customer")),
        ("parties", ("tag", "is not", 201)),
        ("parties", ("owner", "is", 61)),
        ("parties", ("owner", "is", None)),
        ("parties", ("hasPeople", "is", True)),
        ("parties", ("hasAddress", "is", False)),
        ("parties", ("updatedOn", "is within last", 10)),
        ("parties", ("updatedOn", "is older than", 10)),
        ("parties", ("lastContactedOn", "is after", "2020-01-01")),
        ("parties", ("custom:305", "is greater than", 40)),
        ("parties", ("custom:306", "is", True)),
        ("parties", ("custom:302", "is before", "2014-01-01")),
        ("parties", ("custom:301", "contains", "web")),
        ("parties", ("org.name", "contains", "acme")),
        ("parties", ("org.tag", "is", "Customer")),
        ("parties", ("org.custom:303", "is", "Design")),
        ("opportunities", ("status", "is", "WON")),
        ("opportunities", ("milestone", "is", "Bid")),
        ("opportunities", ("pipeline", "is", "Renewals")),
        ("opportunities", ("pipeline", "is", 11588)),
        ("opportunities", ("expectedValue", "is less than", 1000)),
        ("opportunities", ("currency", "is", "EUR")),
        ("opportunities", ("lostReason", "is not", None)),
        ("opportunities", ("isOpen", "is", True)),
        ("opportunities", ("isStale", "is", True)),
        ("opportunities", ("expectedCloseOn", "is within next", 60)),
        ("kases", ("stage", "is", "Planning")),
        ("kases", ("board", "is", 35)),
        ("kases", ("status", "is", "CLOSED")),
        ("kases", ("isOwnedByMe", "is", True)),
        ("kases", ("custom:351", "is", "High")),
    ],
)
def test_every_filter_finds_some_and_not_all(
    capsule: CapsuleClient, entity: str, condition: tuple[str, str, object]
) -> None:
    found = [record["id"] for record in capsule.filtered(entity, condition)]
    everything = [record["id"] for record in capsule.filtered(entity)]
    assert 0 < len(found) < len(everything)
    assert set(found) <= set(everything)


def test_conditions_all_hold(capsule: CapsuleClient) -> None:
    given = ("type", "is", "person"), ("org.name", "is", "acme ltd"), ("custom:306", "is", True)
    found = capsule.filtered("parties", *given, embed="fields")
    assert 1002 in [party["id"] for party in found]
    assert {(party["type"], party["organisation"]["id"]) for party in found} == {("person", 1001)}
    first = capsule.filter("parties", ("type", "is", "person"), perPage=5, embed="tags")
    assert (first.headers["X-Pagination-Has-More"], len(first.json()["parties"])) == ("true", 5)
    assert first.links["next"]["url"].startswith(f"{capsule.url}/api/v2/parties/filters/results?")


@pytest.mark.parametrize(
    ("entity", "condition", "message"),
    [
        ("parties", ("updatedAt", "is", "2020-01-01"), "invalid field name"),
        ("parties", ("custom:999", "is", "x"), "invalid field name"),
        ("kases", ("org.name", "is", "x"), "invalid field name"),
        ("opportunities", ("custom:301", "is", "x"), "invalid field name"),
        ("parties", ("name", "is greater than", 5), "invalid operator for field"),
        ("parties", ("owner", "contains", "ted"), "invalid operator for field"),
        ("parties", ("updatedOn", "is greater than", 5), "invalid operator for field"),
        ("parties", ("name", "equals", "x"), "invalid operator for field"),
        ("parties", ("name", "is", 5), "invalid value for field"),
        ("parties", ("owner", "is", "ted"), "invalid value for field"),
        ("parties", ("hasTags", "is", "true"), "invalid value for field"),
        ("parties", ("updatedOn", "is after", "soon"), "invalid value for field"),
        ("parties", ("updatedOn", "is within last", "7"), "invalid value for field"),
    ],
)
def test_filters_that_are_refused(
    capsule: CapsuleClient, entity: str, condition: tuple[str, str, object], message: str
) -> None:
    assert faults(capsule.filter(entity, condition)) == [(message, "condition", condition[0])]


def test_a_filter_without_conditions_or_with_an_order(capsule: CapsuleClient) -> None:
    def answer(**members: object) -> list[tuple[str, str, str | None]]:
        return faults(capsule.http.post("/parties/filters/results", json={"filter": members}))

    assert answer() == [("conditions is required", "filter", "conditions")]
    assert answer(conditions=[], orderBy=[]) == [("unknown property orderBy", "filter", None)]


def test_choices_for_forms(capsule: CapsuleClient) -> None:
    assert capsule.get("/users/current")["username"] == "ted"
    assert {user["status"] for user in capsule.get("/users")} == {"ACTIVE", "INACTIVE"}
    assert capsule.get("/users/62")["name"] == "Jane Smith"
    assert [row["name"] for row in capsule.get("/milestones")][-2:] == ["Won", "Lost"]
    assert capsule.get("/pipelines/11589/milestones")[0]["name"] == "Due"
    assert {row["board"]["name"] for row in capsule.get("/stages")} == {"Projects", "Design"}
    assert [row["name"] for row in capsule.get("/boards", q="des")] == ["Design"]
    assert [row["id"] for row in capsule.get("/boards/34/stages")] == [101, 102, 103]
    keys = {
        "teams": "name",
        "categories": "colour",
        "activitytypes": "name",
        "lostreasons": "includedForConversion",
        "trackdefinitions": "captureRule",
        "titles": "title",
        "countries": "alpha2Code",
        "currencies": "symbol",
    }
    for path, key in keys.items():
        assert all(key in row for row in capsule.get(f"/{path}")), path
    assert capsule.get("/site")["subdomain"] == "fictional"
    assert capsule.http.get("/users/me").status_code == 404
    assert capsule.http.get("/tracks").status_code == 405


def test_definitions_of_custom_fields(capsule: CapsuleClient) -> None:
    definitions = capsule.get("/parties/fields/definitions")
    types = {"list", "date", "text", "number", "boolean", "link", "largetext"}
    assert {row["type"] for row in definitions} == types
    assert {row.get("captureRule") for row in definitions} == {None, "person", "organisation"}
    assert {row["tag"]["name"] for row in definitions if "tag" in row} == {"Membership"}
    assert not any("pattern" in row for row in definitions)
    assert capsule.get("/parties/fields/definitions/303")["options"][0] == "Design"
    assert capsule.http.get("/parties/fields/definitions/1").status_code == 404


def test_tags_are_kept_by_entity(start_capsule: StartCapsule) -> None:
    capsule = start_capsule(6)
    made = capsule.new("/parties/tags", name="Fresh", description="New ones")
    assert capsule.get(f"/parties/tags/{made['id']}") == made
    assert made["name"] not in [tag["name"] for tag in capsule.get("/kases/tags")]
    taken = capsule.http.post("/parties/tags", json={"tag": {"name": "customer"}})
    assert faults(taken) == [("name has already been taken", "tag", "name")]
    assert capsule.put(f"/parties/tags/{made['id']}", name="Fresher")["description"] == "New ones"
    assert "Customer" in [tag["name"] for tag in capsule.get("/parties/1001", embed="tags")["tags"]]
    assert capsule.http.delete("/parties/tags/201").status_code == 204
    assert capsule.get("/parties/1001", embed="tags")["tags"] == []
    assert capsule.http.delete("/parties/tags/201").json() == {"message": "tag not found"}
