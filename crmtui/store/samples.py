"""Quick looks into the mirror for what a person may be typing: bounded, however many records there are."""

import sqlite3
from collections import Counter
from collections.abc import Iterator

from crmtui.model.record import Value, is_empty
from crmtui.model.schema import Field
from crmtui.model.value import canonical, text_of
from crmtui.store.body import decode
from crmtui.store.database import Database

_ROWS = 1000
"""Records in which values are looked for."""
_SCANNED = 10_000
"""Titles in which letters are looked for elsewhere than at the beginning."""
_LONGEST = 60
"""Characters of a text that can be chosen from a list."""
_LAST = "\U0010ffff"


class Samples:
    """What the records of one connection's mirror hold."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def _sql(self) -> sqlite3.Connection:
        return self._database.sql

    def titles(self, kind: str, text: str, limit: int) -> list[tuple[str, str]]:
        """(id, title) of records whose title begins with a text, then of some that contain it elsewhere."""
        found = self._sql.execute(
            "SELECT id, title FROM record WHERE kind=? AND title COLLATE NOCASE >= ?"
            " AND title COLLATE NOCASE < ? ORDER BY title COLLATE NOCASE LIMIT ?",
            (kind, text or "\x01", text + _LAST, limit),
        ).fetchall()
        if text and len(found) < limit:
            pattern = "".join(f"\\{c}" if c in "\\%_" else c for c in text)
            found += self._sql.execute(
                "SELECT id, title FROM (SELECT id, title FROM record WHERE kind=?"
                " ORDER BY title COLLATE NOCASE LIMIT ?) WHERE title LIKE ? ESCAPE '\\' LIMIT ?",
                (kind, _SCANNED, f"%_{pattern}%" if len(text) > 1 else f"% {pattern}%", limit),
            )
        return list(dict.fromkeys((id_, title) for id_, title in found))[:limit]

    def is_only(self, kind: str, title: str) -> bool:
        """Whether one record alone has that title, without regard to the case of plain letters."""
        rows = self._sql.execute(
            "SELECT 1 FROM record WHERE kind=? AND title=? COLLATE NOCASE LIMIT 2", (kind, title)
        )
        return len(rows.fetchall()) == 1

    def values(self, kind: str, field: Field) -> list[str]:
        """The short texts that a field has in some of the newest records, the commonest first."""
        rows = self._sql.execute(
            "SELECT body FROM record WHERE kind=? ORDER BY id DESC LIMIT ?", (kind, _ROWS)
        )
        read = (decode(body)["values"].get(field.name) for (body,) in rows)
        seen = Counter(text for value in read for text in _texts(field, value))
        return [text for text, _ in seen.most_common()]


def _texts(field: Field, raw: Value) -> Iterator[str]:
    """The texts in one value, those left out that are long or of several lines."""
    value = canonical(field, raw)
    for part in value if isinstance(value, list) else (value,):
        if is_empty(part) or isinstance(part, dict):
            continue
        text = text_of(part).strip()
        if text and len(text) <= _LONGEST and text.isprintable():
            yield text
