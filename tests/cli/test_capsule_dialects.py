"""The same work through Capsule's v1 in XML, its v1 in JSON, and its v2 leaves the same data."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crmtui.paths import config_file
from crmtui.sandbox import Sandbox
from tests.cli.conftest import Program
from tests.cli.one_account import OneAccount

WAYS = {"xml": ("capsule-v1", "xml"), "json": ("capsule-v1", "json"), "v2": ("capsule", None)}
STAMPS = ("createdAt", "updatedAt", "entryAt", "completedAt", "lastContactedAt", "lastStageChangedAt")
NAMED = ("party", "organisation", "opportunity", "kase", "milestone")


class Office(OneAccount):
    """Capsule's account."""

    def state(self) -> dict[str, Any]:
        """All that the account has now, without times and the ids of what was made."""
        found = {}
        for kind in ("parties", "opportunities", "kases", "tasks", "entries"):
            ran = self.program("list", f"v2/{kind}", "--all", "--format", "json")
            assert ran.code == 0, ran
            found[kind] = sorted((_lasting(record) for record in ran.json), key=repr)
        return found


def _lasting(record: Any) -> Any:
    """What a record is called and holds; of what has an id, what it is called."""
    values = record["values"] | {n: text for n, text in record["labels"].items() if n in NAMED}
    return record["title"], {n: _without_ids(v) for n, v in sorted(values.items()) if n not in STAMPS}


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_ids(part) for part in value]
    return {name: part for name, part in value.items() if name != "id"} if isinstance(value, dict) else value


@pytest.fixture
def office(
    tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Office]]:
    """Starts an account of its own for a dialect; every dialect is connected to it."""
    started: list[Sandbox] = []

    def start(way: str) -> Office:
        sandbox = Sandbox(tmp_path / f"sandbox-{len(started)}", records=12)
        started.append(sandbox)
        reached = sandbox.start()
        lines = ["connections:"]
        for name, (crm, format_) in WAYS.items():
            name = f"{name}{len(started)}" if name != "v2" else name
            monkeypatch.setenv(f"CRMTUI_TOKEN_{name.upper()}", reached[crm]["token"])
            lines += [f"  {name}:", f"    crm: {crm}", f"    url: {reached[crm]['url']}"]
            lines += [f"    format: {format_}"] if format_ else []
        config_file().parent.mkdir(parents=True, exist_ok=True)
        config_file().write_text("\n".join(lines) + "\n")
        assert program("forget", "v2").code == 0
        return Office(program, sandbox, way if way == "v2" else f"{way}{len(started)}")

    yield start
    for sandbox in started:
        sandbox.stop()


def _work(at: Office) -> None:
    """Browse, edit, tag, note, custom field, additional party, task and delete."""
    listed = at.run("list", "@/parties", "--all", "--format", "json").json
    person = next(each for each in listed if each["values"]["type"] == "person")
    company = next(each for each in listed if each["values"]["type"] == "organisation")
    ref = f"@/parties/{person['id']}"
    phone = at.do("show", ref)["values"]["phoneNumbers"][0]
    at.do("edit", ref, "jobTitle=Buyer", f"phoneNumbers.{phone['id']}.number=+44 20 7946 0999")
    at.do("edit", ref, "emailAddresses.+.address=new@example.com", "emailAddresses.+.type=Home")
    at.do("tag", ref, "+VIP", "+Made here")
    at.do("tag", ref, "-VIP")
    at.do("edit", ref, "Birthday=1980-02-29", "Membership/Level=partner", "Membership/Newsletter=yes")
    at.do("note", ref, "Rang; wants <b>the offer</b> & more")
    made = at.do(
        "new", "@/parties", "type=organisation", "name=Made Ltd", "about=Two\nlines", "tags=Made here",
        "Lead score=7", "addresses.+.street=1 High Street", "addresses.+.city=London",
        "addresses.+.country=United Kingdom", "websites.+.address=made.example", "websites.+.service=URL",
    )  # fmt: skip
    assert made["values"]["tags"] == ["Made here"]
    staff = at.do(
        "new", "@/parties", "type=person", "firstName=Ann", "lastName=Made", f"organisation={made['id']}"
    )
    sale = at.do(
        "new", "@/opportunities", "name=Made sale", f"party={made['id']}", "milestone=Bid", "value=1250.50",
        "currency=GBP", "expectedCloseOn=2027-01-31", f"parties.+.id={person['id']}",
    )  # fmt: skip
    at.do("edit", f"@/opportunities/{sale['id']}", f"parties.+.id={staff['id']}", "description=Twice")
    at.do("edit", f"@/opportunities/{sale['id']}", f"parties.{person['id']}=")
    case = at.do("new", "@/kases", "name=Made project", f"party={made['id']}", "status=OPEN")
    at.do("edit", f"@/kases/{case['id']}", "status=CLOSED")
    task = at.do("new", "@/tasks", "description=Call Ann", "dueOn=2026-12-24", f"party={staff['id']}")
    other = at.do("new", "@/tasks", "description=Call again", "dueOn=2026-12-25", f"opportunity={sale['id']}")
    assert at.do("edit", f"@/tasks/{task['id']}", "status=COMPLETED")["values"]["status"] == "COMPLETED"
    at.do("edit", f"@/tasks/{other['id']}", "status=COMPLETED")
    at.do("edit", f"@/tasks/{other['id']}", "status=OPEN", "detail=At nine")
    gone = at.do("new", "@/parties", "type=person", "lastName=Gone")
    assert at.run("delete", f"@/parties/{gone['id']}", "--yes").code == 0
    assert at.run("delete", f"@/parties/{company['id']}", "--yes").code == 0
    at.run("show", f"@/parties/{gone['id']}").failed(3, "no access")


def test_the_same_work_leaves_the_same_data(office: Callable[[str], Office]) -> None:
    states = {}
    for way in WAYS:
        at = office(way)
        before = at.state()
        _work(at)
        states[way] = at.state()
        assert states[way] != before
    for way in ("xml", "json"):
        for kind, records in states["v2"].items():
            assert states[way][kind] == records, (way, kind)


@pytest.mark.parametrize("way", WAYS)
def test_a_phone_is_changed_and_all_else_is_left_as_it_was(office: Callable[[str], Office], way: str) -> None:
    at = office(way)
    listed = at.run("list", "@/parties", "--all", "--format", "json").json
    party = next(each for each in listed if len(each["values"]["phoneNumbers"]) > 1)
    before = at.do("show", f"@/parties/{party['id']}")["values"]
    phone, *others = before["phoneNumbers"]
    edit = ("edit", f"@/parties/{party['id']}", f"phoneNumbers.{phone['id']}.number=+44 20 7946 0999")
    record, calls = at.asked(*edit)
    assert len(calls) == 2, calls
    changed = {**phone, "number": "+44 20 7946 0999"}
    for values in (record["values"], at.do("show", f"@/parties/{party['id']}")["values"]):
        assert values["phoneNumbers"] == [changed, *others]
        assert {n: v for n, v in values.items() if n not in ("phoneNumbers", "updatedAt")} == {
            n: v for n, v in before.items() if n not in ("phoneNumbers", "updatedAt")
        }
