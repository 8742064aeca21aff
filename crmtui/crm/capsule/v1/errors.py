"""Capsule v1's error answers as typed errors, with the service's own words.

Source: the vendor's page on v1, the table of responses; facts `capsule.md`, sections 1.3 and 1.5.
"""

import re
import time

from crmtui.crm.capsule.quota import resets_at
from crmtui.crm.capsule.v1.said import said_in, text_in
from crmtui.model.call import Answer, Call
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    CrmError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Unavailable,
)
from crmtui.model.text import clean

_MOST_WORDS = 300
_MOST_SECONDS = 3600.0
SUPPORT = "support@capsulecrm.com"


def error_of(call: Call, answer: Answer) -> CrmError:
    """The typed error that an answer of status 400 and above is."""
    words = _words(answer)
    told = f'The service says: "{words}".' if words else f"The service answered {answer.status}."
    match answer.status:
        case 400:
            return _refused(call, words, told)
        case 401:
            return AuthFailed(f"The token was refused, or its user has no right to do this. {told}", words)
        case 403:
            return Forbidden(f"This is closed to the token. {told}")
        case 404:
            what = call.args.get("what", "That")
            return NotFound(f"{what} does not exist, or the token's user has no access to it. {told}")
        case 429:
            seconds = _until_reset(answer)
            later = f" in {-(-seconds // 60):.0f} minutes" if seconds else " later"
            return RateLimited(f"The calls of the hour are used up. {told} Try again{later}.", seconds)
        case 500 if call.body:
            return _unfit(call, told)
        case _:
            return Unavailable(
                f"The service failed ({answer.status}), nothing was done. {told} Try again later."
            )


def passes(answer: Answer) -> bool:
    """Whether a read is worth repeating; used-up calls come back with the hour."""
    return answer.status in (500, 502, 503, 504)


def _refused(call: Call, words: str, told: str) -> Invalid:
    """What a 400 refuses; its words may name what was sent."""
    sent = call.args.get("sent", {})
    fields = {ours: words for name, ours in sent.items() if re.search(rf"\b{re.escape(name)}\b", words)}
    return Invalid(f"The service refused the request. {told}", fields)


def _unfit(call: Call, told: str) -> Unavailable:
    """The page: "Occurs when the supplied XML does not match the expected document type"."""
    error = Unavailable(
        "The service says (500) that what was sent does not match the document that it expects; nothing was"
        f" done. {told} If it happens again, send the report to {SUPPORT}."
    )
    error.report = f"Request: {call.method} {call.target}\n\n{call.body_text}"
    return error


def _until_reset(answer: Answer) -> float | None:
    """Seconds until the calls start anew; None where that is not said."""
    at = resets_at(answer)
    return None if at is None else min(max(at - time.time(), 0.0), _MOST_SECONDS)


def _words(answer: Answer) -> str:
    """The `message` of a body, whatever it stands in."""
    try:
        node = said_in(answer.body).node
    except BadAnswer:
        return ""
    said = text_in(node.get("message")) if isinstance(node, dict) else text_in(node)
    if isinstance(node, dict) and not said and isinstance(node.get("response"), dict):
        said = text_in(node["response"].get("message"))
    line = clean(said[: 2 * _MOST_WORDS]).strip().rstrip(".")
    return line if len(line) <= _MOST_WORDS else f"{line[:_MOST_WORDS]} …"
