"""SpotlerCRM API v4: wishes to Calls, answers to records.

Source: the vendor's page "CRM API Version 4.0"; sections are named at the functions.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import msgspec

from crmtui.crm.adapter import Batch, Whole
from crmtui.crm.json_body import encode
from crmtui.crm.spotler import kinds
from crmtui.crm.spotler.answers import ABOVE, Answers
from crmtui.crm.spotler.errors import passes
from crmtui.crm.spotler.files import download_call, upload_call
from crmtui.crm.spotler.quota import quota_of
from crmtui.crm.spotler.standard_fields import FIELDS
from crmtui.crm.spotler.where import order_of, q_of, where_beneath
from crmtui.crm.spotler.wire import to_wire
from crmtui.crm.webhooks import Webhooks
from crmtui.model.attachment import FILE
from crmtui.model.bind import Where
from crmtui.model.call import Answer, Call
from crmtui.model.errors import Restricted
from crmtui.model.match import names_in
from crmtui.model.query import Asked, Page, Query
from crmtui.model.quota import Quota
from crmtui.model.record import Record, Ref
from crmtui.model.schema import NUMBERS, Field, FieldType, Kind, Schema
from crmtui.model.value import text_of
from crmtui.model.write import Op, Write

_JSON = (("Accept", "application/json"),)
_SENDS_JSON = (*_JSON, ("Content-Type", "application/json"))
_ASKABLE = frozenset({FieldType.TEXT, FieldType.MULTILINE, FieldType.CHOICE, FieldType.CHOICES})
_LIMIT: Final = 100
_WITH_LINES: Final = "opportunities"


class Spotler(Whole):
    """The adapter of one connection."""

    label = "Spotler CRM"
    main_kinds: Sequence[str] = ("accounts", "contacts", "opportunities", "activities", "cases", "campaigns")
    page_size = _LIMIT
    users_kind: str | None = "users"
    pauses: Sequence[float] | None = None
    hooks: Webhooks | None = None
    batch: Batch | None = None
    token_help = (
        "In SpotlerCRM: Settings > Integrations > API V4 > Manage API Keys and Alerts > generate new key."  # noqa: S105 (where to find one)
        " It is shown only once."
    )

    def __init__(
        self, connection: str, custom_kinds: Sequence[str] = (), *, pages_from: int = 1, nested: bool = True
    ) -> None:
        """`pages_from`: the number of the first page, 1 until a list proves that it is 0.

        `nested`: whether there is `/opportunities/{id}/opportunityhistories`, until it proves not to be.
        """
        self.kinds: Mapping[str, Kind] = kinds.kinds(custom_kinds)
        self._answers = Answers(connection, self.kinds)
        self.pages_from: int | None = pages_from
        self.nested = nested

    def sign(self, call: Call, token: str) -> Mapping[str, str]:
        """Section "OAuth 2.0"."""
        return {"Authorization": f"Bearer {token}"}

    def check(self) -> Call:
        """One account: every plan with an API has them."""
        return self._get("/accounts", "page", {"kind": "accounts"}, limit="1")

    def samples(self) -> Sequence[Call]:
        """Sections "GET Requests", "Opportunity Lines"."""
        plain = [self._get(f"/{_quoted(kind)}", "page", {"kind": kind}, limit="1") for kind in self.kinds]
        args = {"kind": "opportunities"}
        return (*plain, self._get("/opportunities", "page", args, lines="true", limit="1"))

    # -- what a kind consists of

    def schema(self, kind: str) -> Call:
        """Section "Data Dictionary"."""
        return self._get(f"/datadictionary/{_quoted(kind)}", "schema", {"kind": kind})

    def built_in(self, kind: str) -> Schema:
        """The fields that are known of standard records."""
        return Schema(kind, FIELDS.get(kind, ()))

    def users(self) -> None:
        """They are records."""

    def choices(self, kind: str, field: Field) -> Call | None:
        """Section "Lookup lists/dropdowns"."""
        if not _can_have_list(field):
            return None
        path = f"/lookup/{_quoted(kind)}/{_quoted(field.name)}"
        return self._get(path, "choices", {"kind": kind, "what": f"A list for {field.name}"})

    def add_choices(self, kind: str, field: Field, values: Sequence[str], list_name: str) -> Call | None:
        """Section "Appending to lookup list/dropdown"; the items of its answer need not be the list's."""
        if not _can_have_list(field):
            return None
        args = {"kind": kind, "what": f"The list {list_name}"}
        body = encode({"items": list(values)})
        path = f"/lookup/{_quoted(list_name)}"
        return Call("PATCH", path, "added", (), _SENDS_JSON, body, args, safe=False)

    # -- reading records

    def list(self, query: Query, fields: Mapping[str, Field], size: int) -> Asked:
        """Sections "Record Limits and Pagination", "Filtering results", "Ordering"."""
        flat = self._asked(f"/{_quoted(query.kind)}", query, query.where, fields, size)
        if query.kind != kinds.HISTORIES or not self.nested or query.where is None:
            return flat
        # Histories name their opportunity by the path they hang under, and there is no field to filter by.
        above, rest = where_beneath(query.where, ABOVE)
        others = {name: field for name, field in fields.items() if name != ABOVE}
        if above is None:
            return self._asked(f"/{query.kind}", query, rest, others, size)
        path = f"/opportunities/{_quoted(above)}/{query.kind}"
        nested = self._asked(path, query, rest, others, size, above=above)
        return Asked(nested.call, nested.rest, flat)

    def next_page(self, call: Call, page: Page, seen: int) -> Call | None:
        """The following page; in a list that ends too early page 1 may have been left out.

        It is then asked for: rows that were not known prove that pages count from 0.
        """
        number: int = call.args["page"]
        size: int = call.args.get("size", _LIMIT)
        following = number + 1 if number or not self.pages_from else 2
        probe: tuple[int, int] | None = call.args.get("probe")
        if number == 1 and probe:
            before, following = probe
            if 2 * (seen - before) > len(page.records):
                self.pages_from = 0
                return None
        if page.total is not None and seen >= page.total:
            return None
        if page.records and page.has_more and not (number == 1 and probe):
            return self._numbered(call, following)
        if page.total is None:
            return None
        full = len(page.records) >= size
        like_page_1 = page.total - seen == min(size, page.total - size)
        if self.pages_from and number > 1 and not probe and (like_page_1 or not full):
            return self._numbered(call, 1, probe=(seen, following if full else 0))
        # The service's has_more is wrong: it told of more rows than came.
        return self._numbered(call, following) if full and following else None

    def page_at(self, call: Call, number: int) -> Call:
        """Section "Record Limits and Pagination"."""
        return call if number == 0 else self._numbered(call, number + (self.pages_from or 0))

    def resized(self, call: Call, size: int, number: int) -> Call:
        """Section "Record Limits and Pagination": limits and pages combined."""
        query = tuple({**dict(call.query), "limit": str(size)}.items())
        return self._numbered(msgspec.structs.replace(call, query=query), number, size=size)

    def stretch(self, call: Call, place: int, most: int) -> tuple[int, Call]:
        """Section "Record Limits and Pagination": limits and pages combined."""
        size, number = _window(place, most)
        return number * size, self.resized(call, size, number + (self.pages_from or 0))

    def show(self, ref: Ref, known: Record | None = None) -> Call:
        """Sections "GET Requests", "Opportunity Lines"."""
        args = {"kind": ref.kind, "what": str(ref), "id": ref.id}
        lines = {"lines": "true"} if ref.kind == _WITH_LINES else {}
        return self._get(f"/{_quoted(ref.kind)}/{_quoted(ref.id)}", "record", args, **lines)

    # -- writing

    def write(self, write: Write, current: Record | None, fields: Mapping[str, Field]) -> Sequence[Call]:
        """Sections "POST Requests", "PATCH Requests", "DELETE Requests"."""
        kind = write.ref.kind
        if not getattr(self.kinds[kind].can, write.op.value):
            raise Restricted(
                f"{self.label} lets nobody {write.op.value} {self.kinds[kind].label.lower()} here."
            )
        path = f"/{_quoted(kind)}"
        args = {"kind": kind, "what": str(write.ref), "id": write.ref.id}
        if write.op is Op.DELETE:
            path = f"{path}/{_quoted(write.ref.id)}"
            return (Call("DELETE", path, "gone", headers=_JSON, args=args, safe=False),)
        if write.op is Op.CREATE and FILE in write.edits:
            return (upload_call(write),)
        custom = kind not in kinds.KINDS
        body = {
            name: to_wire(fields.get(name) or Field(name), value, current, custom=custom)
            for name, value in write.edits.items()
        }
        if kind == kinds.HISTORIES:
            # Nothing in the answer need tell which opportunity a history belongs to.
            known = current.values if current else {}
            args["above"] = text_of(write.edits.get(ABOVE) or known.get(ABOVE))
        if write.op is Op.CREATE:
            body = {name: value for name, value in body.items() if value is not None}
            return (Call("POST", path, "record", (), _SENDS_JSON, encode(body), args, safe=False),)
        path = f"{path}/{_quoted(write.ref.id)}"
        return (Call("PATCH", path, "record", (), _SENDS_JSON, encode(body), args, safe=False),)

    def download(self, ref: Ref, name: str) -> Call:
        """See `files`."""
        return download_call(ref, name)

    # -- answers

    def read(self, call: Call, answer: Answer) -> Any:
        """See `Answers`."""
        return self._answers.read(call, answer)

    def quota(self, answer: Answer, now: float) -> Quota | None:
        """See `quota`."""
        return quota_of(answer, now)

    def passes(self, answer: Answer) -> bool:
        """Section "Response status codes"."""
        return passes(answer)

    # -- inner parts

    def _get(self, path: str, reader: str, args: Mapping[str, Any], **query: str) -> Call:
        return Call("GET", path, reader, tuple(query.items()), _JSON, args=args)

    def _asked(
        self,
        path: str,
        query: Query,
        where: Where | None,
        fields: Mapping[str, Field],
        size: int,
        **more: str,
    ) -> Asked:
        """The first page of a list at a path; a filter on lines has them come along."""
        size = min(size, _LIMIT)
        condition, rest = q_of(where, fields)
        parameters = {"limit": str(size)}
        if condition:
            parameters["q"] = encode(condition).decode()
        if query.order:
            parameters["order"] = encode(order_of(query.order)).decode()
        if query.kind == _WITH_LINES and any(name.split(".")[0] == kinds.ROWS for name in _names(where)):
            parameters["lines"] = "true"
        args = {"kind": query.kind, "size": size, "page": 0, "what": f"The kind {query.kind}", **more}
        return Asked(self._get(path, "page", args, **parameters), rest)

    def _numbered(self, call: Call, number: int, **more: Any) -> Call:
        query = {**dict(call.query), "page": str(number)}
        args = {**call.args, "page": number, **more}
        return Call(call.method, call.path, call.reader, tuple(query.items()), call.headers, args=args)


def _can_have_list(field: Field) -> bool:
    # Which numbers have one the dictionary tells.
    return field.type in _ASKABLE or (field.named and field.type in NUMBERS)


def _window(place: int, most: int) -> tuple[int, int]:
    """(size, number from 0) of the page that begins at `place` or before it, and reaches as far as can be."""
    sizes = range(most, max(most // 2, 1) - 1, -1)
    size = max(sizes, key=lambda size: place // size * size + size)
    return size, place // size


def _quoted(part: str) -> str:
    # A path's "." and ".." would be resolved away, and another record or none be meant.
    return quote(part, safe="") if part.strip(".") else part.replace(".", "%2E")


def _names(where: Where | None) -> frozenset[str]:
    return frozenset() if where is None else frozenset(names_in(where))
