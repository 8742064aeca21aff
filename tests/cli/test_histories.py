"""Histories of an opportunity, on a service that lists them beneath it and on one that does not."""

import json
from urllib.parse import parse_qs

import pytest

from tests.cli.conftest import Acme, Program, configure
from tests.conftest import Serve

DEAL = "acme/opportunities/7300200"
WANTED = ("list", "acme/opportunityhistories", "opportunityid=7300200")


def beneath(acme: Acme, *arguments: str) -> list[str]:
    """The requests for histories that a run made."""
    _, calls = acme.calls(*arguments)
    return [call for call in calls if call.endswith("/opportunityhistories") and "dictionary" not in call]


def asked(acme: Acme) -> object:
    """The filter of the newest request for histories."""
    queries = [each.query for each in acme.served.requests if each.path.endswith("/opportunityhistories")]
    return json.loads(parse_qs(queries[-1])["q"][0])


def on(serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch, **switches: str) -> Acme:
    """A connection to a service of some sort."""
    served = serve(**switches)
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", served.token)
    configure(served.connection.url)
    return Acme(served, program)


def test_beneath_their_opportunity(acme: Acme) -> None:
    ran = acme(*WANTED, "--order", "modifieddate:desc")
    assert [each["values"]["opportunityid"] for each in ran.lines] == ["7300200", "7300200"]
    assert [each["title"] for each in ran.lines] == ["Qualified", "Prospecting"]
    assert all(each["labels"]["modifiedby"] for each in ran.lines)
    assert beneath(acme, *WANTED) == ["GET /opportunities/7300200/opportunityhistories"]


def test_other_terms_go_along(acme: Acme) -> None:
    found = acme(*WANTED, "probability>=20").lines
    assert [each["title"] for each in found] == ["Qualified"]
    assert asked(acme) == {"probability": {"$gte": 20}}


def test_an_opportunity_in_other_terms_is_looked_at_here(acme: Acme) -> None:
    found = acme("list", "acme/opportunityhistories", "opportunityid=7300200|7300201", "--all").lines
    assert {each["values"]["opportunityid"] for each in found} == {"7300200", "7300201"}
    assert len(found) == 4


@pytest.mark.parametrize("status", ["400", "404", "405", "500"])
def test_where_there_is_no_such_path_the_filter_is_asked_and_that_is_remembered(
    serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    acme = on(serve, program, monkeypatch, SPOTLER_HISTORIES=status)
    ran, calls = acme.calls(*WANTED)
    assert [each["values"]["opportunityid"] for each in ran.lines] == ["7300200", "7300200"]
    assert "GET /opportunities/7300200/opportunityhistories" in calls
    assert beneath(acme, *WANTED) == ["GET /opportunityhistories"]
    assert asked(acme) == {"opportunityid": 7300200}


def test_an_opportunity_that_is_gone_teaches_nothing(acme: Acme) -> None:
    acme("list", "acme/opportunityhistories", "opportunityid=1").failed(3)
    assert beneath(acme, *WANTED) == ["GET /opportunities/7300200/opportunityhistories"]


@pytest.mark.parametrize("switches", [{}, {"SPOTLER_HISTORIES": "404"}, {"SPOTLER_LINES": "beside"}])
def test_show_with_related_has_lines_and_histories(
    serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch, switches: dict[str, str]
) -> None:
    acme = on(serve, program, monkeypatch, **switches)
    said = acme("show", "acme/opportunities/7300201", "--related", "--format", "json").json
    assert len(said["values"]["lines"]) == 4
    assert {row["id"] for row in said["values"]["lines"]} == {
        line["id"] for line in said["related"]["opportunity_lines"]
    }
    histories = said["related"]["opportunityhistories"]
    assert [each["values"]["opportunityid"] for each in histories] == ["7300201", "7300201"]


@pytest.mark.fresh
def test_histories_can_be_made_changed_and_deleted(acme: Acme) -> None:
    [made] = acme(
        "new", "acme/opportunityhistories", "opportunityid=7300200", "opportunitystatus=Proposal", "value=5"
    ).lines
    assert (made["title"], made["values"]["opportunityid"]) == ("Proposal", "7300200")
    target = f"acme/opportunityhistories/{made['id']}"
    [changed] = acme("edit", target, "probability=60").lines
    assert (changed["values"]["probability"], changed["values"]["opportunityid"]) == (60, "7300200")
    assert made["id"] in {each["id"] for each in acme(*WANTED).lines}
    assert acme("delete", target, "--yes").code == 0
    assert made["id"] not in {each["id"] for each in acme(*WANTED).lines}
