"""Patterns that a service gives: checked where they can be trusted to end."""

import time

import pytest

from crmtui.model.pattern import fits

NI = "^[A-CEGHJ-PR-TW-Z]{1}[A-CEGHJ-NPR-TW-Z]{1}[0-9]{6}[A-DFM]{0,1}$"


@pytest.mark.parametrize(
    ("pattern", "text", "fit"),
    [
        (NI, "AB123456C", True),
        (NI, "AB12345", False),
        ("[0-9]{4}", "year 2026", True),
        (r"^.+@.+\..+$", "a@b.example", True),
        (r"^.+@.+\..+$", "nobody", False),
        ("^(?:yes|no)$", "maybe", False),
        # What cannot be told is left to the service.
        ("(((", "x", True),
        (r"^\p{L}+$", "1", True),
        ("[a-z&&[^b]]", "b", True),
        ("^(a+)+$", "b", True),
        ("x" * 501, "y", True),
    ],
)
def test_a_text_fits_or_does_not(pattern: str, text: str, *, fit: bool) -> None:
    assert fits(pattern, text) is fit


@pytest.mark.parametrize(
    "pattern",
    [
        "^(a+)+$",
        "^(a|aa)+$",
        "^(a|a)(a|a)" + "(a|a)" * 30 + "$",
        "a*" * 40 + "b",
        "^(?:a?){40}a{40}$",
        "a?" * 60 + "b",
    ],
)
def test_no_pattern_takes_long(pattern: str) -> None:
    started = time.monotonic()
    fits(pattern, "a" * 4000 + "!")
    assert time.monotonic() - started < 2
