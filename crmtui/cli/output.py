"""What a command prints: one format for a run, every digit of a number, nothing cut without a sign."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec

from crmtui.cli.terminal import is_terminal
from crmtui.model.errors import UsageError
from crmtui.model.value import text_of

Json: TypeAlias = Mapping[str, Any]

_encode = msgspec.json.Encoder(decimal_format="number").encode
_CSV_SPECIAL = re.compile('[",\r\n]|^ | $')
# YAML 1.1 and 1.2 differ in what a bare number is, so that a text like 1e3 must not stand bare.
_YAML_NUMBER = re.compile(r"[-+]?(?:[0-9][0-9_,.:]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|0[xob][0-9a-fA-F_]+")
# Many readers take these for ends of lines too, and a line is to hold one object.
_LINE_ENDS = (0x85, 0x2028, 0x2029)
# JSON leaves these as they are, and a terminal acts on them.
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), *_LINE_ENDS)}
_HARMLESS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
"""What a person sees of control characters."""


class Format(StrEnum):
    """How a command prints."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    YAML = "yaml"

    @classmethod
    def chosen(cls, word: str | None) -> "Format":
        """The format of that name; without one a table for people and lines for programs."""
        if word is not None:
            return cls(word)
        return cls.TABLE if is_terminal(sys.stdout) else cls.JSONL


class Grid(msgspec.Struct, frozen=True):
    """Columns and rows, for the formats that have those."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def print_said(format_: Format, said: Json | Sequence[Json], grid: Callable[[], Grid] | None = None) -> None:
    """Prints one object or an array of them; `grid` gives their cells where those are not their members."""
    write(rendered(format_, said, grid))


def rendered(format_: Format, said: Json | Sequence[Json], grid: Callable[[], Grid] | None = None) -> str:
    """One object or an array of them as text."""
    rows = [said] if isinstance(said, Mapping) else said
    match format_:
        case Format.JSON:
            return msgspec.json.format(_encode(said), indent=2).decode().translate(_ESCAPED) + "\n"
        case Format.JSONL:
            return "".join(_encode(row).decode().translate(_ESCAPED) + "\n" for row in rows)
        case Format.YAML:
            return _yaml(said)
        case Format.CSV:
            return as_csv(grid() if grid else members(rows))
        case Format.TABLE:
            from crmtui.cli.table import as_table

            return as_table(grid() if grid else members(rows))


def members(rows: Sequence[Json], columns: Sequence[str] = ()) -> Grid:
    """The members of objects as cells."""
    names = columns or (list(rows[0]) if rows else [])
    return Grid(names, [[row.get(name) for name in names] for row in rows])


def as_csv(grid: Grid) -> str:
    """Comma-separated lines in which no cell is changed."""
    lines = (grid.columns, *(map(text_of, row) for row in grid.rows))
    return "".join(",".join(map(_csv_cell, line)) + "\n" for line in lines)


def write(text: str) -> None:
    """Writes to stdout in UTF-8, whatever the locale says: what is printed is data."""
    if sys.stdout is None:
        return
    try:
        if is_terminal(sys.stdout):
            shown = text.translate(_HARMLESS)
            sys.stdout.write(shown.encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding))
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"The output could not be written: {error.strerror}.") from error


def _csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _CSV_SPECIAL.search(text) else text


def _yaml(said: Any) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes values in full each time, and numbers with all their digits."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def number(dumper: Dumper, value: Decimal) -> yaml.Node:
        return dumper.represent_scalar("tag:yaml.org,2002:float", _yaml_number(value))

    def text(dumper: Dumper, value: str) -> yaml.Node:
        # Quoted in double quotes the odd ends of lines are escaped; elsewhere they would be folded away.
        style = '"' if any(chr(code) in value for code in _LINE_ENDS) else None
        style = "'" if _YAML_NUMBER.fullmatch(value) else style
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(Decimal, number)
    Dumper.add_representer(str, text)
    plain = dict(said) if isinstance(said, Mapping) else [dict(row) for row in said]
    return str(yaml.dump(plain, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=1_000_000))


def _yaml_number(value: Decimal) -> str:
    """A number as YAML 1.1 knows one: with a point, and a sign before the exponent."""
    mantissa, exponent, power = str(value).partition("E")
    return (mantissa if "." in mantissa else f"{mantissa}.0") + exponent + power
