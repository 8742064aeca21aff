"""The values of custom fields: how bodies give them, what is kept of them, how they are told."""

from collections.abc import Sequence
from typing import Any

from . import values
from .definitions import WORDS
from .values import Check, Wrong

Json = dict[str, Any]


def _several(choices: Sequence[str]) -> Check:
    def check(value: Any) -> list[str]:
        found = values.texts([value] if isinstance(value, str) and value else value or [])
        if not set(found) <= set(choices):
            raise Wrong("is not included in the list")
        return found

    return check


def _divider(value: Any) -> None:
    if value not in (None, ""):
        raise Wrong("a section divider has no value")


def _check(definition: Json) -> Check:
    match definition["type"]:
        case "anniversary" | "date":
            return values.day
        case "number":
            return values.number
        case "select_box":
            return values.choice(definition["choices"], empty="")
        case "multiple_choice":
            return _several(definition["choices"])
        case "section_divider":
            return _divider
        case "multi_line_text":
            return values.text(10_240)
    return values.text(1000)


def check(kind: str, definitions: Sequence[Json]) -> Check:
    """Takes rows of `{custom_field: {id or name}, value}`: what is kept is each value by its field's id."""
    word = WORDS[kind]
    known = {definition[key]: definition for definition in definitions for key in ("name", "id")}

    def checked(value: Any) -> Json:
        found: Json = {}
        for row in values.objects(value):
            named = row.get(word)
            if not isinstance(named, dict):
                raise Wrong(f"{word} is missing")
            definition = known.get(named.get("id") or named.get("name"))
            if definition is None:
                raise Wrong(f"{word} not found")
            try:
                kept = _check(definition)(row.get("value"))
            except Wrong as wrong:
                raise Wrong(f"{definition['name']}: {wrong}") from wrong
            if kept not in (None, "", []):
                found[definition["id"]] = kept
        return found

    return checked


def told(kind: str, definitions: Sequence[Json], kept: Json) -> list[Json]:
    """The values that a record has, each beside its field, in the order of the fields."""
    word = WORDS[kind]
    return [
        {word: short(definition), "value": kept[definition["id"]]}
        for definition in definitions
        if definition["id"] in kept
    ]


def short(definition: Json) -> Json:
    """A field as records and the data for starting up have it: without its moments."""
    return {name: value for name, value in definition.items() if name not in ("created_at", "modified_at")}
