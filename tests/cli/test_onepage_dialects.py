"""The same work through OnePageCRM's v1.2 in XML, JSON and YAML, and its v3, leaves the same data."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from crmtui.crm.onepagecrm.v1.adapter import OnePageV1
from crmtui.crm.onepagecrm.v3.adapter import OnePage
from crmtui.paths import config_file
from crmtui.sandbox import Sandbox
from tests.cli.conftest import Program
from tests.cli.one_account import OneAccount

WAYS = {
    "xml": ("onepagecrm-v1", "xml"),
    "json": ("onepagecrm-v1", "json"),
    "yaml": ("onepagecrm-v1", "yaml"),
    "v3": ("onepagecrm", None),
}
V1, V3 = 0, 1
WORDS: Mapping[str, tuple[str, str]] = {
    # A contact. v1.2 has one address, which is the first one of v3's list.
    "first": ("firstname", "first_name"),
    "last": ("lastname", "last_name"),
    "job": ("jobtitle", "job_title"),
    "company": ("company", "company_name"),
    "about": ("description", "background"),
    "starred": ("vip", "starred"),
    "status": ("status", "status_id"),
    "phones": ("phones.{row}.number", "phones.{row}.value"),
    "emails": ("emails.{row}.address", "emails.{row}.value"),
    "urls": ("urls.{row}.address", "urls.{row}.value"),
    "street": ("address", "address_list.{row}.address"),
    "city": ("city", "address_list.{row}.city"),
    "zip": ("zip", "address_list.{row}.zip_code"),
    "country": ("country", "address_list.{row}.country_code"),
    # What hangs on one.
    "contact": ("cid", "contact_id"),
    "action": ("name", "text"),
    "note": ("body", "text"),
    "stage": ("deal_stage", "stage"),
    "expected": ("exp_close", "expected_close_date"),
}
"""What a field is called in v1.2, named as its answers name it, and in v3."""
SAYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "waiting": (("waiting=yes",), ("status=waiting",)),
    "next": (("next=yes",), ("status=asap",)),
    # v1.2 says EL on the wire, which is GR to people; v3 has a list of countries with words of its own.
    "Greece": (("country=GR",), ("address_list.1.country_code=EL",)),
    # A deal of v1.2 is a note and has no name: the account has the first line of its text for one.
    "deal": (("body=Big order\nFor three years",), ("name=Big order", "text=For three years")),
    "other deal": (("body=Big order\nFor & <two> years",), ("text=For & <two> years",)),
}
"""What is told otherwise, and not only by another name."""
KINDS = ("contacts", "companies", "deals", "actions", "notes", "calls", "meetings")
UNTOLD = ("id", "created_at", "modified_at")
"""What differs between two accounts in which the same was done: ids, and the moments of the work."""


class Office(OneAccount):
    """OnePageCRM's account."""

    def __init__(self, program: Program, sandbox: Sandbox, way: str) -> None:
        super().__init__(program, sandbox, way)
        self._at = V3 if way == "v3" else V1

    def ids(self, *arguments: str) -> list[str]:
        """The ids of the records that are listed, in the order of their ids: each dialect has its own."""
        ran = self.run("list", *arguments, "--all")
        assert ran.code == 0, ran
        return sorted(row["id"] for row in ran.lines)

    def of(self, row: str = "", /, **values: str) -> list[str]:
        """Assignments in the dialect's words; `row` is the row that they are about."""
        return [f"{WORDS[name][self._at].format(row=row)}={value}" for name, value in values.items()]

    def row(self, field: str, row: str, type_: str, value: str) -> list[str]:
        """The assignments that make or change a phone, an e-mail or a web address."""
        return [f"{field}.{row}.type={type_}", *self.of(row, **{field: value})]

    def says(self, what: str) -> tuple[str, ...]:
        """The assignments that say something in the dialect."""
        return SAYS[what][self._at]

    def state(self) -> dict[str, Any]:
        """All that the account has now, each record told by its title wherever it is named by its id."""
        assert self.program("forget", "v3").code == 0  # nothing is told from memory
        found = {kind: self.program("list", f"v3/{kind}", "--all").lines for kind in KINDS}
        names = {row["id"]: f"{kind}: {row['title']}" for kind, rows in found.items() for row in rows}
        told = {
            kind: sorted(((row["title"], _named(row["values"], names)) for row in rows), key=repr)
            for kind, rows in found.items()
        }
        tags = self.program("choices", "v3/contacts", "tags").lines
        return told | {"tags": sorted(row["value"] for row in tags)}


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _named(part, names) for name, part in sorted(value.items()) if name not in UNTOLD}
    if isinstance(value, list):
        return [_named(part, names) for part in value]
    return names.get(value, value) if isinstance(value, str) else value


@pytest.fixture
def office(
    tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Office]]:
    """Starts an account of its own for a dialect, and connects both that and the live one to it."""
    started: list[Sandbox] = []
    for adapter in (OnePage, OnePageV1):
        monkeypatch.setattr(adapter, "pace", None)

    def start(way: str) -> Office:
        switches = {"ONEPAGECRM_RATE": "0", "ONEPAGECRM_V1_RATE": "0", "ONEPAGECRM_V1_ORDER": "shuffled"}
        sandbox = Sandbox(tmp_path / f"sandbox-{len(started)}", records=12, switches=switches)
        started.append(sandbox)
        reached = sandbox.start()
        lines = ["connections:"]
        for name in {way, "v3"}:
            crm, format_ = WAYS[name]
            monkeypatch.setenv(f"CRMTUI_TOKEN_{name.upper()}", reached[crm]["token"])
            lines += [f"  {name}:", f"    crm: {crm}"]
            lines += [f"    {key}: {reached[crm][key]}" for key in ("url", "user")]
            lines += [f"    format: {format_}"] if format_ else []
        config_file().parent.mkdir(parents=True, exist_ok=True)
        config_file().write_text("\n".join(lines) + "\n")
        return Office(program, sandbox, way)

    yield start
    for sandbox in started:
        sandbox.stop()


def _work(at: Office) -> list[Any]:
    """Browse, edit, tag, make, plan, note, sell and delete; what was seen on the way."""
    seen: list[Any] = [at.ids("@/contacts")]
    [person] = at.ids("@/contacts", *at.of(last="Dubois"))
    [colleague] = at.ids("@/contacts", *at.of(last="Garçon"))
    # VIP is no tag in v1.2: it lists by it whoever has a star.
    seen += [at.ids("@/contacts", *at.of(starred="yes")), at.ids("@/contacts", "tags=R&D [/]")]
    assert all(seen)
    ref = f"@/contacts/{person}"
    seen += [at.do("show", ref)["title"]]
    _edit(at, ref)
    seen += [_make(at)]
    seen += _plan(at, person)
    _sell(at, person)
    seen += _delete(at, person, colleague)
    return [*seen, at.ids("@/contacts")]


def _edit(at: Office, ref: str) -> None:
    at.do("edit", ref, *at.of(job="Buyer & <more>", status="customer", starred="yes", about="One\n\n two\té"))
    at.do("edit", ref, *at.row("phones", "1", "work", "+44 20 7946 0999"))
    at.do(
        "edit",
        ref,
        *at.row("phones", "+", "fax", "0044 (0)7"),
        *at.row("emails", "+", "home", "h@example.com"),
    )
    at.do("edit", ref, "phones.1=", *at.of("1", street="2, rue de l'Été", zip="01234"), *at.says("Greece"))
    at.do("tag", ref, "+Fair 2026", "+Made here")
    at.do("tag", ref, "-Fair 2026", "+on")


def _make(at: Office) -> str:
    made = at.do(
        "new", "@/contacts", *at.of(first="Zoë", last="Null", company="Made Ltd"),
        *at.of("+", city="Wien", country="AT"),
        *at.row("urls", "+", "website", "https://made.example/?a=1&b"), "tags=Made here;no",
    )  # fmt: skip
    return str(made["title"])


def _plan(at: Office, person: str) -> list[Any]:
    """Actions: one done and the next one planned, which then is put off."""
    [old] = at.ids("@/actions", *at.of(contact=person), "done=no")
    at.do("edit", f"@/actions/{old}", "done=yes")
    offer = at.of(contact=person, action="Send: the offer")
    made = at.do("new", "@/actions", *offer, "date=2031-02-03")["id"]
    at.do("edit", f"@/actions/{made}", *at.of(action="Send the offer # 2"), "date=2031-02-04")
    at.do("edit", f"@/actions/{made}", "done=yes")
    at.do("edit", f"@/actions/{made}", "done=no")
    at.do("edit", f"@/actions/{made}", *at.says("next"))
    at.do("edit", f"@/actions/{made}", "done=yes")
    following = at.do("new", "@/actions", *at.of(contact=person, action="Ring"), *at.says("next"))["id"]
    at.do("edit", f"@/actions/{following}", *at.says("waiting"))
    return [len(at.ids("@/actions", *at.of(contact=person), f"done={done}")) for done in ("yes", "no")]


def _sell(at: Office, person: str) -> None:
    at.do("note", f"@/contacts/{person}", "Rang: wants <b>the offer</b> & more\n- soon")
    gone = at.do("new", "@/notes", *at.of(contact=person, note="Wrong number"), "date=2026-01-02")["id"]
    at.do("edit", f"@/notes/{gone}", *at.of(note="Right number"))
    assert at.run("delete", f"@/notes/{gone}", "--yes").code == 0
    told = at.of(contact=person, stage="50", expected="2031-05-06")
    sold = at.do("new", "@/deals", *told, *at.says("deal"), "amount=1250.50", "date=2026-01-02")
    deal = f"@/deals/{sold['id']}"
    at.do("edit", deal, *at.says("other deal"), *at.of(stage="90"), "amount=99")
    at.do("new", "@/deals", *told, *at.says("deal"), "amount=7", "date=2026-01-03")
    at.do("edit", deal, "status=won")


def _delete(at: Office, person: str, colleague: str) -> list[Any]:
    """One comes back with all that hangs on it, the other one does not."""
    for each in (person, colleague):
        assert at.run("delete", f"@/contacts/{each}", "--yes").code == 0
        at.run("show", f"@/contacts/{each}").failed(3)
        if each == person:
            assert at.run("undo", "@").code == 0
    return [at.do("show", f"@/contacts/{person}")["title"]]


def _check(state: Mapping[str, Any]) -> None:
    """What the work was meant to leave."""
    told = {kind: dict(rows) for kind, rows in state.items() if kind != "tags"}
    person = told["contacts"]["Hélène Dubois"]
    assert (person["job_title"], person["status"]) == ("Buyer & <more>", "Customer")
    assert person["phones"] == [{"type": "fax", "value": "0044 (0)7"}]
    assert {"zip_code": "01234", "country_code": "EL"}.items() <= person["address_list"][0].items()
    assert {"Made here", "on"} <= {*person["tags"]} <= {*state["tags"]} - {"Fair 2026"}
    assert [row["text"] for row in person["next_actions"]] == ["Ring"]
    assert told["actions"]["Ring"]["status"] == "waiting"
    assert told["actions"]["Send the offer # 2"]["done"]
    assert told["contacts"]["Zoë Null"]["company_id"] == "companies: Made Ltd"
    assert "Amélie Garçon" not in told["contacts"]
    assert [title for title in told["notes"] if title.startswith(("Rang", "Wrong", "Right"))] == [
        "Rang: wants <b>the offer</b> & more"
    ]
    deals = [values for title, values in state["deals"] if title == "Big order"]
    assert sorted((deal["status"], deal["amount"]) for deal in deals) == [("pending", 7), ("won", 99)]


def test_the_same_work_leaves_the_same_data(office: Callable[[str], Office]) -> None:
    states, seen = {}, {}
    for way in WAYS:
        at = office(way)
        before = at.state()
        seen[way] = _work(at)
        states[way] = at.state()
        for kind in ("contacts", "companies", "deals", "actions", "notes", "tags"):
            assert states[way][kind] != before[kind], (way, kind)
    _check(states["v3"])
    for way in ("xml", "json", "yaml"):
        assert seen[way] == seen["v3"], way
        for kind, records in states["v3"].items():
            assert states[way][kind] == records, (way, kind)


@pytest.mark.parametrize("way", WAYS)
def test_a_change_costs_a_look_and_a_request(office: Callable[[str], Office], way: str) -> None:
    at = office(way)
    [person] = at.ids("@/contacts", *at.of(last="Dubois"))
    ref = f"@/contacts/{person}"
    at.do("show", ref)
    [action] = at.ids("@/actions", *at.of(contact=person), "done=no")
    assert at.run("choices", "@/contacts", "tags").code == 0
    # v1.2 changes tags and completes actions by verbs of their own, which are posted.
    put = "PUT" if way == "v3" else "POST"
    for step, wanted in (
        (("edit", ref, *at.of("1", job="Buyer", city="Paris", starred="yes")), ["GET", "PUT"]),
        (("edit", ref, *at.row("phones", "1", "work", "+44 20 7946 0999")), ["GET", "PUT"]),
        (("tag", ref, "+Fair 2026"), ["GET", put]),
        (("tag", ref, "-Fair 2026"), ["GET", put]),
        (("note", ref, "Rang"), ["POST"]),
        (("edit", f"@/actions/{action}", "done=yes"), ["GET", put]),
        (("edit", f"@/actions/{action}", "done=no"), ["GET", put]),
        (("edit", f"@/actions/{action}", "date=2031-02-03"), ["GET", "PUT"]),
    ):
        assert [each.method for each in at.asked(*step)[1]] == wanted, step


@pytest.mark.parametrize("way", WAYS)
def test_a_filter_that_the_account_keeps_lists_whom_it_chooses(
    office: Callable[[str], Office], way: str
) -> None:
    at = office(way)
    kept = at.run("choices", "@/contacts", "filter_id").lines
    names = {row["label"] for row in kept}
    assert {"Pending deals", "My starred ones", "Ireland [/]"} <= names
    new = at.of(first="Zoë", last="Null", starred="yes", status="customer")
    customers = [at.do("new", "@/contacts", *new)["id"]]
    starred = at.ids("@/contacts", *at.of(starred="yes"))
    assert len(starred) > 1
    [plain, *_] = (id_ for id_ in at.ids("@/contacts") if id_ not in starred)
    before = len(at.sandbox.requests)
    assert at.ids("@/contacts", "filter_id=My starred ones") == starred
    [kept_id] = [row["value"] for row in kept if row["label"] == "My starred ones"]
    lists = [
        each for each in at.sandbox.requests[before:] if each.path.endswith(("contacts", f"contacts.{way}"))
    ]
    assert lists
    assert all(f"filter_id={kept_id}" in each.query for each in lists)
    # By its id as well, and with other conditions beside it, some of which the service has no word for.
    assert at.ids("@/contacts", f"filter_id={kept_id}", *at.of(status="customer")) == customers
    assert at.ids("@/contacts", "filter_id=My starred ones", f"id={starred[0]}|{plain}") == [starred[0]]
    assert at.ids("@/contacts", "filter_id=My starred ones", f"id={plain}") == []
    assert at.ids("@/contacts", "filter_id=My starred ones", *at.of(last="Nobody")) == []


@pytest.mark.parametrize("way", ["json", "v3"])
def test_a_filter_that_the_account_keeps_is_asked_for_alone_and_of_the_service(
    office: Callable[[str], Office], way: str
) -> None:
    at = office(way)
    at.ids("@/contacts")
    one = "OnePageCRM lists by one saved filter at a time"
    for where in ("filter_id!=Pending deals", "filter_id=Pending deals|My starred ones", "filter_id="):
        at.run("list", "@/contacts", where).failed(2, one)
    at.run("list", "@/contacts", "filter_id=Pending deals", "filter_id=Ireland [/]").failed(2, one)
    at.run("list", "@/contacts", "filter_id=Pending deals", "--offline").failed(2, "the service only")
    [person] = at.ids("@/contacts", *at.of(last="Dubois"))
    at.run("edit", f"@/contacts/{person}", "filter_id=x").failed(6, "read-only")
