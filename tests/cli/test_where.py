"""The filter language on the command line, case by case, on six mirrored records of 2026-11-22."""

from collections.abc import Callable
from datetime import date

import pytest

from crmtui.cli import records
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Field, FieldType, Schema
from crmtui.paths import connection_dir
from crmtui.store.database import open_mirror
from crmtui.store.known import Known
from crmtui.store.mirror import Mirror
from tests.cli.conftest import Program, configure

NAMES = ("name", "type", "value", "closedate", "modified", "active", "county/state", "note")
ROWS: tuple[tuple[str | int | float | bool | None, ...], ...] = (
    ("Acme Ltd", "Customer", 1000, "2026-11-22", "2026-11-22T09:30:00", True, "Kent", ""),
    ("ACME GmbH", "Prospect", "250.5", "2026-11-15", "2026-11-21T23:59:59", False, "North Yorkshire", "a|b"),
    ("Müller & Söhne", "Customer", None, None, "2026-11-22T00:00:00", True, "", "today"),
    ("株式会社アクメ", None, 0, "2025-11-22", "2024-02-29T12:00:00", None, None, 'said "yes"'),
    ("Bar..Baz (Foo)", "Health & Care", -5, "2026-12-06", "2026-11-23T00:00:00", False, "Kent", "1..2"),
    ("", "", "1000.0", "2026-11-21", None, True, "kent", None),
)
TYPES = {
    "type": FieldType.CHOICE,
    "value": FieldType.DECIMAL,
    "closedate": FieldType.DATE,
    "modified": FieldType.DATETIME,
    "active": FieldType.BOOLEAN,
}

CASES = {
    "type=Customer": "1 3",
    "type=customer": "1 3",
    "type=Customer|Prospect": "1 2 3",
    "type!=Customer": "2 4 5 6",
    "type!=Customer|Prospect": "4 5 6",
    "type=": "4 6",
    "type!=": "1 2 3 5",
    "not(type=Customer)": "2 4 5 6",
    "type=Health & Care": "5",
    '(type="Health & Care" or name~acme)': "1 2 5",
    "(type=Customer value>500)": "1",
    "(type=Customer value>500 or id<3)": "1 2",
    "name~acme": "1 2",
    "name^=acme": "1 2",
    "name$=ltd": "1",
    "name~müller": "3",
    "name~アクメ": "4",
    "name=Bar..Baz (Foo)": "5",
    'name="Bar..Baz (Foo)"': "5",
    "name~(Foo)": "5",
    'note="a|b"': "2",
    "note=a|b": "",
    'note="today"': "3",
    "note=today": "3",
    'note="1..2"': "5",
    'note="said \\"yes\\""': "4",
    "value>0": "1 2 6",
    "value>=1000": "1 6",
    "value<0": "5",
    "value<=0": "4 5",
    "value=0..1000": "1 2 4 6",
    "value=1000": "1 6",
    "value=1000|-5": "1 5 6",
    "value=": "3",
    "not(value>0)": "3 4 5",
    "value!=1000": "2 3 4 5",
    "closedate=today": "1",
    "closedate<today": "2 4 6",
    "closedate>=-7d": "1 2 5 6",
    "closedate=-1y": "4",
    "closedate=today..+2w": "1 5",
    "closedate>2026-11-22": "5",
    "modified=2026-11-22": "1 3",
    "modified>2026-11-22": "5",
    "modified<=2026-11-21": "2 4",
    "modified>=today": "1 3 5",
    "modified=-1d..today": "1 2 3",
    "active=true": "1 3 6",
    "active!=yes": "2 4 5",
    "active=": "4",
    '"county/state"=kent': "1 5 6",
    "county/state=Kent": "1 5 6",
    "not(county/state=Kent type=Customer)": "2 3 4 5 6",
    "(not(type=Customer) value>0)": "2 6",
}
SENSELESS = (
    "value>abc",
    "type=|Customer",
    "value=..5",
    "name>a",
    "nosuch=1",
    "type",
    "(type=a or",
    "name>",
)


@pytest.fixture
def six(program: Program, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The ids that arguments find among the six."""
    configure("http://127.0.0.1:9", "kinds: [things]")
    monkeypatch.setattr(records, "today", lambda: date(2026, 11, 22))
    database = open_mirror(connection_dir("acme") / "mirror.db")
    fields = tuple(Field(name, type=TYPES.get(name, FieldType.TEXT)) for name in NAMES)
    Known(database).keep_schema(Schema("things", fields, 4e9))
    Known(database).keep_fact("total of things", 6)
    rows: list[dict[str, Value]] = [dict(zip(NAMES, row, strict=True)) for row in ROWS]  # type: ignore[arg-type]
    Mirror(database, "acme").upsert(
        Record(Ref("acme", "things", str(number)), str(number), values, fetched_at=1.0)
        for number, values in enumerate(rows, 1)
    )
    database.close()

    def found(*arguments: str) -> str:
        ran = program("list", "acme/things", *arguments, "--offline")
        return " ".join(line["id"] for line in ran.lines) if ran.code == 0 else f"exit {ran.code}"

    return found


def test_every_case(six: Callable[..., str]) -> None:
    assert {argument: six(argument) for argument in CASES} == CASES


def test_what_makes_no_sense(six: Callable[..., str]) -> None:
    assert {argument: six(argument) for argument in SENSELESS} == dict.fromkeys(SENSELESS, "exit 2")


def test_arguments_must_all_hold(six: Callable[..., str]) -> None:
    assert six("type=Customer", "value>0") == "1"
