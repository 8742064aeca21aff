"""API v1.2 of the emulated OnePageCRM: login, contacts, tags, filters, sales and undo, by plain HTTP."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from crmtui.sandbox import Sandbox

from .onepagecrm_v1 import Json, OneClient, read

HEX = re.compile("[0-9a-f]{24}")
JANE = {
    "firstname": "Jane",
    "lastname": "Doe & Söhne",
    "company": "Acme Ltd",
    "job_title": "CEO",
    "address": "1 High Street",
    "city": "Galway",
    "state": "Connacht",
    "zip_code": "H91",
    "country": "IE",
    "description": "line one\nline <two>",
    "phones": "work|+353 91 1234,mobile|+353 87 99",
    "emails": "work|jane@acme.example",
    "urls": "website|www.acme.example,twitter|@jane",
    "vip": "1",
    "status": "prospect",
    "tags": "one, two words",
}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneClient]:
    switches = {"ONEPAGECRM_V1_RATE": "0"}
    with Sandbox(
        tmp_path_factory.mktemp("one"), crm="onepagecrm-v1", records=60, switches=switches
    ) as sandbox:
        client = OneClient(sandbox)
        yield client
        client.http.close()


def counts(rows: list[Json]) -> dict[str, int]:
    return {row["name"]: row["count"] for row in rows}


def as_xml(value: Any) -> Any:
    """The value as XML can hold it: characters replaced, line ends normalised by whoever reads it."""
    if isinstance(value, dict):
        return {name: as_xml(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_xml(each) for each in value]
    if not isinstance(value, str):
        return value
    text = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", value)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_a_contact_is_read_back_as_it_was_sent_under_other_names(one: OneClient) -> None:
    made = one.done("POST", "contacts", JANE)
    assert HEX.fullmatch(made.pop("id"))
    assert made == {
        "firstname": "Jane",
        "lastname": "Doe & Söhne",
        "company": "Acme Ltd",
        "jobtitle": "CEO",
        "address": "1 High Street",
        "city": "Galway",
        "state": "Connacht",
        "zip": "H91",
        "country": "IE",
        "description": "line one\nline <two>",
        "phones": [{"type": "work", "number": "+353 91 1234"}, {"type": "mobile", "number": "+353 87 99"}],
        "emails": [{"type": "work", "address": "jane@acme.example"}],
        "urls": [
            {"type": "website", "address": "www.acme.example"},
            {"type": "twitter", "address": "@jane"},
        ],
        "vip": True,
        "status": "prospect",
        "tags": ["one", "two words"],
        "pendingdeal": False,
        "nextaction": {},
    }


def test_the_three_formats_say_the_same(one: OneClient) -> None:
    made = one.done("POST", "contacts", JANE)
    told = []
    for form in ("json", "xml", "yaml"):
        found = one.whole("GET", f"contacts/{made['id']}.{form}")
        assert found.pop("timestamp") == pytest.approx(time.time(), abs=5)
        told.append(found)
    assert told[0] == told[1] == told[2]
    for page in (1, 2, 3):
        json, xml, yaml = (one.get(f"contacts.{form}", page=page) for form in ("json", "xml", "yaml"))
        assert json == yaml
        assert as_xml(json) == xml


@pytest.mark.parametrize("path", ["contacts", "contacts.html", "contacts/", "contacts.JSON", ".", ""])
def test_no_format_is_answered_with_nothing(one: OneClient, path: str) -> None:
    answer = one.http.get(f"/api/{path}")
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (406, b"", "0")
    assert "content-type" not in answer.headers


def test_login_gives_the_key_and_what_the_user_has_set_up(one: OneClient) -> None:
    login = {"login": one.get("settings/user")["email"], "password": one.connection["token"]}
    answer = one.http.post("/api/auth/login.yaml", data=login)
    told = read(answer)["data"]
    assert (told["uid"], told["key"]) == (one.uid, one.key)
    assert told["listing"] == {"mode": "all", "size": 25}
    assert re.fullmatch(r"[+-]\d\d:\d\d", told["timezone"])
    assert told["currency"] == {"symbol": "€", "code": "EUR"}
    assert (told["dateformat"], told["pipeline_mode"]) == ("dd/mm/yyyy", "full")
    assert one.http.get("/api/auth/login.json", params=login).json()["data"]["uid"] == one.uid
    for wrong, code in (
        ({**login, "password": "wrong"}, 103),
        ({**login, "login": "other@example.com"}, 103),
        ({"login": login["login"]}, 109),
    ):
        refused = one.http.post("/api/auth/login.json", data=wrong)
        assert (refused.status_code, refused.json()["status"]) == (200, code)
        assert "data" not in refused.json()


def test_what_is_not_signed_is_refused(one: OneClient) -> None:
    bare = one.http.get("/api/contacts.json").json()
    assert (bare["status"], bare["message"]) == (105, "Authorization data not found")
    one.ahead = 1000
    late = one.whole("GET", "contacts")
    one.ahead = 0
    assert (late["status"], late["message"]) == (101, "Expired")
    assert late["timestamp"] == pytest.approx(time.time(), abs=5)
    key, one.key = one.key, "AAAA"
    assert one.code("GET", "contacts") == 104
    one.key = key
    assert one.code("GET", "contacts", page=2, search="ä b&c=d") == 0


def test_pages_are_of_the_users_size(one: OneClient) -> None:
    seen: list[str] = []
    first = one.get("contacts")
    for page in range(1, first["maxpage"] + 1):
        found = one.get("contacts", page=page)
        assert (found["page"], found["count"]) == (page, first["count"])
        assert len(found["contacts"]) == 25 or page == first["maxpage"]
        seen += [row["id"] for row in found["contacts"]]
    waiting = one.get("contacts", waiting=1)
    seen += [row["id"] for row in waiting["contacts"]]
    assert waiting["count"] > 0
    everybody = counts(one.whole("GET", "contacts")["statuses"])["all"]
    assert len(seen) == len(set(seen)) == everybody >= 60
    beyond = one.get("contacts", page=99)
    assert (beyond["contacts"], beyond["count"]) == ([], first["count"])
    assert set(first["contacts"][0]) == {
        "id", "firstname", "lastname", "company", "status", "tags", "pendingdeal", "vip", "nextaction",
    }  # fmt: skip


def test_put_replaces_the_whole_contact(one: OneClient) -> None:
    ident = one.done("POST", "contacts", JANE)["id"]
    after = one.done("PUT", f"contacts/{ident}", {"lastname": " Smith ", "city": "Cork"})
    assert (after["id"], after["lastname"], after["city"]) == (ident, "Smith", "Cork")
    assert (after["status"], after["vip"], after["tags"]) == ("lead", False, [])
    assert after["phones"] == after["emails"] == after["urls"] == []
    for gone in ("firstname", "company", "jobtitle", "address", "state", "zip", "country", "description"):
        assert after[gone] is None
    assert one.code("PUT", f"contacts/{ident}", {"firstname": "Jane"}) == 109
    assert one.get(f"contacts/{ident}")["lastname"] == "Smith"
    assert one.code("PUT", "contacts/4e60d4cf5230502ffb00017e", {"lastname": "X"}) == 106


def test_what_is_not_valid_is_passed_over(one: OneClient) -> None:
    made = one.contact(
        phones="work|1|2,carrier pigeon|3,4,home|", status="grand", country="GR", zip="x", firstname="a" * 30
    )
    assert made["phones"] == [{"type": "work", "number": "1|2"}]
    assert (made["status"], made["country"], made["zip"], made["firstname"]) == ("lead", None, None, "a" * 25)
    assert one.contact(country="el")["country"] == "EL"


def test_vip_is_a_mark_and_a_tag_that_is_none(one: OneClient) -> None:
    made = one.contact(lastname="Vipson", tags="VIP,gold", vip="0")
    assert (made["vip"], made["tags"]) == (True, ["gold"])
    assert made["id"] in {row["id"] for row in one.get("contacts", tag="VIP", search="Vipson")["contacts"]}
    one.done("GET", "misc/unassign_tag", id=made["id"], name="VIP")
    assert one.get(f"contacts/{made['id']}")["vip"] is False
    one.done("POST", "misc/assign_tag", {"id": made["id"], "name": "vip"})
    assert one.get(f"contacts/{made['id']}")["vip"] is True
    assert "VIP" not in counts(one.get("tags"))


def test_tags_are_counted_renamed_and_deleted(one: OneClient) -> None:
    ident = one.contact()["id"]
    answer = one.whole("POST", "misc/assign_tag", {"id": ident, "name": "api_test 1"})
    assert (answer["data"], counts(answer["tags"]["custom"])["api_test 1"]) == ({}, 1)
    assert one.get("tags/api_test%201") == {"name": "api_test 1", "count": 1}
    assert one.code("POST", "tags", {"name": "API_TEST 1"}) == 107
    one.done("PUT", "tags/api_test%201", {"name": "a/b.c"})
    assert one.get(f"contacts/{ident}")["tags"] == ["a/b.c"]
    assert one.get("tags/a%2Fb.c") == {"name": "a/b.c", "count": 1}
    answer = one.whole("DELETE", "tags/a%2Fb.c")
    assert (answer["data"], "a/b.c" in counts(answer["tags"]["custom"])) == ({}, False)
    assert one.get(f"contacts/{ident}")["tags"] == []
    one.done("POST", "tags", {"name": "unused"})
    assert counts(one.get("tags"))["unused"] == 0
    assert "unused" not in counts(one.whole("POST", "misc/remove_unused_tags")["tags"]["custom"])
    assert one.code("GET", "tags/unused") == 106
    assert one.code("POST", "misc/assign_tag", {"id": ident}) == 109
    assert one.code("POST", "misc/unassign_tag", {"id": ident, "name": "never"}) == 106


def test_counts_are_those_of_the_listings(one: OneClient) -> None:
    answer = one.whole("GET", "contacts")
    system = counts(answer["tags"]["system"])
    assert list(system) == [
        "recently_added", "recently_viewed", "recently_edited", "recently_imported", "pending_deals", "vip",
        "waiting",
    ]  # fmt: skip
    for name, count in system.items():
        found = [one.get("contacts", system_tag=name, waiting=flag)["count"] for flag in (0, 1)]
        # Who waits is left out of the other listings.
        assert (found[1] if name == "waiting" else sum(found)) == count, name
    for row in answer["tags"]["custom"]:
        found = sum(one.get("contacts", tag=row["name"], waiting=flag)["count"] for flag in (0, 1))
        assert found == row["count"], row["name"]
    statuses = counts(answer["statuses"])
    assert list(statuses)[:6] == ["all", "prospect", "inactive", "customer", "lead", "general"]
    assert statuses.pop("all") == sum(statuses.values())
    assert system["pending_deals"] > 0


def test_a_valid_system_tag_goes_before_a_tag(one: OneClient) -> None:
    both = one.get("contacts", system_tag="pending_deals", tag="Newsletter")["count"]
    assert both == one.get("contacts", system_tag="pending_deals")["count"]
    assert (
        one.get("contacts", system_tag="nonsense", tag="Newsletter")["count"]
        == (one.get("contacts", tag="Newsletter")["count"])
    )


def test_search_finds_names_and_companies(one: OneClient) -> None:
    ident = one.contact(firstname="Zbignevx", lastname="Quornx", company="Xylox GmbH")["id"]
    for words in ("zbignevx", "QUORNX", "xylox"):
        assert [row["id"] for row in one.get("contacts", search=words)["contacts"]] == [ident]


def test_filters_choose_and_are_told(one: OneClient) -> None:
    filters = one.get("filters")
    assert all(set(each) == {"id", "name", "contacts", "tags", "deals", "vip", "address"} for each in filters)
    pending = next(each for each in filters if each["name"] == "Pending deals")
    assert (pending["deals"], pending["contacts"], pending["address"]) == (["pending"], [], {})
    assert one.get(f"filters/{pending['id']}") == pending
    found = one.get("contacts", filter_id=pending["id"], tag="ignored")
    assert found["count"] > 0
    assert all(row["pendingdeal"] for row in found["contacts"])
    land = next(each for each in filters if each["address"])
    assert land["address"] == {"type": "country_code", "value": "IE"}
    assert one.code("GET", "contacts", filter_id="4e60d4cf5230502ffb00017e") == 106


def test_only_the_last_deletion_can_be_undone(one: OneClient) -> None:
    first = one.done("POST", "contacts", JANE)
    second = one.contact(lastname="Other")
    before = counts(one.whole("GET", "contacts")["statuses"])
    for each in (first, second):
        answer = one.whole("DELETE", f"contacts/{each['id']}")
        assert answer["data"] == {}
    assert counts(answer["statuses"])["all"] == before["all"] - 2
    assert one.code("GET", f"contacts/{first['id']}") == 106
    answer = one.whole("POST", "misc/undo_contact_deletion")
    assert [row["id"] for row in answer["data"]] == [second["id"]]
    assert counts(answer["statuses"])["all"] == before["all"] - 1
    assert one.get(f"contacts/{second['id']}")["lastname"] == "Other"
    assert one.code("GET", "misc/undo_contact_deletion") == 106
    assert one.code("DELETE", f"contacts/{first['id']}") == 106


def test_a_view_is_remembered(one: OneClient) -> None:
    ident = one.contact(lastname="Seen")["id"]
    one.get(f"contacts/{ident}")
    assert ident in {row["id"] for row in one.get("contacts", system_tag="recently_viewed")["contacts"]}


def test_sales_tell_the_deals_they_are_of(one: OneClient) -> None:
    ident = one.contact(lastname="Buyer")["id"]
    before = one.get("sales/index")
    today = time.strftime("%d.%m.%Y", time.gmtime())
    sold = {"cid": ident, "body": "Sold!", "date": today, "type": "deal", "amount": "100.5", "status": "won"}
    answer = one.whole("POST", "notes", sold)
    after = one.get("sales/index")
    for name, more in (("won", 100.5), ("total", 100.5), ("pending", 0), ("lost", 0)):
        assert after["breakdown"]["data"][name] == pytest.approx(before["breakdown"]["data"][name] + more)
    assert after["target"]["won"] == answer["sales"]["won"] == pytest.approx(before["target"]["won"] + 100.5)
    told = next(row for row in after["closed"] if row["cid"] == ident)
    assert told["contact"] == {"firstname": None, "lastname": "Buyer", "company": None}
    assert told["deal"] == {"amount": 100.5, "status": "won", "closed": today}
    assert told["id"] in {row["id"] for row in one.get("sales/closed_deals")}
    assert set(answer["sales"]) == {"won", "pending", "expires", "period", "target"}


def test_paths_that_are_none(one: OneClient) -> None:
    for method, path in (
        ("GET", "deals"), ("GET", "companies"), ("PUT", "contacts"), ("GET", "contacts/a/b"),
        ("GET", "misc/x"), ("POST", "filters"), ("GET", "settings/x"), ("DELETE", "misc/assign_tag"),
    ):  # fmt: skip
        assert one.code(method, path) == 106, path
    assert one.http.get("/elsewhere.json").json()["status"] == 105
