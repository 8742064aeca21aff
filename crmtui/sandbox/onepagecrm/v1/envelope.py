"""The hash around every answer, in any of the three formats."""

import json
import random
from typing import Any

from .dialect import Dialect
from .message import MESSAGES
from .xml_form import to_xml
from .yaml_form import to_yaml

MEDIA = {"xml": "application/xml", "json": "application/json", "yaml": "application/x-yaml"}
_ORDER = ("data", "timestamp", "notifications", "sales", "statuses", "tags", "message", "status")


def envelope(code: int, timestamp: int, parts: dict[str, Any]) -> dict[str, Any]:
    """The document of an answer in the order of most recordings; `parts` hold data, tags and the like."""
    every = {**parts, "timestamp": timestamp, "message": MESSAGES[code], "status": code}
    return {name: every[name] for name in _ORDER if name in every}


def written(document: dict[str, Any], form: str, dialect: Dialect, chance: random.Random) -> bytes:
    """The document's bytes in a format."""
    if dialect.order == "shuffled":
        document = shuffled(document, chance)
    if form == "xml":
        return to_xml(document, dialect)
    if form == "yaml":
        return to_yaml(document, dialect)
    return json.dumps(document, separators=(",", ":"), ensure_ascii=True).encode()


def shuffled(value: Any, chance: random.Random) -> Any:
    """The value with the keys of all its hashes in another order."""
    if isinstance(value, list):
        return [shuffled(each, chance) for each in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    chance.shuffle(keys)
    return {key: shuffled(value[key], chance) for key in keys}
