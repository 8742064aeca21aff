"""Capsule API v1: wishes to Calls, answers to records.

Source: the vendor's page on v1, and facts `capsule.md`, part 1.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from crmtui.crm.adapter import Batch
from crmtui.crm.capsule import custom, kinds
from crmtui.crm.capsule.fields import ADDITIONAL
from crmtui.crm.capsule.quota import quota_of
from crmtui.crm.capsule.v1.answers import Answers
from crmtui.crm.capsule.v1.dictionary import built_in
from crmtui.crm.capsule.v1.errors import passes
from crmtui.crm.capsule.v1.names import API, LISTS, SEGMENTS
from crmtui.crm.capsule.v1.requests import Requests
from crmtui.crm.capsule.v1.where import FILTERS, route_of, since_of
from crmtui.crm.capsule.v1.wire import Form
from crmtui.crm.capsule.v1.writes import Writes
from crmtui.crm.webhooks import Webhooks
from crmtui.model.call import Answer, Call
from crmtui.model.errors import Restricted, UsageError
from crmtui.model.news import Bar, News
from crmtui.model.pace import Pace
from crmtui.model.query import Asked, Page, Query
from crmtui.model.quota import Quota
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Field, Kind, Schema
from crmtui.model.write import Write

_LIMIT = 100
"""Rows of a page; the most that the service gives is not known."""
_OVERLAP = 1
"""Rows by which a stretch begins before what is wanted: the service may count from 1."""
_DEFINED = (kinds.PARTIES, kinds.OPPORTUNITIES, kinds.KASES)
"""The kinds with custom fields, tags and a feed of what was deleted."""
_PARTS: Mapping[str, tuple[str, str]] = {
    kinds.TAGS: ("tag", "tagged"),
    custom.CUSTOM: ("customfields", "customs"),
    ADDITIONAL: ("party", "additional"),
}
"""The parts of a record: the end of the path, and the reader."""
_WORDS: Mapping[str, tuple[str, str, str]] = {
    "category": ("/task/categories", "taskCategories", "taskCategory"),
    "currency": ("/currencies", "currencies", "currency"),
    "addresses.country": ("/countries", "countries", "country"),
}
"""The lists of plain texts: path, root element, element."""


class CapsuleV1:
    """The adapter of one connection."""

    label = "Capsule (API v1)"
    main_kinds: Sequence[str] = kinds.MAIN
    page_size = _LIMIT
    pages_from: int | None = None
    nested = False
    users_kind: str | None = None
    pauses: Sequence[float] | None = None
    batch: Batch | None = None
    waits_for_reset = True
    pace: Pace | None = None
    bars: Mapping[str, Bar] = {}
    hooks: Webhooks | None = None
    token_help = "In Capsule: More > My Settings > API Authentication Token; a new one can be made there."  # noqa: S105 (where to find one)

    def __init__(self, connection: str, format_: str) -> None:
        """`format_`: `xml` or `json`."""
        self.kinds: Mapping[str, Kind] = {name: _as_here(kind) for name, kind in kinds.kinds(FILTERS).items()}
        self._form = Form(format_)
        self._requests = Requests(self._form)
        self._writes = Writes(self._requests)
        self._answers = Answers(connection, self.kinds)

    def sign(self, call: Call, token: str) -> Mapping[str, str]:
        """Basic: the token is the user, the password is anything."""
        return {"Authorization": f"Basic {base64.b64encode(f'{token}:x'.encode()).decode()}"}

    def restore(self, ref: Ref) -> Call | None:
        """What is deleted is gone."""
        return None

    def login(self, secret: str) -> Call | None:
        """The token is had from the service's own pages."""
        return None

    def check(self) -> Call:
        """The users: few, and there whatever else the user may see."""
        return self.users()

    def samples(self) -> Sequence[Call]:
        """One of each kind, and what can be chosen."""
        listed = [self._list(kind, f"/{LISTS[kind]}", 1) for kind in self.main_kinds]
        told = [self._definitions(kind) for kind in _DEFINED]
        words = [self._listed_words(*words) for words in _WORDS.values()]
        return (*listed, *told, self.users(), self._milestones(), *words)

    # -- what a kind consists of

    def schema(self, kind: str) -> Call | None:
        """The custom fields; tasks and entries have none."""
        return self._definitions(kind) if kind in _DEFINED else None

    def built_in(self, kind: str) -> Schema:
        """The fields that every account has."""
        return Schema(kind, built_in(kind))

    def users(self) -> Call:
        """All users, by name."""
        return self._get("/users", "users", {"what": "The list of users"})

    def choices(self, kind: str, field: Field) -> Call | None:
        """Milestones by id; categories, currencies and countries, which are plain texts."""
        if field.name == "milestone":
            return self._milestones()
        return self._listed_words(*_WORDS[field.name]) if field.name in _WORDS else None

    def add_choices(self, kind: str, field: Field, values: Sequence[str], list_name: str) -> Call | None:
        """A tag is made by being given to a record; the lists cannot be added to."""
        return None

    # -- reading records

    def list(self, query: Query, fields: Mapping[str, Field], size: int) -> Asked:
        """A list by its path and parameters; see `where`."""
        if query.order:
            raise UsageError("Capsule v1 lists by name and in no other order: leave the order out.")
        route = route_of(query.kind, query.where, fields)
        if route.is_one:
            id_ = route.path.rpartition("/")[2]
            args = {"kind": query.kind, "what": f"{query.kind}/{id_}", "id": id_}
            call = Call("GET", route.path, "one", (), self._form.accepts, args=args)
            return Asked(call, route.rest, whole=True)
        call = self._list(query.kind, route.path.removeprefix(API), min(size, _LIMIT), route.query)
        return Asked(call, route.rest, window=route.window)

    def next_page(self, call: Call, page: Page, seen: int) -> Call | None:
        """The rows after a page. It is not sure whether `start` counts from 0, and all lists take it.

        The first page is asked for without it. Counted from 1 the second page begins with the last row
        of the first; a list that brings nothing new has no pages.
        """
        if call.reader != "page" or not page.has_more or seen <= call.args["start"]:
            return None
        return _starting(call, call.args["start"] + len(page.records), call.args["size"])

    def page_at(self, call: Call, number: int) -> Call:
        """The rows of what would be a numbered page."""
        return _starting(call, number * call.args["size"], call.args["size"])

    def resized(self, call: Call, size: int, number: int) -> Call:
        """As `page_at`."""
        return _starting(call, number * size, size)

    def stretch(self, call: Call, place: int, most: int) -> tuple[int, Call]:
        """Rows from one before a place on; the first stands where it is said to, or one after."""
        start = place - _OVERLAP
        return (0, call) if start <= 0 else (start - 1, _starting(call, start, most))

    def show(self, ref: Ref, known: Record | None = None) -> Call:
        """One record by its id."""
        return self._requests.look(ref, {})

    def part(self, ref: Ref, name: str) -> Call:
        """The tags, the custom fields, or the additional parties."""
        return self._requests.look(ref, {}, *_PARTS[name])

    def changed(self, kind: str, since: str) -> Call:
        """What was changed since a stamp."""
        return self._list(kind, f"/{LISTS[kind]}", _LIMIT, (("lastmodified", since_of(since)),))

    def deleted(self, kind: str, since: str) -> Call | None:
        """Known of opportunities; whether parties and cases have it too is a guess that does no harm."""
        if kind not in _DEFINED:
            return None
        args = {"kind": kind, "what": f"What was deleted of {kind}", "guessed": kind != kinds.OPPORTUNITIES}
        return self._get(f"/{SEGMENTS[kind]}/deleted", "deleted", args, since=since_of(since))

    # -- writing

    def write(self, write: Write, current: Record | None, fields: Mapping[str, Field]) -> Sequence[Call]:
        """See `Writes`."""
        return self._writes.of(write, current, fields)

    def download(self, ref: Ref, name: str) -> Call:
        """No kind here has files of its own."""
        raise Restricted(f"{self.label} gives no files away.")

    # -- answers

    def read(self, call: Call, answer: Answer) -> Any:
        """See `Answers`."""
        return self._answers.read(call, answer)

    def quota(self, answer: Answer, now: float) -> Quota | None:
        """See `quota`."""
        return quota_of(answer, now)

    def news(self, answer: Answer) -> News | None:
        """Answers tell what was asked for, and no more."""
        return None

    def passes(self, answer: Answer) -> bool:
        """See `errors`."""
        return passes(answer)

    # -- inner parts

    def _get(self, path: str, reader: str, args: Mapping[str, Any], **query: str) -> Call:
        return Call("GET", API + path, reader, tuple(query.items()), self._form.accepts, args=args)

    def _list(self, kind: str, path: str, size: int, query: tuple[tuple[str, str], ...] = ()) -> Call:
        args = {"kind": kind, "what": f"The list {kind}", "start": 0, "size": size}
        return self._get(path, "page", args, **dict(query), limit=str(size))

    def _definitions(self, kind: str) -> Call:
        return self._get(f"/{SEGMENTS[kind]}/customfield/definitions", "schema", {"kind": kind})

    def _milestones(self) -> Call:
        return self._get("/opportunity/milestones", "milestones", {"what": "The list of milestones"})

    def _listed_words(self, path: str, root: str, element: str) -> Call:
        return self._get(path, "words", {"what": f"The list {root}", "root": root, "element": element})


def _starting(call: Call, start: int, size: int) -> Call:
    query = {**dict(call.query), "start": str(start), "limit": str(size)}
    if start == 0:
        del query["start"]
    return msgspec.structs.replace(
        call, query=tuple(query.items()), args={**call.args, "start": start, "size": size}
    )


def _as_here(kind: Kind) -> Kind:
    """A kind whose lists show what v1 has; there an entry's subject is the beginning of its text."""
    names = {field.name for field in built_in(kind.name)}
    columns = tuple(name for name in kind.columns if name in names)
    title = kind.title[:1] if kind.name == kinds.ENTRIES else kind.title
    return msgspec.structs.replace(kind, columns=columns, title=title)
