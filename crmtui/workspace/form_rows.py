"""The editors of rows that are part of their record: one for each member of each row, and of a new row."""

from collections.abc import Callable, Iterator, Mapping

import msgspec

from crmtui.model.record import Value, is_empty
from crmtui.model.row_merge import Row, rows_of
from crmtui.model.schema import Field
from crmtui.model.value import check, id_of, same
from crmtui.workspace.embedded_rows import keyed
from crmtui.workspace.form_field import FormField
from crmtui.workspace.form_texts import text_for

NEW = "+"
"""Begins the name of a row that is yet to be made: `+`, `+2`, `+3`."""

Read = Callable[[str], Value]


def unfolds(field: Field, value: Value) -> bool:
    """Whether a form has editors for the rows of a field."""
    if not field.embedded:
        return False
    rows = value if isinstance(value, list) else []
    return (is_empty(value) or isinstance(value, list)) and all(isinstance(row, dict) for row in rows)


class FormRows:
    """The rows of one field. An editor is named `FIELD.ID.MEMBER`, one of a new row `FIELD.+.MEMBER`."""

    def __init__(self, field: Field, value: Value, fields: dict[str, FormField]) -> None:
        """`value` as it was read; the editors are added to `fields`."""
        self.field = field
        self._fields = fields
        self._members = (*field.mains, *field.sorts)
        self._read: Mapping[str, Row] = {}
        self._keys: list[str] = []
        self.build(value)

    def build(self, value: Value) -> None:
        """Editors for rows as they are now, and for a new one; what they held is gone."""
        for name in [*self._names()]:
            del self._fields[name]
        self._read, self._keys = keyed(self.field, value), []
        for key, row in self._read.items():
            self._add(key, row)
        self.grow()

    def begin(self, value: Value) -> None:
        """A new record begins with another's rows."""
        for row in rows_of(self.field, value):
            self._fill(self._keys[-1], row)
            for name in self._names(self._keys[-1]):
                each = self._fields[name]
                each.begun, each.source = each.text, row.get(_member(name))
            self.grow()

    @property
    def changed(self) -> bool:
        """Whether any of its editors holds something else than was read."""
        return any(self._fields[name].changed for name in self._names())

    def grow(self) -> None:
        """There is an empty new row at the end."""
        last = self._keys[-1] if self._keys else ""
        if not last.startswith(NEW) or any(self._fields[name].text for name in self._names(last)):
            self._add_new()

    # -- values

    def base(self) -> list[Value]:
        """The rows that the changes start from."""
        return [self._based(key) for key in self._read]

    def value(self, read: Read, wrong: dict[str, str]) -> list[Value]:
        """All rows as they are to be; `wrong` gets the reason for each editor whose text cannot be."""
        return [row for key in self._keys if (row := self._row(key, read, wrong)) is not None]

    def reason(self, name: str, value: Value) -> str:
        """Why one member cannot be written; empty if nothing speaks against it."""
        return check(self._fields[name].field, value) or ""

    def _row(self, key: str, read: Read, wrong: dict[str, str]) -> dict[str, Value] | None:
        names = [*self._names(key)]
        if not any(self._fields[name].changed for name in names):
            return self._based(key) if key in self._read else None
        mains = names[: len(self.field.mains)]
        if not any(self._fields[name].text.strip() for name in mains):
            if key not in self._read:
                wrong[mains[0]] = "is empty: fill it in, or clear what is beneath it"
            return None
        row = self._based(key) if key in self._read else {}
        for name, member in zip(names, self._members, strict=True):
            if self._fields[name].changed:
                try:
                    row[member.name] = read(name)
                except ValueError as error:
                    wrong[name] = str(error)
                    continue
            if member.required and is_empty(row.get(member.name)):
                wrong[name] = "is required"
            elif reason := check(member, row.get(member.name)):
                wrong[name] = reason
        return row if key in self._read else {n: value for n, value in row.items() if not is_empty(value)}

    def _based(self, key: str) -> dict[str, Value]:
        """A row as the editors were begun with it."""
        row = dict(self._read[key])
        for name in self._names(key):
            base, member = self._fields[name].base, _member(name)
            if member in row or not is_empty(base):
                row[member] = base
        return row

    # -- what is put in

    def put(self, value: Value) -> None:
        """The editors hold these rows, whatever was typed."""
        rows = {id_: row for row in rows_of(self.field, value) if (id_ := id_of(row))}
        for key in self._read:
            self._fill(key, rows.pop(key, {}) if id_of(self._read[key]) else self._read[key])
        for row in (*rows.values(), *(row for row in rows_of(self.field, value) if id_of(row) is None)):
            if all(row is not read for read in self._read.values()):
                self._fill(self._keys[-1], row)
                self.grow()

    def restore(self, texts: Mapping[str, str], bases: Mapping[str, Value]) -> list[str]:
        """Puts a draft's texts in; returns the editors whose rows are others by now, or gone.

        What was typed in a row that is gone stands in a new one.
        """
        moved: list[str] = []
        lost: dict[str, dict[str, str]] = {}
        for name, text in texts.items():
            key = self._key(name)
            while key.startswith(NEW) and self._made < _number(key):
                self._add_new()
            if (each := self._fields.get(name)) is None:
                lost.setdefault(key, {})[_member(name)] = text
                continue
            if name in bases:
                if text == text_for(each.field, bases[name]):
                    continue  # not typed: it tells what the row was
                if not same(each.field, each.base, bases[name]):
                    moved.append(name)
                each.start_from(bases[name])
            each.text = text
        self.grow()
        return moved + [name for held in lost.values() for name in self._kept(held)]

    def _kept(self, texts: Mapping[str, str]) -> list[str]:
        """The first editor of the new row that holds what was typed in one that is gone."""
        key = self._keys[-1]
        if any(texts.get(member.name, "").strip() for member in self.field.mains):
            for name in self._names(key):
                self._fields[name].text = texts.get(_member(name), "")
            self.grow()
        return [next(self._names(key))]

    def beside(self, name: str) -> Iterator[str]:
        """All editors of a row."""
        return self._names(self._key(name))

    def place(self, reason_of: str) -> str:
        """The editor that a refusal means: the one it names, else the first changed one of that member."""
        if reason_of in self._fields:
            return reason_of
        names = [*self._names()]
        changed = [name for name in names if self._fields[name].changed]
        member = _member(reason_of)
        alike = [name for name in changed or names if _member(name) == member]
        return (alike or changed or names)[0]

    # -- inner parts

    def _names(self, key: str | None = None) -> Iterator[str]:
        for each in self._keys if key is None else (key,):
            for member in self._members:
                yield f"{self.field.name}.{each}.{member.name}"

    def _key(self, name: str) -> str:
        return name[len(self.field.name) + 1 :].rpartition(".")[0]

    def _fill(self, key: str, row: Row) -> None:
        for name in self._names(key):
            each = self._fields[name]
            each.text, each.error = text_for(each.field, row.get(_member(name))), ""

    @property
    def _made(self) -> int:
        return sum(key.startswith(NEW) for key in self._keys)

    def _add_new(self) -> None:
        self._add(f"{NEW}{self._made + 1}" if self._made else NEW, {})

    def _add(self, key: str, row: Row) -> None:
        self._keys.append(key)
        new = key.startswith(NEW)
        # A row of one main member goes when that is emptied; nobody has to fill it in.
        several = not new and len(self.field.mains) > 1
        for member, name in zip(self._members, self._names(key), strict=True):
            first = member is self._members[0]
            about = msgspec.structs.replace(
                member, name=f"{self.field.name}.{member.name}", required=member.required and several
            )
            base = row.get(member.name)
            text = text_for(about, base)
            label = f"{'+ ' if new and first else '' if first else '  '}{member.title}"
            self._fields[name] = FormField(
                about,
                self.field.title,
                base,
                text,
                base,
                text,
                text,
                label=label,
                rows=self.field.name,
                editor=name,
            )


def _member(name: str) -> str:
    return name.rpartition(".")[2]


def _number(key: str) -> int:
    """Which of the new rows it is, from 1; no draft has more than a few."""
    digits = key[len(NEW) :][:2]
    return int(digits) if digits.isascii() and digits.isdigit() else 1
