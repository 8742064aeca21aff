"""What a write sends: only the edits, rows by what differs of them, and what must go along.

Source: facts `capsule.md`, sections 2.3 and 2.4.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmtui.crm.capsule import kinds
from crmtui.crm.capsule.fields import ADDITIONAL, ROWS
from crmtui.crm.capsule.v2.wire import DEFINED, custom_to_wire, id_to_wire, to_wire
from crmtui.model.errors import Invalid
from crmtui.model.record import Record, Value, is_empty
from crmtui.model.schema import Field
from crmtui.model.value import canonical, fold, text_of

HOLDERS = ("party", "opportunity", "kase")
"""What a task or an entry belongs to: one of them."""
_MONEY = ("value", "currency")
_IN_CHARGE = ("owner", "team")
"""Of a project: the one that a body leaves out is cleared."""
_CLEARED_BY_NONE = "country"
"""The member of a row that is cleared by an empty text."""


class Body:
    """The members that a write of a record sends, and what the record's fields hold then."""

    def __init__(
        self,
        kind: str,
        edits: Mapping[str, Value],
        current: Record | None,
        fields: Mapping[str, Field],
        *,
        new: bool = False,
        tag_ids: Mapping[str, str] | None = None,
    ) -> None:
        """`current`: the record as it is, None where that is not known, or where it is `new`.

        `tag_ids`: the ids of tags by their folded names.
        """
        self._tag_ids = tag_ids or {}
        self._kind = kind
        self._is_known = new or current is not None

        self._edits = {name: value for name, value in edits.items() if name != ADDITIONAL}
        self._now: Mapping[str, Value] = current.values if current else {}
        self._fields = fields
        self.custom = [name for name in self._edits if self._field(name).key]
        """The custom fields that are sent."""
        self.tags = self._tags()
        """The tags that the record has afterwards; None where they stay as they are."""

    def members(self) -> dict[str, Any]:
        """What is sent; empty where nothing of the record itself differs."""
        refuse_holders(self._kind, {**self._now, **self._edits}, self._edits)
        found: dict[str, Any] = {}
        for name, value in self._edits.items():
            field = self._field(name)
            if name in ROWS:
                found |= _given(name, [*self._rows(name, value)])
            elif name not in (kinds.TAGS, *_MONEY, *self.custom):
                found[name] = to_wire(field, value)
        found |= self._money() | self._in_charge(found)
        found |= _given("fields", [custom_to_wire(self._field(n), self._edits[n]) for n in self.custom])
        if self.tags is not None:
            found |= _given(kinds.TAGS, [*self._tag_rows(self.tags)])
        return found

    @property
    def meant(self) -> dict[str, Value]:
        """What the record's tags and custom fields are then, for an answer that leaves them out."""
        found = {name: value for name, value in self._now.items() if self._is_embedded(name)}
        found |= {name: self._edits[name] for name in self.custom}
        return found if self.tags is None else {**found, kinds.TAGS: list(self.tags)}

    def _is_embedded(self, name: str) -> bool:
        return self._kind in DEFINED and (name == kinds.TAGS or bool(self._field(name).key))

    def _field(self, name: str) -> Field:
        return self._fields.get(name) or Field(name)

    def _rows(self, name: str, value: Value) -> Iterator[dict[str, Any]]:
        """Rows of which some are new, some are changed, and some are gone."""
        here = {id_: row for row in _list(self._now.get(name)) if (id_ := id_of(row))}
        known = {field.name: field for field in self._field(name).fields}
        wanted = _list(value)
        for row in wanted:
            members = {n: v for n, v in row.items() if n != "id" and not (n in known and known[n].read_only)}
            id_ = id_of(row)
            old = here.get(id_) if id_ else None
            if id_ and (old is not None or not self._is_known):
                differs = {n: v for n, v in members.items() if not old or not _alike(v, old.get(n))}
                if differs:
                    yield {"id": id_to_wire(id_), **{n: _member(n, v) for n, v in differs.items()}}
            elif new := {n: v for n, v in members.items() if not is_empty(v)}:
                yield new
        kept = {id_of(row) for row in wanted}
        yield from ({"id": id_to_wire(id_), "_delete": True} for id_ in here if id_ not in kept)

    def _money(self) -> dict[str, Any]:
        """The amount and its currency, which are one object."""
        if not any(name in self._edits for name in _MONEY):
            return {}
        amount, currency = (
            to_wire(self._field(name), self._edits.get(name, self._now.get(name))) for name in _MONEY
        )
        if amount is None:
            if currency is not None and not self._is_known:
                return {"value": {"currency": currency}}
            if currency is not None and "currency" in self._edits:
                why = "is that of the value: give a value too"
                raise Invalid(f"Nothing was sent: currency {why}.", {"currency": why})
            return {"value": None}
        return {"value": {"amount": amount} | ({} if currency is None else {"currency": currency})}

    def _in_charge(self, found: Mapping[str, Any]) -> dict[str, Any]:
        if self._kind != kinds.KASES or not any(name in found for name in _IN_CHARGE):
            return {}
        return {
            name: to_wire(self._field(name), self._now.get(name))
            for name in _IN_CHARGE
            if name not in found and name in self._now
        }

    def _tags(self) -> list[str] | None:
        """The tags that are meant, with those of data tags whose fields are filled."""
        had = _texts(self._now.get(kinds.TAGS))
        given = kinds.TAGS in self._edits
        meant = _texts(canonical(self._field(kinds.TAGS), self._edits.get(kinds.TAGS))) if given else had
        filled = [self._field(name) for name in self.custom if not is_empty(self._edits[name])]
        of_fields = [field.key[1] for field in filled if len(field.key) > 1 and field.key[1]]
        more = [tag for tag in dict.fromkeys(of_fields) if tag not in meant and tag not in had]
        return [*meant, *more] if given or more else None

    def _tag_rows(self, meant: Sequence[str]) -> Iterator[dict[str, Any]]:
        had = _texts(self._now.get(kinds.TAGS))
        yield from ({"name": tag} for tag in meant if tag not in had)
        known = {fold(each.value): each.key for each in self._field(kinds.TAGS).choices or ()}
        for tag in (tag for tag in had if tag not in meant):
            key = self._tag_ids.get(fold(tag)) or known.get(fold(tag))
            yield {**({"id": id_to_wire(key)} if key else {"name": tag}), "_delete": True}


def refuse_holders(kind: str, values: Mapping[str, Value], edits: Mapping[str, Value]) -> None:
    """Raises `Invalid` for a task of several records, and an entry of several or of none."""
    if kind not in (kinds.TASKS, kinds.ENTRIES) or (kind == kinds.TASKS and not edits.keys() & {*HOLDERS}):
        return
    given = [name for name in HOLDERS if not is_empty(values.get(name))]
    if not given and kind == kinds.ENTRIES and edits.keys() & {*HOLDERS}:
        why = "is missing: an entry is of a party, an opportunity or a project"
        raise Invalid(f"Nothing was sent: {HOLDERS[0]} {why}.", {HOLDERS[0]: why})
    if len(given) > 1:
        why = f"is one too many: of {', '.join(HOLDERS[:-1])} and {HOLDERS[-1]} it has only one"
        raise Invalid(f"Nothing was sent: {' and '.join(given)} {why}.", dict.fromkeys(given, why))


def parties_apart(value: Value, current: Value) -> tuple[list[str], list[str]]:
    """The ids of the additional parties to add and to remove."""
    wanted, had = ([id_ for row in _list(each) if (id_ := id_of(row))] for each in (value, current))
    return [id_ for id_ in wanted if id_ not in had], [id_ for id_ in had if id_ not in wanted]


def id_of(row: Value) -> str:
    """The id of a row as text; empty of a new one."""
    return text_of(row.get("id")) if isinstance(row, dict) else ""


def _given(name: str, rows: list[Any]) -> dict[str, Any]:
    """Nothing for no rows: an empty list changes nothing."""
    return {name: rows} if rows else {}


def _member(name: str, value: Value) -> Value:
    return "" if name == _CLEARED_BY_NONE and is_empty(value) else value


def _alike(one: Value, other: Value) -> bool:
    return one == other or (is_empty(one) and is_empty(other))


def _list(value: Value) -> list[dict[str, Value]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _texts(value: Value) -> list[str]:
    return [text_of(part) for part in value] if isinstance(value, list) else []
