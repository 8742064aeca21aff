"""The commands on Solve360, against its sandbox: nothing but the connection tells which service it is."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crmtui.cli import connections
from crmtui.config import Connection
from crmtui.crm.solve360 import Solve360
from crmtui.paths import config_file
from crmtui.sandbox import Sandbox
from tests.cli.conftest import Acme, Program
from tests.conftest import Served
from tests.proxy import Canned, Fault, Proxy, answer

USER = "john.smith@example.com"
Begin = Callable[..., Acme]


def configure(url: str) -> None:
    """Writes a configuration with the one connection `acme`."""
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text(f"connections:\n  acme:\n    crm: solve360\n    url: {url}\n    user: {USER}\n")


@pytest.fixture
def begin(tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Starts a sandbox of the test's own with switches, and connects `acme` to it."""
    started: list[Sandbox] = []
    monkeypatch.setattr(Solve360, "pauses", (0.0, 0.0))

    def start(records: int = 20, **switches: str) -> Acme:
        named = {f"SOLVE360_{name}": word for name, word in switches.items()}
        sandbox = Sandbox(tmp_path / f"solve-{len(started)}", records=records, crm="solve360", switches=named)
        started.append(sandbox)
        reached = sandbox.start()["solve360"]
        monkeypatch.setenv("CRMTUI_TOKEN_ACME", reached["token"])
        configure(reached["url"])
        connection = Connection(name="acme", crm="solve360", url=reached["url"], user=reached["user"])
        return Acme(Served(sandbox, connection, reached["token"]), program)

    yield start
    for sandbox in started:
        sandbox.stop()


def only(ran: Any) -> Any:
    """The one record that a command printed."""
    assert (ran.code, len(ran.lines)) == (0, 1), ran
    return ran.lines[0]


def test_connecting_tells_where_the_token_is(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    acme = begin()
    url = acme.served.connection.url
    monkeypatch.setattr(connections, "ask_hidden", lambda prompt: acme.served.token)
    monkeypatch.setattr(connections, "is_terminal", lambda *streams: True)
    monkeypatch.delenv("CRMTUI_TOKEN_ACME")
    ran = acme("connect", "other", "--crm", "solve360", "--url", url, "--user", USER)
    assert "Settings > My Account > API Token" in ran.err
    assert "full access" in ran.err
    monkeypatch.setenv("CRMTUI_TOKEN_OTHER", "wrong")
    acme("connect", "other", "--crm", "solve360", "--url", url, "--user", USER).failed(4, "refused")
    monkeypatch.setenv("CRMTUI_TOKEN_OTHER", acme.served.token)
    assert acme("connect", "other", "--crm", "solve360", "--url", url, "--user", USER).code == 0
    assert acme("list", "other/tickets", "--limit", "1").code == 0


@pytest.mark.parametrize("kind", ["contacts", "companies", "projectblogs", "tickets"])
def test_every_kind_is_listed_and_shown(begin: Begin, kind: str) -> None:
    acme = begin()
    listed = acme("list", f"acme/{kind}", "--all").lines
    assert len(listed) > 5
    shown = only(acme("show", f"acme/{kind}/{listed[0]['id']}"))
    assert shown["title"] == listed[0]["title"]
    unsaid = shown["values"] | listed[0]["values"]
    assert {name for name in unsaid if shown["values"].get(name) != unsaid[name]} <= {"company", "viewed"}


@pytest.mark.parametrize("start", ["0", "1"])
def test_no_row_is_lost_or_doubled(begin: Begin, start: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Solve360, "page_size", 20)
    acme = begin(records=90, START=start)
    ids = [row["id"] for row in acme("list", "acme/contacts", "--all", "--order", "updated:desc").lines]
    assert len(ids) == len(set(ids)) == 90
    first = acme("list", "acme/contacts", "--limit", "50", "--order", "updated:desc").lines
    assert [row["id"] for row in first] == ids[:50]
    assert acme("sync", "acme").code == 0
    assert sorted(row["id"] for row in acme("list", "acme/contacts", "--offline", "--all").lines) == sorted(
        ids
    )
    _, calls = acme.calls("sync", "acme", "contacts")
    assert calls == ["GET /contacts/"]


def test_filters_here_and_there(begin: Begin) -> None:
    acme = begin()
    ran = acme("list", "acme/contacts", "businessemail=ann.lee@acme.example", "lastname=Lee")
    assert [row["title"] for row in ran.lines] == ["Ann Lee"]
    assert any("filtermode=byemail" in request.query for request in acme.served.requests)
    tagged = acme("list", "acme/contacts", "categories=VIP").lines
    assert 0 < len(tagged) < 20
    for row in tagged[:2]:
        assert "VIP" in only(acme("show", f"acme/contacts/{row['id']}"))["labels"]["categories"]
    mine = acme("list", "acme/contacts", "assignedto=John Smith").lines
    assert {row["labels"]["assignedto"] for row in mine} == {"John Smith"}
    acme("list", "acme/contacts", "categories!=VIP").failed(2, "leave categories out")


@pytest.mark.parametrize("put", ["status", "item"])
def test_made_changed_taken_back_and_deleted(begin: Begin, put: str) -> None:
    acme = begin(PUT=put)
    made = only(
        acme("new", "acme/contacts", "firstname=Zoe", "lastname=A <b> & c", "custom854309=2020-02-03")
    )
    target = f"acme/contacts/{made['id']}"
    assert made["title"] == "Zoe A <b> & c"
    ran, calls = acme.calls("edit", target, "jobtitle=CTO", "categories=VIP;Customer", "lastname=Lee")
    edited = only(ran)
    assert calls == [f"GET /contacts/{made['id']}", f"PUT /contacts/{made['id']}"] or calls[0].endswith(
        "categories/"
    )
    assert (edited["title"], edited["modified"] is None) == ("Zoe Lee", put == "status")
    shown = only(acme("show", target))
    assert (shown["values"]["jobtitle"], shown["labels"]["categories"]) == ("CTO", "Customer;VIP")
    assert only(acme("edit", target, "jobtitle="))["values"].get("jobtitle") is None
    assert acme("undo", "acme").code == 0
    assert only(acme("show", target))["values"]["jobtitle"] == "CTO"
    assert acme("delete", target, "--yes").code == 0
    acme("show", target).failed(3, "Item is not found")
    assert acme("undo", "acme").code == 0
    assert len(acme("list", "acme/contacts", "firstname=Zoe", "lastname=Lee").lines) == 1


def test_a_field_that_was_emptied_elsewhere_is_empty_here(begin: Begin) -> None:
    acme = begin()
    id_ = only(acme("list", "acme/contacts", "businessemail=ann.lee@acme.example"))["id"]
    assert acme("sync", "acme", "contacts").code == 0
    data = acme.mirror
    assert acme("edit", f"acme/contacts/{id_}", "jobtitle=").code == 0
    assert only(acme("list", "acme/contacts", "businessemail=ann.lee@acme.example"))["id"] == id_
    [offline] = acme("list", "acme/contacts", "lastname=Lee", "firstname=Ann", "--offline").lines
    assert offline["values"].get("jobtitle") is None
    assert data.count("contacts") == 20


def test_a_write_that_was_not_answered(begin: Begin) -> None:
    acme = begin()
    id_ = only(acme("list", "acme/contacts", "businessemail=ann.lee@acme.example"))["id"]
    with Proxy(acme.served.connection.url) as proxy:
        proxy.fault_of = lambda asked: Fault(cut_response=0) if asked.startswith(b"PUT") else Fault()
        configure(proxy.url)
        acme("edit", f"acme/contacts/{id_}", "jobtitle=Chair").failed(9, "outbox")
    configure(acme.served.connection.url)
    assert len(acme("outbox", "list").lines) == 1
    assert acme("outbox", "send", "acme").code == 0
    assert acme("outbox", "list").lines == []
    assert only(acme("show", f"acme/contacts/{id_}"))["values"]["jobtitle"] == "Chair"
    assert len([r for r in acme.served.requests if r.method == "PUT"]) == 1


def test_a_creation_that_was_not_answered(begin: Begin) -> None:
    acme = begin()
    assert acme("list", "acme/contacts").code == 0
    with Proxy(acme.served.connection.url) as proxy:
        proxy.fault_of = lambda asked: Fault(cut_response=0) if asked.startswith(b"POST") else Fault()
        configure(proxy.url)
        acme("new", "acme/contacts", "firstname=Zoe", "lastname=Lost").failed(9, "outbox")
    configure(acme.served.connection.url)
    assert acme("outbox", "send", "acme").code == 0
    assert acme("outbox", "list").lines == []
    assert len(acme("list", "acme/contacts", "lastname=Lost").lines) == 1
    assert len(acme.served.sent("POST")) == 1


def test_one_record_that_is_closed_is_no_bad_token(begin: Begin) -> None:
    acme = begin()
    assert acme("list", "acme/contacts").code == 0
    people = b"<response><users/><status>success</status></response>"
    with Canned(answer(401), answer(200, people)) as canned:
        configure(canned.url)
        acme("show", "acme/contacts/1").failed(4, "closed to the token")
    with Canned(answer(401)) as canned:
        configure(canned.url)
        acme("show", "acme/contacts/1").failed(4, "token was refused")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (answer(200, b"<!DOCTYPE html><title>Log in</title>"), 8),
        (answer(200, b"<response><a></response>"), 8),
        (answer(200, b""), 8),
        (answer(500, b""), 8),
        (answer(406, b""), 8),
        (answer(400, b""), 5),
        (answer(403, b""), 4),
    ],
)  # fmt: skip
def test_a_failing_read(begin: Begin, said: bytes, code: int) -> None:
    acme = begin()
    assert acme("list", "acme/contacts").code == 0
    with Canned(said) as canned:
        configure(canned.url)
        acme("list", "acme/contacts").failed(code, "--offline")
    assert len(acme("list", "acme/contacts", "--offline").lines) == 20


def test_a_limit_that_is_reached(begin: Begin) -> None:
    acme = begin()
    assert acme("list", "acme/contacts").code == 0
    with Canned(answer(403, b"", "Http-X-Solve360-Api-Call-Limit: 12000/12000")) as canned:
        configure(canned.url)
        ran = acme("list", "acme/contacts")
    assert (ran.code, ran.out, len(canned.requests)) == (5, "", 1)
    assert "within 24 hours" in ran.err
    assert "--offline" in ran.err


def test_the_quota(begin: Begin) -> None:
    acme = begin(CALL_LIMIT="4")
    assert acme("list", "acme/tickets").code == 0
    said = acme("quota", "acme").lines[0]
    assert said == {
        "connection": "acme", "used": len(acme.served.requests), "limit": 4, "resets_at": None,
        "source": "reported",
    }  # fmt: skip
    assert acme("show", f"acme/tickets/{acme.first_id('tickets')}").code in (0, 5)
    acme("show", "acme/contacts/1").failed(5, "within 24 hours")


def test_short_limits_are_waited_out(begin: Begin) -> None:
    acme = begin(THROTTLE_EVERY="2")
    for _ in range(3):
        assert acme("list", "acme/tickets").code == 0


def test_a_dry_run_shows_the_requests(begin: Begin) -> None:
    acme = begin()
    ran = acme("new", "acme/companies", "name=Ann & Co", "--dry-run")
    assert "<request><name>Ann &amp; Co</name></request>" in ran.out
    assert re.search(r"^POST http://\S+/companies/$", ran.out, re.MULTILINE)
    assert acme.served.sent("POST") == []


# -- several at once


def listed(acme: Acme, *args: str) -> list[str]:
    """The ids of contacts, listed once, so that they are mirrored."""
    ran = acme("list", "acme/contacts", *args)
    assert ran.code == 0
    return [record["id"] for record in ran.lines]


@pytest.mark.parametrize("put", ["status", "item"])
@pytest.mark.parametrize(("count", "requests"), [(100, 2), (250, 4)])
def test_many_edits_leave_as_few_requests(begin: Begin, count: int, requests: int, put: str) -> None:
    acme = begin(300, PUT=put)
    assert acme("fields", "acme/contacts").code == 0
    ids = listed(acme, "--all")[:count]
    before = acme.served.requests[:]
    used = acme("quota", "acme").lines[0]["used"]
    ran = acme("edit", f"acme/contacts/{','.join(ids)}", "jobtitle=Head of bolts")
    assert (ran.code, ran.err) == (0, "")
    assert [(record["id"], record["values"]["jobtitle"]) for record in ran.lines] == [
        (id_, "Head of bolts") for id_ in ids
    ]
    asked = acme.served.requests[len(before) :]
    assert [request.path for request in asked] == ["/contacts/"] + ["/batch"] * (requests - 1)
    assert "layout=1" in asked[0].query
    assert "sortfield=updated&sortdir=DESC" in asked[0].query
    assert sum(request.body.count(b"PUT /contacts/") for request in asked) == count
    # The list and each of the writes count, as the service does and as was announced.
    assert acme("quota", "acme").lines[0]["used"] == used + 1 + count
    assert acme("log", "acme").lines[0]["cost"] == (count % 100 or 100)


def test_many_edits_after_others_take_no_more_requests(begin: Begin) -> None:
    """What an edit looked at is known from then on, and what it wrote stands first in the next list."""
    acme = begin(300)
    assert acme("fields", "acme/contacts").code == 0
    ids = listed(acme, "--all")
    for count, requests, title in ((100, 2, "One"), (250, 4, "Two"), (100, 2, "Three")):
        before = len(acme.served.requests)
        ran = acme("edit", f"acme/contacts/{','.join(ids[:count])}", f"jobtitle={title} of bolts")
        assert (ran.code, ran.err, len(ran.lines)) == (0, "", count)
        assert len(acme.served.requests) - before == requests


def test_what_others_changed_between_two_edits_of_many_is_seen(
    begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = begin(250)
    assert acme("fields", "acme/contacts").code == 0
    ids = listed(acme, "--all")
    assert acme("edit", f"acme/contacts/{','.join(ids[:50])}", "jobtitle=One of bolts").code == 0
    theirs = ids[60:63]
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("CRMTUI_DATA_DIR", str(tmp_path / "elsewhere"))
        assert acme("edit", f"acme/contacts/{','.join(theirs)}", "jobtitle=Theirs").code == 0
    ran = acme("edit", f"acme/contacts/{','.join(ids[40:240])}", "jobtitle=Two of bolts")
    assert ran.code == 7
    assert {record["id"] for record in ran.lines} == set(ids[40:240]) - set(theirs)


def test_many_edits_of_records_never_read(begin: Begin) -> None:
    acme = begin(150)
    ids = listed(acme, "--limit", "120")
    acme("forget", "acme", "--yes")
    assert acme("fields", "acme/contacts").code == 0
    before = len(acme.served.requests)
    ran = acme("edit", f"acme/contacts/{','.join(ids)}", "jobtitle=Head of bolts")
    assert (ran.code, len(ran.lines)) == (0, 120)
    assert [request.path for request in acme.served.requests[before:]] == ["/batch"] * 4


def test_many_edits_each_with_its_own_end(
    begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One was changed by somebody else, one is gone, one has the value already; the others are done."""
    acme = begin(40)
    assert acme("fields", "acme/contacts").code == 0
    theirs, gone, same, *others = listed(acme)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("CRMTUI_DATA_DIR", str(tmp_path / "elsewhere"))
        acme("edit", f"acme/contacts/{same}", "jobtitle=Head of bolts")
        acme("edit", f"acme/contacts/{theirs}", "jobtitle=Theirs")
        acme("delete", f"acme/contacts/{gone}", "--yes")
    ran = acme("edit", f"acme/contacts/{','.join([theirs, gone, same, *others])}", "jobtitle=Head of bolts")
    assert ran.code == 7
    assert f"acme/contacts/{theirs}: " in ran.err
    assert "theirs" in ran.err
    assert f"acme/contacts/{gone} does not exist" in ran.err
    assert f"acme/contacts/{same}: nothing to change" in ran.err
    assert {record["id"] for record in ran.lines} == {same, *others}
    shown = only(acme("show", f"acme/contacts/{theirs}"))
    assert shown["values"]["jobtitle"] == "Theirs"
    # The same command again overwrites it.
    assert acme("edit", f"acme/contacts/{theirs},{same}", "jobtitle=Head of bolts").code == 0


def test_a_batch_that_was_not_answered_leaves_each_write_unknown(begin: Begin) -> None:
    acme = begin(30)
    assert acme("fields", "acme/contacts").code == 0
    ids = listed(acme)[:5]
    with Proxy(acme.served.connection.url) as proxy:
        proxy.fault_of = lambda request: Fault(cut_response=80) if request[:4] == b"POST" else Fault()
        configure(proxy.url)
        ran = acme("edit", f"acme/contacts/{','.join(ids)}", "jobtitle=Head of bolts")
        assert ran.code == 9
        assert len(acme("outbox", "list", "acme").lines) == 5
    configure(acme.served.connection.url)
    before = len(acme.served.requests)
    assert acme("outbox", "send", "acme").code == 0
    # They were done: one batch of reads finds it out, and nothing is sent again.
    assert [request.path for request in acme.served.requests[before:]] == ["/batch"]
    assert acme("outbox", "list", "acme").lines == []


def test_many_deletions_leave_together(begin: Begin) -> None:
    acme = begin(30)
    ids = listed(acme)
    before = len(acme.served.requests)
    assert acme("delete", f"acme/contacts/{','.join(ids[:20])}", "--yes").code == 0
    assert [request.path for request in acme.served.requests[before:]] == ["/batch"]
    assert listed(acme, "--all") == ids[20:]


def test_the_name_follows_what_it_is_made_of(begin: Begin) -> None:
    """The service tells nothing after a PUT, and lists are shown by its own `name`."""
    acme = begin(PUT="status")
    id_ = listed(acme)[0]
    assert only(acme("edit", f"acme/contacts/{id_}", "firstname=Jim", "lastname=Beam"))["title"] == "Jim Beam"
    [record] = [line for line in acme("list", "acme/contacts", "--offline").lines if line["id"] == id_]
    assert (record["title"], record["values"]["name"]) == ("Jim Beam", "Jim Beam")
