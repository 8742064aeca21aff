"""Records of the emulated OnePageCRM over API v3: what is made, changed and deleted, and by which rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from .conftest import OnePageClient

LEAD, PROSPECT, CUSTOMER = (f"5e0b7c3d9007ba00000000{number}" for number in ("51", "52", "53"))
JANE, MARKUS = "5e0b7c3d9007ba000000003e", "5e0b7c3d9007ba000000003f"
ANN, ACME = "5e0b7c3d9007ba00000003e9", "5e0b7c3d9007ba0000000443"
NAMELESS = "Either last name or company name are required to create a Contact."


def today(days: int = 0) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d}"


def tag_counts(answer: dict[str, Any]) -> dict[str, int]:
    return {row["name"]: row["counts"] for row in answer["tags"]["tags"]}


def test_without_the_key_nothing_is_told(onepage: OnePageClient) -> None:
    body = {
        "status": 401,
        "message": "Authorization data not found",
        "error_name": "authorization_data_not_found",
        "error_message": "Cannot find suitable authorization data or data provided is not complete.",
        "errors": {},
    }
    for auth in (None, (onepage.user, "nonsense"), ("nobody", "x"), (onepage.user, "")):
        response = httpx.get(f"{onepage.url}/api/v3/contacts", auth=auth, trust_env=False)
        assert (response.status_code, response.json()) == (401, body)
    bearer = httpx.get(f"{onepage.url}/api/v3/users", headers={"Authorization": "Basic %%"}, trust_env=False)
    assert bearer.status_code == 401


def test_a_contact_of_the_world(onepage: OnePageClient) -> None:
    entry = onepage.get(f"/contacts/{ANN}.json")
    contact = entry["contact"]
    assert (contact["first_name"], contact["last_name"]) == ("Ann", "Lee")
    assert (contact["company_name"], contact["company_id"]) == ("Acme Ltd", ACME)
    assert entry["company"]["name"] == "Acme Ltd"
    assert entry["next_action"] == entry["next_actions"][0]
    assert contact["status"] == "Lead"
    assert [row["type"] for row in contact["phones"]] == ["work", "mobile"]
    assert [row["type"] for row in contact["address_list"]] == ["work", "home"]
    assert contact["address_list"][0]["country_code"] == "GB"
    values = {row["custom_field"]["type"]: row["value"] for row in contact["custom_fields"]}
    assert values["multiple_choice"] == ["Hardware", "R&D [/]"]
    assert contact["starred"] is True
    assert contact["letter"] == "l"


def test_a_contact_is_made_read_changed_and_deleted(onepage: OnePageClient) -> None:
    before = tag_counts(onepage.ask("GET", "/contacts"))
    answer = onepage.ask(
        "POST",
        "/contacts",
        201,
        last_name="Ægir",
        tags=["vip", "Brand new"],
        emails=[row("work", "a@b.example")],
    )
    made = answer["data"]["contact"]
    assert answer["message"] == "Created"
    assert (made["tags"], made["status_id"], made["owner_id"]) == (["VIP", "Brand new"], LEAD, onepage.user)
    assert tag_counts(answer) == {**before, "VIP": before["VIP"] + 1, "Brand new": 1}
    path = f"/contacts/{made['id']}"
    assert onepage.get(path)["contact"] == made
    changed = onepage.put(f"{path}?partial=true", background="New\nlines", owner_id=JANE)["contact"]
    assert (changed["background"], changed["owner_id"], changed["tags"]) == (
        "New\nlines",
        JANE,
        ["VIP", "Brand new"],
    )
    gone = onepage.ask("DELETE", path)
    assert gone["data"] == {}
    assert tag_counts(gone)["VIP"] == before["VIP"]
    for method in ("GET", "PUT", "DELETE"):
        refused = onepage.ask(method, path, 404)
        assert (refused["error_name"], refused["errors"]) == ("resource_not_found", {})


def row(kind: str, value: str) -> dict[str, str]:
    return {"type": kind, "value": value}


def test_a_whole_update_empties_what_is_left_out(onepage: OnePageClient) -> None:
    given: dict[str, Any] = {
        "first_name": "Full",
        "last_name": "Record",
        "tags": ["VIP"],
        "phones": [row("mobile", "+44 1"), row("fax", "2")],
        "address_list": [{"city": "Cork", "country_code": "ie"}],
        "status_id": PROSPECT,
        "starred": True,
        "custom_fields": [{"custom_field": {"name": "Lead score"}, "value": "7.5"}],
    }
    made = onepage.new("/contacts", **given)
    assert made["custom_fields"][0]["value"] == 7.5
    assert made["address_list"][0]["country_code"] == "IE"
    path = f"/contacts/{made['id']}"
    kept = onepage.put(f"{path}?partial=1", phones=[row("home", "3")])["contact"]
    assert kept["phones"] == [row("home", "3")]
    assert (kept["tags"], kept["starred"], kept["status_id"]) == (["VIP"], True, PROSPECT)
    bare = onepage.put(path, last_name="Record")["contact"]
    assert (bare["first_name"], bare["phones"], bare["tags"], bare["custom_fields"]) == ("", [], [], [])
    assert (bare["starred"], bare["status_id"]) == (False, LEAD)
    assert bare["address_list"] == [
        {"address": "", "city": "", "state": "", "zip_code": "", "country_code": ""}
    ]
    assert bare["created_at"] == made["created_at"]


@pytest.mark.parametrize(
    ("path", "body", "errors"),
    [
        ("/contacts", {}, {"lastname": NAMELESS, "company": NAMELESS}),
        ("/contacts", {"first_name": "Only"}, {"lastname": NAMELESS, "company": NAMELESS}),
        ("/contacts", {"last_name": 5}, {"last_name": "must be a string"}),
        (
            "/contacts",
            {"last_name": "X", "status_id": "none", "owner_id": "none"},
            {"status_id": "status not found", "owner_id": "owner not found"},
        ),
        (
            "/contacts",
            {"last_name": "X", "phones": [{"type": "boat", "value": "1"}]},
            {"phones": "type is not included in the list"},
        ),
        (
            "/contacts",
            {"last_name": "X", "address_list": [{"country_code": "XX"}]},
            {"address_list": "country_code is not included in the list"},
        ),
        (
            "/contacts",
            {"last_name": "X", "custom_fields": [{"custom_field": {"name": "Birthday"}, "value": "soon"}]},
            {"custom_fields": "Birthday: is not a valid date"},
        ),
        (
            "/contacts",
            {"last_name": "X", "custom_fields": [{"custom_field": {"name": "Sector"}, "value": "Boats"}]},
            {"custom_fields": "Sector: is not included in the list"},
        ),
        (
            "/contacts",
            {"last_name": "X", "background": "x" * 10_241},
            {"background": "is too long (maximum is 10240 characters)"},
        ),
        ("/deals", {"name": "X"}, {"contact_id": "is required"}),
        ("/deals", {"name": "X", "contact_id": "none"}, {"contact_id": "contact not found"}),
        ("/deals", {"contact_id": ANN}, {"name": "is required"}),
        (
            "/deals",
            {"contact_id": ANN, "name": "X", "stage": 100, "amount": "much"},
            {"stage": "must be greater than 0 and less than 100", "amount": "is not a number"},
        ),
        ("/deals", {"contact_id": ANN, "name": "X", "stage": 33}, {"stage": "is not included in the list"}),
        ("/actions", {"contact_id": ANN}, {"text": "is required"}),
        (
            "/actions",
            {"contact_id": ANN, "text": "x" * 141},
            {"text": "is too long (maximum is 140 characters)"},
        ),
        ("/actions", {"contact_id": ANN, "text": "x", "status": "date_time"}, {"exact_time": "is required"}),
        ("/actions", {"contact_id": ANN, "text": "x", "date": "31.12.2026"}, {"date": "is not a valid date"}),
        ("/notes", {"contact_id": ANN}, {"text": "is required"}),
        (
            "/notes",
            {"contact_id": ANN, "text": "x", "linked_deal_id": "none"},
            {"linked_deal_id": "deal not found"},
        ),
        (
            "/calls",
            {"contact_id": ANN, "call_result": "angry"},
            {"call_result": "is not included in the list"},
        ),
        (
            "/meetings",
            {"contact_id": ANN, "place": "x" * 101},
            {"place": "is too long (maximum is 100 characters)"},
        ),
    ],
)
def test_wrong_bodies_are_refused_with_all_that_is_wrong(
    onepage: OnePageClient, path: str, body: dict[str, Any], errors: dict[str, str]
) -> None:
    count = onepage.get(path, team="1")["total_count"]
    response = onepage.http.post(path, json=body)
    assert (response.status_code, response.json()) == (
        400,
        {
            "status": 400,
            "message": "Invalid request data",
            "error_name": "invalid_request_data",
            "error_message": "A validation error has occurred",
            "errors": errors,
        },
    )
    assert onepage.get(path, team="1")["total_count"] == count


def test_names_that_are_too_long_are_cut(onepage: OnePageClient) -> None:
    made = onepage.new("/contacts", first_name="f" * 30, last_name="l" * 30, company_name="c" * 60)
    assert [len(made[name]) for name in ("first_name", "last_name", "company_name")] == [25, 25, 55]
    assert len(onepage.new("/deals", contact_id=made["id"], name="d" * 61)["name"]) == 60


def test_contacts_of_one_company_name_share_a_company(onepage: OnePageClient) -> None:
    first = onepage.new("/contacts", last_name="One", company_name="Joined Ltd")
    second = onepage.new("/contacts", last_name="Two", company_name="JOINED LTD")
    assert second["company_id"] == first["company_id"]
    assert (second["company_name"], second["company_size"]) == ("Joined Ltd", 2)
    # One of two that gets another company's name leaves for it, the only one left renames its company.
    moved = onepage.put(f"/contacts/{second['id']}?partial=1", company_name="Other Ltd")["contact"]
    assert moved["company_id"] != first["company_id"]
    renamed = onepage.put(f"/contacts/{first['id']}?partial=1", company_name="Renamed Ltd")["contact"]
    assert renamed["company_id"] == first["company_id"]
    assert onepage.get(f"/companies/{first['company_id']}")["company"]["name"] == "Renamed Ltd"
    split = onepage.put(f"/contacts/{second['id']}/split", company_name="Renamed Ltd")["contact"]
    assert split["company_id"] == first["company_id"]
    # A company without contacts is none.
    onepage.ask("GET", f"/companies/{moved['company_id']}", 404)


def test_a_company_is_changed_for_all_its_contacts(onepage: OnePageClient) -> None:
    person = onepage.new("/contacts", last_name="Three", company_name="Shared plc")
    path = f"/companies/{person['company_id']}"
    changed = onepage.put(f"{path}?partial=1", name="Shared & Co", phone="123", address={"city": "Cork"})
    company = changed["company"]
    assert (company["name"], company["phone"], company["address"]["city"]) == ("Shared & Co", "123", "Cork")
    assert company["address"]["zip_code"] is None
    assert onepage.get(f"/contacts/{person['id']}")["contact"]["company_name"] == "Shared & Co"
    assert [row["contact"]["id"] for row in company["contacts"]] == [person["id"]]
    fields = [{"company_field": {"name": "Size"}, "value": "Large"}]
    whole = onepage.put(path, name="Shared & Co", company_fields=fields)["company"]
    assert (whole["phone"], whole["company_fields"][0]["value"]) == ("", "Large")
    onepage.ask("POST", "/companies", 404, name="Alone")
    onepage.ask("DELETE", path, 404)


def test_a_company_can_keep_its_contacts_in_one_status(onepage: OnePageClient) -> None:
    one = onepage.new("/contacts", last_name="A", company_name="Synced Ltd")
    two = onepage.new("/contacts", last_name="B", company_name="Synced Ltd")
    path = f"/companies/{one['company_id']}/synced_status"
    synced = onepage.ask("POST", path, 201, status_id=CUSTOMER)["data"]["company"]
    assert (synced["syncing_status"], synced["synced_status_id"]) == (True, CUSTOMER)

    def status() -> set[str]:
        return {onepage.get(f"/contacts/{each['id']}")["contact"]["status_id"] for each in (one, two)}

    assert status() == {CUSTOMER}
    onepage.put(f"/contacts/{one['id']}/change_status/{PROSPECT}")
    assert status() == {PROSPECT}
    onepage.ask("DELETE", path)
    onepage.put(f"/contacts/{one['id']}/change_status/{LEAD}")
    assert status() == {LEAD, PROSPECT}


def test_a_deleted_contact_comes_back_with_all_it_had(onepage: OnePageClient) -> None:
    made = onepage.new(
        "/contacts",
        last_name="Back",
        company_name="Gone & Back",
        next_action_name="Ring",
        next_action_date="asap",
    )
    deal = onepage.new("/deals", contact_id=made["id"], name="Kept", amount=5)
    note = onepage.new("/notes", contact_id=made["id"], text="Kept", linked_deal_id=deal["id"])
    before = onepage.get(f"/contacts/{made['id']}")
    onepage.ask("DELETE", f"/contacts/{made['id']}")
    for path in (f"/deals/{deal['id']}", f"/notes/{note['id']}", f"/companies/{made['company_id']}"):
        onepage.ask("GET", path, 404)
    after = onepage.ask("DELETE", f"/contacts/{made['id']}?undo=true")["data"]
    after["contact"]["modified_at"] = before["contact"]["modified_at"]
    assert after == before
    assert onepage.get(f"/deals/{deal['id']}")["related_notes"][0]["note"]["id"] == note["id"]
    onepage.ask("DELETE", f"/contacts/{made['id']}?undo=true", 404)


def test_the_verbs_of_contacts(onepage: OnePageClient) -> None:
    path = f"/contacts/{onepage.new('/contacts', last_name='Verbs')['id']}"
    starred = onepage.ask("PUT", f"{path}/star")
    assert starred["data"]["contact"]["starred"] is True
    assert "system_tags" in starred["tags"]
    assert onepage.put(f"{path}/unstar")["contact"]["starred"] is False
    assert onepage.put(f"{path}/assign_tag/r%26d%20[%2F]")["contact"]["tags"] == ["R&D [/]"]
    assert onepage.put(f"{path}/assign_tag/Fresh")["contact"]["tags"] == ["R&D [/]", "Fresh"]
    assert onepage.put(f"{path}/unassign_tag/fresh")["contact"]["tags"] == ["R&D [/]"]
    onepage.ask("PUT", f"{path}/unassign_tag/fresh", 404)
    assert onepage.put(f"{path}/change_status/{CUSTOMER}")["contact"]["status"] == "Customer"
    onepage.ask("PUT", f"{path}/change_status/none", 404)
    assert onepage.put(f"{path}/change_owner/{MARKUS}")["contact"]["owner_id"] == MARKUS
    onepage.ask("PUT", f"{path}/change_owner/none", 404)
    onepage.ask("PUT", f"{path}/nonsense", 404)


def test_a_sales_cycle_is_closed_when_nothing_is_left_to_do(onepage: OnePageClient) -> None:
    person = onepage.new("/contacts", last_name="Cycle", next_action_name="Ring", next_action_date="waiting")
    path = f"/contacts/{person['id']}"
    refused = onepage.ask("PUT", f"{path}/close_sales_cycle", 409, comment="No budget")
    assert refused["error_name"] == "conflict"
    onepage.ask("PUT", f"{path}/force_close_sales_cycle", 400, comment="x" * 141)
    closed = onepage.put(f"{path}/force_close_sales_cycle", comment="No budget")
    assert closed["next_actions"] == []
    assert closed["contact"]["sales_closed_for"] == [onepage.user]
    assert closed["contact"]["closed_sales"][0]["comment"] == "No budget"
    assert person["id"] not in onepage.ids("/action_stream", per_page=100)
    assert onepage.put(f"{path}/reopen_sales_cycle")["contact"]["closed_sales"] == []
    assert person["id"] in onepage.ids("/action_stream", per_page=100)


def test_a_deal_goes_from_stage_to_stage_until_it_is_won(onepage: OnePageClient) -> None:
    answer = onepage.ask("POST", "/deals", 201, contact_id=ANN, name="Solar panels", amount=99.5, months=12)
    deal = answer["data"]["deal"]
    assert {"target", "won", "pending", "expires"} == set(answer["sales"])
    assert (deal["status"], deal["stage"], deal["total_amount"], deal["author"]) == (
        "pending",
        10,
        1194,
        "Rosa R.",
    )
    assert (deal["date"], deal["expected_close_date"], "close_date" in deal) == (today(), today(), False)
    assert deal["contact_info"] == {"contact_name": "Ann Lee", "company": "Acme Ltd"}
    path = f"/deals/{deal['id']}"
    assert onepage.put(f"{path}?partial=1", stage=50)["deal"]["stage"] == 50
    renewals = onepage.get("/pipelines")["pipelines"][1]["pipeline"]
    moved = onepage.put(f"{path}?partial=1", pipeline_id=renewals["id"])["deal"]
    assert moved["stage"] == renewals["stages"][0]["stage"]
    history = onepage.get(path, include_history="true")["deal"]["previous_pipeline_stages"]
    assert sorted(history.values()) == [30, 50]
    pending = answer["sales"]["pending"]
    won = onepage.ask("PUT", f"{path}?partial=1", status="won")
    assert won["sales"]["pending"] == pytest.approx(pending - 1194)
    assert (won["data"]["deal"]["close_date"], "stage" in won["data"]["deal"]) == (today(), False)
    assert onepage.ask("PUT", path, 400, contact_id=JANE, name="X")["errors"] == {
        "contact_id": "cannot be changed"
    }
    onepage.ask("DELETE", path)
    onepage.ask("DELETE", f"{path}?undo=true", 404)


def test_the_items_of_a_deal_are_what_it_is_worth(onepage: OnePageClient) -> None:
    items = [{"name": "Panel", "price": 10.5, "cost": 4, "qty": 3}, {"name": "Day", "price": 1, "qty": 1}]
    deal = onepage.new("/deals", contact_id=ANN, name="Items", amount=1, deal_items=items)
    assert (deal["amount"], deal["cost"], deal["has_deal_items"]) == (32.5, 12, True)
    assert [item["amount"] for item in deal["deal_items"]] == [31.5, 1]
    kept = onepage.put(f"/deals/{deal['id']}?partial=1", text="same")["deal"]
    assert kept["deal_items"] == deal["deal_items"]


def person(onepage: OnePageClient, name: str) -> str:
    return str(onepage.new("/contacts", last_name=name)["id"])


def test_an_action_is_done_and_not_done_after_all(onepage: OnePageClient) -> None:
    contact = person(onepage, "Done")
    action = onepage.new("/actions", contact_id=contact, text="Ring", date=today(3))
    assert (action["status"], action["date"], action["assignee_id"]) == ("date", today(3), onepage.user)
    path = f"/actions/{action['id']}"
    done = onepage.put(f"{path}/mark_as_done")["action"]
    assert (done["status"], done["done"], done["done_at"]) == ("done", True, today())
    assert onepage.get(f"/contacts/{contact}")["next_actions"] == []
    onepage.ask("PUT", f"{path}/mark_as_done", 409)
    back = onepage.put(f"{path}/undo_completion")["action"]
    assert (back["status"], back["done"], back["date"]) == ("date", False, today(3))
    onepage.ask("PUT", f"{path}/undo_completion", 409)
    onepage.ask("DELETE", path)
    assert onepage.ask("DELETE", f"{path}?undo=true")["data"]["action"]["id"] == action["id"]


def test_a_contact_has_one_asap_action_of_each_user(onepage: OnePageClient) -> None:
    contact = person(onepage, "Asap")
    first = onepage.new("/actions", contact_id=contact, text="First", status="asap")
    onepage.new("/actions", contact_id=contact, text="Hers", status="asap", assignee_id=JANE)
    second = onepage.new(f"/contacts/{contact}/actions", text="Second", status="asap")
    entry = onepage.get(f"/contacts/{contact}")
    assert entry["next_action"]["id"] == second["id"]
    told = {action["text"]: action["status"] for action in entry["next_actions"]}
    assert told == {"First": "date", "Hers": "asap", "Second": "asap"}
    assert onepage.get(f"/actions/{first['id']}")["action"]["date"] == today()


def test_queued_actions_wait_for_their_turn(onepage: OnePageClient) -> None:
    contact = person(onepage, "Queue")
    queued = onepage.new("/actions", contact_id=contact, text="Later", status="queued")
    dated = onepage.new(
        "/actions", contact_id=contact, text="Dated", status="queued_with_date", date=today(2)
    )
    assert (queued["position"], dated["position"]) == (1, 2)
    entry = onepage.get(f"/contacts/{contact}")
    assert entry["next_actions"] == []
    assert [action["text"] for action in entry["queued_actions"]] == ["Later", "Dated"]
    promoted = onepage.put(f"/actions/{queued['id']}/promote")["action"]
    assert (promoted["status"], promoted["date"]) == ("date", today())
    onepage.ask("PUT", f"/actions/{dated['id']}/promote", 409)
    onepage.put(f"/actions/{queued['id']}?partial=1", date=today(9))
    assert onepage.put(f"/actions/{dated['id']}/swap")["action"]["status"] == "date"
    swapped = onepage.get(f"/actions/{queued['id']}")["action"]
    assert (swapped["status"], swapped["date"]) == ("queued_with_date", today(9))
    onepage.ask("PUT", f"/actions/{queued['id']}/swap", 409)
    given = onepage.put(f"/actions/{dated['id']}/unassign", assignee_id=JANE)["action"]
    assert given["assignee_id"] == JANE
    assert onepage.put(f"/actions/{dated['id']}/unassign")["action"]["assignee_id"] == onepage.user


def test_a_locked_action_is_left_alone(onepage: OnePageClient) -> None:
    actions = [row["action"] for row in onepage.get("/actions", per_page=100)["actions"]]
    locked = next(action for action in actions if action["externally_controlled"])
    path = f"/actions/{locked['id']}"
    onepage.ask("PUT", f"{path}/mark_as_done", 409)
    onepage.ask("PUT", f"{path}?partial=1", 409, text="Other")
    onepage.ask("DELETE", path, 409)
    assert onepage.put(f"{path}?partial=1", assignee_id=JANE)["action"]["assignee_id"] == JANE
    assert onepage.put(f"{path}/unlink")["action"]["externally_controlled"] is False
    assert onepage.put(f"{path}/mark_as_done")["action"]["done"] is True


def test_notes_calls_and_meetings_are_logged(onepage: OnePageClient) -> None:
    contact = person(onepage, "Logged")
    note = onepage.new("/notes", contact_id=contact, text=" Hello ")
    assert (note["text"], note["date"], note["author"], note["linked_deal_name"]) == (
        "Hello",
        today(),
        "Rosa R.",
        "",
    )
    call = onepage.new(f"/contacts/{contact}/calls", call_result="interested", call_time_int="1525273653")
    # The time of a new call was recorded as text, that of others as a number.
    assert call["call_time_int"] == "1525273653"
    assert onepage.get(f"/calls/{call['id']}")["call"]["call_time_int"] == 1525273653
    meeting = onepage.new(
        "/meetings", contact_id=contact, meeting_time_int="2018-05-02T15:07:33Z", place="Here"
    )
    assert meeting["meeting_time_int"] == 1525273653
    for kind, record in (("notes", note), ("calls", call), ("meetings", meeting)):
        assert onepage.ids(f"/contacts/{contact}/{kind}") == [record["id"]]
        path = f"/{kind}/{record['id']}"
        told = onepage.put(f"{path}?partial=1", text="Changed")
        assert next(iter(told.values()))["text"] == "Changed"
        onepage.ask("DELETE", path)
        onepage.ask("GET", path, 404)


def test_statuses_sources_and_fields_are_made_changed_and_deleted(onepage: OnePageClient) -> None:
    status = onepage.new("/statuses", text="Fresh", color="009900")
    contact = onepage.new("/contacts", last_name="Fresh", status_id=status["id"])
    assert contact["status"] == "Fresh"
    assert onepage.put(f"/statuses/{status['id']}?partial=1", text="Stale")["status"]["color"] == "009900"
    onepage.ask("PUT", f"/statuses/{status['id']}", 400, text="Stale")
    onepage.ask("DELETE", f"/statuses/{status['id']}")
    assert onepage.get(f"/contacts/{contact['id']}")["contact"]["status_id"] == LEAD
    onepage.ask("DELETE", f"/statuses/{LEAD}", 409)
    source = onepage.ask("POST", "/lead_sources", 201, text="A podcast")["data"]
    texts = [row["text"] for row in onepage.get("/lead_sources")]
    assert texts == sorted(texts, key=str.casefold)
    onepage.put(f"/contacts/{contact['id']}?partial=1", lead_source_id=source["id"])
    assert onepage.get(f"/lead_sources/{source['id']}")["total_count"] == 1
    onepage.ask("DELETE", f"/lead_sources/{source['id']}")
    assert onepage.get(f"/contacts/{contact['id']}")["contact"]["lead_source_id"] == ""
    onepage.ask("POST", "/custom_fields", 400, name="Choice", type="select_box")
    field = onepage.new("/custom_fields", name="Choice", type="select_box", choices=["a", "b"])
    values = [{"custom_field": {"id": field["id"]}, "value": "b"}]
    told = onepage.put(f"/contacts/{contact['id']}?partial=1", custom_fields=values)["contact"]
    assert told["custom_fields"][0]["value"] == "b"
    onepage.ask("DELETE", f"/custom_fields/{field['id']}")
    assert onepage.get(f"/contacts/{contact['id']}")["contact"]["custom_fields"] == []


def test_a_number_of_another_system_is_never_the_same_twice(onepage: OnePageClient) -> None:
    values = [{"custom_field": {"name": "Customer number"}, "value": "HG000000"}]
    refused = onepage.ask("POST", "/contacts", 400, last_name="Twice", custom_fields=values)
    assert refused["errors"] == {"custom_fields": "Customer number is already taken"}
    onepage.put(f"/contacts/{ANN}?partial=1", custom_fields=values)


def test_bodies_and_methods_that_are_none(onepage: OnePageClient) -> None:
    for content in (b"{", b"[]", b"\xff"):
        response = onepage.http.post("/contacts", content=content)
        assert (response.status_code, response.json()["error_name"]) == (400, "invalid_request_data")
    onepage.ask("PUT", "/contacts", 405)
    onepage.ask("POST", "/countries", 405, name="Atlantis")
    onepage.ask("GET", "/nonsense", 404)
    assert httpx.get(f"{onepage.url}/api/v2/contacts", trust_env=False).status_code == 401
    hidden = onepage.http.get("/contacts/none", params={"suppress_http_status": "1"})
    assert (hidden.status_code, hidden.json()["status"]) == (200, 404)

    request = onepage.http.build_request("PUT", f"/contacts/{ANN}/star")
    del request.headers["content-length"]
    assert onepage.http.send(request).status_code == 411
