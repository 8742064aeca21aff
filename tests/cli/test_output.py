"""The formats: every digit, every character, nothing cut without a sign."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crmtui.cli import output
from crmtui.cli.output import Format, Grid, as_csv, print_said, rendered
from crmtui.cli.table import as_table

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.one_of(st.integers(), st.decimals(allow_nan=False, allow_infinity=False))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
objects = st.dictionaries(texts, values, max_size=4)


@given(st.lists(objects, max_size=3))
def test_every_format_of_objects_says_the_same(said: list[dict[str, Any]]) -> None:
    assert json.loads(rendered(Format.JSON, said)) == said
    assert [json.loads(line) for line in rendered(Format.JSONL, said).splitlines()] == said
    assert yaml.safe_load(rendered(Format.YAML, said)) == said


@given(st.lists(numbers, max_size=5))
def test_numbers_keep_all_their_digits(amounts: list[int | Decimal]) -> None:
    for text in (rendered(Format.JSON, {"n": amounts}), rendered(Format.JSONL, {"n": amounts})):
        found = json.loads(text, parse_float=Decimal)["n"]
        assert [Decimal(n) for n in found] == [Decimal(n) for n in amounts]
    found = yaml.load(rendered(Format.YAML, {"n": amounts}), yaml.BaseLoader)["n"]
    assert [Decimal(n) for n in found] == [Decimal(n) for n in amounts]
    assert all(isinstance(n, int | float) for n in yaml.safe_load(rendered(Format.YAML, {"n": amounts}))["n"])


@pytest.mark.parametrize("text", ["1e3", "0o17", "1_000", "12:30", "no", "2026-01-01", "", "=", "1.5", "~"])
def test_texts_that_look_like_something_else_are_quoted_in_yaml(text: str) -> None:
    assert rendered(Format.YAML, {"t": text}).strip()[3] in "'\""
    assert yaml.safe_load(rendered(Format.YAML, {"t": text})) == {"t": text}


@given(st.lists(st.lists(texts, min_size=2, max_size=2), max_size=4))
def test_no_cell_is_changed_in_csv(rows: list[list[str]]) -> None:
    text = as_csv(Grid(["a", "b"], rows))
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [["a", "b"], *rows]


def test_cells_of_csv() -> None:
    grid = Grid(["a", "b", "c", "d"], [[None, True, Decimal("1.50"), ["x", "y"]], ["=1+1", "", 0, []]])
    assert as_csv(grid) == "a,b,c,d\n,true,1.50,x;y\n=1+1,,0,\n"


def test_a_table_is_aligned_by_cells() -> None:
    grid = Grid(["id", "name", "n"], [["1", "株式会社", 5], ["22", "ab\ncd\x1b[2J", 1234]])
    assert as_table(grid) == "id  name          n\n1   株式会社      5\n22  ab cd␛[2J  1234\n"


def test_a_table_is_cut_to_a_terminal_visibly() -> None:
    grid = Grid(["id", "name"], [["12345678", "x" * 50], ["1", "株" * 30]])
    lines = as_table(grid, 40).splitlines()
    assert lines[1] == "12345678  " + "x" * 29 + "…"
    assert lines[2].endswith("…")
    assert as_table(grid).splitlines()[1].endswith("x" * 50)


def test_an_empty_table() -> None:
    assert as_table(Grid([], [])) == "\n" or as_table(Grid(["a"], [])) == "a\n"


def test_a_terminal_is_shown_control_characters_and_does_not_act_on_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "is_terminal", lambda *streams: True)
    said = [{"name": "a\x9b31m\x7f\x1b]52;c;x\x07b"}]
    for format_ in Format:
        print_said(format_, said)
        shown = capsys.readouterr().out
        assert not [sign for sign in shown if not sign.isprintable() and sign != "\n"], format_
        assert "31m" in shown
