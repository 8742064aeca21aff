"""Writes of Capsule v1: their requests in both formats, and what their answers tell."""

import base64
from typing import Any

import pytest

from crmtui.model.errors import AuthFailed, Invalid, NotFound, RateLimited, Unavailable
from crmtui.model.record import Part, Record, Ref
from crmtui.model.write import Op

from .capsule_v1 import FORMATS, adapter, calls, document, lines, read, ref

PERSON: dict[str, Any] = {
    "type": "person",
    "firstName": "Turk",
    "phoneNumbers": [{"id": "1", "type": "Work", "number": "+44 1"}, {"id": "2", "number": "+44 2"}],
    "addresses": [{"id": "3", "city": "Perth"}],
    "tags": ["VIP"],
}


@pytest.mark.parametrize("format_", FORMATS)
def test_one_phone_is_changed_one_added_one_removed(format_: str) -> None:
    rows = [{"id": "1", "type": "Work", "number": "+44 9"}, {"type": "Fax", "number": "+44 5"}]
    made = calls(Op.EDIT, ref("parties", "7"), {"phoneNumbers": rows, "firstName": None}, PERSON, format_)
    assert lines(made) == ["PUT /api/person/7", "DELETE /api/party/7/contact/2", "GET /api/party/7"]
    assert document(made[0]) == {
        "person": {
            "firstName": None,
            "contacts": {
                "phone": [
                    {"id": "1", "type": "Work", "phoneNumber": "+44 9"},
                    {"type": "Fax", "phoneNumber": "+44 5"},
                ]
            },
        }
    }
    [only] = calls(
        Op.EDIT, ref("parties", "7"), {"phoneNumbers": PERSON["phoneNumbers"][:1]}, PERSON, format_
    )
    assert lines([only]) == ["DELETE /api/party/7/contact/2"]


def test_bytes_of_both_formats() -> None:
    edits = {"jobTitle": "CTO <x>", "organisation": None, "addresses": [{"id": "3", "city": None}]}
    [xml], [json] = (calls(Op.EDIT, ref("parties", "7"), edits, PERSON, form) for form in FORMATS)
    assert xml.body == (
        b'<?xml version="1.0" encoding="utf-8"?>\n<person><jobTitle>CTO &lt;x&gt;</jobTitle><organisationId>'
        b"</organisationId><contacts><address><id>3</id><city></city></address></contacts></person>\n"
    )
    assert json.body == (
        b'{"person":{"jobTitle":"CTO <x>","organisationId":"","contacts":{"address":{"id":"3","city":""}}}}'
    )
    assert dict(xml.headers) == {"Content-Type": "text/xml", "Accept": "application/xml"}
    assert dict(json.headers) == {"Content-Type": "application/json", "Accept": "application/json"}
    pair = base64.b64encode(b"secret:x").decode()
    assert adapter().sign(xml, "secret") == {"Authorization": f"Basic {pair}"}


def test_an_organisation_is_written_as_one() -> None:
    [made] = calls(Op.EDIT, ref("parties", "7"), {"name": "ACME"}, {"type": "organisation", "name": "A"})
    assert (lines([made]), document(made)) == (
        ["PUT /api/organisation/7"],
        {"organisation": {"name": "ACME"}},
    )
    with pytest.raises(Invalid) as caught:
        calls(Op.EDIT, ref("parties", "7"), {"type": "person"}, {"type": "organisation"})
    assert caught.value.fields == {"type": "cannot be changed"}


@pytest.mark.parametrize("format_", FORMATS)
def test_custom_fields_follow_their_tag(format_: str) -> None:
    edits = {"Membership/Level": "gold", "Membership/Newsletter": False, "Type": None, "Score": None}
    made = calls(Op.EDIT, ref("parties", "7"), edits, PERSON, format_)
    assert lines(made) == ["POST /api/party/7/tag/Membership", "PUT /api/party/7/customfields"]
    [level, newsletter, plain, score] = document(made[1])["customFields"]["customField"]
    assert level == {"label": "Level", "text": "gold", "tag": "Membership"}
    assert newsletter == {"label": "Newsletter", "tag": "Membership", "boolean": "false"}
    assert plain == {"label": "Type", "text": None, "date": None, "boolean": None}
    assert score == {"label": "Score", "text": None, "date": None, "boolean": None, "number": None}
    if format_ == "xml":
        assert b'<label>Type</label><text nil="true"></text><date nil="true"></date>' in made[1].body
    # A box that is not ticked is not listed.
    told = (
        "<customFields><customField><tag>Membership</tag><label>Level</label><text>gold</text></customField>"
    )
    assert read(made[1], f"{told}</customFields>") == Part(
        "customfields", {"Membership/Newsletter": False, "Membership/Level": "gold"}
    )


def test_a_tag_that_is_there_is_not_added_for_its_fields() -> None:
    now = {**PERSON, "tags": ["membership"]}
    assert lines(calls(Op.EDIT, ref("parties", "7"), {"Membership/Level": "gold"}, now)) == [
        "PUT /api/party/7/customfields"
    ]
    # Clearing needs no tag, and tags that were never read are added to be sure.
    assert len(calls(Op.EDIT, ref("parties", "7"), {"Membership/Level": None}, PERSON)) == 1
    unread = {"type": "person"}
    assert lines(calls(Op.EDIT, ref("parties", "7"), {"Membership/Level": "gold"}, unread))[0] == (
        "POST /api/party/7/tag/Membership"
    )


def test_tags_are_added_and_removed() -> None:
    made = calls(Op.EDIT, ref("kases", "7"), {"tags": ["A/B & C"]}, {"tags": ["VIP", "old"]})
    assert lines(made) == [
        "POST /api/kase/7/tag/A%2FB%20%26%20C",
        "DELETE /api/kase/7/tag/VIP",
        "DELETE /api/kase/7/tag/old",
    ]
    # Newly added: 201 and no body; already there: 200 and all tags.
    assert read(made[0], "", 201) == Part("tags", {"tags": ["VIP", "old", "A/B & C"]})
    assert read(made[0], "<tags><tag><name>x</name></tag></tags>") == Part("tags", {"tags": ["x"]})
    assert read(made[2]) == Part("tags", {"tags": ["A/B & C"]})


def test_additional_parties() -> None:
    ann: Any = {"id": "1", "type": "person", "name": "Ann"}
    made = calls(Op.EDIT, ref("opportunities", "7"), {"parties": [{"id": "2"}]}, {"parties": [ann]})
    assert lines(made) == ["POST /api/opportunity/7/party/2", "DELETE /api/opportunity/7/party/1"]
    assert read(made[0]) == Part("parties", {"parties": [ann, {"id": "2"}]})
    assert read(made[1]) == Part("parties", {"parties": [{"id": "2"}]})


def test_an_opportunity_moves_with_its_changes() -> None:
    edits = {"party": "9", "value": "12.50", "milestone": "81", "expectedCloseOn": "2026-12-24"}
    [made] = calls(Op.EDIT, ref("opportunities", "7"), edits, {"party": "3"})
    assert lines([made]) == ["PUT /api/party/9/opportunity/7"]
    assert document(made) == {
        "opportunity": {"value": "12.50", "milestoneId": "81", "expectedCloseDate": "2026-12-24"}
    }
    assert lines(calls(Op.EDIT, ref("kases", "7"), {"party": "9"}, {})) == ["PUT /api/party/9/kase/7"]
    named = calls(Op.EDIT, ref("opportunities", "7"), {"milestone": "Won"}, {})
    assert document(named[0]) == {"opportunity": {"milestone": "Won"}}


def test_tasks_are_completed_and_reopened() -> None:
    of, now = ref("tasks", "7"), {"dueOn": "2026-12-01", "dueTime": "09:30", "status": "OPEN"}
    assert lines(calls(Op.EDIT, of, {"status": "COMPLETED"}, now)) == ["POST /api/task/7/complete"]
    assert lines(calls(Op.EDIT, of, {"status": "OPEN"}, now)) == ["POST /api/task/7/reopen"]
    made = calls(Op.EDIT, of, {"status": "COMPLETED", "dueOn": "2026-12-02"}, now)
    assert lines(made) == ["PUT /api/task/7", "POST /api/task/7/complete", "GET /api/task/7"]
    assert document(made[0]) == {"task": {"dueDateTime": "2026-12-02T09:30:00Z"}}
    [cleared] = calls(Op.EDIT, of, {"dueTime": None}, now)
    assert document(cleared) == {"task": {"dueDate": "2026-12-01"}}
    with pytest.raises(Invalid) as caught:
        calls(Op.EDIT, of, {"dueTime": "25:00"}, now)
    assert "dueTime" in caught.value.fields
    # The answer may be empty or the task.
    assert read(cleared) is None
    assert isinstance(read(cleared, "<task><id>7</id></task>"), Record)


def test_history_is_written_beneath_its_record() -> None:
    [made] = calls(Op.CREATE, ref("entries"), {"kase": "4", "content": "Hi"})
    assert (lines([made]), document(made)) == (["POST /api/kase/4/history"], {"historyItem": {"note": "Hi"}})
    assert lines(calls(Op.EDIT, ref("entries", "8"), {"content": "Ho"}, {"party": "3"})) == [
        "PUT /api/party/3/history/8"
    ]
    assert lines(calls(Op.EDIT, ref("entries", "8"), {"content": "Ho"}, {})) == ["PUT /api/history/8"]
    assert lines(calls(Op.DELETE, ref("entries", "8"), {}, {"party": "3"})) == [
        "DELETE /api/party/3/history/8"
    ]
    assert lines(calls(Op.CREATE, ref("entries"), {"content": "x", "party": "1", "kase": "2"})) == [
        "POST /api/kase/2/history"
    ]
    for edits in ({"content": "x"}, {"content": "x", "opportunity": "1", "kase": "2"}):
        with pytest.raises(Invalid):
            calls(Op.CREATE, ref("entries"), edits)
    with pytest.raises(Invalid):
        calls(Op.EDIT, ref("entries", "8"), {"kase": "4"}, {"party": "3"})


def test_a_new_record_is_named_by_its_location() -> None:
    edits = {"name": "Deal", "party": "3", "tags": ["VIP"], "Type": "x", "description": None}
    [made] = calls(Op.CREATE, ref("opportunities"), edits)
    assert lines([made]) == ["POST /api/party/3/opportunity"]
    assert document(made) == {"opportunity": {"name": "Deal"}}
    where = "https://sample.capsulecrm.com/api/opportunity/53"
    assert read(made, "", 201, location=where) == Ref("acme", "opportunities", "53")
    assert read(made, "", 201, location="/api/opportunity/53/") == Ref("acme", "opportunities", "53")
    assert read(made, "", 201) is None
    whole = read(made, "<opportunity><id>53</id></opportunity>", 201)
    assert isinstance(whole, Record)
    assert lines(calls(Op.CREATE, ref("tasks"), {"description": "x", "dueOn": "2026-01-01"})) == [
        "POST /api/task"
    ]
    assert lines(calls(Op.CREATE, ref("tasks"), {"description": "x", "party": "2"})) == [
        "POST /api/party/2/task"
    ]
    with pytest.raises(Invalid):
        calls(Op.CREATE, ref("kases"), {"name": "x"})


def test_records_are_deleted_by_their_path() -> None:
    made = [*calls(Op.DELETE, ref("parties", "7")), *calls(Op.DELETE, ref("tasks", "8"))]
    assert lines(made) == ["DELETE /api/party/7", "DELETE /api/task/8"]
    assert read(made[0]) is None


# -- refusals

MESSAGES = {
    "xml": "<response><message>name is required</message></response>",
    "json": '{"message":"name is required"}',
    "json as xml": '{"response":{"message":"name is required"}}',
}


@pytest.mark.parametrize("form", MESSAGES)
def test_a_refusal_has_the_services_words_and_field(form: str) -> None:
    [made] = calls(Op.EDIT, ref("opportunities", "7"), {"name": "x"}, {})
    with pytest.raises(Invalid, match='The service says: "name is required"') as caught:
        read(made, MESSAGES[form], 400)
    assert caught.value.fields == {"name": "name is required"}


def test_a_missing_record_may_be_one_without_access() -> None:
    with pytest.raises(NotFound, match=r"has no access to it\. The service answered 404"):
        read(adapter().show(ref("parties", "7")), "", 404)


def test_a_token_may_be_wrong_or_its_user_without_right() -> None:
    with pytest.raises(AuthFailed, match="or its user has no right"):
        read(adapter().check(), "", 401)


def test_a_500_carries_a_report() -> None:
    [made] = calls(Op.EDIT, ref("parties", "7"), {"jobTitle": "CTO"}, PERSON)
    with pytest.raises(Unavailable, match="does not match the document") as caught:
        read(made, "<html>Oops</html>", 500)
    report = caught.value.report
    assert report.startswith("Request: PUT /api/person/7\n")
    assert "<jobTitle>CTO</jobTitle>" in report
    with pytest.raises(Unavailable) as other:
        read(adapter().check(), "", 500)
    assert other.value.report == ""


def test_used_up_calls_come_back_with_the_hour() -> None:
    with pytest.raises(RateLimited, match="used up") as caught:
        read(adapter().check(), "", 429, x_ratelimit_reset="99999999999")
    assert caught.value.retry_after == 3600.0
    with pytest.raises(RateLimited) as bare:
        read(adapter().check(), "", 429)
    assert bare.value.retry_after is None


def test_a_time_is_planned_for_a_task_that_was_not_read_yet() -> None:
    [planned] = calls(Op.EDIT, ref("tasks", "7"), {"dueTime": "10:00"})
    assert document(planned) == {"task": {"dueDateTime": "10:00"}}
    with pytest.raises(Invalid, match="needs a day"):
        calls(Op.EDIT, ref("tasks", "7"), {"dueTime": "10:00"}, {"dueOn": None})
