"""Solve360: wishes to Calls, answers to records.

Source: the vendor's pages "API Reference" and "Batching Requests"; sections are named at the functions.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from crmtui.crm.adapter import Batch, Whole
from crmtui.crm.solve360 import activities, activity_kinds, batch, kinds, report_fields, reports
from crmtui.crm.solve360.answers import Answers
from crmtui.crm.solve360.errors import passes
from crmtui.crm.solve360.hooks import SolveHooks
from crmtui.crm.solve360.kinds import CATEGORIES, RELATED
from crmtui.crm.solve360.quota import quota_of
from crmtui.crm.solve360.report_where import arguments_of, asked_of
from crmtui.crm.solve360.standard_fields import FIELDS
from crmtui.crm.solve360.where import filter_of, order_of
from crmtui.crm.solve360.wire import ACCEPTS, SENDS, categories_of, path_part, related_of, to_wire
from crmtui.crm.webhooks import Webhooks
from crmtui.crm.xml_body import encode
from crmtui.model.call import Answer, Call
from crmtui.model.errors import Restricted, UsageError
from crmtui.model.query import Asked, Page, Query
from crmtui.model.quota import Quota
from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.schema import Field, FieldType, Kind, Schema
from crmtui.model.write import Op, Write

_LIMIT = 200
"""Rows of a page: full rows of some kilobytes, of which the service would give 5000."""
_OVERLAP = 5
"""Rows by which a stretch of a list begins before what is wanted."""


class Solve360(Whole):
    """The adapter of one connection."""

    label = "Solve360"
    main_kinds: Sequence[str] = tuple(kinds.KINDS)
    page_size = _LIMIT
    pages_from: int | None = None
    nested = False
    users_kind: str | None = None
    pauses: Sequence[float] | None = (2.0, 4.0)
    hooks: Webhooks | None = SolveHooks()
    batch: Batch | None = Batch(batch.MOST, batch.pack, batch.unpack)
    token_help = (
        "In Solve360: Settings > My Account > API Token. It gives full access to all that your own account"  # noqa: S105 (where to find one)
        " can see and change: keep it as secret as your password."
    )

    def __init__(self, connection: str, user: str) -> None:
        """`user`: the e-mail address that signs in."""
        self.kinds: Mapping[str, Kind] = {**kinds.KINDS, **reports.KINDS, **activity_kinds.KINDS}
        self._answers = Answers(connection, self.kinds)
        self._connection = connection
        self._user = user

    def sign(self, call: Call, token: str) -> Mapping[str, str]:
        """The page's introduction: Basic, the e-mail address and the token."""
        pair = base64.b64encode(f"{self._user}:{token}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def check(self) -> Call:
        """The users and groups: few, and there whatever else the user may see."""
        return self.users()

    def samples(self) -> Sequence[Call]:
        """Section "Reading data"."""
        mains = self.main_kinds
        first = (self._get(f"/{kind}/", "page", {"kind": kind}, layout="1", limit="1") for kind in mains)
        tags = (self._categories(kind) for kind in mains)
        told = (self._report(Query(kind)).call for kind in reports.KINDS)
        return (*first, *tags, self.users(), *told)

    # -- what a kind consists of

    def schema(self, kind: str) -> Call | None:
        """The fields of a kind, custom ones too.

        Those of reports are built in, and of an activity of unknown type nobody can be asked.
        """
        if kind in reports.KINDS or kind in (activity_kinds.OTHER, activity_kinds.TEMPLATE):
            return None
        if self.kinds[kind].within:
            return self._get(f"/fields/{kind}", "schema", {"kind": kind})
        return self._get(f"/{kind}/fields/", "schema", {"kind": kind})

    def built_in(self, kind: str) -> Schema:
        """The fields that are known of standard records."""
        return Schema(kind, report_fields.FIELDS[kind] if kind in reports.KINDS else FIELDS[kind])

    def users(self) -> Call:
        """Users and groups."""
        return self._get("/ownership/", "people", {"what": "The list of users"})

    def choices(self, kind: str, field: Field) -> Call | None:
        """The category tags; other lists come with the fields."""
        return self._categories(kind) if field.name == CATEGORIES and kind in kinds.KINDS else None

    def add_choices(self, kind: str, field: Field, values: Sequence[str], list_name: str) -> Call | None:
        """A category tag more."""
        if field.name != CATEGORIES:
            return None
        if len(values) > 1:
            raise UsageError("Solve360 adds one category at a time; name one only.")
        args = {"kind": kind, "what": "The list of categories", "sent": ["name"]}
        body = encode("request", {"name": values[0]})
        return Call("POST", f"/{kind}/categories/", "gone", (), SENDS, body, args, safe=False)

    # -- reading records

    def list(self, query: Query, fields: Mapping[str, Field], size: int) -> Asked:
        """Section "Reading data": LIST. A report comes whole, and activities come with their record."""
        if query.kind in reports.KINDS:
            return self._report(query)
        if self.kinds[query.kind].within:
            return self._beneath(query)
        condition, rest = filter_of(query.where)
        size = min(size, _LIMIT)
        parameters = (("layout", "1"), ("limit", str(size)), *order_of(query.order), *condition)
        args = {"kind": query.kind, "what": f"The kind {query.kind}", "start": 0, "size": size}
        return Asked(Call("GET", f"/{query.kind}/", "page", parameters, ACCEPTS, args=args), rest)

    def next_page(self, call: Call, page: Page, seen: int) -> Call | None:
        """The rows after a page. Whether `start` counts from 0 or 1 is not said.

        The first page is asked for without it. Counted from 1 the second page begins with the last row
        of the first, and is one row behind from there on; counted from 0 it follows. None is left out.
        """
        if call.reader == "report":
            return None
        following = call.args["start"] + len(page.records)
        if not page.records or (page.total is not None and (seen >= page.total or following > page.total)):
            return None
        if page.total is None and not page.has_more:
            return None
        return self._starting(call, following, call.args["size"])

    def page_at(self, call: Call, number: int) -> Call:
        """The rows of what would be a numbered page, one row before them at most."""
        return self._starting(call, number * call.args["size"], call.args["size"])

    def resized(self, call: Call, size: int, number: int) -> Call:
        """As `page_at`."""
        return self._starting(call, number * size, size)

    def stretch(self, call: Call, place: int, most: int) -> tuple[int, Call]:
        """Rows from some before a place on; the first stands where it is said to, or one after."""
        start = place - _OVERLAP
        return (0, call) if start <= 0 else (start - 1, self._starting(call, start, most))

    def show(self, ref: Ref, known: Record | None = None) -> Call:
        """Section "Reading data": SHOW; an activity comes with its record."""
        if self.kinds[ref.kind].within:
            ref = activities.item_of(ref, known)
        return self._get(_path(ref), "record", {"kind": ref.kind, "what": str(ref), "id": ref.id})

    # -- writing

    def write(self, write: Write, current: Record | None, fields: Mapping[str, Field]) -> Sequence[Call]:
        """Section "Writing data"."""
        kind = write.ref.kind
        if self.kinds[kind].within:
            return activities.calls(write, current, fields)
        args: dict[str, Any] = {"kind": kind, "what": str(write.ref), "id": write.ref.id}
        if write.op is Op.DELETE:
            # Section "Deleting data": no data is sent, and so no content type.
            return (Call("DELETE", _path(write.ref), "gone", headers=ACCEPTS, args=args, safe=False),)
        edits = write.edits
        if write.op is Op.CREATE:
            edits = {name: value for name, value in edits.items() if not is_empty(value)}
            args["edits"] = dict(edits)
        args["sent"] = list(edits)
        body = encode("request", _request(edits, current, fields))
        if write.op is Op.CREATE:
            return (Call("POST", f"/{kind}/", "made", (), SENDS, body, args, safe=False),)
        return (Call("PUT", _path(write.ref), "edited", (), SENDS, body, args, safe=False),)

    def download(self, ref: Ref, name: str) -> Call:
        """No kind here has files of its own."""
        raise Restricted(f"{self.label} gives no files away through its API.")

    # -- answers

    def read(self, call: Call, answer: Answer) -> Any:
        """See `Answers`."""
        return self._answers.read(call, answer)

    def quota(self, answer: Answer, now: float) -> Quota | None:
        """See `quota`."""
        return quota_of(answer, now)

    def passes(self, answer: Answer) -> bool:
        """Section "Dealing with errors"."""
        return passes(answer)

    # -- inner parts

    def _get(self, path: str, reader: str, args: Mapping[str, Any], **query: str) -> Call:
        return Call("GET", path, reader, tuple(query.items()), ACCEPTS, args=args)

    def _report(self, query: Query) -> Asked:
        """The vendor's page "Activity reports"."""
        given, rest, window = arguments_of(query.kind, query.where)
        args = {
            "kind": query.kind,
            "what": f"The report {query.kind}",
            "order": [str(order) for order in query.order],
        }
        path = f"/report/{reports.REPORTS[query.kind].segment}/"
        call = Call("GET", path, "report", asked_of(given), ACCEPTS, args=args)
        return Asked(call, rest, window=window, whole=True)

    def _beneath(self, query: Query) -> Asked:
        kind, id_, rest = activities.asked_of(query.kind, query.where)
        if query.order:
            raise UsageError("Solve360 keeps activities in an order of its own: leave the order out.")
        item = Ref(self._connection, kind, id_)
        args = {"kind": kind, "what": str(item), "id": id_, "of": query.kind, "start": 0, "size": _LIMIT}
        return Asked(self._get(_path(item), "activities", args), rest)

    def _categories(self, kind: str) -> Call:
        return self._get(f"/{kind}/categories/", "categories", {"kind": kind})

    def _starting(self, call: Call, start: int, size: int) -> Call:
        query = {**dict(call.query), "limit": str(size), "start": str(start)}
        if start == 0:
            del query["start"]
        args = {**call.args, "start": start, "size": size}
        return msgspec.structs.replace(call, query=tuple(query.items()), args=args)


def _request(
    edits: Mapping[str, Value], current: Record | None, fields: Mapping[str, Field]
) -> dict[str, Any]:
    """What is sent of the edits: of categories and related items what is added and removed."""
    parted = {CATEGORIES: categories_of, RELATED: related_of}
    return {
        name: parted[name](value, current)
        if name in parted
        else to_wire(fields.get(name) or Field(name, type=FieldType.UNKNOWN), value)
        for name, value in edits.items()
    }


def _path(ref: Ref) -> str:
    return f"/{ref.kind}/{path_part(ref.id)}"
