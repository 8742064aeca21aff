"""API v1.2 of the emulated OnePageCRM and the account beneath, of which v1 knows the smaller part."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crmtui.sandbox import Sandbox
from crmtui.sandbox.onepagecrm import Office, open_office
from crmtui.sandbox.service import Setting
from crmtui.sandbox.switches import Switches

from .onepagecrm_v1 import OneClient


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("one")


@pytest.fixture(scope="module")
def one(place: Path) -> Iterator[OneClient]:
    switches = {"ONEPAGECRM_V1_RATE": "0"}
    with Sandbox(place, crm="onepagecrm-v1", records=10, switches=switches) as sandbox:
        client = OneClient(sandbox)
        yield client
        client.http.close()


@pytest.fixture(scope="module")
def office(one: OneClient, place: Path) -> Iterator[Office]:
    """The account that the service serves, as the other dialect sees it."""
    found, close = open_office(Setting(place, 10, False, Switches({})))
    yield found
    close()


def test_a_put_keeps_what_v1_does_not_know(one: OneClient, office: Office) -> None:
    field = office.setup("custom_fields")[0]["id"]
    home = {"address": "2 Low Street", "city": "Cork", "country_code": "IE", "type": "home"}
    made = office.create(
        "contacts",
        {
            "last_name": "Doe",
            "title": "Ms",
            "tags": ["VIP", "gold"],
            "lead_source_id": "referral",
            "owner_id": office.setup("users")[1]["id"],
            "custom_fields": [{"custom_field": {"id": field}, "value": "kept"}],
            "address_list": [{"address": "1 High Street", "type": "billing"}, home],
        },
    )
    told = one.get(f"contacts/{made['id']}")
    assert (told["tags"], told["vip"], told["address"]) == (["gold"], False, "1 High Street")
    one.done("PUT", f"contacts/{made['id']}", {"lastname": "Smith", "address": "3 Mid Street"})
    after = office.found("contacts", made["id"])
    for name in ("title", "lead_source_id", "owner_id", "custom_fields"):
        assert after[name] == made[name] != ""
    assert (after["last_name"], after["tags"]) == ("Smith", ["VIP"])
    first, second = after["address_list"]
    assert (first["address"], first["type"]) == ("3 Mid Street", "billing")
    assert home.items() <= second.items()


def test_a_deal_of_several_months_is_told_as_a_whole(one: OneClient, office: Office) -> None:
    cid = one.contact()["id"]
    body = {"contact_id": cid, "name": "Licence", "amount": 28.99, "months": 12, "date": "2026-03-02"}
    made = office.create("deals", {**body, "text": "Forty seats"})
    told = one.get(f"notes/{made['id']}")
    assert (told["body"], told["deal"]["amount"]) == ("Licence\nForty seats", 347.88)
    form = {"body": told["body"], "date": told["date"], "type": "deal"}
    one.done("PUT", f"notes/{made['id']}", {**form, "amount": "347.88", "deal_stage": "75"})
    after = office.found("deals", made["id"])
    assert (after["amount"], after["months"], after["stage"]) == (28.99, 12, 75)
    assert (after["name"], after["text"]) == ("Licence", "Forty seats")
    one.done("PUT", f"notes/{made['id']}", {**form, "amount": "400"})
    after = office.found("deals", made["id"])
    assert (after["amount"], after["months"]) == (400, 1)


def test_an_amount_takes_the_place_of_items(one: OneClient, office: Office) -> None:
    body = {"contact_id": one.contact()["id"], "name": "Goods"}
    made = office.create("deals", {**body, "deal_items": [{"name": "Box", "price": 5, "qty": 3}]})
    form = {"body": "Goods", "date": "02.03.2026", "type": "deal"}
    one.done("PUT", f"notes/{made['id']}", {**form, "amount": "15"})
    assert len(office.found("deals", made["id"])["deal_items"]) == 1
    one.done("PUT", f"notes/{made['id']}", {**form, "amount": "16"})
    after = office.found("deals", made["id"])
    assert (after["amount"], after["deal_items"]) == (16, [])


def test_the_time_of_an_action_lasts_as_long_as_its_date(one: OneClient, office: Office) -> None:
    cid = one.contact()["id"]
    body = {"contact_id": cid, "text": "Demo", "status": "date_time", "date": "2026-12-01"}
    made = office.create("actions", {**body, "exact_time": 1796114400})
    one.done("PUT", f"actions/{made['id']}", {"name": "Long demo", "date": "01.12.2026"})
    after = office.found("actions", made["id"])
    assert (after["text"], after["status"], after["exact_time"]) == ("Long demo", "date_time", 1796114400)
    one.done("PUT", f"actions/{made['id']}", {"name": "Demo", "date": "02.12.2026"})
    after = office.found("actions", made["id"])
    assert (after["status"], after["date"], after.get("exact_time")) == ("date", "2026-12-02", None)


def test_actions_of_others_and_queued_ones_are_not_shown(one: OneClient, office: Office) -> None:
    cid = one.contact()["id"]
    other = office.setup("users")[1]["id"]
    office.create("actions", {"contact_id": cid, "text": "Theirs", "status": "asap", "assignee_id": other})
    queued = office.create("actions", {"contact_id": cid, "text": "Later", "status": "queued"})
    assert (one.get("actions", cid=cid), one.get(f"contacts/{cid}")["nextaction"]) == ([], {})
    assert one.code("GET", f"actions/{queued['id']}") == 106
    one.done("POST", "actions", {"cid": cid, "name": "Mine", "date": "01.12.2026"})


def test_what_is_written_here_is_there_at_once(one: OneClient, office: Office) -> None:
    before = office.total("contacts", {})
    ident = one.contact(lastname="Both", status="customer", tags="new one")["id"]
    assert office.total("contacts", {}) == before + 1
    there = office.found("contacts", ident)
    assert (there["last_name"], there["status"], there["tags"]) == ("Both", "Customer", ["new one"])
    office.update("contacts", ident, {"first_name": "In"}, partial=True)
    assert one.get(f"contacts/{ident}")["firstname"] == "In"


def test_the_users_own_names(one: OneClient, office: Office) -> None:
    form = {"firstname": "Róisín", "lastname": "Rossi", "company": "Fictional"}
    told = one.done("POST", "settings/user", form)
    assert form.items() <= told.items()
    assert office.setup("users")[0]["first_name"] == "Róisín"
    assert one.code("POST", "settings/user", {"firstname": "R"}) == 109
    assert one.get("settings/system")["date_format"] == "%d/%m/%Y"
    assert one.code("POST", "settings/system", {"status": "Client"}) == 106


def test_both_dialects_serve_one_account(tmp_path: Path) -> None:
    switches = {"ONEPAGECRM_V1_RATE": "0", "ONEPAGECRM_RATE": "0"}
    with Sandbox(tmp_path, records=5, switches=switches) as sandbox:
        one, live = OneClient(sandbox), sandbox.start()["onepagecrm"]
        with (
            one.http,
            httpx.Client(
                base_url=f"{live['url']}/api/v3", auth=(live["user"], live["token"]), trust_env=False
            ) as three,
        ):
            assert live["user"] == one.uid
            cid = one.contact(lastname="Both", phones="work|+353 91 1")["id"]
            one.done("POST", "actions", {"cid": cid, "name": "Call", "next": "1"})
            told = three.get(f"/contacts/{cid}").json()["data"]
            assert told["contact"]["phones"] == [{"type": "work", "value": "+353 91 1"}]
            assert (told["next_action"]["text"], told["next_action"]["status"]) == ("Call", "asap")
            assert three.put(f"/contacts/{cid}?partial=true", json={"first_name": "In"}).status_code == 200
            assert one.get(f"contacts/{cid}")["firstname"] == "In"
            statuses = {row["name"]: row["count"] for row in one.whole("GET", "contacts")["statuses"]}
            for row in three.get("/statuses").json()["data"]:
                assert row["status"]["total_count"] == statuses[row["status"]["status"]]
            one.done("DELETE", f"contacts/{cid}")
            assert three.get(f"/contacts/{cid}").status_code == 404
            assert [row["id"] for row in one.done("POST", "misc/undo_contact_deletion")] == [cid]
            back = three.get(f"/contacts/{cid}").json()["data"]
            assert back["next_action"]["text"] == "Call"
