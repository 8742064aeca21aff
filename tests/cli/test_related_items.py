"""Related items of Solve360 on the command line: rows that name records, changed one by one."""

import pytest

from .conftest import Acme
from .test_solve360 import Begin, begin, only

__all__ = ["begin"]
ANN = "acme/contacts/479038"
ACME, ACORN = "10960104", "10960105"
ROW = {"id": ACME, "name": "Acme Ltd", "typeid": "40", "note": None}


def related(acme: Acme) -> dict[str, object]:
    """The notes of Ann's related items by their ids, as the service has them."""
    rows = only(acme("show", ANN))["values"]["relateditems"]
    return {row["id"]: row["note"] for row in rows}


def test_they_are_told_by_name(begin: Begin) -> None:
    acme = begin()
    shown = only(acme("show", ANN))
    assert shown["values"]["relateditems"] == [ROW]
    assert shown["labels"]["relateditems"] == "Acme Ltd"
    types = {row["name"]: (row["type"], row["read_only"]) for row in acme("fields", "acme/contacts").lines}
    assert types["relateditems"] == ("rows", False)
    assert (types["relateditems.note"][1], types["relateditems.name"][1]) == (False, True)


@pytest.mark.parametrize("put", ["status", "item"])
def test_one_write_with_the_other_edits(begin: Begin, put: str) -> None:
    acme = begin(PUT=put)
    ran, calls = acme.calls(
        "edit", ANN, "jobtitle=CFO", f"relateditems.+.id={ACORN}", "relateditems.+.note=was there", 
        f"relateditems.{ACME}=",
    )  # fmt: skip
    assert calls[-2:] == ["GET /contacts/479038", "PUT /contacts/479038"]
    assert (
        acme.last.body.decode()
        .strip()
        .endswith(
            "<request><jobtitle>CFO</jobtitle><relateditems><add><relatedto><id>10960105</id><note>was there"
            "</note></relatedto></add><remove><relatedto><id>10960104</id></relatedto></remove></relateditems>"
            "</request>"
        )
    )
    assert only(ran)["values"]["relateditems"][0]["note"] == "was there"
    assert related(acme) == {ACORN: "was there"}
    assert acme("undo", "acme").code == 0
    assert related(acme) == {ACME: None}


def test_a_note_is_changed_and_emptied(begin: Begin) -> None:
    acme = begin()
    only(acme("edit", ANN, f"relateditems.{ACME}.note=employer"))
    assert related(acme) == {ACME: "employer"}
    ran = acme("edit", ANN, f"relateditems.{ACME}.note=employer")
    assert "nothing was sent" in ran.err
    only(acme("edit", ANN, f"relateditems.{ACME}.note="))
    assert related(acme) == {ACME: None}


def test_a_name_of_a_mirrored_record_is_an_id(begin: Begin) -> None:
    acme = begin()
    command = ("edit", ANN, "relateditems.+.id=acorn & Söhne")
    acme(*command).failed(6, "relateditems.+.id", "write its id")
    assert acme("list", "acme/companies").code == 0
    [row] = [row for row in only(acme(*command))["values"]["relateditems"] if row["id"] == ACORN]
    assert row == {"id": ACORN, "name": "Acorn & Söhne", "typeid": "40", "note": None}
    assert set(related(acme)) == {ACME, ACORN}


def test_a_new_record_begins_with_them(begin: Begin) -> None:
    acme = begin()
    made = only(acme("new", "acme/contacts", "lastname=Zed", "ownership=83421", f"relateditems.+.id={ACME}"))
    assert made["labels"]["relateditems"] == "Acme Ltd"
    assert "<add><relatedto><id>10960104</id></relatedto></add>" in acme.served.sent("POST")[0].body.decode()


def test_several_records_keep_their_own(begin: Begin) -> None:
    acme = begin()
    two = "acme/contacts/479038,479039"
    before = acme("show", "acme/contacts/479039").lines[0]["values"]["relateditems"]
    assert acme("edit", two, "relateditems.+.id=10960106").code == 0
    assert set(related(acme)) == {ACME, "10960106"}
    after = acme("show", "acme/contacts/479039").lines[0]["values"]["relateditems"]
    assert {row["id"] for row in after} == {row["id"] for row in before} | {"10960106"}


def test_what_the_service_passes_over_is_told(begin: Begin) -> None:
    acme = begin(PUT="item")
    private = only(acme("new", "acme/companies", "name=Private", "ownership=299430"))
    ran = acme("edit", ANN, f"relateditems.+.id={private['id']}")
    assert only(ran)["values"]["relateditems"] == [ROW]
    assert "came back as" in ran.err


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ("relateditems.7.note=x", 6, "relateditems.7 is no row of it; it has 10960104"),
        ("relateditems.7=", 6, "relateditems.7 is no row of it"),
        ("relateditems.+.note=x", 6, "relateditems.+.id is required"),
        ("relateditems.10960104.id=7", 6, "relateditems.10960104.id is read-only"),
        ("relateditems.10960104.name=x", 6, "relateditems.10960104.name is read-only"),
        ("relateditems.10960104.nose=x", 2, 'did you mean "note"'),
        ("relateditems=10960105", 6, "relateditems.+.MEMBER=VALUE"),
    ],
)
def test_what_is_refused(begin: Begin, given: str, code: int, words: str) -> None:
    acme = begin()
    acme("edit", ANN, given).failed(code, words)
    assert acme.served.sent("PUT") == []


def test_tickets_are_related_to_nothing(begin: Begin) -> None:
    acme = begin()
    ticket = acme.first_id("tickets")
    ran = acme("edit", f"acme/tickets/{ticket}", "relateditems.+.id=10960104")
    assert (ran.code, ran.out) == (2, "")
