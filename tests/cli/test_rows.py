"""Lines of an opportunity from the command line: one request for each, and what is said when one fails."""

import json
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Acme, Program, configure
from tests.conftest import Serve

pytestmark = pytest.mark.fresh

DEAL = "acme/opportunities/7300201"
"""Has the lines 880100 to 880103."""


def lines(said: dict[str, Any]) -> dict[str, tuple[Any, Any, Any]]:
    """The lines of a printed record: (product, quantity, unitprice) by id."""
    rows = said["values"]["lines"]
    return {row["id"]: (row["product"], row["quantity"], row["unitprice"]) for row in rows}


def requests(acme: Acme, *arguments: str) -> tuple[Any, list[str]]:
    """How a run ended, and what it asked for besides dictionaries and lookups."""
    ran, calls = acme.calls(*arguments)
    return ran, [call for call in calls if "/datadictionary/" not in call and "/lookup/" not in call]


def elsewhere(acme: Acme) -> httpx.Client:
    """Somebody else at the service."""
    headers = {"Authorization": f"Bearer {acme.served.token}"}
    return httpx.Client(base_url=acme.served.connection.url, headers=headers, trust_env=False)


def test_lines_are_shown_inside_and_not_in_lists(acme: Acme) -> None:
    shown = acme("show", DEAL).lines[0]
    assert lines(shown)["880101"] == ("Data Migration", 8, 2750)
    assert acme.last.query == "lines=true"
    listed = acme("list", "acme/opportunities", "id=7300201").lines[0]
    assert "lines" not in listed["values"]
    assert "lines" not in acme.last.query


def test_a_filter_on_lines_has_them_come_along(acme: Acme) -> None:
    ran = acme("list", "acme/opportunities", "lines.product=Data Migration", "--all")
    found = ran.lines
    assert "7300201" in {each["id"] for each in found}
    assert all("Data Migration" in {row["product"] for row in each["values"]["lines"]} for each in found)
    assert len(found) < 20


def test_fields_name_the_members(acme: Acme) -> None:
    named = {each["name"]: each for each in acme("fields", "acme/opportunities").lines}
    assert (named["lines"]["type"], named["lines"]["refers_to"]) == ("rows", "opportunity_lines")
    assert {"lines.product", "lines.quantity", "lines.unitprice"} <= named.keys()


def test_one_request_for_the_record_and_one_for_each_row(acme: Acme) -> None:
    change = (
        "edit", DEAL, "lines.880101.quantity=5", "lines.+.product=Onboarding Day", "lines.+.quantity=1",
        "lines.880103=", "name=New",
    )  # fmt: skip
    plan, asked = requests(acme, *change, "--dry-run")
    assert asked == []
    assert plan.out.endswith("\n5 calls\n")
    assert '{"quantity":5}' in plan.out
    ran, asked = requests(acme, *change)
    assert asked == [
        "GET /opportunities/7300201",
        "PATCH /opportunities/7300201",
        "PATCH /opportunity_lines/880101",
        "POST /opportunity_lines",
        "DELETE /opportunity_lines/880103",
    ]
    [said] = ran.lines
    assert said["title"] == "New"
    assert [row[:2] for row in lines(said).values()] == [
        ("User Subscription", 1), ("Data Migration", 5), ("Onboarding Day", 15), ("Onboarding Day", 1),
    ]  # fmt: skip
    assert lines(acme("show", DEAL).lines[0]) == lines(said)
    written = acme("log", "acme", "--writes").lines
    assert [(each["op"], each["state"]) for each in written] == [
        ("delete", "done"), ("create", "done"), ("edit", "done"), ("edit", "done"),
    ]  # fmt: skip


def test_the_mirror_follows_without_another_call(acme: Acme) -> None:
    acme("show", DEAL)
    acme("edit", "acme/opportunity_lines/880101", "quantity=77")
    acme("delete", "acme/opportunity_lines/880100", "--yes")
    acme("new", "acme/opportunity_lines", "opportunityid=7300201", "product=Extra", "quantity=2")
    [held] = acme("list", "acme/opportunities", "id=7300201", "--offline").lines
    assert [row[:2] for row in lines(held).values()] == [
        ("Data Migration", 77), ("Onboarding Day", 15), ("Extra Storage", 22), ("Extra", 2),
    ]  # fmt: skip


def test_a_line_deleted_elsewhere_is_forgotten(acme: Acme) -> None:
    acme("show", DEAL)
    with elsewhere(acme) as client:
        client.delete("/opportunity_lines/880100").raise_for_status()
    acme("show", "acme/opportunity_lines/880100").failed(3)
    [held] = acme("list", "acme/opportunities", "id=7300201", "--offline").lines
    assert list(lines(held)) == ["880101", "880102", "880103"]
    with elsewhere(acme) as client:
        client.delete("/opportunity_lines/880101").raise_for_status()
    acme("show", DEAL)
    held_lines = acme("list", "acme/opportunity_lines", "opportunityid=7300201", "--offline").lines
    assert {each["id"] for each in held_lines} == {"880102", "880103"}


def test_a_new_record_comes_first_and_its_lines_name_it(acme: Acme) -> None:
    make = (
        "new", "acme/opportunities", "accountid=95920978", "name=Big", "lines.+.product=Extra Storage",
        "lines.+.quantity=2.5",
    )  # fmt: skip
    plan, _ = requests(acme, *make, "--dry-run")
    assert "2 calls" in plan.out
    assert '"opportunityid":"{id}"' in plan.out
    assert "{id}" in plan.err
    ran, asked = requests(acme, *make)
    [said] = ran.lines
    assert asked == ["POST /opportunities", "POST /opportunity_lines"]
    assert json.loads(acme.last.body)["opportunityid"] == int(said["id"])
    assert list(lines(said).values()) == [("Extra Storage", 2.5, None)]
    assert lines(acme("show", f"acme/opportunities/{said['id']}").lines[0]) == lines(said)


def test_nothing_to_change_in_a_row(acme: Acme) -> None:
    ran, asked = requests(acme, "edit", DEAL, "lines.880101.quantity=8.0")
    assert (ran.code, asked) == (0, ["GET /opportunities/7300201"])
    assert "nothing to change" in ran.err
    assert lines(ran.lines[0])["880101"][1] == 8


def named_only(serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch) -> Acme:
    """A service whose dictionary tells no lengths, so that it alone can refuse a long text."""
    served = serve(SPOTLER_DICT_SHAPE="names")
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", served.token)
    configure(served.connection.url)
    return Acme(served, program)


def test_what_was_done_stays_done_and_the_rest_is_not_sent(
    serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = named_only(serve, program, monkeypatch)
    ran, asked = requests(
        acme, "edit", DEAL, "name=Kept", f"lines.880101.product={'x' * 101}", "lines.880103="
    )
    ran.failed(6, "lines.880101", "Done and kept: the record's own fields", "not sent: lines.880103.")
    assert asked[1:] == ["PATCH /opportunities/7300201", "PATCH /opportunity_lines/880101"]
    shown = acme("show", DEAL).lines[0]
    assert shown["title"] == "Kept"
    assert "880103" in lines(shown)
    assert [each["state"] for each in acme("log", "acme", "--writes").lines] == ["refused", "done"]


def test_a_new_record_whose_line_is_refused_was_made(
    serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = named_only(serve, program, monkeypatch)
    make = ("new", "acme/opportunities", "accountid=95920978", "name=Half", f"lines.+.product={'x' * 101}")
    ran, asked = requests(acme, *make)
    ran.failed(6, "lines.+", "was made")
    assert asked == ["POST /opportunities", "POST /opportunity_lines"]


@pytest.mark.parametrize(
    ("assignments", "code", "words"),
    [
        (["lines=x"], 6, "holds rows"),
        (["lines="], 6, "lines.ID="),
        (["lines.+=x"], 2, "names no member"),
        (["lines.+="], 2, "names no member"),
        (["lines.880101=5"], 2, "names no member"),
        (["lines..quantity=5"], 2, "names no member"),
        (["lines.880101.=5"], 2, "names no member"),
        (["lines.880101.prodct=5"], 2, '"product"'),
        (["lines.880101=", "lines.880101.quantity=1"], 2, "both removed and changed"),
        (["lines.880101.quantity=1", "lines.880101.quantity=2"], 2, "given twice"),
        (["lines.880101.quantity=abc"], 6, "lines.880101.quantity is no number"),
        (["lines.880101.opportunityid=7300200"], 6, "lines.880101.opportunityid is read-only"),
        (["lines.880101.id=7"], 6, "lines.880101.id is read-only"),
        (["lines.880101.product="], 6, "lines.880101.product is required"),
        (["lines.+.quantity=1"], 6, "lines.+.product is required"),
        (["lines.880104.quantity=1"], 6, "is no row of acme/opportunities/7300201; it has 880100"),
        (["name=Never", "lines.5="], 6, "lines.5 is no row"),
    ],
)
def test_nonsense_is_refused_before_anything_is_written(
    acme: Acme, assignments: list[str], code: int, words: str
) -> None:
    acme("edit", DEAL, *assignments).failed(code, words)
    assert not acme.served.sent("PATCH", "POST", "DELETE")


def test_a_conflict_in_a_row_is_told_before_anything_is_written(acme: Acme) -> None:
    acme("show", DEAL)
    with elsewhere(acme) as client:
        client.patch("/opportunity_lines/880101", json={"quantity": 100}).raise_for_status()
    change = ("edit", DEAL, "name=Mine", "lines.880101.quantity=5")
    ran, asked = requests(acme, *change)
    ran.failed(7, 'lines.880101.quantity: original "8", mine "5", theirs "100"', "Not sent")
    assert asked == ["GET /opportunities/7300201"]
    again = acme(*change).lines[0]
    assert (again["title"], lines(again)["880101"][1]) == ("Mine", 5)


def test_several_records_each_get_the_new_row(acme: Acme) -> None:
    ran = acme(
        "edit", "acme/opportunities/7300201,7300202", "lines.+.product=Extra Storage", "--format", "json"
    )
    assert ["Extra Storage" in {row[0] for row in lines(each).values()} for each in ran.json] == [True, True]
    ran = acme("edit", "acme/opportunities/7300202,7300201", "lines.880100=", "--format", "json")
    assert ran.code == 6
    assert "lines.880100 is no row of acme/opportunities/7300202" in ran.err
    assert [each["id"] for each in ran.json] == ["7300201"]
