"""Full-text search over everything that is mirrored: every change is indexed in its own transaction."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from crmtui.model import dates
from crmtui.model.record import Value
from crmtui.store.body import decode
from crmtui.store.words import Question, body_text, kind_word, plain

VERSION = 1
"""Of the way words are made: records that were indexed in another one are indexed anew."""
_BITS = 24
_NUMBER = (1 << _BITS) - 1
_NONE_YET = 1 << 62
_INSERT = "INSERT INTO word (rowid, kind, title, text) VALUES (?,?,?,?)"
_DELETE = "INSERT INTO word (word, rowid, kind, title, text) VALUES ('delete',?,?,?,?)"


class Words(msgspec.Struct, frozen=True):
    """What a record is found by; `row` orders it among the others, the newest last."""

    row: int
    kind: str
    title: str
    text: str


def words_of(
    number: int,
    kind: str,
    id_: str,
    title: str,
    stamp: str | None,
    values: Mapping[str, Value],
    labels: Mapping[str, str],
) -> Words:
    """The words of the record of a number."""
    row = (_second(stamp) << _BITS) | (number & _NUMBER)
    return Words(row, kind_word(kind), plain(title), body_text(id_, values, labels))


class Changes:
    """The words that one transaction takes away and puts in their place, by the record's number."""

    def __init__(self, waiting: int) -> None:
        """`waiting`: records up to this number are not in the index yet."""
        self._waiting = waiting
        self._old: dict[int, Words] = {}
        self._new: dict[int, Words] = {}

    def add(self, number: int, old: Words | None, new: Words | None) -> None:
        """A record had these words, None if it is new, and has those, None if it is gone."""
        if number <= self._waiting:
            return
        if old is not None and number not in self._new:
            self._old[number] = old
        self._new.pop(number, None)
        if new is not None:
            self._new[number] = new

    def write(self, sql: sqlite3.Connection) -> None:
        """Brings the index up to date."""
        same = {number for number, words in self._new.items() if self._old.get(number) == words}
        # Rising rows, because the index writes out what it has gathered whenever a row is less than the last.
        for statement, found in ((_DELETE, self._old), (_INSERT, self._new)):
            rows = sorted((w.row, w.kind, w.title, w.text) for n, w in found.items() if n not in same)
            sql.executemany(statement, rows)


def changes(sql: sqlite3.Connection) -> Changes:
    """Begins the changes of a transaction; of an index made in another way nothing can be taken away."""
    waiting, version = sql.execute("SELECT waiting, version FROM indexing").fetchone()
    return Changes(waiting if version == VERSION else _NONE_YET)


class Indexed(NamedTuple):
    """A record that was indexed late."""

    number: int
    kind: str
    title: str
    values: Mapping[str, Value]


def index_more(sql: sqlite3.Connection, most: int) -> tuple[Sequence[Indexed], bool]:
    """Indexes some of the records that are not, in the caller's transaction; whether there are more."""
    waiting, version = sql.execute("SELECT waiting, version FROM indexing").fetchone()
    if version != VERSION:
        sql.execute("INSERT INTO word (word) VALUES ('delete-all')")
        waiting = sql.execute("SELECT coalesce(max(number), 0) FROM record").fetchone()[0]
    rows = sql.execute(
        "SELECT number, kind, id, title, stamp, body FROM record"
        " WHERE number<=? ORDER BY number DESC LIMIT ?",
        (waiting, most),
    ).fetchall()
    done, found = Changes(0), []
    for number, kind, id_, title, stamp, body in rows:
        parts = decode(body)
        done.add(number, None, words_of(number, kind, id_, title, stamp, parts["values"], parts["labels"]))
        found.append(Indexed(number, kind, title, parts["values"]))
    done.write(sql)
    left = rows[-1][0] - 1 if len(rows) == most else 0
    sql.execute("UPDATE indexing SET waiting=?, version=?", (left, VERSION))
    return found, left > 0


def is_whole(sql: sqlite3.Connection) -> bool:
    """Whether every mirrored record is in the index."""
    waiting, version = sql.execute("SELECT waiting, version FROM indexing").fetchone()
    return (waiting, version) == (0, VERSION)


def find(sql: sqlite3.Connection, text: str, kind: str | None, limit: int | None) -> list[int]:
    """The numbers of the records that have all the words of a text, the last one perhaps only begun.

    The newest first; where enough was typed those first whose title begins with it, then those that
    have it in the title. `limit` None is all.
    """
    question = Question(text)
    if not question:
        return []
    most = -1 if limit is None else limit

    def rows(wish: str) -> list[int]:
        if kind is not None:
            wish = f'kind : "{kind_word(kind)}" AND {wish}'
        statement = "SELECT rowid FROM word WHERE word MATCH ? ORDER BY rowid DESC LIMIT ?"
        return [row & _NUMBER for (row,) in sql.execute(statement, (wish, most)).fetchall()]

    found: list[int] = []
    if question.is_ranked and (in_title := rows(question.in_title)):
        found = [*rows(question.begins_title), *in_title]
    if limit is None or len(set(found)) < limit:
        found += rows(question.anywhere)
    return list(dict.fromkeys(found))[:limit]


def count(sql: sqlite3.Connection, text: str, kind: str | None) -> int:
    """How many records a search finds in all."""
    question = Question(text)
    if not question:
        return 0
    wish = question.anywhere if kind is None else f'kind : "{kind_word(kind)}" AND {question.anywhere}'
    found: int = sql.execute("SELECT count(*) FROM word WHERE word MATCH ?", (wish,)).fetchone()[0]
    return found


def _second(stamp: str | None) -> int:
    """The second of a stamp, counted from the year 1; 0 where there is none."""
    if stamp is None:
        return 0
    try:
        moment = datetime.fromisoformat(stamp)
        moment = moment if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        span = dates.period(stamp)
        if span is None:
            return 0
        moment = span[0]
    return ((moment.toordinal() * 24 + moment.hour) * 60 + moment.minute) * 60 + moment.second
