"""Forms: what the text in an editor means, what of it is changed, and what is kept of it."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crmtui.config import Connection
from crmtui.model.errors import Invalid
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Choice, Field, FieldType, Schema
from crmtui.model.text import clean
from crmtui.model.write import Op
from crmtui.sandbox.hostile import TEXTS
from crmtui.store.drafts import Draft
from crmtui.workspace.desk import Desk
from crmtui.workspace.form_texts import hint, meant, preview, text_for
from crmtui.workspace.forms import Form
from crmtui.workspace.opening import open_account

T = FieldType
TODAY = date(2026, 3, 2)
STAGES = (Choice("1", "Lead"), Choice("2", "Customer"), Choice("3", "Former customer"))
SCHEMA = Schema(
    "accounts",
    (
        Field("name", "Name", required=True, max_length=20),
        Field("notes", "Notes", T.MULTILINE),
        Field("stage", "Stage", T.CHOICE, choices=STAGES, open=False),
        Field("word", "Word", T.CHOICE, choices=(Choice("a", "Alpha"),)),
        Field("tags", "Tags", T.CHOICES, choices=STAGES, open=False),
        Field("parentid", "Parent", T.REFERENCE, refers_to="accounts"),
        Field("staff", "Staff", T.INTEGER),
        Field("worth", "Worth", T.MONEY),
        Field("share", "Share", T.PERCENT),
        Field("live", "Live", T.BOOLEAN),
        Field("begun", "Begun", T.DATE),
        Field("called", "Called", T.DATETIME),
        Field("odd", "Odd", T.UNKNOWN),
        Field("lines", "Lines", T.ROWS),
        Field("addressline", "Street"),
        Field("modifieddate", "Modified", T.DATETIME, read_only=True),
    ),
)
VALUES: dict[str, Value] = {
    "name": "Acme Ltd",
    "notes": "one\r\ntwo",
    "stage": "1",
    "word": "a",
    "tags": "1;2",
    "parentid": 7,
    "staff": 12,
    "worth": Decimal("1000.50"),
    "share": None,
    "live": 1,
    "begun": "2026-01-05",
    "called": "2026-01-05 10:30:00",
    "odd": "strange",
    "lines": [{"id": 1, "text": "x"}],
    "addressline": "",
    "modifieddate": "2026-01-05 10:30:00",
}


def record(id_: str = "1", **values: Value) -> Record:
    return Record(Ref("acme", "accounts", id_), str(values.get("name", "Acme Ltd")), {**VALUES, **values})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on whose account nothing is ever asked for."""
    connection = Connection(name="acme", crm="spotler", url="http://127.0.0.1:9")
    account = open_account(connection, tokens={"acme": "t"}, base=tmp_path)
    parents = [record("7", name="Holding"), record("8", name="Holly & Sons"), record("9", name="Twin")]
    account.mirror.upsert([record(), *parents, record("10", name="Twin")])
    yield Desk(account)
    asyncio.run(account.close())


@pytest.fixture
def form(desk: Desk) -> Form:
    return Form(desk, SCHEMA, record())


def typed(form: Form, **texts: str) -> dict[str, Value]:
    """The edits after these texts were typed."""
    for name, text in texts.items():
        form.set(name, text)
    return form.edits(TODAY)


# -- what there is to edit


def test_an_untouched_form_changes_nothing(form: Form) -> None:
    assert form.changed == []
    assert form.edits(TODAY) == {}
    assert not form.touched


def test_fields_stand_in_groups_and_rows_are_read_only(form: Form) -> None:
    groups = {title: [each.field.name for each in fields] for title, fields in form.groups()}
    assert groups[""] == ["name", "notes"]
    assert groups["Address"] == ["addressline"]
    assert "odd" in groups["More"]
    assert "lines" not in form.fields
    assert [label for label, _ in form.lines()] == ["Lines", "Modified"]


def test_the_first_field_is_one_to_write_in(desk: Desk) -> None:
    fields = (Field("a", type=T.REFERENCE), Field("b", type=T.BOOLEAN), Field("c"), Field("d"))
    assert Form(desk, Schema("accounts", fields), None).first() == "c"
    assert Form(desk, Schema("accounts", fields[:2]), None).first() == "a"
    assert Form(desk, Schema("accounts", ()), None).first() == ""


def test_a_field_nobody_has_seen_is_text(form: Form) -> None:
    assert typed(form, odd="other") == {"odd": "other"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("name", "Acme Ltd"),
        ("notes", "one\ntwo"),
        ("stage", "Lead"),
        ("tags", "Lead; Customer"),
        ("parentid", "Holding"),
        ("worth", "1000.50"),
        ("share", ""),
        ("live", "true"),
        ("begun", "2026-01-05"),
        ("called", "2026-01-05 10:30"),
    ],
)
def test_an_editor_shows_what_people_call_a_value(form: Form, name: str, text: str) -> None:
    assert form.shown(name) == text


# -- what is meant


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("name", "Acme", "Acme"),
        ("notes", "one\ntwo\nthree", "one\r\ntwo\nthree"),
        ("notes", "", None),
        ("stage", "2", "2"),
        ("stage", "customer", "2"),
        ("word", "free", "free"),
        ("tags", "3; lead", ["3", "1"]),
        ("parentid", "8", "8"),
        ("parentid", "holly & sons", "8"),
        ("parentid", "4711", "4711"),
        ("parentid", "", None),
        ("staff", "13", 13),
        ("worth", "1000.5", None),
        ("worth", "7.25", Decimal("7.25")),
        ("share", "25%", 25),
        ("live", "false", False),
        ("begun", "+2w", "2026-03-16"),
        ("called", "today", "2026-03-02"),
        ("called", "2026-03-02 09:00", "2026-03-02T09:00:00"),
    ],
)
def test_a_text_becomes_a_value(form: Form, name: str, text: str, value: Value) -> None:
    edits = typed(form, **{name: text})
    if (name, text) == ("worth", "1000.5"):
        assert edits == {}, "the same amount is no change"
    else:
        assert edits == {name: value}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("staff", "many", "is no number"),
        ("staff", "1.5", "is no whole number"),
        ("worth", "1,000", "write 1000"),
        ("begun", "soon", "is no date"),
        ("stage", "nobody", "does not take"),
        ("tags", "Lead; nobody", "does not take"),
        ("parentid", "twin", "is the name of"),
        ("parentid", "nobody at all", "names no record"),
        ("name", "x" * 21, "20 are allowed"),
        ("name", "", "is required"),
    ],
)
def test_what_is_no_value_is_told_at_its_field(form: Form, name: str, text: str, words: str) -> None:
    form.set(name, text)
    assert words in form.problem(name, TODAY)
    assert list(form.problems(TODAY)) == [name]
    assert words in form.fields[name].error
    form.set(name, text + "?")
    assert form.fields[name].error == "", "another text, another chance"


def test_every_wrong_text_is_named_at_once(form: Form) -> None:
    form.set("staff", "x")
    form.set("begun", "y")
    with pytest.raises(Invalid) as caught:
        form.edits(TODAY)
    assert set(caught.value.fields) == {"staff", "begun"}


def test_typing_the_old_label_is_no_change(form: Form) -> None:
    form.set("stage", "customer")
    form.set("stage", "lead")
    form.set("parentid", "Holding")
    assert form.changed == []


# -- texts that hurt


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("type_", [T.TEXT, T.MULTILINE])
def test_what_is_not_touched_of_a_text_stays_as_it_was_read(text: str, type_: FieldType) -> None:
    field = Field("x", type=type_)
    shown = text_for(field, text)
    assert "\x1b" not in shown
    assert meant(field, text, shown) == text
    assert meant(field, text, shown + "!") == text + "!"
    assert meant(field, text, "!" + shown) == "!" + text
    assert meant(field, text, "") == ""


def test_hostile_values_and_labels_are_shown_clean(desk: Desk) -> None:
    hostile = "\x1b]52;c;x\x07[/]"
    read = record(**dict.fromkeys(("name", "notes", "stage", "odd", "parentid", "begun"), hostile))
    form = Form(desk, SCHEMA, Record(read.ref, hostile, read.values, {"parentid": hostile}))
    for name in form.fields:
        assert clean(form.shown(name).replace("\n", " ")) == form.shown(name).replace("\n", " ")
    assert form.edits(TODAY) == {}


# -- looking up


def names(found: Sequence[Choice]) -> list[str]:
    return [choice.label for choice in found]


def test_what_begins_with_the_text_comes_first(form: Form) -> None:
    assert names(form.candidates("stage", "cu")) == ["Customer", "Former customer"]
    assert names(form.candidates("parentid", "hol")) == ["Holding", "Holly & Sons"]
    assert names(form.candidates("parentid", "8")) == ["Holly & Sons"]
    assert form.candidates("stage", "zz") == []


def test_the_present_value_is_always_among_them(desk: Desk) -> None:
    form = Form(desk, SCHEMA, record(stage="gone", parentid=99))
    assert names(form.candidates("stage", ""))[0] == "gone"
    assert "99" in names(form.candidates("parentid", ""))
    assert form.shown("parentid") == "99"
    assert form.edits(TODAY) == {}


# -- new records


def test_a_new_record_takes_all_that_is_filled_in(desk: Desk) -> None:
    form = Form(desk, SCHEMA, None)
    assert list(form.problems(TODAY)) == ["name"]
    assert typed(form, name="New", staff="3", live="true") == {"name": "New", "staff": 3, "live": True}
    write = form.write(TODAY)
    assert (write.op, write.ref, write.base) == (Op.CREATE, Ref("acme", "accounts", ""), {})


def test_another_records_values_begin_a_new_one(desk: Desk) -> None:
    values = {**VALUES, "name": "A\x07B"}
    form = Form(desk, SCHEMA, None, values=values)
    assert form.edits(TODAY)["name"] == "A\x07B"
    assert form.edits(TODAY)["parentid"] == "7"
    assert "lines" not in form.edits(TODAY)
    assert not form.touched


# -- drafts


def test_a_draft_comes_back(desk: Desk, form: Form) -> None:
    typed(form, name="Acme", staff="13")
    form.draft.keep("staff", 2)
    again = Form(desk, SCHEMA, record())
    assert again.edits(TODAY) == {"name": "Acme", "staff": 13}
    assert again.draft.found is not None
    assert (again.draft.found.field, again.draft.found.cursor) == ("staff", 2)
    moment = again.draft.found.updated_at
    assert again.draft.age(moment).startswith("draft from today ")
    assert "today" not in again.draft.age(moment + 200_000)
    again.discard()
    assert again.edits(TODAY) == {}
    assert desk.account.drafts.all() == []


def test_a_form_as_it_was_leaves_no_draft(desk: Desk, form: Form) -> None:
    form.set("name", "Acme")
    form.draft.keep("name", 0)
    form.set("name", "Acme Ltd")
    form.draft.keep("name", 0)
    assert desk.account.drafts.all() == []


def test_a_draft_starts_from_what_was_read_when_it_was_begun(desk: Desk, form: Form) -> None:
    form.set("name", "Mine")
    form.draft.keep("name", 0)
    later = Form(desk, SCHEMA, record(name="Theirs", staff=99))
    assert later.draft.moved == ("name",)
    write = later.write(TODAY)
    assert (write.edits, write.base) == ({"name": "Mine"}, {"name": "Acme Ltd"})


def test_a_drafts_field_that_is_gone_is_left_out(desk: Desk) -> None:
    ref = Ref("acme", "accounts", "1")
    form = Form(desk, SCHEMA, record(), Draft(ref, {"gone": "x", "lines": "y", "name": "Z"}))
    assert form.changed == ["name"]


def test_new_records_have_drafts_of_their_own(desk: Desk) -> None:
    new = Form(desk, SCHEMA, None)
    new.set("name", "First")
    new.draft.keep("name", 0)
    copy = Form(desk, SCHEMA, None, values=VALUES)
    assert copy.shown("name") == "Acme Ltd", "another draft is not in it"
    copy.set("name", "Copy")
    copy.draft.keep("name", 0)
    assert len(desk.account.drafts.all()) == 2
    found = next(draft for draft in desk.account.drafts.all() if draft.texts["name"] == "Copy")
    assert found.ref.id.startswith("+accounts-")
    assert Form(desk, SCHEMA, None, ref=found.ref).shown("name") == "Copy"
    assert Form(desk, SCHEMA, None).shown("name") == "First"


# -- what others did


def test_after_a_conflict_the_form_starts_from_theirs_and_holds_what_was_decided(form: Form) -> None:
    form.set("name", "Mine")
    form.set("word", "free")
    form.rebase(record(name="Theirs", staff=99), {"name": "Both"})
    assert form.shown("staff") == "99"
    write = form.write(TODAY)
    assert write.edits == {"name": "Both", "word": "free"}
    assert write.base["name"] == "Theirs"


# -- words


def test_changes_are_told_in_labels(form: Form) -> None:
    typed(form, name="Acme", parentid="8", live="false", notes="")
    assert form.changes(form.write(TODAY)) == [
        ("Name", "Acme Ltd", "Acme"),
        ("Notes", "one\ntwo", ""),
        ("Parent", "Holding", "Holly & Sons"),
        ("Live", "yes", "no"),
    ]
    assert form.cost() == "2 calls"


def test_help_comes_from_the_dictionary() -> None:
    assert hint(SCHEMA.field("name")) == "required · at most 20 characters"
    assert "other words too" in hint(SCHEMA.field("word"))
    assert preview(SCHEMA.field("begun"), "+2w", TODAY) == "Mon 16 Mar 2026"
    assert preview(SCHEMA.field("called"), "2026-03-02 09:00", TODAY) == "Mon 2 Mar 2026 09:00"
    assert preview(SCHEMA.field("begun"), "2026-", TODAY) == ""
    assert preview(SCHEMA.field("name"), "today", TODAY) == ""
