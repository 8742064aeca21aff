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


class Query(msgspec.Struct, frozen=True):
    """Records of a kind that fulfil `where`, in an order; an empty order is the service's own."""

    kind: str
    where: Where | None = None
    order: tuple[Order, ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """The first Call of a list, and the part of its where that the service cannot do.

    `instead`: how to ask where the service does not know the way of `call`.
    """

    call: Call
    rest: Where | None = None
    instead: "Asked | None" = None


class Page(msgspec.Struct, frozen=True):
    """Some rows of a list.

    `total`: rows in the whole list, None where the service does not say. `number` orders the
    pages of one list among each other, whichever order they were read in.
    """

    records: tuple[Record, ...]
    total: int | None = None
    has_more: bool = False
    number: int = 0
