"""API v1.2 of the emulated OnePageCRM where its documents leave a choice, its limits, its data on disk."""

import base64
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crmtui.sandbox import Sandbox

from .onepagecrm_v1 import Json, OneClient, read

TODAY = "02.03.2026"
NOTE = {"body": "Note", "date": TODAY}
DEAL = {**NOTE, "type": "deal", "amount": "5"}
Start = Callable[..., OneClient]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a small service of the test's own: `start(NOTES="documented")`, shared switches in full."""
    started: list[OneClient] = []

    def run(records: int = 5, place: str = "", crm: str = "onepagecrm-v1", **switches: str) -> OneClient:
        named = {"ONEPAGECRM_V1_RATE": "0"}
        for name, word in switches.items():
            named[name if name.startswith("ONEPAGECRM") else f"ONEPAGECRM_V1_{name}"] = word
        folder = tmp_path / (place or str(len(started)))
        started.append(OneClient(Sandbox(folder, records=records, crm=crm, switches=named)))
        return started[-1]

    yield run
    for each in started:
        each.http.close()
        each.sandbox.stop()


def blocks(answer: Json) -> set[str]:
    return {"tags", "statuses", "sales", "notifications"} & set(answer)


def test_blocks_come_with_some_answers_with_every_or_none(start: Start) -> None:
    some, every, none, empty = (start(BLOCKS=word) for word in ("usual", "every", "none", "empty"))
    assert blocks(some.whole("GET", "filters")) == set()
    assert blocks(some.whole("GET", "contacts")) == {"tags", "statuses"}
    assert blocks(every.whole("GET", "filters")) == {"tags", "statuses", "sales"}
    assert blocks(every.whole("GET", "auth/change_api_key")) == {"tags", "statuses", "sales"}
    cid = none.contact()["id"]
    assert blocks(none.whole("DELETE", f"contacts/{cid}")) == set()
    answer = empty.whole("POST", "notes", {"cid": empty.contact()["id"], **DEAL})
    assert (answer["sales"], answer["tags"]) == ({}, {})


def test_no_data_can_be_absent(start: Start) -> None:
    one = start(DATA="absent")
    answer = one.whole("DELETE", f"contacts/{one.contact()['id']}")
    assert "data" not in answer
    assert blocks(answer) == {"tags", "statuses"}


def test_refusals_can_have_the_http_status_of_what_they_mean(start: Start) -> None:
    one = start(HTTP="status")
    for method, path, status, code in (
        ("GET", "contacts/4e60d4cf5230502ffb00017e.xml", 404, 106),
        ("POST", "contacts.json", 400, 109),
        ("GET", "auth/login.yaml", 400, 109),
    ):
        answer = one.send(method, path)
        assert (answer.status_code, read(answer)["status"]) == (status, code)
    assert one.http.get("/api/contacts.json").status_code == 401
    assert one.send("GET", "contacts.json").status_code == 200


def test_the_order_of_keys_can_be_any(start: Start) -> None:
    one = start(ORDER="shuffled")
    orders = {tuple(one.whole("GET", "contacts")) for _ in range(8)}
    assert len(orders) > 1
    assert len({frozenset(order) for order in orders}) == 1


def test_the_pipeline_tells_what_deals_have(start: Start) -> None:
    for mode, more in (("full", {"deal_stage", "exp_close"}), ("simple", {"exp_close"}), ("off", set[str]())):
        one = start(PIPELINE=mode)
        made = one.done("POST", "notes", {"cid": one.contact()["id"], **DEAL})
        assert set(one.get(f"notes/{made['id']}")["deal"]) == {"amount", "status", "closed"} | more


def test_writes_of_notes_can_be_answered_as_documented(start: Start) -> None:
    one = start(NOTES="documented", DEAL_FIELDS="documented")
    cid = one.contact()["id"]
    made = one.done("POST", "notes", {"cid": cid, **NOTE, "is_deal": "1"})
    assert made == {"id": made["id"], "cid": cid, **NOTE, "type": "note"}
    raw = start(DEAL_FIELDS="raw")
    made = raw.done("POST", "notes", {"cid": raw.contact()["id"], **DEAL})
    assert made["is_deal"] is False


def test_urls_can_have_another_second_key(start: Start) -> None:
    for key in ("url", "value"):
        made = start(URLS=key).contact(urls="blog|example.com")
        assert made["urls"] == [{"type": "blog", key: "example.com"}]


def test_names_in_xml(start: Start) -> None:
    for names, tag in (("dashes", "<deal-amount "), ("underscores", "<deal_amount ")):
        one = start(NAMES=names)
        cid = one.contact()["id"]
        assert tag in one.send("POST", "notes.xml", {"cid": cid, **NOTE}).text


def test_yaml_of_ruby(start: Start) -> None:
    one = start(YAML_KEYS="symbols", YAML_TAGS="syck", FORMAT="yaml")
    assert one.connection["format"] == "yaml"
    text = one.send("GET", "contacts.yaml").text
    assert text.startswith("--- !map:HashWithIndifferentAccess \n:data: !map:")
    assert "\n:status: 0\n" in text


def test_pages_and_login_follow_the_users_settings(start: Start) -> None:
    one = start(PAGE_SIZE="3", LOGIN="post", records=20)
    assert len(one.get("contacts")["contacts"]) == 3
    assert (
        one.http.get("/api/auth/login.json", params={"login": "a", "password": "b"}).json()["status"] == 106
    )


def test_a_password_of_its_own(start: Start) -> None:
    one = start(PASSWORDS="secret")
    login = {"login": one.get("settings/user")["email"], "password": "secret"}
    told = one.http.post("/api/auth/login.json", data=login).json()
    assert (told["data"]["uid"], told["data"]["key"]) == (one.uid, one.key)
    login["password"] = one.key
    assert one.http.post("/api/auth/login.json", data=login).json()["status"] == 103


def test_a_blocked_account(start: Start) -> None:
    assert start(ACCOUNT="blocked").code("GET", "contacts") == 102


def test_a_clock_that_is_ahead(start: Start) -> None:
    one = start(CLOCK_AHEAD="3600")
    late = one.whole("GET", "contacts")
    assert late["status"] == 101
    one.ahead = 3600
    assert one.code("GET", "contacts") == 0
    assert start(SKEW="7200", CLOCK_AHEAD="3600").code("GET", "contacts") == 0


def test_too_many_calls(start: Start) -> None:
    one = start(RATE="5")
    answers = [one.send("GET", "filters.json") for _ in range(14)]
    refused = [answer for answer in answers if answer.status_code == 403]
    assert len(refused) >= 2
    assert refused[0].headers["content-type"].startswith("text/plain")
    assert answers[9].status_code == 200
    assert one.http.get("/api/contacts").status_code == 403
    second = start(THROTTLE_AT="2")
    assert [second.send("GET", "filters.json").status_code for _ in range(3)] == [200, 403, 200]


def test_logout_takes_the_key_from_everybody(start: Start) -> None:
    one = start()
    old, login = one.key, {"login": one.get("settings/user")["email"], "password": one.key}
    one.key = one.get("auth/change_api_key")["key"]
    assert len(base64.b64decode(one.key)) == 32
    assert one.code("GET", "contacts") == 0
    assert one.done("GET", "auth/logout") == {}
    assert one.code("GET", "contacts") == 104
    one.key = one.http.post("/api/auth/login.json", data=login).json()["data"]["key"]
    assert one.key != old
    assert one.code("GET", "contacts") == 0


def test_a_full_list_of_contacts(start: Start) -> None:
    one = start(ONEPAGECRM_CONTACT_LIMIT="1000")
    count = next(row["count"] for row in one.whole("GET", "contacts")["statuses"] if row["name"] == "all")
    full = start(ONEPAGECRM_CONTACT_LIMIT=str(count))
    answer = full.whole("GET", "filters")
    assert answer["notifications"] == ["contacts_list_full"]
    cid = full.get("contacts")["contacts"][0]["id"]
    refused = full.whole("POST", "contacts", {"lastname": "More"})
    assert (refused["status"], refused["notifications"]) == (201, ["contacts_list_full"])
    assert full.code("POST", "notes", {"cid": cid, **DEAL}) == 201
    assert full.code("POST", "notes", {"cid": cid, **NOTE}) == 0
    assert full.code("PUT", f"contacts/{cid}", {"lastname": "Changed"}) == 0
    answer = full.whole("DELETE", f"contacts/{cid}")
    assert (answer["status"], "notifications" in answer) == (0, False)
    assert full.code("POST", "contacts", {"lastname": "More"}) == 0


def test_too_many_contacts_leave_deletion_only(start: Start) -> None:
    one = start(ONEPAGECRM_CONTACT_LIMIT="3")
    answer = one.whole("GET", "contacts")
    assert answer["notifications"] == ["too_many_contacts"]
    cid = answer["data"]["contacts"][0]["id"]
    for method, path, form in (
        ("POST", "contacts", {"lastname": "More"}),
        ("PUT", f"contacts/{cid}", {"lastname": "More"}),
        ("POST", "notes", {"cid": cid, **NOTE}),
        ("POST", "tags", {"name": "more"}),
        ("POST", "misc/assign_tag", {"id": cid, "name": "more"}),
        ("POST", "misc/mark_action_as_done", {"cid": cid}),
        ("POST", "actions", {"cid": cid, "name": "Call", "next": "1"}),
    ):
        assert one.code(method, path, form) == 201, path
    assert one.code("GET", f"contacts/{cid}") == 0
    assert one.code("DELETE", f"contacts/{cid}") == 0


def test_the_limit_of_deals(start: Start) -> None:
    one = start(ONEPAGECRM_DEAL_LIMIT="1")
    answer = one.whole("GET", "contacts")
    assert answer["notifications"] == ["deals_limit_reached"]
    cid = answer["data"]["contacts"][0]["id"]
    assert one.code("POST", "notes", {"cid": cid, **DEAL}) == 202
    assert one.code("POST", "contacts", {"lastname": "More"}) == 202
    note = one.done("POST", "notes", {"cid": cid, **NOTE})
    assert one.code("PUT", f"notes/{note['id']}", DEAL) == 202


def test_restrictions_that_a_switch_puts_in_force(start: Start) -> None:
    one = start(NOTIFY="too_many_contacts,planned_downtime")
    assert one.whole("GET", "filters")["notifications"] == ["planned_downtime", "too_many_contacts"]
    assert one.code("POST", "tags", {"name": "more"}) == 201


def test_data_and_key_outlast_the_service(start: Start, tmp_path: Path) -> None:
    one = start(place="kept")
    ident = one.contact(lastname="Kept")["id"]
    one.sandbox.stop()
    again = start(place="kept")
    assert again.key == one.key
    assert again.get(f"contacts/{ident}")["lastname"] == "Kept"
    assert stat.S_IMODE((tmp_path / "kept" / "onepagecrm-v1.token").stat().st_mode) == 0o600


def test_switches_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ONEPAGECRM_V1_ORDER=wild"):
        Sandbox(tmp_path, crm="onepagecrm-v1", switches={"ONEPAGECRM_V1_ORDER": "wild"}).start()
