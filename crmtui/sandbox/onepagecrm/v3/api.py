"""The routes of API v3: what a path and method ask for, who may ask, and how often."""

import base64
import binascii
import hmac
import json
import logging
import time
from typing import Any
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from crmtui.sandbox.onepagecrm.account import TOKEN_USER
from crmtui.sandbox.onepagecrm.entity import ENTITIES
from crmtui.sandbox.onepagecrm.office import Office
from crmtui.sandbox.onepagecrm.refusal import Missing, Refused
from crmtui.sandbox.onepagecrm.throttle import Throttle

from . import lookups
from .blocks import Blocks
from .dialect import Dialect
from .lookups import Lookups
from .message import BASE, Answered, Asked, Problem, missing, of_refusal
from .records import Records
from .verbs import Verbs

Json = dict[str, Any]
log = logging.getLogger(__name__)
_TOO_SOON = b"Rate Limit Exceeded\n"
_NO_LENGTH = b"<html><head><title>411 Length Required</title></head></html>\n"
_NO_KEY = "Cannot find suitable authorization data or data provided is not complete."


class Api:
    """An ASGI application that answers as the service does, and as strictly as its documents allow."""

    def __init__(self, office: Office, dialect: Dialect, throttle: Throttle, key: str) -> None:
        self._office = office
        self._dialect = dialect
        self._throttle = throttle
        self._key = key
        self._blocks = Blocks(office, dialect)
        self._records = Records(office, self._blocks, dialect)
        self._verbs = Verbs(office, self._records.entries, self._blocks)
        self._lookups = Lookups(office, self._blocks, dialect, key)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        status, media, body = self._answer(request, await request.body())
        headers = [(b"content-type", media), (b"content-length", b"%d" % len(body))]
        if status == 401:
            headers.append((b"www-authenticate", b'Basic realm="OnePageCRM"'))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, request: Request, body: bytes) -> tuple[int, bytes, bytes]:
        if not self._throttle.take():
            # What refuses a call for coming too soon stands before the service, and speaks no JSON.
            return 403, b"text/plain; charset=utf-8", _TOO_SOON
        lengths = ("content-length", "transfer-encoding")
        if request.method in ("PUT", "POST") and not any(name in request.headers for name in lengths):
            return 411, b"text/html", _NO_LENGTH
        status, told = self._told(request, body)
        shown = 200 if request.query_params.get("suppress_http_status") in ("1", "true") else status
        return shown, b"application/json; charset=utf-8", json.dumps(told, separators=(",", ":")).encode()

    def _told(self, request: Request, body: bytes) -> tuple[int, Json]:
        """The status and the whole object of an answer."""
        try:
            self._authorise(request.headers.get("authorization", ""))
            answer = self._route(_asked(request, body))
            return answer.status, self._envelope(request, answer)
        except Problem as problem:
            return problem.status, problem.body
        except Missing as gone:
            return 404, missing(gone.what.replace("_", " ")).body
        except Refused as refusal:
            told = of_refusal(refusal)
            return told.status, told.body
        except Exception:  # a defect of ours is answered as a real service answers one of its own
            log.exception("%s %s", request.method, request.url.path)
            return 500, Problem(500, "Something went wrong on our side").body

    def _envelope(self, request: Request, answer: Answered) -> Json:
        head: Json = {"status": 0, "message": "Created" if answer.status == 201 else "OK"}
        if not request.url.path.startswith(f"{BASE}/countries"):
            head["timestamp"] = int(time.time())
        return {**head, "data": answer.data, **answer.beside, **self._blocks.always()}

    def _authorise(self, given: str) -> None:
        scheme, _, word = given.partition(" ")
        try:
            plain = base64.b64decode(word.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            plain = ""
        expected = f"{TOKEN_USER}:{self._key}".encode()
        if scheme.lower() != "basic" or not hmac.compare_digest(plain.encode(), expected):
            raise Problem(401, _NO_KEY)

    def _route(self, asked: Asked) -> Answered:
        self._check_closed(asked)
        match asked.method, asked.steps:
            case "GET", ("bootstrap",):
                return self._lookups.bootstrap()
            case "GET", ("action_stream",):
                return self._records.stream(asked, "" if asked.flag("team") else TOKEN_USER)
            case "GET", ("team_stream",):
                return self._records.stream(asked, asked.parameters.get("user_id", ""))
            case _, (name, *_) if name in lookups.NAMES:
                return self._lookups.answer(asked)
            case _, ("contacts", *steps) if steps:
                return self._of_contacts(asked, steps)
            case "PUT", ("actions", ident, verb):
                return self._verbs.of_action(asked, ident, verb)
            case "POST" | "DELETE", ("companies", ident, "synced_status"):
                return self._verbs.sync_status(asked, ident)
            case "GET", ("companies", ident, other):
                return self._records.belonging(asked, "companies", ident, other)
            case _, (entity, *steps) if entity in ENTITIES:
                return self._of_entity(asked, entity, steps)
        raise missing("resource")

    def _of_contacts(self, asked: Asked, steps: list[str]) -> Answered:
        match asked.method, steps:
            case "GET", ["cascade", *last] if len(last) < 2:
                return self._records.cascade(asked, last[0] if last else None)
            case "GET", ["filters", ident]:
                return self._records.filtered(asked, ident)
            case "DELETE", ["delete"]:
                return self._records.delete_several(asked)
            case "GET", [ident, other]:
                return self._records.belonging(asked, "contacts", ident, other)
            case "POST", [ident, other] if other in ("actions", "deals", "notes", "calls", "meetings"):
                return self._records.create(asked, other, ident)
            case "PUT", [ident, verb, *name] if len(name) < 2:
                return self._verbs.of_contact(asked, ident, verb, name[0] if name else None)
        return self._of_entity(asked, "contacts", steps)

    def _of_entity(self, asked: Asked, entity: str, steps: list[str]) -> Answered:
        match asked.method, steps:
            case "GET", []:
                return self._records.list(asked, entity)
            case "POST", []:
                return self._records.create(asked, entity)
            case "GET", [ident]:
                return self._records.show(asked, entity, ident)
            case "PUT", [ident]:
                return self._records.update(asked, entity, ident)
            case "DELETE", [ident]:
                return self._records.delete(asked, entity, ident)
        if len(steps) < 2:
            raise Problem(405, "This method is not allowed here")
        raise missing("resource")

    def _check_closed(self, asked: Asked) -> None:
        if self._dialect.closed & set(asked.steps):
            raise Problem(403, "You do not have permission to access this resource")


def _asked(request: Request, body: bytes) -> Asked:
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.decode("latin-1").partition("?")[0]
    below = path.removeprefix(BASE).removesuffix("/").removesuffix(".json")
    if not path.startswith(f"{BASE}/"):
        raise missing("resource")
    origin = f"{request.url.scheme}://{request.headers.get('host', 'app.onepagecrm.com')}"
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    steps = tuple(unquote(step) for step in below.split("/")[1:])
    return Asked(request.method, steps, dict(pairs), origin, body)
