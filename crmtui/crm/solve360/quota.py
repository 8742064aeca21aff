"""What Solve360 says of the calls that are left.

Source: the vendor's page "API Reference", section "API limit".
"""

import re

from crmtui.model.call import Answer
from crmtui.model.quota import Quota

_USED_OF = re.compile(r"\s*([0-9]{1,12})\s*/\s*([0-9]{1,12})\s*")


def quota_of(answer: Answer, now: float) -> Quota | None:
    """`Http-X-Solve360-Api-Call-Limit: 11/12000`; when the count begins anew is not said."""
    found = _USED_OF.fullmatch(answer.headers.get("http-x-solve360-api-call-limit", ""))
    return Quota(int(found[1]), int(found[2]), None, "reported", now) if found else None


def is_spent(answer: Answer) -> bool:
    """Whether an answer itself tells that no call is left."""
    quota = quota_of(answer, 0.0)
    return quota is not None and quota.share is not None and quota.share >= 1
