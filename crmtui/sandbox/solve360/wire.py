"""Answers as bytes: XML unless JSON is asked for, or JSON with padding (API document, "Introduction")."""

import re
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .message import HOST, Answered, Asked, Problem, Reply
from .tree import Members, to_json, to_xml

_REFUSAL = b"<html><head><title>401 Authorization Required</title><body><h1>Authorization Required</h1><br>\n"
"""No XML: what reads it has to look at the status."""


def answer(asked: Asked, outcome: Answered | Problem) -> Reply:
    """The wire form that a call asked for."""
    headers = []
    if isinstance(outcome, Problem):
        members = outcome.members()
    else:
        members = outcome.members
        if outcome.location:
            headers.append(("Location", f"{HOST}{outcome.location}"))
    media, body = _encoded(asked, members)
    return Reply(outcome.status, [*headers, ("Content-Type", media)], body)


def refusal() -> Reply:
    """What comes without valid credentials."""
    headers = [("WWW-Authenticate", 'Basic realm="Solve360"'), ("Content-Type", "text/html")]
    return Reply(401, headers, _REFUSAL)


def check_format(asked: Asked) -> None:
    """Refuse a call that takes neither XML nor JSON."""
    accept = asked.headers.get("accept", "").lower()
    if accept and not any(word in accept for word in ("xml", "json", "*/*", "application/*")):
        raise Problem(406, incorrectformat="Incorrect response format specified")


def _encoded(asked: Asked, members: Members) -> tuple[str, bytes]:
    callback = re.sub(r"[^A-Za-z0-9_]", "", parse_qs(asked.query).get("callback", [""])[0])
    if callback:
        return "application/javascript", callback.encode() + b"(" + to_json(members) + b")"
    if "application/json" in asked.headers.get("accept", "").lower():
        return "application/json", to_json(members)
    return "application/xml", to_xml(members)


def cased(app: ASGIApp) -> ASGIApp:
    """The application with its header names in the usual capitals, as the documents print them."""

    async def speak(scope: Scope, receive: Receive, send: Send) -> None:
        async def capitalised(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [(name.title(), value) for name, value in message["headers"]]
            await send(message)

        await app(scope, receive, capitalised)

    return speak
