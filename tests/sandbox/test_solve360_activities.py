"""Activities, reports and webhooks of the emulated Solve360."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from crmtui.sandbox.solve360 import signature

from .conftest import SolveClient, refused

Element = ElementTree.Element


def day(distance: int) -> str:
    return (datetime.now(UTC) + timedelta(days=distance)).date().isoformat()


@pytest.fixture
def contact(solve: SolveClient) -> str:
    return solve.post("/contacts/", "<lastname>Timely</lastname>").findtext("item/id") or ""


def create(solve: SolveClient, segment: str, parent: str, more: str = "", **data: str) -> str:
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in data.items())
    request = f"<parent>{parent}</parent><data>{fields}</data>{more}"
    return solve.post(f"/contacts/{segment}/", request).findtext("id") or ""


def activities(solve: SolveClient, contact: str) -> list[Element]:
    return [*(solve.get(f"/contacts/{contact}").find("activities") or [])]


def ids(solve: SolveClient, contact: str) -> list[str]:
    return [each.findtext("id", "") for each in activities(solve, contact)]


def test_an_activity_stands_in_its_record(solve: SolveClient, contact: str) -> None:
    number = create(solve, "note", contact, details="One &lt;br /&gt;two &amp;amp; three")
    (note,) = activities(solve, contact)
    told = {child.tag: child.text for child in note}
    assert note.tag == f"id{number}"
    assert [*told] == [
        "id", "typeid", "name", "creatorid", "parent", "flagged", "level", "position",
        "created", "updated", "viewed", "fields",
    ]  # fmt: skip
    assert (told["typeid"], told["name"], told["parent"]) == ("3", "One <br />two &amp; three", contact)
    assert note.findtext("fields/details") == "One <br />two &amp; three"


def test_the_newest_comes_first_and_what_hangs_under_it_follows(solve: SolveClient, contact: str) -> None:
    tasks = create(solve, "tasklist", contact, name="Launch")
    first = create(solve, "task", tasks, title="First")
    note = create(solve, "note", contact, details="x")
    hours = create(solve, "timerecord", first, hours="1.5", date="2026-01-05", person="299432", billable="1")
    second = create(solve, "task", tasks, more=f"<after>{first}</after>", title="Second")
    third = create(solve, "task", tasks, more=f"<before>{second}</before>", title="Third")
    assert ids(solve, contact) == [note, tasks, first, hours, third, second]
    levels = [each.findtext("level") for each in activities(solve, contact)]
    assert levels == ["0", "0", "1", "2", "1", "1"]
    person = activities(solve, contact)[3].find("fields/person")
    assert person is not None
    assert person.get("cn") == "Markus Weiß"


def test_an_activity_is_edited_completed_moved_and_deleted(solve: SolveClient, contact: str) -> None:
    task = create(solve, "task", contact, title="Call back", duedate="2026-02-03 10:00:00", priority="2")
    answer = solve.put(f"/contacts/task/{task}/", "<data><completed>1</completed></data>")
    assert [child.tag for child in answer] == ["status"]
    fields = activities(solve, contact)[0].find("fields")
    assert fields is not None
    assert {"completed": "1", "completedby": "299430"}.items() <= {
        each.tag: each.text for each in fields
    }.items()
    assert fields.findtext("duedate") == "2026-02-03T00:00:00+00:00"
    solve.put(f"/contacts/task/{task}", "<data><completed>0</completed><title>Again</title></data>")
    fields = activities(solve, contact)[0].find("fields")
    assert fields is not None
    assert [each.tag for each in fields] == ["title", "duedate", "priority"]
    other = solve.post("/contacts/", "<lastname>Other</lastname>").findtext("item/id") or ""
    comment = create(solve, "comment", task, details="so")
    solve.put(f"/contacts/task/{task}", f"<parent>{other}</parent>")
    assert (ids(solve, contact), ids(solve, other)) == ([], [task, comment])
    # The service does not look whether the segment fits.
    solve.done(solve.http.delete(f"/contacts/note/{task}/"))
    assert ids(solve, other) == []
    assert refused(solve.http.delete(f"/contacts/task/{task}"), 404)


@pytest.mark.parametrize(
    ("segment", "request_body", "status", "key"),
    [
        ("note", "<parent>1</parent><data/>", 404, "itemisnotfound"),
        ("note", "<data><details>x</details></data>", 400, "parent"),
        ("note", "<parent>479038</parent><data><title>x</title></data>", 400, "incorrectfield"),
        ("note", "<parent>479038</parent><details>x</details>", 400, "incorrectfield"),
        ("note", "<parent>10960104</parent><data/>", 404, "itemisnotfound"),
        ("task", "<parent>479038</parent><data><completedon>x</completedon></data>", 400, "incorrectfield"),
        ("opportunity", "<parent>479038</parent><data><status>Maybe</status></data>", 400, "status"),
        ("note", "<parent>479038</parent><before>1</before>", 400, "before"),
        ("template", "<parent>479038</parent><data><templateid>1</templateid></data>", 400, "templateid"),
    ],
)
def test_what_is_wrong_with_an_activity_is_said(
    solve: SolveClient, segment: str, request_body: str, status: int, key: str
) -> None:
    response = solve.http.post(f"/contacts/{segment}/", content=f"<request>{request_body}</request>")
    assert [*refused(response, status)] == [key]


def test_an_activity_cannot_hang_under_itself(solve: SolveClient, contact: str) -> None:
    tasks = create(solve, "tasklist", contact, name="Loop")
    task = create(solve, "task", tasks, title="x")
    request = f"<request><parent>{task}</parent></request>"
    assert refused(solve.http.put(f"/contacts/tasklist/{tasks}", content=request), 400)
    assert ids(solve, contact) == [tasks, task]


def test_line_ends_between_tags_are_no_values(solve: SolveClient, contact: str) -> None:
    request = f"\n<parent>{contact}</parent>\n<data>\n</data>\n"
    assert solve.post("/contacts/note/", request).findtext("parent") == contact


def test_forms_make_activities_too(solve: SolveClient, contact: str) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = f"parent={contact}&data[details]=Hi&data[duration]=%3F"
    solve.done(solve.http.post("/contacts/call/", content=body, headers=form), 201)
    assert activities(solve, contact)[0].findtext("fields/duration") == "?"


def test_a_template_costs_a_call_for_each_activity_more(solve: SolveClient, contact: str) -> None:
    used = solve.used(solve.http.get("/ownership/"))
    request = f"<request><parent>{contact}</parent><data><templateid>501</templateid></data></request>"
    response = solve.http.post("/contacts/template/", content=request)
    assert solve.used(response) == used + 4
    assert [each.findtext("name") for each in activities(solve, contact)] == [
        "Send welcome pack",
        "Call after a week",
        "Ask for a reference",
    ]
    assert solve.done(response, 201).findtext("id") == ids(solve, contact)[0]


def test_seeded_diaries_have_every_type_and_a_place_for_each(solve: SolveClient) -> None:
    shown = solve.get("/companies/10960104")
    entries = [*(shown.find("activities") or [])]
    known = {"10960104"}
    for entry in entries:
        assert entry.findtext("parent") in known
        known.add(entry.findtext("id", ""))
    types = {entry.findtext("typeid") for entry in entries}
    assert {"3", "4", "6", "14", "15", "22", "23", "24", "32", "61", "73", "88", "90", "204"} <= types


def test_time_records_have_the_documents_members(solve: SolveClient) -> None:
    answer = solve.get("/report/timetracking/", start=day(-7), end=day(0))
    records = answer.findall("timerecords/timerecord")
    assert [child.tag for child in records[0]] == [
        "id", "type", "itemid", "itemtype", "tasklistid", "taskid", "owner", "created", "billable", "person",
        "hours", "date", "invoiced", "details", "itemname", "tasklistname", "taskname",
    ]  # fmt: skip
    days = {record.findtext("date", "")[:10] for record in records}
    assert day(-7) <= min(days) <= max(days) <= day(0)
    billable = solve.get("/report/timetracking/", filter="billable").findall("timerecords/timerecord")
    assert {record.findtext("billable") for record in billable} == {"1"}


def test_opportunities_are_flat_and_filtered(solve: SolveClient) -> None:
    def found(**given: object) -> list[Element]:
        return solve.get("/report/opportunities/", **given).findall("opportunities/opportunity")

    everything = found()
    first = everything[0]
    responsible = first.find("responsible")
    assert responsible is not None
    assert (responsible.text, responsible.get("cn")) == ("299430", "John Smith")
    assert len(first.findtext("closingdate", "")) == len("2026-01-01")
    won = found(status="won")
    assert {each.findtext("status") for each in won} == {"Won"}
    mine = found(filter="299430", due=f"{day(0)},{day(400)}")
    assert 0 < len(mine) < len(everything)
    assert all(each.findtext("closingdate", "") >= day(0) for each in mine)
    assert refused(solve.http.get("/report/opportunities/?status=maybe"), 400)


def test_activities_need_their_types(solve: SolveClient, contact: str) -> None:
    note = create(solve, "note", contact, details="Fresh")
    path = "/report/activities/"
    assert solve.get(path, last="created").findall("activities/activity") == []
    found = solve.get(path, last="created", types="3,73", start=day(0), end=day(0))
    newest = found.findall("activities/activity")[0]
    told = {child.tag: child.text for child in newest}
    assert {"id": note, "itemid": contact, "itemname": "Timely", "parenttypeid": "1"}.items() <= told.items()
    with_data = solve.get(path, types="3", itemsdata=1, start=day(0)).find("activities/activity/item")
    assert with_data is not None
    assert refused(solve.http.get(f"{path}?types=3&categories=123502088"), 400)
    tagged = solve.get(path, types="3", categories="123502089", itemtypes="1")
    assert {each.findtext("itemtype") for each in tagged.findall("activities/activity")} == {"1"}


def test_what_is_due(solve: SolveClient, contact: str) -> None:
    number = create(solve, "task", contact, title="Overdue", duedate=day(-1), assignedto="299431")

    def due(report: str, **given: object) -> list[str | None]:
        return solve_ids(solve.get(f"/report/{report}/", **given))

    assert number in due("nextactions", due="now", filter="299431")
    assert number not in due("nextactions", due="now", filter="299432")
    assert number not in due("nextactions", due="next7")
    assert number in due("nextactions", due=f"{day(-1)},{day(0)}")
    solve.put(f"/contacts/task/{number}", "<data><completed>1</completed></data>")
    assert number not in due("nextactions")
    undated = create(solve, "followup", contact, details="Some day", nodate="1")
    assert undated in due("followups", due="nodate", responsible="0")
    times = {"timestart": f"{day(3)} 10:00:00", "timeend": f"{day(3)} 11:00:00"}
    event = create(solve, "event", contact, title="Demo", attendees="299431,299432", **times)
    assert event in due("calendar", start=day(3), end=day(3))
    assert event in due("calendar", start=day(3), end=day(3), filter="299435,299432")
    assert event not in due("calendar", start=day(3), end=day(3), filter="0")
    assert event not in due("calendar", start=day(4), end=day(9))


def solve_ids(answer: Element) -> list[str | None]:
    return [each.findtext("id") for each in answer[0]]


def test_hooks(solve: SolveClient) -> None:
    request = (
        "<type>web</type><title>A New Webhook</title><active>0</active><event>items.categorize</event>"
        "<constrainttype>contact</constrainttype><url>http://yourdomain.com/app/endpoint.php</url>"
        "<contenttype>xml</contenttype><secret>somethinghere</secret>"
    )
    made = solve.post("/hooks/", request)
    told = {child.tag: child.text for child in made}
    assert [*told] == [
        "active", "type", "event", "title", "url", "contenttype", "secret", "constrainttype", "id", "status",
    ]  # fmt: skip
    assert told["event"] == "items.categorize"
    as_json = {"Accept": "application/json"}
    other = solve.http.post("/hooks/", content=f"<request>{request}</request>", headers=as_json).json()
    assert other["hook"]["id"] != told["id"]
    assert refused(solve.http.get("/hooks/"), 404)
    solve.done(solve.http.delete(f"/hooks/{told['id']}/"))
    assert refused(solve.http.delete(f"/hooks/{told['id']}/"), 404)
    wrong = request.replace("items.categorize", "items.read").replace("http:", "ftp:")
    assert {*refused(solve.http.post("/hooks/", content=f"<request>{wrong}</request>"), 400)} == {
        "event",
        "url",
    }


def test_deliveries_are_signed_with_the_hexadecimal_hmac() -> None:
    # RFC 4231, test case 2.
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert signature("Jefe", b"what do ya want for nothing?") == expected
