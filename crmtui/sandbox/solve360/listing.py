"""The arguments of a LIST as SQL (API document, "Working with records")."""

from collections.abc import Mapping
from dataclasses import dataclass

from crmtui.sandbox.database import quoted
from crmtui.sandbox.text import fold, storable

from .dialect import Dialect
from .field import Kind, Type
from .items import Sql
from .message import Problem

LARGEST_PAGE = 5000
ARGUMENTS = frozenset(
    {
        "layout", "fieldlist", "categories", "special", "filtermode", "filtervalue", "searchmode",
        "searchvalue", "limit", "start", "sortfield", "sortdir", "callback",
    }
)  # fmt: skip
_HEAD = ("id", "name", "created", "updated", "viewed")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a LIST asks for; `fields` is None for short rows, empty for all fields."""

    condition: Sql
    order: str
    limit: int
    offset: int
    fields: frozenset[str] | None
    with_categories: bool


def listing(kind: Kind, given: Mapping[str, str], dialect: Dialect) -> Listing:
    """The meaning of a LIST's arguments."""
    unknown = given.keys() - ARGUMENTS
    if unknown:
        raise _incorrect(min(unknown))
    filtered, searched = _filter(kind, given), _search(kind, given)
    return Listing(
        (f"({filtered[0]}) AND ({searched[0]})", [*filtered[1], *searched[1]]),
        _order(kind, given),
        min(_whole(given, "limit", min(dialect.default_limit, LARGEST_PAGE)), LARGEST_PAGE),
        max(_whole(given, "start", dialect.start) - dialect.start, 0),
        _fields(kind, given),
        given.get("categories", "") not in ("", "0"),
    )


def _fields(kind: Kind, given: Mapping[str, str]) -> frozenset[str] | None:
    names = frozenset(name.strip() for name in given.get("fieldlist", "").split(",") if name.strip())
    if not names <= {*kind.by_name, *_HEAD}:
        raise Problem(400, incorrectfield="Incorrect field specified")
    return names if names or given.get("layout", "") == "1" else None


def _filter(kind: Kind, given: Mapping[str, str]) -> Sql:
    value = given.get("filtervalue", "")
    match given.get("filtermode", ""):
        case "":
            return "1", []
        case "byemail":
            return _any_of(kind.named(Type.EMAIL), "fold({0}) = ?", fold(value.strip()))
        case "byphone":
            digits = "".join(sign for sign in value if sign.isdigit())
            return _any_of(kind.named(Type.PHONE), f"{_bare('{0}')} = ?", digits)
        case "category":
            number = _whole(given, "filtervalue", 0)
            return "id IN (SELECT item FROM tagged WHERE category = ?)", [number]
    raise _incorrect("filtermode")


def _any_of(names: tuple[str, ...], condition: str, value: object) -> Sql:
    if not names or not value:
        return "0", []
    return " OR ".join(condition.format(quoted(name)) for name in names), [value] * len(names)


def _bare(column: str) -> str:
    """A phone number without what people write between the digits."""
    for sign in " -+()./":
        column = f"replace({column}, '{sign}', '')"
    return column


def _search(kind: Kind, given: Mapping[str, str]) -> Sql:
    mode = given.get("searchmode", "")
    if not mode and "searchvalue" not in given:
        return "1", []
    if mode != "Sany":
        raise _incorrect("searchmode")
    types = (Type.TEXT, Type.TEXTAREA, Type.EMAIL, Type.PHONE, Type.URL)
    columns = " || ' ' || ".join(quoted(name) for name in dict.fromkeys(("name", *kind.named(*types))))
    return f"instr(fold({columns}), ?) > 0", [fold(storable(given.get("searchvalue", "")))]


def _order(kind: Kind, given: Mapping[str, str]) -> str:
    direction = given.get("sortdir", "ASC").upper()
    if direction not in ("ASC", "DESC"):
        raise _incorrect("sortdir")
    name = given.get("sortfield", "") or "id"
    known = {field.name: field for field in kind.stored}
    if name not in known and name not in _HEAD:
        raise Problem(400, incorrectfield="Incorrect field specified")
    column = quoted(name)
    if name == "name" or (name in known and known[name].type in (Type.TEXT, Type.TEXTAREA)):
        column = f"fold({column})"
    elif name in known and known[name].type in (Type.NUMBER, Type.CURRENCY):
        column = f"CAST({column} AS REAL)"
    return f"{column} {direction}, id {direction}"


def _whole(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _incorrect(name)
    return int(text)


def _incorrect(name: str) -> Problem:
    return Problem(400, incorrectparameter=f"Incorrect parameter specified: {name}")
