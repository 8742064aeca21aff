"""Writes that were not answered, what `outbox` makes of them, and `undo`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from crmtui.workspace import outbox
from tests.cli.conftest import Acme, Ran, configure
from tests.proxy import Fault, Proxy, closed_port

pytestmark = pytest.mark.fresh


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unanswered try cannot come in late after a moment."""
    monkeypatch.setattr(outbox, "CALL_SECONDS", 0.4)


class Office:
    """The connection over a line that can be cut, and somebody else at the same service."""

    def __init__(self, acme: Acme, proxy: Proxy) -> None:
        self.acme = acme
        self.proxy = proxy

    def __call__(self, *arguments: str) -> Ran:
        return self.acme(*arguments)

    @contextmanager
    def cut(self, fault: Fault) -> Iterator[None]:
        """A line on which writes meet a fault; reads pass."""
        self.proxy.fault_of = lambda request: fault if not request.startswith(b"GET") else Fault()
        try:
            yield
        finally:
            self.proxy.fault_of = None

    def lost(self, *arguments: str) -> str:
        """A write that is done but not answered; its id."""
        with self.cut(Fault(cut_response=0)):
            ran = self(*arguments)
        return self._unknown(ran)

    def swallowed(self, *arguments: str) -> str:
        """A write that breaks off on its way, and is not done; its id."""
        with self.cut(Fault(cut_request=30)):
            ran = self(*arguments)
        return self._unknown(ran)

    def _unknown(self, ran: Ran) -> str:
        assert ran.code == 9, ran
        [entry] = self.acme("outbox", "list", "acme", "--format", "json").json
        assert entry["state"] == "unknown"
        assert entry["id"] in ran.err
        return str(entry["id"])

    def somebody(self, method: str, path: str, **values: object) -> Any:
        """What another client of the service does."""
        url, token = self.acme.served.connection.url, self.acme.served.token
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=url, headers=headers, trust_env=False) as client:
            return client.request(method, path, json=values or None).json()

    def named(self, name: str) -> list[str]:
        """The ids of the accounts of a name."""
        q = quote(json.dumps({"name": name}))
        found = self.somebody("GET", f"/accounts?q={q}")
        return [str(row["record"]["id"]) for row in found["list"]]

    def values(self, id_: str) -> Any:
        return self.somebody("GET", f"/accounts/{id_}")["record"]

    def writes(self, *methods: str) -> int:
        """How many writes reached the service."""
        return len([r for r in self.acme.served.requests if r.method in methods])

    def waiting(self) -> list[Any]:
        found: list[Any] = self("outbox", "list", "acme", "--format", "json").json
        return found

    def states(self) -> list[tuple[str, str]]:
        return [(e["op"], e["state"]) for e in self("log", "acme", "--writes", "--format", "json").json]


@pytest.fixture
def office(warm: Acme) -> Iterator[Office]:
    with Proxy(warm.served.connection.url) as proxy:
        configure(proxy.url)
        yield Office(warm, proxy)


# -- an edit


def test_an_edit_that_was_done_is_found_to_be(office: Office) -> None:
    id_ = office.acme.first_id()
    write = office.lost("edit", f"acme/accounts/{id_}", "phone=+44 7")
    ran = office("outbox", "send")
    assert (ran.code, ran.out) == (0, "")
    assert f"acme/accounts/{id_}: {write} is done" in ran.err
    assert office.writes("PATCH") == 1
    assert office.waiting() == []
    assert office("list", "acme/accounts", f"id={id_}", "--offline").lines[0]["values"]["phone"] == "+44 7"


def test_an_edit_that_was_not_done_is_waited_for_asked_after_and_sent(office: Office) -> None:
    id_ = office.acme.first_id()
    write = office.swallowed("edit", f"acme/accounts/{id_}", "phone=+44 7")
    ran = office("outbox", "send", "acme")
    assert ran.code == 0
    assert "was not done so far; waiting" in ran.err
    assert f"{write} is done" in ran.err
    assert office.values(id_)["phone"] == "+44 7"
    assert office.writes("PATCH") == 1


def test_an_edit_that_came_in_late_is_not_sent_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = office.acme.first_id()
    office.swallowed("edit", f"acme/accounts/{id_}", "phone=+44 7")

    async def meanwhile(*_: object) -> None:
        office.somebody("PATCH", f"/accounts/{id_}", phone="+44 7")

    monkeypatch.setattr("crmtui.cli.outbox.wait", meanwhile)
    before = office.writes("PATCH")
    assert office("outbox", "send").code == 0
    assert office.writes("PATCH") == before + 1  # somebody else's
    assert office.waiting() == []


def test_an_edit_that_somebody_else_overtook_is_a_conflict_and_waits_no_more(office: Office) -> None:
    id_ = office.acme.first_id()
    office.swallowed("edit", f"acme/accounts/{id_}", "phone=mine")
    office.somebody("PATCH", f"/accounts/{id_}", phone="theirs")
    ran = office("outbox", "send")
    assert ran.code == 7
    assert 'mine "mine"' in ran.err
    assert 'theirs "theirs"' in ran.err
    assert office.values(id_)["phone"] == "theirs"
    assert office.waiting() == []
    assert office.states() == [("edit", "refused")]


def test_an_edit_of_other_fields_by_somebody_else_is_no_conflict(office: Office) -> None:
    id_ = office.acme.first_id()
    office.swallowed("edit", f"acme/accounts/{id_}", "phone=mine")
    office.somebody("PATCH", f"/accounts/{id_}", website="theirs.example")
    assert office("outbox", "send").code == 0
    now = office.values(id_)
    assert (now["phone"], now["website"]) == ("mine", "theirs.example")


def test_the_next_edit_of_the_record_settles_the_one_before(office: Office) -> None:
    id_ = office.acme.first_id()
    write = office.lost("edit", f"acme/accounts/{id_}", "phone=first")
    ran = office("edit", f"acme/accounts/{id_}", "phone=second", "--format", "json")
    assert ran.code == 0, ran
    assert f"{write} of the outbox is settled" in ran.err
    assert ran.json["values"]["phone"] == "second"
    assert office.states() == [("edit", "done"), ("edit", "done")]


def test_the_next_edit_sends_the_one_before_if_that_was_not_done(office: Office) -> None:
    id_ = office.acme.first_id()
    office.swallowed("edit", f"acme/accounts/{id_}", "phone=first")
    ran = office("edit", f"acme/accounts/{id_}", "website=second.example")
    assert ran.code == 0, ran
    now = office.values(id_)
    assert (now["phone"], now["website"]) == ("first", "second.example")


def test_a_write_of_another_record_sends_nothing_else(office: Office) -> None:
    ids = [line["id"] for line in office("list", "acme/accounts", "--limit", "2").lines]
    office.swallowed("edit", f"acme/accounts/{ids[0]}", "phone=first")
    assert office("edit", f"acme/accounts/{ids[1]}", "phone=second").code == 0
    assert [entry["ref"] for entry in office.waiting()] == [f"acme/accounts/{ids[0]}"]


def test_a_line_that_is_still_dead_leaves_it_where_it_is(office: Office) -> None:
    id_ = office.acme.first_id()
    write = office.swallowed("edit", f"acme/accounts/{id_}", "phone=mine")
    with closed_port() as url:
        configure(url)
        ran = office("outbox", "send")
        again = office("edit", f"acme/accounts/{id_}", "phone=other")
    assert ran.code == again.code == 8
    [entry] = office.waiting()
    assert (entry["id"], entry["state"]) == (write, "unknown")
    assert "cannot be reached" in entry["why"]


def test_an_edit_of_a_record_that_is_gone_waits_no_more(office: Office) -> None:
    id_ = office.acme.first_id()
    office.swallowed("edit", f"acme/accounts/{id_}", "phone=mine")
    office.somebody("DELETE", f"/accounts/{id_}")
    assert office("outbox", "send").code == 3
    assert office.waiting() == []


# -- a creation


def test_a_creation_that_was_done_is_found_by_its_twin(office: Office) -> None:
    office.lost("new", "acme/accounts", "name=Lost & Found")
    assert office("outbox", "send").code == 0
    [made] = office.named("Lost & Found")
    [entry] = office("log", "acme", "--writes", "--format", "json").json
    assert (entry["state"], entry["ref"]) == ("done", f"acme/accounts/{made}")
    assert office.writes("POST") == 1


def test_a_creation_that_was_not_done_is_sent(office: Office) -> None:
    office.swallowed("new", "acme/accounts", "name=Lost")
    assert office("outbox", "send").code == 0
    assert len(office.named("Lost")) == 1


def test_a_twin_that_was_there_before_is_not_taken_for_it(office: Office) -> None:
    office.somebody("POST", "/accounts", name="Acme Twin")
    [older] = office.named("Acme Twin")
    assert office("show", f"acme/accounts/{older}").code == 0
    office.swallowed("new", "acme/accounts", "name=Acme Twin")
    assert office("outbox", "send").code == 0
    assert len(office.named("Acme Twin")) == 2


def test_one_that_was_made_by_an_earlier_write_is_not_taken_for_it(office: Office) -> None:
    assert office("new", "acme/accounts", "name=Branch").code == 0
    office.swallowed("new", "acme/accounts", "name=Branch")
    assert office("outbox", "send").code == 0
    assert len(office.named("Branch")) == 2


def test_the_same_command_again_makes_no_second_record(office: Office) -> None:
    write = office.lost("new", "acme/accounts", "name=Once")
    ran = office("new", "acme/accounts", "name=Once", "--format", "json")
    assert ran.code == 0, ran
    assert write in ran.err
    assert office.named("Once") == [ran.json["id"]]
    assert office.waiting() == []


def test_what_the_service_cannot_tell_waits_until_it_is_named(office: Office) -> None:
    opportunity = office.acme.first_id("opportunities")
    line = ("new", "acme/opportunity_lines", f"opportunityid={opportunity}", "product=Seat", "quantity=2")
    write = office.lost(*line)
    ran = office("outbox", "send", "acme")
    assert ran.code == 9
    assert f"outbox send acme {write}" in ran.err
    assert [entry["id"] for entry in office.waiting()] == [write]
    before = office.writes("POST")
    assert office("outbox", "send", "acme", write).code == 0
    assert office.writes("POST") == before + 1
    assert office.waiting() == []


def test_a_write_is_given_up(office: Office) -> None:
    id_ = office.acme.first_id()
    write = office.swallowed("edit", f"acme/accounts/{id_}", "phone=mine")
    office("outbox", "drop", "acme", write).failed(2, "--yes")
    assert office("outbox", "drop", "acme", write, "--yes").code == 0
    assert office.waiting() == []
    [entry] = office("log", "acme", "--writes", "--format", "json").json
    assert (entry["state"], entry["why"]) == ("refused", "Given up by the person.")
    office("outbox", "drop", "acme", write, "--yes").failed(3, write)


def test_an_empty_outbox(office: Office) -> None:
    assert office("outbox", "list", "--format", "json").json == []
    assert office.acme.calls("outbox", "send")[1] == []


# -- a deletion


def test_a_deletion_that_was_done_is_found_to_be(office: Office) -> None:
    id_ = office.acme.first_id()
    office.lost("delete", f"acme/accounts/{id_}", "--yes")
    assert office("outbox", "send").code == 0
    assert office.writes("DELETE") == 1
    assert office("list", "acme/accounts", f"id={id_}", "--offline").lines == []


def test_a_deletion_that_was_not_done_is_sent_unless_the_record_changed(office: Office) -> None:
    ids = [line["id"] for line in office("list", "acme/accounts", "--limit", "2").lines]
    office.swallowed("delete", f"acme/accounts/{ids[0]}", "--yes")
    assert office("outbox", "send").code == 0
    assert office.writes("DELETE") == 1
    office.swallowed("delete", f"acme/accounts/{ids[1]}", "--yes")
    office.somebody("PATCH", f"/accounts/{ids[1]}", name="Reborn")
    assert office("outbox", "send").code == 7
    assert office.values(ids[1])["name"] == "Reborn"


# -- undo


def test_an_edit_is_undone(office: Office) -> None:
    id_ = office.acme.first_id()
    old = office.values(id_)["phone"]
    assert office("edit", f"acme/accounts/{id_}", "phone=new").code == 0
    ran, calls = office.acme.calls("undo", "acme")
    assert (ran.code, ran.out) == (0, "")
    assert calls == [f"GET /accounts/{id_}", f"PATCH /accounts/{id_}"]
    assert office.values(id_)["phone"] == old
    office("undo", "acme").failed(3, "nothing to undo")


def test_an_edit_that_somebody_else_changed_since_is_not_undone(office: Office) -> None:
    id_ = office.acme.first_id()
    assert office("edit", f"acme/accounts/{id_}", "phone=new").code == 0
    office.somebody("PATCH", f"/accounts/{id_}", phone="newer")
    office("undo", "acme").failed(7, "newer")
    assert office.values(id_)["phone"] == "newer"


def test_a_creation_is_undone_by_deleting(office: Office) -> None:
    made = office("new", "acme/accounts", "name=Short-lived", "--format", "json").json["id"]
    assert office("undo", "acme").code == 0
    assert office.named("Short-lived") == []
    again = office("new", "acme/accounts", "name=Long-lived", "--format", "json").json["id"]
    assert again != made
    office.somebody("PATCH", f"/accounts/{again}", phone="somebody's")
    office("undo", "acme").failed(7, "phone")
    assert office.named("Long-lived") == [again]


def test_a_deletion_is_undone_by_making_the_record_again(office: Office) -> None:
    contact = office("list", "acme/contacts", "--limit", "1").lines[0]
    account = str(contact["values"]["accountid"])
    before = office("show", f"acme/accounts/{account}").lines[0]["values"]
    assert office("delete", f"acme/accounts/{account}", "--yes").code == 0
    ran = office("undo", "acme")
    assert ran.code == 0, ran
    assert "an id of its own" in ran.err
    assert "pointed to the old one" in ran.err
    [made] = office.named(before["name"])
    assert made != account
    after = office("show", f"acme/accounts/{made}").lines[0]["values"]
    read_only = {"createddate", "modifieddate", "createdby", "modifiedby", "leadscore"}
    assert {n: v for n, v in after.items() if n not in read_only} == {
        n: v for n, v in before.items() if n not in read_only
    }


def test_any_write_of_the_journal_is_undone(office: Office) -> None:
    ids = [line["id"] for line in office("list", "acme/accounts", "--limit", "2").lines]
    old = office.values(ids[0])["phone"]
    for id_ in ids:
        assert office("edit", f"acme/accounts/{id_}", "phone=new").code == 0
    assert office("edit", f"acme/accounts/{ids[0]}", "phone=new").code == 0  # changes nothing
    first, second = office("undo", "acme", "--list", "--format", "json").json
    assert [first["ref"], second["ref"]] == [f"acme/accounts/{id_}" for id_ in reversed(ids)]
    assert office("undo", "acme", second["id"]).code == 0
    assert (office.values(ids[0])["phone"], office.values(ids[1])["phone"]) == (old, "new")
    office("undo", "acme", second["id"]).failed(6, "undone already")
    left = office("undo", "acme", "--list", "--format", "json").json
    assert [entry["id"] for entry in left] == [first["id"]]
    # An undo can be undone if it is named.
    newest = office("log", "acme", "--writes", "--format", "json").json[0]
    assert office("undo", "acme", newest["id"]).code == 0
    assert office.values(ids[0])["phone"] == "new"
