"""A save that is several writes: a record's own edits, and those of its rows that are records themselves."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from crmtui.model.call import Call
from crmtui.model.errors import CrmError, Invalid
from crmtui.model.given import refused
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Field, Schema
from crmtui.model.value import text_of
from crmtui.model.write import Clash, Op, Write, changed, merge
from crmtui.workspace import row_mirror
from crmtui.workspace.desk import Desk
from crmtui.workspace.edits import NOT_YET
from crmtui.workspace.embedded_rows import changed_rows, keyed, known_before
from crmtui.workspace.named_rows import Rows, rows_in
from crmtui.workspace.saved import Clashed, Saved

NEW = "+"
"""Stands for the id of a row that is yet to be made."""


class RowEdit(msgspec.Struct, frozen=True):
    """What becomes of one row of a field: it is made (`id` is `+`), changed or removed."""

    field: Field
    op: Op
    id: str
    edits: Mapping[str, Value] = {}

    @property
    def name(self) -> str:
        """What the row is called: `FIELD.ID`."""
        return f"{self.field.name}.{self.id}"


class Unit(msgspec.Struct, frozen=True):
    """One of the writes; `name` is empty for the record's own; `now` is what it is compared with, if read."""

    name: str
    write: Write
    schema: Schema
    now: Record | None = None


Send: TypeAlias = Callable[[Unit], Awaitable[Saved]]


class Split:
    """What a person changes in one record and its rows, as the writes that it takes.

    A row that is a record of the kind that its field refers to is written by requests of its own; every
    other is a part of the record's own edits, which hold all rows of its field.
    """

    def __init__(
        self, desk: Desk, schema: Schema, edits: Mapping[str, Value], rows: Sequence[RowEdit]
    ) -> None:
        self._desk = desk
        self._schema = schema
        self._edits = edits
        self._rows = [row for row in rows if row.field.refers_to]
        self._own = [row for row in rows if not row.field.refers_to]

    def check(self, op: Op) -> None:
        """Raises `Invalid`, each field and each member named, for what the service would refuse anyway."""
        wrong: dict[str, str] = {}
        if op is Op.CREATE or self._edits or not (self._rows or self._own):
            wrong |= self._reasons(self._schema, op, {**self._filled(), **self._edits})
        for row in self._own:
            if row.field.embedded and row.op is not Op.DELETE:
                reasons = self._reasons(Schema(row.field.name, row.field.fields), row.op, row.edits)
                wrong |= {f"{row.name}.{name}": reason for name, reason in reasons.items()}
        if op is Op.CREATE:
            wrong |= refused(self._schema, {**self._filled(), **self._edits}, self._edits)
        for row in self._rows:
            if row.op is not Op.DELETE:
                edits = {**self._linked(row, NOT_YET), **row.edits}
                reasons = self._reasons(self._schema_of(row), row.op, edits)
                wrong |= {f"{row.name}.{name}": reason for name, reason in reasons.items()}
        _refuse(wrong)

    def check_against(self, now: Record | None) -> None:
        """Raises `Invalid` for the fields that a record cannot have, as far as it is known."""
        if now is not None:
            _refuse(refused(self._schema, {**self._filled(), **self._edits}, {**now.values, **self._edits}))

    def planned(self, op: Op, ref: Ref) -> list[Call]:
        """The requests as far as the mirrored copy tells what differs, the first look among them."""
        known = self._desk.account.mirror.get(ref) if ref.id else None
        self.check_against(known)
        calls: list[Call] = []
        if op is Op.EDIT:
            calls += self._desk.edits.look(ref, self._names)
        wanted = {**self._edits, **self._own_rows(known, sure=False)}
        own = changed(self._schema, known.values, wanted) if known else wanted
        if own or op is Op.CREATE:
            write = self._desk.edits.intent(op, ref, own)
            calls += self._desk.edits.calls(write, known, self._schema, looked=True)
        for row in self._rows:
            unit = self._row_unit(row, ref, known, {})
            edits = changed(unit.schema, unit.now.values, row.edits) if unit.now else unit.write.edits
            if row.op is not Op.EDIT or edits:
                write = msgspec.structs.replace(unit.write, edits=edits if unit.now else unit.write.edits)
                calls += self._desk.edits.calls(write, unit.now, unit.schema, looked=True)
        return calls

    async def create(self, ref: Ref, send: Send) -> Saved:
        """The record first, then its rows, which name it."""
        edits = {**self._edits, **self._own_rows(None)}
        saved = await send(Unit("", self._desk.edits.intent(Op.CREATE, ref, edits), self._schema))
        if saved.record is None or not self._rows:
            return saved
        self._begin_rows(saved.record)
        await self._send_all(saved.record.ref, self._units(saved.record.ref, None, {}), send, made=True)
        return self._as_it_is(saved)

    async def edit(
        self, ref: Ref, send: Send, known: Record | None = None, now: Record | None = None
    ) -> Saved:
        """What differs of the record, then its rows; where rows are changed it is looked at once before.

        `known`: the record that it is edited from, else the mirrored one; `now`: as it was read a moment
        ago, with all that is edited.
        """
        mirror = self._desk.account.mirror
        known = known or mirror.get(ref)
        self.check_against(now or known)
        base = {name: known.values[name] for name in self._edits if name in known.values} if known else {}
        edits = dict(self._edits)
        if self._own:
            # Whichever rows it has by now, these are changed and no others.
            now = await self._desk.edits.read(ref, self._names)
            self.check_against(now)
            edits |= (rows := self._own_rows(now, known))
            base |= {name: self._begun(name, now, known) for name in rows}
        own = Unit("", self._desk.edits.intent(Op.EDIT, ref, edits, base), self._schema, now)
        if not self._rows:
            return self._as_it_is(await send(own))
        bases = {row.id: copy for row in self._rows if (copy := mirror.get(self._ref(row)))}
        now = now if self._own and now else await self._desk.edits.read(ref, self._names)
        self._refuse_strangers(ref, now)
        units = self._units(ref, now, bases)
        if edits:
            units.insert(0, msgspec.structs.replace(own, now=now))
        done = await self._send_all(ref, units, send)
        record = next((saved.record for saved in done if saved.record and saved.record.ref == ref), now)
        return self._as_it_is(Saved(record, sent=any(saved.sent for saved in done)))

    # -- the writes

    def _units(self, ref: Ref, now: Record | None, bases: Mapping[str, Record]) -> list[Unit]:
        return [self._row_unit(row, ref, now, bases) for row in self._rows]

    def _row_unit(self, row: RowEdit, ref: Ref, now: Record | None, bases: Mapping[str, Record]) -> Unit:
        """The write of one row; `bases` are the rows as they were known before they were looked at."""
        schema = self._schema_of(row)
        of, intent = self._ref(row), self._desk.edits.intent
        if row.op is Op.CREATE:
            edits = {**self._linked(row, ref.id or NOT_YET), **row.edits}
            return Unit(row.name, intent(Op.CREATE, of, edits), schema)
        here = row_mirror.records(self._desk.account, row.field, now) if now else []
        record = next((each for each in here if each.ref == of), None)
        if row.op is Op.DELETE:
            return Unit(row.name, intent(Op.DELETE, of, {}, record.values if record else {}), schema, record)
        known = bases.get(row.id, record)
        base = {name: known.values[name] for name in row.edits if name in known.values} if known else {}
        return Unit(row.name, intent(Op.EDIT, of, row.edits, base), schema, record)

    async def _send_all(self, ref: Ref, units: list[Unit], send: Send, *, made: bool = False) -> list[Saved]:
        """One write after the other; the first that fails ends it, and what was done stays done."""
        # A conflict that can be seen beforehand comes first, so that it leaves nothing half done.
        units = sorted(units, key=lambda unit: not _clashes(unit))
        done: list[Saved] = []
        for at, unit in enumerate(units):
            try:
                done.append(await send(unit))
            except CrmError as error:
                told = [f"{ref} was made" if made else "", _listed("done and kept", units[:at])]
                told.append(_listed("not sent", units[at + 1 :]))
                words = "; ".join(part for part in told if part)
                raise _told(error, unit, words) from error
        return done

    # -- inner parts

    @property
    def _names(self) -> list[str]:
        """The fields of the record itself that matter."""
        return [*self._edits, *(row.field.name for row in (*self._own, *self._rows))]

    def _filled(self) -> dict[str, Value]:
        """The fields that get a row, as far as it matters that they do."""
        return {row.field.name: [dict(row.edits)] for row in self._own if row.op is not Op.DELETE}

    def _begun(self, name: str, now: Record | None, known: Record | None) -> Value:
        """The rows that edits of a field start from: those now there, the edited ones as they were known."""
        value = now.values.get(name) if now else None
        field = self._schema.field(name)
        if known is None or not field.embedded:
            return value
        return known_before(
            field, [r.id for r in self._own if r.field.name == name], known.values.get(name), value
        )

    def _own_rows(
        self, now: Record | None, known: Record | None = None, *, sure: bool = True
    ) -> dict[str, Value]:
        """The fields whose rows are no records of their own, with all rows that they are to have.

        `sure`: `now` is the record as it is, so that a row that it does not have is a mistake.
        """
        found: dict[str, Value] = {}
        wrong: dict[str, str] = {}
        for row in self._own:
            name = row.field.name
            value = found[name] if name in found else self._begun(name, now, known)
            rows = self._changed_rows(row, value)
            if rows is None and now is None and row.field.embedded and row.op is Op.EDIT:
                # The record is not mirrored: that there is the row is all that can be told of it.
                rows = [*map(dict, rows_in(value)), {"id": row.id, **row.edits}]
            if rows is None and sure:
                wrong[row.name] = f"is no row of it; {_ids(row.field, value)}"
            found[name] = value if rows is None else rows
        _refuse(wrong)
        return found

    def _changed_rows(self, row: RowEdit, value: Value) -> list[Value] | None:
        """All rows of a field after one of them was made, changed or removed; None where it has no such."""
        if row.field.embedded:
            return changed_rows(row.field, value, row.op, row.id, row.edits)
        rows: list[Value] = [dict(each) for each in rows_in(value)]
        id_ = text_of(row.edits.get("id")) if row.op is Op.CREATE else row.id
        at = next((at for at, each in enumerate(rows_in(value)) if text_of(each["id"]) == id_), None)
        if at is None:
            new = self._new_row(row, id_) if row.op is Op.CREATE else None
            return None if new is None else [*rows, new]
        if row.op is Op.DELETE:
            return [*rows[:at], *rows[at + 1 :]]
        return [*rows[:at], {**rows_in(value)[at], **row.edits}, *rows[at + 1 :]]

    def _new_row(self, row: RowEdit, id_: str) -> dict[str, Value]:
        naming = row.field.naming
        known = Rows(self._desk.account, naming, None).row(id_, "") if naming else {}
        return {**known, **row.edits}

    def _reasons(self, schema: Schema, op: Op, edits: Mapping[str, Value]) -> Mapping[str, str]:
        try:
            self._desk.edits.check(schema, op, edits)
        except Invalid as error:
            return error.fields
        return {}

    def _schema_of(self, row: RowEdit) -> Schema:
        return self._desk.schema(row.field.refers_to or "")

    def _linked(self, row: RowEdit, id_: str) -> dict[str, Value]:
        """What makes a new row one of this record."""
        if row.op is not Op.CREATE:
            return {}
        return {row_mirror.link(self._desk.account, row.field, self._schema.kind): id_}

    def _ref(self, row: RowEdit) -> Ref:
        return self._desk.account.ref(row.field.refers_to or "", "" if row.id == NEW else row.id)

    def _refuse_strangers(self, ref: Ref, now: Record) -> None:
        """A row that is not this record's is not written through it."""
        wrong: dict[str, str] = {}
        for row in self._rows:
            ids = [each.ref.id for each in row_mirror.records(self._desk.account, row.field, now)]
            if row.id not in (NEW, *ids):
                there = f"it has {', '.join(ids[:20])}" if ids else "it has none"
                wrong[row.name] = f"is no row of {ref}; {there}"
        _refuse(wrong)

    def _begin_rows(self, record: Record) -> None:
        """A record just made has no rows yet, whether or not the answer says so."""
        values: dict[str, Value] = {row.field.name: [] for row in self._rows}
        self._desk.account.mirror.upsert(
            [msgspec.structs.replace(record, values={**values, **record.values})]
        )

    def _as_it_is(self, saved: Saved) -> Saved:
        """What was saved with the rows that it has now: answers to writes leave them out."""
        mirrored = self._desk.record(saved.record.ref) if saved.record else None
        if saved.record is None or mirrored is None:
            return saved
        names = [field.name for field in row_mirror.rows_fields(self._desk.account, self._schema.kind)]
        rows = {name: mirrored.values[name] for name in names if name in mirrored.values}
        record = msgspec.structs.replace(saved.record, values={**saved.record.values, **rows})
        return msgspec.structs.replace(saved, record=record)


def _refuse(wrong: Mapping[str, str]) -> None:
    if wrong:
        named = "; ".join(f"{name} {reason}" for name, reason in wrong.items())
        raise Invalid(f"Nothing was sent: {named}.", wrong)


def _ids(field: Field, value: Value) -> str:
    ids = [*keyed(field, value)] if field.embedded else [text_of(row["id"]) for row in rows_in(value)]
    return f"it has {', '.join(ids[:20])}" if ids else "it has none"


def _clashes(unit: Unit) -> bool:
    return (
        unit.write.op is Op.EDIT
        and unit.now is not None
        and bool(merge(unit.schema, unit.write, unit.now)[1])
    )


def _listed(what: str, units: Sequence[Unit]) -> str:
    names = ", ".join(unit.name or "the record's own fields" for unit in units)
    return f"{what}: {names}" if names else ""


def _told(error: CrmError, unit: Unit, words: str) -> CrmError:
    """The error of one write, its row and members named, and what became of the others."""
    if unit.name:
        prefix = f"{unit.name}."
        if isinstance(error, Clashed):
            clashes = [Clash(prefix + c.field, c.original, c.mine, c.theirs) for c in error.clashes]
            error = Clashed(clashes, error.theirs)
        else:
            error.message = f"{unit.name}: {error.message}"
            if isinstance(error, Invalid):
                error.fields = {prefix + name: reason for name, reason in error.fields.items()}
    if words:
        error.message = f"{error.message} {words[0].upper()}{words[1:]}."
    return error
