"""Rows that are part of their record: in a form, in words, and as the edits of a command."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crmtui.cli.changes import told as told_by_command
from crmtui.config import Connection
from crmtui.crm.capsule.fields import FIELDS
from crmtui.model.errors import Invalid
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Choice, Field, FieldType, Schema
from crmtui.model.write import Clash, Op, merge
from crmtui.store.drafts import Draft
from crmtui.workspace.desk import Desk
from crmtui.workspace.embedded_rows import changes, texts, told
from crmtui.workspace.forms import Form
from crmtui.workspace.opening import open_account
from crmtui.workspace.resolution import Resolution, Side
from crmtui.workspace.rows import RowEdit, Split
from crmtui.workspace.saved import Clashed
from crmtui.workspace.several_form import SeveralForm
from crmtui.workspace.wording import Wording

TODAY = date(2026, 3, 2)
SCHEMA = Schema("accounts", tuple(FIELDS["parties"]))
PHONES, SITES, ADDRESSES = (SCHEMA.field(name) for name in ("phoneNumbers", "websites", "addresses"))
WORK: dict[str, Any] = {"id": 11, "type": "Work", "number": "+44 20 1"}
MOBILE: dict[str, Any] = {"id": 12, "type": "Mobile", "number": "+44 7 2"}
OFFICE: dict[str, Any] = {
    "id": 21,
    "type": "Office",
    "street": "1 High St\nFloor 2",
    "city": "Leeds",
    "zip": "LS1",
}
TWITTER: dict[str, Any] = {
    "id": 31,
    "type": None,
    "service": "TWITTER",
    "address": "acme",
    "url": "https://twitter.com/acme",
}
VALUES: dict[str, Value] = {
    "type": "person",
    "firstName": "Ann",
    "lastName": "Lee",
    "phoneNumbers": [WORK, MOBILE],
    "emailAddresses": [],
    "websites": [TWITTER],
    "addresses": [OFFICE],
    "about": None,
}


def party(id_: str = "1", **values: Any) -> Record:
    return Record(Ref("acme", "accounts", id_), "Ann Lee", {**VALUES, **values})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on whose account nothing is ever asked for."""
    connection = Connection(name="acme", crm="spotler", url="http://127.0.0.1:9")
    account = open_account(connection, tokens={"acme": "t"}, base=tmp_path)
    account.mirror.upsert([party()])
    yield Desk(account)
    asyncio.run(account.close())


def form_of(desk: Desk, record: Record | None = None, **values: Value) -> Form:
    return Form(desk, SCHEMA, record, values=values or None, ref=None if record else Ref("acme", "accounts"))


def _rows(values: Mapping[str, Value], name: str) -> Any:
    return values[name]


def typed(form: Form, texts: Mapping[str, str]) -> Form:
    for name, text in texts.items():
        form.set(name, text)
    return form


# -- in words


def test_rows_are_told_one_a_line_with_their_sorts_in_a_column() -> None:
    assert texts(PHONES, VALUES["phoneNumbers"]) == ["Work    +44 20 1", "Mobile  +44 7 2"]
    assert texts(ADDRESSES, VALUES["addresses"]) == ["Office  1 High St, Floor 2, Leeds, LS1"]
    assert texts(PHONES, [{"id": 1, "number": "\x1b[31m1"}]) == ["␛[31m1"]


def test_changes_are_told_row_by_row() -> None:
    new: Value = [{**WORK, "number": "+44 20 9"}, {"type": "Fax", "number": "7"}]
    assert changes(PHONES, VALUES["phoneNumbers"], new) == [
        ("Phone numbers · Work", "+44 20 1", "+44 20 9"),
        ("Phone numbers · Mobile", "+44 7 2", "removed"),
        ("Phone numbers · Fax", "", "7 (new)"),
    ]
    other: Value = [{**WORK, "type": "Home"}, MOBILE]
    assert changes(PHONES, VALUES["phoneNumbers"], other) == [
        ("Phone numbers", "Work +44 20 1", "Home +44 20 1")
    ]
    assert changes(PHONES, None, [{"number": "7"}]) == [("Phone numbers", "", "7")]


def test_of_a_clash_only_the_rows_that_differ_are_told() -> None:
    mine: Value = [{**WORK, "number": "mine"}, MOBILE]
    theirs: Value = [MOBILE, {**WORK, "number": "theirs"}]
    sides = (VALUES["phoneNumbers"], mine, theirs)
    assert [told(PHONES, side, *sides) for side in sides] == ["Work +44 20 1", "Work mine", "Work theirs"]


# -- the form


def test_each_row_has_its_editors_and_there_is_a_new_one(desk: Desk) -> None:
    form = form_of(desk, party())
    groups = {title: [(each.name, each.label) for each in fields] for title, fields in form.groups()}
    assert groups["Phone numbers"] == [
        ("phoneNumbers.11.number", "Number"),
        ("phoneNumbers.11.type", "  Type"),
        ("phoneNumbers.12.number", "Number"),
        ("phoneNumbers.12.type", "  Type"),
        ("phoneNumbers.+.number", "+ Number"),
        ("phoneNumbers.+.type", "  Type"),
    ]
    assert [name for name, _ in groups["Websites"]][:3] == [
        "websites.31.address", "websites.31.type", "websites.31.service"
    ]  # fmt: skip
    assert form.shown("addresses.21.street") == "1 High St\nFloor 2"
    assert form.field("addresses.21.country").name == "addresses.country"
    assert not form.touched


def test_one_member_of_one_row_is_changed_and_all_rows_are_kept(desk: Desk) -> None:
    form = typed(form_of(desk, party()), {"phoneNumbers.11.number": "+44 20 9"})
    write = form.write(TODAY)
    rows = [{**WORK, "id": "11", "number": "+44 20 9"}, {**MOBILE, "id": "12"}]
    assert write.edits == {"phoneNumbers": rows}
    assert write.base == {"phoneNumbers": [{**WORK, "id": "11"}, {**MOBILE, "id": "12"}]}
    assert form.changes(write) == [("Phone numbers · Work", "+44 20 1", "+44 20 9")]


def test_a_row_that_is_emptied_goes(desk: Desk) -> None:
    form = typed(form_of(desk, party()), {"phoneNumbers.11.number": "  "})
    assert form.edits(TODAY) == {"phoneNumbers": [{**MOBILE, "id": "12"}]}
    form = typed(form_of(desk, party()), {"addresses.21.street": ""})
    assert [row["city"] for row in _rows(form.edits(TODAY), "addresses")] == ["Leeds"]
    typed(form, {"addresses.21.city": "", "addresses.21.zip": ""})
    assert form.edits(TODAY) == {"addresses": []}


def test_a_new_row_is_followed_by_another(desk: Desk) -> None:
    form = form_of(desk, party())
    assert "phoneNumbers.+2.number" not in form.fields
    typed(form, {"phoneNumbers.+.number": "1", "phoneNumbers.+.type": "Fax", "phoneNumbers.+2.number": "2"})
    assert "phoneNumbers.+3.number" in form.fields
    assert _rows(form.edits(TODAY), "phoneNumbers")[2:] == [{"number": "1", "type": "Fax"}, {"number": "2"}]


def test_a_new_row_of_nothing_but_its_type_is_told(desk: Desk) -> None:
    form = typed(form_of(desk, party()), {"phoneNumbers.+.type": "Fax"})
    problems = form.problems(TODAY)
    assert list(problems) == ["phoneNumbers.+.number"]
    assert "fill it in" in form.fields["phoneNumbers.+.number"].error


def test_what_is_wrong_is_told_at_its_line(desk: Desk) -> None:
    members = (Field("id", read_only=True), Field("kind", type=FieldType.CHOICE, open=False,
               choices=(Choice("a", "Alpha"),)), Field("text", max_length=3, required=True),
               Field("more"))  # fmt: skip
    schema = Schema("accounts", (Field("name"), Field("bits", "Bits", FieldType.ROWS, fields=members)))
    record = Record(
        Ref("acme", "accounts", "1"), "A", {"name": "A", "bits": [{"id": 1, "text": "x", "kind": "a"}]}
    )
    form = Form(desk, schema, record)
    typed(form, {"bits.1.text": "long text", "bits.+.more": "x", "bits.1.kind": "zz"})
    problems = form.problems(TODAY)
    assert "characters long" in problems["bits.1.text"]
    assert problems["bits.+.text"] == "is required"
    assert "does not take" in problems["bits.1.kind"]
    assert "characters long" in form.problem("bits.1.text", TODAY)
    typed(form, {"bits.1.kind": "Alpha"})
    assert form.problem("bits.1.kind", TODAY) == ""


@pytest.mark.parametrize(
    ("named", "at"),
    [
        ("phoneNumbers", "phoneNumbers.12.number"),
        ("phoneNumbers.number", "phoneNumbers.12.number"),
        ("phoneNumbers.12.type", "phoneNumbers.12.type"),
        ("emailAddresses", "emailAddresses.+.address"),
    ],
)
def test_a_refusal_of_the_service_stands_at_the_changed_line(desk: Desk, named: str, at: str) -> None:
    form = typed(form_of(desk, party()), {"phoneNumbers.12.number": "x"})
    assert form.blame({named: "is refused"}) == {at: "is refused"}
    assert form.fields[at].error == "is refused"


def test_rows_never_read_have_no_editors(desk: Desk) -> None:
    record = Record(Ref("acme", "accounts", "1"), "A", {"type": "person", "phoneNumbers": "odd"})
    assert "phoneNumbers" not in form_of(desk, record).rows


def test_a_duplicate_begins_with_the_rows_as_new_ones(desk: Desk) -> None:
    form = form_of(desk, None, **VALUES)
    assert _rows(form.edits(TODAY), "phoneNumbers") == [
        {"type": "Work", "number": "+44 20 1"}, {"type": "Mobile", "number": "+44 7 2"}
    ]  # fmt: skip
    assert not form.touched


def test_several_records_leave_rows_out_and_say_so(desk: Desk) -> None:
    form = SeveralForm(desk, SCHEMA, [party("1"), party("2")])
    assert not form.rows
    assert ("Phone numbers", "each record has its own: e changes them there") in form.lines()


# -- drafts


def test_a_draft_of_rows_comes_back(desk: Desk) -> None:
    form = typed(form_of(desk, party()), {"phoneNumbers.11.number": "9", "phoneNumbers.+.number": "7",
                 "phoneNumbers.+2.number": "8"})  # fmt: skip
    form.draft.keep("phoneNumbers.+2.number", 1)
    again = form_of(desk, party())
    assert again.draft.found
    assert again.changed == ["phoneNumbers.11.number", "phoneNumbers.+.number", "phoneNumbers.+2.number"]
    assert again.edits(TODAY) == form.edits(TODAY)
    assert again.draft.moved == ()
    again.discard()
    assert again.changed == []
    assert "phoneNumbers.+2.number" not in again.fields


def test_what_was_typed_in_a_row_that_is_gone_stands_in_a_new_one(desk: Desk) -> None:
    form = typed(form_of(desk, party()), {"phoneNumbers.11.number": "9"})
    form.draft.keep("phoneNumbers.11.number", 1)
    again = form_of(desk, party(phoneNumbers=[MOBILE]))
    assert again.changed == ["phoneNumbers.+.number", "phoneNumbers.+.type"]
    assert again.shown("phoneNumbers.+.number") == "9"
    assert again.shown("phoneNumbers.+.type") == "Work"
    assert [again.label(name) for name in again.draft.moved] == ["Phone numbers"]


def test_a_draft_of_a_row_that_moved_is_told_and_keeps_its_base(desk: Desk) -> None:
    form = typed(form_of(desk, party()), {"phoneNumbers.11.number": "9"})
    form.draft.keep("phoneNumbers.11.number", 1)
    again = form_of(desk, party(phoneNumbers=[{**WORK, "number": "5", "type": "Fax"}, MOBILE]))
    assert again.draft.moved == ("phoneNumbers.11.number",)
    write = again.write(TODAY)
    assert _rows(write.base, "phoneNumbers")[0] == {"id": "11", "type": "Fax", "number": "+44 20 1"}
    assert _rows(write.edits, "phoneNumbers")[0] == {"id": "11", "type": "Fax", "number": "9"}


def test_an_odd_draft_of_new_rows_ends(desk: Desk) -> None:
    draft = Draft(
        Ref("acme", "accounts", "1"), {"phoneNumbers.+99999.number": "1", "phoneNumbers.+x.fax": "2"}
    )
    assert Form(desk, SCHEMA, party(), draft).edits(TODAY)["phoneNumbers"]


# -- a conflict


def test_mine_stands_on_top_of_theirs_and_theirs_leaves_nothing_to_send(desk: Desk) -> None:
    desk.account.known.keep_schema(Schema("accounts", SCHEMA.fields, fetched_at=1))
    form = typed(form_of(desk, party()), {"phoneNumbers.11.number": "9", "emailAddresses.+.address": "a@b.c"})
    write = form.write(TODAY)
    phones = [{**WORK, "number": "5"}, MOBILE, {"id": 13, "number": "3"}]
    theirs = party(phoneNumbers=phones, emailAddresses=[{"id": 41, "type": None, "address": "x@y.z"}])
    _, clashes = merge(SCHEMA, write, theirs)
    resolution = Resolution(desk, write, Clashed(clashes, theirs))
    assert [resolution.words("phoneNumbers", side) for side in (Side.ORIGINAL, Side.MINE, Side.THEIRS)] == [
        "Work +44 20 1", "Work 9; 3", "Work 5; 3"
    ]  # fmt: skip
    decided = resolution.decided(TODAY)
    assert [row["number"] for row in _rows(decided.edits, "phoneNumbers")] == ["9", "+44 7 2", "3"]
    assert [row["address"] for row in _rows(decided.edits, "emailAddresses")] == ["x@y.z", "a@b.c"]
    resolution.choose("phoneNumbers", Side.THEIRS)
    assert list(resolution.decided(TODAY).edits) == ["emailAddresses"]
    assert Wording(desk, "accounts").changes(decided)[0] == ("Phone numbers · Work", "5", "9")


def test_a_form_goes_on_with_what_was_decided(desk: Desk) -> None:
    form = typed(form_of(desk, party()), {"phoneNumbers.11.number": "9", "addresses.21.city": "York"})
    theirs = party(phoneNumbers=[{**WORK, "number": "5"}, {"id": 13, "number": "3"}],
                   addresses=[{**OFFICE, "zip": "YO1"}])  # fmt: skip
    decided: Value = [{"id": "11", "type": "Work", "number": "9"}, {"type": "Fax", "number": "n"}]
    form.rebase(theirs, {"phoneNumbers": decided})
    edits = form.edits(TODAY)
    assert edits["phoneNumbers"] == decided
    assert edits["addresses"] == [{**OFFICE, "id": "21", "zip": "YO1", "city": "York"}]
    assert "phoneNumbers.12.number" not in form.fields


# -- fields that only some records have


def test_a_record_shows_only_the_fields_that_its_type_has(desk: Desk) -> None:
    assert "name" not in form_of(desk, party()).fields
    acme = party(type="organisation", name="Acme", firstName=None, lastName=None)
    assert {"name"} == {"name", "firstName", "jobTitle"} & form_of(desk, acme).fields.keys()


def test_a_new_record_begins_with_the_first_type_and_follows_it(desk: Desk) -> None:
    form = form_of(desk)
    assert form.shown("type") == "Person"
    assert form.first() == "firstName"
    assert not form.is_shown("name")
    typed(form, {"firstName": "Ann", "type": "organ"})
    assert form.is_shown("firstName"), "half a word is no type yet"
    typed(form, {"type": "organisation", "name": "Acme"})
    assert form.is_shown("name")
    assert not form.is_shown("firstName")
    assert form.edits(TODAY) == {"type": "organisation", "name": "Acme"}
    form.draft.keep("name", 4)
    again = form_of(desk)
    assert again.is_shown("name")
    typed(again, {"type": "Person"})
    assert again.shown("firstName") == "Ann"
    assert again.edits(TODAY) == {"type": "person", "firstName": "Ann"}


def test_a_new_record_with_an_organisation_is_a_person(desk: Desk) -> None:
    assert form_of(desk, None, name="Acme").shown("type") == "Organisation"
    assert form_of(desk, None, jobTitle="CEO").shown("type") == "Person"


def test_a_field_that_the_record_cannot_have_is_refused_by_name(desk: Desk) -> None:
    split = Split(desk, SCHEMA, {"type": "organisation", "jobTitle": "CEO"}, [])
    with pytest.raises(Invalid, match="jobTitle is of records whose type is person"):
        split.check(Op.CREATE)
    with pytest.raises(Invalid, match="name is of records whose type is organisation; this one's is person"):
        Split(desk, SCHEMA, {"name": "Acme"}, []).check_against(party())
    Split(desk, SCHEMA, {"firstName": "Ann"}, []).check_against(party())


def test_a_required_field_of_other_records_is_not_missed(desk: Desk) -> None:
    fields = (*SCHEMA.fields, Field("shoe", required=True, given=("type", "person")))
    schema = Schema("accounts", fields)
    desk.edits.check(schema, Op.CREATE, {"type": "organisation", "name": "Acme"})
    with pytest.raises(Invalid, match="shoe is required"):
        desk.edits.check(schema, Op.CREATE, {"type": "person", "firstName": "Ann"})


# -- as a command says it


def test_the_members_of_rows_are_checked_before_anything_is_sent(desk: Desk) -> None:
    rows = [
        RowEdit(PHONES, Op.CREATE, "+", {"type": "Fax"}),
        RowEdit(SITES, Op.EDIT, "31", {"address": None}),
    ]
    with pytest.raises(Invalid) as refused:
        Split(desk, SCHEMA, {}, rows).check(Op.EDIT)
    assert refused.value.fields == {
        "phoneNumbers.+.number": "is required", "websites.31.address": "is required"
    }  # fmt: skip


def test_a_clash_in_the_words_of_a_command() -> None:
    clash = Clash("phoneNumbers", [WORK, MOBILE], [{**WORK, "number": "1"}, MOBILE], [MOBILE])
    error = told_by_command(Clashed([clash], party()), SCHEMA)
    assert 'phoneNumbers: original "Work +44 20 1", mine "Work 1", theirs "".' in error.message
