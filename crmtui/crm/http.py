"""One httpx client a connection, hardened: nothing is followed, nothing inflates without bound."""

import asyncio
import contextlib
import socket
import ssl
import zlib
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from crmtui import __version__
from crmtui.model.errors import BadAnswer, ConfigError

MOST_BYTES = 8 * 1024 * 1024
"""A decoded answer is refused beyond this."""
PIECE = 65_536
"""The most bytes that are decoded at once."""
QUEUE_BYTES = 65_536
"""What may wait in the system to be sent; enough for a megabyte in two seconds at 250 ms."""
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 20.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def is_loopback(url: str) -> bool:
    """Whether a url names this machine; only then may it be plain http."""
    host = urlsplit(url).hostname or ""
    return host in _LOOPBACK or host.startswith("127.")


@cache
def tls_context() -> ssl.SSLContext:
    """The system's and the company's certificates; one context for all, it costs 40 ms to make."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def open_client(url: str) -> httpx.AsyncClient:
    """A client for one service. A proxy of the environment never sees a call to this machine."""
    local = is_loopback(url)
    plain = urlsplit(url).scheme == "http"
    try:
        return httpx.AsyncClient(
            base_url=url,
            headers={
                "User-Agent": f"crmtui/{__version__}",
                "Accept-Encoding": "gzip, deflate",
            },
            timeout=httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=30),
            follow_redirects=False,
            trust_env=not local,
            event_hooks={"request": [_watch_connecting]},
            verify=False if plain else tls_context(),
        )
    except (ImportError, OSError, ValueError) as error:
        raise ConfigError(f"The connection's proxy or certificate settings do not work: {error}") from error


async def _watch_connecting(request: httpx.Request) -> None:
    request.extensions["trace"] = _keep_queue_short


async def _keep_queue_short(event: str, info: Mapping[str, Any]) -> None:
    """Bounds what the system takes before it has left, so that the progress of an upload is true."""
    if event == "connection.connect_tcp.complete":
        connected = info["return_value"].get_extra_info("socket")
        with contextlib.suppress(OSError, AttributeError):
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, QUEUE_BYTES)


async def read_body(response: httpx.Response) -> bytes:
    """The decoded body of a streamed response, at most `MOST_BYTES` of it."""
    body = bytearray()
    async with contextlib.aclosing(decoded(response, _uncounted)) as pieces:
        async for piece in pieces:
            body += piece
            if len(body) > MOST_BYTES:
                raise BadAnswer(f"The service's answer is larger than {MOST_BYTES // 1024 // 1024} MB.")
    return bytes(body)


async def decoded(response: httpx.Response, arrived: Callable[[int], None]) -> AsyncGenerator[bytes, None]:
    """The decoded body in bounded pieces, however large they inflate; `arrived` is told the wire's bytes."""
    inflate = _inflater(response.headers.get("content-encoding", "identity").strip().lower())
    came = False
    async for chunk in response.aiter_raw():
        arrived(len(chunk))
        if inflate is None:
            yield chunk
            continue
        came = True
        for piece in _inflated(inflate, chunk):
            yield piece
            if len(piece) == PIECE:
                # A bomb inflates for seconds; the screen and the esc key are on this loop too.
                await asyncio.sleep(0)
    if inflate is not None and came and not inflate.eof:
        raise BadAnswer("The service's compressed answer ends too early.")


def _inflater(encoding: str) -> "zlib._Decompress | None":
    match encoding:
        case "identity" | "":
            return None
        case "gzip" | "x-gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16)
        case "deflate":
            return zlib.decompressobj()
        case _:
            raise BadAnswer(
                f"The service answered in an encoding that was not asked for ({encoding[:40]!r})."
            )


def _inflated(inflate: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    """What a chunk of the wire inflates to, `PIECE` bytes at a time."""
    while True:
        try:
            piece = inflate.decompress(chunk, PIECE)
        except zlib.error as error:
            raise BadAnswer("The service's compressed answer is damaged.") from error
        if piece:
            yield piece
        if len(piece) < PIECE:
            break
        chunk = inflate.unconsumed_tail
    if inflate.unused_data:
        raise BadAnswer("The service's compressed answer goes on after its end.")


def _uncounted(count: int) -> None:
    """Nobody asks how much has come."""
