"""Looks at the way to a service, step by step: its name, its port, its certificate. It sends no request."""

import asyncio
import contextlib
import os
import socket
import ssl
import time
from collections.abc import Awaitable
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import msgspec

from crmtui.crm.http import CONNECT_SECONDS, is_loopback, tls_context
from crmtui.model.errors import Unreachable

T = TypeVar("T")


class Place(msgspec.Struct, frozen=True):
    """Where calls are sent to: the service, or the proxy that stands before it."""

    host: str
    port: int
    is_proxy: bool = False

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def place_of(url: str) -> Place:
    """Where the calls to a url go first, which the environment's proxy settings decide."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    own = Place(host, parts.port or (80 if parts.scheme == "http" else 443))
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or is_loopback(url) or proxy_bypass(host):
        return own
    named = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return Place(named.hostname or "", named.port or (443 if named.scheme == "https" else 80), True)


async def resolve(place: Place) -> list[str]:
    """The addresses of a host, each once."""
    loop = asyncio.get_running_loop()
    try:
        found = await _soon(loop.getaddrinfo(place.host, place.port, proto=6))
    except (OSError, UnicodeError) as error:
        raise Unreachable(
            f"The name {place.host} is not known here ({_words(error)}); check the line and"
            f" {_setting(place)}."
        ) from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def connect(place: Place) -> float:
    """The milliseconds until the host takes a connection."""
    began = time.monotonic()
    try:
        _, writer = await _soon(asyncio.open_connection(place.host, place.port))
    except OSError as error:
        raise Unreachable(
            f"{place} takes no connection ({_words(error)}); check the line, the firewall and"
            f" {_setting(place)}."
        ) from error
    took = 1000 * (time.monotonic() - began)
    await _close(writer)
    return took


async def certificate_ends(place: Place) -> float | None:
    """When the certificate ends, in UTC seconds, None where the system does not say; it is trusted then."""
    try:
        _, writer = await _soon(
            asyncio.open_connection(place.host, place.port, ssl=tls_context(), server_hostname=place.host)
        )
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(
            f"The certificate of {place.host} is not trusted ({error.verify_message or 'no reason given'});"
            " check the clock, and whether a firewall in between signs with a certificate that this system"
            " must learn to trust."
        ) from error
    except (OSError, ssl.SSLError) as error:
        raise Unreachable(
            f"No secure line to {place} can be had ({_words(error)}); check the connection's url."
        ) from error
    told = writer.get_extra_info("peercert") or {}
    await _close(writer)
    end = told.get("notAfter")
    return float(ssl.cert_time_to_seconds(end)) if isinstance(end, str) else None


async def _soon(work: Awaitable[T]) -> T:
    return await asyncio.wait_for(work, CONNECT_SECONDS)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        await asyncio.wait_for(writer.wait_closed(), 1)


def _setting(place: Place) -> str:
    return "the proxy in the environment" if place.is_proxy else "the connection's url"


def _words(error: Exception) -> str:
    """The cause in a few words."""
    if isinstance(error, TimeoutError):
        return f"no answer within {CONNECT_SECONDS:.0f} seconds"
    if isinstance(error, ssl.SSLError):
        return (error.reason or "the handshake failed").replace("_", " ").lower()
    if isinstance(error, ConnectionRefusedError) or "refused" in str(error):
        return "the connection was refused"
    if isinstance(error, socket.gaierror | UnicodeError):
        return "the resolver has no address for it"
    number = error.errno if isinstance(error, OSError) else None
    return os.strerror(number).lower() if number else "the line broke"
