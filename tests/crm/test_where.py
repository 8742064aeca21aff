"""WHERE as the service's q: the table of translations, and that both sides mean the same records."""

from collections.abc import Callable, Coroutine
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmtui.crm.spotler.where import q_of
from crmtui.model.bind import bind
from crmtui.model.match import matches
from crmtui.model.query import Query
from crmtui.model.record import Record
from crmtui.model.schema import Field, FieldType, Schema
from crmtui.model.where import parse_argument
from crmtui.workspace.account import Account
from crmtui.workspace.fields import Fields
from crmtui.workspace.reading import read_all
from tests.conftest import Open, Serve

from .spotler import where

Run = Callable[[Coroutine[Any, Any, Any]], Any]

FIELDS = {
    field.name: field
    for field in (
        Field("name"),
        Field("sector", type=FieldType.CHOICE),
        Field("interests", type=FieldType.CHOICES),
        Field("value", type=FieldType.MONEY),
        Field("score", type=FieldType.INTEGER),
        Field("hold", type=FieldType.BOOLEAN),
        Field("closedate", type=FieldType.DATE),
        Field("modifieddate", type=FieldType.DATETIME),
        Field("ownerid", type=FieldType.USER, refers_to="users"),
        Field("accountid", type=FieldType.REFERENCE, refers_to="accounts"),
        Field("addresscounty/state"),
        Field("oddity", type=FieldType.UNKNOWN),
    )
}
WHOLE: list[tuple[list[str], dict[str, Any]]] = [
    (["name=Test"], {"name": "Test"}),
    (["name=Test", "sector=Design"], {"name": "Test", "sector": "Design"}),
    (['name="a|b"'], {"name": "a|b"}),
    (["addresscounty/state=Kent"], {"addresscounty/state": "Kent"}),
    (["name=a|b"], {"name": {"$in": ["a", "b"]}}),
    (["name!=a"], {"$or": [{"name": {"$not": "a"}}, {"name": None}]}),
    (["not(name=a)"], {"$or": [{"name": {"$not": "a"}}, {"name": None}]}),
    (["name!=a|b"], {"$or": [{"name": {"$nin": ["a", "b"]}}, {"name": None}]}),
    (["name^=tes"], {"name": {"$sw": "tes"}}),
    (["name$=tes"], {"name": {"$ew": "tes"}}),
    (["name~tes"], {"name": {"$con": "tes"}}),
    (["sector~des"], {"sector": {"$con": "des"}}),
    (["name="], {"$or": [{"name": None}, {"name": ""}]}),
    (["value="], {"$or": [{"value": None}]}),
    (["ownerid="], {"$or": [{"ownerid": None}, {"ownerid": 0}]}),
    (["value>1000"], {"value": {"$gt": 1000}}),
    (["value>=1000.50"], {"value": {"$gte": Decimal("1000.50")}}),
    (["value<-1"], {"value": {"$lt": -1}}),
    (["score<=7"], {"score": {"$lte": 7}}),
    (["value=1000..2000"], {"value": {"$bt": [1000, 2000]}}),
    (["value=1|2"], {"value": {"$in": [1, 2]}}),
    (["value>=1", "value<=5"], {"value": {"$bt": [1, 5]}}),
    (["hold=yes"], {"hold": 1}),
    (["hold!=true"], {"$or": [{"hold": {"$not": 1}}, {"hold": None}]}),
    (["ownerid=90505"], {"ownerid": 90505}),
    (["id=5..9"], {"id": {"$bt": [5, 9]}}),
    (["accountid=7|8"], {"accountid": {"$in": [7, 8]}}),
    (["closedate=2026-01-02"], {"closedate": {"$bt": ["2026-01-02", "2026-01-02 23:59:59"]}}),
    (["closedate>2026-01-02"], {"closedate": {"$gt": "2026-01-02 23:59:59"}}),
    (["closedate>=today"], {"closedate": {"$gte": "2026-11-22"}}),
    (["closedate<-1w"], {"closedate": {"$lt": "2026-11-15"}}),
    (["closedate<=2026-01-02"], {"closedate": {"$lte": "2026-01-02 23:59:59"}}),
    (
        ["modifieddate=2026-01-02"],
        {"modifieddate": {"$bt": ["2026-01-02 00:00:00", "2026-01-02 23:59:59"]}},
    ),
    (["modifieddate<2026-01-02"], {"modifieddate": {"$lt": "2026-01-02 00:00:00"}}),
    (["modifieddate>2026-01-02T03:04"], {"modifieddate": {"$gt": "2026-01-02 03:04:00"}}),
    (["(name=a or value>5)"], {"$or": [{"name": "a"}, {"value": {"$gt": 5}}]}),
    (["(name=a value>5 or sector=b)"], {"$or": [{"name": "a", "value": {"$gt": 5}}, {"sector": "b"}]}),
    (["(name=a value>5)"], {"name": "a", "value": {"$gt": 5}}),
]
PARTLY: list[tuple[list[str], dict[str, Any]]] = [
    (["name^=a", "name$=b"], {"name": {"$sw": "a"}}),
    (["value>1", "value<5"], {"value": {"$gt": 1}}),
    (["name!=a", "sector!=b"], {"$or": [{"name": {"$not": "a"}}, {"name": None}]}),
    (["name!="], {"name": {"$not": ""}}),
    (["value!="], {}),
    (["value~5"], {}),
    (["closedate!=today"], {}),
    (["not(name=a value>1)"], {}),
    (["interests=News"], {"interests": {"$con": "News"}}),
    (["interests^=News"], {"interests": {"$con": "News"}}),
    (["interests!=News"], {}),
    (["ownerid=Smith"], {}),
    (["oddity=5"], {}),
    (["closedate=2026-01-02T03:04"], {}),
    (["modifieddate>2026-01-02T03:04Z"], {}),
    (["modifieddate<2026-01-02T03:04+01:00"], {}),
    (["sector=x", "oddity=5"], {"sector": "x"}),
]


@pytest.mark.parametrize(
    ("arguments", "q"), WHOLE, ids=lambda case: " ".join(case) if type(case) is list else ""
)
def test_what_the_service_filters(arguments: list[str], q: dict[str, Any]) -> None:
    assert q_of(where(FIELDS, *arguments), FIELDS) == (q, None)


@pytest.mark.parametrize(
    ("arguments", "q"), PARTLY, ids=lambda case: " ".join(case) if type(case) is list else ""
)
def test_what_is_left_to_be_done_here(arguments: list[str], q: dict[str, Any]) -> None:
    asked, rest = q_of(where(FIELDS, *arguments), FIELDS)
    assert asked == q
    assert rest is not None


def test_no_filter_asks_for_everything() -> None:
    assert q_of(None, FIELDS) == ({}, None)
    assert q_of(where(FIELDS), FIELDS) == ({}, None)


class World:
    """One kind of a sandbox: its fields and all of its records, read without a filter."""

    def __init__(self, account: Account, run: Run, kind: str) -> None:
        self.account = account
        self.run = run
        self.kind = kind
        self.schema: Schema = run(Fields(account).schema(kind))
        self.fields = self.schema.by_name
        self.records: list[Record] = run(read_all(account, Query(kind), self.fields))

    def found(self, *arguments: str) -> tuple[list[str], list[str], int]:
        """The ids that the service and what is done here find, those that a look at each finds, the calls."""
        bound = bind([parse_argument(text) for text in arguments], self.fields, today=date.today())
        before = len(self.account.ledger.entries())
        query = Query(self.kind, bound)
        asked = [r.ref.id for r in self.run(read_all(self.account, query, self.fields))]
        looked = [r.ref.id for r in self.records if matches(bound, r, self.fields)]
        return asked, looked, len(self.account.ledger.entries()) - before


@pytest.fixture(scope="module", params=["accounts", "contacts", "opportunities", "activities", "claims"])
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def world(serve: Serve, open_served: Open, run: Run, kind: str) -> World:
    import msgspec

    served = serve(records=60)
    connection = msgspec.structs.replace(served.connection, kinds=("claims",))
    return World(open_served(served, connection), run, kind)


def operand(draw: st.DrawFn, field: Field, seen: list[str]) -> str:
    """A value that some record has in the field, a part of it, or one that none has."""
    value = draw(st.sampled_from(seen or ["1"]))
    if field.type in (FieldType.DATE, FieldType.DATETIME) and draw(st.booleans()):
        return draw(st.sampled_from([value[:10], value, "today", "-30d", "+1y"]))
    return value


@st.composite
def compare(draw: st.DrawFn, world: World) -> str:
    """A term on any field that a list tells, with any operator that it takes."""
    told = [name for name, field in world.fields.items() if field.type is not FieldType.ROWS]
    name = draw(st.sampled_from(sorted(told)))
    field = world.fields[name]
    ranked = field.type not in (
        FieldType.TEXT,
        FieldType.MULTILINE,
        FieldType.CHOICE,
        FieldType.CHOICES,
        FieldType.EMAIL,
        FieldType.PHONE,
        FieldType.URL,
        FieldType.BOOLEAN,
        FieldType.UNKNOWN,
    )
    seen = sorted({str(r.values[name]) for r in world.records if r.values.get(name) not in (None, "")})
    quoted = '"' + name + '"'
    sign = draw(
        st.sampled_from(["=", "!=", "^=", "$=", "~", "empty", "full", "in", "out"])
        if not ranked
        else st.sampled_from(["=", "!=", ">", ">=", "<", "<=", "..", "empty", "full", "in", "out", "~"])
    )
    first, second = (literal(operand(draw, field, seen), ranked) for _ in "ab")
    match sign:
        case "empty":
            return f"{quoted}="
        case "full":
            return f"{quoted}!="
        case "in":
            return f"{quoted}={first}|{second}"
        case "out":
            return f"{quoted}!={first}|{second}"
        case "..":
            return f"{quoted}={first}..{second}"
        case "^=" | "$=" | "~":
            text = second.strip('"')
            cut = draw(st.integers(1, max(1, len(text))))
            part = (text[-cut:] if sign == "$=" else text[:cut]).strip()
            return f"{quoted}{sign}{literal(part or '1', ranked=False)}"
        case _:
            return f"{quoted}{sign}{first}"


def literal(text: str, ranked: bool) -> str:
    """A value as it can be typed; texts in quotes, so that nothing in them is a sign."""
    plain = text.replace(" ", "T") if ranked else text
    return plain if ranked else '"' + plain.replace("\\", "").replace('"', "") + '"'


@st.composite
def arguments(draw: st.DrawFn, world: World) -> list[str]:
    """One or two terms, sometimes in brackets with not and or."""
    terms = [draw(compare(world)) for _ in range(draw(st.integers(1, 2)))]
    shape = draw(st.sampled_from(["plain", "plain", "or", "not", "both"]))
    match shape:
        case "or":
            return [f"({' or '.join(terms)})"]
        case "not":
            return [f"not({terms[0]})", *terms[1:]]
        case "both":
            return [f"({' '.join(terms)} or {terms[0]})"]
        case _:
            return terms


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_both_sides_find_the_same_records(world: World, data: st.DataObject) -> None:
    terms = data.draw(arguments(world))
    asked, looked, calls = world.found(*terms)
    assert sorted(asked) == sorted(looked), terms
    assert len(asked) == len(set(asked))
    assert calls == 1
