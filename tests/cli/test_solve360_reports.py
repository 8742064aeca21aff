"""The reports of Solve360 on the command line: filtered there and here, mirrored, and never written."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from crmtui.crm.solve360.reports import KINDS
from tests.cli.conftest import Acme
from tests.cli.test_solve360 import Begin, begin, configure
from tests.proxy import Canned, answer

__all__ = ["begin"]


def days(rows: list[Any], field: str) -> list[str]:
    """The days in a field of the rows, those without one left out."""
    return [row["values"][field][:10] for row in rows if row["values"].get(field)]


def day(distance: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=distance)).isoformat()


def query(acme: Acme) -> dict[str, str]:
    """The arguments of the newest request."""
    return {name: values[0] for name, values in parse_qs(acme.last.query).items()}


@pytest.mark.parametrize("roots", ["named", "activities"])
def test_every_report_is_one_call_and_all_of_it_is_mirrored(begin: Begin, roots: str) -> None:
    acme = begin(REPORT_ROOTS=roots)
    assert acme("list", "acme/tickets").code == 0  # which reads the users
    for kind in KINDS:
        ran, calls = acme.calls("list", f"acme/{kind}", "--all")
        assert calls == [f"GET /report/{'timetracking' if kind == 'timerecords' else kind}/"]
        rows = ran.lines
        assert len(rows) > 5
        assert rows[0]["title"]
        assert rows[0]["labels"]["itemid"] == rows[0]["values"]["itemname"]
        ran, calls = acme.calls("list", f"acme/{kind}", "--all", "--offline")
        assert ({row["id"] for row in ran.lines}, calls) == ({row["id"] for row in rows}, [])
        ran = acme("list", f"acme/{kind}", "--limit", "2")
        assert [row["id"] for row in ran.lines] == [row["id"] for row in rows[:2]]
        assert f"2 of {len(rows)} records" in ran.err


def test_what_is_due_to_somebody(begin: Begin) -> None:
    acme = begin(records=60)
    everyones = acme("list", "acme/followups", "--all").lines
    who = next(row["labels"]["responsible"] for row in everyones if "responsible" in row["labels"])
    wanted = [
        row["id"]
        for row in everyones
        if row["labels"].get("responsible") == who and (row["values"].get("duedate") or "9")[:10] <= day(8)
    ]
    assert wanted
    rows = acme("list", "acme/followups", "duedate<=+8d", f"responsible={who}", "--all").lines
    assert sorted(row["id"] for row in rows) == sorted(wanted)
    asked = query(acme)
    assert asked.keys() == {"due", "responsible"}
    assert asked["responsible"] == rows[0]["values"]["responsible"]
    assert asked["due"].endswith(f",{day(9)}")
    undated = acme("list", "acme/followups", "duedate=").lines
    assert query(acme)["due"] == "nodate"
    assert undated
    assert days(undated, "duedate") == []
    nobodys = acme("list", "acme/nextactions", "assignedto=").lines
    assert query(acme)["filter"] == "0"
    assert {row["values"].get("assignedto") for row in nobodys} == {None}


def test_what_a_report_cannot_filter_is_filtered_here(begin: Begin) -> None:
    acme = begin(records=60)
    rows = acme("list", "acme/opportunities", "status=Won|Lost", "valuecurrency=EUR", "--all").lines
    assert {row["values"]["status"] for row in rows} == {"Won", "Lost"}
    assert {row["values"]["valuecurrency"] for row in rows} == {"EUR"}
    assert "status" not in query(acme)
    ran = acme("list", "acme/opportunities", "status!=Won", "--limit", "1")
    count = len(acme("list", "acme/opportunities", "status!=Won", "--all").lines)
    assert f"1 of {count} records" in ran.err
    rows = acme("list", "acme/activities", "typeid=note|call", "itemtype=1", "updated>=-900d", "--all").lines
    assert {row["labels"]["typeid"] for row in rows} == {"note", "call"}
    assert {row["values"]["itemtype"] for row in rows} == {"1"}
    assert query(acme)["types"] == "3,73"
    acme("list", "acme/activities", "users!=John Smith").failed(2, "do not tell their users")
    assert len(acme("list", "acme/activities", "users=John Smith").lines) > 0


def test_the_usual_period_is_said(begin: Begin) -> None:
    acme = begin()
    ran = acme("list", "acme/timerecords", "--all")
    assert "Time records of the last 30 days; date in WHERE names another period" in ran.err
    assert min(days(ran.lines, "date")) >= day(-31)
    ran = acme("list", "acme/timerecords", f"date={day(-20)}..{day(-10)}", "--all")
    assert "last 30 days" not in ran.err
    assert {day(-20) <= each <= day(-10) for each in days(ran.lines, "date")} == {True}
    assert "last 30 days" not in acme("list", "acme/followups").err


@pytest.mark.parametrize("timerecords", ["task", "parent"])
def test_hours_that_can_be_billed(begin: Begin, timerecords: str) -> None:
    acme = begin(TIMERECORDS=timerecords)
    billable = acme("list", "acme/timerecords", "billable=yes", "--all").lines
    others = acme("list", "acme/timerecords", "billable=no", "--all").lines
    assert {row["values"]["billable"] for row in billable} == {True}
    assert {row["values"]["billable"] for row in others} == {False}
    assert query(acme)["filter"] == "non-billable"
    assert isinstance(billable[0]["values"]["hours"], int | float)
    invoiced = acme("list", "acme/timerecords", "invoiced!=", "--all").lines
    assert 0 < len(invoiced) < len(billable)
    assert len(acme("list", "acme/timerecords", "--all").lines) == len(billable) + len(others)


def test_reports_are_ordered_by_several_fields(begin: Begin) -> None:
    acme = begin()
    rows = acme("list", "acme/nextactions", "--order", "priority:desc", "--order", "duedate", "--all").lines
    keys = [(-row["values"]["priority"], row["values"].get("duedate") or "9") for row in rows]
    assert keys == sorted(keys)


def test_a_report_is_read_only(begin: Begin) -> None:
    acme = begin()
    for kind in KINDS:
        target = f"acme/{kind}/{acme.first_id(kind)}"
        for command in (
            ("new", f"acme/{kind}", "name=x"),
            ("edit", target, "name=x"),
            ("edit", target, "name=x", "--dry-run"),
            ("delete", target, "--yes"),
            ("delete", target, "--dry-run"),
        ):
            ran, calls = acme.calls(*command)
            ran.failed(6, "read-only", "on the record that they hang on")
            assert calls == []
    assert acme("log", "acme", "--writes").lines == []


def test_one_row_is_what_was_read_last(begin: Begin) -> None:
    acme = begin()
    [row] = acme("list", "acme/followups", "--limit", "1").lines
    ran, calls = acme.calls("show", f"acme/followups/{row['id']}")
    assert (ran.code, calls) == (0, [])
    assert ran.lines[0] == row
    assert "gives no follow-up by itself" in ran.err
    ran, calls = acme.calls("show", "acme/followups/1")
    ran.failed(3, "crmtui list acme/followups")
    assert calls == []


def test_a_sync_reads_each_report_once_a_day_and_forgets_what_is_done(begin: Begin) -> None:
    acme = begin()
    ran, calls = acme.calls("sync", "acme")
    assert ran.code == 0
    assert len([call for call in calls if "/report/" in call]) == len(KINDS)
    _, calls = acme.calls("sync", "acme")
    assert [call for call in calls if "/report/" in call] == []
    old = acme("list", "acme/activities", "updated<-40d", "--all").lines
    [done, *_] = acme("list", "acme/nextactions", "itemtype=1", "--limit", "1").lines
    body = "<response><nextactions/><status>success</status></response>"
    with Canned(answer(200, body.encode())) as canned:
        configure(canned.url)
        assert acme("sync", "acme", "nextactions").code == 0
    assert done["id"] not in [row["id"] for row in acme("list", "acme/nextactions", "--offline").lines]
    configure(acme.served.connection.url)
    assert acme("sync", "acme", "activities").code == 0
    here = {row["id"] for row in acme("list", "acme/activities", "--offline", "--all").lines}
    assert {row["id"] for row in old} <= here


def test_a_closed_report_is_no_bad_token(begin: Begin) -> None:
    acme = begin(CLOSED="followups")
    acme("list", "acme/followups").failed(4, "closed to the token")
    assert acme("list", "acme/nextactions", "--limit", "1").code == 0
    assert acme("sync", "acme").code == 0


def test_a_report_that_cannot_be_read_offers_its_copy(begin: Begin) -> None:
    acme = begin()
    assert acme("list", "acme/followups", "--limit", "1").code == 0
    with Canned(answer(500, b"")) as canned:
        configure(canned.url)
        acme("list", "acme/followups").failed(8, "--offline")
    assert acme("list", "acme/followups", "--offline", "--limit", "1").lines


def test_the_words_of_types_and_states(begin: Begin) -> None:
    acme = begin()
    assert {"value": "14", "label": "task"} in acme("choices", "acme/activities", "typeid").lines
    assert {"value": "Won", "label": "Won"} in acme("choices", "acme/opportunities", "status").lines
    fields = {field["name"]: field for field in acme("fields", "acme/followups").lines}
    assert (fields["duedate"]["type"], fields["responsible"]["type"]) == ("date", "user")
    assert all(field["read_only"] for field in fields.values())
    kinds = {kind["name"]: kind for kind in acme("kinds", "acme").lines}
    assert [kinds[kind]["can"]["edit"] for kind in KINDS] == [False] * len(KINDS)
