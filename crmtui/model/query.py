"""What a list is asked for, and the page that comes back."""

import msgspec

from crmtui.model.bind import Where
from crmtui.model.call import Call
from crmtui.model.errors import UsageError
from crmtui.model.record import Record


class Order(msgspec.Struct, frozen=True):
    """Order by one field."""

    field: str
    descending: bool = False

    @classmethod
    def parse(cls, text: str) -> "Order":
        """`FIELD`, `FIELD:asc` or `FIELD:desc`; a field name may itself hold a colon."""
        name, colon, way = text.rpartition(":")
        if colon and way.lower() in ("asc", "desc") and name:
            return cls(name, way.lower() == "desc")
        if not text:
            raise UsageError("An order names a field: FIELD or FIELD:desc.")
        return cls(text)

    def __str__(self) -> str:
        return f"{self.field}:desc" if self.descending else self.field


def turned(order: tuple[Order, ...], field: str, *, further: bool = False) -> tuple[Order, ...]:
    """An order by a field: rising, falling where it was rising, without it where it was falling.

    `further` keeps the other keys, and a new one is the last; else the field is the only key.
    """
    now = next((key for key in order if key.field == field), None)
    if not further and order[:1] != (now,):
        now = None
    then = () if now and now.descending else (Order(field, descending=now is not None),)
    if not further:
        return then
    if now is None:
        return order + then
    at = order.index(now)
    return (*order[:at], *then, *order[at + 1 :])


class Query(msgspec.Struct, frozen=True):
    """Records of a kind that fulfil `where`, in an order; an empty order is the service's own."""

    kind: str
    where: Where | None = None
    order: tuple[Order, ...] = ()


class Window(msgspec.Struct, frozen=True):
    """The part of a kind that a list has because its filter names no other: in words, and by which field.

    `another` is a value of that field that names one, by `what` it is. `has`: the value that all that is
    listed has in that field, where it is one.
    """

    words: str
    field: str
    another: str = "-90d..+90d"
    what: str = "period"
    has: str = ""


class Asked(msgspec.Struct, frozen=True):
    """The first Call of a list, and the part of its where that the service cannot do.

    `instead`: how to ask where the service does not know the way of `call`. `window`: what is listed
    where that is not all. `whole`: the list has no pages, and comes with its first Call.
    """

    call: Call
    rest: Where | None = None
    instead: "Asked | None" = None
    window: Window | None = None
    whole: bool = False


class Page(msgspec.Struct, frozen=True):
    """Some rows of a list.

    `total`: rows in the whole list, None where the service does not say. `number` orders the
    pages of one list among each other, whichever order they were read in.
    """

    records: tuple[Record, ...]
    total: int | None = None
    has_more: bool = False
    number: int = 0
