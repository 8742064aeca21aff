"""The commands on Capsule v1 against its sandbox, in XML and in JSON."""

import re
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


@pytest.fixture(params=["xml", "json"])
def begin(
    request: pytest.FixtureRequest, tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Begin]:
    """Starts a sandbox of the test's own with switches, and connects `acme` to it in a format."""
    started: list[Sandbox] = []

    def start(records: int = 12, **switches: str) -> Acme:
        named = {f"CAPSULE_V1_{name}": word for name, word in switches.items()}
        sandbox = Sandbox(
            tmp_path / f"capsule-{len(started)}", records=records, crm="capsule-v1", switches=named
        )
        started.append(sandbox)
        reached = sandbox.start()["capsule-v1"]
        monkeypatch.setenv("CRMTUI_TOKEN_ACME", reached["token"])
        config_file().parent.mkdir(parents=True, exist_ok=True)
        config_file().write_text(
            "connections:\n  acme:\n    crm: capsule-v1\n"
            f"    url: {reached['url']}\n    format: {request.param}\n"
        )
        connection = Connection(name="acme", crm="capsule-v1", url=reached["url"], format=request.param)
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


def test_a_person_with_tags_and_custom_fields(begin: Begin) -> None:
    acme = begin()
    id_ = new(
        acme,
        "parties",
        "type=person",
        "firstName=Larry ",
        "lastName=Page",
        "Lead source=Referral",
        "tags=VIP",
    )
    values = only(acme("show", f"acme/parties/{id_}"))["values"]
    assert (values["firstName"], values["Lead source"], values["tags"]) == ("Larry ", "Referral", ["VIP"])
    ran, calls = acme.calls(
        "edit",
        f"acme/parties/{id_}",
        "jobTitle=CTO",
        "Lead source=",
        "Membership/Level=partner",
        "Lead score=12.50",
    )
    assert ran.code == 0, ran
    assert calls[-3:] == [
        f"PUT /api/person/{id_}",
        f"POST /api/party/{id_}/tag/Membership",
        f"PUT /api/party/{id_}/customfields",
    ]
    acme("tag", f"acme/parties/{id_}", "+New & more", "-VIP")
    values = only(acme("show", f"acme/parties/{id_}"))["values"]
    assert (values["jobTitle"], values["Lead source"], values["Membership/Level"]) == ("CTO", None, "partner")
    assert sorted(values["tags"]) == ["Membership", "New & more"]
    found = acme("list", "acme/parties", "tags=New & more")
    assert [row["id"] for row in found.lines] == [id_]


def test_a_phone_is_changed_and_the_others_stay(begin: Begin) -> None:
    acme = begin()
    row = ("phoneNumbers.+.type=Work", "phoneNumbers.+.number=+44 1")
    id_ = new(acme, "parties", "type=organisation", "name=ACME", *row, "addresses.+.city=Perth")
    first = only(acme("show", f"acme/parties/{id_}"))["values"]
    [phone] = first["phoneNumbers"]
    only(acme("edit", f"acme/parties/{id_}", "phoneNumbers.+.number=+44 2"))
    only(acme("edit", f"acme/parties/{id_}", f"phoneNumbers.{phone['id']}.number=+44 9"))
    then = only(acme("show", f"acme/parties/{id_}"))["values"]
    assert [(each.get("type"), each["number"]) for each in then["phoneNumbers"]] == [
        ("Work", "+44 9"),
        (None, "+44 2"),
    ]
    assert then["addresses"] == first["addresses"]


def test_a_note_is_added_edited_and_deleted(begin: Begin) -> None:
    acme = begin()
    party = acme.first_id("parties")
    note = only(acme("note", f"acme/parties/{party}", "Called & <talked>"))["id"]
    entry = only(acme("edit", f"acme/entries/{note}", "content=Called again"))
    assert entry["values"]["content"] == "Called again"
    listed = acme("list", "acme/entries", f"party={party}")
    assert note in [row["id"] for row in listed.lines]
    assert acme("delete", f"acme/entries/{note}", "--yes").code == 0
    assert note not in [row["id"] for row in acme("list", "acme/entries", f"party={party}").lines]
    acme("list", "acme/entries").failed(2, "party=ID, opportunity=ID or kase=ID")


def test_an_opportunity_with_a_party_besides(begin: Begin) -> None:
    acme = begin(PARTY_OF_NEW="person")
    ids = [row["id"] for row in acme("list", "acme/parties", "--limit", "3").lines]
    deal = new(
        acme,
        "opportunities",
        "name=Deal",
        f"party={ids[0]}",
        "milestone=New",
        "value=108",
        "currency=GBP",
        "expectedCloseOn=2026-12-24",
    )
    values = only(acme("show", f"acme/opportunities/{deal}"))["values"]
    assert (values["party"], values["value"], values["expectedCloseOn"]) == (ids[0], 108, "2026-12-24")
    assert acme("edit", f"acme/opportunities/{deal}", f"parties.+.id={ids[1]}").code == 0
    moved = only(acme("edit", f"acme/opportunities/{deal}", f"party={ids[2]}", "value=99.5", "milestone=Won"))
    assert (moved["values"]["party"], moved["values"]["probability"]) == (ids[2], 100)
    shown = only(acme("show", f"acme/opportunities/{deal}"))["values"]
    assert [row["id"] for row in shown["parties"]] == [ids[1]]
    assert acme("delete", f"acme/opportunities/{deal}", "--yes").code == 0
    acme("show", f"acme/opportunities/{deal}").failed(3, "does not exist, or the token's user has no access")


def test_a_task_is_completed_and_reopened(begin: Begin) -> None:
    acme = begin()
    id_ = new(acme, "tasks", "description=Call", "dueOn=2026-12-01", "dueTime=09:30", "category=Call")
    done = only(acme("edit", f"acme/tasks/{id_}", "status=COMPLETED", "detail=later"))["values"]
    assert (done["status"], done["detail"]) == ("COMPLETED", "later")
    assert done["completedAt"]
    assert id_ in [row["id"] for row in acme("list", "acme/tasks", "status=COMPLETED", "--all").lines]
    listed = acme("list", "acme/tasks", "--all")
    assert id_ not in [row["id"] for row in listed.lines]
    assert "Tasks of status OPEN; status in WHERE names another one: status=COMPLETED." in listed.err
    again = only(acme("edit", f"acme/tasks/{id_}", "status=OPEN", "dueTime="))["values"]
    assert (again["status"], again.get("dueTime"), again["dueOn"]) == ("OPEN", None, "2026-12-01")


@pytest.mark.parametrize(
    "switches",
    [{}, {"SIZE": "total"}, {"MAX_LIMIT": "25"}, {"SIZE_BESIDE_ROWS": "none", "SLASHES": "escaped"}],
    ids=["plain", "total", "capped", "json"],
)
def test_a_list_is_read_to_its_end(begin: Begin, switches: dict[str, str]) -> None:
    acme = begin(records=130, **switches)
    rows = acme("list", "acme/opportunities", "--all").lines
    assert len({row["id"] for row in rows}) == len(rows) >= 130


@pytest.mark.parametrize("twins", ["answered", "none"])
def test_a_sync_learns_what_changed_and_what_was_deleted(begin: Begin, twins: str) -> None:
    acme = begin(DELETED_TWINS=twins)
    assert acme("sync", "acme", "parties").code == 0
    id_ = new(acme, "parties", "type=organisation", "name=Brand new")
    ran, calls = acme.calls("sync", "acme", "parties")
    assert (ran.code, calls[0]) == (0, "GET /api/party")
    assert "GET /api/party/deleted" in calls
    assert acme("delete", f"acme/parties/{id_}", "--yes").code == 0
    assert acme("sync", "acme", "parties").code == 0


def test_what_does_not_fit_its_pattern_is_not_sent(begin: Begin) -> None:
    acme = begin()
    id_ = new(acme, "parties", "type=person", "lastName=Page")
    ran, calls = acme.calls("edit", f"acme/parties/{id_}", "NI Number=nonsense")
    ran.failed(6, "NI Number does not fit the pattern")
    assert calls == []


@pytest.mark.parametrize("switches", [{"PUT": "empty"}, {"DATA_TAG": "attached"}, {"TAG_IDS": "none"}])
def test_an_edit_does_whatever_the_service_answers(begin: Begin, switches: dict[str, str]) -> None:
    acme = begin(**switches)
    id_ = new(acme, "parties", "type=organisation", "name=ACME")
    only(acme("edit", f"acme/parties/{id_}", "name=Acme", "Membership/Level=partner", "tags=VIP"))
    values = only(acme("show", f"acme/parties/{id_}"))["values"]
    assert (values["name"], values["Membership/Level"]) == ("Acme", "partner")
    assert sorted(values["tags"]) == ["Membership", "VIP"]


def test_the_quota_is_told_and_waited_for(begin: Begin) -> None:
    acme = begin(CALLS_USED="3990")
    acme("list", "acme/kases", "--limit", "1")
    quota = acme("quota", "acme", "--format", "json").json
    assert 3990 < (quota[0] if isinstance(quota, list) else quota)["used"] <= 4000


def test_a_500_leaves_a_report(begin: Begin) -> None:
    acme = begin(INVALID="500")
    party = acme.first_id("parties")
    ran = acme("new", "acme/opportunities", "name=Deal", f"party={party}", "milestone=New", "probability=999")
    assert ran.code == 8, ran
    assert "does not match the document" in ran.err
    [path] = re.findall(r"The report is (\S+) ", ran.err)
    report = Path(path).read_text("utf-8")
    assert report.startswith(f"Sub-domain: {acme.served.connection.url.removeprefix('http://')}\nTime: 20")
    assert f"\nRequest: POST /api/party/{party}/opportunity\n" in report
    assert "999" in report
    assert acme.served.token not in report + ran.err
