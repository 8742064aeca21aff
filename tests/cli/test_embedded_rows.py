"""Rows that are part of their record, from the command line: one read, one write, the others as they were."""

import os
from pathlib import Path
from typing import Any

import pytest

from crmtui.paths import config_file
from tests.cli.conftest import Acme, Program
from tests.conftest import Serve

ANN, ACME = "acme/parties/1002", "acme/parties/1001"
"""A person with two phones, e-mail addresses, websites and addresses, and an organisation."""


@pytest.fixture(params=["capsule", "capsule-v1 xml", "capsule-v1 json"])
def capsule(
    request: pytest.FixtureRequest, serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch
) -> Acme:
    """A connection to a service that keeps rows in its records."""
    crm, _, format_ = request.param.partition(" ")
    served = serve(crm=crm)
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", served.token)
    lines = ["connections:", "  acme:", f"    crm: {crm}", f"    url: {served.connection.url}"]
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text("\n".join([*lines, *([f"    format: {format_}"] if format_ else []), ""]))
    return Acme(served, program)


def values_of(capsule: Acme, target: str) -> Any:
    return capsule("show", target, "--format", "json").json["values"]


def without_times(values: Any) -> Any:
    return {name: value for name, value in values.items() if name != "updatedAt"}


def test_one_member_costs_a_read_and_a_write(capsule: Acme) -> None:
    before = values_of(capsule, ANN)
    work, mobile = before["phoneNumbers"]
    ran, calls = capsule.calls("edit", ANN, f"phoneNumbers.{mobile['id']}.number=+44 1", "--format", "json")
    assert ran.code == 0, ran
    assert [call.partition(" ")[0] for call in calls] == ["GET", "PUT"]
    assert ran.json["values"]["phoneNumbers"] == [work, {**mobile, "number": "+44 1"}]
    assert without_times(values_of(capsule, ANN)) == without_times(
        {**before, "phoneNumbers": [work, {**mobile, "number": "+44 1"}]}
    )


def test_rows_are_made_and_removed_in_one_command(capsule: Acme) -> None:
    before = values_of(capsule, ANN)
    gone, kept = before["phoneNumbers"]
    home = before["addresses"][1]["id"]
    new = ("phoneNumbers.+.number=7", "phoneNumbers.+.type=fax")
    ran = capsule("edit", ANN, f"phoneNumbers.{gone['id']}=", *new, f"addresses.{home}.city=Leeds")
    assert ran.code == 0, ran
    after = values_of(capsule, ANN)
    assert after["phoneNumbers"][0] == kept
    assert [(row["type"], row["number"]) for row in after["phoneNumbers"][1:]] == [("Fax", "7")]
    assert after["addresses"] == [before["addresses"][0], {**before["addresses"][1], "city": "Leeds"}]
    assert after["websites"] == before["websites"]


def test_a_new_record_has_its_rows_and_a_country_by_its_name(capsule: Acme) -> None:
    rows = ("phoneNumbers.+.number=7", "addresses.+.street=1 St", "addresses.+.country=united kingdom")
    ran = capsule("new", "acme/parties", "type=organisation", "name=Zeta", *rows, "--format", "json")
    assert ran.code == 0, ran
    values = ran.json["values"]
    assert [row["number"] for row in values["phoneNumbers"]] == ["7"]
    assert [row["country"] for row in values["addresses"]] == ["United Kingdom"]
    assert capsule("choices", "acme/parties", "addresses.country", "--format", "json").json[0]["value"]


def test_a_row_that_there_is_not_is_refused_with_those_that_there_are(capsule: Acme) -> None:
    ids = [row["id"] for row in values_of(capsule, ANN)["phoneNumbers"]]
    capsule("edit", ANN, "phoneNumbers.9.number=1").failed(6, "phoneNumbers.9", ", ".join(ids))
    capsule("edit", ANN, "phoneNumbers.9=").failed(6, "phoneNumbers.9", ", ".join(ids))
    capsule("edit", ANN, "phoneNumbers=1").failed(6, "phoneNumbers.ID.MEMBER=VALUE")
    capsule("edit", ANN, "phoneNumbers.9.fax=1").failed(2, "phoneNumbers.9.fax")


def test_what_is_missing_in_a_row_is_told_before_a_call_is_spent(capsule: Acme) -> None:
    first = values_of(capsule, ANN)["phoneNumbers"][0]["id"]
    ran, calls = capsule.calls("edit", ANN, f"phoneNumbers.{first}.number=", "emailAddresses.+.type=Work")
    ran.failed(6, f"phoneNumbers.{first}.number is required", "emailAddresses.+.address is required")
    assert not calls


def test_a_field_that_the_record_cannot_have_is_told_before_a_call_is_spent(capsule: Acme) -> None:
    assert values_of(capsule, ACME)["type"] == "organisation"
    new = ("new", "acme/parties", "type=organisation", "jobTitle=CEO")
    for command in (("edit", ACME, "jobTitle=CEO"), new):
        ran, calls = capsule.calls(*command)
        ran.failed(6, "jobTitle is of records whose type is person")
        assert not calls


def test_a_dry_run_shows_the_one_row_and_sends_nothing(capsule: Acme) -> None:
    work, mobile = values_of(capsule, ANN)["phoneNumbers"]
    ran, calls = capsule.calls("edit", ANN, f"phoneNumbers.{mobile['id']}.number=777", "--dry-run")
    assert not calls
    assert "777" in ran.out
    assert work["number"] not in ran.out
    assert ran.out.endswith("2 calls\n")


def test_a_dry_run_shows_a_row_of_a_record_that_was_never_read(capsule: Acme) -> None:
    ran, calls = capsule.calls("edit", ANN, "phoneNumbers.1198.number=777", "--dry-run")
    assert not [call for call in calls if not call.startswith("GET")]
    assert "1198" in ran.out
    assert "777" in ran.out


def test_what_somebody_else_did_to_the_row_is_a_conflict_and_to_others_is_none(capsule: Acme) -> None:
    work, mobile = values_of(capsule, ANN)["phoneNumbers"]
    with_theirs = {**mobile, "number": "theirs"}
    assert _elsewhere(capsule, ANN, f"phoneNumbers.{mobile['id']}.number=theirs")
    ran = capsule("edit", ANN, f"phoneNumbers.{mobile['id']}.number=mine")
    ran.failed(7, 'mine "Mobile mine"', 'theirs "Mobile theirs"')
    assert values_of(capsule, ANN)["phoneNumbers"] == [work, with_theirs]
    _elsewhere(capsule, ANN, f"phoneNumbers.{work['id']}.number=other")
    ran = capsule("edit", ANN, f"phoneNumbers.{mobile['id']}.number=mine", "--format", "json")
    assert [row["number"] for row in ran.json["values"]["phoneNumbers"]] == ["other", "mine"]


def _elsewhere(capsule: Acme, *arguments: str) -> bool:
    """Somebody else changes a record, from another machine."""
    here = os.environ["CRMTUI_DATA_DIR"]
    os.environ["CRMTUI_DATA_DIR"] = str(Path(here).with_name("elsewhere"))
    try:
        return capsule("edit", *arguments).code == 0
    finally:
        os.environ["CRMTUI_DATA_DIR"] = here


def test_an_undo_brings_the_rows_back(capsule: Acme) -> None:
    before = values_of(capsule, ANN)["phoneNumbers"]
    assert capsule("edit", ANN, f"phoneNumbers.{before[0]['id']}=", "phoneNumbers.+.number=7").code == 0
    assert capsule("undo", "acme").code == 0
    after = values_of(capsule, ANN)["phoneNumbers"]
    assert {(r["type"], r["number"]) for r in after} == {(r["type"], r["number"]) for r in before}
    assert before[1] in after


def test_members_are_fields_and_a_table_shows_what_rows_are_there_for(capsule: Acme) -> None:
    fields = {each["name"]: each for each in capsule("fields", "acme/parties", "--format", "json").json}
    assert fields["phoneNumbers.number"]["required"]
    assert [choice["value"] for choice in fields["emailAddresses.type"]["choices"]] == ["Home", "Work"]
    assert fields["websites.url"]["read_only"]
    number = values_of(capsule, ACME)["phoneNumbers"][0]["number"]
    table = capsule("list", "acme/parties", "--columns", "name,phoneNumbers", "--format", "table").out
    assert number in table
    assert "{" not in table
