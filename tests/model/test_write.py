"""Edits compared with what the record was and with what it is now."""

from decimal import Decimal

import pytest

from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.schema import Field, FieldType, Schema
from crmtui.model.write import Clash, Op, Write, changed, merge

REF = Ref("acme", "accounts", "1")
SCHEMA = Schema(
    "accounts",
    (
        Field("name"),
        Field("notes", type=FieldType.MULTILINE),
        Field("value", type=FieldType.MONEY),
        Field("ownerid", type=FieldType.USER),
        Field("hold", type=FieldType.BOOLEAN),
        Field("interests", type=FieldType.CHOICES),
        Field("date", type=FieldType.DATETIME),
    ),
)
SAME: list[tuple[str, Value, Value]] = [
    ("name", "", None),
    ("notes", "a\r\nb", "a\nb"),
    ("value", 1000, Decimal("1000.00")),
    ("value", "1000", 1000),
    ("ownerid", 7, "7"),
    ("hold", "1", True),
    ("hold", 0, False),
    ("interests", "a;b", ["b", "a"]),
    ("interests", "", []),
    ("date", "2026-01-02 03:04:05", "2026-01-02T03:04:05"),
]
OTHER: list[tuple[str, Value, Value]] = [
    ("name", "a", "A"),
    ("name", "a", "a "),
    ("name", None, "0"),
    ("value", 0, None),
    ("value", Decimal("10000000000000000.01"), Decimal("10000000000000000.02")),
    ("ownerid", 7, "8"),
    ("hold", False, None),
    ("interests", "a;b", ["a"]),
    ("date", "2026-01-02", "2026-01-02T03:04:05"),
]


def merged(
    base: Value, mine: Value, theirs: Value, field: str = "name"
) -> tuple[dict[str, Value], list[Clash]]:
    write = Write("1", Op.EDIT, REF, {field: mine}, {field: base})
    return merge(SCHEMA, write, Record(REF, "t", {field: theirs, "rest": 1}))


@pytest.mark.parametrize(("field", "one", "other"), SAME)
def test_a_form_left_as_it_was_has_no_edits(field: str, one: Value, other: Value) -> None:
    assert changed(SCHEMA, {field: one}, {field: other}) == {}
    assert changed(SCHEMA, {field: other}, {field: one}) == {}


@pytest.mark.parametrize(("field", "one", "other"), OTHER)
def test_a_changed_form_has(field: str, one: Value, other: Value) -> None:
    assert changed(SCHEMA, {field: one}, {field: other}) == {field: other}
    assert changed(SCHEMA, {field: other}, {field: one}) == {field: one}


def test_a_field_that_was_missing() -> None:
    assert changed(SCHEMA, {}, {"name": "", "value": 5, "unheard": ""}) == {"value": 5, "unheard": ""}


@pytest.mark.parametrize(("field", "one", "other"), SAME)
def test_the_same_in_another_form_is_neither_sent_nor_a_clash(field: str, one: Value, other: Value) -> None:
    assert merged("before", one, other, field) == ({}, [])
    mine: Value = True if field == "hold" and is_empty(one) else "mine"
    assert merged(one, mine, other, field) == ({field: mine}, [])


@pytest.mark.parametrize(("field", "one", "other"), OTHER)
def test_another_value_is_a_clash(field: str, one: Value, other: Value) -> None:
    assert merged(one, "mine", other, field) == ({}, [Clash(field, one, "mine", other)])


def test_clearing_against_a_change() -> None:
    assert merged("a", None, "b") == ({}, [Clash("name", "a", None, "b")])
    assert merged("a", None, "a") == ({"name": None}, [])
    assert merged("a", None, "") == ({}, [])


def test_a_base_that_never_held_the_field_starts_from_theirs() -> None:
    write = Write("1", Op.EDIT, REF, {"name": "mine"}, {})
    assert merge(SCHEMA, write, Record(REF, "t", {"name": "theirs"})) == ({"name": "mine"}, [])
    assert merge(SCHEMA, write, Record(REF, "t", {})) == ({"name": "mine"}, [])


def test_each_field_is_judged_for_itself() -> None:
    write = Write(
        "1", Op.EDIT, REF, {"name": "m", "notes": "m", "value": 5}, {"name": "o", "notes": "o", "value": 1}
    )
    theirs = Record(REF, "t", {"name": "t", "notes": "o", "value": Decimal("5.0")})
    assert merge(SCHEMA, write, theirs) == ({"notes": "m"}, [Clash("name", "o", "m", "t")])


@pytest.mark.parametrize("now", [None, False, "0"])
def test_a_box_that_is_not_ticked_may_be_listed_or_not(now: Value) -> None:
    schema = Schema("parties", (Field("Local", type=FieldType.BOOLEAN, part="customfields"),))
    write = Write("1", Op.EDIT, REF, {"Local": True}, {"Local": False})
    assert merge(schema, write, Record(REF, "", {"Local": now})) == ({"Local": True}, [])
