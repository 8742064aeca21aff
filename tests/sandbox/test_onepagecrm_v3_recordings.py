"""API v3 of the emulated OnePageCRM against what the real one was recorded to answer."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import OnePageClient

FOLDER = Path(os.environ.get("CRMTUI_RECORDINGS") or "/nonexistent") / "onepagecrm"
pytestmark = pytest.mark.recordings


def recorded(name: str) -> dict[str, Any]:
    """The whole object of a recorded answer."""
    _, _, answer = (FOLDER / f"{name}.http").read_text("utf-8").partition("--- RESPONSE ---\n")
    found: dict[str, Any] = json.loads(answer.partition("\n\n")[2])
    return found


def shapes(value: Any, path: str = "") -> set[tuple[str, str]]:
    """The places of a value, arrays taken together, with the types of what stands there."""
    if isinstance(value, dict):
        inner = [shapes(each, f"{path}.{name}") for name, each in value.items()]
        return {(path, "object")}.union(*inner)
    if isinstance(value, list):
        return {(path, "array")}.union(*(shapes(each, f"{path}[]") for each in value))
    kinds = {bool: "boolean", int: "number", float: "number", str: "text", type(None): "null"}
    return {(path, kinds[type(value)])}


def lacking(real: Any, ours: Any, passed: Callable[[str], bool]) -> set[tuple[str, str]]:
    """The places of a recorded answer that ours does not have, or not of the same types."""
    return {(path, kind) for path, kind in shapes(real) - shapes(ours) if not passed(path)}


def embedded(path: str) -> bool:
    """Deals, notes and calls, which our account has other ones of, have tests of their own."""
    return any(part in path for part in (".deals[]", ".notes[]", ".calls[]"))


# What a client sees beside records has had more members since the recordings, and never fewer.
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("contacts_page_1", "/contacts"),
        ("contacts_page_3", "/contacts"),
        ("action_stream_page_1", "/action_stream"),
        ("action_stream_page_3", "/action_stream?page=99"),
        ("companies", "/companies"),
        ("deals", "/deals"),
        ("countries", "/countries"),
        ("bootstrap", "/bootstrap"),
    ],
)
def test_what_was_recorded_is_told(onepage: OnePageClient, name: str, path: str) -> None:
    real = recorded(name)
    wide = {"team": "1", "per_page": "100"} if path in ("/contacts", "/action_stream", "/companies") else {}
    if path == "/contacts":
        wide["fields"] = "deals(all),notes(all),calls(all)"
    ours = onepage.http.get(path, params=wide).json() if wide else onepage.http.get(path).json()

    def passed(place: str) -> bool:
        # Beside the contacts of a stream stands no more what was recorded there.
        return place.endswith((".deals", ".notes", ".calls")) or embedded(place) or ".call_results." in place

    assert lacking(real, ours, passed) == set()


def test_the_countries_are_those_of_the_service(onepage: OnePageClient) -> None:
    assert onepage.get("/countries") == recorded("countries")["data"]
