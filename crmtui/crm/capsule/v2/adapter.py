"""Capsule API v2: wishes to Calls, answers to records.

Source: facts `capsule.md`, part 2; sections are named at the functions.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from crmtui.crm.adapter import Batch
from crmtui.crm.capsule import kinds
from crmtui.crm.capsule.fields import ADDITIONAL, FIELDS
from crmtui.crm.capsule.quota import quota_of
from crmtui.crm.capsule.v2 import lists, where
from crmtui.crm.capsule.v2.answers import Answers
from crmtui.crm.capsule.v2.body import HOLDERS, Body, parties_apart, refuse_holders
from crmtui.crm.capsule.v2.dictionary import LOOKUPS
from crmtui.crm.capsule.v2.errors import passes
from crmtui.crm.capsule.v2.wire import ACCEPTS, DEFINED, EMBEDDED, MOST, SENDS, path_of
from crmtui.crm.json_body import encode
from crmtui.crm.webhooks import Webhooks
from crmtui.model.bind import Where
from crmtui.model.call import Answer, Call
from crmtui.model.errors import Invalid, Restricted
from crmtui.model.news import Bar, News
from crmtui.model.pace import Pace
from crmtui.model.query import Asked, Page, Query
from crmtui.model.quota import Quota
from crmtui.model.record import Record, Ref, is_empty
from crmtui.model.schema import Field, Kind, Schema
from crmtui.model.write import Op, Write

_SEVERAL = 10
"""The most records that one path names."""
_MOST_ENTRIES = 50
"""The most rows of a page of entries."""


class Capsule:
    """The adapter of one connection."""

    label = "Capsule"
    main_kinds: Sequence[str] = kinds.MAIN
    page_size = MOST
    pages_from: int | None = None
    nested = False
    users_kind: str | None = None
    pauses: Sequence[float] | None = (1.0, 2.0)
    hooks: Webhooks | None = None
    batch: Batch | None = None
    waits_for_reset = True
    pace: Pace | None = None
    bars: Mapping[str, Bar] = {}
    token_help = (
        "In Capsule: My Preferences > API Authentication Tokens > Generate new API Token."  # noqa: S105 (where to find one)
        " It can do all that you can: keep it as secret as your password."
    )

    def __init__(self, connection: str, schema: Callable[[str], Schema | None] = lambda kind: None) -> None:
        """`schema` gives the fields of a kind as they were read last, by which answers name custom fields."""
        self.kinds: Mapping[str, Kind] = kinds.kinds(where.FILTERS, several=_SEVERAL, lists_entries=True)
        self._answers = Answers(connection, self.kinds)
        self._schema_of = schema
        self._most: dict[str, int] = {}
        """The rows of a kind's pages, as its lists were seen to have them."""

    def sign(self, call: Call, token: str) -> Mapping[str, str]:
        """Part 2, its beginning."""
        return {"Authorization": f"Bearer {token}"}

    def login(self, secret: str) -> Call | None:
        """The token is had from the service's own pages."""
        return None

    def check(self) -> Call:
        """Whose token it is."""
        return Call("GET", path_of("users", "current"), "token", (), ACCEPTS, args={"what": "The user"})

    def samples(self) -> Sequence[Call]:
        """Section 2.2."""
        first = (self._plain(kind, 1) for kind in self.kinds)
        defined = (self._definitions(kind) for kind in DEFINED)
        tags = (self._tags(kind) for kind in DEFINED)
        listed = map(lists.asked, LOOKUPS)
        return (*first, *defined, *tags, *listed, self.users(), lists.all_milestones(), self.check())

    # -- what a kind consists of

    def schema(self, kind: str) -> Call | None:
        """Section 2.2, "Field definitions"; tasks and entries have none."""
        return self._definitions(kind) if kind in DEFINED else None

    def built_in(self, kind: str) -> Schema:
        """The fields that every account has."""
        return Schema(kind, tuple(FIELDS[kind]))

    def users(self) -> Call:
        """Section 2.2, "Lookups"."""
        return lists.asked("owner")

    def choices(self, kind: str, field: Field) -> Call | None:
        """Section 2.2, "Lookups" and "Tag definitions"; milestones of all pipelines take several calls."""
        name = field.name.rpartition(".")[2]
        if name == "milestone":
            return lists.all_milestones()
        if name == kinds.TAGS:
            return self._tags(kind) if kind in DEFINED else None
        return lists.asked(name) if name in LOOKUPS and not field.key else None

    def add_choices(self, kind: str, field: Field, values: Sequence[str], list_name: str) -> Call | None:
        """A tag is made by giving it to a record; other lists are the administrator's."""
        return None

    # -- reading records

    def list(self, query: Query, fields: Mapping[str, Field], size: int) -> Asked:
        """Sections 2.1 and 2.4: by ids, beneath a record, by states, by conditions, or all of a kind."""
        kind = query.kind
        if query.order:
            raise Restricted(
                f"{self.label} lists {self.kinds[kind].label.lower()} in an order of its own only."
            )
        plain = Asked(self._plain(kind, size), query.where)
        ids, rest = where.ids_of(query.where, _SEVERAL if kind != kinds.ENTRIES else 1)
        if ids:
            return self._named(kind, ids, rest, plain)
        if (beneath := where.beneath_of(kind, query.where)) is not None:
            path = path_of(beneath.above, beneath.id, beneath.what)
            above = {"above": (beneath.field, beneath.id), "beneath": True}
            return Asked(self._listing(path, kind, size, **above), beneath.rest)
        if kind == kinds.TASKS:
            given, rest = where.task_parameters(query.where, fields)
            return Asked(self._with(self._plain(kind, size), **given), rest)
        asked, rest = where.conditions_of(kind, query.where, fields)
        if not asked:
            return plain
        listing = self._listing(path_of(kind, "filters", "results"), kind, size, guessed=True)
        body = encode({"filter": {"conditions": asked}})
        call = msgspec.structs.replace(listing, method="POST", headers=SENDS, body=body)
        return Asked(call, rest, plain)

    def next_page(self, call: Call, page: Page, seen: int) -> Call | None:
        """Section 2.1: while rows follow, by whatever tells of it."""
        return self._numbered(call, page.number + 1) if page.has_more and page.records else None

    def page_at(self, call: Call, number: int) -> Call:
        """Any page, counted from 0; Capsule counts from 1."""
        return self._numbered(call, number)

    def resized(self, call: Call, size: int, number: int) -> Call:
        """As `page_at`, of another size."""
        return self._numbered(call, number, size)

    def stretch(self, call: Call, place: int, most: int) -> tuple[int, Call]:
        """Section 2.1: of pages in any size those that begin at a place or before, and reach farthest."""
        most = min(most, call.args["size"], self._most.get(call.args["kind"], MOST))
        size = max(range(most, max(most // 2, 1) - 1, -1), key=lambda size: place // size * size + size)
        return place // size * size, self._numbered(call, place // size, size)

    def show(self, ref: Ref, known: Record | None = None) -> Call:
        """Section 2.2."""
        args = {"kind": ref.kind, "what": str(ref), "id": ref.id, "names": self._names(ref.kind)}
        return Call("GET", path_of(ref.kind, ref.id), "record", _embedded(ref.kind), ACCEPTS, args=args)

    def part(self, ref: Ref, name: str) -> Call:
        """Section 2.2, "Opportunities": the parties besides its own."""
        return lists.listing(path_of(ref.kind, ref.id, name), "part", what=str(ref))

    def changed(self, kind: str, since: str) -> Call:
        """Section 2.1."""
        return self._with(self._plain(kind, MOST), since=since)

    def deleted(self, kind: str, since: str) -> Call | None:
        """Section 2.1; tasks and entries have no such feed."""
        if kind not in DEFINED:
            return None
        call = lists.listing(path_of(kind, "deleted"), "deleted", what=f"What was deleted of {kind}")
        return self._with(call, since=since)

    # -- writing

    def write(self, write: Write, current: Record | None, fields: Mapping[str, Field]) -> Sequence[Call]:
        """Section 2.4: the record itself first, then the parties that are added and removed."""
        kind = write.ref.kind
        args: dict[str, Any] = {"kind": kind, "what": str(write.ref), "id": write.ref.id}
        if write.op is Op.DELETE:
            return (Call("DELETE", path_of(kind, write.ref.id), "gone", (), ACCEPTS, args=args, safe=False),)
        if write.op is Op.CREATE:
            return (self._create(write, fields, args),)
        if kind == kinds.PARTIES and "type" in write.edits:
            why = "cannot be changed: a person stays one, and so does an organisation"
            raise Invalid(f"Nothing was sent: type {why}.", {"type": why})
        body = Body(kind, write.edits, current, fields, tag_ids=self._answers.tag_ids)
        members = body.members()
        calls = [self._sent("PUT", path_of(kind, write.ref.id), body, members, args)] if members else []
        if ADDITIONAL in write.edits:
            held = current.values.get(ADDITIONAL) if current else None
            calls += self._parties(write.ref, *parties_apart(write.edits[ADDITIONAL], held))
        return calls

    def download(self, ref: Ref, name: str) -> Call:
        """No kind here has files of its own."""
        raise Restricted(f"{self.label} gives no files away through its API.")

    # -- answers

    def read(self, call: Call, answer: Answer) -> Any:
        """See `Answers`; a page of fewer rows than wished, and not the last, tells how many come at most."""
        said = self._answers.read(call, answer)
        if isinstance(said, Page) and said.has_more and len(said.records) < call.args["size"]:
            self._most[call.args["kind"]] = len(said.records)
        return said

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

    def _names(self, kind: str) -> Mapping[str, str]:
        """The names of a kind's custom fields by the ids of their definitions."""
        schema = self._schema_of(kind) if kind in DEFINED else None
        return {field.key[0]: field.name for field in schema.fields if field.key} if schema else {}

    def _definitions(self, kind: str) -> Call:
        path = path_of(kind, "fields", "definitions")
        return lists.listing(path, "schema", kind=kind, what=f"The fields of {kind}")

    def _tags(self, kind: str) -> Call:
        return lists.asked(kinds.TAGS, path_of(kind, "tags"))

    def _plain(self, kind: str, size: int) -> Call:
        """All of a kind; tasks in whichever state."""
        call = self._listing(path_of(kind), kind, size)
        return self._with(call, **where.task_parameters(None, {})[0]) if kind == kinds.TASKS else call

    def _listing(self, path: str, kind: str, size: int, **args: Any) -> Call:
        size = min(size, _MOST_ENTRIES if kind == kinds.ENTRIES else MOST)
        query = (("perPage", str(size)), *_embedded(kind))
        known = {
            "kind": kind,
            "size": size,
            "page": 0,
            "what": f"The kind {kind}",
            "names": self._names(kind),
        }
        return Call("GET", path, "page", query, ACCEPTS, args={**known, **args})

    def _named(self, kind: str, ids: Sequence[str], rest: Where | None, plain: Asked) -> Asked:
        """Those of some ids: where one of several is missing the path is unknown, and one alone is none."""
        args = {
            "kind": kind,
            "size": len(ids),
            "page": 0,
            "whole": True,
            "what": f"One of {kind}/{','.join(ids)}",
            "names": self._names(kind),
        }
        args |= {"guessed": True} if len(ids) > 1 else {"beneath": True}
        path = path_of(kind) + "/" + ",".join(ids)
        call = Call("GET", path, "page", _embedded(kind), ACCEPTS, args=args)
        return Asked(call, rest, plain if len(ids) > 1 else None, whole=True)

    def _with(self, call: Call, **query: str) -> Call:
        return msgspec.structs.replace(call, query=tuple({**dict(call.query), **query}.items()))

    def _numbered(self, call: Call, number: int, size: int | None = None) -> Call:
        size = size or call.args["size"]
        query = {**dict(call.query), "page": str(number + 1), "perPage": str(size)}
        args = {**call.args, "page": number, "size": size}
        return msgspec.structs.replace(call, query=tuple(query.items()), args=args)

    def _create(self, write: Write, fields: Mapping[str, Field], args: Mapping[str, Any]) -> Call:
        kind = write.ref.kind
        edits = {name: value for name, value in write.edits.items() if not is_empty(value)}
        refuse_holders(kind, edits, dict.fromkeys(HOLDERS))
        body = Body(kind, edits, None, fields, new=True)
        members = body.members()
        if kind == kinds.ENTRIES:
            members = {"type": "note", **members}
        return self._sent("POST", path_of(kind), body, members, args)

    def _sent(
        self, method: str, path: str, body: Body, members: Mapping[str, Any], args: Mapping[str, Any]
    ) -> Call:
        kind = args["kind"]
        lone = [*members] == [kinds.TAGS] and len(members[kinds.TAGS]) == 1
        more = {
            "names": self._names(kind),
            "sent": list(members),
            "custom": body.custom,
            "meant": body.meant,
            "done_already": lone,
        }
        content = encode({kinds.SINGULAR[kind]: members})
        return Call(method, path, "saved", _embedded(kind), SENDS, content, {**args, **more}, safe=False)

    def _parties(self, ref: Ref, added: Sequence[str], removed: Sequence[str]) -> Sequence[Call]:
        """Section 2.2: each is a request of its own; one that is there, or not, already is done."""
        args = {"kind": ref.kind, "what": str(ref), "sent": [ADDITIONAL], "done_already": True}
        ways = [*(("POST", id_) for id_ in added), *(("DELETE", id_) for id_ in removed)]
        return [
            Call(
                way,
                path_of(ref.kind, ref.id, ADDITIONAL, id_),
                "attached",
                (),
                ACCEPTS,
                b"",
                args,
                safe=False,
            )
            for way, id_ in ways
        ]


def _embedded(kind: str) -> tuple[tuple[str, str], ...]:
    return (("embed", EMBEDDED[kind]),)
