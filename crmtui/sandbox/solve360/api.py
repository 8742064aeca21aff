"""The routes of the Solve360 API: what a path and method ask for, of a call by itself or in a batch."""

import base64
import hmac
import logging
from urllib.parse import unquote

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from . import batch, wire
from .activities import ACTIVITIES, TEMPLATE
from .dialect import Dialect
from .diary import Diary
from .field import Kind
from .hooks import Hooks
from .items import Item, Items
from .kinds import KINDS
from .links import Links
from .listing import listing
from .message import Answered, Asked, Problem, Reply, Unauthorized, succeeded
from .quota import Quota
from .reading import Data, arguments, body_data
from .reports import Reports
from .staff import OWNER_IDS, TOKEN_USER, ownership
from .tree import Members, Tree
from .values import taken
from .views import Views, rows_among

_NO_CALL = Asked("GET", "/", "", {}, b"")
log = logging.getLogger(__name__)


class Api:
    """An ASGI application that answers as the service does, and as strictly as its documents allow."""

    def __init__(
        self,
        items: Items,
        links: Links,
        diary: Diary,
        reports: Reports,
        hooks: Hooks,
        views: Views,
        quota: Quota,
        dialect: Dialect,
        token: str,
    ) -> None:
        self._items = items
        self._links = links
        self._diary = diary
        self._reports = reports
        self._hooks = hooks
        self._views = views
        self._quota = quota
        self._dialect = dialect
        self._credentials = f"{TOKEN_USER.email}:{token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        headers = {name.lower(): value for name, value in request.headers.items()}
        raw: bytes = scope.get("raw_path") or request.url.path.encode()
        path = raw.decode("latin-1").partition("?")[0]
        query = scope["query_string"].decode("latin-1")
        asked = Asked(scope["method"], path, query, headers, await request.body())
        reply = self._batch(asked) if path.strip("/") == "batch" else self._reply(asked)
        told = [*reply.headers, self._quota.header, ("Content-Length", str(len(reply.body)))]
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in told]
        await send({"type": "http.response.start", "status": reply.status, "headers": encoded})
        await send({"type": "http.response.body", "body": reply.body})

    def _batch(self, container: Asked) -> Reply:
        try:
            if self._dialect.batch_access == "container":
                self._authorise(container)
            if container.method != "POST":
                raise _no_uri()
            if self._dialect.batch_cost == "container":
                self._quota.count()
            return batch.answered(container, self._reply, self._dialect)
        except Unauthorized:
            return wire.refusal()
        except Problem as problem:
            return wire.answer(container, problem)

    def _reply(self, asked: Asked | Problem) -> Reply:
        """The answer to one call; what is no call is counted all the same."""
        if isinstance(asked, Problem):
            return wire.answer(_NO_CALL, self._counted(asked))
        try:
            self._authorise(asked)
            self._quota.count()
            wire.check_format(asked)
            return wire.answer(asked, self._route(asked))
        except Unauthorized:
            return wire.refusal()
        except Problem as problem:
            return wire.answer(asked, problem)
        except Exception:  # a defect of ours is answered as a real service answers one of its own
            log.exception("%s %s", asked.method, asked.path)
            return wire.answer(asked, Problem(500, internalerror="Internal server error"))

    def _counted(self, refusal: Problem) -> Problem:
        try:
            self._quota.count()
        except Problem as problem:
            return problem
        return refusal

    def _authorise(self, asked: Asked) -> None:
        scheme, _, word = asked.headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(word.strip(), validate=True)
        except ValueError:
            given = b""
        if scheme.lower() != "basic" or not hmac.compare_digest(given, self._credentials):
            raise Unauthorized

    def _route(self, asked: Asked) -> Answered:
        steps = [unquote(step) for step in asked.path.removesuffix("/").split("/")[1:]]
        match asked.method, steps:
            case "GET", ["ownership"]:
                return Answered(ownership(self._dialect))
            case "GET", ["fields", segment] if segment in ACTIVITIES:
                return Answered(self._views.fields(ACTIVITIES[segment]))
            case "GET", ["report", name]:
                self._open(name)
                return Answered(self._reports.answer(name, arguments(asked)))
            case "GET", ["hooks"]:
                return self._hooks.listed()
            case "POST", ["hooks"]:
                return self._hooks.create(body_data(asked))
            case "DELETE", ["hooks", number]:
                return self._hooks.delete(_number(number))
            case _, [segment, *rest] if segment in KINDS:
                self._open(segment)
                return self._of_kind(asked, KINDS[segment], rest)
        raise _no_uri()

    def _of_kind(self, asked: Asked, kind: Kind, steps: list[str]) -> Answered:
        match asked.method, steps:
            case "GET", []:
                return self._list(kind, asked)
            case "POST", []:
                return self._create(kind, body_data(asked))
            case "GET", ["fields"]:
                return Answered(self._views.fields(kind))
            case "GET", ["categories"]:
                return Answered(succeeded(("categories", self._links.categories(kind))))
            case "POST", ["categories"]:
                return self._create_category(kind, body_data(asked))
            case "POST", [segment] if segment == TEMPLATE:
                answer, inserted = self._diary.insert_template(kind, body_data(asked))
                self._quota.charge(inserted)
                return answer
            case "POST", [segment] if segment in ACTIVITIES:
                return self._diary.create(kind, ACTIVITIES[segment], body_data(asked))
            case "PUT", [segment, number] if segment in ACTIVITIES:
                return self._diary.update(ACTIVITIES[segment], _number(number), body_data(asked))
            case "DELETE", [segment, number] if segment in ACTIVITIES:
                return self._diary.delete(_number(number))
            case "GET", [number] if number.isdigit():
                return self._show(self._found(kind, number))
            case "PUT", [number] if number.isdigit():
                return self._update(self._found(kind, number), body_data(asked))
            case "DELETE", [number] if number.isdigit():
                return self._delete(self._found(kind, number))
        raise _no_uri()

    def _list(self, kind: Kind, asked: Asked) -> Answered:
        wanted = listing(kind, arguments(asked), self._dialect)
        items, total = self._items.page(kind, wanted.condition, wanted.order, wanted.limit, wanted.offset)
        rows = [(item.number, self._views.row(item, wanted.fields)) for item in items]
        if wanted.with_categories:
            for number, row in rows:
                row.pairs.append(("categories", self._links.categories_of(number)))
        return Answered(rows_among(rows, total, self._dialect))

    def _show(self, item: Item) -> Answered:
        answer = Answered(self._views.record(item))
        if self._dialect.viewed == "moved":
            self._items.touch(item, "viewed")
        return answer

    def _create(self, kind: Kind, data: dict[str, Data]) -> Answered:
        values = taken(kind.by_name, _plain(data), self._dialect)
        owner = _owner(data, str(TOKEN_USER.number))
        changes = self._links.changes(kind, data)
        item = self._found(kind, str(self._items.create(kind, values, owner)))
        self._links.apply(item, *changes)
        return Answered(self._views.record(item), 201, f"/{kind.segment}/{item.number}")

    def _update(self, item: Item, data: dict[str, Data]) -> Answered:
        values = taken(item.kind.by_name, _plain(data), self._dialect)
        owner = _owner(data, item.head["ownership"])
        changes = self._links.changes(item.kind, data)
        self._items.update(item, values, owner)
        changed = self._found(item.kind, item.head["id"])
        self._links.apply(changed, *changes)
        return Answered(self._views.record(changed) if self._dialect.put == "item" else succeeded())

    def _delete(self, item: Item) -> Answered:
        self._items.delete(item)
        self._links.forget(item.number)
        self._diary.forget(item)
        return Answered(succeeded())

    def _create_category(self, kind: Kind, data: dict[str, Data]) -> Answered:
        name = data.get("name", "")
        if data.keys() != {"name"} or not isinstance(name, str) or not name.strip():
            raise Problem(400, name="Incorrect value of name")
        number = self._links.create_category(kind, name.strip())
        pairs: list[tuple[str, Tree]] = [("id", number), ("name", name.strip())]
        nested = self._dialect.category_reply == "nested"
        members = succeeded(*([("category", Members(pairs))] if nested else pairs))
        return Answered(members, 201, f"/{kind.segment}/categories/{number}")

    def _found(self, kind: Kind, number: str) -> Item:
        item = self._items.get(kind, _number(number))
        if item is None:
            raise Problem(404, itemisnotfound="Item is not found")
        if number in self._dialect.private:
            raise Problem(401, accessdenied="You do not have access to this item")
        return item

    def _open(self, name: str) -> None:
        if name in self._dialect.closed:
            raise Problem(self._dialect.closed_status, accessdenied="You do not have access to this section")


def _plain(data: dict[str, Data]) -> dict[str, Data]:
    """The members of a write that are fields."""
    return {
        name: value for name, value in data.items() if name not in ("categories", "relateditems", "ownership")
    }


def _owner(data: dict[str, Data], default: str) -> str:
    owner = data.get("ownership") or default
    if not isinstance(owner, str) or owner.strip() not in OWNER_IDS:
        raise Problem(400, ownership="Incorrect ownership specified")
    return owner.strip()


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Problem(404, itemisnotfound="Item is not found")
    return int(text)


def _no_uri() -> Problem:
    return Problem(404, uriisnotfound="Requested URI is not found")
