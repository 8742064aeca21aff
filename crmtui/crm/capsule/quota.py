"""What Capsule says of the calls that are left, the same in both of its APIs.

Source: facts `capsule.md`, sections 1.5 and 2.1: an answer of status 404 says nothing.
"""

from crmtui.model.call import Answer
from crmtui.model.quota import Quota


def quota_of(answer: Answer, now: float) -> Quota | None:
    """`X-RateLimit-Limit`, `-Remaining` and `-Reset`, of which the last is seconds since 1970."""
    limit, left = (_whole(answer, name) for name in ("limit", "remaining"))
    if limit is None or left is None:
        return None
    return Quota(max(0, limit - left), limit, resets_at(answer), "reported", now)


def resets_at(answer: Answer) -> float | None:
    """When the calls start anew, UTC seconds; None where the answer does not say."""
    found = _whole(answer, "reset")
    return None if found is None else float(found)


def _whole(answer: Answer, name: str) -> int | None:
    text = answer.headers.get(f"x-ratelimit-{name}", "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
