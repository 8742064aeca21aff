"""What tells two tokens apart without telling either."""

import json

from crmtui.secrets.claims import claims


def fingerprint(token: str, salt: bytes) -> str:
    """A hash of the user and client that a JSON web token is for, else of the token; salted, 32 hex digits.

    A renewed token of the same user goes on with the old one's count.
    """
    import hashlib

    said = claims(token)
    who = [said.get("sub"), said.get("aud")]
    told = json.dumps(who) if who[0] else f"opaque {token.strip()}"
    return hashlib.blake2b(told.encode(errors="replace"), digest_size=16, key=salt[:64]).hexdigest()
