"""Refusals as typed errors.

Source: facts `onepagecrm.md`, section 6, and the OpenAPI description, "components/responses". Too many calls
are refused by 403 as a missing right is: only the kind of text that comes along tells them apart.
"""

from collections.abc import Mapping
from typing import Any

from crmtui.crm.json_body import decode
from crmtui.crm.onepagecrm.v3.fields import CUSTOM, FIELDS
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


def error_of(call: Call, answer: Answer, status: int | None = None) -> CrmError:
    """The typed error that an answer is; `status` where the body tells another than the answer itself."""
    if is_throttled(answer):
        return RateLimited(
            f"Too many calls at once: OnePageCRM takes 5 a second. {_words(short(_text(answer)), 403)}"
            " Try again in a few seconds."
        )
    status = status or answer.status
    body = _object(answer)
    words = _words(_said(body), status)
    match status:
        case 401:
            return AuthFailed(f"The user id or the API key was refused. {words}", words)
        case 402 | 403:
            return Forbidden(f"This is closed to the user, or a limit of the account is reached. {words}")
        case 404:
            what = call.args.get("what", "That")
            return NotFound(f"{what} does not exist, or this user has no access to it. {words}")
        case 409:
            return Invalid(f"The state of the record does not allow this. {words}")
        case 400 | 405 | 406 | 415 | 422:
            return _refused(call, body, words)
        case _:
            return Unavailable(f"The service failed ({status}), nothing was done. {words} Try again later.")


def is_throttled(answer: Answer) -> bool:
    """Whether an answer only says that the calls came too fast."""
    if answer.status == 429:
        return True
    return answer.status == 403 and answer.headers.get("content-type", "").lower().startswith("text/plain")


def passes(answer: Answer) -> bool:
    """Whether a read is worth repeating."""
    return is_throttled(answer) or answer.status in (500, 502, 503, 504)


def short(said: str) -> str:
    """A service's words as one line of bearable length."""
    line = clean(said[: 2 * _MOST_WORDS]).strip().rstrip(".")
    return line if len(line) <= _MOST_WORDS else f"{line[:_MOST_WORDS]} …"


def _refused(call: Call, body: Mapping[str, Any], words: str) -> CrmError:
    """What is wrong with which field; the service may call one by another name than its answers do."""
    errors = body.get("errors")
    reasons = (
        {str(name): _reason(reason) for name, reason in errors.items()} if isinstance(errors, dict) else {}
    )
    if not reasons:
        return Invalid(f"The service refused the request. {words}")
    told = "; ".join(dict.fromkeys(_told(name, reason) for name, reason in reasons.items()))
    fields: dict[str, str] = {}
    for name, reason in reasons.items():
        for known in _names(call, name):
            fields[known] = f"{fields[known]}; {reason}" if known in fields else reason
    return Invalid(f"The service refused the values: {told}.", fields)


def _names(call: Call, name: str) -> list[str]:
    """The fields of ours that a member of `errors` is about; none where nobody can tell."""
    kind = call.args.get("kind", "")
    custom: list[str] = [*call.args.get("custom", ())]
    if name in CUSTOM.get(kind, ()):
        return custom
    known = [*(field.name for field in FIELDS.get(kind, ())), *custom]
    exact = [each for each in known if each == name]
    plain = _plain(name)
    return (
        exact or [each for each in known if plain in (_plain(each), _plain(each.removesuffix("_name")))][:1]
    )


def _plain(name: str) -> str:
    return clean(name).replace("_", "").replace(" ", "").lower()


def _reason(reason: Any) -> str:
    texts = reason if isinstance(reason, list) else [reason]
    return "; ".join(short(each) for each in texts if isinstance(each, str) and each) or "was refused"


def _told(name: str, reason: str) -> str:
    name = clean(name)
    return reason if name.lower() in reason.lower() or " " in reason else f"{name}: {reason}"


def _said(body: Mapping[str, Any]) -> str:
    """The service's own words: the longer ones, which are meant for people."""
    texts = (body.get("error_message"), body.get("message"))
    return next((short(text) for text in texts if isinstance(text, str) and text.strip()), "")


def _words(said: str, status: int) -> str:
    return f'The service says: "{said}".' if said else f"The service answered {status}."


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        said = decode(answer.body)
    except BadAnswer:
        return {}
    return said if isinstance(said, dict) else {}


def _text(answer: Answer) -> str:
    return answer.body[:1000].decode("utf-8", "replace")
