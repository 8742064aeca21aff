"""A service's address in the configuration: scheme, host and port, and nothing else."""

import ipaddress
import re
from urllib.parse import urlsplit

_HOST = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")


def origin(text: str) -> str:
    """The address in its plain form; a ValueError says, without repeating secrets, what is wrong."""
    if not text.isprintable() or any(c in text for c in " \\"):
        raise ValueError("must be an address such as https://host, without spaces")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError("must be an address such as https://host or https://host:8443") from error
    if "@" in parts.netloc:
        raise ValueError("must hold no user or password; tokens are kept elsewhere (crmtui connect)")
    if parts.scheme not in {"https", "http"}:
        raise ValueError("must begin with https://")
    if not _host_like(host) or port == 0:
        raise ValueError("must name a host, as in https://host or https://host:8443")
    if parts.path not in {"", "/"} or "?" in text or "#" in text:
        raise ValueError("must be scheme, host and port only; the path of the API is added by itself")
    if parts.scheme == "http" and not _loopback(host):
        raise ValueError("must begin with https://: plain http would show the token to everybody on the way")
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port is not None else "")


def _host_like(host: str) -> bool:
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            return False
        return True
    return bool(_HOST.fullmatch(host)) and ".." not in host and len(host) <= 253


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
