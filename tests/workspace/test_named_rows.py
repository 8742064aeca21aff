"""What texts mean as rows that name records, and back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Field, FieldType, Naming
from crmtui.model.value import same
from crmtui.workspace.account import Account
from crmtui.workspace.form_texts import text_for
from crmtui.workspace.named_rows import Rows, as_text, told

NAMING = Naming("typeid", (("1", "contacts"), ("40", "accounts")))
FIELD = Field("related", "Related", FieldType.ROWS, naming=NAMING, fields=(Field("id"), Field("note")))


def row(id_: str, name: str = "", note: str = "", type_: str = "40") -> dict[str, Value]:
    return {"id": id_, "name": name or None, "typeid": type_, "note": note or None}


HAD: Value = [row("7", "Acme (UK) Ltd", "employer"), row("8", "A; B", "x;\ny (z)")]


@pytest.fixture
def mirrored(account: Account) -> Account:
    """An account whose mirror has some records to be named."""
    for kind, id_, name in (
        ("accounts", "11", "Beta"),
        ("accounts", "12", "Twin"),
        ("contacts", "13", "Twin"),
    ):
        account.mirror.upsert([Record(Ref(account.name, kind, id_), name, {"name": name})])
    return account


def test_they_are_told_by_name(mirrored: Account) -> None:
    assert told(mirrored, NAMING, HAD) == "Acme (UK) Ltd (employer); A, B (x, y (z))"
    assert told(mirrored, NAMING, [{"id": "11", "typeid": "40"}, {"id": "5"}]) == "Beta; 5"
    assert told(mirrored, NAMING, None) == told(mirrored, NAMING, ["x", {"name": "no id"}]) == ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("7 (employer); 8 (x, y (z))", HAD),
        ("Acme (UK) Ltd (employer); a, b (x, y (z))", HAD),
        ("acme (uk) ltd", [row("7", "Acme (UK) Ltd")]),
        ("7 (boss)", [row("7", "Acme (UK) Ltd", "boss")]),
        ("beta (new (here))", [row("11", "Beta", "new (here)")]),
        ("13; 99 (far)", [row("13", "Twin", type_="1"), {**row("99", note="far"), "typeid": None}]),
        ("7; 7 (again)", [row("7", "Acme (UK) Ltd", "again")]),
        ("; ;", []),
    ],
)
def test_what_a_text_means(mirrored: Account, text: str, meant: Value) -> None:
    assert Rows(mirrored, NAMING, HAD).meant(text) == meant


@pytest.mark.parametrize(
    ("text", "words"), [("Twin", "12, 13"), ("Nobody", "names no record"), ("(x)", "(x)")]
)
def test_what_means_nothing(mirrored: Account, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(").replace(")", r"\)")):
        Rows(mirrored, NAMING, HAD).meant(text)


def test_a_row_that_was_not_touched_stays_as_it_was_read(mirrored: Account) -> None:
    assert text_for(FIELD, HAD) == as_text(NAMING, HAD) == "7 (employer); 8 (x, y (z))"
    assert Rows(mirrored, NAMING, HAD).meant(as_text(NAMING, HAD)) == HAD


NOTES = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=12).map(str.strip)


PAIRS = st.lists(st.tuples(st.integers(1, 99), NOTES), max_size=4, unique_by=lambda pair: pair[0])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PAIRS)
def test_every_note_survives_the_editor(mirrored: Account, pairs: list[tuple[int, str]]) -> None:
    rows: list[Value] = [row(str(id_), f"N{id_}", note) for id_, note in pairs]
    meant = Rows(mirrored, NAMING, rows).meant(as_text(NAMING, rows))
    assert same(FIELD, rows, meant)
