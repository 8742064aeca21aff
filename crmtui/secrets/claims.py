"""What a token says of itself, where it is a JSON web token (RFC 7519): read, and never trusted."""

import json
from collections.abc import Mapping
from typing import Any


def claims(token: str) -> Mapping[str, Any]:
    """The claims of a token; empty for one that says nothing readable. No signature is checked."""
    import base64

    parts = token.strip().split(".")
    if len(parts) < 2:
        return {}
    try:
        # The padding is left out in a token; one sign too many does no harm.
        said = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
