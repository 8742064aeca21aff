"""The routes of API v2: what a path and method ask for, who may ask, and how often."""

import hmac
import json
import logging
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from crmtui.sandbox.capsule.entity import ENTITIES, TAGGED
from crmtui.sandbox.capsule.office import WORDS
from crmtui.sandbox.capsule.quota import Quota
from crmtui.sandbox.capsule.refusal import Missing, Refused

from . import lookups
from .dialect import Dialect
from .jobs import Jobs
from .labels import Labels
from .message import BASE, Answered, Asked, Problem, nowhere, unprocessable
from .records import Records

Header = tuple[str, str]
log = logging.getLogger(__name__)
_NO_TOKEN = ("WWW-Authenticate", 'Bearer realm="capsule", error="invalid_token"')


class Api:
    """An ASGI application that answers as the service does, and as strictly as its documents allow."""

    def __init__(
        self, records: Records, labels: Labels, jobs: Jobs, quota: Quota, dialect: Dialect, token: str
    ) -> None:
        self._records = records
        self._labels = labels
        self._jobs = jobs
        self._quota = quota
        self._dialect = dialect
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = self._answer(request, await request.body())
        body = b"" if answer.body is None else json.dumps(answer.body, separators=(",", ":")).encode()
        headers = [*answer.headers, ("Content-Length", str(len(body)))]
        if body:
            headers.append(("Content-Type", "application/json;charset=utf-8"))
        if answer.status == 204:
            headers = list(answer.headers)
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, request: Request, body: bytes) -> Answered:
        """The answer with its headers: of failures only 429 tells of the limit."""
        try:
            self._authorise(request.headers.get("authorization", ""))
            if not self._quota.count():
                raise Problem(429, "rate limit reached")
            answer = self._route(_asked(request, body))
            return Answered(answer.body, answer.status, (*answer.headers, *self._quota.headers()))
        except Problem as problem:
            return self._failed(problem)
        except Missing as missing:
            return self._failed(Problem(404, f"{missing.what} not found"))
        except Refused as refusal:
            return self._failed(unprocessable(refusal.errors))
        except Exception:  # a defect of ours is answered as a real service answers one of its own
            log.exception("%s %s", request.method, request.url.path)
            return self._failed(Problem(500, "Internal server error"))

    def _failed(self, problem: Problem) -> Answered:
        headers: list[Header] = []
        if problem.status == 401:
            headers.append(_NO_TOKEN)
        elif problem.status != 404:
            headers += self._quota.headers(spent=problem.status == 429)
        return Answered(problem.body, problem.status, tuple(headers))

    def _authorise(self, given: str) -> None:
        scheme, _, word = given.partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(word.strip().encode(), self._token):
            raise Problem(401, "Requires authentication")

    def _route(self, asked: Asked) -> Answered:
        match asked.method, asked.steps:
            case "GET", ["jobs", number]:
                return self._jobs.told(number)
            case "GET", ["tracks"]:
                raise Problem(405, "Method Not Allowed")
            case _, [name, *_] if name in lookups.NAMES:
                if asked.method != "GET":
                    raise Problem(405, "Method Not Allowed")
                return lookups.lookup(asked, self._dialect)
            case _, [entity, *rest] if entity in ENTITIES:
                self._open(entity, rest)
                return self._of_entity(asked, entity, rest)
        raise nowhere()

    def _of_entity(self, asked: Asked, entity: str, steps: list[str]) -> Answered:
        tagged = entity in TAGGED
        match asked.method, steps:
            case "GET", []:
                return self._records.list(asked, entity)
            case "POST", []:
                return self._records.create(asked, entity)
            case "GET", ["search"] if tagged:
                return self._records.search(asked, entity)
            case "GET", ["deleted"] if tagged:
                return self._records.deleted(asked, entity)
            case "POST", ["filters", "results"] if tagged:
                return self._records.filter(asked, entity)
            case "GET", ["fields", "definitions", *number] if tagged and len(number) < 2:
                return self._labels.definitions(asked, entity, number[0] if number else None)
            case _, ["tags", *number] if tagged and len(number) < 2:
                return self._labels.tags(asked, entity, number[0] if number else None)
            case "GET", [number]:
                return self._records.show(asked, entity, number)
            case "PUT", [number]:
                return self._records.update(asked, entity, number)
            case "DELETE", [number]:
                return self._records.delete(entity, number)
            case "GET", [number, name]:
                return self._records.belonging(asked, entity, number, name)
            case "POST" | "DELETE", [number, "parties", party] if entity in ("opportunities", "kases"):
                return self._records.relate(asked, entity, number, party)
        if asked.method not in ("GET", "POST", "PUT", "DELETE") or len(steps) < 2:
            raise Problem(405, "Method Not Allowed")
        raise nowhere()

    def _open(self, entity: str, steps: list[str]) -> None:
        if not self._dialect.closed & {entity, *(steps[0].split(",") if steps else ())}:
            return
        if self._dialect.closed_status == 404:
            raise Missing(WORDS[entity])
        raise Problem(403, "You do not have access to this resource")


def _asked(request: Request, body: bytes) -> Asked:
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.decode("latin-1").partition("?")[0]
    below = path.removeprefix(BASE)
    if below == path or not below.startswith("/"):
        raise nowhere()
    origin = f"{request.url.scheme}://{request.headers.get('host', 'api.capsulecrm.com')}"
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    steps = tuple(unquote(step) for step in below.removesuffix("/").split("/")[1:])
    return Asked(request.method, steps, dict(pairs), f"{origin}{path}", origin, media, body)
