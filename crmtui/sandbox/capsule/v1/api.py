"""The v1 API as an application: credentials, quota, and what becomes of a call that cannot be done."""

import base64
import hmac
import logging

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from crmtui.sandbox.capsule.office import WORDS
from crmtui.sandbox.capsule.quota import Quota
from crmtui.sandbox.capsule.refusal import Missing, Refused

from . import wire
from .dialect import Dialect
from .message import Answered, Asked, Problem, not_found
from .routes import Routes

log = logging.getLogger(__name__)


class Api:
    """An ASGI application that answers as the service did, and as strictly as its documents allow."""

    def __init__(self, routes: Routes, quota: Quota, dialect: Dialect, token: str) -> None:
        self._routes = routes
        self._quota = quota
        self._dialect = dialect
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        headers = {name.lower(): value for name, value in request.headers.items()}
        raw: bytes = scope.get("raw_path") or request.url.path.encode()
        path = raw.decode("latin-1").partition("?")[0]
        query = scope["query_string"].decode("latin-1")
        body = await request.body()
        asked = Asked(scope["method"], path, query, request.url.scheme, headers, body)
        outcome = self._outcome(asked)
        quota = self._quota.headers(spent=outcome.status == 429)
        reply = wire.answer(asked, outcome, quota, self._dialect)
        told = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
        await send({"type": "http.response.start", "status": reply.status, "headers": told})
        await send({"type": "http.response.body", "body": reply.body})

    def _outcome(self, asked: Asked) -> Answered | Problem:
        try:
            self._authorise(asked)
            if not self._quota.count():
                return Problem(429, "rate limit reached")
            if self._dialect.rights == "read" and asked.method != "GET":
                raise Problem(401, "you do not have the rights to perform this request")
            return self._routes.answer(asked)
        except Problem as problem:
            return problem
        except Refused as refused:
            return Problem(self._dialect.invalid, "; ".join(fault.message for fault in refused.errors))
        except Missing as missing:
            # A row within a record that is not there is no missing record.
            if missing.what in WORDS.values() or missing.what == "tag":
                return not_found(missing.what)
            return Problem(self._dialect.invalid, f"{missing.what} not found")
        except Exception:  # a defect of ours is answered as a real service answers one of its own
            log.exception("%s %s", asked.method, asked.path)
            return Problem(500, "Internal Server Error")

    def _authorise(self, asked: Asked) -> None:
        """The token is the user name; whatever stands as the password counts for nothing."""
        scheme, _, word = asked.headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(word.strip(), validate=True).partition(b":")[0]
        except ValueError:
            given = b""
        if scheme.lower() != "basic" or not hmac.compare_digest(given, self._token):
            raise Problem(401, "Requires authentication")
