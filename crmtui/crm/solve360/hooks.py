"""Webhooks of Solve360: made, listed and deleted, and what is posted by them proven.

Source: the vendor's pages "Webhooks" and "Webhook management"; that they are listed is a guess.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from crmtui.crm.solve360.said import id_located, parts_of, rows_of, text_in
from crmtui.crm.solve360.wire import ACCEPTS, SENDS, path_part
from crmtui.crm.xml_body import encode
from crmtui.model.call import Answer, Call
from crmtui.model.errors import BadAnswer
from crmtui.model.hook import Hook

SIGNATURE = "X-Solve360-Hmac-Sha256"
"""The header of what is posted that holds the HMAC-SHA256 of its raw body, in hexadecimal digits."""
_HEADER = re.compile(rf"\s*{SIGNATURE}\s*:", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9a-f]{64}")
_ITEMS = ("create", "update", "delete", "restore", "categorize", "uncategorize")
_ACTIVITIES = ("create", "update", "delete", "restore")
_KINDS_OF_ITEMS = ("all", "contact", "projectblog", "company")
_HERE = ("localhost", "127.0.0.1", "::1")


class SolveHooks:
    """See `Webhooks`."""

    events: Sequence[str] = (*(f"items.{verb}" for verb in _ITEMS), *(f"activities.{v}" for v in _ACTIVITIES))
    contents: Sequence[str] = ("xml", "json", "form")
    where = "the list of webhooks in Solve360's own settings"

    def constraints(self, event: str) -> Sequence[str]:
        """Of items they are told; those of activities are not public, but for `all`."""
        return _KINDS_OF_ITEMS if event.startswith("items.") else ()

    def problems(self, hook: Hook) -> Mapping[str, str]:
        """Checked before a call is spent; that the address is safe no service checks."""
        wrong: dict[str, str] = {}
        if hook.event not in self.events:
            wrong["event"] = f'is none of the events: "{hook.event}"; there are {", ".join(self.events)}'
        if hook.content not in self.contents:
            wrong["content"] = f'is none of {", ".join(self.contents)}: "{hook.content}"'
        known = self.constraints(hook.event)
        if known and hook.constraint not in known:
            wrong["constraint"] = f'is none of {", ".join(known)}: "{hook.constraint}"'
        if problem := _address_problem(hook.url):
            wrong["url"] = problem
        return wrong

    def list(self) -> Call:
        """Only making and deleting are documented."""
        args = {"what": "The list of webhooks", "guessed": True}
        return Call("GET", "/hooks/", "hooks", headers=ACCEPTS, args=args)

    def create(self, hook: Hook, secret: str) -> Call:
        """Section "Creating": the members of the page's example, in its order."""
        members = {
            "active": "1" if hook.active else "0",
            "type": hook.type,
            "event": hook.event,
            "title": hook.title,
            "url": hook.url,
            "contenttype": hook.content,
            "secret": secret,
            "constrainttype": hook.constraint,
        }
        body = encode("request", {name: text for name, text in members.items() if text})
        args = {"what": "The webhook", "sent": list(members)}
        return Call("POST", "/hooks/", "hook", headers=SENDS, body=body, args=args, safe=False)

    def delete(self, id_: str) -> Call:
        """Section "Deleting"."""
        args = {"what": f"The webhook {id_}"}
        return Call("DELETE", f"/hooks/{path_part(id_)}", "gone", headers=ACCEPTS, args=args, safe=False)


def listed(call: Call, answer: Answer, said: Mapping[str, Any]) -> tuple[Hook, ...]:
    """All webhooks: in a collection of their own, or as rows named by ids."""
    held = parts_of(said.get("hooks"), "hook") if "hooks" in said else [row for _, row in rows_of(said)]
    if not held and "hook" in said:
        held = parts_of(said, "hook")
    return tuple(_hook(about) for about in held if isinstance(about, dict) and text_in(about.get("id")))


def made(call: Call, answer: Answer, said: Mapping[str, Any]) -> Hook:
    """The webhook as the answer has it: flat in XML, in a `hook` of its own in JSON."""
    inner = said.get("hook")
    about = dict(inner) if isinstance(inner, dict) else dict(said)
    if not (id_ := text_in(about.get("id")) or id_located(answer)):
        raise BadAnswer("It names no webhook.")
    return _hook({**about, "id": id_})


def verify(secret: str, body: bytes, signature: str) -> str:
    """Why a signature, or the header that holds it, does not prove a raw body; empty if it does.

    Source: the vendor's page "Webhooks" (section "Security") and its own endpoint.
    """
    given = _HEADER.sub("", signature, count=1).strip().lower()
    if not _DIGITS.fullmatch(given):
        return f"The signature is no HMAC-SHA256: {SIGNATURE} holds 64 hexadecimal digits."
    right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if hmac.compare_digest(given, right):
        return ""
    return (
        "The signature does not fit: the payload was changed on its way (its bytes must be as they came),"
        " or the secret is another."
    )


def _hook(about: Mapping[str, Any]) -> Hook:
    """A webhook without the secret, which answers repeat."""
    return Hook(
        event=text_in(about.get("event")),
        url=text_in(about.get("url")),
        id=text_in(about.get("id")),
        title=text_in(about.get("title")),
        content=text_in(about.get("contenttype")),
        constraint=text_in(about.get("constrainttype")),
        active=text_in(about.get("active")) == "1",
        type=text_in(about.get("type")),
    )


def _address_problem(url: str) -> str:
    """Why nothing should be posted to an address, as a clause."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        host = None
    if not url.isascii() or not url.isprintable() or " " in url or not host:
        return f'is no address: "{url}"; write https://HOST/PATH'
    if parts.scheme == "https" or (parts.scheme == "http" and host in _HERE):
        return ""
    return f'must begin with https://, for it is sent what records say: "{url}"'
