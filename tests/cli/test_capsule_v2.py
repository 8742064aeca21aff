"""The commands on Capsule's API v2, against its sandbox: only the connection tells which service it is."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crmtui.config import Connection
from crmtui.crm.capsule.v2.adapter import Capsule
from crmtui.paths import config_file
from crmtui.sandbox import Sandbox
from crmtui.workspace import orders
from tests.cli.conftest import Acme, Program
from tests.conftest import Served

Begin = Callable[..., Acme]


def configure(url: str) -> None:
    """Writes a configuration with the one connection `acme`."""
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text(f"connections:\n  acme:\n    crm: capsule\n    url: {url}\n")


@pytest.fixture
def begin(tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Starts a sandbox of the test's own with switches, and connects `acme` to it."""
    started: list[Sandbox] = []
    monkeypatch.setattr(Capsule, "pauses", (0.0, 0.0))
    monkeypatch.setattr(orders, "PAUSES", (0.0,))

    def start(records: int = 20, **switches: str) -> Acme:
        named = {f"CAPSULE_{name}": word for name, word in switches.items()}
        sandbox = Sandbox(
            tmp_path / f"capsule-{len(started)}", records=records, crm="capsule", switches=named
        )
        started.append(sandbox)
        reached = sandbox.start()["capsule"]
        monkeypatch.setenv("CRMTUI_TOKEN_ACME", reached["token"])
        configure(reached["url"])
        connection = Connection(name="acme", crm="capsule", url=reached["url"])
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


def bodies(acme: Acme, *arguments: str) -> tuple[Any, list[str]]:
    """How a write ended, and the bodies that it sent."""
    before = len(acme.served.requests)
    ran = acme(*arguments)
    made = acme.served.requests[before:]
    return ran, [request.body.decode() for request in made if request.method in ("PUT", "POST")]


@pytest.mark.parametrize("kind", ["parties", "opportunities", "kases", "tasks", "entries"])
def test_every_kind_is_listed_and_shown(begin: Begin, kind: str) -> None:
    acme = begin()
    listed = acme("list", f"acme/{kind}", "--all")
    assert listed.code == 0
    assert len(listed.lines) >= 20
    shown = only(acme("show", f"acme/{kind}/{listed.lines[0]['id']}"))
    for name, value in listed.lines[0]["values"].items():
        assert shown["values"][name] == value


@pytest.mark.parametrize("more", ["both", "link", "header"])
def test_lists_of_many_pages(begin: Begin, more: str) -> None:
    acme = begin(records=230, MORE=more)
    rows = acme("list", "acme/parties", "--all").lines
    assert len({row["id"] for row in rows}) == len(rows) >= 230


def test_a_list_in_smaller_pages_than_were_asked_for(begin: Begin) -> None:
    acme = begin(records=60, PAGE_CAP="25")
    rows = acme("list", "acme/parties", "--all").lines
    assert len({row["id"] for row in rows}) == len(rows) >= 60


@pytest.mark.parametrize("cap", ["0", "25"])
def test_a_sync_brings_all(begin: Begin, cap: str) -> None:
    acme = begin(records=130, PAGE_CAP=cap)
    for kind in ("parties", "entries", "tasks"):
        assert acme("sync", "acme", kind).code == 0
        here = {row["id"] for row in acme("list", f"acme/{kind}", "--all", "--offline").lines}
        assert here == {row["id"] for row in acme("list", f"acme/{kind}", "--all").lines}


@pytest.mark.parametrize(
    ("kind", "argument"),
    [
        ("parties", "owner=ted"),
        ("parties", "name~acme"),
        ("parties", "lastName=lee"),
        ("parties", "tags=Customer"),
        ("parties", "tags="),
        ("parties", '"Lead source"=Referral'),
        ("parties", "updatedAt>=2026-11-10"),
        ("opportunities", "probability>=50"),
        ("opportunities", "milestone=Bid"),
        ("kases", "stage=Planning"),
        ("tasks", "owner=ted"),
        ("tasks", "status=COMPLETED"),
    ],
)
def test_a_filter_finds_what_a_look_at_every_record_finds(begin: Begin, kind: str, argument: str) -> None:
    acme = begin(records=40)
    acme("list", f"acme/{kind}", "--all")
    found = {row["id"] for row in acme("list", f"acme/{kind}", argument, "--all").lines}
    here = {row["id"] for row in acme("list", f"acme/{kind}", argument, "--all", "--offline").lines}
    assert found == here != set()


def test_one_phone_is_changed_and_the_others_stay(begin: Begin) -> None:
    acme = begin()
    before = values(acme, "parties/1002")
    first, other = before["phoneNumbers"]
    ran, [body] = bodies(acme, "edit", "acme/parties/1002", f"phoneNumbers.{first['id']}.number=+44 1")
    assert body == f'{{"party":{{"phoneNumbers":[{{"id":{first["id"]},"number":"+44 1"}}]}}}}'
    assert ran.code == 0
    after = values(acme, "parties/1002")
    assert after["phoneNumbers"] == [{**first, "number": "+44 1"}, other]
    assert after["addresses"] == before["addresses"]
    assert acme("edit", "acme/parties/1002", f"phoneNumbers.{other['id']}=").code == 0
    assert acme("edit", "acme/parties/1002", "phoneNumbers.+.number=+44 2").code == 0
    numbers = [row["number"] for row in values(acme, "parties/1002")["phoneNumbers"]]
    assert numbers == ["+44 1", "+44 2"]


def test_custom_fields_and_the_tag_that_goes_with_them(begin: Begin) -> None:
    acme = begin()
    people = (row for row in acme("list", "acme/parties").lines if row["values"]["type"] == "person")
    ann = next(row["id"] for row in people if "Membership" not in row["values"]["tags"])
    ran, [body] = bodies(
        acme,
        "edit",
        f"acme/parties/{ann}",
        "Lead score=7.5",
        "Membership/Level=partner",
        "Birthday=1990-02-03",
    )
    assert ran.code == 0
    assert '"tags":[{"name":"Membership"}]' in body
    after = values(acme, f"parties/{ann}")
    assert (after["Membership/Level"], after["Birthday"]) == ("partner", "1990-02-03")
    assert "Membership" in after["tags"]
    assert acme("edit", f"acme/parties/{ann}", "Membership/Level=", "Birthday=").code == 0
    assert not {"Membership/Level", "Birthday"} & {
        name for name, value in values(acme, f"parties/{ann}").items() if value is not None
    }
    acme("edit", f"acme/parties/{ann}", "Sector=Nope").failed(6, "Sector does not take")


def test_tags(begin: Begin) -> None:
    acme = begin()
    assert acme("choices", "acme/parties", "tags").code == 0
    assert acme("tag", "acme/parties/1002", "+VIP", "+Newsletter").code == 0
    assert {"VIP", "Newsletter"} <= {*values(acme, "parties/1002")["tags"]}
    ran, [body] = bodies(acme, "tag", "acme/parties/1002", "-Newsletter")
    assert ran.code == 0
    assert re.search(r'"tags":\[\{"id":\d+,"_delete":true\}\]', body)
    assert "Newsletter" not in values(acme, "parties/1002")["tags"]


def test_a_note_hangs_on_its_record(begin: Begin) -> None:
    acme = begin()
    kase = acme.first_id("kases")
    note = only(acme("note", f"acme/kases/{kase}", "Called"))
    assert note["values"]["kase"] == kase
    listed = acme("list", "acme/entries", f"kase={kase}", "--all").lines
    assert [row["values"]["content"] for row in listed if row["id"] == note["id"]] == ["Called"]


@pytest.mark.parametrize("owner", ["any", "id"])
def test_a_project_keeps_its_team(begin: Begin, owner: str) -> None:
    acme = begin(OWNER=owner)
    assert acme("choices", "acme/kases", "owner").code == 0
    kase = next(row for row in acme("list", "acme/kases").lines if row["values"]["team"])["id"]
    before = values(acme, f"kases/{kase}")
    user = "ted" if before["owner"] != "ted" else "jane.smith"
    ran = acme("edit", f"acme/kases/{kase}", f"owner={user}")
    assert ran.code in (0, 6)  # who is not in the team is refused
    after = values(acme, f"kases/{kase}")
    assert after["team"] == before["team"]
    assert after["owner"] == (user if ran.code == 0 else before["owner"])


def test_money_milestone_and_what_the_service_works_out(begin: Begin) -> None:
    acme = begin()
    sale = acme.first_id("opportunities")
    before = values(acme, f"opportunities/{sale}")
    won = only(acme("edit", f"acme/opportunities/{sale}", "value=500.50", "milestone=Won (Sales Pipeline)"))
    assert (won["values"]["value"], won["values"]["currency"]) == (500.5, before["currency"])
    assert (won["labels"]["milestone"], won["values"]["probability"]) == ("Won", 100)
    assert won["values"]["closedOn"]


def test_additional_parties(begin: Begin) -> None:
    acme = begin()
    kase = acme.first_id("kases")
    for row in values(acme, f"kases/{kase}")["parties"] or []:
        assert acme("edit", f"acme/kases/{kase}", f"parties.{row['id']}=").code == 0
    assert not values(acme, f"kases/{kase}")["parties"]
    ran, requests = acme.calls("edit", f"acme/kases/{kase}", "parties.+.id=1004")
    assert ran.code == 0
    assert f"POST /api/v2/kases/{kase}/parties/1004" in requests
    assert [row["id"] for row in values(acme, f"kases/{kase}")["parties"]] == ["1004"]


def test_tasks_are_completed_and_opened_again(begin: Begin) -> None:
    acme = begin()
    task = only(acme("new", "acme/tasks", "description=Call", "dueOn=+1d", "party=1002", "category=Call"))
    ref = f"acme/tasks/{task['id']}"
    done = only(acme("edit", ref, "status=COMPLETED"))
    assert (done["values"]["status"], done["values"]["completedBy"]) == ("COMPLETED", "ted")
    assert only(acme("edit", ref, "status=OPEN"))["values"]["completedAt"] is None
    acme("edit", ref, f"kase={acme.first_id('kases')}").failed(6, "only one")


def test_new_records_and_refusals(begin: Begin) -> None:
    acme = begin()
    made = only(acme("new", "acme/parties", "type=person", "firstName=Zoe", "lastName=Quill"))
    assert made["title"] == "Zoe Quill"
    acme("edit", f"acme/parties/{made['id']}", "type=organisation").failed(6, "cannot be changed")
    acme("show", "acme/parties/99999").failed(3, "no access", "party not found")
    acme("new", "acme/parties", "type=organisation").failed(6, "name is required")
    # That an organisation must have a name is no rule for people.
    assert acme("new", "acme/parties", "type=person", "firstName=Max").code == 0


@pytest.mark.parametrize(("outcome", "code"), [("completed", 0), ("failed", 6)])
def test_a_long_delete(begin: Begin, outcome: str, code: int) -> None:
    acme = begin(JOBS="parties", JOB_OUTCOME=outcome)
    ran, requests = acme.calls("delete", "acme/parties/1002", "--yes")
    assert ran.code == code, ran
    assert len([request for request in requests if request.startswith("GET /api/v2/jobs/")]) == 3
    assert acme("show", "acme/parties/1002").code == (3 if code == 0 else 0)


@pytest.mark.parametrize("deleted", ["named", "short"])
def test_syncs_ask_for_what_changed_and_what_was_deleted(begin: Begin, deleted: str) -> None:
    acme = begin(DELETED=deleted)
    assert acme("sync", "acme", "parties").code == 0
    assert acme("delete", "acme/parties/1003", "--yes").code == 0
    ran, requests = acme.calls("sync", "acme", "parties")
    assert ran.code == 0, ran
    assert "GET /api/v2/parties/deleted" in requests
    held = {row["id"] for row in acme("list", "acme/parties", "--offline", "--all").lines}
    assert "1003" not in held
    assert "1002" in held


def test_spent_calls_are_not_asked_for_again(begin: Begin) -> None:
    acme = begin(CALL_LIMIT="3")
    for _ in range(4):
        last = acme("list", "acme/tasks", "--limit", "1")
    assert (last.code, last.out) == (5, "")
    assert "start anew at" in last.err
    asked = len(acme.served.requests)
    acme("list", "acme/tasks", "--limit", "1").failed(5, "start anew at")
    assert len(acme.served.requests) == asked


def test_a_wrong_token(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    acme = begin()
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", "wrong")
    acme("list", "acme/parties").failed(4, "refused")


def test_a_value_that_was_cleared_comes_back_with_its_currency(begin: Begin) -> None:
    acme = begin()
    party = acme("list", "acme/parties", "--limit", "1").lines[0]["id"]
    made = only(
        acme(
            "new",
            "acme/opportunities",
            "name=Deal",
            f"party={party}",
            "milestone=81",
            "value=99.50",
            "currency=EUR",
        )
    )
    ref = f"opportunities/{made['id']}"
    assert only(acme("edit", f"acme/{ref}", "value="))["values"]["value"] is None
    ran, sent = bodies(acme, "undo", "acme")
    assert ran.code == 0
    assert sent == ['{"opportunity":{"value":{"amount":99.5,"currency":"EUR"}}}']
    assert (values(acme, ref)["value"], values(acme, ref)["currency"]) == (99.5, "EUR")
