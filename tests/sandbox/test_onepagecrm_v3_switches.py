"""The emulated API v3 where its documents leave a choice, its limits, and its data on disk."""

from pathlib import Path

import httpx
import pytest

from crmtui.sandbox import Sandbox
from crmtui.sandbox.onepagecrm.throttle import Throttle

from .conftest import OnePageClient, StartOnePage

ANN = "5e0b7c3d9007ba00000003e9"


def too_soon(response: httpx.Response) -> bool:
    if response.status_code != 403:
        return False
    assert response.headers["content-type"].startswith("text/plain")
    assert response.content == b"Rate Limit Exceeded\n"
    return True


def test_calls_that_come_too_soon_are_refused_in_plain_text(start_onepage: StartOnePage) -> None:
    onepage = start_onepage(RATE="1", BURST="3")
    assert [too_soon(onepage.http.get("/users")) for _ in range(4)] == [False, False, False, True]
    usual = start_onepage(RATE="")
    assert sum(too_soon(usual.http.get("/users")) for _ in range(40)) > 5


def test_the_bucket_fills_again() -> None:
    now = [100.0]
    throttle = Throttle(5, 10, now=lambda: now[0])
    assert [throttle.take() for _ in range(11)] == [True] * 10 + [False]
    now[0] += 0.4
    assert [throttle.take() for _ in range(3)] == [True, True, False]
    now[0] += 60
    assert sum(throttle.take() for _ in range(20)) == 10


def test_one_call_can_come_too_soon(start_onepage: StartOnePage) -> None:
    onepage = start_onepage(THROTTLE_AT="2")
    assert [too_soon(onepage.http.get("/users")) for _ in range(3)] == [False, True, False]


def test_what_is_closed_is_refused_in_json(start_onepage: StartOnePage) -> None:
    onepage = start_onepage(CLOSED=f"meetings,{ANN}")
    for path in ("/meetings", f"/contacts/{ANN}"):
        assert onepage.ask("GET", path, 403)["error_name"] == "forbidden"
    assert onepage.get("/contacts")["contacts"]


def test_rights_can_be_lacking(start_onepage: StartOnePage) -> None:
    onepage = start_onepage(LACKING="delete_contacts,admin")
    refused = onepage.ask("DELETE", f"/contacts/{ANN}", 403)
    assert refused["error_message"] == "You need the right delete_contacts to do this"
    onepage.ask("POST", "/statuses", 403, text="New", color="000000")
    deal = onepage.ids("/deals")[0]
    onepage.ask("DELETE", f"/deals/{deal}")


def test_an_account_can_be_full(start_onepage: StartOnePage) -> None:
    onepage = start_onepage(records=10, CONTACT_LIMIT="10", NOTIFICATIONS="told")
    assert onepage.ask("GET", "/users")["notifications"] == ["contacts_list_full"]
    refused = onepage.ask("POST", "/contacts", 403, last_name="More")
    assert refused["error_message"] == "User exceeded allowed number of contacts"
    onepage.ask("POST", "/deals", 403, contact_id=ANN, name="More")
    onepage.put(f"/contacts/{ANN}?partial=1", background="Still edited")
    onepage.ask("DELETE", f"/contacts/{ANN}")
    assert "notifications" not in onepage.ask("GET", "/users")
    onepage.new("/contacts", last_name="Again")


def test_an_account_can_have_too_many_contacts(start_onepage: StartOnePage) -> None:
    onepage = start_onepage(records=10, CONTACT_LIMIT="9", NOTIFICATIONS="told")
    assert onepage.ask("GET", "/users")["notifications"] == ["too_many_contacts"]
    onepage.ask("PUT", f"/contacts/{ANN}?partial=1", 403, background="No")
    onepage.ask("POST", "/notes", 403, contact_id=ANN, text="No")
    onepage.ask("PUT", f"/contacts/{ANN}/assign_tag/VIP", 403)
    onepage.ask("DELETE", f"/contacts/{ANN}")
    assert onepage.ask("GET", "/users")["notifications"] == ["contacts_list_full"]


def test_deals_can_be_limited(start_onepage: StartOnePage) -> None:
    onepage = start_onepage(records=10, DEAL_LIMIT="10")
    refused = onepage.ask("POST", "/deals", 403, contact_id=ANN, name="More")
    assert refused["error_message"] == "User exceeded allowed number of deals"
    assert "notifications" not in onepage.ask("GET", "/users")
    onepage.ask("POST", "/contacts", 403, last_name="More")
    onepage.ask("DELETE", f"/deals/{onepage.ids('/deals')[0]}")
    onepage.new("/deals", contact_id=ANN, name="Again")


def test_a_second_asap_action_can_be_a_conflict(start_onepage: StartOnePage) -> None:
    onepage = start_onepage(SECOND_ASAP="conflict")
    contact = onepage.new("/contacts", last_name="Asap")["id"]
    onepage.new("/actions", contact_id=contact, text="First", status="asap")
    refused = onepage.ask("POST", "/actions", 409, contact_id=contact, text="Second", status="asap")
    assert refused["error_name"] == "conflict"
    assert len(onepage.ids("/actions", contact_id=contact)) == 1


def test_pages_can_be_smaller_than_asked_for(start_onepage: StartOnePage) -> None:
    onepage = start_onepage(PAGE_CAP="4")
    data = onepage.get("/contacts", per_page=10, team="1")
    assert (len(data["contacts"]), data["per_page"], data["max_page"]) == (4, 4, 8)
    usual = start_onepage()
    assert usual.get("/contacts", per_page=500)["per_page"] == 100
    strict = start_onepage(PER_PAGE="refused")
    assert "per_page" in strict.ask("GET", "/contacts?per_page=500", 400)["errors"]


def test_beyond_ten_thousand_contacts(tmp_path: Path) -> None:
    found: dict[str, object] = {}
    for deep in ("empty", "refused", "given"):
        switches = {"ONEPAGECRM_RATE": "0", "ONEPAGECRM_DEEP": deep}
        with Sandbox(tmp_path, records=10_050, crm="onepagecrm", switches=switches) as sandbox:
            onepage = OnePageClient(sandbox)
            assert len(onepage.get("/contacts", team="1", per_page=100, page=100)["contacts"]) == 100
            further = onepage.http.get("/contacts?team=1&per_page=100&page=101").json()
            found[deep] = list(further["errors"]) if deep == "refused" else len(further["data"]["contacts"])
    assert found == {"empty": 0, "refused": ["page"], "given": 50}


def test_the_stream_can_be_tidy(start_onepage: StartOnePage) -> None:
    usual, tidy = start_onepage(), start_onepage(STREAM="tidy")
    everything = usual.get("/action_stream", per_page=100)["contacts"]
    some = tidy.get("/action_stream", per_page=100)["contacts"]
    assert [entry["contact"]["id"] for entry in some] == [
        entry["contact"]["id"] for entry in everything if entry["next_actions"]
    ]
    assert len(some) < len(everything)
    assert tidy.get("/bootstrap")["settings"]["show_tidy_stream"] is True


def test_deals_notes_and_calls_can_always_be_there(start_onepage: StartOnePage) -> None:
    entry = start_onepage(EMBEDS="always").get(f"/contacts/{ANN}")
    assert {"deals", "notes", "calls"} <= set(entry)
    assert "deals" not in start_onepage().get(f"/contacts/{ANN}")


def test_a_contact_without_an_address_can_have_none(start_onepage: StartOnePage) -> None:
    blank = {"address": "", "city": "", "state": "", "zip_code": "", "country_code": ""}
    assert start_onepage().new("/contacts", last_name="X")["address_list"] == [blank]
    assert start_onepage(NO_ADDRESS="none").new("/contacts", last_name="X")["address_list"] == []


def test_the_time_of_a_new_call_can_be_a_number(start_onepage: StartOnePage) -> None:
    call = start_onepage(CALL_TIME="number").new("/calls", contact_id=ANN, call_time_int=1525273653)
    assert call["call_time_int"] == 1525273653


def test_counts_can_be_empty_or_left_out(start_onepage: StartOnePage) -> None:
    empty = start_onepage(BLOCKS="empty").ask("GET", "/contacts")
    assert (empty["tags"], empty["statuses"], empty["contacts_count"]) == ({}, [], {})
    assert set(start_onepage(BLOCKS="none").ask("GET", "/contacts")) == {
        "status",
        "message",
        "timestamp",
        "data",
    }


def test_sales_can_be_hidden(start_onepage: StartOnePage) -> None:
    answer = start_onepage(SALES="hidden").ask("POST", "/deals", 201, contact_id=ANN, name="X")
    assert "sales" not in answer


def test_members_that_nobody_knows_can_be_refused(start_onepage: StartOnePage) -> None:
    strict = start_onepage(UNKNOWN="refused")
    refused = strict.ask("POST", "/contacts", 400, last_name="X", jobtitle="Clerk")
    assert refused["errors"] == {"jobtitle": "is not a known attribute"}
    strict.new("/contacts", last_name="X", next_action_name="Ring", tags=["VIP"])
    start_onepage().new("/contacts", last_name="X", jobtitle="Clerk")


def test_wrong_switches_are_refused(tmp_path: Path) -> None:
    for name, word in (("DEEP", "very"), ("RATE", "fast"), ("SECOND_ASAP", "maybe")):
        with pytest.raises(ValueError, match=f"ONEPAGECRM_{name}={word}"):
            Sandbox(tmp_path, crm="onepagecrm", switches={f"ONEPAGECRM_{name}": word}).start()


def test_the_data_last_and_begin_anew_when_asked(tmp_path: Path) -> None:
    def last_names(sandbox: Sandbox) -> set[str]:
        with sandbox:
            rows = OnePageClient(sandbox).get("/contacts", per_page=100)["contacts"]
            return {row["contact"]["last_name"] for row in rows}

    switches = {"ONEPAGECRM_RATE": "0"}
    with Sandbox(tmp_path, records=10, crm="onepagecrm", switches=switches) as sandbox:
        client = OnePageClient(sandbox)
        token = sandbox.start()["onepagecrm"]["token"]
        client.new("/contacts", last_name="Lasting", company_name="Hidden \ud800 Ltd")
    again = Sandbox(tmp_path, records=10, crm="onepagecrm", switches=switches)
    assert "Lasting" in last_names(again)
    assert again.start()["onepagecrm"]["token"] == token
    again.stop()
    anew = Sandbox(tmp_path, records=10, crm="onepagecrm", fresh=True, switches=switches)
    assert "Lasting" not in last_names(anew)
    for name in ("onepagecrm.db", "onepagecrm.key"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_records_that_hurt_are_told_as_they_are(start_onepage: StartOnePage) -> None:
    onepage = start_onepage(records=90)
    entries = onepage.get("/contacts", team="1", per_page=100)["contacts"]
    told = "".join(entry["contact"]["background"] for entry in entries)
    assert "\x1b]52;c;" in told
    assert "\ud800" in told
    assert "[@click=app.quit]" in told
