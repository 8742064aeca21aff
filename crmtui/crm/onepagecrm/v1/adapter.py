"""OnePageCRM API v1.2: wishes to Calls, answers to records.

Source: the vendor's pages headed "API Version 1.2", and facts `onepagecrm.md`, sections 1 to 5.
"""

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from crmtui.crm.adapter import Batch, Whole
from crmtui.crm.onepagecrm.bars import BARS, PACE
from crmtui.crm.onepagecrm.filters import FILTER
from crmtui.crm.onepagecrm.v1 import errors, kinds
from crmtui.crm.onepagecrm.v1.answers import Answers
from crmtui.crm.onepagecrm.v1.envelope import Envelope, envelope_of
from crmtui.crm.onepagecrm.v1.fields import FIELDS
from crmtui.crm.onepagecrm.v1.pages import Pages
from crmtui.crm.onepagecrm.v1.signature import signature
from crmtui.crm.onepagecrm.v1.where import route_of
from crmtui.crm.onepagecrm.v1.wire import SENDS, encode, path_of, refuse
from crmtui.crm.onepagecrm.v1.writes import UNREAD, Writes
from crmtui.crm.webhooks import Webhooks
from crmtui.model.call import Answer, Call, More
from crmtui.model.errors import BadAnswer, Restricted, UsageError
from crmtui.model.news import Bar, News, of_refusal
from crmtui.model.pace import Pace
from crmtui.model.query import Asked, Page, Query
from crmtui.model.quota import Quota
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Field, Kind, Schema
from crmtui.model.write import Write

_FORMATS = ("xml", "json", "yaml")
_UID = re.compile(r"[0-9a-fA-F]{24}")
_UID_AND_KEY = re.compile(r"[0-9a-fA-F]{24}:\S+")
_AGAIN = "again"
"""The mark of a call that was signed once more by the service's clock."""


class OnePageV1(Whole):
    """The adapter of one connection.

    The signature's moment is that of the service's clock, as far as the last answer tells it.
    """

    label = "OnePageCRM (API v1.2)"
    main_kinds: Sequence[str] = kinds.MAIN
    page_size = 25
    """What users have unless they set another one; none can be asked for."""
    pages_from: int | None = None
    nested = False
    users_kind: str | None = None
    pauses: Sequence[float] | None = (1.0, 2.0)
    batch: Batch | None = None
    bars: Mapping[str, Bar] = BARS
    pace: Pace | None = PACE
    hooks: Webhooks | None = None
    token_help = (
        "In OnePageCRM: Apps > API, where the API key stands; it goes with the uid. As UID:KEY it is a"  # noqa: S105 (where to find one)
        " token for a connection whose user is a login."
    )

    def __init__(self, connection: str, url: str, user: str, format_: str) -> None:
        """`url`: scheme and host; `user`: the uid, unless the token says it; `format_`: xml, json or yaml."""
        self.kinds: Mapping[str, Kind] = kinds.KINDS
        self._url = url.rstrip("/")
        self._user = user
        self._format = format_
        self._skew = 0.0
        self._last: tuple[Answer, Envelope] | None = None
        self._pages = Pages()
        self._writes = Writes(format_)
        self._answers = Answers(connection, self.kinds, self._pages)

    def sign(self, call: Call, token: str) -> Mapping[str, str]:
        """Who calls, when by the service's clock, and the signature of it."""
        refuse(dict.fromkeys(call.args.get(UNREAD, ()), "was not read, and would be emptied"))
        named, colon, key = token.rpartition(":")
        uid = named if colon else self._user
        now = int(time.time() + self._skew)
        return {
            "X-OnePageCRM-UID": uid,
            "X-OnePageCRM-TS": str(now),
            "X-OnePageCRM-Auth": signature(uid, key, now, call.method, self._url + call.target, call.body),
        }

    def login(self, secret: str) -> Call | None:
        """Exchanges a password for uid and key, where the connection's user is a login."""
        if not self._user or _UID.fullmatch(self._user) or _UID_AND_KEY.fullmatch(secret):
            return None
        body = encode({"login": self._user, "password": secret})
        path, args = self._path("auth/login"), {"what": "The login"}
        return Call("POST", path, "login", (), SENDS, body, args, safe=False, signed=False)

    def check(self) -> Call:
        """The tags: few, and there whatever else there is."""
        return self._tags()

    def samples(self) -> Sequence[Call]:
        """The contacts, and what can be read without naming one of them."""
        told = ("filters", "sales/index", "settings/system")
        return (
            self._contacts(()),
            self._tags(),
            *(Call("GET", self._path(path), "told", args={"what": path}) for path in told),
        )

    # -- what a kind consists of

    def schema(self, kind: str) -> Call | None:
        """All fields are built in."""
        return None

    def built_in(self, kind: str) -> Schema:
        """All fields."""
        return Schema(kind, tuple(FIELDS[kind]))

    def users(self) -> Call | None:
        """There is one only: the one who asks."""
        return None

    def choices(self, kind: str, field: Field) -> Call | None:
        """The tags, the statuses by the names that the account gave them, and the filters that it keeps."""
        if kind != kinds.CONTACTS or field.name not in (kinds.TAGS, "status", FILTER):
            return None
        if field.name == kinds.TAGS:
            return self._tags()
        if field.name == FILTER:
            return Call("GET", self._path("filters"), "filters", args={"what": "The list of filters"})
        return msgspec.structs.replace(self._contacts(()), reader="statuses")

    def add_choices(self, kind: str, field: Field, values: Sequence[str], list_name: str) -> Call | None:
        """A tag is made by being given to a contact; the lists cannot be added to."""
        return None

    # -- reading records

    def list(self, query: Query, fields: Mapping[str, Field], size: int) -> Asked:
        """A list by its parameters; see `where` and `pages`."""
        if query.order:
            raise UsageError("OnePageCRM v1.2 lists in its own order and in no other: leave the order out.")
        route = route_of(query.kind, query.where, fields)
        if route.id:
            call = msgspec.structs.replace(self.show(Ref("", query.kind, route.id)), reader="one")
            return Asked(call, route.rest, whole=True)
        if query.kind == kinds.CONTACTS:
            return Asked(self._contacts(route.query), route.rest)
        args = {"kind": query.kind, "what": f"The list {query.kind}", "contact": dict(route.query)["cid"]}
        call = Call("GET", path_of(query.kind, self._format), "rows", route.query, args=args)
        return Asked(call, route.rest, whole=True)

    def next_page(self, call: Call, page: Page, seen: int) -> Call | None:
        """The page after one, of those that wait after those that do not."""
        if call.reader != "page" or not page.has_more:
            return None
        # One that brings nothing new is of a service that passes over the page's number.
        stuck = seen <= call.args.get("seen", 0)
        following = self._pages.following(call, empty=not page.records or stuck)
        return following and msgspec.structs.replace(following, args={**following.args, "seen": seen})

    def page_at(self, call: Call, number: int) -> Call:
        """Where a page stands among those of both lists is known once it was read."""
        return self._pages.stretch(call, number * self.page_size)[1]

    def resized(self, call: Call, size: int, number: int) -> Call:
        """The service has one size only."""
        return self.page_at(call, number)

    def stretch(self, call: Call, place: int, most: int) -> tuple[int, Call]:
        """See `pages`; the service, and not `most`, tells how long a page is."""
        return self._pages.stretch(call, place)

    def show(self, ref: Ref, known: Record | None = None) -> Call:
        """One record by its id."""
        return self._writes.look(ref)

    # -- writing

    def write(self, write: Write, current: Record | None, fields: Mapping[str, Field]) -> Sequence[Call]:
        """See `Writes`."""
        return self._writes.of(write, current)

    def download(self, ref: Ref, name: str) -> Call:
        """No kind here has files."""
        raise Restricted(f"{self.label} gives no files away.")

    # -- answers

    def read(self, call: Call, answer: Answer) -> Any:
        """See `Answers`.

        A call whose signature had expired is made once more, by the clock that its answer tells.
        """
        said = self._said(call, answer)
        self._heed(said)
        if said.status == errors.EXPIRED and call.args.get(_AGAIN) is None and said.timestamp is not None:
            return More(msgspec.structs.replace(call, args={**call.args, _AGAIN: True}))
        return self._answers.read(call, said)

    def quota(self, answer: Answer, now: float) -> Quota | None:
        """The service tells nothing of the calls that it lets through."""
        return None

    def news(self, answer: Answer) -> News | None:
        """The news in an envelope."""
        json = self._format == "xml" and answer.body.lstrip()[:1] == b"{"
        try:
            said = self._envelope(answer, "json" if json else self._format)
        except BadAnswer:
            return None
        return said.news if said.status == 0 and answer.ok else of_refusal(said.news)

    def passes(self, answer: Answer) -> bool:
        """See `errors`."""
        return errors.passes(answer)

    # -- inner parts

    def _said(self, call: Call, answer: Answer) -> Envelope:
        """The envelope of an answer; what says no without one is raised."""
        format_ = call.path.rpartition(".")[2]
        try:
            said = self._envelope(answer, format_ if format_ in _FORMATS else self._format)
        except BadAnswer:
            if answer.ok:
                raise
            raise errors.error_of(call, answer) from None
        if not answer.ok and said.status == 0:
            raise errors.error_of(call, answer)
        return said

    def _envelope(self, answer: Answer, format_: str) -> Envelope:
        """As `envelope_of`; an answer is taken apart once, whoever asks for its parts."""
        if self._last is None or self._last[0] is not answer:
            self._last = answer, envelope_of(answer.body, format_)
        return self._last[1]

    def _heed(self, said: Envelope) -> None:
        """Takes over the service's clock."""
        if said.timestamp is not None:
            self._skew = said.timestamp - time.time()

    def _path(self, resource: str) -> str:
        return f"/api/{resource}.{self._format}"

    def _tags(self) -> Call:
        return Call("GET", self._path("tags"), "tags", args={"what": "The list of tags"})

    def _contacts(self, query: tuple[tuple[str, str], ...]) -> Call:
        args = {"kind": kinds.CONTACTS, "what": "The list contacts"}
        call = Call("GET", path_of(kinds.CONTACTS, self._format), "page", query, args=args)
        return self._pages.first(call)
