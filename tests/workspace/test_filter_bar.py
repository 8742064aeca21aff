"""The filter bar of a kind: it means what the command means, and asks for values once."""

from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

import pytest

from crmtui.model.query import Query
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Choice, Field, FieldType, Schema
from crmtui.model.where import WhereError, parse_argument
from crmtui.model.where_text import print_bar
from crmtui.workspace.account import Account
from crmtui.workspace.desk import Desk
from crmtui.workspace.filter_bar import FilterBar
from crmtui.workspace.mirrored import here
from crmtui.workspace.selection import where_in_bar
from tests.cli.test_where import CASES, NAMES, ROWS, TYPES
from tests.conftest import Served

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def desk(account: Account) -> Desk:
    return Desk(account)


@pytest.fixture
def bar(desk: Desk, run: Run) -> FilterBar:
    """The bar of accounts whose fields were read."""
    run(desk.fields.schema("accounts"))
    return FilterBar(desk, desk.account.kind("accounts"))


def test_the_bar_finds_what_the_command_finds(desk: Desk, run: Run) -> None:
    fields = tuple(Field(name, type=TYPES.get(name, FieldType.TEXT)) for name in NAMES)
    schema = Schema("things", fields, 4e9)
    rows: list[dict[str, Value]] = [dict(zip(NAMES, row, strict=True)) for row in ROWS]  # type: ignore[arg-type]
    desk.account.mirror.upsert(
        Record(Ref("acme", "things", str(number)), str(number), values, fetched_at=1.0)
        for number, values in enumerate(rows, 1)
    )

    def found(argument: str) -> str:
        text = print_bar([parse_argument(argument)])
        where = run(where_in_bar(desk, schema, text, date(2026, 11, 22)))
        return " ".join(found.id for found in here(desk, Query("things", where), schema))

    assert {argument: found(argument) for argument in CASES} == CASES


def mirror(desk: Desk, *names: str) -> None:
    desk.account.mirror.upsert(
        Record(Ref("acme", "accounts", str(number)), name, {"name": name, "type": "Odd"}, fetched_at=1.0)
        for number, name in enumerate(names, 1)
    )


def test_labels_of_records_and_users_are_values(bar: FilterBar, desk: Desk, run: Run) -> None:
    mirror(desk, "Acme Ltd", "Twin", "twin")
    run(desk.fields.schema("contacts"))
    run(desk.fields.users())
    contacts = FilterBar(desk, desk.account.kind("contacts"))
    by_id = run(contacts.where("accountid=1 ownerid=90501"))
    assert run(contacts.where('accountid="acme ltd" ownerid="Jane Smith"')) == by_id
    with pytest.raises(WhereError, match="fits several") as caught:
        run(contacts.where("first=x accountid=twin"))
    assert caught.value.position == len("first=x accountid=")
    with pytest.raises(WhereError, match="write the id"):
        run(contacts.where("accountid=nobody"))


def test_mirrored_records_are_offered_by_the_beginning_of_their_names(
    bar: FilterBar, desk: Desk, run: Run
) -> None:
    mirror(desk, "Acme Ltd", "Twin", "Twin", "The Acme Club")
    run(desk.fields.schema("contacts"))
    contacts = FilterBar(desk, desk.account.kind("contacts"))
    found = contacts.complete("accountid=ac", 12).candidates
    assert [each.text for each in found] == ['"Acme Ltd"', '"The Acme Club"']
    found = contacts.complete("accountid=tw", 12).candidates
    assert [(each.text, each.label) for each in found] == [("2", "Twin"), ("3", "Twin")]


def test_values_are_asked_for_once_and_else_the_mirror_s_are_offered(
    bar: FilterBar, desk: Desk, run: Run, sandbox: Served
) -> None:
    mirror(desk, "Acme Ltd")
    before = len(sandbox.requests)
    completion = bar.complete("type=", 5)
    assert [each.text for each in completion.candidates] == ["Odd"]
    assert completion.field is not None
    assert bar.lacks(completion.field)
    run(bar.learn(completion.field))
    run(bar.learn(completion.field))
    assert not bar.lacks(completion.field)
    assert [request.path for request in sandbox.requests[before:]] == ["/lookup/accounts/type"]
    assert bar.complete("type=", 5).candidates[0].text == "Customer"


def test_the_last_filters_come_back_the_newest_first(bar: FilterBar, desk: Desk) -> None:
    for number in range(25):
        bar.remember(f"value>{number}")
    bar.remember("value>10")
    assert bar.recent[:2] == ["value>10", "value>24"]
    assert len(bar.recent) == len(set(bar.recent)) == 20
    assert FilterBar(desk, desk.account.kind("contacts")).recent == []


def test_what_more_typing_puts_right_is_no_mistake_yet(bar: FilterBar, run: Run) -> None:
    for text in ("(name~acme", 'not((type="Cust', "name~acme", ""):
        assert run(bar.check(text)) is None, text
    for text, position in (("nosuch=1 name~a", 0), ("name~a renewaldate>abc", 19), ("name=a)", 6)):
        mistake = run(bar.check(text))
        assert mistake is not None, text
        assert mistake.position == position


def test_the_part_of_a_label_finds_the_value_behind_it(bar: FilterBar, desk: Desk, run: Run) -> None:
    choices = (
        Choice("1", "Gold"),
        Choice("2", "Silver"),
        Choice("3", "Old gold"),
        Choice("golden", "golden"),
    )
    desk.account.known.keep_choices("accounts", "type", choices)
    fields = desk.schema("accounts").by_name
    where = run(bar.where("type~gold"))
    asked = desk.account.adapter.list(Query("accounts", where), fields, 10)
    q = '{"$or":[{"type":{"$con":"gold"}},{"type":{"$in":["1","3"]}}]}'
    assert (dict(asked.call.query)["q"], asked.rest) == (q, None)
    desk.account.mirror.upsert(
        Record(Ref("acme", "accounts", value), value, {"type": value}, fetched_at=1.0)
        for value in ("1", "2", "3", "golden", "Goldfish")
    )
    found = here(desk, Query("accounts", where), desk.schema("accounts"))
    assert {record.id for record in found} == {"1", "3", "golden", "Goldfish"}
    assert run(bar.where("type$=gold")) != where
