"""JSON from outside: all digits kept, depth and size bounded, every fault one `BadAnswer`."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import msgspec

from crmtui.model.errors import BadAnswer
from crmtui.model.text import mend

MOST_DEPTH = 64
MOST_NODES = 400_000
MOST_DIGITS = 4300
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape that may stand for half a sign; a body in UTF-8 has no others."""
_encode = msgspec.json.Encoder(decimal_format="number").encode


def decode(body: bytes) -> Any:
    """What a JSON body says: numbers as int or Decimal, text without lone surrogates."""
    try:
        text = body.decode("utf-8-sig")
        said = json.loads(text, parse_float=_decimal, parse_int=_integer, parse_constant=_no_constant)
    except (ValueError, RecursionError, InvalidOperation, MemoryError) as error:
        raise BadAnswer(f"The service answered something that is no JSON: {_opening(body)}") from error
    return _sound(said, _SURROGATE.search(text) is not None)


def encode(value: Any) -> bytes:
    """JSON with every digit of a number."""
    return _encode(value)


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError("a number is too long")
    return int(digits)


def _decimal(digits: str) -> Decimal:
    if len(digits) > MOST_DIGITS:
        raise ValueError("a number is too long")
    return Decimal(digits)


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _sound(said: Any, escapes: bool) -> Any:
    """Checks depth and number of nodes, and mends texts, which only escapes of surrogates can harm."""
    nodes = 0

    def walk(node: Any, depth: int) -> Any:
        nonlocal nodes
        nodes += 1
        if depth > MOST_DEPTH or nodes > MOST_NODES:
            raise BadAnswer("The service's answer is nested too deeply or has too many parts.")
        if isinstance(node, dict):
            if escapes:
                return {mend(key): walk(value, depth + 1) for key, value in node.items()}
            for value in node.values():
                walk(value, depth + 1)
        elif isinstance(node, list):
            if escapes:
                return [walk(value, depth + 1) for value in node]
            for value in node:
                walk(value, depth + 1)
        elif escapes and isinstance(node, str):
            return mend(node)
        return node

    return walk(said, 0)


def _opening(body: bytes) -> str:
    """The first words of an answer, so that a login page is known for what it is."""
    start = body[:400].decode("utf-8", "replace").strip()
    if not start:
        return "the answer is empty."
    if start[:1] == "<":
        return "it is a web page; check the connection's url, and whether the token has expired."
    return f"it begins with {start[:40]!r}."
