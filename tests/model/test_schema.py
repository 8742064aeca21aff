"""Fields of a kind, and those that nobody has heard of."""

import pytest

from crmtui.model.errors import UsageError
from crmtui.model.query import Order
from crmtui.model.schema import Field, FieldType, Schema


def test_a_field_that_only_answers_tell_of_is_shown_and_not_written() -> None:
    schema = Schema("accounts", (Field("name", "Company"),))
    assert schema.field("name").title == "Company"
    odd = schema.field("2yearpolicy/x")
    assert (odd.name, odd.title, odd.type, odd.read_only) == (
        "2yearpolicy/x",
        "2yearpolicy/x",
        FieldType.UNKNOWN,
        True,
    )


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("name", Order("name")),
        ("name:asc", Order("name")),
        ("name:DESC", Order("name", True)),
        ("odd:name", Order("odd:name")),
        ("odd:name:desc", Order("odd:name", True)),
        (":desc", Order(":desc")),
    ],
)
def test_orders(text: str, order: Order) -> None:
    assert Order.parse(text) == order
    assert Order.parse(str(order)) == order


def test_an_order_by_nothing() -> None:
    with pytest.raises(UsageError):
        Order.parse("")
