"""What a request says in its address and body, read strictly."""

import json
from collections.abc import Mapping
from typing import NoReturn
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.requests import Request

from .dictionary import OPPORTUNITIES
from .envelope import Problem
from .field import Kind


def query_parameters(request: Request, kind: Kind, *, single: bool = False) -> dict[str, str]:
    """The query parameters; one that is not known here is refused."""
    raw: bytes = request.scope["query_string"]
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError as error:
        raise Problem(400, "The query string cannot be read") from error
    listing = request.method in ("GET", "HEAD") and not single
    known = {"limit", "page", "q", "order"} if listing else set()
    if kind is OPPORTUNITIES and request.method in ("GET", "HEAD"):
        known.add("lines")
    for name, _ in pairs:
        if name not in known:
            raise Problem(400, f"Unknown parameter ({name})")
    return dict(pairs)


def wants_lines(given: Mapping[str, str]) -> bool:
    """Whether an opportunity's lines are asked for (API document, "Opportunity Lines")."""
    word = given.get("lines", "false")
    if word not in ("true", "false"):
        raise Problem(400, "The lines parameter must be true or false")
    return word == "true"


def whole(given: Mapping[str, str], name: str, default: int) -> int:
    """A whole number among the parameters."""
    word = given.get(name)
    if word is None:
        return default
    if not (word.isascii() and word.removeprefix("-").isdigit() and len(word) < 20):
        raise Problem(400, f"The {name} parameter must be a whole number")
    return int(word)


def body_data(headers: Headers, body: bytes) -> dict[str, object]:
    """The object in a body, JSON or form-encoded."""
    media = headers.get("content-type", "application/json").split(";")[0].strip().lower()
    try:
        if media == "application/x-www-form-urlencoded":
            return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict"))
        if media != "application/json":
            raise Problem(400, f"The content type {media} cannot be read")
        text = body.decode("utf-8")
    except ValueError as error:
        raise Problem(400, "The request body cannot be read") from error
    return json_object(text, "request body")


def json_object(text: str, name: str) -> dict[str, object]:
    """The JSON object that a part of the request has to be."""
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"The {name} is not valid JSON") from error
    if not isinstance(value, dict):
        raise Problem(400, f"The {name} must be a JSON object")
    return value


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)
