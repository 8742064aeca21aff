"""API v1 of the emulated Capsule beneath a record: tags, fields, history, tasks, additional parties."""

import re
from datetime import datetime
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from .conftest import V1Client, display_name
from .test_capsule_v1 import DECLARATION, message, tags, texts

SORTS = ("party", "opportunity", "kase")


def made(v1: V1Client, sort: str = "party") -> str:
    """The path of a new record."""
    party = v1.post("/organisation", f"<organisation><name>Host of {sort}</name></organisation>")
    if sort == "opportunity":
        return v1.post(
            f"{party}/opportunity", "<opportunity><name>D</name><milestone>New</milestone></opportunity>"
        )
    return party if sort == "party" else v1.post(f"{party}/kase", "<kase><name>K</name></kase>")


def field(label: str, value: str, tag: str = "") -> str:
    """A custom field as the recorded clients send it."""
    named = f"<tag>{tag}</tag>" if tag else '<tag nil="true"/>'
    return f"<customField><label>{label}</label>{value}{named}</customField>"


def fields(answer: ElementTree.Element) -> dict[str | None, tuple[str, str | None]]:
    """Per label the element of the value and its text."""
    assert (answer.tag, answer.get("size")) == ("customFields", str(len(answer)))
    return {each.findtext("label"): (each[-1].tag, each[-1].text) for each in answer}


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("name", ["Brand new", "R&D/Ä 100% [x]?"])
def test_a_tag_is_201_once_and_200_with_all_tags_after(v1: V1Client, sort: str, name: str) -> None:
    place = made(v1, sort)
    path = f"{place}/tag/{quote(name, safe='')}"
    assert v1.http.get(f"{place}/tag").text == f'{DECLARATION}<tags size="0"/>'
    first = v1.http.post(path, content="<tags><tag><name>ignored</name></tag></tags>")
    assert (first.status_code, first.content) == (201, b"")
    assert first.headers["location"] == f"{v1.url}/api{path}"
    stamp = v1.get(place).findtext("updatedOn")
    second = v1.root(v1.http.post(path))
    assert (second.tag, second.get("size"), tags(second[0])) == ("tags", "1", ["id", "name"])
    assert v1.get(place).findtext("updatedOn") == stamp
    assert texts(v1.get(f"{place}/tag"), "tag/name") == [name]
    v1.done("DELETE", path)
    assert message(v1.http.delete(path), 404) == "tag not found"
    assert v1.get(f"{place}/tag").get("size") == "0"


def test_the_definitions_tell_types_patterns_and_options(v1: V1Client) -> None:
    known = {each.findtext("label"): each for each in v1.get("/party/customfield/definitions")}
    assert {each.findtext("type") for each in known.values()} == {"Text", "Date", "List", "Boolean", "Number"}
    assert known["NI Number"].findtext("options") == "^[A-Z]{2}[0-9]{6}[A-D]$"
    assert known["Level"].findtext("options") == "supporter;partner;sponsor"
    assert tags(known["Level"]) == ["id", "tag", "label", "type", "options"]
    assert tags(known["Birthday"]) == ["id", "label", "type"]
    assert v1.get("/kase/customfield/definitions").find("customFieldDefinition/label") is not None


def test_fields_are_merged_by_tag_and_label(v1: V1Client) -> None:
    place = made(v1)
    path = f"{place}/customfields"
    level = field("Level", "<text>supporter</text>", "Membership")
    answer = v1.put(path, f"<customFields>{level}</customFields>")
    assert tags(answer[0]) == ["id", "tag", "label", "text"]
    number = answer.findtext("customField/id")
    joined = field("Joined", '<text nil="true"/><date type="date">2015-01-01</date>', "Membership")
    letter = field("Newsletter", '<boolean type="boolean">true</boolean>', "Membership")
    score = field("Lead score", "<number>41.50</number>")
    answer = v1.put(path, f"<customFields>{joined}{letter}{score}</customFields>")
    assert fields(answer) == {
        "Level": ("text", "supporter"),
        "Joined": ("date", "2015-01-01T00:00:00Z"),
        "Newsletter": ("boolean", "true"),
        "Lead score": ("number", "41.50"),
    }
    assert ElementTree.tostring(v1.get(f"{place}/customfield")) == ElementTree.tostring(answer)
    # A row keeps its id; the box that is not ticked goes with the text of another type.
    partner = field("Level", '<text>partner</text><boolean type="boolean">false</boolean>', "Membership")
    answer = v1.put(path, f"<customFields>{partner}</customFields>")
    assert (answer.findtext("customField/id"), fields(answer)["Level"]) == (number, ("text", "partner"))
    assert v1.get(f"{place}/tag").get("size") == "0"


def test_what_the_account_does_not_know_is_passed_over(v1: V1Client) -> None:
    path = f"{made(v1)}/customfields"
    unknown = [
        field("Shoe size", "<text>42</text>"),
        field("Level", "<text>partner</text>"),
        field("Birthday", "<date>2000-01-01</date>"),  # people have one
        field("Lead score", "<number>1</number>", "Membership"),
    ]
    assert v1.put(path, f"<customFields>{''.join(unknown)}</customFields>").get("size") == "0"


@pytest.mark.parametrize(
    "value",
    ['<boolean type="boolean">false</boolean>', "<boolean/>", '<boolean nil="true"/><text nil="true"/>', ""],
)
def test_a_box_that_is_not_ticked_is_not_listed(v1: V1Client, value: str) -> None:
    path = f"{made(v1)}/customfields"
    ticked = field("Newsletter", "<boolean>true</boolean>", "Membership")
    assert v1.put(path, f"<customFields>{ticked}</customFields>").get("size") == "1"
    cleared = v1.http.put(
        path, content=f"<customFields>{field('Newsletter', value, 'Membership')}</customFields>"
    )
    assert cleared.text == f'{DECLARATION}<customFields size="0"/>'


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (field("Level", "<text>emperor</text>", "Membership"), 400),
        (field("Joined", "<date>soon</date>", "Membership"), 500),
        (field("Joined", "<text>2015-01-01</text>", "Membership"), 500),
        (field("Newsletter", "<boolean>maybe</boolean>", "Membership"), 500),
        (field("Lead score", "<number>many</number>"), 500),
        (field("Level", "<value>supporter</value>", "Membership"), 500),
    ],
)
def test_values_that_a_field_cannot_have(v1: V1Client, body: str, status: int) -> None:
    place = made(v1)
    response = v1.http.put(f"{place}/customfields", content=f"<customFields>{body}</customFields>")
    assert message(response, status)
    assert v1.get(f"{place}/customfields").get("size") == "0"


def test_the_first_verbs_of_custom_fields(v1: V1Client) -> None:
    place = made(v1, "kase")
    row = v1.post(f"{place}/customfield", field("Priority", "<text>High</text>"))
    assert re.fullmatch(rf"{place}/customfield/\d+", row)
    assert fields(v1.put(row, "<customField><text>Low</text></customField>")) == {"Priority": ("text", "Low")}
    v1.done("DELETE", row)
    assert message(v1.http.delete(row), 404) == "custom field not found"
    assert message(v1.http.put("/party/1/customfields", content="<customFields/>"), 404) == "party not found"


@pytest.mark.parametrize("sort", SORTS)
def test_notes_are_added_changed_and_deleted(v1: V1Client, sort: str) -> None:
    place = made(v1, sort)
    assert v1.http.get(f"{place}/history").text == f'{DECLARATION}<history size="0"/>'
    text = "Lorem ipsum dolor sit amet, consectetur adipiscing elit. Nulla mollis ullamcorper vehicula."
    first = v1.post(f"{place}/history", f"<historyItem><note>{text}</note></historyItem>")
    assert re.fullmatch(rf"{place}/history/\d+", first)
    old = v1.post(
        f"{place}/history",
        "<historyItem><note>Old</note><entryDate>2009-09-11T17:07:49+01:00</entryDate></historyItem>",
    )
    history = v1.get(f"{place}/history")
    assert (history.get("size"), texts(history, "historyItem/note")) == ("2", [text, "Old"])
    item = history[0]
    word = "case" if sort == "kase" else sort
    assert tags(item)[:9] == [
        "id", "type", "entryDate", "creator", "creatorName", "subject", "note", f"{word}Id", f"{word}Name",
    ]  # fmt: skip
    assert (item.findtext("type"), item.findtext("creator")) == ("Note", "ted")
    assert item.findtext("subject") == f"{text[:75]}..."
    assert v1.get(old).findtext("entryDate") == "2009-09-11T16:07:49Z"
    number = first.rpartition("/")[2]
    assert (
        v1.put(f"/history/{number}", "<historyItem><note>Shorter</note></historyItem>").findtext("note")
        == "Shorter"
    )
    assert v1.get(first).findtext("note") == "Shorter"
    v1.done("DELETE", first)
    assert message(v1.http.get(f"/history/{number}"), 404) == "entry not found"
    assert message(v1.http.post(f"{place}/history", content="<historyItem/>"), 400) == "content is required"
    other = made(v1, sort)
    assert message(v1.http.get(f"{other}/history/{old.rpartition('/')[2]}"), 404) == "entry not found"


@pytest.mark.parametrize("sort", SORTS)
def test_tasks_of_a_record(v1: V1Client, sort: str) -> None:
    place = made(v1, sort)
    task = v1.post(
        f"{place}/task",
        "<task><description>Ring</description><category>Call</category><detail>Twice</detail>"
        '<dueDateTime type="datetime">2013-09-14T09:00:00+01:00</dueDateTime><owner>ted</owner></task>',
    )
    assert re.fullmatch(r"/task/\d+", task)
    answer = v1.get(f"{place}/tasks")
    word = "case" if sort == "kase" else sort
    assert tags(answer[0]) == [
        "id", "description", "detail", "category", "dueDateTime", "owner", f"{word}Id", f"{word}Name",
        "status", "createdOn", "updatedOn",
    ]  # fmt: skip
    assert answer.findtext("task/dueDateTime") == "2013-09-14T08:00:00Z"
    v1.done("POST", f"{task}/complete")
    assert v1.get(f"{place}/tasks").get("size") == "0"
    done = v1.get(f"{place}/tasks", status="COMPLETED")[0]
    assert tags(done).index("completedOn") == tags(done).index("status") + 1
    assert datetime.fromisoformat(done.findtext("completedOn", ""))
    v1.done("POST", f"{task}/reopen")
    assert (v1.get(task).findtext("status"), v1.get(task).find("completedOn")) == ("OPEN", None)


def test_tasks_by_themselves(v1: V1Client) -> None:
    task = v1.post("/task", "<task><description>File</description><dueDate>2031-05-06</dueDate></task>")
    answer = v1.get(task)
    assert (answer.findtext("dueDate"), answer.findtext("owner")) == ("2031-05-06T00:00:00Z", "ted")
    assert answer.find("dueDateTime") is None
    timed = v1.put(
        task, "<task><dueDateTime>2031-01-06T10:15:00Z</dueDateTime><category>Meeting</category></task>"
    )
    assert (timed.findtext("dueDateTime"), timed.find("dueDate")) == ("2031-01-06T10:15:00Z", None)
    untimed = v1.put(task, "<task><dueDate>2031-01-07</dueDate><category/></task>")
    assert (untimed.findtext("dueDate"), untimed.find("category")) == ("2031-01-07T00:00:00Z", None)
    v1.put(task, "<task><category>Billing [/] &amp; co</category><owner>ken.yamamoto</owner></task>")
    found = v1.get("/tasks", category="Billing [/] & co", user="ken.yamamoto", limit=500)
    assert "File" in texts(found, "task/description")
    assert {*texts(found, "task/owner")} == {"ken.yamamoto"}
    assert "status" in message(v1.http.get("/tasks", params={"status": "HALF"}), 400)
    assert message(v1.http.post("/task", content="<task><dueDate>2031-01-01</dueDate></task>"), 400)
    v1.done("DELETE", task)
    assert message(v1.http.post(f"{task}/complete"), 404) == "task not found"


@pytest.mark.parametrize("sort", ["opportunity", "kase"])
def test_additional_parties(v1: V1Client, sort: str) -> None:
    deal, guest = made(v1, sort), v1.post("/person", "<person><lastName>Guest</lastName></person>")
    assert v1.http.get(f"{deal}/party").text == f'{DECLARATION}<parties size="0"/>'
    v1.done("POST", f"{deal}{guest}")
    assert [display_name(party) for party in v1.get(f"{deal}/party")] == ["Guest"]
    assert "already" in message(v1.http.post(f"{deal}{guest}"), 400)
    v1.done("DELETE", f"{deal}{guest}")
    assert message(v1.http.delete(f"{deal}{guest}"), 404) == "party not found"
    assert message(v1.http.post(f"{deal}/party/1"), 404) == "party not found"
    main = f"/party/{v1.get(deal).findtext('partyId')}"
    assert "already" in message(v1.http.post(f"{deal}{main}"), 400)
