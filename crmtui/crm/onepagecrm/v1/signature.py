"""The signature of OnePageCRM v1.2: HMAC-SHA256 over who calls, when, how, what and with which body.

Source: the vendor's page "Signature value"; facts `onepagecrm.md`, section 2.
"""

import base64
import binascii
import hashlib
import hmac

from crmtui.model.errors import AuthFailed

_BODIED = ("PUT", "POST")


def signature(uid: str, key: str, moment: int, method: str, url: str, body: bytes) -> str:
    """`X-OnePageCRM-Auth` in hex; `url` is as called, with scheme and query, `moment` unix seconds.

    Raises `AuthFailed` where `key` is no Base64.
    """
    try:
        secret = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not secret:
        raise AuthFailed("The stored key is no API key of OnePageCRM, which is Base64; store it again.")
    parts = [uid, str(moment), method, _sha1(url.encode())]
    if method in _BODIED:
        parts.append(_sha1(body))
    return hmac.new(secret, ".".join(parts).encode(), hashlib.sha256).hexdigest()


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data).hexdigest()  # noqa: S324 (the protocol's own choice)
