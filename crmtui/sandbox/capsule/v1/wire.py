"""Answers as bytes, with the headers of the recordings: XML unless JSON is asked for."""

from typing import NamedTuple

from .dialect import Dialect
from .element import Element, to_json, to_xml
from .message import Answered, Asked, Problem

_ALWAYS = [("Server", "Apache")]
_ANSWERED = [
    ("X-Frame-Options", "DENY"),
    ("Set-Cookie", "JSESSIONID=; Expires=Thu, 01-Jan-1970 00:00:10 GMT; Path=/; HttpOnly"),
]
_SAFETY = [
    ("X-Xss-Protection", "1; mode=block"),
    ("X-Content-Type-Options", "nosniff"),
    ("Strict-Transport-Security", "max-age=31536000"),
]
_REALM = ("WWW-Authenticate", 'Basic realm="Capsule API"')
_JSON = "application/json"
_XML = ("application/xml", "text/xml")


class Reply(NamedTuple):
    """An answer to a call, its headers in the order in which they are sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def answer(
    asked: Asked, outcome: Answered | Problem, quota: list[tuple[str, str]], dialect: Dialect
) -> Reply:
    """The wire form of an outcome; successes tell the quota, and a 429 does if the dialect has it so."""
    headers = list(_ALWAYS)
    body = b""
    if isinstance(outcome, Problem):
        if outcome.status == 429 and dialect.throttled == "told":
            headers += quota
        if outcome.status == 401:
            headers.append(_REALM)
        media, body = _body(asked, outcome.root, dialect, bare=dialect.json_errors == "bare")
        # Recorded: an error is never `*/*`.
        told = [("Content-Type", _XML[0] if media == "*/*" else media)]
    else:
        headers += [*_ANSWERED, *quota]
        if outcome.location:
            host = asked.headers.get("host", "")
            headers.append(("Location", f"{asked.scheme}://{host}/api{outcome.location}"))
        told = [] if outcome.status == 201 else [("Content-Type", "text/plain")]
        if outcome.root is not None:
            media, body = _body(asked, outcome.root, dialect)
            told = [("Content-Type", f"{media};charset=UTF-8")]
    return Reply(outcome.status, [*headers, *_SAFETY, *told, ("Content-Length", str(len(body)))], body)


def _body(asked: Asked, root: Element, dialect: Dialect, *, bare: bool = False) -> tuple[str, bytes]:
    media = _media(asked)
    if media != _JSON:
        return media, to_xml(root)
    return media, to_json(
        root,
        size_beside_rows=dialect.size_beside_rows == "told",
        escaped_slashes=dialect.slashes == "escaped",
        bare=bare,
    )


def _media(asked: Asked) -> str:
    """The format of an answer: what Accept names first, else JSON to a body of JSON; `*/*` is XML."""
    for each in asked.headers.get("accept", "").lower().split(","):
        media = each.partition(";")[0].strip()
        if media in (_JSON, *_XML):
            return media
    return _JSON if asked.media == _JSON else "*/*"
