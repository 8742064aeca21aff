"""Filters and orders of a listing as SQL (API document, "Filtering results" and "Ordering")."""

import re
from collections.abc import Callable, Mapping

from crmtui.sandbox.database import quoted
from crmtui.sandbox.text import fold, storable

from .envelope import Problem
from .field import Field, Kind, Type

Sql = tuple[str, list[object]]

_COMPARISONS = {"$not": "<>", "$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LARGEST = 2**63


def where(kind: Kind, query: Mapping[str, object]) -> Sql:
    """The condition for a filter object: its members hold together."""
    parts: list[str] = []
    values: list[object] = []
    for name, wanted in query.items():
        sql, used = _either(kind, wanted) if name == "$or" else _member(field_of(kind, name), wanted)
        parts.append(sql)
        values += used
    return " AND ".join(parts) or "1", values


def order_by(kind: Kind, order: Mapping[str, object]) -> str:
    """The ORDER BY terms for an order object; the id settles ties."""
    terms: list[str] = []
    direction = "asc"
    for name, word in order.items():
        if word not in ("asc", "desc"):
            raise Problem(400, f"Invalid order direction for {name}")
        direction = str(word)
        terms.append(f"{comparable(field_of(kind, name))} {direction}")
    return ", ".join([*terms, f"id {direction}"])


def field_of(kind: Kind, name: str) -> Field:
    """The field of a name that a client used."""
    field = kind.by_name.get(name)
    if field is None:
        raise Problem(400, f"Invalid field ({name})")
    return field


def comparable(field: Field) -> str:
    """The SQL expression by which values of a field compare."""
    column = quoted(field.name)
    return f"fold({column})" if field.is_text else column


def _either(kind: Kind, wanted: object) -> Sql:
    if not isinstance(wanted, list) or not wanted:
        raise Problem(400, "Invalid value for $or")
    parts: list[str] = []
    values: list[object] = []
    for each in wanted:
        if not isinstance(each, dict) or not each:
            raise Problem(400, "Invalid value for $or")
        sql, used = where(kind, each)
        parts.append(f"({sql})")
        values += used
    return f"({' OR '.join(parts)})", values


def _member(field: Field, wanted: object) -> Sql:
    if not isinstance(wanted, dict):
        return _compare(field, "=", wanted)
    if not wanted:
        raise Problem(400, f"Invalid value for {field.name}")
    parts: list[str] = []
    values: list[object] = []
    for operator, operand in wanted.items():
        sql, used = _operation(field, operator, operand)
        parts.append(sql)
        values += used
    return " AND ".join(parts), values


def _operation(field: Field, operator: str, operand: object) -> Sql:
    if operator in _COMPARISONS:
        return _compare(field, _COMPARISONS[operator], operand)
    if operator in _MEMBERSHIPS:
        return _MEMBERSHIPS[operator](field, operand)
    if operator in _PARTS:
        return _part(field, operator, operand)
    raise Problem(400, f"Invalid operator ({operator})")


def _compare(field: Field, sign: str, operand: object) -> Sql:
    if operand is None:
        if sign == "=":
            return f"{quoted(field.name)} IS NULL", []
        if sign == "<>":
            return f"{quoted(field.name)} IS NOT NULL", []
    return f"{comparable(field)} {sign} ?", [_operand(field, operand)]


def _in(field: Field, operand: object, word: str = "IN") -> Sql:
    if not isinstance(operand, list):
        raise Problem(400, f"Invalid value for {field.name}")
    # Null among the values does what it does in SQL: it equals nothing, and NOT IN then matches nothing.
    values = [None if each is None else _operand(field, each) for each in operand]
    return f"{comparable(field)} {word} ({', '.join('?' * len(values))})", list(values)


def _not_in(field: Field, operand: object) -> Sql:
    sql, values = _in(field, operand, "NOT IN")
    return f"({sql} AND {quoted(field.name)} IS NOT NULL)", values


def _between(field: Field, operand: object) -> Sql:
    if not isinstance(operand, list) or len(operand) != 2:
        raise Problem(400, f"Invalid value for {field.name}")
    return f"{comparable(field)} BETWEEN ? AND ?", [_operand(field, each) for each in operand]


_MEMBERSHIPS: Mapping[str, Callable[[Field, object], Sql]] = {"$in": _in, "$nin": _not_in, "$bt": _between}
_PARTS = {
    "$con": "instr({0}, ?1) > 0",
    "$sw": "substr({0}, 1, length(?1)) = ?1",
    "$ew": "substr({0}, max(1, 1 + length({0}) - length(?1))) = ?1",
}


def _part(field: Field, operator: str, operand: object) -> Sql:
    if isinstance(operand, bool) or not isinstance(operand, str | int | float):
        raise Problem(400, f"Invalid value for {field.name}")
    text = fold(storable(str(operand)))
    subject = comparable(field) if field.is_text else f"CAST({quoted(field.name)} AS TEXT)"
    if operator == "$sw" and text:
        # As a range, which an index can find.
        return f"({subject} >= ? AND {subject} < ?)", [text, f"{text}\U0010ffff"]
    sql = _PARTS[operator].format(subject)
    return sql.replace("?1", "?"), [text] * sql.count("?1")


def _operand(field: Field, value: object) -> str | int | float:
    if value is None or isinstance(value, dict | list):
        raise Problem(400, f"Invalid value for {field.name}")
    if field.type is Type.CHECKBOX:
        return _checkbox(field, value)
    if isinstance(value, bool):
        raise Problem(400, f"Invalid value for {field.name}")
    if field.is_number:
        return number(field, value)
    text = str(value)
    return _date(field, text) if field.type is Type.DATE else fold(storable(text)) or ""


def _checkbox(field: Field, value: object) -> str | int:
    word = str(int(value)) if isinstance(value, bool) else str(value)
    if word not in ("0", "1"):
        raise Problem(400, f"Invalid value for {field.name}")
    return word if field.as_string else int(word)


def number(field: Field, value: object) -> int | float:
    """A number, which clients may also send as a numeric string."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = int(value) if value.isdigit() and len(value) < 20 else float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if isinstance(value, float) and value.is_integer():
            value = int(value) if abs(value) < _LARGEST else value
        if -_LARGEST <= value < _LARGEST:
            return value
    raise Problem(400, f"Invalid value for {field.name}")


def _date(field: Field, text: str) -> str:
    # A day compared with a moment is its midnight, as in the database behind the service.
    if _DAY.fullmatch(text):
        return text if field.day_only else f"{text} 00:00:00"
    if _MOMENT.fullmatch(text):
        # As text "2026-01-01" sorts before "2026-01-01 00:00:00", so midnight itself is written as the day.
        return text[:10] if field.day_only and text[10:].strip(" 0:.") == "" else text
    raise Problem(400, f"Invalid value for {field.name}")
