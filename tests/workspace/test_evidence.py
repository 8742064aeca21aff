"""Why a search found a record: which field tells it, and which letters of it are marked."""

import pytest

from crmtui.model.record import Record, Ref, Value
from crmtui.workspace.evidence import Wanted


def record(title: str = "Bolt Ltd", labels: dict[str, str] | None = None, **values: Value) -> Record:
    return Record(Ref("acme", "accounts", "95920978"), title, {"name": title, **values}, labels or {})


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("noon", "Deliveries before noon.", "noon"),
        ("NOO", "Deliveries before noon.", "noo"),
        ("alvarez", "Met José Álvarez there", "Álvarez"),
        ("strasse", "Hauptstraße 1", None),
        ("アク", "株式会社アクメ商事", "アク"),
        ("jones@acme", "write to ann.jones@acme.example", "jones@acme"),
        ("+44 20 7946", "call 020 7946 0011", "7946"),
        ("0207946", "call +44 (0)20 7946 0011", "0)20 7946"),
    ],
)
def test_the_words_are_marked_in_the_text_around_them(typed: str, text: str, marked: str | None) -> None:
    why = Wanted(typed).why(record(notes=text))
    if marked is None:
        assert why is None or typed not in why.text
        return
    assert why is not None
    assert why.field == "notes"
    assert why.text[why.span.start : why.span.end] == marked


def test_a_name_that_has_all_the_words_needs_no_reason() -> None:
    assert Wanted("bolt l").why(record(notes="bolt l")) is None


def test_the_field_with_most_of_what_the_name_lacks_is_told() -> None:
    why = Wanted("bolt harbour noon").why(record(city="Harbour", notes="The harbour gate, before noon"))
    assert why is not None
    assert (why.field, why.text[slice(*why.span)]) == ("notes", "harbour")


def test_labels_rows_and_the_id_are_reasons_too() -> None:
    assert Wanted("smith").why(record(ownerid="7", labels={"ownerid": "J. Smith"})) == (
        "ownerid",
        "J. Smith",
        (3, 8),
    )
    rows: Value = [{"id": "1", "product": "Copper bolt M8"}]
    why = Wanted("copper").why(record(lines=rows))
    assert why is not None
    assert why.field == "lines"
    why = Wanted("95920978").why(record())
    assert why is not None
    assert why.field == ""


def test_a_long_text_is_shown_from_a_little_before_the_words() -> None:
    why = Wanted("noon").why(record(notes=f"{'word ' * 400}by noon\x1b[31m at the gate"))
    assert why is not None
    assert why.text.startswith("…")
    assert why.span.start <= 16
    assert why.text[slice(*why.span)] == "noon"
    assert "\x1b" not in why.text
    assert len(why.text) < 250


@pytest.mark.parametrize("typed", ["", " ", "%", '"', "*", "NEAR(a", "\x00", "\ud800", "((("])
def test_what_is_no_word_finds_no_reason(typed: str) -> None:
    assert Wanted(typed).why(record(notes="anything")) is None
