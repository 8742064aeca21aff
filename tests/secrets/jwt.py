"""Tokens with claims of a test's choice."""

import base64
import json
from typing import Any


def part(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def token(**claims: Any) -> str:
    """A JSON web token whose signature is noise."""
    header, said = ({"typ": "JWT", "alg": "RS256"}, claims)
    return ".".join((part(json.dumps(header).encode()), part(json.dumps(said).encode()), part(b"noise")))
