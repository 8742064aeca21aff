"""The six reports: what is asked of them, and what is made of answers in every form that may come."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from crmtui.crm.solve360.reports import ACTIVITY_TYPES, KINDS
from crmtui.model.errors import BadAnswer, UsageError
from crmtui.model.match import matches
from crmtui.model.query import Order, Page, Query
from crmtui.model.record import Record

from .solve360 import adapter, asked, said
from .spotler import TODAY
from .test_solve360_recordings import FOLDER, found, told

DONE = "<status>success</status>"
ALL_TYPES = ",".join(ACTIVITY_TYPES)
EVER, NEVER = "1970-01-01", "2099-12-31"


def later(days: int) -> str:
    """The day some days after the one that filters of these tests count from."""
    return (TODAY + timedelta(days=days)).isoformat()


def question(kind: str, *arguments: str) -> Mapping[str, str]:
    """The arguments that a report is asked with."""
    return dict(asked(kind, *arguments).call.query)


def page(kind: str, body: str, *order: str) -> Page:
    """What an answer to a report is read to."""
    query = Query(kind, None, tuple(map(Order.parse, order)))
    return adapter().read(adapter().list(query, {}, 100).call, said(body))  # type: ignore[no-any-return]


def only(kind: str, body: str) -> Record:
    [record] = page(kind, body).records
    return record


# -- what is asked


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_one_read_that_may_be_repeated(kind: str) -> None:
    call = asked(kind).call
    segment = {"timerecords": "timetracking"}.get(kind, kind)
    assert (call.method, call.path, call.cost, call.safe) == ("GET", f"/report/{segment}/", 1, True)
    answer: Page = adapter().read(call, said(f"<any><one><id>1</id></one></any>{DONE}"))
    assert adapter().next_page(call, answer, 1) is None


@pytest.mark.parametrize(
    ("kind", "terms", "arguments"),
    [
        ("opportunities", (), {}),
        ("opportunities", ("status=won",), {"status": "won"}),
        ("opportunities", ("status=On-hold",), {"status": "on-hold"}),
        ("opportunities", ("status=Won|Lost",), {}),
        ("opportunities", ("status!=Won",), {}),
        ("opportunities", ("responsible=53936",), {"filter": "53936"}),
        ("opportunities", ("closingdate<=today",), {"due": f"{EVER},{later(1)}"}),
        ("opportunities", ("closingdate=",), {"due": "nodate"}),
        ("followups", (), {}),
        ("followups", ("responsible=53936",), {"responsible": "53936"}),
        ("followups", ("assignedto=53936",), {"responsible": "53936"}),
        ("followups", ("responsible=",), {"responsible": "0"}),
        ("followups", ("responsible=53936|53937",), {}),
        ("followups", ("duedate=today",), {"due": f"{later(-1)},{later(1)}"}),
        ("followups", ("duedate=today..+7d",), {"due": f"{later(-1)},{later(8)}"}),
        ("followups", ("duedate>=today", "duedate<+30d"), {"due": f"{later(-1)},{later(31)}"}),
        ("followups", ("duedate>today",), {"due": f"{later(-1)},{NEVER}"}),
        ("followups", ("duedate=",), {"due": "nodate"}),
        ("followups", ("duedate!=today",), {}),
        ("followups", ("(duedate<=today or duedate=)",), {}),
        ("followups", ("(duedate=today or duedate=+3d)",), {"due": f"{later(-1)},{later(4)}"}),
        ("followups", ("(duedate<=today or priority=2)",), {}),
        ("followups", ("not(duedate<=today)",), {}),
        (
            "nextactions",
            ("assignedto=53936", "duedate<=+7d"),
            {"filter": "53936", "due": f"{EVER},{later(8)}"},
        ),
        ("calendar", ("timestart=today",), {"start": later(-1), "end": later(1)}),
        (
            "calendar",
            ("timestart>=2026-01-05", "attendees=53936|53937"),
            {"start": "2026-01-04", "end": NEVER, "filter": "53936,53937"},
        ),
        (
            "calendar",
            ("attendees=", "timestart<=2026-01-05"),
            {"start": EVER, "end": "2026-01-06", "filter": "0"},
        ),
        ("timerecords", ("date=2009-08-02..2009-08-08",), {"start": "2009-08-01", "end": "2009-08-09"}),
        (
            "timerecords",
            ("date>=2009-08-02", "billable=yes", "itemtype=1|40"),
            {"start": "2009-08-01", "end": NEVER, "filter": "billable", "itemtypes": "1,40"},
        ),
        (
            "timerecords",
            ("date>=2009-08-02", "billable=no"),
            {"start": "2009-08-01", "end": NEVER, "filter": "non-billable"},
        ),
        (
            "timerecords",
            ("date>=2009-08-02", "invoiced!=", "billable=yes"),
            {"start": "2009-08-01", "end": NEVER, "filter": "invoiced"},
        ),
        (
            "activities",
            ("created>=2026-01-05",),
            {"last": "created", "start": "2026-01-04", "end": NEVER, "types": ALL_TYPES},
        ),
        (
            "activities",
            ("completedon>=2026-01-05", "typeid=task|6", "itemtype=1"),
            {"last": "completed", "start": "2026-01-04", "end": NEVER, "types": "6,14", "itemtypes": "1"},
        ),
        (
            "activities",
            ("(created>=2026-01-05 or updated=)",),
            {"last": "updated", "start": EVER, "end": NEVER, "types": ALL_TYPES},
        ),
        (
            "activities",
            ("updated<=2026-01-05", "typeid!=task", "users=53936", "categories=77|78"),
            {
                "last": "updated", "start": EVER, "end": "2026-01-06", "types": ALL_TYPES,
                "users": "53936", "categories": "77,78", "itemtypes": "1,2,40",
            },
        ),
    ],
)  # fmt: skip
def test_terms_are_arguments(kind: str, terms: tuple[str, ...], arguments: dict[str, str]) -> None:
    assert question(kind, *terms) == arguments


@pytest.mark.parametrize(
    ("kind", "days", "words"),
    [
        ("calendar", (0, 30), "the next 30 days"),
        ("timerecords", (-30, 0), "the last 30 days"),
        ("activities", (-30, 0), "the last 30 days by updated"),
    ],
)
def test_without_a_period_there_is_a_usual_one_and_it_is_said(
    kind: str, days: tuple[int, int], words: str
) -> None:
    before = datetime.now(UTC).date()
    query = question(kind)
    after = datetime.now(UTC).date()
    ends = {tuple((day + timedelta(days=each)).isoformat() for each in days) for day in (before, after)}
    assert (query["start"], query["end"]) in ends
    window = asked(kind).window
    assert window is not None
    assert window.words == words
    assert asked(kind, f"{window.field}>=2020-01-01").window is None


@pytest.mark.parametrize("kind", ["opportunities", "followups", "nextactions"])
def test_what_needs_no_period_has_none(kind: str) -> None:
    assert asked(kind).window is None


def test_the_report_of_activities_is_never_asked_without_types() -> None:
    assert question("activities")["types"] == ALL_TYPES
    assert question("activities", "typeid=nonsense")["types"] == ALL_TYPES
    assert question("activities", "typeid=204")["types"] == "204"


def test_what_comes_is_looked_at_here_again() -> None:
    terms = ("duedate<=today", "responsible=53936")
    question = asked("followups", *terms)
    fields = adapter().built_in("followups").by_name
    rows = "".join(
        f"<followup><id>{id_}</id><fields><assignedto>{who}</assignedto><duedate>{day}</duedate></fields></followup>"
        for id_, who, day in ((1, 53936, later(0)), (2, 53937, later(0)), (3, 53936, later(1)))
    )
    answer: Page = adapter().read(question.call, said(f"<followups>{rows}</followups>{DONE}"))
    assert question.rest is not None
    assert [r.ref.id for r in answer.records if matches(question.rest, r, fields)] == ["1"]


def test_what_rows_do_not_tell_is_the_services_alone() -> None:
    assert asked("activities", "users=53936").rest is None
    for terms in (("users!=53936",), ("users=",), ("(users=1 or typeid=3)",), ("users=1", "users=2")):
        with pytest.raises(UsageError, match="do not tell their users"):
            asked("activities", *terms)


# -- what comes back

ROW = (
    "<id>7</id><typeid>6</typeid><name>Ring &amp;lt;Ann&amp;gt;&lt;br /&gt;today</name><comments/>"
    "<parent>11</parent><parenttypeid>1</parenttypeid><itemid>11</itemid><itemtype>1</itemtype>"
    "<itemname>Ann Lee</itemname><created>2026-01-05T10:00:00+00:00</created>"
    "<updated>2026-01-06T10:00:00+00:00</updated>"
)
INNER = (
    "<details>Ring &amp;lt;Ann&amp;gt;&lt;br /&gt;today</details>"
    '<assignedto cn="Jane Roe">53936</assignedto><duedate>2026-01-07T00:00:00+00:00</duedate>'
)
IN_JSON = (
    '{"id": 7, "typeid": 6, "name": "Ring &lt;Ann&gt;<br />today", "comments": [], "parent": 11,'
    ' "parenttypeid": 1, "itemid": 11, "itemtype": 1, "itemname": "Ann Lee",'
    ' "created": "2026-01-05T10:00:00+00:00", "updated": "2026-01-06T10:00:00+00:00", "fields":'
    ' {"details": "Ring &lt;Ann&gt;<br />today", "assignedto": "53936", "assignedto_cn": "Jane Roe",'
    ' "duedate": "2026-01-07T00:00:00+00:00"}}'
)
WITHOUT_ID = IN_JSON.replace('"id": 7, ', "")


@pytest.mark.parametrize(
    "body",
    [
        f"<followups><followup>{ROW}<fields>{INNER}</fields></followup></followups>{DONE}",
        f"<activities><activity>{ROW}<fields>{INNER}</fields></activity></activities>{DONE}",
        f"<followups><followup>{ROW}{INNER}</followup></followups>{DONE}",
        f"<report><id7>{ROW}<fields>{INNER}</fields></id7></report><count>1</count>{DONE}",
        f"<id7>{ROW}<fields>{INNER}</fields></id7>{DONE}",
        f'{{"status": "success", "followups": [{IN_JSON}]}}',
        f'{{"status": "success", "followups": {{"followup": [{IN_JSON}]}}}}',
        f'{{"status": "success", "followups": {{"followup": {IN_JSON}}}}}',
        f'{{"status": "success", "activities": {{"7": {WITHOUT_ID}}}}}',
        f'{{"status": "success", "7": {WITHOUT_ID}}}',
        f'{{"response": {{"status": "success", "count": 1, "7": {IN_JSON}}}}}',
    ],
)
def test_a_row_in_every_form(body: str) -> None:
    record = only("followups", body)
    assert (record.ref.kind, record.ref.id) == ("followups", "7")
    assert record.title == "Ring <Ann> today"
    assert record.values["details"] == "Ring <Ann>\ntoday"
    assert record.stamp == "2026-01-06T10:00:00+00:00"
    assert record.values["responsible"] == record.values["assignedto"] == "53936"
    assert record.labels["responsible"] == record.labels["assignedto"] == "Jane Roe"
    assert (record.values["itemtype"], record.labels["itemid"]) == ("1", "Ann Lee")
    assert "fields" not in record.values


@pytest.mark.parametrize(
    "body", [DONE, f"<followups/>{DONE}", '{"status": "success", "followups": []}', '{"status": "success"}']
)
def test_nothing_is_due(body: str) -> None:
    assert page("followups", body) == Page((), 0)


@pytest.mark.parametrize("body", ["<contacts/>", "{}", '{"rows": "none"}'])
def test_what_is_no_report(body: str) -> None:
    with pytest.raises(BadAnswer):
        page("followups", body)


def test_an_opportunity_as_it_stands_in_client_code() -> None:
    record = only(
        "opportunities",
        "<opportunities><opportunity><id>9</id><description>Fit-out</description><status>Won</status>"
        '<stage>Signed</stage><owner>1</owner><responsible cn="Jane Roe">2</responsible>'
        "<valueunit>1250.50</valueunit><valuecurrency>EUR</valuecurrency><probability>100</probability>"
        "<created>2026-01-05T10:00:00+00:00</created><modified>2026-01-06T10:00:00+00:00</modified>"
        "<closingdate>2026-02-01</closingdate><itemid>11</itemid><itemtype>40</itemtype>"
        f"<custom1>Next</custom1></opportunity></opportunities>{DONE}",
    )
    assert (record.title, record.stamp) == ("Fit-out", "2026-01-06T10:00:00+00:00")
    assert record.labels == {"responsible": "Jane Roe"}
    assert record.values["custom1"] == "Next"


def test_attendees_are_users() -> None:
    body = f"<calendar><event><id>1</id><name>Demo</name><attendees>5, 6</attendees></event></calendar>{DONE}"
    assert only("calendar", body).values["attendees"] == ["5", "6"]


def test_a_title_that_looks_like_html_stays_as_it_was_typed() -> None:
    row = "<id>1</id><name>A &lt;b&gt; c</name><fields><title>A &lt;b&gt; c</title></fields>"
    assert (
        only("nextactions", f"<activities><activity>{row}</activity></activities>{DONE}").title == "A <b> c"
    )


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (("duedate",), "2 3 1 4"),
        (("duedate:desc",), "1 2 3 4"),
        (("priority:desc", "duedate"), "1 3 4 2"),
        (("assignedto", "id"), "3 2 4 1"),
        ((), "1 2 3 4"),
    ],
)
def test_a_report_is_ordered_here(order: tuple[str, ...], ids: str) -> None:
    rows = (
        '<id>1</id><duedate>2026-02-01</duedate><priority>10</priority><assignedto cn="Zoe">1</assignedto>',
        '<id>2</id><duedate>2026-01-01</duedate><priority/><assignedto cn="bob">2</assignedto>',
        '<id>3</id><duedate>2026-01-01</duedate><priority>9</priority><assignedto cn="Ann">3</assignedto>',
        '<id>4</id><duedate/><priority>9</priority><assignedto cn="Bob">4</assignedto>',
    )
    body = "".join(f"<activity>{row}</activity>" for row in rows)
    records = page("nextactions", f"<activities>{body}</activities>{DONE}", *order).records
    assert [record.ref.id for record in records] == ids.split()


@pytest.mark.recordings
def test_the_recorded_report() -> None:
    text = (FOLDER / "report_timetracking_2009.http").read_text("utf-8")
    request, _, response = text.partition("--- RESPONSE ---\n")
    target, body = request.split(" ")[1], response.partition("\n\n")[2]
    call = asked("timerecords", "date=2009-08-03..2009-08-07").call
    path, _, query = target.partition("?")
    assert (call.path, {f"{name}={value}" for name, value in call.query}) == (path, {*query.split("&")})
    read: Page = adapter().read(call, said(body))
    assert sorted([*found(read), "success"]) == sorted([*told(body), "1"])  # and the total
    [record] = read.records
    assert record.title == "Integrated Solve360 with billing system"
    assert record.labels == {"itemid": "John Smith"}
