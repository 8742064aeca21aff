"""What clients sent to the sandbox, kept so that a test can count and read it."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT = 10_000
LARGEST_BODY = 4 * 1024 * 1024
LARGEST_UPLOAD = 64 * 1024 * 1024
"""Bytes of a body that brings a file; of those only the first `LARGEST_BODY` are kept."""


@dataclass(slots=True)
class Request:
    """One request; its status is 0 until it is answered."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    status: int = 0


class Traffic:
    """The newest requests of all services, in order of arrival."""

    def __init__(self) -> None:
        self._kept: deque[Request] = deque(maxlen=KEPT)

    def __iter__(self) -> Iterator[Request]:
        return iter(self._kept.copy())

    def recorded(self, app: ASGIApp) -> ASGIApp:
        """The application with every request noted, and bodies no web server would take refused."""

        async def recorder(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                return
            request = Request(
                method=scope["method"],
                path=scope["path"],
                query=scope["query_string"].decode("latin-1"),
                headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
                body=b"",
            )
            self._kept.append(request)

            async def noting_send(message: Message) -> None:
                if message["type"] == "http.response.start":
                    request.status = message["status"]
                await send(message)

            media = request.headers.get("content-type", "")
            most = LARGEST_UPLOAD if media.startswith("multipart/") else LARGEST_BODY
            body = await _body(receive, most)
            if body is None:
                await _too_large(noting_send)
                return
            request.body = body[:LARGEST_BODY]
            pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

            async def replay() -> Message:
                return pending.pop() if pending else await receive()

            await app(scope, replay, noting_send)

        return recorder


async def _body(receive: Receive, most: int) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > most:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


async def _too_large(send: Send) -> None:
    # The web server in front of an application answers this, so it is no JSON.
    body = b"<html><body><h1>413 Request Entity Too Large</h1></body></html>"
    headers = [
        (b"content-type", b"text/html"),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
