"""The requests that change the parts of a record: its tags, its custom fields, its additional parties.

Source: facts `capsule.md`, sections 1.1 and 1.3.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from crmtui.crm.capsule import custom, kinds
from crmtui.crm.capsule.fields import ADDITIONAL
from crmtui.crm.capsule.v1.requests import Requests, Values, path_of, rows_in
from crmtui.crm.capsule.v1.wire import custom_row, path_part
from crmtui.crm.xml_body import Node
from crmtui.model.call import Call
from crmtui.model.record import Ref, Value, is_empty
from crmtui.model.schema import Field, FieldType
from crmtui.model.value import canonical, fold, text_of


class Parts:
    """Makes the Calls that change parts; `then` among their arguments is what there must be afterwards."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests

    def of(
        self, ref: Ref, parts: Mapping[str, Values], now: Values, fields: Mapping[str, Field]
    ) -> Iterator[Call]:
        """The Calls for the edits of each part, in an order in which one can build upon the other."""
        customs = parts.get(custom.CUSTOM, {})
        yield from self._tagged(ref, parts.get(kinds.TAGS), customs, now, fields)
        yield from self._customs(ref, customs, fields)
        yield from self._additional(ref, parts.get(ADDITIONAL), now)

    def _tagged(
        self, ref: Ref, tags: Values | None, customs: Values, now: Values, fields: Mapping[str, Field]
    ) -> Iterator[Call]:
        """Tags that are added and removed; a custom field of a tag that the record lacks needs that first."""
        known = kinds.TAGS in now
        had = _texts(now.get(kinds.TAGS))
        wanted = had if tags is None else _texts(tags[kinds.TAGS])
        needed = [
            fields[name].key[1]
            for name, value in customs.items()
            if len(fields[name].key) > 1 and not is_empty(value) and value is not False
        ]
        then = {fold(tag): tag for tag in had}
        for tag in dict.fromkeys([*wanted, *needed]):
            if tag and fold(tag) not in then:
                then[fold(tag)] = tag
                yield self._tag("POST", ref, tag, list(then.values()) if known else None)
        kept = {fold(tag) for tag in (*wanted, *needed)}
        for tag in had:
            if fold(tag) not in kept:
                then.pop(fold(tag), None)
                yield self._tag("DELETE", ref, tag, list(then.values()))

    def _tag(self, method: str, ref: Ref, tag: str, then: list[str] | None) -> Call:
        path = f"{path_of(ref, {})}/tag/{path_part(tag)}"
        return self._requests.writing(method, path, "tagged", ref, then=then)

    def _customs(self, ref: Ref, customs: Values, fields: Mapping[str, Field]) -> Iterator[Call]:
        if customs:
            rows: list[Node] = [custom_row(fields[name], value) for name, value in customs.items()]
            boxes = [name for name in customs if fields[name].type is FieldType.BOOLEAN]
            sent = {fields[name].key[0]: name for name in customs if fields[name].key}
            yield self._requests.writing(
                "PUT",
                f"{path_of(ref, {})}/customfields",
                "customs",
                ref,
                "customFields",
                {"customField": rows},
                boxes=boxes,
                sent=sent,
            )

    def _additional(self, ref: Ref, parties: Values | None, now: Values) -> Iterator[Call]:
        if parties is None:
            return
        had, wanted = (
            {text_of(row.get("id")): row for row in rows_in(v)}
            for v in (now.get(ADDITIONAL), parties[ADDITIONAL])
        )
        then = dict(had)
        for id_ in [id_ for id_ in wanted if id_ not in had]:
            then[id_] = wanted[id_]
            yield self._party("POST", ref, id_, then)
        for id_ in [id_ for id_ in had if id_ not in wanted]:
            del then[id_]
            yield self._party("DELETE", ref, id_, then)

    def _party(self, method: str, ref: Ref, id_: str, then: Mapping[str, Any]) -> Call:
        path = f"{path_of(ref, {})}/party/{path_part(id_)}"
        return self._requests.writing(method, path, "additional", ref, then=list(then.values()))


def _texts(value: Value) -> list[str]:
    plain = canonical(Field(kinds.TAGS, type=FieldType.CHOICES), value)
    return [text_of(part) for part in plain] if isinstance(plain, list) else []
