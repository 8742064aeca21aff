"""OnePageCRM v1.2's answers that say no, as typed errors with the service's own words.

Source: the vendor's page "Response codes"; facts `onepagecrm.md`, sections 1 and 3.
"""

import re

from crmtui.crm.onepagecrm.v1 import kinds
from crmtui.crm.onepagecrm.v1.envelope import Envelope
from crmtui.model.call import Answer, Call
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    CrmError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Restricted,
    Unavailable,
)
from crmtui.model.text import clean

EXPIRED = 101
_WORDS = {
    EXPIRED: "Expired",
    102: "Account inactive or blocked",
    103: "Invalid login details",
    104: "Invalid authorization token",
    105: "Authorization data not found",
    106: "Requested resource not found",
    107: "Resource with given details already exists",
    108: "Invalid request data",
    109: "Incomplete request data",
    201: "User exceeded allowed number of contacts",
    202: "User exceeded allowed number of given resource",
    999: "Internal server error",
}
"""The codes with the documented words, which stand where an answer has none of its own."""
_PAUSE = 2.0
"""Seconds after which calls are let through again: five a second, ten at once."""
_MOST_WORDS = 300


def error_in(call: Call, said: Envelope) -> CrmError:
    """The typed error that an envelope's status is, which is not 0."""
    code = said.status
    words = clean(said.message[:_MOST_WORDS]).strip().rstrip(".") or _WORDS.get(code, "")
    told = f'The service says: "{words}" ({code}).' if words else f"The service says {code}."
    match code:
        # The first two are told without words: they do not mean that the token is not good enough.
        case 101:
            return AuthFailed(f"The clock of this machine and the service's differ. {told}")
        case 102:
            return AuthFailed(f"The account is not active. {told}")
        case 103:
            return AuthFailed(f"Login or password was refused. {told}", words)
        case 104 | 105:
            return AuthFailed(f"The uid or the API key was refused; store the key again. {told}", words)
        case 106:
            return NotFound(f"{call.args.get('what', 'That')} does not exist, or not for this user. {told}")
        case 107 if call.args.get("kind") == kinds.ACTIONS:
            return Invalid(
                "A contact has one action at a time that is not done: mark that one as done, or change it."
                f" {told}"
            )
        case 107 | 108 | 109:
            return Invalid(f"The service refused the request. {told}", _fields(call, words))
        case 201 | 202:
            return Restricted(f"The account's plan does not allow it. {told}")
        case 999:
            return Unavailable(f"The service failed, nothing was done. {told} Try again later.")
        case _:
            return Unavailable(f"The service refused the request, nothing was done. {told}")


def error_of(call: Call, answer: Answer) -> CrmError:
    """The typed error that an answer without an envelope is."""
    status = answer.status
    match status:
        case 401:
            return AuthFailed("The uid or the API key was refused; store the key again.")
        case 403 | 429 if is_throttled(answer):
            return RateLimited(
                "Too many calls at once: OnePageCRM takes five a second. Try again in a moment.", _PAUSE
            )
        case 403:
            return Forbidden("This is closed to the account.")
        case 404:
            return NotFound(
                f"{call.args.get('what', 'That')} is not known there. If nothing is, the service has done"
                " away with v1.2: say crm: onepagecrm for its successor."
            )
        case 406:
            return Restricted(
                "The service does not answer in this format (406); give the connection another one:"
                " format: xml, json or yaml. Nothing was done."
            )
        case _ if status >= 500:
            return Unavailable(f"The service failed ({status}), nothing was done. Try again later.")
        case _:
            return BadAnswer(f"The service answered {status}, which it has no documented meaning for.")


def is_throttled(answer: Answer) -> bool:
    """Whether an answer means too many calls; a 403 says so in plain text."""
    if answer.status == 429:
        return True
    return answer.status == 403 and answer.headers.get("content-type", "").lower().startswith("text/plain")


def passes(answer: Answer) -> bool:
    """Whether a read is worth repeating."""
    return answer.status in (500, 502, 503, 504) or is_throttled(answer)


def _fields(call: Call, words: str) -> dict[str, str]:
    """The fields that the words of a refusal name."""
    sent = call.args.get("sent", {})
    return {ours: words for theirs, ours in sent.items() if re.search(rf"\b{re.escape(theirs)}\b", words)}
