"""Rows that are part of their record: what two people did to them ends up together, or clashes by the row."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmtui.crm.capsule.fields import FIELDS
from crmtui.model.record import Record, Ref, Value
from crmtui.model.row_merge import merge_rows
from crmtui.model.schema import Field, Schema
from crmtui.model.value import came_back, same, shown
from crmtui.model.write import Op, Write, merge

SCHEMA = Schema("parties", tuple(FIELDS["parties"]))
PHONES, SITES, ADDRESSES = (SCHEMA.field(name) for name in ("phoneNumbers", "websites", "addresses"))
REF = Ref("acme", "parties", "7")


def phone(id_: object, number: str | None, type_: str | None = "Work") -> dict[str, Any]:
    row = {"type": type_, "number": number}
    return row if id_ is None else {"id": id_, **row}


def test_which_fields_are_rows_of_their_record() -> None:
    embedded = [field.name for fields in FIELDS.values() for field in fields if field.embedded]
    assert embedded == ["phoneNumbers", "emailAddresses", "websites", "addresses"]
    assert [m.name for m in SITES.sorts] == ["type", "service"]
    assert [m.name for m in SITES.mains] == ["address"]
    assert [m.name for m in ADDRESSES.mains] == ["street", "city", "state", "zip", "country"]


def test_the_same_rows_in_another_order_are_the_same() -> None:
    one: Value = [phone(1, "+44 1", None), phone("2", "+44 2")]
    other: Any = [phone(2, "+44 2"), {"id": 1, "number": "+44 1", "type": ""}]
    assert same(PHONES, one, other)
    assert not same(PHONES, one, other[:1])
    assert not same(PHONES, one, [phone(2, "+44 1"), phone(1, "+44 2")])
    assert same(PHONES, [], None)


def test_what_the_service_computes_of_a_row_does_not_count() -> None:
    sent: Value = [{"service": "TWITTER", "address": "acme", "type": None}]
    answer: list[Value] = [
        {"id": 9, "service": "TWITTER", "address": "acme", "url": "https://twitter.com/acme"}
    ]
    assert came_back(SITES, sent, answer)
    assert not same(SITES, sent, answer)
    assert not came_back(SITES, sent, [*answer, {"id": 10, "address": "x"}])


def test_a_new_row_that_came_back_as_another_is_told() -> None:
    assert not came_back(PHONES, [phone(None, "020 1")], [phone(3, "+44 20 1")])
    assert came_back(PHONES, [phone(1, "1"), phone(None, "1")], [phone(3, "1"), phone(1, "1")])


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ([phone(1, "A"), phone(2, "b")], [phone(1, "a"), phone(2, "B")], [phone("1", "A"), phone("2", "B")]),
        ([phone(1, "A"), phone(2, "b")], [phone(1, "a", "Fax"), phone(2, "b")],
         [phone("1", "A", "Fax"), phone("2", "b")]),
        ([phone(1, "a")], [phone(1, "a"), phone(2, "b"), phone(3, "c")], [phone("1", "a"), phone("3", "c")]),
        ([phone(1, "a"), phone(2, "b"), phone(None, "n")], [phone(2, "b")],
         [phone("2", "b"), phone(None, "n")]),
        ([phone(1, "a"), phone(2, "b"), phone(None, "n")], [phone(1, "a"), phone(2, "b"), phone(5, "n")],
         [phone("1", "a"), phone("2", "b"), phone("5", "n")]),
        ([phone(1, "X"), phone(2, "b")], [phone(1, "X"), phone(2, "b")], [phone("1", "X"), phone("2", "b")]),
        ([], [phone(1, "a"), phone(2, "b")], []),
    ],
    ids=["two rows", "two members", "removed and added", "added and removed", "added twice", "alike", "all"],
)  # fmt: skip
def test_what_both_did_stands_together(mine: Any, theirs: Any, merged: Any) -> None:
    found = merge_rows(PHONES, [phone(1, "a"), phone(2, "b")], mine, theirs)
    assert (found.rows, found.clashes) == (merged, ())


@pytest.mark.parametrize(
    ("mine", "theirs", "top"),
    [
        ([phone(1, "X")], [phone(1, "Y", "Fax")], [phone("1", "X", "Fax")]),
        ([], [phone(1, "Y")], []),
        ([phone(1, "X")], [phone(9, "n")], [phone("9", "n"), phone(None, "X")]),
    ],
    ids=["one member", "removed by me", "removed by them"],
)
def test_only_what_both_changed_otherwise_is_a_clash(mine: Any, theirs: Any, top: Any) -> None:
    base: Value = [phone(1, "a")]
    write = Write("w", Op.EDIT, REF, {"phoneNumbers": mine}, {"phoneNumbers": base})
    to_send, (clash,) = merge(SCHEMA, write, Record(REF, "Acme", {"phoneNumbers": theirs}))
    assert to_send == {}
    assert (clash.field, clash.original, clash.mine, clash.theirs) == ("phoneNumbers", base, top, theirs)


def test_a_row_that_was_removed_comes_back_as_a_new_one() -> None:
    write = Write("w", Op.EDIT, REF, {"phoneNumbers": [phone(1, "a"), phone(2, "b")]},
                  {"phoneNumbers": [phone(2, "b")]})  # fmt: skip
    sent, clashes = merge(SCHEMA, write, Record(REF, "Acme", {"phoneNumbers": [phone(2, "b")]}))
    assert (sent, clashes) == ({"phoneNumbers": [phone("2", "b"), phone(None, "a")]}, [])


def test_rows_without_ids_are_taken_as_a_whole() -> None:
    base: Value = [phone(None, "a")]
    assert merge_rows(PHONES, base, [phone(None, "A")], base).rows == [phone(None, "A")]
    assert merge_rows(PHONES, base, [phone(None, "A")], [phone(None, "z")]).clashes
    # The answer to the write that made them was lost; by now they have ids.
    found = merge_rows(PHONES, base, [phone(None, "a"), phone(None, "b")], [phone(4, "a")])
    assert (found.rows, found.clashes) == ([phone("4", "a"), phone(None, "b")], ())


def test_a_cell_shows_what_rows_are_there_for() -> None:
    assert shown(PHONES, [phone(1, "+44 1"), phone(2, "+44 2")]) == "+44 1;+44 2"
    home: Value = [{"id": 1, "type": "Home", "street": "1 High St\nFlat 2", "city": "Leeds", "zip": None}]
    assert shown(ADDRESSES, home) == "1 High St, Flat 2, Leeds"


NUMBERS = st.sampled_from(["a", "b", "c", ""])
ROWS = st.dictionaries(st.integers(1, 4), st.tuples(NUMBERS, st.sampled_from([None, "Fax"])), max_size=4)
NEW = st.lists(NUMBERS.filter(bool), max_size=2)


def listed(rows: dict[int, tuple[str, str | None]], new: list[str] = []) -> list[Any]:  # noqa: B006
    return [phone(id_, *row) for id_, row in rows.items()] + [phone(None, number) for number in new]


@given(ROWS, ROWS, NEW)
def test_where_one_changed_something_it_stands(
    base: dict[int, tuple[str, str | None]], mine: dict[int, tuple[str, str | None]], new: list[str]
) -> None:
    mine = {id_: row for id_, row in mine.items() if id_ in base}
    alone = merge_rows(PHONES, listed(base), listed(mine, new), listed(base))
    assert not alone.clashes
    assert same(PHONES, alone.rows, listed(mine, new))
    theirs = merge_rows(PHONES, listed(base), listed(base), listed(mine))
    assert not theirs.clashes
    assert same(PHONES, theirs.rows, listed(mine))


@given(ROWS, ROWS, ROWS, NEW)
def test_merged_rows_merged_again_stay(
    base: dict[int, tuple[str, str | None]],
    mine: dict[int, tuple[str, str | None]],
    theirs: dict[int, tuple[str, str | None]],
    new: list[str],
) -> None:
    """What was sent and is compared again, because the answer never came, is seen to be done."""
    mine = {id_: row for id_, row in mine.items() if id_ in base}
    first = merge_rows(PHONES, listed(base), listed(mine, new), listed(theirs))
    if not first.clashes:
        rows: Any = first.rows
        stored: Any = [{"id": 90 + at, **row} for at, row in enumerate(rows)]
        again = merge_rows(PHONES, listed(base), listed(mine, new), stored)
        assert not again.clashes
        assert same(PHONES, again.rows, stored)
        for number in new:
            assert [each["number"] for each in stored].count(number) >= new.count(number)


def test_fields_of_another_sort_are_none() -> None:
    assert not Field("lines").embedded
