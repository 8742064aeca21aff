"""OnePageCRM API v3: wishes to Calls, answers to records.

Source: facts `onepagecrm.md`, section 6, and the OpenAPI description; operations are named at the functions.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from crmtui.crm.adapter import Batch, Whole
from crmtui.crm.json_body import encode
from crmtui.crm.onepagecrm.bars import BARS, PACE
from crmtui.crm.onepagecrm.v3 import envelope, kinds
from crmtui.crm.onepagecrm.v3.answers import Answers
from crmtui.crm.onepagecrm.v3.body import DONE, Body, refuse
from crmtui.crm.onepagecrm.v3.dictionary import COUNTRY, LISTED
from crmtui.crm.onepagecrm.v3.errors import passes
from crmtui.crm.onepagecrm.v3.fields import CUSTOM, FIELDS
from crmtui.crm.onepagecrm.v3.where import id_of, is_of_stream, order_of, parameters_of
from crmtui.crm.onepagecrm.v3.wire import ACCEPTS, MOST, ROOT, SENDS, path_of
from crmtui.crm.webhooks import Webhooks
from crmtui.model.call import Answer, Call
from crmtui.model.errors import Restricted
from crmtui.model.news import Bar, News
from crmtui.model.pace import Pace
from crmtui.model.query import Asked, Page, Query
from crmtui.model.quota import Quota
from crmtui.model.record import Record, Ref, is_empty
from crmtui.model.schema import Field, Kind, Schema
from crmtui.model.write import Op, Write

_PARTIAL = (("partial", "true"),)
_RESTORED = (kinds.CONTACTS, kinds.ACTIONS)
_TEAM = {"team": "1"}
"""Contacts of all users, and not only of the one whose key it is."""


class OnePage(Whole):
    """The adapter of one connection."""

    label = "OnePageCRM"
    main_kinds: Sequence[str] = kinds.MAIN
    page_size = MOST
    pages_from: int | None = None
    nested = False
    users_kind: str | None = None
    pauses: Sequence[float] | None = (1.0, 2.0)
    hooks: Webhooks | None = None
    batch: Batch | None = None
    bars: Mapping[str, Bar] = BARS
    pace: Pace | None = PACE
    token_help = (
        "In OnePageCRM: Apps > API > API tab shows your user id and the API key."  # noqa: S105 (where to find one)
        " The key can do all that you can: keep it as secret as your password."
    )

    def __init__(self, connection: str, user: str) -> None:
        """`user`: the id of the user whose key it is."""
        self.kinds: Mapping[str, Kind] = kinds.KINDS
        self._connection = connection
        self._user = user
        self._answers = Answers(connection, self.kinds)

    def sign(self, call: Call, token: str) -> Mapping[str, str]:
        """The description, "Authentication"."""
        return {"Authorization": f"Basic {b64encode(f'{self._user}:{token}'.encode()).decode()}"}

    def check(self) -> Call:
        """The results of calls: a short list that every account has."""
        return _get("call_results", "token", what="The account")

    def samples(self) -> Sequence[Call]:
        """One of each kind and all lists; `/bootstrap` holds a key, and is none of them."""
        lists = ("custom_fields", "company_fields", "deal_fields", "statuses", "lead_sources", "pipelines")
        return (
            *(self._listing(kind, 1) for kind in self.kinds),
            *(_get(name, "token", what=f"The list {name}") for name in lists),
            self.users(),
            self.check(),
        )

    # -- what a kind consists of

    def schema(self, kind: str) -> Call | None:
        """`getBootstrap`; of what hangs on a contact only calls have something that the account defines."""
        if kind not in (*CUSTOM, kinds.CALLS):
            return None
        return _get("bootstrap", "schema", kind=kind, what=f"The fields of {kind}")

    def built_in(self, kind: str) -> Schema:
        """The fields that every account has."""
        return Schema(kind, tuple(FIELDS[kind]))

    def users(self) -> Call:
        """`listUsers`."""
        return _get("users", "users", what="The list of users")

    def choices(self, kind: str, field: Field) -> Call | None:
        """`getBootstrap` and `listCountries`."""
        name = field.name.rpartition(".")[2]
        if name == COUNTRY:
            return _get("countries", "countries", what="The list of countries")
        if field.key or name not in LISTED:
            return None
        return _get("bootstrap", "choices", of=name, what=f"The list of {name}")

    def add_choices(self, kind: str, field: Field, values: Sequence[str], list_name: str) -> Call | None:
        """A tag is made by giving it to a contact; other lists are the administrator's."""
        return None

    # -- reading records

    def list(self, query: Query, fields: Mapping[str, Field], size: int) -> Asked:
        """`listContacts` and its like, and `getActionStream` for contacts that have a next action."""
        kind = query.kind
        id_, rest = id_of(query.where)
        if id_:
            one = self.show(Ref("", kind, id_))
            args = {**one.args, "page": 0, "size": 1, "whole": True, "beneath": True}
            return Asked(msgspec.structs.replace(one, reader="page", args=args), rest, whole=True)
        if is_of_stream(kind, query.where) and not query.order:
            stream = msgspec.structs.replace(self._listing(kind, size), path=f"{ROOT}/action_stream")
            return Asked(stream, query.where)
        asked, rest = parameters_of(kind, query.where, fields)
        order = order_of(kind, query.order)
        return Asked(self._listing(kind, size, {**asked, **order}, plain=not (asked or order)), rest)

    def next_page(self, call: Call, page: Page, seen: int) -> Call | None:
        """The following page; of more than 10,000 contacts by the cascade, which goes on after the last one.

        GUESS: it has the order of the list that no order was asked for.
        """
        if not page.has_more or not page.records:
            return None
        after = page.number + 1
        reach = self._reach(call)
        if call.args.get("plain") and reach is not None and after * call.args["size"] >= reach:
            path = path_of(kinds.CONTACTS, "cascade", page.records[-1].ref.id)
            args = {**call.args, "page": after, "cascade": True, "total": page.total}
            return msgspec.structs.replace(call, path=path, query=tuple(_TEAM.items()), args=args)
        return self._numbered(call, after)

    def page_at(self, call: Call, number: int) -> Call:
        """Any page, counted from 0; the service counts from 1."""
        return self._numbered(call, number)

    def resized(self, call: Call, size: int, number: int) -> Call:
        """As `page_at`, of another size."""
        return self._numbered(call, number, size)

    def stretch(self, call: Call, place: int, most: int) -> tuple[int, Call]:
        """Of pages in any size those that begin at a place or before, and reach farthest.

        A place that no page reaches is answered by the last rows that one does.
        """
        most, reach = min(most, call.args["size"]), self._reach(call)
        place = place if reach is None else min(place, reach - 1)

        def end(size: int) -> int:
            ends = place // size * size + size
            return ends if reach is None or ends <= reach else 0

        size = max(range(most, max(most // 2, 1) - 1, -1), key=end)
        return place // size * size, self._numbered(call, place // size, size)

    def show(self, ref: Ref, known: Record | None = None) -> Call:
        """`getContact` and its like."""
        args = {"kind": ref.kind, "what": str(ref), "id": ref.id}
        return Call("GET", path_of(ref.kind, ref.id), "record", (), ACCEPTS, args=args)

    # -- writing

    def write(self, write: Write, current: Record | None, fields: Mapping[str, Field]) -> Sequence[Call]:
        """`createContact`, `updateContact`, `deleteContact` and their like."""
        kind, id_ = write.ref.kind, write.ref.id
        if not getattr(self.kinds[kind].can, write.op.value):
            raise Restricted(
                f"{self.label} lets nobody {write.op.value} {self.kinds[kind].label.lower()} by themselves:"
                " one is made by giving a contact its name, and ends with its last contact."
            )
        args: dict[str, Any] = {"kind": kind, "what": str(write.ref), "id": id_}
        if write.op is Op.DELETE:
            return (Call("DELETE", path_of(kind, id_), "gone", (), ACCEPTS, args=args, safe=False),)
        new = write.op is Op.CREATE
        edits = {name: value for name, value in write.edits.items() if not (new and is_empty(value))}
        refuse(kind, edits, new=new)
        if new and kind == kinds.CONTACTS:
            edits.pop("company_id", None)  # its name stands for it
        done = _done_in(edits) if kind == kinds.ACTIONS else None
        body = Body(kind, edits, current, fields, self._answers.custom[kind])
        members = body.members()
        args |= {"custom": body.custom}
        if new:
            return (Call("POST", path_of(kind), "saved", (), SENDS, encode(members), args, safe=False),)
        calls = []
        if members:
            sent = encode(members)
            calls.append(Call("PUT", path_of(kind, id_), "saved", _PARTIAL, SENDS, sent, args, safe=False))
        if done is not None:
            verb = "mark_as_done" if done else "undo_completion"
            turned = Call("PUT", path_of(kind, id_, verb), "saved", (), ACCEPTS, args=args, safe=False)
            calls = [*calls, turned] if done else [turned, *calls]
        return calls

    def restore(self, ref: Ref) -> Call | None:
        """`deleteContact` and `deleteAction` with `undo`; nothing else comes back.

        GUESS: the answer may tell the record, or may not.
        """
        if ref.kind not in _RESTORED:
            return None
        args = {"kind": ref.kind, "what": str(ref), "id": ref.id}
        path = path_of(ref.kind, ref.id)
        return Call("DELETE", path, "saved", (("undo", "true"),), ACCEPTS, args=args, safe=False)

    def download(self, ref: Ref, name: str) -> Call:
        """No kind here has files of its own."""
        raise Restricted(f"{self.label} gives no files away through its API.")

    # -- answers

    def read(self, call: Call, answer: Answer) -> Any:
        """See `Answers`."""
        return self._answers.read(call, answer)

    def quota(self, answer: Answer, now: float) -> Quota | None:
        """No answer tells of it."""
        return None

    def news(self, answer: Answer) -> News | None:
        """See `envelope`."""
        return envelope.news(answer)

    def passes(self, answer: Answer) -> bool:
        """See `errors`."""
        return passes(answer)

    # -- inner parts

    def _reach(self, call: Call) -> int | None:
        """The rows of a list that pages reach; None for any number."""
        return self.kinds[call.args["kind"]].can.reach

    def _numbered(self, call: Call, number: int, size: int | None = None) -> Call:
        """A page of a list, counted from 0; `Restricted` where no page reaches."""
        size, reach = size or call.args["size"], self._reach(call)
        if reach is not None and number * size >= reach:
            raise Restricted(
                f"{self.label} gives the first {reach:,} contacts of such a list and no more: narrow it by a"
                " filter, or leave filter and order out."
                f" After crmtui sync {self._connection}, --offline lists all of them."
            )
        query = {**dict(call.query), "page": str(number + 1), "per_page": str(size)}
        args = {**call.args, "page": number, "size": size}
        return msgspec.structs.replace(call, query=tuple(query.items()), args=args)

    def _listing(
        self, kind: str, size: int, given: Mapping[str, str] | None = None, *, plain: bool = False
    ) -> Call:
        """A list's first page; `plain`: all of the kind, in the service's own order."""
        size = min(size, MOST)
        team = _TEAM if kind == kinds.CONTACTS else {}
        query = {"page": "1", "per_page": str(size), **team, **(given or {})}
        args = {"kind": kind, "size": size, "page": 0, "plain": plain, "what": f"The kind {kind}"}
        return Call("GET", path_of(kind), "page", tuple(query.items()), ACCEPTS, args=args)


def _get(name: str, reader: str, **args: Any) -> Call:
    return Call("GET", f"{ROOT}/{name}", reader, (), ACCEPTS, args=args)


def _done_in(edits: dict[str, Any]) -> bool | None:
    """Whether an action is to be completed or reopened, which is taken out of its edits."""
    done = edits.pop(DONE, None)
    if edits.get("status") == DONE:
        del edits["status"]
        return True
    return done if isinstance(done, bool) else None
