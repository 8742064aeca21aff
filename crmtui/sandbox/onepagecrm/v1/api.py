"""The v1 API as an application: format, limit of calls, signature, and the envelope of what comes of it."""

import logging
import random
import time
from typing import Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from crmtui.sandbox.onepagecrm.throttle import Throttle

from . import signature
from .blocks import Blocks
from .dialect import Dialect
from .envelope import MEDIA, envelope, written
from .message import FORMATS, Answered, Asked, Problem
from .restrictions import Restrictions
from .routes import Routes
from .session import Session

log = logging.getLogger(__name__)
_TOO_FAST = b"403 Forbidden (Rate Limit Exceeded)\r\n"
"""The text that Rack::Throttle answers unless it is given another one."""
_LOGIN = ["auth", "login"]
_STATUS = {101: 401, 102: 403, 103: 401, 104: 401, 105: 401, 106: 404, 107: 409, 108: 400, 109: 400}
_STATUS |= {201: 403, 202: 403, 999: 500}


class Api:
    """An ASGI application that answers as the service did, and as strictly as its documents allow."""

    def __init__(
        self, routes: Routes, blocks: Blocks, restrictions: Restrictions, session: Session, dialect: Dialect
    ) -> None:
        self._routes = routes
        self._blocks = blocks
        self._restrictions = restrictions
        self._session = session
        self._dialect = dialect
        self._throttle = Throttle(dialect.rate, dialect.burst, dialect.throttle_at)
        self._chance = random.Random(7)  # noqa: S311 - the order of keys, the same in every run

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        headers = {name.lower(): value for name, value in request.headers.items()}
        raw: bytes = scope.get("raw_path") or request.url.path.encode()
        asked = Asked(
            method=scope["method"],
            scheme=request.url.scheme,
            path=raw.decode("latin-1").partition("?")[0],
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=await request.body(),
        )
        status, media, body = self._reply(asked)
        told = [(b"content-length", b"%d" % len(body))]
        if media:
            told.append((b"content-type", media.encode()))
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": body})

    def _reply(self, asked: Asked) -> tuple[int, str, bytes]:
        if not self._throttle.take():
            return 403, "text/plain", _TOO_FAST
        if asked.format not in FORMATS:
            return 406, "", b""
        code, parts = self._outcome(asked)
        document = envelope(code, self._now(), parts)
        status = _STATUS.get(code, 200) if self._dialect.http == "status" else 200
        media = f"{MEDIA[asked.format]}; charset=utf-8"
        return status, media, written(document, asked.format, self._dialect, self._chance)

    def _outcome(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        try:
            answered = self._answered(asked)
            parts = self._blocks.told(answered.blocks)
            if answered.data != {} or self._dialect.data == "empty":
                parts["data"] = answered.data
            return 0, parts | self._restrictions.told()
        except Problem as problem:
            return problem.code, self._restrictions.told() if problem.code in (201, 202) else {}
        except Exception:  # a defect of ours is answered as a real service answers one of its own
            log.exception("%s %s", asked.method, asked.path)
            return 999, {}

    def _answered(self, asked: Asked) -> Answered:
        if self._dialect.account == "blocked":
            raise Problem(102)
        if asked.steps == _LOGIN:
            return self._session.login(asked, by_get=self._dialect.login == "both")
        signature.check(asked, self._session.uid, self._session.key, self._now(), self._dialect.skew)
        match asked.method, asked.steps:
            case "GET", ["auth", "logout"]:
                return self._session.logout()
            case "GET", ["auth", "change_api_key"]:
                return self._session.change_key()
        self._restrictions.check(asked)
        return self._routes.answer(asked)

    def _now(self) -> int:
        return int(time.time()) + self._dialect.clock_ahead
