"""What was learnt of a service and changes seldom: schemas, choices, small facts, each with its age."""

import time
from typing import Any, TypeVar

import msgspec

from crmtui.model.schema import Choice, Schema
from crmtui.store.database import Database

T = TypeVar("T")
DAY = 86_400.0
"""Seconds after which schemas, choices and users are asked for again."""


class Known:
    """A connection's schemas, choices and facts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def schema(self, kind: str) -> Schema | None:
        """The fields of a kind as last read; `fetched_at` tells their age."""
        row = self._one("SELECT body FROM schema WHERE kind=?", kind)
        return _read(row, Schema)

    def keep_schema(self, schema: Schema) -> None:
        """Stores the fields of a kind."""
        self._write(
            "INSERT OR REPLACE INTO schema (kind, body, fetched_at) VALUES (?,?,?)",
            schema.kind,
            msgspec.json.encode(schema),
            schema.fetched_at,
        )

    def choices(self, kind: str, field: str, older: float = DAY) -> tuple[Choice, ...] | None:
        """A field's values, None where they were not read in the last `older` seconds."""
        row = self._one(
            "SELECT body FROM choices WHERE kind=? AND field=? AND fetched_at>?",
            kind,
            field,
            time.time() - older,
        )
        return _read(row, tuple[Choice, ...])

    def keep_choices(self, kind: str, field: str, choices: tuple[Choice, ...]) -> None:
        """Stores a field's values."""
        self._write(
            "INSERT OR REPLACE INTO choices (kind, field, body, fetched_at) VALUES (?,?,?,?)",
            kind,
            field,
            msgspec.json.encode(choices),
            time.time(),
        )

    def forget_choices(self, kind: str, field: str) -> None:
        """A field's values are asked for again when they are of use; till then the old ones stand."""
        self._write("UPDATE choices SET fetched_at=0 WHERE kind=? AND field=?", kind, field)

    def fact(self, name: str, type_: type[T], older: float = float("inf")) -> T | None:
        """A small fact, None where it was not learnt in the last `older` seconds."""
        row = self._one("SELECT body FROM fact WHERE name=? AND at>?", name, time.time() - older)
        return _read(row, type_)

    def keep_fact(self, name: str, value: Any) -> None:
        """Stores a small fact."""
        self._write(
            "INSERT OR REPLACE INTO fact (name, body, at) VALUES (?,?,?)",
            name,
            msgspec.json.encode(value),
            time.time(),
        )

    def holds_times(self, kind: str, field: str) -> bool:
        """Whether a moment was ever read in a field: a service may call that a date."""
        return self.fact(times_in(kind, field), bool) is True

    def _one(self, statement: str, *values: Any) -> Any:
        return self._database.sql.execute(statement, values).fetchone()

    def _write(self, statement: str, *values: Any) -> None:
        with self._database.write() as sql:
            sql.execute(statement, values)


def times_in(kind: str, field: str) -> str:
    """The name of the fact that moments were read in a field."""
    return f"times in {kind} {field}"


def _read(row: Any, type_: type[T]) -> T | None:
    """A stored value; one of another version counts as not known, for it can be asked for again."""
    if row is None:
        return None
    try:
        return msgspec.json.decode(row[0], type=type_)
    except msgspec.MsgspecError:
        return None
