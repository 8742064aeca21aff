"""The commands on OnePageCRM's API v3, against its sandbox: only the connection tells which service it is."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from crmtui.config import Connection
from crmtui.crm.onepagecrm.v3 import kinds
from crmtui.crm.onepagecrm.v3.adapter import OnePage
from crmtui.paths import config_file
from crmtui.sandbox import Sandbox
from crmtui.sandbox.onepagecrm.v3 import paging
from tests.cli.conftest import Acme, Program
from tests.conftest import Served

Begin = Callable[..., Acme]
KINDS = ["contacts", "companies", "deals", "actions", "notes", "calls", "meetings"]


@pytest.fixture
def begin(tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Starts a sandbox of the test's own with switches, any number of calls allowed, and connects `acme`."""
    started: list[Sandbox] = []
    monkeypatch.setattr(OnePage, "pauses", (0.0, 0.0))

    def start(records: int = 20, **switches: str) -> Acme:
        named = {f"ONEPAGECRM_{name}": word for name, word in {"RATE": "0", **switches}.items()}
        sandbox = Sandbox(
            tmp_path / f"onepage-{len(started)}", records=records, crm="onepagecrm", switches=named
        )
        started.append(sandbox)
        reached = sandbox.start()["onepagecrm"]
        monkeypatch.setenv("CRMTUI_TOKEN_ACME", reached["token"])
        config_file().parent.mkdir(parents=True, exist_ok=True)
        lines = ["connections:", "  acme:", "    crm: onepagecrm"]
        lines += [f"    {name}: {reached[name]}" for name in ("url", "user")]
        config_file().write_text("\n".join(lines))
        connection = Connection(name="acme", crm="onepagecrm", url=reached["url"], user=reached["user"])
        return Acme(Served(sandbox, connection, reached["token"]), program)

    yield start
    for sandbox in started:
        sandbox.stop()


def only(ran: Any) -> Any:
    """The one record that a command printed."""
    assert (ran.code, len(ran.lines)) == (0, 1), ran
    return ran.lines[0]


def values(acme: Acme, ref: str) -> Any:
    return only(acme("show", f"acme/{ref}"))["values"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_listed_and_shown(begin: Begin, kind: str) -> None:
    acme = begin()
    listed = acme("list", f"acme/{kind}", "--all")
    assert listed.code == 0
    assert len(listed.lines) >= 10
    shown = only(acme("show", f"acme/{kind}/{listed.lines[0]['id']}"))
    for name, value in listed.lines[0]["values"].items():
        assert shown["values"][name] == value


@pytest.mark.parametrize("cap", ["0", "25"])
def test_a_list_and_a_sync_bring_all(begin: Begin, cap: str) -> None:
    acme = begin(records=130, PAGE_CAP=cap)
    for kind in ("contacts", "actions", "notes"):
        rows = {row["id"] for row in acme("list", f"acme/{kind}", "--all").lines}
        assert len(rows) >= 130
        assert acme("sync", "acme", kind).code == 0
        assert {row["id"] for row in acme("list", f"acme/{kind}", "--all", "--offline").lines} == rows


@pytest.fixture
def _reach_is_200(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's 10,000 in small, on both sides."""
    about = kinds.KINDS["contacts"]
    monkeypatch.setitem(
        kinds.KINDS,
        "contacts",
        replace(about, can=replace(about.can, reach=200)),
    )
    monkeypatch.setattr(paging, "DEEPEST", 200)
    monkeypatch.setattr(OnePage, "pace", None)


@pytest.mark.usefixtures("_reach_is_200")
@pytest.mark.parametrize("deep", ["empty", "refused", "given"])
def test_contacts_that_no_page_reaches_are_read_all_the_same(begin: Begin, deep: str) -> None:
    acme = begin(records=330, DEEP=deep)
    rows = {row["id"] for row in acme("list", "acme/contacts", "--all").lines}
    assert len(rows) == 330
    assert acme("sync", "acme", "contacts").code == 0
    offline = ("list", "acme/contacts", "--all", "--offline")
    assert {row["id"] for row in acme(*offline).lines} == rows
    last = acme("list", "acme/contacts", "--order", "modified_at:desc", "--limit", "1").lines[0]["id"]
    assert acme("delete", f"acme/contacts/{last}", "--yes").code == 0
    ran, requests = acme.calls("sync", "acme", "contacts")
    assert (ran.code, ran.err.count("missing")) == (0, 0)
    assert {row["id"] for row in acme(*offline).lines} == rows - {last}
    assert acme("sync", "acme", "contacts").code == 0
    ran, requests = acme.calls("sync", "acme", "contacts")
    assert (ran.code, len(requests)) == (0, 1)
    # Of a list in an order, or by a filter, the service gives the first ones only, which is said.
    acme("list", "acme/contacts", "--all", "--order", "last_name").failed(
        6, "first 200 contacts", "--offline"
    )
    acme("list", "acme/contacts", "--all", "created_at>2000-01-01").failed(6, "first 200 contacts")
    ordered = acme("list", "acme/contacts", "--limit", "200", "--order", "last_name")
    assert (ordered.code, len(ordered.lines)) == (0, 200)


@pytest.mark.usefixtures("_reach_is_200")
def test_contacts_that_the_service_counts_and_does_not_give_are_told_of(begin: Begin) -> None:
    acme = begin(records=330, CASCADE="own")
    listed = acme("list", "acme/contacts", "--all")
    assert 200 < len(listed.lines) < 330
    assert f"{len(listed.lines)} of 330 records" in listed.err
    synced = acme("sync", "acme", "contacts")
    assert synced.code == 0
    assert "of the 330 contacts that the service counts were in none of its lists" in synced.err


@pytest.mark.usefixtures("_reach_is_200")
def test_a_change_of_more_contacts_than_pages_reach_is_synced(begin: Begin) -> None:
    acme = begin(records=330)
    assert acme("sync", "acme", "contacts").code == 0
    ids = [row["id"] for row in acme("list", "acme/contacts", "--all", "--offline").lines]
    service = acme.served.connection
    head = {"Authorization": f"Basic {b64encode(f'{service.user}:{acme.served.token}'.encode()).decode()}"}
    with httpx.Client(base_url=service.url, headers=head, trust_env=False) as other:
        for id_ in ids:
            path = f"/api/v3/contacts/{id_}"
            changed = other.put(path, params={"partial": "true"}, json={"job_title": "Boss"})
            assert changed.status_code == 200
    assert acme("sync", "acme", "contacts").code == 0
    held = acme("list", "acme/contacts", "--all", "--offline").lines
    assert {row["values"]["job_title"] for row in held} == {"Boss"}


def test_a_sync_brings_what_changed_and_misses_what_is_gone(begin: Begin) -> None:
    acme = begin()
    assert acme("sync", "acme").code == 0
    first, second = (row["id"] for row in acme("list", "acme/contacts", "--limit", "2").lines)
    assert acme("edit", f"acme/contacts/{first}", "job_title=Boss").code == 0
    assert acme("delete", f"acme/contacts/{second}", "--yes").code == 0
    ran, requests = acme.calls("sync", "acme", "contacts")
    assert ran.code == 0
    assert len(requests) <= 3
    held = {row["id"]: row["values"] for row in acme("list", "acme/contacts", "--offline", "--all").lines}
    assert second not in held
    assert held[first]["job_title"] == "Boss"


@pytest.mark.parametrize(
    ("kind", "argument"),
    [
        ("contacts", 'owner_id="Rosa Rossi"'),
        ("contacts", "status_id=Lead"),
        ("contacts", "status=Lead"),
        ("contacts", "starred=true"),
        ("contacts", "starred=false"),
        ("contacts", "company_name~a"),
        ("contacts", "tags="),
        ("contacts", "next_actions="),
        ("contacts", "modified_at>=2026-10-01"),
        ("deals", "status=won"),
        ("deals", "stage=Decision"),
        ("deals", "amount>=1000"),
        ("actions", "done=true"),
        ("actions", "done=false"),
        ("actions", "status=asap"),
        ("actions", 'assignee_id="Rosa Rossi"'),
    ],
)
def test_a_filter_finds_what_a_look_at_every_record_finds(begin: Begin, kind: str, argument: str) -> None:
    acme = begin(records=40)
    acme("list", f"acme/{kind}", "--all")
    found = {row["id"] for row in acme("list", f"acme/{kind}", argument, "--all").lines}
    here = {row["id"] for row in acme("list", f"acme/{kind}", argument, "--all", "--offline").lines}
    assert found == here != set()


def test_orders(begin: Begin) -> None:
    acme = begin()
    stamps = [row["modified"] for row in acme("list", "acme/deals", "--order", "modified_at:desc").lines]
    assert stamps == sorted(stamps, reverse=True)
    acme("list", "acme/contacts", "--order", "job_title").failed(2, "only by created_at", "--offline")
    acme("list", "acme/contacts", "--all")
    ran = acme("list", "acme/contacts", "--order", "job_title", "--offline", "--all")
    titles = [row["values"]["job_title"] for row in ran.lines]
    assert len(titles) >= 20
    assert [title.lower() for title in titles if title] == sorted(title.lower() for title in titles if title)


def test_phones_are_changed_one_by_one(begin: Begin) -> None:
    acme = begin()
    contact = f"contacts/{acme.first_id('contacts')}"
    before = values(acme, contact)
    ran = acme("edit", f"acme/{contact}", "phones.+.type=mobile", "phones.+.value=+44 7")
    assert ran.code == 0, ran
    after = values(acme, contact)
    assert after["phones"] == [*before["phones"], {"type": "mobile", "value": "+44 7"}]
    assert {name: after[name] for name in ("emails", "urls", "address_list", "tags", "status_id")} == {
        name: before[name] for name in ("emails", "urls", "address_list", "tags", "status_id")
    }


def test_custom_fields_keep_the_others(begin: Begin) -> None:
    acme = begin()
    contact = f"contacts/{acme.first_id('contacts')}"
    assert acme("edit", f"acme/{contact}", "Lead score=7.5", "Birthday=1990-02-03").code == 0
    assert acme("edit", f"acme/{contact}", "Lead score=8").code == 0
    after = values(acme, contact)
    assert (after["Lead score"], after["Birthday"]) == (8, "1990-02-03")
    assert acme("edit", f"acme/{contact}", "Birthday=").code == 0
    assert not values(acme, contact).get("Birthday")
    acme("edit", f"acme/{contact}", "Sector=Nope").failed(6, "Sector does not take")


def test_status_owner_and_source_go_by_their_names(begin: Begin) -> None:
    acme = begin()
    contact = f"acme/contacts/{acme.first_id('contacts')}"
    made = only(acme("edit", contact, "status_id=Customer", "lead_source_id=Referral", "starred=true"))
    assert (made["labels"]["status_id"], made["values"]["starred"]) == ("Customer", True)
    assert made["values"]["lead_source_id"] == "referral"
    owners = [choice["value"] for choice in acme("choices", "acme/contacts", "owner_id").lines]
    other = next(owner for owner in owners if owner != made["values"]["owner_id"])
    assert only(acme("edit", contact, f"owner_id={other}"))["values"]["owner_id"] == other


def test_tags_and_notes(begin: Begin) -> None:
    acme = begin()
    contact = acme.first_id("contacts")
    assert acme("tag", f"acme/contacts/{contact}", "+VIP", "+Fair, 2026").code == 0
    assert {"VIP", "Fair, 2026"} <= {*values(acme, f"contacts/{contact}")["tags"]}
    assert acme("tag", f"acme/contacts/{contact}", "-VIP").code == 0
    assert "VIP" not in values(acme, f"contacts/{contact}")["tags"]
    note = only(acme("note", f"acme/contacts/{contact}", "Called"))
    assert note["values"]["contact_id"] == contact
    listed = acme("list", "acme/notes", f"contact_id={contact}", "--all").lines
    assert [row["values"]["text"] for row in listed if row["id"] == note["id"]] == ["Called"]


def test_new_contacts_and_refusals(begin: Begin) -> None:
    acme = begin()
    company = acme.first_id("companies")
    made = only(acme("new", "acme/contacts", "first_name=Zoe", "last_name=Quill", "company_name=Acme Ltd"))
    assert (made["title"], made["labels"]["company_id"]) == ("Zoe Quill", "Acme Ltd")
    acme("new", "acme/contacts", "first_name=Zoe").failed(6, "Either last name or company name")
    acme("new", "acme/contacts", "last_name=Q", f"company_id={company}").failed(6, "give company_name")
    acme("new", "acme/companies", "name=Acme").failed(6, "giving a contact its name")
    acme("show", "acme/contacts/5e0b7c3d9007ba00000fffff").failed(3, "no access")
    alone = only(acme("new", "acme/contacts", "company_name=Nobody Ltd"))
    assert alone["title"] == "Nobody Ltd"
    assert acme("delete", f"acme/contacts/{made['id']}", "--yes").code == 0
    acme("show", f"acme/contacts/{made['id']}").failed(3, "no access")
    assert acme("undo", "acme").code == 0
    again = only(acme("list", "acme/contacts", "last_name=Quill", "--all"))
    assert (again["title"], again["labels"]["company_id"]) == ("Zoe Quill", "Acme Ltd")


def test_an_organizations_address_stays_whole(begin: Begin) -> None:
    acme = begin()
    rows = acme("list", "acme/companies", "--all").lines
    company = next(row for row in rows if row["values"].get("address.zip_code"))
    after = only(acme("edit", f"acme/companies/{company['id']}", "address.city=Galway"))["values"]
    assert after["address.city"] == "Galway"
    assert after["address.zip_code"] == company["values"]["address.zip_code"]


def test_actions_are_completed_opened_again_and_moved(begin: Begin) -> None:
    acme = begin()
    contact = acme.first_id("contacts")
    made = only(acme("new", "acme/actions", "text=Call", f"contact_id={contact}", "date=2026-12-01"))
    ref = f"acme/actions/{made['id']}"
    assert (made["values"]["status"], made["values"]["done"]) == ("date", False)
    done, requests = acme.calls("edit", ref, "done=true")
    assert only(done)["values"]["done_at"]
    assert f"PUT /api/v3/actions/{made['id']}/mark_as_done" in requests
    assert only(acme("edit", ref, "done=false"))["values"]["done"] is False
    assert only(acme("edit", ref, "status=waiting"))["values"].get("date") is None
    moved = only(acme("edit", ref, "date=2026-12-24"))["values"]
    assert (moved["status"], moved["date"]) == ("date", "2026-12-24")
    at = only(acme("edit", ref, "exact_time=2026-12-24T10:30:00Z"))["values"]
    assert (at["status"], at["exact_time"]) == ("date_time", "2026-12-24T10:30:00Z")
    acme("edit", ref, f"contact_id={contact[:-1]}f").failed(6, "stays with its contact")


def test_deals_calls_and_meetings(begin: Begin) -> None:
    acme = begin()
    contact = f"contact_id={acme.first_id('contacts')}"
    deal = only(acme("new", "acme/deals", "name=Panels", contact, "amount=99.99", "stage=Decision"))
    assert (deal["values"]["amount"], deal["labels"]["stage"]) == (99.99, "Decision")
    won = only(acme("edit", f"acme/deals/{deal['id']}", "status=won"))["values"]
    assert won["close_date"]
    ref = f"acme/deals/{deal['id']}"
    ran = acme(
        "edit",
        ref,
        "deal_items.+.name=Panel",
        "deal_items.+.qty=2",
        "deal_items.+.price=3",
        "deal_items.+.cost=1",
    )
    assert ran.code == 0, ran
    assert [row["name"] for row in values(acme, f"deals/{deal['id']}")["deal_items"]] == ["Panel"]
    call = only(
        acme(
            "new", "acme/calls", contact, "text=Hi", "call_result=No answer", "call_time_int=2026-11-02 09:30"
        )
    )
    assert (call["values"]["call_time_int"], call["values"]["call_result"]) == (
        "2026-11-02T09:30:00Z",
        "no_answer",
    )
    assert call["labels"]["call_result"] == "No answer"
    place = only(acme("new", "acme/meetings", contact, "text=Demo", "place=Room 1"))["values"]["place"]
    assert place == "Room 1"
    assert acme("delete", f"acme/calls/{call['id']}", "--yes").code == 0


def test_too_many_calls_at_once_are_waited_for(begin: Begin) -> None:
    acme = begin(THROTTLE_AT="1")
    ran, requests = acme.calls("list", "acme/contacts", "--limit", "1")
    assert ran.code == 0
    assert requests[0] == requests[1]


def test_a_write_that_came_too_soon_was_not_done(begin: Begin) -> None:
    acme = begin(THROTTLE_AT="5")
    contact = acme.first_id("contacts")
    ran, requests = acme.calls("edit", f"acme/contacts/{contact}", "job_title=Boss")
    assert requests[-1].startswith("PUT ")
    ran.failed(5, "Too many calls at once")
    assert values(acme, f"contacts/{contact}")["job_title"] != "Boss"


def test_a_wrong_key(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    acme = begin()
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", "wrong")
    acme("list", "acme/contacts").failed(4, "refused")


@pytest.mark.parametrize(
    "switch",
    [
        {"BLOCKS": "none"},
        {"BLOCKS": "empty"},
        {"EMBEDS": "always"},
        {"NO_ADDRESS": "none"},
        {"CALL_TIME": "number"},
    ],
)
def test_other_ways_of_answering(begin: Begin, switch: dict[str, str]) -> None:
    acme = begin(**switch)
    contact = acme.first_id("contacts")
    assert only(acme("edit", f"acme/contacts/{contact}", "job_title=Boss"))["values"]["job_title"] == "Boss"
    call = only(
        acme("new", "acme/calls", f"contact_id={contact}", "text=Hi", "call_time_int=2026-11-02 09:30")
    )
    assert call["values"]["call_time_int"] == "2026-11-02T09:30:00Z"
    assert "notes" not in values(acme, f"contacts/{contact}")
