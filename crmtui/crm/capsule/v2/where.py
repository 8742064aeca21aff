"""What of a filter Capsule can do: conditions, and the lists beneath a record.

Source: facts `capsule.md`, section 2.4, and the vendor's page "Filters". Conditions must all hold, and
none says which case, which end of a day or which form of nothing it means: so each is made to find all
that we mean, and what it finds besides is left out here. GUESS: texts are compared without case.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from crmtui.crm.capsule import kinds
from crmtui.model.bind import All, Number, Op, Test, Truth, Where
from crmtui.model.schema import Choice, Field, FieldType
from crmtui.model.value import fold

Condition: TypeAlias = "dict[str, str | int | bool]"

OPERATORS: Final = ("=", "<", "<=", ">", ">=", "^=", "$=", "~")
FILTERS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((kinds.PARTIES, kinds.OPPORTUNITIES, kinds.KASES), OPERATORS),
    **dict.fromkeys((kinds.TASKS, kinds.ENTRIES), ("=",)),
}
"""The operators by which the service narrows each kind."""
_BENEATH: Mapping[str, Mapping[str, tuple[str, str]]] = {
    kinds.PARTIES: {"organisation": (kinds.PARTIES, "people")},
    kinds.OPPORTUNITIES: {"party": (kinds.PARTIES, kinds.OPPORTUNITIES)},
    kinds.KASES: {"party": (kinds.PARTIES, kinds.KASES)},
    kinds.ENTRIES: {
        "party": (kinds.PARTIES, kinds.ENTRIES),
        "opportunity": (kinds.OPPORTUNITIES, kinds.ENTRIES),
        "kase": (kinds.KASES, kinds.ENTRIES),
    },
}
_EVERYWHERE: Mapping[str, str] = {
    "createdAt": "addedOn",
    "updatedAt": "updatedOn",
    "lastContactedAt": "lastContactedOn",
    "owner": "owner",
    "team": "team",
    kinds.TAGS: "tag",
}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    kinds.PARTIES: {
        **_EVERYWHERE,
        "name": "name",
        "firstName": "name",
        "lastName": "name",
        "jobTitle": "jobTitle",
        "type": "type",
        "emailAddresses.address": "email",
        "addresses.city": "city",
        "addresses.zip": "zip",
        "addresses.state": "state",
        "addresses.country": "country",
    },
    kinds.OPPORTUNITIES: {
        **{name: field for name, field in _EVERYWHERE.items() if name != "lastContactedAt"},
        "name": "name",
        "milestone": "milestone",
        "lostReason": "lostReason",
        "currency": "currency",
        "probability": "probability",
        "closedOn": "closedOn",
        "expectedCloseOn": "expectedCloseOn",
    },
    kinds.KASES: {
        **{name: field for name, field in _EVERYWHERE.items() if name != "lastContactedAt"},
        "name": "name",
        "status": "status",
        "stage": "stage",
        "startOn": "startOn",
        "closedOn": "closedOn",
        "expectedCloseOn": "expectedCloseOn",
    },
}
"""The filters by the fields that they look at."""
_HAS: Mapping[str, str] = {
    kinds.TAGS: "hasTags",
    "addresses": "hasAddress",
    "phoneNumbers": "hasPhoneNumber",
    "emailAddresses": "hasEmailAddress",
}
_PARTS_OF_A_NAME = ("firstName", "lastName")
_NUMBERED = ("owner", "team", "stage", kinds.TAGS)
"""Fields whose values the filter knows by numbers; with a number it means just what we mean."""
_TEXTS: Mapping[Op, str] = {
    Op.EQ: "is",
    Op.PREFIX: "starts with",
    Op.SUFFIX: "ends with",
    Op.CONTAINS: "contains",
}
_ABOVE = (Op.GT, Op.GE)
_BELOW = (Op.LT, Op.LE)
_MARGIN = timedelta(days=2)
"""Wider than any zone and either meaning of "after"."""
_TASK_WORDS = ("OPEN", "COMPLETED", "PENDING")


class Beneath(NamedTuple):
    """A list beneath a record, named by the field that points at it; `rest` of the filter is left."""

    above: str
    id: str
    what: str
    field: str
    rest: Where | None


def terms_of(where: Where | None) -> tuple[Where, ...]:
    """The terms that must all hold."""
    if where is None:
        return ()
    return where.terms if isinstance(where, All) else (where,)


def all_of(terms: tuple[Where, ...]) -> Where | None:
    """One filter of terms, None of none."""
    if len(terms) == 1:
        return terms[0]
    return All(terms) if terms else None


def ids_of(where: Where | None, most: int) -> tuple[list[str], Where | None]:
    """The few records that a filter names by their ids, and the rest of it."""
    terms = terms_of(where)
    for at, term in enumerate(terms):
        if isinstance(term, Test) and term.field == "id" and term.op in (Op.EQ, Op.IN):
            ids = list(dict.fromkeys(str(value) for value in term.plain))
            if len(ids) <= most and all(map(_is_id, ids)):
                return ids, all_of((*terms[:at], *terms[at + 1 :]))
    return [], where


def beneath_of(kind: str, where: Where | None) -> Beneath | None:
    """The record beneath which a kind is listed, if the filter names one.

    Beneath a party hang the sales and projects of others too, so that the term is left there.
    """
    terms = terms_of(where)
    known = _BENEATH.get(kind, {})
    for at, term in enumerate(terms):
        if isinstance(term, Test) and term.field in known and term.op is Op.EQ and _is_id(str(term.plain[0])):
            above, what = known[term.field]
            exact = kind in (kinds.PARTIES, kinds.ENTRIES)
            rest = all_of((*terms[:at], *terms[at + 1 :])) if exact else where
            return Beneath(above, str(term.plain[0]), what, term.field, rest)
    return None


def conditions_of(
    kind: str, where: Where | None, fields: Mapping[str, Field]
) -> tuple[list[Condition], Where | None]:
    """The conditions that narrow a list to what a filter means, and what of it is left to be done here."""
    asked: list[Condition] = []
    left: list[Where] = []
    for term in terms_of(where):
        found = [*_conditions(kind, term, fields)] if isinstance(term, Test) else []
        asked += found
        if not (found and isinstance(term, Test) and term.op is Op.EQ and _is_exact(found[0], term.field)):
            left.append(term)
    return asked, all_of(tuple(left))


def task_parameters(where: Where | None, fields: Mapping[str, Field]) -> tuple[dict[str, str], Where | None]:
    """The states and the owner of the tasks that are listed, and the rest of a filter."""
    given: dict[str, str] = {}
    left: list[Where] = []
    for term in terms_of(where):
        if isinstance(term, Test) and term.field == "status" and term.op in (Op.EQ, Op.IN):
            words = [word for word in _TASK_WORDS if word in map(str, term.plain)]
            if len(words) == len(term.plain) and "status" not in given:
                given["status"] = ",".join(words).lower()
                continue
        elif isinstance(term, Test) and term.field == "owner" and term.op is Op.EQ and "owner" not in given:
            key = _choice(fields.get("owner"), str(term.plain[0]))
            if key and key.key:
                given["owner"] = key.key
                continue
        left.append(term)
    return {"status": ",".join(_TASK_WORDS).lower(), **given}, all_of(tuple(left))


def _conditions(kind: str, test: Test, fields: Mapping[str, Field]) -> Iterator[Condition]:
    """What narrows to a test; nothing where that could leave out what we mean."""
    if test.op in (Op.EMPTY, Op.NOT_EMPTY):
        if test.field in _HAS and (kind == kinds.PARTIES or test.field == kinds.TAGS):
            yield _condition(_HAS[test.field], "is", test.op is Op.NOT_EMPTY)
        return
    field = fields.get(test.field) or Field(test.field)
    name = f"custom:{field.key[0]}" if field.key else _FIELDS.get(kind, {}).get(test.field, "")
    if not name or test.op not in (*_TEXTS, *_ABOVE, *_BELOW, Op.BETWEEN):
        return
    if field.type in (FieldType.DATE, FieldType.DATETIME):
        yield from _days(name, test)
    elif isinstance(test.values[0], Number):
        yield from _numbers(name, test)
    elif isinstance(test.values[0], Truth):
        yield _condition(name, "is", test.values[0].value)
    elif test.field in _PARTS_OF_A_NAME and kind == kinds.PARTIES:
        yield _condition(name, "contains", str(test.plain[0]))
    elif field.choices is not None or field.asks or field.type is FieldType.USER:
        yield from _chosen(name, test, field)
    elif field.type is not FieldType.MULTILINE and test.op in _TEXTS:
        yield _condition(name, _TEXTS[test.op], str(test.plain[0]))


def _chosen(name: str, test: Test, field: Field) -> Iterator[Condition]:
    """A value of a list, where it is known how the filter names it."""
    if test.op is not Op.EQ or (field.key and field.type is FieldType.CHOICES):
        return
    value = str(test.plain[0])
    known = _choice(field, value)
    word = (known.key or known.value) if known else ""
    if test.field in _NUMBERED:
        word = value if test.field in ("team", "stage") else word
        if _is_id(word):
            yield _condition(name, "is", int(word))
        elif test.field == kinds.TAGS:
            yield _condition(name, "is", word or value)
    elif word or not _is_id(value):
        yield _condition(name, "is", word or value)


def _days(name: str, test: Test) -> Iterator[Condition]:
    """The days from a few before to a few after what is meant."""
    try:
        ends = [date.fromisoformat(str(value)[:10]) for value in test.plain]
        if test.op in (*_ABOVE, Op.EQ, Op.BETWEEN):
            yield _condition(name, "is after", (ends[0] - _MARGIN).isoformat())
        if test.op in (*_BELOW, Op.EQ, Op.BETWEEN):
            yield _condition(name, "is before", (ends[-1] + _MARGIN).isoformat())
    except (ValueError, OverflowError):
        return


def _numbers(name: str, test: Test) -> Iterator[Condition]:
    """The numbers from one below to one above what is meant."""
    ends = [value for value in test.plain if isinstance(value, int | Decimal)]
    if test.op in (*_ABOVE, Op.EQ, Op.BETWEEN):
        yield _condition(name, "is greater than", int(ends[0] // 1) - 1)
    if test.op in (*_BELOW, Op.EQ, Op.BETWEEN):
        yield _condition(name, "is less than", int(ends[-1] // 1) + 2)


def _condition(field: str, operator: str, value: str | int | bool) -> Condition:
    return {"field": field, "operator": operator, "value": value}


def _is_exact(condition: Condition, field: str) -> bool:
    return field in _NUMBERED and isinstance(condition["value"], int)


def _choice(field: Field | None, value: str) -> Choice | None:
    """The known value of a field that a text is."""
    known = field.choices if field and field.choices else ()
    return next((each for each in known if fold(each.value) == fold(value)), None)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
