"""Values: what is typed, what services send, and what is printed."""

from datetime import date
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmtui.model.record import Value
from crmtui.model.schema import NUMBERS, Choice, Field, FieldType
from crmtui.model.value import canonical, check, fold, parse, resolve, same, shown

TODAY = date(2026, 11, 22)
T = FieldType


def _field(kind: FieldType) -> Field:
    return Field("f", type=kind)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        *((kind, "", None) for kind in T),
        (T.INTEGER, "12", 12),
        (T.INTEGER, "-12", -12),
        (T.DECIMAL, "1000", 1000),
        (T.DECIMAL, "-1234.50", Decimal("-1234.50")),
        (T.MONEY, " 0.10 ", Decimal("0.10")),
        (T.MONEY, ".5", Decimal("0.5")),
        (T.PERCENT, "45%", 45),
        (T.PERCENT, "12.5 %", Decimal("12.5")),
        (T.DECIMAL, "1" * 60, int("1" * 60)),
        (T.BOOLEAN, "Yes", True),
        (T.BOOLEAN, "1", True),
        (T.BOOLEAN, "TRUE", True),
        (T.BOOLEAN, "no", False),
        (T.BOOLEAN, "0", False),
        (T.BOOLEAN, "false", False),
        (T.DATE, "2026-02-28", "2026-02-28"),
        (T.DATE, "today", "2026-11-22"),
        (T.DATE, "-7d", "2026-11-15"),
        (T.DATETIME, "2026-11-22", "2026-11-22"),
        (T.DATETIME, "+2w", "2026-12-06"),
        (T.DATETIME, "2026-11-22 09:30", "2026-11-22T09:30:00"),
        (T.DATETIME, "2026-11-22 09:30:15", "2026-11-22T09:30:15"),
        (T.DATETIME, "2026-11-22T09:30:15Z", "2026-11-22T09:30:15Z"),
        (T.DATETIME, "2026-11-22T09:30:15-05:00", "2026-11-22T09:30:15-05:00"),
        (T.CHOICES, "Red;Blue; Dark Green;", ["Red", "Blue", "Dark Green"]),
        (T.CHOICE, "a;b", "a;b"),
        (T.TEXT, ' "a|b" ', ' "a|b" '),
        (T.TEXT, "today", "today"),
        (T.EMAIL, "no address", "no address"),
        (T.PHONE, "007", "007"),
        (T.REFERENCE, "007", "007"),
        (T.UNKNOWN, "1", "1"),
    ],
)
def test_parse(kind: FieldType, text: str, value: Value) -> None:
    parsed = parse(_field(kind), text, TODAY)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        (T.DECIMAL, "abc", 'is no number: "abc"'),
        (T.DECIMAL, " ", 'is no number: " "'),
        (T.DECIMAL, "1e5", 'is no number: "1e5"'),
        (T.DECIMAL, "NaN", 'is no number: "NaN"'),
        (T.DECIMAL, "١٢", 'is no number: "١٢"'),
        (T.DECIMAL, "45%", 'is no number: "45%"'),
        (T.MONEY, "1,234.50", 'has thousands separators: "1,234.50"; write 1234.50'),
        (T.MONEY, "1 234", 'has thousands separators: "1 234"; write 1234'),
        (T.INTEGER, "9" * 4301, "has more than 4,300 digits"),
        (T.INTEGER, "12.5", 'is no whole number: "12.5"'),
        (T.BOOLEAN, "maybe", 'is neither yes nor no: "maybe"; write true or false'),
        (T.DATE, "2025-02-29", 'is no date: "2025-02-29"; write YYYY-MM-DD, today, fri, -7d or +2w'),
        (
            T.DATE,
            "2026-11-22 09:30",
            'is no date: "2026-11-22 09:30"; write YYYY-MM-DD, today, fri, -7d or +2w',
        ),
        (
            T.DATETIME,
            "soon",
            'is no date or time: "soon"; write YYYY-MM-DD or YYYY-MM-DD HH:MM, today, fri, -7d or +2w',
        ),
        (T.ROWS, "x", "holds rows; write f.+.MEMBER=VALUE for a new one"),
    ],
)
def test_parse_refuses(kind: FieldType, text: str, reason: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole text is compared
        parse(_field(kind), text, TODAY)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("kind", "value", "plain"),
    [
        *((kind, None, None) for kind in T),
        *(
            (kind, "", None)
            for kind in (*sorted(NUMBERS), T.BOOLEAN, T.DATE, T.DATETIME, T.REFERENCE, T.USER)
        ),
        *((kind, "", "") for kind in (T.TEXT, T.MULTILINE, T.EMAIL, T.PHONE, T.URL, T.CHOICE, T.UNKNOWN)),
        (T.BOOLEAN, 1, True),
        (T.BOOLEAN, 0, False),
        (T.BOOLEAN, "1", True),
        (T.BOOLEAN, "True", True),
        (T.BOOLEAN, "false", False),
        (T.BOOLEAN, 2, 2),
        (T.BOOLEAN, "perhaps", "perhaps"),
        (T.DECIMAL, "12.50", Decimal("12.50")),
        (T.DECIMAL, Decimal("1000.0"), Decimal("1000.0")),
        (T.MONEY, "-3", -3),
        (T.MONEY, "1,234.50", "1,234.50"),
        (T.MONEY, "1e5", Decimal("1E+5")),
        (T.MONEY, "1e9999999999", "1e9999999999"),
        (T.MONEY, Decimal("NaN"), "NaN"),
        (T.INTEGER, "12.5", Decimal("12.5")),
        (T.PERCENT, True, True),
        (T.DATE, "2018-09-17", "2018-09-17"),
        (T.DATE, "2018-09-17 11:29:59", "2018-09-17T11:29:59"),
        (T.DATE, "0000-00-00", "0000-00-00"),
        (T.DATE, "17.09.2018", "17.09.2018"),
        (T.DATETIME, "2018-09-17", "2018-09-17"),
        (T.DATETIME, "2015-11-04T11:17:16Z", "2015-11-04T11:17:16Z"),
        (T.DATETIME, "2015-11-04T11:17:16+0100", "2015-11-04T11:17:16+01:00"),
        (T.DATETIME, 1447000000, 1447000000),
        (T.REFERENCE, 12, "12"),
        (T.USER, "12", "12"),
        (T.REFERENCE, [1, "2"], ["1", "2"]),
        (T.CHOICES, "a;b", ["a", "b"]),
        (T.CHOICES, "", []),
        (T.CHOICES, ["a", 2], ["a", "2"]),
        (T.CHOICES, 3, ["3"]),
        (T.CHOICE, 3, "3"),
        (T.CHOICE, True, "true"),
        (T.TEXT, 1000, "1000"),
        (T.TEXT, Decimal("1E+3"), "1000"),
        (T.TEXT, ["a"], ["a"]),
        (T.ROWS, [{"id": 7, "n": 1}, "x"], [{"id": "7", "n": 1}, "x"]),
        (T.UNKNOWN, 7, 7),
    ],
)
def test_canonical(kind: FieldType, value: Value, plain: Value) -> None:
    found = canonical(_field(kind), value)
    assert found == plain
    assert type(found) is type(plain)


@pytest.mark.parametrize(
    ("kind", "a", "b", "equal"),
    [
        (T.TEXT, None, "", True),
        (T.CHOICES, None, [], True),
        (T.ROWS, [], "", True),
        (T.DECIMAL, 1000, Decimal("1000.0"), True),
        (T.DECIMAL, "12", 12, True),
        (T.REFERENCE, "12", 12, True),
        (T.REFERENCE, "12", "012", False),
        (T.DECIMAL, 0, None, False),
        (T.BOOLEAN, False, None, False),
        (T.BOOLEAN, "1", True, True),
        (T.TEXT, "a", "A", False),
        (T.MULTILINE, "a\r\nb", "a\nb", True),
        (T.DATETIME, "2018-09-17 11:29:59", "2018-09-17T11:29:59", True),
        (T.DATETIME, "2018-09-17T11:29:59Z", "2018-09-17T13:29:59+02:00", True),
        (T.DATETIME, "2018-09-17", "2018-09-17T00:00:00", False),
        (T.DATE, "0000-00-00", "0000-00-00", True),
        (T.DATE, "0000-00-00", "2018-09-17", False),
        (T.CHOICES, "a;b", ["b", "a"], True),
        (T.CHOICES, "a;b", ["a"], False),
        (T.ROWS, [{"id": 1, "n": ""}], [{"id": "1"}], True),
        (T.ROWS, [{"id": 1, "n": "x"}], [{"id": "1"}], False),
        (T.UNKNOWN, True, 1, False),
        (T.UNKNOWN, {"a": 1}, {"a": Decimal("1.0")}, True),
    ],
)
def test_same(kind: FieldType, a: Value, b: Value, equal: bool) -> None:
    assert same(_field(kind), a, b) is equal
    assert same(_field(kind), b, a) is equal


@pytest.mark.parametrize(
    ("kind", "value", "label", "text"),
    [
        (T.REFERENCE, 12, None, "12"),
        (T.REFERENCE, 12, "Ann Lee", "Ann Lee"),
        (T.CHOICES, ["a", "b"], None, "a;b"),
        (T.BOOLEAN, 1, None, "true"),
        (T.BOOLEAN, False, None, "false"),
        (T.TEXT, None, None, ""),
        (T.DECIMAL, Decimal("1000.0"), None, "1000.0"),
        (T.DECIMAL, Decimal("1E+3"), None, "1000"),
        (T.DECIMAL, Decimal("1E-9"), None, "0.000000001"),
        (T.DECIMAL, Decimal("1E+39"), None, "1E+39"),
        (T.DECIMAL, Decimal("1E-39"), None, "1E-39"),
        (T.INTEGER, 10**39, None, "1" + "0" * 39),
        (T.ROWS, [{"id": 1, "n": "é", "d": Decimal("1.50")}, {}], None, '{"id":"1","n":"é","d":1.50};{}'),
        (T.TEXT, " a\nb ", None, " a\nb "),
    ],
)
def test_shown(kind: FieldType, value: Value, label: str | None, text: str) -> None:
    assert shown(_field(kind), value, label) == text


COLOURS = (
    Choice("1", "Red"),
    Choice("2", "Blue"),
    Choice("3", "blue"),
    Choice("Red", "Old red"),
    Choice("9", "9"),
)
LONG = tuple(Choice(str(n), f"Label {n}") for n in range(9))


@pytest.mark.parametrize(
    ("text", "choices", "open_", "value"),
    [
        ("1", COLOURS, False, "1"),
        ("Red", COLOURS, False, "Red"),
        ("RED", COLOURS, False, "1"),
        ("old RED", COLOURS, False, "Red"),
        ("green", COLOURS, True, "green"),
        ("green", (), False, "green"),
        ("Ann", (Choice("5", "Ann"), Choice("5", "ann")), False, "5"),
    ],
)
def test_resolve(text: str, choices: tuple[Choice, ...], open_: bool, value: str) -> None:
    assert resolve(Field("f", type=T.CHOICE, open=open_), text, choices) == value


@pytest.mark.parametrize(
    ("text", "choices", "reason"),
    [
        ("BLUE", COLOURS, 'fits several: "BLUE" is the label of 2 (Blue), 3 (blue); write the value'),
        (
            "green",
            COLOURS,
            'does not take "green"; it takes 1 (Red), 2 (Blue), 3 (blue), Red (Old red), 9',
        ),
        (
            "8",
            LONG[:6],
            'does not take "8"; '
            "it takes 0 (Label 0), 1 (Label 1), 2 (Label 2), 3 (Label 3), 4 (Label 4) and 1 more",
        ),
        (
            "bel 7",
            LONG,
            'does not take "bel 7"; '
            "it takes 7 (Label 7), 0 (Label 0), 1 (Label 1), 2 (Label 2), 3 (Label 3) and 4 more",
        ),
    ],
)
def test_resolve_names_candidates(text: str, choices: tuple[Choice, ...], reason: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole text is compared
        resolve(Field("f", type=T.CHOICE, open=False), text, choices)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        (Field("f", max_length=3), "abc", None),
        (Field("f", max_length=3), "abcd", "is 4 characters long; 3 are allowed"),
        (Field("f", type=T.INTEGER, max_length=3), 12345, None),
        (Field("f", type=T.EMAIL), "none", None),
        (Field("f", type=T.CHOICE, choices=COLOURS), "green", None),
        (Field("f", type=T.CHOICE, open=False), "green", None),
        (Field("f", type=T.CHOICE, choices=COLOURS, open=False), "1", None),
        (Field("f", type=T.CHOICE, choices=COLOURS, open=False), 1, None),
        (Field("f", type=T.CHOICE, choices=COLOURS, open=False), None, None),
        (Field("f", type=T.CHOICE, choices=COLOURS, open=False), "", None),
        (
            Field("f", type=T.CHOICE, choices=COLOURS[:1], open=False),
            "Red",
            'does not take "Red"; it takes 1 (Red)',
        ),
        (Field("f", type=T.CHOICES, choices=COLOURS, open=False), ["1", "2"], None),
        (
            Field("f", type=T.CHOICES, choices=COLOURS[:1], open=False),
            ["1", "x"],
            'does not take "x"; it takes 1 (Red)',
        ),
    ],
)
def test_check(field: Field, value: Value, reason: str | None) -> None:
    assert check(field, value) == reason


def test_fold_knows_composed_and_wide_alphabets() -> None:
    assert fold("STRASSE") == fold("straße")
    assert fold("e\u0301") == fold("É")


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["", "0000-00-00", "2018-09-17", "1e999999", "9" * 5000, "12.50", "a;;b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(T), values, values)
def test_what_a_service_sends_never_raises(kind: FieldType, one: object, other: object) -> None:
    field = Field("f", type=kind, choices=COLOURS, open=False, max_length=3)
    a, b = cast(Value, one), cast(Value, other)
    plain = canonical(field, a)
    assert same(field, a, a)
    assert same(field, a, b) is same(field, b, a)
    assert shown(field, plain) == shown(field, a)
    check(field, a)


def test_a_number_of_more_digits_than_python_writes_is_shown() -> None:
    assert shown(Field("f", type=T.INTEGER), 10**5000) == "1" + "0" * 5000


@given(st.sampled_from(T), st.text())
def test_what_is_typed_is_a_value_or_refused(kind: FieldType, text: str) -> None:
    field = _field(kind)
    try:
        value = parse(field, text, TODAY)
    except ValueError:
        return
    assert canonical(field, value) == value
