"""Capsule's error answers as typed errors, with the service's own words on the fields they are about.

Source: facts `capsule.md`, section 2.1. The body of a 422 is a GUESS in its order, not in its members.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from crmtui.crm.capsule.fields import ADDITIONAL, ROWS
from crmtui.crm.capsule.quota import resets_at
from crmtui.crm.json_body import decode
from crmtui.model.call import Answer, Call
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    CrmError,
    Forbidden,
    Invalid,
    NotFound,
    QuotaSpent,
    Unavailable,
)
from crmtui.model.text import clean

_MOST_WORDS = 300
_SOON = 2.0
"""Seconds until the calls start anew, for which a read is worth waiting."""
_BASES: Mapping[str, str] = {
    "phonenumber": "phoneNumbers",
    "emailaddress": "emailAddresses",
    "email": "emailAddresses",
    "website": "websites",
    "address": "addresses",
    "tag": "tags",
}
"""The fields by what a refusal calls one row of them."""
_CUSTOM = ("field", "fields", "definition")
_DONE_ALREADY = ("tag not found to delete", "is already a contact", "is already related")


class Fault(NamedTuple):
    """One thing that is wrong with a body."""

    resource: str
    field: str
    words: str


def error_of(call: Call, answer: Answer) -> CrmError:
    """The typed error that an answer of status 400 and above is."""
    body = _object(answer)
    said = message_of(body)
    words = f'The service says: "{said}".' if said else f"The service answered {answer.status}."
    match answer.status:
        case 401:
            return AuthFailed(f"The token was refused. {words}", words)
        case 402 | 403:
            return Forbidden(f"This is closed to the token, or not part of the plan. {words}")
        case 404:
            what = call.args.get("what", "That")
            return NotFound(f"{what} does not exist, or this token has no access to it. {words}")
        case 429:
            return QuotaSpent(f"The calls of the hour are used up; {_anew(answer)}. {words}")
        case 422:
            return _refused(call, [*faults_in(body)], words)
        case 400 | 405 | 406 | 415:
            return Invalid(f"The service refused the request. {words}")
        case _:
            return Unavailable(
                f"The service failed ({answer.status}), nothing was done. {words} Try again later."
            )


def passes(answer: Answer) -> bool:
    """Whether a read is worth repeating; with no call left only where they start anew at once."""
    if answer.status == 429:
        reset = resets_at(answer)
        return reset is not None and reset - time.time() <= _SOON
    return answer.status in (500, 502, 503, 504)


def is_done_already(answer: Answer) -> bool:
    """Whether a refusal only says that what was wanted is so already."""
    faults = [*faults_in(_object(answer))]
    return (
        answer.status == 422
        and bool(faults)
        and all(any(words in fault.words.lower() for words in _DONE_ALREADY) for fault in faults)
    )


def message_of(body: Mapping[str, Any]) -> str:
    """The service's own words, as one line."""
    said = body.get("message") or body.get("error") or ""
    return short(said).rstrip(".") if isinstance(said, str) else ""


def short(said: str) -> str:
    """A service's words as one line of bearable length."""
    line = clean(said[: 2 * _MOST_WORDS]).strip()
    return line if len(line) <= _MOST_WORDS else f"{line[:_MOST_WORDS]} …"


def faults_in(body: Mapping[str, Any]) -> Iterator[Fault]:
    """What a 422 finds wrong; one that has no list of it says it in its message."""
    errors = body.get("errors")
    found = [each for each in errors if isinstance(each, dict | str)] if isinstance(errors, list) else []
    for each in found:
        if isinstance(each, str):
            yield Fault("", "", short(each).rstrip("."))
        else:
            resource, field = (clean(str(each.get(name) or "")) for name in ("resource", "field"))
            yield Fault(resource, field, message_of(each) or "was refused")
    if not found and (words := message_of(body)):
        yield Fault("", "", words)


def _refused(call: Call, faults: list[Fault], words: str) -> CrmError:
    fields: dict[str, str] = {}
    for fault in faults:
        for name in _names(call, fault):
            fields[name] = (
                f"{fields[name]}; {_reason(name, fault)}" if name in fields else _reason(name, fault)
            )
    told = "; ".join(dict.fromkeys(_told(call, fault) for fault in faults)) or words
    return Invalid(f"The service refused the values: {told}.", fields)


def _names(call: Call, fault: Fault) -> list[str]:
    """The fields of ours that a fault is about; none where nobody can tell."""
    resource, field = fault.resource, fault.field
    if not field and ":" in fault.words:
        field = fault.words.partition(":")[0]
    first, _, member = field.partition(".")
    base = first if member else resource
    custom: list[str] = [*call.args.get("custom", ())]
    if base.lower() in _CUSTOM or (first in _CUSTOM and custom):
        named = [name for name in custom if name.rpartition("/")[2].lower() in fault.words.lower()]
        return named or custom
    sent: list[str] = [*call.args.get("sent", ())]
    for name in (_BASES.get(base.lower(), ""), _BASES.get(first.lower(), ""), first, base):
        if name and (name in sent or (name == first and _is_word(name) and base.lower() not in _BASES)):
            return [name]
    return []


def _is_word(name: str) -> bool:
    return name.isidentifier() and name not in ("base", *_CUSTOM)


def _reason(name: str, fault: Fault) -> str:
    """The words of a fault; of a row's member they must not say of the field that it is required.

    What a record must have depends on its type, too, where the service says it of parties.
    """
    words = fault.words.removeprefix(f"{name} ")
    if name in (*ROWS, ADDITIONAL) or fault.resource in ("party", "person", "organisation"):
        return words.replace("is required", "is missing")
    return words


def _told(call: Call, fault: Fault) -> str:
    """The words of a fault, behind the fields of ours that it is about where it does not name them."""
    known = _names(call, fault)
    names = [name for name in known or [fault.field] if name not in fault.words]
    return f"{', '.join(names)}: {fault.words}" if any(names) else fault.words


def _anew(answer: Answer) -> str:
    reset = resets_at(answer)
    if reset is None:
        return "they start anew within an hour"
    return f"they start anew at {time.strftime('%H:%M', time.localtime(reset))}"


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        said = decode(answer.body)
    except BadAnswer:
        return {}
    return said if isinstance(said, dict) else {}
