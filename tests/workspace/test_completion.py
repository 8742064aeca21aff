"""What the filter bar offers: at each place what can stand there, and that taking it never does harm."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmtui.model.bind import bind
from crmtui.model.schema import Choice, Field, FieldType, Schema
from crmtui.model.where import WhereError, parse_bar
from crmtui.workspace.completion import Completion, complete

TODAY = date(2026, 11, 22)
SCHEMA = Schema(
    "things",
    (
        Field("name", "Account Name"),
        Field("type", "Type", FieldType.CHOICE),
        Field("slaid", "SLA", FieldType.CHOICE),
        Field("value", "Value", FieldType.MONEY),
        Field("renewal", "Renewal Date", FieldType.DATE),
        Field("modified", "Modified", FieldType.DATETIME),
        Field("hold", "On hold", FieldType.BOOLEAN),
        Field("ownerid", "Owner", FieldType.USER, refers_to="users"),
        Field("accountid", "Account", FieldType.REFERENCE, refers_to="accounts"),
        Field("notes", "Notes", FieldType.MULTILINE),
        Field("2 year (policy)", "Policy"),
        Field("phones", "Phones", FieldType.ROWS, fields=(Field("number"), Field("kind"))),
    ),
)
CHOICES = {
    "type": ("Customer", "Former customer", "Health & Care", "a|b", "1..2", 'said "yes"', "(open", "=x"),
    "ownerid": ("Ann Lee", "Ann Lee", "Jo (Kent)", "7"),
    "slaid": ("Gold", "Silver"),
}
VALUES = {
    "type": [Choice(label, label) for label in CHOICES["type"]],
    "ownerid": [Choice(str(90 + index), label) for index, label in enumerate(CHOICES["ownerid"])],
    "slaid": [Choice("1", "Gold"), Choice("2", "Silver")],
}


class Facts:
    """What is known in these tests."""

    today = TODAY

    def choices(self, field: Field) -> Sequence[Choice]:
        return VALUES.get(field.name, ())

    def records(self, field: Field, typed: str) -> Sequence[tuple[Choice, bool]]:
        return [
            (Choice("5", "Acme Ltd"), True),
            (Choice("6", "Twin"), False),
            (Choice("7", "Twin"), False),
            (Choice("8", "1200"), True),
        ]

    def values(self, field: Field, typed: str) -> Sequence[str]:
        return ["Acme Ltd", "today", 'a "b', "x..y", "(", "~"]


def offered(text: str) -> Completion:
    """What is offered at the `^` in a text."""
    return complete(text.replace("^", "", 1), text.index("^"), SCHEMA, Facts())


def labels(text: str) -> list[str]:
    return [each.label for each in offered(text).candidates]


def taken(text: str, label: str) -> str:
    """The text after an offer is taken, with the cursor as `^`."""
    found = next(each for each in offered(text).candidates if each.label == label)
    new, cursor = found.taken(text.replace("^", "", 1))
    return f"{new[:cursor]}^{new[cursor:]}"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("^", ["name", "type"]),
        ("na^", ["name"]),
        ("acc^", ["accountid", "name"]),
        ("ren^", ["renewal"]),
        ("owner^", ["ownerid"]),
        ("rnwl^", ["renewal"]),
        ("number^", ["phones.number"]),
        ("type^", ["=", "!=", "~", "^=", "$="]),
        ("value^", ["=", ">", ">=", "<", "<=", "!="]),
        ("hold^", ["=", "!="]),
        ("type!^", ["!="]),
        ("type=^", ["Customer", "Former customer"]),
        ("type=cu^", ["Customer", "Former customer"]),
        ('type="hea^', ["Health & Care"]),
        ("type=Customer|fo^", ["Former customer"]),
        ("type=Customer^", ["Former customer", "|"]),
        ("ownerid=jo^", ["Jo (Kent)"]),
        ("slaid~g^", ["Gold"]),
        ("hold=y^", ["yes"]),
        ("renewal=^", ["today", "-7d"]),
        ("renewal>^", [">=", "today"]),
        ("renewal=today^", ["..", "|"]),
        ("renewal=today..^", ["+2w", "+1m"]),
        ("value=5^", ["..", "|"]),
        ("value>5^", []),
        ("accountid=ac^", ["Acme Ltd"]),
        ("name~ac^", ["Acme Ltd"]),
        ("(type=Customer ^", []),
        ("type=Customer o^", ["ownerid"]),
        ("no^", ["notes"]),
        ("nosuch=^", []),
        ("type=Customer) ^", []),
        ('"2 y^', ["2 year (policy)"]),
        ("type=Customer and (n^", []),
    ],
)
def test_what_is_offered(text: str, first: list[str]) -> None:
    found = labels(text)
    assert found[: len(first)] == first
    assert first or text.startswith("(") or not found


def test_signs_and_days_are_explained() -> None:
    notes = {each.label: each.note for each in offered("renewal^").candidates}
    assert (notes[">"], notes["<="]) == ("after", "until that day")
    assert "between" in notes["="]
    assert offered("renewal=-7^").candidates[0].note == "2026-11-15"
    assert "contains" in {each.note for each in offered("name^").candidates}
    assert offered("ren^").candidates[0].note == "Renewal Date"


@pytest.mark.parametrize(
    ("text", "label", "after"),
    [
        ("ty^", "type", "type^"),
        ("ty^=Customer", "type", "type^=Customer"),
        ("n^ame=x", "notes", "notes^=x"),
        ("pol^", "2 year (policy)", '"2 year (policy)"^'),
        ("type^", "!=", "type!=^"),
        ("type ^", "=", "type=^"),
        ("value>^", ">=", "value>=^"),
        ("type=he^", "Health & Care", 'type="Health & Care"^'),
        ("type=^x value>1", "Customer", "type=Customer^ value>1"),
        ("type=a^", "a|b", 'type="a|b"^'),
        ("type=s^", 'said "yes"', 'type="said \\"yes\\""^'),
        ("type=Customer^", "|", "type=Customer|^"),
        ("(type=Customer^", ")", "(type=Customer)^"),
        ("(type=Customer ^", "or", "(type=Customer or ^"),
        ("not^", "not(", "not(^"),
        ("ownerid=jo^", "Jo (Kent)", 'ownerid="Jo (Kent)"^'),
        ("ownerid=a^", "Ann Lee", "ownerid=90^"),
        ("slaid=g^", "Gold", "slaid=Gold^"),
        ("ownerid=7^", "7", "ownerid=93^"),
        ("accountid=tw^", "Twin", "accountid=6^"),
        ("accountid=12^", "1200", "accountid=8^"),
        ("accountid~12^", "1200", "accountid~1200^"),
        ("renewal=today..+^", "+2w", "renewal=today..+2w^"),
    ],
)
def test_what_is_taken_stands_in_the_place_of_what_was_typed(text: str, label: str, after: str) -> None:
    assert taken(text, label) == after


PIECES = st.sampled_from(
    [
        *(
            "name",
            "ty",
            "type",
            "value",
            "renewal",
            "ownerid",
            "accountid",
            "phones.number",
            "or",
            "not",
            "and",
        ),
        *("=", "!=", ">", ">=", "<", "~", "^=", "$=", "!", "^", "|", "..", "(", ")", '"', "\\", " ", "  "),
        *("Customer", "cu", "Health & Care", "today", "-7d", "5", "1.5", "yes", "acme", "株式", "é", "\t"),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=30)


def mistake(text: str) -> int:
    """The place of the first mistake in a text; its end where it is good, or good as far as it goes."""
    try:
        parse_bar(text)
    except WhereError as error:
        return len(text) if "not closed" in error.message else error.position
    return len(text)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.integers(0, 60))
@example('name~"', 6)
@example("type=a|", 7)
@example('"ty', 3)
@example("(type=Customer or", 17)
def test_taking_any_candidate_makes_no_text_worse(text: str, cursor: int) -> None:
    completion = complete(text, cursor, SCHEMA, Facts())
    for candidate in completion.candidates:
        start, end = candidate.span
        assert 0 <= start <= end <= len(text)
        new, place = candidate.taken(text)
        assert new[start:place] == candidate.text
        assert mistake(new) >= min(mistake(text), start), (text, cursor, candidate)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([field.name for field in SCHEMA.fields if field.name != "phones"]), st.data())
def test_what_is_built_of_candidates_has_a_meaning(name: str, data: st.DataObject) -> None:
    text = taken(f"{name.split()[0]}^", name) if " " in name else f"{name}^"
    sign = data.draw(st.sampled_from([c for c in offered(text).candidates if c.span[0] == text.index("^")]))
    text, cursor = sign.taken(text.replace("^", ""))
    values = [c for c in complete(text, cursor, SCHEMA, Facts()).candidates if c.span[0] == cursor]
    if values:
        text, _ = data.draw(st.sampled_from(values)).taken(text)
        terms = parse_bar(text)
        assert bind(terms, SCHEMA.by_name, today=TODAY, choices=Facts().choices)
