"""YAML from outside: what Ruby writes is read as JSON would say it, and all else is one error."""

import contextlib
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmtui.crm.yaml_body import MOST_DEPTH, decode
from crmtui.model.errors import BadAnswer

_LAUGHS = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
_MERGES = "".join(f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("--- \n:status: 0\n:message: OK\n", {"status": 0, "message": "OK"}),
        ('":status": 1', {"status": 1}),
        ("--- !map:HashWithIndifferentAccess\na: !str 12\nb: !seq:BSON::OrderedArray\n- 1\n- 2\n", None),
        ("--- !ruby/hash:ActiveSupport::HashWithIndifferentAccess\na: !ruby/symbol :lead\n", {"a": "lead"}),
        ("a: !ruby/symbol lead\nb: :lead\nc: ':lead'", {"a": "lead", "b": "lead", "c": ":lead"}),
        ("[no, yes, on, off, y, n, =]", ["no", "yes", "on", "off", "y", "n", "="]),
        ("[true, False, ~, null, '', 'true', '~', \"1\"]", [True, False, None, None, "", "true", "~", "1"]),
        ("no: 1\n12: 2\n~: 3", {"no": 1, "12": 2, "~": 3}),
        (
            "[12, -3, 0, 012, 1:30, 0x1f, 1_000, '10115']",
            [12, -3, 0, "012", "1:30", "0x1f", "1_000", "10115"],
        ),
        ("[2650.0, -1.50, 1.0e+15, .5, .inf, 1e3]", None),
        ("[22.08.2011, 2011-08-15]", ["22.08.2011", "2011-08-15"]),
        ("- 2011-09-02 06:06:24 -07:00\n- 2011-09-02 06:06:24.000000000 Z", None),
        ('a: |\n  one\n  two\nb: >-\n  x\n  y\nc: "\\e[2J"', {"a": "one\ntwo\n", "b": "x y", "c": "\x1b[2J"}),
        ("a:\nb: {}\nc: []", {"a": None, "b": {}, "c": []}),
        ("\ufeff--- {a: \U0001f600 é}", {"a": "\U0001f600 é"}),
    ],
    ids=range(15),
)
def test_read(text: str, value: Any) -> None:
    others = {
        "--- !map": {"a": "12", "b": [1, 2]},
        "[2650.0,": [Decimal("2650.0"), Decimal("-1.50"), Decimal("1.0e+15"), ".5", ".inf", "1e3"],
        "- 2011-0": ["2011-09-02T06:06:24-07:00", "2011-09-02T06:06:24Z"],
    }
    read = decode(text.encode())
    assert read == (others[text[:8]] if value is None else value)
    assert repr(read) == repr(others[text[:8]] if value is None else value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "# nothing",
        "a: [",
        "a: b: c",
        "a: \t- b",
        "a: \x1b",
        "a: &x 1",
        "a: &x {b: 1}\nc: *x",
        "- &x [1]\n- *x",
        "a: *nobody",
        f"a0: &a0 [x]\n{_LAUGHS}",
        f"a0: &a0 {{x: 1}}\n{_MERGES}",
        "a: 1\n<<: {b: 2}",
        "? [a]\n: 1",
        "? {a: 1}\n: 1",
        "a: !!python/object/apply:os.system [echo]",
        "!ruby/object:Gem::Installer\ni: x",
        "a: !ruby/object:Gem::Requirement {}",
        "a: !ruby/regexp /x/",
        "a: !ruby/struct:X {}",
        "a: !binary aGk=",
        "a: !!str x",
        "a: ! x",
        "a: !str:Mine x",
        "a: !map:X [1]",
        "a: !seq:X {b: 1}",
        "a: !str [1]",
        "a: !ruby/hash:X y",
        "!<tag:example.com,2000:x> a",
        "--- a\n--- b",
        "[" * 30_000,
        "{a: " * 30_000,
        "- " * 30_000,
        "[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1),
        f"[{'x,' * 400_001}]",
        f"[{'9' * 4301}]",
        f"[{'9' * 4301}.0]",
    ],
    ids=range(38),
)
def test_refused_at_once(text: str) -> None:
    began = time.process_time()
    with pytest.raises(BadAnswer):
        decode(text.encode())
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    "body", [b"\xff\xfea\x00", b"a: \xe9", b"\x00", b"%YAML 9.9\n--- a", b"<html>x: y</html>"]
)
def test_bytes_that_are_no_such_text(body: bytes) -> None:
    with contextlib.suppress(BadAnswer):
        assert decode(body) == {"<html>x": "y</html>"}


@given(st.text(alphabet="[]{}:,-!&*<>|?'\"#%@ \nab0.~\\é", max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadAnswer):
        decode(text.encode())


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(BadAnswer):
        decode(body)
