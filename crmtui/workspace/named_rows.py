"""Rows that name records of other kinds, each with a note: told by names, typed by names, kept as rows."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.schema import Field, Naming, Schema
from crmtui.model.text import clean
from crmtui.model.value import text_of
from crmtui.workspace.account import Account

_PARTS = ";"


class Named(msgspec.Struct, frozen=True):
    """One row: `ref` is None where its kind is none of those known here."""

    id: str
    name: str
    note: str
    ref: Ref | None


def fields_of(schema: Schema) -> list[tuple[Field, Naming]]:
    """The fields of a kind whose rows name records."""
    return [(field, field.naming) for field in schema.fields if field.naming is not None]


def rows_in(value: Value) -> list[Mapping[str, Value]]:
    """The rows of a value that name a record."""
    rows = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, dict) and text_of(row.get("id"))]


def named_in(account: Account, naming: Naming, value: Value) -> list[Named]:
    """The rows of a value with what their records are called, as the row or the mirror tells."""
    found: list[Named] = []
    for row in rows_in(value):
        id_, kind = text_of(row["id"]), dict(naming.kinds).get(text_of(row.get(naming.by)))
        ref = account.ref(kind, id_) if kind else None
        titles = account.mirror.titles(kind, {id_}) if kind else {}
        name = clean(text_of(row.get(naming.name)) or titles.get(id_, "")) or id_
        found.append(Named(id_, name, clean(text_of(row.get(naming.note))), ref))
    return found


def told(account: Account, naming: Naming, value: Value) -> str:
    """Rows as people read them: `Acme Ltd (employer); Ann Lee`."""
    return "; ".join(_told(each.name, each.note) for each in named_in(account, naming, value))


def as_text(naming: Naming, value: Value) -> str:
    """Rows as an editor keeps them: `10960104 (employer); 479038`."""
    return "; ".join(_told(text_of(row["id"]), text_of(row.get(naming.note))) for row in rows_in(value))


class Rows:
    """What texts mean as rows of one field, some of which a record has already."""

    def __init__(self, account: Account, naming: Naming, value: Value) -> None:
        self._account = account
        self._naming = naming
        self._own = {text_of(row["id"]): row for row in rows_in(value)}
        self._names = {each.id: each.name for each in named_in(account, naming, value)}

    def told(self, text: str) -> str:
        """An editor's text with names in the place of ids."""
        shown: list[str] = []
        for part in _parts(text):
            id_, _, note = part.partition(" (")
            shown.append(f"{self._name(id_)}{' (' if note else ''}{note}")
        return "; ".join(shown)

    def like(self, typed: str, most: int) -> list[tuple[str, str]]:
        """(id, name) of mirrored records that a text could be the beginning of a name of."""
        found: list[tuple[str, str]] = []
        for kind in self._kinds:
            found += self._account.mirror.like(kind, typed, most)
        start = typed.casefold()
        return sorted(found, key=lambda pair: not pair[1].casefold().startswith(start))[:most]

    def meant(self, text: str) -> list[Value]:
        """The rows that names, ids and notes mean; a `ValueError` is one clause why a text means none."""
        rows: dict[str, Value] = {}
        for part in _parts(text):
            id_, note = self._split(part)
            rows[id_] = self.row(id_, note)
        return [*rows.values()]

    def row(self, id_: str, note: str) -> dict[str, Value]:
        """The row of a record, as it is where its note is the same."""
        row = dict(self._own.get(id_) or self._new(id_))
        if self._naming.note and _flat(text_of(row.get(self._naming.note))) != _flat(note):
            row[self._naming.note] = note or None
        return row

    def id_of(self, who: str) -> str | None:
        """The id meant by an id or a name; None where nothing here is called so."""
        if who.isascii() and who.isdigit():
            return who
        wanted = _flat(who).casefold()
        found = {id_ for id_, name in self._names.items() if _flat(name).casefold() == wanted}
        if not found:
            found = {id_ for kind in self._kinds for id_, _ in self._account.mirror.titled(kind, who)}
        if len(found) > 1:
            raise ValueError(f'fits several: "{who}" is the name of {", ".join(sorted(found))}; write the id')
        return next(iter(found), None)

    # -- inner parts

    @property
    def _kinds(self) -> Sequence[str]:
        return [kind for _, kind in self._naming.kinds]

    def _name(self, id_: str) -> str:
        if id_ not in self._names:
            kind_titles = (self._account.mirror.titles(kind, {id_}).get(id_) for kind in self._kinds)
            self._names[id_] = next((clean(title) for title in kind_titles if title), id_)
        return _flat(self._names[id_])

    def _new(self, id_: str) -> dict[str, Value]:
        row: dict[str, Value] = {"id": id_, self._naming.name: None, self._naming.by: None}
        for word, kind in self._naming.kinds:
            if title := self._account.mirror.titles(kind, {id_}).get(id_):
                row |= {self._naming.name: title, self._naming.by: word}
        return row | {self._naming.note: None} if self._naming.note else row

    def _split(self, part: str) -> tuple[str, str]:
        """The id and the note in one part; a name may have brackets too."""
        for who, note in _readings(part) if self._naming.note else [(part, "")]:
            if id_ := self.id_of(who):
                return id_, note
        raise ValueError(f'names no record known here: "{part}"; choose from the list, or type its id')


def pointed(account: Account, schema: Schema, record: Record) -> list[tuple[Field, Named]]:
    """The rows of a record that lead to a record of a known kind."""
    return [
        (field, each)
        for field, naming in fields_of(schema)
        for each in named_in(account, naming, record.values.get(field.name))
        if each.ref is not None
    ]


def _readings(part: str) -> Iterator[tuple[str, str]]:
    """Who a part may name, and with which note: the longest name first."""
    yield part, ""
    at = part.rfind(" (") if part.endswith(")") else -1
    while at > 0:
        yield part[:at].strip(), part[at + 2 : -1].strip()
        at = part.rfind(" (", 0, at)


def _parts(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split(_PARTS)) if part]


def _told(who: str, note: str) -> str:
    return f"{_flat(who)} ({_flat(note)})" if not is_empty(note) else _flat(who)


def _flat(text: str) -> str:
    """A text on one line without the sign that parts several."""
    return clean(text).replace(_PARTS, ",").strip()
