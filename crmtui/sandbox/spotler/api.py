"""The routes of SpotlerCRM API v4: one entry point that finds out what a path and method ask for."""

import hmac
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from crmtui.sandbox.database import quoted
from crmtui.sandbox.switches import Switches

from . import query
from .addons import DOCUMENTS, USERS
from .columns import OWNER
from .dictionary import HISTORIES, KINDS, OPPORTUNITIES
from .envelope import Problem, Refused, Row, answer, list_envelope, record_envelope
from .field import Kind
from .files import Files, Uploaded, uploaded
from .lookups import DICTIONARY_SHAPES, LABELS, LOOKUP_SHAPES, Lookups, dictionary_payload, lookup_payload
from .parameters import body_data, json_object, query_parameters, wants_lines, whole
from .query import Sql
from .records import Records
from .throttle import Throttle
from .validation import validated

LARGEST_PAGE = 2**40
"""Beyond it pages are empty anyway, and SQLite's numbers end at 2**63."""
log = logging.getLogger(__name__)


class Api:
    """An ASGI application that answers as the service does, and as strictly as its document allows."""

    def __init__(
        self, records: Records, lookups: Lookups, files: Files, token: str, switches: Switches
    ) -> None:
        self._records = records
        self._files = files
        self._lookups = lookups
        self._token = token
        self._page_base = int(switches.choice("SPOTLER_PAGE_BASE", ["1", "0"]))
        self._dictionary_shape = switches.choice("SPOTLER_DICT_SHAPE", list(DICTIONARY_SHAPES))
        self._lookup_shape = switches.choice("SPOTLER_LOOKUP_SHAPE", list(LOOKUP_SHAPES))
        self._labels = LABELS[switches.choice("SPOTLER_LOOKUP_LABELS", list(LABELS))]
        self._total = switches.choice("SPOTLER_TOTAL", ["number", "text", "none"])
        self._has_more = switches.choice("SPOTLER_HAS_MORE", ["told", "none"])
        self._refusal = switches.choice("SPOTLER_REFUSAL", ["403", "402", "401", "302"])
        self._lines_beside = switches.choice("SPOTLER_LINES", ["inside", "beside"]) == "beside"
        nested = switches.choice("SPOTLER_HISTORIES", ["nested", "400", "404", "405", "500"])
        self._unnested = 0 if nested == "nested" else int(nested)
        self._kinds = {**KINDS, HISTORIES.name: _shown(HISTORIES)} if self._unnested else KINDS
        self._closed = switches.words("SPOTLER_CLOSED")
        self._closed_status = int(switches.choice("SPOTLER_CLOSED_STATUS", ["403", "402", "404", "405"]))
        self._throttle = Throttle(switches.number("SPOTLER_RATELIMIT"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await self._respond(request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        body = await request.body()
        try:
            self._authorise(request.headers)
            if _is_upload(request):
                response = self._upload(await uploaded(request, self._records))
            else:
                response = self._route(request, body)
        except Problem as problem:
            response = answer(problem.payload(), problem.status, problem.headers)
        except RecursionError:
            response = answer(Problem(400, "The q parameter is too complex").payload(), 400)
        except Exception:  # a defect of ours is answered as a real service answers one of its own
            log.exception("%s %s", request.method, request.url.path)
            response = answer(Problem(500, "Internal server error").payload(), 500)
        response.headers.update(self._throttle.headers())
        return response

    def _authorise(self, headers: Headers) -> None:
        given = headers.get("authorization", "")
        if hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {self._token}".encode()):
            self._throttle.count()
            return
        status = int(self._refusal)
        if status != 302:
            raise Problem(status, "Unauthenticated.", kind="Unauthenticated")
        if "json" not in headers.get("accept", ""):
            raise Problem(302, "Redirecting to /login", headers={"Location": "/login"})
        raise Problem(403, "Unauthenticated.", kind="Unauthenticated")

    def _route(self, request: Request, body: bytes) -> Response:
        # The raw path, because a field name in it may hold an escaped slash.
        raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
        parts = [unquote(part) for part in raw.decode("latin-1").split("?")[0].split("/")[1:]]
        method = "GET" if request.method == "HEAD" else request.method
        match parts:
            case ["datadictionary", name]:
                _allow(method, "GET")
                return answer(dictionary_payload(self._kind(name), self._dictionary_shape))
            case ["lookup", name]:
                _allow(method, "PATCH")
                return self._append(name, body_data(request.headers, body))
            case ["lookup", name, field]:
                _allow(method, "GET")
                return self._lookup(self._kind(name), field)
            case [""]:
                raise Problem(404, "Page not found")
            case [name]:
                return self._collection(method, self._kind(name), request, body)
            case [name, record_id]:
                return self._record(method, self._kind(name), record_id, request, body)
            case [name, record_id, "content"] if name == DOCUMENTS.name:
                _allow(method, "GET")
                return self._files.answer(self._found(DOCUMENTS, record_id))
            case [parent_name, record_id, name]:
                _allow(method, "GET")
                if name == HISTORIES.name and self._unnested:
                    raise Problem(self._unnested, "Page not found")
                parent = self._kind(parent_name)
                record = self._found(parent, record_id)
                kind = self._kind(name)
                condition = _nested(parent, kind, record["id"])
                return self._list(
                    kind, query_parameters(request, kind), condition, f"/{parent.name}/{record['id']}"
                )
        raise Problem(404, "Page not found")

    def _collection(self, method: str, kind: Kind, request: Request, body: bytes) -> Response:
        _allow(method, *(["GET"] if kind.read_only else ["GET", "POST"]))
        parameters = query_parameters(request, kind)
        if method == "GET":
            return self._list(kind, parameters, ("1", []), "/")
        values = validated(kind, body_data(request.headers, body), self._records, new=True)
        created = self._records.create(kind, values)
        return answer(record_envelope(kind, self._found(kind, str(created)), None), 201)

    def _upload(self, file: Uploaded) -> Response:
        self._kind(DOCUMENTS.name)
        created = self._records.create(DOCUMENTS, file.values)
        self._files.keep(created, file)
        return answer(record_envelope(DOCUMENTS, self._found(DOCUMENTS, str(created)), None), 201)

    def _record(self, method: str, kind: Kind, record_id: str, request: Request, body: bytes) -> Response:
        _allow(method, *(["GET"] if kind.read_only else ["GET", "PATCH", "DELETE"]))
        parameters = query_parameters(request, kind, single=True)
        record = self._found(kind, record_id)
        if method == "DELETE":
            self._records.delete(kind, int(record_id))
            if kind is DOCUMENTS:
                self._files.forget(int(record_id))
            return answer({})
        if method == "GET":
            lines = self._records.lines(record["id"]) if wants_lines(parameters) else None
            return answer(self._with_lines(kind, record, self._parent(kind, record) or "/", lines))
        self._records.update(
            kind, record, validated(kind, body_data(request.headers, body), self._records, new=False)
        )
        return answer(record_envelope(kind, self._found(kind, record_id), None))

    def _list(self, kind: Kind, parameters: Mapping[str, str], condition: Sql, parent: str) -> Response:
        limit = min(100, whole(parameters, "limit", 10))
        if limit < 1:
            raise Problem(400, "The limit parameter must be at least 1")
        page = max(self._page_base, whole(parameters, "page", self._page_base)) - self._page_base
        condition = _both(condition, query.where(kind, json_object(parameters.get("q", "{}"), "q parameter")))
        order = query.order_by(kind, json_object(parameters.get("order", "{}"), "order parameter"))
        offset = min(page, LARGEST_PAGE) * limit
        rows, total = self._records.page(kind, condition, order, limit, offset)
        wanted = wants_lines(parameters)
        items = [
            self._with_lines(
                kind,
                row,
                self._parent(kind, row) or parent,
                self._records.lines(row["id"]) if wanted else None,
            )
            for row in rows
        ]
        more = offset + len(rows) < total and bool(rows)
        return answer(self._told(list_envelope(kind, items, total, has_more=more)))

    def _told(self, envelope: dict[str, Any]) -> dict[str, Any]:
        """A list as the switches have it: what it tells of its length is known from few examples."""
        metadata = envelope["metadata"]
        if self._total == "text":
            metadata["total_count"] = str(metadata["total_count"])
        elif self._total == "none":
            del metadata["total_count"]
        if self._has_more == "none":
            del metadata["has_more"]
        return envelope

    def _with_lines(self, kind: Kind, record: Row, parent: str, lines: list[Row] | None) -> dict[str, object]:
        """A record's envelope, and its lines inside it or beside it: the document shows neither."""
        envelope = record_envelope(kind, record, parent)
        if lines is not None:
            (envelope if self._lines_beside else record)["lines"] = lines
        return envelope

    def _parent(self, kind: Kind, record: Row) -> str:
        if not kind.parent or kind.parent in kind.by_name:
            return ""
        return f"/{OPPORTUNITIES.name}/{self._records.parent_id(kind, record['id'])}"

    def _lookup(self, kind: Kind, name: str) -> Response:
        field = kind.by_name.get(name)
        if field is None or not (field.lookup or field.name == OWNER.name):
            raise Problem(404, f"Lookup not found ({name})")
        items = self._lookups.items(field.lookup) if field.lookup else self._lookups.users()
        return answer(lookup_payload(kind, field, self._labels(items), self._lookup_shape))

    def _append(self, name: str, data: Mapping[str, object]) -> Response:
        if not self._lookups.items(name):
            raise Problem(404, f"Lookup not found ({name})")
        if "items" not in data:
            raise Refused({"items": [{"Required": []}]})
        items = data["items"]
        if not isinstance(items, list):
            raise Refused({"items": [{"Array": []}]})
        texts = [item for item in items if isinstance(item, str) and item]
        if len(texts) != len(items):
            raise Refused({"items": [{"String": []}]})
        self._lookups.append(name, texts)
        return answer({"message": "Lookup values added", "items": self._lookups.items(name)})

    def _kind(self, name: str) -> Kind:
        kind = self._kinds.get(name)
        if kind is None:
            raise Problem(500, f"Invalid record type ({name})")
        if name in self._closed:
            message = "Your price plan does not include this record type"
            raise Problem(self._closed_status, message, kind="Forbidden")
        return kind

    def _found(self, kind: Kind, record_id: str) -> Row:
        is_id = record_id.isascii() and record_id.isdigit() and len(record_id) < 20
        record = self._records.get(kind, int(record_id)) if is_id else None
        if record is None:
            raise Problem(404, "Record not found")
        return record


def _is_upload(request: Request) -> bool:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_form = request.method == "POST" and media == "multipart/form-data"
    return is_form and request.url.path == f"/{DOCUMENTS.name}"


def _shown(kind: Kind) -> Kind:
    """An object whose answers name the record they hang under."""
    return replace(kind, fields=tuple(replace(field, hidden=False) for field in kind.fields))


def _allow(method: str, *allowed: str) -> None:
    if method not in allowed:
        message = "The request type is not allowed here"
        raise Problem(405, message, headers={"Allow": ", ".join(allowed)})


def _both(one: Sql, other: Sql) -> Sql:
    return f"({one[0]}) AND ({other[0]})", [*one[1], *other[1]]


def _nested(parent: Kind, kind: Kind, record_id: object) -> Sql:
    if kind is DOCUMENTS:
        return "parentobject = ? AND parentid = ?", [parent.record_type.title(), record_id]
    for field in kind.fields:
        if field.refers_to == parent.name and parent is not USERS:
            return f"{quoted(field.name)} = ?", [record_id]
    raise Problem(404, "Page not found")
