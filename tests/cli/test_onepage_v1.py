"""The commands on OnePageCRM v1.2 against its sandbox, in XML, JSON and YAML."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crmtui.config import Connection
from crmtui.paths import config_file
from crmtui.sandbox import Sandbox
from tests.cli.conftest import Acme, Program
from tests.conftest import Served

Begin = Callable[..., Acme]
DIALECTS = {
    "xml": {"NAMES": "underscores", "XML_NULL": "pair", "URLS": "url", "NOTES": "documented"},
    "json": {"HTTP": "status", "DATA": "absent", "URLS": "value", "BLOCKS": "empty"},
    "yaml": {"YAML_KEYS": "symbols", "YAML_TAGS": "syck", "BLOCKS": "every"},
}
"""How the service may speak otherwise than it is thought to, in each format."""


@pytest.fixture(params=["xml", "json", "yaml"])
def format_(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def begin(format_: str, tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Starts a sandbox of the test's own with switches, and connects `acme` to it in a format."""
    started: list[Sandbox] = []

    def start(records: int = 12, **switches: str) -> Acme:
        words = {"ORDER": "shuffled", "RATE": "0", **switches}
        named = {f"ONEPAGECRM_V1_{name}": word for name, word in words.items()}
        sandbox = Sandbox(
            tmp_path / f"onepage-{len(started)}", records=records, crm="onepagecrm-v1", switches=named
        )
        started.append(sandbox)
        reached = sandbox.start()["onepagecrm-v1"]
        monkeypatch.setenv("CRMTUI_TOKEN_ACME", reached["token"])
        config_file().parent.mkdir(parents=True, exist_ok=True)
        config_file().write_text(
            f"connections:\n  acme:\n    crm: onepagecrm-v1\n    url: {reached['url']}\n"
            f"    user: {reached['user']}\n    format: {format_}\n"
        )
        connection = Connection(name="acme", crm="onepagecrm-v1", url=reached["url"], format=format_)
        return Acme(Served(sandbox, connection, reached["token"]), program)

    yield start
    for sandbox in started:
        sandbox.stop()


def only(ran: Any) -> Any:
    """The one record that a command printed."""
    assert (ran.code, len(ran.lines)) == (0, 1), ran
    return ran.lines[0]


def new(acme: Acme, kind: str, *arguments: str) -> str:
    return str(only(acme("new", f"acme/{kind}", *arguments))["id"])


PERSON = (
    "firstname=Jane",
    "lastname=O'Döe & Sons <x>",
    "company=no",
    "zip=01234",
    "country=GR",
    "description=one\n  two: 'three'\n",
    "tags=on hold;no",
    "phones.+.type=work",
    "phones.+.number=+353 1 234",
)


@pytest.mark.parametrize("plain", [True, False], ids=["likely", "otherwise"])
def test_a_contact_from_its_making_to_its_end_and_back(begin: Begin, format_: str, plain: bool) -> None:
    acme = begin(**({} if plain else DIALECTS[format_]))
    id_ = new(acme, "contacts", *PERSON)
    only(acme("edit", f"acme/contacts/{id_}", "urls.+.type=blog", "urls.+.address=a.example", "vip=yes"))
    values = only(acme("show", f"acme/contacts/{id_}"))["values"]
    assert values == {
        "firstname": "Jane",
        "lastname": "O'Döe & Sons <x>",
        "jobtitle": None,
        "company": "no",
        "phones": [{"type": "work", "number": "+353 1 234"}],
        "emails": [],
        "urls": [{"type": "blog", "address": "a.example"}],
        "address": None,
        "city": None,
        "state": None,
        "zip": "01234",
        "country": "GR",
        "description": "one\n  two: 'three'",
        "status": "lead",
        "tags": ["on hold", "no"],
        "vip": True,
        "nextaction": None,
        "pendingdeal": False,
    }
    only(acme("tag", f"acme/contacts/{id_}", "+new", "-no"))
    only(acme("edit", f"acme/contacts/{id_}", "city=Rome"))
    after = only(acme("show", f"acme/contacts/{id_}"))["values"]
    assert after == {**values, "tags": ["on hold", "new"], "city": "Rome"}
    assert acme("delete", f"acme/contacts/{id_}", "--yes").code == 0
    acme("show", f"acme/contacts/{id_}").failed(3)
    assert acme("undo", "acme").code == 0
    assert only(acme("show", f"acme/contacts/{id_}"))["values"] == after


def test_the_one_action_of_a_contact(begin: Begin) -> None:
    acme = begin()
    contact = new(acme, "contacts", "lastname=Doe")
    id_ = new(acme, "actions", f"cid={contact}", "name=Call her", "date=2031-02-01")
    acme("new", "acme/actions", f"cid={contact}", "name=Another", "date=2031-02-01").failed(6, "one action")
    [row] = acme("list", "acme/actions", f"cid={contact}").lines
    assert (row["id"], row["values"]["date"], row["values"]["done"]) == (id_, "2031-02-01", False)
    only(acme("edit", f"acme/actions/{id_}", "waiting=yes"))
    acme("delete", f"acme/actions/{id_}", "--yes").failed(6, "done")
    only(acme("edit", f"acme/actions/{id_}", "done=yes"))
    values = only(acme("show", f"acme/actions/{id_}"))["values"]
    assert values["done"]
    assert values["closed"].endswith("Z")
    only(acme("edit", f"acme/actions/{id_}", "done=no", "date=2031-03-01"))
    following = only(acme("show", f"acme/contacts/{contact}"))["values"]["nextaction"]
    assert following == {"text": "Call her", "next": False, "date": "2031-03-01"}
    only(acme("edit", f"acme/actions/{id_}", "done=yes"))
    assert acme("delete", f"acme/actions/{id_}", "--yes").code == 0
    assert acme("list", "acme/actions", f"cid={contact}").lines == []
    for kind in ("actions", "notes", "deals"):
        acme("list", f"acme/{kind}").failed(2, f"{kind} of one contact only", f"list CONN/{kind} cid=ID")


def test_the_mirror_of_what_is_not_synced_points_to_no_sync(begin: Begin) -> None:
    acme = begin()
    contact = new(acme, "contacts", "lastname=Doe")
    id_ = new(acme, "actions", f"cid={contact}", "name=Call her", "date=2031-02-01")
    ran = acme("list", "acme/actions", "--offline")
    assert ([row["id"] for row in ran.lines], "sync" in ran.err) == ([id_], False)
    assert "listed beneath a record only" in ran.err


def test_an_undone_deletion_is_told_as_it_ends(begin: Begin) -> None:
    acme = begin()
    first, second = (new(acme, "contacts", f"lastname={name}") for name in ("Doe", "Poe"))
    for id_ in (first, second):
        assert acme("delete", f"acme/contacts/{id_}", "--yes").code == 0
    later, earlier = (row["id"] for row in acme("undo", "acme", "--list").lines[:2])
    # The service would bring the other one back.
    ran, requests = acme.calls("undo", "acme", earlier)
    ran.failed(6, f"was acme/contacts/{second}; undo {later} first")
    assert requests == []
    for id_, comes_back in ((second, True), (first, False)):
        undone = acme("undo", "acme")
        assert (undone.code, "if it has none to bring back, this one is made again" in undone.err) == (
            0,
            True,
        )
        assert (" is undone as acme/contacts/" in undone.err) is not comes_back
        assert acme("show", f"acme/contacts/{id_}").code == (0 if comes_back else 3)


@pytest.mark.parametrize("plain", [True, False], ids=["likely", "otherwise"])
def test_notes_and_the_deals_among_them(begin: Begin, format_: str, plain: bool) -> None:
    acme = begin(**({} if plain else DIALECTS[format_]))
    contact = new(acme, "contacts", "lastname=Doe")
    note = only(acme("note", f"acme/contacts/{contact}", "Hello:\n- there"))["id"]
    told = ("amount=1250.50", "deal_stage=50", "exp_close=2031-02-01", "date=2026-01-02")
    deal = new(acme, "deals", f"cid={contact}", "body=Big\nthing", *told)
    assert [row["id"] for row in acme("list", "acme/notes", f"cid={contact}").lines] == [note]
    values = only(acme("show", f"acme/deals/{deal}"))["values"]
    wanted = {"amount": 1250.5, "deal_stage": "50", "exp_close": "2031-02-01", "date": "2026-01-02"}
    assert {**values, **wanted, "body": "Big\nthing", "status": "pending", "closed": None} == values
    only(acme("edit", f"acme/deals/{deal}", "amount=99"))
    kept = only(acme("show", f"acme/deals/{deal}"))["values"]
    assert kept == {**values, "amount": 99}
    only(acme("edit", f"acme/deals/{deal}", "status=won"))
    [row] = acme("list", "acme/deals", f"cid={contact}").lines
    assert (row["values"]["status"], bool(row["values"]["closed"])) == ("won", True)
    assert acme("delete", f"acme/deals/{deal}", "--yes").code == 0
    acme("show", f"acme/deals/{deal}").failed(3)
    acme("show", f"acme/deals/{note}").failed(3, "no deal")


def test_everyone_is_listed_and_found(begin: Begin) -> None:
    acme = begin(60, PAGE_SIZE="7")
    everyone = acme("list", "acme/contacts", "--all").lines
    assert len({row["id"] for row in everyone}) == len(everyone) >= 60
    waiting = new(acme, "contacts", "lastname=Zzz", "tags=mine")
    new(acme, "actions", f"cid={waiting}", "name=x", "waiting=yes")
    for where in ("tags=mine", "lastname=Zzz", "lastname^=Zz", f"id={waiting}"):
        assert [row["id"] for row in acme("list", "acme/contacts", where).lines] == [waiting], where
    assert acme("sync", "acme", "contacts").code == 0
    mirrored = acme("list", "acme/contacts", "--all", "--offline").lines
    assert {row["id"] for row in mirrored} == {row["id"] for row in everyone} | {waiting}


def test_a_sync_brings_everyone(begin: Begin) -> None:
    acme = begin(records=60)
    assert acme("sync", "acme").code == 0
    offline = acme("list", "acme/contacts", "--offline", "--all")
    assert (len(offline.lines), offline.err) == (60, "")


def test_what_the_account_may_not_do_costs_no_call(begin: Begin) -> None:
    acme = begin(NOTIFY="too_many_contacts")
    [row] = acme("list", "acme/contacts", "--limit", "1").lines
    contact = f"acme/contacts/{row['id']}"
    for command in (
        ("edit", contact, "status=lead"),
        ("tag", contact, "+new"),
        ("note", contact, "Hello"),
        ("new", "acme/actions", f"cid={row['id']}", "name=Call", "next=1"),
        ("new", "acme/contacts", "lastname=Lee", "status=lead"),
    ):
        ran, requests = acme.calls(*command)
        ran.failed(6, "more contacts than it may have", "crmtui list acme/contacts --limit 1")
        assert requests == []
    assert acme("delete", contact, "--yes").code == 0


def test_the_same_whatever_ruby_wrote_it(begin: Begin) -> None:
    told = []
    for switches in ({}, {"YAML_TAGS": "psych", "YAML_KEYS": "symbols", "XML_TEXT": "references"}):
        acme = begin(30, **switches)
        rows = acme("list", "acme/contacts", "--all").lines
        told.append([*rows, *(only(acme("show", f"acme/contacts/{row['id']}")) for row in rows[:4])])
    assert told[0] == told[1]
    assert len(told[0]) > 30


def test_a_clock_that_is_wrong_does_no_harm(begin: Begin) -> None:
    acme = begin(CLOCK_AHEAD="7200")
    id_ = new(acme, "contacts", "lastname=Doe")
    assert only(acme("show", f"acme/contacts/{id_}"))["title"] == "Doe"


def test_what_the_service_lets_nobody_do(begin: Begin) -> None:
    acme = begin(NOTIFY="contacts_list_full")
    acme("new", "acme/contacts", "lastname=Doe").failed(6, "201")


def test_a_character_that_xml_cannot_carry_is_kept(begin: Begin) -> None:
    acme = begin()
    id_ = new(acme, "contacts", "lastname=Doe", "description=a\x07b*")
    only(acme("edit", f"acme/contacts/{id_}", "city=Rome"))
    assert only(acme("show", f"acme/contacts/{id_}"))["values"]["description"] == "a\x07b*"


def test_too_many_calls_are_made_again_later(begin: Begin) -> None:
    acme = begin(THROTTLE_AT="1")
    assert len(acme("list", "acme/contacts", "--limit", "3").lines) == 3
