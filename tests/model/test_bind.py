"""What filters mean: the tree that the services' translators and the matcher work from."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmtui.model.bind import (
    All,
    Any_,
    Day,
    Moment,
    Negate,
    Number,
    Op,
    Test,
    Text,
    Truth,
    Where,
    bind,
    field_of,
)
from crmtui.model.match import matches
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Choice, Field, FieldType
from crmtui.model.where import Not, WhereError, parse_argument, parse_bar

TODAY = date(2026, 11, 22)
_STAGES = (Choice("10", "Won"), Choice("20", "Lost"), Choice("30", "lost"), Choice("abc", "Open"))
_MEMBERS = (Field("number", type=FieldType.PHONE), Field("rank", type=FieldType.INTEGER))
FIELDS = {
    field.name: field
    for field in (
        Field("name"),
        Field("sum", type=FieldType.MONEY),
        Field("rate", type=FieldType.PERCENT),
        Field("count", type=FieldType.INTEGER),
        Field("due", type=FieldType.DATE),
        Field("made", type=FieldType.DATETIME),
        Field("open", type=FieldType.BOOLEAN),
        Field("stage", type=FieldType.CHOICE, choices=_STAGES, open=False),
        Field("kind", type=FieldType.CHOICE, choices=_STAGES),
        Field("owner", type=FieldType.USER, asks=True, open=False),
        Field("account", type=FieldType.REFERENCE),
        Field("phones", type=FieldType.ROWS, fields=_MEMBERS),
        Field("loose", type=FieldType.ROWS),
        Field("a.b"),
    )
}
_ANN = (Choice("7", "Ann Lee"), Choice("8", "Bo"))


def _bind(text: str) -> Where:
    return bind(
        [parse_argument(text)],
        FIELDS,
        today=TODAY,
        choices=lambda field: _ANN if field.type is FieldType.USER else field.choices or (),
    )


@pytest.mark.parametrize(
    ("argument", "where"),
    [
        ("name=Acme", Test("name", Op.EQ, (Text("Acme"),))),
        ("name!=Acme", Test("name", Op.NE, (Text("Acme"),))),
        ("name=a|b|a", Test("name", Op.IN, (Text("a"), Text("b")))),
        ("name=a|a", Test("name", Op.EQ, (Text("a"),))),
        ("name!=a|b", Test("name", Op.NOT_IN, (Text("a"), Text("b")))),
        ("name=", Test("name", Op.EMPTY)),
        ('name=""', Test("name", Op.EMPTY)),
        ("name!=", Test("name", Op.NOT_EMPTY)),
        ('name=""|a', Any_((Test("name", Op.EQ, (Text("a"),)), Test("name", Op.EMPTY)))),
        ("name^=a", Test("name", Op.PREFIX, (Text("a"),))),
        ("sum$=50", Test("sum", Op.SUFFIX, (Text("50"),))),
        ("due~today", Test("due", Op.CONTAINS, (Text("today"),))),
        ("sum>1000", Test("sum", Op.GT, (Number(1000),))),
        ("sum>=12.50", Test("sum", Op.GE, (Number(Decimal("12.50")),))),
        ("rate<50%", Test("rate", Op.LT, (Number(50),))),
        ("count<=1.5", Test("count", Op.LE, (Number(Decimal("1.5")),))),
        ("sum=-5..5", Test("sum", Op.BETWEEN, (Number(-5), Number(5)))),
        ("sum= 1 .. 2 ", Test("sum", Op.BETWEEN, (Number(1), Number(2)))),
        ("sum!=1..2", Negate(Test("sum", Op.BETWEEN, (Number(1), Number(2))))),
        (
            "sum=9|1..2",
            Any_((Test("sum", Op.EQ, (Number(9),)), Test("sum", Op.BETWEEN, (Number(1), Number(2))))),
        ),
        ("due=today", Test("due", Op.EQ, (Day("2026-11-22"),))),
        ('due="2026-11-22"', Test("due", Op.EQ, (Day("2026-11-22"),))),
        ("made>-1m", Test("made", Op.GT, (Day("2026-10-22"),))),
        ("made>=2026-11-22 09:30", Test("made", Op.GE, (Moment("2026-11-22T09:30:00"),))),
        ("made=today..+1d", Test("made", Op.BETWEEN, (Day("2026-11-22"), Day("2026-11-23")))),
        ("open=YES", Test("open", Op.EQ, (Truth(True),))),
        ("open!=0", Test("open", Op.NE, (Truth(False),))),
        ("stage=10", Test("stage", Op.EQ, (Text("10"),))),
        ("stage=WON|ABC", Test("stage", Op.IN, (Text("10"), Text("abc")))),
        ("stage~wo", Any_((Test("stage", Op.CONTAINS, (Text("wo"),)), Test("stage", Op.EQ, (Text("10"),))))),
        ("stage~xy", Test("stage", Op.CONTAINS, (Text("xy"),))),
        ("kind=won", Test("kind", Op.EQ, (Text("10"),))),
        ("kind=new", Test("kind", Op.EQ, (Text("new"),))),
        ("owner=ann lee", Test("owner", Op.EQ, (Text("7"),))),
        ("account=Bar..Baz", Test("account", Op.EQ, (Text("Bar..Baz"),))),
        ("account=1..5", Test("account", Op.BETWEEN, (Number(1), Number(5)))),
        ("id=1..5", Test("id", Op.BETWEEN, (Number(1), Number(5)))),
        ("id<3", Test("id", Op.LT, (Number(3),))),
        ("id=3", Test("id", Op.EQ, (Text("3"),))),
        ("phones.rank>2", Test("phones.rank", Op.GT, (Number(2),))),
        ("phones.number=007", Test("phones.number", Op.EQ, (Text("007"),))),
        ("loose.any=x", Test("loose.any", Op.EQ, (Text("x"),))),
        ("a.b=x", Test("a.b", Op.EQ, (Text("x"),))),
        ("not(name=a)", Test("name", Op.NE, (Text("a"),))),
        ("not(name=)", Test("name", Op.NOT_EMPTY)),
        ("not(not(sum>1))", Test("sum", Op.GT, (Number(1),))),
        ("not(sum>1)", Negate(Test("sum", Op.GT, (Number(1),)))),
        (
            "((name=a sum=1) due=)",
            All((Test("name", Op.EQ, (Text("a"),)), Test("sum", Op.EQ, (Number(1),)), Test("due", Op.EMPTY))),
        ),
    ],
)
def test_terms_are_bound(argument: str, where: Where) -> None:
    assert _bind(argument) == where


@pytest.mark.parametrize(
    ("argument", "position", "message"),
    [
        ("nam=x", 0, 'There is no field "nam": did you mean "name"?'),
        ("(name=x zzz=1)", 8, 'There is no field "zzz".'),
        ("phones.numbr=1", 0, 'There is no field "phones.numbr": did you mean "phones.number"?'),
        ("phones.=1", 0, 'There is no field "phones.": did you mean "phones"?'),
        ("name.x=1", 0, 'There is no field "name.x": did you mean "name"?'),
        (
            "name>a",
            0,
            "name is neither number nor date: < <= > >= and .. are for those, use = ^= $= or ~.",
        ),
        ("sum>abc", 4, 'sum is no number: "abc".'),
        ("sum=1|x", 6, 'sum is no number: "x".'),
        ("sum=1..x", 7, 'sum is no number: "x".'),
        ("sum>1,000", 4, 'sum has thousands separators: "1,000"; write 1000.'),
        ("sum=..5", 4, 'A range has two ends, as in 1..5: "..5" lacks one.'),
        ("account=5..", 8, 'A range has two ends, as in 1..5: "5.." lacks one.'),
        ("account<x", 8, 'account is no number: "x".'),
        ("phones.rank>x", 12, 'phones.rank is no number: "x".'),
        ("open=maybe", 5, 'open is neither yes nor no: "maybe"; write true or false.'),
        ('due="today"', 4, 'due is no date: "today"; words like today stand without quotes.'),
        (
            "due=soon",
            4,
            'due is no date or time: "soon"; write YYYY-MM-DD or YYYY-MM-DD HH:MM, today, fri, -7d or +2w.',
        ),
        (
            "stage=LOST",
            6,
            'stage fits several: "LOST" is the label of 20 (Lost), 30 (lost); write the value.',
        ),
        (
            "stage=10|new",
            9,
            'stage does not take "new"; it takes 10 (Won), 20 (Lost), 30 (lost), abc (Open).',
        ),
        ("owner=Cy", 6, 'owner does not take "Cy"; it takes 7 (Ann Lee), 8 (Bo).'),
        ('name~""', 5, 'A value is missing after "name~".'),
    ],
)
def test_nonsense_is_refused_where_it_stands(argument: str, position: int, message: str) -> None:
    with pytest.raises(WhereError) as caught:
        _bind(argument)
    assert (caught.value.position, caught.value.message) == (position, message)


def test_several_terms_are_one_flat_list() -> None:
    bound = bind(parse_bar("name=a (sum=1 or sum=2 or (due= or open=))"), FIELDS, today=TODAY)
    assert isinstance(bound, All)
    name, rest = bound.terms
    assert isinstance(name, Test)
    assert isinstance(rest, Any_)
    assert [term.op for term in rest.terms if isinstance(term, Test)] == [Op.EQ, Op.EQ, Op.EMPTY, Op.EMPTY]
    assert bind((), FIELDS, today=TODAY) == All(())


def test_the_choices_of_the_schema_are_known_without_asking() -> None:
    assert bind(parse_bar("stage=won"), FIELDS, today=TODAY) == Test("stage", Op.EQ, (Text("10"),))


def test_values_are_at_hand_as_plain_ones() -> None:
    bound = _bind("sum=1|2.5")
    assert isinstance(bound, Test)
    assert bound.plain == (1, Decimal("2.5"))


def test_members_of_members_are_fields() -> None:
    deep = Field("inner", type=FieldType.ROWS, fields=(Field("x", type=FieldType.DATE),))
    fields = {"outer": Field("outer", type=FieldType.ROWS, fields=(deep,))}
    found = field_of(fields, "outer.inner.x")
    assert found is not None
    assert found.type is FieldType.DATE
    assert field_of(fields, "outer.inner.y") is None


texts = st.text(max_size=6) | st.sampled_from(
    [
        "",
        "5",
        "2.50",
        "1..5",
        "..",
        "5..",
        "today",
        "-1d..today",
        "2026-11-22",
        "yes",
        "won",
        '"a b"',
        '"',
        "a|b",
    ]
)
arguments = st.builds(
    lambda name, sign, text: f"{name}{sign}{text}",
    st.sampled_from([*FIELDS, "id", "phones.rank", "loose.x", "none"]),
    st.sampled_from(["=", "!=", ">", ">=", "<", "<=", "^=", "$=", "~"]),
    texts,
)
RECORDS = (
    Record(Ref("c", "k", "5"), "", {}),
    Record(
        Ref("c", "k", "x5"),
        "",
        {
            "name": "yes",
            "sum": "2.50",
            "rate": 5,
            "count": "many",
            "due": "0000-00-00",
            "made": "2026-11-22T09:30:00Z",
            "open": "1",
            "stage": 10,
            "owner": 7,
            "phones": [{"number": "5", "rank": None}, "odd"],
            "loose": {"x": [True]},
        },
        labels={"owner": "Ann Lee"},
    ),
)


@given(st.lists(arguments, min_size=1, max_size=3))
def test_an_argument_is_bound_stored_and_matched_or_refused(several: list[str]) -> None:
    try:
        where = bind([parse_argument(text) for text in several], FIELDS, today=TODAY)
    except WhereError:
        return
    stored: object = msgspec.json.decode(msgspec.json.encode(where), type=Where)
    assert stored == where
    for record in RECORDS:
        assert matches(Negate(where), record, FIELDS) is not matches(where, record, FIELDS)


@given(arguments)
def test_not_is_the_opposite(text: str) -> None:
    try:
        term = parse_argument(text)
        one = bind([term], FIELDS, today=TODAY)
    except WhereError:
        return
    other = bind([Not(term)], FIELDS, today=TODAY)
    for record in RECORDS:
        assert matches(one, record, FIELDS) is not matches(other, record, FIELDS)
