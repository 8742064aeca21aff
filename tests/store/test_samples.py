"""Looks into the mirror for what a person may be typing."""

from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Field, FieldType
from crmtui.store.database import open_mirror
from crmtui.store.mirror import Mirror
from crmtui.store.samples import Samples


def samples(*rows: tuple[str, Value]) -> Samples:
    """The samples of a mirror of accounts: titles, and what their field `x` holds."""
    database = open_mirror(None)
    Mirror(database, "acme").upsert(
        Record(Ref("acme", "accounts", str(number)), title, {"x": value}, fetched_at=1.0)
        for number, (title, value) in enumerate(rows, 1)
    )
    return Samples(database)


def test_titles_that_begin_with_a_text_come_before_those_that_contain_it() -> None:
    found = samples(*((title, None) for title in ("The Acme", "acme b", "Acme a", "Zebra", "100%", "Ümit")))
    assert [title for _, title in found.titles("accounts", "ac", 9)] == ["Acme a", "acme b", "The Acme"]
    assert [title for _, title in found.titles("accounts", "0%", 9)] == ["100%"]
    assert [title for _, title in found.titles("accounts", "Üm", 9)] == ["Ümit"]
    assert len(found.titles("accounts", "", 4)) == 4
    assert found.titles("contacts", "ac", 9) == []


def test_a_title_is_the_only_one_whatever_its_case() -> None:
    found = samples(("Acme", None), ("Twin", None), ("TWIN", None))
    assert found.is_only("accounts", "acme")
    assert not found.is_only("accounts", "Twin")


def test_values_are_each_told_once_the_commonest_first() -> None:
    found = samples(*(("a", value) for value in ("b", "a", "b", "", None, "x" * 61, "two\nlines", " b ")))
    assert found.values("accounts", Field("x")) == ["b", "a"]
    several = samples(("a", "red;blue"), ("b", "blue"))
    assert several.values("accounts", Field("x", type=FieldType.CHOICES)) == ["blue", "red"]
