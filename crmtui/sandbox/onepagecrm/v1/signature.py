"""The signature of a call: HMAC-SHA256 over who, when, what and where."""

import base64
import hashlib
import hmac
import re

from .message import Asked, Problem

UID, TS, AUTH = "x-onepagecrm-uid", "x-onepagecrm-ts", "x-onepagecrm-auth"
_BODIED = ("PUT", "POST")


def signature(key: str, uid: str, ts: str, method: str, url: str, body: bytes) -> str:
    """The value of X-OnePageCRM-Auth; `url` is whole, with its query, the body counts for PUT and POST."""
    parts = [uid, ts, method.upper(), _sha1(url.encode())]
    if method.upper() in _BODIED:
        parts.append(_sha1(body))
    return hmac.new(base64.b64decode(key), ".".join(parts).encode(), hashlib.sha256).hexdigest()


def check(asked: Asked, uid: str, key: str | None, now: int, skew: int) -> None:
    """Refuse a call that is not signed (105), not in time (101) or not with the user's key (104)."""
    given = [asked.headers.get(name, "") for name in (UID, TS, AUTH)]
    if not all(given):
        raise Problem(105)
    if not re.fullmatch("[0-9]{1,12}", given[1]) or abs(int(given[1]) - now) > skew:
        raise Problem(101)
    if key is None or given[0] != uid:
        raise Problem(104)
    expected = signature(key, uid, given[1], asked.method, asked.url, asked.body)
    if not hmac.compare_digest(expected.encode(), given[2].encode()):
        raise Problem(104)


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data).hexdigest()  # noqa: S324 - the protocol's own choice, keyed by what is around it
