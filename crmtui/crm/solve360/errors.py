"""Solve360's error answers as typed errors, with the service's own words.

Source: the vendor's page "API Reference", sections "Dealing with errors" and "API limit".
"""

from collections.abc import Mapping
from typing import Any

from crmtui.crm.solve360.quota import is_spent
from crmtui.crm.solve360.said import response_of, text_in
from crmtui.model.call import Answer, Call
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    CrmError,
    Forbidden,
    Invalid,
    NotFound,
    QuotaSpent,
    RateLimited,
    Unavailable,
)
from crmtui.model.text import clean

_MOST_WORDS = 300
_NOT_FOUND = "itemisnotfound"
_WRONG_FIELD = "incorrectfield"
"""Says that a field is wrong, and not which."""


def error_of(call: Call, answer: Answer) -> CrmError:
    """The typed error that an answer of status 400 and above is."""
    told = errors_in(_object(answer))
    words = _words(told) or f"The service answered {answer.status}."
    match answer.status:
        case 400:
            return _refused(call, told, words)
        case 401:
            return AuthFailed(f"The e-mail address or the token was refused. {words}", words)
        case 403 if is_spent(answer):
            return QuotaSpent(f"The calls of the day are used up; they start anew within 24 hours. {words}")
        case 403:
            return Forbidden(f"This is closed to the token. {words}")
        case 404:
            return _missing(call, words)
        case _:
            return Unavailable(
                f"The service failed ({answer.status}), nothing was done. {words} Try again later."
            )


def refusal(call: Call, said: Mapping[str, Any]) -> CrmError | None:
    """What an answer of status 200 refuses all the same; None if it does not."""
    told = errors_in(said)
    if not told and text_in(said.get("status")).lower() != "failed":
        return None
    words = _words(told) or "The service says that it failed."
    if _NOT_FOUND in told:
        return _missing(call, words)
    return _invalid(call, told, words)


def passes(answer: Answer) -> bool:
    """Whether a read is worth repeating: a short-term limit is answered with 400."""
    return answer.status in (400, 429, 500, 502, 503, 504)


def errors_in(said: Mapping[str, Any]) -> dict[str, str]:
    """The service's words by their element names, as lines."""
    held = said.get("errors")
    if isinstance(held, dict):
        return {clean(name): _short(text_in(node)) for name, node in held.items() if name[:1] != "@"}
    parts = held if isinstance(held, list) else [held]
    return {str(at): _short(text_in(part)) for at, part in enumerate(parts) if text_in(part)}


def _missing(call: Call, words: str) -> NotFound:
    return NotFound(f"{call.args.get('what', 'That')} does not exist, or not for this user. {words}")


def _refused(call: Call, told: Mapping[str, str], words: str) -> CrmError:
    """A 400 that names a field that was sent is about it; any other may be the limit of calls at once."""
    if not call.safe and (_WRONG_FIELD in told or _named(call, told)):
        return _invalid(call, told, words)
    return RateLimited(
        f"The service refused the request, or wants fewer calls at once. {words} Try again later."
    )


def _invalid(call: Call, told: Mapping[str, str], words: str) -> Invalid:
    fields = _named(call, told)
    if not fields:
        return Invalid(f"The service refused the request. {words}")
    named = ", ".join(f"{name}: {reason or 'was refused'}" for name, reason in fields.items())
    return Invalid(f"The service refused {named}.", fields)


def _named(call: Call, told: Mapping[str, str]) -> dict[str, str]:
    """The fields that were sent and are named by an error, with its words."""
    sent = sorted(call.args.get("sent", ()), key=len, reverse=True)
    found: dict[str, str] = {}
    for key, words in told.items():
        name = next((name for name in sent if name.lower() in key.lower()), None)
        if name is not None:
            found[name] = words.rstrip(".")
    return found


def _words(told: Mapping[str, str]) -> str:
    said = "; ".join(words.rstrip(".") or key for key, words in told.items())
    return f'The service says: "{said}".' if said else ""


def _short(said: str) -> str:
    line = clean(said[: 2 * _MOST_WORDS]).strip()
    return line if len(line) <= _MOST_WORDS else f"{line[:_MOST_WORDS]} …"


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        return response_of(answer.body)
    except BadAnswer:
        return {}
