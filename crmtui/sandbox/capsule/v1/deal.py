"""Opportunities and cases: v2's objects as v1's elements, and v1's elements as the members of a v2 body."""

from decimal import Decimal
from typing import Any

from .element import Element, holding
from .message import Problem
from .scalars import amount, day, midnight, whole

Json = dict[str, Any]
_BASES = ("FIXED", "HOUR", "DAY", "MONTH", "YEAR")
_STATUSES = ("OPEN", "CLOSED")


def opportunity_element(deal: Json) -> Element:
    """An opportunity in the order of the recordings; its value has two decimals."""
    value, milestone = deal.get("value") or {}, deal.get("milestone") or {}
    worth = value.get("amount")
    return holding(
        "opportunity",
        ("id", deal["id"]),
        ("name", deal["name"]),
        ("description", deal.get("description")),
        ("partyId", deal["party"]["id"]),
        ("currency", value.get("currency")),
        ("value", None if worth is None else f"{Decimal(str(worth)):.2f}"),
        ("durationBasis", deal.get("durationBasis")),
        ("duration", deal.get("duration")),
        ("expectedCloseDate", midnight(deal.get("expectedCloseOn"))),
        ("actualCloseDate", midnight(deal.get("closedOn"))),
        ("milestoneId", milestone.get("id")),
        ("milestone", milestone.get("name")),
        ("probability", deal.get("probability")),
        ("owner", owner_name(deal)),
        ("createdOn", deal["createdAt"]),
        ("updatedOn", deal["updatedAt"]),
    )


def kase_element(kase: Json) -> Element:
    """A case; `closeDate` stands only where it is closed."""
    return holding(
        "kase",
        ("id", kase["id"]),
        ("status", kase["status"]),
        ("name", kase["name"]),
        ("description", kase.get("description")),
        ("partyId", kase["party"]["id"]),
        ("closeDate", midnight(kase.get("closedOn")) if kase["status"] == "CLOSED" else None),
        ("owner", owner_name(kase)),
        ("createdOn", kase["createdAt"]),
        ("updatedOn", kase["updatedAt"]),
    )


def opportunity_body(element: Element, current: Json) -> Json:
    """What a request says, in the members of v2; a value or currency alone keeps the other of `current`."""
    body = _texts(element, "name", "description")
    if (probability := element.find("probability")) is not None:
        body["probability"] = whole(probability)
    if (expected := element.find("expectedCloseDate")) is not None:
        body["expectedCloseOn"] = day(expected)
    body |= _value(element, current.get("value") or {})
    if (basis := element.find("durationBasis")) is not None:
        # v2 knows more of them: one that v1 told may come back.
        body["durationBasis"] = _word(basis, (*_BASES, current.get("durationBasis", "FIXED"))) or "FIXED"
    if (duration := element.find("duration")) is not None:
        body["duration"] = whole(duration)
    number, name = element.find("milestoneId"), element.find("milestone")
    if number is not None and number.value is not None:
        body["milestone"] = {"id": whole(number)}
    elif name is not None or number is not None:
        body["milestone"] = {"name": name.value} if name is not None and name.value else None
    return body | _owner(element, current)


def kase_body(element: Element, current: Json) -> Json:
    """What a request says, in the members of v2; a close date counts only beside the status CLOSED."""
    body = _texts(element, "name", "description")
    if (status := element.find("status")) is not None and status.value is not None:
        body["status"] = _word(status, _STATUSES)
    closed = element.find("closeDate")
    if closed is not None and closed.value is not None and body.get("status") == "CLOSED":
        body["closedOn"] = day(closed)
    return body | _owner(element, current)


def owner_name(record: Json) -> str | None:
    """The owner as v1 names them, by user name."""
    return (record.get("owner") or {}).get("username")


def _owner(element: Element, current: Json) -> Json:
    owner = element.find("owner")
    # An owner who stays says nothing of the team, which v1 does not know.
    if owner is None or (owner.value == owner_name(current) and current):
        return {}
    return {"owner": None if owner.value is None else {"username": owner.value}}


def _texts(element: Element, *names: str) -> Json:
    return {name: child.value for name in names if (child := element.find(name)) is not None}


def _value(element: Element, current: Json) -> Json:
    worth, currency = element.find("value"), element.find("currency")
    if worth is None and currency is None:
        return {}
    sent = current.get("amount") if worth is None else _number(amount(worth))
    if sent is None:
        return {"value": None}
    code = current.get("currency") if currency is None else currency.value
    return {"value": {"amount": sent} | ({"currency": code} if code else {})}


def _number(value: Decimal | None) -> int | float | None:
    """The number as v2's JSON has it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _word(element: Element, allowed: tuple[str, ...]) -> str | None:
    if element.value is not None and element.value not in allowed:
        raise Problem(500, f"{element.value} is no {element.name}: one of {', '.join(allowed)}")
    return element.value
