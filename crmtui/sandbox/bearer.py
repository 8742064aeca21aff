"""The access token of a sandbox: made once per data folder, shaped like the vendor's JSON web tokens."""

import base64
import json
import secrets
import time
from pathlib import Path

from .secret import kept_secret

YEAR = 365 * 24 * 3600


def _part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def new_bearer(subject: str) -> str:
    """A token with the claims of a Laravel Passport one, valid for a year; its signature is noise."""
    now = int(time.time())
    jti = secrets.token_hex(40)
    payload = {
        "aud": "2",
        "jti": jti,
        "iat": now,
        "nbf": now,
        "exp": now + YEAR,
        "sub": subject,
        "scopes": [],
    }
    header = {"typ": "JWT", "alg": "RS256", "jti": jti}
    return ".".join((_part(header), _part(payload), _part(secrets.token_bytes(512))))


def kept_bearer(path: Path, subject: str) -> str:
    """The token kept in a file readable by its owner only, made there first if need be."""
    return kept_secret(path, lambda: new_bearer(subject))
