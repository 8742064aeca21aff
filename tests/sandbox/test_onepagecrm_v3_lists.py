"""Lists of the emulated OnePageCRM over API v3: pages, search, streams, counts, and what is set up."""

from itertools import pairwise
from typing import Any

import pytest

from .conftest import OnePageClient, StartOnePage

JANE = "5e0b7c3d9007ba000000003e"
ANN, ACME = "5e0b7c3d9007ba00000003e9", "5e0b7c3d9007ba0000000443"
INTERESTS = "5e0b7c3d9007ba000000007f"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A client of an account of 90 contacts in which nobody writes."""
    from crmtui.sandbox import Sandbox

    place = tmp_path_factory.mktemp("book")
    with Sandbox(place, records=90, crm="onepagecrm", switches={"ONEPAGECRM_RATE": "0"}) as sandbox:
        yield OnePageClient(sandbox)


def everyone(book: OnePageClient, **parameters: object) -> list[dict[str, Any]]:
    data = book.get("/contacts", team="true", per_page=100, **parameters)
    return [entry["contact"] for entry in data["contacts"]]


def test_contacts_come_in_pages_by_name(book: OnePageClient) -> None:
    first = book.get("/contacts", team="1")
    assert [first[name] for name in ("total_count", "page", "per_page", "max_page")] == [90, 1, 10, 9]
    ids = [each for page in range(1, 10) for each in book.ids("/contacts", team="1", page=page)]
    assert ids == [contact["id"] for contact in everyone(book)]
    assert len(set(ids)) == 90
    names = [(row["last_name"] or row["company_name"]).casefold() for row in everyone(book)]
    assert names == sorted(names)
    beyond = book.get("/contacts", team="1", page=11)
    assert (beyond["contacts"], beyond["total_count"], beyond["page"]) == ([], 90, 11)
    assert book.ask("GET", "/contacts?page=0", 400)["errors"] == {"page": "must be greater than 0"}


def test_without_the_team_the_contacts_are_ones_own(book: OnePageClient) -> None:
    own = book.get("/contacts", per_page=100)["contacts"]
    assert {entry["contact"]["owner_id"] for entry in own} == {book.user}
    assert len(own) == 60
    hers = book.get("/contacts", owner_id=JANE)["contacts"]
    assert {entry["contact"]["owner_id"] for entry in hers} == {JANE}


@pytest.mark.parametrize(
    ("parameters", "meant"),
    [
        ({"search": "ACME"}, lambda row: "acme" in row["company_name"].casefold()),
        ({"email": "ann.lee@acme.example"}, lambda row: row["id"] == ANN),
        ({"phone": "20 7946 0000"}, lambda row: any("7946 0000" in each["value"] for each in row["phones"])),
        ({"url": "acme.example"}, lambda row: any("acme.example" in each["value"] for each in row["urls"])),
        ({"letter": "l"}, lambda row: row["letter"] == "l"),
        ({"tag": "vip"}, lambda row: "VIP" in row["tags"]),
        ({"company_id": ACME}, lambda row: row["company_id"] == ACME),
        ({"status_id": "5e0b7c3d9007ba0000000053"}, lambda row: row["status"] == "Customer"),
        ({"lead_source": "Partner"}, lambda row: row["lead_source_id"] == "partner"),
        ({"lead_source_id": "partner"}, lambda row: row["lead_source"] == "Partner"),
        ({"starred": "true"}, lambda row: row["starred"]),
        ({"pending_deal": "1"}, lambda row: row["pending_deal"]),
        (
            {"custom_field_id": INTERESTS, "custom_field_value": "hardware"},
            lambda row: any("Hardware" in str(each["value"]) for each in row["custom_fields"]),
        ),
    ],
)
def test_contacts_are_searched(book: OnePageClient, parameters: dict[str, str], meant: Any) -> None:
    expected = [row["id"] for row in everyone(book) if meant(row)]
    assert [row["id"] for row in everyone(book, **parameters)] == expected
    assert 0 < len(expected) < 90


def test_contacts_are_found_by_what_is_next(book: OnePageClient) -> None:
    entries = book.get("/contacts", per_page=100)["contacts"]

    def mine(entry: dict[str, Any], status: str = "") -> bool:
        rows = [row for row in entry["next_actions"] if row["assignee_id"] == book.user]
        return any(row["status"].startswith(status) for row in rows)

    waiting = [entry["contact"]["id"] for entry in entries if mine(entry, "waiting")]
    assert book.ids("/contacts", waiting="true", per_page=100) == waiting
    busy = [entry["contact"]["id"] for entry in entries if mine(entry) or entry["queued_actions"]]
    assert set(busy) == set(book.ids("/contacts", has_actions_for_me="true", per_page=100))
    due = book.get("/contacts", has_actions_today="true", per_page=100)["contacts"]
    assert 0 < len(due) < len(busy)


def test_searches_that_contradict_each_other_are_refused(book: OnePageClient) -> None:
    for path, name in (
        ("/contacts?company_id=x&tag=y", "tag"),
        ("/contacts?has_actions=1&has_actions_for_me=1", "has_actions_for_me"),
        ("/contacts?starred=maybe", "starred"),
        ("/contacts?sort_by=age", "sort_by"),
        ("/contacts?order=up", "order"),
        ("/contacts?modified_since=soon", "modified_since"),
        ("/contacts?modified_since=2026-01-01&date_filter=created_at", "modified_since"),
        ("/deals?date_filter=birthday&since=2026-01-01", "date_filter"),
        ("/contacts?fields=boats(all)", "fields"),
    ):
        assert list(book.ask("GET", path, 400)["errors"]) == [name]


def test_contacts_are_sorted(book: OnePageClient) -> None:
    for name in ("created_at", "modified_at", "first_name", "company_name"):
        rising = [row[name].casefold() for row in everyone(book, sort_by=name)]
        assert rising == sorted(rising)
        falling = [row[name].casefold() for row in everyone(book, sort_by=name, order="desc")]
        assert falling == rising[::-1]


def test_what_changed_since_a_moment(book: OnePageClient) -> None:
    for kind, word in (("contacts", "contact"), ("deals", "deal"), ("actions", "action")):
        pages = [book.get(f"/{kind}", team="1", per_page=50, page=page)[kind] for page in (1, 2)]
        stamps = sorted(row[word]["modified_at"] for page in pages for row in page)
        middle = stamps[45]
        later = book.get(f"/{kind}", team="1", per_page=100, modified_since=middle)
        assert later["total_count"] == sum(stamp >= middle for stamp in stamps)
        day = middle[:10]
        on_day = book.get(f"/{kind}", team="1", date_filter="modified_at", since=day, until=day)
        assert on_day["total_count"] == sum(stamp.startswith(day) for stamp in stamps)
        older = book.get(f"/{kind}", team="1", per_page=100, unmodified_since=middle)
        assert older["total_count"] == sum(stamp <= middle for stamp in stamps)


def test_the_counts_beside_contacts(book: OnePageClient) -> None:
    answer = book.ask("GET", "/contacts")
    rows = everyone(book)
    for status in answer["statuses"]:
        told = status["status"]
        meant = [row for row in rows if row["status_id"] == told["id"]]
        assert told["total_count"] == len(meant)
        assert told["counts"] == sum(row["owner_id"] == book.user for row in meant)
        assert sum(row["counts"] for row in told["team_counts"]) == told["total_count"]
    for tag in answer["tags"]["tags"]:
        assert tag["total_count"] == sum(tag["name"] in row["tags"] for row in rows)
    for source in answer["lead_sources"]:
        assert source["total_count"] == sum(row["lead_source_id"] == source["id"] for row in rows)
    assert answer["tags"]["system_tags"][0]["total_count"] == sum(row["starred"] for row in rows)
    letters = answer["contacts_count"]["all"]
    assert letters["total_count"] == 90
    assert letters["l"] == sum(row["letter"] == "l" for row in rows)
    streams = {row["user_id"]: row["counts"] for row in answer["team_stream"]["users"]}
    assert streams[book.user] == book.get("/action_stream")["total_count"]
    assert answer["team_stream"]["all"] == book.get("/team_stream")["total_count"]
    assert streams[JANE] == book.get("/team_stream", user_id=JANE)["total_count"]
    assert set(book.ask("GET", "/deals")) == {"status", "message", "timestamp", "data"}


def test_the_action_stream_begins_with_what_is_urgent(book: OnePageClient) -> None:
    entries = book.get("/action_stream", per_page=100)["contacts"]
    order = {"asap": "0", "date": "1", "date_time": "1", "waiting": "2"}
    places = []
    for entry in entries:
        mine = [row for row in entry["next_actions"] if row["assignee_id"] == book.user]
        places.append(min((f"{order[row['status']]} {row.get('date', '')}" for row in mine), default="9"))
    assert places == sorted(places)
    assert places[0].startswith("0")
    assert places[-1] == "9"
    waiting = book.get("/action_stream", waiting="true", per_page=100)["contacts"]
    assert 0 < len(waiting) < len(entries)


def test_beside_contacts_stands_what_is_asked_for(book: OnePageClient) -> None:
    plain = book.get("/contacts", search="acme ltd")["contacts"][0]
    assert set(plain) == {
        "contact",
        "next_actions",
        "next_action",
        "queued_actions",
        "next_action_conflicts",
        "company",
    }
    wanted = "deals(all),notes(all),calls(all),meetings(all),pinned_attachments(all)"
    whole = book.get("/contacts", search="acme ltd", fields=wanted)["contacts"][0]
    assert set(whole) - set(plain) == {"deals", "notes", "calls", "meetings", "pinned_attachments"}
    ident = plain["contact"]["id"]
    for kind in ("deals", "notes", "calls", "meetings"):
        assert [row["id"] for row in whole[kind]] == book.ids(f"/contacts/{ident}/{kind}", per_page=100)
    deal = book.get("/deals", contact_id=ident, fields="contacts(all)")["deals"][0]
    assert [row["id"] for row in deal["contacts"]] == [ident]


def test_the_cascade_goes_through_all_contacts(start_onepage: StartOnePage) -> None:
    large = start_onepage(records=230)
    own = large.get("/contacts", per_page=1)["total_count"]
    ids: list[str] = []
    path = "/contacts/cascade"
    left = own
    while path:
        data = large.get(path)
        ids += [entry["contact"]["id"] for entry in data["contacts"]]
        left -= len(data["contacts"])
        assert data["items_left"] == left
        path = (data["next_set_url"] or "").removeprefix(f"{large.url}/api/v3")
    assert (len(ids), len(set(ids))) == (own, own)
    assert large.get("/contacts/cascade", team="true")["items_left"] == 130
    large.ask("GET", "/contacts/cascade/none", 404)


def test_the_records_of_a_company(book: OnePageClient) -> None:
    company = book.get(f"/companies/{ACME}")["company"]
    people = [entry["contact"]["id"] for entry in company["contacts"]]
    assert len(people) == company["contacts_count"] == 2
    assert company["pending_deals_count"] == len(company["pending_deals"])
    for kind in ("actions", "deals", "notes", "calls", "meetings"):
        each = [
            ident for contact in people for ident in book.ids(f"/contacts/{contact}/{kind}", per_page=100)
        ]
        assert sorted(book.ids(f"/companies/{ACME}/{kind}", per_page=100)) == sorted(each)
    names = [row["company"]["name"].casefold() for row in book.get("/companies", per_page=100)["companies"]]
    assert names == sorted(names)
    assert book.ids("/companies", name="acme LTD") == [ACME]
    assert ACME in book.ids("/companies", letter="a", per_page=100)


def test_deals_are_chosen(book: OnePageClient) -> None:
    rows = [row["deal"] for row in book.get("/deals", per_page=100)["deals"]]
    for status in ("pending", "won", "lost"):
        meant = {row["id"] for row in rows if row["status"] == status}
        assert set(book.ids("/deals", status=status, per_page=100)) == meant
    closed = {row["id"] for row in rows if row["status"] != "pending"}
    assert set(book.ids("/deals", status="closed", per_page=100)) == closed
    staged = {row["id"] for row in rows if row.get("stage") == 50}
    assert set(book.ids("/deals", stage=50, per_page=100)) == staged
    pipeline = book.get("/pipelines")["pipelines"][1]["pipeline"]["id"]
    renewals = {row["id"] for row in rows if row["pipeline_id"] == pipeline}
    assert set(book.ids("/deals", pipeline_id=pipeline, per_page=100)) == renewals
    found = book.get("/deals", search="acme ltd", per_page=100)["deals"]
    assert all("Acme Ltd" in str(row["deal"]) for row in found)
    assert found
    days = [
        row["deal"].get("close_date") or ""
        for row in book.get("/deals", sort_by="close_date", order="desc")["deals"]
    ]
    assert days == sorted(days, reverse=True)


def test_actions_come_in_the_order_of_the_stream(book: OnePageClient) -> None:
    rows = [row["action"] for row in book.get("/actions", per_page=100)["actions"]]
    groups = {"asap": 0, "date": 1, "date_time": 1, "waiting": 2, "queued": 3, "done": 4}
    assert all(groups[a["status"]] <= groups[b["status"]] for a, b in pairwise(rows))
    assert {row["status"] for row in rows} == set(groups)
    assert all(row["action"]["done"] for row in book.get("/actions", done="true")["actions"])
    assert not any(row["action"]["done"] for row in book.get("/actions", done="false")["actions"])
    assert {row["action"]["status"] for row in book.get("/actions", status="asap")["actions"]} == {"asap"}


def test_filters_choose_contacts(book: OnePageClient) -> None:
    filters = {row["filter"]["name"]: row["filter"] for row in book.get("/filters")["filters"]}
    chosen = filters["Prospects with pending deals"]
    data = book.get(f"/contacts/filters/{chosen['id']}", per_page=3)
    assert (data["filter"], data["per_page"]) == (chosen, 25)
    rows = [entry["contact"] for entry in data["contacts"]]
    assert {(row["status"], row["pending_deal"]) for row in rows} == {("Prospect", True)}
    assert book.get("/contacts", filter_id=chosen["id"], team="1")["total_count"] >= len(rows)
    irish = filters["Ireland [/]"]
    assert book.get(f"/contacts/filters/{irish['id']}")["contacts"] == []
    large = book.get("/deals", filter_id=filters["Large deals & VIPs"]["id"])["deals"]
    assert large
    book.ask("GET", "/contacts/filters/none", 404)


def test_everything_to_start_with_in_one_answer(book: OnePageClient) -> None:
    answer = book.ask("GET", "/bootstrap")
    data = answer["data"]
    assert data["user_id"] == book.user == data["user"]["user"]["id"]
    assert "bcc_email" in data["user"]["user"]
    assert len(data["team"]) == 6
    assert not any("bcc_email" in row["user"] for row in data["team"])
    types = {row["custom_field"]["type"] for row in data["custom_fields"]}
    assert len(types) == 9
    assert "created_at" not in data["custom_fields"][0]["custom_field"]
    assert data["call_results_order"] == list(data["call_results"])
    assert data["settings"]["deal_stages"] == data["settings"]["pipelines"][0]["pipeline"]["stages"]
    assert {"lead_sources", "statuses", "tags", "contacts_count", "team_stream"} <= set(answer)


def test_what_is_set_up_is_listed(book: OnePageClient) -> None:
    assert len(book.get("/users")) == 7
    assert [row["status"]["status"] for row in book.get("/statuses")][:2] == ["lead", "prospect"]
    assert book.get("/lead_sources")[0]["id"] == "advertisement"
    countries = book.ask("GET", "/countries")
    assert len(countries["data"]["countries"]) == 250
    assert "timestamp" not in countries
    codes = {row["country"]["code"] for row in countries["data"]["countries"]}
    used = {place["country_code"] for contact in everyone(book) for place in contact["address_list"]}
    assert {"EL"} < used <= {*codes, ""}
    fields = book.get("/custom_fields", per_page=100)
    assert [row["custom_field"]["position"] for row in fields["custom_fields"]] == list(range(10))
    assert book.get("/custom_fields", type="number")["total_count"] == 1
    results = book.get("/call_results")
    assert sum(row["call_result"]["total_counts"] for row in results) == book.get("/calls")["total_count"]
    for kind, word in (("users", "user"), ("pipelines", "pipeline"), ("filters", "filter")):
        rows = book.get(f"/{kind}")
        first = (rows if kind == "users" else rows[kind])[0]
        assert book.get(f"/{kind}/{first[word]['id']}") == first
        book.ask("GET", f"/{kind}/none", 404)
