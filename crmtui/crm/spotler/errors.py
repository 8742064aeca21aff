"""SpotlerCRM's error answers as typed errors, with the service's own words.

Source: the vendor's page "CRM API Version 4.0", section "Error Responses".
"""

from collections.abc import Mapping
from typing import Any

from crmtui.crm.json_body import decode
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
_RULES: Mapping[str, str] = {
    "required": "is required",
    "max": "is too long or too large ({} at most)",
    "min": "is too short or too small ({} at least)",
    "email": "is no e-mail address",
    "numeric": "is no number",
    "integer": "is no whole number",
    "date": "is no date",
    "url": "is no web address",
    "in": "is not one of: {}",
    "exists": "names a record that does not exist",
    "unique": "is taken already",
    "boolean": "is neither yes nor no",
}


def error_of(call: Call, answer: Answer) -> CrmError:
    """The typed error that an answer of status 400 and above is."""
    body = _object(answer)
    said = message_of(body)
    words = f'The service says: "{said}".' if said else f"The service answered {answer.status}."
    match answer.status:
        case 401:
            return _unauthenticated(words)
        case 402 | 403 if "unauthenticated" in said.lower() or not said:
            return _unauthenticated(words)
        case 402 | 403 | 405:
            return Forbidden(f"This is closed to the token, or not part of the plan. {words}")
        case 404:
            what = call.args.get("what", "That")
            return NotFound(f"{what} does not exist, or not for this user. {words}")
        case 429:
            # The driver brings httpx, and is there already when an answer is.
            from crmtui.crm.driver import retry_after

            seconds = retry_after(answer)
            again = "later" if seconds is None else f"in {seconds:.0f} seconds"
            return RateLimited(f"The service wants fewer calls. {words} Try again {again}.", seconds)
        case 422:
            return _refused(body, words)
        case 400:
            return Invalid(f"The service refused the request. {words}")
        case 500 if said == f"Invalid record type ({call.args.get('kind')})":
            return NotFound(f"This account has no such kind of record. {words}")
        case _:
            return Unavailable(
                f"The service failed ({answer.status}), nothing was done. {words} Try again later."
            )


def _unauthenticated(words: str) -> AuthFailed:
    return AuthFailed(f"The token was refused. {words}", words)


def passes(answer: Answer) -> bool:
    """Whether a read is worth repeating: an unknown record type is a 500 too, and will stay one."""
    if answer.status == 500:
        return not message_of(_object(answer)).startswith("Invalid")
    return answer.status in (429, 502, 503, 504)


def message_of(body: Mapping[str, Any]) -> str:
    """The service's own words, as one line."""
    said = body.get("message") or body.get("error") or ""
    return _short(said).rstrip(".") if isinstance(said, str) else ""


def _short(said: str) -> str:
    """A service's words as one line of bearable length."""
    line = clean(said[: 2 * _MOST_WORDS]).strip()
    return line if len(line) <= _MOST_WORDS else f"{line[:_MOST_WORDS]} …"


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        said = decode(answer.body)
    except BadAnswer:
        return {}
    return said if isinstance(said, dict) else {}


def _refused(body: Mapping[str, Any], words: str) -> Invalid:
    """A 422: `validation` maps a field to rules with parameters, `errors` to sentences (Laravel's own)."""
    fields: dict[str, str] = {}
    for key in ("validation", "errors"):
        found = body.get(key)
        if isinstance(found, dict):
            for name, rules in found.items():
                fields[clean(str(name))] = _short("; ".join(_reasons(rules))) or "was refused"
    if fields:
        named = ", ".join(f"{name} {reason}" for name, reason in fields.items())
        return Invalid(f"The service refused: {named}. {words}", fields)
    return Invalid(f"The service refused the values. {words}")


def _reasons(rules: Any) -> list[str]:
    """The reasons in `[{"Required": []}]`, `{"Max": ["100"]}`, `["text"]` or `"text"`."""
    match rules:
        case str():
            return [clean(rules).strip().rstrip(".")]
        case list():
            return [reason for rule in rules for reason in _reasons(rule)]
        case dict():
            return [_reason(str(rule), parameters) for rule, parameters in rules.items()]
        case _:
            return []


def _reason(rule: str, parameters: Any) -> str:
    given = parameters if isinstance(parameters, list) else [parameters]
    text = ", ".join(clean(str(part)) for part in given if part is not None)
    known = _RULES.get(rule.lower())
    if known is not None:
        return known.format(text) if text or "{}" not in known else known.partition(" (")[0]
    return f"breaks the rule {clean(rule)}" + (f" ({text})" if text else "")
