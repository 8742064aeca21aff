"""What SpotlerCRM says of the calls that are left."""

from typing import Any

from crmtui.model.call import Answer
from crmtui.model.quota import Quota


def quota_of(answer: Answer, now: float) -> Quota | None:
    """None is documented; the usual headers are believed if they come."""
    for prefix in ("x-ratelimit-", "ratelimit-"):
        limit, left = (whole(answer.headers.get(prefix + part)) for part in ("limit", "remaining"))
        if limit is not None and left is not None:
            reset = whole(answer.headers.get(prefix + "reset"))
            if reset is not None and reset < 1_000_000_000:
                reset += int(now)
            return Quota(max(0, limit - left), limit, reset, "reported", now)
    return None


def whole(value: Any) -> int | None:
    """A count as a number or as digits; nothing else, for headers can hold anything."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
