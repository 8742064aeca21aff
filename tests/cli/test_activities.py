"""Activities and notes by commands, against Solve360's sandbox."""

from typing import Any

import pytest

from tests.cli.conftest import Acme, Ran
from tests.cli.test_solve360 import Begin, begin, configure, only
from tests.proxy import Fault, Proxy

__all__ = ["begin"]  # the fixture

HOSTILE = "-R&D <b>5 < 6</b>\nline [/] \x9b31m two\n\nlast &lt;"


@pytest.fixture
def acme(begin: Begin) -> Acme:
    return begin(records=5)


def ann(acme: Acme) -> str:
    """A contact with activities of every type."""
    return str(only(acme("list", "acme/contacts", "businessemail=ann.lee@acme.example"))["id"])


def place(id_: str) -> tuple[str, str]:
    return "itemtype=contacts", f"itemid={id_}"


def related(acme: Acme, id_: str, kind: str = "contacts") -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = only(acme("show", f"acme/{kind}/{id_}", "--related"))["related"]
    return found


def test_one_call_brings_everything_that_hangs_on_a_record(acme: Acme) -> None:
    id_ = ann(acme)
    acme("show", f"acme/contacts/{id_}")
    ran, calls = acme.calls("show", f"acme/contacts/{id_}", "--related")
    assert calls == [f"GET /contacts/{id_}"]
    found = only(ran)["related"]
    assert {
        "note",
        "task",
        "event",
        "call",
        "followup",
        "opportunity",
        "tasklist",
        "activity",
    } <= found.keys()
    assert "template" not in found
    lists = {each["id"] for each in found["tasklist"]}
    assert {each["values"]["parent"] for each in found["task"]} == lists
    assert all(each["values"]["itemid"] == id_ for each in found["note"])
    assert {each["values"]["typeid"] for each in found["activity"]} > {"204", "205"}
    assert "activities" not in only(ran)["values"]


@pytest.mark.parametrize("kind", ["companies", "projectblogs", "tickets"])
def test_other_kinds_have_activities_too(acme: Acme, kind: str) -> None:
    found = related(acme, acme.first_id(kind), kind)
    assert all(len(found[each]) >= 1 for each in ("note", "task", "photo", "linkedemails"))


def test_a_note_is_typed_as_plain_text_and_comes_back_as_it_was_typed(acme: Acme) -> None:
    id_ = ann(acme)
    ran, calls = acme.calls("note", f"acme/contacts/{id_}", "--", HOSTILE)
    note = only(ran)
    assert calls == ["POST /contacts/note/"]
    assert note["values"]["details"] == HOSTILE.replace("\x9b", "")
    assert (note["kind"], note["title"]) == ("note", "-R&D <b>5 < 6</b>")
    body = acme.served.sent("POST")[-1].body.decode()
    assert "-R&amp;amp;D &amp;lt;b&amp;gt;" in body
    assert "&lt;br /&gt;line" in body
    shown = next(each for each in related(acme, id_)["note"] if each["id"] == note["id"])
    assert shown["values"]["details"] == note["values"]["details"]
    again = only(acme("edit", f"acme/note/{note['id']}", "details=Short\nand sweet"))
    assert again["values"]["details"] == "Short\nand sweet"
    assert acme("undo", "acme").code == 0
    assert only(acme("show", f"acme/note/{note['id']}"))["values"]["details"] == note["values"]["details"]


def test_a_note_that_is_not_sent(acme: Acme) -> None:
    id_ = ann(acme)
    ran = acme("note", f"acme/contacts/{id_}", "a\nb", "--dry-run")
    assert "<details>a&lt;br /&gt;b</details>" in ran.out
    assert ran.out.endswith("1 call\n")
    acme("note", f"acme/contacts/{id_}", "  ").failed(6, "no text")
    acme("note", "acme/contacts", "x").failed(2, "")
    acme("note", "acme/task/5", "x").failed(6, "keeps no notes on tasks")
    acme("note", f"acme/contacts/{id_}", "-x").failed(2, "")
    acme("note", "acme/contacts/9", "x").failed(3, "Item is not found")
    assert [request.path for request in acme.served.sent("POST")] == ["/contacts/note/"]


@pytest.mark.parametrize(("put", "reply"), [("status", "full"), ("item", "id")])
def test_made_completed_moved_taken_back_and_deleted(begin: Begin, put: str, reply: str) -> None:
    acme = begin(records=5, PUT=put, ACTIVITY_REPLY=reply)
    id_ = ann(acme)
    plan = only(acme("new", "acme/tasklist", *place(id_), "name=Plan"))["id"]
    task = only(acme("new", "acme/task", *place(id_), f"parent={plan}", "title=Ring", "duedate=2026-03-01"))
    target = f"acme/task/{task['id']}"
    ran, calls = acme.calls("edit", target, "completed=yes", "assignedto=John Smith")
    assert only(ran)["values"]["completed"] is True
    assert calls == [f"GET /contacts/{id_}", f"PUT /contacts/task/{task['id']}/"]
    shown = only(acme("show", target))
    assert (shown["labels"]["parent"], shown["labels"]["completedby"]) == ("Plan", "John Smith")
    assert only(acme("edit", target, "completed=no"))["values"].get("completed") in (False, None)
    assert only(acme("edit", target, f"parent={id_}"))["values"]["parent"] == id_
    assert acme("undo", "acme").code == 0
    assert only(acme("show", target))["values"]["parent"] == plan
    assert acme("delete", f"acme/tasklist/{plan}", "--yes").code == 0
    acme("show", target).failed(3, "show acme/contacts/ID --related")
    assert acme("undo", "acme").code == 0
    assert related(acme, id_)["tasklist"][0]["title"] == "Plan"


def test_an_activity_is_moved_to_another_record_and_found_there(acme: Acme) -> None:
    id_ = ann(acme)
    other = next(row["id"] for row in acme("list", "acme/contacts").lines if row["id"] != id_)
    task = only(acme("new", "acme/task", *place(id_), "title=Ring"))["id"]
    assert only(acme("edit", f"acme/task/{task}", f"itemid={other}"))["values"]["itemid"] == other
    assert only(acme("show", f"acme/task/{task}"))["values"]["parent"] == other
    assert task in {each["id"] for each in related(acme, other)["task"]}
    assert task not in {each["id"] for each in related(acme, id_)["task"]}


def test_what_is_gone_from_a_record_leaves_the_mirror(acme: Acme) -> None:
    id_ = ann(acme)
    note, *others = related(acme, id_)["note"]
    assert acme("delete", f"acme/note/{note['id']}", "--yes").code == 0
    held = acme("list", "acme/note", f"itemid={id_}", "--offline").lines
    assert [each["id"] for each in held] == [each["id"] for each in others]
    assert acme("delete", f"acme/contacts/{id_}", "--yes").code == 0
    assert acme("list", "acme/note", f"itemid={id_}", "--offline").lines == []
    assert acme("list", "acme/task", f"itemid={id_}", "--offline").lines == []


def test_somebody_else_changed_it_too(acme: Acme) -> None:
    id_ = ann(acme)
    task = related(acme, id_)["task"][0]
    [mine] = [each for each in acme.mirror.all("task") if each.ref.id == task["id"]]
    assert only(acme("edit", f"acme/task/{task['id']}", "title=Theirs"))["values"]["title"] == "Theirs"
    acme.mirror.upsert([mine])
    acme("edit", f"acme/task/{task['id']}", "title=Mine").failed(7, "Theirs")
    assert only(acme("edit", f"acme/task/{task['id']}", "title=Mine"))["title"] == "Mine"


def test_several_of_one_record_are_looked_at_by_one_call(acme: Acme) -> None:
    id_ = ann(acme)
    ids = [each["id"] for each in related(acme, id_)["task"]]
    acme("fields", "acme/task")
    before = len(acme.served.requests)
    assert len(acme("edit", f"acme/task/{','.join(ids)}", "priority=2").lines) == len(ids)
    paths = [f"{request.method} {request.path}" for request in acme.served.requests[before:]]
    assert paths.count(f"GET /contacts/{id_}") == 1


def unanswered(acme: Acme, method: bytes, *arguments: str) -> Ran:
    """A command whose write reaches the service, and whose answer is lost."""
    with Proxy(acme.served.connection.url) as proxy:
        proxy.fault_of = lambda asked: Fault(cut_response=0) if asked.startswith(method) else Fault()
        configure(proxy.url)
        ran = acme(*arguments)
    configure(acme.served.connection.url)
    return ran


def test_an_unanswered_creation_is_settled_by_its_twin(acme: Acme) -> None:
    id_ = ann(acme)
    before = len(related(acme, id_)["note"])
    unanswered(acme, b"POST", "note", f"acme/contacts/{id_}", f"  {HOSTILE} ").failed(9, "outbox")
    ran, calls = acme.calls("outbox", "send", "acme")
    assert ran.code == 0, ran
    assert calls == [f"GET /contacts/{id_}"]
    assert acme("outbox", "list").lines == []
    assert len(related(acme, id_)["note"]) == before + 1


def test_unanswered_edits_and_deletions_are_settled_by_reading_the_record(acme: Acme) -> None:
    id_ = ann(acme)
    task = related(acme, id_)["task"][0]["id"]
    unanswered(acme, b"PUT", "edit", f"acme/task/{task}", "title=Another").failed(9, "outbox")
    assert acme("outbox", "send", "acme").code == 0
    unanswered(acme, b"DELETE", "delete", f"acme/task/{task}", "--yes").failed(9, "outbox")
    assert acme("outbox", "send", "acme").code == 0
    assert len(acme.served.sent("PUT", "DELETE")) == 2
    assert [row["state"] for row in acme("log", "acme", "--writes").lines] == ["done", "done"]


def test_a_template_costs_what_it_makes(acme: Acme) -> None:
    id_ = ann(acme)
    ran = acme("new", "acme/template", *place(id_), "templateid=501", "--dry-run")
    assert ran.out.endswith("1 call and one per activity\n")
    used = acme("quota", "acme").lines[0]["used"]
    made = only(acme("new", "acme/template", *place(id_), "templateid=501"))
    assert (made["title"], made["values"]["templateid"]) == ("template 501", "501")
    assert acme("quota", "acme").lines[0]["used"] == used + 4
    titles = {each["title"] for each in related(acme, id_)["task"]}
    assert {"Send welcome pack", "Call after a week", "Ask for a reference"} <= titles
    acme("undo", "acme").failed(6, "cannot be undone")
    acme("new", "acme/template", *place(id_), "templateid=9").failed(6, "templateid")


def test_whether_a_template_was_inserted_a_person_decides(acme: Acme) -> None:
    id_ = ann(acme)
    insert = ("new", "acme/template", *place(id_), "templateid=502")
    unanswered(acme, b"POST", *insert).failed(9, "outbox")
    acme("outbox", "send", "acme").failed(9, "does not tell")
    assert len(acme.served.sent("POST")) == 1
    [write] = acme("outbox", "list").lines
    assert acme("outbox", "drop", "acme", write["id"], "--yes").code == 0


def test_what_cannot_be_had_says_what_to_do(acme: Acme) -> None:
    id_ = ann(acme)
    acme("show", "acme/task/9").failed(3, "crmtui show acme/contacts/ID --related")
    acme("list", "acme/task").failed(2, "itemtype=contacts itemid=ID")
    acme("list", "acme/task", "itemtype=contacts", "itemid=9").failed(3, "does not exist")
    assert len(acme("list", "acme/task", *place(id_)).lines) == 3, "no other record is closed by that"
    other = only(acme("list", "acme/activity", *place(id_), "name~XR-"))
    acme("edit", f"acme/activity/{other['id']}", "account=1").failed(6, "read-only")
    acme("delete", f"acme/activity/{other['id']}", "--yes").failed(6, "lets nobody delete")
    acme("new", "acme/note", "details=x").failed(6, "itemid is required")
    acme("new", "acme/note", "itemtype=users", "itemid=1").failed(6, "itemtype")


def test_a_type_without_fields_has_those_that_are_known(acme: Acme) -> None:
    names = [field["name"] for field in acme("fields", "acme/activity").lines]
    assert {"name", "parent", "itemtype", "itemid"} <= set(names)
    told = {field["name"]: field for field in acme("fields", "acme/opportunity").lines}
    assert told["custom890001"]["label"] == "Next step"
    assert [choice["value"] for choice in told["status"]["choices"]][:2] == ["Discussion", "Pending"]


def test_notes_are_found_offline_and_kinds_say_who_takes_them(acme: Acme) -> None:
    id_ = ann(acme)
    acme("note", f"acme/contacts/{id_}", "Prefers the zeppelin")
    assert [row["kind"] for row in acme("search", "acme", "zeppelin").lines] == ["note"]
    takes = {kind["name"] for kind in acme("kinds", "acme").lines if kind["can"]["notes"]}
    assert takes == {"contacts", "companies", "projectblogs", "tickets"}
