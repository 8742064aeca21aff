"""One httpx client a connection, hardened: nothing is followed, nothing inflates without bound."""

import ssl
import zlib
from collections.abc import AsyncIterator
from functools import cache
from urllib.parse import urlsplit

import httpx

from crmtui import __version__
from crmtui.model.errors import BadAnswer, ConfigError

MOST_BYTES = 8 * 1024 * 1024
"""A decoded answer is refused beyond this."""
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
            verify=False if plain else tls_context(),
        )
    except (ImportError, OSError, ValueError) as error:
        raise ConfigError(f"The connection's proxy or certificate settings do not work: {error}") from error


async def read_body(response: httpx.Response) -> bytes:
    """The decoded body of a streamed response, at most `MOST_BYTES` of it."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    match encoding:
        case "identity" | "":
            return await _bounded(response.aiter_raw(), None)
        case "gzip" | "x-gzip":
            return await _bounded(response.aiter_raw(), zlib.decompressobj(zlib.MAX_WBITS | 16))
        case "deflate":
            return await _bounded(response.aiter_raw(), zlib.decompressobj())
        case _:
            raise BadAnswer(
                f"The service answered in an encoding that was not asked for ({encoding[:40]!r})."
            )


async def _bounded(chunks: AsyncIterator[bytes], inflate: "zlib._Decompress | None") -> bytes:
    body = bytearray()
    came = False
    async for chunk in chunks:
        came = True
        if inflate is None:
            body += chunk
        else:
            try:
                body += inflate.decompress(chunk, MOST_BYTES + 1 - len(body))
            except zlib.error as error:
                raise BadAnswer("The service's compressed answer is damaged.") from error
        if len(body) > MOST_BYTES:
            raise BadAnswer(f"The service's answer is larger than {MOST_BYTES // 1024 // 1024} MB.")
    if inflate is not None and came and not inflate.eof:
        raise BadAnswer("The service's compressed answer ends too early.")
    return bytes(body)
