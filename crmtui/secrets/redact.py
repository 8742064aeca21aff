"""Takes every live token out of a text before anybody sees or keeps it."""

import json
import re
from collections.abc import Iterable

from crmtui.secrets.token import HIDDEN

_KEY = 8
"""Characters of a key that is worth the name."""
_SIGNATURE = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{64}(?![0-9A-Za-z])")
"""An HMAC-SHA256, which opens a service for some minutes as a token does."""


class Redactor:
    """Knows the tokens of this run in all the forms that they take on the wire, in logs and in tracebacks."""

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def register(self, token: str, *related: str) -> None:
        """Hide this token from now on; `related` are the users whose Basic header it is part of."""
        if not token.strip():
            return
        self._forms.update(_written(token))
        if len(key := token.rpartition(":")[2]) >= _KEY:  # OnePageCRM's `UID:KEY`, whose key stands alone too
            self._forms.update(_written(key))
        pairs = [f"{token}:x", f"{token}:", f":{token}"]
        for user in related:
            pairs += [f"{user}:{token}", f"{token}:{user}"]
        for secret in (token, *pairs):
            self._forms.update(_base64(secret))
        self._pattern = None

    def redact(self, text: str) -> str:
        """The text with `•••` for every token in it."""
        text = _SIGNATURE.sub(HIDDEN, text)
        if not any(form in text for form in self._forms):
            return text
        if self._pattern is None:  # it takes a while, and most texts have no need of it
            longest_first = sorted(self._forms, key=len, reverse=True)
            self._pattern = re.compile("|".join(re.escape(form) for form in longest_first))
        return self._pattern.sub(HIDDEN, text)


def _written(token: str) -> Iterable[str]:
    """The token raw and as JSON, a URL, XML and Python's repr write it."""
    import html
    from urllib.parse import quote, quote_plus

    quoted = {quote(token, safe=""), quote(token), quote_plus(token)}
    lower = {re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), form) for form in quoted}
    escaped = {json.dumps(token)[1:-1], json.dumps(token, ensure_ascii=False)[1:-1]}
    slashed = {form.replace("/", "\\/") for form in escaped}
    marked = {html.escape(token), html.escape(token, quote=False)}
    return {token, repr(token)[1:-1], *quoted, *lower, *escaped, *slashed, *marked}


def _base64(secret: str) -> Iterable[str]:
    """The secret as a header carries it; some clients leave out the padding or write it for URLs."""
    import base64

    plain = base64.b64encode(secret.encode(errors="replace")).decode()
    safe = plain.translate({ord("+"): "-", ord("/"): "_"})
    return {
        plain,
        safe,
        plain.rstrip("="),
        safe.rstrip("="),
        plain.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"),
    }
